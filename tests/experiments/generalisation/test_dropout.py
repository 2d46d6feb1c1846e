"""Dropout: masks lie where the arms say, and the arms differ in nothing else."""

from dataclasses import replace

import pytest
import torch

from cnnbook.data.catalogue import load as load_images
from cnnbook.evidence import registry
from cnnbook.experiments.generalisation import dropout
from cnnbook.training.engines import train_seeds

NAME = "generalisation/dropout"


def test_a_quick_try_is_short_and_runs(quick_try):
    experiment, result = registry.load(NAME), quick_try(NAME)
    assert all(0 <= value < 60 for value in result.figures[experiment.baseline]["test_accuracy"])  # per cent
    assert {"accuracy_gap", "test_accuracy", "test_ece", "test_nll", "train_accuracy"} <= set(
        result.figures[experiment.baseline]
    )


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
