"""Figures of 5.14.5."""

import torch
import torch.nn.functional as F
from convolution._pictures import curve, photograph, picture
from convolution._upsampling_bench import course, live, outputs  # noqa: F401
from draw import Drawing

from cnnbook.convolution.checkerboard import phase_share, power_spectrum
from cnnbook.convolution.upsampling import (
    BalancedTransposedUpsample,
    BlurredTransposedUpsample,
    ResizeConv,
    SubPixel,
    TransposedUpsample,
)

WORDS = {
    "zh": {
        "flat": "平的", "uneven": "不平", "output": "输出", "frequency": "频率 f（周期/像素）", "share": "相位占比 {}", "power": "功率（对数）",
        "k3": "转置卷积 k3", "k4": "转置卷积 k4", "sub": "亚像素", "icnr": "亚像素 + ICNR", "balanced": "转置卷积，已平衡",
        "blurred": "转置卷积 + 均值", "nearest": "最近邻 + 卷积", "bilinear": "双线性 + 卷积",
        "channels": "通道", "interleave": "repeat_interleave", "repeat": "repeat", "shuffled": "输出通道 0",
        "k6": "转置卷积 k=6 ＝ 亚像素卷积 3×3", "in4": "转置卷积 k=4", "in2": "k=2", "clean": "对常数干净（相位之和相等）",
        "ramps": "对斜坡也干净", "near": "最近邻 + 3×3", "bi": "双线性 + 3×3", "blur": "k=4 + 均值", "start": "ICNR 的起点",
    },
    "en": {
        "flat": "flat", "uneven": "not flat", "output": "output", "frequency": "frequency f (cycles per pixel)", "share": "phase share {}", "power": "power (log)",
        "k3": "transposed k3", "k4": "transposed k4", "sub": "sub-pixel", "icnr": "sub-pixel + ICNR", "balanced": "transposed, balanced",
        "blurred": "transposed + mean", "nearest": "nearest + conv", "bilinear": "bilinear + conv",
        "channels": "channel", "interleave": "repeat_interleave", "repeat": "repeat", "shuffled": "output channel 0",
        "k6": "transposed k=6 = sub-pixel 3×3", "in4": "transposed k=4", "in2": "k=2", "clean": "clean for constants (equal phase sums)",
        "ramps": "for ramps too", "near": "nearest + 3×3", "bi": "bilinear + 3×3", "blur": "k=4 + mean", "start": "ICNR starts here",
    },
}  # fmt: skip
ZERO, ONE = "b", "a"  # the tones of the phases 0 and 1


def family(lang: str) -> str:
    """Who contains whom: sets of kernels of 6×6 taps."""
    w, d = WORDS[lang], Drawing()

    def box(x: float, y: float, width: float, height: float, words: str, tone: str, dash: str = "", fill: float = 0.0):
        more = f'rx="12" stroke-width="1.8" fill-opacity="{fill}"' + (f' stroke-dasharray="{dash}"' if dash else "")
        d.rect(x, y, width, height, f"f-{tone if fill else 'none'} s-{tone}", more)
        d.text(x + 12, y + 15, words, f"f-{tone}" if tone != "soft" else "f-ink", 12.5, "start")

    box(0, 0, 560, 300, w["k6"], "soft")
    box(20, 40, 320, 240, w["in4"], "soft")
    box(40, 80, 110, 60, w["in2"], "soft")
    box(170, 150, 370, 118, w["clean"], "d", "5 4", 0.08)
    box(410, 208, 122, 54, w["ramps"], "c", "5 4", 0.1)

    def point(x: float, y: float, words: str, tone: str, anchor: str = "start"):
        d.rect(x - 6, y - 6, 12, 12, f"f-{tone}", 'rx="3"')
        d.text(x + (12 if anchor == "start" else -12), y, words, "f-ink", 12, anchor)

    point(196, 194, w["near"], "a")
    point(426, 246, w["bi"], "a")
    point(360, 190, w["blur"], "a")
    point(196, 240, w["start"], "b")
    return d.svg()


def random_layers(scale: int, seed: int = 0) -> dict[str, torch.nn.Module]:
    """One layer of each kind, from one channel to one, with random positive weights: the picture stays one."""
    torch.manual_seed(seed)
    layers = {
        "k3": TransposedUpsample(1, 1, scale, kernel_size=max(3, scale + 1)),
        "k4": TransposedUpsample(1, 1, scale),
        "sub": SubPixel(1, 1, scale),
        "balanced": BalancedTransposedUpsample(1, 1, scale),
        "blurred": BlurredTransposedUpsample(1, 1, scale),
        "nearest": ResizeConv(1, 1, scale),
        "bilinear": ResizeConv(1, 1, scale, mode="bilinear"),
        "icnr": SubPixel(1, 1, scale, icnr=True),
    }
    for layer in layers.values():
        layer.conv.weight.data.abs_()
    return layers


def layers(lang: str) -> str:
    w, d = WORDS[lang], Drawing()
    side, gap, crop = 128, 18, photograph()[..., 8:72, 30:94]
    made = random_layers(2)
    order = ("k3", "k4", "sub", "icnr", "balanced", "blurred", "nearest", "bilinear")
    for at, name in enumerate(order):
        x, y = at % 4 * (side + gap), at // 4 * (side + 50)
        with torch.no_grad():
            output = made[name](crop)
            share = float(phase_share(made[name](photograph()), 2)[0, 0])
        picture(d, x, y, output[0, 0, 16:88, 28:100], side)
        d.text(x + side / 2, y + side + 13, w[name], "f-ink", 12)
        shown = f"{100 * share:.0f} %" if share > 0.005 else f"{100 * share:.1g} %"
        shown = "0 %" if share < 1e-6 else shown
        d.text(x + side / 2, y + side + 29, w["share"].format(shown), "f-a" if share > 0.005 else "f-d", 12)
    return d.svg()


def spectrum(lang: str) -> str:
    w, d = WORDS[lang], Drawing()
    wide, high, scale = 420, 190, 4
    made, photo = random_layers(scale), photograph()[..., :128, :128]
    shown = {}
    with torch.no_grad():
        for name in ("k4", "sub", "blurred", "nearest"):
            output = made[name](photo)
            shown[name] = power_spectrum((output - output.mean()) / output.std())[0, 0]
    logs = {name: power[4:].log10() for name, power in shown.items()}  # the lowest few dwarf the rest
    low, most = min(float(log.min()) for log in logs.values()), max(float(log.max()) for log in logs.values())
    low = max(low, -6.0)
    for m in range(scale // 2 + 1):
        x = wide * 2 * m / scale
        d.line(x, 0, x, high + 5, "s-rule" if m == 0 else "s-soft", "" if m == 0 else 'stroke-dasharray="3 4"')
        d.text(x, high + 16, "0" if m == 0 else f"{m}/{scale}" if m != 2 else "1/2", "f-ink" if m else "f-soft", 12)
    d.line(0, high, wide, high, "s-soft")
    for order, (name, tone) in enumerate(zip(logs, "acdb", strict=True)):
        log, n = logs[name], len(shown[name]) - 1
        heights = ((log.clamp(min=low) - low) / (most - low)).tolist()
        curve(d, [(wide * (i + 4) / n, high - high * y) for i, y in enumerate(heights)], f"s-{tone}", 1.4)
        d.line(wide - 170, 8 + 19 * order, wide - 150, 8 + 19 * order, f"s-{tone}", 'stroke-width="2.5"')
        d.text(wide - 144, 8 + 19 * order, w[name].replace("k4", "k8"), f"f-{tone}", 12, "start")
    d.text(wide / 2, high + 36, w["frequency"], "f-soft", 12)
    d.text(0, -14, w["power"], "f-soft", 12, "start")
    return d.svg()


def shuffle(lang: str) -> str:
    w, d = WORDS[lang], Drawing()
    size, x = 28, 140
    kernels = torch.arange(2)
    d.text(x - 12, size / 2, w["channels"], "f-soft", 12, "end")
    for channel in range(8):
        d.text(x + (channel + 0.5) * size, size / 2, str(channel), "f-soft", 12)
    d.brace(x, x + 4 * size - 2, -2, f"{w['output']} 0", below=False)
    d.brace(x + 4 * size + 2, x + 8 * size, -2, f"{w['output']} 1", below=False)
    for row, (name, order) in enumerate((("interleave", kernels.repeat_interleave(4)), ("repeat", kernels.repeat(4)))):
        y = size + 6 + row * 4.2 * size
        d.text(x - 12, y + size / 2, w[name], "f-ink mono", 11.5, "end")
        for channel, kernel in enumerate(order.tolist()):
            d.cell(x + channel * size, y, f"w{'₀₁'[kernel]}", f"f-{(ZERO, ONE)[kernel]}", "f-on", size)
        phase = F.pixel_shuffle(order.view(1, 8, 1, 1).float().repeat(1, 1, 2, 2), 2)[0, 0]
        left, top, small = x + 8 * size + 62, y - 0.25 * size, 0.9 * size
        d.arrow(left - 46, y + size / 2, left - 16, y + size / 2)
        for i, line in enumerate(phase.long().tolist()):
            for j, kernel in enumerate(line):
                d.cell(left + j * small, top + i * small, f"w{'₀₁'[kernel]}", f"f-{(ZERO, ONE)[kernel]}", "f-on", small)
        d.text(left + 4 * small + 12, top + 2 * small, w["flat" if row == 0 else "uneven"], "f-ink", 13, "start")
    d.text(x + 8 * size + 62 + 1.8 * size, 0, w["shuffled"], "f-soft", 12)
    return d.svg()
