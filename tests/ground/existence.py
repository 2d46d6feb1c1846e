"""Whether a process that tests have started is still there."""

import contextlib

import psutil


def runs(number: int) -> bool:
    """Whether the process of a number does; one that has ended and was not asked how does not."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    return False
