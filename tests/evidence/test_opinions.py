"""The methods that have a second say, against scipy, tables and each other."""

import math

import numpy as np
import pytest
from scipy import stats

from cnnbook.evidence.errors import EvidenceError
from cnnbook.evidence.opinions import METHODS, bootstrap_interval, expanded, wilcoxon_interval

DATA = [0.3, -0.1, 0.8, 0.4, 0.5, 1.2, 0.2, 0.6, 0.1, 0.9]


def test_the_bootstrap_is_scipys_bca_with_a_fixed_generator_at_the_expanded_level():
    level = 1 - 2 * stats.norm.cdf(-math.sqrt(10 / 9) * 2.2621571627)  # the 97.5 % quantile of t with 9 degrees
    expected = stats.bootstrap(
        (DATA,), np.mean, confidence_level=level, n_resamples=9999, method="BCa", rng=np.random.default_rng(514)
    )
    assert bootstrap_interval(DATA, 0.95) == pytest.approx(tuple(expected.confidence_interval), abs=1e-12)
    assert bootstrap_interval([1.0, 1.0, 1.0], 0.95) == (1.0, 1.0)  # where BCa itself gives no number


@pytest.mark.parametrize("size", [2, 3, 10, 1000])
def test_the_expanded_percentile_interval_of_normal_numbers_is_students(size):
    """What the expansion is for: mean ± z(level)·√((n−1)/n)·s/√n, the bootstrap's own spread, is mean ± t·s/√n."""
    z = stats.norm.ppf((1 + expanded(0.95, size)) / 2)
    t = stats.t.ppf(0.975, size - 1)
    if size > 3:  # below, the resamples cannot tell levels apart
        assert z * math.sqrt((size - 1) / size) == pytest.approx(t, rel=1e-6)
    assert expanded(0.95, size) < 1


@pytest.mark.parametrize(("size", "level"), [(6, 0.95), (8, 0.975), (10, 0.95), (10, 0.9875), (10, 0.995), (12, 0.99)])
def test_wilcoxons_interval_holds_what_the_exact_test_does_not_reject(size, level):
    data = np.random.default_rng(size).normal(size=size)
    low, high = wilcoxon_interval(data, level)

    def p(middle):
        return stats.wilcoxon(data - middle, method="exact").pvalue

    assert p(low - 1e-9) <= 1 - level + 1e-12 < p(low + 1e-9)
    assert p(high + 1e-9) <= 1 - level + 1e-12 < p(high - 1e-9)


def test_wilcoxons_interval_has_the_ranks_of_the_table():
    powers = [4.0**k for k in range(10)]  # means of two, all apart; the table's critical value of n = 10 at 5 % is 8
    means = sorted((a + b) / 2 for i, a in enumerate(powers) for b in powers[i:])
    assert wilcoxon_interval(powers, 0.95) == (means[8], means[-9])


def test_five_numbers_cannot_reach_95_per_cent():
    assert wilcoxon_interval([1.0, 2.0, 3.0, 4.0, 5.0], 0.95) is None
    assert wilcoxon_interval([1.0, 2.0, 3.0, 4.0, 5.0], 0.93) == (1.0, 5.0)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("values", [[1.0], [1.0, math.nan]])
def test_no_opinion_on_what_has_no_interval(method, values):
    with pytest.raises(EvidenceError, match="two finite values at least, got"):
        method(values, 0.95)
