r"""Whether the phases of a kernel are alike, and the nearest kernel whose are. A reader finds it in `checkerboard`."""

from __future__ import annotations

import torch
from torch import Tensor

from cnnbook.checks import Ints, holds, integer
from cnnbook.convolution import _checks
from cnnbook.convolution._phases import balanced, moments, phase_matrices, summed
from cnnbook.precision import single


def phase_sums(weight: Tensor, stride: Ints, dilation: Ints = 1, axes: int | None = None) -> Tensor:
    r"""What the taps of each phase add up to: one period of the output on constant input.

    $$S_r = \sum_{u \,:\, u d \equiv r \ (\mathrm{mod}\ s)} w_u, \qquad
    W(2\pi m / s) = \sum_u w_u\, e^{-2\pi \mathrm{i} m u d / s} = \sum_{r=0}^{s-1} S_r\, e^{-2\pi \mathrm{i} m r / s}$$

    The transfer function W of the kernel at the multiples of 1/s is the Fourier transform of the phase sums, hence zero
    there for m = 1, …, s - 1 exactly where they are equal (Sugawara et al. 2018). Likewise with more axes.

    Args:
        weight: a kernel (k,), (kH, kW) or (kD, kH, kW), or many of them, (…, k) and so on, for which there is one
            answer each: the weight of a ``torch.nn.ConvTranspose1d``, ``2d`` or ``3d``, with one for each pair of
            channels.
        stride: s: an int, or one int an axis.
        dilation: d, the distance between the taps: an int, or one int an axis.
        axes: along how many axes the kernels lie, 1, 2 or 3. Must be said of a weight with three axes, (C_in, C_out,
            k), (n, kH, kW) or (kD, kH, kW); of 1, 2, 4 and 5 it is clear: the last 1, 2, 2 and 3.

    Returns:
        (…, s), (…, sH, sW) or (…, sD, sH, sW), of the weight's dtype; halves are added up in single precision. Where s
        and d have a common divisor, phases without a tap sum to 0.

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
    finite(weight)
    return summed(weight, phase_matrices(weight, stride, dilation, axes)).to(weight.dtype)


def phase_energies(weight: Tensor, stride: Ints, dilation: Ints = 1, axes: int | None = None) -> Tensor:
    r"""What the squared taps of each phase add up to: how strongly the output varies there on white noise.

    $$E_r = \sum_{u \,:\, u d \equiv r \ (\mathrm{mod}\ s)} w_u^2, \qquad
    \operatorname{Var}(y_j) = \sigma^2 E_{j \bmod s} \text{ for independent } x_i \text{ of variance } \sigma^2$$

    (Bienaymé 1853: variances of independent numbers add up.) Equal phase sums keep a lattice off what is constant;
    where the energies differ, texture is coarser on some places of the lattice than on others. Of several input
    channels, add up the energies.

    Args:
        weight: as in `phase_sums`.
        stride: s: an int, or one int an axis.
        dilation: d, the distance between the taps: an int, or one int an axis.
        axes: as in `phase_sums`.

    Returns:
        As in `phase_sums`.

    Raises:
        TypeError: as in `phase_sums`.
        ValueError: as in `phase_sums`.

    Examples:
        >>> balanced = torch.tensor([3.25, 0.75, 2.25, 4.75])
        >>> phase_sums(balanced, 2).tolist(), phase_energies(balanced, 2).tolist()
        ([5.5, 5.5], [15.625, 23.125])
    """
    finite(weight)
    return summed(single(weight).square(), phase_matrices(weight, stride, dilation, axes)).to(weight.dtype)


def is_balanced(
    weight: Tensor,
    stride: Ints,
    dilation: Ints = 1,
    tolerance: float | None = None,
    axes: int | None = None,
    order: int = 1,
) -> bool:
    r"""Whether all phases are alike in their moments: at order 1 their sums, so that constant input gives flat output.

    $$\max_r M_r^{(a)} - \min_r M_r^{(a)} \le \varepsilon \sum_u |w_u| \quad \text{for all } |a| < \text{order}, \qquad
    M_r^{(a)} = \sum_{u d \equiv r} t_u^a\, w_u$$

    where t runs from -1 at the first tap to 1 at the last, along each axis, and |a| is the sum of the powers a over the
    axes (Sugawara et al. 2018, for order 1 and ε = 0; Strang & Fix 1971). Order 2 is the ramps in every direction:
    input that is linear then gives output that is. See `cleanliness_order`.

    Args:
        weight: as in `phase_sums`.
        stride: s: an int, or one int an axis.
        dilation: d, the distance between the taps: an int, or one int an axis.
        tolerance: ε, which leaves room for rounding; by default 1e-5, or for halves the distance of their numbers.
        axes: as in `phase_sums`.
        order: the total degree below which polynomials are to be without a lattice: 1 constants, 2 ramps.

    Returns:
        True where it holds for every pair of channels. A kernel with fewer taps than phases, such as 1×1 at stride 2,
        is not balanced: the phases that it leaves out get nothing.

    Raises:
        TypeError: as in `phase_sums`.
        ValueError: as in `phase_sums`, except that there may be fewer taps than phases.

    Examples:
        >>> is_balanced(torch.tensor([3.0, 1.0, 2.0, 5.0]), 2), is_balanced(torch.tensor([1.0, 2.0, 1.0]), 2)
        (False, True)
        >>> [is_balanced(torch.tensor([1.0, 1.0]), 2, order=n) for n in (1, 2)]  # nearest: a ramp becomes stairs
        [True, False]
    """
    finite(weight)
    matrices = phase_matrices(weight, stride, dilation, axes, complete=False)
    last = tuple(range(-len(matrices), 0))
    if tolerance is None:
        tolerance = max(1e-5, torch.finfo(weight.dtype).eps)
    most = tolerance * single(weight).abs().sum(last)
    every = moments(weight, matrices, integer("order", order))
    return bool(torch.stack([(one.amax(last) - one.amin(last) <= most).all() for one in every]).all())


def balance_phases(weight: Tensor, stride: Ints, dilation: Ints = 1, axes: int | None = None, order: int = 1) -> Tensor:
    r"""The nearest weight whose phase sums are equal: the smallest change in the sense of least squares.

    $$w'_u = w_u + \frac{c - S_r}{n_r}, \qquad c = \frac{\sum_r S_r / n_r}{\sum_r 1 / n_r}, \qquad r = u d \bmod s$$

    where phase r has n_r taps. To bring a sum from S to c costs (c - S)²/n, and no less, if its n taps share the change
    alike; c minimises the total. Where s divides k, c is the mean of the sums, and the kernel's total is kept.

    An orthogonal projection on the kernels that Sugawara et al. 2018 ask for: linear, and twice is once. At a higher
    order the same with more to be equal: the rows of D are the differences of every moment in `is_balanced` between a
    phase and the first,

    $$w' = w - D^+ D\, w.$$

    Along one axis that leaves k - order · (s - 1) taps free: what is left is a running mean over s, so many times over,
    of any other kernel (Strang & Fix 1971).

    Args:
        weight: as in `phase_sums`; each pair of channels is balanced by itself.
        stride: s: an int, or one int an axis.
        dilation: d, the distance between the taps: an int, or one int an axis.
        axes: as in `phase_sums`.
        order: the total degree below which polynomials are to be without a lattice: 1 constants, 2 ramps.

    Returns:
        A weight of the same shape and dtype; halves are computed in single precision.

    Raises:
        TypeError: as in `phase_sums`.
        ValueError: as in `phase_sums`, a phase has no tap, or along an axis there are fewer than order · (s - 1) + 1
            taps: only kernels that add up to 0 would be left.

    Examples:
        >>> balance_phases(torch.tensor([3.0, 1.0, 2.0, 5.0]), stride=2).tolist()
        [3.25, 0.75, 2.25, 4.75]
        >>> [round(w, 4) for w in balance_phases(torch.tensor([3.0, 1.0, 2.0, 5.0]), stride=2, order=2).tolist()]
        [0.1, 1.8, 3.3, 1.6]
    """
    finite(weight)
    return balanced(weight, stride, dilation, axes, integer("order", order))


def finite(weight: Tensor) -> None:
    _checks.floating(weight=weight)
    if not holds(weight.isfinite()):
        raise ValueError(f"weight must be finite, got {int((~weight.isfinite()).sum())} taps that are NaN or infinite")
