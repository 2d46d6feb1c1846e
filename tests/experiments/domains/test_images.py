"""The experiment of 5.17.3: equal means, other preparation, and the seeds at once as single runs."""

from dataclasses import replace

import pytest
import torch

from cnnbook.experiments.domains.images import ARMS, pictures
from cnnbook.training.engines import train_seeds
from cnnbook.training.networks import build


def parameters(name: str) -> int:
    """Of the network of an arm."""
    return sum(p.numel() for p in build(ARMS[name].network, ARMS[name].network_options).parameters())


def test_a_quick_try_is_short_and_runs(quick_try):
    result = quick_try("domains/images")
    assert all(0 <= value < 85 for value in result.figures["cnn"]["test_accuracy"])


def test_the_networks_that_are_compared_have_the_parameters_that_the_claims_say():
    assert parameters("mlp") == pytest.approx(parameters("cnn"), rel=0.05)
    assert parameters("linear") < parameters("cnn") and parameters("cnn_mean") == pytest.approx(7850, rel=0.01)
    assert parameters("cnn_small") < parameters("mlp") / 4 and parameters("mlp_large") > 10 * parameters("cnn")
    same = {(arm.steps, arm.batch_size, arm.optimizer.name, arm.optimizer.schedule) for arm in ARMS.values()}
    assert len(same) == 1


def test_only_the_preparation_differs():
    usual = pictures()
    assert (usual.train_inputs.mean(), usual.train_inputs.std()) == pytest.approx((0, 1), abs=0.01)
    for how in ("mnist", "inverted", "turned"):
        other = pictures(test=how)
        assert torch.equal(other.train_inputs, usual.train_inputs)
        assert other.test_inputs.shape == usual.test_inputs.shape
        assert not torch.allclose(other.test_inputs, usual.test_inputs)
    assert pictures("unit", "unit").test_inputs.amax() == 1 and pictures("raw", "raw").train_inputs.amax() == 255
    assert torch.equal(pictures(test="turned").test_inputs.rot90(-1, (2, 3)), usual.test_inputs)


@pytest.mark.parametrize("name", ["linear", "cnn", "cnn_mean"])
def test_the_seeds_at_once_end_where_single_runs_end(name):
    config = replace(ARMS[name], n_train=200, steps=5)
    together, alone = (train_seeds(config, [3, 8], engine=e, accelerator="cpu") for e in ("ensemble", "processes"))
    assert together["test_nll"] == pytest.approx(alone["test_nll"], rel=1e-5)
    assert together["test_nll"][0] != together["test_nll"][1]
