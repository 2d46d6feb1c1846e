"""Interactions, false discoveries and power laws, against values worked by hand or published."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnbook.evidence.analysis import discoveries, failures, interactions, power_law, standing
from cnnbook.evidence.report import Difference, ExperimentReport
from cnnbook.evidence.text import Text

# Benjamini & Hochberg (1995), section 3.2: fifteen p-values of a trial of thrombolysis. At 5 % their procedure rejects
# the first four, Bonferroni's (and Holm's) the first three.
TRIAL = [
    0.0001,
    0.0004,
    0.0019,
    0.0095,
    0.0201,
    0.0278,
    0.0298,
    0.0344,
    0.0459,
    0.3240,
    0.4262,
    0.5719,
    0.6528,
    0.7590,
    1.0,
]


def difference(treatment, baseline, values, metric="accuracy"):
    mean = sum(values) / len(values) if values else None
    return Difference(treatment, baseline, metric, None, mean, mean, mean, tuple(values), (0, 0))


def pair(first, second, values, metric="accuracy"):
    return difference(f"{first} & {second}", f"{first} + {second} - base", values, metric)


def report(*differences):
    words = Text("空", "none")
    return ExperimentReport(words, words, "base", {}, 10, "cpu", 1.0, {}, {}, {}, {}, {}, differences, {})


def scattered(mean, scatter):
    return [mean + scatter * (-1) ** seed for seed in range(10)]


def test_false_discoveries_are_held_as_in_the_paper_of_benjamini_and_hochberg():
    assert discoveries(TRIAL) == [True] * 4 + [False] * 11
    assert discoveries(TRIAL[::-1]) == [False] * 11 + [True] * 4
    # By hand: 0.035 stands alone, beside 0.04 (twice 0.035 > 0.05, but 0.04 ≤ 0.05 carries both), and not beside 0.06.
    assert discoveries([0.035]) == [True] and discoveries([0.035, 0.04]) == [True, True]
    assert discoveries([0.035, 0.06]) == [False, False] and discoveries([]) == []
    assert discoveries([0.035, 0.06], rate=0.1) == [True, True]


def test_an_interaction_is_told_by_a_paired_t_test():
    """Mean 2 and standard deviation 2 over four seeds: t = 2 with 3 degrees of freedom, p = 0.139."""
    (one,) = interactions(report(pair("m", "d", [0.0, 4.0, 1.0, 3.0])), "accuracy", ("m", "d"), "base")
    t = 2 / (math.sqrt(10 / 3) / 2)
    share = math.atan(t / math.sqrt(3)) + t * math.sqrt(3) / (3 + t * t)  # of the t distribution with 3 degrees
    assert one.p == pytest.approx(1 - 2 / math.pi * share) and not one.told


def test_pairs_are_told_beside_each_other():
    rows = [pair("m", "d", scattered(-1, 0.1)), pair("w", "m", scattered(0.8, 0.1)), pair("d", "w", scattered(0.5, 9))]
    found = interactions(report(*rows), "accuracy", ("m", "d", "w"), "base")
    assert [(one.pair, one.told) for one in found] == [(("m", "d"), True), (("m", "w"), True), (("d", "w"), False)]
    assert found[1].difference is rows[1], "a pair is found whichever comes first"


def test_many_pairs_need_a_smaller_p():
    """A pair whose own p is 0.03 is told alone, and not beside two that say nothing."""
    thin = pair("m", "d", [1.4] * 7 + [-0.6] * 3)
    (alone,) = interactions(report(thin), "accuracy", ("m", "d"), "base")
    assert 0.01 < alone.p < 0.05 and alone.told
    rows = [thin, pair("m", "w", scattered(0.01, 5)), pair("d", "w", scattered(-0.01, 5))]
    assert not any(one.told for one in interactions(report(*rows), "accuracy", ("m", "d", "w"), "base"))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([pair("m", "w", [1.0, 2.0])], "there is no comparison of 'm' & 'd' with the sum of their effects"),
        ([pair("m", "d", [1.0, 2.0], metric="nll")], "there is no comparison of 'm' & 'd'"),
        ([pair("m", "d", [1.0])], "'m' & 'd' must have two seeds at least that did not diverge"),
    ],
)
def test_a_pair_that_was_not_measured_is_said(rows, message):
    with pytest.raises(ValueError, match=message):
        interactions(report(*rows), "accuracy", ("m", "d"), "base")


@given(st.floats(-2, 2), st.floats(0.01, 100))
def test_a_known_power_law_is_found_again(exponent, constant):
    numbers = [50, 200, 1000, 5000]
    law = power_law(numbers, [constant * n**exponent for n in numbers])
    assert law.exponent == pytest.approx(exponent, abs=1e-9) and law.constant == pytest.approx(constant, rel=1e-6)
    assert [law.at(n) for n in numbers] == [pytest.approx(constant * n**exponent, rel=1e-6) for n in numbers]


def test_the_line_is_that_of_least_squares_on_the_logarithms():
    """By hand: through (1, 1), (10, 10), (100, 10), on decimal logarithms the slope is 1/2 and the start 1/6."""
    law = power_law([1, 10, 100], [1, 10, 10])
    assert (law.exponent, law.constant) == (pytest.approx(0.5), pytest.approx(10 ** (1 / 6)))


@pytest.mark.parametrize(
    ("numbers", "values"), [([5], [1.0]), ([5, 5], [1.0, 2.0]), ([1, 2], [1.0, 0.0]), ([0, 2], [1, 1])]
)
def test_what_has_no_power_law_is_refused(numbers, values):
    with pytest.raises(ValueError, match="a power law needs two numbers at least, all finite and above 0, got"):
        power_law(numbers, values)


def test_what_is_better_depends_on_the_direction_and_noise_crosses_zero():
    def one(mean, low, high):
        return Difference("b", "a", "loss", None, mean, low, high, (), (0, 0))

    rows = {-2: one(-2, -2.1, -1.9), 0: one(0.05, -0.05, 0.15), 2: one(2, 1.9, 2.1)}
    assert [standing(row, "lower") for row in rows.values()] == ["better", "noise", "worse"]
    assert standing(rows[2], "higher") == "better" and standing(one(2.0, None, None), "higher") == "noise"


def test_runs_that_died_are_counted_with_the_interval_of_their_share():
    """Wilson's interval of 3 in 10, from his formula: (p + z²/2n ± z√(p(1 − p)/n + z²/4n²)) / (1 + z²/n)."""
    assert failures((None, math.nan, 12.5, *[70.0] * 7), 10.0) == (
        3,
        pytest.approx(0.1078, abs=1e-4),
        pytest.approx(0.6032, abs=1e-4),
    )
    assert failures((12.6, 90.0), 10.0)[0] == 0


@pytest.mark.parametrize("bad", [math.nan, math.inf, 0.0, -1.0])
def test_a_power_law_needs_numbers_that_have_logarithms(bad):
    for numbers, values in (([1.0, 10.0], [1.0, bad]), ([1.0, bad], [1.0, 2.0])):
        with pytest.raises(ValueError, match="all finite and above 0"):
            power_law(numbers, values)
