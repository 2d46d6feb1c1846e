"""Being stopped, at any moment, by Ctrl-C or by a scheduler's SIGTERM: one line, the right exit code, no worker left.

Lightning ends a training that gets SIGTERM as if it were done, and turns Ctrl-C into exit code 1; a scheduler then sees
a success without a result. Here SIGTERM raises, as Ctrl-C does, through whatever runs, and what does not end then is
ended.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator
from types import FrameType

BY_KEY, BY_SIGNAL = 130, 143  # exit codes: 128 + the signal's number
GRACE = 15.0  # seconds that a process has for ending, once it was told to


class Terminated(BaseException):
    """SIGTERM came. No ``Exception``, so that nothing takes it for a failure and goes on."""


@contextlib.contextmanager
def stoppable(say: Callable[[], None]) -> Generator[None]:
    """Run a command so that it can be stopped.

    An exception out of nowhere may strike where a lock is held and nothing is there yet to release it: when
    ``Condition.__enter__`` returns, before the body of its ``with``. Whoever asks for that lock next waits forever, as
    TensorBoard's writer does when it is closed, and joblib when it is aborted. So a process that is still there
    ``GRACE`` seconds after a signal is ended (not on Windows, which has no alarm).

    Args:
        say: Prints what is kept.

    Raises:
        SystemExit: With 130 after Ctrl-C and 143 after SIGTERM, also where Lightning has made something else of them.

    Examples:
        >>> with stoppable(lambda: print("stopped")):
        ...     raise KeyboardInterrupt
        Traceback (most recent call last):
        SystemExit: 130
    """
    stop = _Stop(say)
    before = {number: signal.getsignal(number) for number in _heard()}
    for number in before:
        signal.signal(number, stop.on_signal)
    try:
        yield
    except BaseException as error:
        asked = stop.asked or type(error)  # what follows a signal follows from it
        if not issubclass(asked, (KeyboardInterrupt, Terminated)):
            raise
        _end_workers()
        stop.say()
        raise SystemExit(_code(asked)) from None  # the alarm stays set: whoever holds a lock may be waited for at exit
    else:
        stop.forget()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)


def _heard() -> list[signal.Signals]:
    """The signals that stop a command. One that is ignored, as Ctrl-C is in the background, stays so."""
    if threading.current_thread() is not threading.main_thread():
        return []
    both = (signal.SIGINT, signal.SIGTERM)
    return [number for number in both if signal.getsignal(number) != signal.SIG_IGN]


def _code(asked: type[BaseException]) -> int:
    return BY_SIGNAL if asked is Terminated else BY_KEY


class _Stop:
    """What was asked for, and what was said of it."""

    def __init__(self, say: Callable[[], None]) -> None:
        self.asked: type[BaseException] | None = None
        self._say: Callable[[], None] | None = say

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        self.asked = Terminated if number == signal.SIGTERM else KeyboardInterrupt
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, self._end)
            signal.setitimer(signal.ITIMER_REAL, GRACE)
        raise self.asked

    def say(self) -> None:
        """Say it, once."""
        say, self._say = self._say, None
        if say:
            say()

    def forget(self) -> None:
        """The command has ended by itself, whatever was asked."""
        if self.asked and hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.say()
        sys.stderr.flush()
        os._exit(_code(self.asked or Terminated))


def _end_workers() -> None:
    """Loky's workers outlive the process that started them by five minutes, and hold its output open."""
    if "joblib.externals.loky" in sys.modules:
        from joblib.externals.loky import get_reusable_executor

        with contextlib.suppress(Exception):
            get_reusable_executor().shutdown(wait=False, kill_workers=True)


def die_with(parent: int) -> None:
    """In a process: end soon after another has, even where that was killed, and by that alone. (Not on Windows, where a
    process keeps its parent's number: there loky ends its workers after some idle minutes.)

    A terminal sends Ctrl-C to the workers as well; one that is between two tasks would answer with a traceback, and the
    process that started them ends them anyway.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not any(thread.name == "cnnbook-parent" for thread in threading.enumerate()):
        threading.Thread(target=_watch, args=(parent,), name="cnnbook-parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        threading.Event().wait(1.0)
    os.kill(os.getpid(), signal.SIGTERM)  # from a thread, so that nothing can catch it but the system
