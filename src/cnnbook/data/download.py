"""Download a file once: resumable, verified, and either whole or not there.

What has arrived is kept in ``NAME.part``; the next call asks the server for the rest (HTTP ``Range``). Nothing is taken
beyond the size that the file has. The file gets its name, in one atomic step, only after its SHA-256 has been found
right.

References:
    RFC 9110, section 14 (range requests).
"""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import platformdirs

from cnnbook.errors import CnnbookError

CHUNK = 1 << 16
LARGEST = 1 << 30  # bytes of a file whose size is not known
Progress = Callable[[int, int | None], None]


class DataError(CnnbookError, RuntimeError):
    """A data set is unknown, missing or damaged."""


def cache_folder() -> Path:
    """Where downloads go: the environment variable ``CNNBOOK_DATA``, or the cache folder of the platform.

    Examples:
        >>> from unittest import mock
        >>> with mock.patch.dict(os.environ, CNNBOOK_DATA="/tmp/data"):
        ...     cache_folder().as_posix()
        '/tmp/data'
    """
    named = os.environ.get("CNNBOOK_DATA")
    return Path(named) if named else Path(platformdirs.user_cache_dir("cnnbook", appauthor=False))


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fetch(
    url: str,
    path: str | Path,
    *,
    sha256: str,
    size: int | None = None,
    timeout: float = 30.0,
    progress: Progress | None = None,
) -> Path:
    """Download ``url`` to ``path`` unless the right file is there already.

    Args:
        url: Where the file is.
        path: Where it shall be; its folder is made.
        sha256: SHA-256 of the whole file, hexadecimal.
        size: Size of the whole file in bytes, if known; a server that sends more is not listened to.
        timeout: Seconds without an answer before giving up.
        progress: Called with (bytes so far, bytes in all or None) after each chunk.

    Returns:
        ``path``.

    Raises:
        DataError: The server cannot be reached, the connection breaks (what has arrived is kept for the next call),
            the file is larger than it may be or has another checksum (it is deleted).

    Examples:
        >>> import hashlib, tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> _ = (folder / "there").write_bytes(b"data")
        >>> digest = hashlib.sha256(b"data").hexdigest()
        >>> fetch((folder / "there").as_uri(), folder / "here", sha256=digest).read_bytes()
        b'data'
    """
    path = Path(path)
    if path.exists():
        if sha256_of(path) == sha256:
            return path
        raise DataError(
            f"{path} exists and is another file (SHA-256 must be {sha256}, got {sha256_of(path)}): move it away"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    if not part.exists() or sha256_of(part) != sha256:  # else the last run was stopped between the two steps
        receive(url, part, size, timeout, progress)
    found = sha256_of(part)
    if found != sha256:
        part.unlink()
        raise DataError(
            f"what {url} sent is not the file wanted and was deleted: SHA-256 must be {sha256}, got {found}"
        )
    os.replace(part, path)
    return path


def receive(
    url: str, part: Path, size: int | None, timeout: float, progress: Progress | None, most: int | None = None
) -> None:
    """Append to ``part`` what is missing of ``url``; for ``progress`` and ``timeout`` see ``fetch``.

    Args:
        url: Where the file is.
        part: What has arrived of it before, if anything.
        size: Size of the whole file in bytes, if known.
        timeout: Seconds without an answer before giving up.
        progress: Called after each chunk.
        most: Bytes that the file may have at most, where its size is not known.

    Raises:
        DataError: The server cannot be reached, the connection breaks or the file has another size, and what has
            arrived is kept; or more arrives than the file may have, and is deleted.
    """
    limit = size or most or LARGEST
    have = part.stat().st_size if part.exists() else 0
    have = have if have < limit else 0  # more than the whole file is no beginning of it
    try:
        total = None
        with _opened(url, have, timeout) as answer:
            if answer.status != 206:
                have = 0
            total = _total(answer.headers, have, size)
            if total is not None and (total > limit or total != (size or total)):
                rule = f"must have {size}" if size else f"may have at most {limit}"
                raise DataError(f"{url} has {total} bytes, where the file {rule}")
            with part.open("ab" if have else "wb") as out:
                while have <= limit and (chunk := answer.read(CHUNK)):
                    out.write(chunk)
                    have += len(chunk)
                    if progress:
                        progress(have, total)
                out.flush()
                os.fsync(out.fileno())
    except urllib.error.HTTPError as error:
        raise DataError(f"{url} answers {error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException) as error:
        raise DataError(
            f"the download of {url} broke off after {have} bytes ({error}); run it again to go on"
        ) from error
    if have > limit:
        part.unlink()
        raise DataError(f"{url} sends more than the {limit} bytes that are wanted; what arrived was deleted")
    if total is not None and have < total:
        raise DataError(f"the download of {url} broke off after {have} of {total} bytes; run it again to go on")


def _opened(url: str, have: int, timeout: float) -> Any:
    """The server's answer: the rest after ``have`` bytes (status 206), or, where it has no such rest, all."""
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        answer = urllib.request.urlopen(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        if error.code != 416 or not have:
            raise
        return _opened(url, 0, timeout)  # what is there is no beginning of the file
    if answer.status == 206 and not (answer.headers.get("Content-Range", "").startswith(f"bytes {have}-") and have):
        answer.close()
        if not have:
            raise DataError(f"{url} answers with a part of the file, which was not asked for")
        return _opened(url, 0, timeout)
    return answer


def _total(headers: Any, have: int, size: int | None) -> int | None:
    """Bytes of the whole file, as the server says; where it says none, or nonsense, as is known."""
    length = re.fullmatch(r"[0-9]{1,18}", headers.get("Content-Length", ""))
    return have + int(length[0]) if length else size
