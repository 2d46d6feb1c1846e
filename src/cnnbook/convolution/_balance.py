r"""Whether the phases of a kernel are alike, and the nearest kernel whose are. A reader finds it in `checkerboard`."""

from __future__ import annotations

import torch
from torch import Tensor

from cnnbook.checks import Ints, holds
from cnnbook.convolution import _checks
from cnnbook.convolution._phases import balanced, phase_matrices, summed
from cnnbook.precision import single


def phase_sums(weight: Tensor, stride: Ints, dilation: Ints = 1, axes: int | None = None) -> Tensor:
    r"""What the taps of each phase add up to: one period of the output on constant input.

    $$S_r = \sum_{u \,:\, u d \equiv r \ (\mathrm{mod}\ s)} w_u, \qquad
    W(2\pi m / s) = \sum_u w_u\, e^{-2\pi \mathrm{i} m u d / s} = \sum_{r=0}^{s-1} S_r\, e^{-2\pi \mathrm{i} m r / s}$$

    The transfer function W of the kernel at the multiples of 1/s is the Fourier transform of the phase sums, hence zero
    there for m = 1, …, s - 1 exactly where they are equal (Sugawara et al. 2018). Likewise with two axes.

    Args:
        weight: a kernel (k,) or (kH, kW), or many of them, (…, k) or (…, kH, kW), for which there is one answer each:
            the weight of a ``torch.nn.ConvTranspose1d`` or ``ConvTranspose2d``, with one for each pair of channels.
        stride: s: an int, or one int an axis.
        dilation: d, the distance between the taps: an int, or one int an axis.
        axes: along how many axes the kernels lie, 1 or 2. Must be said of a weight with three axes, (C_in, C_out, k) or
            (n, kH, kW); of 1, 2 and 4 it is clear.

    Returns:
        (…, s) or (…, sH, sW), of the weight's dtype; halves are added up in single precision. Where s and d have a
        common divisor, phases without a tap sum to 0.

    Raises:
        TypeError: the weight is not a floating tensor, or a number not an int.
        ValueError: the weight is not finite, its shape does not fit, it has fewer taps than phases, or a number is
            below 1.

    Examples:
        >>> phase_sums(torch.tensor([3.0, 1.0, 2.0, 5.0]), stride=2).tolist()  # 2 divides 4
        [5.0, 6.0]
        >>> phase_sums(torch.tensor([1.0, 2.0, 1.0]), stride=2).tolist()  # 2 does not divide 3
        [2.0, 2.0]
    """
    _finite(weight)
    return summed(weight, phase_matrices(weight, stride, dilation, axes)).to(weight.dtype)


def is_balanced(
    weight: Tensor, stride: Ints, dilation: Ints = 1, tolerance: float | None = None, axes: int | None = None
) -> bool:
    r"""Whether all phases sum to the same, so that constant input gives flat output.

    $$\max_r S_r - \min_r S_r \le \varepsilon \sum_u |w_u|$$

    with the S of `phase_sums` (Sugawara et al. 2018, for ε = 0).

    Args:
        weight: as in `phase_sums`.
        stride: s: an int, or one int an axis.
        dilation: d, the distance between the taps: an int, or one int an axis.
        tolerance: ε, which leaves room for rounding; by default 1e-5, or for halves the distance of their numbers.
        axes: as in `phase_sums`.

    Returns:
        True where it holds for every pair of channels. A kernel with fewer taps than phases, such as 1×1 at stride 2,
        is not balanced: the phases that it leaves out get nothing.

    Raises:
        TypeError: as in `phase_sums`.
        ValueError: as in `phase_sums`, except that there may be fewer taps than phases.

    Examples:
        >>> is_balanced(torch.tensor([3.0, 1.0, 2.0, 5.0]), 2), is_balanced(torch.tensor([1.0, 2.0, 1.0]), 2)
        (False, True)
    """
    _finite(weight)
    matrices = phase_matrices(weight, stride, dilation, axes, complete=False)
    sums, last = summed(weight, matrices), tuple(range(-len(matrices), 0))
    spread = sums.amax(last) - sums.amin(last)
    if tolerance is None:
        tolerance = max(1e-5, torch.finfo(weight.dtype).eps)
    return bool((spread <= tolerance * single(weight).abs().sum(last)).all())


def balance_phases(weight: Tensor, stride: Ints, dilation: Ints = 1, axes: int | None = None) -> Tensor:
    r"""The nearest weight whose phase sums are equal: the smallest change in the sense of least squares.

    $$w'_u = w_u + \frac{c - S_r}{n_r}, \qquad c = \frac{\sum_r S_r / n_r}{\sum_r 1 / n_r}, \qquad r = u d \bmod s$$

    where phase r has n_r taps. To bring a sum from S to c costs (c - S)²/n, and no less, if its n taps share the change
    alike; c minimises the total. Where s divides k, c is the mean of the sums, and the kernel's total is kept.

    An orthogonal projection on the kernels that Sugawara et al. 2018 ask for: linear, and twice is once.

    Args:
        weight: as in `phase_sums`; each pair of channels is balanced by itself.
        stride: s: an int, or one int an axis.
        dilation: d, the distance between the taps: an int, or one int an axis.
        axes: as in `phase_sums`.

    Returns:
        A weight of the same shape and dtype; halves are computed in single precision.

    Raises:
        TypeError: as in `phase_sums`.
        ValueError: as in `phase_sums`, or a phase has no tap.

    Examples:
        >>> balance_phases(torch.tensor([3.0, 1.0, 2.0, 5.0]), stride=2).tolist()
        [3.25, 0.75, 2.25, 4.75]
    """
    _finite(weight)
    return balanced(weight, stride, dilation, axes)


def _finite(weight: Tensor) -> None:
    _checks.floating(weight=weight)
    if not holds(weight.isfinite()):
        raise ValueError(f"weight must be finite, got {int((~weight.isfinite()).sum())} taps that are NaN or infinite")
