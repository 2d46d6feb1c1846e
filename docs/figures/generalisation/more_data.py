"""Figures of 5.16.1."""

import torch
from draw import Drawing, number

from cnnbook.generalisation.more_data import PowerLaw, nested_order

WORDS = {
    "zh": {"first": "前 {} 张", "examples": "训练样本数", "error": "误差", "line": "指数 {}"},
    "en": {"first": "the first {}", "examples": "training examples", "error": "error", "line": "exponent {}"},
}


def nested(lang: str) -> str:
    """Three classes of unequal size in nested order, and the training sets that begin it."""
    d, size, tones = Drawing(), 26, "abc"
    labels = torch.tensor([0] * 8 + [1] * 6 + [2] * 4)
    order = nested_order(labels, torch.Generator().manual_seed(3))
    for place, label in enumerate(labels[order].tolist()):
        d.cell(place * size, 0, "ABC"[label], f"f-{tones[label]}", "f-on", size)
    for level, count in enumerate((3, 6, 12, 18)):
        d.brace(0, count * size, size + 6 + 30 * level, WORDS[lang]["first"].format(count))
    return d.svg()


def laws(lang: str) -> str:
    """Two power laws on logarithmic axes: straight lines, one twice as steep."""
    d, words, width, height = Drawing(), WORDS[lang], 300, 190
    sizes, errors = (100, 400, 1600, 6400), (0.4, 0.2, 0.1, 0.05)

    def place(n: float, error: float) -> tuple[float, float]:
        """Where a point lies: both axes count doublings."""
        across, up = (torch.tensor(v).double().log2().item() for v in (n / sizes[0], errors[0] / error))
        return across / 6 * width, up / 3 * height

    d.line(0, height + 8, width + 8, height + 8)
    d.line(0, 0, 0, height + 8)
    for n in sizes:
        x, _ = place(n, errors[0])
        d.line(x, height + 4, x, height + 12)
        d.text(x, height + 24, f"{n}", "f-soft", 12)
    for error in errors:
        _, y = place(sizes[0], error)
        d.line(-4, y, 4, y)
        d.text(-10, y, f"{number(100 * error)}%", "f-soft", 12, "end")
    for exponent, tone in ((0.5, "a"), (0.25, "b")):
        law = PowerLaw(errors[0] * sizes[0] ** exponent, exponent)
        points = [place(n, law.error(n)) for n in sizes]
        d.line(*points[0], *points[-1], f"s-{tone}", 'stroke-width="2"')
        for x, y in points:
            d.add(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" class="f-{tone}"/>', (x - 4, y - 4), (x + 4, y + 4))
        d.text(points[-1][0] + 12, points[-1][1], words["line"].format(number(exponent)), f"f-{tone}", 12, "start")
    d.text(width / 2, height + 44, words["examples"], "f-soft", 12)
    d.text(-10, -18, words["error"], "f-soft", 12)
    return d.svg()
