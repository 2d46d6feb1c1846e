"""The settings of a transposed convolution once checked. What a reader takes is in `cnnbook.convolution.transposed`."""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch.nn.functional as F
from torch import Tensor

from cnnbook.checks import Ints, per_axis
from cnnbook.convolution import _checks
from cnnbook.convolution._sizes import output_size


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

    def grid(self, tap: tuple[int, ...]) -> tuple:
        """Where on the canvas every pixel's stamp has its tap u: at u·d, u·d + s, u·d + 2s, ..."""
        axes = zip(tap, self.dilation, self.size, self.stride, strict=True)
        return (..., *(slice(u * d, u * d + (n - 1) * s + 1, s) for u, d, n, s in axes))

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
