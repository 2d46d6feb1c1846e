"""The experiments of 5.16: the declarations say what the arms do, a quick try runs, every claim has its verdict."""

from dataclasses import replace

import pytest
import torch

from cnnbook.data.catalogue import load as load_images
from cnnbook.evidence import registry
from cnnbook.evidence.runner import RunOptions
from cnnbook.experiments._classifiers import QUICK_STEPS, measure
from cnnbook.experiments.generalisation import batch_size, dropout
from cnnbook.figures import Figures
from cnnbook.training import TrainConfig
from cnnbook.training.engines import train_seeds

NAMES = ["generalisation/batch_size", "generalisation/dropout"]


@pytest.mark.parametrize("name", NAMES)
def test_a_quick_try_is_short_and_runs(name, quick_try):
    experiment, result = registry.load(name), quick_try(name)
    assert all(5 < value < 60 for value in result.figures[experiment.baseline]["test_accuracy"])  # per cent
    assert {"accuracy_gap", "test_accuracy", "test_ece", "test_nll", "train_accuracy"} <= set(
        result.figures[experiment.baseline]
    )


def test_a_quick_try_cuts_the_curve_off_and_names_all_its_points(monkeypatch):
    asked = []

    def record(config, seeds, **flags):
        asked.append(config)
        return Figures({"loss": [0.0]}, {"loss": {step: [float(step)] for step in config.curve}})

    monkeypatch.setattr("cnnbook.experiments._classifiers.train_seeds", record)
    config = TrainConfig(steps=100, curve=(0, 5, 40, 100))
    quick, full = (measure(config, [0], RunOptions(quick=quick), None) for quick in (True, False))
    assert quick == Figures({"loss": [0.0]}, {"loss": {0: [0.0], 5: [5.0], 40: [10.0], 100: [10.0]}})
    assert asked[0].curve == (0, 5, 10) and asked[0].total_steps == QUICK_STEPS
    assert full.curves["loss"][100] == [100.0] and asked[1] == config


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


def test_dropout_arms_differ_in_masks_and_steps_alone():
    base = dropout.ARMS["none"]
    for name, arm in dropout.ARMS.items():
        assert arm.total_steps == (1200 if name.endswith("_long") else 400)
        assert replace(arm, network_options=base.network_options, steps=base.steps) == base
        parameters = sum(p.numel() for p in dropout.network(**arm.network_options).parameters())
        assert parameters == sum(p.numel() for p in dropout.network().parameters())


def test_masks_lie_where_the_arms_say():
    kinds = [
        [type(layer).__name__ for layer in dropout.network(**arm.network_options)] for arm in dropout.ARMS.values()
    ]
    placed = dict(zip(dropout.ARMS, kinds, strict=True))
    assert not any("Drop" in kind for kind in placed["none"])
    assert placed["dropout_head"][-3:] == ["ReLU", "Dropout", "Linear"]
    for arm, kind in [("dropout_conv", "Dropout"), ("dropout2d_conv", "Dropout2d"), ("dropblock_conv", "DropBlock2d")]:
        assert [place for place, found in enumerate(placed[arm]) if found == kind] == [2, 5]
        assert placed[arm][1] == placed[arm][4] == "ReLU"
    network = dropout.network(convolution=0.2, unit="block").train()
    assert [network[place].block_size for place in (2, 5)] == [5, 3]


@pytest.mark.parametrize("name", ["dropout_conv", "dropout2d_conv", "both"])
def test_all_seeds_at_once_are_the_single_runs(name):
    config = replace(dropout.ARMS[name], steps=6, n_train=64)
    flags = {"accelerator": "cpu", "precision": "64-true", "engine": "ensemble"}
    together = train_seeds(config, [3, 11], **flags)
    for place, seed in enumerate([3, 11]):
        alone = train_seeds(config, [seed], **flags)
        for metric in ("test_nll", "train_nll"):
            assert together[metric][place] == pytest.approx(alone[metric][0], abs=1e-8)
    unmasked = train_seeds(replace(config, network_options={}), [3], **flags)
    assert abs(unmasked["train_nll"][0] - together["train_nll"][0]) > 1e-4


def test_evaluation_is_of_the_whole_network():
    network = dropout.network(head=0.5, convolution=0.2, unit="block")
    x = load_images("fashion-mnist-mini").test_images[:4].float() / 255
    assert torch.equal(network.eval()(x), network(x))
    assert not torch.equal(network.train()(x), network(x))
