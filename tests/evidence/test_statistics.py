"""Intervals, paired differences and corrections, against scipy, textbook cases and planted figures."""

import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cnnbook.evidence.errors import EvidenceError
from cnnbook.evidence.statistics import holm, interval, paired_difference, student, summary, wilson

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
import coverage  # noqa: E402

MEASURED = json.loads((ROOT / "benchmarks/coverage.json").read_text("utf-8"))

figures = st.lists(st.floats(-100, 100).map(lambda value: round(value, 3)), min_size=3, max_size=12)


def test_interval_is_mean_and_t_standard_errors():
    data = [0.3, -0.1, 0.8, 0.4, 0.5, 1.2, 0.2, 0.6, 0.1, 0.9]
    reach = 2.262157 * np.std(data, ddof=1) / math.sqrt(10)  # the 97.5 % quantile of t with 9 degrees, by its table
    assert interval(data) == pytest.approx((0.49 - reach, 0.49 + reach), abs=1e-6)
    reach *= 3.249836 / 2.262157
    assert interval(data, 0.99) == pytest.approx((0.49 - reach, 0.49 + reach), abs=1e-6)
    assert interval(data) == pytest.approx(stats.ttest_1samp(data, 0).confidence_interval())


def test_equal_differences_have_an_interval_of_no_width():
    assert interval([1.0, 1.0, 1.0]) == (1.0, 1.0)
    assert interval([0.7, 0.7, 0.7 + 1e-15]) == (pytest.approx(0.7), pytest.approx(0.7))


@pytest.mark.parametrize("values", [[1.0], [], [1.0, math.nan], [1.0, math.inf]])
def test_interval_refuses_what_has_none(values):
    with pytest.raises(EvidenceError, match="two finite values at least, got"):
        interval(values)


@settings(max_examples=25)
@given(figures)
def test_interval_holds_the_mean_and_widens_with_confidence(values):
    low, high = interval(values)
    wider = interval(values, 0.99)
    assert low - 1e-9 <= np.mean(values) <= high + 1e-9
    assert wider[0] <= low + 1e-9 and high <= wider[1] + 1e-9


@pytest.mark.parametrize("row", MEASURED["rows"], ids=lambda row: f"{row['numbers']}-{row['seeds']}-{row['level']}")
def test_interval_covers_as_often_as_is_written(row):
    """The figures that the claims page shows, measured again on fewer samples."""
    drawn = coverage.KINDS[row["numbers"]](np.random.default_rng(0), (5000, row["seeds"]))
    hits = coverage.share(*student(drawn, row["level"]))
    assert abs(hits - row["student"]) < 5 * math.sqrt(row["student"] * (1 - row["student"]) / 5000) + 1e-3
    if row["numbers"] == "normal":
        assert abs(row["student"] - row["level"]) < 4 * math.sqrt(0.05 * 0.95 / MEASURED["settings"]["samples"])


def test_an_interval_is_the_one_that_was_measured():
    data = np.random.default_rng(0).normal(size=(3, 10))
    low, high = student(data, 0.9875)
    assert [interval(row, 0.9875) for row in data] == [*zip(low, high, strict=True)]


def test_the_share_of_failures_has_wilsons_interval():
    # Wilson's centre (p + z²/2n)/(1 + z²/n) and reach z√(p(1 − p)/n + z²/4n²)/(1 + z²/n), by hand for 2 of 10
    z2, p = 1.959964**2, 0.2
    centre, reach = (p + z2 / 20) / (1 + z2 / 10), math.sqrt(z2 * (p * (1 - p) / 10 + z2 / 400)) / (1 + z2 / 10)
    assert wilson(2, 10) == pytest.approx((centre - reach, centre + reach), abs=1e-6)
    assert wilson(0, 10)[0] == 0 and wilson(10, 10)[1] == 1


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


@pytest.mark.parametrize("confidence", [95, 0, 1, -0.95, math.nan])
def test_a_confidence_is_a_share(confidence):
    for found in (
        lambda: interval([1.0, 2.0], confidence),
        lambda: interval([1.0, 1.0], confidence),
        lambda: student(np.ones(3), confidence),
        lambda: wilson(1, 2, confidence),
    ):
        with pytest.raises(EvidenceError, match="confidence must be between 0 and 1, got"):
            found()


def test_small_numbers_have_an_interval_as_large_ones_have():
    low, high = interval([1e-13, 2e-13, 6e-13])
    assert (low * 1e13, high * 1e13) == pytest.approx(interval([1.0, 2.0, 6.0]))
