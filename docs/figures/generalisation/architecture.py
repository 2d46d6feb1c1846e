"""Figures of 5.16.5."""

from draw import Drawing

from cnnbook.generalisation.architecture import receptive_field

WORDS = {
    "zh": {"plain": "普通的块：f(x)", "skip": "带跳跃连接：x + f(x)", "conv": "卷积 3×3", "relu": "ReLU", "one": "一层 5×5", "two": "两层 3×3"},
    "en": {"plain": "plain block: f(x)", "skip": "with a skip: x + f(x)", "conv": "convolution 3×3", "relu": "ReLU", "one": "one 5×5", "two": "two 3×3"},
}  # fmt: skip


def blocks(lang: str) -> str:
    words, d, wide, tall = WORDS[lang], Drawing(), 132, 30
    for column, kind in enumerate(("plain", "skip")):
        left, middle = column * 240, column * 240 + wide / 2
        d.text(middle, -22, words[kind], "f-ink", 13)
        d.arrow(middle, 0, middle, 26)
        d.text(middle + 10, 12, "x", "f-soft", 13, "start")
        for row, (name, tone) in enumerate([("conv", "b"), ("relu", "pad"), ("conv", "b")]):
            top = 28 + row * 48
            d.rect(left, top, wide, tall, f"f-{tone} s-rule", 'rx="4"')
            d.text(middle, top + tall / 2, words[name], "f-on" if tone == "b" else "f-ink", 13)
            d.arrow(middle, top + tall, middle, top + 46)
        top = 28 + 3 * 48
        if kind == "skip":
            d.rect(middle - 12, top, 24, 24, "f-a s-rule", 'rx="12"')
            d.text(middle, top + 12, "+", "f-on", 17)
            side = left + wide + 24
            d.line(middle, 8, side, 8, "s-a", 'stroke-width="2"')
            d.line(side, 8, side, top + 12, "s-a", 'stroke-width="2"')
            d.arrow(side, top + 12, middle + 14, top + 12, "s-a")
        else:
            d.line(middle, top - 2, middle, top + 24, "s-soft")
        d.arrow(middle, top + 24, middle, top + 44)
        d.rect(left, top + 46, wide, tall, "f-pad s-rule", 'rx="4"')
        d.text(middle, top + 46 + tall / 2, words["relu"], "f-ink", 13)
    return d.svg()


def field(lang: str) -> str:
    """What one output sees, through one layer of 5×5 and through two of 3×3."""
    words, d, size = WORDS[lang], Drawing(), 22
    for column, (name, layers) in enumerate([("one", [(5, 1, 1)]), ("two", [(3, 1, 1)] * 2)]):
        left, sides = column * 210, [receptive_field(layers[len(layers) - k :]) for k in range(len(layers) + 1)]
        d.text(left + 70, -20, words[name], "f-ink", 13)
        for level, side in enumerate(sides):  # from the output down to the input
            top = level * 60 * (2 if len(sides) == 2 else 1)
            for i in range(side):
                d.rect(left + 70 + (i - side / 2) * size, top, size, size, f"f-{'a' if level == 0 else 'cell'} s-rule")
            if level:
                above = sides[level - 1]
                y = (level - 1) * 60 * (2 if len(sides) == 2 else 1) + size
                for sign in (-1, 1):
                    d.line(left + 70 + sign * above / 2 * size, y, left + 70 + sign * side / 2 * size, top, "s-soft")
    return d.svg()
