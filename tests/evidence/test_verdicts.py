"""From figures to verdicts: regions, combined rules, diverged seeds, many looks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toy_experiments
from cnnbook.evidence.combining import combined, levels
from cnnbook.evidence.errors import ClaimError
from cnnbook.evidence.judging import judge
from cnnbook.evidence.results import Code, Result, recorded
from cnnbook.evidence.rules import All, Case, Cases, Comparison, Expect
from cnnbook.evidence.statistics import interval
from cnnbook.evidence.text import Text
from cnnbook.evidence.verdicts import Verdict, decide

HOLDS, REFUTED, CONDITIONAL, HOLDS_IN_PART, REFUTED_IN_PART, INCONCLUSIVE = Verdict


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


OPEN = shifted(0.5, 10)


@pytest.mark.parametrize(
    ("b", "c", "verdict", "condition"),
    [
        (shifted(2), shifted(3), HOLDS, None),
        (shifted(-2), shifted(0), REFUTED, None),
        (OPEN, OPEN, INCONCLUSIVE, None),
        (shifted(2), shifted(-2), CONDITIONAL, Text("成立：步数。不成立：轮次。", "Holds: steps. Refuted: epochs.")),
        (shifted(2), OPEN, HOLDS_IN_PART, Text("成立：步数。未定：轮次。", "Holds: steps. Open: epochs.")),
        (OPEN, shifted(-2), REFUTED_IN_PART, Text("不成立：轮次。未定：步数。", "Refuted: epochs. Open: steps.")),
    ],
)  # fmt: skip
def test_cases_that_differ_are_named_each(b, c, verdict, condition):
    cases = Cases((Case(Text("步数", "steps"), look("b")), Case(Text("轮次", "epochs"), look("c"))))
    outcome = judge(cases, result(a=BASE, b=b, c=c))
    assert (outcome.verdict, outcome.condition) == (verdict, condition)
    assert [effect.condition.en for effect in outcome.effects] == ["steps", "epochs"]


def test_a_case_that_is_open_is_no_condition_beside_one_that_holds_and_one_that_is_refuted():
    arms = {"b": shifted(2), "c": shifted(3), "d": OPEN, "e": shifted(-2)}
    cases = Cases(tuple(Case(Text(arm, arm), look(arm)) for arm in arms))
    outcome = judge(cases, result(a=BASE, **arms))
    assert (outcome.verdict, outcome.condition.en) == (CONDITIONAL, "Holds: b; c. Refuted: e. Open: d.")


def test_all_parts_must_hold_and_one_refuted_part_refutes():
    both = All((look("b"), look("c")))
    assert judge(both, result(a=BASE, b=shifted(2), c=shifted(3))).verdict is HOLDS
    assert judge(both, result(a=BASE, b=shifted(2), c=shifted(0))).verdict is REFUTED
    assert judge(both, result(a=BASE, b=shifted(2), c=shifted(0.5, 10))).verdict is INCONCLUSIVE
    case = Cases((Case(Text("甲", "one"), both), Case(Text("乙", "two"), look("d"))))
    nested = judge(case, result(a=BASE, b=shifted(2), c=shifted(3), d=shifted(0)))
    assert (nested.verdict, nested.condition.en) == (CONDITIONAL, "Holds: one. Refuted: two.")
    assert [effect.confidence for effect in nested.effects] == [0.975, 0.975, 0.975]  # two cases, and three looks


def thin(mean, n=10, level=0.96):
    """Differences whose Student's interval at ``level`` ends at 0.5."""
    noise = np.array([*WIGGLE, 0.12, -0.22])[:n]
    noise -= noise.mean()
    reach = interval(noise, level)[1]
    return 0.5 + np.sign(mean - 0.5) * reach + noise


def test_what_refutes_one_part_of_several_needs_a_wider_interval_and_what_holds_in_all_does_not():
    base = np.zeros(10)
    below, above = thin(0), thin(1)  # clear of δ at 95 %, across it at 97.5 %
    assert judge(look("b"), result(a=base, b=below)).verdict is REFUTED
    both = All((look("b"), look("c")))
    against = judge(both, result(a=base, b=below, c=thin(0.0, level=0.5)))
    assert against.verdict is INCONCLUSIVE
    assert [effect.confidence for effect in against.effects] == [pytest.approx(0.975)] * 2
    stepped = judge(
        both, result(a=base, b=thin(0, level=0.99), c=below)
    )  # one decided at 97.5 % leaves 95 % for the other
    assert stepped.verdict is REFUTED and stepped.effects[1].verdict is REFUTED
    held = judge(both, result(a=base, b=above, c=above))
    assert held.verdict is HOLDS and [effect.confidence for effect in held.effects] == [0.95, 0.95]


def test_one_refuted_part_of_true_ones_is_as_rare_as_the_level_says():
    """Of claims that just hold in all of five parts at most 5 % are refuted; without Holm it would be some 12 %."""
    rule = All(tuple(look(arm) for arm in "bcdef"))

    def refuted(parts):
        looks = [lambda level, one=one: decide(Expect.BETTER, *interval(one, level), 0.5) for one in parts]
        verdicts = [one(level) for one, level in zip(looks, levels(rule, looks), strict=True)]
        return combined(rule, verdicts)[0] is REFUTED

    wrong = sum(map(refuted, 0.5 + np.random.default_rng(1).normal(size=(1000, 5, 10))))
    assert 0 < wrong <= 1000 * 0.05 + 3 * math.sqrt(1000 * 0.05 * 0.95)


def test_a_verdict_that_other_methods_do_not_share_is_near_the_border():
    clear = judge(look(), result(a=BASE, b=shifted(2.0)))
    assert (clear.verdict, clear.near, clear.effects[0].near) == (HOLDS, False, False)
    far_off = np.array([0.7, 0.71, 0.72, 0.73, 0.74, 0.75, 0.76, 0.77, 0.78, 6.0])  # t is wide, the ranks are not
    close = judge(look(), result(a=np.zeros(10), b=far_off))
    assert (close.verdict, close.near, close.effects[0].near) == (INCONCLUSIVE, True, True)


def test_a_claim_is_near_where_its_verdict_or_condition_is():
    arms = {"b": [0.7, 0.71, 0.72, 0.73, 0.74, 0.75, 0.76, 0.77, 0.78, 6.0], "c": [-2.0 + 0.1 * i for i in range(10)]}
    figures = result(a=np.zeros(10), **arms)
    part = judge(All((look("b"), look("c"))), figures)
    assert (part.verdict, part.near) == (REFUTED, False)  # the other part refutes it whatever the method
    assert [effect.near for effect in part.effects] == [True, False]
    case = judge(Cases(tuple(Case(Text(arm, arm), look(arm)) for arm in arms)), figures)
    assert (case.verdict, case.near) == (REFUTED_IN_PART, True)


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
