"""What is in an archive, found out before anything of it is unpacked.

An archive of a few kilobytes may unpack to gigabytes. Here it is read as a stream: nothing is kept but checksums, and
reading ends at a limit.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import tarfile
import zlib
from pathlib import Path

from cnnbook.data.download import CHUNK, DataError


class _Limited(io.RawIOBase):
    """What a stream gives, up to a limit."""

    def __init__(self, stream: gzip.GzipFile, most: int) -> None:
        self.stream, self.left, self.most = stream, most, most

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        found = self.stream.read(size)
        self.left -= len(found)
        if self.left < 0:
            raise DataError(f"{self.stream.name} unpacks to more than the {self.most} bytes that are wanted")
        return found


def digest(archive: Path, wanted: re.Pattern[str], most: int) -> tuple[str, int]:
    """One SHA-256 over the files of a ``.tar.gz``: over the lines ``name SHA-256`` of each, sorted.

    Args:
        archive: The archive.
        wanted: Matches the whole names of the files that count; its first group is the name that stands in a line.
        most: Bytes that the archive may unpack to.

    Returns:
        The digest, hexadecimal, and how many files count.

    Raises:
        DataError: It is no whole archive, or unpacks to more.

    Examples:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "toy.tar.gz"
        >>> with tarfile.open(path, "w:gz") as tar:
        ...     tar.addfile(tarfile.TarInfo("toy/a.wav"))
        >>> digest(path, re.compile(r"toy/(.+\\.wav)"), most=1 << 20)[1]
        1
    """
    sums: dict[str, str] = {}
    try:
        with gzip.open(archive) as plain, tarfile.open(fileobj=_Limited(plain, most), mode="r|") as tar:
            for member in tar:
                name, file = wanted.fullmatch(member.name), tar.extractfile(member) if member.isfile() else None
                if name and file:
                    found = hashlib.sha256()
                    while chunk := file.read(CHUNK):
                        found.update(chunk)
                    sums[name[1]] = found.hexdigest()
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise DataError(f"{archive} is no whole tar archive: {error}") from error
    lines = "".join(f"{name} {sums[name]}\n" for name in sorted(sums))
    return hashlib.sha256(lines.encode()).hexdigest(), len(sums)
