"""A file that a reader hands over: looked at before it is opened, and named in messages of one line."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from cnnbook.cli.errors import PredictError, one_line

KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe; save what comes out of it first",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


@contextmanager
def silent_decoders() -> Generator[None]:
    """What libraries in C write to standard error by themselves is dropped: what is wrong is said once, by us."""
    try:
        kept = os.dup(2)
    except OSError:  # it is closed
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def content(path: Path, most: int) -> bytes:
    """All bytes of a file.

    A pipe would be waited for and a device never ends, so the kind is asked for before the file is opened, and the
    size before it is read.

    Args:
        path: The file.
        most: How many bytes it may have.

    Raises:
        PredictError: There is no such file, it is no plain file, may not be read, is empty, or is larger.

    Examples:
        >>> content(Path("/"), most=10)
        Traceback (most recent call last):
        cnnbook.cli.errors.PredictError: there must be a file to read, and this is a folder: /
    """
    name = one_line(path)
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            kind = KINDS.get(stat.S_IFMT(facts.st_mode), "something else")
            raise PredictError(f"there must be a file to read, and this is {kind}: {name}")
        if facts.st_size > most:
            raise PredictError(
                f"a file must have at most {most // 10**6} MB, got {facts.st_size / 10**6:,.0f} MB: {name}"
            )
        with path.open("rb") as file:
            found = file.read(most + 1)  # some plain files, those of /proc, say that they are empty
    except FileNotFoundError:
        raise PredictError(f"there is no such file: {name}") from None
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or error
        raise PredictError(f"the file cannot be read: {name} ({one_line(reason)})") from None
    if not found:
        raise PredictError(f"the file is empty: {name}")
    if len(found) > most:
        raise PredictError(f"a file must have at most {most // 10**6} MB: {name}")
    return found
