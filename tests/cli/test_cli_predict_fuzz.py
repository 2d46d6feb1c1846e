"""Damaged pictures and recordings: an answer or one line each, whatever was damaged, and never much memory.

CNNBOOK_FUZZ=20000 tries as many of each kind; else it is some hundreds, a thousand at night, always the same.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from effort import thorough

COUNT = int(os.environ.get("CNNBOOK_FUZZ", thorough("1000", "350")))
KINDS = {"image": ["PNG", "JPEG", "GIF", "WEBP", "TIFF", "AVIF", "BMP"], "speech": ["WAV", "FLAC", "OGG", "MP3"]}


@pytest.mark.skipif(sys.platform != "linux", reason="the bounds on memory are Linux's")
@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_are_answered_or_refused_in_one_line(kind):
    script = Path(__file__).with_name("fuzz_predict.py")
    done = subprocess.run([sys.executable, str(script), kind, str(COUNT), "0"], capture_output=True, text=True)
    tried = done.stderr.splitlines()
    assert done.returncode == 0, f"the process ended at {tried[-3:]}"  # a line a file: the last is that which did it
    assert not [line for line in tried if not re.fullmatch(r"[A-Z0-9]+ 0 \d+", line)], "a library wrote by itself"
    told = json.loads(done.stdout)
    assert told["odd_count"] == 0, told["odd"][:5]
    assert len(tried) == COUNT and told["grown"] < 2**30, told["grown"]
    for name in KINDS[kind]:
        answered, refused = (told["found"].get(f"{name} {word}", 0) for word in ("answered", "refused"))
        assert answered + refused >= COUNT // len(KINDS[kind]) and min(answered, refused) > 0, (name, told["found"])
