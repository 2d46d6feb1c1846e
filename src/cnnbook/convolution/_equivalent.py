r"""The one transposed convolution that an upsampling layer is. What a reader takes is in `checkerboard`."""

from __future__ import annotations

from copy import deepcopy

import torch
from torch import nn

from cnnbook.convolution._phases import balanced
from cnnbook.convolution._resizing import ResizeConv, SubPixel
from cnnbook.convolution._stamps import REACH, Pair, TransposedKernel, full, placed, response
from cnnbook.convolution._upsampling import BalancedTransposedUpsample, TransposedUpsample


def as_transposed(layer: nn.Module) -> TransposedKernel:
    r"""The one transposed convolution that an upsampling layer is (Shi et al., arXiv:1609.07009).

    What is linear, and the same for every pixel of its input, paints for each pixel the same stamp: it is a transposed
    convolution. Resizing paints h, the response to a single pixel, and a convolution with w makes of it

    $$w'_v = \sum_{t - u d = v} h_t\, w_u, \qquad \text{a blur with b: } \quad w' = w * b;$$

    a convolution to the channels of s phases, then a pixel shuffle, gives each phase r the taps of its own kernel,

    $$w'_{(k - 1 - u)\, d s + r} = w^{(r)}_u,$$

    and likewise along the second axis. So, with 3×3 taps and s = 2, nearest is a kernel of 4×4 and p = 1, bilinear one
    of 6×6 and p = 2, and a sub-pixel layer *any* kernel of 6×6 and p = 2. Where a stamp does not lie evenly about its
    pixel, taps of zero make it so.

    Args:
        layer: one of this module's upsampling layers, ``nn.ConvTranspose2d``, ``nn.Upsample`` (nearest, bilinear or
            bicubic, by a whole factor) and then ``nn.Conv2d`` in an ``nn.Sequential``, or ``nn.Conv2d`` and then
            ``nn.PixelShuffle``. Either convolution has stride 1.

    Returns:
        The kernel, through which gradients reach the layer's weights. It makes of an image of any size what the layer
        does, in shape and in numbers: up to the border where the layer pads with zeros and resizes by nearest; where
        it goes on with other pixels, or interpolates, wherever the output sees pixels of the image alone. Each phase
        of a sub-pixel layer has a bias: their mean is the ``bias``, the rest the ``phase_bias``.

    Raises:
        TypeError: the layer is none of these.
        ValueError: a factor is not whole, the corners are aligned (then the stamps differ from pixel to pixel), a
            convolution has a stride, or its channels do not divide by the phases and the groups.

    Examples:
        >>> kernel = as_transposed(nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(8, 3, 3, padding=1)))
        >>> kernel.weight.shape, kernel.stride, kernel.padding
        (torch.Size([8, 3, 4, 4]), (2, 2), (1, 1))
        >>> x = torch.rand(1, 8, 5, 5)
        >>> layer = nn.Sequential(nn.Conv2d(8, 12, 3, padding=1), nn.PixelShuffle(2))
        >>> torch.allclose(as_transposed(layer)(x), layer(x), atol=1e-6)
        True
    """
    if isinstance(layer, nn.ConvTranspose2d):
        names = ("weight", "bias", "stride", "padding", "output_padding", "groups", "dilation")
        return TransposedKernel(**{name: getattr(layer, name) for name in names})
    if isinstance(layer, TransposedUpsample):
        return _stamped(layer)
    if isinstance(layer, ResizeConv):
        return _resized((layer.scale, layer.scale), layer.mode, layer.conv)
    if isinstance(layer, SubPixel):
        return _shuffled(layer.conv, layer.scale)
    if isinstance(layer, nn.Sequential) and len(layer) == 2:
        first, second = layer[0], layer[1]
        if isinstance(first, nn.Upsample) and isinstance(second, nn.Conv2d):
            return _resized(_factors(first), first.mode, second)
        if isinstance(first, nn.Conv2d) and isinstance(second, nn.PixelShuffle):
            return _shuffled(first, second.upscale_factor)
    kinds = " and ".join(type(one).__name__ for one in (layer if isinstance(layer, nn.Sequential) else [layer]))
    raise TypeError(
        "layer must be an upsampling layer of cnnbook, a ConvTranspose2d, or a Sequential of Upsample and Conv2d or of "
        f"Conv2d and PixelShuffle, got {kinds or 'an empty Sequential'}"
    )


def degrees_of_freedom(layer: nn.Module) -> int:
    r"""How many dimensions the kernels have that a layer can be: for one pair of channels, whatever its weights become.

    $$\operatorname{rank} \frac{\partial w'}{\partial \theta}$$

    where w' is the kernel of `as_transposed`, from the first input channel to the first output channel, and θ are the
    layer's parameters, in which it is linear. Of two layers with kernels of one size the one with fewer can express
    less (Shi et al., arXiv:1609.07009, on sub-pixel and nearest with the same convolution).

    Args:
        layer: as in `as_transposed`.

    Returns:
        The dimension, at most that of all kernels of the size, kH · kW.

    Raises:
        TypeError: as in `as_transposed`.
        ValueError: as in `as_transposed`.

    Examples:
        >>> [degrees_of_freedom(kind(1, 1, scale=2)) for kind in (ResizeConv, TransposedUpsample, SubPixel)]
        [9, 16, 36]
        >>> degrees_of_freedom(BalancedTransposedUpsample(1, 1, scale=2))  # four phases, three equations
        13
    """
    layer = deepcopy(layer).double().requires_grad_()
    taps = as_transposed(layer).weight[0, 0].flatten()
    each = torch.eye(len(taps), dtype=taps.dtype, device=taps.device)
    parameters = [one for name, one in layer.named_parameters() if name.endswith("weight")]
    rows = torch.autograd.grad(taps, parameters, each, is_grads_batched=True)
    return int(
        torch.linalg.matrix_rank(torch.cat([one.flatten(1) for one in rows], dim=1), rtol=1e-9)
    )  # beyond rounding


def _stamped(layer: TransposedUpsample) -> TransposedKernel:
    s, weight = layer.scale, layer.conv.weight
    if isinstance(layer, BalancedTransposedUpsample):
        weight = balanced(weight, s, order=layer.order)
    if layer.blurs:
        weight = full(weight, weight.new_full((s, s), 1 / s**2))
    first = layer.rim * s - layer.padding - layer.blurs * (s - 1)
    return placed(weight, (s, s), (first, first), (0, 0), layer.conv.bias)


def _resized(scale: Pair, mode: str, conv: nn.Conv2d) -> TransposedKernel:
    taps, start = response(scale, mode, conv.weight)
    before, lost = _margins(conv)
    weight = conv.weight.unflatten(0, (conv.groups, -1)).transpose(1, 2).flatten(0, 1)  # (C_in, C_out / groups, kH, kW)
    weight = full(weight.flip(-2, -1), taps, conv.dilation)
    reach = _reach(conv)
    first = tuple(t + left - r for t, left, r in zip(start, before, reach, strict=True))
    return placed(weight, scale, first, tuple(-n for n in lost), conv.bias, conv.groups)


def _shuffled(conv: nn.Conv2d, s: int) -> TransposedKernel:
    if conv.out_channels % s**2:
        rule = f"the convolution's channels must be divisible by the {s**2} phases"
        raise ValueError(f"{rule}, got {conv.out_channels}")
    outputs, rest = divmod(conv.out_channels // s**2, conv.groups)
    if rest:
        got = f"groups={conv.groups} with {conv.out_channels // s**2} channels"
        raise ValueError(f"the groups must divide the output channels, got {got}")
    before, lost = _margins(conv)
    weight = full(conv.weight.flip(-2, -1), conv.weight.new_ones(1, 1), conv.dilation)  # zeros between the taps
    phases = weight.unflatten(0, (conv.groups, outputs, s, s))  # (groups, C_out / groups, s, s, C_in / groups, kH, kW)
    taps = phases.permute(0, 4, 1, 5, 2, 6, 3).flatten(5, 6).flatten(3, 4).flatten(0, 1)
    first = tuple((left - reach) * s for left, reach in zip(before, _reach(conv), strict=True))
    bias, phase_bias = conv.bias, None
    if bias is not None:
        of_phases = bias.unflatten(0, (-1, s, s))
        bias = of_phases.mean((1, 2))
        phase_bias = of_phases - bias[:, None, None]
    return placed(taps, (s, s), first, tuple(-n * s for n in lost), bias, conv.groups, phase_bias)


def _factors(layer: nn.Upsample) -> Pair:
    """By how much it enlarges along each axis."""
    if layer.mode not in ("nearest", "nearest-exact", *REACH):
        raise ValueError(f"mode must be nearest, nearest-exact, bilinear or bicubic, got {layer.mode!r}")
    if layer.align_corners:
        raise ValueError("align_corners must be off: with it each pixel paints another stamp, got align_corners=True")
    given = layer.scale_factor
    factors = given if isinstance(given, tuple) else (given, given)
    rows, columns = (int(factor or 0) for factor in factors)
    if (rows, columns) != factors or min(rows, columns) < 1:
        raise ValueError(f"scale_factor must be whole, got scale_factor={given} with size={layer.size}")
    return rows, columns


def _reach(conv: nn.Conv2d) -> Pair:
    """How far it is from the first tap to the last."""
    rows, columns = (d * (k - 1) for k, d in zip(conv.kernel_size, conv.dilation, strict=True))
    return rows, columns


def _margins(conv: nn.Conv2d) -> tuple[Pair, Pair]:
    """How many pixels go before the image, and by how much the output is shorter than it."""
    if conv.stride != (1, 1):
        raise ValueError(f"the convolution must have stride 1, got stride={conv.stride}")
    reach = _reach(conv)
    if conv.padding == "same":
        return (reach[0] // 2, reach[1] // 2), (0, 0)
    top, left = (0, 0) if isinstance(conv.padding, str) else conv.padding
    return (top, left), (reach[0] - 2 * top, reach[1] - 2 * left)
