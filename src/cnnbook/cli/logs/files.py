"""Bytes and text of a log: whatever a path may name, the answer is its contents or one line."""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path

from cnnbook.cli.errors import LogError

MOST = 2**29  # bytes; a log of a million steps has a tenth of that
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def contents(path: Path) -> bytes:
    """The bytes of a regular file.

    Raises:
        LogError: It is none (a pipe would block, a device never end), too large, or may not be read.
    """
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise LogError(f"{path} must be a regular file or a folder, and is a pipe, a socket or a device")
        if about.st_size > MOST:
            raise LogError(f"{path} must have at most {MOST >> 20} MiB, got {about.st_size >> 20}: log fewer steps")
        with path.open("rb") as file:
            return file.read(MOST + 1)
    except (OSError, ValueError) as error:
        raise LogError(f"{path} cannot be read: {reason(error)}") from None


def reason(error: Exception) -> str:
    """What the system says, without the path, which the message has already."""
    return (os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)).lower()


def utf8(data: bytes, path: Path) -> tuple[bytes, str | None]:
    """Text in any usual encoding as UTF-8 without a mark, and the encoding where it was another.

    Bytes that are no UTF-8 are taken for Latin-1, which every byte is; what holds control characters is no text.

    Raises:
        LogError: It is no text.

    Examples:
        >>> utf8("step,é".encode("latin-1"), Path("x.csv")) == ("step,é".encode(), "latin-1")
        True
    """
    encoding = next((name for mark, name in BOMS.items() if data.startswith(mark)), None)
    if encoding is None and data[1:2] == b"\0" and data[:1] not in (b"", b"\0"):
        encoding = "utf-16-le"  # without its mark
    try:
        if encoding == "utf-8-sig":
            data, encoding = data.removeprefix(codecs.BOM_UTF8), None
        if encoding is not None:
            data = data.decode(encoding).encode()
        else:
            codecs.utf_8_decode(data, "strict", True)
    except UnicodeError:
        if encoding is not None:
            raise LogError(f"{path} must be text, and is none: it begins as {encoding} and does not go on so") from None
        data, encoding = data.decode("latin-1").encode(), "latin-1"
    if strange := sorted({*range(9), *range(14, 32)} & set(data)):
        raise LogError(f"{path} must be text, and is none: it holds the byte {strange[0]:#04x}")
    return data, encoding
