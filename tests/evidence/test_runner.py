"""Running: the same figures whoever measures, nothing measured twice, nothing lost when it stops."""

import dataclasses
import functools
import json
import os
import time
from collections import Counter

import pytest
import torch

import toy_experiments
from cnnbook.evidence import fanout, runner
from cnnbook.evidence.codehash import code_hash
from cnnbook.evidence.errors import OptionError, ResultError, RunError
from cnnbook.evidence.experiment import MANY, RunOptions
from cnnbook.evidence.metrics import Axis, Curve, Metric
from cnnbook.evidence.paths import result_path
from cnnbook.evidence.results import load_result
from cnnbook.evidence.runner import run
from cnnbook.evidence.staleness import stale_reason
from cnnbook.evidence.text import Text
from cnnbook.figures import Figures
from cnnbook.parallel import threads


def measured(log, how="full"):
    """(arm id, seed) → how often it was measured in full, or in a quick try."""
    rows = (line.split() for line in log.read_text(encoding="utf-8").splitlines())
    return Counter((int(arm), int(seed)) for arm, seed, _, this in rows if this == how)


def everything(seeds):
    return Counter({(arm, seed): 1 for arm in range(3) for seed in range(seeds)})


def test_a_run_measures_every_arm_and_seed_once_and_reports_progress(book):
    reports = []
    log = book / "log"
    result = run(toy_experiments.toy(seeds=4, common={"log": str(log)}), report=lambda *row: reports.append(row))
    assert measured(log) == everything(4)
    assert set(result.figures["none"]) == {"accuracy", "nll"}, "what measure returns beside the metrics is left"
    curves = result.curves["none"]
    assert {name: list(points) for name, points in curves.items()} == {"accuracy": [0, 20]}, "and beside the points"
    assert curves["accuracy"][20] == result.figures["none"]["accuracy"] and set(curves["accuracy"][0]) == {100.0}
    assert 50 < result.figures["none"]["accuracy"][2] < result.figures["much"]["accuracy"][2] < 90, "in per cent"
    done = [row[0] for row in reports]
    assert done == sorted(done) and done[0] == 0 and done[-1] == 12 and {row[1] for row in reports} == {12}


@pytest.mark.parametrize("jobs", [2, 5])
def test_processes_give_the_same_figures(book, jobs):
    log = book / "log"
    alone = run(toy_experiments.toy(seeds=5))
    shared = run(toy_experiments.toy(seeds=5, common={"log": str(log), "company": True}), jobs=jobs)
    assert shared.figures == alone.figures
    assert measured(log) == everything(5)
    assert len(toy_experiments.processes(log)) > 1, "several processes"


@pytest.mark.parametrize(
    ("jobs", "one_process", "quick", "size"),
    [(2, False, False, 4), (1, False, False, 12), (2, True, False, 12), (2, True, True, 4)],
)
def test_seeds_that_are_trained_together_are_measured_together(book, monkeypatch, jobs, one_process, quick, size):
    """Otherwise numbers would add up in another order where there are more cores."""
    handed = []

    def noted(tasks, options, jobs, *more):
        handed.append(([(chunk.arm, chunk.seeds) for _, chunk in tasks], jobs))
        return fanout.measure_all(tasks, options, 1, *more)

    monkeypatch.setattr(runner, "measure_all", noted)
    run(toy_experiments.toy(seeds=12, one_process=one_process), jobs=jobs, options=RunOptions(quick=quick))
    parts = [tuple(range(start, start + size)) for start in range(0, 12, size)]
    chunks = [(arm, part) for arm in ("none", "some", "much") for part in parts]
    assert handed[0] == (chunks, 1 if size == 12 else 2)


@pytest.mark.parametrize("jobs", [1, 2])
def test_numbers_are_added_up_by_one_thread_whoever_measures(book, jobs):
    with threads(3):
        result = run(toy_experiments.toy(seeds=2, measure=toy_experiments.counts_threads), jobs=jobs)
        assert torch.get_num_threads() == 3
    assert {value for arm in result.figures.values() for value in arm["nll"]} == {1.0}


def test_time_in_which_two_arms_are_measured_counts_once(book):
    slow = toy_experiments.toy(seeds=2, common={"log": str(book / "log"), "company": True, "sleep": 0.5})
    start = time.monotonic()
    result = run(slow, jobs=3)
    assert 1 <= result.seconds <= time.monotonic() - start  # three times a second, at once


@pytest.mark.parametrize(("how", "error"), [("interrupt", KeyboardInterrupt), ("raise", RuntimeError)])
def test_a_run_that_stops_goes_on_from_its_finished_arms_and_keeps_the_old_result(book, how, error):
    old = run(toy_experiments.toy(seeds=3), out=result_path(toy_experiments.NAME))
    before = result_path(toy_experiments.NAME).read_bytes()
    log, trigger = book / "log", book / "trigger"
    trigger.touch()
    experiment = toy_experiments.toy(
        seeds=3, common={"log": str(log)}, some={"trigger": str(trigger), "how": how}
    )  # the second of three arms
    with pytest.raises(error):
        run(experiment, out=result_path(experiment.name))
    assert result_path(experiment.name).read_bytes() == before
    result = run(experiment, out=result_path(experiment.name))
    assert measured(log) == everything(3) + Counter({(1, seed): 1 for seed in range(3)}), (
        "the first arm is not measured again"
    )
    assert result.figures == old.figures
    assert load_result(experiment.name).seconds == pytest.approx(result.seconds, abs=1e-3)
    run(experiment, out=result_path(experiment.name))
    assert measured(log)[0, 0] == 2, "once the result is written, the next run starts anew"


def other_code(monkeypatch, *arms):
    """As if the code of these arms, by default of all, had been changed."""
    real = runner.experiment_definitions

    def changed(experiment):
        return {
            arm: {"other": "code"} if arm in (arms or experiment.arms) else own for arm, own in real(experiment).items()
        }

    for module in ("runner", "staleness"):
        monkeypatch.setattr(f"cnnbook.evidence.{module}.experiment_definitions", changed)
    ids = {changed_arm: number for number, changed_arm in enumerate(("none", "some", "much"))}
    real_code = fanout.arm_code

    def code(measure, config):
        hit = config["id"] in [ids[arm] for arm in arms or ids]
        return code_hash({"other": "code"}) if hit else real_code(measure, config)

    monkeypatch.setattr(fanout, "arm_code", code)


def test_an_arm_that_is_added_or_changed_is_measured_alone(book, monkeypatch):
    """What stands in the result stays; a result that stands as a whole is measured again when that is asked for."""
    log, out = book / "log", result_path(toy_experiments.NAME)
    small = toy_experiments.toy(seeds=3, common={"log": str(log)})
    small = dataclasses.replace(small, arms={arm: small.arms[arm] for arm in ("none", "some")}, comparisons=())
    run(small, out=out)
    before = load_result(small.name)
    added = toy_experiments.toy(seeds=3, common={"log": str(log)})
    result = run(added, out=out)
    assert measured(log) == everything(3) and result.figures["some"] == before.figures["some"]
    assert measured(log, "quick") == Counter({(arm, 0): 1 for arm in range(3)}), "so are the probes"
    assert load_result(added.name).seconds >= before.seconds and stale_reason(added, load_result(added.name)) is None
    run(toy_experiments.toy(seeds=3, common={"log": str(log)}, much={"gain": 4.0}), out=out)
    assert measured(log) == everything(3) + Counter({(2, seed): 1 for seed in range(3)})
    run(toy_experiments.toy(seeds=3, common={"log": str(log)}), out=out)
    other_code(monkeypatch, "some")
    run(toy_experiments.toy(seeds=3, common={"log": str(log)}), out=out)
    assert measured(log)[1, 0] == 2 and measured(log)[0, 0] == 1
    run(toy_experiments.toy(seeds=3, common={"log": str(log)}), out=out)
    assert measured(log)[0, 0] == 2, "all stand, so all are measured again"


def test_other_seeds_or_options_take_nothing_over(book):
    log, out = book / "log", result_path(toy_experiments.NAME)
    run(toy_experiments.toy(seeds=3, common={"log": str(log)}), out=out)
    other = toy_experiments.toy(seeds=3, common={"log": str(log)}, much={"gain": 4.0})
    assert runner.completable(other, range(3), RunOptions(), out) is not None
    assert runner.completable(other, range(4), RunOptions(), out) is None
    assert runner.completable(other, range(3), RunOptions(precision="bf16-mixed"), out) is None
    body = json.loads(out.read_text(encoding="utf-8"))
    body["versions"]["torch"] = "1.0"
    out.write_text(json.dumps(body), encoding="utf-8")
    assert runner.completable(other, range(3), RunOptions(), out) is None


def test_more_seeds_go_on_from_fewer(book):
    log = book / "log"
    experiment = toy_experiments.toy(common={"log": str(log)})
    run(experiment, seeds=2)
    assert run(experiment, seeds=4).seeds == (0, 1, 2, 3)
    assert measured(log) == everything(4)


def test_other_options_and_other_code_start_anew(book, monkeypatch):
    log = book / "log"
    experiment = toy_experiments.toy(seeds=2, common={"log": str(log)})
    run(experiment)
    run(experiment, options=RunOptions(precision="bf16-mixed"))
    assert measured(log) == everything(2) + everything(2)
    other_code(monkeypatch)
    run(experiment)
    assert measured(log)[0, 0] == 3


@pytest.mark.skipif(os.name == "nt", reason="signals as on POSIX")
def test_a_killed_worker_is_said_and_what_was_measured_is_kept(book):
    log, trigger = book / "log", book / "trigger"
    trigger.touch()
    experiment = toy_experiments.toy(
        seeds=4,
        common={"log": str(log)},
        much={"trigger": str(trigger), "how": "kill", "after": str(book / ".cache/cnnbook/partial/parameters/toy")},
    )
    with pytest.raises(RunError, match=r"a worker process died.* what was measured so far is kept"):
        run(experiment, jobs=2)
    result = run(experiment, jobs=2)
    assert result.figures == run(toy_experiments.toy(seeds=4), cache=book / "elsewhere").figures
    assert all(measured(log)[0, seed] == 1 for seed in range(4)), "the arm that was finished is not measured again"


def test_a_full_disk_in_mid_run_loses_nothing(book, monkeypatch):
    log = book / "log"
    experiment = toy_experiments.toy(seeds=2, common={"log": str(log)})
    real = runner.write_result

    def full(result, path):
        raise ResultError(f"{path} could not be written: No space left on device")

    monkeypatch.setattr(runner, "write_result", full)
    with pytest.raises(ResultError, match="No space left"):
        run(experiment, out=result_path(experiment.name))
    monkeypatch.setattr(runner, "write_result", real)
    run(experiment, out=result_path(experiment.name))
    assert measured(log) == everything(2)


def test_a_broken_kept_file_is_measured_again(book):
    experiment = toy_experiments.toy(seeds=2)
    figures = run(experiment).figures
    kept = list((book / ".cache" / "cnnbook" / "partial" / experiment.name).glob("*.json"))
    assert len(kept) == 3
    kept[0].write_text("{", encoding="utf-8")
    body = json.loads(kept[1].read_text(encoding="utf-8"))
    body["seeds"]["0"]["figures"].pop("nll")
    kept[1].write_text(json.dumps(body), encoding="utf-8")
    body = json.loads(kept[2].read_text(encoding="utf-8"))
    body["seeds"]["1"]["curves"]["accuracy"].pop("20")
    kept[2].write_text(json.dumps(body), encoding="utf-8")
    assert run(experiment).figures == figures
    kept[0].write_text("[" * 100_000, encoding="utf-8")
    assert run(experiment).figures == figures


@pytest.mark.parametrize("wrong", [0.5, None, "0.7"])
def test_a_kept_figure_that_was_changed_is_measured_again(book, wrong):
    experiment = toy_experiments.toy(seeds=2)
    figures = run(experiment).figures
    for kept in (book / ".cache" / "cnnbook" / "partial" / experiment.name).glob("*.json"):
        body = json.loads(kept.read_text(encoding="utf-8"))
        body["seeds"]["0"]["figures"]["nll"] = wrong
        kept.write_text(json.dumps(body), encoding="utf-8")
    assert run(experiment).figures == figures


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (
            Figures({"accuracy": [1.0, 2.0]}),
            "arm 'none': measure must return 'nll', got accuracy",
        ),
        (Figures({"accuracy": [1.0], "nll": [1.0, 2.0]}), "one number for each of 2 seeds, got 1 for 'accuracy'"),
        (
            Figures({"accuracy": [1.0, 2.0], "nll": [1.0, 2.0]}, {"accuracy": {0: [0.0, 0.0], 21: [0.0, 0.0]}}),
            "arm 'none': measure must return the curve of 'accuracy' at 20, got 0, 21",
        ),
    ],
)
def test_a_measure_that_returns_something_else_is_refused(book, returned, message):
    with pytest.raises(RunError, match=message):
        run(toy_experiments.toy(seeds=2, measure=functools.partial(toy_experiments.returns, returned)))


def test_a_worker_with_other_code_is_found_out(book, monkeypatch):
    monkeypatch.setattr(fanout, "arm_code", lambda measure, config: "other")
    with pytest.raises(RunError, match="every worker must run the same code, got"):
        run(toy_experiments.toy(seeds=2))


def test_code_that_changes_while_it_runs_makes_no_result(book, monkeypatch):
    hashes = iter([{"a": "1"}, {"a": "2"}])
    monkeypatch.setattr(runner, "experiment_definitions", lambda one: dict.fromkeys(one.arms, next(hashes)))
    monkeypatch.setattr(fanout, "arm_code", lambda measure, config: code_hash({"a": "1"}))
    with pytest.raises(RunError, match="its code changed while it ran"):
        run(toy_experiments.toy(seeds=2), out=result_path(toy_experiments.NAME))
    assert not result_path(toy_experiments.NAME).exists()


@pytest.mark.parametrize("variable", ["RANK", "LOCAL_RANK", "SLURM_PROCID"])
def test_the_further_processes_of_one_training_write_nothing(book, monkeypatch, variable):
    monkeypatch.setenv(variable, "1")
    along = run(toy_experiments.toy(seeds=2), out=result_path(toy_experiments.NAME))
    assert not (book / "results").exists() and not (book / ".cache").exists()
    monkeypatch.setenv(variable, "0")
    assert run(toy_experiments.toy(seeds=2), out=result_path(toy_experiments.NAME)).figures == along.figures
    assert result_path(toy_experiments.NAME).exists()


@pytest.mark.parametrize("seeds", [0, 1, [7]])
def test_fewer_than_two_seeds_are_refused(book, seeds):
    with pytest.raises(OptionError, match="seeds must be at least 2, got"):
        run(toy_experiments.toy(), seeds=seeds)


def test_points_of_a_long_curve_are_kept_and_not_compared():
    loss, gap = (Metric(name, Text(f"{name} 数", name), "", "lower", digits=3) for name in ("loss", "gap"))
    axis = Axis("step", "", Text("{metric} {at}", "{metric} {at}"))

    def compared(points):
        curves = [Curve(gap, axis, (5,)), Curve(loss, axis, tuple(range(points)))]
        return [(one.metric.name, one.at) for one in toy_experiments.toy(metrics=[loss], curves=curves).compared]

    assert compared(MANY) == [("loss", None), ("gap", 5)]
    assert compared(MANY - 1) == [("loss", None), ("gap", 5), *(("loss", at) for at in range(MANY - 1))]
