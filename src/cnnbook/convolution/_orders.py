r"""Up to which polynomials a kernel keeps a lattice off. What a reader takes is in `checkerboard`."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import torch
from torch import Tensor

from cnnbook.checks import Ints, is_sequence, per_axis
from cnnbook.convolution._balance import finite, is_balanced
from cnnbook.convolution._phases import kernel_axes, phase_matrices, summed
from cnnbook.precision import single


def phase_moments(
    weight: Tensor, stride: Ints, dilation: Ints = 1, degree: Ints = 1, axes: int | None = None
) -> Tensor:
    r"""The moments of each phase: its taps, weighed with a power of their places.

    $$M_r^{(a)} = \sum_{u \,:\, u d \equiv r \ (\mathrm{mod}\ s)} (u d)^a\, w_u$$

    and with more axes a power along each. Degree 0 is `phase_sums`. On a ramp, $x_i = i$, output j of a transposed
    convolution is

    $$y_j = \sum_{u d \equiv j} \frac{j - u d}{s}\, w_u = \frac{j\, S_r - M_r^{(1)}}{s}, \qquad r = j \bmod s,$$

    a ramp again exactly where the first moments M are equal over the phases as well as the sums S. In general, a
    polynomial of a degree below n becomes one, without a lattice, where the moments of all degrees below n are equal
    (Strang & Fix 1971: the transfer function has a zero of order n at each multiple of 1/s but 0).

    Args:
        weight: as in `phase_sums`.
        stride: s: an int, or one int an axis.
        dilation: d, the distance between the taps: an int, or one int an axis.
        degree: a, from 0 on: an int for kernels along one axis, else one int an axis, such as (0, 1).
        axes: as in `phase_sums`.

    Returns:
        (…, s), (…, sH, sW) or (…, sD, sH, sW), in output pixels to that power times the weight; of the weight's dtype,
        halves are added up in single precision.

    Raises:
        TypeError: as in `phase_sums`.
        ValueError: as in `phase_sums`, or the degree is negative, or a single int for more than one axis.

    Examples:
        >>> phase_moments(torch.tensor([3.25, 0.75, 2.25, 4.75]), 2).tolist()  # equal sums, and not clean on a ramp
        [4.5, 15.0]
        >>> phase_moments(torch.tensor([0.25, 0.75, 0.75, 0.25]), 2).tolist()  # bilinear
        [1.5, 1.5]
    """
    finite(weight)
    matrices = phase_matrices(weight, stride, dilation, axes)
    degrees = _degrees(degree, len(matrices))
    weighted = []
    for matrix, d, a in zip(matrices, per_axis("dilation", dilation, len(matrices)), degrees, strict=True):
        places = torch.arange(len(matrix), device=matrix.device, dtype=matrix.dtype) * d
        weighted.append(matrix * places[:, None] ** a)
    return summed(weight, weighted).to(weight.dtype)


def cleanliness_order(
    weight: Tensor, stride: Ints, dilation: Ints = 1, tolerance: float | None = None, axes: int | None = None
) -> int:
    r"""Up to which order a transposed convolution keeps a lattice off: below which degree polynomials stay polynomials.

    $$n = \max \{ n : M_r^{(a)} \text{ is the same for all } r \text{ wherever } |a| < n \}$$

    with the moments of `phase_moments`, |a| being the sum of the powers over the axes. 0 is a lattice on constants, 1
    none on constants (nearest: a ramp becomes stairs), 2 none on ramps either, in any direction. It is the order of the
    zeros of the transfer function at the multiples of 1/s (Strang & Fix 1971). The *total* degree counts, for that is
    what a rotation of the image leaves alone: a ramp along the diagonal is still a ramp.

    Repeating is of order 1. Linear interpolation is of order 2, and, between the centres of pixels at s = 2, 3: its
    error on a parabola is the same at both quarters. Cubic interpolation is of order 3 with Keys' a = -1/2 (1981),
    which is that of PyTorch with ``antialias=True``; without, it takes a = -3/4, and leaves a lattice on a ramp.

    Args:
        weight: as in `phase_sums`.
        stride: s: an int, or one int an axis, of which one is 2 at least: at 1 there is no lattice.
        dilation: d, the distance between the taps: an int, or one int an axis.
        tolerance: as in `is_balanced`.
        axes: as in `phase_sums`.

    Returns:
        The order that every pair of channels has.

    Raises:
        TypeError: as in `phase_sums`.
        ValueError: as in `is_balanced`, the stride is 1 along every axis, or the weight is all zeros.

    Examples:
        >>> bilinear = torch.tensor([1.0, 2.0, 3.0, 2.0, 1.0]) / 3
        >>> cleanliness_order(torch.ones(3), 3), cleanliness_order(bilinear, 3)
        (1, 2)
        >>> cleanliness_order(torch.tensor([3.0, 1.0, 2.0, 5.0]), 2)
        0
    """
    finite(weight)
    strides = per_axis("stride", stride, kernel_axes(weight, axes))
    if max(strides) < 2:
        raise ValueError(f"stride must be at least 2 along one axis, got stride={stride}")
    if not bool((single(weight) != 0).any()):
        raise ValueError("weight must not be all zeros, got no other tap")
    order, most = 0, sum(weight.shape[-len(strides) :]) - len(strides)  # a polynomial has no zero beyond its degree
    while order < most and is_balanced(weight, stride, dilation, tolerance, axes, order + 1):
        order += 1
    return order


def _degrees(degree: Any, axes: int) -> tuple[int, ...]:
    """One power an axis, which may be 0."""
    degrees = tuple(degree) if is_sequence(degree) else (degree,)
    if len(degrees) != axes:
        raise ValueError(f"degree must be one int an axis, got degree={degree} with axes={axes}")
    for one in degrees:
        if isinstance(one, bool) or not isinstance(one, Integral):
            raise TypeError(f"degree must be an int, got {one!r}")
        if one < 0:
            raise ValueError(f"degree must be at least 0, got degree={one}")
    return degrees
