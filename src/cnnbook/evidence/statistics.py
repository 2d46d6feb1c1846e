"""Paired differences over seeds, and how sure we are of them.

Arms share seeds, so two arms are compared seed by seed. The interval of the mean difference is Student's (Gosset, *The
Probable Error of a Mean*, Biometrika 1908): mean ± t·s/√n. It needs no generator, is exact for normal numbers at every
level, and `benchmarks/coverage.py` measures what becomes of it with others. Other methods have a say as well: see
`cnnbook.evidence.opinions`. Many looks: `holm` (Holm 1979).

A seed that diverged (NaN in either arm) has no difference. It leaves the interval but is counted, and
`Difference.worst_case` gives the differences in which it counts as the worst figure that either arm showed: a verdict
must stand both ways (see `cnnbook.evidence.judging`). How often an arm diverges has an interval of its own: `wilson`.

Seeds that are tested on the same people or photographs are no independent witnesses of how these differ: where seeds
take turns, those of a part are averaged first, and n is the number of parts (`by_part`).

scipy is imported where it is used: it takes half a second, which most commands have no need of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cnnbook.evidence.errors import EvidenceError

CONFIDENCE = 0.95  # of every interval of which nothing else is said


def student(values: np.ndarray, confidence: float = CONFIDENCE) -> tuple[np.ndarray, np.ndarray]:
    """The ends of Student's interval of the mean, along the last axis: mean ± t·s/√n.

    t is the ``(1 + confidence)/2`` quantile of Student's distribution with n − 1 degrees of freedom, s the sample's
    standard deviation.

    Args:
        values: (…, n), finite, n ≥ 2.
        confidence: between 0 and 1.

    Returns:
        (low, high), each of the shape that is left.

    Raises:
        EvidenceError: the confidence is another number, a percentage for instance.

    Examples:
        >>> [round(float(end), 2) for end in student(np.array([1.0, 2.0, 3.0, 4.0]))]
        [0.45, 4.55]
    """
    from scipy.special import stdtrit

    _check_confidence(confidence)
    n = values.shape[-1]
    mean = values.mean(axis=-1)
    reach = stdtrit(n - 1, (1 + confidence) / 2) * values.std(axis=-1, ddof=1) / n**0.5
    return mean - reach, mean + reach


def interval(values: Sequence[float], confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval of a mean: `student` of a few numbers, the one that every page, figure and table shows.

    Args:
        values: finite numbers, two at least.
        confidence: between 0 and 1.

    Returns:
        (low, high), in the unit of the values; both are the mean where all values are equal.

    Raises:
        EvidenceError: fewer than two values, one that is not finite, or a confidence that is none.

    Examples:
        >>> low, high = interval([1.0, 2.0, 3.0, 4.0])
        >>> low < 2.5 < high
        True
    """
    data = several(values)
    _check_confidence(confidence)
    if constant(data):
        return float(data.mean()), float(data.mean())
    low, high = student(data, confidence)
    return float(low), float(high)


def several(values: Sequence[float]) -> np.ndarray:
    """Numbers that can have an interval, as an array; EvidenceError otherwise."""
    data = np.asarray(values, dtype=float)
    if data.size < 2 or not np.isfinite(data).all():
        raise EvidenceError(f"an interval needs two finite values at least, got {data.tolist()}")
    return data


def _check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise EvidenceError(f"confidence must be between 0 and 1, got {confidence}")


def constant(data: np.ndarray) -> bool:
    """Whether numbers are equal but for rounding, in proportion to the largest."""
    return bool(np.ptp(data) <= 1e-12 * float(np.abs(data).max()))


def wilson(count: int, seeds: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval of a share, of which few were seen (Wilson, *Probable Inference*, JASA 1927).

    Args:
        count: in how many of the ``seeds`` it happened.
        seeds: how many were run, one at least.

    Returns:
        (low, high), between 0 and 1.

    Raises:
        EvidenceError: the confidence is none.

    Examples:
        >>> [round(end, 2) for end in wilson(1, 10)]
        [0.02, 0.4]
    """
    from scipy.stats import binomtest

    _check_confidence(confidence)
    found = binomtest(count, seeds).proportion_ci(confidence, method="wilson")
    return float(found.low), float(found.high)


@dataclass(frozen=True)
class Summary:
    """One arm's figures in short: mean and standard deviation over the seeds that did not diverge, and how many did."""

    mean: float
    std: float
    low: float
    high: float
    seeds: int
    diverged: int


def by_part(values: Sequence[float], parts: Sequence[int]) -> np.ndarray:
    """The finite ones of some numbers, one a seed; of seeds that were tested on the same part their mean.

    Args:
        values: one number a seed.
        parts: what each seed was tested on; empty where that does not depend on the seed.

    Examples:
        >>> by_part([1.0, 2.0, 3.0, float("nan")], [0, 1, 0, 1]).tolist()
        [2.0, 2.0]
    """
    data = np.asarray(values, dtype=float)
    fine = np.isfinite(data)
    if not parts:
        return data[fine]
    part = np.asarray(parts)
    return np.asarray([data[fine & (part == one)].mean() for one in dict.fromkeys(part[fine].tolist())])


def moments(values: Sequence[float], parts: Sequence[int] = ()) -> tuple[float, float]:
    """Mean, each part counted once, and standard deviation over the seeds that did not diverge; NaN for too few.

    Examples:
        >>> moments([1.0, 3.0, float("nan")])
        (2.0, 1.4142135623730951)
        >>> moments([1.0, 3.0, 5.0], [0, 1, 1])[0]
        2.5
    """
    fine, each = by_part(values, ()), by_part(values, parts)
    return float(each.mean()) if each.size else np.nan, float(fine.std(ddof=1)) if fine.size >= 2 else np.nan


def summary(values: Sequence[float], confidence: float = CONFIDENCE, parts: Sequence[int] = ()) -> Summary:
    """Mean, standard deviation and interval over seeds.

    Examples:
        >>> figures = summary([1.0, 3.0, float("nan")])
        >>> figures.mean, figures.seeds, figures.diverged
        (2.0, 3, 1)
    """
    each, lost = by_part(values, parts), len(values) - by_part(values, ()).size
    low, high = interval(each.tolist(), confidence) if each.size >= 2 else (np.nan, np.nan)
    return Summary(*moments(values, parts), low, high, seeds=len(values), diverged=int(lost))


@dataclass(frozen=True)
class Difference:
    """Treatment minus baseline, seed by seed, or part by part where seeds take turns.

    Attributes:
        values: the differences of the pairs without a diverged seed.
        worst_case: the differences of all, a diverged figure counted as the worst that either arm showed.
        diverged: how many seeds diverged in the treatment, and in the baseline.
    """

    values: tuple[float, ...]
    worst_case: tuple[float, ...]
    diverged: tuple[int, int]

    @property
    def mean(self) -> float:
        """The mean difference over the pairs that did not diverge; NaN where none is left."""
        return float(np.mean(self.values)) if self.values else float("nan")


def paired_difference(
    treatment: Sequence[float], baseline: Sequence[float], sign: int = 1, parts: Sequence[int] = ()
) -> Difference:
    """Pairs two arms by seed.

    Args:
        treatment: one figure a seed, NaN where it diverged.
        baseline: the same seeds, in the same order.
        sign: +1 where a higher figure is better, −1 where a lower one is.
        parts: what each seed was tested on, where seeds take turns; see `by_part`.

    Raises:
        EvidenceError: the arms differ in length.

    Examples:
        >>> paired_difference([3.0, float("nan"), 5.0], [1.0, 2.0, 2.0])
        Difference(values=(2.0, 3.0), worst_case=(2.0, -1.0, 3.0), diverged=(1, 0))
    """
    a, b = np.asarray(treatment, dtype=float), np.asarray(baseline, dtype=float)
    if a.shape != b.shape or a.ndim != 1:
        raise EvidenceError(f"paired arms must have one figure per seed each, got shapes {a.shape} and {b.shape}")
    both = np.concatenate([a, b])
    fine = both[np.isfinite(both)]
    worst = (fine.min() if sign > 0 else fine.max()) if fine.size else np.nan
    filled = np.where(np.isfinite(a), a, worst) - np.where(np.isfinite(b), b, worst)
    return Difference(
        values=tuple(by_part(a - b, parts).tolist()),
        worst_case=tuple(by_part(filled, parts).tolist()),
        diverged=(int((~np.isfinite(a)).sum()), int((~np.isfinite(b)).sum())),
    )


def holm(decided: Sequence[Callable[[float], bool]], confidence: float = CONFIDENCE) -> list[float]:
    """The confidence at which each of several looks must be judged so that all are right together (Holm's step-down).

    All are first judged at 1 − α/m. Those that are decided leave; the rest are judged at 1 − α/(what is left); and so
    on until nothing more is decided.

    Args:
        decided: for each look, whether it is decided (its interval lies clear of the border) at a given confidence.
        confidence: 1 − α for all looks together.

    Returns:
        one confidence a look.

    Examples:
        >>> [round(level, 4) for level in holm([lambda level: True, lambda level: level < 0.96])]
        [0.975, 0.95]
    """
    alpha, levels, left = 1 - confidence, [confidence] * len(decided), list(range(len(decided)))
    while left:
        level = 1 - alpha / len(left)
        for index in left:
            levels[index] = level
        undecided = [index for index in left if not decided[index](level)]
        if len(undecided) == len(left):
            break
        left = undecided
    return levels
