"""From a place to the curves of a run: the newest log with a training curve, and which column is which."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cnnbook.cli.errors import LogError
from cnnbook.cli.logs import files
from cnnbook.cli.logs.columns import ACCURACIES, LOSSES, TEST, TRAIN, VAL, axes, parts_of_a_sum, ranked, words
from cnnbook.cli.logs.documents import read_document
from cnnbook.cli.logs.events import is_events, read_events
from cnnbook.cli.logs.parts import beside, by_folder, joined, side
from cnnbook.cli.logs.runs import DOCUMENTS, TABLES, Run, runs
from cnnbook.cli.logs.table import Points, Table, in_order, plain, without_holes
from cnnbook.cli.logs.tables import read_table
from cnnbook.parameters.recipe import LEAST, ROUNDING, Curves

TRIED = 200  # runs without a training curve before one gives up
PRINTED = re.compile(rb"^(?!\s*#).*loss\w*'?\s*[:=]\s*[\d.]", re.I | re.M)  # and not "loss": 1, as JSON has it
LISTED = 400  # characters of a list of columns in a message


@dataclass(frozen=True)
class Log:
    """The log of one run.

    Attributes:
        path: The file, or for TensorBoard the folder.
        table: Its columns.
        others: How many older runs lie beside it.
    """

    path: Path
    table: Table
    others: int = 0


def read_log(place: Path) -> Log:
    """The log of a file, of a run's folder, or of the newest run below a folder that has a training curve.

    Raises:
        LogError: There is none, or it cannot be read.
    """
    found = runs(place)
    if not found:
        raise LogError(
            f"{place} must hold a log (metrics.csv, trainer_state.json, events.out.tfevents.…), and has none"
        )
    first: Log | LogError | None = None
    for run in found[:TRIED]:
        try:
            log = Log(run.path, read_one(run), len(found) - 1)
            if len(found) == 1 or has_training(log.table):
                return log
            first = first or log
        except LogError as error:
            if len(found) == 1:
                raise
            first = first or error
    if isinstance(first, LogError):
        raise first
    assert first is not None, "one run was tried at least"
    return first


def read_one(run: Run) -> Table:
    """The columns of a run, read as what its file is."""
    if is_events(run.files[0]):
        return read_events(run.path, run.files)
    tables = [_read_file(path) for path in run.files]
    return tables[0] if len(tables) == 1 else joined(tables[0], tables[1])


def _read_file(path: Path) -> Table:
    """A table or JSON; of what a program printed instead, no line is worth naming."""
    try:
        return read_document(path) if is_document(path) else read_table(path)
    except LogError:
        if not PRINTED.search(files.beginning(path)):
            raise
        raise LogError(
            f"{path} must be a table or JSON, and looks like printed output: save the figures as .csv"
        ) from None


def is_document(path: Path) -> bool:
    """Whether a file is JSON: by its name, or where that says nothing, by how it begins."""
    kind = path.suffix.lower()
    if kind in (".json", *DOCUMENTS):
        return True
    return kind not in TABLES and files.beginning(path).lstrip()[:1] in (b"{", b"[")


def is_validation(table: Table) -> bool:
    """Whether a file is of validation or testing by its name, and no column says that it holds training too."""
    named = ranked(table.names, TRAIN, LOSSES) or ranked(table.names, VAL, LOSSES)
    return not named and side(table.path) in ("val", "test") and table.path.is_file()


def has_training(table: Table) -> bool:
    """Whether there is a curve of training, of as many points as a curve must have."""
    names = [] if is_validation(table) else _train_names(table.names)
    return any(len(table.load([name])[name][1]) >= LEAST for name in names)


def _train_names(names: Sequence[str]) -> list[str]:
    return [*ranked(names, TRAIN, LOSSES), *ranked(names, (), LOSSES)]


def _accuracy_names(table: Table) -> list[str]:
    """Those of validation; one of no part is validation's where the other figures name their parts (fastai, YOLO).

    In a file of training that names nothing of validation it is that of training.
    """
    names = table.names
    plain = ranked(names, (), ACCURACIES) if ranked(names, TRAIN, LOSSES) or parts_of_a_sum(names) else []
    if plain and side(table.path) == "train" and not any(set(words(name)) & {*VAL, *TEST} for name in names):
        plain = []
    return [*ranked(names, VAL, ACCURACIES), *(plain if not ranked(names, TRAIN, ACCURACIES) else [])]


@dataclass(frozen=True)
class Reading:
    """The curves of a log, and how they were found.

    Attributes:
        curves: The curves.
        columns: Curve → the column that it comes from.
        unread: Columns that were not read.
        remarks: What one should know of how the log was read.
        damaged: Whether a part of the log could not be read.
        axis: The columns that the steps are from; none where rows were counted, or the log has steps of its own.
    """

    curves: Curves
    columns: dict[str, str]
    unread: tuple[str, ...]
    remarks: tuple[str, ...]
    damaged: bool
    axis: tuple[str, ...]


def curves(log: Log, train: str | None, val: str | None, classes: int | None) -> Reading:
    """The curves of a log, and the columns that they come from.

    Args:
        log: The log.
        train: Column of the training loss; None to find one by its name.
        val: Column of the validation loss; None to find one, if there is one.
        classes: Number of classes, if it is known.

    Raises:
        LogError: A column that was asked for is not there, there is no training loss, or a curve is too short.
    """
    table, one_of = one_run(log.table, train, val)
    steps = axes(table.names)
    listed = ", ".join(plain(name) for name in table.names if name not in steps) or "none with a value in it"
    listed = listed if len(listed) < LISTED else f"{listed[:LISTED]}…"
    by_name = {name.strip(): name for name in reversed(table.names)}
    for option, name in (("--train", train), ("--val", val)):
        if name is not None and name.strip() not in by_name:
            raise LogError(f"{option} must name a column of {log.path} ({listed}), got {name!r}")
    if train is not None and val is not None and train.strip() == val.strip():
        raise LogError(f"--train and --val must name two columns, got {train!r} for both")
    chosen, more = _losses(table, by_name[train.strip()] if train else None, by_name[val.strip()] if val else None)
    chosen["val_accuracy"], said = _accuracy(table)
    found = {part: one for part, one in chosen.items() if one is not None and one.points}
    if "train_loss" not in found:
        raise LogError(f"{log.path} has no training loss that goes by a usual name; name it with --train: {listed}")
    used = {name for one in found.values() for name in one.names}
    more += [*_two_axes(table, found), *_no_validation(table, found)]
    axis = tuple(dict.fromkeys(plain(table.axis[name]) for name in used if name in table.axis))
    try:
        run = Curves(**{part: one.points for part, one in found.items()}, classes=classes)
    except ValueError as error:
        raise LogError(f"{log.path}: {error}{_lost(found['train_loss'])}") from None
    remarks = [*table.remarks, *one_of, *more, *said, *(words_ for one in found.values() for words_ in one.said)]
    return Reading(
        run,
        {part: " + ".join(map(plain, one.names)) for part, one in found.items()},
        tuple(name for name in map(plain, table.names) if name not in {*axis, *map(plain, used)}),
        tuple(dict.fromkeys(remarks)),
        table.damaged,
        axis,
    )


def _lost(trained: Choice) -> str:
    """Why a curve is too short that had values enough."""
    left = len(trained.points)
    if not trained.logged >= LEAST > left:
        return ""
    back = any("the steps go back" in remark for remark in trained.said)
    return f": {trained.logged} values, {f'{left} left after the steps went back' if back else f'at {left} steps'}"


def _two_axes(table: Table, found: Mapping[str, Choice]) -> list[str]:
    """Says where the steps of training and of validation are of two kinds."""
    laid = [table.axis.get(found[part].names[0], "row") for part in ("train_loss", "val_loss") if part in found]
    if len(set(laid)) < 2 or not table.axis:
        return []
    kinds = f"training has its steps by {plain(laid[0])} and validation by {plain(laid[1])}"
    return [f"{kinds}: they do not lie side by side"]


def _no_validation(table: Table, found: Mapping[str, Choice]) -> list[str]:
    """Says where there is a validation loss that goes by no usual name, or that lies in a file beside this one."""
    said = {name: words(name) for name in table.names}
    may = [plain(name) for name, one in said.items() if set(one) & set(VAL) and "loss" in " ".join(one)]
    alone = not {"val_loss", "val_accuracy"} & {*found} and side(table.path) == "train"
    if alone and (other := beside(table.path)) is not None:
        common = other.parent if other.parent == table.path.parent else other.parent.parent
        return [f"{plain(other.name)} of validation lies beside it: name the folder {common} to read both"]
    if "val_loss" in found or not may:
        return []
    return [f"no validation loss goes by a usual name; name it with --val: {', '.join(may)[:LISTED]}"]


def one_run(table: Table, *asked: str | None) -> tuple[Table, list[str]]:
    """Of a table of several runs, as wandb's page downloads it, the first that has a training curve."""
    runs = list(dict.fromkeys(name.rpartition(" - ")[0] for name in table.names if " - " in name))
    mine = next((run for run in runs if _train_names([n for n in table.names if n.startswith(f"{run} - ")])), None)
    if len(runs) < 2 or mine is None or any(asked):
        return table, []
    names = tuple(name for name in table.names if " - " not in name or name.startswith(f"{mine} - "))
    return replace(table, names=names), [f"of {len(runs)} runs in the file the first is read: {plain(mine)}"]


@dataclass(frozen=True)
class Choice:
    """One curve: the columns that it comes from, its points, what was done to them, and how many values it had."""

    names: tuple[str, ...]
    points: Points
    said: tuple[str, ...]
    logged: int


def _curve(table: Table, name: str) -> Choice:
    steps, values = table.load([name])[name]
    logged = without_holes(list(zip(steps.tolist(), values.tolist(), strict=True)))
    points, said = in_order(logged, plain(name))
    return Choice((name,), points, tuple(said), len(logged))


def _choice(table: Table, candidates: Sequence[str]) -> Choice | None:
    """The first of some columns that has as many points as a curve must have, or else the first with any."""
    best = None
    for name in candidates:
        one = _curve(table, name)
        if len(one.points) >= LEAST:
            return one
        best = best if best is not None and best.points else one
    return best


def _losses(table: Table, train: str | None, val: str | None) -> tuple[dict[str, Choice | None], list[str]]:
    """The losses of training and validation."""
    names, remarks = table.names, []
    pairs = parts_of_a_sum(names)
    sides = [tuple(pair[side] for pair in pairs.values()) for side in (0, 1)]
    if train is None and val is None and pairs and set(_train_names(names)) <= set(sides[0]):
        return {part: _sum(table, side) for part, side in zip(("train_loss", "val_loss"), sides, strict=True)}, []
    if train is None and is_validation(table):
        of = "validation" if side(table.path) == "val" else "testing"
        name = "the name of its folder" if by_folder(table.path) else "its name"
        raise LogError(f"{table.path} is of {of} by {name}; that of training is missing (or name it: --train)")
    candidates = [train] if train else [name for name in _train_names(names) if name != val]
    found = {"train_loss": _choice(table, candidates)}
    if found["train_loss"] is None and is_single_curve(names):
        (value,) = (name for name in names if name.strip().lower() == "value")
        found["train_loss"] = _choice(table, [value])
        remarks.append("the file holds one curve, which is taken for the training loss; that of validation is missing")
    trained = found["train_loss"]
    taken = trained.names if trained else ()
    found["val_loss"] = _choice(table, [val] if val else [n for n in ranked(names, VAL, LOSSES) if n not in taken])
    if val is None and found["val_loss"] is None and not ranked(names, VAL, ACCURACIES):
        found["val_loss"] = _choice(table, ranked(names, TEST, LOSSES))
        if instead := found["val_loss"]:
            remarks.append(f"{plain(instead.names[0])} stands in for a validation loss: there is none")
    return found, remarks


def _sum(table: Table, names: tuple[str, ...]) -> Choice:
    """The sum of the losses that a detector logs by their kinds."""
    curves_ = [_curve(table, name) for name in names]
    parts = [dict(one.points) for one in curves_]
    steps = [step for step in parts[0] if all(step in part for part in parts)]
    points = tuple((step, sum(part[step] for part in parts)) for step in steps)
    return Choice(names, points, curves_[0].said, curves_[0].logged)


def _accuracy(table: Table) -> tuple[Choice | None, list[str]]:
    """Validation's accuracy; where it cannot be read the losses go without it."""
    candidates = _accuracy_names(table)
    try:
        found = _choice(table, candidates)
    except LogError as error:
        return None, [f"the accuracy was not read: {error}"]
    values = [value for _, value in found.points if math.isfinite(value)] if found else []
    if found and values and (min(values) < 0 or max(values) > 100 * (1 + ROUNDING)):
        return None, [f"{plain(found.names[0])} was not read: it is neither a share nor in per cent"]
    return found, []


def is_single_curve(names: Sequence[str]) -> bool:
    """Whether a table is what TensorBoard's page downloads: one curve, which is called Value.

    Examples:
        >>> is_single_curve(["Wall time", "Step", "Value"]), is_single_curve(["step", "loss"])
        (True, False)
    """
    return {name.strip().lower() for name in names} >= {"step", "value"} and len(names) <= 3
