"""The same images as numbers, as numbers in another order, and as one-hot symbols; small changes to each."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from cnnbook.evidence.experiment import Experiment, Progress, RunOptions
from cnnbook.evidence.metrics import Axis, Curve, Metric
from cnnbook.evidence.text import Text
from cnnbook.experiments import _classifiers
from cnnbook.experiments._classifiers import TRAIN_ACCURACY
from cnnbook.experiments.domains._different_images import NOISE, REPLACED, by_change, network, symbol_images
from cnnbook.figures import Figures
from cnnbook.training.config import Optimizer, TrainConfig
from cnnbook.training.methods import Methods


def symbol_scores(outputs: Tensor, targets: Tensor) -> dict[str, float]:
    """Right decisions on unchanged images; decisions kept under noise, and with some of the symbols replaced.

    Examples:
        >>> symbol_scores(outputs := Tensor(7, 10), outputs)  # anything but the test set has none
        {}
    """
    changes = len(NOISE) + len(REPLACED)
    changed, labels = by_change(outputs, changes), by_change(targets, changes)
    if changed is None or labels is None:
        return {}
    decisions = changed.argmax(-1)
    kept = (decisions == decisions[0]).float().mean(1).tolist()
    scores = {"unchanged": float((decisions[0] == labels[0]).float().mean())}
    scores |= {f"kept_{most}": share for most, share in zip(NOISE, kept, strict=False)}
    return scores | {f"replaced_{share}": one for share, one in zip(REPLACED, kept[len(NOISE) :], strict=True)}


def arm(coding: str) -> TrainConfig:
    """One arm: 1,000 images, batches of 32, 300 steps of Adam."""
    return TrainConfig(
        network=network,
        network_options={"head": "flat", "coding": coding},
        data=symbol_images,
        n_train=1000,
        steps=300,
        optimizer=Optimizer("adam", lr=3e-3),
        methods=Methods(scores=[symbol_scores]),
    )


def measure(config: TrainConfig, seeds: Sequence[int], options: RunOptions, progress: Progress | None) -> Figures:
    """As the other experiments on classifiers; the decisions kept as a curve over the noise."""
    return _classifiers.measure(config, seeds, options, progress).gathered("test_kept", NOISE)


SYMBOLS = Experiment(
    name="domains/differences/symbols",
    question=Text(
        zh="同样的图像，灰度当作数、当作打乱了大小的数、当作没有大小的符号：还学得会吗？小小的改动还小吗？",
        en="The same images with grey levels as numbers, as numbers in another order, and as symbols: are they still "
        "learned, and is a small change still small?",
    ),
    arms={coding: arm(coding) for coding in ("numbers", "shuffled", "one_hot")},
    baseline="numbers",
    metrics=[
        Metric(
            "test_unchanged",
            Text("图像未改时的测试准确率", "test accuracy on unchanged images"),
            "%",
            "higher",
            digits=1,
            scale=100,
        ),
        TRAIN_ACCURACY,
        *(
            Metric(
                f"test_replaced_{share}",
                Text(
                    f"随机换掉 {share}% 的像素后判断不变的比例",
                    f"share of decisions unchanged with {share}% of the pixels replaced",
                ),
                "%",
                "higher",
                digits=1,
                scale=100,
            )
            for share in REPLACED
        ),
    ],
    curves=[
        Curve(
            Metric(
                "test_kept",
                Text("加噪声后判断不变的比例", "share of decisions unchanged by noise"),
                "%",
                "higher",
                digits=1,
                scale=100,
            ),
            Axis(
                "noise",
                "grey levels",
                words=Text("{metric}（每个像素至多变 {at} 级灰度）", "{metric} of up to {at} grey levels"),
                one=Text("{metric}（每个像素至多变 1 级灰度）", "{metric} of up to 1 grey level"),
            ),
            NOISE,
        )
    ],
    budget=Text(
        "训练图像 1000 张、16 级灰度、批次 32、300 步，学习率相同",
        "1,000 training images of 16 grey levels, batches of 32, 300 steps, one learning rate",
    ),
    labels={
        "numbers": Text("数，按大小", "numbers in their order"),
        "shuffled": Text("数，大小打乱", "numbers in another order"),
        "one_hot": Text("符号（one-hot）", "symbols (one-hot)"),
    },
    measure=measure,
    comparisons=[("shuffled", "numbers"), ("one_hot", "numbers"), ("one_hot", "shuffled")],
)
