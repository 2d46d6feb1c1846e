"""Shifts, padding and order: what pooling, stride and padding make of a moved image, and networks of moved pixels.

Each network of the first two experiments learns garments at one place. It is then asked about the same garments at
others, where nothing leaves the frame. The learning rate and the budget were looked at on seeds of no experiment.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from cnnbook.evidence.experiment import Experiment, Progress, RunOptions
from cnnbook.evidence.metrics import Axis, Curve, Metric
from cnnbook.evidence.text import Text
from cnnbook.experiments._classifiers import METRICS, measure
from cnnbook.experiments.domains._different_images import (
    OFFSETS,
    by_change,
    moved_images,
    network,
    ordered_images,
    quadrant_images,
)
from cnnbook.experiments.domains._neighbours import INFORMATION, NEIGHBOURS
from cnnbook.experiments.domains._symbols import SYMBOLS
from cnnbook.figures import Figures
from cnnbook.training.config import Optimizer, TrainConfig
from cnnbook.training.methods import Methods


def moved_scores(outputs: Tensor, targets: Tensor) -> dict[str, float]:
    """By offset: the share of right decisions, and of those that are as without a shift; and their means over shifts.

    Examples:
        >>> moved_scores(outputs := Tensor(7, 10), outputs)  # anything but the test set has none
        {}
    """
    changed, labels = by_change(outputs, len(OFFSETS)), by_change(targets, len(OFFSETS))
    if changed is None or labels is None:
        return {}
    decisions = changed.argmax(-1)
    right, same = ((decisions == other).float().mean(1).tolist() for other in (labels, decisions[0]))
    curves = {f"right_{r}": right[r] for r in OFFSETS} | {f"same_{r}": same[r] for r in OFFSETS}
    shifts = len(OFFSETS) - 1
    return curves | {"unmoved": right[0], "moved": sum(right[1:]) / shifts, "same": sum(same[1:]) / shifts}


def arm(data: Any, data_options: dict[str, Any] | None = None, mlp: bool = False, **options: Any) -> TrainConfig:
    """One arm: 1,000 images, batches of 32, 300 steps of Adam."""
    return TrainConfig(
        network="mlp" if mlp else network,
        network_options=options,
        data=data,
        data_options=data_options or {},
        n_train=1000,
        steps=300,
        optimizer=Optimizer("adam", lr=3e-3),
        methods=Methods(scores=[moved_scores] if data is moved_images else []),
    )


def measure_moved(config: TrainConfig, seeds: Sequence[int], options: RunOptions, progress: Progress | None) -> Figures:
    """As the other experiments on classifiers; what a shift changes as curves over the offset."""
    figures = measure(config, seeds, options, progress)
    return figures.gathered("test_same", OFFSETS).gathered("test_right", OFFSETS)


BUDGET = Text(
    "训练图像 1000 张、批次 32、300 步，学习率相同",
    "1,000 training images, batches of 32, 300 steps, one learning rate",
)
DOWNS, PADDINGS = ("max", "stride", "blur"), ("zeros", "circular")

SAME = Metric(
    "test_same",
    Text("平移后判断不变的比例", "share of decisions unchanged by a shift"),
    "%",
    "higher",
    digits=1,
    scale=100,
)
RIGHT = Metric(
    "test_right", Text("平移后的测试准确率", "test accuracy after a shift"), "%", "higher", digits=1, scale=100
)
OFFSET = Axis(
    "offset",
    "pixels",
    words=Text("{metric}（右移 {at} 像素）", "{metric} of {at} pixels"),
    one=Text("{metric}（右移 1 像素）", "{metric} of 1 pixel"),
)

SHIFTS = Experiment(
    name="domains/differences",
    question=Text(
        zh="图像平移几个像素，网络的判断变不变？最大池化、步长、BlurPool 和两种填充各有什么作用？",
        en="Does a decision change when the image moves by some pixels? What do max pooling, stride, BlurPool and two "
        "kinds of padding do to that?",
    ),
    arms={
        "mlp": arm(moved_images, mlp=True),
        "flat": arm(moved_images, head="flat", down="max"),
        **{
            f"{down}_{padding}": arm(moved_images, down=down, padding=padding) for down in DOWNS for padding in PADDINGS
        },
        "none_circular": arm(moved_images, down="none", padding="circular"),
    },
    baseline="none_circular",
    metrics=[
        SAME,
        Metric(
            "test_moved",
            Text("平移后的测试准确率", "test accuracy on shifted images"),
            "%",
            "higher",
            digits=1,
            scale=100,
        ),
        Metric(
            "test_unmoved",
            Text("未平移时的测试准确率", "test accuracy on images in their place"),
            "%",
            "higher",
            digits=1,
            scale=100,
        ),
    ],
    curves=[Curve(SAME, OFFSET, OFFSETS), Curve(RIGHT, OFFSET, OFFSETS)],
    budget=BUDGET,
    labels={
        "mlp": Text("多层感知机", "MLP"),
        "flat": Text("CNN，最大池化，展平", "CNN, max pooling, flattened"),
        "max_zeros": Text("最大池化，补零，全局池化", "max pooling, zero padding, global pooling"),
        "max_circular": Text("最大池化，循环填充，全局池化", "max pooling, circular, global pooling"),
        "stride_zeros": Text("步长，补零，全局池化", "stride, zero padding, global pooling"),
        "stride_circular": Text("步长，循环填充，全局池化", "stride, circular, global pooling"),
        "blur_zeros": Text("BlurPool，补零，全局池化", "BlurPool, zero padding, global pooling"),
        "blur_circular": Text("BlurPool，循环填充，全局池化", "BlurPool, circular, global pooling"),
        "none_circular": Text("不缩小，循环填充，全局池化", "never smaller, circular, global pooling"),
    },
    measure=measure_moved,
    comparisons=[
        *((name, "none_circular") for name in ("flat", "max_circular", "stride_circular", "blur_circular")),
        ("flat", "mlp"),
        ("max_zeros", "flat"),
        ("max_zeros", "max_circular"),
        *((f"blur_{padding}", f"{down}_{padding}") for padding in PADDINGS for down in ("stride", "max")),
    ],
)

WHERE: dict[str, Any] = {"size": 32, "classes": 4}
PADDING = Experiment(
    name="domains/differences/padding",
    question=Text(
        zh="东西在哪个象限？全局池化之后，网络还答得出吗？",
        en="In which quadrant is the thing? Can a network still tell after global pooling?",
    ),
    arms={
        "circular_flat": arm(quadrant_images, head="flat", padding="circular", **WHERE),
        "circular_max": arm(quadrant_images, padding="circular", **WHERE),
        "circular_mean": arm(quadrant_images, head="mean", padding="circular", **WHERE),
        "zeros_max": arm(quadrant_images, **WHERE),
        "zeros_mean": arm(quadrant_images, head="mean", **WHERE),
        "reflect_max": arm(quadrant_images, padding="reflect", **WHERE),
        "replicate_max": arm(quadrant_images, padding="replicate", **WHERE),
    },
    baseline="circular_flat",
    metrics=METRICS,
    budget=BUDGET,
    labels={
        "circular_flat": Text("循环填充，展平", "circular, flattened"),
        "circular_max": Text("循环填充，全局最大", "circular, global maximum"),
        "circular_mean": Text("循环填充，全局平均", "circular, global mean"),
        "zeros_max": Text("补零，全局最大", "zeros, global maximum"),
        "zeros_mean": Text("补零，全局平均", "zeros, global mean"),
        "reflect_max": Text("镜像填充，全局最大", "reflected, global maximum"),
        "replicate_max": Text("复制边缘，全局最大", "edge repeated, global maximum"),
    },
    measure=measure,
    comparisons=[
        *((name, "circular_flat") for name in ("circular_max", "circular_mean", "zeros_max", "zeros_mean")),
        *((name, "circular_max") for name in ("zeros_max", "reflect_max", "replicate_max")),
    ],
)

ORDERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "mlp": ({}, {"mlp": True}),
    "mlp_1": ({"patch": 1}, {"mlp": True}),
    "flat": ({}, {"head": "flat"}),
    "flat_1": ({"patch": 1}, {"head": "flat"}),
    "flat_each_7": ({"patch": 7, "each": True}, {"head": "flat"}),
    "pooled": ({}, {}),
    **{f"pooled_{patch}": ({"patch": patch}, {}) for patch in (14, 7, 4, 2, 1)},
    "pooled_within_4": ({"patch": 4, "within": True}, {}),
    "pooled_each_7": ({"patch": 7, "each": True}, {}),
}
ORDER = Experiment(
    name="domains/differences/order",
    question=Text(
        zh="像素换了次序，网络还学得会吗？次序对所有图像相同，或每张图像各有一个。",
        en="Do networks still learn when the pixels stand in another order: one for all images, or one for each?",
    ),
    arms={name: arm(ordered_images, data, **options) for name, (data, options) in ORDERS.items()},
    baseline="pooled",
    metrics=METRICS,
    budget=BUDGET,
    labels={
        "mlp": Text("多层感知机", "MLP"),
        "mlp_1": Text("多层感知机，像素换序", "MLP, pixels in another order"),
        "flat": Text("CNN 展平", "CNN, flattened"),
        "flat_1": Text("CNN 展平，像素换序", "CNN, flattened, pixels in another order"),
        "flat_each_7": Text("CNN 展平，7×7 的块，逐图打乱", "CNN, flattened, patches of 7×7, shuffled anew each image"),
        "pooled": Text("CNN 全局池化", "CNN, global pooling"),
        "pooled_14": Text("CNN 全局池化，14×14 的块换序", "CNN, global pooling, patches of 14×14"),
        "pooled_7": Text("CNN 全局池化，7×7 的块换序", "CNN, global pooling, patches of 7×7"),
        "pooled_4": Text("CNN 全局池化，4×4 的块换序", "CNN, global pooling, patches of 4×4"),
        "pooled_2": Text("CNN 全局池化，2×2 的块换序", "CNN, global pooling, patches of 2×2"),
        "pooled_1": Text("CNN 全局池化，像素换序", "CNN, global pooling, single pixels"),
        "pooled_within_4": Text("CNN 全局池化，4×4 的块内换序", "CNN, global pooling, pixels within 4×4"),
        "pooled_each_7": Text("CNN 全局池化，7×7 的块，逐图打乱", "CNN, global pooling, 7×7 shuffled anew each image"),
    },
    measure=measure,
    comparisons=[
        ("mlp_1", "mlp"),
        *((name, "flat") for name in ("flat_1", "flat_each_7")),
        *((name, "pooled") for name in ORDERS if name.startswith("pooled_")),
        ("pooled", "flat"),
    ],
)

EXPERIMENTS = [SHIFTS, PADDING, ORDER, NEIGHBOURS, INFORMATION, SYMBOLS]
