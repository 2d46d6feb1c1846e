"""The map of what transfers: one thing changed in each arm, rates from their record, augmentations that keep labels."""

import json
from dataclasses import replace
from statistics import mean

import pytest
import torch

from cnnbook.experiments.generalisation import _settings, transfer
from cnnbook.experiments.generalisation._settings import SETTINGS, MovedAndMasked, WordDropout
from cnnbook.randomness import seed_layers
from cnnbook.training.networks import build
from manuscript import ROOT

RECORD = json.loads((ROOT / "benchmarks/transfer_rates.json").read_text("utf-8"))["rows"]
CELLS = [(name, network) for name in SETTINGS for network in ("book", "larger")]


def of(name: str, network: str) -> dict:
    return transfer.cell(SETTINGS[name], getattr(SETTINGS[name], network))


@pytest.mark.parametrize(("name", "network"), CELLS[:-1])  # the last waits for a GPU
@pytest.mark.parametrize(("what", "attribute"), [("rate", "lr"), ("penalty", "penalty")])
def test_what_was_tuned_is_the_best_of_its_record(name, network, what, attribute):
    tried = {
        row["value"]: mean(row["val_accuracy"])
        for row in RECORD
        if (row["cell"], row["network"], row["tried"]) == (name, network, what)
    }
    assert len(tried) >= 3, f"{name}, {network}: no record of how {attribute} was chosen"
    assert getattr(getattr(SETTINGS[name], network), attribute) == max(tried, key=tried.get)


@pytest.mark.parametrize(("name", "network"), CELLS[:-1])
def test_twice_the_steps_would_change_little(name, network):
    """Three points at most: where it is more it is less accurate, which is no reason to go on."""
    rows = [row for row in RECORD if (row["cell"], row["network"]) == (name, network)]
    best = max(mean(row["val_accuracy"]) for row in rows if row["tried"] == "rate")
    (longer,) = (mean(row["val_accuracy"]) for row in rows if row["tried"] == "steps")
    assert longer - best < 1


@pytest.mark.parametrize(("name", "network"), CELLS)
def test_each_arm_changes_one_thing(name, network):
    arms = of(name, network)
    base = arms["base"]
    changed = {
        arm: {key for key, value in config.to_json().items() if value != base.to_json()[key]}
        for arm, config in arms.items()
    }
    assert changed.pop("base") == set()
    assert changed == {
        "half": {"n_train"},
        "batch_size": {"batch_size"},
        "uneven": {"n_train", "class_counts"},
        "balanced": {"n_train", "class_counts", "sampler"},
        "objective": {"loss_options"},
        "architecture": {"network_options"},
        "augmentation": {"methods"},
        "weight_penalty": {"methods"},
        "dropout": {"network_options"},
        "cosine": {"optimizer"},
        "rate_kept": {"batch_size", "steps"},
        "rate_root": {"batch_size", "steps", "optimizer"},
        "rate_linear": {"batch_size", "steps", "optimizer"},
        "long": {"steps"},
        "augmentation_long": {"steps", "methods"},
    }
    quarter = arms["rate_kept"]
    assert quarter.batch_size * quarter.total_steps == base.batch_size * base.total_steps
    assert replace(arms["rate_linear"], optimizer=base.optimizer) == quarter
    assert arms["rate_linear"].optimizer.lr == pytest.approx(4 * base.optimizer.lr)
    assert 2 * arms["half"].n_train == base.n_train


@pytest.mark.parametrize(("name", "network"), [cell for cell in CELLS if "reviews_zh" not in cell])
def test_the_larger_network_is_larger_and_normalised(name, network):
    config = of(name, network)["base"]
    layers = [type(layer).__name__ for layer in build(config.network, config.network_options).modules()]
    assert any("BatchNorm" in layer for layer in layers) == (network == "larger")
    sizes = [
        sum(p.numel() for p in build(arms["base"].network, arms["base"].network_options).parameters())
        for arms in (of(name, "book"), of(name, "larger"))
    ]
    assert sizes[0] < sizes[1]


@pytest.mark.parametrize("arm", ["architecture", "dropout"])
@pytest.mark.parametrize(("name", "network"), CELLS)
def test_options_reach_the_network(name, network, arm):
    plain, changed = (of(name, network)[one] for one in ("base", arm))
    one, other = (build(c.network, c.network_options) for c in (plain, changed))
    if arm == "dropout":
        assert any(getattr(layer, "p", 0) == 0.5 for layer in other.modules())
    else:
        assert sum(p.numel() for p in other.parameters()) > sum(p.numel() for p in one.parameters())


def test_lost_words_are_unknown_and_padding_stays():
    inputs = torch.randint(2, 50, (64, 40))
    inputs[:, 30:] = 0
    layer = seed_layers(WordDropout(), seed=3)
    changed, labels = layer(inputs, torch.arange(64))
    lost = changed != inputs
    assert (changed[lost] == _settings.UNKNOWN).all() and not lost[:, 30:].any()
    assert 0.07 < lost[:, :30].float().mean() < 0.13 and labels.tolist() == list(range(64))
    assert torch.equal(layer.eval()(inputs, labels)[0], inputs)


def test_a_spectrogram_is_moved_and_a_span_of_bands_silenced():
    ramp = torch.arange(1.0, 50).expand(200, 24, 49).clone()
    layer = seed_layers(MovedAndMasked(), seed=3)
    changed, _ = layer(ramp, torch.zeros(200))
    silent = (changed == _settings.SILENCE).all(dim=2).sum(dim=1)
    assert set(silent.tolist()) == {0, 1, 2, 3, 4}
    heard = changed.gather(
        1, (~(changed == _settings.SILENCE).all(dim=2)).long().argmax(1)[:, None, None].expand(-1, 1, 49)
    )
    assert {int(row[0, 24]) - 25 for row in heard} == set(range(-5, 6))
    assert torch.equal(layer.eval()(ramp, torch.zeros(200))[0], ramp)


def test_without_its_data_the_map_says_how_to_get_them(monkeypatch, tmp_path):
    monkeypatch.setenv("CNNBOOK_DATA", str(tmp_path))
    assert transfer.BOOK.lacks() == (
        "data sets are not on this machine yet: run  python -m cnnbook.data fashion-mnist  (31 MB) and "
        "python -m cnnbook.data fsdd  (16 MB)"
    )
