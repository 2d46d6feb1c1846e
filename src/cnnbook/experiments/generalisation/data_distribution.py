"""Class imbalance, mild and severe, and three remedies, against balanced training data of the same number.

Five classes are frequent and five are rare. Three of the rare ones have a frequent one that they are easily taken for
(coat and pullover, shirt and T-shirt, ankle boot and sneaker), because that is where imbalance hurts. The test data is
balanced, so that accuracy there is the mean of the recalls. Networks are measured early as well, while they still learn
the frequent examples, because what weights do may pass as training goes on.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.metrics import Curve, Metric
from cnnbook.evidence.text import Text
from cnnbook.experiments._axes import STEPS as AXIS
from cnnbook.experiments._classifiers import METRICS, TEST_ACCURACY, measure
from cnnbook.generalisation.data_distribution import balanced_order, class_weights, oversampled_order, recall_by_class
from cnnbook.training.config import TrainConfig
from cnnbook.training.methods import Methods

STEPS, EARLY, BATCH = 600, 60, 30  # three of each class in a balanced batch
RARE = (3, 4, 6, 8, 9)  # dress, coat, shirt, bag, ankle boot
FREQUENT = (0, 1, 2, 5, 7)  # T-shirt, trouser, pullover, sandal, sneaker
PAIRS = {"balanced": (51, 51), "mild": (92, 10), "severe": (100, 2)}  # frequent, rare: 510 examples each


def counts(name: str) -> tuple[int, ...]:
    """Training examples of each class.

    Examples:
        >>> counts("severe"), sum(counts("mild"))
        ((100, 100, 100, 2, 2, 100, 2, 100, 2, 2), 510)
    """
    frequent, rare = PAIRS[name]
    return tuple(rare if one in RARE else frequent for one in range(10))


def recalls(outputs: Tensor, targets: Tensor) -> dict[str, float]:
    """Mean recall of the rare and of the frequent classes, and the recall of the class that is recognised least."""
    if not torch.isfinite(outputs).all():
        return dict.fromkeys(("recall_rare", "recall_frequent", "recall_worst"), math.nan)
    each = recall_by_class(outputs, targets)
    return {
        "recall_rare": float(each[list(RARE)].mean()),
        "recall_frequent": float(each[list(FREQUENT)].mean()),
        "recall_worst": float(each.min()),
    }


def arm(distribution: str, remedy: str = "") -> TrainConfig:
    """One arm.

    Args:
        distribution: ``"balanced"``, ``"mild"`` or ``"severe"``.
        remedy: ``"oversampling"``, ``"weights"``, ``"batches"`` or none.
    """
    given = counts(distribution)
    samplers = {"oversampling": oversampled_order, "batches": balanced_order}
    return TrainConfig(
        class_counts=given,
        batch_size=BATCH,
        steps=STEPS,
        sampler=samplers.get(remedy, ""),
        loss_options={"weight": class_weights(given).tolist()} if remedy == "weights" else {},
        methods=Methods(scores=(recalls,)),
        curve=(EARLY,),
    )


ARMS = {"balanced": arm("balanced")} | {
    f"{distribution}_{remedy or 'nothing'}": arm(distribution, remedy)
    for distribution in ("mild", "severe")
    for remedy in ("", "oversampling", "weights", "batches")
}

RECALL_RARE = Metric(
    "test_recall_rare", Text("稀少类的召回率", "recall of the rare classes"), "%", "higher", digits=1, scale=100
)
RECALL_FREQUENT = Metric(
    "test_recall_frequent", Text("常见类的召回率", "recall of the frequent classes"), "%", "higher", digits=1, scale=100
)

EXPERIMENT = Experiment(
    name="generalisation/data_distribution",
    question=Text(
        zh="训练数据各类不均匀时，过采样、类别权重、均衡批次各能挽回多少？",
        en="Where the classes of the training data are uneven, how much do oversampling, class weights and balanced "
        "batches win back?",
    ),
    arms=ARMS,
    baseline="balanced",
    metrics=(
        *METRICS,
        RECALL_RARE,
        RECALL_FREQUENT,
        Metric(
            "test_recall_worst",
            Text("召回率最低的一类", "recall of the class recognised least"),
            "%",
            "higher",
            digits=1,
            scale=100,
        ),
    ),
    curves=[Curve(TEST_ACCURACY, AXIS, (EARLY,))],
    budget=Text(
        zh="训练图像都是 510 张，600 步，批次 30，学习率相同。每类张数：均匀时 51；轻度不均时五类各 92、五类各 10；"
        "重度不均时五类各 100、五类各 2。测试集各类一样多",
        en="510 training images, 600 steps, batches of 30 and one learning rate throughout. Images of each class: 51 "
        "where balanced; 92 of five, 10 of five where mildly uneven; 100 and 2 where severely. Test set balanced",
    ),
    labels={
        "balanced": Text("各类一样多", "balanced"),
        "mild_nothing": Text("轻度不均，不处理", "mild, nothing done"),
        "mild_oversampling": Text("轻度不均，过采样", "mild, oversampling"),
        "mild_weights": Text("轻度不均，类别权重", "mild, class weights"),
        "mild_batches": Text("轻度不均，均衡批次", "mild, balanced batches"),
        "severe_nothing": Text("重度不均，不处理", "severe, nothing done"),
        "severe_oversampling": Text("重度不均，过采样", "severe, oversampling"),
        "severe_weights": Text("重度不均，类别权重", "severe, class weights"),
        "severe_batches": Text("重度不均，均衡批次", "severe, balanced batches"),
    },
    measure=measure,
    comparisons=[
        ("mild_nothing", "balanced"),
        ("severe_nothing", "balanced"),
        *(
            (f"{distribution}_{remedy}", f"{distribution}_nothing")
            for distribution in ("mild", "severe")
            for remedy in ("oversampling", "weights", "batches")
        ),
        *((f"{distribution}_batches", f"{distribution}_oversampling") for distribution in ("mild", "severe")),
    ],
)
