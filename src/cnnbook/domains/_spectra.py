"""From samples to a log-mel spectrogram: frames, their spectra, bands as wide as the ear's, decibels."""

from __future__ import annotations

import torch
from torch import Tensor

from cnnbook.checks import at_least_one, holds

BANDS, WINDOW, HOP = 24, 256, 160  # of one second at 8 kHz: 24 bands × 49 frames, of 32 ms every 20 ms
FLOOR = 1e-10  # of power: silence becomes −100 dB, not log 0


def frames(wave: Tensor, window: int, hop: int) -> Tensor:
    r"""Pieces of a sound that overlap; nothing is added at its ends.

    $$f_{m,t} = x_{m h + t}, \qquad m = 0 \ldots \lfloor (N - w) / h \rfloor$$

    Args:
        wave: ``(…, samples)``, N of them.
        window: Samples w of one piece.
        hop: Samples h from one piece to the next.

    Returns:
        ``(…, 1 + (N − w) // h, window)``.

    Raises:
        ValueError: The sound is shorter than one piece, or a length is below 1.

    Examples:
        >>> frames(torch.arange(6.0), window=4, hop=2).tolist()
        [[0.0, 1.0, 2.0, 3.0], [2.0, 3.0, 4.0, 5.0]]
    """
    if hop < 1 or not 1 <= window <= wave.shape[-1]:
        raise ValueError(
            f"window must be in 1…{wave.shape[-1]} (the samples) and hop at least 1, got window={window}, hop={hop}"
        )
    return wave.unfold(-1, window, hop)


def power_spectrum(pieces: Tensor) -> Tensor:
    r"""The power of each frequency in each piece, under a Hann window that fades it in and out.

    $$P_k = \Bigl|\sum_{t=0}^{w-1} \tfrac12\bigl(1 - \cos\tfrac{2\pi t}{w}\bigr) f_t\, e^{-2\pi i k t / w}\Bigr|^2$$

    Args:
        pieces: ``(…, window)``.

    Returns:
        ``(…, window // 2 + 1)``: the frequencies k · rate / window.

    Raises:
        RuntimeError: A piece has no sample.

    References:
        F. J. Harris, "On the use of windows for harmonic analysis with the discrete Fourier transform", Proc. IEEE 66,
        1978.

    Examples:
        >>> power_spectrum(torch.ones(1, 4)).round().tolist()
        [[4.0, 1.0, 0.0]]
    """
    hann = torch.hann_window(pieces.shape[-1], dtype=pieces.dtype, device=pieces.device)
    return torch.fft.rfft(pieces * hann, dim=-1).abs().square()


def hertz_to_mel(hertz: Tensor | float) -> Tensor:
    r"""Pitch as it is heard, in mel; near-linear below 1,000 Hz, logarithmic above.

    $$m = 2595 \log_{10}(1 + f / 700)$$

    Args:
        hertz: Frequency, 0 or more.

    Returns:
        Mel, of the same shape, in double precision.

    Raises:
        TypeError: ``hertz`` is no number.

    References:
        S. Young et al., *The HTK Book*, section 5.4; after D. O'Shaughnessy, *Speech Communication*, 1987.

    Examples:
        >>> round(hertz_to_mel(1000.0).item(), 1)
        1000.0
    """
    return 2595 * torch.log10(1 + torch.as_tensor(hertz, dtype=torch.float64) / 700)


def mel_to_hertz(mel: Tensor | float) -> Tensor:
    r"""The inverse of `hertz_to_mel`.

    $$f = 700\,(10^{m / 2595} - 1)$$

    Args:
        mel: Pitch, 0 or more.

    Returns:
        Hertz, of the same shape.

    Raises:
        TypeError: ``mel`` is no number.

    Examples:
        >>> round(mel_to_hertz(hertz_to_mel(440.0)).item(), 6)
        440.0
    """
    return 700 * (10 ** (torch.as_tensor(mel, dtype=torch.float64) / 2595) - 1)


def mel_filters(bands: int = BANDS, window: int = WINDOW, rate: int = 8000) -> Tensor:
    r"""Triangles over frequency, of height 1, with corners equally far apart in mel from 0 Hz to half the rate.

    $$H_{b}(f) = \max\Bigl(0, \min\Bigl(
    \frac{f - f_{b-1}}{f_b - f_{b-1}}, \frac{f_{b+1} - f}{f_{b+1} - f_b}\Bigr)\Bigr)$$

    where the corners f_0 … f_{B+1} are equally spaced in mel. Inside, the triangles add up to 1 at every frequency.

    Args:
        bands: Number B of triangles.
        window: Samples of a frame, which decide the frequencies.
        rate: Samples a second.

    Returns:
        ``float32 (bands, window // 2 + 1)``.

    Raises:
        ValueError: A number is below 1, or a band is so narrow that no frequency of the frame lies in it.

    References:
        S. B. Davis, P. Mermelstein, "Comparison of parametric representations for monosyllabic word recognition",
        IEEE Trans. ASSP 28, 1980.

    Examples:
        >>> (100 * mel_filters(bands=2, window=8, rate=8000)).round().int().tolist()
        [[0, 68, 0, 0, 0], [0, 32, 91, 45, 0]]
    """
    at_least_one(bands=bands, window=window, rate=rate)
    corners = mel_to_hertz(torch.linspace(0, float(hertz_to_mel(rate / 2)), bands + 2, dtype=torch.float64))
    at = torch.arange(window // 2 + 1, dtype=torch.float64) * rate / window
    left, middle, right = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    filters = torch.minimum((at - left) / (middle - left), (right - at) / (right - middle)).clamp(min=0)
    full = filters.sum(dim=1) != 0
    if not holds(full):
        raise ValueError(
            f"every band must hold a frequency of the frame: {int((~full).sum())} of {bands} bands are empty with "
            f"window={window} at rate={rate}; take fewer bands or a longer window"
        )
    return filters.float()


def log_mel(wave: Tensor, rate: int, bands: int = BANDS, window: int | None = None, hop: int | None = None) -> Tensor:
    r"""The log-mel spectrogram in decibels: how loud each band is in each frame.

    $$S_{b,m} = 10 \log_{10} \max\Bigl(10^{-10}, \sum_k H_{b,k} P_{m,k}\Bigr)$$

    Args:
        wave: ``(N, samples)``.
        rate: Samples a second.
        bands: Number of mel bands.
        window: Samples of a frame; by default 32 ms.
        hop: Samples from a frame to the next; by default 20 ms.

    Returns:
        ``(N, bands, frames)``.

    Raises:
        ValueError: See `frames` and `mel_filters`.

    Examples:
        >>> log_mel(torch.zeros(1, 8000), 8000).shape
        torch.Size([1, 24, 49])
    """
    window = round(rate * WINDOW / 8000) if window is None else window
    hop = round(rate * HOP / 8000) if hop is None else hop
    power = power_spectrum(frames(wave, window, hop))
    filters = mel_filters(bands, window, rate).to(power)
    return 10 * (power @ filters.T).clamp(min=FLOOR).log10().transpose(-1, -2)


def below_loudest(decibels: Tensor, depth: float = 60.0) -> Tensor:
    r"""Decibels below the loudest cell of each spectrogram, from 0 (``depth`` below or quieter) to 1 (the loudest).

    $$y = \max\Bigl(0,\; 1 + \frac{S - \max S}{D}\Bigr)$$

    How loudly a word is said, and how near the microphone is, no longer counts.

    Args:
        decibels: ``(N, bands, frames)``.
        depth: D, above 0.

    Returns:
        Values in 0…1 of the same shape.

    Raises:
        ValueError: ``depth`` is not above 0.
        IndexError: A spectrogram has no band or no frame.

    Examples:
        >>> below_loudest(torch.tensor([[[-10.0, -40.0, -90.0]]])).tolist()
        [[[1.0, 0.5, 0.0]]]
    """
    if not depth > 0:
        raise ValueError(f"depth must be above 0 decibels, got depth={depth}")
    return (1 + (decibels - decibels.amax(dim=(-2, -1), keepdim=True)) / depth).clamp(min=0)
