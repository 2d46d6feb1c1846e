"""Figures of 5.14.3."""

import math
from functools import cache

import torch
import torch.nn.functional as F
from convolution._checkerboard_bench import course, outputs  # noqa: F401
from draw import Drawing
from matplotlib import cbook, pyplot

from cnnbook.convolution.checkerboard import (
    BalancedTransposedUpsample,
    BlurredTransposedUpsample,
    ResizeConv,
    SubPixel,
    TransposedUpsample,
    balance_phases,
    gradient_overlap,
    input_gradient,
    is_balanced,
    overlap_count,
    phase_share,
    phase_sums,
    power_spectrum,
)

WORDS = {
    "zh": {
        "stamps": "两枚印章", "counts": "重叠次数", "seven": "2×2 → 7×7", "many": "5×5 → 16×16",
        "kernel": "核", "each": "四枚印章", "output": "输出", "phase": "相位 {}", "flat": "平的", "uneven": "不平",
        "frequency": "频率 f（周期/像素）", "share": "相位占比 {}", "photo": "输入", "power": "功率（对数）",
        "k3": "转置卷积 k3", "k4": "转置卷积 k4", "sub": "亚像素", "icnr": "亚像素 + ICNR", "balanced": "转置卷积，已平衡",
        "blurred": "转置卷积 + 均值", "nearest": "最近邻 + 卷积", "bilinear": "双线性 + 卷积",
        "channels": "通道", "interleave": "repeat_interleave", "repeat": "repeat", "shuffled": "输出通道 0",
        "conv3": "卷积 k3 s2", "conv4": "卷积 k4 s2", "pool": "最大池化 3×3 s2",
        "even4": "卷积 k4 s2，已平衡", "image": "照片", "ones4": "1,1,1,1", "ones6": "1,1,1,1,1,1",
    },
    "en": {
        "stamps": "two stamps", "counts": "overlap counts", "seven": "2×2 → 7×7", "many": "5×5 → 16×16",
        "kernel": "kernel", "each": "four stamps", "output": "output", "phase": "phase {}", "flat": "flat", "uneven": "not flat",
        "frequency": "frequency f (cycles a pixel)", "share": "phase share {}", "photo": "input", "power": "power (log)",
        "k3": "transposed k3", "k4": "transposed k4", "sub": "sub-pixel", "icnr": "sub-pixel + ICNR", "balanced": "transposed, balanced",
        "blurred": "transposed + mean", "nearest": "nearest + conv", "bilinear": "bilinear + conv",
        "channels": "channel", "interleave": "repeat_interleave", "repeat": "repeat", "shuffled": "output channel 0",
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


@cache
def photograph() -> torch.Tensor:
    """A grey photograph (1, 1, 150, 128) in 0…1, from matplotlib's samples: no lattice of its own."""
    with cbook.get_sample_data("grace_hopper.jpg") as file:
        photo = torch.tensor(pyplot.imread(file).copy()).float().mean(dim=2) / 255
    return F.avg_pool2d(photo[None, None], 4)


def picture(d: Drawing, x: float, y: float, image: torch.Tensor, side: float) -> None:
    """An image (H, W) as a picture of so many pixels, in 16 greys stretched over what is in it: a light page."""
    low, high = torch.quantile(image.flatten(), torch.tensor([0.01, 0.99]))
    grey = ((image - low) / (high - low)).clamp(0, 1).mul(15).round().byte().numpy()
    d.rect(x, y, side, side, "f-cell s-rule")
    d.picture(x, y, side, side, grey, 16, 'preserveAspectRatio="none" style="image-rendering:pixelated"')


def curve(d: Drawing, points: list[tuple[float, float]], cls: str, width: float = 2) -> None:
    d.reach(*points)
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    d.parts.append(f'<path d="{path}" class="f-none {cls}" stroke-width="{width:g}" stroke-linejoin="round"/>')


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
    return d.svg(560)


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
    return d.svg(600)


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
            d.reach((x - 5, y - 5), (x + 5, y + 5))
            d.parts.append(f'<circle cx="{x:g}" cy="{y:.1f}" r="5" class="f-{tone} s-ink"/>')
            d.text(left + wide - 6, 14 + 19 * order, f"[{name}]", f"f-{tone}", 12, "end")
        d.text(left + wide / 2, high + 36, w["frequency"], "f-soft", 12)
        left += wide + 56
    d.text(-6, 6, "|W|", "f-soft", 12, "end")
    return d.svg(560)


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
    return d.svg(600)


def spectrum(lang: str) -> str:
    w, d = WORDS[lang], Drawing()
    wide, high, scale = 540, 190, 4
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
    return d.svg(520)


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
    return d.svg(520)


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
    return d.svg(560)


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
    return d.svg(600)
