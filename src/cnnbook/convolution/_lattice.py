r"""How much of a lattice an image shows. What a reader takes is in `cnnbook.convolution.checkerboard`."""

from collections.abc import Sequence

import torch
from torch import Tensor

from cnnbook.checks import Ints, holds, per_axis
from cnnbook.convolution import _checks
from cnnbook.precision import single

CONSTANT = 1e-5  # of the largest value: smaller deviations are rounding (single precision), and no eye sees them


def phase_share(image: Tensor, stride: Ints) -> Tensor:
    r"""The share of an image's variance that the position modulo s explains.

    $$\frac{\operatorname{Var}_r \big( \operatorname{mean} \{ x_i : i \equiv r \pmod s \} \big)}
    {\operatorname{Var}_i (x_i)}, \qquad i, r \text{ pairs of integers}$$

    The variance between groups over the total variance, as in an analysis of variance (Fisher 1925). A lattice that
    changes its sign from place to place cancels out, see `local_phase_share`. Incomplete periods at the bottom and
    right are left out.

    Args:
        image: (…, H, W) of floats, at least two periods along each axis.
        stride: s, the period in pixels: an int, or one int an axis.

    Returns:
        (…), for halves in single precision: 0 for an image that is constant to within 1e-5 of its largest value, near 0
        for a photograph, 1 for a pure lattice.

    Raises:
        TypeError: the image is not a floating tensor, or the stride not an int.
        ValueError: the image is too small or not finite, or the stride is below 1.

    Examples:
        >>> lattice = torch.tensor([6.0, 5.0]).repeat(4, 4)
        >>> float(phase_share(lattice, 2)), float(phase_share(torch.ones(8, 8), 2))
        (1.0, 0.0)
    """
    image, strides, noise = whole_periods(image, stride)
    between, total = variances(image, strides)
    # not "total > noise": what could not be looked at and is NaN stays NaN
    return torch.where(total <= noise, 0.0, between / total.clamp(min=noise))


def lattice_spectrum(image: Tensor, stride: Ints) -> Tensor:
    r"""The power at the frequencies of a lattice, over the power at the frequencies around them.

    $$\frac{\sum_m P(m / s)}{\sum_m \operatorname{mean} \{ P(m / s + j / n) : 0 < |j| \le R \}}, \qquad
    m = 1, \dots, s-1$$

    where P is the `power_spectrum`, numerator and denominator are added up over both axes, n is the image's length in
    whole periods, and R = 8 frequencies on either side, or as many as lie less than half way to the next. The power of
    a lattice that changes its sign from place to place is among those around, see `local_lattice_spectrum`.

    Args:
        image: (…, H, W) of floats, at least two periods along each axis.
        stride: s, the period in pixels: an int, or one int an axis.

    Returns:
        (…), a ratio: 1 for a constant image, about 1 for a photograph, less where the lattice's frequencies have been
        filtered out, more where there is a lattice. Compare logarithms.

    Raises:
        TypeError: as in `phase_share`.
        ValueError: as in `phase_share`.

    Examples:
        >>> noise = torch.randn(64, 64, generator=torch.Generator().manual_seed(0))
        >>> lattice = torch.tensor([0.5, -0.5]).repeat(64, 32)
        >>> round(float(lattice_spectrum(noise, 2))), round(float(lattice_spectrum(noise + lattice, 2)))
        (1, 9)
    """
    image, strides, noise = whole_periods(image, stride)
    peaks = around = noise  # both, so that where there is nothing the ratio is 1
    for axis, s in zip((-2, -1), strides, strict=True):
        power, n = power_spectrum(image, axis), image.shape[axis]
        lattice = torch.arange(1, s, device=image.device) * (n // s)
        reach = max(1, min(8, (n // s - 1) // 2))
        steps = torch.tensor([j for j in range(-reach, reach + 1) if j], device=image.device)
        peaks = peaks + power[..., mirrored(lattice, n)].sum(-1)
        around = around + power[..., mirrored(lattice[:, None] + steps, n)].mean(-1).sum(-1)
    return peaks / around


def power_spectrum(image: Tensor, axis: int = -1) -> Tensor:
    r"""The power of an image along one axis, frequency by frequency, as the mean over all lines of the other.

    $$P(f) = \operatorname{mean}_{\text{lines}} \frac{1}{n}
    \Big| \sum_i (x_i - \bar{x})\, e^{-2\pi \mathrm{i} f i} \Big|^2$$

    A periodogram averaged over lines (Bartlett 1948): smooth enough to see single peaks.

    Args:
        image: (…, H, W) of floats.
        axis: -1 along rows, -2 along columns.

    Returns:
        (…, n // 2 + 1): the frequencies 0, 1/n, 2/n, … up to a half, in cycles a pixel, n being the axis' length.

    Raises:
        TypeError: the image is not a floating tensor.
        ValueError: the image has fewer than two axes, or the axis is neither.

    Examples:
        >>> [round(power, 3) for power in power_spectrum(torch.tensor([6.0, 5.0]).repeat(4, 4)).tolist()]
        [0.0, 0.0, 0.0, 0.0, 2.0]
    """
    image = _floats(image)
    if axis not in (-1, -2):
        raise ValueError(f"axis must be -1 (along rows) or -2 (along columns), got axis={axis}")
    waves = torch.fft.rfft(image - image.mean((-2, -1), keepdim=True), dim=axis)
    squares = torch.linalg.vector_norm(torch.view_as_real(waves), dim=(-4 - axis, -1)).square()  # over lines as well
    return squares / (image.shape[-2] * image.shape[-1])


def variances(image: Tensor, strides: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Of an image in whole periods: the variance between the means of its phases, and all of it."""
    down, across = strides
    centred = image - image.mean((-2, -1), keepdim=True)
    phases = centred.unflatten(-2, (-1, down)).unflatten(-1, (-1, across)).mean((-4, -2))
    return phases.square().mean((-2, -1)), centred.square().mean((-2, -1))


def mirrored(frequency: Tensor, n: int) -> Tensor:
    """Where a frequency is found in half a spectrum."""
    return torch.minimum(frequency, n - frequency)


def _floats(image: Tensor) -> Tensor:
    """Insist on an image; halves are computed in single precision."""
    _checks.floating(image=image)
    if image.dim() < 2:
        raise ValueError(f"image must be (…, H, W), got shape {tuple(image.shape)}")
    return single(image)


def whole_periods(image: Tensor, stride: Ints) -> tuple[Tensor, tuple[int, ...], Tensor]:
    """The image in whole periods, the stride along each axis, and the power that counts as none."""
    image = _floats(image)
    strides = per_axis("stride", stride, 2)
    height, width = image.shape[-2:]
    if height < 2 * strides[0] or width < 2 * strides[1]:
        got = f"{height}×{width} pixels with stride={stride}"
        raise ValueError(f"image must hold at least two periods along each axis, got {got}")
    largest = torch.maximum(image.amax((-2, -1)).abs(), image.amin((-2, -1)).abs())
    if not holds(largest.isfinite()):  # a NaN is the largest of all
        raise ValueError(f"image must be finite, got {int((~image.isfinite()).sum())} pixels that are NaN or infinite")
    image = image[..., : height - height % strides[0], : width - width % strides[1]]
    return image, strides, (CONSTANT * largest).square().clamp(min=1e-30)
