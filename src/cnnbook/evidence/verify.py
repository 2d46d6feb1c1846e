"""Runs an experiment again and says whether the committed result stands.

With the same seeds, every mean and every declared difference must lie in the committed interval: another machine or
another precision may move figures a little, not out of what was stated. With fresh seeds, which is the confirming run
that many looks call for, figures scatter more than an interval of the mean allows; there no declared difference may
turn its sign with both intervals clear of zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.results import Result
from cnnbook.evidence.statistics import interval, paired_difference, summary

TOLERANCE = 1e-6  # of the figure's size, for figures that do not scatter at all


@dataclass(frozen=True)
class Check:
    """One figure of the committed result against the new run."""

    what: str
    metric: str
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
    checks = [] if fresh else list(_means(committed, again))
    return checks + list(_differences(experiment, committed, again, fresh))


def _means(committed: Result, again: Result) -> Iterator[Check]:
    for arm, row in committed.figures.items():
        for metric, values in row.items():
            old, new = summary(values), summary(again.figures[arm][metric])
            agrees = old.diverged == new.diverged and _within(new.mean, old.low, old.high)
            yield Check(arm, metric, old.mean, old.low, old.high, new.mean, agrees)


def _differences(experiment: Experiment, committed: Result, again: Result, fresh: bool) -> Iterator[Check]:
    for treatment, baseline in experiment.comparisons:
        for metric in (one.name for one in experiment.compared):
            old, new = (
                paired_difference(result.values(treatment, metric), result.values(baseline, metric))
                for result in (committed, again)
            )
            if min(len(old.values), len(new.values)) < 2:
                agrees, low, high = old.diverged == new.diverged, float("nan"), float("nan")
            else:
                low, high = interval(old.values)
                agrees = not _turned((low, high), interval(new.values)) if fresh else _within(new.mean, low, high)
            yield Check(f"{treatment} − {baseline}", metric, old.mean, low, high, new.mean, agrees)


def _within(value: float, low: float, high: float) -> bool:
    if value != value or low != low:  # NaN on both sides: all seeds diverged then as now
        return value != value and low != low
    slack = TOLERANCE * max(abs(low), abs(high), 1.0)
    return low - slack <= value <= high + slack


def _turned(old: tuple[float, float], new: tuple[float, float]) -> bool:
    return (old[0] > 0 and new[1] < 0) or (old[1] < 0 and new[0] > 0)
