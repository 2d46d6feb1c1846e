"""The eight methods of table 5.9 on one baseline: each alone, every pair, and all eight; and a confirmation of it.

A method is a function from a configuration to a configuration and touches what no other touches, so that any of them
go together in any order. Strengths are those of the sections before, or usual ones; they and the budget were looked at
on seeds from 100 on. The confirmation repeats what the chapter concludes on seeds from 1,000 on; its arms were chosen
before the factorial was run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

from cnnbook.data.catalogue import card
from cnnbook.evidence.experiment import Experiment, Progress, RunOptions
from cnnbook.evidence.text import Text
from cnnbook.experiments import _classifiers
from cnnbook.figures import Figures
from cnnbook.generalisation.augmentation import Compose, RandomFlip, RandomShift
from cnnbook.generalisation.data_distribution import balanced_order
from cnnbook.generalisation.weight_penalty import l2_penalty
from cnnbook.training.config import Optimizer, TrainConfig

CARD = card("fashion-mnist-mini")
RARE = (3, 4, 6, 8, 9)  # as in 5.16.3
COUNTS = tuple(32 if one in RARE else 70 for one in range(10))  # 510 images
BASE = TrainConfig(
    network_options={"channels": (8, 16)}, class_counts=COUNTS, batch_size=30, steps=500, optimizer=Optimizer("adam")
)
FRESH = 1000  # the confirmation's seeds begin here


def shift_and_flip() -> Compose:
    """Moved by up to two pixels, mirrored half of the time; what comes in is black."""
    return Compose(RandomShift(2, -CARD.mean / CARD.std), RandomFlip())


def more_data(config: TrainConfig) -> TrainConfig:
    """Twice the images of each class."""
    return replace(config, class_counts=tuple(2 * count for count in config.class_counts or ()))


def batch_size(config: TrainConfig) -> TrainConfig:
    """Batches twice as large, at equal steps."""
    return replace(config, batch_size=2 * config.batch_size)


def data_distribution(config: TrainConfig) -> TrainConfig:
    """Every class equally often in every batch."""
    return replace(config, sampler=balanced_order)


def objective(config: TrainConfig) -> TrainConfig:
    """Cross entropy with smoothed labels."""
    return replace(config, loss_options={"label_smoothing": 0.1})


def architecture(config: TrainConfig) -> TrainConfig:
    """Twice the channels."""
    return replace(config, network_options={**config.network_options, "channels": (16, 32)})


def augmentation(config: TrainConfig) -> TrainConfig:
    """Shifts and flips."""
    return replace(config, methods=replace(config.methods, augment=shift_and_flip))


def weight_penalty(config: TrainConfig) -> TrainConfig:
    """An L2 penalty."""
    return replace(config, methods=replace(config.methods, penalty=l2_penalty, penalty_options={"strength": 0.01}))


def dropout(config: TrainConfig) -> TrainConfig:
    """Half of the hidden units masked."""
    return replace(config, network_options={**config.network_options, "dropout": 0.5})


METHODS: dict[str, Callable[[TrainConfig], TrainConfig]] = {
    one.__name__: one
    for one in (
        more_data,
        batch_size,
        data_distribution,
        objective,
        architecture,
        augmentation,
        weight_penalty,
        dropout,
    )
}
PAIRS = tuple(combinations(METHODS, 2))
CONFIRMED = (("objective", "architecture"), ("weight_penalty", "dropout"))  # chosen on the early seeds


def together(names: Sequence[str]) -> TrainConfig:
    """The baseline with these methods.

    Examples:
        >>> together(["dropout", "more_data"]).network_options
        {'channels': (8, 16), 'dropout': 0.5}
    """
    config = BASE
    for name in names:
        config = METHODS[name](config)
    return config


def arms(pairs: Sequence[tuple[str, str]]) -> dict[str, TrainConfig]:
    """The baseline, each method alone, these pairs, and all eight."""
    return {
        "base": BASE,
        **{name: together([name]) for name in METHODS},
        **{f"{first} & {second}": together([first, second]) for first, second in pairs},
        "all": together(list(METHODS)),
    }


def comparisons(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """All with the baseline, each pair with what its effects add up to, and the chosen pairs with each part."""
    return [
        *((name, "base") for name in METHODS),
        *((f"{first} & {second}", f"{first} + {second} - base") for first, second in pairs),
        *((f"{first} & {second}", "base") for first, second in pairs),
        *((f"{first} & {second}", one) for first, second in CONFIRMED for one in (first, second)),
        ("all", "base"),
    ]


def measure_fresh(config: TrainConfig, seeds: Sequence[int], options: RunOptions, progress: Progress | None) -> Figures:
    """As the factorial, on seeds that it has not seen."""
    return _classifiers.measure(config, [FRESH + seed for seed in seeds], options, progress)


NAMES = {
    "more_data": Text("更多数据", "more data"),
    "batch_size": Text("更大批次", "larger batches"),
    "data_distribution": Text("均衡批次", "balanced batches"),
    "objective": Text("标签平滑", "label smoothing"),
    "architecture": Text("通道加倍", "twice the channels"),
    "augmentation": Text("平移与翻转", "shifts and flips"),
    "weight_penalty": Text("L2 惩罚", "L2 penalty"),
    "dropout": Text("dropout", "dropout"),
}
LABELS = {
    "base": Text("基线", "baseline"),
    **NAMES,
    **{
        f"{first} & {second}": Text(
            f"两法并用：{NAMES[first].zh}、{NAMES[second].zh}", f"{NAMES[first].en} and {NAMES[second].en}"
        )
        for first, second in PAIRS
    },
    "all": Text("八法并用", "all eight"),
}

FACTORIAL = Experiment(
    name="generalisation/overview",
    question=Text(
        zh="八种方法放在同一条基线上，各自改变什么？两两并用，效果相加吗？八法并用呢？",
        en="On one baseline, what does each of the eight methods change, do the effects of two add up, and what do all "
        "eight give together?",
    ),
    arms=arms(PAIRS),
    baseline="base",
    metrics=_classifiers.METRICS,
    budget=Text(
        zh="500 步、批次 30、学习率相同，训练图像 510 张（五类各 70、五类各 32），只有方法本身改变的除外："
        "更多数据是 1020 张，更大批次是 60",
        en="500 steps, batches of 30, one learning rate and 510 training images (70 of each of five classes, 32 of "
        "each of five), but for what a method itself changes: more data are 1,020 images, larger batches 60",
    ),
    labels=LABELS,
    measure=_classifiers.measure,
    comparisons=comparisons(PAIRS),
)
CONFIRMATION = Experiment(
    name="generalisation/overview/confirmation",
    question=Text(
        zh="换成没有用过的种子，单用一种方法的效果和两个事先选定的组合还站得住吗？",
        en="On seeds not used before, do the effects of the single methods stand, and those of two pairs chosen "
        "beforehand?",
    ),
    arms={name: arm for name, arm in arms(CONFIRMED).items() if name != "all"},
    baseline="base",
    metrics=_classifiers.METRICS,
    budget=Text(
        zh="与八法总览的实验完全相同，只是种子从 1000 开始",
        en="as in the factorial of this section, with seeds from 1,000 on",
    ),
    labels={name: label for name, label in LABELS.items() if name in arms(CONFIRMED) and name != "all"},
    measure=measure_fresh,
    comparisons=[pair for pair in comparisons(CONFIRMED) if pair[0] != "all"],
)
EXPERIMENTS = (FACTORIAL, CONFIRMATION)
