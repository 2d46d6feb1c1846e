r"""5.14.2 Transposed convolution, from three sides: stamp and add, zeros and a rotated kernel, a transposed matrix.

A transposed convolution runs an ordinary convolution's connections backwards. It is the adjoint of that convolution, so
it restores the shape; it is not the inverse, so it does not restore the values. `scatter`, `gather` and
`convolution_matrix` are three ways to see it, each equal to ``torch.nn.functional.conv_transpose1d`` and
``conv_transpose2d``. Whether it works along one axis or two is read off the weight: (C_in, C_out / groups, k) or
(C_in, C_out / groups, kH, kW).

References:
    Dumoulin & Visin, *A guide to convolution arithmetic for deep learning*, arXiv:1603.07285, chapter 4.
    ``torch.nn.ConvTranspose1d`` and ``ConvTranspose2d``: the settings, their names and their rules.
"""

from collections.abc import Callable
from itertools import product
from math import prod
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnbook.checks import Ints, per_axis
from cnnbook.convolution import _checks
from cnnbook.convolution._checks import Axiswise
from cnnbook.precision import summed_in_single


@_checks.axis_by_axis
def output_size(
    size: Axiswise,
    kernel_size: Axiswise,
    stride: Axiswise = 1,
    padding: Axiswise = 0,
    output_padding: Axiswise = 0,
    dilation: Axiswise = 1,
) -> int | tuple[int, ...]:
    r"""How long the output of a transposed convolution is.

    $$n' = (n - 1)\,s - 2p + d\,(k - 1) + \text{output\_padding} + 1$$

    (``torch.nn.ConvTranspose2d``; for d = 1 Dumoulin & Visin 2016, relationship 14.)

    Args:
        size: n, the length of the input in pixels: an int, or one int an axis, as for every argument here.
        kernel_size: k, the taps of the kernel.
        stride: s, how far apart neighbouring pixels paint.
        padding: p, how many pixels are cut off the output at both ends. (It is the *ordinary* convolution's padding.)
        output_padding: how many more pixels the output has at its end: fewer than stride or fewer than dilation.
        dilation: d, the distance between the taps.

    Returns:
        The length, or one length an axis where any argument has one int an axis.

    Raises:
        TypeError: an argument is not made of ints.
        ValueError: an argument is too small, output_padding is too large, or the output would have no pixel.

    Examples:
        >>> output_size(2, kernel_size=4, stride=3)
        7
        >>> output_size((4, 5), kernel_size=3, stride=2, padding=1, output_padding=(1, 0))
        (8, 9)
    """
    if output_padding >= max(stride, dilation):
        got = f"output_padding={output_padding} with stride={stride}, dilation={dilation}"
        raise ValueError(f"output_padding must be smaller than stride or dilation, got {got}")
    length = (size - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1
    if length < 1:
        got = f"{length} from size={size}, kernel_size={kernel_size}, stride={stride}, padding={padding}, "
        got += f"output_padding={output_padding}, dilation={dilation}"
        raise ValueError(f"output size must be at least 1, got {got}")
    return length


@_checks.axis_by_axis
def conv_output_size(
    size: Axiswise, kernel_size: Axiswise, stride: Axiswise = 1, padding: Axiswise = 0, dilation: Axiswise = 1
) -> int | tuple[int, ...]:
    r"""How long the output of an ordinary convolution is: how many positions the kernel can take.

    $$n' = \left\lfloor \frac{n + 2p - d\,(k - 1) - 1}{s} \right\rfloor + 1$$

    (``torch.nn.Conv2d``; Dumoulin & Visin 2016, relationships 6 and 15.)

    Args:
        size: n, the length of the input in pixels: an int, or one int an axis, as for every argument here.
        kernel_size: k, the taps of the kernel.
        stride: s, how far the kernel moves from one position to the next.
        padding: p, how many zeros the input gets at both ends.
        dilation: d, the distance between the taps.

    Returns:
        The length, or one length an axis where any argument has one int an axis.

    Raises:
        TypeError: an argument is not made of ints.
        ValueError: an argument is too small, or the padded input is shorter than the dilated kernel.

    Examples:
        >>> [conv_output_size(n, kernel_size=3, stride=2, padding=1) for n in (7, 8)]
        [4, 4]
    """
    padded, reach = size + 2 * padding, dilation * (kernel_size - 1) + 1
    if padded < reach:
        got = f"{padded} < {reach} from size={size}, kernel_size={kernel_size}, padding={padding}, dilation={dilation}"
        raise ValueError(f"padded input must not be shorter than the dilated kernel, got {got}")
    return (padded - reach) // stride + 1


@_checks.axis_by_axis
def colliding_sizes(
    out: Axiswise, kernel_size: Axiswise, stride: Axiswise = 1, padding: Axiswise = 0, dilation: Axiswise = 1
) -> range | tuple[range, ...]:
    r"""Which input lengths an ordinary convolution maps to one and the same output length.

    A stride drops the remainder of a division, so s lengths collide,

    $$n = (n' - 1)\,s - 2p + d\,(k - 1) + 1 + r, \qquad r = 0, \dots, s - 1,$$

    as far as they are at least 1. A transposed convolution cannot know which of them to restore: its ``output_padding``
    is that r (Dumoulin & Visin 2016, section 4.6, where it is called a).

    Args:
        out: n', the length of the output in pixels: an int, or one int an axis, as for every argument here.
        kernel_size: k, the taps of the kernel.
        stride: s, how far the kernel moves from one position to the next.
        padding: p, how many zeros the input gets at both ends.
        dilation: d, the distance between the taps.

    Returns:
        Every n with ``conv_output_size(n, ...) == out``: a range, or one range an axis where any argument has one int
        an axis. It is empty where the padding is so wide that even one pixel gives more than n'.

    Raises:
        TypeError: an argument is not made of ints.
        ValueError: an argument is too small.

    Examples:
        >>> list(colliding_sizes(4, kernel_size=3, stride=2, padding=1))
        [7, 8]
    """
    first = (out - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + 1
    return range(max(first, 1), max(first + stride, 1))


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

    and likewise along a second axis. What falls outside the output is lost: that is all that padding does here. Halves
    are added up in single precision. Settings that leave an output without a pixel are refused; PyTorch lets some of
    them pass and returns an empty tensor.

    Args:
        input: (C_in, L) or (N, C_in, L), or with two axes (C_in, H, W) or (N, C_in, H, W); any floating dtype.
        weight: (C_in, C_out / groups, k), or with two axes (C_in, C_out / groups, kH, kW).
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
    batch, plan = _read(input, weight, stride, padding, output_padding, groups, dilation)
    x = batch.unflatten(1, (groups, -1))  # (N, groups, C_in / groups, *size)
    w = weight.unflatten(0, (groups, -1))  # (groups, C_in / groups, C_out / groups, *k)
    both = x.new_zeros(()) + w.new_zeros(())  # under vmap there is one for each input and each weight
    canvas = both.new_zeros(len(x), groups, w.shape[2], *plan.canvas)
    # A stamp has one dot a tap, and the same dot of all stamps lies on a grid of pitch s: put those down together.
    for tap in product(*map(range, plan.kernel)):
        dots = torch.einsum("ngi...,gio->ngo...", x, w[(..., *tap)])
        canvas[plan.grid(tap)] += dots
    assert canvas is not None, "a kernel has one tap at least"
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

    and likewise along a second axis: s - 1 zeros between the pixels, d(k - 1) - p before the first, output_padding more
    after the last (Dumoulin & Visin 2016, relationship 14). Most of the products are with a zero.

    Args:
        input: (C_in, L) or (N, C_in, L), or with two axes (C_in, H, W) or (N, C_in, H, W); any floating dtype.
        weight: (C_in, C_out / groups, k), or with two axes (C_in, C_out / groups, kH, kW).
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
    batch, plan = _read(input, weight, stride, padding, output_padding, groups, dilation)
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
        weight: (C_in, C_out / groups, k), or with two axes (C_in, C_out / groups, kH, kW); any floating dtype.
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
    plan = _plan(weight, size, stride, padding, output_padding, groups, dilation)
    channels = weight.shape[1] * groups
    one_hots = torch.eye(channels * prod(plan.out), dtype=weight.dtype, device=weight.device)
    one_hots = one_hots.unflatten(1, (channels, *plan.out))
    columns = plan.conv(one_hots, weight, None, plan.stride, plan.padding, plan.dilation, groups)
    return columns[(..., *map(slice, plan.size))].flatten(1).T


class _Plan(NamedTuple):
    """The settings once checked, one int an axis, and where they put things."""

    size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    dilation: tuple[int, ...]
    kernel: tuple[int, ...]
    out: tuple[int, ...]

    @property
    def conv(self) -> Callable[..., Tensor]:
        return F.conv1d if len(self.size) == 1 else F.conv2d

    @property
    def canvas(self) -> tuple[int, ...]:
        """The lengths of the output before the padding is cut off."""
        return tuple(m + 2 * p for m, p in zip(self.out, self.padding, strict=True))

    def grid(self, tap: tuple[int, ...]) -> tuple:
        """Where on the canvas every pixel's stamp has its tap u: at u·d, u·d + s, u·d + 2s, ..."""
        axes = zip(tap, self.dilation, self.size, self.stride, strict=True)
        return (..., *(slice(u * d, u * d + (n - 1) * s + 1, s) for u, d, n, s in axes))

    def crop(self, canvas: Tensor) -> Tensor:
        lengths = canvas.shape[-len(self.padding) :]
        return canvas[(..., *(slice(p, length - p) for p, length in zip(self.padding, lengths, strict=True)))]


def _plan(
    weight: Tensor, size: Ints, stride: Ints, padding: Ints, output_padding: Ints, groups: int, dilation: Ints
) -> _Plan:
    _checks.transposed_weight(weight, groups)
    kernel = tuple(weight.shape[2:])
    settings = {"size": size, "stride": stride, "padding": padding, "dilation": dilation}
    settings = {name: per_axis(name, value, len(kernel)) for name, value in settings.items()}
    extra = per_axis("output_padding", output_padding, len(kernel))
    return _Plan(**settings, kernel=kernel, out=output_size(kernel_size=kernel, output_padding=extra, **settings))


def _read(input: Tensor, weight: Tensor, *settings: Any) -> tuple[Tensor, _Plan]:
    """The input as a batch, and the plan."""
    _checks.floating(input=input, weight=weight)
    _checks.transposed_input(input, weight)
    batch = input if input.dim() == weight.dim() else input[None]
    return batch, _plan(weight, tuple(batch.shape[2:]), *settings)
