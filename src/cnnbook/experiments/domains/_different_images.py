"""Images for the experiments of 5.17.2: moved, put into a quadrant, in another order, as symbols; and their networks.

A test set holds the same images several times, each time changed in another way, one way after the other, so that a
score can compare the decisions on an image with those on its changed copies (`by_change`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnnbook.data.catalogue import load
from cnnbook.data.sources import Arrays
from cnnbook.domains.differences import BlurPool2d, patch_order, permute_pixels, shift

TEST = 400  # test images, 40 of each class
OFFSETS = tuple(range(9))  # pixels to the right
QUADRANTS = ((1, 1), (1, 17), (17, 1), (17, 17))  # of the upper left corner in 32 × 32 pixels
LEVELS = 16
NOISE = (0, 1, 2, 4, 8, 16, 32, 64)  # grey levels of 256 by which each pixel may change
REPLACED = (1, 10, 30)  # per cent of the pixels
MOVED = {"mean": 0.0718, "std": 0.2073}  # of the small pictures on their black canvas; like those below, computed once
PLACED = {"mean": 0.0550, "std": 0.1839}


def fashion() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Training and test images ``float32`` 0…255 with their labels, the test images in equal numbers of each class."""
    data = load("fashion-mnist-mini")
    kept = torch.cat([(data.test_labels == c).nonzero().flatten()[: TEST // 10] for c in range(10)])
    return data.train_images.float(), data.train_labels, data.test_images[kept].float(), data.test_labels[kept]


def by_change(values: Tensor, changes: int) -> Tensor | None:
    """Values of a test set by change and image, ``(changes, TEST, …)``; None of anything but the test set."""
    return values.unflatten(0, (changes, TEST)) if len(values) == changes * TEST else None


def placed(images: Tensor, size: int, top: int, left: int) -> Tensor:
    """Images at half their size, 0…1, on a black square."""
    small = F.avg_pool2d(images / 255, 2)
    height, width = small.shape[-2:]
    return F.pad(small, (left, size - width - left, top, size - height - top))


def moved_images() -> Arrays:
    """Garments of 14 × 14 pixels on 28 × 28, to test on at each of `OFFSETS` to the right; nothing leaves the frame.

    Examples:
        >>> data = moved_images()
        >>> data.train_inputs.shape, data.test_inputs.shape
        (torch.Size([5000, 1, 28, 28]), torch.Size([3600, 1, 28, 28]))
    """
    train, labels, test, test_labels = fashion()
    test = placed(test, 28, 7, 3)
    changed = torch.cat([shift(test, right=offset) for offset in OFFSETS])
    return Arrays(placed(train, 28, 7, 3), labels, changed, test_labels.repeat(len(OFFSETS)), **MOVED)


def quadrant_images() -> Arrays:
    """Garments of 14 × 14 pixels in one quadrant of 32 × 32, which is the label; each test image in all four.

    Examples:
        >>> quadrant_images().test_inputs.shape, quadrant_images().classes
        (torch.Size([1600, 1, 32, 32]), 4)
    """
    train, _, test, _ = fashion()
    train_labels = torch.arange(4).repeat_interleave(len(train) // 4)
    inputs = torch.cat([placed(train[place::4], 32, *corner) for place, corner in enumerate(QUADRANTS)])
    changed = torch.cat([placed(test, 32, *corner) for corner in QUADRANTS])
    return Arrays(inputs, train_labels, changed, torch.arange(4).repeat_interleave(TEST), **PLACED)


def ordered_images(patch: int = 28, within: bool = False, each: bool = False) -> Arrays:
    """Images whose pixels stand in another order (`patch_order`).

    Args:
        patch: Side of the patches that the order moves; 28 leaves the images as they are.
        within: Whether it moves the pixels within each patch instead.
        each: Whether each image has an order of its own; else all have one.

    Examples:
        >>> ordered_images(patch=4).test_inputs.shape
        torch.Size([2000, 1, 28, 28])
    """
    data, draw = load("fashion-mnist-mini"), torch.Generator().manual_seed(5172)
    order = patch_order(28, patch, within, draw)

    def ordered(images: Tensor) -> Tensor:
        own = torch.stack([patch_order(28, patch, within, draw) for _ in images]) if each else order
        return permute_pixels(images, own)

    train, test = ordered(data.train_images), ordered(data.test_images)
    return Arrays(train, data.train_labels, test, data.test_labels, data.card.mean, data.card.std)


def levels(images: Tensor) -> Tensor:
    """Grey levels 0…255 as one of `LEVELS` symbols, whole numbers."""
    return (images.clamp(0, 255) * LEVELS / 256).floor()


def symbol_images() -> Arrays:
    """Images of 16 symbols: the grey level of each pixel; to test on, also with noise and with symbols replaced.

    Examples:
        >>> symbol_images().test_inputs.shape, symbol_images().test_inputs.unique().numel()
        (torch.Size([4400, 1, 28, 28]), 16)
    """
    train, labels, test, test_labels = fashion()
    draw = torch.Generator().manual_seed(5172)
    changed = []
    for most in NOISE:
        changed.append(levels(test + torch.randint(-most, most + 1, test.shape, generator=draw)))
    for share in REPLACED:
        hit = torch.rand(test.shape, generator=draw) * 100 < share
        changed.append(torch.where(hit, torch.randint(LEVELS, test.shape, generator=draw), levels(test)))
    return Arrays(levels(train), labels, torch.cat(changed), test_labels.repeat(len(changed)))


class Coding(nn.Module):
    """Symbols as numbers in their order, as numbers in another order, or one channel each (one-hot)."""

    table: Tensor
    symbols: Tensor

    def __init__(self, kind: str) -> None:
        super().__init__()
        numbers = torch.linspace(-1, 1, LEVELS)
        moves = torch.randperm(LEVELS, generator=torch.Generator().manual_seed(5172))
        tables = {"numbers": numbers[None], "shuffled": numbers[moves][None], "one_hot": torch.eye(LEVELS)}
        self.register_buffer("table", tables[kind])
        self.register_buffer("symbols", torch.arange(float(LEVELS))[:, None, None])

    def forward(self, symbols: Tensor) -> Tensor:
        """``(N, 1, H, W)`` to ``(N, C, H, W)``."""
        return torch.einsum("ck,nkhw->nchw", self.table, (symbols == self.symbols).to(self.table.dtype))


def network(
    head: str = "max",
    down: str = "stride",
    padding: Literal["zeros", "reflect", "replicate", "circular"] = "zeros",
    channels: Sequence[int] = (8, 24),
    size: int = 28,
    classes: int = 10,
    coding: str = "",
) -> nn.Sequential:
    """Two 5 × 5 convolutions, each of which halves height and width in one of three ways or not at all, and a head.

    Args:
        head: ``"flat"``: a linear layer on all places; ``"max"`` or ``"mean"``: one on the pooled channels.
        down: ``"stride"`` of the convolution, ``"max"`` pooling after it, ``"blur"`` (`BlurPool2d`) after it, or
            ``"none"``: all stays at full size (not with the flat head).
        padding: Of convolutions and blur, as PyTorch names it.
        channels: After each convolution.
        size: Height and width of the images.
        classes: Number of outputs.
        coding: How symbols are given to the first layer (`Coding`); for images nothing.

    Examples:
        >>> network(down="blur", padding="circular")(torch.zeros(2, 1, 28, 28)).shape
        torch.Size([2, 10])
    """
    layers: list[nn.Module] = [Coding(coding)] if coding else []
    before = LEVELS if coding == "one_hot" else 1
    halves: dict[str, Callable[[], nn.Module]] = {
        "max": lambda: nn.MaxPool2d(2),
        "blur": lambda: BlurPool2d(3, 2, padding),
    }
    for after in channels:
        stride = 2 if down == "stride" else 1
        layers += [nn.Conv2d(before, after, 5, stride, padding=2, padding_mode=padding), nn.ReLU()]
        layers += [halves[down]()] if down in halves else []
        before = after
    heads: dict[str, Any] = {"max": nn.AdaptiveMaxPool2d(1), "mean": nn.AdaptiveAvgPool2d(1)}
    layers += [heads[head]] if head in heads else []
    width = before * (size // 4) ** 2 if head == "flat" else before
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(width, classes))
