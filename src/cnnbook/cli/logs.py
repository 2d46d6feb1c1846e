"""The curves of a run from its log: Lightning's metrics.csv, or the event files of TensorBoard."""

from __future__ import annotations

import csv
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cnnbook.cli.errors import LogError
from cnnbook.parameters.recipe import Curves

EVENTS = "events.out.tfevents."
LOSSES = ("loss", "nll", "ce", "mse")  # cross_entropy is read as ce: it is one word
ACCURACIES = ("accuracy", "acc")
TRAIN, VAL = ("train", "training"), ("val", "valid", "validation", "dev", "eval")

Columns = dict[str, list[tuple[float, float]]]


@dataclass(frozen=True)
class Log:
    """The log of one run.

    Attributes:
        path: The file, or for TensorBoard the folder.
        columns: Name of each figure → its points (step, value).
        others: How many older runs lie beside it.
    """

    path: Path
    columns: Columns
    others: int = 0


def read_log(place: Path) -> Log:
    """The log of a file, of a run's folder, or of the newest run below a folder.

    Raises:
        LogError: There is none, or it cannot be read.
    """
    if not place.exists():
        raise LogError(f"the log must be there, got {place}, which is not")
    if place.is_file():
        found = {place.parent if place.name.startswith(EVENTS) else place}
    else:
        found = set(place.rglob("metrics.csv"))
        written = {path.parent for path in found}
        found |= {path.parent for path in place.rglob(f"{EVENTS}*") if path.parent not in written}
    if not found:
        raise LogError(f"{place} must hold a metrics.csv or a file {EVENTS}…, and has neither")
    path = max(found, key=lambda one: (_changed(one), str(one)))
    columns = read_events(path) if path.is_dir() else read_csv(path)
    return Log(path, columns, len(found) - 1)


def _changed(path: Path) -> int:
    """When a log was last written to."""
    files = path.glob(f"{EVENTS}*") if path.is_dir() else [path]
    return max(file.stat().st_mtime_ns for file in files)


def read_csv(path: Path) -> Columns:
    """The columns of a CSV file with a header: empty cells are left out; steps come from ``step`` or ``epoch``.

    Raises:
        LogError: The file is empty, cut off, or holds what are no numbers.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise LogError(f"{path} must be a CSV file, and is no text") from None
    if not text.strip():
        raise LogError(f"{path} is empty: nothing was logged, or not yet")
    header, *rows = csv.reader(text.splitlines())
    if not text.endswith("\n") or (rows and len(rows[-1]) < len(header)):
        raise LogError(f"{path} is cut off in line {len(rows) + 1}: take that line away, or wait till it is written")
    columns: Columns = {name: [] for name in header}
    axis = next((name for name in ("step", "epoch") if name in header), None)
    for number, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise LogError(f"{path}, line {number}: a row must have {len(header)} fields as the header, got {len(row)}")
        cells = dict(zip(header, row, strict=True))
        place = _number(cells[axis], path, number, axis) if axis else float(number - 2)
        for name, cell in cells.items():
            if cell.strip():
                _add(columns[name], place, _number(cell, path, number, name))
    return columns


def _number(cell: str, path: Path, line: int, name: str) -> float:
    try:
        return float(cell)
    except ValueError:
        raise LogError(f"{path}, line {line}: {name} must be a number, got {cell[:40]!r}") from None


def _add(points: list[tuple[float, float]], step: float, value: float) -> None:
    """Add a point; of several values at one step the last counts (a run that was resumed logs some steps again)."""
    while points and points[-1][0] >= step:
        points.pop()
    points.append((step, value))


def read_events(folder: Path) -> Columns:
    """The scalars in the event files of a folder.

    Raises:
        LogError: A file is cut off in the middle of a record.
    """
    for path in sorted(folder.glob(f"{EVENTS}*")):
        if not _whole(path):
            raise LogError(f"{path} is cut off in the middle of a record, or no file of TensorBoard's")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder), size_guidance={"scalars": 0}).Reload()
    columns: Columns = {name: [] for name in events.Tags()["scalars"]}
    for name, points in columns.items():
        for event in events.Scalars(name):
            _add(points, event.step, event.value)
    return columns


def _whole(path: Path) -> bool:
    """Whether a file ends where a record ends: each is its length in 8 bytes, 4 of checksum, itself, and 4 more."""
    size, at = path.stat().st_size, 0
    with path.open("rb") as file:
        while at + 12 <= size:
            file.seek(at)
            at += struct.unpack("<Q", file.read(8))[0] + 16
    return at == size


def column(columns: Columns, parts: Iterable[str], figures: Iterable[str]) -> str | None:
    """The name of one of the figures of one of the parts: ``train_loss``, ``loss/train``, ``val_nll_epoch``.

    Of several, the figure named first in ``figures``; then one without ``_step`` or ``_epoch``, then ``_step``.

    Examples:
        >>> column({"val_ece": [], "val_nll": [], "train_loss_epoch": [], "train_loss_step": []}, VAL, LOSSES)
        'val_nll'
        >>> column({"loss/train_epoch": [], "loss/train_step": []}, TRAIN, LOSSES)
        'loss/train_step'
    """
    parts = set(parts)
    for figure in figures:
        for ending in ("", "step", "epoch"):
            wanted = {figure, ending} - {""}
            for name in columns:
                words = set(re.split(r"[^a-z0-9]+", name.lower().replace("cross_entropy", "ce"))) - {""}
                if words & parts and words - parts == wanted:
                    return name
    return None


def curves(log: Log, train: str | None, val: str | None, classes: int | None) -> tuple[Curves, dict[str, str]]:
    """The curves of a log, and the columns that they come from.

    Args:
        log: The log.
        train: Column of the training loss; None to find one by its name.
        val: Column of the validation loss; None to find one, if there is one.
        classes: Number of classes, if it is known.

    Raises:
        LogError: A column that was asked for is not there, there is no training loss, or a curve is too short.
    """
    columns = {name: points for name, points in log.columns.items() if points}
    listed = ", ".join(name for name in columns if name not in ("step", "epoch")) or "none with a value in it"
    for option, name in (("--train", train), ("--val", val)):
        if name is not None and name not in columns:
            raise LogError(f"{option} must name a column of {log.path} ({listed}), got {name!r}")
    found = {
        "train_loss": train or column(columns, TRAIN, LOSSES) or ("loss" if "loss" in columns else None),
        "val_loss": val or column(columns, VAL, LOSSES),
        "val_accuracy": column(columns, VAL, ACCURACIES),
    }
    named = {part: name for part, name in found.items() if name}
    if "train_loss" not in named:
        raise LogError(f"{log.path} has no training loss that goes by a usual name; name it with --train: {listed}")
    try:
        return Curves(**{part: columns[name] for part, name in named.items()}, classes=classes), named
    except ValueError as error:
        raise LogError(f"{log.path}: {error}") from None
