"""Weight penalty: the arms are what their names say, and train as alone."""

from dataclasses import replace

import pytest
import torch

from cnnbook.evidence import registry
from cnnbook.experiments.generalisation import weight_penalty
from cnnbook.training.engines import train_seeds

NAME = "generalisation/weight_penalty"
FLAGS = {"accelerator": "cpu", "precision": "64-true", "engine": "ensemble"}


def test_a_quick_try_is_short_and_runs(quick_try):
    experiment, result = registry.load(NAME), quick_try(NAME)
    assert all(0 <= value < 70 for value in result.figures[experiment.baseline]["test_accuracy"])  # per cent
    assert {metric.name for metric in experiment.metrics} == set(result.figures[experiment.baseline])


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
