"""Ten kinds of clothing in pictures: what convolutions add, and what it costs to prepare the pixels otherwise.

Networks with and without convolutions see the same images for as many steps; then one and the same network sees the
same images prepared in other ways, in training or in testing alone.
"""

from __future__ import annotations

from torch import Tensor

from cnnbook.data.catalogue import load
from cnnbook.data.sources import Arrays
from cnnbook.domains.images import cnn, linear, normalise
from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.text import Text
from cnnbook.experiments._classifiers import METRICS, measure
from cnnbook.training.config import Optimizer, TrainConfig

MNIST = (0.1307, 0.3081)  # mean and deviation of another data set, which much code carries along


def prepared(images: Tensor, how: str, mean: float, std: float) -> Tensor:
    """Images ``uint8 (N, 1, H, W)`` in one of the ways: scaled and normalised, or with one thing done otherwise."""
    unit = images.float() / 255
    return {
        "normalised": lambda: normalise(unit, mean, std),
        "unit": lambda: unit,
        "raw": lambda: images.float(),
        "mnist": lambda: normalise(unit, *MNIST),
        "inverted": lambda: normalise(1 - unit, mean, std),
        "turned": lambda: normalise(unit.rot90(1, (2, 3)), mean, std),
    }[how]()


def pictures(train: str = "normalised", test: str = "normalised") -> Arrays:
    """Fashion-MNIST, a part, prepared in one way for training and in one for testing.

    Examples:
        >>> round(pictures().train_inputs.mean().item(), 2)
        0.0
    """
    data = load("fashion-mnist-mini")
    ways = ((data.train_images, train), (data.test_images, test))
    inputs = [prepared(images, how, data.card.mean, data.card.std) for images, how in ways]
    return Arrays(inputs[0], data.train_labels, inputs[1], data.test_labels)


def arm(
    network: object, lr: float, n_train: int = 3000, train: str = "normalised", test: str = "", **options: object
) -> TrainConfig:
    """One arm; the test images are prepared as the training images unless said."""
    return TrainConfig(
        network=network,
        network_options=options,
        data=pictures,
        data_options={"train": train, "test": test or train},
        n_train=n_train,
        batch_size=50,
        steps=400,
        optimizer=Optimizer("adam", lr=lr, schedule="cosine"),
    )


MLP = "mlp"
ARMS = {
    "linear": arm(linear, 3e-3, inputs=784),
    "mlp": arm(MLP, 1e-2, hidden=12),
    "mlp_large": arm(MLP, 3e-3, hidden=128),
    "cnn": arm(cnn, 1e-2),
    "cnn_small": arm(cnn, 1e-2, channels=(4, 4)),
    "cnn_mean": arm(cnn, 1e-2, channels=(16, 48), mean=True),
    "few_linear": arm(linear, 3e-3, n_train=300, inputs=784),
    "few_mlp": arm(MLP, 1e-2, n_train=300, hidden=12),
    "few_mlp_large": arm(MLP, 3e-3, n_train=300, hidden=128),
    "few_cnn": arm(cnn, 1e-2, n_train=300),
    "unit": arm(cnn, 1e-2, train="unit"),
    "raw": arm(cnn, 1e-2, train="raw"),
    "read_mnist": arm(cnn, 1e-2, test="mnist"),
    "read_inverted": arm(cnn, 1e-2, test="inverted"),
    "read_turned": arm(cnn, 1e-2, test="turned"),
}

EXPERIMENT = Experiment(
    name="domains/images",
    question=Text(
        zh="认十类衣物：卷积比没有卷积的网络多得到什么，预处理不一致又要付出什么？",
        en="Ten kinds of clothing: what do convolutions add, and what does it cost to prepare the pixels otherwise?",
    ),
    arms=ARMS,
    baseline="cnn",
    metrics=METRICS,
    budget=Text(
        zh="3000 张图像（名字里有“300 张”的只用 300 张），批次 50，400 步，余弦退火；"
        "学习率取另一批种子上试得最好的：0.003（线性、大 MLP）或 0.01",
        en="3,000 images, or 300 where said, batches of 50, 400 steps, cosine schedule; the rate is the best on other "
        "seeds: 0.003 (linear, large MLP) or 0.01",
    ),
    labels={
        "linear": Text("线性，7850 个参数", "linear, 7,850 parameters"),
        "mlp": Text("MLP，12 个隐藏单元，9550 个参数", "MLP, 12 hidden units, 9,550 parameters"),
        "mlp_large": Text("MLP，128 个隐藏单元，101770 个参数", "MLP, 128 hidden units, 101,770 parameters"),
        "cnn": Text("CNN，9226 个参数", "CNN, 9,226 parameters"),
        "cnn_small": Text("小 CNN，2222 个参数", "small CNN, 2,222 parameters"),
        "cnn_mean": Text("CNN，全局平均，7866 个参数", "CNN, global mean, 7,866 parameters"),
        "few_linear": Text("300 张：线性", "300 images: linear"),
        "few_mlp": Text("300 张：MLP，12", "300 images: MLP, 12"),
        "few_mlp_large": Text("300 张：MLP，128", "300 images: MLP, 128"),
        "few_cnn": Text("300 张：CNN", "300 images: CNN"),
        "unit": Text("只缩放到 0…1", "scaled to 0…1 alone"),
        "raw": Text("0…255，不缩放", "0…255, not scaled"),
        "read_mnist": Text("测试时换成 MNIST 的均值和标准差", "MNIST's mean and deviation in testing"),
        "read_inverted": Text("测试时黑白颠倒", "black and white inverted in testing"),
        "read_turned": Text("测试时转了 90°", "turned by 90° in testing"),
    },
    measure=measure,
    comparisons=[
        *(("cnn", other) for other in ("linear", "mlp", "mlp_large")),
        *(("cnn_small", other) for other in ("mlp", "mlp_large")),
        ("mlp_large", "linear"),
        ("cnn_mean", "cnn"),
        *(("few_cnn", f"few_{other}") for other in ("linear", "mlp", "mlp_large")),
        *((other, "cnn") for other in ("unit", "raw", "read_mnist", "read_inverted", "read_turned")),
    ],
)
