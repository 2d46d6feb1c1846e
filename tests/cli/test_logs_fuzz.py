"""Logs that were spoilt by chance: whatever comes of them, it is an answer or one of the package's own errors.

A thousand of each kind, in process; `CNNBOOK_FUZZ=20000` for more.
"""

import json
import os
import random
import struct
import sys
from pathlib import Path

import pytest
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c

from cnnbook.cli import diagnose
from cnnbook.cli.logs import curves, read_log
from cnnbook.errors import CnnbookError

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import log_formats

MANY = int(os.environ.get("CNNBOOK_FUZZ", 1000))
CURVES = {
    "train_loss": [(step, 2.3 * 0.8**step) for step in range(12)],
    "val_loss": [(step, 2.2 * 0.9**step + 0.02 * step) for step in range(12)],
    "val_accuracy": [(step, 0.8 - 0.7 * 0.8**step) for step in range(12)],
}
WORDS = (
    "nan",
    "-inf",
    "1e308",
    "9" * 400,
    '"',
    ",",
    ";",
    "\n",
    "\t",
    "#",
    "{}",
    "[",
    "null",
    "\0",
    "é",
    "%",
    "_1",
    "- ",
    "",
)
KINDS = {
    "table": [log_formats.lightning, log_formats.keras, log_formats.semicolon, log_formats.tabs, log_formats.mlflow],
    "json": [log_formats.huggingface, log_formats.lines],
    "events": [log_formats.events, log_formats.tensors],
}


def spoilt(data: bytes, draw: random.Random, seals: bool) -> bytes:
    """Some bytes changed, taken away, doubled or put in; of event files the checksums are often mended afterwards."""
    data = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 5))):
        at = draw.randrange(len(data) + 1)
        match draw.randrange(6):
            case 0 if at < len(data):
                data[at] ^= 1 << draw.randrange(8)
            case 1:
                del data[at : at + draw.choice((1, 3, 40))]
            case 2:
                data[at:at] = draw.choice(WORDS).encode()
            case 3:
                data[at : at + 4] = draw.choice(WORDS).encode()
            case 4:
                data[at:at] = data[max(at - draw.choice((9, 60)), 0) : at]
            case 5:
                data[at:at] = draw.randbytes(draw.choice((1, 8)))
    return sealed(bytes(data)) if seals and draw.random() < 0.6 else bytes(data)


def sealed(data: bytes) -> bytes:
    """The records of an event file with right checksums, as far as there are any."""
    out, at = b"", 0
    while at + 12 <= len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        body = data[at + 12 : at + 12 + min(length, 200)]
        head = struct.pack("<Q", len(body))
        out += head + struct.pack("<I", masked_crc32c(head)) + body + struct.pack("<I", masked_crc32c(body))
        at += 16 + len(body)
    return out


@pytest.mark.parametrize("kind", KINDS)
def test_a_spoilt_log_is_answered_or_refused_in_the_packages_own_words(kind, tmp_path):
    draw, answered = random.Random(kind), 0
    whole = [write(CURVES) for write in KINDS[kind]]
    for number in range(MANY):
        name, data = draw.choice(whole)
        path = tmp_path / name
        data = spoilt(data, draw, seals=kind == "events")
        path.write_bytes(data)
        classes = draw.choice((None, 10))
        try:
            log = read_log(path)
            reading = curves(log, None, None, classes)
            found = diagnose.judged(log, reading)
            lines = diagnose.lines(log, reading, found)
            json.dumps([found.reasons, found.remarks])
            assert found.reasons and all(len(line.plain.splitlines()) <= 1 for line in lines)
            answered += 1
        except CnnbookError as error:
            assert len(str(error).splitlines()) == 1, (number, str(error))
        except Exception as error:
            pytest.fail(f"{kind} {number}: {error!r} from {data!r}")
    assert MANY // 20 < answered < MANY
