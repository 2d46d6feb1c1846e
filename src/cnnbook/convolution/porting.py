r"""5.14.4 Porting a layer from another framework: the same numbers at the same places.

Frameworks agree on what a strided convolution and a transposed one compute, and differ in four conventions: how many
zeros go before and after the input, how many cells of the output go, how a weight is stored, and whether its kernel is
rotated. One picture holds them together: a transposed convolution is its *full* output, of length (n - 1) s + d (k - 1)
+ 1, less some cells ``before`` and some ``after``. `transposed_padding` finds both and says them in PyTorch's words.

References:
    Dumoulin & Visin, *A guide to convolution arithmetic for deep learning*, arXiv:1603.07285.
    The documentation of each framework, named in the tables of this part.
"""

from collections.abc import Callable
from numbers import Integral
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnbook.checks import Ints, is_sequence, per_axis
from cnnbook.convolution import _checks, _frameworks
from cnnbook.convolution._checks import Axiswise

Pair = tuple[int, int]


class TransposedPadding(NamedTuple):
    """How ``torch.nn.ConvTranspose1d``, ``2d`` or ``3d`` does what another framework does.

    Attributes:
        padding: The layer's ``padding``: an int, or one int an axis.
        output_padding: The layer's ``output_padding``, likewise.
        crop: Cells to cut off the layer's output (before, after), a pair or one pair an axis; (0, 0) where the layer
            alone will do. A negative number is of zeros to add, to which a bias comes afterwards.
    """

    padding: Ints
    output_padding: Ints
    crop: Any

    def cropped(self, output: Tensor) -> Tensor:
        """The layer's output, (..., *size), without the cells to cut off.

        Examples:
            >>> TransposedPadding(0, 0, crop=(0, 1)).cropped(torch.arange(3.)).tolist()
            [0.0, 1.0]
        """
        pairs = self.crop if is_sequence(self.crop[0]) else (self.crop,)
        return F.pad(output, [-cells for pair in reversed(pairs) for cells in pair])


def conv_padding(
    framework: str, size: Ints, kernel_size: Ints, stride: Ints = 1, dilation: Ints = 1
) -> Pair | tuple[Pair, ...]:
    r"""How many zeros a framework's convolution lays before and after the input.

    SAME is as few zeros as give $\lceil n / s \rceil$ outputs,

    $$\max\bigl((\lceil n / s \rceil - 1)\,s + d\,(k - 1) + 1 - n,\; 0\bigr),$$

    half of them before; an odd one goes after, or before where the name says lower (``tf.nn``, ONNX ``Conv``).
    PyTorch's "same" is d (k - 1) zeros at stride 1, and nothing at another; "causal" is all d (k - 1) before.

    Args:
        framework: "tensorflow-same", "keras-causal", "onnx-same-lower", …; an unknown one lists them all.
        size: n, the length of the input in pixels: an int, or one int an axis, as for every argument here.
        kernel_size: k, the taps of the kernel.
        stride: s, how far the kernel moves from one position to the next.
        dilation: d, the distance between the taps.

    Returns:
        (before, after), or one pair an axis where any argument has one int an axis. ``F.pad`` wants the last axis
        first.

    Raises:
        TypeError: an argument is not made of ints, or the framework is not a string.
        ValueError: the framework is unknown, an argument is too small, or "pytorch-same" meets a stride.

    Examples:
        >>> conv_padding("tensorflow-same", 224, kernel_size=3, stride=2)
        (0, 1)
        >>> conv_padding("tensorflow-same", (224, 225), kernel_size=3, stride=2)
        ((0, 1), (1, 1))
    """
    rule = _frameworks.CONV[_frameworks.canonical(framework, _frameworks.CONV)]

    def one_axis(size: int, kernel_size: int, stride: int, dilation: int) -> Pair:
        return rule(size, dilation * (kernel_size - 1) + 1, stride)

    return _each_axis(one_axis, size=size, kernel_size=kernel_size, stride=stride, dilation=dilation)


def transposed_padding(
    framework: str,
    size: Ints,
    kernel_size: Ints,
    stride: Ints = 1,
    dilation: Ints = 1,
    *,
    output_size: Ints | None = None,
    output_padding: Ints | None = None,
) -> TransposedPadding:
    r"""What PyTorch's transposed convolution needs, to do as another framework's.

    SAME makes an output of n' = n s cells, VALID one of n s + max(d (k - 1) + 1 - s, 0), where cells without a stamp
    are zeros. What the full output has more is left out by halves, an odd cell at the end,

    $$\text{before} = \Bigl\lfloor \tfrac12 \max\bigl((n - 1)\,s + d\,(k - 1) + 1 - n',\; 0\bigr) \Bigr\rfloor:$$

    just the zeros that the framework's convolution lays around an image of n' pixels (`conv_padding`). ONNX leaves out
    the odd cell at the beginning, unless it is told SAME_UPPER. `torch_padding` says the rest.

    Args:
        framework: "tensorflow-same", "jax-valid", "onnx-same-upper", "onnx-notset", …; an unknown one lists them all.
        size: n, the length of the input in pixels: an int, or one int an axis, as for every argument here.
        kernel_size: k, the taps of the kernel.
        stride: s, how far apart neighbouring pixels paint.
        dilation: d, the distance between the taps.
        output_size: the length that is asked for: TensorFlow's and ONNX's ``output_shape``.
        output_padding: what Keras and ONNX call so. It is not PyTorch's: with SAME it also moves the output.

    Returns:
        PyTorch's padding and output_padding, and what is still to be cropped: `TransposedPadding`. JAX's kernel may
        have to be rotated as well: `weight_to_torch`.

    Raises:
        TypeError: an argument is not made of ints, or the framework is not a string.
        ValueError: the framework is unknown, does not have the option, or cannot give such an output.

    Examples:
        >>> transposed_padding("keras-same", 14, kernel_size=4, stride=2)
        TransposedPadding(padding=1, output_padding=0, crop=(0, 0))
        >>> transposed_padding("keras-same", 14, kernel_size=3, stride=2)
        TransposedPadding(padding=0, output_padding=0, crop=(0, 1))
    """
    name = _frameworks.canonical(framework, _frameworks.TRANSPOSED)
    options = {"output_size": output_size, "output_padding": output_padding}
    options = {option: value for option, value in options.items() if value is not None}
    for option, value in options.items():
        if option not in _frameworks.OPTIONS.get(name.split("-")[0], ()):
            raise ValueError(f"{name} must have no {option}, got {option}={value}")

    def one_axis(stride: int, dilation: int, **sizes: int) -> TransposedPadding:
        return _in_torch(*_frameworks.crop(name, stride=stride, dilation=dilation, **sizes), stride, dilation)

    sizes = {"size": size, "kernel_size": kernel_size, "stride": stride, "dilation": dilation}
    return _side_by_side(_each_axis(one_axis, **sizes, **options))


def torch_padding(before: Ints, after: Ints, stride: Ints = 1, dilation: Ints = 1) -> TransposedPadding:
    r"""PyTorch's words for a transposed convolution that leaves out some cells of its full output.

    PyTorch leaves out ``padding`` before and ``padding - output_padding`` after, and takes an output_padding from 0 to
    max(s, d) - 1. So it can do just

    $$0 \le \text{before} - \text{after} < \max(s, d), \qquad \text{before} \ge 0,$$

    and never leaves out more after than before. Anything else is the full output, cropped.

    Args:
        before: cells left out at the beginning: an int, or one int an axis, as for every argument here. Negative: zeros
            that are added.
        after: cells left out at the end, likewise.
        stride: s, how far apart neighbouring pixels paint.
        dilation: d, the distance between the taps.

    Returns:
        PyTorch's padding and output_padding, or the crop of its output at padding 0.

    Raises:
        TypeError: an argument is not made of ints.
        ValueError: stride or dilation is too small, or there is not one int an axis.

    Examples:
        >>> torch_padding(before=1, after=0, stride=2)
        TransposedPadding(padding=1, output_padding=1, crop=(0, 0))
        >>> torch_padding(before=0, after=1, stride=2)
        TransposedPadding(padding=0, output_padding=0, crop=(0, 1))
    """
    return _side_by_side(_each_axis(_in_torch, before=before, after=after, stride=stride, dilation=dilation))


def weight_to_torch(framework: str, weight: Any, transposed: bool = False) -> Tensor:
    """A framework's weight as PyTorch's convolution, or transposed convolution, wants it.

    Args:
        framework: "tensorflow", "keras", "jax", "onnx", "caffe", "matlab", "paddle" or "pytorch". For transposed
            convolutions "jax" means JAX's and Flax's default, whose kernel is rotated, and "jax-transpose-kernel" what
            they do with ``transpose_kernel=True``. "keras-depthwise" is the weight of a ``DepthwiseConv2D``, which is a
            convolution in C_in groups.
        weight: a tensor or an array with at least one axis of space. TensorFlow, Keras and MATLAB have (*k, C_in,
            C_out), transposed (*k, C_out, C_in); JAX has (*k, C_in, C_out) for both, but (*k, C_out, C_in) with
            transpose_kernel; the others have PyTorch's order.
        transposed: whether it is that of a transposed convolution.

    Returns:
        (C_out, C_in / groups, *k), or transposed (C_in, C_out / groups, *k), contiguous.

    Raises:
        TypeError: the framework is not a string.
        ValueError: the framework is unknown, or the weight has fewer than three axes.

    Examples:
        >>> weight_to_torch("keras", torch.zeros(5, 5, 3, 8)).shape
        torch.Size([8, 3, 5, 5])
        >>> weight_to_torch("jax", torch.tensor([1., 2., 3.]).reshape(3, 1, 1), transposed=True)
        tensor([[[3., 2., 1.]]])
    """
    layouts = _frameworks.TRANSPOSED_LAYOUTS if transposed else _frameworks.LAYOUTS
    layout = layouts[_frameworks.canonical(framework, layouts)]
    if hasattr(weight, "astype"):  # of NumPy: a rotated view and big-endian numbers are nothing for torch
        weight = weight.astype(weight.dtype.newbyteorder("="), order="C")
    tensor = weight if isinstance(weight, Tensor) else torch.tensor(weight)
    if tensor.dim() < 3:
        raise ValueError(f"weight must have at least 3 axes, got shape {tuple(tensor.shape)}")
    tensor = tensor.movedim(layout["axes"], (0, 1))
    if layout.get("depthwise"):  # (C, m, *k): channel c has the m kernels c m, c m + 1, …
        tensor = tensor.flatten(0, 1).unsqueeze(1)
    return (tensor.flip(list(range(2, tensor.dim()))) if layout.get("rotated") else tensor).contiguous()


@_checks.axis_by_axis
def centre_shift(
    kernel_size: Axiswise, stride: Axiswise, padding: Axiswise = 0, dilation: Axiswise = 1
) -> float | tuple[float, ...]:
    r"""How far a layer's pixels lie from where they should, in pixels of the finer image.

    A pixel of the coarse image stands for s pixels of the fine one, whose centre is at i s + (s - 1) / 2. The kernel's
    centre is at i s - p + d (k - 1) / 2, whether it reads there (a convolution) or paints there (a transposed one):

    $$\text{shift} = \frac{d\,(k - 1) + 1 - s}{2} - p$$

    It is 0 where p = (d (k - 1) + 1 - s) / 2, which is a whole number for kernels and strides both even or both odd.
    (The centres are those of ``torch.nn.functional.interpolate`` with ``align_corners=False``.)

    Args:
        kernel_size: k, the taps of the kernel: an int, or one int an axis, as for every argument here.
        stride: s.
        padding: p, the zeros before the input; of a transposed convolution, the cells cropped before the output.
        dilation: d, the distance between the taps.

    Returns:
        The shift, positive to the right and down; or one an axis where any argument has one int an axis.

    Raises:
        TypeError: an argument is not made of ints.
        ValueError: an argument is too small.

    Examples:
        >>> centre_shift(4, stride=2, padding=1), centre_shift(3, stride=2, padding=1), centre_shift(3, stride=2)
        (0.0, -0.5, 0.5)
    """
    return (dilation * (kernel_size - 1) + 1 - stride) / 2 - padding


def _in_torch(before: int, after: int, stride: int, dilation: int) -> TransposedPadding:
    if before >= 0 and 0 <= before - after < max(stride, dilation):
        return TransposedPadding(before, before - after, crop=(0, 0))
    return TransposedPadding(0, 0, crop=(before, after))


def _each_axis(rule: Callable[..., Any], **arguments: Any) -> Any:
    """The rule of one axis for each axis: a tuple where any argument has one int an axis, else one answer."""
    lengths = [len(value) for value in arguments.values() if is_sequence(value)]
    axes = max([*lengths, 1])
    columns = {name: _ints(name, value, axes) for name, value in arguments.items()}
    answers = tuple(rule(**{name: column[axis] for name, column in columns.items()}) for axis in range(axes))
    return answers if lengths else answers[0]


def _ints(name: str, value: Any, axes: int) -> tuple[int, ...]:
    if name not in ("before", "after"):
        return per_axis(name, value, axes)
    values = tuple(value) if is_sequence(value) else (value,) * axes  # these may be negative
    if len(values) != axes:
        raise ValueError(f"{name} must be an int or one int an axis, got {name}={value} with axes={axes}")
    if wrong := [one for one in values if isinstance(one, bool) or not isinstance(one, Integral)]:
        raise TypeError(f"{name} must be an int, got {wrong[0]!r}")
    return tuple(map(int, values))


def _side_by_side(answers: TransposedPadding | tuple[TransposedPadding, ...]) -> TransposedPadding:
    return answers if isinstance(answers, TransposedPadding) else TransposedPadding(*zip(*answers, strict=True))
