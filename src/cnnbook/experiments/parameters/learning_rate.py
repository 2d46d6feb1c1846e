"""The learning rate: a sweep over six decades, schedules at their best rates, and how descent swings.

The optimiser is SGD without momentum, whose rate is a plain step size; Adam beside it. The rates of the schedules were
chosen among 0.2 and 0.35 on seeds that the experiment does not use. Squared error, whose gradients are smaller, shows
what a loss in other units does to the rate.
"""

from __future__ import annotations

from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.metrics import Curve, Metric
from cnnbook.evidence.text import Text
from cnnbook.experiments import _classifiers
from cnnbook.experiments._axes import STEPS as AXIS
from cnnbook.experiments._classifiers import TEST_ACCURACY, TEST_NLL, TRAIN_ACCURACY, TRAIN_NLL
from cnnbook.experiments.parameters import _curves, _descent, _finder
from cnnbook.experiments.parameters._descent import Descent
from cnnbook.experiments.parameters._finder import Found
from cnnbook.parameters.learning_rate import cosine, exponential_decay, one_cycle, step_decay
from cnnbook.training.config import Optimizer, TrainConfig

EXAMPLES, STEPS, LONG, HELD_OUT = 512, 240, 1200, 200
BEST = 0.2
SGD = (2e-5, 2e-3, 0.02, 0.04, 0.1, BEST, 0.5, 1.0, 2.0, 20.0)
ADAM = (2e-6, 2e-4, 2e-3, 2e-2, 0.2, 2.0)
SQUARED = (0.5, 2.0)
CURVE = (0, 10, 20, 40, 80, 160, STEPS)


def sweep_arm(name: str, rate: float, loss: str = "cross_entropy", steps: int = STEPS) -> TrainConfig:
    """One rate of the sweep."""
    optimizer = Optimizer(name, lr=rate, momentum=0.0)
    curve = tuple(step for step in CURVE if step < steps)
    return TrainConfig(n_train=EXAMPLES, steps=steps, loss=loss, optimizer=optimizer, curve=curve)


def scheduled(
    rate: float, schedule: object = "constant", loss: str = "cross_entropy", **options: object
) -> TrainConfig:
    """One schedule, at the rate it reaches at most."""
    optimizer = Optimizer("sgd", lr=rate, momentum=0.0, schedule=schedule, schedule_options=options)
    return TrainConfig(n_train=EXAMPLES, n_val=HELD_OUT, steps=STEPS, loss=loss, optimizer=optimizer)


def found(name: str) -> Found:
    """A constant rate that the finder chooses."""
    return Found(n_train=EXAMPLES, n_val=HELD_OUT, steps=STEPS, optimizer=Optimizer(name, momentum=0.0))


SWEEP = Experiment(
    name="parameters/learning_rate",
    question=Text(
        zh="学习率从很小到发散，训练和测试各如何变化？",
        en="From very small rates to divergence, what becomes of training and of the test?",
    ),
    arms={
        **{f"sgd_{rate:g}": sweep_arm("sgd", rate) for rate in SGD},
        "sgd_0.04_long": sweep_arm("sgd", 0.04, steps=LONG),
        **{f"adam_{rate:g}": sweep_arm("adam", rate) for rate in ADAM},
        **{f"squared_{rate:g}": sweep_arm("sgd", rate, "mse") for rate in SQUARED},
    },
    baseline="sgd_0.2",
    metrics=(*_classifiers.METRICS, TRAIN_NLL),
    curves=[Curve(metric, AXIS, CURVE) for metric in (TRAIN_NLL, TEST_NLL, TRAIN_ACCURACY, TEST_ACCURACY)],
    budget=Text(
        zh="训练图像 512 张、批次 32；没有标明 1200 步的各组都是 240 步；SGD 不带动量",
        en="512 training images, batches of 32; 240 steps unless the name says 1,200; SGD without momentum",
    ),
    labels={
        "sgd_2e-05": Text("SGD 0.00002", "SGD 0.00002"),
        "sgd_0.002": Text("SGD 0.002", "SGD 0.002"),
        "sgd_0.02": Text("SGD 0.02", "SGD 0.02"),
        "sgd_0.04": Text("SGD 0.04", "SGD 0.04"),
        "sgd_0.1": Text("SGD 0.1", "SGD 0.1"),
        "sgd_0.2": Text("SGD 0.2", "SGD 0.2"),
        "sgd_0.5": Text("SGD 0.5", "SGD 0.5"),
        "sgd_1": Text("SGD 1", "SGD 1"),
        "sgd_2": Text("SGD 2", "SGD 2"),
        "sgd_20": Text("SGD 20", "SGD 20"),
        "sgd_0.04_long": Text("SGD 0.04，1200 步", "SGD 0.04, 1,200 steps"),
        "adam_2e-06": Text("Adam 0.000002", "Adam 0.000002"),
        "adam_0.0002": Text("Adam 0.0002", "Adam 0.0002"),
        "adam_0.002": Text("Adam 0.002", "Adam 0.002"),
        "adam_0.02": Text("Adam 0.02", "Adam 0.02"),
        "adam_0.2": Text("Adam 0.2", "Adam 0.2"),
        "adam_2": Text("Adam 2", "Adam 2"),
        "squared_0.5": Text("平方误差，SGD 0.5", "squared error, SGD 0.5"),
        "squared_2": Text("平方误差，SGD 2", "squared error, SGD 2"),
    },
    measure=_curves.measure_to_the_end,
    comparisons=[
        ("sgd_1", "sgd_0.2"),
        ("sgd_0.02", "sgd_0.2"),
        ("sgd_0.04", "sgd_0.2"),
        ("sgd_0.04_long", "sgd_0.2"),
        ("sgd_1", "sgd_0.04"),
        ("adam_0.02", "adam_0.0002"),
        ("squared_2", "squared_0.5"),
    ],
)

SCHEDULES = Experiment(
    name="parameters/learning_rate/schedules",
    question=Text(
        zh="学习率随训练下降，比一直不变好吗？一周期能用多大的学习率？`lr_find` 找到的学习率好用吗？",
        en="Is a rate that falls better than a constant one? How large may that of one cycle be? Does `lr_find` find a "
        "good one?",
    ),
    arms={
        "constant": scheduled(BEST),
        "step": scheduled(0.35, step_decay),
        "exponential": scheduled(0.35, exponential_decay),
        "cosine": scheduled(BEST, cosine),
        "one_cycle": scheduled(0.35, one_cycle),
        "plateau": scheduled(BEST, "plateau", factor=0.1, patience=2),
        "found": found("sgd"),
        "adam": TrainConfig(n_train=EXAMPLES, n_val=HELD_OUT, steps=STEPS, optimizer=Optimizer("adam", lr=2e-3)),
        "adam_found": found("adam"),
        "squared_2": scheduled(2.0, loss="mse"),
        "squared_4": scheduled(4.0, loss="mse"),
        "squared_one_cycle_4": scheduled(4.0, one_cycle, loss="mse"),
    },
    baseline="constant",
    metrics=(
        *_classifiers.METRICS,
        TRAIN_NLL,
        Metric("log_rate", Text("学习率的常用对数", "decimal logarithm of the learning rate"), "", "lower", digits=3),
    ),
    budget=Text(
        zh="训练图像 512 张（另有 200 张作验证，只有“遇平台下降”用到）、批次 32、240 步；SGD 不带动量",
        en="512 training images (and 200 for validation, which the plateau alone looks at), batches of 32, 240 steps; "
        "SGD without momentum",
    ),
    labels={
        "constant": Text("不变，0.2", "constant, 0.2"),
        "step": Text("分段 ×0.1，0.35", "step ×0.1, 0.35"),
        "exponential": Text("指数，0.35", "exponential, 0.35"),
        "cosine": Text("余弦，0.2", "cosine, 0.2"),
        "one_cycle": Text("一周期，0.35", "one cycle, 0.35"),
        "plateau": Text("遇平台下降，0.2", "plateau, 0.2"),
        "found": Text("不变，由 lr_find 找", "constant, by lr_find"),
        "adam": Text("Adam，0.002", "Adam, 0.002"),
        "adam_found": Text("Adam，由 lr_find 找", "Adam, by lr_find"),
        "squared_2": Text("平方误差，不变，2", "squared error, constant, 2"),
        "squared_4": Text("平方误差，不变，4", "squared error, constant, 4"),
        "squared_one_cycle_4": Text("平方误差，一周期，4", "squared error, one cycle, 4"),
    },
    measure=_finder.measure,
    comparisons=[
        *((name, "constant") for name in ("step", "exponential", "cosine", "one_cycle", "plateau", "found")),
        ("adam_found", "adam"),
        ("squared_one_cycle_4", "squared_4"),
        ("squared_one_cycle_4", "squared_2"),
    ],
)

OSCILLATION = Experiment(
    name="parameters/learning_rate/oscillation",
    question=Text(
        zh="真实网络上，学习率变大，损失会不会上下摆动？走到的地方有多弯？",
        en="On a real network, does a larger rate make the loss swing? How curved is it where descent arrives?",
    ),
    arms={f"descent_{rate:g}": Descent(rate) for rate in (0.02, 0.1, 0.3)},
    baseline="descent_0.02",
    metrics=(
        Metric("rises", Text("损失上升的步", "steps in which the loss rises"), "%", "lower", digits=1, scale=100),
        Metric(
            "sharpness",
            Text("最弯方向上的曲率", "curvature along the most curved direction"),
            "",  # nats per squared weight
            "lower",
            digits=1,
        ),
        Metric("edge", Text("学习率乘曲率再除以 2", "rate times curvature over 2"), "", "lower", digits=3),
    ),
    curves=[
        Curve(
            Metric("train_loss", Text("训练损失", "training loss"), "nats", "lower", digits=3),
            AXIS,
            tuple(range(Descent.steps + 1)),
        )
    ],
    budget=Text(
        zh="fashion-mnist-mini 训练图像 256 张，每步都用全部（没有抽样的噪声），100 步，小网络",
        en="256 training images of fashion-mnist-mini, all of them in every step (no noise of the draw), 100 steps, "
        "the small network",
    ),
    labels={
        "descent_0.02": Text("学习率 0.02", "rate 0.02"),
        "descent_0.1": Text("学习率 0.1", "rate 0.1"),
        "descent_0.3": Text("学习率 0.3", "rate 0.3"),
    },
    measure=_descent.measure,
    comparisons=[("descent_0.1", "descent_0.02"), ("descent_0.3", "descent_0.02"), ("descent_0.3", "descent_0.1")],
)

EXPERIMENTS = [SWEEP, SCHEDULES, OSCILLATION]
