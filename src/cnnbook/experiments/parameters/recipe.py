"""Runs made to fail, each in one way: does the recipe name the way from their curves alone?

Every arm is the healthy one with a single thing changed, so what is changed is the cause, and the healthy arm the cure.
The curves are measured on all training and all validation examples; the recipe is told that there are ten classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import nn

from cnnbook.data.sources import Arrays, classification
from cnnbook.evidence.experiment import Experiment, Progress, RunOptions
from cnnbook.evidence.metrics import Axis, Curve, Metric
from cnnbook.evidence.text import Text
from cnnbook.experiments import _classifiers
from cnnbook.figures import Figures, Points
from cnnbook.generalisation.more_data import nested_order
from cnnbook.parameters.recipe import Branch, Curves, diagnose
from cnnbook.training.config import Optimizer, TrainConfig

STEPS, SHORT = 300, 12
FRESH = 1000  # the seeds begin here: the recipe's fourth question was mended on those from 0 on
SHARES = (0, 2, 4, 8, 12, 20, 30, 40, 55, 70, 85, 100)  # of the run, in per cent, where the curves have their points
DISTINCT, COPIES = 50, 20


def copied(distinct: int = DISTINCT, copies: int = COPIES) -> Arrays:
    """A training part of few images, each several times: whoever splits it has copies on both sides.

    Returns:
        ``distinct * copies`` training images, and the test part as it is.
    """
    data = classification("fashion-mnist-mini")
    rows = nested_order(data.train_targets, torch.Generator().manual_seed(0))[:distinct].repeat(copies)
    return replace(data, train_inputs=data.train_inputs[rows], train_targets=data.train_targets[rows])


def brightness(side: int = 3) -> nn.Sequential:
    """Too small a network: a linear classifier of the mean brightness in ``side`` × ``side`` parts of the image.

    A tiny network of rectified units would do for some seeds, and for others be dead from the start.
    """
    return nn.Sequential(nn.AdaptiveAvgPool2d(side), nn.Flatten(), nn.Linear(side * side, 10))


def at(share: int, steps: int) -> int:
    """The step at a share of a run, in per cent."""
    return round(share * steps / 100)


def arm(steps: int = STEPS, n_train: int = 1000, **changed: Any) -> TrainConfig:
    """The healthy run, or one with something changed."""
    curve = tuple(sorted({at(share, steps) for share in SHARES}))
    return TrainConfig(n_train=n_train, n_val=500, steps=steps, curve=curve, **changed)


ARMS = {
    "healthy": arm(),
    "diverged": arm(optimizer=Optimizer(lr=3.0)),
    "slow": arm(optimizer=Optimizer(lr=1e-5)),
    "dead": arm(optimizer=Optimizer(lr=0.2)),
    "small": arm(network=brightness),
    "short": arm(steps=SHORT),
    "overfit": arm(n_train=50),
    "labels": arm(label_noise=0.9, n_train=200),
    "copies": arm(data=copied, n_train=500),
}
MADE = {  # what each arm was made to be
    "healthy": Branch.HEALTHY,
    "diverged": Branch.DIVERGED,
    "slow": Branch.PLATEAU,
    "dead": Branch.PLATEAU,
    "small": Branch.UNDERFIT,
    "short": Branch.UNDERFIT,
    "overfit": Branch.OVERFIT,
    "labels": Branch.DATA,
    "copies": Branch.OVERFIT,
}
CALLED = {
    Branch.HEALTHY: "called_healthy",
    Branch.DIVERGED: "called_diverged",
    Branch.PLATEAU: "called_plateau",
    Branch.UNDERFIT: "called_underfit",
    Branch.OVERFIT: "called_overfit",
    Branch.DATA: "called_data",
}
METRICS = (
    Metric("called_healthy", Text("判为正常的比例", "share called healthy"), "%", "higher", digits=1, scale=100),
    Metric("called_diverged", Text("判为发散的比例", "share called diverged"), "%", "higher", digits=1, scale=100),
    Metric("called_plateau", Text("判为停滞的比例", "share called plateau"), "%", "higher", digits=1, scale=100),
    Metric("called_underfit", Text("判为欠拟合的比例", "share called underfit"), "%", "higher", digits=1, scale=100),
    Metric("called_overfit", Text("判为过拟合的比例", "share called overfit"), "%", "higher", digits=1, scale=100),
    Metric("called_data", Text("判为数据有错的比例", "share called wrong data"), "%", "higher", digits=1, scale=100),
)
VAL_NLL = Metric("val_nll", Text("验证集的负对数似然", "validation negative log-likelihood"), "nats", "lower", digits=3)
PER_CENT = Axis(
    "per_cent",
    "%",
    words=Text("{metric}（完成 {at}% 时）", "{metric} after {at}% of the run"),
    zero=Text("{metric}（训练前）", "{metric} before training"),
)


def measure(config: TrainConfig, seeds: Sequence[int], options: RunOptions, progress: Progress | None) -> Figures:
    """Train an arm on seeds that the recipe has not seen, and let it name each run from its curves."""
    steps = config.total_steps
    figures = _classifiers.measure(config, [FRESH + seed for seed in seeds], options, progress)
    found = [
        diagnose(Curves(**{name: points(figures, name, one, config) for name in POINTS}, classes=10)).branch
        for one in range(len(seeds))
    ]
    called = {name: [float(branch is each) for each in found] for branch, name in CALLED.items()}
    curves: dict[str, Points] = {
        name: {share: figures.curves[name][at(share, steps)] for share in SHARES} for name in ("train_nll", "val_nll")
    }
    return Figures(figures.values | called, curves)


POINTS = {"train_loss": "train_nll", "val_loss": "val_nll", "val_accuracy": "val_accuracy"}


def points(figures: Figures, name: str, seed: int, config: TrainConfig) -> list[tuple[int, float]]:
    """A curve of one seed as the recipe reads it."""
    return [(step, figures.curves[POINTS[name]][step][seed]) for step in config.curve]


EXPERIMENT = Experiment(
    name="parameters/recipe",
    question=Text(
        zh="故意把训练弄坏，一次只坏一处：只看曲线，能认出坏在哪里吗？",
        en="Runs made to fail, one thing at a time: do their curves alone tell what is wrong?",
    ),
    arms=ARMS,
    baseline="healthy",
    metrics=METRICS,
    curves=[Curve(metric, PER_CENT, SHARES) for metric in (_classifiers.TRAIN_NLL, VAL_NLL)],
    budget=Text(
        zh="批次 32、300 步、Adam、学习率 0.002，训练图像 1000 张、验证图像 500 张；每组只改一处，改的就是它的名字"
        "（标签错误那组的训练图像另外减到 200 张，好让网络来得及背下来；副本那组 500 张）；种子从 1000 起",
        en="Batches of 32, 300 steps of Adam at a rate of 0.002, 1,000 training and 500 validation images; each "
        "configuration changes one thing, which its name says (with wrong labels there are 200 images, few enough to "
        "be memorised; with copies 500); seeds from 1,000 on",
    ),
    labels={
        "healthy": Text("正常", "healthy"),
        "diverged": Text("学习率 3", "learning rate 3"),
        "slow": Text("学习率 0.00001", "learning rate 0.00001"),
        "dead": Text("学习率 0.2", "learning rate 0.2"),
        "small": Text("网络太小", "network too small"),
        "short": Text("只训练 12 步", "12 steps only"),
        "overfit": Text("只有 50 张训练图像", "50 training images"),
        "labels": Text("九成标签是错的", "nine labels in ten wrong"),
        "copies": Text("验证集里是训练图像的副本", "validation holds copies"),
    },
    measure=measure,
    comparisons=[*((name, "healthy") for name in ARMS if name != "healthy"), ("healthy", "overfit")],
)
