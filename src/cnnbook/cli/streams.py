"""The standard streams as a command finds them."""

from __future__ import annotations

import io
import os
import sys


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
