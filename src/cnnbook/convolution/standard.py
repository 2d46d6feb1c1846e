r"""5.14.1 Convolution and cross-correlation, written out.

Both slide a kernel over an image and take a weighted sum at every position. Convolution rotates the kernel by 180°
first, cross-correlation does not; what deep learning calls convolution (``torch.nn.Conv2d``) is cross-correlation.

References:
    Goodfellow, Bengio & Courville, *Deep Learning*, MIT Press 2016, section 9.1, equations 9.4 to 9.6.
    Dumoulin & Visin, *A guide to convolution arithmetic for deep learning*, arXiv:1603.07285, chapter 2.
"""

from collections.abc import Sequence
from itertools import product
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnbook.checks import Ints, integer, per_axis
from cnnbook.convolution import _checks
from cnnbook.convolution._sizes import conv_output_size
from cnnbook.precision import summed_in_single

Padding = int | Sequence[int] | Literal["valid", "same", "full"]


@summed_in_single
def cross_correlate2d(
    input: Tensor, kernel: Tensor, padding: Padding = 0, stride: Ints = 1, dilation: Ints = 1, groups: int = 1
) -> Tensor:
    r"""Slide the kernel over the image as it is; equal to ``torch.nn.functional.conv2d``, whatever the settings.

    $$y_{o,i,j} = \sum_c \sum_{u,v} w_{o,c,u,v}\, x_{c,\,i s + u d - p,\,j s + v d - p}$$

    with x zero outside the image (Goodfellow et al. 2016, equation 9.6; with a stride, equation 9.8). A plain image has
    no axes o and c. With groups, c runs over the channels of the group of o. Halves are added up in single precision,
    as PyTorch does.

    Args:
        input: a plain image (H, W), or PyTorch's (C_in, H, W) or (N, C_in, H, W); any floating dtype.
        kernel: (kH, kW) for a plain image, else (C_out, C_in / groups, kH, kW).
        padding: rows and columns of zeros on every side, alike or (rows, columns). Or "valid": none; "full": d(k - 1),
            for every position at which kernel and image touch; "same", with a stride of 1: as many as keep H and W,
            d(k - 1) // 2 at the top and left and the rest at the bottom and right, where an even kernel has more.
        stride: s, how far the kernel moves from one position to the next: an int, or one int an axis.
        dilation: d, the distance between the taps: an int, or one int an axis.
        groups: how many groups the channels fall into; a group of outputs sees only its own group of inputs.

    Returns:
        The image (H', W'), (C_out, H', W') or (N, C_out, H', W'), with the lengths that
        `cnnbook.convolution.transposed.conv_output_size` gives.

    Raises:
        TypeError: an argument is of the wrong kind, or the tensors are not of one floating dtype.
        ValueError: the shapes do not fit together, a number is too small, the padding is an unknown word or "same" with
            a stride, or the kernel is larger than the padded image.

    Examples:
        >>> patch = torch.tensor([[0., 0., 0.], [0., 1., 1.], [0., 1., 2.]])
        >>> cross_correlate2d(patch, torch.tensor([[4., 0., 0.], [0., 0., 0.], [0., 0., -4.]])).tolist()
        [[-8.0]]
    """
    return _slide(input, kernel, padding, stride, dilation, groups, mirrored=False)


@summed_in_single
def convolve2d(
    input: Tensor, kernel: Tensor, padding: Padding = 0, stride: Ints = 1, dilation: Ints = 1, groups: int = 1
) -> Tensor:
    r"""Rotate the kernel by 180°, then slide it over the image; equal to ``scipy.signal.convolve2d``.

    $$y_{o,i,j} = \sum_c \sum_{u,v} w_{o,c,u,v}\, x_{c,\,i s + p - u d,\,j s + p - v d}, \qquad
    p = d (k - 1) - \text{(zeros above, left)}$$

    with x zero outside the image (Goodfellow et al. 2016, equation 9.5). Channels are summed over, never reversed: only
    the two spatial axes of the kernel are rotated. SciPy has neither stride nor dilation: a stride keeps every s-th of
    its outputs, a dilation puts d - 1 zeros between the taps of its kernel.

    Args:
        input: a plain image (H, W), or PyTorch's (C_in, H, W) or (N, C_in, H, W); any floating dtype.
        kernel: (kH, kW) for a plain image, else (C_out, C_in / groups, kH, kW).
        padding: as in `cross_correlate2d`, except that with "same" an even kernel has its greater number of zeros at
            the top and left.
        stride: as in `cross_correlate2d`.
        dilation: as in `cross_correlate2d`.
        groups: as in `cross_correlate2d`.

    Returns:
        The image, with the shape that `cross_correlate2d` gives it.

    Raises:
        TypeError: as in `cross_correlate2d`.
        ValueError: as in `cross_correlate2d`. That includes "valid" with a kernel larger than the image, where SciPy
            silently swaps the two.

    Examples:
        >>> image = torch.arange(1., 10.).reshape(3, 3)
        >>> kernel = torch.tensor([[-1., -2., -1.], [0., 0., 0.], [1., 2., 1.]])
        >>> convolve2d(image, kernel, padding="same").tolist()
        [[-13.0, -20.0, -17.0], [-18.0, -24.0, -18.0], [13.0, 20.0, 17.0]]
    """
    return _slide(input, kernel, padding, stride, dilation, groups, mirrored=True)


def rotate180(kernel: Tensor) -> Tensor:
    """Rotate the last two axes by 180°: upside down and left to right.

    Args:
        kernel: (..., kH, kW), of any dtype.

    Returns:
        A copy of the same shape. Twice is the identity.

    Raises:
        TypeError: the kernel is not a tensor.
        ValueError: the kernel has fewer than two axes.

    Examples:
        >>> rotate180(torch.tensor([[1, 2], [3, 4]])).tolist()
        [[4, 3], [2, 1]]
    """
    if not isinstance(kernel, Tensor):
        raise TypeError(f"kernel must be a torch.Tensor, got {type(kernel).__name__}")
    if kernel.dim() < 2:
        raise ValueError(f"kernel must have at least 2 axes, got shape {tuple(kernel.shape)}")
    return kernel.flip(-2, -1)


def _slide(
    input: Tensor, kernel: Tensor, padding: Padding, stride: Ints, dilation: Ints, groups: int, mirrored: bool
) -> Tensor:
    """Pad, then add up the taps: tap (u, v) weighs the image shifted by (u, v), at all positions at once."""
    _check_shapes(input, kernel, groups)
    if kernel.dim() == 2:  # a plain image is one channel in, one channel out
        return _slide(input[None], kernel[None, None], padding, stride, dilation, groups, mirrored)[0]
    strides, dilations = per_axis("stride", stride, 2), per_axis("dilation", dilation, 2)
    if isinstance(padding, str) and padding == "same" and strides != (1, 1):
        raise ValueError(f'padding="same" must come with a stride of 1, got stride={stride}')
    reach = [d * (k - 1) for d, k in zip(dilations, kernel.shape[2:], strict=True)]
    (top, bottom), (left, right) = _zeros_around(padding, reach, mirrored)
    padded = F.pad(input, (left, right, top, bottom))
    if any(n <= r for n, r in zip(padded.shape[-2:], reach, strict=True)):
        sizes = f"kernel {tuple(r + 1 for r in reach)} on {tuple(padded.shape[-2:])}"
        raise ValueError(f"kernel must not be larger than the padded input, got {sizes}")
    lengths = conv_output_size(tuple(padded.shape[-2:]), tuple(kernel.shape[2:]), strides, dilation=dilations)

    x = padded.unflatten(-3, (groups, -1))
    w = (rotate180(kernel) if mirrored else kernel).unflatten(0, (groups, -1))
    output = padded.new_zeros(())
    for tap in product(*map(range, kernel.shape[2:])):
        axes = zip(tap, dilations, lengths, strides, strict=True)
        window = x[(..., *(slice(u * d, u * d + (n - 1) * s + 1, s) for u, d, n, s in axes))]
        output = output + torch.einsum("goc,...gchw->...gohw", w[(..., *tap)], window)
    return output.flatten(-4, -3)


def _zeros_around(padding: Padding, reach: Sequence[int], mirrored: bool) -> list[tuple[int, int]]:
    """How many zeros go before and after each axis, along which it is so far from the first tap to the last."""
    if not isinstance(padding, str):
        return [(zeros, zeros) for zeros in per_axis("padding", padding, 2)]
    match padding:
        case "valid":
            return [(0, 0) for _ in reach]
        case "full":
            return [(r, r) for r in reach]
        case "same":
            few = [r // 2 for r in reach]
            many = [r - before for r, before in zip(reach, few, strict=True)]
            # Convolution is cross-correlation in a mirror: turn image and result by 180° and one becomes the other.
            # What was left is then right, so the surplus zero of an even kernel changes sides as well.
            return list(zip(many, few, strict=True) if mirrored else zip(few, many, strict=True))
    raise ValueError(f'padding must be an int or "valid", "same" or "full", got {padding!r}')


def _check_shapes(input: Tensor, kernel: Tensor, groups: int) -> None:
    _checks.floating(input=input, kernel=kernel)
    if (input.dim(), kernel.dim()) not in ((2, 2), (3, 4), (4, 4)):
        raise ValueError(
            "input and kernel must be (H, W) and (kH, kW), or ([N,] C_in, H, W) and (C_out, C_in / groups, kH, kW), "
            f"got shapes {tuple(input.shape)} and {tuple(kernel.shape)}"
        )
    _checks.not_empty("kernel", kernel.shape)
    _checks.not_empty("input", input.shape[-3:])  # an empty batch is fine
    outputs = kernel.shape[0] if kernel.dim() == 4 else 1
    if outputs % integer("groups", groups):
        raise ValueError(f"C_out of the kernel must be divisible by groups, got C_out={outputs} with groups={groups}")
    if kernel.dim() == 4 and input.shape[-3] != groups * kernel.shape[1]:
        channels = f"{groups} · {kernel.shape[1]}" if groups > 1 else f"kernel.shape[1]={kernel.shape[1]}"
        raise ValueError(f"input must have {channels} channels, got shape {tuple(input.shape)}")
