"""Sound from a file: read, mixed to one channel, cut or filled to one second, brought to another rate."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

PCM_BYTES = (1, 2, 3, 4)
EXTENSIBLE = b"\xfe\xff"
FORMATS = {3: "floats", 6: "A-law", 7: "μ-law", 85: "MP3"}


def read_wav(path: str | Path) -> tuple[Tensor, int]:
    r"""The samples of a WAV file with whole numbers (PCM) of 8, 16, 24 or 32 bits.

    $$x = \frac{v}{2^{b-1}}, \qquad b = 8:\; x = \frac{v - 128}{128}$$

    Args:
        path: The file.

    Returns:
        Samples in −1…1, ``float32 (channels, samples)``, and the rate in Hz.

    Raises:
        ValueError: The file is empty, is no WAV file, is cut off, holds no samples, or holds floats or compressed
            sound; the message says which.

    References:
        IBM and Microsoft, "Multimedia Programming Interface and Data Specifications 1.0", 1991 (RIFF WAVE).

    Examples:
        >>> import tempfile, wave
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = f"{folder}/two.wav"
        ...     with wave.open(path, "wb") as out:
        ...         out.setparams((1, 2, 8000, 0, "NONE", ""))
        ...         out.writeframes(bytes([0, 64, 0, 192]))  # 16384 and −16384, low byte first
        ...     read_wav(path)
        (tensor([[ 0.5000, -0.5000]]), 8000)
    """
    path = Path(path)
    raw = bytearray(path.read_bytes())
    if not raw:
        raise ValueError(f"{path} is empty")
    if raw[:4] != b"RIFF" or raw[8:12] != b"WAVE":
        raise ValueError(f"{path} is no WAV file: it must begin with RIFF … WAVE, and begins with {bytes(raw[:12])!r}")
    _must_be_pcm(path, raw)
    try:
        with wave.open(io.BytesIO(raw)) as file:
            channels, width, rate, promised = file.getparams()[:4]
            data = file.readframes(promised)
    except (EOFError, wave.Error) as error:
        raise ValueError(f"{path} is damaged or cut off within its header: {error or 'it ends there'}") from None
    if width not in PCM_BYTES or rate < 1:
        raise ValueError(f"{path} must have 8, 16, 24 or 32 bits and a rate, got {8 * width} bits at {rate} Hz")
    there = len(data) // (channels * width)
    if there < promised:
        raise ValueError(f"{path} is cut off: its header promises {promised} samples a channel, {there} are there")
    if not promised:
        raise ValueError(f"{path} holds no samples")
    return _whole_numbers(data, width).reshape(-1, channels).T.contiguous(), rate


def _must_be_pcm(path: Path, raw: bytearray) -> None:
    """Refuses other formats; the long form of the header, which Python 3.11 cannot read, becomes the short one."""
    place = raw.find(b"fmt ", 12)
    kind = raw[place + 8 : place + 10]
    if kind == EXTENSIBLE:
        kind = raw[place + 8 : place + 10] = raw[place + 32 : place + 34]
    if place < 0 or len(kind) < 2:
        raise ValueError(f"{path} is cut off within its header")
    if (number := int.from_bytes(kind, "little")) != 1:
        name = FORMATS.get(number, "compressed sound")
        raise ValueError(f"{path} must hold whole numbers (PCM), got format {number}: {name}; save it as 16-bit PCM")


def _whole_numbers(data: bytes, width: int) -> Tensor:
    """Samples as shares of the full range; those of one byte are unsigned."""
    if width == 3:  # torch has no such whole numbers: the sign is in the last byte
        low, middle, high = torch.frombuffer(bytearray(data), dtype=torch.uint8).reshape(-1, 3).unbind(1)
        value = (
            low.to(torch.int32)
            + (middle.to(torch.int32) << 8)
            + (high.contiguous().view(torch.int8).to(torch.int32) << 16)
        )
    else:
        value = torch.frombuffer(bytearray(data), dtype={1: torch.uint8, 2: torch.int16, 4: torch.int32}[width])
    zero, full = (128, 128) if width == 1 else (0, 2 ** (8 * width - 1))
    return (value.float() - zero) / full


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
        ValueError: There are no samples.

    Examples:
        >>> one_second(torch.tensor([0.0, 0.0, 3.0, 1.0]), rate=2).tolist()
        [3.0, 1.0]
        >>> one_second(torch.tensor([1.0]), rate=4).tolist()
        [0.0, 1.0, 0.0, 0.0]
    """
    if wave.dim() != 1 or not len(wave):
        raise ValueError(f"a sound must be (samples,) with one sample at least, got {tuple(wave.shape)}")
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

    Args:
        wave: ``(…, samples)``.
        rate: Its rate in Hz.
        to: The rate wanted.

    Returns:
        ``(…, round(samples · to / rate))``, one sample at least.

    Raises:
        ValueError: A rate is below 1.

    References:
        C. E. Shannon, "Communication in the presence of noise", Proc. IRE 37, 1949; the method is that of
        ``scipy.signal.resample``.

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
