"""Bytes and text of a log: whatever a path may name, the answer is its contents or one line."""

from __future__ import annotations

import codecs
import os
import re
import stat
from pathlib import Path

from cnnbook.cli.errors import LogError

PACKED = {  # first bytes → what it is, and what to do
    b"\x1f\x8b": "gzip: unpack it first",
    b"PK\x03\x04": "a zip archive, as Excel's .xlsx is: unpack it, or save the table as .csv",
    b"\xd0\xcf\x11\xe0": "an Excel workbook: save the table as .csv",
    b"BZh91AY&SY": "bzip2: unpack it first",
    b"\xfd7zXZ": "xz: unpack it first",
    b"\x28\xb5\x2f\xfd": "zstd: unpack it first",
    b"PAR1\x15": "Parquet: save the table as .csv",
    b"SQLite format 3": "a database of SQLite: save the table as .csv",
}
CHINESE = re.compile("[\u4e00-\u9fff]{2}")
HEAD = 1024  # bytes that tell what a file is
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


def beginning(path: Path) -> bytes:
    """The first bytes of a file without the mark of its encoding; none where it cannot be read."""
    try:
        if not path.is_file():  # a pipe would block
            return b""
        with path.open("rb") as file:
            data = file.read(HEAD)
    except OSError:
        return b""
    mark = next((mark for mark in BOMS if data.startswith(mark)), b"")
    return data.removeprefix(mark).replace(b"\0", b"")


def reason(error: Exception) -> str:
    """What the system says, without the path, which the message has already."""
    return (os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)).lower()


def utf8(data: bytes, path: Path) -> tuple[bytes, str | None]:
    """Text in any usual encoding as UTF-8 without a mark, and the encoding where it was another.

    Bytes that are no UTF-8 are taken for GB 18030 where that gives Chinese words, and else for Latin-1, which every
    byte is; what holds control characters is no text.

    Raises:
        LogError: It is no text.

    Examples:
        >>> utf8("step,é".encode("latin-1"), Path("x.csv")) == ("step,é".encode(), "latin-1")
        True
        >>> utf8("轮次,损失".encode("gbk"), Path("x.csv"))[1]
        'gb18030'
    """
    if (kind := next((kind for mark, kind in PACKED.items() if data.startswith(mark)), None)) is not None:
        raise LogError(f"{path} must be text, and is {kind}")
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
        text, encoding = _chinese(data), "gb18030"
        if not text:
            text, encoding = data.decode("latin-1"), "latin-1"
        data = text.encode()
    if strange := sorted({*range(9), *range(14, 32)} & set(data)):
        raise LogError(f"{path} must be text, and is none: it holds the byte {strange[0]:#04x}")
    return data, encoding


def _chinese(data: bytes) -> str:
    """Bytes as GB 18030; nothing where they are none, or no Chinese words."""
    try:
        text = data.decode("gb18030")
    except UnicodeError:
        return ""
    return text if CHINESE.search(text) else ""
