"""What answers a shift (equivariance, invariance), and a layer that makes an image small without aliasing.

What a reader takes is in `cnnbook.domains.differences`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnnbook.checks import at_least_one, feature_maps, integer
from cnnbook.geometry import shift

PADDINGS = {"zeros": "constant", "circular": "circular", "reflect": "reflect", "replicate": "replicate"}


class BlurPool2d(nn.Module):
    r"""Blur with a binomial kernel, then keep every s-th pixel: a stride with less aliasing.

    $$y_{c,i,j} = \sum_{u,v} b_u\, b_v\; x_{c,\;si+u,\;sj+v},\qquad
    b_u = 2^{-(k-1)} \binom{k-1}{u}$$

    where x is padded by k − 1 pixels in all on each axis. As published it replaces the stride of a layer: max pooling
    becomes ``MaxPool2d(2, stride=1)``, then this; a strided convolution one of stride 1, its ReLU, then this.

    Args:
        kernel_size: k; 3 is the kernel (1, 2, 1) / 4. With 1 nothing is blurred: a plain stride.
        stride: s.
        padding_mode: ``"zeros"``, ``"circular"``, ``"reflect"`` or ``"replicate"``.

    Shapes:
        ``(N, C, H, W)`` to ``(N, C, ⌈H / s⌉, ⌈W / s⌉)``.

    Raises:
        ValueError: A number is below 1, or there is no such padding; in use, ``x`` is not ``(N, C, H, W)`` of floats.
        TypeError: A number is not whole.

    References:
        R. Zhang, "Making convolutional networks shift-invariant again", arXiv:1904.11486.

    Examples:
        >>> stripes = torch.tensor([0.0, 4.0, 0.0, 4.0]).expand(1, 1, 4, 4)
        >>> pool, blur = BlurPool2d(1), BlurPool2d(3, padding_mode="circular")
        >>> [pool(x)[0, 0, 0].tolist() for x in (stripes, shift(stripes, right=1))]
        [[0.0, 0.0], [4.0, 4.0]]
        >>> [blur(x)[0, 0, 0].tolist() for x in (stripes, shift(stripes, right=1))]
        [[2.0, 2.0], [2.0, 2.0]]
    """

    kernel: Tensor

    def __init__(self, kernel_size: int = 3, stride: int = 2, padding_mode: str = "reflect") -> None:
        super().__init__()
        at_least_one(kernel_size=integer("kernel_size", kernel_size), stride=integer("stride", stride))
        if padding_mode not in PADDINGS:
            raise ValueError(f"padding_mode must be one of {', '.join(PADDINGS)}, got {padding_mode!r}")
        row = torch.ones(1, dtype=torch.float64)
        for _ in range(kernel_size - 1):  # a row of Pascal's triangle from the one before, its sum kept at 1
            row = (F.pad(row, (1, 0)) + F.pad(row, (0, 1))) / 2
        row = row.float()
        self.register_buffer("kernel", row[:, None] * row, persistent=False)
        self.stride, self.padding_mode = stride, padding_mode
        self.padding = ((kernel_size - 1) // 2, kernel_size // 2)

    def forward(self, x: Tensor) -> Tensor:
        """Apply it to ``(N, C, H, W)``, of floats."""
        feature_maps("x", x)
        if not x.is_floating_point():
            raise ValueError(f"x must be of floats, got {x.dtype}: a kernel of whole numbers would be all zeros")
        channels = x.shape[1]
        kernel = self.kernel.to(x.dtype).expand(channels, 1, *self.kernel.shape)
        return F.conv2d(
            F.pad(x, self.padding * 2, PADDINGS[self.padding_mode]), kernel, None, self.stride, groups=channels
        )

    def extra_repr(self) -> str:
        """What ``print`` shows."""
        return f"kernel_size={len(self.kernel)}, stride={self.stride}, padding_mode={self.padding_mode!r}"


@torch.no_grad()
def shift_consistency(
    network: Callable[[Tensor], Tensor],
    images: Tensor,
    offsets: Iterable[int],
    padding: str = "circular",
    fill: float = 0.0,
) -> Tensor:
    r"""How often a classifier decides the same when all is moved to the right.

    $$c(r) = \frac1N \sum_n \bigl[\,\arg\max f(x_n) = \arg\max f(T_r\,x_n)\,\bigr]$$

    It does not ask whether the decision is right: a network that always says "shoe" is perfectly consistent.

    Args:
        network: From images to scores ``(N, classes)``; in evaluation mode, if it has one.
        images: ``(N, C, H, W)``.
        offsets: Pixels to the right, one or more.
        padding: How they move, see `shift`.
        fill: See `shift`.

    Returns:
        A share 0…1 for each offset; NaN where a score is not finite.

    Raises:
        ValueError: There are no images or offsets.

    Examples:
        >>> brighter_half = lambda x: torch.stack([x[..., :2].sum((1, 2, 3)), x[..., 2:].sum((1, 2, 3))], dim=1)
        >>> dot = torch.tensor([[[[0.0, 1.0, 0.0, 0.0]]]])
        >>> shift_consistency(brighter_half, dot, offsets=[0, 1, 2, 3]).tolist()
        [1.0, 0.0, 0.0, 1.0]
    """
    offsets = list(offsets)
    if not len(images) or not offsets:
        raise ValueError(f"there must be images and offsets, got {len(images)} images and offsets={offsets}")
    unmoved = network(images)
    shares = []
    for offset in offsets:
        moved = network(shift(images, 0, offset, padding, fill))
        same = (moved.argmax(1) == unmoved.argmax(1)).float().mean()
        shares.append(same if moved.isfinite().all() and unmoved.isfinite().all() else torch.full_like(same, math.nan))
    return torch.stack(shares)
