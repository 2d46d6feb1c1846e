"""Sums of arms: what two methods give together if effects add up, and comparisons with it."""

import math

import pytest

import toy_experiments
from cnnbook.evidence.errors import ClaimError
from cnnbook.evidence.judging import judge
from cnnbook.evidence.rules import Comparison, Expect
from cnnbook.evidence.sums import summed, terms
from cnnbook.evidence.verdicts import Verdict
from cnnbook.evidence.verify import compare
from test_verdicts import BASE, result, shifted

SUM = "b + c - a"


def look(expect="same", baseline=SUM):
    return Comparison("accuracy", "both", baseline, Expect(expect), 0.5)


def test_a_sum_is_worked_out_seed_by_seed():
    assert terms("a") == [(1, "a")] and terms(SUM) == [(1, "b"), (1, "c"), (-1, "a")]
    values = {"a": [1.0, 2.0], "b": [4.0, 8.0], "c-d": [1.0, math.nan]}.__getitem__
    assert summed("b + b - a", values) == (7.0, 14.0)
    assert summed("a - c-d", values)[0] == 0.0 and math.isnan(summed("a - c-d", values)[1])


@pytest.mark.parametrize(
    ("both", "scatter", "verdict"),
    [(3.0, 0.1, Verdict.HOLDS), (5.0, 0.1, Verdict.REFUTED), (3.0, 2.0, Verdict.INCONCLUSIVE)],
)
def test_effects_add_up_or_do_not(both, scatter, verdict):
    """b gives 2 and c gives 1, whatever the seed."""
    arms = {"a": BASE, "b": [x + 2 for x in BASE], "c": [x + 1 for x in BASE]}
    signs = (scatter, -scatter) * 4
    outcome = judge(look(), result(**arms, both=[x + both + one for x, one in zip(BASE, signs, strict=True)]))
    assert outcome.verdict is verdict
    assert outcome.effects[0].difference == pytest.approx(both - 3)
    assert outcome.effects[0].baseline_mean == pytest.approx(sum(BASE) / 8 + 3)


def test_a_seed_that_diverged_in_any_arm_is_no_pair():
    lost = shifted(1)
    lost[2] = math.nan
    outcome = judge(look("different"), result(a=BASE, b=shifted(2), c=lost, both=shifted(9)))
    assert outcome.effects[0].diverged == (0, 1)


def test_a_sum_of_arms_that_are_not_there_is_refused():
    with pytest.raises(ClaimError, match=r"arms must be among \['a', 'b', 'both'\] .* got 'c'"):
        judge(look(), result(a=BASE, b=shifted(2), both=shifted(3)))


def test_an_experiment_declares_sums_of_its_own_arms():
    toy = toy_experiments.toy(comparisons=[("much", "some + some - none")])
    assert toy.comparisons == (("much", "some + some - none"),)
    with pytest.raises(ValueError, match=r"must pair two of the arms .* got \('much', 'some \+ any - none'\)"):
        toy_experiments.toy(comparisons=[("much", "some + any - none")])


def test_a_sum_is_verified_like_an_arm():
    toy = toy_experiments.toy(comparisons=[("much", "some + some - none")])
    figures = {"none": BASE, "some": shifted(1), "much": shifted(5)}
    (check,) = [one for one in compare(toy, result(**figures), result(**figures)) if "+" in one.what][:1]
    assert check.agrees and check.committed == pytest.approx(3 - 0.025)
