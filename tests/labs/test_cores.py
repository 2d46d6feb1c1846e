"""The numerics of the interactive figures, in Node: tests/labs/*.test.mjs."""

import re
import subprocess

import pytest

import node
from manuscript import ROOT


def test_the_numerics_of_the_figures():
    program = node.find()
    if not program:
        pytest.fail(node.MISSING, pytrace=False)
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests/labs").glob("*.test.mjs"))
    done = subprocess.run([program, "--test", "--test-reporter=tap", *files], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"^# pass (\d+)$", done.stdout, re.M)[1]) >= 7  # a run of no tests passes as well
