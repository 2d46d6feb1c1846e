"""The factorial of 5.16.9: methods that go together in any order, every pair, and a confirmation on other seeds."""

from dataclasses import replace
from itertools import permutations

import pytest

from cnnbook.evidence import registry
from cnnbook.evidence.runner import RunOptions
from cnnbook.experiments.generalisation import overview
from cnnbook.experiments.generalisation.overview import BASE, CONFIRMATION, FACTORIAL, METHODS, PAIRS, together
from cnnbook.figures import Figures
from cnnbook.training.engines import train_seeds

FLAGS = {"accelerator": "cpu", "precision": "64-true", "engine": "ensemble"}


@pytest.mark.parametrize("name", ["generalisation/overview", "generalisation/overview/confirmation"])
def test_a_quick_try_is_short_and_runs(name, quick_try):
    experiment, result = registry.load(name), quick_try(name)
    assert {metric.name for metric in experiment.metrics} == set(result.figures[experiment.baseline])


def test_the_factorial_has_the_baseline_each_method_every_pair_and_all():
    assert len(METHODS) == 8 and len(PAIRS) == 28
    assert set(FACTORIAL.arms) == {"base", *METHODS, *(" & ".join(pair) for pair in PAIRS), "all"}
    for first, second in PAIRS:
        assert FACTORIAL.arms[f"{first} & {second}"] == together([first, second])
        assert (f"{first} & {second}", f"{first} + {second} - base") in FACTORIAL.comparisons


def test_each_method_changes_something_and_no_other_undoes_it():
    for name, method in METHODS.items():
        assert method(BASE) != BASE
        others = together([other for other in METHODS if other != name])
        assert method(others) != others
    for pair in permutations(METHODS, 2):
        assert together(pair) == together(pair[::-1])
    assert together(list(METHODS)) == together(list(METHODS)[::-1])


def test_a_method_changes_what_its_name_says_and_no_more():
    same = {
        "more_data": {"class_counts": BASE.class_counts},
        "batch_size": {"batch_size": 30},
        "data_distribution": {"sampler": ""},
        "objective": {"loss_options": {}},
        "architecture": {"network_options": BASE.network_options},
        "augmentation": {"methods": BASE.methods},
        "weight_penalty": {"methods": BASE.methods},
        "dropout": {"network_options": BASE.network_options},
    }
    assert set(same) == set(METHODS)
    for name, undone in same.items():
        assert replace(METHODS[name](BASE), **undone) == BASE
    assert sum(together(["more_data"]).class_counts) == 2 * sum(BASE.class_counts) == 1020


def test_the_confirmation_has_the_same_arms_and_other_seeds(monkeypatch):
    assert all(CONFIRMATION.arms[name] == FACTORIAL.arms[name] for name in CONFIRMATION.arms)
    assert set(METHODS) < set(CONFIRMATION.arms)
    seen = []
    monkeypatch.setattr(
        "cnnbook.experiments._classifiers.train_seeds", lambda config, seeds, **_: seen.append(seeds) or Figures({})
    )
    CONFIRMATION.measure(BASE, range(CONFIRMATION.seeds), RunOptions(), None)
    assert seen == [list(range(1000, 1010))] and not set(seen[0]) & set(range(FACTORIAL.seeds))


def test_all_seeds_at_once_are_the_single_runs_with_all_eight_methods():
    config = replace(overview.together(list(METHODS)), steps=5)
    together_ = train_seeds(config, [3, 11], **FLAGS)
    for place, seed in enumerate([3, 11]):
        alone = train_seeds(config, [seed], **FLAGS)
        assert together_["test_nll"][place] == pytest.approx(alone["test_nll"][0], abs=1e-8)
    assert abs(together_["test_nll"][0] - together_["test_nll"][1]) > 1e-6
