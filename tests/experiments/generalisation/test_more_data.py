"""More data: a learning curve holds fixed what its name says, and training sets contain each other."""

import math
from dataclasses import replace

from cnnbook.data.module import SeededData
from cnnbook.evidence import registry
from cnnbook.evidence.runner import RunOptions
from cnnbook.experiments.generalisation import more_data
from cnnbook.figures import Figures

NAME = "generalisation/more_data"


def test_a_quick_try_is_short_and_gives_every_metric(quick_try):
    experiment, result = registry.load(NAME), quick_try(NAME)
    assert {metric.name for metric in experiment.metrics} == set(result.figures[experiment.baseline])
    assert all(math.isfinite(v) for values in result.figures[experiment.baseline].values() for v in values)


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
        "cnnbook.experiments._classifiers.train_seeds", lambda *_, **__: Figures({"test_accuracy": [0.75, math.nan]})
    )
    found = more_data.measure(more_data.ARMS["steps_50"], [0, 1], RunOptions(), None)["test_error"]
    assert found[0] == 0.25 and math.isnan(found[1])
