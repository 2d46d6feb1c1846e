r"""Upsampling layers with one interface. What a reader takes is in `cnnbook.convolution.checkerboard`.

Every layer maps (N, C, H, W) to exactly (N, out_channels, scale · H, scale · W). Past the border each one goes on with
the nearest pixel: a rim of zeros would be seen in the output, and a constant image would not stay one.

References:
    Odena, Dumoulin & Olah, *Deconvolution and Checkerboard Artifacts*, Distill 2016 (resize, then convolve).
    Shi et al., *Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural
    Network*, arXiv:1609.05158.
    Aitken et al., *Checkerboard artifact free sub-pixel convolution*, arXiv:1707.02937 (ICNR).
    Sugawara et al., *Super-Resolution using Convolutional Neural Networks without Any Checkerboard Artifacts*,
    arXiv:1806.02658 (a fixed smoothing layer after the upsampling one).
"""

from math import ceil

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnbook.checks import integer
from cnnbook.convolution import _checks
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


class TransposedUpsample(Upsample):
    r"""A transposed convolution. It stays flat on constant input only where its phase sums happen to be equal.

    Args:
        in_channels: C of the input.
        out_channels: C of the output.
        scale: s, the stride.
        kernel_size: k ≥ s, by default 2s. Where k - s is odd, the stamps lie half a pixel too far to the bottom right.

    Raises:
        TypeError: an argument is not an int.
        ValueError: an argument is below 1, the kernel is smaller than the stride, or, in use, the shape does not fit.

    Examples:
        >>> TransposedUpsample(8, 3, scale=2, kernel_size=3)(torch.ones(1, 8, 5, 6)).shape
        torch.Size([1, 3, 10, 12])
    """

    blurs = 0

    def __init__(self, in_channels: int, out_channels: int, scale: int, kernel_size: int | None = None) -> None:
        super().__init__(in_channels, out_channels, scale)
        kernel_size = 2 * scale if kernel_size is None else integer("kernel_size", kernel_size)
        phase_matrices(torch.empty(kernel_size), scale)  # refuses a kernel with fewer taps than phases
        # The whole kernel, blur included, hangs over an output cell by so many cells; half of them on either side.
        over = kernel_size - scale + self.blurs * (scale - 1)
        self.rim = ceil((over - over // 2) / scale)  # pixels around the input that its outputs depend on
        self.padding = self.rim * scale + over // 2 - self.blurs * (scale - 1)
        self.conv = nn.ConvTranspose2d(in_channels, out_channels, kernel_size, scale, self.padding)

    def enlarge(self, x: Tensor) -> Tensor:
        return self.conv(F.pad(x, [self.rim] * 4, mode="replicate"))


class BalancedTransposedUpsample(TransposedUpsample):
    """A transposed convolution whose kernel is balanced at every forward: flat on constant input by construction.

    The weight that learns is free; the one that is used is its nearest with equal phase sums, see `balance_phases`.

    Args:
        in_channels: C of the input.
        out_channels: C of the output.
        scale: s, the stride.
        kernel_size: k ≥ s, by default 2s.

    Raises:
        TypeError: as for `TransposedUpsample`.
        ValueError: as for `TransposedUpsample`.

    Examples:
        >>> flat = BalancedTransposedUpsample(1, 1, scale=2, kernel_size=3)(torch.ones(1, 1, 4, 4))
        >>> bool((flat.max() - flat.min()).abs() < 1e-6)
        True
    """

    def enlarge(self, x: Tensor) -> Tensor:
        weight, x = balanced(self.conv.weight, self.scale), F.pad(x, [self.rim] * 4, mode="replicate")
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


class ResizeConv(Upsample):
    r"""Resize, then convolve: flat on constant input whatever the weights, as the resized image is.

    Args:
        in_channels: C of the input.
        out_channels: C of the output.
        scale: s, how many times larger the output is.
        mode: "nearest" repeats every pixel s × s times, "bilinear" interpolates between their centres.
        kernel_size: taps of the convolution on the enlarged image.

    Raises:
        TypeError: a number is not an int.
        ValueError: a number is below 1, the mode is neither of the two, or, in use, the shape does not fit.

    Examples:
        >>> ResizeConv(8, 3, scale=2, mode="bilinear")(torch.ones(1, 8, 5, 6)).shape
        torch.Size([1, 3, 10, 12])
    """

    def __init__(
        self, in_channels: int, out_channels: int, scale: int, mode: str = "nearest", kernel_size: int = 3
    ) -> None:
        super().__init__(in_channels, out_channels, scale)
        if mode not in ("nearest", "bilinear"):
            raise ValueError(f'mode must be "nearest" or "bilinear", got {mode!r}')
        self.mode = mode
        self.conv = same_conv(in_channels, out_channels, kernel_size)

    def enlarge(self, x: Tensor) -> Tensor:
        return self.conv(F.interpolate(x, scale_factor=self.scale, mode=self.mode))


class SubPixel(Upsample):
    r"""Convolve to s² times as many channels, then lay each s² of them out as s × s pixels (``torch.nn.PixelShuffle``).

    Each of the s × s phases has a kernel of its own; on constant input the output is flat where all of them sum to the
    same. ICNR starts them equal.

    Args:
        in_channels: C of the input.
        out_channels: C of the output.
        scale: s, how many times larger the output is.
        kernel_size: taps of the convolution on the small image.
        icnr: start with the kernels and biases of all phases equal, see `icnr_`.

    Raises:
        TypeError: a number is not an int.
        ValueError: a number is below 1, or, in use, the shape does not fit.

    Examples:
        >>> flat = SubPixel(4, 3, scale=2, icnr=True)(torch.ones(1, 4, 5, 5))
        >>> flat.shape, bool((flat.amax((2, 3)) - flat.amin((2, 3))).abs().max() < 1e-6)
        (torch.Size([1, 3, 10, 10]), True)
    """

    def __init__(
        self, in_channels: int, out_channels: int, scale: int, kernel_size: int = 3, icnr: bool = False
    ) -> None:
        super().__init__(in_channels, out_channels, scale)
        self.conv = same_conv(in_channels, out_channels * scale**2, kernel_size)
        if icnr:
            icnr_(self.conv.weight, scale, self.conv.bias)

    def enlarge(self, x: Tensor) -> Tensor:
        return F.pixel_shuffle(self.conv(x), self.scale)


def same_conv(in_channels: int, out_channels: int, kernel_size: int) -> nn.Conv2d:
    """A convolution that keeps H and W and goes on with the nearest pixel past the border."""
    kernel_size = integer("kernel_size", kernel_size)
    return nn.Conv2d(in_channels, out_channels, kernel_size, padding="same", padding_mode="replicate")


@torch.no_grad()
def icnr_(weight: Tensor, scale: int, bias: Tensor | None = None) -> Tensor:
    r"""ICNR, in place: give all phases of a sub-pixel convolution the kernel of the first.

    $$w_{o s^2 + r} = v_o,\qquad r = 0, \dots, s^2 - 1$$

    ``PixelShuffle`` makes output channel o of the input channels o·s² to o·s² + s² - 1: its phases lie next to each
    other, and each kernel must stand s² times in a row (``repeat_interleave``). ``repeat(s², 1, 1, 1)``, often seen,
    puts the kernels one after another, which is the same for one output channel and wrong for more.

    Args:
        weight: (C_out · s, C_in, k) or (C_out · s², C_in, kH, kW), initialised as for any convolution: every s-th or
            s²-th kernel is kept, so that the spread of the weights stays as it was.
        scale: s, as in ``PixelShuffle``.
        bias: (C_out · s,) or (C_out · s²,): its phases, too, must start equal.

    Returns:
        The weight (Aitken et al. 2017, section 3).

    Raises:
        TypeError: the weight or the bias is not a floating tensor, or the scale not an int.
        ValueError: a shape does not fit, or the scale is below 1.

    Examples:
        >>> weight = torch.arange(8.0).reshape(8, 1, 1, 1)  # two channels at scale 2
        >>> icnr_(weight, 2).flatten().tolist()
        [0.0, 0.0, 0.0, 0.0, 4.0, 4.0, 4.0, 4.0]
    """
    _checks.floating(**({"weight": weight} if bias is None else {"weight": weight, "bias": bias}))
    if weight.dim() not in (3, 4):
        got = f"shape {tuple(weight.shape)}"
        raise ValueError(f"weight must be (C_out · s, C_in, k) or (C_out · s², C_in, kH, kW), got {got}")
    phases = integer("scale", scale) ** (weight.dim() - 2)
    if len(weight) % phases:
        got = f"{len(weight)} with scale={scale}"
        raise ValueError(f"the weight's first axis must be divisible by its {phases} phases, got {got}")
    if bias is not None:
        if bias.shape != weight.shape[:1]:
            raise ValueError(f"bias must have one number for each of {len(weight)} channels, got {tuple(bias.shape)}")
        bias.copy_(bias[::phases].repeat_interleave(phases))
    return weight.copy_(weight[::phases].repeat_interleave(phases, dim=0))
