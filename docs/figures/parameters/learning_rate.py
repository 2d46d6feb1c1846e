"""Figures of 5.15.1."""

import math

import torch
from draw import Drawing, number

from cnnbook.evidence.results import load_result
from cnnbook.evidence.statistics import summary
from cnnbook.experiments.parameters.learning_rate import ADAM, OSCILLATION, SGD, SWEEP
from cnnbook.parameters.learning_rate import constant, cosine, descend, exponential_decay, one_cycle, step_decay

WORDS = {
    "zh": {
        "share": "占学习率的份额", "run": "训练进度", "constant": "不变", "step": "分段 ×0.1", "exponential": "指数",
        "cosine": "余弦", "cycle": "一周期", "rate": "学习率 {}", "accuracy": "测试准确率（%）", "rates": "学习率（对数）",
        "chance": "随机猜测", "loss": "训练损失（奈特）", "steps": "步",
    },
    "en": {
        "share": "share of the rate", "run": "progress of the run", "constant": "constant", "step": "step ×0.1",
        "exponential": "exponential", "cosine": "cosine", "cycle": "one cycle", "rate": "rate {}",
        "accuracy": "test accuracy (%)", "rates": "learning rate (logarithmic)", "chance": "guessing",
        "loss": "training loss (nats)", "steps": "step",
    },
}  # fmt: skip
DASHES = ("", "6 3", "2 3", "9 3 2 3", "1 2")


def line(d: Drawing, points: list[tuple[float, float]], cls: str, more: str = 'stroke-width="2"') -> None:
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    d.add(f'<path d="{path}" class="f-none {cls}" stroke-linejoin="round" {more}/>', *points)


def dot(d: Drawing, x: float, y: float, cls: str, size: float = 3, more: str = "") -> None:
    circle = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:g}" class="{cls}" {more}/>'
    d.add(circle, (x - size, y - size), (x + size, y + size))


def schedules(lang: str) -> str:
    """The share of the rate over a run, schedule by schedule."""
    d, w, total, width, height = Drawing(), WORDS[lang], 100, 400, 190
    for tick in (0, 0.5, 1):
        y = height * (1 - tick)
        d.line(0, y, width, y, "s-rule")
        d.text(-8, y, number(tick), "f-soft", 12, "end")
    d.text(-24, -24, w["share"], "f-soft", 12, "start")
    for tick in (0, 0.5, 1):
        d.text(width * tick, height + 16, f"{tick:.0%}", "f-soft", 12)
    d.text(width / 2, height + 36, w["run"], "f-soft", 12)
    shown = {
        "constant": (constant, "soft", (0.86, 0.94)),
        "step": (step_decay, "a", (0.345, 0.32)),
        "exponential": (exponential_decay, "d", (0.175, 0.55)),
        "cosine": (cosine, "b", (0.4, 0.45)),
        "cycle": (one_cycle, "c", (0.63, 0.64)),
    }
    for (name, (schedule, tone, (x, y))), dash in zip(shown.items(), DASHES, strict=True):
        points = [(width * t / total, height * (1 - schedule(t, total))) for t in range(total + 1)]
        line(d, points, f"s-{tone}", f'stroke-width="2" stroke-dasharray="{dash}"')
        d.text(width * x, height * (1 - y), w[name], f"f-{tone}", 12, "start")
    return d.svg()


def valley(lang: str) -> str:
    """Paths of gradient descent on a long valley, L = (w₁² + 12 w₂²) / 2, at three rates; 2/λ is 1/6."""
    d, w, curvatures = Drawing(), WORDS[lang], torch.tensor([1.0, 12.0])
    width, height, gap = 200, 130, 26
    for place, (rate, steps, tone) in enumerate(((0.03, 24, "b"), (0.155, 24, "a"), (0.172, 17, "c"))):
        left = place * (width + gap)

        def at(point, left=left) -> tuple[float, float]:
            return left + width / 2 + float(point[0]) * width / 4.4, height / 2 - float(point[1]) * height / 2.6

        for level in (0.1, 0.5, 1.4, 3.0):
            rx = math.sqrt(2 * level) * width / 4.4
            ry = math.sqrt(2 * level / 12) * height / 2.6
            x, y = at((0, 0))
            rx = min(rx, width / 2)
            ellipse = f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" class="f-none s-rule"/>'
            d.add(ellipse, (x - rx, y - ry), (x + rx, y + ry))
        path = descend(lambda p: (curvatures * p.square()).sum() / 2, torch.tensor([-1.9, 0.35]), rate, steps)
        kept = [point for point in path if abs(float(point[1])) < 1.25]
        line(d, [at(point) for point in kept], f"s-{tone}", 'stroke-width="1.5"')
        for point in kept:
            dot(d, *at(point), f"f-{tone}", 2.5)
        x, y = at((0, 0))
        d.text(x, y, "+", "f-ink", 14)
        d.text(left + width / 2, height + 20, w["rate"].format(number(rate)), "f-ink", 13)
    return d.svg()


def sweep(lang: str) -> str:
    """Test accuracy over the rate, SGD and Adam: mean, interval, and each seed as a faint dot."""
    d, w, result = Drawing(), WORDS[lang], load_result(SWEEP.name)
    width, height, lowest, highest = 400, 210, math.log10(min(ADAM)), math.log10(max(SGD))

    def across(rate: float) -> float:
        return width * (math.log10(rate) - lowest + 0.2) / (highest - lowest + 0.4)

    def up(accuracy: float) -> float:
        return height * (1 - accuracy / 90)

    for tick in (0, 20, 40, 60, 80):
        d.line(0, up(tick), width, up(tick), "s-rule")
        d.text(-8, up(tick), str(tick), "f-soft", 12, "end")
    d.line(0, up(10), width, up(10), "s-soft", 'stroke-dasharray="2 4"')
    d.text(width, up(10) - 9, w["chance"], "f-soft", 11, "end")
    for power in range(-5, 2):
        d.line(across(10**power), height, across(10**power), height + 5)
        d.text(across(10**power), height + 16, f"{10.0**power:g}" if power > -4 else f"1e−{-power}", "f-soft", 12)
    d.text(width / 2, height + 36, w["rates"], "f-soft", 12)
    d.text(-24, -14, w["accuracy"], "f-soft", 12, "start")
    for name, prefix, rates, tone, dash, (x, y) in (
        ("SGD", "sgd", SGD, "b", "", (3, 82)),
        ("Adam", "adam", ADAM, "a", "6 3", (3e-5, 62)),
    ):
        points = []
        for rate in rates:
            values = result.figures[f"{prefix}_{rate:g}"]["test_accuracy"]
            fine = [value for value in values if math.isfinite(value)]
            for value in fine:
                dot(d, across(rate), up(value), f"f-{tone}", 2, 'fill-opacity="0.35"')
            if len(fine) >= len(values) / 2:
                found = summary(fine)
                points.append((across(rate), up(found.mean)))
                d.line(across(rate), up(found.low), across(rate), up(found.high), f"s-{tone}", 'stroke-width="2"')
                dot(d, *points[-1], f"f-{tone}")
            if lost := len(values) - len(fine):
                d.text(across(rate), up(3.5), f"×{lost}", f"f-{tone}", 12, "end" if lost < 5 else "start")
        line(d, points, f"s-{tone}", f'stroke-width="2" stroke-dasharray="{dash}"')
        d.text(across(x), up(y), name, f"f-{tone}", 13, "end")
    return d.svg()


def swing(lang: str) -> str:
    """The loss before each step of descent with all training images, one seed, at three rates."""
    d, w, result = Drawing(), WORDS[lang], load_result(OSCILLATION.name)
    steps, width, height, gap = OSCILLATION.arms["descent_0.1"].steps, 200, 150, 26
    for place, (arm, tone) in enumerate(zip(OSCILLATION.arms, "bac", strict=True)):
        left = place * (width + gap)
        for tick in (0, 1, 2):
            y = height * (1 - tick / 2.6)
            d.line(left, y, left + width, y, "s-rule")
            if not place:
                d.text(left - 8, y, str(tick), "f-soft", 12, "end")
        for seed in (2, 1, 0):
            losses = [result.of(arm, "train_loss", step)[seed] for step in range(steps + 1)]
            points = [(left + width * t / steps, height * (1 - min(v, 2.9) / 2.6)) for t, v in enumerate(losses)]
            thick = 'stroke-width="1.6"' if seed == 0 else 'stroke-width="0.8" stroke-opacity="0.45"'
            line(d, points, f"s-{tone}", thick)
        for tick in (0, steps // 2, steps):
            d.text(left + width * tick / steps, height + 15, str(tick), "f-soft", 12)
        d.text(left + width / 2, height + 33, w["steps"], "f-soft", 12)
        d.text(left + width / 2, -22, w["rate"].format(arm.partition("_")[2]), "f-ink", 13)
    d.text(-24, -40, w["loss"], "f-soft", 12, "start")
    return d.svg()
