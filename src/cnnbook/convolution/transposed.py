r"""5.14.2 Transposed convolution, from three sides: stamp and add, zeros and a rotated kernel, a transposed matrix.

A transposed convolution runs an ordinary convolution's connections backwards. It is the adjoint of that convolution, so
it restores the shape; it is not the inverse, so it does not restore the values. `scatter`, `gather` and
`convolution_matrix` are three ways to see it, each equal to ``torch.nn.functional.conv_transpose1d``, ``2d`` and
``3d``. Along how many axes it works is read off the weight: (C_in, C_out / groups, k), with kH, kW or with kD, kH, kW.

References:
    Dumoulin & Visin, *A guide to convolution arithmetic for deep learning*, arXiv:1603.07285, chapter 4.
    ``torch.nn.ConvTranspose1d``, ``2d`` and ``3d``: the settings, their names and their rules.
"""

from itertools import product
from math import prod

import torch
from torch import Tensor

from cnnbook.checks import Ints
from cnnbook.convolution import _checks
from cnnbook.convolution._plan import planned, read
from cnnbook.convolution._sizes import colliding_sizes, conv_output_size, output_size
from cnnbook.precision import summed_in_single

__all__ = ["colliding_sizes", "conv_output_size", "convolution_matrix", "gather", "output_size", "scatter"]


@summed_in_single
def scatter(
    input: Tensor,
    weight: Tensor,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: int = 1,
    dilation: Ints = 1,
) -> Tensor:
    r"""Transposed convolution as stamp and add: every input pixel paints the kernel, times its value, onto the output.

    $$y_{o,\; i s + u d - p} \mathrel{+}= x_{c,i}\, w_{c,o,u} \qquad \text{for every } c, o, i, u$$

    and likewise along further axes. What falls outside the output is lost: that is all that padding does here. Halves
    are added up in single precision. Settings that leave an output without a pixel are refused; PyTorch lets some of
    them pass and returns an empty tensor.

    Args:
        input: (C_in, L) or (N, C_in, L), with two axes H, W, with three D, H, W; any floating dtype.
        weight: (C_in, C_out / groups, k), with two axes kH, kW, with three kD, kH, kW.
        stride: s, how far apart neighbouring pixels paint: an int, or one int an axis.
        padding: p, how many pixels are cut off the output at both ends.
        output_padding: how many more pixels the output has at its end: fewer than stride or fewer than dilation.
        groups: how many groups the channels fall into; a group of outputs sees only its own group of inputs.
        dilation: d, the distance between the taps.

    Returns:
        (C_out, ...) or (N, C_out, ...), with the lengths that `output_size` gives.

    Raises:
        TypeError: an argument is of the wrong kind, or the tensors are not of one floating dtype.
        ValueError: the shapes do not fit together, or the settings are ones that `output_size` refuses.

    Examples:
        >>> scatter(torch.tensor([[1., 2.]]), torch.ones(1, 1, 3), stride=2).tolist()
        [[1.0, 1.0, 3.0, 2.0, 2.0]]
    """
    batch, plan = read(input, weight, stride, padding, output_padding, groups, dilation)
    x = batch.unflatten(1, (groups, -1))  # (N, groups, C_in / groups, *size)
    w = weight.unflatten(0, (groups, -1))  # (groups, C_in / groups, C_out / groups, *k)
    both = x.new_zeros(()) + w.new_zeros(())  # under vmap there is one for each input and each weight
    canvas = both.new_zeros(len(x), groups, w.shape[2], *plan.canvas)
    # A stamp has one dot a tap, and the same dot of all stamps lies on a grid of pitch s: put those down together.
    taps = list(product(*map(range, plan.kernel)))
    for first, rows in plan.bands(len(x) * w.shape[0] * w.shape[2]):
        stamps = torch.einsum("ngi...,giot->tngo...", x.narrow(3, first, rows), w.flatten(3))
        for tap, dots in zip(taps, stamps, strict=True):
            canvas[plan.grid(tap, first, rows)] += dots
    output = plan.crop(canvas).flatten(1, 2)
    return output if input.dim() == weight.dim() else output[0]


@summed_in_single
def gather(
    input: Tensor,
    weight: Tensor,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: int = 1,
    dilation: Ints = 1,
) -> Tensor:
    r"""Transposed convolution as an ordinary one: spread the input with zeros, rotate the kernel by 180°, stride 1.

    $$y_{o,j} = \sum_c \sum_u w_{c,o,k-1-u}\; \tilde{x}_{c,\,j+ud}, \qquad
    \tilde{x}_{c,\; d(k-1) - p + i s} = x_{c,i}, \quad \tilde{x} = 0 \text{ elsewhere}$$

    and likewise along further axes: s - 1 zeros between the pixels, d(k - 1) - p before the first, output_padding more
    after the last (Dumoulin & Visin 2016, relationship 14). Most of the products are with a zero.

    Args:
        input: (C_in, L) or (N, C_in, L), with two axes H, W, with three D, H, W; any floating dtype.
        weight: (C_in, C_out / groups, k), with two axes kH, kW, with three kD, kH, kW.
        stride: s, the pitch at which the pixels are spread: an int, or one int an axis.
        padding: p, how many zeros fewer there are at both ends.
        output_padding: how many zeros more there are at the end: fewer than stride or fewer than dilation.
        groups: how many groups the channels fall into; a group of outputs sees only its own group of inputs.
        dilation: d, the distance between the taps.

    Returns:
        (C_out, ...) or (N, C_out, ...), with the lengths that `output_size` gives.

    Raises:
        TypeError: as in `scatter`.
        ValueError: as in `scatter`.

    Examples:
        >>> gather(torch.tensor([[1., 2.]]), torch.ones(1, 1, 3), stride=2).tolist()
        [[1.0, 1.0, 3.0, 2.0, 2.0]]
    """
    batch, plan = read(input, weight, stride, padding, output_padding, groups, dilation)
    last = tuple(k - 1 for k in plan.kernel)
    margin = [d * u for d, u in zip(plan.dilation, last, strict=True)]
    spread = batch.new_zeros(*batch.shape[:2], *map(sum, zip(plan.canvas, margin, strict=True)))
    spread[plan.grid(last)] = batch
    spread = plan.crop(spread)  # d(k - 1) - p zeros are left, or, if p is that large, some pixels go too
    kernel = weight.unflatten(0, (groups, -1)).transpose(1, 2).flatten(0, 1)  # (C_out, C_in / groups, *k)
    kernel = kernel.flip(list(range(2, kernel.dim())))
    output = plan.conv(spread, kernel, dilation=plan.dilation, groups=groups)
    return output if input.dim() == weight.dim() else output[0]


def convolution_matrix(
    weight: Tensor,
    size: Ints,
    stride: Ints = 1,
    padding: Ints = 0,
    output_padding: Ints = 0,
    groups: int = 1,
    dilation: Ints = 1,
) -> Tensor:
    r"""The matrix C of the ordinary convolution whose adjoint the transposed convolution is.

    $$\operatorname{vec}(\text{conv}(y)) = C \operatorname{vec}(y), \qquad
    \operatorname{vec}(\text{conv\_transpose}(x)) = C^\top \operatorname{vec}(x)$$

    with the same weight in the same layout for both (Dumoulin & Visin 2016, sections 4.1 and 4.2). vec is ``flatten``:
    channel by channel, row by row. For a batch, ``conv_transpose(x).flatten(1) == x.flatten(1) @ C``.

    Where dilation lets output_padding reach the stride, y has room for more positions of the kernel than x has pixels:
    conv(y) then stands for the first ones, as many as x has pixels.

    Args:
        weight: (C_in, C_out / groups, k), with two axes kH, kW, with three kD, kH, kW; any floating dtype.
        size: the length of the *transposed* convolution's input, in pixels: an int, or one int an axis.
        stride: s, how far apart neighbouring pixels paint: an int, or one int an axis.
        padding: p, how many pixels are cut off the output at both ends.
        output_padding: how many more pixels the output has at its end: fewer than stride or fewer than dilation.
        groups: how many groups the channels fall into; a group of outputs sees only its own group of inputs.
        dilation: d, the distance between the taps.

    Returns:
        (C_in · prod(size), C_out · prod(output_size)): row (c, i) is what pixel i of channel c paints.

    Raises:
        TypeError: an argument is of the wrong kind, or the weight is not of a floating dtype.
        ValueError: the weight's shape does not fit, or the settings are ones that `output_size` refuses.

    Examples:
        >>> convolution_matrix(torch.tensor([[[1., 2., 3.]]]), size=2, stride=2).tolist()
        [[1.0, 2.0, 3.0, 0.0, 0.0], [0.0, 0.0, 1.0, 2.0, 3.0]]
    """
    _checks.floating(weight=weight)
    plan = planned(weight, size, stride, padding, output_padding, groups, dilation)
    channels = weight.shape[1] * groups
    one_hots = torch.eye(channels * prod(plan.out), dtype=weight.dtype, device=weight.device)
    one_hots = one_hots.unflatten(1, (channels, *plan.out))
    columns = plan.conv(one_hots, weight, None, plan.stride, plan.padding, plan.dilation, groups)
    return columns[(..., *map(slice, plan.size))].flatten(1).T
