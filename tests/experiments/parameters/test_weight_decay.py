"""Weight decay: the arms are what their names say, and train as alone."""

from dataclasses import replace

import pytest

from cnnbook.evidence import registry
from cnnbook.experiments.parameters import weight_decay
from cnnbook.training.engines import train_seeds

NAME = "parameters/weight_decay"
FLAGS = {"accelerator": "cpu", "precision": "64-true", "engine": "ensemble"}


def test_a_quick_try_is_short_and_runs(quick_try):
    experiment, result = registry.load(NAME), quick_try(NAME)
    assert all(0 <= value < 70 for value in result.figures[experiment.baseline]["test_accuracy"])  # per cent
    assert {metric.name for metric in experiment.metrics} == set(result.figures[experiment.baseline])


def test_arms_differ_in_optimiser_decay_and_normalisation_alone():
    for name, arm in weight_decay.ARMS.items():
        optimizer, _, decay = name.removeprefix("norm_").partition("_")
        assert arm.network_options == {"batch_norm": name.startswith("norm_")}
        assert arm.optimizer.name == optimizer and arm.optimizer.lr == weight_decay.RATES[optimizer]
        digits = f"0.{decay[1:]}" if decay.startswith("0") else decay or "0"  # 001 is 0.01
        assert arm.optimizer.weight_decay == float(digits)
        base = weight_decay.ARMS["sgd"]
        assert replace(arm, network_options=base.network_options, optimizer=base.optimizer) == base


def test_each_arm_is_compared_with_its_own_optimiser_without_decay():
    own = [pair for pair in weight_decay.EXPERIMENT.comparisons if pair[1].split("_")[-1] in ("sgd", "adam")]
    assert len(own) == len(weight_decay.ARMS) - 3
    for treatment, baseline in own:
        one, other = weight_decay.ARMS[treatment], weight_decay.ARMS[baseline]
        assert one.network_options == other.network_options and other.optimizer.weight_decay == 0
        assert one.optimizer.lr == other.optimizer.lr
        assert other.optimizer.name == one.optimizer.name.removesuffix("w")


@pytest.mark.parametrize("name", ["sgd_01", "adam_01", "adamw_10", "norm_sgd_01"])
def test_decayed_seeds_at_once_are_the_single_runs(name):
    config = replace(weight_decay.ARMS[name], steps=5, n_train=64, curve=())
    together = train_seeds(config, [3, 11], **FLAGS)
    for place, seed in enumerate([3, 11]):
        alone = train_seeds(config, [seed], **FLAGS)
        for metric in ("test_nll", "weight_norm", "filter_norm"):
            assert together[metric][place] == pytest.approx(alone[metric][0], abs=1e-7)
    without = train_seeds(replace(config, optimizer=replace(config.optimizer, weight_decay=0.0)), [3], **FLAGS)
    assert without["weight_norm"][0] > together["weight_norm"][0] + 1e-3
