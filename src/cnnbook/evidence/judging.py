"""From a rule and a result to a verdict, and whether it is near the border.

Seeds that diverged are never dropped in silence: a comparison is decided only if the verdict is the same whether they
are left out or count as the worst figure seen; and it is inconclusive where fewer than two pairs are left. A verdict
that the bootstrap or Wilcoxon's test would not give at the same level stands, and is called near the border.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from cnnbook.evidence.combining import cases, combined, levels
from cnnbook.evidence.errors import ClaimError
from cnnbook.evidence.opinions import METHODS
from cnnbook.evidence.results import Result
from cnnbook.evidence.rules import Comparison, Expect, Rule, comparisons
from cnnbook.evidence.statistics import Difference, interval, moments
from cnnbook.evidence.sums import terms
from cnnbook.evidence.text import Text
from cnnbook.evidence.verdicts import Verdict, decide

Method = Callable[[Sequence[float], float], tuple[float, float] | None]


@dataclass(frozen=True)
class Effect:
    """One look at a result, with everything a page shows of it.

    Attributes:
        at: the point of the metric's curve, None for the metric itself.
        difference: mean of treatment − baseline over seeds, in ``unit``; low and high bound its interval.
        seeds: how many seeds were run; ``diverged`` of them diverged in the treatment and in the baseline.
        near: whether another method of `cnnbook.evidence.opinions` gives this look another verdict.
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
    near: bool
    condition: Text | None = None


@dataclass(frozen=True)
class Outcome:
    """The verdict of a rule and every look that was taken.

    Attributes:
        condition: what is said of which case, where cases differ.
        near: whether another method, used for all looks at the same levels, changes the verdict or the condition.
    """

    verdict: Verdict
    condition: Text | None
    near: bool
    effects: tuple[Effect, ...]


def judge(rule: Rule, result: Result) -> Outcome:
    """The verdict that a result gives a rule.

    Raises:
        ClaimError: the rule names an arm or metric that the result does not have.
    """
    looks = list(comparisons(rule))
    differences = [_difference(look, result) for look in looks]
    judged = [partial(_verdict, *one, result) for one in zip(looks, differences, strict=True)]
    at = levels(rule, judged)
    verdicts = [one(level) for one, level in zip(judged, at, strict=True)]
    others = [[one(level, method) for one, level in zip(judged, at, strict=True)] for method in METHODS]
    effects = (
        _effect(look, difference, level, verdict, any(other != verdict for other in theirs), condition, result)
        for look, difference, level, verdict, theirs, condition in zip(
            looks, differences, at, verdicts, zip(*others, strict=True), cases(rule), strict=True
        )
    )
    found = combined(rule, verdicts)
    return Outcome(*found, any(combined(rule, other) != found for other in others), tuple(effects))


def _difference(look: Comparison, result: Result) -> Difference:
    for _, arm in (*terms(look.treatment), *terms(look.baseline)):
        if arm not in result.figures:
            raise ClaimError(f"a rule's arms must be among {list(result.figures)} of {result.experiment}, got {arm!r}")
    if look.metric not in result.metrics:
        raise ClaimError(
            f"a rule's metric must be among {list(result.metrics)} of {result.experiment}, got {look.metric!r}"
        )
    try:
        return result.difference(look.treatment, look.baseline, look.metric, look.at)
    except KeyError:
        raise ClaimError(
            f"a rule must look at a metric's figure or at a point of its curve in the result of {result.experiment}, "
            f"got metric {look.metric!r}, at = {look.at}"
        ) from None


def _verdict(
    look: Comparison, difference: Difference, result: Result, confidence: float, method: Method = interval
) -> Verdict:
    """The verdict of a look by a method; Student's where the method has none."""
    if len(difference.values) < 2:
        return Verdict.INCONCLUSIVE
    sign, verdicts = result.metric(look.metric).sign, set()
    for values in {difference.values, difference.worst_case}:
        ends = method(values, confidence) or interval(values, confidence)
        low, high = sorted(sign * end for end in ends)
        verdicts.add(decide(look.expect, low, high, look.smallest_effect))
    return verdicts.pop() if len(verdicts) == 1 else Verdict.INCONCLUSIVE


def _effect(
    look: Comparison,
    difference: Difference,
    confidence: float,
    verdict: Verdict,
    near: bool,
    condition: Text | None,
    result: Result,
) -> Effect:
    metric = result.metric(look.metric)
    low, high = interval(difference.values, confidence) if len(difference.values) >= 2 else (float("nan"),) * 2
    arms = (look.treatment, look.baseline)
    means = [moments(result.values(arm, look.metric, look.at), result.parts(arm, look.metric))[0] for arm in arms]
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
        verdict=verdict,
        near=near,
        condition=condition,
    )
