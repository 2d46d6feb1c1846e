"""A time limit on code in this process."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Generator
from types import FrameType


class TimeUp(BaseException):
    """The time is up. No ``Exception``, so that an ``except Exception`` of the code in question does not stop it."""


@contextlib.contextmanager
def limited(seconds: float) -> Generator[None]:
    """Run what is inside for at most so long.

    Elsewhere than in the main thread of a Unix process, where no signal can stop it, it runs as long as it likes.

    Raises:
        TimeUp: The time is up. It comes again every second, lest a bare ``except`` keep it.

    Examples:
        >>> with limited(0.01):
        ...     while True:
        ...         pass
        Traceback (most recent call last):
        cnnbook.exercises.limits.TimeUp
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _stop(number: int, frame: FrameType | None) -> None:
    raise TimeUp
