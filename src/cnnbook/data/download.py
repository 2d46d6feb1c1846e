"""Download a file once: resumable, verified, and either whole or not there.

What has arrived is kept in ``NAME.part``; the next call asks the server for the rest (HTTP ``Range``). The file gets
its name, in one atomic step, only after its SHA-256 has been found right.

References:
    RFC 9110, section 14 (range requests).
"""

from __future__ import annotations

import hashlib
import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import platformdirs

from cnnbook.errors import CnnbookError

CHUNK = 1 << 16


class DataError(CnnbookError, RuntimeError):
    """A data set is unknown, missing or damaged."""


def cache_folder() -> Path:
    """Where downloads go: the environment variable ``CNNBOOK_DATA``, or the cache folder of the platform.

    Examples:
        >>> import os
        >>> os.environ["CNNBOOK_DATA"] = "/tmp/data"
        >>> print(cache_folder())
        /tmp/data
        >>> del os.environ["CNNBOOK_DATA"]
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
    progress: Callable[[int, int | None], None] | None = None,
) -> Path:
    """Download ``url`` to ``path`` unless the right file is there already.

    Args:
        url: Where the file is.
        path: Where it shall be; its folder is made.
        sha256: SHA-256 of the whole file, hexadecimal.
        size: Size of the whole file in bytes, if known.
        timeout: Seconds without an answer before giving up.
        progress: Called with (bytes so far, bytes in all or None) after each chunk.

    Returns:
        ``path``.

    Raises:
        DataError: The server cannot be reached, the connection breaks (what has arrived is kept for the next call),
            or the file has another checksum (it is deleted).

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
    url: str, part: Path, size: int | None, timeout: float, progress: Callable[[int, int | None], None] | None
) -> None:
    """Append to ``part`` what is missing of ``url``; for ``progress`` and ``timeout`` see ``fetch``.

    Raises:
        DataError: The server cannot be reached, or the connection breaks; what has arrived is kept.
    """
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            resumed = answer.status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
            have = have if resumed else 0
            length = answer.headers.get("Content-Length")
            total = have + int(length) if length else size
            with part.open("ab" if resumed else "wb") as out:
                while chunk := answer.read(CHUNK):
                    out.write(chunk)
                    have += len(chunk)
                    if progress:
                        progress(have, total)
    except urllib.error.HTTPError as error:
        if error.code == 416:  # what is there is no beginning of the file: start again
            part.unlink()
            return receive(url, part, size, timeout, progress)
        raise DataError(f"{url} answers {error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException) as error:
        raise DataError(
            f"the download of {url} broke off after {have} bytes ({error}); run it again to go on"
        ) from error
    if total is not None and have < total:
        raise DataError(f"the download of {url} broke off after {have} of {total} bytes; run it again to go on")
