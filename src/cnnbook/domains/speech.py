r"""5.17.5 Speech: from a file to samples, from samples to a log-mel spectrogram, and convolutions on both.

A sound is one number after another: one axis, one channel (`read_sound`, `mono`, `one_second`, `resample`). A log-mel
spectrogram (`frames`, `power_spectrum`, `mel_filters`, `log_mel`) makes a picture of it, time to the right and pitch
upwards, or a signal in time with one channel a band: what convolution slides over is a choice. Four networks of one
plan make it: `dense` slides over nothing, `over_time` over time, `over_picture` over time and pitch, `over_samples`
over the raw sound. `filter_spectra` shows what the last has learned to listen to.

References:
    T. N. Sainath, C. Parada, "Convolutional neural networks for small-footprint keyword spotting", Interspeech 2015.
    W. Dai et al., "Very deep convolutional neural networks for raw waveforms", arXiv:1610.00087.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from cnnbook.checks import at_least_one
from cnnbook.domains._decoding import SoundError, decode_sound, read_sound
from cnnbook.domains._sound import mono, one_second, resample
from cnnbook.domains._spectra import (
    BANDS,
    HOP,
    WINDOW,
    below_loudest,
    frames,
    hertz_to_mel,
    log_mel,
    mel_filters,
    mel_to_hertz,
    power_spectrum,
)

__all__ = [
    "RATE",
    "LoudestOf",
    "SoundError",
    "below_loudest",
    "decode_sound",
    "dense",
    "filter_spectra",
    "frames",
    "hertz_to_mel",
    "log_mel",
    "mel_filters",
    "mel_to_hertz",
    "mono",
    "one_second",
    "over_picture",
    "over_samples",
    "over_time",
    "power_spectrum",
    "prepared",
    "read_sound",
    "resample",
]

RATE = 8000  # Hz, of telephones: enough for digits
FRAMES = 1 + (RATE - WINDOW) // HOP


def prepared(wave: Tensor, rate: int) -> Tensor:
    r"""What the networks read: the loudest second of a sound at 8 kHz, as log-mel from 0 to 1.

    $$y = \max(0,\; 1 + (S - \max S) / 60)$$

    Args:
        wave: One channel, ``(samples,)``.
        rate: Samples a second.

    Returns:
        ``(1, 24, 49)``: bands from low to high, frames of 32 ms every 20 ms.

    Raises:
        ValueError: There are no samples.

    Examples:
        >>> prepared(torch.randn(30000), rate=44100).shape
        torch.Size([1, 24, 49])
    """
    second = resample(one_second(wave, rate), rate, RATE)
    return below_loudest(log_mel(second[None], RATE))


class LoudestOf(nn.Module):
    r"""The largest value along some axes: whether something was heard, not where.

    $$y = \max_{t} x_t$$

    Examples:
        >>> LoudestOf(-1)(torch.tensor([[1.0, 3.0, 2.0]]))
        tensor([3.])
    """

    def __init__(self, *axes: int) -> None:
        super().__init__()
        self.axes = axes

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        return x.amax(dim=self.axes)


def dense(hidden: int = 32, classes: int = 10, bands: int = BANDS, length: int = FRAMES) -> nn.Sequential:
    r"""No convolution: each cell of the spectrogram has weights of its own.

    $$y = W_2 \max(0, W_1 x + b_1) + b_2$$

    Args:
        hidden: Units between the two layers.
        classes: Number of outputs.
        bands: Mel bands of the input.
        length: Frames of the input.

    Returns:
        A network from ``(N, bands, frames)`` to ``(N, classes)``.

    Raises:
        ValueError: A number is below 1.

    Examples:
        >>> dense()(torch.zeros(2, 24, 49)).shape
        torch.Size([2, 10])
    """
    at_least_one(hidden=hidden, classes=classes, bands=bands, length=length)
    return nn.Sequential(nn.Flatten(), nn.Linear(bands * length, hidden), nn.ReLU(), nn.Linear(hidden, classes))


def over_time(channels: tuple[int, int] = (32, 32), classes: int = 10, bands: int = BANDS) -> nn.Sequential:
    r"""Convolutions along time, of which every band is a channel; then the largest over time.

    $$y = W \max_t h_t + b$$

    Args:
        channels: After each convolution.
        classes: Number of outputs.
        bands: Mel bands of the input.

    Returns:
        A network from ``(N, bands, frames)`` to ``(N, classes)``.

    Raises:
        ValueError: A number is below 1.

    Examples:
        >>> over_time()(torch.zeros(2, 24, 49)).shape
        torch.Size([2, 10])
    """
    first, second = channels
    at_least_one(first=first, second=second, classes=classes, bands=bands)
    return nn.Sequential(
        nn.Conv1d(bands, first, 5, padding=2),
        nn.ReLU(),
        nn.Conv1d(first, second, 5, stride=2, padding=2),
        nn.ReLU(),
        LoudestOf(-1),
        nn.Linear(second, classes),
    )


def over_picture(
    channels: tuple[int, int] = (12, 24), classes: int = 10, bands: int = BANDS, keep_pitch: bool = True
) -> nn.Sequential:
    r"""Convolutions along time and pitch, as on an image; then the largest over time, band by band.

    $$y = W \operatorname{vec}\bigl(\max_t h_{c,b,t}\bigr) + b$$

    Args:
        channels: After each convolution; both have stride 2.
        classes: Number of outputs.
        bands: Mel bands of the input.
        keep_pitch: Whether the linear layer sees at which height something was heard; else the largest over pitch too.

    Returns:
        A network from ``(N, bands, frames)`` to ``(N, classes)``.

    Raises:
        ValueError: A number is below 1.

    Examples:
        >>> over_picture()(torch.zeros(2, 24, 49)).shape
        torch.Size([2, 10])
    """
    first, second = channels
    at_least_one(first=first, second=second, classes=classes, bands=bands)
    heights = (bands + 3) // 4 if keep_pitch else 1
    return nn.Sequential(
        nn.Unflatten(1, (1, bands)),
        nn.Conv2d(1, first, 5, stride=2, padding=2),
        nn.ReLU(),
        nn.Conv2d(first, second, 3, stride=2, padding=1),
        nn.ReLU(),
        LoudestOf(-1) if keep_pitch else LoudestOf(-2, -1),
        nn.Flatten(),
        nn.Linear(second * heights, classes),
    )


def over_samples(
    filters: int = BANDS, channels: tuple[int, int] = (32, 32), classes: int = 10, window: int = WINDOW, hop: int = HOP
) -> nn.Sequential:
    r"""Convolutions along the raw sound: the first has a frame's window and hop, and so learns its own bands.

    $$h_{b,m} = \log\Bigl(1 + \bigl|\textstyle\sum_t w_{b,t}\, x_{m h + t}\bigr|\Bigr)$$

    From there on it is `over_time`.

    Args:
        filters: Bands that are learned.
        channels: After each of the convolutions behind them.
        classes: Number of outputs.
        window: Samples under a filter.
        hop: Samples from one place to the next.

    Returns:
        A network from ``(N, 1, samples)`` to ``(N, classes)``.

    Raises:
        ValueError: A number is below 1.

    Examples:
        >>> over_samples()(torch.zeros(2, 1, 8000)).shape
        torch.Size([2, 10])
    """
    at_least_one(filters=filters, window=window, hop=hop)
    return nn.Sequential(
        nn.Conv1d(1, filters, window, stride=hop, bias=False), LogOf(), *over_time(channels, classes, filters)
    )


class LogOf(nn.Module):
    r"""Loudness for what a filter gives: signs do not count, and large values are brought near.

    $$y = \log(1 + |x|)$$

    Examples:
        >>> LogOf()(torch.tensor([0.0])).item()
        0.0
    """

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        return x.abs().log1p()


def filter_spectra(weight: Tensor, points: int = 512) -> Tensor:
    r"""How strongly each filter of a convolution over samples answers to each frequency; its strongest is 1.

    $$A_{b,k} = \frac{|\sum_t w_{b,t}\, e^{-2\pi i k t / n}|}{\max_k |\sum_t w_{b,t}\, e^{-2\pi i k t / n}|}$$

    Args:
        weight: ``(filters, 1, window)``.
        points: n, at least the window: how finely frequency is cut.

    Returns:
        ``(filters, points // 2 + 1)``: frequencies k · rate / points.

    Raises:
        ValueError: The weight is of another shape, or ``points`` is below the window.

    Examples:
        >>> tone = torch.cos(torch.arange(64) * 2 * torch.pi * 8 / 64)
        >>> filter_spectra(tone[None, None], points=64)[0].argmax().item()
        8
    """
    if weight.dim() != 3 or weight.shape[1] != 1 or points < weight.shape[2]:
        raise ValueError(
            f"weight must be (filters, 1, window) with window at most points={points}, got {tuple(weight.shape)}"
        )
    answer = torch.fft.rfft(weight[:, 0], n=points, dim=-1).abs()
    return answer / answer.amax(dim=-1, keepdim=True).clamp(min=torch.finfo(answer.dtype).tiny)
