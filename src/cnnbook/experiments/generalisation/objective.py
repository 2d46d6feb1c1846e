"""Losses of a classifier on clean, noisy and unbalanced training labels; losses of a regression with outliers.

All share one learning rate. Of 0.001, 0.002 and 0.005, tried on clean data with seeds that the experiment does not use,
0.001 was the best for four of six losses; for cross-entropy and focal loss it was within two points of accuracy of the
best. Absolute error learns slowly and is also given three times the steps. The source speaks of outputs y without
saying whether a softmax comes first, so both are tried.
"""

from __future__ import annotations

from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.metrics import Metric
from cnnbook.evidence.text import Text
from cnnbook.experiments._classifiers import METRICS, measure
from cnnbook.experiments.generalisation._brightness import errors, lower_half, regressor
from cnnbook.experiments.generalisation.data_distribution import RECALL_FREQUENT, RECALL_RARE, counts, recalls
from cnnbook.generalisation.objective import absolute_error, brier_loss, focal_loss
from cnnbook.training.config import Optimizer, TrainConfig
from cnnbook.training.methods import Methods

EXAMPLES, STEPS, LONG, NOISE, OUTLIERS = 510, 450, 1350, 0.3, 0.15
ADAM = Optimizer("adam", lr=0.001)
LOSSES = {  # name → loss and its options
    "cross_entropy": ("cross_entropy", {}),
    "squared": (brier_loss, {}),
    "absolute": (absolute_error, {}),
    "focal": (focal_loss, {}),
    "smoothing": ("cross_entropy", {"label_smoothing": 0.1}),
    "squared_raw": (brier_loss, {"softmax": False}),
    "absolute_raw": (absolute_error, {"softmax": False}),
}
UNBALANCED = ("cross_entropy", "squared", "absolute", "focal")
REGRESSION_LOSSES = {
    "squared": ("mse", {}),
    "absolute": ("mae", {}),
    "huber": ("torch.nn.functional:huber_loss", {"delta": 0.05}),
}


def arm(loss: str, labels: str, steps: int = STEPS) -> TrainConfig:
    """One arm of the classifiers.

    Args:
        loss: A name of `LOSSES`.
        labels: ``"clean"``, ``"noise"`` or ``"imbalance"`` (mild, as in 5.16.3).
        steps: Steps of the optimiser.
    """
    function, options = LOSSES[loss]
    return TrainConfig(
        n_train=EXAMPLES,
        class_counts=counts("mild") if labels == "imbalance" else None,
        label_noise=NOISE if labels == "noise" else 0.0,
        steps=steps,
        loss=function,
        loss_options=options,
        optimizer=ADAM,
        methods=Methods(scores=(recalls,)),
    )


def regression_arm(loss: str, outliers: float) -> TrainConfig:
    """One arm of the regression."""
    function, options = REGRESSION_LOSSES[loss]
    return TrainConfig(
        task="regression",
        data=lower_half,
        data_options={"outliers": outliers},
        network=regressor,
        n_train=EXAMPLES,
        steps=STEPS,
        loss=function,
        loss_options=options,
        optimizer=ADAM,
        methods=Methods(scores=(errors,)),
    )


ARMS = {
    f"{loss}_{labels}": arm(loss, labels)
    for labels in ("clean", "noise", "imbalance")
    for loss in LOSSES
    if labels != "imbalance" or loss in UNBALANCED
}
ARMS |= {f"absolute_{labels}_long": arm("absolute", labels, LONG) for labels in ("clean", "noise")}

CLASSIFICATION = Experiment(
    name="generalisation/objective",
    question=Text(
        zh="目标函数换一个，分类的泛化会变好吗？标签干净、有错、类别不均时各如何？",
        en="Does another loss make a classifier generalise better: with clean, noisy and unbalanced labels?",
    ),
    arms=ARMS,
    baseline="cross_entropy_clean",
    metrics=(
        *METRICS,
        RECALL_RARE,
        RECALL_FREQUENT,
    ),
    budget=Text(
        zh="训练图像 510 张、批次 32；没有标明 1350 步的各组都是 450 步；学习率相同。"
        "标签有错时 30% 的训练标签是错的，类别不均时五类各 92 张、五类各 10 张",
        en="510 training images, batches of 32; 450 steps unless the name says 1,350; one learning rate. "
        "Noisy: 30% of the training labels are wrong; unbalanced: 92 images of five classes, 10 of five",
    ),
    labels={
        "cross_entropy_clean": Text("交叉熵", "cross-entropy"),
        "squared_clean": Text("平方误差", "squared error"),
        "absolute_clean": Text("绝对误差", "absolute error"),
        "focal_clean": Text("焦点损失", "focal loss"),
        "smoothing_clean": Text("标签平滑 0.1", "label smoothing 0.1"),
        "squared_raw_clean": Text("平方误差，不经 softmax", "squared error, no softmax"),
        "absolute_raw_clean": Text("绝对误差，不经 softmax", "absolute error, no softmax"),
        "cross_entropy_noise": Text("交叉熵，标签有错", "cross-entropy, noisy labels"),
        "squared_noise": Text("平方误差，标签有错", "squared error, noisy labels"),
        "absolute_noise": Text("绝对误差，标签有错", "absolute error, noisy labels"),
        "focal_noise": Text("焦点损失，标签有错", "focal loss, noisy labels"),
        "smoothing_noise": Text("标签平滑，标签有错", "label smoothing, noisy labels"),
        "squared_raw_noise": Text("平方误差，不经 softmax，标签有错", "squared error, no softmax, noisy labels"),
        "absolute_raw_noise": Text("绝对误差，不经 softmax，标签有错", "absolute error, no softmax, noisy labels"),
        "cross_entropy_imbalance": Text("交叉熵，类别不均", "cross-entropy, unbalanced"),
        "squared_imbalance": Text("平方误差，类别不均", "squared error, unbalanced"),
        "absolute_imbalance": Text("绝对误差，类别不均", "absolute error, unbalanced"),
        "focal_imbalance": Text("焦点损失，类别不均", "focal loss, unbalanced"),
        "absolute_clean_long": Text("绝对误差，1350 步", "absolute error, 1,350 steps"),
        "absolute_noise_long": Text("绝对误差，标签有错，1350 步", "absolute error, noisy labels, 1,350 steps"),
    },
    measure=measure,
    comparisons=[
        *(
            (name, f"cross_entropy_{labels}")
            for labels in ("clean", "noise", "imbalance")
            for name in ARMS
            if labels in name.split("_") and name != f"cross_entropy_{labels}"
        ),
        *((f"squared_{labels}", f"absolute_{labels}") for labels in ("clean", "noise", "imbalance")),
        *((f"squared_raw_{labels}", f"absolute_raw_{labels}") for labels in ("clean", "noise")),
        *((f"squared_{labels}", f"absolute_{labels}_long") for labels in ("clean", "noise")),
    ],
)

REGRESSION = Experiment(
    name="generalisation/objective/regression",
    question=Text(
        zh="训练目标里有离群值时，平方误差、绝对误差、Huber 损失谁的回归误差小？",
        en="With outliers in the training targets, which regression errs least: squared, absolute or Huber loss?",
    ),
    arms={
        f"{loss}_{kind}": regression_arm(loss, share)
        for kind, share in (("clean", 0.0), ("outliers", OUTLIERS))
        for loss in REGRESSION_LOSSES
    },
    baseline="squared_clean",
    metrics=(
        Metric("test_rmse", Text("均方根误差", "root mean squared error"), "%", "lower", digits=1, scale=100),
        Metric("test_mae", Text("平均绝对误差", "mean absolute error"), "%", "lower", digits=1, scale=100),
        Metric("test_bias", Text("平均偏差", "mean error"), "%", "lower", digits=1, scale=100),
    ),
    budget=Text(
        zh="由上半张图像预测下半张图像的平均亮度（以最亮为 100%）；训练图像 510 张、批次 32、450 步；有离群值时，"
        "15% 的训练目标被改成最亮，测试目标都是真的",
        en="The upper half of an image predicts the mean brightness of the lower, in per cent of the brightest; 510 "
        "training images, batches of 32, 450 steps; with outliers, 15% of the training targets read the brightest "
        "value; all test targets are true",
    ),
    labels={
        "squared_clean": Text("平方误差", "squared error"),
        "absolute_clean": Text("绝对误差", "absolute error"),
        "huber_clean": Text("Huber 损失", "Huber loss"),
        "squared_outliers": Text("平方误差，有离群值", "squared error, outliers"),
        "absolute_outliers": Text("绝对误差，有离群值", "absolute error, outliers"),
        "huber_outliers": Text("Huber 损失，有离群值", "Huber loss, outliers"),
    },
    measure=measure,
    comparisons=[
        *(
            (f"{loss}_{kind}", f"{base}_{kind}")
            for kind in ("clean", "outliers")
            for loss, base in (("absolute", "squared"), ("huber", "squared"), ("squared", "absolute"))
        ),
        *((f"{loss}_outliers", f"{loss}_clean") for loss in REGRESSION_LOSSES),
    ],
)

EXPERIMENTS = [CLASSIFICATION, REGRESSION]
