"""Whether a result stands when it is run again: intervals, not numbers, must agree."""

import math

import pytest

import toy_experiments
from cnnbook.evidence.verify import compare
from test_verdicts import BASE, result, shifted

SURE = [5.0] * 8  # does not scatter: its interval is a point


def checks(old, new):
    """Of the mean of one arm, and of its differences."""
    both = (result(none=BASE, some=row, much=shifted(5)) for row in (old, new))
    return {one.what: one for one in compare(toy_experiments.toy(), *both) if one.quantity.label.en == "accuracy"}


def test_a_mean_that_rounding_moved_out_of_its_interval_agrees_where_the_intervals_overlap():
    found = checks(SURE, [*SURE[:-1], 4.6])["some"]
    assert (found.committed, found.low, found.high, found.again) == (5, 5, 5, pytest.approx(4.95)) and found.agrees


@pytest.mark.parametrize("what", ["some", "some − none"])
def test_a_mean_or_a_difference_whose_intervals_lie_apart_disagrees(what):
    old, near, far = shifted(0), shifted(0.2), shifted(9)
    assert checks(old, old)[what].agrees and checks(old, near)["some"].agrees
    assert not checks(old, far)[what].agrees and not checks(far, old)[what].agrees


def test_seeds_that_diverged_must_diverge_again():
    lost = [math.nan] * 8
    assert checks(lost, lost)["some"].agrees
    assert not checks(lost, SURE)["some"].agrees and not checks(SURE, lost)["some"].agrees
    assert not checks([math.nan, *SURE[1:]], SURE)["some"].agrees
