"""An answer is stopped by what it computes, and by the clock where it waits."""

import sys
import time

import pytest

from cnnbook.exercises.limits import TimeUp, limited

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals as on POSIX")


def test_what_computes_without_end_is_stopped():
    start = time.process_time()
    with pytest.raises(TimeUp), limited(0.2):
        while True:
            pass
    assert 0.1 < time.process_time() - start < 2


def test_what_waits_without_end_is_stopped():
    with pytest.raises(TimeUp), limited(0.1):
        time.sleep(30)


def test_what_a_busy_machine_makes_slow_is_not_stopped():
    """It computes little, and waits longer than it may compute."""
    with limited(0.2):
        time.sleep(0.3)


def test_the_limit_ends_with_what_is_inside():
    with limited(0.05):
        pass
    time.sleep(0.3)
