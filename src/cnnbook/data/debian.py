"""Fashion-MNIST from Debian's package ``dataset-fashion-mnist``, where it is installed, instead of a download.

The package holds the published files but for one thing: the name and the date in each gzip's header were taken out, so
that the package can be built alike at any time. Put back, they give the published files to the last bit, and the
checksums of the data card say so.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cnnbook.files import write_whole

FOLDER = Path("/usr/share/datasets/fashion-mnist")
WRITTEN = {  # seconds since 1970, as the published files have them
    "train-images-idx3-ubyte.gz": 1504176606,
    "train-labels-idx1-ubyte.gz": 1504176606,
    "t10k-images-idx3-ubyte.gz": 1504176627,
    "t10k-labels-idx1-ubyte.gz": 1504176627,
}
HEADER = 10  # bytes of a gzip's header without a name


def published(packed: bytes, name: str, written: int) -> bytes:
    """A gzip with its name and date put back into the header.

    Args:
        packed: A gzip whose header has none.
        name: Of the file; without ``.gz`` it goes into the header.
        written: Its date, in seconds since 1970.

    Examples:
        >>> import gzip
        >>> again = published(gzip.compress(b"pixels", mtime=0), "image.gz", 1504176606)
        >>> gzip.decompress(again), again[10:16]
        (b'pixels', b'image\\x00')
    """
    head = b"\x1f\x8b\x08\x08" + struct.pack("<I", written) + b"\x00\x03"
    return head + name.removesuffix(".gz").encode() + b"\x00" + packed[HEADER:]


def restore(files: tuple[Mapping[str, Any], ...], into: Path, folder: Path = FOLDER) -> bool:
    """Put the published files where a download would, from Debian's.

    Args:
        files: Of the data card: ``name`` and ``sha256`` each.
        into: The folder of the download; what is there already stays.
        folder: Debian's.

    Returns:
        Whether all are there now. Nothing is written where one is missing or has not the card's checksum.
    """
    found = {}
    for file in files:
        name = file["name"]
        if name not in WRITTEN or not (folder / name).exists():
            return False
        found[name] = published((folder / name).read_bytes(), name, WRITTEN[name])
        if hashlib.sha256(found[name]).hexdigest() != file["sha256"]:
            return False
    for name, content in found.items():
        if not (into / name).exists():
            write_whole(into / name, content)
    return True
