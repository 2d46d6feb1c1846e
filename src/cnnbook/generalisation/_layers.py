"""Layers that augment one image at a time. What a reader takes is in `cnnbook.generalisation.augmentation`."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from cnnbook.checks import integer
from cnnbook.generalisation._augmentation import Augmentation, centre
from cnnbook.generalisation._draws import normal
from cnnbook.generalisation._moving import (
    check_axis,
    check_images,
    check_probability,
    erase,
    flip,
    resized_crop,
    rotate,
)
from cnnbook.geometry import shift


class RandomShift(Augmentation):
    """Moves each image by −pixels … pixels, down and across, every whole number alike.

    Args:
        pixels: The furthest, at least 0.
        fill: Value of what comes into the frame: the background's, in the units of the images.

    Raises:
        ValueError: ``pixels`` is negative, or, in use, the images are not ``(N, C, H, W)`` of floats.

    Examples:
        >>> _ = torch.manual_seed(0)
        >>> RandomShift(1)(torch.ones(1, 1, 3, 3), torch.tensor([7]))[0][0, 0].tolist()
        [[0.0, 1.0, 1.0], [0.0, 1.0, 1.0], [0.0, 1.0, 1.0]]
    """

    draws = 2

    def __init__(self, pixels: int = 2, fill: float = 0.0) -> None:
        super().__init__()
        self.pixels, self.fill = integer("pixels", pixels), fill

    def change(self, inputs: Tensor, targets: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
        """See `Augmentation`."""
        down, right = ((u * (2 * self.pixels + 1)).long() - self.pixels).unbind(1)
        return shift(inputs, down, right, "zeros", self.fill), targets


class RandomFlip(Augmentation):
    """Mirrors each image with probability p.

    Args:
        p: Probability, 0 … 1.
        axis: ``"horizontal"`` or ``"vertical"``, see `flip`.

    Raises:
        ValueError: The probability is outside [0, 1], or there is no such axis.

    Examples:
        >>> RandomFlip(1.0)(torch.tensor([[[[1.0, 2.0]]]]), torch.tensor([0]))[0].tolist()
        [[[[2.0, 1.0]]]]
    """

    def __init__(self, p: float = 0.5, axis: str = "horizontal") -> None:
        super().__init__()
        check_probability("p", p)
        check_axis(axis)
        self.p, self.axis = p, axis

    def change(self, inputs: Tensor, targets: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
        """See `Augmentation`."""
        return torch.where((u < self.p)[:, :, None, None], flip(inputs, self.axis), inputs), targets


class RandomRotation(Augmentation):
    """Turns each image by −degrees … degrees, every angle alike.

    Args:
        degrees: The furthest, 0 … 180.
        fill: Value of what comes into the frame.

    Raises:
        ValueError: The angle is outside [0, 180].

    Examples:
        >>> _ = torch.manual_seed(0)
        >>> x, _ = RandomRotation(30)(torch.ones(1, 1, 3, 3), torch.tensor([7]))
        >>> round(float(x[0, 0, 1, 1]), 4), round(float(x[0, 0, 0, 0]), 1)
        (1.0, 1.0)
    """

    def __init__(self, degrees: float = 15.0, fill: float = 0.0) -> None:
        super().__init__()
        if not 0 <= degrees <= 180:
            raise ValueError(f"the angle must be in [0, 180], got degrees={degrees}")
        self.degrees, self.fill = degrees, fill

    def change(self, inputs: Tensor, targets: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
        """See `Augmentation`."""
        return rotate(inputs, (2 * u[:, 0] - 1) * self.degrees, self.fill), targets


class RandomResizedCrop(Augmentation):
    """Cuts a rectangle out of each image and stretches it to the size of the whole.

    Args:
        scale: Least and greatest share of the area, in (0, 1].
        ratio: Least and greatest ratio of width to height; its logarithm is uniform. Sides are cut to the image's.

    Raises:
        ValueError: A share is outside (0, 1], a ratio is not positive, or the greatest is below the least.

    Examples:
        >>> x = torch.rand(2, 1, 8, 8)
        >>> bool(torch.allclose(RandomResizedCrop((1, 1), (1, 1))(x, torch.tensor([0, 1]))[0], x, atol=1e-6))
        True
    """

    draws = 4

    def __init__(self, scale: tuple[float, float] = (0.5, 1.0), ratio: tuple[float, float] = (3 / 4, 4 / 3)) -> None:
        super().__init__()
        if not 0 < scale[0] <= scale[1] <= 1:
            raise ValueError(f"shares of the area must rise within (0, 1], got scale={tuple(scale)}")
        if not 0 < ratio[0] <= ratio[1] < math.inf:
            raise ValueError(f"ratios must rise and be positive and finite, got ratio={tuple(ratio)}")
        self.scale, self.ratio = tuple(scale), tuple(ratio)

    def change(self, inputs: Tensor, targets: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
        """See `Augmentation`."""
        rows, columns = inputs.shape[-2:]
        area = self.scale[0] + u[:, 0] * (self.scale[1] - self.scale[0])
        low, high = (math.log(ratio) for ratio in self.ratio)
        root = torch.exp((low + u[:, 1] * (high - low)) / 2)
        height = (rows * area.sqrt() / root).clamp(max=rows)
        width = (columns * area.sqrt() * root).clamp(max=columns)
        return resized_crop(inputs, u[:, 2] * (rows - height), u[:, 3] * (columns - width), height, width), targets


class Cutout(Augmentation):
    """Covers a square of each image, its centre anywhere in the image.

    Args:
        size: Side of the square, at least 1.
        fill: What it is covered with.

    Raises:
        ValueError: ``size`` is below 1.

    Examples:
        >>> _ = torch.manual_seed(0)
        >>> Cutout(2)(torch.ones(1, 1, 3, 3), torch.tensor([7]))[0][0, 0].tolist()
        [[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 1.0]]
    """

    draws = 2

    def __init__(self, size: int = 8, fill: float = 0.0) -> None:
        super().__init__()
        self.size, self.fill = integer("size", size), fill

    def change(self, inputs: Tensor, targets: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
        """See `Augmentation`."""
        row, column = centre(u, inputs)
        return erase(inputs, row, column, self.size, self.fill), targets


class GaussianNoise(Augmentation):
    """Adds normally distributed noise to each pixel.

    Args:
        std: Standard deviation, in the units of the images, at least 0.

    Raises:
        ValueError: ``std`` is negative or not finite.

    Examples:
        >>> _ = torch.manual_seed(0)
        >>> x, _ = GaussianNoise(0.5)(torch.zeros(8, 1, 32, 32), torch.zeros(8))
        >>> round(float(x.std()), 1)
        0.5
    """

    def __init__(self, std: float = 0.1) -> None:
        super().__init__()
        if not 0 <= std < math.inf:
            raise ValueError(f"the standard deviation must be at least 0 and finite, got std={std}")
        self.std = std

    def forward(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """See `Augmentation`; it draws for every pixel."""
        check_images(inputs)
        if not self.training:
            return inputs, targets
        u = self.uniform((len(inputs), 2, *inputs.shape[1:]))
        return inputs + self.std * normal(u[:, 0], u[:, 1]).to(inputs.dtype), targets
