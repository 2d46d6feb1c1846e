"""Intervals, paired differences and corrections, against scipy, textbook cases and planted figures."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cnnbook.evidence.errors import EvidenceError
from cnnbook.evidence.statistics import holm, interval, paired_difference, summary

figures = st.lists(st.floats(-100, 100).map(lambda value: round(value, 3)), min_size=3, max_size=12)


def test_interval_is_scipys_bca_with_a_fixed_generator():
    data = [0.3, -0.1, 0.8, 0.4, 0.5, 1.2, 0.2, 0.6, 0.1, 0.9]
    expected = stats.bootstrap((data,), np.mean, n_resamples=9999, method="BCa", rng=np.random.default_rng(514))
    assert interval(data) == pytest.approx(tuple(expected.confidence_interval), abs=0)
    assert interval(data) == interval(list(data))


def test_equal_differences_have_an_interval_of_no_width():
    assert interval([1.0, 1.0, 1.0]) == (1.0, 1.0)  # where BCa itself gives no number
    assert interval([0.7, 0.7, 0.7 + 1e-15]) == (pytest.approx(0.7), pytest.approx(0.7))


@pytest.mark.parametrize("values", [[1.0], [], [1.0, math.nan], [1.0, math.inf]])
def test_interval_refuses_what_has_none(values):
    with pytest.raises(EvidenceError, match="two finite values at least, got"):
        interval(values)


@settings(max_examples=25, deadline=None)
@given(figures)
def test_interval_holds_the_mean_and_widens_with_confidence(values):
    low, high = interval(values)
    wider = interval(values, 0.99)
    assert low - 1e-9 <= np.mean(values) <= high + 1e-9
    assert wider[0] <= low + 1e-9 and high <= wider[1] + 1e-9


def test_interval_covers_about_as_often_as_is_written():
    rng = np.random.default_rng(0)
    hits = sum(low <= 0 <= high for low, high in (interval(rng.normal(size=10)) for _ in range(200)))
    assert 0.86 <= hits / 200 <= 0.97  # the module says about 90 %


def test_differences_are_paired_by_seed():
    noise = np.array([5.0, -3.0, 8.0, 1.0])
    difference = paired_difference(noise + 1, noise)
    assert difference.values == (1.0, 1.0, 1.0, 1.0)
    with pytest.raises(EvidenceError, match=r"one figure per seed each, got shapes \(4,\) and \(3,\)"):
        paired_difference(noise, noise[:3])


def test_a_diverged_seed_is_counted_and_the_worst_that_was_seen():
    higher = paired_difference([9.0, math.nan, 7.0], [5.0, 6.0, math.nan], sign=1)
    assert higher.values == (4.0,)
    assert higher.worst_case == (4.0, 5.0 - 6.0, 7.0 - 5.0)
    assert higher.diverged == (1, 1)
    lower = paired_difference([0.9, math.nan], [0.5, 0.6], sign=-1)
    assert lower.worst_case == (0.4, pytest.approx(0.3))
    nothing = paired_difference([math.nan] * 2, [math.nan] * 2)
    assert (nothing.values, nothing.worst_case, nothing.diverged) == ((), (), (2, 2))
    assert math.isnan(nothing.mean)
    assert summary([math.nan, math.inf, 3.0]).diverged == 2


def test_holm_gives_the_textbook_levels():
    # p-values .01, .04, .03, .005 at α = .05: Holm rejects .005 and .01 alone
    p = [0.01, 0.04, 0.03, 0.005]
    levels = holm([lambda level, one=one: one <= 1 - level for one in p])
    rejected = [one <= 1 - level + 1e-12 for one, level in zip(p, levels, strict=True)]
    assert rejected == [True, False, False, True]
    assert holm([]) == []
    assert holm([lambda level: False] * 5) == [pytest.approx(0.99)] * 5
