"""Training and validation that have files of their own, as train.csv and val.csv: told by their names, and joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cnnbook.cli.logs.columns import ACCURACIES, PARTS, TEST, TRAIN, VAL, axes, counts_epochs, words
from cnnbook.cli.logs.phases import says_part, with_part
from cnnbook.cli.logs.table import Series, Table, plain

SIDES = {"train": TRAIN, "val": VAL, "test": TEST}


def side(path: Path) -> str | None:
    """Which part of the data a file is of by its name, or, where that says none, by the name of its folder.

    Returns:
        None where neither says a part, or the name says several.

    Examples:
        >>> side(Path("loss_valid.csv")), side(Path("train.csv")), side(Path("train_val.csv")), side(Path("m.csv"))
        ('val', 'train', None, None)
        >>> side(Path("run/val/log.csv")), side(Path("val/train.csv")), side(Path("training_of_may/log.csv"))
        ('val', 'train', None)
    """
    said = set(words(path.stem))
    if by_folder(path):
        said = set(words(path.parent.name))
    found = [name for name, parts in SIDES.items() if said & set(parts)]
    return found[0] if len(found) == 1 else None


def by_folder(path: Path) -> bool:
    """Whether the part of a file is said by its folder alone; one called test may hold tries, and says nothing.

    Examples:
        >>> by_folder(Path("val/log.csv")), by_folder(Path("val/train.csv")), by_folder(Path("test/log.csv"))
        (True, False, False)
    """
    folder = path.parent.name
    return not set(words(path.stem)) & PARTS and says_part(folder) and not set(words(folder)) & set(TEST)


def beside(path: Path) -> Path | None:
    """The file of validation, or testing, that belongs to one of training; None where there is none."""
    place = path.parent.parent if by_folder(path) else path.parent
    try:
        found = [one for one in place.glob(f"*/{path.name}" if by_folder(path) else f"*{path.suffix}") if one.is_file()]
    except OSError:
        return None
    return pairs([path, *sorted(found)]).get(path)


def pairs(paths: Sequence[Path]) -> dict[Path, Path]:
    """The files of training that have one of validation beside them, which goes by the same name but for that word.

    The word may be the name of their folder; a file of testing stands in for one of validation.

    Examples:
        >>> found = pairs([Path("run/val.csv"), Path("run/train.csv"), Path("run/b_train.csv"), Path("c/val.csv")])
        >>> [(train.as_posix(), val.as_posix()) for train, val in found.items()]
        [('run/train.csv', 'run/val.csv')]
        >>> found = pairs([Path("train/loss.tsv"), Path("test/loss.tsv")])
        >>> [(train.as_posix(), val.as_posix()) for train, val in found.items()]
        [('train/loss.tsv', 'test/loss.tsv')]
    """
    found: dict[tuple[object, ...], dict[str, Path]] = {}
    for path in paths:
        said, part, place = words(path.stem), side(path), path.parent
        if not set(said) & PARTS and says_part(place.name):
            part, place = side(place), place.parent
        if part is not None and not set(said) & set(ACCURACIES):
            rest = tuple(word for word in said if word not in PARTS)
            found.setdefault((place, place == path.parent, path.suffix, rest), {}).setdefault(part, path)
    with_train = [parts for parts in found.values() if "train" in parts and len(parts) > 1]
    return {parts["train"]: parts["val" if "val" in parts else "test"] for parts in with_train}


def joined(train: Table, val: Table) -> Table:
    """One table of both; columns that do not say their part get its name before theirs."""
    beside = val.path.name if val.path.parent == train.path.parent else f"{val.path.parent.name}/{val.path.name}"
    remarks = [f"{plain(beside)} beside it is read as its validation", *train.remarks, *val.remarks]
    axis: dict[str, str] = {}
    places: dict[str, tuple[Table, str]] = {}
    for part, table in (("train", train), ("val", val)):
        for name in table.names:
            places.setdefault(with_part(part, _figure(name)), (table, name))

    def load(asked: Sequence[str]) -> Mapping[str, Series]:
        found = {}
        for said in asked:
            table, name = places[said]
            steps, values = table.load([name])[name]
            found[said] = table.laps.get(name, steps), values  # counted on, the files would have scales of their own
            remarks.extend(remark for remark in table.remarks if remark not in remarks)
            if name in table.axis:
                axis[said] = table.axis[name]
            if name in table.laps:
                axis[said] = next(filter(counts_epochs, axes(table.names)))
        return found

    return Table(train.path, tuple(places), load, remarks, train.damaged or val.damaged, axis)


def _figure(name: str) -> str:
    """The name of a column; a curve that TensorBoard's page gave, which is called Value, is taken for a loss."""
    return "loss" if name.strip().lower() == "value" else name
