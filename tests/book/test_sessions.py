"""The sessions of tools/test.py know what looks at the built site by its fixtures."""

import os
import subprocess
import sys

import pytest

import test as sessions
from manuscript import ROOT

FILES = [sessions.PAGES, "tests/book/test_sync.py", "tests/book/test_claims_browser.py"]


@pytest.mark.parametrize("chosen, files", [("site", {FILES[0], FILES[2]}), ("not site", {FILES[1]})])
def test_what_looks_at_the_site_is_marked(chosen, files):
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "-m", chosen, *FILES]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", env=environment)
    assert {line.partition("::")[0] for line in done.stdout.splitlines() if "::" in line} == files, done.stderr
