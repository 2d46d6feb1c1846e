"""Weight penalties by kind and strength, with clean labels and with 30 % wrong ones, with and without batch norm.

SGD with momentum, since it takes a penalty at its word; Adam divides the gradient of the penalty by its own size (see
5.15 on weight decay). Of each kind a weaker and a stronger one, looked at on seeds that the experiment does not use.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.metrics import Metric
from cnnbook.evidence.text import Text
from cnnbook.experiments._classifiers import METRICS, WEIGHT_NORM, measure
from cnnbook.generalisation.weight_penalty import (
    elastic_penalty,
    l1_penalty,
    l2_penalty,
    max_norm,
    proximal_l1,
    sparsity,
)
from cnnbook.training.config import Optimizer, TrainConfig
from cnnbook.training.methods import Methods

RATE, MOMENTUM, NOISE = 0.02, 0.9, 0.3
WEAK = {"l1": 3e-4, "l2": 0.01}
STRONG = {"l1": 1e-3, "l2": 0.03}


def penalty(function: Any, **options: float) -> dict[str, Any]:
    """A term of the loss."""
    return {"penalty": function, "penalty_options": options}


def threshold(strength: float) -> dict[str, Any]:
    """The L1 penalty as a soft threshold after each step. With momentum a step goes 1 / (1 − momentum) times as far."""
    return {
        "constraint": proximal_l1,
        "constraint_options": {"threshold": round(RATE / (1 - MOMENTUM) * strength, 12)},
    }


KINDS: dict[str, dict[str, Any]] = {
    "none": {},
    "l2_weak": penalty(l2_penalty, strength=WEAK["l2"]),
    "l2": penalty(l2_penalty, strength=STRONG["l2"]),
    "l1_weak": penalty(l1_penalty, strength=WEAK["l1"]),
    "l1": penalty(l1_penalty, strength=STRONG["l1"]),
    "elastic": penalty(elastic_penalty, l1=STRONG["l1"] / 2, l2=STRONG["l2"] / 2),
    "threshold": threshold(STRONG["l1"]),
    "max_norm_weak": {"constraint": max_norm, "constraint_options": {"most": 1.0}},
    "max_norm": {"constraint": max_norm, "constraint_options": {"most": 0.5}},
}


def arm(methods: Mapping[str, Any], noise: float = 0.0, batch_norm: bool = False) -> TrainConfig:
    """One arm: 512 images, batches of 32, 400 steps of SGD with momentum."""
    return TrainConfig(
        network_options={"batch_norm": batch_norm},
        n_train=512,
        batch_size=32,
        steps=400,
        label_noise=noise,
        optimizer=Optimizer("sgd", lr=RATE, momentum=MOMENTUM),
        methods=Methods(**methods, weight_scores=[sparsity]),
    )


ARMS = {
    **{name: arm(kind) for name, kind in KINDS.items()},
    **{f"noise_{name}": arm(kind, NOISE) for name, kind in KINDS.items()},
    **{f"norm_{name}": arm(KINDS[name], batch_norm=True) for name in ("none", "l2_weak", "l2")},
    **{f"norm_noise_{name}": arm(KINDS[name], NOISE, batch_norm=True) for name in ("none", "l2_weak", "l2")},
}

EXPERIMENT = Experiment(
    name="generalisation/weight_penalty",
    question=Text(
        zh="哪种权重惩罚能提高测试准确率、似然或校准？标签干净与有错、有无批归一化时各如何？权重会变稀疏吗？",
        en="Which weight penalty improves accuracy, likelihood or calibration, with clean and with wrong labels, "
        "with and without batch norm? Do weights become sparse?",
    ),
    arms=ARMS,
    baseline="none",
    metrics=[
        *METRICS,
        Metric(
            "zero_weights",
            Text("恰好为零的权重", "weights that are exactly zero"),
            "%",
            "higher",
            digits=1,
            scale=100,
        ),
        Metric("small_weights", Text("接近零的权重", "weights close to zero"), "%", "higher", digits=1, scale=100),
        WEIGHT_NORM,
    ],
    budget=Text(
        zh="训练图像 512 张、批次 32、400 步、学习率 0.02，带动量的 SGD",
        en="512 training images, batches of 32, 400 steps, SGD with momentum at a rate of 0.02",
    ),
    labels={
        "none": Text("不惩罚", "no penalty"),
        "l2_weak": Text("L2，0.01", "L2, 0.01"),
        "l2": Text("L2，0.03", "L2, 0.03"),
        "l1_weak": Text("L1，0.0003", "L1, 0.0003"),
        "l1": Text("L1，0.001", "L1, 0.001"),
        "elastic": Text("弹性网，0.0005 与 0.015", "elastic net, 0.0005 and 0.015"),
        "threshold": Text("L1，软阈值", "L1, soft threshold"),
        "max_norm_weak": Text("最大范数 1", "max-norm 1"),
        "max_norm": Text("最大范数 0.5", "max-norm 0.5"),
        "noise_none": Text("30% 标签有错，不惩罚", "30% wrong labels, no penalty"),
        "noise_l2_weak": Text("30% 标签有错，L2，0.01", "30% wrong labels, L2, 0.01"),
        "noise_l2": Text("30% 标签有错，L2，0.03", "30% wrong labels, L2, 0.03"),
        "noise_l1_weak": Text("30% 标签有错，L1，0.0003", "30% wrong labels, L1, 0.0003"),
        "noise_l1": Text("30% 标签有错，L1，0.001", "30% wrong labels, L1, 0.001"),
        "noise_elastic": Text(
            "30% 标签有错，弹性网，0.0005 与 0.015", "30% wrong labels, elastic net, 0.0005 and 0.015"
        ),
        "noise_threshold": Text("30% 标签有错，L1，软阈值", "30% wrong labels, L1, soft threshold"),
        "noise_max_norm_weak": Text("30% 标签有错，最大范数 1", "30% wrong labels, max-norm 1"),
        "noise_max_norm": Text("30% 标签有错，最大范数 0.5", "30% wrong labels, max-norm 0.5"),
        "norm_none": Text("批归一化，不惩罚", "batch norm, no penalty"),
        "norm_l2_weak": Text("批归一化，L2，0.01", "batch norm, L2, 0.01"),
        "norm_l2": Text("批归一化，L2，0.03", "batch norm, L2, 0.03"),
        "norm_noise_none": Text("批归一化，30% 标签有错，不惩罚", "batch norm, 30% wrong labels, no penalty"),
        "norm_noise_l2_weak": Text("批归一化，30% 标签有错，L2，0.01", "batch norm, 30% wrong labels, L2, 0.01"),
        "norm_noise_l2": Text("批归一化，30% 标签有错，L2，0.03", "batch norm, 30% wrong labels, L2, 0.03"),
    },
    measure=measure,
    comparisons=[
        *((name, "none") for name in KINDS if name != "none"),
        *((f"noise_{name}", "noise_none") for name in KINDS if name != "none"),
        ("elastic", "l1"),
        ("elastic", "l2"),
        ("noise_elastic", "noise_l1"),
        ("noise_elastic", "noise_l2"),
        ("threshold", "l1"),
        *((f"norm_{name}", "norm_none") for name in ("l2_weak", "l2")),
        *((f"norm_noise_{name}", "norm_noise_none") for name in ("l2_weak", "l2")),
    ],
)
