"""The settings of a transposed convolution once checked. What a reader takes is in `cnnbook.convolution.transposed`."""

from collections.abc import Callable, Iterator
from math import prod
from typing import Any, NamedTuple

import torch.nn.functional as F
from torch import Tensor

from cnnbook.checks import Ints, per_axis
from cnnbook.convolution import _checks
from cnnbook.convolution._sizes import output_size

BAND = 1_200_000  # numbers that are stamped at a time: they stay in the processor's cache until they are added up


class Plan(NamedTuple):
    """The settings once checked, one int an axis, and where they put things."""

    size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    dilation: tuple[int, ...]
    kernel: tuple[int, ...]
    out: tuple[int, ...]

    @property
    def conv(self) -> Callable[..., Tensor]:
        return (F.conv1d, F.conv2d, F.conv3d)[len(self.size) - 1]

    @property
    def canvas(self) -> tuple[int, ...]:
        """The lengths of the output before the padding is cut off."""
        return tuple(m + 2 * p for m, p in zip(self.out, self.padding, strict=True))

    def bands(self, numbers: int) -> Iterator[tuple[int, int]]:
        """The rows of the input in bands, each as its first row and how many, of about so many stamped numbers."""
        stamped = numbers * prod(self.kernel) * prod(self.size[1:])  # by one row
        rows = max(1, BAND // max(1, stamped))
        return ((first, min(rows, self.size[0] - first)) for first in range(0, self.size[0], rows))

    def grid(self, tap: tuple[int, ...], first: int = 0, rows: int | None = None) -> tuple:
        """Where on the canvas all pixels, or a band's, have the tap u of their stamps: at u·d, u·d + s, ..."""
        firsts, sizes = (first, *[0] * (len(tap) - 1)), (rows or self.size[0], *self.size[1:])
        axes = zip(tap, self.dilation, firsts, sizes, self.stride, strict=True)
        return (..., *(slice(u * d + i * s, u * d + (i + n - 1) * s + 1, s) for u, d, i, n, s in axes))

    def crop(self, canvas: Tensor) -> Tensor:
        lengths = canvas.shape[-len(self.padding) :]
        return canvas[(..., *(slice(p, length - p) for p, length in zip(self.padding, lengths, strict=True)))]


def planned(
    weight: Tensor, size: Ints, stride: Ints, padding: Ints, output_padding: Ints, groups: int, dilation: Ints
) -> Plan:
    _checks.transposed_weight(weight, groups)
    kernel = tuple(weight.shape[2:])
    settings = {"size": size, "stride": stride, "padding": padding, "dilation": dilation}
    settings = {name: per_axis(name, value, len(kernel)) for name, value in settings.items()}
    extra = per_axis("output_padding", output_padding, len(kernel))
    return Plan(**settings, kernel=kernel, out=output_size(kernel_size=kernel, output_padding=extra, **settings))


def read(input: Tensor, weight: Tensor, *settings: Any) -> tuple[Tensor, Plan]:
    """The input as a batch, and the plan."""
    _checks.floating(input=input, weight=weight)
    _checks.transposed_input(input, weight)
    batch = input if input.dim() == weight.dim() else input[None]
    return batch, planned(weight, tuple(batch.shape[2:]), *settings)
