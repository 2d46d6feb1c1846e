"""What the bench of upsampling layers trains and measures: the network, the data, and the lattice in its outputs.

The network only adds to what bicubic interpolation gives. What it adds, the residual, is where a lattice shows: an
image that bicubic enlarges well hides it. Even greys and even ramps beside the photographs show it bare.

Transposed layers start at their true fan-in, C·(k/s)² products an output, as the others do by themselves; PyTorch's
own initialiser takes k² for it here, and so starts four output pixels' worth too small or too large.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from cnnbook.convolution.checkerboard import (
    lattice_spectrum,
    local_lattice_spectrum,
    local_phase_share,
    phase_share,
    phase_sums,
)
from cnnbook.convolution.upsampling import (
    BalancedTransposedUpsample,
    BlurredTransposedUpsample,
    ResizeConv,
    SubPixel,
    TransposedUpsample,
    as_transposed,
)
from cnnbook.data.photographs import enlarge, photograph_patches, shrink
from cnnbook.data.sources import Arrays

SCALE = 2
BORDER = 8  # pixels that the padding of the convolutions reaches, left out of all figures
GREYS = (64, 128, 192)  # the flat images, of 255
PATCH = 32
TILE = 16

UPSAMPLERS: dict[str, Callable[[int, int, int], nn.Module]] = {
    **{f"transposed_k{k}": partial(TransposedUpsample, kernel_size=k, fan_in=True) for k in (2, 3, 4, 6)},
    **{f"default_k{k}": partial(TransposedUpsample, kernel_size=k) for k in (2, 3, 4, 6)},
    "balanced_k4": partial(BalancedTransposedUpsample, kernel_size=4, fan_in=True),
    "balanced_k6": partial(BalancedTransposedUpsample, kernel_size=6, fan_in=True),
    "ramps_k6": partial(BalancedTransposedUpsample, kernel_size=6, fan_in=True, order=2),
    "blurred_k4": partial(BlurredTransposedUpsample, kernel_size=4, fan_in=True),
    "nearest": partial(ResizeConv, mode="nearest"),
    "bilinear": partial(ResizeConv, mode="bilinear"),
    "sub_pixel": SubPixel,
    "sub_pixel_icnr": partial(SubPixel, icnr=True),
}
# Layers of 36 weights a channel pair have four times those of a 3×3 kernel; one channel fewer before them brings all
# networks within 10 %.
WIDTHS = dict.fromkeys(UPSAMPLERS, 16) | dict.fromkeys(
    (name for name in UPSAMPLERS if name.endswith("k6") or name.startswith("sub_pixel")), 15
)


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


def photographs_and_plain(fold: int = 0) -> Arrays:
    """Patches of twelve photographs to train on; to test on, the other three, whole, three flat greys, and two ramps of
    one grey level a pixel.

    Args:
        fold: Which three photographs are left for testing, see `photograph_patches`.

    Examples:
        >>> photographs_and_plain().test_targets.shape
        torch.Size([8, 1, 256, 256])
    """
    data = photograph_patches(PATCH, SCALE, fold=fold)
    side = data.test_targets.shape[-1]
    flat = torch.tensor(GREYS, dtype=torch.uint8)[:, None, None, None].expand(-1, 1, side, side)
    ramp = torch.arange(side, dtype=torch.uint8).expand(side, side)
    plain = torch.cat([flat, ramp[None, None], ramp.T[None, None]])
    return Arrays(
        data.train_inputs,
        data.train_targets,
        torch.cat([data.test_inputs, shrink(plain / 255, SCALE)]),
        torch.cat([data.test_targets, plain]),
    )


def lattice_scores(outputs: Tensor, targets: Tensor) -> dict[str, float]:
    """Fidelity and lattice of enlarged images, the borders left out; nothing for patches, which training sees.

    Args:
        outputs: Images ``(N, 1, H, W)``, 0…1.
        targets: Photographs, flat images and ramps, at least one of each.

    Returns:
        Means over the photographs: ``psnr`` (dB) of the output, and of the residual ``phase_share`` and
        ``lattice`` (dB, the ratio of `lattice_spectrum`) of the whole, ``local_share`` and ``local_lattice`` of its
        tiles. Over the flat images ``ripple``: the standard deviation of the output, in grey levels of 255. Over the
        ramps ``ramp``: the `lattice_strength` of the residual, likewise. NaN if an output is not finite.

    Examples:
        >>> lattice_scores(torch.zeros(5, 1, 32, 32), torch.zeros(5, 1, 32, 32))
        {}
    """
    if outputs.shape[-1] <= PATCH:
        return {}
    names = ("psnr", "phase_share", "local_share", "lattice", "local_lattice", "ripple", "ramp")
    if not torch.isfinite(outputs).all():
        return dict.fromkeys(names, math.nan)
    outputs, targets = outputs.float(), targets.float()
    inside = (..., slice(BORDER, -BORDER), slice(BORDER, -BORDER))
    residual = (outputs - enlarge(shrink(targets, SCALE), SCALE))[inside]
    from torchmetrics.functional.image import peak_signal_noise_ratio

    outputs, targets = outputs[inside], targets[inside]
    flat, plain = is_flat(targets), is_plain(targets)
    shown, true, added = outputs[~plain], targets[~plain], residual[~plain]
    return {
        "psnr": float(peak_signal_noise_ratio(shown, true, data_range=1.0, dim=(1, 2, 3))),
        "phase_share": float(phase_share(added, SCALE).mean()),
        "local_share": float(local_phase_share(added, SCALE, TILE).mean()),
        "lattice": float(10 * lattice_spectrum(added, SCALE).log10().mean()),
        "local_lattice": float(10 * local_lattice_spectrum(added, SCALE).log10().mean()),
        "ripple": float(255 * residual[flat].std((1, 2, 3), correction=0).mean()),
        "ramp": float(255 * lattice_strength(residual[plain & ~flat]).mean()),
    }


def is_flat(images: Tensor) -> Tensor:
    """Which images ``(N, 1, H, W)`` are constant."""
    return images.amax((1, 2, 3)) == images.amin((1, 2, 3))


def is_plain(images: Tensor) -> Tensor:
    """Which images are constant or a ramp: all steps from one pixel to the next are the same."""
    steps = [images.diff(dim=axis).flatten(1) for axis in (2, 3)]
    across, down = ((step.amax(1) - step.amin(1)) < 1e-5 for step in steps)
    return across & down


def lattice_strength(images: Tensor) -> Tensor:
    """How far the phases of an image lie apart: in tiles of 16×16 less their plane of best fit, since a lattice may
    change its sign and a ramp is none, the root mean square of the means of the phases, ``(N,)``.

    Args:
        images: ``(N, 1, H, W)``; what fills no tile is left out.

    Examples:
        >>> lattice = torch.tensor([3.0, -3.0]).repeat(32, 16)[None, None]
        >>> lattice_strength(lattice + torch.arange(32.0)[:, None]).round(decimals=4)
        tensor([3.])
    """
    tiles = images.unfold(2, TILE, TILE).unfold(3, TILE, TILE).flatten(1, 3)
    cells = tiles.unflatten(-2, (-1, SCALE)).unflatten(-1, (-1, SCALE))
    periods = cells.mean((-3, -1))  # without the lattice, so that the slopes are those of the image alone
    place = torch.arange(TILE, dtype=images.dtype) - (TILE - 1) / 2
    middle = place.unflatten(0, (-1, SCALE)).mean(1)
    scale = len(middle) * middle.square().sum()
    down, across = ((periods * one).sum((-2, -1), keepdim=True) / scale for one in (middle[:, None], middle))
    level = tiles - periods.mean((-2, -1), keepdim=True) - down * place[:, None] - across * place
    phases = level.unflatten(-2, (-1, SCALE)).unflatten(-1, (-1, SCALE)).mean((-4, -2))
    return phases.square().mean((-3, -2, -1)).sqrt()


def layer_of(weights: dict[str, Tensor]) -> nn.Module:
    """The upsampling layer of a network whose weights these are.

    Args:
        weights: Those of a ``SuperResolution``, by name.

    Examples:
        >>> layer_of(SuperResolution("nearest").state_dict())
        ResizeConv(
          (conv): Conv2d(16, 1, kernel_size=(3, 3), stride=(1, 1), padding=same, padding_mode=replicate)
        )
    """
    own = {name.split(".", 2)[2]: weight for name, weight in weights.items() if name.startswith("upsample.")}
    kind = next(name.split(".")[1] for name in weights if name.startswith("upsample."))
    layer = UPSAMPLERS[kind](WIDTHS[kind], 1, SCALE)
    layer.load_state_dict(own)
    return layer


def phase_spread(weights: dict[str, Tensor]) -> dict[str, float]:
    """How unequal the phase sums of the upsampling layer are, as the one transposed convolution that it is: ``spread``,
    the variance of the sums within a channel over their mean square, both added up over the channels. 0 where all are
    equal, (s² − 1) / s² where they are independent with mean 0.

    Args:
        weights: Those of a ``SuperResolution``, by name.

    Examples:
        >>> phase_spread(SuperResolution("sub_pixel_icnr").state_dict())["spread"] < 1e-9
        True
    """
    weight = as_transposed(layer_of(weights)).weight.detach()
    if not torch.isfinite(weight).all():
        return {"spread": math.nan}
    sums = phase_sums(weight, SCALE)[:, 0]
    return {"spread": float(sums.var((1, 2), correction=0).sum() / sums.square().mean((1, 2)).sum())}
