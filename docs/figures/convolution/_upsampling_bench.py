"""The figures of 5.14.5 that show the bench: the lattice in the course of training, and what the networks draw."""

import math

import numpy as np
from convolution._pictures import curve
from draw import Drawing

from cnnbook.evidence.paths import results_dir
from cnnbook.evidence.results import load_result
from cnnbook.experiments.convolution.upsampling import CURVE, SHORT_RUN, STEPS

WORDS = {
    "zh": {
        "ripple": "平坦灰图上的起伏（灰度级）", "spread": "相位之和的不均（%）", "step": "训练步数", "half": "半个灰度级", "random": "互相独立时",
        "start": "训练前的输出", "end": "训练后的输出", "added": "网络加上去的，×{}", "spectrum": "加上去的功率谱", "photo": "照片", "bicubic": "双三次",
        "transposed_k3": "转置卷积 k=3", "transposed_k4": "转置卷积 k=4", "transposed_k6": "转置卷积 k=6", "sub_pixel": "亚像素", "nearest": "最近邻 + 卷积", "balanced_k6": "k=6，平衡",
        "lacking": "照片减双三次，×{}", "legend": "训练前", "legend_end": "训练后", "legend_true": "照片减双三次", "frequency": "频率 0 到 1/2",
    },
    "en": {
        "ripple": "ripple on flat grey (grey levels)", "spread": "inequality of the phase sums (%)", "step": "training steps", "half": "half a grey level", "random": "where independent",
        "start": "output before training", "end": "output after", "added": "what the network adds, ×{}", "spectrum": "power spectrum of what it adds", "photo": "photograph", "bicubic": "bicubic",
        "transposed_k3": "transposed k=3", "transposed_k4": "transposed k=4", "transposed_k6": "transposed k=6", "sub_pixel": "sub-pixel", "nearest": "nearest + conv", "balanced_k6": "k=6, balanced",
        "lacking": "missing in bicubic, ×{}", "legend": "before training", "legend_end": "after", "legend_true": "missing in bicubic", "frequency": "frequency 0 to 1/2",
    },
}  # fmt: skip
LINES = {
    "transposed_k2": ("a", "2 3"), "transposed_k4": ("a", "7 3"), "transposed_k6": ("a", ""), "sub_pixel": ("b", ""),
    "sub_pixel_icnr": ("c", ""), "nearest": ("d", ""),
}  # fmt: skip
SHOWN = ("transposed_k3", "transposed_k4", "transposed_k6", "sub_pixel", "nearest", "balanced_k6")
GAIN = 6  # by which residuals are brought out


def course(lang: str) -> str:
    """Ripple and inequality of the phase sums at the steps of the curve, mean and interval."""
    w, d, result = WORDS[lang], Drawing(), load_result(SHORT_RUN.name)
    wide, tall, steps = 230, 190, (*CURVE, STEPS)
    floor, top = math.log10(0.05), math.log10(50)
    panels = (
        ("test_ripple", lambda v: (math.log10(max(v, 0.05)) - floor) / (top - floor), (0.1, 1, 10), (0.5, w["half"])),
        ("spread", lambda v: v / 100, (0, 25, 50, 100), (75, w["random"])),
    )
    for place, (metric, height, ticks, (mark, meaning)) in enumerate(panels):
        left = place * (wide + 62)
        d.text(left + wide / 2, -16, w[metric.removeprefix("test_")], "f-ink", 13)
        d.line(left, tall, left + wide, tall)
        for tick in ticks:
            y = tall * (1 - height(tick))
            d.line(left, y, left + wide, y, "s-rule")
            d.text(left - 6, y, f"{tick:g}", "f-soft", 11, "end")
        y = tall * (1 - height(mark))
        d.line(left, y, left + wide, y, "s-soft", 'stroke-dasharray="2 4"')
        if metric == "spread":
            d.text(left + wide, y - 22, meaning, "f-soft", 11, "end")
        else:
            d.text(left + 4, y - 8, meaning, "f-soft", 11, "start")
        xs = [left + 8 + i * (wide - 16) / (len(steps) - 1) for i in range(len(steps))]
        for x, step in zip(xs, steps, strict=True):
            d.text(x, tall + 14, str(step), "f-soft", 11)
        d.text(left + wide / 2, tall + 32, w["step"], "f-soft", 12)
        for arm, (tone, dashes) in LINES.items():
            figures = [result.summary(arm, metric, at) for at in (*CURVE, None)]
            points = [(x, tall * (1 - height(one.mean))) for x, one in zip(xs, figures, strict=True)]
            curve(d, points, f"s-{tone}", dashes=dashes)
            for x, one in zip(xs, figures, strict=True):
                low, high = (tall * (1 - height(end)) for end in (one.low, one.high))
                d.line(x, low, x, high, f"s-{tone}", 'stroke-width="1.2"')
    for place, (arm, (tone, dashes)) in enumerate(LINES.items()):
        x, y = place % 2 * (wide + 62), tall + 60 + place // 2 * 20  # below either panel, which a phone stacks
        d.line(x, y, x + 26, y, f"s-{tone}", f'stroke-width="2" stroke-dasharray="{dashes}"')
        d.text(x + 32, y, SHORT_RUN.labels[arm][lang], "f-ink", 12, "start")
    return d.svg()


def live(lang: str) -> str:
    """The ripple of one network of each of four layers in the course of training, both axes logarithmic."""
    w, d, result = WORDS[lang], Drawing(), load_result(SHORT_RUN.name)
    wide, tall, steps = 420, 190, (*CURVE, STEPS)
    low, top = -3.0, 1.5  # decades, as in the interactive figure

    def across(step: float) -> float:
        return wide * math.log1p(step) / math.log1p(STEPS)

    def height(value: float) -> float:
        return tall * (1 - (math.log10(max(value, 10**low)) - low) / (top - low))

    d.text(0, -16, w["ripple"], "f-ink", 13, "start")
    for tick in (0.001, 0.01, 0.1, 1, 10):
        d.line(0, height(tick), wide, height(tick), "s-rule")
        d.text(-6, height(tick), f"{tick:g}", "f-soft", 11, "end")
    for step in steps:
        d.text(across(step), tall + 14, str(step), "f-soft", 11)
    d.text(wide / 2, tall + 32, w["step"], "f-soft", 12)
    tones = {"transposed_k3": "a", "sub_pixel": "b", "sub_pixel_icnr": "c", "nearest": "d"}
    for place, (arm, tone) in enumerate(tones.items()):
        values = [result.of(arm, "test_ripple", at)[0] for at in (*CURVE, None)]
        points = [(across(step), height(value)) for step, value in zip(steps, values, strict=True)]
        curve(d, points, f"s-{tone}")
        x, y = place % 2 * 220, tall + 60 + place // 2 * 20
        d.line(x, y, x + 26, y, f"s-{tone}", 'stroke-width="2"')
        d.text(x + 32, y, SHORT_RUN.labels[arm][lang], "f-ink", 12, "start")
    return d.svg()


def picture(d: Drawing, x: float, y: float, grey: np.ndarray, side: float) -> None:
    """A part of an image of 0…255, head and sky, in 16 greys: a light page."""
    grey = grey[:36, 12:]
    d.rect(x, y, side, side, "f-cell s-rule")
    levels = (grey.clip(0, 255) / 17).round().astype(np.uint8)
    d.picture(x, y, side, side, levels, 16, 'style="image-rendering:pixelated"')


def outputs(lang: str) -> str:
    """What networks of seed 0 draw: output before and after training, what they add to bicubic, and its spectrum."""
    w, d = WORDS[lang], Drawing()
    with np.load(results_dir() / "convolution/upsampling_pictures.npz") as file:
        found = {name: file[name].astype(float) for name in file.files if name != "code"}
    side, gap, graph = 104, 8, 84
    rows = [i * (side + 24) for i in range(3)]
    photograph, bicubic = found["photograph"], found["bicubic"]
    names = [(w["photo"], photograph), (w["bicubic"], bicubic), (w["lacking"].format(GAIN), None)]
    for y, (name, image) in zip(rows, names, strict=True):
        d.text(0, y - 10, name, "f-soft", 11, "start")
        picture(d, 0, y, 128 + GAIN * (photograph - bicubic) if image is None else image, side)
    for column, arm in enumerate(SHOWN):
        x = (column + 1) * (side + gap) + 16
        d.text(x + side / 2, -30, w[arm], "f-ink", 12)
        start, end = found[f"{arm}_start"], found[f"{arm}_end"]
        images = (bicubic + start, bicubic + end, 128 + GAIN * end)
        for y, image, name in zip(rows, images, (w["start"], w["end"], w["added"].format(GAIN)), strict=True):
            if column == 0:
                d.text(x, y - 10, name, "f-soft", 11, "start")
            picture(d, x, y, image, side)
    y = rows[-1] + side + 24
    low, high = -2.0, 5.0

    def spectrum(x: float, power: np.ndarray, cls: str, width: float = 1.3, dashes: str = "") -> None:
        logs = np.log10(power[1:].clip(10**low)).clip(low, high)
        points = [
            (x + side * (i + 1) / len(logs), y + graph * (1 - (v - low) / (high - low))) for i, v in enumerate(logs)
        ]
        curve(d, points, cls, width, dashes)

    for column, arm in enumerate(SHOWN):
        x = (column + 1) * (side + gap) + 16
        if column == 0:
            d.text(x, y - 10, w["spectrum"], "f-soft", 11, "start")
        d.rect(x, y, side, graph, "f-none s-rule")
        spectrum(x, found["lacking_spectrum"], "s-soft", 1, "2 2")
        spectrum(x, found[f"{arm}_start_spectrum"], "s-a")
        spectrum(x, found[f"{arm}_end_spectrum"], "s-b")
        d.text(x + side / 2, y + graph + 11, w["frequency"], "f-soft", 10)
    legend = (("legend", "s-a", ""), ("legend_end", "s-b", ""), ("legend_true", "s-soft", "2 2"))
    for place, (name, cls, dashes) in enumerate(legend):
        d.line(0, y + 18 + 22 * place, 16, y + 18 + 22 * place, cls, f'stroke-width="1.6" stroke-dasharray="{dashes}"')
        d.text(20, y + 18 + 22 * place, w[name], "f-ink", 11, "start")
    return d.svg()
