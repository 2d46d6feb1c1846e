"""Data sets that load offline, their cards, and the Lightning data module that trains on them.

``load`` and the cards need torch and NumPy alone; ``SeededData`` brings in Lightning and is imported when first asked
for.
"""

from typing import TYPE_CHECKING, Any

from cnnbook.data.catalogue import Card, card, load, names
from cnnbook.data.download import DataError, fetch
from cnnbook.data.images import ImageData

if TYPE_CHECKING:
    from cnnbook.data.module import SeededData

__all__ = ["Card", "DataError", "ImageData", "SeededData", "card", "fetch", "load", "names"]


def __getattr__(name: str) -> Any:
    if name == "SeededData":
        from cnnbook.data.module import SeededData

        return SeededData
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
