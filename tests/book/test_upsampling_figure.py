"""What a page carries for <upsampling-widget>: the patches of a seed, and the runs that the widget can make."""

import gzip
import json
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from cnnbook.data import SeededData
from cnnbook.data.photographs import photograph_patches, shrink
from cnnbook.evidence.results import load_result
from cnnbook.experiments.convolution import upsampling as bench
from cnnbook.training import Optimizer
from manuscript import ROOT

sys.path.insert(0, str(ROOT / "hooks"))
import photographs
import upsampling
from snapshot import snapshot


def unpacked(content: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Photographs ``uint8 (12, 256, 256)`` and the part to test on ``uint8 (128, 128)`` of a file."""
    less = np.frombuffer(gzip.decompress(content), np.uint8)
    parts = less[: 12 * 256 * 256].reshape(12, 256, 256), less[12 * 256 * 256 :].reshape(1, 128, 128)
    train, test = (np.add.accumulate(part, axis=1, dtype=np.uint8) for part in parts)
    return train, test[0]


@pytest.mark.parametrize("seed", photographs.SEEDS)
def test_a_file_holds_the_patches_that_a_seed_trains_on(seed):
    fold = bench.fold_of(seed)
    source = bench.ARMS["nearest"].data
    data = SeededData(source, {"fold": fold}, n_train=256, batch_size=8, seed=seed)
    data.setup("fit")
    rows = data.train_rows[0]
    train, test = unpacked(photographs.content(seed))
    images = torch.from_numpy(train)[:, None]
    small = shrink(images.float() / 255, 2)

    def cut(whole: torch.Tensor, size: int) -> torch.Tensor:
        return whole.unfold(2, size, size // 4).unfold(3, size, size // 4).reshape(-1, 1, size, size)[rows]

    assert torch.equal(cut(images, 32), data.arrays.train_targets[rows])
    assert torch.equal(cut(small, 16), data.arrays.train_inputs[rows])
    held = photograph_patches(fold=fold).test_targets[0, 0].numpy()
    top, left = photographs.CORNERS[seed]
    assert (test == held[top : top + 128, left : left + 128]).all()


def test_a_run_asks_for_little():
    assert max(len(photographs.content(seed)) for seed in photographs.SEEDS) <= 240_000


def test_the_published_curves_are_the_results_own():
    data = upsampling.published(snapshot().experiments["convolution/upsampling"])
    result = load_result("convolution/upsampling")
    assert data["steps"] == [0, 20, 50, 100, 200, 500]
    assert len(data["arms"]) == 9 and "balanced_k6" not in data["arms"]
    for arm, seed in (("transposed_k3", 0), ("sub_pixel_icnr", 2)):
        curves = data["arms"][arm][seed]
        for own, metric in (("ripple", "test_ripple"), ("spread", "spread")):
            found = [result.of(arm, metric, at)[seed] for at in (0, 20, 50, 100, 200, None)]
            assert curves[own] == pytest.approx(found, rel=1e-5)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"optimizer": Optimizer("adam", lr=1e-3, schedule="cosine")}, "lr"),
        ({"optimizer": Optimizer("adam", lr=2e-3)}, "schedule"),
        ({"batch_size": 4}, "batch_size"),
        ({"loss": "mae"}, "loss"),
    ],
)
def test_what_the_widget_does_not_do_is_named(change, named):
    config = bench.ARMS["nearest"]
    assert upsampling.settled(config.to_json()) == {}
    assert named in upsampling.settled(replace(config, **change).to_json())


def test_an_element_carries_its_stories_and_the_picture():
    report = snapshot().experiments["convolution/upsampling"]
    element = upsampling.upsampling(report, {"k = 3": {"layer": "k3"}}, "<svg></svg>")
    data = json.loads(element.partition('json">')[2].partition("</script>")[0])
    assert data["stories"] == [{"name": "k = 3", "choice": {"layer": "k3"}}]
    assert element.endswith("<svg></svg></upsampling-widget>")
    with pytest.raises(ValueError, match="stories"):
        upsampling.upsampling(report, {}, "<svg></svg>")
    with pytest.raises(ValueError, match="same steps"):
        upsampling.published(snapshot().experiments["convolution/upsampling/start"])


def test_a_reader_sees_thirty_steps_a_second():
    """As the committed benchmark measured it, on one core."""
    rows = json.loads((ROOT / "benchmarks/page_upsampling.json").read_text("utf-8"))["rows"]
    assert {row["layer"] for row in rows} == {"k2", "k3", "k4", "k6", "nearest", "sub_pixel"}
    assert min(row["steps_a_second"] for row in rows) >= 30
