"""Figures of 5.14.3."""

import math

import torch
import torch.nn.functional as F
from convolution._pictures import curve, photograph, picture
from draw import Drawing

from cnnbook.convolution.checkerboard import (
    balance_phases,
    gradient_overlap,
    input_gradient,
    is_balanced,
    overlap_count,
    phase_energies,
    phase_share,
    phase_sums,
)
from cnnbook.convolution.upsampling import TransposedUpsample

WORDS = {
    "zh": {
        "stamps": "两枚印章", "counts": "重叠次数", "seven": "2×2 → 7×7", "many": "5×5 → 16×16",
        "kernel": "核", "each": "四枚印章", "output": "输出", "phase": "相位 {}", "flat": "平的", "uneven": "不平",
        "frequency": "频率 f（周期/像素）", "share": "相位占比 {}", "enlarged": "放大到两倍", "corner": "拉近看",
        "ramp": "斜坡进，出来是：", "noise": "噪声进，格子的方差：", "balanced": "平衡好的核", "nearest": "最近邻", "bilinear": "双线性",
        "even": "偶", "odd": "奇",
        "conv3": "卷积 k3 s2", "conv4": "卷积 k4 s2", "pool": "最大池化 3×3 s2",
        "even4": "卷积 k4 s2，已平衡", "image": "照片", "ones4": "1,1,1,1", "ones6": "1,1,1,1,1,1",
    },
    "en": {
        "stamps": "two stamps", "counts": "overlap counts", "seven": "2×2 → 7×7", "many": "5×5 → 16×16",
        "kernel": "kernel", "each": "four stamps", "output": "output", "phase": "phase {}", "flat": "flat", "uneven": "not flat",
        "frequency": "frequency f (cycles per pixel)", "share": "phase share {}", "enlarged": "enlarged twofold", "corner": "brought closer",
        "ramp": "a ramp becomes:", "noise": "noise: variance of cells", "balanced": "balanced kernel", "nearest": "nearest", "bilinear": "bilinear",
        "even": "even", "odd": "odd",
        "conv3": "convolution k3 s2", "conv4": "convolution k4 s2", "pool": "max pooling 3×3 s2",
        "even4": "k4 s2, balanced", "image": "photograph", "ones4": "1,1,1,1", "ones6": "1,1,1,1,1,1",
    },
}  # fmt: skip
ZERO, ONE = "b", "a"  # the tones of the phases 0 and 1


def tinted(d: Drawing, x: float, y: float, value: float, most: float, size: float, label: str = "", tone: str = "a"):
    """A cell whose tint says how large its value is."""
    d.rect(x, y, size, size, f"f-{tone} s-rule", f'fill-opacity="{0.78 * value / most:.2g}"')
    if label:
        d.text(x + size / 2, y + size / 2, label, "f-ink", size * 0.42)


def table(
    d: Drawing, x: float, y: float, values: torch.Tensor, most: float, size: float, labels: bool, tone: str = "a"
):
    for i, line in enumerate(values.tolist()):
        for j, value in enumerate(line):
            tinted(d, x + j * size, y + i * size, value, most, size, f"{value:g}" if labels else "", tone)


def opening(lang: str) -> str:
    """A photograph with its lattice, and a corner of it."""
    w, d, side = WORDS[lang], Drawing(), 256
    torch.manual_seed(0)
    layer = TransposedUpsample(1, 1, 2, kernel_size=3)
    layer.conv.weight.data.abs_()
    with torch.no_grad():
        output = layer(photograph())[0, 0]
    shown = 208  # rows and columns of the photograph: enough to see, and a light page
    picture(d, 0, 0, output[:shown, :shown], side)
    d.text(side / 2, side + 14, w["enlarged"], "f-ink", 12)
    top, left, part = 84, 96, 48
    scale = side / shown
    d.rect(left * scale, top * scale, part * scale, part * scale, "f-none s-a", 'stroke-width="2"')
    picture(d, side + 24, 0, output[top : top + part, left : left + part], side)
    d.text(side * 1.5 + 24, side + 14, w["corner"], "f-ink", 12)
    return d.svg()


def ramps(lang: str) -> str:
    """What three kernels make of a ramp, and how noisy they leave even and odd cells on noise."""
    w, d = WORDS[lang], Drawing()
    kernels = {"balanced": (3.25, 0.75, 2.25, 4.75), "nearest": (1.0, 1.0), "bilinear": (0.5, 1.5, 1.5, 0.5)}
    wide, high, gap = 300, 92, 58
    d.text(0, -16, w["ramp"], "f-soft", 12, "start")
    d.text(wide + 40, -16, w["noise"], "f-soft", 12, "start")
    for place, (name, taps) in enumerate(kernels.items()):
        weight, y = torch.tensor(taps), place * (high + gap)
        up = F.conv_transpose1d(torch.arange(12.0)[None, None], weight[None, None], stride=2)[0, 0, 4:-4]
        up = (up - up.min()) / (up.max() - up.min())
        d.text(0, y + 6, w[name], "f-ink", 13, "start")
        d.line(0, y + high, wide, y + high, "s-rule")
        points = [(wide * j / (len(up) - 1), y + high * (1 - float(value))) for j, value in enumerate(up)]
        curve(d, points, "s-soft", 1.2)
        for j, (x, at) in enumerate(points):
            d.add(f'<circle cx="{x:.1f}" cy="{at:.1f}" r="3.6" class="f-{(ZERO, ONE)[j % 2]}"/>', (x, at))
        energies = phase_energies(weight, 2).tolist()
        for phase, energy in enumerate(energies):
            long, row = 130 * energy / max(energies), y + 30 + 26 * phase
            d.rect(wide + 80, row, long, 18, f"f-{(ZERO, ONE)[phase]}")
            d.text(wide + 72, row + 9, w[("even", "odd")[phase]], "f-soft", 12, "end")
            d.text(wide + 86 + long, row + 9, f"{energy:.1f}", "f-ink", 12, "start")
    return d.svg(whole=True)


def own(lang: str) -> str:
    w, d = WORDS[lang], Drawing()
    size, k, s = 28, 4, 3
    line, square = overlap_count(2, k, s), overlap_count((2, 2), k, s)
    top = 1.2 * size
    d.text(3.5 * size, top - 14, w["stamps"], "f-soft", 12)
    for i, tone in enumerate("bd"):
        for u in range(k):
            d.cell((i * s + u) * size, top + i * (size + 4), "1", f"f-{tone}", "f-on", size)
    y = top + 2 * size + 34
    d.text(3.5 * size, y - 12, w["counts"], "f-soft", 12)
    for j, count in enumerate(line.tolist()):
        tinted(d, j * size, y, count, 4, size, str(count))
    x = 7 * size + 44
    d.text(x + 3.5 * size * 0.86, -14, w["seven"], "f-soft", 12)
    table(d, x, 0, square, 4, size * 0.86, True)
    x += 7 * size * 0.86 + 34
    small = 7 * size * 0.86 / 16
    d.text(x + 8 * small, -14, w["many"], "f-soft", 12)
    table(d, x, 0, overlap_count((5, 5), k, s), 4, small, False)
    return d.svg()


def phases(lang: str) -> str:
    w, d = WORDS[lang], Drawing()
    size, left = 30, 0.0
    for kernel in ((3.0, 1.0, 2.0, 5.0), (1.0, 2.0, 1.0)):
        weight, n, s = torch.tensor(kernel), 4, 2
        sums, k = phase_sums(weight, s).tolist(), len(kernel)
        output = F.conv_transpose1d(torch.ones(1, 1, n), weight[None, None], stride=s)[0, 0].tolist()
        title = f"{w['kernel']} [{', '.join(f'{tap:g}' for tap in kernel)}]"
        d.text(left + len(output) * size / 2, -18, title, "f-ink", 13)
        for i in range(n):
            for u, tap in enumerate(kernel):
                tone = (ZERO, ONE)[u % s]
                d.cell(left + (i * s + u) * size, i * (size + 3), tap, f"f-{tone}", "f-on", size)
        y = n * (size + 3) + 12
        inside = range(k - 1, (n - 1) * s + 1)
        for j, value in enumerate(output):
            tone = (ZERO, ONE)[j % s]
            d.rect(left + j * size, y, size, size, "f-cell s-rule")
            if j in inside:
                d.rect(left + j * size, y, size, size, f"f-{tone}", 'fill-opacity=".3"')
            d.text(left + (j + 0.5) * size, y + size / 2, f"{value:g}", "f-ink" if j in inside else "f-soft", 13)
        d.frame(left + (k - 1) * size, y, len(inside), 1, "s-ink", size)
        for r, total in enumerate(sums):
            taps = " + ".join(f"{tap:g}" for tap in kernel[r::s])
            taps = f"{taps} = {total:g}" if "+" in taps else taps
            words = f"{w['phase'].format(r)}{'：' if lang == 'zh' else ': '}{taps}"
            d.text(left, y + size + 20 + 20 * r, words, f"f-{(ZERO, ONE)[r]}", 13, "start")
        verdict = w["flat" if is_balanced(weight, s) else "uneven"]
        d.text(left + len(output) * size, y + size + 30, verdict, "f-ink", 14, "end")
        left += len(output) * size + 56
    return d.svg()


def transfer(lang: str) -> str:
    w, d = WORDS[lang], Drawing()
    wide, high, left = 250, 130, 0.0
    for s, kernels in (
        (2, (("a", "3,1,2,5", (3, 1, 2, 5)), ("b", "1,2,1", (1, 2, 1)))),
        (3, (("a", w["ones4"], (1,) * 4), ("b", w["ones6"], (1,) * 6))),
    ):
        d.text(left + wide / 2, -22, f"s = {s}", "f-ink", 13)
        d.line(left, high, left + wide, high, "s-soft")
        for m in range(s // 2 + 1):
            x = left + wide * 2 * m / s
            d.line(x, 0, x, high + 5, "s-rule" if m == 0 else "s-soft", "" if m == 0 else 'stroke-dasharray="3 4"')
            d.text(x, high + 16, "0" if m == 0 else f"{m}/{s}", "f-ink" if m else "f-soft", 12)
        if s == 3:
            d.text(left + wide, high + 16, "1/2", "f-soft", 12)
        for order, (tone, name, taps) in enumerate(kernels):
            weight = torch.tensor(taps).double()
            f = torch.linspace(0, 0.5, 101).double()
            turns = 2 * math.pi * f[:, None] * torch.arange(len(taps))
            gain = ((weight * turns.cos()).sum(1) ** 2 + (weight * turns.sin()).sum(1) ** 2).sqrt() / weight.sum()
            curve(
                d,
                [(left + 2 * wide * x, high - high * y) for x, y in zip(f.tolist(), gain.tolist(), strict=True)],
                f"s-{tone}",
            )
            sums = phase_sums(weight, s).to(torch.complex128)
            at = float(torch.fft.fft(sums)[1].abs() / weight.sum())  # the law: the transform of the phase sums
            x, y = left + wide * 2 / s, high - high * at
            circle = f'<circle cx="{x:g}" cy="{y:.1f}" r="5" class="f-{tone} s-ink"/>'
            d.add(circle, (x - 5, y - 5), (x + 5, y + 5))
            d.text(left + wide - 6, 14 + 19 * order, f"[{name}]", f"f-{tone}", 12, "end")
        d.text(left + wide / 2, high + 36, w["frequency"], "f-soft", 12)
        left += wide + 56
    d.text(-6, 6, "|W|", "f-soft", 12, "end")
    return d.svg()


def gradient(lang: str) -> str:
    w, d = WORDS[lang], Drawing()
    size, n = 22, 8
    torch.manual_seed(0)
    noise = torch.rand(4000, 1, 17, 17)
    pool = input_gradient(lambda x: F.max_pool2d(x, 3, 2), noise).mean((0, 1))[4 : 4 + n, 4 : 4 + n] * 9
    for at, (name, values) in enumerate(
        (
            ("conv3", gradient_overlap((17, 17), 3, 2)[4 : 4 + n, 4 : 4 + n]),
            ("conv4", gradient_overlap((18, 18), 4, 2)[4 : 4 + n, 4 : 4 + n]),
            ("pool", pool),
        )
    ):
        x = at * (n * size + 26)
        d.text(x + n * size / 2, -14, w[name], "f-ink", 12)
        for i, line in enumerate(values.tolist()):
            for j, value in enumerate(line):
                tinted(d, x + j * size, i * size, value, 4.4, size)
                d.text(x + (j + 0.5) * size, (i + 0.5) * size, f"{round(value, 1):g}", "f-ink", 9)
    return d.svg()


def saliency(lang: str) -> str:
    w, d = WORDS[lang], Drawing()
    side, gap, photo = 170, 20, photograph()[..., 8:136, :128]

    def network(k: int, balanced: bool) -> torch.nn.Module:
        torch.manual_seed(4)
        convs = [torch.nn.Conv2d(a, b, k, 2, 1) for a, b in ((1, 8), (8, 16))]
        if balanced:
            for conv in convs:
                conv.weight.data = balance_phases(conv.weight.data, 2)
        return torch.nn.Sequential(convs[0], torch.nn.ReLU(), convs[1], torch.nn.ReLU())

    picture(d, 0, 0, F.avg_pool2d(photo, 2)[0, 0], side)
    d.text(side / 2, side + 14, w["image"], "f-ink", 12)
    for at, (name, k, balanced) in enumerate((("conv3", 3, False), ("conv4", 4, False), ("even4", 4, True)), 1):
        map_ = input_gradient(network(k, balanced), photo)[0, 0].abs()
        x = at * (side + gap)
        picture(d, x, 0, map_[32:96, 32:96], side)
        d.text(x + side / 2, side + 14, w[name], "f-ink", 12)
        share = float(phase_share(map_[8:-8, 8:-8], 4))
        d.text(x + side / 2, side + 31, w["share"].format(f"{100 * share:.0f} %"), "f-a" if share > 0.1 else "f-d", 12)
    return d.svg()
