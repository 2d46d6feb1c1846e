"""The data sets of the book: a card for each, and ``load``, which checks the checksum.

A card (``cards/NAME.toml``) says where a data set comes from, under which licence, how large it is and what its
classes are called in both languages. A set with ``embedded = true`` is installed with the package and loads offline;
any other is downloaded once, by name, on the reader's own machine.
"""

from __future__ import annotations

import difflib
import functools
import hashlib
import io
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from cnnbook.data.download import DataError, cache_folder, fetch
from cnnbook.data.idx import read_idx

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Card:
    """What is known about a data set.

    Attributes:
        id: The name that ``load`` takes.
        title: The title by language, ``{"zh": …, "en": …}``.
        classes: The names of the classes by language, in the order of the labels.
        licence: SPDX expression.
        shape: Shape of one image, ``(C, H, W)``.
        counts: Number of examples by part, ``{"train": …, "test": …}``.
        mean: Mean of the training pixels, in units of the full range 0…1.
        std: Their standard deviation, in the same units.
        embedded: Whether the files are installed with the package.
        files: One table a file: ``name``, ``bytes``, ``sha256`` and, unless embedded, ``url``.
    """

    id: str
    title: dict[str, str]
    description: dict[str, str]
    source: str
    licence: str
    copyright: str
    citation: str
    shape: tuple[int, ...]
    counts: dict[str, int]
    mean: float
    std: float
    classes: dict[str, tuple[str, ...]]
    embedded: bool
    files: tuple[dict[str, Any], ...]

    @property
    def size(self) -> int:
        """Size of the files in bytes."""
        return sum(file["bytes"] for file in self.files)


@dataclass(frozen=True)
class ImageData:
    """A labelled image data set, as tensors on the CPU.

    Attributes:
        card: Where it comes from.
        train_images: ``uint8 (N, C, H, W)``, 0…255.
        train_labels: ``int64 (N,)``.
        test_images: ``uint8 (M, C, H, W)``.
        test_labels: ``int64 (M,)``.
    """

    card: Card
    train_images: torch.Tensor
    train_labels: torch.Tensor
    test_images: torch.Tensor
    test_labels: torch.Tensor


def folder_of_files() -> Path:
    """The folder of the embedded files, inside the installed package."""
    return _HERE / "files"


def names() -> tuple[str, ...]:
    """Names of all data sets, sorted.

    Examples:
        >>> names()
        ('fashion-mnist', 'fashion-mnist-mini', 'photographs')
    """
    return tuple(sorted(path.stem for path in (_HERE / "cards").glob("*.toml")))


@functools.cache
def card(name: str) -> Card:
    """The card of a data set.

    Args:
        name: One of ``names()``.

    Raises:
        DataError: There is no such data set; the message names the nearest.

    Examples:
        >>> card("fashion-mnist-mini").classes["en"][:3]
        ('T-shirt/top', 'Trouser', 'Pullover')
    """
    if name not in names():
        near = difflib.get_close_matches(name, names(), n=1, cutoff=0.4)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise DataError(f"no data set is called {name!r}{hint} There are: {', '.join(names())}")
    table = tomllib.loads((_HERE / "cards" / f"{name}.toml").read_text(encoding="utf-8"))
    table["shape"] = tuple(table["shape"])
    table["classes"] = {language: tuple(classes) for language, classes in table["classes"].items()}
    table["files"] = tuple(table["files"])
    return Card(**table)


def _checked(path: Path, sha256: str) -> bytes:
    """The bytes of a file, once their checksum has been found right."""
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise DataError(f"{path} is not the file its card describes: SHA-256 must be {sha256}, got {found}")
    return data


@functools.cache
def load(name: str = "fashion-mnist-mini", *, download: bool = False) -> ImageData:
    """Load a data set and verify its checksum.

    The result is cached: treat its tensors as read-only.

    Args:
        name: One of ``names()``. ``"fashion-mnist-mini"`` is installed with the package: 5,000 training and 2,000
            test images of ten classes, 500 and 200 of each.
        download: Whether a data set that is not embedded may be downloaded if it is not there yet.

    Returns:
        Images ``uint8 (N, C, H, W)`` and labels ``int64 (N,)`` of both parts.

    Raises:
        DataError: The name is unknown, a file is missing and ``download`` is false, or a checksum is wrong.

    Examples:
        >>> data = load("fashion-mnist-mini")
        >>> data.train_images.shape, data.train_labels.bincount().tolist()
        (torch.Size([5000, 1, 28, 28]), [500, 500, 500, 500, 500, 500, 500, 500, 500, 500])
    """
    info = card(name)
    if info.embedded:
        (file,) = info.files
        with np.load(io.BytesIO(_checked(folder_of_files() / file["name"], file["sha256"]))) as arrays:
            parts = {key: arrays[key] for key in arrays.files}
    else:
        parts = {}
        for file in info.files:
            path = cache_folder() / info.id / file["name"]
            if download:
                fetch(file["url"], path, sha256=file["sha256"], size=file["bytes"])
            elif not path.exists():
                raise DataError(
                    f"{name} is not on this machine yet: run  python -m cnnbook.data {name}  ({info.size} bytes)"
                )
            _checked(path, file["sha256"])
            parts[file["part"]] = read_idx(path)
    tensors: dict[str, torch.Tensor] = {}
    for key, array in parts.items():
        tensor = torch.from_numpy(array.copy())
        tensors[key] = tensor.reshape(-1, *info.shape) if key.endswith("images") else tensor.long()
    return ImageData(card=info, **tensors)
