"""The map of what transfers: the eight methods of 5.16 and the rules for batch and rate, in six settings.

Each cell trains one network on one set of data: as it is, and with one thing changed. All classes are equally frequent,
but where balanced batches are looked at, which have a baseline of their own with uneven data. "Twice the data" is the
setting itself against one half of it, so that it can be measured where all there is is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cnnbook.devices import chosen
from cnnbook.evidence.experiment import Experiment, Progress, RunOptions
from cnnbook.evidence.text import Text
from cnnbook.experiments import _classifiers
from cnnbook.experiments.domains.speech import SPEAKERS, TURNS, real
from cnnbook.experiments.generalisation._settings import SETTINGS, Network, Setting, missing
from cnnbook.figures import Figures
from cnnbook.generalisation.data_distribution import balanced_order
from cnnbook.generalisation.weight_penalty import l2_penalty
from cnnbook.names import name_of
from cnnbook.training.config import Optimizer, TrainConfig
from cnnbook.training.engines import train_seeds
from cnnbook.training.methods import Methods

UNEVEN = 32 / 70  # how frequent the classes of the second half are, as in 5.16.9
TREATMENTS = {  # arm → its baseline
    "base": "half",
    "batch_size": "base",
    "balanced": "uneven",
    "objective": "base",
    "architecture": "base",
    "augmentation": "base",
    "weight_penalty": "base",
    "dropout": "base",
    "cosine": "base",
    "rate_kept": "base",
    "rate_root": "base",
    "rate_linear": "base",
}
LONG = {"augmentation_long": "long"}  # changed images take longer to learn
NAMES = {
    "base": Text("基线", "baseline"),
    "half": Text("一半的数据", "half of the data"),
    "batch_size": Text("批次加倍", "batches twice as large"),
    "uneven": Text("各类多少不一", "uneven classes"),
    "balanced": Text("多少不一，均衡批次", "uneven classes, balanced batches"),
    "objective": Text("标签平滑", "label smoothing"),
    "architecture": Text("通道加倍", "twice the channels"),
    "augmentation": Text("数据增强", "augmentation"),
    "weight_penalty": Text("L2 惩罚", "L2 penalty"),
    "dropout": Text("dropout", "dropout"),
    "cosine": Text("余弦退火", "cosine schedule"),
    "rate_kept": Text("批次 ×4，学习率不变", "batches × 4, same rate"),
    "rate_root": Text("批次 ×4，学习率 ×2", "batches × 4, rate × 2"),
    "rate_linear": Text("批次 ×4，学习率 ×4", "batches × 4, rate × 4"),
    "long": Text("三倍的步数", "three times the steps"),
    "augmentation_long": Text("三倍的步数，数据增强", "three times the steps, augmentation"),
}


def baseline(setting: Setting, network: Network) -> TrainConfig:
    """The network on the data as they are."""
    return TrainConfig(
        network=network.factory,
        network_options=dict(setting.shared),
        data=setting.data,
        data_options=dict(setting.options),
        n_train=setting.examples,
        batch_size=setting.batch,
        steps=setting.steps,
        optimizer=Optimizer("adam", lr=network.lr),
    )


def cell(setting: Setting, network: Network) -> dict[str, TrainConfig]:
    """The arms of one cell of the map: one thing changed in each."""
    base = baseline(setting, network)
    frequent = setting.examples // setting.classes
    half = setting.classes // 2
    rare = round(UNEVEN * frequent)
    uneven = replace(base, n_train=None, class_counts=(frequent,) * half + (rare,) * (setting.classes - half))

    def rated(config: TrainConfig, factor: float, **more: object) -> TrainConfig:
        return replace(config, optimizer=replace(config.optimizer, lr=factor * network.lr, **more))

    def built(**options: object) -> TrainConfig:
        return replace(base, network_options={**base.network_options, **options})

    quarter = replace(base, batch_size=4 * setting.batch, steps=setting.steps // 4)
    long = replace(base, steps=3 * setting.steps)
    augment = Methods(augment=setting.augment, augment_options=dict(setting.augment_options))
    penalty = Methods(penalty=l2_penalty, penalty_options={"strength": network.penalty})
    return {
        "base": base,
        "half": replace(base, n_train=setting.examples // 2),
        "batch_size": replace(base, batch_size=2 * setting.batch),
        "uneven": uneven,
        "balanced": replace(uneven, sampler=balanced_order),
        "objective": replace(base, loss_options={"label_smoothing": 0.1}),
        "architecture": built(width=2),
        "augmentation": replace(base, methods=augment),
        "weight_penalty": replace(base, methods=penalty),
        "dropout": built(dropout=0.5),
        "cosine": rated(base, 1, schedule="cosine"),
        "rate_kept": quarter,
        "rate_root": rated(quarter, 2),
        "rate_linear": rated(quarter, 4),
        "long": long,
        "augmentation_long": replace(long, methods=augment),
    }


def measure(config: TrainConfig, seeds: Sequence[int], options: RunOptions, progress: Progress | None) -> Figures:
    """Train an arm, on a CPU a seed a run: for most of these networks as fast as all at once, for larger ones faster.

    Of recordings each seed leaves out a speaker of its own.
    """
    if options.quick:
        return _classifiers.measure(config, seeds, options, progress)
    engine = "processes" if chosen(options.accelerator) == "cpu" else "auto"
    speakers = config.data == name_of(real)
    groups: dict[int, list[int]] = {}
    for seed in seeds:
        groups.setdefault(seed % SPEAKERS if speakers else 0, []).append(seed)
    of_seed: dict[int, Figures] = {}
    for speaker, own in groups.items():
        one = replace(config, data_options={"left_out": speaker}) if speakers else config
        figures = train_seeds(one, own, engine=engine, progress=None if speakers else progress, **options.trainer())
        of_seed |= {seed: figures.seed(place) for place, seed in enumerate(own)}
    return Figures.of_seeds([of_seed[seed] for seed in seeds])


def mapped(
    label: str,
    cells: Mapping[str, tuple[str, str]],
    treatments: Mapping[str, str],
    seeds: int,
    question: Text,
    budget: Text,
) -> Experiment:
    """Some cells of the map, each a setting and which of its networks."""
    arms, labels, wanted = {}, {}, {*treatments, *treatments.values()}
    for name, (where, network) in cells.items():
        setting = SETTINGS[where]
        for arm, config in cell(setting, getattr(setting, network)).items():
            if arm in wanted:
                title, words = setting.title, NAMES[arm]
                arms[f"{name}_{arm}"] = config
                labels[f"{name}_{arm}"] = Text(f"{title.zh}：{words.zh}", f"{title.en}: {words.en}")
    return Experiment(
        name=f"generalisation/transfer{label}",
        question=question,
        arms=arms,
        baseline=next(iter(arms)),
        metrics=_classifiers.METRICS,
        budget=budget,
        labels=labels,
        measure=measure,
        seeds=seeds,
        turns={arm: TURNS for arm, config in arms.items() if config.data == name_of(real)},
        comparisons=[(f"{name}_{arm}", f"{name}_{other}") for name in cells for arm, other in treatments.items()],
        lacks=missing,
    )


SEVERAL = ("garments_510", "garments_5000", "reviews_zh", "reviews_en", "digits")
BUDGET = Text(
    "每格一条基线，一次只改一处；步数：510 张服装图 600 步，5000 张 2000 步，评论 400 步，录音 800 步；"
    "学习率与惩罚强度在另一批种子的验证集上选定；录音每个种子留出一个人，区间里每人只算一个数",
    "one baseline a cell, one thing changed at a time; 600 steps on 510 garments, 2,000 on 5,000, 400 on reviews, 800 "
    "on recordings; rate and strength of the penalty chosen on validation examples and other seeds; of the "
    "recordings each seed leaves out a speaker, who counts once in an interval",
)
MORE = Text(
    "与小网络相同；60,000 张服装图用小网络，2000 步，批次 128",
    "as with the book's networks; on 60,000 garments one of these, 2,000 steps in batches of 128",
)
BOOK = mapped(
    "",
    {name: (name, "book") for name in SEVERAL},
    TREATMENTS | LONG,
    10,
    Text(
        "服装图、中文与英文评论、数字录音，用本书的小网络：八种方法和批次、学习率的规则各改变什么？",
        "Garments, Chinese and English reviews, spoken digits, with the book's small networks: what do the eight "
        "methods and the rules for batch and rate change?",
    ),
    BUDGET,
)
LARGER = mapped(
    "/larger",
    {name: (name, "larger") for name in SEVERAL} | {"all_garments": ("garments_60000", "book")},
    TREATMENTS,
    5,
    Text(
        "换成更大的、带归一化的网络，或者 60,000 张图：各种方法的效果还在吗？",
        "With larger, normalised networks, or with 60,000 images: do the effects stand?",
    ),
    MORE,
)
EXPERIMENTS = (BOOK, LARGER)
