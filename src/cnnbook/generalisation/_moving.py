r"""Augmentation of single images: moved, mirrored, turned, cropped, covered, disturbed.

What a reader takes is in `cnnbook.generalisation.augmentation`.

References:
    L. Perez, J. Wang, "The effectiveness of data augmentation in image classification", arXiv:1712.04621.
    C. Szegedy et al., "Going deeper with convolutions", arXiv:1409.4842 (random resized crops).
    T. DeVries, G. W. Taylor, "Improved regularization of convolutional neural networks with cutout", arXiv:1708.04552.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from cnnbook.checks import feature_maps, holds, integer, one_each
from cnnbook.precision import single


def flip(images: Tensor, axis: str = "horizontal") -> Tensor:
    """The mirror image: left and right exchanged, or top and bottom.

    Args:
        images: ``(N, C, H, W)``, of floats.
        axis: ``"horizontal"`` (a shoe points the other way) or ``"vertical"`` (it stands on its head).

    Returns:
        Images of the same shape.

    Raises:
        ValueError: The images are not as said, or there is no such axis.

    Examples:
        >>> flip(torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]))[0, 0].tolist()
        [[2.0, 1.0], [4.0, 3.0]]
    """
    check_images(images)
    check_axis(axis)
    return images.flip(-1 if axis == "horizontal" else -2)


def rotate(images: Tensor, degrees: Tensor, fill: float = 0.0) -> Tensor:
    r"""Each image turned anticlockwise about its centre, values between pixels interpolated (bilinear).

    $$y(p) = x\bigl(c + R_\theta^\top(p - c)\bigr)$$

    with the centre c and the rotation $R_\theta$ by the angle.

    Args:
        images: ``(N, C, H, W)``, of floats.
        degrees: Angle of each image, ``(N,)``.
        fill: Value of what comes into the frame.

    Returns:
        ``(N, C, H, W)``.

    Raises:
        ValueError: The images are not as said, or there is not one angle an image.

    Examples:
        >>> x = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
        >>> rotate(x, torch.tensor([90.0]))[0, 0].round().tolist()
        [[2.0, 4.0], [1.0, 3.0]]
    """
    check_images(images)
    one_each(degrees, images, "angle")
    down, right = _places(images)
    turn = torch.deg2rad(degrees.to(down.dtype))[:, None, None]
    return _sampled(images, turn.cos() * down + turn.sin() * right, turn.cos() * right - turn.sin() * down, fill)


def resized_crop(images: Tensor, top: Tensor, left: Tensor, height: Tensor, width: Tensor) -> Tensor:
    r"""A rectangle of each image, stretched to the size of the whole (bilinear).

    $$y_{ij} = x\Bigl(t + \tfrac{h}{H}(i + \tfrac12) - \tfrac12,\;
    l + \tfrac{w}{W}(j + \tfrac12) - \tfrac12\Bigr)$$

    Between the outermost pixels of the rectangle and what lies around it, values are interpolated; at the border of the
    image its last pixel goes on.

    Args:
        images: ``(N, C, H, W)``, of floats.
        top: Upper edge of each rectangle in pixels, ``(N,)``, 0 … H − height; need not be whole.
        left: Left edge, ``(N,)``.
        height: Height, ``(N,)``, of more than 0.
        width: Width, ``(N,)``.

    Returns:
        ``(N, C, H, W)``.

    Raises:
        ValueError: The images are not as said, there is not one rectangle an image, or one has no area.

    Examples:
        >>> x = torch.arange(16.0).reshape(1, 1, 4, 4)
        >>> half = torch.tensor([2.0])
        >>> resized_crop(x, top=half, left=half, height=half, width=half)[0, 0, 0].tolist()
        [8.75, 9.25, 9.75, 10.0]
    """
    check_images(images)
    for edge in (top, left, height, width):
        one_each(edge, images, "rectangle")
    if not holds((height > 0) & (width > 0)):
        raise ValueError(f"height and width must be more than 0, got {height.tolist()} and {width.tolist()}")
    down, right = _places(images)
    rows, columns = images.shape[-2:]
    top, left, height, width = (edge.to(down.dtype)[:, None, None] for edge in (top, left, height, width))
    down = top + height / 2 - rows / 2 + down * height / rows
    right = left + width / 2 - columns / 2 + right * width / columns
    return _sampled(images, down, right, None)


def erase(images: Tensor, row: Tensor, column: Tensor, size: int, fill: float = 0.0) -> Tensor:
    r"""A square of each image covered; what of it lies outside of the image covers nothing.

    $$y_{ij} = \text{fill where } -\tfrac{S}{2} \le i - r < \tfrac{S}{2}
    \text{ and } -\tfrac{S}{2} \le j - c < \tfrac{S}{2},\quad \text{else } x_{ij}$$

    Args:
        images: ``(N, C, H, W)``, of floats.
        row: Row of the square's centre, ``int64 (N,)``; of an even side, the upper left one of the four in the middle
            is one above and to the left of it.
        column: Its column, ``int64 (N,)``.
        size: Side of the square, in pixels.
        fill: What it is covered with.

    Returns:
        ``(N, C, H, W)``.

    Raises:
        ValueError: The images are not as said, there is not one square an image, or ``size`` is below 1.

    Examples:
        >>> erase(torch.ones(1, 1, 3, 3), torch.tensor([0]), torch.tensor([1]), size=2)[0, 0].tolist()
        [[0.0, 0.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]
    """
    check_images(images)
    integer("size", size)
    covered = []
    for axis, centre in ((-2, row), (-1, column)):
        one_each(centre, images, "centre")
        start = centre[:, None] - size // 2
        place = torch.arange(images.shape[axis], device=images.device)
        covered.append((place >= start) & (place < start + size))
    square = covered[0][:, None, :, None] & covered[1][:, None, None, :]
    return torch.where(square, fill, images)


def _places(images: Tensor) -> tuple[Tensor, Tensor]:
    """Rows ``(1, H, 1)`` and columns ``(1, 1, W)`` of the pixels, counted from the image's centre.

    Of halves in single precision: bfloat16 knows no place between 128 and 129.
    """
    kind = single(images[:0]).dtype
    down, right = (torch.arange(n, dtype=kind, device=images.device) - (n - 1) / 2 for n in images.shape[-2:])
    return down[None, :, None], right[None, None, :]


def _sampled(images: Tensor, down: Tensor, right: Tensor, fill: float | None) -> Tensor:
    """The images read at places counted from their centre; outside of them, ``fill`` or what is at the border."""
    height, width = images.shape[-2:]
    down, right = torch.broadcast_tensors(2 * down / height, 2 * right / width)
    grid = torch.stack([right, down], dim=-1)  # grid_sample wants −1 … 1, the column first
    whole = single(images)
    if fill is None:
        found = F.grid_sample(whole, grid, padding_mode="border", align_corners=False)
    else:
        found = F.grid_sample(whole - fill, grid, padding_mode="zeros", align_corners=False) + fill
    return found.to(images.dtype)


def check_images(images: Tensor) -> None:
    """Refuse what is no batch of images that can be computed with."""
    feature_maps("images", images)
    if not images.is_floating_point():
        raise ValueError(f"images must be of floats, got {images.dtype}: divide whole numbers 0…255 by 255 first")


def check_axis(axis: str) -> None:
    """Refuse an axis that is none."""
    if axis not in ("horizontal", "vertical"):
        raise ValueError(f"axis must be 'horizontal' or 'vertical', got {axis!r}")


def check_probability(name: str, p: float) -> None:
    """Refuse what is no probability."""
    if not 0 <= p <= 1:
        raise ValueError(f"the probability must be in [0, 1], got {name}={p}")
