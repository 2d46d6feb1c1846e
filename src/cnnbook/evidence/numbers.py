"""Numbers as pages and the terminal print them: digits, signs, units. The same in both.

A metric says how many digits it has; an interval has more where an end would otherwise seem to lie on a border.
"""

from __future__ import annotations

import math

from cnnbook.evidence.text import Text

UNITS = {  # a unit that is not here is written alike in both languages: %, dB
    "nats": Text("奈特", "nats"),
    "images": Text("张图像", "images"),
    "grey levels": Text("灰度级", "grey levels"),
    "steps": Text("步", "steps"),
    "epochs": Text("轮", "epochs"),
    "pixels": Text("像素", "pixels"),
}
DIFFERENCES = {"%": Text("个百分点", "points")}  # what a difference is counted in, where that has another name
ZERO = 5e-6  # rounding errors below this are as good as none


def number(value: float | None, digits: int, plus: bool = False) -> str:
    """A number with a true minus sign; a dash where there is none.

    Examples:
        >>> number(-1.25, 1), number(0.5, 2, plus=True), number(-0.001, 1), number(None, 1)
        ('−1.2', '+0.50', '0.0', '–')
    """
    if value is None or not math.isfinite(value):
        return "–"
    text = f"{value:.{digits}f}"
    if not float(text):
        return text.lstrip("-")
    return ("+" if plus and value > 0 else "") + text.replace("-", "−")


def plain(value: float) -> str:
    """A number that someone chose, as they wrote it: 0.5, 1, 0.02.

    Examples:
        >>> plain(-0.5)
        '−0.5'
    """
    return f"{value:g}".replace("-", "−")


def enough(digits: int, *ends: float | None, border: float | None = None) -> int:
    """So many digits, or more (up to 5) where an end, rounded, would seem to lie on a border: 0, or ±border.

    Examples:
        >>> enough(1, 0.21, 1.3, border=0.5), enough(1, 0.46, 1.3, border=0.5), enough(3, 1e-7)
        (1, 2, 3)
        >>> enough(1, 0.3, 1.0 + 1e-9, border=1.0)
        1
    """
    borders = (border, -border, 0.0) if border else (0.0,)
    finite = [value for value in ends if value is not None and abs(value) > ZERO]
    while digits < 5 and any(round(v, digits) == b and abs(v - b) > ZERO for v in finite for b in borders):
        digits += 1
    return digits


def span(mean: float | None, low: float | None, high: float | None, digits: int) -> str:
    """A difference and its interval.

    Examples:
        >>> span(0.5, -0.2, 1.3, 1)
        '+0.5 [−0.2, 1.3]'
    """
    return f"{number(mean, digits, plus=True)} [{number(low, digits)}, {number(high, digits)}]"


def unit_words(unit: str, lang: str, difference: bool = False) -> str:
    """A unit in a language; that of a difference where it has another.

    Examples:
        >>> unit_words("grey levels", "zh"), unit_words("%", "en", difference=True), unit_words("dB", "zh")
        ('灰度级', 'points', 'dB')
    """
    words = (DIFFERENCES if difference else {}).get(unit) or UNITS.get(unit)
    return words[lang] if words else unit


def unit_after(unit: str, lang: str, difference: bool = False) -> str:
    """A unit with what parts it from its number: "%" clings, words do not.

    Examples:
        >>> unit_after("%", "en"), unit_after("%", "en", difference=True)
        ('%', '\\xa0points')
    """
    word = unit_words(unit, lang, difference)
    return word if word in ("", "%") else f"\u00a0{word}"
