"""From figures to verdicts: regions, combined rules, diverged seeds, many looks."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import toy_experiments
from cnnbook.evidence.errors import ClaimError
from cnnbook.evidence.results import Code, Result, recorded
from cnnbook.evidence.rules import All, Case, Cases, Comparison, Expect
from cnnbook.evidence.text import Text
from cnnbook.evidence.verdicts import Verdict, decide, judge

HOLDS, REFUTED, CONDITIONAL, INCONCLUSIVE = Verdict.HOLDS, Verdict.REFUTED, Verdict.CONDITIONAL, Verdict.INCONCLUSIVE


def result(**arms):
    """A result with the accuracy of each arm, and the same figures as a loss."""
    experiment = toy_experiments.toy()
    figures = {arm: {"accuracy": tuple(values), "nll": tuple(values)} for arm, values in arms.items()}
    seeds = tuple(range(len(next(iter(arms.values())))))
    metrics, axes = recorded(experiment)
    return Result(
        experiment=experiment.name,
        seeds=seeds,
        baseline="a",
        metrics=metrics,
        axes=axes,
        figures=figures,
        curves={arm: {"accuracy": {0: (50.0,) * len(seeds), 20: tuple(values)}} for arm, values in arms.items()},
        configuration={arm: {} for arm in arms},
        options={},
        quick=False,
        versions={"python": "3"},
        device="cpu",
        seconds=1.0,
        code=Code("0", {}),
    )


def look(treatment="b", expect="better", metric="accuracy", smallest=0.5, at=None):
    return Comparison(metric, treatment, "a", Expect(expect), smallest, at)


BASE = [70.0, 74.0, 66.0, 71.0, 69.0, 73.0, 72.0, 68.0]
WIGGLE = [0.2, -0.1, 0.1, 0.0, -0.2, 0.15, -0.05, 0.1]


def shifted(by, scale=1.0):
    return [base + by + scale * wiggle for base, wiggle in zip(BASE, WIGGLE, strict=True)]


@pytest.mark.parametrize(
    ("expect", "far_below", "in_band", "far_above", "across_upper", "across_lower"),
    [
        ("better", REFUTED, REFUTED, HOLDS, INCONCLUSIVE, REFUTED),
        ("not better", HOLDS, HOLDS, REFUTED, INCONCLUSIVE, HOLDS),
        ("worse", HOLDS, REFUTED, REFUTED, REFUTED, INCONCLUSIVE),
        ("not worse", REFUTED, HOLDS, HOLDS, HOLDS, INCONCLUSIVE),
        ("same", REFUTED, HOLDS, REFUTED, INCONCLUSIVE, INCONCLUSIVE),
        ("different", HOLDS, REFUTED, HOLDS, INCONCLUSIVE, INCONCLUSIVE),
    ],
)
def test_an_interval_is_inside_outside_or_across(expect, far_below, in_band, far_above, across_upper, across_lower):
    intervals = [(-2, -1), (-0.3, 0.2), (1, 2), (0.2, 0.9), (-0.9, -0.2)]
    verdicts = [decide(Expect(expect), low, high, 0.5) for low, high in intervals]
    assert verdicts == [far_below, in_band, far_above, across_upper, across_lower]


@given(st.floats(-3, 3), st.floats(0, 3), st.floats(0.01, 2))
def test_opposite_claims_have_opposite_verdicts(low, width, smallest):
    opposite = {HOLDS: REFUTED, REFUTED: HOLDS, INCONCLUSIVE: INCONCLUSIVE}
    for claim, contrary in [("better", "not better"), ("worse", "not worse"), ("same", "different")]:
        verdict = decide(Expect(claim), low, low + width, smallest)
        assert decide(Expect(contrary), low, low + width, smallest) is opposite[verdict]


def test_the_direction_of_the_metric_says_what_better_means():
    more = result(a=BASE, b=shifted(2.0))
    assert judge(look(), more).verdict is HOLDS
    loss = judge(look(metric="nll"), more)
    assert loss.verdict is REFUTED
    assert loss.effects[0].difference == pytest.approx(2.025)  # shown as treatment − baseline, whatever is better
    assert loss.effects[0].low < 2.025 < loss.effects[0].high
    assert (loss.effects[0].treatment_mean, loss.effects[0].baseline_mean) == (
        pytest.approx(72.4),
        pytest.approx(70.375),
    )


def test_a_rule_may_look_at_a_point_of_a_curve():
    figures = result(a=BASE, b=shifted(2.0))
    late = judge(look(at=20), figures)
    assert (late.verdict, late.effects[0].metric, late.effects[0].at) == (HOLDS, "accuracy", 20)
    assert judge(look(expect="same", at=0), figures).verdict is HOLDS


def test_an_effect_below_interest_refutes_and_a_wide_one_decides_nothing():
    assert judge(look(), result(a=BASE, b=shifted(0.2))).verdict is REFUTED
    assert judge(look(), result(a=BASE, b=shifted(0.5, scale=10))).verdict is INCONCLUSIVE


def test_cases_make_a_claim_conditional_and_name_the_condition():
    figures = result(a=BASE, b=shifted(2.0), c=shifted(-2.0))
    cases = Cases((Case(Text("步数相同", "equal steps"), look("b")), Case(Text("轮次相同", "equal epochs"), look("c"))))
    outcome = judge(cases, figures)
    assert (outcome.verdict, outcome.condition) == (CONDITIONAL, Text("步数相同", "equal steps"))
    assert [effect.verdict for effect in outcome.effects] == [HOLDS, REFUTED]
    assert [effect.condition.en for effect in outcome.effects] == ["equal steps", "equal epochs"]
    agreed = judge(cases, result(a=BASE, b=shifted(2.0), c=shifted(3.0)))
    assert (agreed.verdict, agreed.condition) == (HOLDS, None)
    undecided = judge(cases, result(a=BASE, b=shifted(0.5, 10), c=shifted(-2.0)))
    assert (undecided.verdict, undecided.condition) == (INCONCLUSIVE, None)


def test_all_parts_must_hold_and_one_refuted_part_refutes():
    both = All((look("b"), look("c")))
    assert judge(both, result(a=BASE, b=shifted(2), c=shifted(3))).verdict is HOLDS
    assert judge(both, result(a=BASE, b=shifted(2), c=shifted(0))).verdict is REFUTED
    assert judge(both, result(a=BASE, b=shifted(2), c=shifted(0.5, 10))).verdict is INCONCLUSIVE
    case = Cases((Case(Text("甲", "one"), both), Case(Text("乙", "two"), look("d"))))
    nested = judge(case, result(a=BASE, b=shifted(2), c=shifted(3), d=shifted(0)))
    assert (nested.verdict, nested.condition.en, len(nested.effects)) == (CONDITIONAL, "one", 3)


def test_many_looks_need_wider_intervals():
    # alone the look holds; among eight looks of which none else decides anything, it is not enough
    thin = result(a=BASE, b=shifted(0.83, 3.0), **{f"n{i}": shifted(0.5, 10 + i) for i in range(7)})
    assert judge(look("b"), thin).verdict is HOLDS
    arms = ["b", *(f"n{i}" for i in range(7))]
    many = judge(Cases(tuple(Case(Text(arm, arm), look(arm)) for arm in arms)), thin)
    assert many.effects[0].confidence == pytest.approx(1 - 0.05 / 8)
    assert many.effects[0].verdict is INCONCLUSIVE and many.verdict is INCONCLUSIVE


def test_diverged_seeds_are_reported_and_can_undo_a_verdict():
    treatment = shifted(2.0)
    treatment[1] = math.nan  # the best seed of the baseline: counted as the worst figure, it costs the treatment dearly
    outcome = judge(look(), result(a=BASE, b=treatment))
    assert outcome.effects[0].diverged == (1, 0) and outcome.effects[0].seeds == 8
    assert outcome.effects[0].low > 0.5  # the seeds that are left would have said yes
    assert outcome.verdict is INCONCLUSIVE
    baseline = list(BASE)
    baseline[1] = math.nan  # where the baseline diverges, both ways of counting agree
    assert judge(look(), result(a=baseline, b=shifted(2.0))).verdict is HOLDS
    assert judge(look(), result(a=BASE, b=[math.nan] * 8)).verdict is INCONCLUSIVE


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (look("z"), r"arms must be among \['a', 'b'\] .* got 'z'"),
        (look(metric="f1"), "metric must be among .* got 'f1'"),
        (look(at=7), "at a point of its curve .* got metric 'accuracy', at = 7"),
        (look(metric="nll", at=0), "at a point of its curve .* got metric 'nll', at = 0"),
    ],
)
def test_a_rule_about_something_else_is_refused(rule, message):
    with pytest.raises(ClaimError, match=message):
        judge(rule, result(a=BASE, b=shifted(1)))
