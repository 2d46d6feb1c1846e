"""CRC-32C of many records at once, as event files hold it: TensorBoard's own takes a byte at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

FEW = 24  # records below which a byte at a time is quicker


def masked(records: Sequence[bytes]) -> np.ndarray:
    """The masked checksum of each record.

    Returns:
        n numbers of 32 bits.

    Examples:
        >>> from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c
        >>> [int(one) for one in masked([b"abc"])] == [masked_crc32c(b"abc")]
        True
    """
    import numpy as np
    from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import CRC_TABLE

    table = np.asarray(CRC_TABLE, np.uint32)
    lengths = np.asarray([len(one) for one in records], np.int64)
    order = np.argsort(-lengths, kind="stable")  # the longest first, so that those still going are the first few
    bytes_ = np.frombuffer(b"".join(records[place] for place in order), np.uint8)
    sizes = lengths[order]
    starts = np.cumsum(sizes) - sizes
    found, at, going = np.full(len(records), 0xFFFFFFFF, np.uint32), 0, len(records)
    while going := int(np.searchsorted(-sizes[:going], -at, side="left")):
        if going < FEW:
            break
        live = found[:going]
        found[:going] = table[(live ^ bytes_[starts[:going] + at]) & 0xFF] ^ (live >> np.uint32(8))
        at += 1
    for place in range(going):  # what is left of the longest
        crc = int(found[place])
        for byte in bytes_[starts[place] + at : starts[place] + sizes[place]].tobytes():
            crc = CRC_TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
        found[place] = crc
    crc = found ^ np.uint32(0xFFFFFFFF)
    crc = ((crc >> np.uint32(15)) | (crc << np.uint32(17))) + np.uint32(0xA282EAD8)
    answer = np.empty_like(crc)
    answer[order] = crc
    return answer
