"""Batch size against what is held fixed: the steps or the epochs, the learning rate or its ratio to the batch.

SGD with momentum comes first, since the linear scaling of the rate is an argument about SGD; Adam, which most readers
use, repeats the main comparisons. The rates of the two baselines were chosen for a batch of 32 alone, on seeds that the
experiment does not use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cnnbook.evidence.experiment import Experiment, Progress, RunOptions
from cnnbook.evidence.metrics import Curve
from cnnbook.evidence.text import Text
from cnnbook.experiments import _classifiers
from cnnbook.experiments._axes import SHARE
from cnnbook.experiments._classifiers import METRICS, TEST_ACCURACY, TEST_NLL, TRAIN_ACCURACY, TRAIN_NLL
from cnnbook.figures import Figures
from cnnbook.generalisation.batch_size import scaled_rate, steps_per_epoch
from cnnbook.training.config import Optimizer, TrainConfig

EXAMPLES, EPOCHS, BASE = 512, 25, 32
STEPS = EPOCHS * steps_per_epoch(EXAMPLES, BASE)  # 400
RATES = {"sgd": 0.02, "adam": 0.002}
POINTS = (0, 1 / 64, 1 / 32, 1 / 16, 1 / 8, 3 / 16, 1 / 4, 3 / 8, 1 / 2, 3 / 4)  # of the run, whatever its length
CURVES = tuple(Curve(metric, SHARE, POINTS) for metric in (TEST_NLL, TRAIN_NLL, TEST_ACCURACY, TRAIN_ACCURACY))


def arm(batch_size: int, fixed: str, rule: str | None = None, name: str = "sgd", warmup: int = 0) -> TrainConfig:
    """One arm.

    Args:
        batch_size: Examples a step.
        fixed: ``"steps"`` or ``"epochs"``, which are those of the baseline.
        rule: How the rate follows the batch: ``"linear"``, ``"sqrt"`` or not at all.
        name: The optimiser.
        warmup: Epochs over which the rate rises to its height.
    """
    rate = scaled_rate(RATES[name], batch_size, BASE, rule) if rule else RATES[name]
    warmup_steps = warmup * steps_per_epoch(EXAMPLES, batch_size)
    return TrainConfig(
        n_train=EXAMPLES,
        batch_size=batch_size,
        steps=STEPS if fixed == "steps" else None,
        epochs=EPOCHS if fixed == "epochs" else None,
        optimizer=Optimizer(name, lr=rate, warmup=warmup_steps),
    )


ARMS = {
    "b32": arm(32, "epochs"),
    "b8_steps": arm(8, "steps"),
    "b8_steps_scaled": arm(8, "steps", "linear"),
    "b8_epochs": arm(8, "epochs"),
    "b8_epochs_scaled": arm(8, "epochs", "linear"),
    "b128_steps": arm(128, "steps"),
    "b128_steps_scaled": arm(128, "steps", "linear"),
    "b128_epochs": arm(128, "epochs"),
    "b128_epochs_scaled": arm(128, "epochs", "linear"),
    "b128_epochs_warmup": arm(128, "epochs", "linear", warmup=5),
    "adam_b32": arm(32, "epochs", name="adam"),
    "adam_b8_epochs": arm(8, "epochs", name="adam"),
    "adam_b128_steps": arm(128, "steps", name="adam"),
    "adam_b128_epochs": arm(128, "epochs", name="adam"),
    "adam_b128_epochs_scaled": arm(128, "epochs", "linear", name="adam"),
    "adam_b128_epochs_sqrt": arm(128, "epochs", "sqrt", name="adam"),
}


def measure(config: TrainConfig, seeds: Sequence[int], options: RunOptions, progress: Progress | None) -> Figures:
    """As the other experiments on classifiers, and at the same shares of runs that are of different lengths."""
    steps = {point: round(point * config.total_steps) for point in POINTS}  # exact: shares of powers of two
    figures = _classifiers.measure(replace(config, curve=tuple(steps.values())), seeds, options, progress)
    curves = {name: {point: curve[step] for point, step in steps.items()} for name, curve in figures.curves.items()}
    return Figures(figures.values, curves)


EXPERIMENT = Experiment(
    name="generalisation/batch_size",
    question=Text(
        zh="批次更大，泛化是否更好？步数相同、轮次相同、学习率按批次放大时各如何？",
        en="Does a larger batch generalise better: at equal steps, at equal epochs, with the rate scaled or not?",
    ),
    arms=ARMS,
    baseline="b32",
    metrics=(*METRICS, TRAIN_NLL),
    curves=CURVES,
    budget=Text(
        zh="训练图像 512 张；标明步数相同的各组都是 400 步，其余 25 轮（批次 32 时恰好 400 步）",
        en="512 training images; 400 steps where equal steps are named, else 25 epochs (400 steps with a batch of 32)",
    ),
    labels={
        "b32": Text("批次 32", "batch 32"),
        "b8_steps": Text("批次 8，步数相同", "batch 8, equal steps"),
        "b8_steps_scaled": Text("批次 8，步数相同，学习率同比放大", "batch 8, equal steps, scaled rate"),
        "b8_epochs": Text("批次 8，轮次相同", "batch 8, equal epochs"),
        "b8_epochs_scaled": Text("批次 8，轮次相同，学习率同比放大", "batch 8, equal epochs, scaled rate"),
        "b128_steps": Text("批次 128，步数相同", "batch 128, equal steps"),
        "b128_steps_scaled": Text("批次 128，步数相同，学习率同比放大", "batch 128, equal steps, scaled rate"),
        "b128_epochs": Text("批次 128，轮次相同", "batch 128, equal epochs"),
        "b128_epochs_scaled": Text("批次 128，轮次相同，学习率同比放大", "batch 128, equal epochs, scaled rate"),
        "b128_epochs_warmup": Text(
            "批次 128，轮次相同，学习率同比放大并预热", "batch 128, equal epochs, scaled rate, warm-up"
        ),
        "adam_b32": Text("Adam，批次 32", "Adam, batch 32"),
        "adam_b8_epochs": Text("Adam，批次 8，轮次相同", "Adam, batch 8, equal epochs"),
        "adam_b128_steps": Text("Adam，批次 128，步数相同", "Adam, batch 128, equal steps"),
        "adam_b128_epochs": Text("Adam，批次 128，轮次相同", "Adam, batch 128, equal epochs"),
        "adam_b128_epochs_scaled": Text(
            "Adam，批次 128，轮次相同，学习率同比放大", "Adam, batch 128, equal epochs, scaled rate"
        ),
        "adam_b128_epochs_sqrt": Text(
            "Adam，批次 128，轮次相同，学习率按 √ 放大", "Adam, batch 128, equal epochs, rate scaled by √"
        ),
    },
    measure=measure,
    comparisons=[
        *((name, "b32") for name in ARMS if name != "b32" and not name.startswith("adam")),
        ("b128_epochs_warmup", "b128_epochs_scaled"),
        *((name, "adam_b32") for name in ARMS if name != "adam_b32" and name.startswith("adam")),
    ],
)
