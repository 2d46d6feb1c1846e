"""How a table is written: what divides its cells, its decimal mark, and where its header stands."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

SEPARATORS = (",", ";", "\t", "|")
HEAD = 64  # lines that are looked at
WIDEST = 2**17  # characters of a line; a header of ten thousand columns has fewer
DECIMAL_COMMA = re.compile(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?")
THOUSANDS = {mark: re.compile(rf"[-+]?[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+") for mark in ",."}
POINT = re.compile(r"[-+]?\d*\.\d+(?:[eE][-+]?\d+)?")
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan|[-+]?inf", re.I)


@dataclass(frozen=True)
class Dialect:
    """How a table is written.

    Attributes:
        separator: What divides cells; a space stands for any run of blanks.
        decimal: The decimal mark.
        header: The names of the columns, as they are written.
    """

    separator: str
    decimal: str
    header: tuple[str, ...]


def cells(line: str, separator: str) -> list[str]:
    """The cells of one line.

    Examples:
        >>> cells('"a, b",c', ","), cells(" 1  2 ", " ")
        (['a, b', 'c'], ['1', '2'])
    """
    if separator == " ":
        return line.split()
    if '"' not in line:
        return line.split(separator)
    return next(csv.reader([line], delimiter=separator))


def sniff(lines: Sequence[str], comments: Sequence[str] = ()) -> Dialect:
    """Tell from its first lines how a table is written.

    Args:
        lines: The header and some rows, without comments and empty lines.
        comments: What was commented out before them; the last may be the header, as NumPy writes it.

    Raises:
        csv.Error: A line cannot be divided into cells.

    Examples:
        >>> sniff(["step;loss", "1;0,5"])
        Dialect(separator=';', decimal=',', header=('step', 'loss'))
        >>> sniff(["1 0.5", "2 0.4"], ["# step loss"]).header
        ('step', 'loss')
        >>> sniff(["step;loss", "500;2.35", "1,000;2.03"]).decimal
        '.'
    """
    best, separator = (0, 0), ","
    for one in (*SEPARATORS, " "):
        widths = [len(cells(line, one)) for line in lines[:HEAD]]
        same = sum(width == widths[0] for width in widths[1:]) + 1
        if widths[0] > 1 and (len(widths) == 1 or same > 1) and (same, widths[0]) > best:
            if one == " " and best > (0, 0):
                continue  # names may hold blanks
            best, separator = (same, widths[0]), one
    header = cells(lines[0], separator)
    if comments and all(NUMBER.fullmatch(cell.strip()) for cell in header):
        above = cells(comments[-1].lstrip("# "), separator)
        header = above if len(above) == len(header) else header
    body = [cell.strip() for line in lines[1:HEAD] for cell in cells(line, separator)]
    commas = [cell for cell in body if separator != "," and DECIMAL_COMMA.fullmatch(cell)]
    points = any(POINT.fullmatch(cell) and not THOUSANDS["."].fullmatch(cell) for cell in body)
    comma = any(not (points and THOUSANDS[","].fullmatch(cell)) for cell in commas)
    return Dialect(separator, "," if comma else ".", tuple(header))


def without_thousands(texts: Sequence[str], dialect: Dialect) -> Sequence[str]:
    """A column's cells without what divides thousands: the sign that is not the decimal one, where it stands as such.

    Examples:
        >>> german = Dialect(";", ",", ("step", "loss"))
        >>> without_thousands(["500", "1.000"], german), without_thousands(["1.000", "0.925"], german)
        (['500', '1000'], ['1.000', '0.925'])
    """
    mark = "." if dialect.decimal == "," else ","
    divided = [text.strip() for text in texts if isinstance(text, str) and mark in text]  # an empty cell may be NaN
    if not divided or dialect.separator == mark or not all(THOUSANDS[mark].fullmatch(text) for text in divided):
        return texts
    return [text.replace(mark, "") if isinstance(text, str) else text for text in texts]
