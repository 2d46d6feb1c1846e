"""What all tests share: the tools on the path, one thread, and a Chromium for those that drive one."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests/book")]

from effort import THOROUGH  # noqa: E402

import chromium  # noqa: E402

# Tensors of tests are small: further threads only wait for each other, and wait by computing, so that the sessions of
# `make test`, which share the cores, took three times as long. Set before torch is imported, for this process and those
# that it starts; tests of what threads change set their number themselves. A thorough run has the machine's own.
if not THOROUGH:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# What an example may take is not asked: where sessions share the cores, a first call took 332 ms and a second one 1.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")

# Whatever asks for another host gets no answer, and shows as a failed request.
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    path = chromium.find()
    if not path:
        pytest.fail(chromium.MISSING, pytrace=False)
    return {**browser_type_launch_args, "executable_path": path, "args": [*chromium.flags(), OFFLINE]}
