"""Figures of 5.16.10."""

import torch
from draw import Drawing, number

from cnnbook.generalisation.transfer import new_setting, random_effects

WORDS = {
    "zh": {"setting": "场景{}", "mean": "平均", "new": "下一个场景", "axis": "准确率改变（百分点）", "names": "甲乙丙"},
    "en": {"setting": "setting {}", "mean": "mean", "new": "the next one", "axis": "change in accuracy (points)",
           "names": "ABC"},
}  # fmt: skip
EFFECTS, ERROR, REACH = (3.0, 1.0, -1.0), 0.1, 4.303  # the 0.975 quantile of Student's t, two degrees of freedom


def settings(lang: str) -> str:
    """Three settings with small errors, their mean, and the interval for a fourth, which is as wide as they differ."""
    d, words, scale, step = Drawing(), WORDS[lang], 18, 34
    y = torch.tensor(EFFECTS), torch.full((3,), ERROR)
    mean, error, _ = random_effects(*y)
    low, high = new_setting(*y)
    rows = [
        (words["setting"].format(name), e, e - 0.2, e + 0.2, "b")
        for name, e in zip(words["names"], EFFECTS, strict=True)
    ]
    rows.append((words["mean"], mean, mean - REACH * error, mean + REACH * error, "ink"))
    rows.append((words["new"], None, low, high, "a"))
    foot = len(rows) * step
    ends = (min(-9, int(low) - 1), max(11, int(high) + 1))
    d.line(0, -14, 0, foot - 12, "s-rule")
    for place, (name, middle, least, most, tone) in enumerate(rows):
        at = place * step
        d.text(ends[0] * scale - 12, at, name, "f-ink", 13, "end")
        least, most = max(least, ends[0]), min(most, ends[1])
        d.line(least * scale, at, most * scale, at, f"s-{tone}", 'stroke-width="4" stroke-linecap="round"')
        if middle is not None:
            d.add(f'<circle cx="{middle * scale:g}" cy="{at}" r="5.5" class="f-{tone}"/>', (middle * scale, at))
    for tick in range(ends[0] + ends[0] % 2, ends[1] + 1, 4):
        d.text(tick * scale, foot + 2, number(tick), "f-soft", 12)
    d.text((ends[0] + ends[1]) / 2 * scale, foot + 24, words["axis"], "f-soft", 12)
    return d.svg()
