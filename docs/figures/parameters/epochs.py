"""Figures of 5.15.3."""

import math
from itertools import pairwise

from draw import Drawing

from cnnbook.evidence.results import load_result
from cnnbook.parameters.epochs import early_stopping

WORDS = {
    "zh": {
        "step": "步",
        "loss": "验证损失",
        "best": "取回这一步",
        "last": "停在这里",
        "test_accuracy": "测试准确率（%）",
        "test_nll": "负对数似然（奈特）",
        "n128": "128 张",
        "n512": "512 张",
        "n2048": "2048 张",
        "noise": "512 张，30% 标签有错",
    },
    "en": {
        "step": "steps",
        "loss": "validation loss",
        "best": "this one is taken back",
        "last": "it ends here",
        "test_accuracy": "test accuracy (%)",
        "test_nll": "negative log-likelihood (nats)",
        "n128": "128 images",
        "n512": "512 images",
        "n2048": "2,048 images",
        "noise": "512 images, 30% wrong labels",
    },
}
CURVE = {5: 1.0, 10: 0.8, 15: 0.9, 20: 0.7, 25: 0.71, 30: 0.72}  # the page's own
RUNS = {"n128": "a", "n512": "b", "n2048": "c", "noise": "d"}


def stopping(lang: str) -> str:
    words, d, wide, tall = WORDS[lang], Drawing(), 12, 360
    found = early_stopping(CURVE, patience=2)

    def at(step: int, loss: float) -> tuple[float, float]:
        return step * wide, (1.05 - loss) * tall

    low = at(0, 0.65)[1]
    d.line(0, low, 33 * wide, low, "s-soft")
    d.line(0, 0, 0, low, "s-soft")
    d.text(-4, -16, words["loss"], "f-soft", 12, "start")
    d.text(33 * wide + 6, low, words["step"], "f-soft", 12, "start")
    for before, after in pairwise(CURVE.items()):
        d.line(*at(*before), *at(*after), "s-b", 'stroke-width="2"')
    lowest = math.inf
    for step, loss in CURVE.items():
        x, y = at(step, loss)
        better, lowest = loss < lowest, min(loss, lowest)
        fill = "f-b s-b" if step == found.best else "f-cell s-b" if better else "f-cell s-a"
        d.rect(x - 5, y - 5, 10, 10, fill, 'stroke-width="2"' + ("" if not better else ' rx="5"'))
        d.text(x, y - 17, f"{loss:g}", "f-ink", 12)
        d.line(x, low, x, low + 5, "s-soft")
        d.text(x, low + 15, str(step), "f-soft", 12)
    x, _ = at(found.best, 0)
    d.text(x, low + 36, words["best"], "f-b", 12, "end")
    x, _ = at(found.last, 0)
    d.text(x, low + 36, words["last"], "f-a", 12)
    return d.svg()


def curves(lang: str) -> str:
    words, d, wide, tall, gap = WORDS[lang], Drawing(), 250, 190, 62
    result = load_result("parameters/epochs")
    steps = sorted(map(int, result.curves["n128_end"]["test_nll"]))
    scales = {"test_accuracy": (35, 85, (40, 50, 60, 70, 80)), "test_nll": (0.4, 2.6, (0.5, 1.0, 1.5, 2.0, 2.5))}

    def mean(arm: str, metric: str, at: int | None = None) -> float:
        values = result.of(arm, metric, at)
        return sum(values) / len(values)

    for number, (metric, (low, high, ticks)) in enumerate(scales.items()):
        left = number * (wide + gap)

        def at(step: float, value: float, left=left, low=low, high=high) -> tuple[float, float]:
            along = math.log(step / steps[0]) / math.log(steps[-1] / steps[0])
            return left + along * wide, (high - value) / (high - low) * tall

        d.line(left, tall, left + wide, tall, "s-soft")
        d.line(left, 0, left, tall, "s-soft")
        for tick in ticks:
            _, y = at(steps[0], tick)
            d.line(left - 5, y, left, y, "s-soft")
            d.text(left - 9, y, f"{tick:g}", "f-soft", 12, "end")
        for step in steps[::2]:
            x, _ = at(step, low)
            d.line(x, tall, x, tall + 5, "s-soft")
            d.text(x, tall + 16, str(step), "f-soft", 12)
        d.text(left + wide, tall + 36, words["step"], "f-soft", 12, "end")
        d.text(left - 9, -20, words[metric], "f-ink", 13, "start")
        for name, tone in RUNS.items():
            path = [(step, mean(f"{name}_end", metric, step)) for step in steps]
            for before, after in pairwise(path):
                d.line(*at(*before), *at(*after), f"s-{tone}", 'stroke-width="2.5"')
            x, y = at(mean(f"{name}_stop", "steps"), mean(f"{name}_stop", metric))
            d.line(x, y - 16, x, y + 16, f"s-{tone}", 'stroke-width="1.5" stroke-dasharray="3 2"')
    for place, (name, tone) in enumerate(RUNS.items()):
        x, y = (place % 2) * (wide + gap) - 9, tall + 62 + 22 * (place // 2)
        d.line(x, y, x + 18, y, f"s-{tone}", 'stroke-width="2.5"')
        d.text(x + 26, y, words[name], "f-ink", 13, "start")
    return d.svg()
