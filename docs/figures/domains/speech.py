"""Figures of 5.17.5."""

import math

import torch
from draw import Drawing

from cnnbook import weights
from cnnbook.data.speech import sample
from cnnbook.domains.speech import (
    HOP,
    RATE,
    WINDOW,
    below_loudest,
    filter_spectra,
    frames,
    log_mel,
    mel_filters,
    mel_to_hertz,
    one_second,
    over_time,
    power_spectrum,
)

WORDS = {
    "zh": {"wave": "波形：5,600 个数", "frame": "一帧，乘上窗", "power": "它的功率谱", "mel": "对数梅尔谱：24 个频带 × 34 帧", "time": "时间", "hz": "{} Hz",
           "filters": "学到的 24 个核，按最响应的频率排", "theirs": "梅尔滤波器的中心",
           "asked": "合成的女声用英文念 seven：波形", "seen": "它看到的：24 个频带 × 49 帧", "respond": "最支持这个回答的 {} 个核，何时响应", "digits": "十个数字"},
    "en": {"wave": "waveform: 5,600 numbers", "frame": "one frame, under its window", "power": "its power spectrum", "mel": "log-mel: 24 bands × 34 frames", "time": "time", "hz": "{} Hz",
           "filters": "the 24 kernels learned, by the frequency they answer most", "theirs": "centres of the mel filters",
           "asked": "a synthesiser says seven in English: waveform", "seen": "what it sees: 24 bands × 49 frames", "respond": "when the {} filters that speak most for the answer respond", "digits": "the ten digits"},
}  # fmt: skip
WIDE = 420
STRONGEST = 6  # filters that <ask-speech> shows


def curve(d: Drawing, x: float, y: float, width: float, height: float, values, cls: str = "s-b") -> None:
    """A line through values between −1 and 1, around y."""
    step = width / (len(values) - 1)
    points = " ".join(f"{x + i * step:.1f},{y - v * height / 2:.1f}" for i, v in enumerate(values))
    element = f'<polyline points="{points}" class="f-none {cls}" stroke-width="1"/>'
    d.add(element, (x, y - height / 2), (x + width, y + height / 2))


def path(lang: str) -> str:
    """The clip of the page: waveform with a frame marked, the frame, its spectrum, the log-mel spectrogram."""
    d, words = Drawing(), WORDS[lang]
    wave, number = sample(7, "zh"), 12
    ends = [pair for piece in wave.reshape(-1, 10) for pair in (piece.max().item(), piece.min().item())]
    d.text(0, -52, words["wave"], "f-ink", 13, "start")
    curve(d, 0, 0, WIDE, 80, ends)
    left, wide = number * HOP / len(wave) * WIDE, WINDOW / len(wave) * WIDE
    d.frame(left, -40, 1, 80 / wide, size=wide)
    piece = frames(wave, WINDOW, HOP)[number]
    half = WIDE * 0.44
    for x, word in ((0, "frame"), (WIDE - half, "power")):
        d.text(x, 70, words[word], "f-ink", 13, "start")
    hann = torch.hann_window(WINDOW)
    top = piece.abs().max()
    curve(d, 0, 120, half, 70, (piece * hann / top).tolist())
    curve(d, 0, 120, half, 70, hann.tolist(), "s-a")
    decibels = (power_spectrum(piece) + 1e-6).log10()
    decibels = (decibels - decibels.min()) / (decibels.max() - decibels.min()) * 2 - 1
    curve(d, WIDE - half, 120, half, 70, decibels.tolist())
    for hertz in (0, 1000, 2000, 3000, 4000):
        at = WIDE - half + hertz / (RATE / 2) * half
        d.line(at, 158, at, 162)
        d.text(at, 172, str(hertz) if hertz < 4000 else "4000 Hz", "f-soft", 11)
    spectra = below_loudest(log_mel(wave[None], RATE))[0]
    grey = (255 * (1 - spectra.flip(0))).round().byte()
    d.text(0, 204, words["mel"], "f-ink", 13, "start")
    d.picture(0, 218, WIDE, 192, grey.numpy(), more='preserveAspectRatio="none" style="image-rendering:pixelated"')
    d.frame(number / spectra.shape[1] * WIDE, 218, 1, 192 / (WIDE / spectra.shape[1]), size=WIDE / spectra.shape[1])
    centres = mel_to_hertz(torch.linspace(0, 2146.06, 26))[1:-1]
    for band in (0, 7, 15, 23):
        d.text(
            WIDE + 8, 218 + (23.5 - band) * 8, words["hz"].format(round(centres[band].item())), "f-soft", 11, "start"
        )
    d.arrow(WIDE - 60, 424, WIDE, 424)
    d.text(WIDE - 68, 424, words["time"], "f-soft", 12, "end")
    return d.svg()


def triangles(lang: str) -> str:
    """Eight mel filters over frequency."""
    d, words = Drawing(), WORDS[lang]
    filters = mel_filters(8, 1024, RATE)
    for row in filters:
        curve(d, 0, 40, WIDE, 80, (row * 2 - 1).tolist())
    for hertz in (0, 1000, 2000, 3000, 4000):
        at = hertz / (RATE / 2) * WIDE
        d.line(at, 82, at, 87)
        d.text(at, 98, words["hz"].format(hertz), "f-soft", 11)
    return d.svg()


def learned(lang: str) -> str:
    """Spectra of the first layer's kernels over raw samples, a row each, sorted; the mel centres as a line."""
    d, words = Drawing(), WORDS[lang]
    state, _ = weights.read("speech-filters")
    spectra = filter_spectra(state["weight"])
    order = spectra.argmax(dim=1).argsort()
    rows = spectra[order].flip(0)
    size = 9
    grey = (255 * (1 - rows[:, :256])).round().byte()
    d.text(0, -14, words["filters"], "f-ink", 13, "start")
    d.picture(0, 0, WIDE, 24 * size, grey.numpy(), more='preserveAspectRatio="none" style="image-rendering:pixelated"')
    centres = mel_to_hertz(torch.linspace(0, 2595 * math.log10(1 + 4000 / 700), 26))[1:-1]
    points = " ".join(
        f"{hertz / 4000 * WIDE:.1f},{(23.5 - row) * size:.1f}" for row, hertz in enumerate(centres.tolist())
    )
    d.add(f'<polyline points="{points}" class="f-none s-a" stroke-width="2"/>', (0, 0), (WIDE, 24 * size))
    for hertz in (0, 1000, 2000, 3000, 4000):
        at = hertz / 4000 * WIDE
        d.line(at, 24 * size + 2, at, 24 * size + 7)
        d.text(at, 24 * size + 18, words["hz"].format(hertz), "f-soft", 11)
    d.line(0, 24 * size + 38, 24, 24 * size + 38, "s-a", 'stroke-width="2"')
    d.text(32, 24 * size + 38, words["theirs"], "f-ink", 12, "start")
    return d.svg()


@torch.no_grad()
def asked(lang: str) -> str:
    """What <ask-speech> begins with: a waveform, its spectrogram, the strongest responses, the ten answers."""
    d, words, cell = Drawing(), WORDS[lang], 7
    wave = one_second(sample(7, "en"), RATE)
    network, facts = weights.network("speech", lambda facts: over_time(tuple(facts["channels"])))
    spectra = below_loudest(log_mel(wave[None], RATE))
    responses = network[:4]((spectra - facts["mean"]) / facts["std"])[0]
    outputs = network[4:](responses[None])[0]
    best, most = int(outputs.argmax()), responses.amax(-1)
    first = (network[5].weight[best] * most).argsort(descending=True)[:STRONGEST]
    wide = spectra.shape[2] * cell
    ends = [
        pair / wave.abs().max().item() for one in wave.reshape(-1, 20) for pair in (one.max().item(), one.min().item())
    ]
    d.text(0, 0, words["asked"], "f-ink", 13, "start")
    curve(d, 0, 45, wide, 60, ends)
    d.text(0, 92, words["seen"], "f-ink", 13, "start")
    look = 'preserveAspectRatio="none" style="image-rendering:pixelated"'
    d.picture(0, 106, wide, 24 * cell, (255 * (1 - spectra[0].flip(0))).round().byte().numpy(), more=look)
    top = 106 + 24 * cell + 20
    d.text(0, top, words["respond"].format(STRONGEST), "f-ink", 13, "start")
    grey = (255 * (1 - responses[first] / most[first, None])).round().byte()
    d.picture(0, top + 14, grey.shape[1] * 2 * cell, STRONGEST * 2 * cell, grey.numpy(), more=look)
    top += STRONGEST * 2 * cell + 34
    d.text(0, top, words["digits"], "f-ink", 13, "start")
    for digit, chance in enumerate(outputs.softmax(0).tolist()):
        y = top + 20 + 16 * digit
        d.text(0, y, str(digit), "f-ink", 13, "start")
        d.rect(16, y - 6, max(chance, 0.002) * 250, 12, "f-b")
        d.text(wide, y, f"{chance:.1%}", "f-ink", 13, "end")
    return d.svg(whole=True)
