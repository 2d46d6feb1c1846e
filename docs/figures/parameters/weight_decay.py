"""Figures of 5.15.4."""

import math
from itertools import pairwise

import torch
from draw import Drawing

from cnnbook.parameters.weight_decay import adam_step, sgd_step

WORDS = {
    "zh": {"x": "梯度的大小", "y": "失去的比例", "adam": "Adam，耦合", "rest": "SGD 与 AdamW"},
    "en": {"x": "size of the gradient", "y": "share lost", "adam": "Adam, coupled", "rest": "SGD and AdamW"},
}
RATE, DECAY, STEPS = 1e-3, 0.1, 100
SIZES = [10 ** (tenth / 10) for tenth in range(-20, 11)]  # 0.01 … 10


def lost(step, **options) -> list[float]:
    """What decay takes from a weight of 1 whose gradients change their sign at every step, for each size of them."""
    sizes, ends = torch.tensor(SIZES, dtype=torch.float64), []
    for decay in (0.0, DECAY):
        weight, state = torch.ones_like(sizes), None
        for number in range(STEPS):
            weight, state = step(weight, sizes * (-1) ** number, state, rate=RATE, decay=decay, **options)
        ends.append(weight)
    return (ends[0] - ends[1]).tolist()


def felt(lang: str) -> str:
    words, d, wide, tall = WORDS[lang], Drawing(), 400, 190
    low, high = 1e-4, 0.2

    def at(size: float, share: float) -> tuple[float, float]:
        return wide * (math.log10(size) + 2) / 3, tall * math.log(high / share) / math.log(high / low)

    d.line(0, tall, wide, tall, "s-soft")
    d.line(0, 0, 0, tall, "s-soft")
    for size in (0.01, 0.1, 1, 10):
        x, _ = at(size, low)
        d.line(x, tall, x, tall + 5, "s-soft")
        d.text(x, tall + 16, f"{size:g}", "f-soft", 12)
    for share in (1e-4, 1e-3, 1e-2, 1e-1):
        _, y = at(0.01, share)
        d.line(-5, y, 0, y, "s-soft")
        d.text(-9, y, f"{100 * share:g}%", "f-soft", 12, "end")
    d.text(-9, -18, words["y"], "f-soft", 12, "start")
    d.text(wide, tall + 36, words["x"], "f-soft", 12, "end")
    lines = {
        "adam": ("a", [lost(adam_step)]),
        "rest": ("b", [lost(sgd_step), lost(adam_step, decoupled=True)]),
    }
    for row, (name, (tone, paths)) in enumerate(lines.items()):
        for path in paths:
            for (x1, y1), (x2, y2) in pairwise(map(at, SIZES, path)):
                d.line(x1, y1, x2, y2, f"s-{tone}", 'stroke-width="2.5"')
        d.rect(240, 8 + 24 * row, 10, 10, f"f-{tone} s-{tone}")
        d.text(258, 13 + 24 * row, words[name], "f-ink", 13, "start")
    return d.svg()
