"""Batch size: arms hold fixed what their names say, and runs of any length are measured at the same shares."""

import pytest

from cnnbook.evidence import registry
from cnnbook.evidence.runner import RunOptions
from cnnbook.experiments.generalisation import batch_size
from cnnbook.figures import Figures

NAME = "generalisation/batch_size"


def test_a_quick_try_is_short_and_runs(quick_try):
    experiment, result = registry.load(NAME), quick_try(NAME)
    assert all(0 <= value < 60 for value in result.figures[experiment.baseline]["test_accuracy"])  # per cent
    assert {"accuracy_gap", "test_accuracy", "test_ece", "test_nll", "train_accuracy"} <= set(
        result.figures[experiment.baseline]
    )


def test_batch_curves_are_measured_at_the_same_shares_of_runs_of_any_length(monkeypatch):
    def as_told(config, seeds, options, progress):
        curve = {step: [step / config.total_steps] for step in config.curve}
        return Figures({}, {one.metric.name: curve for one in batch_size.CURVES})

    monkeypatch.setattr("cnnbook.experiments._classifiers.measure", as_told)
    for arm in batch_size.ARMS.values():
        figures = batch_size.measure(arm, [0], RunOptions(), None)
        assert {name: tuple(curve) for name, curve in figures.curves.items()} == {
            one.metric.name: one.points for one in batch_size.EXPERIMENT.curves
        }
        assert figures.curves["train_nll"][1 / 4] == [0.25]
        assert figures.curves["test_nll"][1 / 64][0] == pytest.approx(1 / 64, abs=0.005)


def test_batch_arms_hold_fixed_what_their_names_say():
    base = batch_size.ARMS["b32"]
    for name, arm in batch_size.ARMS.items():
        size = int(name.removeprefix("adam_").split("_")[0].removeprefix("b"))
        optimizer = arm.optimizer
        rate = batch_size.RATES["adam" if name.startswith("adam") else "sgd"]
        assert (arm.batch_size, arm.n_train) == (size, base.n_train)
        assert arm.total_steps == (400 if "steps" in name else 400 * 32 // size)
        factor = size / 32 if name.endswith(("scaled", "warmup")) else (size / 32) ** 0.5 if "sqrt" in name else 1
        assert optimizer.lr == pytest.approx(rate * factor)
        assert optimizer.warmup == (20 if name.endswith("warmup") else 0)  # five epochs of four steps
        assert (optimizer.name == "adam") == name.startswith("adam")
