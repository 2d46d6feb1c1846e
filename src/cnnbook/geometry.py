"""Where things lie in an image: how far an output sees, and images moved by whole pixels."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from cnnbook.checks import at_least_one, one_each


def receptive_field(layers: Iterable[tuple[int, int, int]]) -> int:
    r"""Side of the region of the input that one output of stacked layers depends on.

    $$r = 1 + \sum_l d_l (k_l - 1) \prod_{m < l} s_m$$

    Args:
        layers: Kernel k, stride s and dilation d of each layer, from the input on; of pooling, its window.

    Returns:
        The side r in pixels; 1 without layers.

    Raises:
        ValueError: A kernel, stride or dilation is below 1.

    Examples:
        >>> receptive_field([(3, 1, 1), (3, 1, 1)]), receptive_field([(5, 1, 1)])
        (5, 5)
        >>> receptive_field([(5, 2, 1), (3, 2, 1)])  # the book's small network
        9
    """
    side, step = 1, 1
    for kernel, stride, dilation in layers:
        at_least_one(kernel=kernel, stride=stride, dilation=dilation)
        side += dilation * (kernel - 1) * step
        step *= stride
    return side


def shift(
    images: Tensor, down: int | Tensor = 0, right: int | Tensor = 0, padding: str = "circular", fill: float = 0.0
) -> Tensor:
    r"""Images moved by whole pixels, all alike or each by its own.

    $$y_{i,j} = x_{(i-d) \bmod H,\;(j-r) \bmod W}\quad\text{(circular)},\qquad
    y_{i,j} = x_{i-d,\;j-r}\quad\text{(zeros: the fill where there is no such pixel)}$$

    Args:
        images: ``(…, H, W)``.
        down: Pixels downwards; negative ones upwards. One number for all images, or ``int64 (N,)`` for images
            ``(N, …, H, W)``.
        right: Pixels to the right, likewise.
        padding: ``"circular"``: what leaves on one side comes back on the other; ``"zeros"``: it is lost.
        fill: What comes in with ``"zeros"``; of a standardised image, the value of its background.

    Returns:
        Images of the same shape.

    Raises:
        ValueError: There is no such padding, or there is not one shift an image.

    Examples:
        >>> row = torch.tensor([[1, 2, 3]])
        >>> shift(row, right=1).tolist(), shift(row, right=1, padding="zeros").tolist()
        ([[3, 1, 2]], [[0, 1, 2]])
        >>> shift(torch.tensor([[[1, 2]], [[1, 2]]]), right=torch.tensor([0, 1]), padding="zeros", fill=9).tolist()
        [[[1, 2]], [[9, 1]]]
    """
    if padding not in ("circular", "zeros"):
        raise ValueError(f"padding must be 'circular' or 'zeros', got {padding!r}")
    outside = torch.full((), fill, dtype=images.dtype, device=images.device)
    for axis, pixels in ((-2, down), (-1, right)):
        size, place = images.shape[axis], [1] * images.ndim
        source = torch.arange(size, device=images.device)  # where each pixel comes from: (size,), or (N, size)
        if isinstance(pixels, Tensor):
            one_each(pixels, images, "shift")
            source, place[0] = source - pixels[:, None], len(images)
        else:
            source = source - pixels
        place[axis] = size
        taken = images.gather(axis, (source % size).reshape(place).expand(images.shape))
        inside = ((source >= 0) & (source < size)).reshape(place)
        images = taken if padding == "circular" else torch.where(inside, taken, outside)
    return images
