"""Epochs × examples: one long run each, read after a few epochs, at its end, and where early stopping would end it.

Several arms read the same run, which is trained once. What an arm reads is the run at one of the steps where it was
measured; a seed's validation loss alone says at which, the test data only what was found there. The steps of the checks
grow by a half or a third, since what happens early happens fast.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields

from cnnbook.evidence.experiment import Experiment, Progress, RunOptions
from cnnbook.evidence.metrics import Curve, Metric
from cnnbook.evidence.text import Text
from cnnbook.experiments import _classifiers
from cnnbook.experiments._axes import STEPS as AXIS
from cnnbook.experiments._classifiers import TEST_ACCURACY, TEST_NLL, TRAIN_ACCURACY, TRAIN_NLL
from cnnbook.figures import Figures
from cnnbook.parameters.epochs import early_stopping, epochs_of, steps_of
from cnnbook.training.config import TrainConfig

BATCH, STEPS, FEW, PATIENCE = 32, 1024, 8, 3
CHECKS = (8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, STEPS)
SHOWN = (8, 16, 32, 64, 128, 256, 512, STEPS)


@dataclass(frozen=True)
class Reading(TrainConfig):
    """A run, and where it is read.

    Attributes:
        at: The step at which all seeds are read; None where early stopping chooses it for each.
        chosen_by: The run whose validation loss chooses it; None for this one.
    """

    at: int | None = None
    chosen_by: TrainConfig | None = None

    @property
    def run(self) -> TrainConfig:
        """What is trained, wherever it is read."""
        return TrainConfig(**{part.name: getattr(self, part.name) for part in fields(TrainConfig)})


def reading(run: TrainConfig, at: int | None = None, chosen_by: TrainConfig | None = None) -> Reading:
    """A run, to be read there."""
    return Reading(**{part.name: getattr(run, part.name) for part in fields(run)}, at=at, chosen_by=chosen_by)


def run(examples: int, validation: int = 200, noise: float = 0.0) -> TrainConfig:
    """One run of 1,024 steps."""
    return TrainConfig(
        n_train=examples, n_val=validation, label_noise=noise, batch_size=BATCH, steps=STEPS, curve=CHECKS
    )


RUNS = {
    "n128": run(128),
    "n512": run(512),
    "n2048": run(2048),
    "noise": run(512, noise=0.3),
    "part": run(400, validation=100),
    "whole": run(500, validation=0),
}
ARMS = {
    **{f"{name}_few": reading(RUNS[name], at=steps_of(FEW, RUNS[name].examples, BATCH)) for name in ("n128", "n2048")},
    **{f"{name}_end": reading(RUNS[name], at=STEPS) for name in RUNS if name != "part"},
    **{f"{name}_stop": reading(RUNS[name]) for name in RUNS if name != "whole"},
    "whole_stop": reading(RUNS["whole"], chosen_by=RUNS["part"]),
}


@functools.cache
def trained(config: str, seeds: tuple[int, ...], options: RunOptions) -> Figures:
    """The figures of a run, written as JSON, which is trained the first time that it is asked for."""
    return _classifiers.measure(TrainConfig.from_json(json.loads(config)), seeds, options, None)


def figures_of(config: TrainConfig, seeds: Sequence[int], options: RunOptions) -> Figures:
    """As `trained`, which can be kept only where a configuration has a hash."""
    return trained(json.dumps(config.to_json()), tuple(seeds), options)


def measure(arm: Reading, seeds: Sequence[int], options: RunOptions, progress: Progress | None) -> Figures:
    """The figures of a run where it is read, and those of its curve."""
    figures = figures_of(arm.run, seeds, options)
    if arm.at is None:
        chooser = figures_of(arm.chosen_by or arm.run, seeds, options)
        losses = chooser.curves["val_nll"]
        curves = [{step: losses[step][place] for step in CHECKS} for place in range(len(seeds))]
        steps = [early_stopping(curve, PATIENCE).best for curve in curves]
    else:
        steps = [arm.at] * len(seeds)
    curves = figures.curves
    read = {name: [curve[step][place] for place, step in enumerate(steps)] for name, curve in curves.items()}
    epochs = [epochs_of(step, arm.examples, BATCH) for step in steps]
    return figures.plus(read | {"steps": [float(step) for step in steps], "epochs": epochs})


EXPERIMENT = Experiment(
    name="parameters/epochs",
    question=Text(
        zh="训练多少轮合适？数据少时轮次是否应当少？早停改善什么，又要付出什么？",
        en="How many epochs are right? Should they be few where data are few? What does early stopping improve, and "
        "what does it cost?",
    ),
    arms=ARMS,
    baseline="n512_end",
    metrics=[
        *_classifiers.METRICS,
        Metric("steps", Text("训练的步数", "steps of training"), "steps", "lower", digits=0),
        Metric("epochs", Text("训练的轮次", "epochs of training"), "epochs", "lower", digits=1),
    ],
    curves=[Curve(metric, AXIS, SHOWN) for metric in (TEST_ACCURACY, TRAIN_ACCURACY, TEST_NLL, TRAIN_NLL)],
    budget=Text(
        zh="批次 32、1024 步、学习率相同；早停看 200 张验证图像的损失，"
        f"在第 {'、'.join(str(step) for step in CHECKS)} 步检查，容忍 3 次；"
        "比较代价时一共 500 张图像，其中 100 张用来验证",
        en="Batches of 32, 1,024 steps, one learning rate; early stopping looks at the loss on 200 validation images, "
        f"checked after {', '.join(f'{step:,}' for step in CHECKS)} steps, with a patience of 3 checks; where its cost "
        "is compared, there are 500 images in all, 100 of them for validation",
    ),
    labels={
        "n128_few": Text("128 张，8 轮（32 步）", "128 images, 8 epochs (32 steps)"),
        "n2048_few": Text("2048 张，8 轮（512 步）", "2,048 images, 8 epochs (512 steps)"),
        "n128_end": Text("128 张，256 轮", "128 images, 256 epochs"),
        "n512_end": Text("512 张，64 轮", "512 images, 64 epochs"),
        "n2048_end": Text("2048 张，16 轮", "2,048 images, 16 epochs"),
        "noise_end": Text("512 张，30% 标签有错，64 轮", "512 images, 30% wrong labels, 64 epochs"),
        "whole_end": Text("500 张全部训练，走完", "all 500 images, to the end"),
        "n128_stop": Text("128 张，早停", "128 images, early stopping"),
        "n512_stop": Text("512 张，早停", "512 images, early stopping"),
        "n2048_stop": Text("2048 张，早停", "2,048 images, early stopping"),
        "noise_stop": Text("512 张，30% 标签有错，早停", "512 images, 30% wrong labels, early stopping"),
        "part_stop": Text("400 张训练、100 张验证，早停", "400 images and 100 for validation, early stopping"),
        "whole_stop": Text("500 张全部训练，停在同一步", "all 500 images, stopped at the same step"),
    },
    measure=measure,
    one_process=True,
    comparisons=[
        ("n128_few", "n128_end"),
        ("n2048_few", "n2048_end"),
        *((f"{name}_stop", f"{name}_end") for name in RUNS if name != "part"),
        *((f"{name}_end", f"{name}_stop") for name in ("n128", "n512", "n2048", "noise")),
        ("n128_stop", "n2048_stop"),
        ("n128_stop", "n512_stop"),
        ("part_stop", "whole_stop"),
        ("part_stop", "whole_end"),
    ],
)
