"""The line that a passed check prints, for the reader's own record of what is done: the page "What you can now do"."""

import re
import zlib

NAME = re.compile(r"[a-z0-9_]+-[a-z0-9]+")


def receipt(name: str) -> str:
    r"""``cnnbook:NAME:DIGITS``, which the page takes, or several such lines at once.

    The digits are against slips of copying alone, no proof of anything: the CRC-32 of the name in UTF-8 (that of
    ``zlib.crc32``, polynomial 0xEDB88320), modulo ten thousand, in four decimal digits with leading zeros,

    $$\mathrm{digits} = \mathrm{crc32}(\mathrm{name}) \bmod 10^4.$$

    ``docs/assets/book/path.mjs`` works out the same, and a test compares the two.

    Args:
        name: the exercise's name, ``transposed-1``.

    Returns:
        The line, without a line end.

    Raises:
        ValueError: this is no name of an exercise.

    Examples:
        >>> receipt("transposed-1")
        'cnnbook:transposed-1:3934'
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"an exercise's name is a topic, a hyphen and a number, such as transposed-1, got {name!r}")
    return f"cnnbook:{name}:{zlib.crc32(name.encode()) % 10_000:04}"
