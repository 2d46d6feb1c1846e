"""Several looks, one verdict: at which level each is judged, and what they say together.

Cases: each alone could decide something, so they are judged by Holm's method, and all that is said of them is right
together with 95 % confidence.

All parts: that a claim holds needs every part, and no correction is due (an intersection–union test: Berger,
*Multiparameter Hypothesis Testing*, Technometrics 1982). That it is refuted needs one part of several, any one, so that
what refutes is judged by Holm's method. A claim is true or it is not, so only one of the two can go wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from cnnbook.evidence.rules import All, Cases, Comparison, Rule, comparisons
from cnnbook.evidence.statistics import CONFIDENCE, holm
from cnnbook.evidence.text import Text
from cnnbook.evidence.verdicts import Verdict

T = TypeVar("T")
Look = Callable[[float], Verdict]  # the verdict of a look, judged at a level
SAID = {
    Verdict.HOLDS: Text("成立", "Holds"),
    Verdict.REFUTED: Text("不成立", "Refuted"),
    Verdict.INCONCLUSIVE: Text("未定", "Open"),
}


def levels(rule: Rule, looks: Sequence[Look], confidence: float = CONFIDENCE) -> list[float]:
    """The confidence at which each look is judged so that the rule's verdict is right with ``confidence``.

    Args:
        rule: what is claimed.
        looks: in the order of `comparisons`.
    """
    if isinstance(rule, Comparison):
        return [confidence]
    if isinstance(rule, All):
        if all(look(confidence) is Verdict.HOLDS for look in looks):
            return [confidence] * len(looks)
        return holm([_decided(look) for look in looks], confidence)
    parts = _parts(rule, looks)

    def whole(index: int) -> Look:
        one, own = rule.cases[index].rule, parts[index]
        return lambda level: combined(one, [look(at) for look, at in zip(own, levels(one, own, level), strict=True)])[0]

    each = holm([_decided(whole(index)) for index in range(len(parts))], confidence)
    return [
        at for case, own, level in zip(rule.cases, parts, each, strict=True) for at in levels(case.rule, own, level)
    ]


def combined(rule: Rule, verdicts: Sequence[Verdict]) -> tuple[Verdict, Text | None]:
    """What the verdicts of all looks say together; where cases differ, also what is said of which.

    Examples:
        >>> from cnnbook.evidence.rules import Case, Cases
        >>> look = Comparison("loss", "b", "a", "better", 0.1)
        >>> rule = Cases((Case(Text("甲", "one"), look), Case(Text("乙", "two"), look)))
        >>> verdict, condition = combined(rule, [Verdict.HOLDS, Verdict.INCONCLUSIVE])
        >>> str(verdict), condition.en
        ('holds-in-part', 'Holds: one. Open: two.')
    """
    if isinstance(rule, Comparison):
        return verdicts[0], None
    if isinstance(rule, All):
        order = (Verdict.REFUTED, Verdict.INCONCLUSIVE, Verdict.HOLDS)
        return next(one for one in order if one in verdicts), None
    found = [combined(case.rule, own)[0] for case, own in zip(rule.cases, _parts(rule, verdicts), strict=True)]
    if len(set(found)) == 1:
        return found[0], None
    said = [
        (words, Text.join([case.when for case, one in zip(rule.cases, found, strict=True) if one is verdict]))
        for verdict, words in SAID.items()
        if verdict in found
    ]
    condition = Text(
        zh="".join(f"{words.zh}：{where.zh}。" for words, where in said),
        en=" ".join(f"{words.en}: {where.en}." for words, where in said),
    )
    holds, refuted = Verdict.HOLDS in found, Verdict.REFUTED in found
    if holds and refuted:
        return Verdict.CONDITIONAL, condition
    return Verdict.HOLDS_IN_PART if holds else Verdict.REFUTED_IN_PART, condition


def cases(rule: Rule) -> list[Text | None]:
    """The case that each look belongs to, in the order of `comparisons`."""
    if isinstance(rule, (Comparison, All)):
        return [None] * len(list(comparisons(rule)))
    return [case.when for case in rule.cases for _ in comparisons(case.rule)]


def _decided(look: Look) -> Callable[[float], bool]:
    return lambda level: look(level) is not Verdict.INCONCLUSIVE


def _parts(rule: Cases, looks: Sequence[T]) -> list[list[T]]:
    """The looks of each case."""
    left = iter(looks)
    return [[next(left) for _ in comparisons(case.rule)] for case in rule.cases]
