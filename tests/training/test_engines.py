"""``train_seeds``: every engine gives the same numbers, in the order of the seeds; bad input is named."""

import json
import math
from dataclasses import replace

import pytest
import torch

from cnnbook.names import name_of
from cnnbook.training import Optimizer, TrainConfig, choose_engine, train_seeds
from cnnbook.training.methods import Methods

CONFIG = TrainConfig(network_options={"dropout": 0.3}, n_train=60, batch_size=20, steps=15, label_noise=0.1)
SEEDS = [4, 2, 9]


@pytest.fixture(scope="module")
def by_engine():
    return {
        engine: train_seeds(CONFIG, SEEDS, engine=engine, accelerator="cpu", precision="64-true")
        for engine in ("ensemble", "processes", "both")
    }


@pytest.mark.parametrize("engine", ["processes", "both"])
def test_engines_agree(by_engine, engine):
    want, got = by_engine["ensemble"].values, by_engine[engine].values
    assert want.keys() == got.keys() and {"test_accuracy", "test_nll", "test_ece", "accuracy_gap", "diverged"} <= set(
        want
    )
    for name, values in want.items():
        assert values == pytest.approx(got[name], abs=1e-6), name
    assert len(set(want["test_nll"])) == 3


def test_the_order_is_that_of_the_seeds(by_engine):
    turned = train_seeds(CONFIG, SEEDS[::-1], engine="ensemble", accelerator="cpu", precision="64-true")
    assert turned["test_nll"] == pytest.approx(by_engine["ensemble"]["test_nll"][::-1], abs=1e-6)
    assert not any(math.isnan(value) for value in turned["test_nll"])


def test_processes_report_progress_and_survive_a_failing_run():
    seen = []
    train_seeds(CONFIG, SEEDS, engine="processes", accelerator="cpu", progress=lambda *a: seen.append(a))
    assert seen == [(15, 45), (30, 45), (45, 45)]
    with pytest.raises(ValueError, match="network must be one of"):
        train_seeds(TrainConfig(network="none", steps=1), SEEDS, engine="processes", accelerator="cpu")


def test_the_choice_looks_at_sizes_alone(monkeypatch):
    large = TrainConfig(batch_size=256)
    for cores in (1, 2, 64):
        monkeypatch.setattr("joblib.cpu_count", lambda *_, cores=cores: cores)
        assert choose_engine(CONFIG, SEEDS, "cpu") == "both"
        assert choose_engine(large, SEEDS, "cpu") == "processes"
        assert choose_engine(CONFIG, [1]) == "ensemble"
    assert len(train_seeds(CONFIG, [3], accelerator="cpu")["test_nll"]) == 1


@pytest.mark.parametrize("config", [replace(CONFIG, steps=60), replace(CONFIG, batch_size=60, steps=60)])
def test_the_same_bits_whatever_the_number_of_cores_and_threads(config, monkeypatch):
    monkeypatch.setattr("cnnbook.training.choice.LARGE", 40_000)  # so that the second arm takes the processes
    results, before = [], torch.get_num_threads()
    for count in (1, 2):
        monkeypatch.setattr("cnnbook.parallel.cores", lambda count=count: count)
        monkeypatch.setattr("joblib.cpu_count", lambda *_, count=count: count)
        torch.set_num_threads(count)
        try:
            results.append(train_seeds(config, [4, 2, 9, 0, 1, 3], accelerator="cpu"))
        finally:
            torch.set_num_threads(before)
    assert results[0] == results[1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"seeds": []}, "at least one seed"),
        ({"seeds": [1, 1]}, r"each once, got \[1, 1\]"),
        ({"engine": "fast"}, "engine must be one of auto, ensemble, processes, both, got 'fast'"),
        ({"accelerator": "abacus"}, "got 'abacus'"),
        ({"precision": "16-mixed"}, "one diverged seed would stop the others"),
        ({"engine": "processes", "devices": 2}, "cores of one CPU, got accelerator=cpu, devices=2"),
    ],
)
def test_bad_requests_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        train_seeds(CONFIG, **{"seeds": SEEDS, "accelerator": "cpu"} | options)


def test_a_configuration_is_plain_json_and_comes_back():
    config = TrainConfig(
        network=math.hypot,
        class_counts=(5, *[1] * 9),
        optimizer=Optimizer("sgd", lr=0.1),
        curve=(1, 2),
        loss_options={"label_smoothing": 0.1},
        sampler=math.fsum,
        methods=Methods(penalty="a:b", scores=[math.dist]),
    )
    table = json.loads(json.dumps(config.to_json()))
    assert TrainConfig.from_json(table) == config and table["network"] == "math:hypot"
    assert table["methods"]["scores"] == ["math:dist"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": 5, "epochs": 2}, "exactly one of steps and epochs"),
        ({"steps": None}, "exactly one of steps and epochs"),
        ({"steps": None, "epochs": 2, "n_train": None}, "give n_train"),
        ({"steps": 0}, "at least 1: batch_size=32, steps=0"),
        ({"label_noise": 2}, "got 2"),
        ({"curve": (400,)}, r"must be in 0…300, got \(400,\)"),
        ({"task": "sorting"}, "got 'sorting'"),
        ({"network": lambda: None}, "importable by name"),
        ({"methods": {"penalty": lambda: None}}, "importable by name"),
        ({"optimizer": {"name": "lion"}}, "optimizer must be one of adam, adamw, sgd, got 'lion'"),
    ],
)
def test_bad_configurations_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        TrainConfig(**options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"network_options": {"dropuot": 0.5}},
            "network_options must be among .*, got 'dropuot'; did you mean 'dropout'",
        ),
        (
            {"loss_options": {"smoothing": 0.1}},
            "loss_options must be among .*, got 'smoothing'; did you mean 'label_smo",
        ),
        ({"data_options": {"size": 8}}, "data_options must be among .*, got 'size'"),
        (
            {
                "methods": {
                    "penalty": "cnnbook.generalisation.weight_penalty:l2_penalty",
                    "penalty_options": {"weight": 1},
                }
            },
            "penalty_options must be among .*, got 'weight'",
        ),
    ],
)
def test_an_option_that_nothing_takes_is_named_before_anything_runs(options, message):
    with pytest.raises(ValueError, match=message):
        train_seeds(TrainConfig(n_train=50, steps=1, **options), [0], engine="ensemble", accelerator="cpu")


def test_unknown_entries_and_schedules_are_named():
    with pytest.raises(ValueError, match="has no colour"):
        TrainConfig.from_json({"colour": 1})
    with pytest.raises(ValueError, match="got 'sine'"):
        Optimizer(schedule="sine")
    assert name_of("a:b") == "a:b"
