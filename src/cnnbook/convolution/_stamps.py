r"""What every pixel of an image that is enlarged paints. What a reader takes is in `checkerboard`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import ceil
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnbook.precision import single, without_autocast

Pair = tuple[int, int]
REACH = {"bilinear": 1, "bicubic": 2}  # how many pixels away a pixel is still seen; nearest repeats it, no more


@dataclass(frozen=True)
class TransposedKernel:
    """A transposed convolution: its weights and settings, by the names of ``torch.nn.functional.conv_transpose2d``.

    Call it with an image, or give PyTorch its ``arguments``, ``F.conv_transpose2d(x, **kernel.arguments)``, which are
    all of it unless the phases have biases of their own.

    Attributes:
        weight: (C_in, C_out / groups, kH, kW).
        bias: (C_out,), or None.
        stride: s, (vertical, horizontal), as all pairs here.
        padding: p.
        output_padding: as in PyTorch.
        groups: as in PyTorch.
        dilation: d.
        phase_bias: (C_out, sH, sW), what each phase of the output gets beside the bias, zero on average over the phases
            of a channel; None for a layer that has one bias a channel. No transposed convolution of PyTorch has it.

    Examples:
        >>> kernel = TransposedKernel(torch.ones(1, 1, 2, 2), bias=None, stride=(2, 2))
        >>> kernel(torch.tensor([[[1.0, 2.0]]])).tolist()
        [[[1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0]]]
    """

    weight: Tensor
    bias: Tensor | None = None
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    output_padding: Pair = (0, 0)
    groups: int = 1
    dilation: Pair = (1, 1)
    phase_bias: Tensor | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        """What ``torch.nn.functional.conv_transpose2d`` takes beside the image: all but the biases of the phases."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "phase_bias"}

    def __call__(self, x: Tensor) -> Tensor:
        """Apply it, the biases of the phases included, to (C_in, H, W) or (N, C_in, H, W)."""
        y = F.conv_transpose2d(x, **self.arguments)
        if self.phase_bias is None:
            return y
        periods = (ceil(n / s) for n, s in zip(y.shape[-2:], self.stride, strict=True))
        return y + self.phase_bias.repeat(1, *periods)[:, : y.shape[-2], : y.shape[-1]].to(y.dtype)


def placed(
    weight: Tensor,
    stride: Pair,
    first: tuple[int, ...],
    extra: tuple[int, ...],
    bias: Tensor | None,
    groups: int = 1,
    phase_bias: Tensor | None = None,
) -> TransposedKernel:
    """The settings that put the first tap of pixel 0 on output ``first`` and make n pixels s·n + ``extra``."""
    padding, zeros = [], []
    for k, s, a, e in zip(weight.shape[2:], stride, first, extra, strict=True):
        before = max(0, a, k - s - e + 2 * a)  # the same padding cuts both ends: taps of zero where one has too many
        padding.append(before - a)
        zeros.append((before, s + e + 2 * padding[-1] - k - before))
    (top, bottom), (left, right) = zeros
    weight = F.pad(weight, (left, right, top, bottom))
    return TransposedKernel(weight, bias, stride, (padding[0], padding[1]), groups=groups, phase_bias=phase_bias)


def full(weight: Tensor, taps: Tensor, dilation: Any = 1) -> Tensor:
    """Every kernel of a weight, dilated, convolved in full with the same taps; halves in single precision."""
    with without_autocast(weight):
        each = single(weight).flatten(0, 1)[None]
        result = F.conv_transpose2d(single(taps)[None, None], each, dilation=dilation)
    return result[0].unflatten(0, weight.shape[:2]).to(weight.dtype)


def response(scale: Pair, mode: str, like: Tensor) -> tuple[Tensor, Pair]:
    """What resizing makes of one pixel in the middle of five, and where that begins, from the pixel's first cell on."""
    pixel = torch.zeros(1, 1, 5, 5, dtype=single(like).dtype, device=like.device)
    pixel[..., 2, 2] = 1
    painted, reach = F.interpolate(pixel, scale_factor=scale, mode=mode)[0, 0], REACH.get(mode)
    starts = [0 if reach is None else -((2 * reach - 1) * s // 2) for s in scale]
    counts = [s if reach is None else 2 * reach * s - s % 2 for s in scale]
    rows, columns = (slice(2 * s + a, 2 * s + a + n) for s, a, n in zip(scale, starts, counts, strict=True))
    return painted[rows, columns], (starts[0], starts[1])
