"""All seeds at once are the single runs, whatever draws numbers, and a diverged seed spoils itself alone."""

import math
from dataclasses import replace

import pytest
import torch
from torch import nn

from cnnbook.data.batches import Batch
from cnnbook.randomness import Dropout, RandomLayer
from cnnbook.training import Optimizer, TrainConfig, train_seeds
from cnnbook.training.ensemble import SeedEnsemble
from cnnbook.training.methods import Methods
from cnnbook.training.runs import data_of, module_of
from cnnbook.training.trainers import quiet, trainer

SEEDS = [3, 11, 4]


class Shift(RandomLayer):
    """Augmentation: each image moved sideways by 0…3 pixels, in training alone."""

    def forward(self, x):
        if not self.training:
            return x
        places = torch.arange(x.shape[-1], device=x.device)
        moved = (places + (self.uniform((x.shape[0], 1)) * 4).long()) % x.shape[-1]
        return x.gather(-1, moved[:, None, None, :].expand(x.shape))


def busy():
    """Everything at once: augmentation, batch normalisation, channel dropout, dropout, pooling."""
    return nn.Sequential(
        Shift(),
        nn.Conv2d(1, 4, 3, stride=2),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        Dropout(0.2, whole_channels=True),
        nn.Flatten(),
        Dropout(0.5),
        nn.Linear(144, 10),
    )


class Mixed(RandomLayer):
    """Augmentation of pairs: each example mixed with the one at the other end of the batch, labels as well."""

    def __init__(self, most=0.5):
        super().__init__()
        self.most = most

    def forward(self, inputs, targets):
        part = self.most * self.uniform((len(inputs),)).to(inputs.dtype)
        labels = (targets[:, None] == torch.arange(10)).to(inputs.dtype)
        spread = part.reshape(-1, *[1] * (inputs.ndim - 1))
        return inputs + spread * (inputs.flip(0) - inputs), labels + part[:, None] * (labels.flip(0) - labels)


def squares(parameters, rate):
    return rate * sum((value**2).sum() for name, value in parameters.items() if name.endswith("weight"))


def short_rows(parameters, most):
    """No row of a matrix longer than this; other parameters are not named."""
    matrices = {name: value for name, value in parameters.items() if value.ndim == 2}
    return {name: value * (most / value.norm(dim=1, keepdim=True)).clamp(max=1) for name, value in matrices.items()}


def longest_row(weights):
    return {"longest_row": max(float(value.norm(dim=1).max()) for value in weights.values() if value.ndim == 2)}


def least(outputs, targets):
    return {"least": float(outputs.min())}


def backwards(labels, generator):
    return torch.randperm(len(labels), generator=generator).flip(0)


def upscale():
    return nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(1, 1, 3, padding=1))


def weights(config, seeds, *, stacked, precision="64-true"):
    """Parameters and buffers by name after the run, one table a seed."""
    module, data = module_of(config, seeds, stacked=stacked), data_of(config, seeds, stacked=stacked)
    with quiet():
        trainer(accelerator="cpu", devices=1, max_steps=config.total_steps, precision=precision).fit(module, data)
    if stacked:
        return [module.network_state(place) for place in range(len(seeds))]
    network = module.network
    return [{**dict(network.named_parameters()), **dict(network.named_buffers())}]


CONFIGS = {
    "adam, dropout, noise": TrainConfig(
        network_options={"dropout": 0.5, "channel_dropout": 0.3}, n_train=100, steps=20, label_noise=0.2
    ),
    "sgd, everything that draws": TrainConfig(
        network=busy,
        n_train=50,
        batch_size=16,
        steps=20,
        optimizer=Optimizer("sgd", lr=0.05, weight_decay=1e-3, schedule="cosine", warmup=3),
        loss_options={"label_smoothing": 0.1},
    ),
    "adamw, batch norm, squared error": TrainConfig(
        network_options={"batch_norm": True},
        n_train=64,
        batch_size=64,
        steps=20,
        optimizer=Optimizer("adamw", weight_decay=0.1, schedule="linear"),
        loss="mse",
    ),
    "class weights, unbalanced": TrainConfig(
        network="mlp", class_counts=(20, *[4] * 9), steps=20, loss_options={"weight": [0.2] + [1.0] * 9}
    ),
    "augmentation of pairs, penalty, constraint, sampler": TrainConfig(
        network_options={"dropout": 0.3},
        n_train=60,
        batch_size=20,
        steps=20,
        sampler=backwards,
        methods=Methods(
            augment=Mixed,
            augment_options={"most": 0.4},
            penalty=squares,
            penalty_options={"rate": 1e-3},
            constraint=short_rows,
            constraint_options={"most": 0.4},
        ),
    ),
    "images": TrainConfig(network=upscale, task="regression", data="super-resolution", n_train=40, steps=20),
}


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_the_ensemble_ends_where_single_runs_end(config):
    together = weights(config, SEEDS, stacked=True)
    start = module_of(config, SEEDS, stacked=True).double()
    for place, seed in enumerate(SEEDS):
        (alone,) = weights(config, [seed], stacked=False)
        assert alone.keys() == together[place].keys()
        for name, value in alone.items():
            assert torch.allclose(value.double(), together[place][name].double(), rtol=0, atol=1e-8), (seed, name)
        moved = [(alone[n] - v).abs().max() for n, v in start.network_state(place).items() if "weight" in n]
        assert max(moved) > 1e-3  # it has learned something


@pytest.mark.parametrize("part", ["augment", "penalty", "constraint"])
def test_each_method_changes_the_weights(part):
    config = CONFIGS["augmentation of pairs, penalty, constraint, sampler"]
    without = replace(config, methods=replace(config.methods, **{part: "", f"{part}_options": {}}))
    (one,), (other,) = (weights(arm, [3], stacked=True) for arm in (config, without))
    other |= {f"network.{name}": value for name, value in other.items()}  # as augmented networks call them
    assert any((value - other[name]).abs().max() > 1e-3 for name, value in one.items())


@pytest.mark.parametrize("engine", ["ensemble", "processes"])
def test_more_is_measured_at_the_start_and_at_the_end(engine, monkeypatch):
    monkeypatch.setattr("cnnbook.parallel.cores", lambda: 1)
    methods = Methods(
        constraint=short_rows, constraint_options={"most": 0.4}, scores=[least], weight_scores=[longest_row]
    )
    config = TrainConfig(n_train=60, batch_size=20, steps=6, methods=methods, curve=(0, 6))
    result = train_seeds(config, SEEDS, engine=engine, accelerator="cpu")
    assert all(0.4 - 1e-5 < value < 0.4 + 1e-5 for value in result["longest_row"])
    assert (
        result["longest_row"] == result.curves["longest_row"][6] and result["test_nll"] == result.curves["test_nll"][6]
    )
    assert all(value > 0.5 for value in result.curves["longest_row"][0])  # nothing is constrained before the first step
    assert all(2.2 < value < 2.4 for value in result.curves["test_nll"][0])  # about ln 10: untrained
    assert all(a < b for a, b in zip(result["test_least"], result.curves["test_least"][0], strict=True))
    assert result["train_least"] and result.curves["train_least"].keys() == {0, 6}


def test_seeds_of_an_ensemble_differ():
    one, two, _ = weights(CONFIGS["adam, dropout, noise"], SEEDS, stacked=True)
    assert all(not torch.equal(one[name], two[name]) for name in one)


def test_an_ensemble_predicts_what_its_networks_predict():
    """In evaluation nothing is drawn, whatever mode the last step was in; for shared and for own inputs."""
    config = CONFIGS["sgd, everything that draws"]
    ensemble, alone = SeedEnsemble(config, SEEDS), [module_of(config, [seed], stacked=False) for seed in SEEDS]
    x = torch.rand(4, 1, 28, 28)
    want = torch.stack([one.eval()(x) for one in alone])
    assert torch.allclose(ensemble.eval()(x), want, atol=1e-6)
    own = Batch(torch.stack([x, 2 * x, 3 * x]), torch.zeros(3, 4).long(), stacked=True)
    want = torch.stack([one(k * x) for k, one in enumerate(alone, start=1)])
    assert torch.allclose(ensemble.predict(own), want, atol=1e-6)


def poisoned():
    """A network that overflows for the seeds whose first weight happens to be negative."""
    network = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    if network[1].weight[0, 0] < 0:
        with torch.no_grad():
            network[1].weight.fill_(math.inf)
    return network


@pytest.mark.parametrize("engine", ["ensemble", "processes"])
def test_a_diverged_seed_is_reported_and_spoils_no_other(engine, monkeypatch):
    monkeypatch.setattr("cnnbook.parallel.cores", lambda: 1)
    config = TrainConfig(network=poisoned, n_train=50, batch_size=10, steps=10, optimizer=Optimizer("sgd", lr=0.1))
    seeds = list(range(4, 10))
    result = train_seeds(config, seeds, engine=engine, accelerator="cpu")
    bad = [bool(flag) for flag in result["diverged"]]
    assert any(bad) and not all(bad) and all(len(values) == 6 for values in result.values.values())
    for name in ("test_accuracy", "test_nll", "accuracy_gap"):
        assert [math.isnan(value) for value in result[name]] == bad
    healthy = [seed for seed, flag in zip(seeds, bad, strict=True) if not flag]
    alone = train_seeds(config, healthy, engine=engine, accelerator="cpu")
    assert alone["test_nll"] == pytest.approx([v for v in result["test_nll"] if not math.isnan(v)], rel=1e-5)


def infinite_for_threes(outputs, targets):
    """A loss that is infinite where the batch begins with label 3, with the gradient of the finite one."""
    return nn.functional.cross_entropy(outputs, targets) + torch.where(targets[0] == 3, math.inf, 0.0)


@pytest.mark.parametrize("engine", ["ensemble", "processes"])
def test_one_infinite_loss_is_divergence_even_if_the_weights_stay_finite(engine, monkeypatch):
    monkeypatch.setattr("cnnbook.parallel.cores", lambda: 1)
    config = TrainConfig(network="mlp", n_train=50, batch_size=10, steps=6, loss=infinite_for_threes)
    seeds = list(range(6))
    batches = data_of(config, seeds, stacked=True)
    batches.setup()
    loader = batches.train_dataloader()
    want = torch.stack([loader.batch(step).targets[:, 0] == 3 for step in range(6)]).any(dim=0)
    assert want.any() and not want.all()
    result = train_seeds(config, seeds, engine=engine, accelerator="cpu")
    assert result["diverged"] == want.float().tolist()
    assert [math.isnan(value) for value in result["test_nll"]] == want.tolist()


@pytest.mark.parametrize("seeds", [[], [1, 1]])
def test_seeds_must_differ(seeds):
    with pytest.raises(ValueError, match="each once"):
        SeedEnsemble(TrainConfig(), seeds)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_masks_and_learning_are_the_same_on_a_gpu():
    config = CONFIGS["sgd, everything that draws"]
    on_cpu = weights(config, SEEDS, stacked=True)
    module, data = SeedEnsemble(config, SEEDS), data_of(config, SEEDS, stacked=True)
    trainer(accelerator="cuda", devices=1, max_steps=20, precision="64-true").fit(module, data)
    for place in range(3):
        for name, value in module.network_state(place).items():
            assert torch.allclose(value.cpu().double(), on_cpu[place][name].double(), rtol=0, atol=1e-6), name
