"""What a build keeps for the next one, under .cache: each file with its checksum, and made again where that is wrong.

A file begins with a line, the SHA-256 of the rest. One that was emptied, cut off, changed or put there by something
else is as good as none.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

from cnnbook.files import write_whole


def read(path: Path) -> bytes | None:
    """What `write` kept; None where there is nothing, or not what was kept."""
    try:
        seal, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return content if seal == sealed(content) else None


def write(path: Path, content: bytes) -> None:
    """Keep this, whole or not at all."""
    write_whole(path, sealed(content) + b"\n" + content)


def file(path: Path, make: Callable[[], bytes]) -> bytes:
    """What is kept at ``path``, else what ``make`` gives, which is kept there."""
    found = read(path)
    if found is None:
        write(path, found := make())
    return found


def digest(*parts: str | bytes) -> str:
    """A short hash of texts and files in their order, such as names what was made from them.

    >>> digest("a", b"b") == digest("ab"), digest("a", "b") == digest("a", b"b")
    (False, True)
    """
    found = hashlib.sha256()
    for part in parts:
        found.update((part.encode() if isinstance(part, str) else part) + b"\0")
    return found.hexdigest()[:24]


def sealed(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def once(path: Path, make: Callable[[], str | None], older: str = "") -> str | None:
    """The text that is kept at ``path``, else what ``make`` gives, which is kept there unless it is None.

    ``older`` is a pattern of the names, in the same folder, that this replaces.
    """
    found = read(path)
    if found is not None:
        return found.decode()
    made = make()
    if made is not None:
        write(path, made.encode())
        for old in path.parent.glob(older) if older else ():
            if old != path:
                old.unlink(missing_ok=True)
    return made
