"""The embedded texts: short reviews in Chinese and in English, each praise or complaint.

A card of their own kind (``cards/texts/NAME.toml``) says where they come from; the checksum is checked at loading.
"""

from __future__ import annotations

import functools
import hashlib
import io
import tomllib
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from cnnbook.data.catalogue import folder_of_files
from cnnbook.data.download import DataError

NAMES = {"zh": "sentiment-zh", "en": "sentiment-en"}  # in full: the hash of an experiment finds files by their names


@dataclass(frozen=True)
class TextData:
    """Labelled texts.

    Attributes:
        card: What the card says, as a table.
        train_texts: The texts to train on.
        train_labels: ``int64 (N,)``, places in the card's ``classes``: 0 complaint, 1 praise.
        test_texts: The texts to test on; none of them is trained on.
        test_labels: ``int64 (M,)``.
    """

    card: dict[str, Any]
    train_texts: tuple[str, ...]
    train_labels: Tensor
    test_texts: tuple[str, ...]
    test_labels: Tensor


@functools.cache
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
        >>> data.test_texts[8], data.card["classes"]["en"][data.test_labels[8]]
        ('To be oblivious to the existence of this film would be very sweet indeed.', 'complaint')
    """
    if language not in NAMES:
        raise DataError(f"there are texts in {' and '.join(NAMES)}, got language={language!r}")
    cards = folder_of_files().parent / "cards" / "texts"
    card = tomllib.loads((cards / f"{NAMES[language]}.toml").read_text(encoding="utf-8"))
    (file,) = card["files"]
    data = (folder_of_files() / file["name"]).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != file["sha256"]:
        raise DataError(f"{file['name']} is not the file its card describes: SHA-256 {file['sha256']}, got {found}")
    with np.load(io.BytesIO(data)) as arrays:
        texts = {part: tuple(arrays[f"{part}_texts"].tobytes().decode().split("\n")) for part in ("train", "test")}
        labels = {part: torch.from_numpy(arrays[f"{part}_labels"].astype(np.int64)) for part in ("train", "test")}
    return TextData(card, texts["train"], labels["train"], texts["test"], labels["test"])
