"""Rows of named cells: which column counts the steps, and long tables made wide."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnnbook.cli.errors import LogError
from cnnbook.cli.logs.columns import TRAIN, VAL, axes, counts_epochs, words
from cnnbook.cli.logs.phases import says_part
from cnnbook.cli.logs.table import Series, Table, plain

if TYPE_CHECKING:
    import numpy as np

Cells = tuple["np.ndarray", "np.ndarray"]  # the rows in which a column has a value, and the values
KEYS, RUNS = ("key", "metric", "metric name", "name", "tag", "variable"), ("run", "run id", "run uuid", "run name")


def placed(
    names: Sequence[str], cells: Callable[[Sequence[str]], Mapping[str, Cells]], path: Path, remarks: list[str]
) -> Table:
    """Gives columns their steps: those of the finest axis that has a value in every row of theirs, else row numbers.

    What is done when columns are parsed is added to the remarks.
    """
    import numpy as np

    candidates, axis_of, laps = axes(names), {}, {}

    def load(asked: Sequence[str]) -> dict[str, Series]:
        whole, series = cells([*dict.fromkeys([*candidates, *asked])]), {}
        for name in asked:
            found, passed = dict(whole), {}
            rows, values = found[name]
            for remark in by_epochs(found, candidates, rows, passed):
                if remark not in remarks:
                    remarks.append(remark)
            series[name] = (rows.astype(float), values)
            for axis in candidates:
                at, steps = found[axis]
                where = np.searchsorted(at, rows)
                there = where < len(at)
                there[there] = at[where[there]] == rows[there]
                if name != axis and len(rows) and there.all() and (len(rows) == 1 or len(np.unique(steps[where])) > 1):
                    series[name], axis_of[name] = (finite(steps[where], axis, path), values), axis
                    if axis in passed:
                        laps[name] = passed[axis][where]
                    break
        return series

    return Table(path, tuple(names), load, remarks, axis=axis_of, laps=laps)


def by_epochs(
    found: dict[str, Cells], candidates: Sequence[str], rows: np.ndarray, passed: dict[str, np.ndarray] | None = None
) -> list[str]:
    """Mends the counters of steps by the epochs beside them: what begins anew goes on, what is missing is filled in.

    Args:
        found: The cells of the columns; those of the counters are replaced.
        candidates: The columns that may count steps.
        rows: Those of the curve that is asked for: its counter may begin anew where that of others, in rows between,
            does not, as where validation counts its own iterations.
        passed: Takes, of each counter that begins anew, how many epochs have passed at each of its values.

    Returns:
        What was done.

    Examples:
        >>> import numpy as np
        >>> rows = np.arange(4)
        >>> found = {"iter": (rows, np.array([0, 50, 0, 50])), "epoch": (rows, np.array([1, 1, 2, 2]))}
        >>> by_epochs(found, ["iter", "epoch"], rows), found["iter"][1].tolist()
        (['iter begins anew with each epoch: its values are counted on'], [0.0, 1.0, 2.0, 3.0])
    """
    import numpy as np

    epoch = next(filter(counts_epochs, candidates), None)
    said: list[str] = []
    if epoch is None:
        return said
    for name in candidates:
        if counts_epochs(name):
            continue
        found[name] = filled(found[name], found[epoch])
        both, steps, epochs = _shared(found[name], found[epoch])
        mine = np.isin(both, rows, assume_unique=True)
        if begins_anew(steps, epochs) or begins_anew(steps[mine], epochs[mine]):
            found[name] = both, counted_on(steps, epochs)
            if passed is not None:
                passed[name] = in_epochs(found[name][1], epochs)
            said.append(f"{plain(name)} begins anew with each {plain(epoch)}: its values are counted on")
    return said


def _shared(one: Cells, other: Cells) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rows in which two columns have a value, and their values there."""
    import numpy as np

    both, here, there = np.intersect1d(one[0], other[0], assume_unique=True, return_indices=True)
    return both, one[1][here], other[1][there]


def filled(steps: Cells, epochs: Cells) -> Cells:
    """Steps, where a row without one, as that of a validation may be, has the last step of its epoch.

    Examples:
        >>> import numpy as np
        >>> steps = np.array([0, 1, 3, 4]), np.array([5, 10, 15, 20])
        >>> epochs = np.arange(6), np.array([0, 0, 0, 1, 1, 1])
        >>> filled(steps, epochs)[1].tolist()
        [5, 10, 10, 15, 20, 20]
    """
    import numpy as np

    _, known, of = _shared(steps, epochs)
    holes = np.isin(epochs[0], steps[0], assume_unique=True, invert=True)
    rows, missing = epochs[0][holes], epochs[1][holes]
    if not len(of) or not len(rows):
        return steps
    order = np.lexsort((known, of))
    last = np.searchsorted(of[order], missing, side="right") - 1
    there = (last >= 0) & (of[order][last] == missing)
    rows = np.concatenate([steps[0], rows[there]])
    values = np.concatenate([steps[1], known[order][last[there]]])
    by_row = np.argsort(rows, kind="stable")
    return rows[by_row], values[by_row]


def begins_anew(steps: np.ndarray, epochs: np.ndarray) -> bool:
    """Whether a counter goes back wherever the epoch rises, or forth wherever it falls in a log with the newest first.

    One row alone in a second epoch is an evaluation after training, and no new beginning.

    Examples:
        >>> import numpy as np
        >>> begins_anew(np.array([0, 50, 0, 50]), np.array([1, 1, 2, 2]))
        True
        >>> begins_anew(np.array([0, 50, 100, 0]), np.array([1, 1, 1, 2]))
        False
    """
    import numpy as np

    change, back = np.sign(np.diff(epochs)), -np.sign(np.diff(steps))
    changed = change > 0 if (change > 0).any() else change < 0
    if not changed.any() or not (np.isfinite(steps) & np.isfinite(np.asarray(epochs, float))).all():
        return False
    several = changed.sum() > 1 or len(set(steps[epochs == epochs.max()].tolist())) > 1
    return bool(several and (back[changed] == change[changed]).all())


def counted_on(steps: np.ndarray, epochs: np.ndarray) -> np.ndarray:
    """The places of (epoch, step) in their order."""
    import numpy as np

    places = np.unique(np.stack([epochs, steps], axis=1), axis=0, return_inverse=True)[1]
    return places.reshape(-1).astype(float)


def in_epochs(places: np.ndarray, epochs: np.ndarray) -> np.ndarray:
    """How far places are, in epochs: the last of an epoch at its number, those before at equal shares of it.

    Examples:
        >>> import numpy as np
        >>> in_epochs(np.array([0, 1, 2, 3]), np.array([1, 1, 2, 2])).tolist()
        [0.5, 1.0, 1.5, 2.0]
    """
    import numpy as np

    order = np.lexsort((places, epochs))
    each, first, many = np.unique(epochs[order], return_index=True, return_counts=True)
    of = np.searchsorted(each, epochs)
    rank = np.empty(len(places))
    rank[order] = np.arange(len(places))
    return epochs - 1 + (rank - first[of] + 1) / many[of]


def finite(steps: np.ndarray, axis: str, path: Path) -> np.ndarray:
    """Steps, which must be finite.

    Raises:
        LogError: One is not.
    """
    import numpy as np

    if not (good := np.isfinite(steps) & (np.abs(steps) < 1e15)).all():
        raise LogError(f"{path}: {plain(axis)} must be a step below 1e15, got {steps[np.flatnonzero(~good)[0]]:g}")
    return steps


def long_names(names: Sequence[str], part: str | None = None) -> dict[str, str] | None:
    """The columns of a long table, with a row a value: its key, value, step and run; None where it is none.

    In place of the run there may be the column that says the part of the data.

    Examples:
        >>> long_names(["key", "value", "timestamp", "step"])
        {'key': 'key', 'value': 'value', 'step': 'step'}
        >>> long_names(["step", "train_loss"]) is None
        True
    """
    said = {" ".join(words(name)): name for name in reversed(names)}
    key, axis = next((said[k] for k in KEYS if k in said), None), next(iter(axes(names)), None)
    if key is None or axis is None or "value" not in said:
        return None
    run = next((said[r] for r in RUNS if r in said), part)
    return {"key": key, "value": said["value"], "step": axis, **({"run": run} if run else {})}


def widened(keys: Any, values: Any, steps: Any, runs: Sequence[str] | None) -> tuple[dict[str, Series], list[str]]:
    """A long table's columns, one a key; where several runs are in it, those of the last, unless they are parts."""
    import numpy as np

    keys, remarks = np.asarray(keys, dtype=object), []
    values, steps = np.asarray(values, float), np.asarray(steps, float)
    if runs:
        of = {run: _part_of(run, {*runs}) for run in dict.fromkeys(runs)}
        sides = [of[run] for run in runs]
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


def _part_of(run: str, runs: set[str]) -> str:
    """The part that a run is of: in TensorBoard's own tables each part of a run is a run.

    One that is called test counts only beside one of training, which goes by the same name but for that word.

    Examples:
        >>> _part_of("a/val", {"a/val"}), _part_of("a/test", {"a/test", "a/train"}), _part_of("test", {"test", "lr-1"})
        ('val', 'test', '')
    """
    before, _, last = run.rpartition("/")
    said = set(words(last))
    if said & {*TRAIN, *VAL}:
        return last
    others = (one.rpartition("/") for one in runs)
    beside = says_part(last) and any(one[0] == before and set(words(one[2])) & set(TRAIN) for one in others)
    return last if beside else ""


def number(cell: object) -> float | None:
    """A cell as a number, per cent as a share; None where it is empty, in any of the ways in which programs say so.

    Raises:
        ValueError: It is neither.

    Examples:
        >>> number("0.5"), number("NA"), number("85 %"), math.isnan(number("nan"))
        (0.5, None, 0.85, True)
    """
    if cell is None:
        return None
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        raise ValueError
    if isinstance(cell, str):
        cell = cell.strip()
        if cell.lower() in MISSING:
            return None
        if "_" in cell:
            raise ValueError
        if cell.endswith("%"):
            return float(cell.removesuffix("%")) / 100
    try:
        return float(cell)
    except OverflowError:  # an integer of some hundred digits
        return math.inf


MISSING = {"", "no log", "na", "n/a", "<na>", "#n/a", "null", "none", "-", "--"}
