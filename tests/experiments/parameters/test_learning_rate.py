"""The experiments on the learning rate: arms are what their names say, the rate that is found is used."""

import math
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from cnnbook.evidence import registry
from cnnbook.evidence.runner import RunOptions, run
from cnnbook.experiments.parameters import _descent, _finder, learning_rate
from cnnbook.figures import Figures
from cnnbook.training import trainers
from cnnbook.training.networks import build
from cnnbook.training.runs import data_of

QUICK = RunOptions(accelerator="cpu", quick=True)


def test_a_quick_try_of_the_sweep_is_short_and_holds_its_curve(quick_try):
    result = quick_try("parameters/learning_rate")
    assert all(0 <= value < 60 for value in result.of("sgd_0.2", "test_accuracy"))  # per cent
    assert all(2.2 < value < 2.4 for value in result.of("sgd_0.2", "train_nll", 0))  # ln 10, before training


def test_arms_of_the_sweep_differ_in_what_their_names_say():
    for name, arm in learning_rate.SWEEP.arms.items():
        kind, rate, *long = name.split("_")
        optimizer = arm.optimizer
        assert (optimizer.lr, optimizer.momentum, optimizer.schedule) == (float(rate), 0.0, "constant")
        assert optimizer.name == ("adam" if kind == "adam" else "sgd")
        assert arm.loss == ("mse" if kind == "squared" else "cross_entropy")
        assert arm.total_steps == (1200 if long else 240)
    rates = sorted(arm.optimizer.lr for name, arm in learning_rate.SWEEP.arms.items() if name.startswith("sgd"))
    assert math.log10(rates[-1] / rates[0]) >= 6  # six decades


def test_arms_of_the_schedules_differ_in_what_their_names_say():
    arms = learning_rate.SCHEDULES.arms
    assert len({(arm.n_train, arm.n_val, arm.total_steps, arm.batch_size) for arm in arms.values()}) == 1
    names = {name: arm.optimizer.schedule.rpartition(":")[2] for name, arm in arms.items()}
    assert names == {
        "constant": "constant", "step": "step_decay", "exponential": "exponential_decay", "cosine": "cosine",
        "one_cycle": "one_cycle", "plateau": "plateau", "found": "constant", "adam": "constant",
        "adam_found": "constant", "squared_2": "constant", "squared_4": "constant",
        "squared_one_cycle_4": "one_cycle",
    }  # fmt: skip
    assert {name for name, arm in arms.items() if isinstance(arm, _finder.Found)} == {"found", "adam_found"}


def test_the_finders_arm_trains_each_seed_at_the_rate_found_for_it(monkeypatch):
    rates, trained = {7: 0.125, 3: 0.5}, []

    def measured(config, seeds, options, progress):
        trained.append((config.optimizer.lr, list(seeds)))
        return Figures({"loss": [config.optimizer.lr]})

    monkeypatch.setattr(_finder, "suggested_rate", lambda config, seed, options: rates[seed])
    monkeypatch.setattr("cnnbook.experiments._classifiers.measure", measured)
    figures = _finder.measure(learning_rate.SCHEDULES.arms["found"], [7, 3], QUICK, None)
    assert figures == Figures({"loss": [0.125, 0.5], "log_rate": [math.log10(0.125), math.log10(0.5)]})
    assert trained == [(0.125, [7]), (0.5, [3])]
    plain = _finder.measure(learning_rate.SCHEDULES.arms["constant"], [7, 3], QUICK, None)
    assert plain["log_rate"] == [math.log10(0.2)] * 2


def test_the_finder_suggests_one_rate_a_seed_within_its_range_and_keeps_its_files_apart(monkeypatch):
    folders, made = [], trainers.trainer

    def recorded(**flags):
        folders.append(Path(flags["default_root_dir"]))
        return made(**flags)

    monkeypatch.setattr(trainers, "trainer", recorded)
    arm = learning_rate.SCHEDULES.arms["adam_found"]
    first, again = (_finder.suggested_rate(arm, 100, QUICK) for _ in range(2))
    assert first == again and 1e-8 < first < 1
    assert len(set(folders)) == 2 and not any(folder.exists() for folder in folders)


def test_descent_is_full_batch_sgd_on_the_same_images():
    config, seed = _descent.Descent(rate=0.1, examples=64, steps=4, rounds=1), 100
    figures = _descent.one(config, seed)
    run = _descent.TrainConfig(n_train=64, batch_size=64, steps=1)
    data = data_of(run, [seed], stacked=False)
    data.setup()
    batch = next(iter(data.train_dataloader()))
    network = build("small-cnn", seed=seed)
    optimizer, losses = torch.optim.SGD(network.parameters(), lr=0.1), []
    for _ in range(5):
        loss = F.cross_entropy(network(batch.inputs), batch.targets)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert [figures.curves["train_loss"][t][0] for t in range(5)] == pytest.approx(losses, rel=1e-5)
    assert figures["edge"][0] == pytest.approx(0.1 * figures["sharpness"][0] / 2)


def test_the_loss_as_a_function_of_one_vector_is_the_networks():
    network = build("small-cnn", seed=3)
    run = _descent.TrainConfig(n_train=32, batch_size=32, steps=1)
    data = data_of(run, [3], stacked=False)
    data.setup()
    batch = next(iter(data.train_dataloader()))
    flat = nn.utils.parameters_to_vector(network.parameters()).detach()
    expected = F.cross_entropy(network(batch.inputs), batch.targets)
    assert float(_descent.loss_of(network, batch)(flat)) == pytest.approx(expected.item())


@pytest.mark.parametrize("rate, rises", [(0.01, False), (0.5, True)])
def test_rises_are_the_share_of_steps_after_which_the_loss_is_higher(rate, rises):
    figures = _descent.one(_descent.Descent(rate, examples=16, steps=12, rounds=1), seed=0)
    losses = [figures.curves["train_loss"][step][0] for step in range(13)]
    higher = sum(after > before for before, after in pairwise(losses))
    assert figures["rises"][0] == pytest.approx(higher / 12) and bool(higher) == rises and higher < 12
    assert figures["edge"][0] == pytest.approx(rate * figures["sharpness"][0] / 2)


def test_a_quick_try_of_the_descent_runs(tmp_path):
    result = run(registry.load("parameters/learning_rate/oscillation"), seeds=2, options=QUICK, cache=tmp_path)
    assert result.quick
    late, end = (result.of("descent_0.1", "train_loss", at) for at in (10, 100))
    assert late == end
