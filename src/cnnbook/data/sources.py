"""What can be trained on: inputs and targets, from a data set by name or from any function.

A source is ``"fashion-mnist-mini"`` (or another data set of the catalogue: classes), ``"super-resolution"`` (an image
from its small version) or ``"package.module:function"``, a function that returns ``Arrays``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from cnnbook.data.catalogue import names
from cnnbook.data.images import load
from cnnbook.names import check_options, resolve


@dataclass(frozen=True)
class Arrays:
    """Inputs and targets of both parts.

    Attributes:
        train_inputs: ``(N, …)``; ``uint8`` is read as 0…255 and scaled to 0…1; other whole numbers stay as they are.
        train_targets: ``int64 (N,)`` class labels, or images ``(N, C, H, W)``, scaled alike.
        test_inputs: ``(M, …)``.
        test_targets: ``(M, …)``.
        mean: Subtracted from the scaled inputs.
        std: Divides them after that.
    """

    train_inputs: Tensor
    train_targets: Tensor
    test_inputs: Tensor
    test_targets: Tensor
    mean: float = 0.0
    std: float = 1.0

    @property
    def classes(self) -> int | None:
        """Number of classes, None where the targets are no labels."""
        labels = self.train_targets
        return int(max(labels.max(), self.test_targets.max())) + 1 if labels.dtype == torch.int64 else None


def classification(name: str, *, download: bool = False) -> Arrays:
    """A data set of the catalogue: images to labels."""
    data = load(name, download=download)
    return Arrays(
        data.train_images, data.train_labels, data.test_images, data.test_labels, mean=data.card.mean, std=data.card.std
    )


def super_resolution(data: str = "fashion-mnist-mini", factor: int = 2) -> Arrays:
    """Images from their small versions, each small pixel the mean of ``factor`` × ``factor`` pixels.

    Args:
        data: A data set of the catalogue.
        factor: How much smaller the inputs are; divides height and width.

    Returns:
        Inputs ``float32 (N, C, H / factor, W / factor)`` and targets ``uint8 (N, C, H, W)``.

    Raises:
        ValueError: ``factor`` does not divide the size of the images.

    Examples:
        >>> arrays = super_resolution(factor=4)
        >>> arrays.test_inputs.shape, arrays.test_targets.shape
        (torch.Size([2000, 1, 7, 7]), torch.Size([2000, 1, 28, 28]))
    """
    images = load(data)
    height, width = images.card.shape[-2:]
    if factor < 1 or height % factor or width % factor:
        raise ValueError(f"factor must divide the image size {height}×{width}, got factor={factor}")
    small = [F.avg_pool2d(x.float() / 255, factor) for x in (images.train_images, images.test_images)]
    return Arrays(small[0], images.train_images, small[1], images.test_images)


def arrays(name: str, **options: Any) -> Arrays:
    """The inputs and targets of a source; see the module for the names.

    Raises:
        ValueError: There is no such source, or it does not take one of the options.

    Examples:
        >>> arrays("fashion-mnist-mini").classes
        10
    """
    images = names("images")
    if name in images:
        check_options("data_options", options, classification)
        return classification(name, **options)
    table = {"super-resolution": super_resolution, **{known: classification for known in images}}
    source = resolve(name, table, "data")
    check_options("data_options", options, source)
    return source(**options)
