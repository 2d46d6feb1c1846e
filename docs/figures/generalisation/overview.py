"""Figures of 5.16.9."""

import torch
from draw import Drawing, number

from cnnbook.generalisation.overview import interaction

WORDS = {
    "zh": {
        "without": "不用甲", "with": "用甲", "other": "用乙", "no_other": "不用乙", "interaction": "交互作用 {}",
        "adds": "相加", "helps": "互相帮衬", "overlaps": "互相重叠", "accuracy": "准确率（%）",
    },
    "en": {
        "without": "no A", "with": "A", "other": "with B", "no_other": "no B", "interaction": "interaction {}",
        "adds": "they add up", "helps": "each helps the other", "overlaps": "they overlap", "accuracy": "accuracy (%)",
    },
}  # fmt: skip
CASES = {"adds": (70, 73, 71, 74), "helps": (70, 73, 71, 76), "overlaps": (70, 73, 72, 73)}


def lines(lang: str) -> str:
    """Three 2×2 factorials: what A changes without B and with it, as two lines, parallel where effects add up."""
    d, words, wide, step = Drawing(), WORDS[lang], 84, 21
    d.text(-52, -36, words["accuracy"], "f-soft", 12, "start")
    for place, (case, figures) in enumerate(CASES.items()):
        left = place * (wide + 50)
        neither, first, second, both = (torch.tensor([float(one)]) for one in figures)
        for level in range(70, 77, 2):
            y = (76 - level) * step
            d.line(left - 14, y, left + wide + 14, y, "s-rule")
            if not place:
                d.text(-24, y, f"{level}", "f-soft", 12, "end")
        for ends, tone, name in (((neither, first), "a", "no_other"), ((second, both), "b", "other")):
            (y1, y2) = ((76 - float(one)) * step for one in ends)
            d.line(left, y1, left + wide, y2, f"s-{tone}", 'stroke-width="2.5"')
            for x, y in ((left, y1), (left + wide, y2)):
                mark = (
                    f'<circle cx="{x}" cy="{y:g}" r="5"'
                    if tone == "a"
                    else f'<rect x="{x - 5}" y="{y - 5:g}" width="10" height="10"'
                )
                d.add(f'{mark} class="f-{tone}"/>', (x - 5, y - 5), (x + 5, y + 5))
            if not place:
                at, off = (0.66, 19) if tone == "a" else (0.34, -17)
                d.text(left + at * wide, y1 + at * (y2 - y1) + off, words[name], f"f-{tone}", 12)
        d.text(left, 7 * step, words["without"], "f-soft", 12)
        d.text(left + wide, 7 * step, words["with"], "f-soft", 12)
        d.text(left + wide / 2, 8 * step + 2, words[case], "f-ink", 13)
        found = float(interaction(neither, first, second, both))
        d.text(
            left + wide / 2,
            9 * step,
            words["interaction"].format(("+" if found > 0 else "") + number(found)),
            "f-soft",
            12,
        )
    return d.svg()
