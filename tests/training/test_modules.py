"""The modules of single runs: they learn, measure what they say, and report progress and curves."""

import math
import typing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas
import pytest
import torch
from pytorch_lightning.loggers import CSVLogger
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from cnnbook.data import SeededData
from cnnbook.devices import chosen
from cnnbook.training import (
    Classifier,
    ImageRegressor,
    Optimizer,
    SeedEnsemble,
    TrainConfig,
    read_checkpoint,
    train_seeds,
    trainer,
)
from cnnbook.training.losses import cross_entropy, mae, mse
from cnnbook.training.metrics import classification_scores, regression_scores
from cnnbook.training.networks import build
from cnnbook.training.optimizers import rate
from cnnbook.training.trainers import quiet


def test_a_classifier_learns_and_tests():
    made = trainer(accelerator="cpu", devices=1, max_epochs=8)
    data, module = SeededData(n_train=300, n_val=100, batch_size=30), Classifier(optimizer=Optimizer(lr=5e-3))
    with quiet():
        made.fit(module, data)
        (figures, train) = made.test(module, data, verbose=False)
        (val,) = made.validate(module, data, verbose=False)
    assert 0.6 < figures["test_accuracy"] < 0.9 < 1.2 * figures["train_accuracy"]
    assert figures["accuracy_gap"] == pytest.approx(figures["train_accuracy"] - figures["test_accuracy"])
    assert {"val_accuracy", "val_nll", "val_ece"} <= set(val) and 0 < figures["test_ece"] < 0.5
    outputs = module.eval()(next(iter(data.test_dataloader()[0])).inputs)
    assert outputs.shape == (100, 10) and train.keys() == figures.keys()


def test_a_regressor_learns():
    made = trainer(accelerator="cpu", devices=1, max_steps=150)
    data = SeededData("super-resolution", {"factor": 2}, n_train=100, batch_size=20)
    module = ImageRegressor(optimizer=Optimizer(lr=1e-2))
    with quiet():
        (before, _) = made.test(module, data, verbose=False)
        made.fit(module, data)
        (after, _) = made.test(module, data, verbose=False)
    assert after["test_psnr"] > before["test_psnr"] + 8
    assert after["test_psnr"] == pytest.approx(-10 * math.log10(after["test_mse"]), abs=1e-3)


def test_an_ordinary_network_and_an_ordinary_loader_will_do():
    module = Classifier(nn.Sequential(nn.Flatten(), nn.Linear(16, 3)))
    loader = DataLoader(TensorDataset(torch.randn(40, 1, 4, 4), torch.randint(3, (40,))), batch_size=10)
    with quiet():
        trainer(accelerator="cpu", devices=1, max_epochs=2).fit(module, loader)
    assert not module.diverged.any()


def test_scores_of_a_case_worked_by_hand():
    """Confidences .9, .9, .6, .6; three of four right: |.9 - 1| / 2 + |.6 - .5| / 2 = .1."""
    p = torch.tensor([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.6, 0.4]], dtype=torch.float64)
    scores = classification_scores(p.log(), torch.tensor([0, 0, 0, 1]))
    assert scores["accuracy"] == 0.75 and scores["ece"] == pytest.approx(0.1, abs=1e-6)
    assert scores["nll"] == pytest.approx(-(2 * math.log(0.9) + math.log(0.6) + math.log(0.4)) / 4, abs=1e-6)
    assert all(
        math.isnan(v) for v in classification_scores(torch.tensor([[math.nan, 1.0]]), torch.zeros(1).long()).values()
    )
    assert math.isnan(regression_scores(torch.full((1, 1, 2, 2), math.inf), torch.zeros(1, 1, 2, 2))["psnr"])


def test_losses_are_pytorchs():
    outputs, labels = torch.randn(6, 4), torch.tensor([0, 1, 2, 3, 3, 1])
    hot = nn.functional.one_hot(labels, 4).float()
    assert torch.equal(mse(outputs, labels), nn.functional.mse_loss(outputs, hot))
    assert torch.equal(mae(outputs, labels), nn.functional.l1_loss(outputs, hot))
    weighted = cross_entropy(outputs, labels, weight=[2.0, 2.0, 2.0, 2.0])
    assert torch.allclose(weighted, 2 * nn.functional.cross_entropy(outputs, labels))


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_class_weights_of_soft_labels_mix_the_weighted_losses(smoothing):
    outputs, weight = torch.randn(6, 4).double(), [0.5, 2.0, 1.0, 3.0]
    first, second = torch.tensor([0, 1, 2, 3, 3, 1]), torch.tensor([3, 1, 0, 2, 1, 0])
    share = torch.rand(6, 1).double()
    mixed = share * nn.functional.one_hot(first, 4) + (1 - share) * nn.functional.one_hot(second, 4)
    of_one = torch.stack(
        [
            torch.stack(
                [cross_entropy(o[None], y[None], smoothing, weight) for o, y in zip(outputs, labels, strict=True)]
            )
            for labels in (first, second)
        ]
    )
    expected = (share[:, 0] * of_one[0] + (1 - share[:, 0]) * of_one[1]).mean()
    torch.testing.assert_close(cross_entropy(outputs, mixed, smoothing, weight), expected)
    theirs = nn.functional.cross_entropy(outputs, mixed, torch.tensor(weight).double())
    assert smoothing or torch.allclose(cross_entropy(outputs, mixed, 0.0, weight), theirs)


@pytest.mark.parametrize("weight", [None, [0.5, 2.0, 1.0, 3.0]])
def test_ignored_labels_count_for_nothing_and_others_out_of_range_are_refused(weight):
    outputs, labels = torch.randn(6, 4), torch.tensor([0, 1, 2, 3, 3, 1])
    left = labels.clone()
    left[2:] = -100
    same = cross_entropy(outputs[:2], labels[:2], weight=weight)
    torch.testing.assert_close(cross_entropy(outputs, left, weight=weight), same)
    with pytest.raises(ValueError, match="labels must be in 0…3 or ignore_index=-100, got 4"):
        cross_entropy(outputs, labels + 1, weight=weight)
    with pytest.raises(ValueError, match="one number for each of 4 classes, got 3"):
        cross_entropy(outputs, labels, weight=[1.0, 2.0, 3.0])
    for error in (mse, mae):
        with pytest.raises(ValueError, match="labels must be in 0…3, got 4"):
            error(outputs, labels + 1)
        assert torch.vmap(error)(outputs[None], labels[None] + 1).isnan()


def test_the_rate_rises_and_falls():
    assert rate(Optimizer(schedule="cosine", warmup=4), 0, 20) == 0.25
    assert rate(Optimizer(schedule="cosine"), 10, 20) == pytest.approx(0.5)
    assert [rate(Optimizer(), t, 5) for t in range(5)] == [1.0] * 5
    assert rate(Optimizer(schedule="linear"), 99, 20) == 0.0


def triangle(step, total, top=1.0):
    return top * min(step, total - step) / total


def test_a_function_decides_the_rate_once_it_is_warm():
    optimizer = Optimizer(schedule=f"{__name__}:triangle", schedule_options={"top": 4.0}, warmup=2)
    assert [rate(optimizer, step, 6) for step in range(7)] == [0.5, 1.0, 0.0, 1.0, 2.0, 1.0, 0.0]


def test_a_plateau_of_the_validation_loss_lowers_the_rate_of_each_seed_alone():
    """With nothing called an improvement, each epoch but the first ends at a tenth of its rate."""
    options = {"factor": 0.1, "patience": 0, "threshold": 1e9, "threshold_mode": "abs", "eps": 0.0}
    still = Optimizer("sgd", lr=0.1, momentum=0.0, schedule="plateau", schedule_options=options)
    config = TrainConfig("mlp", n_train=40, n_val=20, batch_size=20, steps=8, optimizer=still, curve=(4, 8))
    result = train_seeds(config, [3, 1], accelerator="cpu")
    plain = train_seeds(replace(config, optimizer=Optimizer("sgd", lr=0.1, momentum=0.0)), [3, 1], accelerator="cpu")
    for seed in (0, 1):
        fell = result.curves["train_nll"][4][seed] - result.curves["train_nll"][8][seed]
        assert 0 < fell < 0.2 * (plain.curves["train_nll"][4][seed] - plain.curves["train_nll"][8][seed])
    improving = replace(still, schedule_options={"factor": 0.1, "patience": 99})
    same = train_seeds(replace(config, optimizer=improving), [3, 1], accelerator="cpu")
    assert same["train_nll"] == pytest.approx(plain["train_nll"], abs=1e-4)
    assert len(set(result["val_nll"])) == 2 and result.curves["val_nll"][8] == result["val_nll"]
    with pytest.raises(ValueError, match="engine must be 'processes', got engine='ensemble'"):
        train_seeds(config, [3, 1], engine="ensemble", accelerator="cpu")


def test_initial_weights_are_the_seeds_and_leave_the_global_generator_alone():
    torch.manual_seed(0)
    before = torch.random.get_rng_state()
    one, again, two = build("small-cnn", seed=1), build("small-cnn", seed=1), build("small-cnn", seed=2)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert torch.equal(one[0].weight, again[0].weight) and not torch.equal(one[0].weight, two[0].weight)


def test_curve_and_progress():
    seen = []
    options = {"dropout": 0.5}  # so that it shows if measuring left the networks in evaluation mode
    config = TrainConfig("mlp", options, n_train=50, steps=30, batch_size=10, curve=(10, 30))
    result = train_seeds(config, [0, 1], engine="ensemble", accelerator="cpu", progress=lambda *a: seen.append(a))
    plain = train_seeds(
        TrainConfig.from_json(config.to_json() | {"curve": []}), [0, 1], engine="ensemble", accelerator="cpu"
    )
    assert result.curves["test_nll"][30] == result["test_nll"] == plain["test_nll"]  # measuring changes nothing
    assert result.curves["test_nll"][10] != result["test_nll"] and "diverged" not in result.curves
    assert seen[-1] == (30, 30) and [done for done, _ in seen] == sorted(done for done, _ in seen)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Optimizer(schedule="square"), r"schedule must be one of .*plateau, got 'square'"),
        (lambda: Optimizer(schedule_options={"a": 1}), r"schedule 'constant' has no options, got \{'a': 1\}"),
        (lambda: Optimizer(schedule="plateau", warmup=3), "cannot warm up, got warmup=3"),
        (lambda: TrainConfig(optimizer=Optimizer(schedule="plateau")), "n_val must be at least 1, got 0"),
        (lambda: trainer(accelerator="tpu"), r"one that this machine has, got 'tpu'.*; it has: .*cpu"),
        (lambda: chosen("gpus"), "accelerator must be one of auto, cpu.*got 'gpus'"),
        (lambda: trainer(accelerator="cpu", precision="16-mixed"), "needs a GPU .* got precision='16-mixed'"),
        (lambda: Classifier("small-cn"), "network must be one of mlp, small-cnn.* got 'small-cn'"),
        (lambda: Classifier(loss="hinge"), "loss must be one of .* got 'hinge'"),
        (lambda: Classifier(nn.Dropout(0.5)), "got Dropout"),
    ],
)
def test_bad_values_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_trainer_takes_what_it_is_told():
    made = trainer(accelerator="cpu", devices=1, precision="bf16-mixed", max_steps=5)
    assert made.precision == "bf16-mixed" and made.max_steps == 5 and not made.loggers
    with quiet():
        made.fit(Classifier(), SeededData(n_train=50, batch_size=10))
    assert made.global_step == 5


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("precision", ["32-true", "bf16-mixed"])
def test_a_gpu_trains_all_seeds(precision):
    config = TrainConfig(n_train=300, steps=100)
    result = train_seeds(config, range(4), accelerator="gpu", devices=1, precision=precision)
    assert min(result["test_accuracy"]) > 0.6


def test_a_string_becomes_a_plain_attribute_and_takes_the_place_of_no_parameter():
    module = Classifier()
    module.note = None
    for value in ("forward", None):
        module.note = value
        assert module.note is value and module.__dict__["note"] is value
    module.register_parameter("free", nn.Parameter(torch.ones(1)))
    with pytest.raises(TypeError, match="cannot assign"):
        module.free = "step"
    module.free = module.diverged = None
    assert module.free is module.diverged is None and not {"free", "diverged"} & set(module.__dict__)


def losses_logged(folder, **options):
    """At which steps the training loss of a run of 120 was logged."""
    logger = CSVLogger(folder)
    made = trainer(max_steps=120, logger=logger, log_every_n_steps=40, default_root_dir=folder, **options)
    with quiet():
        made.fit(Classifier("mlp"), SeededData(n_train=176, batch_size=32))
    rows = pandas.read_csv(next(Path(folder).rglob("metrics.csv")))
    return rows.step[rows.train_loss.notna()].tolist()


@pytest.mark.parametrize("added", [1, 2, 3])
def test_the_loss_is_logged_as_often_where_gradients_are_added_up(tmp_path, added):
    """Lightning counts steps of the optimiser, and ends an epoch with an incomplete one."""
    assert losses_logged(tmp_path, accumulate_grad_batches=added, accelerator="cpu") == [39, 79, 119]


def test_a_checkpoint_of_numpys_numbers_can_be_read_back(tmp_path):
    rates = np.logspace(-3, -2, 3)
    classifier = Classifier("mlp", optimizer=Optimizer(lr=rates[0], weight_decay=np.float32(0)), seed=np.int64(3))
    data = SeededData(
        class_counts=torch.full((10,), 8), label_noise=rates[1], batch_size=np.int64(20), seed=np.int64(3)
    )
    made = trainer(max_steps=2, default_root_dir=tmp_path, accelerator="cpu")
    with quiet():
        made.fit(classifier, data)
    made.save_checkpoint(tmp_path / "kept.ckpt")
    assert read_checkpoint(tmp_path / "kept.ckpt")["global_step"] == 2
    again = trainer(max_steps=4, default_root_dir=tmp_path, accelerator="cpu")
    with quiet():
        again.fit(classifier, data, ckpt_path=tmp_path / "kept.ckpt")
    assert again.global_step == 4


def test_options_of_a_network_that_is_made_are_refused():
    with pytest.raises(ValueError, match=r"given by name, got \{'dropout': 0\.5\} with a Linear"):
        Classifier(nn.Linear(2, 2), {"dropout": 0.5})


def test_predictions_are_the_outputs_of_each_batch():
    made, images = trainer(accelerator="cpu"), torch.rand(5, 1, 28, 28)
    classifier, data = Classifier("mlp").eval(), SeededData(n_train=100, seed=[0, 1])
    pairs = DataLoader(TensorDataset(images, torch.zeros(5, dtype=torch.int64)), batch_size=5)
    with quiet(), torch.no_grad():
        assert torch.equal(made.predict(classifier, pairs)[0], classifier(images))
        assert torch.equal(made.predict(classifier, DataLoader(images, batch_size=5))[0], classifier(images))
        ensemble = SeedEnsemble(TrainConfig(network="mlp"), [0, 1])
        batches = made.predict(ensemble, data)
        assert torch.equal(batches[0], ensemble.eval()(next(iter(data.predict_dataloader())).inputs))
    assert sum(batch.shape[1] for batch in batches) == 2000


def test_a_third_test_loader_is_refused():
    pairs = DataLoader(TensorDataset(torch.rand(4, 1, 28, 28), torch.zeros(4, dtype=torch.int64)), batch_size=4)
    with quiet(), pytest.raises(ValueError, match=r"there may be two test loaders, .* got 3"):
        trainer(accelerator="cpu").test(Classifier("mlp"), [pairs] * 3, verbose=False)


@pytest.mark.parametrize(("name", "value"), [("measured", 0), ("measured", -1), ("eval_batch_size", 0)])
def test_a_count_below_one_is_named(name, value):
    with pytest.raises(ValueError, match=f"{name} must be at least 1, got {name}={value}"):
        SeededData(**{name: value})


def test_the_names_that_one_needs_are_offered():
    import cnnbook.data
    import cnnbook.training

    assert set(cnnbook.training.__all__) <= set(dir(cnnbook.training)) and "Methods" in cnnbook.training.__all__
    assert set(cnnbook.data.__all__) <= set(dir(cnnbook.data)) and "Arrays" in cnnbook.data.__all__
    assert all(getattr(one, name) for one in (cnnbook.data, cnnbook.training) for name in one.__all__)
    assert typing.get_type_hints(train_seeds)["progress"]
