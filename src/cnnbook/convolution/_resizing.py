r"""Upsampling layers that are no transposed convolution by name. What a reader takes is in `checkerboard`.

References:
    Odena, Dumoulin & Olah, *Deconvolution and Checkerboard Artifacts*, Distill 2016 (resize, then convolve).
    Shi et al., *Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural
    Network*, arXiv:1609.05158.
    Aitken et al., *Checkerboard artifact free sub-pixel convolution*, arXiv:1707.02937 (ICNR).
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnbook.checks import integer
from cnnbook.convolution import _checks
from cnnbook.convolution._upsampling import Upsample


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
