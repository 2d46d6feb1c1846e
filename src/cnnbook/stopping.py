"""Being stopped, at any moment, by Ctrl-C or by a scheduler's SIGTERM: one line, the right exit code, no worker left.

Lightning ends a training that gets SIGTERM as if it were done, and turns Ctrl-C into exit code 1; a scheduler then sees
a success without a result. Here SIGTERM raises, as Ctrl-C does, through whatever runs.
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


class Terminated(BaseException):
    """SIGTERM came. No ``Exception``, so that nothing takes it for a failure and goes on."""


@contextlib.contextmanager
def stoppable(say: Callable[[], None]) -> Generator[None]:
    """Run a command so that it can be stopped.

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
    here = threading.current_thread() is threading.main_thread() and hasattr(signal, "SIGTERM")
    before = signal.signal(signal.SIGTERM, _raise) if here else None
    try:
        yield
    except (KeyboardInterrupt, Terminated, SystemExit) as stop:
        code = _code(stop)
        if code is None:
            raise
        _end_workers()
        say()
        raise SystemExit(code) from None
    finally:
        if here:
            signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _raise(number: int, frame: FrameType | None) -> None:
    raise Terminated


def _code(stop: BaseException) -> int | None:
    """The exit code of what stopped a command; None where it ended by itself."""
    if isinstance(stop, SystemExit):  # Lightning's way of ending after Ctrl-C
        return BY_KEY if isinstance(stop.__context__, KeyboardInterrupt) else None
    return BY_SIGNAL if isinstance(stop, Terminated) else BY_KEY


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
