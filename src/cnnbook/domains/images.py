r"""Images for a CNN: from pixels to a tensor, prepared as the training images were, and a small network.

`to_tensor` takes the pixels of one image, as a file holds them, to ``(1, C, H, W)`` in 0…1; `normalise` gives them the
mean 0 and the deviation 1 of the training images; `grey` mixes three channels into one. `prepare` takes any
picture the way of Fashion-MNIST: background dark, edges trimmed, longer side resized, shorter side extended; but it
averages where pixels were left out there, and does not sharpen. `cnn` is two convolutions, a pool and a linear layer;
`linear` is what is left of it without convolutions.

References:
    H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms",
    arXiv:1708.07747.
    M. Lin, Q. Chen, S. Yan, "Network in network", arXiv:1312.4400 (the mean over all places).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnnbook.checks import at_least_one, holds

LUMA = (0.299, 0.587, 0.114)  # of red, green, blue: ITU-R 601
LEVELS = {torch.uint8: 255, torch.uint16: 65535}
NEAR = 0.05  # of the whole range: what counts as background


def to_tensor(pixels: Tensor) -> Tensor:
    r"""The pixels of one image as a batch of one: channels before rows, and 0…1.

    $$x_{0,c,i,j} = \frac{p_{i,j,c}}{255}$$

    Args:
        pixels: ``uint8`` (0…255) or ``uint16`` (0…65535, which then divides), ``(H, W)`` grey or ``(H, W, C)``.

    Returns:
        ``float32 (1, C, H, W)``.

    Raises:
        TypeError: ``pixels`` is no tensor.
        ValueError: The type, the number of axes or of channels is another, or there is no pixel.

    Examples:
        >>> to_tensor(torch.tensor([[[255, 0, 51]]], dtype=torch.uint8)).flatten().tolist()
        [1.0, 0.0, 0.20000000298023224]
    """
    if not isinstance(pixels, Tensor):
        kind = type(pixels).__name__
        raise TypeError(f"pixels must be a torch.Tensor, got {kind}: torch.from_numpy makes one of an array")
    if pixels.dtype not in LEVELS:
        raise ValueError(f"pixels must be uint8 or uint16, got {pixels.dtype}")
    if pixels.dim() not in (2, 3) or 0 in pixels.shape or (pixels.dim() == 3 and pixels.shape[2] > 4):
        raise ValueError(f"pixels must be (H, W) or (H, W, C) with C at most 4, got {tuple(pixels.shape)}")
    whole = pixels[:, :, None] if pixels.dim() == 2 else pixels
    return (whole.permute(2, 0, 1)[None].to(torch.float32) / LEVELS[pixels.dtype]).contiguous()


def normalise(x: Tensor, mean: float | Sequence[float], std: float | Sequence[float]) -> Tensor:
    r"""Each channel less the mean of the training images, over their standard deviation.

    $$\hat x_{n,c,i,j} = \frac{x_{n,c,i,j} - \mu_c}{\sigma_c}$$

    Args:
        x: ``(N, C, H, W)``.
        mean: Of the training images in the same units; one number, or one a channel.
        std: Likewise; positive.

    Returns:
        ``(N, C, H, W)``.

    Raises:
        ValueError: The pixels are whole numbers, there are not as many numbers as channels, or a deviation is not
            positive.

    Examples:
        >>> normalise(torch.tensor([[[[0.5, 1.0]]]]), mean=0.25, std=0.5).tolist()
        [[[[0.5, 1.5]]]]
    """
    _fractions(x)
    both = [torch.as_tensor(value, dtype=x.dtype, device=x.device).reshape(-1, 1, 1) for value in (mean, std)]
    for name, value in zip(("mean", "std"), both, strict=True):
        if len(value) not in (1, x.shape[-3]):
            raise ValueError(f"{name} must be one number or one a channel, got {len(value)} for {x.shape[-3]} channels")
    if not holds(both[1] > 0):
        raise ValueError(f"std must be positive, got {std}")
    return (x - both[0]) / both[1]


def grey(x: Tensor) -> Tensor:
    r"""Red, green and blue as one channel, weighted as the eye weighs them.

    $$y = 0.299\,R + 0.587\,G + 0.114\,B$$

    Args:
        x: ``(N, 3, H, W)``, or ``(N, 1, H, W)``, which is grey already.

    Returns:
        ``(N, 1, H, W)``.

    Raises:
        ValueError: There are neither one nor three channels, or the pixels are whole numbers.

    Examples:
        >>> round(grey(torch.tensor([1.0, 0.5, 0.0]).reshape(1, 3, 1, 1)).item(), 4)
        0.5925
    """
    if x.dim() != 4 or x.shape[1] not in (1, 3):
        raise ValueError(f"there must be 1 or 3 channels, (N, C, H, W), got {tuple(x.shape)}")
    _fractions(x)
    return x if x.shape[1] == 1 else (x * x.new_tensor(LUMA).reshape(3, 1, 1)).sum(1, keepdim=True)


def _fractions(x: Tensor) -> None:
    """Refuse pixels of a type in which weights and means would be cut to whole numbers."""
    if not x.is_floating_point():
        raise ValueError(f"pixels must be floating point, got {x.dtype}")


def background(x: Tensor) -> float:
    r"""The grey of the frame of an image: the median of its outermost pixels.

    $$b = \operatorname{median}\{x_{ij} : i \in \{0, H-1\} \text{ or } j \in \{0, W-1\}\}$$

    Args:
        x: One grey image ``(1, 1, H, W)``.

    Returns:
        0 … 1.

    Raises:
        IndexError: The image has no pixel.

    Examples:
        >>> background(torch.tensor([[[[1.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]]]]))
        1.0
    """
    picture = x[0, 0]
    return float(torch.cat([picture[0], picture[-1], picture[:, 0], picture[:, -1]]).median())


def prepare(x: Tensor, size: int = 28) -> tuple[Tensor, list[str]]:
    r"""Any picture in the form of Fashion-MNIST: something bright, in the middle of a black square.

    Grey; inverted where it is darker than its background; the background black and cut away on all sides; the longer
    side resized to ``size`` with antialiasing, the shorter in proportion and extended by black on both sides.

    $$x \leftarrow \frac{\max(0, x - b)}{1 - b}, \qquad s = \frac{S}{\max(H, W)}, \qquad (H, W) \to (sH, sW) \to (S, S)$$

    Args:
        x: ``(1, C, H, W)`` in 0…1, one channel or three.
        size: Height and width S of the result.

    Returns:
        ``(1, 1, size, size)`` in 0…1, and in words what was done; sizes there are width × height, as of all pictures.

    Raises:
        ValueError: It is not one image in 0…1, ``size`` is below 1, or nothing stands out from the background.

    Examples:
        >>> paper = torch.ones(1, 3, 60, 40)
        >>> paper[:, :, 20:40, 15:25] = 0
        >>> small, done = prepare(paper, size=4)
        >>> small[0, 0, 0].round().tolist(), done
        ([0.0, 1.0, 1.0, 0.0], ['3 channels to grey', 'inverted', '40×60 trimmed to 10×20', 'resized to 2×4', 'extended to 4×4'])
    """  # noqa: E501
    at_least_one(size=size)
    if len(x) != 1:
        raise ValueError(f"there must be one image, (1, C, H, W), got {tuple(x.shape)}")
    picture = grey(x)
    if not holds((x >= 0) & (x <= 1)):  # NaN is neither
        raise ValueError(f"pixels must be in 0…1, got {float(x.min()):g}…{float(x.max()):g}")
    done = [f"{x.shape[1]} channels to grey"] if x.shape[1] == 3 else []
    height, width = picture.shape[-2:]
    level = background(picture)
    sides = [(picture, level), (1 - picture, 1 - level)]  # what is shown is brighter than what surrounds it, or darker
    stands_out = [(side - dark).clamp(min=0) / max(1 - dark, NEAR) for side, dark in sides]
    most = [float(side.amax()) for side in stands_out]
    darker = bool(picture.mean() < level)
    darker = darker if most[darker] > NEAR else not darker
    if most[darker] <= NEAR:
        got = f"shades at most {max(most):.1%} from it" if any(most) else "an image of one shade"
        raise ValueError(f"something must stand out from the background by more than {NEAR:.0%}, got {got}")
    done += ["inverted"] if darker else []
    picture = stands_out[darker]
    seen = picture[0, 0] > NEAR
    rows, columns = seen.any(1).nonzero()[:, 0].tolist(), seen.any(0).nonzero()[:, 0].tolist()
    picture = picture[..., rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    high, wide = picture.shape[-2:]
    if (high, wide) != (height, width):
        done.append(f"{width}×{height} trimmed to {wide}×{high}")
    small = [max(1, round(side * size / max(high, wide))) for side in (high, wide)]
    if small != [high, wide]:
        picture = F.interpolate(picture, small, mode="bilinear", antialias=True).clamp(0, 1)
        done.append(f"resized to {small[1]}×{small[0]}")
    top, left = (size - small[0]) // 2, (size - small[1]) // 2
    if small != [size, size]:
        done.append(f"extended to {size}×{size}")
    return F.pad(picture, (left, size - small[1] - left, top, size - small[0] - top)), done


def cnn(
    channels: tuple[int, int] = (8, 16), classes: int = 10, size: int = 28, in_channels: int = 1, mean: bool = False
) -> nn.Sequential:
    r"""Two convolutions, a pool, a linear layer.

    $$z = W\,\operatorname{pool}\big(\operatorname{relu}(w_2 * \operatorname{relu}(w_1 * x))\big) + b$$

    The first kernel is 5×5 with stride 2, the second 3×3.

    Args:
        channels: Filters of each convolution.
        classes: Number of outputs.
        size: Height and width of the images; divisible by 4.
        in_channels: 1 for grey, 3 for colour.
        mean: Pool each channel to its mean over all places, instead of the maximum of 2×2: what the linear layer then
            sees has no place left.

    Returns:
        A network from ``(N, in_channels, size, size)`` to ``(N, classes)``.

    Raises:
        ValueError: ``size`` is not divisible by 4.

    Examples:
        >>> cnn(in_channels=3)(torch.zeros(2, 3, 28, 28)).shape
        torch.Size([2, 10])
        >>> [sum(p.numel() for p in network.parameters()) for network in (cnn(), cnn(mean=True), linear())]
        [9226, 1546, 7850]
    """
    if size < 4 or size % 4:
        raise ValueError(f"size must be divisible by 4, got size={size}")
    first, second = channels
    places = 1 if mean else (size // 4) ** 2
    return nn.Sequential(
        nn.Conv2d(in_channels, first, 5, stride=2, padding=2),
        nn.ReLU(),
        nn.Conv2d(first, second, 3, padding=1),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1) if mean else nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(second * places, classes),
    )


def linear(classes: int = 10, inputs: int = 784) -> nn.Sequential:
    r"""Logistic regression on the pixels: a weight for each pixel and class.

    $$z = W\,\operatorname{vec}(x) + b$$

    Args:
        classes: Number of outputs.
        inputs: Pixels times channels.

    Returns:
        A network from ``(N, C, H, W)`` to ``(N, classes)``.

    Raises:
        RuntimeError: A number is negative.

    Examples:
        >>> linear()(torch.zeros(2, 1, 28, 28)).shape
        torch.Size([2, 10])
    """
    return nn.Sequential(nn.Flatten(), nn.Linear(inputs, classes))
