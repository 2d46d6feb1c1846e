"""Training and validation that have files of their own, as train.csv and val.csv: told by their names, and joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cnnbook.cli.logs.columns import ACCURACIES, TRAIN, VAL, axes, words
from cnnbook.cli.logs.table import Series, Table, plain

SIDES = {"train": TRAIN, "val": VAL}


def side(path: Path) -> str | None:
    """Which part of the data a file is of by its name, training or validation; None where it says neither or both.

    Examples:
        >>> side(Path("loss_valid.csv")), side(Path("train.csv")), side(Path("train_val.csv")), side(Path("m.csv"))
        ('val', 'train', None, None)
    """
    said = set(words(path.stem))
    found = [name for name, parts in SIDES.items() if said & set(parts)]
    return found[0] if len(found) == 1 else None


def pairs(paths: Sequence[Path]) -> dict[Path, Path]:
    """The files of training that have one of validation beside them, which goes by the same name but for that word.

    Examples:
        >>> found = pairs([Path("run/val.csv"), Path("run/train.csv"), Path("run/b_train.csv"), Path("c/val.csv")])
        >>> [(train.as_posix(), val.as_posix()) for train, val in found.items()]
        [('run/train.csv', 'run/val.csv')]
    """
    found: dict[tuple[object, ...], dict[str, Path]] = {}
    for path in paths:
        said = words(path.stem)
        if (part := side(path)) is not None and not set(said) & set(ACCURACIES):
            rest = tuple(word for word in said if word not in (*TRAIN, *VAL))
            found.setdefault((path.parent, path.suffix, rest), {}).setdefault(part, path)
    return {both["train"]: both["val"] for both in found.values() if len(both) == 2}


def joined(train: Table, val: Table) -> Table:
    """One table of both; columns that do not say their part get its name before theirs."""
    remarks = [f"{plain(val.path.name)} beside it is read as its validation", *train.remarks, *val.remarks]
    axis: dict[str, str] = {}
    places: dict[str, tuple[Table, str]] = {}
    for part, table in (("train", train), ("val", val)):
        counting = set(axes(table.names))
        for name in table.names:
            said = name if name in counting or set(words(name)) & {*TRAIN, *VAL} else f"{part}/{_figure(name)}"
            places.setdefault(said, (table, name))

    def load(asked: Sequence[str]) -> Mapping[str, Series]:
        found = {}
        for said in asked:
            table, name = places[said]
            found[said] = table.load([name])[name]
            remarks.extend(remark for remark in table.remarks if remark not in remarks)
            if name in table.axis:
                axis[said] = table.axis[name]
        return found

    return Table(train.path, tuple(places), load, remarks, train.damaged or val.damaged, axis)


def _figure(name: str) -> str:
    """The name of a column; a curve that TensorBoard's page gave, which is called Value, is taken for a loss."""
    return "loss" if name.strip().lower() == "value" else name
