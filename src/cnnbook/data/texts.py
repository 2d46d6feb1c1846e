"""The embedded texts: short reviews in Chinese and in English, each praise or complaint.

Their cards say where they come from; the checksum is checked at loading.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from cnnbook.data.catalogue import Card, card, embedded_arrays
from cnnbook.data.download import DataError

NAMES = {"zh": "sentiment-zh", "en": "sentiment-en"}  # in full: the hash of an experiment finds files by their names


@dataclass(frozen=True)
class TextData:
    """Labelled texts.

    Attributes:
        card: Where they come from.
        train_texts: The texts to train on.
        train_labels: ``int64 (N,)``, places in the card's ``classes``: 0 complaint, 1 praise.
        test_texts: The texts to test on; none of them is trained on.
        test_labels: ``int64 (M,)``.
    """

    card: Card
    train_texts: tuple[str, ...]
    train_labels: Tensor
    test_texts: tuple[str, ...]
    test_labels: Tensor


@functools.cache
def load(name: str, *, download: bool = False) -> TextData:
    """The texts of a data set; see `cnnbook.data.catalogue.load`. All are embedded: nothing is ever downloaded."""
    info, arrays = card(name), embedded_arrays(card(name))
    texts = {part: tuple(arrays[f"{part}_texts"].tobytes().decode().split("\n")) for part in ("train", "test")}
    labels = {part: torch.from_numpy(arrays[f"{part}_labels"].astype(np.int64)) for part in ("train", "test")}
    return TextData(info, texts["train"], labels["train"], texts["test"], labels["test"])


def sentiment(language: str) -> TextData:
    """The texts of one language.

    Args:
        language: ``"zh"`` or ``"en"``.

    Returns:
        4,400 texts for training and 2,000 for testing, half of each praise.

    Raises:
        DataError: There are no texts in that language, or the file is not the one that the card describes.

    Examples:
        >>> data = sentiment("en")
        >>> data.test_texts[8], data.card.classes["en"][data.test_labels[8]]
        ('To be oblivious to the existence of this film would be very sweet indeed.', 'complaint')
    """
    if language not in NAMES:
        raise DataError(f"there are texts in {' and '.join(NAMES)}, got language={language!r}")
    return load(NAMES[language])
