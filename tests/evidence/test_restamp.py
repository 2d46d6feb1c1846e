"""A refactoring is proven harmless by measuring a little again; one that is not is found out."""

import json
import math

import pytest
from msgspec.structs import replace

import toy_experiments
from cnnbook.cli.restamp import restamp
from cnnbook.evidence import fanout, registry, runner
from cnnbook.evidence.errors import ResultError
from cnnbook.evidence.paths import result_path
from cnnbook.evidence.restamp import BITS, DIFFERS, DRAW, ROUNDING, TOLERANCE, apart, try_again
from cnnbook.evidence.results import load_result, write_result
from cnnbook.evidence.runner import run
from cnnbook.evidence.staleness import stale_reason

PATH = "results/parameters/toy.json"


@pytest.fixture
def stale(book):
    """The toy's result, as if made by other code."""
    experiment = registry.load(toy_experiments.NAME)
    run(experiment, out=result_path(experiment.name))
    edit(lambda body: body["code"]["arms"].update(none="0"))
    assert stale_reason(experiment, load_result(experiment.name))
    return experiment


def edit(change):
    path = result_path(toy_experiments.NAME)
    body = json.loads(path.read_text(encoding="utf-8"))
    change(body)
    path.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def shift(monkeypatch, arm, by):
    """As if changed code measured an arm otherwise."""
    monkeypatch.setenv(f"TOY_SHIFT_{arm}", str(by))


def how(experiment):
    trials = try_again({experiment.name: experiment}, {experiment.name: load_result(experiment.name)}, jobs=1)
    return {(one.arm, one.full): one.how for one in trials}


def test_what_measures_the_same_is_restamped_and_nothing_else_in_the_file_changes(stale, capsys):
    before = json.loads(result_path(stale.name).read_text(encoding="utf-8"))
    assert restamp([stale.name], jobs=1)
    assert f"{PATH}: 4 of 4 trials bit for bit; restamped" in capsys.readouterr().out
    after = json.loads(result_path(stale.name).read_text(encoding="utf-8"))
    assert stale_reason(stale, load_result(stale.name)) is None
    assert {key for key in before if before[key] != after[key]} == {"code"}
    assert restamp([], jobs=1)
    assert "Nothing is stale." in capsys.readouterr().out


def test_an_arm_that_measures_otherwise_is_named_and_the_result_stays(stale, monkeypatch, capsys):
    before = result_path(stale.name).read_bytes()
    shift(monkeypatch, 2, 1.0)
    assert how(stale) == {("none", True): BITS, ("none", False): BITS, ("some", False): BITS, ("much", False): DIFFERS}
    assert not restamp([stale.name], jobs=1)
    out = capsys.readouterr().out
    assert f"{PATH}: 3 of 4 trials bit for bit; not restamped, run it again: cnnbook run parameters/toy" in out
    assert "much" in out and "differs" in out
    assert result_path(stale.name).read_bytes() == before


def test_rounding_is_told_from_a_difference(stale, monkeypatch):
    shift(monkeypatch, 1, 1e-6)
    assert how(stale)["some", False] == ROUNDING
    shift(monkeypatch, 1, 1.0)
    assert how(stale)["some", False] == DIFFERS


def test_what_is_nothing_but_rounding_is_no_difference():
    assert apart(1.4e-8, -3.2e-8) == apart(0.0, 1e-7) == TOLERANCE
    assert apart(1.4e-8, 1e-5) > TOLERANCE < apart(0.0, 1e-5)


def test_the_baseline_is_measured_in_full(stale):
    """A probe that agrees does not hide a full run that does not."""
    result = load_result(stale.name)
    figures = {
        **result.figures,
        "none": {**result.figures["none"], "nll": (math.nan, *result.figures["none"]["nll"][1:])},
    }
    trials = try_again({stale.name: stale}, {stale.name: replace(result, figures=figures)}, jobs=1)
    assert [one.how for one in trials if one.full] == [DIFFERS]
    assert [one.metric for one in trials if one.full] == [toy_experiments.NLL.label.en]


def test_the_seeds_of_the_baseline_are_measured_in_the_groups_of_a_run(book, monkeypatch):
    """Else a measure that sorts them by fold trained others together, and rounded otherwise."""
    experiment = toy_experiments.toy(seeds=12, measure=toy_experiments.counts_seeds)
    here = lambda tasks, options, jobs, *more: fanout.measure_all(tasks, options, 1, *more)  # noqa: E731
    monkeypatch.setattr(runner, "measure_all", here)
    result = run(experiment, jobs=2)
    assert set(result.figures["none"]["nll"]) == {4.0}
    trials = try_again({experiment.name: experiment}, {experiment.name: result}, jobs=1)
    assert {one.how for one in trials} == {BITS} and sum(one.full for one in trials) == 1


def test_a_baseline_that_is_another_draw_of_the_same_agrees_by_its_intervals(stale):
    """On a processor that rounds otherwise, hundreds of steps are another draw; a probe has no such leave."""
    result = load_result(stale.name)

    def moved(by):
        row = {name: tuple(one + by * abs(one) for one in values) for name, values in result.figures["none"].items()}
        figures = {**result.figures, "none": row}
        trials = try_again({stale.name: stale}, {stale.name: replace(result, figures=figures)}, jobs=1)
        return [one.how for one in trials if one.full]

    assert moved(0.01) == [DRAW] and moved(0.5) == [DIFFERS]


def test_what_is_declared_otherwise_has_to_be_measured(stale):
    edit(lambda body: body["configuration"]["much"].update(gain=9.0))
    with pytest.raises(ResultError, match="must have the configurations declared today"):
        how(stale)


def test_a_result_without_probes_has_to_be_measured(stale):
    write_result(replace(load_result(stale.name), probe={}), result_path(stale.name))
    with pytest.raises(ResultError, match="must have the probes declared today"):
        how(stale)
