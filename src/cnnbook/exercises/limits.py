"""A time limit on code in this process: on the time it computes, so that a busy machine fails no right answer."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Generator
from types import FrameType

PATIENCE = 3  # times as long may pass by the clock, for code that waits


class TimeUp(BaseException):
    """The time is up. No ``Exception``, so that an ``except Exception`` of the code in question does not stop it."""


@contextlib.contextmanager
def limited(seconds: float) -> Generator[None]:
    """Run what is inside for at most so many seconds of computing, and three times as many by the clock.

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
    clocks = {signal.ITIMER_PROF: (signal.SIGPROF, seconds), signal.ITIMER_REAL: (signal.SIGALRM, PATIENCE * seconds)}
    before = {one: signal.signal(one, _stop) for one, _ in clocks.values()}
    for clock, (_, limit) in clocks.items():
        signal.setitimer(clock, limit, 1.0)
    try:
        yield
    finally:
        for clock in clocks:
            signal.setitimer(clock, 0)
        for one, handler in before.items():
            signal.signal(one, handler)


def _stop(number: int, frame: FrameType | None) -> None:
    raise TimeUp
