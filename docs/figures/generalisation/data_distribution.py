"""Figures of 5.16.3."""

import torch
from draw import Drawing

from cnnbook.generalisation.data_distribution import balanced_order, oversampled_order

WORDS = {
    "zh": ("照原样打乱", "过采样", "均衡批次", "第 {} 批", "A 类 24 张、B 类 6 张、C 类 2 张、D 类 1 张"),
    "en": ("shuffled as it is", "oversampling", "balanced batches", "batch {}", "24 of A, 6 of B, 2 of C, 1 of D"),
}


def batches(lang: str) -> str:
    """The first three batches of eight under three orders, sorted by class; the same example has the same number."""
    d, size, tones, batch = Drawing(), 22, "bacd", 8
    labels = torch.arange(4).repeat_interleave(torch.tensor([24, 6, 2, 1]))
    first = labels.bincount().cumsum(0) - labels.bincount()
    orders = (lambda y, g: torch.randperm(len(y), generator=g), oversampled_order, balanced_order)
    *names, title, counts = WORDS[lang]
    d.text(0, -40, counts, "f-soft", 12, "start")
    for row, (name, order) in enumerate(zip(names, orders, strict=True)):
        drawn, y = order(labels, torch.Generator().manual_seed(5)), row * 56
        d.text(0, y - 12, name, "f-ink", 13, "start")
        for column in range(3):
            x = column * (batch * size + 16)
            for place, example in enumerate(sorted(drawn[column * batch : (column + 1) * batch].tolist())):
                one = int(labels[example])
                text = f"{'ABCD'[one]}{example - int(first[one]) + 1}"
                d.cell(x + place * size, y, text, f"f-{tones[one]}", "f-on", size)
            if row == 2:
                d.text(x + batch * size / 2, y + size + 14, title.format(column + 1), "f-soft", 12)
    return d.svg()
