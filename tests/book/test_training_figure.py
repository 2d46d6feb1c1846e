"""What a page carries for <training-widget>: the runs that the widget can make, and the images of a seed."""

import gzip
import json
import sys

import numpy as np
import pytest
import torch

from cnnbook.data import SeededData
from cnnbook.data.images import load
from cnnbook.experiments.generalisation import dropout
from cnnbook.experiments.parameters import epochs, learning_rate, weight_decay
from manuscript import ROOT

sys.path.insert(0, str(ROOT / "hooks"))
import garments
import training


def unpacked(content: bytes) -> np.ndarray:
    """Images ``uint8 (N, 28, 28)`` of a file."""
    less = np.frombuffer(gzip.decompress(content), np.uint8).reshape(-1, 28, 28)
    return np.add.accumulate(less, axis=1, dtype=np.uint8)


@pytest.mark.parametrize("seed", garments.SEEDS)
def test_a_file_holds_the_images_that_a_seed_trains_on(seed):
    data = SeededData(n_train=garments.TRAIN, seed=seed)
    data.setup("fit")
    wanted = data.arrays.train_inputs[data.train_rows[0], 0].numpy()
    found = unpacked(garments.content(f"train-{seed}"))
    assert sorted(map(bytes, found)) == sorted(map(bytes, wanted))
    labels = np.repeat(np.arange(10), [52, 52, *[51] * 8])
    kept = {bytes(image): int(label) for image, label in zip(wanted, data.train_targets[0], strict=True)}
    assert [kept[bytes(image)] for image in found] == labels.tolist()


def test_the_test_images_are_the_first_of_each_class():
    data, found = load("fashion-mnist-mini"), unpacked(garments.content("test"))
    for label in range(10):
        first = data.test_images[torch.nonzero(data.test_labels == label).flatten()[:50], 0].numpy()
        assert (found[50 * label : 50 * (label + 1)] == first).all()


def test_what_the_widget_sets_is_the_arm():
    sweep, decay = learning_rate.SWEEP.arms, weight_decay.EXPERIMENT.arms
    assert training.choice_of(sweep["sgd_0.2"].to_json()) == {
        "rate": 0.2, "batch": 32, "decay": 0.0, "dropout": 0.0, "noise": 0.0, "images": 512, "optimizer": "sgd",
    }  # fmt: skip
    assert training.choice_of(decay["adamw_01"].to_json())["decay"] == 0.1
    assert training.choice_of(sweep["adam_0.002"].to_json())["optimizer"] == "adam"


@pytest.mark.parametrize(
    ("arm", "named"),
    [
        (learning_rate.SCHEDULES.arms["cosine"], "n_val"),
        (dropout.ARMS["dropout_head"], "network"),
        (weight_decay.EXPERIMENT.arms["norm_sgd"], "batch_norm"),
        (learning_rate.SWEEP.arms["squared_2"], "loss"),
        (epochs.RUNS["n512"], "n_val"),
    ],
)
def test_an_arm_that_the_widget_cannot_run_is_refused(arm, named):
    with pytest.raises(ValueError, match=f"cannot run it: .*{named}"):
        training.choice_of(arm.to_json())


def test_a_step_in_the_page_costs_at_most_three_of_pytorch():
    """As the committed benchmark measured it, on one core."""
    rows = json.loads((ROOT / "benchmarks/page_step.json").read_text("utf-8"))["rows"]
    assert [row["batch"] for row in rows] == [8, 32, 128]
    assert max(row["cpu_ratio"] for row in rows) <= 3
