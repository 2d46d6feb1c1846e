"""The runs made to fail of 5.15.5: each changes one thing, and the recipe reads what was measured."""

import math
from dataclasses import replace

import pytest
import torch

from cnnbook.data.module import SeededData
from cnnbook.evidence.experiment import RunOptions
from cnnbook.evidence.results import load_result
from cnnbook.experiments.parameters import recipe
from cnnbook.figures import Figures
from cnnbook.parameters.recipe import Branch, Curves, diagnose

CPU = RunOptions(accelerator="cpu")


def test_each_arm_is_the_healthy_one_but_for_what_its_name_says():
    healthy, changed = recipe.ARMS["healthy"].to_json(), {}
    for name, arm in recipe.ARMS.items():
        changed[name] = {key for key, value in arm.to_json().items() if value != healthy[key]}
    assert changed == {
        "healthy": set(),
        "diverged": {"optimizer"},
        "slow": {"optimizer"},
        "dead": {"optimizer"},
        "small": {"network"},
        "short": {"steps", "curve"},
        "overfit": {"n_train"},
        "labels": {"n_train", "label_noise"},
        "copies": {"n_train", "data"},
    }
    for name in ("diverged", "slow", "dead"):
        arm = recipe.ARMS[name]
        assert replace(arm.optimizer, lr=recipe.ARMS["healthy"].optimizer.lr) == recipe.ARMS["healthy"].optimizer


def test_validation_among_copies_holds_only_training_images():
    data = SeededData("cnnbook.experiments.parameters.recipe:copied", n_train=500, n_val=500, seed=0)
    data.setup()
    images = [image.numpy().tobytes() for image in data.arrays.train_inputs]
    train = {images[row] for row in data.train_rows[0].tolist()}
    val = [images[row] for row in data.val_rows[0].tolist()]
    assert len(images) == 1000 and len(set(images)) == recipe.DISTINCT
    assert sum(one in train for one in val) == len(val) == 500
    assert data.train_targets[0].bincount().tolist() == [50] * 10


def test_nine_wrong_labels_in_ten_say_nothing_about_the_image():
    data = SeededData(n_train=200, n_val=500, label_noise=0.9, seed=3)
    data.setup()
    right = data.arrays.train_targets[data.train_rows[0]] == data.train_targets[0]
    assert right.float().mean() == pytest.approx(0.1)  # as often as by chance


def test_the_small_network_sees_nine_numbers():
    network = recipe.brightness()
    assert sum(p.numel() for p in network.parameters()) == 100
    images = torch.rand(2, 1, 28, 28)
    assert network[:-1](images).shape == (2, 9)


def test_the_seeds_are_none_that_the_recipe_was_mended_on(monkeypatch):
    asked = []
    monkeypatch.setattr(
        "cnnbook.experiments._classifiers.measure", lambda config, seeds, *_: asked.append(seeds) or Figures({})
    )
    with pytest.raises(KeyError):
        recipe.measure(recipe.ARMS["healthy"], [0, 7], CPU, None)
    assert asked == [[1000, 1007]]


def test_a_quick_try_gives_every_metric_and_one_branch_a_seed():
    for name in ("healthy", "short"):
        figures = recipe.measure(recipe.ARMS[name], [0, 1], replace(CPU, quick=True), None)
        assert {metric.name for metric in recipe.EXPERIMENT.metrics} <= set(figures.values)
        assert all(tuple(figures.curves[one.metric.name]) == one.points for one in recipe.EXPERIMENT.curves)
        assert [sum(figures[called][seed] for called in recipe.CALLED.values()) for seed in (0, 1)] == [1, 1]


def test_the_result_is_what_the_recipe_says_of_its_curves():
    result = load_result(recipe.EXPERIMENT.name)
    for arm, figures in result.figures.items():
        for seed in range(len(result.seeds)):
            curves = [
                list({recipe.at(s, 300): result.of(arm, name, s)[seed] for s in recipe.SHARES}.items())
                for name in ("train_nll", "val_nll")
            ]
            if any(not math.isfinite(value) for curve in curves for _, value in curve):
                continue
            found = diagnose(Curves(*curves, classes=10)).branch
            called = [branch for branch, name in recipe.CALLED.items() if figures[name][seed]]
            assert called == [found] or {*called, found} <= {Branch.DATA, Branch.OVERFIT}, (arm, seed)
