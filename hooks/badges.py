"""Evidence beside a sentence, not in it: a magnitude in the words of the page, and a badge after the full stop.

The author says which way an effect goes and what the verdict is; the build stops where the evidence says otherwise.
"""

import math
from html import escape

from cards import shape, told
from cnnbook.evidence.numbers import number, unit_after
from cnnbook.evidence.report import EffectReport
from cnnbook.evidence.verdicts import NEAR, Verdict
from context import Page
from evidence import claim_of, look_of
from macro_errors import misused
from wording import bracketed

SIDES = ("lower", "higher", "none")
WORDS = {
    "zh": {
        "evidence": "证据", "colon": "：", "comma": "，", "tests": "由测试判定", "aside": "（{}）",
    },
    "en": {
        "evidence": "Evidence", "colon": ": ", "comma": ", ", "tests": "by tests", "aside": " ({})",
    },
}  # fmt: skip


def side(low: float | None, high: float | None) -> str:
    """On which side of zero an interval lies: lower, higher, or none where it holds zero."""
    if low is None or high is None:
        return "undecided"
    return "higher" if low > 0 else "lower" if high < 0 else "none"


def side_of(effect: EffectReport) -> str:
    return side(effect.low, effect.high)


def plain(words: str, interval: str, href: str = "") -> str:
    """A badge that is of no claim: words and an interval, which may lead to where they are from."""
    tag, link = ("a", f' href="{href}"') if href else ("span", "")
    shown = f'{escape(words)} <span class="book-badge__effect">{bracketed(interval)}</span>'
    return f'<{tag} class="book-badge no-terms"{link}>{shown}</{tag}>'


def magnitude(effect: EffectReport, lang: str) -> str:
    """The size of an effect in two significant digits, or as many as its metric has: 54 points, 0.33 dB."""
    size = abs(effect.difference or 0.0)
    digits = max(0, 1 - math.floor(math.log10(size))) if size else 0
    return number(size, min(digits, effect.digits)) + unit_after(effect.unit, lang, difference=True)


def by(page: Page, name: str, side: str, look: int = 1) -> str:
    """How much an effect is, for a sentence that says which way: the magnitude, with its unit."""
    effect = look_of(page, "by", claim_of(page, name, "by"), look)
    if side not in SIDES:
        raise misused(page, "by", name, f"a side is one of {', '.join(SIDES)}, got {side!r}")
    if (found := side_of(effect)) != side:
        rule = f"the text says {side!r}, the interval {effect.text('en')} says {found!r}"
        raise misused(page, "by", name, rule)
    return f'<span class="book-number">{escape(magnitude(effect, page.lang))}</span>'


def evidence(page: Page, name: str, verdict: str, look: int = 0) -> str:
    """The badge of a claim: a sign of its verdict, and of an experiment the effect with its interval. With LOOK that
    look alone, which may have another verdict than the claim as a whole."""
    claim = claim_of(page, name, "evidence")
    effects = [look_of(page, "evidence", claim, look)] if look else list(claim.effects)
    found = effects[0].verdict if look else claim.verdict
    if found != verdict:
        rule = f"claim {name!r}: the text says {verdict!r}, the evidence says {str(found)!r}"
        raise misused(page, "evidence", name, rule)
    words = WORDS[page.lang]
    shown = told(effects, page.lang) or words["tests"]
    close = (effects[0].near if look else claim.near) and NEAR[page.lang]
    spoken = f"{words['evidence']}{words['colon']}{Verdict(found).words[page.lang]}"
    spoken += f"{words['comma']}{close}" if close else ""
    title = claim.statement[page.lang] + (f"{words['aside'].format(close)}" if close else "")
    place = "" if claim.topic == page.topic else f"{page.base}{claim.topic}/"
    return (
        f'<a class="book-badge book-badge--{found} no-terms" href="{place}#claim-{claim.id}" '
        f'title="{escape(title, quote=True)}">{shape(found)}'
        f'<span class="book-unseen">{spoken} </span><span class="book-badge__effect">{bracketed(shown)}</span></a>'
    )


MACROS = (by, evidence)
