"""What the experiments on classifiers share: how an arm is measured, and in which figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cnnbook.evidence.experiment import Progress, RunOptions
from cnnbook.evidence.metrics import Metric
from cnnbook.evidence.text import Text
from cnnbook.figures import Figures, Points
from cnnbook.training.config import TrainConfig
from cnnbook.training.engines import train_seeds

QUICK_STEPS, QUICK_EXAMPLES = 4, 50

TEST_ACCURACY = Metric("test_accuracy", Text("测试准确率", "test accuracy"), "%", "higher", digits=1, scale=100)
TRAIN_ACCURACY = Metric("train_accuracy", Text("训练准确率", "training accuracy"), "%", "higher", digits=1, scale=100)
TEST_NLL = Metric(
    "test_nll",
    Text("测试集的负对数似然", "test negative log-likelihood"),
    "nats",
    "lower",
    digits=3,
    short=Text("负对数似然", "NLL"),
)
TRAIN_NLL = Metric(
    "train_nll", Text("训练集的负对数似然", "training negative log-likelihood"), "nats", "lower", digits=3
)
TEST_ECE = Metric(
    "test_ece",
    Text("校准误差", "calibration error"),
    "%",
    "lower",
    digits=1,
    scale=100,
    short=Text("校准误差", "calibration"),
)
ACCURACY_GAP = Metric(
    "accuracy_gap",
    Text("训练与测试准确率之差", "gap between training and test accuracy"),
    "%",
    "lower",
    digits=1,
    scale=100,
    short=Text("训练测试之差", "train-test gap"),
)
WEIGHT_NORM = Metric("weight_norm", Text("全部权重的长度", "length of all weights"), "", "lower", digits=3)
METRICS = (TEST_ACCURACY, TEST_NLL, TEST_ECE, TRAIN_ACCURACY, ACCURACY_GAP)


def measure(config: TrainConfig, seeds: Sequence[int], options: RunOptions, progress: Progress | None) -> Figures:
    """Train an arm over its seeds; where a quick try is asked for a few steps, measured on few examples, its curve cut
    off there."""
    points, measured = {step: step for step in config.curve}, None
    if options.quick:
        steps = min(QUICK_STEPS, config.total_steps)
        points = {step: min(step, steps) for step in config.curve}
        config = replace(config, steps=steps, epochs=None, curve=tuple(sorted(set(points.values()))))
        measured = None if config.methods.scores else QUICK_EXAMPLES  # scores of an arm's own may need all examples
    figures = train_seeds(config, seeds, progress=progress, measured=measured, **options.trainer())
    curves: dict[str, Points] = {
        name: {step: curve[there] for step, there in points.items()} for name, curve in figures.curves.items()
    }
    return Figures(figures.values, curves)
