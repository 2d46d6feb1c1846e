r"""How much of a lattice an image shows place by place. What a reader takes is in `cnnbook.convolution.checkerboard`.

What a network paints follows the features of its input, and so does its lattice: here light pixels are on even places,
there on odd ones. Averaged over the whole image the two cancel out, and `phase_share` and `lattice_spectrum` see none.
Here a tile is looked at by itself, and powers, which have no sign, are averaged over the tiles.
"""

from __future__ import annotations

import torch
from torch import Tensor

from cnnbook.checks import Ints, per_axis
from cnnbook.convolution._lattice import mirrored, variances, whole_periods


def local_phase_share(image: Tensor, stride: Ints, tile: Ints = 16) -> Tensor:
    r"""The share of the variance within tiles that the position modulo s explains.

    $$\frac{\sum_T \operatorname{Var}_r \big( \operatorname{mean} \{ x_i : i \in T,\ i \equiv r \pmod s \} \big)}
    {\sum_T \operatorname{Var}_{i \in T} (x_i)}, \qquad i, r \text{ pairs of integers}$$

    An analysis of variance (Fisher 1925) tile by tile: a lattice that changes its sign from place to place, which
    cancels out in `phase_share`, is seen as long as it keeps its sign within most tiles. Variances are added up over
    the tiles before the division, so that a tile counts by what happens in it; of a flat one the share would be 0/0.

    What has no lattice is not at 0. With tiles of t × t, white noise is expected at (s² - 1) / (t² - 1), which is about
    (s² - 1) / t², as s² - 1 of its t² - 1 degrees of freedom are the phases'; a ramp is at just as much, in whatever
    direction. Compare with that, or with an image of the same kind that is known to be clean. Incomplete tiles at the
    bottom and right are left out.

    Args:
        image: (…, H, W) of floats, at least one tile.
        stride: s, the period in pixels: an int, or one int an axis.
        tile: t, the side of the tiles in pixels, a multiple of s and at least 2s: an int, or one int an axis.

    Returns:
        (…), for halves in single precision: 0 for an image that is constant to within 1e-5 of its largest value, 1 for
        a pure lattice, whatever its signs are.

    Raises:
        TypeError: the image is not a floating tensor, or a number not an int.
        ValueError: the image is too small or not finite, a number is below 1, or the tile is no whole number of periods
            or a single one.

    Examples:
        >>> from cnnbook.convolution.checkerboard import phase_share
        >>> lattice = torch.tensor([0.5, -0.5]).repeat(64, 32)
        >>> lattice[:, 32:] *= -1  # the other way round in the right half
        >>> float(phase_share(lattice, 2)), float(local_phase_share(lattice, 2))
        (0.0, 1.0)
    """
    image, strides, noise = whole_periods(image, stride)
    down, across = _tiles(image, strides, tile, 2)
    rows, columns = image.shape[-2] // down, image.shape[-1] // across
    tiles = image[..., : rows * down, : columns * across].unflatten(-2, (rows, down)).unflatten(-1, (columns, across))
    between, total = (power.mean((-2, -1)) for power in variances(tiles.transpose(-3, -2), strides))
    return torch.where(total <= noise, 0.0, between / total.clamp(min=noise))


def local_lattice_spectrum(image: Tensor, stride: Ints, tile: Ints = 32) -> Tensor:
    r"""The power at the frequencies of a lattice, over the power around them, both averaged over tiles.

    $$\frac{\sum_m P(m / s)}{\sum_m \operatorname{mean} \{ P(m / s + j / t) : 2 \le |j| \le R \}}, \quad
    P(f) = \operatorname{mean}_T \Big| \sum_{i \in T} h_i\, (x_i - \bar{x})\, e^{-2\pi \mathrm{i} f i} \Big|^2,
    \quad m = 1, \dots, s-1$$

    where the tiles T are stretches of t pixels of a line, each half over the one before, and h is Hann's window, which
    goes to zero at their ends (Welch 1967). Powers have no sign: averaged before the division, those of a lattice that
    changes its sign from place to place add up, where in `lattice_spectrum` they cancel out. R = 8, or as many as lie
    less than half way to the next m, but at least 2; the frequency next to a peak is left out, as the window blurs
    every peak onto it. Numerator and denominator are added up over both axes.

    Args:
        image: (…, H, W) of floats, at least one tile.
        stride: s, the period in pixels: an int, or one int an axis.
        tile: t, the length of the stretches in pixels, a multiple of s and at least 4s: an int, or one int an axis.

    Returns:
        (…), a ratio: 1 for a constant image and, expected, for white noise; less for a photograph, whose power falls
        with the frequency; more where there is a lattice. Compare logarithms, with those of a clean image of the kind.

    Raises:
        TypeError: as in `local_phase_share`.
        ValueError: as in `local_phase_share`, with four periods to a tile at least.

    Examples:
        >>> from cnnbook.convolution.checkerboard import lattice_spectrum
        >>> noise = torch.randn(128, 128, generator=torch.Generator().manual_seed(0))
        >>> checkerboard = torch.tensor([[0.5, -0.5], [-0.5, 0.5]]).repeat(64, 64)
        >>> checkerboard[:, 64:] *= -1
        >>> checkerboard[64:] *= -1
        >>> x = noise + checkerboard
        >>> round(float(lattice_spectrum(x, 2)), 1), round(float(local_lattice_spectrum(x, 2)), 1)
        (0.4, 5.3)
    """
    image, strides, noise = whole_periods(image, stride)
    lengths = _tiles(image, strides, tile, 4)
    peaks = around = noise  # both, so that where there is nothing the ratio is 1
    image = image - image.mean((-2, -1), keepdim=True)
    for axis, s, t in zip((-2, -1), strides, lengths, strict=True):
        power = _welch(image.transpose(axis, -1), t)
        lattice = torch.arange(1, s, device=image.device) * (t // s)
        reach = max(2, min(8, (t // s - 1) // 2))
        steps = torch.tensor([j for j in range(-reach, reach + 1) if abs(j) > 1], device=image.device)
        peaks = peaks + power[..., mirrored(lattice, t)].sum(-1)
        around = around + power[..., mirrored(lattice[:, None] + steps, t)].mean(-1).sum(-1)
    return peaks / around


def _welch(image: Tensor, t: int) -> Tensor:
    """(…, t // 2 + 1): the power of stretches of rows, windowed, as the mean over all of them; of white noise, σ²."""
    window = torch.hann_window(t, dtype=image.dtype, device=image.device)
    waves = torch.fft.rfft(image.unfold(-1, t, max(t // 2, 1)) * window)
    squares = torch.view_as_real(waves).square().sum(-1)
    return squares.mean((-3, -2)) / window.square().sum()


def _tiles(image: Tensor, strides: tuple[int, ...], tile: Ints, periods: int) -> tuple[int, ...]:
    """The side of the tiles along each axis, in whole periods and within the image."""
    lengths = per_axis("tile", tile, 2)
    for t, s in zip(lengths, strides, strict=True):
        if t % s or t < periods * s:
            rule = f"tile must be a multiple of the stride and at least {periods} times as long"
            raise ValueError(f"{rule}, got tile={t} with stride={s}")
    if any(n < t for n, t in zip(image.shape[-2:], lengths, strict=True)):
        got = f"{image.shape[-2]}×{image.shape[-1]} pixels with tile={tile}"
        raise ValueError(f"image must hold at least one tile, got {got}")
    return lengths
