"""Data distribution: counts, batches and recalls are what the arms say."""

import math
from dataclasses import replace

import pytest
import torch

from cnnbook.data.module import SeededData
from cnnbook.evidence import registry
from cnnbook.experiments.generalisation import data_distribution
from cnnbook.training.engines import train_seeds

NAME = "generalisation/data_distribution"
FLAGS = {"accelerator": "cpu", "precision": "64-true", "engine": "ensemble"}


def test_a_quick_try_is_short_and_gives_every_metric(quick_try):
    experiment, result = registry.load(NAME), quick_try(NAME)
    assert {metric.name for metric in experiment.metrics} == set(result.figures[experiment.baseline])
    assert all(math.isfinite(v) for values in result.figures[experiment.baseline].values() for v in values)


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


@pytest.mark.parametrize(
    "config",
    [
        data_distribution.ARMS["severe_batches"],
        data_distribution.ARMS["mild_oversampling"],
        data_distribution.ARMS["mild_weights"],
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
