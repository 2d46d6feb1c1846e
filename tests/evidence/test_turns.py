"""Seeds that are tested on the same people are no independent witnesses of how people differ."""

import math

import pytest
from msgspec import structs

import toy_experiments
from cnnbook.evidence import registry
from cnnbook.evidence.agreement import broken
from cnnbook.evidence.judging import judge
from cnnbook.evidence.paths import result_path
from cnnbook.evidence.reporting import experiment_report
from cnnbook.evidence.restamp import stamped
from cnnbook.evidence.results import load_result, read_result, write_result
from cnnbook.evidence.rules import Comparison
from cnnbook.evidence.runner import run
from cnnbook.evidence.staleness import stale_reason
from cnnbook.evidence.statistics import interval, paired_difference, summary

PARTS = [0, 1, 0, 1, 2]
TURNS = {arm: {"accuracy": 2} for arm in ("none", "some", "much")}


def test_what_shares_a_part_is_averaged_before_there_is_an_interval():
    found = paired_difference([5.0, 1.0, 7.0, math.nan, 2.0], [1.0] * 5, parts=PARTS)
    assert found.values == (5.0, 0.0, 1.0)
    assert found.worst_case == (5.0, 0.0, 1.0), "the seed that diverged counts as 1, the worst that was seen"
    one = summary([5.0, 1.0, 7.0, math.nan, 2.0], parts=PARTS)
    assert (one.mean, one.seeds, one.diverged) == (3.0, 5, 1)
    assert (one.low, one.high) == interval([6.0, 1.0, 2.0])


@pytest.fixture
def measured(book):
    """The toy's result with four seeds, of which each second is tested on the same."""
    registry.unregister(toy_experiments.NAME)
    experiment = registry.register(toy_experiments.toy(seeds=4, turns=TURNS))
    return experiment, run(experiment, out=result_path(experiment.name))


def test_every_reader_of_a_result_sees_its_parts(measured):
    experiment, result = measured
    assert read_result(result_path(experiment.name)).turns == TURNS
    some, none = (result.figures[arm]["accuracy"] for arm in ("some", "none"))
    pairs = [a - b for a, b in zip(some, none, strict=True)]
    parts = [(pairs[0] + pairs[2]) / 2, (pairs[1] + pairs[3]) / 2]
    effect = judge(Comparison("accuracy", "some", "none", "better", 0.1), result).effects[0]
    assert (effect.low, effect.high) == pytest.approx(interval(parts))
    assert len(judge(Comparison("nll", "some", "none", "better", 0.1), result).effects) == 1
    assert result.parts("some", "nll") == () and len(result.difference("some", "none", "nll").values) == 4
    shown = next(one for one in experiment_report(experiment, result).differences if one.metric == "accuracy")
    assert len(shown.values) == 2


def test_turns_that_are_declared_anew_make_a_result_stale_and_need_no_measuring(measured):
    experiment, _ = measured
    result = load_result(experiment.name)
    write_result(structs.replace(result, turns={}), result_path(experiment.name))
    old = load_result(experiment.name)
    assert stale_reason(experiment, old) == "its seeds take turns otherwise than declared today"
    assert stale_reason(experiment, stamped(experiment, old)) is None
    assert stamped(experiment, old) == result


@pytest.mark.parametrize("turns", [{"nobody": {"accuracy": 2}}, {"some": {"nothing": 2}}])
def test_turns_are_of_arms_and_metrics(measured, turns):
    with pytest.raises(ValueError, match="turns must be of"):
        toy_experiments.toy(turns=turns)
    assert [rule for rule, _ in broken(structs.replace(measured[1], turns=turns)) if rule.startswith("turns must be")]
