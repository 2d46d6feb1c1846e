"""Labelled images: the part of Fashion-MNIST and the photographs that are installed, and all of Fashion-MNIST."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import torch

from cnnbook.data.catalogue import Card, card, checked_bytes, embedded_arrays
from cnnbook.data.download import DataError, cache_folder, fetch
from cnnbook.data.idx import read_idx


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


@functools.cache
def load(name: str, *, download: bool = False) -> ImageData:
    """The images of a data set; see `cnnbook.data.catalogue.load`.

    Args:
        name: One of ``names("images")``.
        download: Whether files that are not there yet may be downloaded.

    Raises:
        DataError: A file is missing and ``download`` is false, or a checksum is wrong.

    Examples:
        >>> load("photographs").test_images.shape
        torch.Size([3, 1, 256, 256])
    """
    info = card(name)
    parts = embedded_arrays(info) if info.embedded else {}
    for file in () if info.embedded else info.files:
        path = cache_folder() / info.id / file["name"]
        if download:
            fetch(file["url"], path, sha256=file["sha256"], size=file["bytes"])
        elif not path.exists():
            raise DataError(
                f"{name} is not on this machine yet: run  python -m cnnbook.data {name}  ({info.size} bytes)"
            )
        checked_bytes(path, file["sha256"])
        parts[file["part"]] = read_idx(path)
    tensors: dict[str, torch.Tensor] = {}
    for key, array in parts.items():
        tensor = torch.from_numpy(array.copy())
        tensors[key] = tensor.reshape(-1, *info.shape) if key.endswith("images") else tensor.long()
    return ImageData(card=info, **tensors)
