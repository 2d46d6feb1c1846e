"""Rows of training and of validation in one table, told by a column of words such as ``phase``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from cnnbook.cli.logs.columns import PARTS, axes, words

if TYPE_CHECKING:
    from cnnbook.cli.logs.grid import Cells


def says_part(cell: object) -> bool:
    """Whether a cell names a part of the data, and says nothing else.

    Examples:
        >>> says_part("Val"), says_part("训练集"), says_part("retrained"), says_part(0.5)
        (True, True, False, False)
    """
    return isinstance(cell, str) and _says_part(cell)


@lru_cache
def _says_part(text: str) -> bool:
    said = words(text)
    return bool(said) and set(said) <= PARTS


@lru_cache(4096)
def with_part(part: str, name: str) -> str:
    """The name of a column with a part before it, unless it says its part itself or counts steps.

    Examples:
        >>> with_part("val", "loss"), with_part("val", "test_loss"), with_part("val", "epoch")
        ('val/loss', 'test_loss', 'epoch')
    """
    return name if set(words(name)) & PARTS or axes([name]) else f"{part}/{name}"


def split(
    names: Sequence[str], cells: Callable[[Sequence[str]], Mapping[str, Cells]], parts: Sequence[str]
) -> tuple[list[str], Callable[[Sequence[str]], Mapping[str, Cells]]]:
    """Columns of the rows of each part, made of those of all rows.

    Args:
        names: The columns.
        cells: Parses some of them.
        parts: What each row says that it is of.

    Examples:
        >>> import numpy as np
        >>> whole = {"epoch": (np.arange(4), np.arange(4)), "loss": (np.arange(4), np.array([3, 4, 2, 3]))}
        >>> names, cells = split(["epoch", "loss"], lambda asked: whole, ["train", "val", "train", "val"])
        >>> names, cells(["val/loss"])["val/loss"][1].tolist()
        (['epoch', 'train/loss', 'val/loss'], [4, 3])
    """
    import numpy as np

    of = np.asarray(parts)
    places = {with_part(part, name): (part, name) for name in names for part in dict.fromkeys(parts)}

    def load(asked: Sequence[str]) -> Mapping[str, Cells]:
        whole = cells([*dict.fromkeys(places[one][1] for one in asked)])
        found = {}
        for one in asked:
            part, name = places[one]
            rows, values = whole[name]
            mine = slice(None) if one == name else of[rows] == part
            found[one] = rows[mine], values[mine]
        return found

    return list(places), load
