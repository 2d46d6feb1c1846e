"""The batch size: the noise of the gradient in the course of training, and what equal steps and equal epochs reach.

The noise is that of the gradient of the 512 training images, each image's own gradient at hand; beside the formula
stand batches as training draws them, without replacement.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnnbook.evidence.experiment import Experiment, Progress, RunOptions
from cnnbook.evidence.metrics import Metric
from cnnbook.evidence.text import Text
from cnnbook.experiments import _classifiers
from cnnbook.experiments._seeds import each_seed
from cnnbook.experiments.generalisation.batch_size import CURVES, measure
from cnnbook.figures import Figures
from cnnbook.generalisation.batch_size import example_gradients, gradient_noise, noise_scale
from cnnbook.randomness import stream
from cnnbook.training.config import Optimizer, TrainConfig
from cnnbook.training.networks import build
from cnnbook.training.optimizers import configure

EXAMPLES, STEPS, BASE, DRAWS = 512, 240, 32, 256
EPOCHS = STEPS * BASE // EXAMPLES  # 15
RATE = 0.1
SIZES = (8, 32, 128)


@dataclass(frozen=True)
class Noise:
    """An arm: how long the network has been trained, with batches of 32, when the noise is measured; on how many of
    its training images."""

    steps: int
    examples: int = EXAMPLES


def gradients_after(config: Noise, seed: int) -> Tensor:
    """Each training image's own gradient after so many steps, ``(512, P)``, or that of the first ``examples``."""
    from cnnbook.training.runs import data_of

    optimizer = Optimizer("sgd", lr=RATE, momentum=0.0)
    run = TrainConfig(n_train=EXAMPLES, batch_size=BASE, steps=max(config.steps, 1), optimizer=optimizer)
    data = data_of(run, [seed], stacked=False)
    data.setup()
    network = build(run.network, seed=seed)
    steps = configure(network.parameters(), optimizer, run.total_steps)["optimizer"]
    for number, batch in enumerate(data.train_dataloader()):
        if number == config.steps:
            break
        steps.zero_grad()
        F.cross_entropy(network(batch.inputs), batch.targets).backward()
        steps.step()
    _, everything = data.test_dataloader()
    parts = [(batch.inputs, batch.targets) for batch in everything]
    inputs, targets = (torch.cat(values)[: config.examples] for values in zip(*parts, strict=True))
    return example_gradients(network.eval(), nn.functional.cross_entropy, inputs, targets)


def drawn_noise(products: Tensor, batch: int, seed: int) -> float:
    """Mean squared error of the gradients of batches that are the first of a shuffled epoch.

    Args:
        products: Of the gradients' distances from their mean with each other, ``(512, 512)``.
        batch: Examples in a batch.
        seed: Draws the batches.
    """
    generator = stream(seed, "noise", batch)
    draws = [torch.randperm(len(products), generator=generator)[:batch] for _ in range(DRAWS)]
    return float(torch.stack([products[rows][:, rows].mean() for rows in draws]).mean())


def measure_noise(config: Noise, seeds: Sequence[int], options: RunOptions, progress: Progress | None) -> Figures:
    """Train each seed for the steps of the arm, on the CPU, and measure; a quick try: few steps and 160 images."""
    after = Noise(min(config.steps, _classifiers.QUICK_STEPS), 160) if options.quick else config
    return each_seed(functools.partial(noise_of, after), seeds, options, progress)


def noise_of(config: Noise, seed: int) -> Figures:
    """The figures of one seed: the noise by its formula, and by batches that are drawn."""
    gradients = gradients_after(config, seed)
    centred = gradients - gradients.mean(0)
    products = centred @ centred.T
    row = {"noise_scale": noise_scale(gradients), "trace": gradient_noise(gradients, 1)}
    row["signal"] = float(gradients.mean(0).double().square().sum())
    for batch in SIZES:
        row[f"noise_{batch}"] = gradient_noise(gradients, batch, replacement=False)
        row[f"drawn_{batch}"] = drawn_noise(products, batch, seed)
    return Figures({name: [value] for name, value in row.items()})


def arm(batch_size: int, fixed: str, rate: float = RATE) -> TrainConfig:
    """One batch size, with the steps or the epochs of the baseline."""
    return TrainConfig(
        n_train=EXAMPLES,
        batch_size=batch_size,
        steps=STEPS if fixed == "steps" else None,
        epochs=EPOCHS if fixed == "epochs" else None,
        optimizer=Optimizer("sgd", lr=rate, momentum=0.0),
    )


NOISE = Experiment(
    name="parameters/batch_size",
    question=Text(
        zh="梯度的噪声与批次大小是什么关系？训练开头和后来各多大？",
        en="How does the noise of the gradient depend on the batch size, and how large is it early and late?",
    ),
    arms={f"step_{steps}": Noise(steps) for steps in (0, 30, 240, 480)},
    baseline="step_0",
    metrics=(
        Metric("noise_scale", Text("梯度的噪声尺度", "noise scale of the gradient"), "images", "lower", digits=1),
        Metric("trace", Text("单张图像的梯度的方差", "variance of a single image's gradient"), "", "lower", digits=3),
        Metric("signal", Text("平均梯度的平方长度", "squared length of the mean gradient"), "", "higher", digits=3),
        *(
            Metric(
                f"noise_{batch}",
                Text(
                    f"批次 {batch} 的梯度的方差，按公式", f"variance of the gradient of {batch} images, by the formula"
                ),
                "",
                "lower",
                digits=3,
            )
            for batch in SIZES
        ),
        *(
            Metric(
                f"drawn_{batch}",
                Text(f"批次 {batch} 的梯度的方差，实际抽取", f"variance of the gradient of {batch} images, as drawn"),
                "",
                "lower",
                digits=3,
            )
            for batch in SIZES
        ),
    ),
    budget=Text(
        zh="fashion-mnist-mini 训练图像 512 张，小网络，批次 32，不带动量的 SGD 走 0 到 480 步，学习率 0.1",
        en="512 training images of fashion-mnist-mini, the small network, batches of 32, 0 to 480 steps of SGD without "
        "momentum at a rate of 0.1",
    ),
    labels={
        "step_0": Text("训练前", "before training"),
        "step_30": Text("第 30 步", "step 30"),
        "step_240": Text("第 240 步", "step 240"),
        "step_480": Text("第 480 步", "step 480"),
    },
    measure=measure_noise,
    comparisons=[("step_30", "step_0"), ("step_240", "step_0"), ("step_480", "step_0"), ("step_480", "step_30")],
)

BUDGETS = Experiment(
    name="parameters/batch_size/budgets",
    question=Text(
        zh="步数相同、轮次相同，批次大的各把训练损失降到多少？",
        en="At equal steps and at equal epochs, how low does a larger batch bring the training loss?",
    ),
    arms={
        "b32": arm(32, "steps"),
        "b8_steps": arm(8, "steps"),
        "b128_steps": arm(128, "steps"),
        "b8_epochs": arm(8, "epochs"),
        "b128_epochs": arm(128, "epochs"),
        "b128_epochs_scaled": arm(128, "epochs", 4 * RATE),
    },
    baseline="b32",
    metrics=(*_classifiers.METRICS, _classifiers.TRAIN_NLL),
    curves=CURVES,
    budget=Text(
        zh="训练图像 512 张，SGD 不带动量，学习率 0.1（放大四倍的一组 0.4）；标明步数相同的 240 步，其余 15 轮",
        en="512 training images, SGD without momentum at a rate of 0.1 (0.4 where it is scaled); 240 steps where equal "
        "steps are named, else 15 epochs",
    ),
    labels={
        "b32": Text("批次 32", "batch 32"),
        "b8_steps": Text("批次 8，步数相同", "batch 8, equal steps"),
        "b128_steps": Text("批次 128，步数相同", "batch 128, equal steps"),
        "b8_epochs": Text("批次 8，轮次相同", "batch 8, equal epochs"),
        "b128_epochs": Text("批次 128，轮次相同", "batch 128, equal epochs"),
        "b128_epochs_scaled": Text("批次 128，轮次相同，学习率 ×4", "batch 128, equal epochs, rate ×4"),
    },
    measure=measure,
    comparisons=[
        *((name, "b32") for name in ("b8_steps", "b128_steps", "b8_epochs", "b128_epochs", "b128_epochs_scaled")),
        ("b128_epochs_scaled", "b128_epochs"),
    ],
)

EXPERIMENTS = [NOISE, BUDGETS]
