"""Figures of 5.16.7."""

from itertools import pairwise

import torch
from draw import Drawing

from cnnbook.generalisation.weight_penalty import soft_threshold

WORDS = {
    "zh": {"step": "步", "weight": "权重", "l2": "L2", "l1": "L1，按梯度", "threshold": "L1，软阈值"},
    "en": {
        "step": "steps",
        "weight": "weight",
        "l2": "L2",
        "l1": "L1 by gradient",
        "threshold": "L1 by soft threshold",
    },
}
RATE, STRENGTH, STEPS = 0.15, 1.0, 20


def walk(step) -> list[float]:
    """A weight from 1 on, step by step."""
    path = [torch.tensor(1.0)]
    for _ in range(STEPS):
        path.append(step(path[-1]))
    return [float(w) for w in path]


def paths(lang: str) -> str:
    words, d, wide, tall = WORDS[lang], Drawing(), 20, 170
    ways = {
        "l2": walk(lambda w: w - RATE * STRENGTH * w),
        "l1": walk(lambda w: w - RATE * STRENGTH * w.sign()),
        "threshold": walk(lambda w: soft_threshold(w, RATE * STRENGTH)),
    }
    d.line(0, tall, STEPS * wide, tall, "s-soft")
    d.line(0, 0, 0, tall + 20, "s-soft")
    for value in (0, 1):
        d.text(-12, tall * (1 - value), str(value), "f-soft", 12)
    d.text(-12, -22, words["weight"], "f-soft", 12, "start")
    d.text(STEPS * wide + 8, tall, words["step"], "f-soft", 12, "start")
    tones = {"l2": "c", "l1": "a", "threshold": "b"}
    for row, (name, path) in enumerate(ways.items()):
        tone, places = tones[name], [(i * wide, tall * (1 - w)) for i, w in enumerate(path)]
        for (x1, y1), (x2, y2) in pairwise(places):
            d.line(x1, y1, x2, y2, f"s-{tone}", 'stroke-width="2"')
        for x, y in places:
            d.rect(x - 2.5, y - 2.5, 5, 5, f"f-{tone} s-{tone}")
        d.rect(190, 8 + 24 * row, 10, 10, f"f-{tone} s-{tone}")
        d.text(208, 13 + 24 * row, words[name], "f-ink", 13, "start")
    return d.svg()
