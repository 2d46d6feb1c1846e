"""Augmentation: each against none, at a short and at a long budget, and those that break the label, class by class.

An augmented network sees every image changed each time and learns more slowly, so that a comparison at a short budget
says little against it; nor does one on few images say what it does on many. The strengths are usual ones, looked at on
seeds that the experiment does not use; fill and noise are in the units of the standardised images.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from cnnbook.data.catalogue import card
from cnnbook.evidence.experiment import Experiment, Progress, RunOptions
from cnnbook.evidence.metrics import Metric
from cnnbook.evidence.text import Text
from cnnbook.experiments._classifiers import METRICS, measure
from cnnbook.figures import Figures
from cnnbook.generalisation.augmentation import (
    Compose,
    CutMix,
    Cutout,
    GaussianNoise,
    Mixup,
    RandomFlip,
    RandomResizedCrop,
    RandomRotation,
    RandomShift,
)
from cnnbook.training.config import Optimizer, TrainConfig
from cnnbook.training.methods import Methods

STEPS, LONG = 300, 900
IMAGES, MORE_STEPS = 4000, 3000  # more of both
FRESH = 1000  # with more of both the seeds begin here: on those from 0 on it was tried before its rules were written
CARD = card("fashion-mnist-mini")
BLACK = -CARD.mean / CARD.std  # the background, standardised
CLASSES = {
    1: Text("裤子", "trousers"),
    3: Text("连衣裙", "dresses"),
    6: Text("衬衫", "shirts"),
    9: Text("短靴", "ankle boots"),
}


def flip_and_shift() -> Compose:
    """What keeps the label of a garment: mirrored, and moved a little."""
    return Compose(RandomFlip(), RandomShift(1, BLACK))


def flip_and_cutmix() -> Compose:
    """One that keeps the label, and one that mixes it."""
    return Compose(RandomFlip(), CutMix())


def recall(outputs: Tensor, targets: Tensor) -> dict[str, float]:
    """Share of each class that is recognised, of those in `CLASSES`; NaN where the outputs are not finite.

    Examples:
        >>> outputs, targets = torch.eye(10)[[1, 2, 3]], torch.tensor([1, 1, 3])
        >>> {name: value for name, value in recall(outputs, targets).items() if value == value}  # no NaN
        {'recall_1': 0.5, 'recall_3': 1.0}
    """
    right = torch.where(torch.isfinite(outputs).all(), (outputs.argmax(1) == targets).float(), torch.nan)
    return {f"recall_{one}": float(right[targets == one].mean()) for one in CLASSES}


def arm(augment: Any = "", steps: int = STEPS, **options: Any) -> TrainConfig:
    """One arm: 512 images, batches of 32, Adam."""
    return TrainConfig(
        n_train=512,
        batch_size=32,
        steps=steps,
        optimizer=Optimizer("adam"),
        methods=Methods(augment=augment, augment_options=options, scores=[recall]),
    )


KINDS: dict[str, tuple[Any, dict[str, Any]]] = {
    "none": ("", {}),
    "shift": (RandomShift, {"pixels": 2, "fill": BLACK}),
    "rotation": (RandomRotation, {"degrees": 10, "fill": BLACK}),
    "noise": (GaussianNoise, {"std": 0.3}),
    "flip": (RandomFlip, {}),
    "crop": (RandomResizedCrop, {"scale": (0.6, 1.0)}),
    "cutout": (Cutout, {"size": 8, "fill": BLACK}),
    "mixup": (Mixup, {"alpha": 0.4}),
    "cutmix": (CutMix, {"alpha": 1.0}),
    "flip_shift": (flip_and_shift, {}),
    "flip_cutmix": (flip_and_cutmix, {}),
    "flip_vertical": (RandomFlip, {"axis": "vertical"}),
    "rotation_180": (RandomRotation, {"degrees": 180, "fill": BLACK}),
    "crop_tiny": (RandomResizedCrop, {"scale": (0.05, 0.15)}),
}
BRIEF = ("none", "shift")  # also after a third of the steps

ARMS = {
    **{name: arm(function, LONG, **options) for name, (function, options) in KINDS.items()},
    **{f"{name}_brief": arm(KINDS[name][0], **KINDS[name][1]) for name in BRIEF},
}
MANY_ARMS = {
    name: replace(ARMS[name], n_train=IMAGES, steps=MORE_STEPS) for name in ("none", "shift", "flip", "mixup", "cutmix")
}


def measure_fresh(config: TrainConfig, seeds: Sequence[int], options: RunOptions, progress: Progress | None) -> Figures:
    """As on few images, on seeds that nobody has looked at."""
    return measure(config, [FRESH + seed for seed in seeds], options, progress)


FEW = Experiment(
    name="generalisation/augmentation",
    question=Text(
        zh="哪些数据增强能提高测试准确率、似然或校准？要训练多久？哪些会破坏标签，哪些类别受害？",
        en="Which augmentations improve accuracy, likelihood or calibration, how long must they train, and which break "
        "the label, of which classes?",
    ),
    arms=ARMS,
    baseline="none",
    metrics=[
        *METRICS,
        *(
            Metric(
                f"test_recall_{one}",
                Text(f"{name.zh}的召回率", f"recall of {name.en}"),
                "%",
                "higher",
                digits=1,
                scale=100,
            )
            for one, name in CLASSES.items()
        ),
    ],
    budget=Text(
        zh="训练图像 512 张、批次 32、学习率相同；没有标明 300 步的各组都是 900 步",
        en="512 training images, batches of 32 and one learning rate; 900 steps unless the name says 300",
    ),
    labels={
        "none": Text("不增强", "no augmentation"),
        "shift": Text("平移，至多 2 像素", "shift by up to 2 pixels"),
        "rotation": Text("旋转，至多 10°", "rotation by up to 10°"),
        "noise": Text("高斯噪声，0.3 个标准差", "Gaussian noise, 0.3 standard deviations"),
        "flip": Text("左右翻转", "horizontal flip"),
        "crop": Text("裁剪，留下面积的 60–100%", "crop of 60–100% of the area"),
        "cutout": Text("挖掉 8×8 的一块", "cutout of 8×8"),
        "mixup": Text("mixup", "mixup"),
        "cutmix": Text("CutMix", "CutMix"),
        "flip_shift": Text("左右翻转加平移 1 像素", "horizontal flip and shift by 1 pixel"),
        "flip_cutmix": Text("左右翻转加 CutMix", "horizontal flip and CutMix"),
        "flip_vertical": Text("上下翻转", "vertical flip"),
        "rotation_180": Text("旋转，至多 180°", "rotation by up to 180°"),
        "crop_tiny": Text("裁剪，只留面积的 5–15%", "crop of 5–15% of the area"),
        "none_brief": Text("不增强，300 步", "no augmentation, 300 steps"),
        "shift_brief": Text("平移，300 步", "shift, 300 steps"),
    },
    measure=measure,
    comparisons=[
        *((name, "none") for name in KINDS if name != "none"),
        ("flip_shift", "flip"),
        ("flip_cutmix", "flip"),
        ("flip_cutmix", "cutmix"),
        ("none", "none_brief"),
        *((f"{name}_brief", "none_brief") for name in BRIEF if name != "none"),
    ],
)
MANY = Experiment(
    name="generalisation/augmentation/many",
    question=Text(
        zh="训练图像和步数都多得多时，平移、左右翻转、mixup、CutMix 还能提高测试准确率和似然吗？",
        en="With far more images and steps, do shifts, horizontal flips, mixup and CutMix improve accuracy and "
        "likelihood?",
    ),
    arms=MANY_ARMS,
    baseline="none",
    metrics=METRICS,
    budget=Text(
        zh="训练图像 4000 张、3000 步、批次 32、学习率相同；种子从 1000 起",
        en="4,000 training images, 3,000 steps, batches of 32 and one learning rate; seeds from 1,000 on",
    ),
    labels={name: FEW.labels[name] for name in MANY_ARMS},
    measure=measure_fresh,
)
EXPERIMENTS = (FEW, MANY)
