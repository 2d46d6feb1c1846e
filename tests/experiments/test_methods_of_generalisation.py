"""Architecture, augmentation and weight penalty: the arms are what their names say, and train as alone."""

import math
from dataclasses import replace

import pytest
import torch

from cnnbook.evidence import registry
from cnnbook.experiments.generalisation import architecture, augmentation, weight_penalty
from cnnbook.generalisation.architecture import Block, convnet, count_parameters
from cnnbook.training.engines import train_seeds

TOPICS = ["architecture", "augmentation", "weight_penalty"]
NAMES = [f"generalisation/{topic}" for topic in TOPICS]
FLAGS = {"accelerator": "cpu", "precision": "64-true", "engine": "ensemble"}


@pytest.mark.parametrize("name", NAMES)
def test_a_quick_try_is_short_and_runs(name, quick_try):
    experiment, result = registry.load(name), quick_try(name)
    assert all(5 < value < 70 for value in result.figures[experiment.baseline]["test_accuracy"])  # per cent
    assert {metric.name for metric in experiment.metrics} == set(result.figures[experiment.baseline])


# Architecture.


def number(name, letter):
    """The number after a letter in an arm's name: of d8_skip and d, 8."""
    found = [part[1:] for part in name.split("_") if part[0] == letter and part[1:].isdigit()]
    return int(found[0]) if found else None


def test_structures_differ_in_what_their_names_say():
    for name, arm in architecture.ARMS.items():
        options = arm.network_options
        assert options["depth"] == (number(name, "d") or 2)
        assert options["width"] == (number(name, "w") or 8)
        assert options["skip"] == name.endswith("skip") and options["batch_norm"]
        assert arm.n_train == (4000 if name.startswith("many") else 512)
        assert arm.label_noise == (0.3 if name.startswith("noise") else 0.0)
        assert arm.total_steps == (600 if name.startswith(("many", "noise")) else 400)
        same = {"network_options": {}, "n_train": 512, "label_noise": 0.0, "steps": 400}
        assert replace(arm, **same) == replace(architecture.ARMS["d2"], **same)


def test_a_skip_changes_neither_size_nor_start():
    for depth in architecture.DEPTHS:
        plain, skip = (architecture.ARMS[name].network_options for name in (f"d{depth}", f"d{depth}_skip"))
        assert plain | {"skip": True} == skip
        networks = [convnet(**options) for options in (plain, skip)]
        assert len({count_parameters(network) for network in networks}) == 1
        blocks = [[block.skip for block in network if isinstance(block, Block)] for network in networks]
        assert blocks == [[False] * ((depth - 2) // 2), [True] * ((depth - 2) // 2)]


def test_the_narrow_network_has_fewer_parameters_than_the_shallow_one_and_that_fewer_than_the_deep_one():
    counts = [count_parameters(convnet(**architecture.ARMS[name].network_options)) for name in ("w2", "d2", "d8")]
    assert counts == sorted(counts) and len(set(counts)) == 3


# Augmentation.


def test_augmentations_differ_in_themselves_and_in_steps_alone():
    base = augmentation.ARMS["none"]
    for name, arm in augmentation.ARMS.items():
        assert arm.total_steps == (300 if name.endswith("_brief") else 900)
        assert replace(arm, methods=base.methods, steps=base.steps) == base
        assert arm.methods.scores == base.methods.scores
        assert bool(arm.methods.augment) == (not name.startswith("none"))


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


# Weight penalty.


def test_penalties_differ_in_themselves_labels_and_normalisation_alone():
    base = weight_penalty.ARMS["none"]
    for name, arm in weight_penalty.ARMS.items():
        assert arm.label_noise == (0.3 if "noise" in name else 0.0)
        assert arm.network_options == {"batch_norm": name.startswith("norm_")}
        same = {"methods": base.methods, "label_noise": 0.0, "network_options": base.network_options}
        assert replace(arm, **same) == base
        kind = name.removeprefix("norm_").removeprefix("noise_")
        assert arm.methods == weight_penalty.ARMS[kind].methods


def test_the_threshold_walks_as_far_as_the_penalty_would():
    """Under a constant pull, momentum ends at rate / (1 − momentum) a step."""
    strength, w = weight_penalty.STRONG["l1"], torch.nn.Parameter(torch.tensor(1.0, dtype=torch.float64))
    optimizer = torch.optim.SGD([w], lr=weight_penalty.RATE, momentum=weight_penalty.MOMENTUM)
    for _ in range(200):
        before = float(w.detach())
        optimizer.zero_grad()
        (strength * w.abs()).backward()
        optimizer.step()
    threshold = weight_penalty.KINDS["threshold"]["constraint_options"]["threshold"]
    assert before - float(w.detach()) == pytest.approx(threshold)


@pytest.mark.parametrize("name", ["l1", "elastic", "threshold", "max_norm", "norm_l2"])
def test_penalised_seeds_at_once_are_the_single_runs(name):
    config = replace(weight_penalty.ARMS[name], steps=5, n_train=64)
    together = train_seeds(config, [3, 11], **FLAGS)
    for place, seed in enumerate([3, 11]):
        alone = train_seeds(config, [seed], **FLAGS)
        for metric in ("test_nll", "weight_norm"):
            assert together[metric][place] == pytest.approx(alone[metric][0], abs=1e-7)
    base = replace(weight_penalty.ARMS["norm_none" if "norm_" in name else "none"], steps=5, n_train=64)
    without = train_seeds(base, [3], **FLAGS)
    assert without["weight_norm"][0] > together["weight_norm"][0] + 1e-4
