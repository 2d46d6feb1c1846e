"""From a rule and a result to a verdict; nobody writes one by hand.

A comparison's claim is a region of differences: "better" is everything from the smallest effect of interest δ
upwards, "same" everything between −δ and δ, and so on. It *holds* where the whole interval lies in the region, is
*refuted* where the whole interval lies outside, and is *inconclusive* where the interval crosses the border.

Seeds that diverged are never dropped in silence: a comparison is decided only if the verdict is the same whether they
are left out or count as the worst figure seen; and it is inconclusive where fewer than two pairs are left.

Several looks: where a claim has cases, each alone could decide something, so their intervals are widened by Holm's
method and all cases are right together with 95 % confidence. Where *all* parts must hold, no correction is due.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from cnnbook.evidence.errors import ClaimError
from cnnbook.evidence.results import Result
from cnnbook.evidence.rules import All, Cases, Comparison, Expect, Rule, comparisons
from cnnbook.evidence.statistics import Difference, holm, interval, moments, paired_difference
from cnnbook.evidence.sums import terms
from cnnbook.evidence.text import Text


class Verdict(StrEnum):
    """What the evidence says of a claim."""

    HOLDS = "holds"
    REFUTED = "refuted"
    CONDITIONAL = "conditional"
    INCONCLUSIVE = "inconclusive"

    @property
    def words(self) -> Text:
        """The verdict as a page prints it.

        Examples:
            >>> Verdict.HOLDS.words.zh
            '成立'
        """
        return {
            "holds": Text("成立", "holds"),
            "refuted": Text("不成立", "refuted"),
            "conditional": Text("有条件成立", "holds on a condition"),
            "inconclusive": Text("尚无定论", "inconclusive"),
        }[self.value]


@dataclass(frozen=True)
class Effect:
    """One look at a result, with everything a page shows of it.

    Attributes:
        at: the point of the metric's curve, None for the metric itself.
        difference: mean of treatment − baseline over seeds, in ``unit``; low and high bound its interval.
        seeds: how many seeds were run; ``diverged`` of them diverged in the treatment and in the baseline.
        condition: the case that this look belongs to, if any.
    """

    metric: str
    at: float | None
    unit: str
    direction: str
    treatment: str
    baseline: str
    treatment_mean: float
    baseline_mean: float
    difference: float
    low: float
    high: float
    confidence: float
    seeds: int
    diverged: tuple[int, int]
    expect: Expect
    smallest_effect: float
    verdict: Verdict
    condition: Text | None = None


@dataclass(frozen=True)
class Outcome:
    """The verdict of a rule, its condition where it is conditional, and every look that was taken."""

    verdict: Verdict
    condition: Text | None
    effects: tuple[Effect, ...]


def decide(expect: Expect, low: float, high: float, smallest_effect: float) -> Verdict:
    """The verdict of an interval.

    Args:
        expect: the region that the claim names.
        low: lower end of the interval of the *improvement* (the difference, its sign such that positive is better).
        high: upper end.
        smallest_effect: δ, above zero.

    Examples:
        >>> for interval in [(0.6, 1.4), (-0.1, 0.4), (0.1, 1.0)]:
        ...     print(decide(Expect.BETTER, *interval, smallest_effect=0.5))
        holds
        refuted
        inconclusive
    """
    inside, outside = {
        Expect.BETTER: (low >= smallest_effect, high < smallest_effect),
        Expect.NOT_BETTER: (high < smallest_effect, low >= smallest_effect),
        Expect.WORSE: (high <= -smallest_effect, low > -smallest_effect),
        Expect.NOT_WORSE: (low > -smallest_effect, high <= -smallest_effect),
        Expect.SAME: (
            -smallest_effect < low and high < smallest_effect,
            low >= smallest_effect or high <= -smallest_effect,
        ),
        Expect.DIFFERENT: (
            low >= smallest_effect or high <= -smallest_effect,
            -smallest_effect < low and high < smallest_effect,
        ),
    }[expect]
    return Verdict.HOLDS if inside else Verdict.REFUTED if outside else Verdict.INCONCLUSIVE


def judge(rule: Rule, result: Result) -> Outcome:
    """The verdict that a result gives a rule.

    Raises:
        ClaimError: the rule names an arm or metric that the result does not have.
    """
    looks = list(comparisons(rule))
    differences = [_difference(look, result) for look in looks]

    def decided(index: int) -> Callable[[float], bool]:
        sign = result.metric(looks[index].metric).sign
        return lambda level: _verdict(looks[index], differences[index], sign, level) is not Verdict.INCONCLUSIVE

    levels = holm([decided(index) for index in range(len(looks))]) if isinstance(rule, Cases) else [0.95] * len(looks)
    effects = iter([_effect(*one, result) for one in zip(looks, differences, levels, strict=True)])
    return _combine(rule, effects, None)


def _combine(rule: Rule, effects: Iterator[Effect], condition: Text | None) -> Outcome:
    if isinstance(rule, Comparison):
        effect = next(effects)
        return Outcome(effect.verdict, None, (replace(effect, condition=condition),))
    if isinstance(rule, All):
        parts = [_combine(part, effects, condition) for part in rule.parts]
        verdicts = {part.verdict for part in parts}
        worst = next(one for one in (Verdict.REFUTED, Verdict.INCONCLUSIVE, Verdict.HOLDS) if one in verdicts)
        return Outcome(worst, None, _effects(parts))
    parts = [_combine(case.rule, effects, case.when) for case in rule.cases]
    verdicts = [part.verdict for part in parts]
    if len(set(verdicts)) == 1:
        return Outcome(verdicts[0], None, _effects(parts))
    true = [case.when for case, verdict in zip(rule.cases, verdicts, strict=True) if verdict is Verdict.HOLDS]
    verdict = Verdict.CONDITIONAL if true else Verdict.INCONCLUSIVE
    return Outcome(verdict, Text.join(true) if true else None, _effects(parts))


def _effects(parts: list[Outcome]) -> tuple[Effect, ...]:
    return tuple(effect for part in parts for effect in part.effects)


def _difference(look: Comparison, result: Result) -> Difference:
    for _, arm in (*terms(look.treatment), *terms(look.baseline)):
        if arm not in result.figures:
            raise ClaimError(f"a rule's arms must be among {list(result.figures)} of {result.experiment}, got {arm!r}")
    if look.metric not in result.metrics:
        raise ClaimError(
            f"a rule's metric must be among {list(result.metrics)} of {result.experiment}, got {look.metric!r}"
        )
    try:
        treatment, baseline = (result.values(arm, look.metric, look.at) for arm in (look.treatment, look.baseline))
    except KeyError:
        raise ClaimError(
            f"a rule must look at a metric's figure or at a point of its curve in the result of {result.experiment}, "
            f"got metric {look.metric!r}, at = {look.at}"
        ) from None
    return paired_difference(treatment, baseline, result.metric(look.metric).sign)


def _verdict(look: Comparison, difference: Difference, sign: int, confidence: float) -> Verdict:
    if len(difference.values) < 2:
        return Verdict.INCONCLUSIVE
    verdicts = set()
    for values in {difference.values, difference.worst_case}:
        low, high = sorted(sign * end for end in interval(values, confidence))
        verdicts.add(decide(look.expect, low, high, look.smallest_effect))
    return verdicts.pop() if len(verdicts) == 1 else Verdict.INCONCLUSIVE


def _effect(look: Comparison, difference: Difference, confidence: float, result: Result) -> Effect:
    metric = result.metric(look.metric)
    low, high = interval(difference.values, confidence) if len(difference.values) >= 2 else (float("nan"),) * 2
    means = [moments(result.values(arm, look.metric, look.at))[0] for arm in (look.treatment, look.baseline)]
    return Effect(
        metric=look.metric,
        at=look.at,
        unit=metric.unit,
        direction=metric.direction,
        treatment=look.treatment,
        baseline=look.baseline,
        treatment_mean=means[0],
        baseline_mean=means[1],
        difference=difference.mean,
        low=low,
        high=high,
        confidence=confidence,
        seeds=len(result.seeds),
        diverged=difference.diverged,
        expect=look.expect,
        smallest_effect=look.smallest_effect,
        verdict=_verdict(look, difference, metric.sign, confidence),
    )
