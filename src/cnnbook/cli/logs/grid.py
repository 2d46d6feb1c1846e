"""Rows of named cells: which column counts the steps, and long tables made wide."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnnbook.cli.errors import LogError
from cnnbook.cli.logs.columns import AXES, TRAIN, VAL, axes, words
from cnnbook.cli.logs.table import Series, Table, plain

if TYPE_CHECKING:
    import numpy as np

Cells = tuple["np.ndarray", "np.ndarray"]  # the rows in which a column has a value, and the values
KEYS, RUNS = ("key", "metric", "metric name", "name", "tag", "variable"), ("run", "run id", "run uuid", "run name")


def placed(
    names: Sequence[str], cells: Callable[[Sequence[str]], Mapping[str, Cells]], path: Path, remarks: Sequence[str]
) -> Table:
    """Gives columns their steps: those of the finest axis that has a value in every row of theirs, else row numbers."""
    import numpy as np

    candidates, axis_of = axes(names), {}

    def load(asked: Sequence[str]) -> dict[str, Series]:
        found = cells([*dict.fromkeys([*candidates, *asked])])
        series = {}
        for name in asked:
            rows, values = found[name]
            series[name] = (rows.astype(float), values)
            for axis in candidates:
                at, steps = found[axis]
                where = np.searchsorted(at, rows)
                there = where < len(at)
                there[there] = at[where[there]] == rows[there]
                if name != axis and len(rows) and there.all() and (len(rows) == 1 or len(np.unique(steps[where])) > 1):
                    series[name], axis_of[name] = (finite(steps[where], axis, path), values), axis
                    break
        return series

    return Table(path, tuple(names), load, tuple(remarks), axis=axis_of)


def finite(steps: np.ndarray, axis: str, path: Path) -> np.ndarray:
    """Steps, which must be finite.

    Raises:
        LogError: One is not.
    """
    import numpy as np

    if not (good := np.isfinite(steps) & (np.abs(steps) < 1e15)).all():
        raise LogError(f"{path}: {plain(axis)} must be a step below 1e15, got {steps[np.flatnonzero(~good)[0]]:g}")
    return steps


def long_names(names: Sequence[str]) -> dict[str, str] | None:
    """The columns of a long table, with a row a value: its key, value, step and run; None where it is none.

    Examples:
        >>> long_names(["key", "value", "timestamp", "step"])
        {'key': 'key', 'value': 'value', 'step': 'step'}
        >>> long_names(["step", "train_loss"]) is None
        True
    """
    said = {" ".join(words(name)): name for name in reversed(names)}
    key, axis = next((said[k] for k in KEYS if k in said), None), next((said[a] for a in AXES if a in said), None)
    if key is None or axis is None or "value" not in said:
        return None
    run = next((said[r] for r in RUNS if r in said), None)
    return {"key": key, "value": said["value"], "step": axis, **({"run": run} if run else {})}


def widened(keys: Any, values: Any, steps: Any, runs: Sequence[str] | None) -> tuple[dict[str, Series], list[str]]:
    """A long table's columns, one a key; where several runs are in it, those of the last, unless they are parts."""
    import numpy as np

    keys, remarks = np.asarray(keys, dtype=object), []
    values, steps = np.asarray(values, float), np.asarray(steps, float)
    if runs:
        # In TensorBoard's own tables each part of a run is a run.
        sides = [run.rpartition("/")[2] if set(words(run.rpartition("/")[2])) & {*TRAIN, *VAL} else "" for run in runs]
        runs = [run.removesuffix(side).strip("/") for run, side in zip(runs, sides, strict=True)]
        keys = np.asarray([f"{side}/{k}" if side else k for side, k in zip(sides, keys, strict=True)], dtype=object)
        if len(several := list(dict.fromkeys(runs))) > 1:
            mine = np.asarray([run == several[-1] for run in runs])
            keys, values, steps = keys[mine], values[mine], steps[mine]
            remarks.append(f"of {len(several)} runs in the file the last is read: {plain(several[-1])}")
    order = np.argsort(keys.astype(str), kind="stable")
    names, starts = np.unique(keys[order].astype(str), return_index=True)
    parts = np.split(order, starts[1:]) if len(names) else []
    return {str(name): (steps[part], values[part]) for name, part in zip(names, parts, strict=True)}, remarks


def number(cell: object) -> float | None:
    """A cell as a number; None where it is empty, in any of the ways in which programs say so.

    Raises:
        ValueError: It is neither.

    Examples:
        >>> number("0.5"), number("NA"), number("85 %"), math.isnan(number("nan"))
        (0.5, None, 85.0, True)
    """
    if cell is None:
        return None
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        raise ValueError
    if isinstance(cell, str):
        cell = cell.strip()
        if cell.lower() in MISSING:
            return None
        cell = cell.removesuffix("%")
        if "_" in cell:
            raise ValueError
    try:
        return float(cell)
    except OverflowError:  # an integer of some hundred digits
        return math.inf


MISSING = {"", "na", "n/a", "<na>", "#n/a", "null", "none", "-", "--"}
