"""Which column of a log is which curve, told by the words of its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

LOSSES = ("loss", "nll", "ce", "bce", "mse", "mae")  # cross_entropy is read as ce: it is one word
ACCURACIES = ("accuracy", "acc", "acc1", "top1", "accu")
TRAIN = ("train", "training", "tr", "trn")
VAL = (
    *("val", "valid", "validation", "validate", "vali", "vl", "vld", "dev", "devel", "eval", "evaluation"),
    *("holdout", "heldout"),
)
TEST = ("test", "testing", "tst")
PARTS = {*TRAIN, *VAL, *TEST}
LETTERS = {"t": "train", "v": "val"}  # only side by side: v_loss alone is that of a value function
EPOCHS = ("epoch", "trainer epoch", "train epoch", "round")  # axes that count whole passes
AXES = (  # the finer one first
    *("step", "global step", "trainer global step", "train global step", "iteration", "iter", "it", "batch"),
    *("update", *EPOCHS),
)
PLURALS = {
    **{"steps": "step", "iterations": "iteration", "iters": "iter", "batches": "batch", "updates": "update"},
    **{"epochs": "epoch", "rounds": "round"},
}
NUMBERS = {"num", "number", "no", "n", "idx", "index"}  # that an axis counts goes without saying
MODIFIERS = (
    *("step", "epoch", "total", "mean", "avg", "average", "overall", "metrics", "1", "top", "sparse", "score"),
    *("running", "value"),
)
CHINESE = {  # as people head their own tables
    **{"训练": "train", "训练集": "train", "訓練": "train", "验证": "val", "验证集": "val", "驗證": "val"},
    **{"测试": "test", "测试集": "test", "測試": "test", "损失": "loss", "损失值": "loss", "損失": "loss"},
    **{"准确率": "accuracy", "正确率": "accuracy", "準確率": "accuracy", "交叉熵": "ce", "交叉熵损失": "ce"},
    **{"轮": "epoch", "轮次": "epoch", "轮数": "epoch", "周期": "epoch", "輪次": "epoch", "輪數": "epoch"},
    **{"步": "step", "步数": "step"},
    **{"迭代": "iteration", "迭代次数": "iteration", "批次": "batch", "平均": "mean", "总": "total"},
}
IN_CHINESE = re.compile("|".join(sorted(CHINESE, key=len, reverse=True)))  # the longest that begins at a place
FIGURE = "loss|accuracy|acc1?|top1|nll"  # what is written in one word with its part
TOGETHER = re.compile(rf"({'|'.join(sorted((*PARTS, *LETTERS), key=len, reverse=True))})({FIGURE})")
TURNED = re.compile(rf"({FIGURE})({'|'.join(sorted(PARTS, key=len, reverse=True))})")
CATEGORICAL = {"categorical", "binary", "multiclass"}
EXTREMES = ("__MIN", "__MAX")  # what wandb writes beside each curve that it thinned


def words(name: str) -> list[str]:
    """The words of a column's name in English, without the name of the run that wandb sets before it.

    Examples:
        >>> words("blue-sky-3 - valLoss"), words("val_cross_entropy/dataloader_idx_1")
        (['val', 'loss'], ['val', 'ce', 'dataloader', 'idx', '1'])
        >>> words("验证集损失"), words("损失权重")
        (['val', 'loss'], ['loss', '权重'])
        >>> words("valloss"), words("losstrain"), words("val_prec@1")
        (['val', 'loss'], ['loss', 'train'], ['val', 'acc1'])
    """
    name = name.strip().rsplit(" - ", 1)[-1]
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    name = re.sub(r"(?:cross[ _-]?entropy|xent)(?:[ _-]loss)?", "ce", name)
    name = re.sub(r"(?<![a-z])prec(?:ision)?[@_ ]?1(?![0-9])", "acc1", name)  # of one answer it is the accuracy
    name = IN_CHINESE.sub(lambda hit: f" {CHINESE[hit[0]]} ", name)
    found = [word for word in re.split(r"[^a-z0-9\u4e00-\u9fff]+", name) if word]
    return [part for word in found for part in _apart(word)]


def _apart(word: str) -> tuple[str, ...]:
    hit = TOGETHER.fullmatch(word) or TURNED.fullmatch(word)
    return hit.groups() if hit else (word,)


def spelt_out(names: Iterable[str]) -> dict[str, list[str]]:
    """The words of each name; t and v before a loss or an accuracy are parts where v lies beside t or training.

    Examples:
        >>> spelt_out(["t_loss", "vLoss"])
        {'t_loss': ['train', 'loss'], 'vLoss': ['val', 'loss']}
        >>> spelt_out(["train_loss", "v_loss", "pi_loss"])["v_loss"]
        ['v', 'loss']
    """
    said = {name: words(name) for name in names}
    before = {one[0] for one in said.values() if len(one) == 2 and one[1] in (*LOSSES, *ACCURACIES)}
    if before - {*PARTS, *LETTERS, *MODIFIERS} or "v" not in before or not before & {"t", *TRAIN}:
        return said
    return {name: [LETTERS.get(one[0], one[0]), one[1]] if len(one) == 2 else one for name, one in said.items()}


def rank(name: str, said: list[str], parts: Iterable[str], figures: Sequence[str]) -> tuple[int, ...] | None:
    """How well a name of these words says one of the figures of one of the parts, the lower the better.

    None where it does not.
    The figure named first in ``figures`` comes first; then a plain name, then one with ``step``, then the others;
    then Lightning's first loader of several. Of validation ``epoch`` comes before ``step``, which numbers its batches.
    """
    if name.rstrip().endswith(EXTREMES):
        return None
    parts = set(parts)
    loader = 0
    if said[-3:-1] == ["dataloader", "idx"] and said[-1].isdigit():
        loader, said = 1 + int(said[-1]), said[:-3]
    rest = [word for word in said if word not in parts and word not in CATEGORICAL]
    found = [word for word in rest if word in figures]
    if len(set(found)) > 1:  # accuracy_top1, ce_loss
        rest = [word for word in rest if word not in ("top1", "loss")]
        found = [word for word in found if word in rest]
    if (parts and not set(said) & parts) or len(set(found)) != 1 or set(said) & (PARTS - parts):
        return None
    more = [word for word in rest if word not in figures]
    order = MODIFIERS if not parts or parts & set(TRAIN) else ("epoch", "step", *MODIFIERS[2:])
    if any(word not in order for word in more):
        return None
    return (figures.index(found[0]), sum(2 + order.index(word) for word in more), loader)


def ranked(names: Iterable[str], parts: Iterable[str], figures: Sequence[str]) -> list[str]:
    """The names that say one of the figures of one of the parts, the plainest first.

    Examples:
        >>> ranked(["val_ece", "val_loss_epoch", "val_nll", "val_loss"], VAL, LOSSES)
        ['val_loss', 'val_loss_epoch', 'val_nll']
        >>> ranked(["val_mse_loss", "val_dice_loss", "val_loss (CE)"], VAL, LOSSES)
        ['val_loss (CE)', 'val_mse_loss']
        >>> ranked(["loss_epoch", "loss_step"], (), LOSSES), ranked(["val_loss_step", "val_loss_epoch"], VAL, LOSSES)
        (['loss_step', 'loss_epoch'], ['val_loss_epoch', 'val_loss_step'])
        >>> ranked(["trainer_loss", "loss"], TRAIN, LOSSES), ranked(["trainer_loss", "loss"], (), LOSSES)
        ([], ['loss'])
    """
    found = [(rank(name, said, parts, figures), name) for name, said in spelt_out(names).items()]
    return [name for place, name in sorted((p for p in found if p[0] is not None), key=lambda one: one[0])]


def parts_of_a_sum(names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The losses that training and validation have in common, where a detector logs only these: box, class, ….

    Returns:
        Word → the columns of training and of validation; empty where there are not two.

    Examples:
        >>> parts_of_a_sum(["train/box_loss", "train/cls_loss", "val/box_loss", "val/cls_loss"])
        {'box': ('train/box_loss', 'val/box_loss'), 'cls': ('train/cls_loss', 'val/cls_loss')}
    """
    found: dict[str, dict[str, str]] = {}
    for name in names:
        for side, parts in (("train", TRAIN), ("val", VAL)):
            match words(name):
                case [part, word, "loss"] if part in parts and word not in MODIFIERS:
                    found.setdefault(word, {})[side] = name
    pairs = {word: (sides["train"], sides["val"]) for word, sides in found.items() if len(sides) == 2}
    return pairs if len(pairs) > 1 else {}


def counter(name: str) -> str:
    """The name of an axis in the singular, each word once.

    Examples:
        >>> counter("num_steps"), counter("Epoch No."), counter("轮次(epoch)"), counter("_step")
        ('step', 'epoch', 'epoch', 'step')
    """
    return " ".join(dict.fromkeys(PLURALS.get(word, word) for word in words(name) if word not in NUMBERS))


def counts_epochs(name: str) -> bool:
    """Whether a column counts epochs.

    Examples:
        >>> counts_epochs("train/epoch"), counts_epochs("step")
        (True, False)
    """
    return counter(name) in EPOCHS


def axes(names: Sequence[str]) -> list[str]:
    """The columns that may count steps, the best first.

    Examples:
        >>> axes(["num_epochs", "Epoch", " _step", "loss"])
        [' _step', 'Epoch', 'num_epochs']
    """
    said = {name: counter(name) for name in names}
    found = (name for name in names if said[name] in AXES)
    return sorted(found, key=lambda name: (AXES.index(said[name]), len(words(name))))
