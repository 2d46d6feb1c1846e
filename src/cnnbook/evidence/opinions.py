"""Second opinions on an interval: a verdict that one of them does not share is *near the border*.

Student's interval takes differences to be normal. The two here do not, and fail in other ways than it and each other:

- The bootstrap, bias-corrected and accelerated (BCa: Efron, *Better Bootstrap Confidence Intervals*, JASA 1987), is of
  the mean as well and follows its skew; but of few numbers it is too narrow, even at a level raised as far as Student's
  t asks for (Hesterberg, *What Teachers Should Know About the Bootstrap*, The American Statistician 2015).
- Wilcoxon's signed ranks (Hollander & Wolfe, *Nonparametric Statistical Methods*, section 3.4) are exact at every level
  for symmetric numbers, and one far off does little to them.

They never decide. An opinion that a few numbers cannot give at all is none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from cnnbook.evidence.statistics import constant, several

RESAMPLES = 9999
SEED = 514  # the bootstrap's own generator, not an experiment's seed: the same figures give the same opinion


def expanded(confidence: float, size: int) -> float:
    """The level at which the bootstrap interval of ``size`` numbers covers what ``confidence`` says.

    With n numbers, ``2 Φ(√(n/(n−1)) · t) − 1``, where t is the ``(1 + confidence)/2`` quantile of Student's
    distribution with n − 1 degrees of freedom (Hesterberg 2015), and no more than the resamples can tell.

    Examples:
        >>> [round(expanded(0.95, size), 3) for size in (5, 10, 20, 1000)]
        [0.998, 0.983, 0.968, 0.95]
    """
    from scipy.special import ndtr, stdtrit

    quantile = stdtrit(size - 1, (1 + confidence) / 2) * (size / (size - 1)) ** 0.5
    return min(float(2 * ndtr(quantile) - 1), 1 - 1 / RESAMPLES)


def bootstrap_interval(values: Sequence[float], confidence: float) -> tuple[float, float]:
    """The BCa bootstrap interval of a mean, its level expanded for the number of values.

    Raises:
        EvidenceError: fewer than two values, or one that is not finite.

    Examples:
        >>> low, high = bootstrap_interval([1.0, 2.0, 3.0, 4.0], 0.95)
        >>> low < 2.5 < high
        True
    """
    return _bootstrap(tuple(map(float, values)), confidence)


@lru_cache(maxsize=4096)  # claims share looks
def _bootstrap(values: tuple[float, ...], confidence: float) -> tuple[float, float]:
    from scipy.stats import bootstrap

    data = several(values)
    if constant(data):
        return float(data.mean()), float(data.mean())
    result = bootstrap(
        (data,),
        np.mean,
        confidence_level=expanded(confidence, data.size),
        n_resamples=RESAMPLES,
        method="BCa",
        rng=np.random.default_rng(SEED),
    )
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


def wilcoxon_interval(values: Sequence[float], confidence: float) -> tuple[float, float] | None:
    """The interval of the middle of a symmetric distribution that the exact signed-rank test does not reject.

    Its ends are means of two of the numbers: of all n(n+1)/2 such means, sorted, the (k+1)-th from below and from
    above, k the largest with P(T ≤ k) ≤ (1 − confidence)/2 for the test's statistic T.

    Returns:
        (low, high), or None where so few numbers cannot reach the level: five reach 93.75 %.

    Raises:
        EvidenceError: fewer than two values, or one that is not finite.

    Examples:
        >>> wilcoxon_interval([1.0, 2.0, 3.0, 4.0, 5.0, 9.0], 0.95)
        (1.0, 9.0)
    """
    data = several(values)
    k = int(np.searchsorted(_chances(data.size), (1 - confidence) / 2 + 1e-12, side="right"))  # how many are rejected
    if not k:
        return None
    first, second = np.triu_indices(data.size)
    means = np.sort((data[first] + data[second]) / 2)
    return float(means[k - 1]), float(means[-k])


@lru_cache
def _chances(n: int) -> np.ndarray:
    """P(T ≤ k) of the signed-rank statistic of n numbers, k = 0, 1, …: each rank is in T or not, as a coin falls."""
    ways = np.ones(1)
    for rank in range(1, n + 1):
        ways = np.convolve(ways, np.bincount([0, rank], minlength=rank + 1))
    return ways.cumsum() / 2.0**n


METHODS: tuple[Callable[[Sequence[float], float], tuple[float, float] | None], ...] = (
    bootstrap_interval,
    wilcoxon_interval,
)
