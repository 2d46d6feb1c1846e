"""Dropout by what it masks and where: in the classifier's head, in the convolution layers, in both.

The baseline's learning rate was chosen for the network without dropout, on seeds that the experiment does not use; the
dropout rates are the usual ones. All arms take the same steps; two are repeated with three times as many, because a
network that is masked learns more slowly.
"""

from __future__ import annotations

from torch import nn

from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.text import Text
from cnnbook.experiments._classifiers import METRICS, measure
from cnnbook.generalisation.dropout import DropBlock2d, Dropout, Dropout2d
from cnnbook.training.config import Optimizer, TrainConfig

STEPS, LONG = 400, 1200


def network(head: float = 0.0, convolution: float = 0.0, unit: str = "element") -> nn.Sequential:
    """Two convolutions of stride 2 and two linear layers, masked after each.

    Args:
        head: Probability of a zero after the hidden linear layer.
        convolution: Probability of a zero after each convolution.
        unit: What falls together there: ``"element"``, ``"channel"`` or ``"block"``; a block is 5×5 after the first
            convolution and 3×3 after the second, about 10 to 12 pixels of the image wide.

    Returns:
        A network from ``(N, 1, 28, 28)`` to ``(N, 10)``.

    Examples:
        >>> [type(layer).__name__ for layer in network(head=0.5, convolution=0.2, unit="block")][2:6:3]
        ['DropBlock2d', 'DropBlock2d']
    """

    def masked(block_size: int) -> list[nn.Module]:
        if convolution == 0:
            return []
        units = {
            "element": lambda: Dropout(convolution),
            "channel": lambda: Dropout2d(convolution),
            "block": lambda: DropBlock2d(convolution, block_size),
        }
        return [units[unit]()]

    return nn.Sequential(
        *(nn.Conv2d(1, 8, 5, stride=2, padding=2), nn.ReLU(), *masked(block_size=5)),
        *(nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(), *masked(block_size=3)),
        *(nn.Flatten(), nn.Linear(16 * 7 * 7, 128), nn.ReLU(), *([Dropout(head)] if head else [])),
        nn.Linear(128, 10),
    )


def arm(steps: int = STEPS, **options: float | str) -> TrainConfig:
    """One arm: 512 images, batches of 32, Adam."""
    return TrainConfig(
        network=network, network_options=options, n_train=512, batch_size=32, steps=steps, optimizer=Optimizer("adam")
    )


ARMS = {
    "none": arm(),
    "dropout_head_quarter": arm(head=0.25),
    "dropout_head": arm(head=0.5),
    "dropout_conv": arm(convolution=0.2, unit="element"),
    "dropout2d_conv": arm(convolution=0.2, unit="channel"),
    "dropblock_conv": arm(convolution=0.2, unit="block"),
    "both": arm(head=0.5, convolution=0.2, unit="block"),
    "none_long": arm(LONG),
    "dropout_head_long": arm(LONG, head=0.5),
}

EXPERIMENT = Experiment(
    name="generalisation/dropout",
    question=Text(
        zh="在网络的哪里、以什么为单位随机屏蔽，能提高测试准确率、似然或校准？",
        en="Where in the network, and in what units, does random masking improve accuracy, likelihood or calibration?",
    ),
    arms=ARMS,
    baseline="none",
    metrics=METRICS,
    budget=Text(
        zh="训练图像 512 张、批次 32、学习率相同；没有标明 1200 步的各组都是 400 步",
        en="512 training images, batches of 32 and one learning rate; 400 steps unless the name says 1200",
    ),
    labels={
        "none": Text("不屏蔽", "no masking"),
        "dropout_head_quarter": Text("全连接层 dropout 0.25", "dropout 0.25, fully connected"),
        "dropout_head": Text("全连接层 dropout 0.5", "dropout 0.5, fully connected"),
        "dropout_conv": Text("卷积层 dropout 0.2", "dropout 0.2, convolutions"),
        "dropout2d_conv": Text("卷积层 Dropout2d 0.2", "Dropout2d 0.2, convolutions"),
        "dropblock_conv": Text("卷积层 DropBlock 0.2", "DropBlock 0.2, convolutions"),
        "both": Text("dropout 0.5 加 DropBlock 0.2", "dropout 0.5 and DropBlock 0.2"),
        "none_long": Text("不屏蔽，1200 步", "no masking, 1,200 steps"),
        "dropout_head_long": Text("全连接层 dropout 0.5，1200 步", "dropout 0.5, fully connected, 1200 steps"),
    },
    measure=measure,
    comparisons=[
        *((name, "none") for name in ARMS if name != "none" and not name.endswith("_long")),
        ("dropout2d_conv", "dropout_conv"),
        ("dropblock_conv", "dropout_conv"),
        ("both", "dropout_head"),
        ("none_long", "none"),
        ("dropout_head_long", "none_long"),
    ],
)
