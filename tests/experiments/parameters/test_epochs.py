"""Epochs: several arms read one run, each where it says, and early stopping by the validation loss alone."""

import json
from dataclasses import replace

import pytest

from cnnbook.evidence import registry
from cnnbook.evidence.experiment import RunOptions
from cnnbook.experiments.parameters import epochs
from cnnbook.figures import Figures
from cnnbook.parameters.epochs import early_stopping
from cnnbook.training.config import TrainConfig
from cnnbook.training.runs import data_of

NAME = "parameters/epochs"
CPU = RunOptions(accelerator="cpu")


@pytest.fixture(autouse=True)
def nothing_kept():
    epochs.trained.cache_clear()
    yield
    epochs.trained.cache_clear()


def test_a_quick_try_is_short_and_trains_each_run_once(quick_try):
    experiment, result = registry.load(NAME), quick_try(NAME, trained=epochs.RUNS)
    assert all(0 <= value < 70 for value in result.figures[experiment.baseline]["test_accuracy"])  # per cent
    assert {metric.name for metric in experiment.metrics} == set(result.figures[experiment.baseline])


def test_runs_differ_in_examples_validation_and_labels_alone():
    for name, run in epochs.RUNS.items():
        assert run.label_noise == (0.3 if name == "noise" else 0.0)
        same = {"n_train": 512, "n_val": 200, "label_noise": 0.0}
        assert replace(run, **same) == epochs.RUNS["n512"]
        assert name[1:] == str(run.n_train) or name in ("noise", "part", "whole")
    part, whole = epochs.RUNS["part"], epochs.RUNS["whole"]
    assert part.n_train + part.n_val == whole.n_train and whole.n_val == 0


def test_arms_read_their_run_where_their_names_say():
    for name, arm in epochs.ARMS.items():
        run, _, where = name.partition("_")
        assert arm.run == epochs.RUNS[run]
        if where == "few":
            assert arm.at * arm.run.batch_size == epochs.FEW * arm.run.n_train
        else:
            assert arm.at == (epochs.STEPS if where == "end" else None)
        assert (arm.chosen_by == epochs.RUNS["part"]) == (name == "whole_stop")
        assert arm.at is None or arm.at in epochs.CHECKS
    assert set(epochs.SHOWN) <= set(epochs.CHECKS)


def test_the_two_sides_of_the_cost_share_their_images():
    rows = {}
    for name in ("part", "whole"):
        data = data_of(epochs.RUNS[name], [7], stacked=True)
        data.setup("fit")
        rows[name] = set(data.train_rows.flatten().tolist()) | set(data.val_rows.flatten().tolist())
    assert rows["part"] == rows["whole"] and len(rows["part"]) == 500


@pytest.fixture
def told(monkeypatch):
    """Figures that say which run, step and seed they are of, instead of training."""

    def measure(config, seeds, options, progress):
        names = [metric.name for metric in epochs._classifiers.METRICS]
        path = {step: [config.n_train + step / 10_000 + seed for seed in seeds] for step in config.curve}
        curves = dict.fromkeys(names, path)
        if config.n_val:  # seed 0 is best at step 64, seed 1 at step 256
            far = {step: [abs(step - (64, 256)[seed]) + config.label_noise for seed in seeds] for step in config.curve}
            curves["val_nll"] = far
        return Figures({name: [0.0 for _ in seeds] for name in names}, curves)

    monkeypatch.setattr(epochs._classifiers, "measure", measure)


def test_each_seed_is_read_where_its_own_validation_loss_says(told):
    found = epochs.measure(epochs.ARMS["n128_stop"], [0, 1], CPU, None)
    assert found["steps"] == [64.0, 256.0] and found["epochs"] == [16.0, 64.0]
    assert found["test_accuracy"] == [128 + 0.0064, 128 + 0.0256 + 1]
    found = epochs.measure(epochs.ARMS["whole_stop"], [0, 1], CPU, None)
    assert found["steps"] == [64.0, 256.0] and found["test_nll"] == [500 + 0.0064, 500 + 0.0256 + 1]
    found = epochs.measure(epochs.ARMS["n2048_few"], [0, 1], CPU, None)
    assert found["steps"] == [512.0, 512.0] and found["epochs"] == [8.0, 8.0]
    assert found["test_nll"] == [2048 + 0.0512, 2048 + 0.0512 + 1]


def test_a_reading_does_not_depend_on_which_seeds_are_measured_together(told):
    both = epochs.measure(epochs.ARMS["noise_stop"], [0, 1], CPU, None)
    for seed in (0, 1):
        alone = epochs.measure(epochs.ARMS["noise_stop"], [seed], CPU, None)
        assert alone["steps"] == both["steps"][seed : seed + 1]


def test_a_run_is_what_training_it_alone_gives():
    """The curve's points and the choice, on a run cut down to a few steps."""
    checks = (2, 4, 6, 8)
    run = replace(epochs.RUNS["n128"], steps=8, curve=checks)
    found = epochs._classifiers.measure(run, [3], CPU, None)
    assert TrainConfig.from_json(json.loads(json.dumps(run.to_json()))) == run
    shorter = epochs._classifiers.measure(replace(run, steps=4, curve=()), [3], CPU, None)
    assert found.curves["test_nll"][4] == pytest.approx(shorter["test_nll"], abs=1e-6)
    assert early_stopping({step: found.curves["val_nll"][step][0] for step in checks}).best in checks
