"""What pages ask of an experiment's report beyond its own statistics: interactions of arms, and power laws.

Many pairs are many looks, so that some would be clear of zero by chance. The false discovery rate over them is held at
5 % (Benjamini and Hochberg, *Controlling the False Discovery Rate*, J. R. Stat. Soc. B 1995), over the p-values of
paired t-tests.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from cnnbook.evidence.report import Difference, ExperimentReport, Numbers
from cnnbook.evidence.statistics import wilson

RATE = 0.05  # of false discoveries


@dataclass(frozen=True)
class Interaction:
    """Two arms together, less the sum of what each changes.

    Attributes:
        difference: of both to the sum of their effects.
        p: of a paired t-test against no difference, two-sided.
        told: whether it can be told from none, beside the other pairs.
    """

    pair: tuple[str, str]
    difference: Difference
    p: float
    told: bool


def interactions(report: ExperimentReport, metric: str, arms: Sequence[str], baseline: str) -> list[Interaction]:
    """Every pair of arms, whose comparison with the sum of their effects must be declared.

    Args:
        report: of the experiment; an arm of two methods is called ``"a & b"``.
        metric: which figure.
        arms: the methods, each alone.
        baseline: the arm without any.

    Raises:
        ValueError: a pair was not measured, or has fewer than two seeds that did not diverge.
    """
    from scipy.stats import ttest_1samp  # a second to import, which few commands need

    rows = {(one.treatment, one.baseline): one for one in report.differences if (one.metric, one.at) == (metric, None)}
    found = []
    for place, first in enumerate(arms):
        for second in arms[place + 1 :]:
            ways = [(f"{a} & {b}", f"{a} + {b} - {baseline}") for a, b in ((first, second), (second, first))]
            row = next((rows[way] for way in ways if way in rows), None)
            if row is None:
                raise ValueError(f"there is no comparison of {first!r} & {second!r} with the sum of their effects")
            if len(row.values) < 2:
                raise ValueError(f"{first!r} & {second!r} must have two seeds at least that did not diverge")
            found.append(((first, second), row, float(ttest_1samp(row.values, 0).pvalue)))
    told = discoveries([p for _, _, p in found])
    return [Interaction(pair, row, p, one) for (pair, row, p), one in zip(found, told, strict=True)]


def discoveries(p_values: Sequence[float], rate: float = RATE) -> list[bool]:
    """Which of several looks can be told from chance, the false discovery rate over all of them held at ``rate``.

    Examples:
        >>> discoveries([0.01, 0.04, 0.03])
        [True, True, True]
        >>> discoveries([0.01, 0.04, 0.06])
        [True, False, False]
    """
    from scipy.stats import false_discovery_control

    return [bool(p <= rate) for p in false_discovery_control(p_values)] if p_values else []


@dataclass(frozen=True)
class PowerLaw:
    """``constant · n ** exponent``: a straight line on logarithmic axes, the exponent its slope."""

    exponent: float
    constant: float

    def at(self, n: float) -> float:
        """Its value.

        Examples:
            >>> PowerLaw(exponent=-0.5, constant=4.0).at(100)
            0.4
        """
        return self.constant * n**self.exponent


def power_law(numbers: Sequence[float], values: Sequence[float]) -> PowerLaw:
    """The power law nearest to some points: least squares on the logarithms of both.

    Args:
        numbers: above 0, two different ones at least.
        values: one each, above 0.

    Raises:
        ValueError: a number has no logarithm, or there are too few.

    Examples:
        >>> law = power_law([1, 10, 100], [3.0, 0.3, 0.03])
        >>> round(law.exponent, 9), round(law.constant, 9)
        (-1.0, 3.0)
    """
    if len(set(numbers)) < 2 or not all(0 < one < math.inf for one in (*numbers, *values)):
        raise ValueError(f"a power law needs two numbers at least, all finite and above 0, got {numbers} and {values}")
    slope, start = np.polyfit(np.log(numbers), np.log(values), 1)
    return PowerLaw(exponent=float(slope), constant=math.exp(start))


class Interval(Protocol):
    """A difference with its interval."""

    @property
    def mean(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...


def failures(accuracies: Numbers, chance: float) -> tuple[int, float, float]:
    """In how many runs the network died: its loss was not finite, or it ended no better than guessing.

    Args:
        accuracies: in per cent, one a seed; None where the run diverged.
        chance: of a guess, in per cent. A quarter more still counts as guessing: an image or two right by luck.

    Returns:
        How many, and Wilson's interval of the share, from 0 to 1.

    Examples:
        >>> count, low, high = failures((None, 10.0, 74.0, 75.0), chance=10.0)
        >>> count, round(low, 2), round(high, 2)
        (2, 0.15, 0.85)
    """
    count = sum(one is None or not math.isfinite(one) or one <= 1.25 * chance for one in accuracies)
    return count, *wilson(count, len(accuracies))


def standing(one: Interval, direction: str) -> Literal["better", "worse", "noise"]:
    """What a difference says: ``"better"``, ``"worse"``, or ``"noise"`` where the interval crosses zero.

    Examples:
        >>> standing(Difference("b", "a", "loss", None, -0.2, -0.4, -0.1, (), (0, 0)), "lower")
        'better'
    """
    if one.mean is None or one.low is None or one.high is None or one.low <= 0 <= one.high:
        return "noise"
    return "better" if (one.mean > 0) == (direction == "higher") else "worse"
