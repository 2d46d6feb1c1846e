"""Data sets that load offline, their cards, and the Lightning data module that trains on them.

``load`` and the cards need torch and NumPy alone; ``SeededData`` brings in Lightning and is imported when first asked
for.
"""

import importlib
from typing import TYPE_CHECKING, Any

from cnnbook.data.catalogue import Card, card, load, names
from cnnbook.data.download import DataError, fetch
from cnnbook.data.images import ImageData

if TYPE_CHECKING:
    from cnnbook.data.module import SeededData
    from cnnbook.data.sources import Arrays

__all__ = ["Arrays", "Card", "DataError", "ImageData", "SeededData", "card", "fetch", "load", "names"]


_LATER = {"SeededData": "module", "Arrays": "sources"}


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(importlib.import_module(f".{_LATER[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
