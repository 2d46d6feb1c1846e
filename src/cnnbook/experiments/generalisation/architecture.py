"""Depth with and without skips, and width past interpolation, on few images, on many, and with wrong labels.

A skip connection has no parameters: networks of one depth and width, with and without, are of one size and start from
the same weights. All have batch normalisation after each convolution, as in He et al. The learning rate is the usual
one; it and the budgets were looked at on seeds that the experiment does not use.
"""

from __future__ import annotations

from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.text import Text
from cnnbook.experiments._classifiers import METRICS, measure
from cnnbook.generalisation.architecture import convnet
from cnnbook.training.config import Optimizer, TrainConfig

FEW, MANY, NOISE = 512, 4000, 0.3
STEPS, LONG = 400, 600


def arm(depth: int = 2, width: int = 8, skip: bool = False, n: int = FEW, noise: float = 0.0) -> TrainConfig:
    """One arm: batches of 32, Adam, batch normalisation; many images and wrong labels take more steps to be learned."""
    return TrainConfig(
        network=convnet,
        network_options={"depth": depth, "width": width, "skip": skip, "batch_norm": True},
        n_train=n,
        batch_size=32,
        steps=LONG if noise or n == MANY else STEPS,
        label_noise=noise,
        optimizer=Optimizer("adam"),
    )


DEPTHS, WIDTHS = (4, 8, 24), (2, 32)

ARMS = {
    "d2": arm(),
    **{f"d{depth}": arm(depth) for depth in DEPTHS},
    **{f"d{depth}_skip": arm(depth, skip=True) for depth in DEPTHS},
    **{f"w{width}": arm(width=width) for width in WIDTHS},
    "many_d2": arm(n=MANY),
    "many_d8_skip": arm(8, skip=True, n=MANY),
    "many_w2": arm(width=2, n=MANY),
    "many_w2_d6_skip": arm(6, width=2, skip=True, n=MANY),
    "noise_w8": arm(noise=NOISE),
    **{f"noise_w{width}": arm(width=width, noise=NOISE) for width in WIDTHS},
}

EXPERIMENT = Experiment(
    name="generalisation/architecture",
    question=Text(
        zh="层数、宽度和跳跃连接各怎样影响训练和测试准确率？数据少、数据多、标签有错时各如何？",
        en="What do depth, width and skips do to accuracy: on few images, on many, with wrong labels?",
    ),
    arms=ARMS,
    baseline="d2",
    metrics=METRICS,
    budget=Text(
        zh="批次 32、学习率相同；512 张训练图像走 400 步，4000 张或标签有错时走 600 步",
        en="batches of 32 and one learning rate; 400 steps with 512 images, 600 with 4,000 or with wrong labels",
    ),
    labels={
        "d2": Text("2 层、8 通道", "2 layers, 8 channels"),
        "d4": Text("4 层", "4 layers"),
        "d8": Text("8 层", "8 layers"),
        "d24": Text("24 层", "24 layers"),
        "d4_skip": Text("4 层，跳跃连接", "4 layers, skips"),
        "d8_skip": Text("8 层，跳跃连接", "8 layers, skips"),
        "d24_skip": Text("24 层，跳跃连接", "24 layers, skips"),
        "w2": Text("2 通道", "2 channels"),
        "w32": Text("32 通道", "32 channels"),
        "many_d2": Text("4000 张图像，2 层、8 通道", "4,000 images, 2 layers, 8 channels"),
        "many_d8_skip": Text("4000 张图像，8 层，跳跃连接", "4,000 images, 8 layers, skips"),
        "many_w2": Text("4000 张图像，2 层、2 通道", "4,000 images, 2 layers, 2 channels"),
        "many_w2_d6_skip": Text("4000 张图像，6 层、2 通道，跳跃连接", "4,000 images, 6 layers, 2 channels, skips"),
        "noise_w2": Text("30% 标签有错，2 通道", "30% wrong labels, 2 channels"),
        "noise_w8": Text("30% 标签有错，8 通道", "30% wrong labels, 8 channels"),
        "noise_w32": Text("30% 标签有错，32 通道", "30% wrong labels, 32 channels"),
    },
    measure=measure,
    comparisons=[
        *((name, "d2") for name in ARMS if name != "d2" and not name.startswith(("many", "noise"))),
        ("d2", "d8"),
        ("d2", "d8_skip"),
        ("w2", "d8"),
        ("d24", "d8"),
        *((f"d{depth}_skip", f"d{depth}") for depth in DEPTHS),
        *((name, "many_d2") for name in ARMS if name.startswith("many") and name != "many_d2"),
        ("many_w2_d6_skip", "many_w2"),
        *((name, "noise_w2") for name in ARMS if name.startswith("noise") and name != "noise_w2"),
        ("noise_w32", "noise_w8"),
    ],
)
