"""What the bench of upsampling layers trains and measures: the network, the data, and the lattice in its outputs.

The network only adds to what bicubic interpolation gives. What it adds, the residual, is where a lattice shows: an
image that bicubic enlarges well hides it. Flat grey images beside the photographs show it bare.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn
from torchmetrics.functional.image import peak_signal_noise_ratio, structural_similarity_index_measure

from cnnbook.convolution.checkerboard import (
    BalancedTransposedUpsample,
    BlurredTransposedUpsample,
    ResizeConv,
    SubPixel,
    TransposedUpsample,
    balance_phases,
    lattice_spectrum,
    phase_share,
    phase_sums,
)
from cnnbook.data.photographs import enlarge, photograph_patches, shrink
from cnnbook.data.sources import Arrays

SCALE = 2
BORDER = 8  # pixels that the padding of the convolutions reaches, left out of all figures
GREYS = (64, 128, 192)  # the flat images, of 255
PATCH = 32

UPSAMPLERS: dict[str, Callable[[int, int, int], nn.Module]] = {
    "transposed_k2": partial(TransposedUpsample, kernel_size=2),
    "transposed_k3": partial(TransposedUpsample, kernel_size=3),
    "transposed_k4": partial(TransposedUpsample, kernel_size=4),
    "balanced_k3": partial(BalancedTransposedUpsample, kernel_size=3),
    "balanced_k4": partial(BalancedTransposedUpsample, kernel_size=4),
    "blurred_k4": partial(BlurredTransposedUpsample, kernel_size=4),
    "nearest": partial(ResizeConv, mode="nearest"),
    "bilinear": partial(ResizeConv, mode="bilinear"),
    "sub_pixel": SubPixel,
    "sub_pixel_icnr": partial(SubPixel, icnr=True),
}
# A sub-pixel layer has s² times the weights of a 3×3 kernel; one channel fewer before it brings all within 10 %.
WIDTHS = dict.fromkeys(UPSAMPLERS, 16) | {"sub_pixel": 15, "sub_pixel_icnr": 15}


class SuperResolution(nn.Module):
    """Two convolutions on the small image, the upsampling layer, and bicubic interpolation beside them.

    Args:
        upsampler: One of ``UPSAMPLERS``; the last layer, whose output has one channel.
        channels: Channels before it; by default those that give every network about the same number of parameters.

    Raises:
        ValueError: There is no such layer.

    Examples:
        >>> SuperResolution("nearest")(torch.zeros(1, 1, 6, 5)).shape
        torch.Size([1, 1, 12, 10])
    """

    def __init__(self, upsampler: str, channels: int | None = None) -> None:
        super().__init__()
        if upsampler not in UPSAMPLERS:
            raise ValueError(f"upsampler must be one of {', '.join(UPSAMPLERS)}, got {upsampler!r}")
        width = channels or WIDTHS[upsampler]
        self.features = nn.Sequential(
            *(nn.Conv2d(1, width, 3, padding=1), nn.ReLU(), nn.Conv2d(width, width, 3, padding=1), nn.ReLU())
        )
        # Its name is in the names of its weights, which is how `phase_spread` knows what they are.
        self.upsample = nn.ModuleDict({upsampler: UPSAMPLERS[upsampler](width, 1, SCALE)})

    def residual(self, x: Tensor) -> Tensor:
        """What is added to bicubic interpolation."""
        x = self.features(x - 0.5)
        for layer in self.upsample.values():
            x = layer(x)
        return x

    def forward(self, x: Tensor) -> Tensor:
        """Enlarge (N, 1, H, W), values 0…1, to (N, 1, 2H, 2W)."""
        return enlarge(x, SCALE) + self.residual(x)


def photographs_and_greys() -> Arrays:
    """Patches of photographs to train on; to test on, three other photographs, whole, and three flat grey images.

    Examples:
        >>> photographs_and_greys().test_targets.shape
        torch.Size([6, 1, 256, 256])
    """
    data = photograph_patches(PATCH, SCALE)
    flat = torch.tensor(GREYS, dtype=torch.uint8)[:, None, None, None]
    inputs, targets = (flat.expand(-1, *like.shape[1:]) for like in (data.test_inputs, data.test_targets))
    return Arrays(
        data.train_inputs,
        data.train_targets,
        torch.cat([data.test_inputs, inputs / 255]),
        torch.cat([data.test_targets, targets]),
    )


def lattice_scores(outputs: Tensor, targets: Tensor) -> dict[str, float]:
    """Fidelity and lattice of enlarged images, the borders left out; nothing for patches, which training sees.

    Args:
        outputs: Images ``(N, 1, H, W)``, 0…1.
        targets: Photographs and flat images, at least one of each.

    Returns:
        Means over the photographs: ``psnr`` (dB) and ``ssim`` of the output, and of the residual ``phase_share`` and
        ``lattice`` (dB, the ratio of `lattice_spectrum`). Over the flat images ``ripple``: the standard deviation of
        the output, in grey levels of 255. NaN if an output is not finite.

    Examples:
        >>> lattice_scores(torch.zeros(5, 1, 32, 32), torch.zeros(5, 1, 32, 32))
        {}
    """
    if outputs.shape[-1] <= PATCH:
        return {}
    if not torch.isfinite(outputs).all():
        return dict.fromkeys(("psnr", "ssim", "phase_share", "lattice", "ripple"), math.nan)
    outputs, targets = outputs.float(), targets.float()
    inside = (..., slice(BORDER, -BORDER), slice(BORDER, -BORDER))
    residual = (outputs - enlarge(shrink(targets, SCALE), SCALE))[inside]
    outputs, targets = outputs[inside], targets[inside]
    flat = targets.amax((1, 2, 3)) == targets.amin((1, 2, 3))
    shown, true = outputs[~flat], targets[~flat]
    return {
        "psnr": float(peak_signal_noise_ratio(shown, true, data_range=1.0, dim=(1, 2, 3))),
        # torchmetrics gives a tuple only where more than the mean is asked for, which its annotation does not say
        "ssim": float(structural_similarity_index_measure(shown, true, data_range=1.0)),  # ty: ignore[invalid-argument-type]
        "phase_share": float(phase_share(residual[~flat], SCALE).mean()),
        "lattice": float(10 * lattice_spectrum(residual[~flat], SCALE).log10().mean()),
        "ripple": float(255 * residual[flat].std((1, 2, 3), correction=0).mean()),
    }


def kernel_sums(kind: str, weight: Tensor) -> Tensor:
    """The phase sums of an upsampling layer's kernels as it uses them, ``(C, 2, 2)``.

    Args:
        kind: One of ``UPSAMPLERS``.
        weight: Of its convolution, from C channels to one.

    Examples:
        >>> kernel_sums("transposed_k2", torch.arange(4.0).reshape(1, 1, 2, 2)).tolist()
        [[[0.0, 1.0], [2.0, 3.0]]]
    """
    if kind.startswith("sub_pixel"):  # a kernel a phase
        return weight.sum((-2, -1)).T.unflatten(1, (SCALE, SCALE))
    if kind in ("nearest", "bilinear"):  # one kernel for all phases
        return weight[0].sum((-2, -1))[:, None, None].expand(-1, SCALE, SCALE)
    if kind.startswith("balanced"):
        weight = balance_phases(weight, SCALE)
    if kind.startswith("blurred"):  # convolved with s × s taps of 1 / s²
        weight = nn.functional.avg_pool2d(nn.functional.pad(weight, [SCALE - 1] * 4), SCALE, stride=1)
    return phase_sums(weight, SCALE)[:, 0]


def phase_spread(weights: dict[str, Tensor]) -> dict[str, float]:
    """How unequal the phase sums of the upsampling layer are: ``spread``, the variance of the sums within a channel
    over their mean square, both added up over the channels. 0 where all are equal, (s² − 1) / s² where they are
    independent with mean 0.

    Args:
        weights: Those of a ``SuperResolution``, by name.

    Examples:
        >>> phase_spread(SuperResolution("sub_pixel_icnr").state_dict())["spread"] < 1e-9
        True
    """
    ((name, weight),) = ((n, w) for n, w in weights.items() if n.startswith("upsample.") and n.endswith("weight"))
    if not torch.isfinite(weight).all():
        return {"spread": math.nan}
    sums = kernel_sums(name.split(".")[1], weight.detach())
    return {"spread": float(sums.var((1, 2), correction=0).sum() / sums.square().mean((1, 2)).sum())}
