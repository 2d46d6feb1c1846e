r"""Upsampling layers: what all have in common, and those that are a transposed convolution with one kernel.

What a reader takes is in `cnnbook.convolution.upsampling`.

Every layer maps (N, C, H, W) to exactly (N, out_channels, scale · H, scale · W). Past the border each one goes on with
the nearest pixel: a rim of zeros would be seen in the output, and a constant image would not stay one.

References:
    Sugawara et al., *Super-Resolution using Convolutional Neural Networks without Any Checkerboard Artifacts*,
    arXiv:1806.02658 (a fixed smoothing layer after the upsampling one).
"""

from math import ceil

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnbook.checks import integer
from cnnbook.convolution._phases import balanced, phase_matrices


class Upsample(nn.Module):
    """What all have in common: the three arguments, and a check of the input."""

    def __init__(self, in_channels: int, out_channels: int, scale: int) -> None:
        super().__init__()
        self.in_channels = integer("in_channels", in_channels)
        self.out_channels = integer("out_channels", out_channels)
        self.scale = integer("scale", scale)

    def forward(self, x: Tensor) -> Tensor:
        """Enlarge (N, C, H, W) to (N, out_channels, scale · H, scale · W)."""
        if x.ndim != 4 or x.shape[1] != self.in_channels:
            raise ValueError(f"the input must be (N, {self.in_channels}, H, W), got shape {tuple(x.shape)}")
        return self.enlarge(x)[..., : self.scale * x.shape[2], : self.scale * x.shape[3]]

    def enlarge(self, x: Tensor) -> Tensor:
        """Enlarge (N, C, H, W), to that size at least."""
        raise NotImplementedError


@torch.no_grad()
def fan_in_(layer: nn.ConvTranspose2d) -> nn.ConvTranspose2d:
    r"""Draw the weight and bias of a transposed convolution again, in place, for the fan-in that it has.

    $$w, b \sim U\left(-\frac{1}{\sqrt{f}},\ \frac{1}{\sqrt{f}}\right), \qquad
    f = \frac{C_\text{in}}{\text{groups}} \cdot \frac{k_H\, k_W}{s_H\, s_W}$$

    So PyTorch draws a convolution, with the number f of products that an output adds up. For a transposed convolution
    it takes C_out · k_H · k_W instead: the axes of the weight stand the other way round, and of the k_H · k_W taps an
    output meets only those of one phase.

    Args:
        layer: its weight is (C_in, C_out / groups, kH, kW).

    Returns:
        The layer.

    Raises:
        IndexError: the layer's kernels lie along one axis alone.

    Examples:
        >>> layer = fan_in_(nn.ConvTranspose2d(64, 8, kernel_size=2, stride=2))  # f = 64
        >>> bool(0.12 < layer.weight.abs().max() <= 1 / 8)
        True
    """
    taps, phases = layer.weight[0, 0].numel(), layer.stride[0] * layer.stride[1]
    bound = (layer.in_channels / layer.groups * taps / phases) ** -0.5
    for parameter in layer.parameters():
        nn.init.uniform_(parameter, -bound, bound)
    return layer


class TransposedUpsample(Upsample):
    r"""A transposed convolution. It stays flat on constant input only where its phase sums happen to be equal.

    Args:
        in_channels: C of the input.
        out_channels: C of the output.
        scale: s, the stride.
        kernel_size: k ≥ s, by default 2s. Where k - s is odd, the stamps lie half a pixel too far to the bottom right.
        fan_in: start at the layer's true fan-in, see `fan_in_`; else as PyTorch draws it.

    Raises:
        TypeError: an argument is not an int.
        ValueError: an argument is below 1, the kernel is smaller than the stride, or, in use, the shape does not fit.

    Examples:
        >>> TransposedUpsample(8, 3, scale=2, kernel_size=3)(torch.ones(1, 8, 5, 6)).shape
        torch.Size([1, 3, 10, 12])
    """

    blurs = 0

    def __init__(
        self, in_channels: int, out_channels: int, scale: int, kernel_size: int | None = None, fan_in: bool = False
    ) -> None:
        super().__init__(in_channels, out_channels, scale)
        kernel_size = 2 * scale if kernel_size is None else integer("kernel_size", kernel_size)
        phase_matrices(torch.empty(kernel_size), scale)  # refuses a kernel with fewer taps than phases
        # The whole kernel, blur included, hangs over an output cell by so many cells; half of them on either side.
        over = kernel_size - scale + self.blurs * (scale - 1)
        self.rim = ceil((over - over // 2) / scale)  # pixels around the input that its outputs depend on
        self.padding = self.rim * scale + over // 2 - self.blurs * (scale - 1)
        self.conv = nn.ConvTranspose2d(in_channels, out_channels, kernel_size, scale, self.padding)
        if fan_in:
            fan_in_(self.conv)

    def enlarge(self, x: Tensor) -> Tensor:
        return self.conv(F.pad(x, [self.rim] * 4, mode="replicate"))


class BalancedTransposedUpsample(TransposedUpsample):
    """A transposed convolution whose kernel is balanced at every forward: clean on constants by construction.

    The weight that learns is free; the one that is used is its nearest with equal phase sums, see `balance_phases`. At
    order 2 ramps are without a lattice as well, at the cost of weights: 7 are left of 16 for k = 4 at scale 2.

    Args:
        in_channels: C of the input.
        out_channels: C of the output.
        scale: s, the stride.
        kernel_size: k ≥ s, by default 2s; at least order · (s - 1) + 1.
        fan_in: as for `TransposedUpsample`.
        order: the degree below which polynomials are to be without a lattice: 1 constants, 2 ramps.

    Raises:
        TypeError: as for `TransposedUpsample`.
        ValueError: as for `TransposedUpsample`, or the order is below 1 or too high for the kernel.

    Examples:
        >>> flat = BalancedTransposedUpsample(1, 1, scale=2, kernel_size=3)(torch.ones(1, 1, 4, 4))
        >>> bool((flat.max() - flat.min()).abs() < 1e-6)
        True
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        scale: int,
        kernel_size: int | None = None,
        fan_in: bool = False,
        order: int = 1,
    ) -> None:
        super().__init__(in_channels, out_channels, scale, kernel_size, fan_in)
        self.order = integer("order", order)
        balanced(torch.empty(self.conv.kernel_size), scale, order=order)  # refuses a kernel with too few taps

    def enlarge(self, x: Tensor) -> Tensor:
        weight, x = balanced(self.conv.weight, self.scale, order=self.order), F.pad(x, [self.rim] * 4, mode="replicate")
        return F.conv_transpose2d(x, weight, self.conv.bias, self.scale, self.padding)


class BlurredTransposedUpsample(TransposedUpsample):
    r"""A transposed convolution, then a running mean over s × s: flat on constant input whatever the weights.

    The mean of s neighbours is a kernel b of s taps 1/s, so that the two layers are one with the kernel w ∗ b. Of any s
    taps in a row each phase has one; tap v of the kernel w thus adds w_v / s to *every* phase, and each phase sums to

    $$S_r = \sum_v w_v \sum_{u \equiv r - v} b_u = \frac{1}{s} \sum_v w_v, \qquad
    B(\omega) = \frac{1}{s} \sum_{u=0}^{s-1} e^{-i \omega u} = 0 \text{ at } \omega = 2\pi m / s,\; m = 1, \dots, s-1.$$

    Args:
        in_channels: C of the input.
        out_channels: C of the output.
        scale: s, the stride, and the side of the mean.
        kernel_size: k ≥ s, the taps that learn, by default 2s. With the mean they reach k + s - 1.
        fan_in: as for `TransposedUpsample`.

    Raises:
        TypeError: as for `TransposedUpsample`.
        ValueError: as for `TransposedUpsample`.

    Examples:
        >>> flat = BlurredTransposedUpsample(1, 1, scale=3)(torch.ones(1, 1, 4, 4))
        >>> bool((flat.max() - flat.min()).abs() < 1e-6)
        True
    """

    blurs = 1

    def enlarge(self, x: Tensor) -> Tensor:
        return F.avg_pool2d(super().enlarge(x), self.scale, stride=1)
