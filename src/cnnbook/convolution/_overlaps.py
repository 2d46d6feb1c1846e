r"""How often a stride uses each pixel, forwards and backwards. What a reader takes is in `checkerboard`."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import torch
from torch import Tensor

from cnnbook.checks import Ints
from cnnbook.convolution import _checks
from cnnbook.convolution._sizes import conv_output_size


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
