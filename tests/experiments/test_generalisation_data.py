"""The experiments of 5.16.1, 5.16.3 and 5.16.4: the arms do what their names say, and every claim has its verdict."""

import math
from dataclasses import replace

import pytest
import torch

from cnnbook.data.catalogue import load as load_images
from cnnbook.data.module import SeededData
from cnnbook.evidence import registry
from cnnbook.evidence.runner import RunOptions
from cnnbook.experiments.generalisation import _brightness, data_distribution, more_data, objective
from cnnbook.training.engines import train_seeds

NAMES = [
    "generalisation/more_data",
    "generalisation/data_distribution",
    "generalisation/objective",
    "generalisation/objective/regression",
]
FLAGS = {"accelerator": "cpu", "precision": "64-true", "engine": "ensemble"}


@pytest.mark.parametrize("name", NAMES)
def test_a_quick_try_is_short_and_gives_every_metric(name, quick_try):
    experiment, result = registry.load(name), quick_try(name)
    assert {metric.name for metric in experiment.metrics} == set(result.figures[experiment.baseline])
    assert all(math.isfinite(v) for values in result.figures[experiment.baseline].values() for v in values)


# 5.16.1 More data.


def test_a_learning_curve_holds_fixed_what_its_name_says():
    for name, arm in more_data.ARMS.items():
        kind, examples = name.split("_")
        assert arm.n_train == int(examples)
        steps = {"steps": 625, "epochs": math.ceil(10 * arm.n_train / 32), "long": 1563}[kind]
        assert arm.total_steps == steps
        assert replace(arm, n_train=50, steps=1, epochs=None) == replace(more_data.ARMS["steps_50"], steps=1)
    assert more_data.ARMS["epochs_5000"].total_steps == more_data.ARMS["long_500"].total_steps


def test_the_training_sets_of_a_seed_contain_each_other_and_stay_balanced():
    for seed in (0, 9):
        sets = []
        for n in more_data.SIZES:
            data = SeededData(n_train=n, seed=[seed])
            data.setup()
            assert data.train_targets[0].bincount().tolist() == [n // 10] * 10
            sets.append(set(data.train_rows[0].tolist()))
        assert all(sets[i] < sets[i + 1] for i in range(len(sets) - 1))


def test_the_error_is_what_accuracy_leaves(monkeypatch):
    monkeypatch.setattr(
        "cnnbook.experiments._classifiers.train_seeds", lambda *_, **__: {"test_accuracy": [0.75, math.nan]}
    )
    found = more_data.measure(more_data.ARMS["steps_50"], [0, 1], RunOptions(), None)["test_error"]
    assert found[0] == 0.25 and math.isnan(found[1])


# 5.16.3 Data distribution.


def test_unbalanced_arms_have_the_counts_that_their_names_say_and_the_same_total():
    for name, arm in data_distribution.ARMS.items():
        data = SeededData(class_counts=list(arm.class_counts), seed=[4])
        data.setup()
        counts = data.train_targets[0].bincount(minlength=10)
        frequent, rare = data_distribution.PAIRS[name.split("_")[0]]
        assert int(counts.sum()) == 510 and arm.total_steps == 600
        assert set(counts[list(data_distribution.FREQUENT)].tolist()) == {frequent}
        assert set(counts[list(data_distribution.RARE)].tolist()) == {rare}
    assert sorted(data_distribution.RARE + data_distribution.FREQUENT) == list(range(10))


@pytest.mark.parametrize("remedy", ["oversampling", "batches", "nothing", "weights"])
def test_what_a_batch_holds(remedy):
    arm = data_distribution.ARMS[f"severe_{remedy}"]
    data = SeededData(class_counts=list(arm.class_counts), batch_size=30, sampler=arm.sampler, seed=[1])
    data.setup()
    loader = data.train_dataloader()
    counts = torch.stack([loader.batch(t).targets[0].bincount(minlength=10) for t in range(17)])
    if remedy == "batches":
        assert (counts == 3).all()
    rare = float(counts[:, list(data_distribution.RARE)].sum() / counts.sum())
    assert rare == pytest.approx(0.5 if remedy in ("oversampling", "batches") else 10 / 510, abs=0.06)
    assert bool(arm.loss_options) == (remedy == "weights")


def test_recalls_by_hand():
    targets = torch.arange(10).repeat(2)
    outputs = torch.nn.functional.one_hot(targets, 10).float()
    outputs[3] = torch.eye(10)[1]  # one of two dresses is taken for trousers
    assert data_distribution.recalls(outputs, targets) == {
        "recall_rare": pytest.approx(0.9), "recall_frequent": 1.0, "recall_worst": 0.5,
    }  # fmt: skip
    assert all(math.isnan(v) for v in data_distribution.recalls(outputs * math.inf, targets).values())


# 5.16.4 Objective.


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
        data_distribution.ARMS["severe_batches"],
        data_distribution.ARMS["mild_oversampling"],
        data_distribution.ARMS["mild_weights"],
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
