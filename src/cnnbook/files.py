"""Files that are either whole or not there."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def write_whole(path: str | Path, content: str | bytes) -> Path:
    """Write a file so that ``path`` is at every moment either what it was or the new content.

    It is written beside its place, flushed to the disk and moved over the old file in a single step.

    Args:
        path: The file; its folder is made where there is none.
        content: Bytes, or text, which is written as UTF-8 with the line ends that it has.

    Returns:
        ``path``.

    Raises:
        OSError: The disk is full or the folder cannot be written; the old file, if there was one, is as it was.

    Examples:
        >>> path = write_whole(Path(tempfile.mkdtemp()) / "deep" / "words.txt", "卷积\\n")
        >>> path.read_bytes().decode("utf-8"), [file.name for file in path.parent.iterdir()]
        ('卷积\\n', ['words.txt'])
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(draft, 0o644)  # mkstemp lets nobody else read
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(draft)
        raise
    return path
