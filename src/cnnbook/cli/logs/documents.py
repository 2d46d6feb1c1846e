"""JSON and JSON lines: the state of Hugging Face's trainer, Keras' History, what scripts write a line a step."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from cnnbook.cli.errors import LogError
from cnnbook.cli.logs import files
from cnnbook.cli.logs.grid import Cells, finite, long_names, number, placed, widened
from cnnbook.cli.logs.phases import says_part, with_part
from cnnbook.cli.logs.table import Table, plain

CLOCK = 1e8  # seconds since 1970 that are later than any step, and earlier than any log
DEEPEST = 8  # groups of figures within groups


def read_document(path: Path) -> Table:
    """The figures of a JSON file, or of one with a JSON object a line.

    Raises:
        LogError: It is neither, it is cut off, or holds nothing that could be a row.
    """
    text, _ = files.utf8(files.contents(path), path)
    if not text.strip():
        raise LogError(f"{path} is empty: nothing was logged, or not yet")
    rows, remarks = _rows(_parsed(text, path), path)
    if not rows:
        raise LogError(
            f"{path} must hold rows of figures (log_history, a list of objects, lists by name), and has none"
        )
    columns = _columns(rows)
    part = next((name for name, cells in columns.items() if all(says_part(cell) for _, cell in cells)), None)
    if long := long_names(tuple(columns), part):
        return _long(rows, long, path)
    if part is not None:
        columns = _columns(
            {with_part(str(row[part]), name) if part in row else name: cell for name, cell in row.items()}
            for row in rows
        )
    names = tuple(name for name, cells in columns.items() if any(_numeric(cell) for _, cell in cells))

    def cells(asked: Sequence[str]) -> Mapping[str, Cells]:
        return {name: _numbers(name, columns[name], path) for name in asked}

    return placed(names, cells, path, list(remarks))


def _columns(rows: Iterable[Mapping[str, object]]) -> dict[str, list[tuple[int, object]]]:
    """Column → its cells with the numbers of their rows."""
    columns: dict[str, list[tuple[int, object]]] = {}
    for row, cells in enumerate(rows):
        for name, cell in cells.items():
            columns.setdefault(name, []).append((row, cell))
    return columns


def _parsed(text: bytes, path: Path) -> object:
    """One value, or the list of a file's lines."""
    try:
        return json.loads(text)
    except RecursionError:
        raise LogError(f"{path} must be a log, and has lists a thousand deep") from None
    except ValueError as first:
        lines = [(number, line) for number, line in enumerate(text.split(b"\n"), 1) if line.strip()]
        if not lines[0][1].lstrip().startswith(b"{") or len(lines) < 2:
            raise LogError(f"{path} must be JSON, and is none or cut off: {_short(first)}") from None
    found = []
    for number_, line in lines:
        try:
            found.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            if number_ == lines[-1][0] and not text.endswith(b"\n"):
                said = f"is cut off in line {number_}: take that line away, or wait till it is written"
                raise LogError(f"{path} {said}") from None
            raise LogError(f"{path}, line {number_}: must be a JSON object, and is none: {_short(error)}") from None
    return found


def _short(error: Exception) -> str:
    return str(error).partition(": line")[0].lower()


def _rows(value: object, path: Path) -> tuple[list[dict[str, object]], tuple[str, ...]]:
    """The rows of a value, each a flat mapping of names to cells."""
    if isinstance(value, dict):
        for key in ("log_history", "history", "metrics", "logs"):
            if isinstance(value.get(key), (list, dict)) and value[key]:
                steps = {key: value[key] for key in ("epoch", "step") if isinstance(value.get(key), list)}
                inner = {**steps, **value[key]} if isinstance(value[key], dict) else value[key]
                return _rows(inner, path)
        inner = [one for one in value.values() if isinstance(one, dict)]
        if inner and len(inner) == len(value):  # pandas' to_json: by column, or by row
            keys = {key for one in inner for key in one}
            if keys and all(_whole(key) for key in keys):
                order = sorted(keys, key=int)
                return [{name: one[key] for name, one in value.items() if key in one} for key in order], ()
            if all(_whole(key) for key in value):
                return [_flat(value[key]) for key in sorted(value, key=int)], ()
        lists = {name: cells for name, cells in _flat(value).items() if isinstance(cells, list)}
        if lists:  # whatever stands beside them, such as a configuration
            most = max(map(len, lists.values()))
            rows = [{name: cells[row] for name, cells in lists.items() if row < len(cells)} for row in range(most)]
            least = min(map(len, lists.values()))
            unlike = f"the lists have {least} to {most} values: each is counted from its beginning, not side by side"
            return [_flat(row) for row in rows], (unlike,) if least < most else ()
        return [], ()
    if isinstance(value, list) and _is_curve(value):
        return [dict(zip(("Wall time", "Step", "Value"), one, strict=True)) for one in value], ()
    if isinstance(value, list):
        rows = [_flat(one) for one in value if isinstance(one, dict)]
        left = len(value) - len(rows)
        return rows, (f"{left} of {len(value)} rows are no objects, and were not read",) if rows and left else ()
    return [], ()


def _is_curve(value: list[object]) -> bool:
    """Whether a list is what TensorBoard's page downloads as JSON: time, step and value of every point."""
    triples = [one for one in value if isinstance(one, list) and len(one) == 3 and all(map(_numeric, one))]
    return bool(value) and len(triples) == len(value) and all((number(one[0]) or 0) > CLOCK for one in triples)


def _whole(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) < 16


def _flat(row: Mapping[str, object], before: str = "", depth: int = 0) -> dict[str, object]:
    """Figures in groups get the names of their groups."""
    found: dict[str, object] = {}
    for name, cell in row.items():
        if isinstance(cell, dict) and depth < DEEPEST:
            found |= _flat(cell, f"{before}{name}/", depth + 1)
        else:
            found[f"{before}{name}"] = cell
    return found


def _numeric(cell: object) -> bool:
    try:
        return number(cell) is not None
    except ValueError:
        return False


def _numbers(name: str, cells: Iterable[tuple[int, object]], path: Path) -> Cells:
    import numpy as np

    rows, values = [], []
    for row, cell in cells:
        try:
            value = number(cell)
        except ValueError:
            raise LogError(f"{path}, row {row + 1}: {plain(name)} must be a number, got {str(cell)[:40]!r}") from None
        if value is not None:
            rows.append(row)
            values.append(value)
    return np.asarray(rows, int), np.asarray(values, float)


def _long(rows: list[dict[str, object]], long: dict[str, str], path: Path) -> Table:
    """Rows of one figure each, as MLflow gives a metric's history."""
    import numpy as np

    whole = [row for row in rows if _numeric(row.get(long["value"])) and _numeric(row.get(long["step"]))]
    runs = [str(row.get(long["run"])) for row in whole] if "run" in long else None
    steps = np.asarray([number(row[long["step"]]) for row in whole], float)
    values = [number(row[long["value"]]) for row in whole]
    columns, said = widened(
        [str(row.get(long["key"])) for row in whole], values, finite(steps, long["step"], path), runs
    )
    return Table(path, tuple(columns), lambda asked: {name: columns[name] for name in asked}, tuple(said))
