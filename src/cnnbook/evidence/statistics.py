"""Paired differences over seeds, and how sure we are of them.

Arms share seeds, so two arms are compared seed by seed. The interval of the mean difference is a bootstrap interval,
bias-corrected and accelerated (BCa: Efron, *Better Bootstrap Confidence Intervals*, JASA 1987), by
`scipy.stats.bootstrap` with a fixed generator, so that the same figures always give the same interval. The bootstrap
of few numbers is too narrow, since it takes their spread for that of the whole; so the level is raised as far as
Student's t asks for (Hesterberg, *What Teachers Should Know About the Bootstrap*, The American Statistician 2015).
`benchmarks/coverage.py` measures what becomes of it. Many looks: `holm` (Holm 1979).

A seed that diverged (NaN in either arm) has no difference. It leaves the interval but is counted, and
`Difference.worst_case` gives the differences in which it counts as the worst figure that either arm showed: a verdict
must stand both ways (see `cnnbook.evidence.verdicts`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import stats

from cnnbook.evidence.errors import EvidenceError

RESAMPLES = 9999
SEED = 514  # the bootstrap's own generator, not an experiment's seed


def expanded(confidence: float, size: int) -> float:
    """The level at which the bootstrap interval of ``size`` numbers covers what ``confidence`` says.

    With n numbers, ``2 Φ(√(n/(n−1)) · t) − 1``, where t is the ``(1 + confidence)/2`` quantile of Student's
    distribution with n − 1 degrees of freedom (Hesterberg 2015), and no more than the resamples can tell.

    Examples:
        >>> [round(expanded(0.95, size), 3) for size in (5, 10, 20, 1000)]
        [0.998, 0.983, 0.968, 0.95]
    """
    quantile = stats.t.ppf((1 + confidence) / 2, size - 1) * (size / (size - 1)) ** 0.5
    return min(float(2 * stats.norm.cdf(quantile) - 1), 1 - 1 / RESAMPLES)


def interval(values: Sequence[float], confidence: float = 0.95) -> tuple[float, float]:
    """The BCa bootstrap interval of a mean, its level expanded for the number of values.

    Args:
        values: finite numbers, two at least.
        confidence: between 0 and 1.

    Returns:
        (low, high), in the unit of the values; both are the mean where all values are equal.

    Raises:
        EvidenceError: fewer than two values, or one that is not finite.

    Examples:
        >>> low, high = interval([1.0, 2.0, 3.0, 4.0])
        >>> low < 2.5 < high
        True
    """
    return _interval(tuple(map(float, values)), confidence)


@lru_cache(maxsize=4096)  # a site asks for the same claim in many places
def _interval(values: tuple[float, ...], confidence: float) -> tuple[float, float]:
    data = np.asarray(values)
    if data.size < 2 or not np.isfinite(data).all():
        raise EvidenceError(f"an interval needs two finite values at least, got {data.tolist()}")
    if np.ptp(data) <= 1e-12 * max(1.0, float(np.abs(data).max())):
        return float(data.mean()), float(data.mean())
    result = stats.bootstrap(
        (data,),
        np.mean,
        confidence_level=expanded(confidence, data.size),
        n_resamples=RESAMPLES,
        method="BCa",
        rng=np.random.default_rng(SEED),
    )
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


@dataclass(frozen=True)
class Summary:
    """One arm's figures in short: mean and standard deviation over the seeds that did not diverge, and how many did."""

    mean: float
    std: float
    low: float
    high: float
    seeds: int
    diverged: int


def moments(values: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation over the seeds that did not diverge; NaN where there are too few.

    Examples:
        >>> moments([1.0, 3.0, float("nan")])
        (2.0, 1.4142135623730951)
    """
    data = np.asarray(values, dtype=float)
    fine = data[np.isfinite(data)]
    return float(fine.mean()) if fine.size else np.nan, float(fine.std(ddof=1)) if fine.size >= 2 else np.nan


def summary(values: Sequence[float], confidence: float = 0.95) -> Summary:
    """Mean, standard deviation and interval over seeds.

    Examples:
        >>> figures = summary([1.0, 3.0, float("nan")])
        >>> figures.mean, figures.seeds, figures.diverged
        (2.0, 3, 1)
    """
    data = np.asarray(values, dtype=float)
    fine = data[np.isfinite(data)]
    low, high = interval(fine.tolist(), confidence) if fine.size >= 2 else (np.nan, np.nan)
    return Summary(*moments(values), low, high, seeds=data.size, diverged=int(data.size - fine.size))


@dataclass(frozen=True)
class Difference:
    """Treatment minus baseline, seed by seed.

    Attributes:
        values: the differences of the pairs without a diverged seed.
        worst_case: one difference for every seed, a diverged figure counted as the worst that either arm showed.
        diverged: how many seeds diverged in the treatment, and in the baseline.
    """

    values: tuple[float, ...]
    worst_case: tuple[float, ...]
    diverged: tuple[int, int]

    @property
    def mean(self) -> float:
        """The mean difference over the pairs that did not diverge; NaN where none is left."""
        return float(np.mean(self.values)) if self.values else float("nan")


def paired_difference(treatment: Sequence[float], baseline: Sequence[float], sign: int = 1) -> Difference:
    """Pairs two arms by seed.

    Args:
        treatment: one figure a seed, NaN where it diverged.
        baseline: the same seeds, in the same order.
        sign: +1 where a higher figure is better, −1 where a lower one is.

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
    pairs = np.isfinite(a) & np.isfinite(b)
    filled = np.where(np.isfinite(a), a, worst) - np.where(np.isfinite(b), b, worst)
    return Difference(
        values=tuple(map(float, (a - b)[pairs])),
        worst_case=tuple(map(float, filled)) if fine.size else (),
        diverged=(int((~np.isfinite(a)).sum()), int((~np.isfinite(b)).sum())),
    )


def holm(decided: Sequence[Callable[[float], bool]], confidence: float = 0.95) -> list[float]:
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
