"""Read IDX, the format of MNIST and its relatives.

References:
    Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", section "File formats".
"""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path

import numpy as np

UNSIGNED_BYTE = 0x08


def read_idx(path: str | Path) -> np.ndarray:
    """Read one gzipped IDX file of unsigned bytes.

    The header is two zero bytes, the type (0x08: unsigned byte), the number of axes and one big-endian 32-bit length
    an axis.

    Args:
        path: The file, ``*-ubyte.gz``.

    Returns:
        ``uint8`` array in the shape that the header gives, ``(N, H, W)`` for images and ``(N,)`` for labels.

    Raises:
        ValueError: The file is no gzipped IDX file of unsigned bytes, or is shorter or longer than its header says.

    Examples:
        >>> import gzip, tempfile, pathlib
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "two-ubyte.gz"
        >>> _ = path.write_bytes(gzip.compress(bytes([0, 0, 8, 1, 0, 0, 0, 2, 7, 9])))
        >>> read_idx(path)
        array([7, 9], dtype=uint8)
    """
    try:
        with gzip.open(path, "rb") as stream:
            data = stream.read()
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(f"{path} is no whole gzip file: {error}") from error
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] != UNSIGNED_BYTE:
        raise ValueError(f"an IDX file of unsigned bytes starts with 00 00 08, {path} starts with {data[:3].hex(' ')}")
    start = 4 + 4 * data[3]
    shape = tuple(int(length) for length in np.frombuffer(data[4:start], dtype=">u4"))
    if len(data) - start != math.prod(shape):
        raise ValueError(f"the header of {path} says {shape}, but {len(data) - start} bytes follow")
    return np.frombuffer(data, dtype=np.uint8, offset=start).reshape(shape)
