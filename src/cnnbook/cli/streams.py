"""The standard streams as a command finds them."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any


def prepare() -> None:
    """Give a stream that the caller has closed (``>&-``) to the null device, and write what an encoding lacks as "?".

    Else the first file that is opened would be taken for standard output, and worker processes, which inherit the
    streams, would end.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            null = os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: as a rule, this stream's own
            os.set_inheritable(null, null == number)
            setattr(sys, name, open(null, mode, encoding="utf-8"))  # noqa: SIM115 (as long as the process)
    for stream in (sys.stdout, sys.stderr):  # a Windows console may not speak UTF-8
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


CLOSED = 128 + 13  # what a shell sees of a program that SIGPIPE ended


@contextmanager
def written() -> Generator[None]:
    """Say in one line that standard output cannot be written, as on a disk that is full; nothing where nobody reads on.

    Raises:
        SystemExit: With 2, or, where a pipe was closed, as by ``head``, with 141.
    """
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except SystemExit as ended:  # typer and rich end with 1 there, which means disagreement here
        if isinstance(ended.__context__, BrokenPipeError):
            raise _unread() from None
        raise
    except BrokenPipeError:
        raise _unread() from None
    except OSError as error:
        if error.filename is not None:  # of a file, which is another matter
            raise
        print(f"cnnbook: the answer cannot be written: {error.strerror or error}", file=sys.stderr)
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (the interpreter flushes it at the end)
        raise SystemExit(2) from None


def _unread() -> SystemExit:
    """The end of a program whose output nobody reads any more: what is left of it goes nowhere, without a word."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the interpreter flushes it at the end
    return SystemExit(CLOSED)


def json_text(value: Any) -> str:
    """JSON to be read by people as well; what is no character, as in a file name that is not UTF-8, stays escaped.

    Examples:
        >>> json_text("卷")
        '"卷"'
    """
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return re.sub("[\ud800-\udfff]", lambda hit: f"\\u{ord(hit[0]):04x}", text)
