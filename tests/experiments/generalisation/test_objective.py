"""Objective: arms differ in loss, labels and steps alone; brightness and its outliers; errors by hand."""

import math
from dataclasses import replace

import pytest
import torch

from cnnbook.data.catalogue import load as load_images
from cnnbook.evidence import registry
from cnnbook.experiments.generalisation import _brightness, objective
from cnnbook.training.engines import train_seeds

NAMES = ["generalisation/objective", "generalisation/objective/regression"]
FLAGS = {"accelerator": "cpu", "precision": "64-true", "engine": "ensemble"}


@pytest.mark.parametrize("name", NAMES)
def test_a_quick_try_is_short_and_gives_every_metric(name, quick_try):
    experiment, result = registry.load(name), quick_try(name)
    assert {metric.name for metric in experiment.metrics} == set(result.figures[experiment.baseline])
    assert all(math.isfinite(v) for values in result.figures[experiment.baseline].values() for v in values)


def test_the_brightness_is_that_of_the_lower_half_and_outliers_are_in_training_alone():
    images = load_images("fashion-mnist-mini")
    clean, spoilt = _brightness.lower_half(), _brightness.lower_half(0.15)
    assert float(clean.train_targets[7]) == pytest.approx(float(images.train_images[7, 0, 14:].float().mean() / 255))
    assert torch.equal(clean.test_inputs[3, 0] * 255, images.test_images[3, 0, :14].float())
    assert torch.equal(clean.test_targets, spoilt.test_targets) and torch.equal(clean.train_inputs, spoilt.train_inputs)
    changed = (clean.train_targets != spoilt.train_targets).flatten()
    assert int(changed.sum()) == 750 and bool((spoilt.train_targets[changed] == 1).all())
    assert clean.train_targets.max() < 1
    with pytest.raises(ValueError, match=r"must be in \[0, 1\], got outliers=1.5"):
        _brightness.lower_half(1.5)


def test_errors_by_hand():
    outputs, targets = torch.tensor([1.0, 4.0]).view(2, 1, 1, 1), torch.tensor([1.0, 2.0]).view(2, 1, 1, 1)
    assert _brightness.errors(outputs, targets) == {"rmse": pytest.approx(2**0.5), "mae": 1.0, "bias": 1.0}
    assert all(math.isnan(v) for v in _brightness.errors(outputs * math.nan, targets).values())


def test_objective_arms_differ_in_loss_labels_and_steps_alone():
    base = objective.ARMS["cross_entropy_clean"]
    for name, arm in objective.ARMS.items():
        assert arm.total_steps == (1350 if name.endswith("_long") else 450)
        assert arm.label_noise == (0.3 if "noise" in name else 0.0)
        assert (arm.class_counts is not None) == ("imbalance" in name)
        same = {"loss": base.loss, "loss_options": {}, "label_noise": 0.0, "class_counts": None, "steps": 450}
        assert replace(arm, **same) == base
        function = (
            "absolute"
            if "absolute" in name
            else "brier"
            if "squared" in name
            else "focal"
            if "focal" in name
            else "cross_entropy"
        )
        assert function in arm.loss and arm.loss_options.get("softmax", True) == ("raw" not in name)
    regression = objective.REGRESSION.arms
    for name, arm in regression.items():
        assert arm.data_options == {"outliers": 0.15 if name.endswith("outliers") else 0.0}
        same = {"loss": "mse", "loss_options": {}, "data_options": {"outliers": 0.0}}
        assert replace(arm, **same) == regression["squared_clean"]
        names = {"squared": "mse", "absolute": "mae", "huber": "torch.nn.functional:huber_loss"}
        assert arm.loss == names[name.split("_")[0]]


@pytest.mark.parametrize(
    "config",
    [
        objective.ARMS["focal_noise"],
        objective.ARMS["squared_clean"],
        objective.ARMS["absolute_raw_noise"],
        objective.REGRESSION.arms["huber_outliers"],
    ],
    ids=lambda config: config.loss + config.sampler,
)
def test_all_seeds_at_once_are_the_single_runs(config):
    config = replace(config, steps=6, curve=())
    figure = "test_mse" if config.task == "regression" else "test_nll"
    together = train_seeds(config, [3, 11], **FLAGS)
    for place, seed in enumerate([3, 11]):
        alone = train_seeds(config, [seed], **FLAGS)
        assert together[figure][place] == pytest.approx(alone[figure][0], abs=1e-8)
    assert abs(together[figure][0] - together[figure][1]) > 1e-6
