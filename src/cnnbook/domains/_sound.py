"""Sound: mixed to one channel, cut or filled to one second, brought to another rate."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from cnnbook.checks import at_least_one


def mono(wave: Tensor) -> Tensor:
    r"""The mean of the channels.

    $$y_t = \frac1C \sum_{c} x_{c,t}$$

    Args:
        wave: ``(channels, samples)``.

    Returns:
        ``(samples,)``.

    Raises:
        RuntimeError: The samples are whole numbers.

    Examples:
        >>> mono(torch.tensor([[1.0, 0.0], [0.0, 0.5]])).tolist()
        [0.5, 0.25]
    """
    return wave.mean(dim=0)


def one_second(wave: Tensor, rate: int) -> Tensor:
    r"""One second: the loudest of a longer sound; a shorter one in the middle of silence.

    $$y = x_{a \,:\, a + r}, \qquad a = \arg\max_a \sum_{t=a}^{a+r-1} x_t^2$$

    Args:
        wave: ``(samples,)``.
        rate: Samples a second, r.

    Returns:
        ``(rate,)``.

    Raises:
        ValueError: There are no samples, or ``rate`` is below 1.

    Examples:
        >>> one_second(torch.tensor([0.0, 0.0, 3.0, 1.0]), rate=2).tolist()
        [3.0, 1.0]
        >>> one_second(torch.tensor([1.0]), rate=4).tolist()
        [0.0, 1.0, 0.0, 0.0]
    """
    if wave.dim() != 1 or not len(wave):
        raise ValueError(f"a sound must be (samples,) with one sample at least, got {tuple(wave.shape)}")
    at_least_one(rate=rate)
    missing = rate - len(wave)
    if missing >= 0:
        return F.pad(wave, (missing // 2, missing - missing // 2))
    energy = F.pad(wave.double().square().cumsum(0), (1, 0))
    start = int((energy[rate:] - energy[:-rate]).argmax())
    return wave[start : start + rate]


def resample(wave: Tensor, rate: int, to: int) -> Tensor:
    r"""A sound at another rate, by its Fourier coefficients: those above half the lower rate are left out.

    $$y_t = \frac1N \sum_{|k| < \min(N, M)/2} X_k\, e^{2\pi i k t / M}$$

    N samples become M. What would fold back into lower frequencies is removed, and a sound whose frequencies all lie
    below half of both rates keeps its values. The sum takes the sound as periodic, so that a jump from its end to its
    beginning rings at both ends: silence there is welcome.

    The frequency of exactly half the lower rate, which there is where the smaller of N and M is even, is left out:
    its phase cannot be known from samples at that rate. ``scipy.signal.resample`` keeps it, and is the same otherwise.

    Args:
        wave: ``(…, samples)``.
        rate: Its rate in Hz.
        to: The rate wanted.

    Returns:
        ``(…, round(samples · to / rate))``, one sample at least.

    Raises:
        ValueError: A rate is below 1.

    References:
        C. E. Shannon, "Communication in the presence of noise", Proc. IRE 37, 1949.

    Examples:
        >>> second = torch.sin(torch.arange(8000) * 2 * torch.pi * 440 / 8000)
        >>> resample(second, 8000, 16000).shape
        torch.Size([16000])
    """
    if rate < 1 or to < 1:
        raise ValueError(f"a rate must be at least 1 Hz, got rate={rate}, to={to}")
    if rate == to:
        return wave
    before = wave.shape[-1]
    after = max(1, round(before * to / rate))
    spectrum = torch.fft.rfft(wave, dim=-1)[..., : (min(before, after) + 1) // 2]
    return torch.fft.irfft(spectrum, n=after, dim=-1) * (after / before)
