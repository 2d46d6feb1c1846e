r"""5.14.3 The checkerboard effect: its law, what measures it, and the upsampling layers that are compared on it.

A transposed convolution of stride s uses of its kernel, for each output, only the taps of one phase: those s apart. On
constant input the output is therefore flat exactly where the taps of every phase add up to the same: the `phase_sums`
are equal. Whether s divides k decides neither; it makes the numbers of taps equal, `overlap_count`, not their sums.

==============================  =============================================================
upsampling layer                on constant input
==============================  =============================================================
`TransposedUpsample`            flat where its phase sums happen to be equal
`BalancedTransposedUpsample`    flat: its phase sums are made equal at every forward
`BlurredTransposedUpsample`     flat: a running mean over s × s equalises them
`ResizeConv`                    flat: nearest or bilinear, then a convolution
`SubPixel`                      flat at the start with ICNR, then where training leaves it so
==============================  =============================================================

References:
    Odena, Dumoulin & Olah, *Deconvolution and Checkerboard Artifacts*, Distill 2016: overlaps, and resize-convolution.
    Sugawara et al., *Super-Resolution using CNNs without Any Checkerboard Artifacts*, arXiv:1806.02658: the condition.
    Aitken et al., *Checkerboard artifact free sub-pixel convolution*, arXiv:1707.02937: ICNR.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import torch
from torch import Tensor

from cnnbook.checks import Ints, holds
from cnnbook.convolution import _checks
from cnnbook.convolution._lattice import lattice_spectrum, phase_share, power_spectrum
from cnnbook.convolution._phases import balanced, phase_matrices, summed
from cnnbook.convolution._upsampling import (
    BalancedTransposedUpsample,
    BlurredTransposedUpsample,
    ResizeConv,
    SubPixel,
    TransposedUpsample,
    icnr_,
)
from cnnbook.convolution.transposed import conv_output_size
from cnnbook.precision import single

__all__ = [
    "BalancedTransposedUpsample",
    "BlurredTransposedUpsample",
    "ResizeConv",
    "SubPixel",
    "TransposedUpsample",
    "balance_phases",
    "gradient_overlap",
    "icnr_",
    "input_gradient",
    "is_balanced",
    "lattice_spectrum",
    "overlap_count",
    "phase_share",
    "phase_sums",
    "power_spectrum",
]


def overlap_count(size: Ints, kernel_size: Ints, stride: Ints, dilation: Ints = 1) -> Tensor:
    r"""How many taps paint each output of a transposed convolution without padding.

    $$c_j = \#\{(i, u) : i s + u d = j\}$$

    Well inside, where every stamp that could reach is there, the counts are equal exactly where s divides k and has no
    divisor in common with d (for d = 1, Odena et al. 2016).

    Args:
        size: n, the length of the input in pixels: an int, or one int an axis, as for every argument here.
        kernel_size: k, the taps of the kernel.
        stride: s, how far apart neighbouring pixels paint.
        dilation: d, the distance between the taps.

    Returns:
        int64 (n',), or (H', W') where any argument is a pair, with n' = (n - 1) s + d (k - 1) + 1.

    Raises:
        TypeError: an argument is not made of ints.
        ValueError: an argument is below 1.

    Examples:
        >>> overlap_count(2, kernel_size=4, stride=3).tolist()
        [1, 1, 1, 2, 1, 1, 1]
        >>> int(overlap_count((2, 2), kernel_size=4, stride=3)[3, 3])
        4
    """
    return _outer(_painted(size, kernel_size, stride, dilation))


def gradient_overlap(size: Ints, kernel_size: Ints, stride: Ints, padding: Ints = 0, dilation: Ints = 1) -> Tensor:
    r"""How many windows of a strided convolution or pooling use each pixel of its input.

    $$c_i = \#\{(j, u) : j s + u d - p = i\}, \qquad 0 \le j < n'$$

    That many products bring the pixel its gradient: the input gradient of a convolution is a transposed convolution of
    the same kernel and stride, so that its checkerboard follows the same law (Odena et al. 2016).

    Args:
        size: n, the length of the input in pixels: an int, or one int an axis, as for every argument here.
        kernel_size: k, the taps of the kernel.
        stride: s, how far the kernel moves from one position to the next.
        padding: p, how many zeros the input gets at both ends.
        dilation: d, the distance between the taps.

    Returns:
        int64 (n,), or (H, W) where any argument is a pair. Pixels that no window reaches have a 0.

    Raises:
        TypeError: an argument is not made of ints.
        ValueError: an argument is too small, or the kernel is longer than the padded input.

    Examples:
        >>> gradient_overlap(8, kernel_size=3, stride=2, padding=1).tolist()
        [1, 2, 1, 2, 1, 2, 1, 1]
        >>> gradient_overlap(8, kernel_size=4, stride=2, padding=1).tolist()
        [1, 2, 2, 2, 2, 2, 2, 1]
    """
    return _outer(_used(size, kernel_size, stride, padding, dilation))


def input_gradient(function: Callable[[Tensor], Tensor], input: Tensor) -> Tensor:
    r"""The gradient of a layer's or network's summed output with respect to its input: a saliency map, signs included.

    $$g = \nabla_x \sum_j f(x)_j$$

    (Simonyan et al., arXiv:1312.6034, where f is the score of a class.)

    Args:
        function: f, from the input to any tensor.
        input: x, of floats.

    Returns:
        The shape of the input.

    Raises:
        TypeError: the input is not a floating tensor.

    Examples:
        >>> layer = torch.nn.Conv1d(1, 1, kernel_size=3, stride=2, bias=False)
        >>> _ = torch.nn.init.ones_(layer.weight)
        >>> input_gradient(layer, torch.zeros(1, 1, 7)).tolist()
        [[[1.0, 1.0, 2.0, 1.0, 2.0, 1.0, 1.0]]]
    """
    _checks.floating(input=input)
    with torch.enable_grad():
        x = input.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(function(x).sum(), x)
    return gradient


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


@_checks.axis_by_axis
def _painted(size: int, kernel_size: int, stride: int, dilation: int) -> Tensor:
    """Along one axis: how often each place from 0 on is painted."""
    return torch.bincount((torch.arange(size)[:, None] * stride + torch.arange(kernel_size) * dilation).flatten())


@_checks.axis_by_axis
def _used(size: int, kernel_size: int, stride: int, padding: int, dilation: int) -> Tensor:
    """Along one axis: the transposed twin's counts, less the padding, plus the remainder that the stride drops."""
    windows = conv_output_size(size, kernel_size, stride, padding, dilation)
    counts = _painted(windows, kernel_size, stride, dilation)[padding : padding + size]
    return torch.nn.functional.pad(counts, (0, size - len(counts)))


def _outer(counts: Tensor | tuple[Tensor, ...]) -> Tensor:
    """Along several axes counts multiply."""
    return counts if isinstance(counts, Tensor) else reduce(lambda rows, columns: rows[..., None] * columns, counts)
