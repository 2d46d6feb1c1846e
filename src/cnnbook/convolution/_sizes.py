r"""How long outputs are. What a reader takes is in `cnnbook.convolution.transposed`.

References:
    Dumoulin & Visin, *A guide to convolution arithmetic for deep learning*, arXiv:1603.07285.
"""

from cnnbook.convolution import _checks
from cnnbook.convolution._checks import Axiswise


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

    A stride drops the remainder of a division, so at most s lengths collide: of

    $$n = (n' - 1)\,s - 2p + d\,(k - 1) + 1 + r, \qquad r = 0, \dots, s - 1,$$

    those that are at least 1: all s of them, unless the padding is wide for so short an output. A transposed
    convolution cannot know which of them to restore: its ``output_padding`` is that r (Dumoulin & Visin 2016, section
    4.6, where it is called a).

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
        >>> list(colliding_sizes(1, kernel_size=1, stride=3, padding=1))  # of -1, 0 and 1
        [1]
    """
    first = (out - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + 1
    return range(max(first, 1), max(first + stride, 1))
