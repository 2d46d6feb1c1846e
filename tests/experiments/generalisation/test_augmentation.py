"""Augmentation: the arms are what their names say, and train as alone."""

import math
from dataclasses import replace

import pytest
import torch

from cnnbook.evidence import registry
from cnnbook.experiments.generalisation import augmentation
from cnnbook.training.engines import train_seeds

NAME = "generalisation/augmentation"
FLAGS = {"accelerator": "cpu", "precision": "64-true", "engine": "ensemble"}


def test_a_quick_try_is_short_and_runs(quick_try):
    experiment, result = registry.load(NAME), quick_try(NAME)
    assert all(0 <= value < 70 for value in result.figures[experiment.baseline]["test_accuracy"])  # per cent
    assert {metric.name for metric in experiment.metrics} == set(result.figures[experiment.baseline])


def test_augmentations_differ_in_themselves_and_in_steps_alone():
    base = augmentation.ARMS["none"]
    for name, arm in augmentation.ARMS.items():
        assert arm.total_steps == (300 if name.endswith("_brief") else 900)
        assert replace(arm, methods=base.methods, steps=base.steps) == base
        assert arm.methods.scores == base.methods.scores
        assert bool(arm.methods.augment) == (not name.startswith("none"))


def test_with_more_images_and_steps_nothing_else_differs(quick_try):
    assert list(augmentation.MANY_ARMS) == ["none", "shift", "flip", "mixup", "cutmix"]
    for name, arm in augmentation.MANY_ARMS.items():
        assert replace(arm, n_train=512, steps=900) == augmentation.ARMS[name]
        assert (arm.n_train, arm.total_steps) == (4000, 3000)
    assert set(quick_try(f"{NAME}/many").figures) == set(augmentation.MANY_ARMS)


def test_what_comes_in_is_black():
    for name in ("shift", "rotation", "cutout", "rotation_180"):
        assert augmentation.KINDS[name][1]["fill"] == augmentation.BLACK
    assert pytest.approx(augmentation.BLACK) == -augmentation.CARD.mean / augmentation.CARD.std


def test_recall_is_of_each_class_and_unknown_where_outputs_are_not_finite():
    outputs = torch.eye(10)[[1, 2, 3, 6, 6, 9]]
    targets = torch.tensor([1, 1, 3, 6, 6, 3])
    found = augmentation.recall(outputs, targets)
    assert [found[f"recall_{one}"] for one in (1, 3, 6)] == [0.5, 0.5, 1.0]
    outputs[0, 0] = torch.inf
    assert all(math.isnan(value) for value in augmentation.recall(outputs, targets).values())


@pytest.mark.parametrize("name", ["shift", "rotation", "crop", "noise", "mixup", "flip_cutmix"])
def test_all_seeds_at_once_are_the_single_runs(name):
    config = replace(augmentation.ARMS[name], steps=5, n_train=64)
    together = train_seeds(config, [3, 11], **FLAGS)
    for place, seed in enumerate([3, 11]):
        alone = train_seeds(config, [seed], **FLAGS)
        for metric in ("test_nll", "train_nll"):
            assert together[metric][place] == pytest.approx(alone[metric][0], abs=1e-8)
    without = train_seeds(replace(config, methods=augmentation.ARMS["none"].methods), [3], **FLAGS)
    assert abs(without["train_nll"][0] - together["train_nll"][0]) > 1e-4
