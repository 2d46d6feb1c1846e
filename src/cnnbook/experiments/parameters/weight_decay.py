"""Weight decay over decades, coupled under SGD and Adam, decoupled under AdamW; SGD with batch normalisation as well.

The decades are those of the decay as each optimiser of PyTorch takes it. All of an optimiser's parameters decay, biases
and those of the normalisation as well, which is what ``weight_decay=`` does by default.
"""

from __future__ import annotations

from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.metrics import Curve, Metric
from cnnbook.evidence.text import Text
from cnnbook.experiments._axes import STEPS as AXIS
from cnnbook.experiments._classifiers import (
    METRICS,
    TEST_ACCURACY,
    TEST_NLL,
    TRAIN_ACCURACY,
    TRAIN_NLL,
    WEIGHT_NORM,
)
from cnnbook.experiments.parameters._curves import measure_to_the_end
from cnnbook.parameters.weight_decay import weight_norms
from cnnbook.training.config import Optimizer, TrainConfig
from cnnbook.training.methods import Methods

RATES = {"sgd": 0.02, "adam": 0.002, "adamw": 0.002}
DECAYS = {"0001": 0.001, "001": 0.01, "01": 0.1, "1": 1.0, "10": 10.0}
COUPLED, DECOUPLED = ("0001", "001", "01"), ("0001", "01", "1", "10")
STRENGTHS = {"sgd": COUPLED, "adam": COUPLED, "adamw": DECOUPLED}
STEPS = 400
CURVE = (0, 20, 40, 80, 200, STEPS)


def arm(optimizer: str, decay: float = 0.0, batch_norm: bool = False) -> TrainConfig:
    """One arm: 512 images, batches of 32."""
    return TrainConfig(
        network_options={"batch_norm": batch_norm},
        n_train=512,
        batch_size=32,
        steps=STEPS,
        optimizer=Optimizer(optimizer, lr=RATES[optimizer], weight_decay=decay),
        curve=CURVE[:-1],
        methods=Methods(weight_scores=[weight_norms]),
    )


def none(optimizer: str) -> str:
    """The arm without decay; that of Adam is that of AdamW."""
    return "sgd" if optimizer == "sgd" else "adam"


PLAIN = {
    **{optimizer: arm(optimizer) for optimizer in ("sgd", "adam")},
    **{f"{name}_{decay}": arm(name, DECAYS[decay]) for name, decays in STRENGTHS.items() for decay in decays},
}
ARMS = PLAIN | {
    f"norm_{name}": arm("sgd", one.optimizer.weight_decay, batch_norm=True)
    for name, one in PLAIN.items()
    if one.optimizer.name == "sgd"
}

EXPERIMENT = Experiment(
    name="parameters/weight_decay",
    question=Text(
        zh="权重衰减该取多大？SGD、Adam 与 AdamW 各如何？有无批归一化时，它改变的是什么？",
        en="How strong should weight decay be, under SGD, Adam and AdamW? What does it change, with and without batch "
        "norm?",
    ),
    arms=ARMS,
    baseline="sgd",
    metrics=[
        *METRICS,
        TRAIN_NLL,
        WEIGHT_NORM,
        Metric("filter_norm", Text("全部滤波器的长度", "length of all filters"), "", "lower", digits=3),
    ],
    curves=[Curve(metric, AXIS, CURVE) for metric in (TEST_ACCURACY, TEST_NLL, TRAIN_ACCURACY, TRAIN_NLL)],
    budget=Text(
        zh="训练图像 512 张、批次 32、400 步；带动量的 SGD 学习率 0.02，Adam 与 AdamW 学习率 0.002",
        en="512 training images, batches of 32, 400 steps; SGD with momentum at a rate of 0.02, Adam and AdamW "
        "at 0.002",
    ),
    labels={
        "sgd": Text("SGD，不衰减", "SGD, no decay"),
        "sgd_0001": Text("SGD，0.001", "SGD, 0.001"),
        "sgd_001": Text("SGD，0.01", "SGD, 0.01"),
        "sgd_01": Text("SGD，0.1", "SGD, 0.1"),
        "adam": Text("Adam，不衰减", "Adam, no decay"),
        "adam_0001": Text("Adam，0.001", "Adam, 0.001"),
        "adam_001": Text("Adam，0.01", "Adam, 0.01"),
        "adam_01": Text("Adam，0.1", "Adam, 0.1"),
        "adamw_0001": Text("AdamW，0.001", "AdamW, 0.001"),
        "adamw_01": Text("AdamW，0.1", "AdamW, 0.1"),
        "adamw_1": Text("AdamW，1", "AdamW, 1"),
        "adamw_10": Text("AdamW，10", "AdamW, 10"),
        "norm_sgd": Text("批归一化，SGD，不衰减", "batch norm, SGD, no decay"),
        "norm_sgd_0001": Text("批归一化，SGD，0.001", "batch norm, SGD, 0.001"),
        "norm_sgd_001": Text("批归一化，SGD，0.01", "batch norm, SGD, 0.01"),
        "norm_sgd_01": Text("批归一化，SGD，0.1", "batch norm, SGD, 0.1"),
    },
    measure=measure_to_the_end,
    comparisons=[
        *((f"{name}_{decay}", none(name)) for name, decays in STRENGTHS.items() for decay in decays),
        *((f"norm_sgd_{decay}", "norm_sgd") for decay in COUPLED),
        ("adamw_0001", "adam_0001"),
        ("adamw_01", "adam_01"),
        ("adamw_1", "adam_001"),
    ],
)
