"""Runs an experiment again and says whether the committed result stands.

With the same seeds, every mean and every declared difference must agree within its interval: the interval of the new
run must overlap the committed one. The same processor gives the same bits; another one rounds otherwise, which after
hundreds of steps is another draw of the same network, so that of some hundred means a few leave an interval of 95 %.
With fresh seeds, which is the confirming run that many looks call for, figures scatter more than an interval of the
mean allows; there no declared difference may turn its sign with both intervals clear of zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.metrics import Quantity, quantities
from cnnbook.evidence.results import Result
from cnnbook.evidence.statistics import interval

TOLERANCE = 1e-6  # of the figure's size, for figures that do not scatter at all


@dataclass(frozen=True)
class Check:
    """One figure of the committed result against the new run."""

    what: str
    quantity: Quantity
    committed: float
    low: float
    high: float
    again: float
    agrees: bool


def compare(experiment: Experiment, committed: Result, again: Result) -> list[Check]:
    """Every arm's mean and every declared difference, committed against run again.

    Args:
        experiment: declares the comparisons.
        committed: the result that stands.
        again: a new result, of the same seeds or of fresh ones.
    """
    fresh = not set(committed.seeds) & set(again.seeds)
    checks = [] if fresh else list(_means(experiment, committed, again))
    return checks + list(_differences(experiment, committed, again, fresh))


def _means(experiment: Experiment, committed: Result, again: Result) -> Iterator[Check]:
    for arm in committed.figures:
        for one in quantities(experiment.metrics, experiment.curves):
            old, new = (result.summary(arm, one.metric.name, one.at) for result in (committed, again))
            agrees = old.diverged == new.diverged and intervals_overlap((old.low, old.high), (new.low, new.high))
            yield Check(arm, one, old.mean, old.low, old.high, new.mean, agrees)


def _differences(experiment: Experiment, committed: Result, again: Result, fresh: bool) -> Iterator[Check]:
    for treatment, baseline in experiment.comparisons:
        for one in experiment.compared:
            metric, at = one.metric.name, one.at
            old, new = (result.difference(treatment, baseline, metric, at) for result in (committed, again))
            if min(len(old.values), len(new.values)) < 2:
                agrees, low, high = old.diverged == new.diverged, float("nan"), float("nan")
            else:
                low, high = interval(old.values)
                here = interval(new.values)
                agrees = not _turned((low, high), here) if fresh else intervals_overlap((low, high), here)
            yield Check(f"{treatment} − {baseline}", one, old.mean, low, high, new.mean, agrees)


def intervals_overlap(old: tuple[float, float], new: tuple[float, float]) -> bool:
    """Whether two intervals have a number in common; where there is none on both sides, they agree.

    Examples:
        >>> intervals_overlap((0.0, 1.0), (0.9, 2.0)), intervals_overlap((0.0, 1.0), (1.1, 2.0))
        (True, False)
    """
    if any(end != end for end in old + new):  # NaN on both sides: all seeds diverged then as now
        return all(end != end for end in old + new)
    slack = TOLERANCE * max(*map(abs, old), 1.0)
    return new[0] <= old[1] + slack and old[0] - slack <= new[1]


def _turned(old: tuple[float, float], new: tuple[float, float]) -> bool:
    return (old[0] > 0 and new[1] < 0) or (old[1] < 0 and new[0] > 0)
