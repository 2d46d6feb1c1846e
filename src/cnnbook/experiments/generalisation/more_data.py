"""Learning curves: the test error against the number of training examples, at equal steps and at equal epochs.

Each seed's smaller training sets are parts of its larger ones (`cnnbook.data.splits.split` draws them so). With the
same number of epochs, ten times the data are ten times the steps as well; so one arm trains on little data for the
steps of the largest.
"""

from __future__ import annotations

from collections.abc import Sequence

from cnnbook.evidence.experiment import Experiment, Progress, RunOptions
from cnnbook.evidence.metrics import Metric
from cnnbook.evidence.text import Text
from cnnbook.experiments import _classifiers
from cnnbook.figures import Figures
from cnnbook.training.config import TrainConfig

SIZES = (50, 100, 200, 500, 1000, 2000, 5000)
EPOCHS, STEPS, BATCH = 10, 625, 32  # the two budgets meet at 2,000 examples
LITTLE, MUCH = 500, SIZES[-1]


def arm(examples: int, steps: int | None = None, epochs: int | None = None) -> TrainConfig:
    """One point of a learning curve."""
    return TrainConfig(n_train=examples, batch_size=BATCH, steps=steps, epochs=epochs)


ARMS = {
    **{f"steps_{n}": arm(n, steps=STEPS) for n in SIZES},
    **{f"epochs_{n}": arm(n, epochs=EPOCHS) for n in SIZES},
    "long_500": arm(LITTLE, steps=arm(MUCH, epochs=EPOCHS).total_steps),
}


def measure(config: TrainConfig, seeds: Sequence[int], options: RunOptions, progress: Progress | None) -> Figures:
    """As the other experiments on classifiers, and the test error, which is what falls as a power."""
    figures = _classifiers.measure(config, seeds, options, progress)
    return figures.plus({"test_error": [1 - accuracy for accuracy in figures["test_accuracy"]]})


EXPERIMENT = Experiment(
    name="generalisation/more_data",
    question=Text(
        zh="训练数据增加，测试误差下降多少？固定步数和固定轮次各如何？",
        en="How far does the test error fall with more training data: at equal steps, and at equal epochs?",
    ),
    arms=ARMS,
    baseline="steps_500",
    metrics=(
        *_classifiers.METRICS,
        Metric("test_error", Text("测试错误率", "test error"), "%", "lower", digits=1, scale=100),
    ),
    budget=Text(
        zh="批次 32、学习率相同；固定步数时都是 625 步，固定轮次时都是 10 轮（5000 张图像即 1563 步），"
        "两种预算在 2000 张图像处相同",
        en="Batches of 32 and one learning rate; 625 steps where steps are equal, 10 epochs where epochs are (1,563 "
        "steps with 5,000 images); the two budgets meet at 2,000 images",
    ),
    labels={
        "steps_50": Text("50 张，625 步", "50 images, 625 steps"),
        "steps_100": Text("100 张，625 步", "100 images, 625 steps"),
        "steps_200": Text("200 张，625 步", "200 images, 625 steps"),
        "steps_500": Text("500 张，625 步", "500 images, 625 steps"),
        "steps_1000": Text("1000 张，625 步", "1,000 images, 625 steps"),
        "steps_2000": Text("2000 张，625 步", "2,000 images, 625 steps"),
        "steps_5000": Text("5000 张，625 步", "5,000 images, 625 steps"),
        "epochs_50": Text("50 张，10 轮", "50 images, 10 epochs"),
        "epochs_100": Text("100 张，10 轮", "100 images, 10 epochs"),
        "epochs_200": Text("200 张，10 轮", "200 images, 10 epochs"),
        "epochs_500": Text("500 张，10 轮", "500 images, 10 epochs"),
        "epochs_1000": Text("1000 张，10 轮", "1,000 images, 10 epochs"),
        "epochs_2000": Text("2000 张，10 轮", "2,000 images, 10 epochs"),
        "epochs_5000": Text("5000 张，10 轮", "5,000 images, 10 epochs"),
        "long_500": Text("500 张，1563 步", "500 images, 1,563 steps"),
    },
    measure=measure,
    comparisons=[
        *((f"steps_{n}", "steps_500") for n in SIZES if n != LITTLE),
        ("steps_100", "steps_50"),
        ("steps_2000", "steps_1000"),
        ("steps_5000", "steps_2000"),
        ("epochs_5000", "epochs_500"),
        ("epochs_5000", "long_500"),
        ("long_500", "epochs_500"),
        ("long_500", "steps_500"),
    ],
)
