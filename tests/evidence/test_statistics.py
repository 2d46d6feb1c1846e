"""Intervals, paired differences and corrections, against scipy, textbook cases and planted figures."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cnnbook.evidence.errors import EvidenceError
from cnnbook.evidence.statistics import expanded, holm, interval, paired_difference, summary

MEASURED = json.loads((Path(__file__).parents[2] / "benchmarks/coverage.json").read_text("utf-8"))

figures = st.lists(st.floats(-100, 100).map(lambda value: round(value, 3)), min_size=3, max_size=12)


def test_interval_is_scipys_bca_with_a_fixed_generator_at_the_expanded_level():
    data = [0.3, -0.1, 0.8, 0.4, 0.5, 1.2, 0.2, 0.6, 0.1, 0.9]
    level = 1 - 2 * stats.norm.cdf(-math.sqrt(10 / 9) * 2.2621571627)  # the 97.5 % quantile of t with 9 degrees
    expected = stats.bootstrap(
        (data,), np.mean, confidence_level=level, n_resamples=9999, method="BCa", rng=np.random.default_rng(514)
    )
    assert interval(data) == pytest.approx(tuple(expected.confidence_interval), abs=1e-12)
    assert interval(data) == interval(list(data))


@pytest.mark.parametrize("size", [2, 3, 10, 1000])
def test_the_expanded_percentile_interval_of_normal_numbers_is_students(size):
    """What the expansion is for: mean ± z(level)·√((n−1)/n)·s/√n, the bootstrap's own spread, is mean ± t·s/√n."""
    z = stats.norm.ppf((1 + expanded(0.95, size)) / 2)
    t = stats.t.ppf(0.975, size - 1)
    if size > 3:  # below, the resamples cannot tell levels apart
        assert z * math.sqrt((size - 1) / size) == pytest.approx(t, rel=1e-6)
    assert expanded(0.95, size) < 1


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


@pytest.mark.parametrize("row", MEASURED["rows"], ids=lambda row: f"{row['numbers']}-{row['seeds']}")
def test_interval_covers_as_often_as_is_written(row):
    """The figures that the claims page shows, measured again on fewer samples."""
    rng = np.random.default_rng(0)
    drawn = (
        rng.normal(size=(200, row["seeds"]))
        if row["numbers"] == "normal"
        else rng.exponential(size=(200, row["seeds"])) - 1
    )
    hits = np.mean([low <= 0 <= high for low, high in map(interval, drawn)])
    assert abs(hits - row["bootstrap"]) < 4 * math.sqrt(row["bootstrap"] * (1 - row["bootstrap"]) / 200)
    assert row["seeds"] < 10 or row["bootstrap"] > 0.91


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
    # of .005, .01, .02, .03 Bonferroni's 1 − α/4 decides two; Holm goes on at 1 − α/2 and 1 − α, and decides all
    levels = holm([lambda level, one=one: one <= 1 - level for one in [0.03, 0.005, 0.02, 0.01]])
    assert levels == pytest.approx([0.95, 0.9875, 0.975, 0.9875])
    assert holm([]) == []
    assert holm([lambda level: False] * 5) == [pytest.approx(0.99)] * 5


@pytest.mark.parametrize(
    ("p", "alphas"),
    [
        # Worked by hand: .005 and .01 are below .05/4; of the two that are left .02 is below .05/2; .03 is below .05.
        # Bonferroni would stay at .05/4 and reject the first two alone.
        ((0.005, 0.01, 0.02, 0.03), (0.0125, 0.0125, 0.025, 0.05)),
        ((0.03, 0.02, 0.01, 0.005), (0.05, 0.025, 0.0125, 0.0125)),
        # .03 is not below .05/2, which ends it for .04 as well, though that is below .05.
        ((0.005, 0.03, 0.04), (0.05 / 3, 0.025, 0.025)),
    ],
)
def test_holm_steps_down_as_far_as_it_decides(p, alphas):
    levels = holm([lambda level, one=one: one <= 1 - level for one in p])
    assert [1 - level for level in levels] == [pytest.approx(alpha) for alpha in alphas]
