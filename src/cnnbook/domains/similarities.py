r"""One convolution for words, images and video: the same sum over windows along one axis, two or three.

`conv_nd` is that sum, written once; `torch.nn.functional.conv1d`, ``conv2d`` and ``conv3d`` are its three cases. What
has fewer axes is what has more, with axes of length one (`with_axes`). Words become numbers by the same layer: looking
up a word's vector is a convolution with a kernel of one word (`one_hot_words`). `moving` makes a video of pictures.

References:
    V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285.
    Y. Kim, "Convolutional neural networks for sentence classification", arXiv:1408.5882.
    D. Tran et al., "Learning spatiotemporal features with 3D convolutional networks", arXiv:1412.0767.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from cnnbook.checks import Ints, per_axis

SEGMENTS = ("abcdef", "bc", "abdeg", "abcdg", "bcfg", "acdfg", "acdefg", "abc", "abcdefg", "abcdfg")  # of 0…9


def conv_nd(
    input: Tensor, weight: Tensor, stride: Ints = 1, padding: Ints = 0, dilation: Ints = 1, groups: int = 1
) -> Tensor:
    r"""The convolution of deep learning (cross-correlation) along as many axes as the kernel has: one, two or three.

    $$y_{n,c,\mathbf p} = \sum_{i} \sum_{\mathbf q}
    w_{c,i,\mathbf q}\; x_{n,\,i,\;\mathbf s \mathbf p + \mathbf d \mathbf q}$$

    where p and q are positions with one coordinate an axis, multiplied axis by axis; x is padded with zeros.

    Args:
        input: ``(N, C_in, *size)``: words ``(N, C, L)``, images ``(N, C, H, W)``, video ``(N, C, T, H, W)``.
        weight: ``(C_out, C_in / groups, *kernel_size)``.
        stride: Steps between windows; an int, or one an axis.
        padding: Zeros at both ends of each axis.
        dilation: Steps between the elements of a window.
        groups: Groups of channels that do not see each other.

    Returns:
        ``(N, C_out, *out)``.

    Raises:
        ValueError: The axes of input and weight differ, or are not one to three; the channels do not fit; a setting has
            not one value an axis; or a window is larger than the padded input.

    Examples:
        >>> words = torch.tensor([[[1.0, 2.0, 3.0, 4.0]]])
        >>> conv_nd(words, torch.tensor([[[1.0, 0.0, -1.0]]])).tolist()
        [[[-2.0, -2.0]]]
    """
    axes = weight.dim() - 2
    if not 1 <= axes <= 3 or input.dim() != weight.dim():
        raise ValueError(
            f"input and weight must have the same one to three axes behind two, got {tuple(input.shape)} and "
            f"{tuple(weight.shape)}"
        )
    if input.shape[1] != weight.shape[1] * groups or weight.shape[0] % groups:
        raise ValueError(
            f"C_in must be groups · {weight.shape[1]} and C_out={weight.shape[0]} divisible by groups, got "
            f"C_in={input.shape[1]} with groups={groups}"
        )
    strides, paddings, dilations = (
        per_axis(name, value, axes)
        for name, value in (("stride", stride), ("padding", padding), ("dilation", dilation))
    )
    windows = F.pad(input, [p for padded in reversed(paddings) for p in (padded, padded)])
    for axis, (k, s, d) in enumerate(zip(weight.shape[2:], strides, dilations, strict=True), start=2):
        span = d * (k - 1) + 1
        if span > windows.shape[axis]:
            raise ValueError(f"a window must not be larger than the padded input, got {span} > {windows.shape[axis]}")
        windows = windows.unfold(axis, span, s)[..., ::d]  # an axis of windows, and the window's own behind all others
    place, within = "abc"[:axes], "xyz"[:axes]
    grouped, kernels = windows.unflatten(1, (groups, -1)), weight.unflatten(0, (groups, -1))
    return torch.einsum(f"ngi{place}{within},goi{within}->ngo{place}", grouped, kernels).flatten(1, 2)


def with_axes(tensor: Tensor, axes: int) -> Tensor:
    r"""Words or images, or their kernels, as if they had more axes: new ones of length one before the others.

    $$(N, C, L) \to (N, C, 1, L) \to (N, C, 1, 1, L)$$

    Args:
        tensor: ``(N, C, *size)`` with at most ``axes`` axes behind the first two.
        axes: How many there shall be.

    Returns:
        The same numbers, ``(N, C, 1, …, *size)``.

    Raises:
        ValueError: There are more already.

    Examples:
        >>> with_axes(torch.zeros(2, 3, 7), axes=2).shape
        torch.Size([2, 3, 1, 7])
    """
    missing = axes - (tensor.dim() - 2)
    if tensor.dim() < 2 or missing < 0:
        raise ValueError(f"there must be at most {axes} axes behind the first two, got shape {tuple(tensor.shape)}")
    return tensor.reshape(*tensor.shape[:2], *[1] * missing, *tensor.shape[2:])


def one_hot_words(ids: Tensor, words: int, dtype: torch.dtype = torch.float32) -> Tensor:
    r"""Words as channels: a one in the channel of the word, at its place in the text.

    $$x_{n,c,l} = [\,t_{n,l} = c\,]$$

    A convolution of kernel size 1 with the transposed table of vectors, ``table.T[:, :, None]``, looks the vectors up,
    as ``torch.nn.functional.embedding`` does.

    Args:
        ids: Numbers of the words, ``int64 (N, L)``.
        words: Size of the dictionary.
        dtype: Of the result.

    Returns:
        ``(N, words, L)``.

    Raises:
        ValueError: An identifier is not in the dictionary, or the shape is not (N, L).

    Examples:
        >>> one_hot_words(torch.tensor([[2, 0]]), words=3).tolist()
        [[[0.0, 1.0], [0.0, 0.0], [1.0, 0.0]]]
    """
    if ids.dim() != 2 or ids.dtype != torch.int64:
        raise ValueError(f"ids must be int64 (N, L), got {ids.dtype} of shape {tuple(ids.shape)}")
    if ids.numel() and not 0 <= int(ids.min()) <= int(ids.max()) < words:
        raise ValueError(f"ids must be in 0…{words - 1}, got {int(ids.min())}…{int(ids.max())}")
    return F.one_hot(ids, words).movedim(-1, 1).to(dtype)


def digit(number: int, height: int = 9, width: int = 5) -> Tensor:
    r"""A digit of seven segments, as on a pocket calculator: a picture that is made of nothing but its number.

    $$x_{ij} = [\,(i, j) \in \textstyle\bigcup_{s \in S(n)} P_s\,]$$

    where S(n) are the segments of the digit and P the pixels of a segment.

    Args:
        number: 0 … 9.
        height: Pixels, odd and at least 5.
        width: Pixels, at least 3.

    Returns:
        Zeros and ones ``float32 (height, width)``.

    Raises:
        ValueError: It is no digit, or there is no room for it.

    Examples:
        >>> for row in digit(4, height=5, width=3).int().tolist():
        ...     print("".join(".#"[pixel] for pixel in row))
        #.#
        #.#
        ###
        ..#
        ..#
    """
    if not 0 <= number <= 9:
        raise ValueError(f"a digit must be in 0…9, got number={number}")
    if height < 5 or height % 2 == 0 or width < 3:
        raise ValueError(f"height must be odd and at least 5 and width at least 3, got {height}×{width}")
    picture, middle = torch.zeros(height, width), height // 2
    upper, lower = slice(0, middle + 1), slice(middle, height)
    places = {
        "a": (0, slice(None)), "b": (upper, -1), "c": (lower, -1), "d": (-1, slice(None)),
        "e": (lower, 0), "f": (upper, 0), "g": (middle, slice(None)),
    }  # fmt: skip
    for segment in SEGMENTS[number]:
        picture[places[segment]] = 1
    return picture


def moving(pictures: Tensor, start: Tensor, velocity: Tensor, frames: int, size: int) -> Tensor:
    r"""A video of pictures that move over a black square by whole pixels a frame; what leaves on one side comes back on
    the other.

    $$v_{n,t,i,j} = x_{n,\;(i - a_n - t\,u_n) \bmod S,\;(j - b_n - t\,v_n) \bmod S}$$

    Args:
        pictures: ``(N, h, w)``, at most ``size`` high and wide; 0 outside.
        start: Row a and column b of the upper left corner in the first frame, ``int64 (N, 2)``.
        velocity: Rows u and columns v a frame, ``int64 (N, 2)``.
        frames: Their number T.
        size: Height and width S of the video.

    Returns:
        ``(N, 1, T, S, S)``.

    Raises:
        ValueError: A picture does not fit, or there is not one start and velocity a picture.

    Examples:
        >>> dot = torch.ones(1, 1, 1)
        >>> video = moving(dot, start=torch.tensor([[0, 0]]), velocity=torch.tensor([[0, 1]]), frames=3, size=3)
        >>> video[0, 0, :, 0].int().tolist()
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    """
    n, height, width = pictures.shape
    if max(height, width) > size or frames < 1:
        raise ValueError(f"pictures must fit into {size}×{size} for at least one frame, got {height}×{width}, {frames}")
    if start.shape != (n, 2) or velocity.shape != (n, 2):
        raise ValueError(f"start and velocity must be ({n}, 2), got {tuple(start.shape)} and {tuple(velocity.shape)}")
    canvas = F.pad(pictures, (0, size - width, 0, size - height))
    corner = start[:, None] + torch.arange(frames)[:, None] * velocity[:, None]  # (N, T, 2)
    rows, columns = ((torch.arange(size) - corner[..., axis, None]) % size for axis in (0, 1))  # (N, T, S)
    video = canvas[torch.arange(n)[:, None, None, None], rows[..., :, None], columns[..., None, :]]
    return video[:, None]
