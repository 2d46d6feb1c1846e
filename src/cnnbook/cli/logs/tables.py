"""Tables of text, as loggers and web pages write them; pandas parses the columns that are asked for, and no others."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cnnbook.cli.errors import LogError
from cnnbook.cli.logs import files
from cnnbook.cli.logs.columns import axes
from cnnbook.cli.logs.dialect import HEAD, NUMBER, WIDEST, Dialect, sniff, without_thousands
from cnnbook.cli.logs.dialect import cells as divided
from cnnbook.cli.logs.grid import MISSING, Cells, finite, long_names, number, placed, widened
from cnnbook.cli.logs.phases import says_part, split
from cnnbook.cli.logs.table import Table, plain

EXCEL = re.compile(rb'"?sep=.?"?', re.I)  # the first line of a table that was written for Excel
RULE = re.compile(rb"[\s|+:-]*---[\s|+:-]*")  # between the names and the rows, as in Markdown
WORD = re.compile(rb"nan", re.I)  # pandas reads it as an empty cell, and it may be a loss that is no number


def read_table(path: Path) -> Table:
    """The columns of a table with a header, whatever divides its cells.

    Raises:
        LogError: The file is empty, cut off, or no table.
    """
    text, encoding = files.utf8(files.contents(path), path)
    remarks = [f"the file is {encoding}"] if encoding else []
    if not text.strip():
        raise LogError(f"{path} is empty: nothing was logged, or not yet")
    text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    lines = text.split(b"\n")
    kept = [place for place, line in enumerate(lines) if line.strip() and not line.lstrip().startswith(b"#")]
    kept = [place for place in kept if not RULE.fullmatch(lines[place])]
    if kept and EXCEL.fullmatch(lines[kept[0]].strip()):
        kept = kept[1:]
    if not kept:
        raise LogError(f"{path} is empty: nothing but comments was logged, or not yet")
    if (long := next((place for place in kept if len(lines[place]) > WIDEST), None)) is not None:
        most = f"a line must have at most {WIDEST:,} characters"
        raise LogError(f"{path}, line {long + 1}: {most}, got {len(lines[long]):,}")
    comments = [lines[place].decode() for place in range(kept[0]) if lines[place].strip()]
    try:
        dialect = sniff([lines[place].decode() for place in kept[:HEAD]], comments)
    except csv.Error as error:
        raise LogError(f"{path} cannot be divided into cells: {error}") from None
    if all(NUMBER.fullmatch(name.strip()) for name in dialect.header):
        raise LogError(f"{path}, line {kept[0] + 1}: must name the columns, and holds only numbers")
    if divided(lines[kept[0]].decode(), dialect.separator) == list(dialect.header):
        kept = kept[1:]
    if b'"' in text and dialect.separator != " ":
        kept = _joined(path, lines, kept, dialect, remarks)
    _whole(path, lines, kept, dialect, ends=text.endswith(b"\n"))
    if kept and not text.endswith(b"\n"):
        remarks.append("the last line does not end: its last value may be cut off")
    if dialect.decimal == ",":
        remarks.append("decimal commas are read as points")
    table = _Rows(path, lines, kept, dialect, remarks)
    names, cells, part = table.names if kept else (), table.cells, table.part() if kept else None
    if long := long_names(names, part):
        return _long(table, long, remarks)
    if part is not None:
        names, cells = split([name for name in names if name != part], cells, table.texts(part))
    if names and not axes(names):
        remarks.append("no column of steps goes by a usual name: the rows are counted")
    return placed(names, cells, path, remarks)


def _joined(path: Path, lines: list[bytes], kept: list[int], dialect: Dialect, remarks: list[str]) -> list[int]:
    """Puts rows that go over several lines, as a quoted cell may, on their first; gives the places of the rows.

    Raises:
        LogError: A quote opens a cell and does not close it.
    """
    form: dict[str, Any] = {"delimiter": dialect.separator, "skipinitialspace": True}
    rows, at = csv.reader((lines[place].decode() for place in kept), **form), 0
    firsts: list[int] = []
    while at < len(kept):
        first = kept[at]
        try:
            next(rows)
            begun, at = at, rows.line_num
            if at - begun > 1:
                lines[first] = b" ".join(lines[place] for place in kept[begun:at])
                next(csv.reader([lines[first].decode()], strict=True, **form))
        except csv.Error:
            raise LogError(f"{path}, line {first + 1}: a quote opens a cell, and must close it") from None
        firsts.append(first)
    if len(firsts) < len(kept):
        remarks.append("in quotes some rows go over several lines: each is read as one row")
    return firsts


def _whole(path: Path, lines: list[bytes], kept: list[int], dialect: Dialect, ends: bool) -> None:
    """Refuses a row that has not as many cells as the header."""
    width, mark = len(dialect.header), dialect.separator.encode()
    for place in kept:
        line = lines[place]
        if mark == b" " or b'"' in line:
            try:
                got = len(divided(line.decode(), dialect.separator))
            except csv.Error as error:
                raise LogError(f"{path}, line {place + 1} cannot be divided into cells: {error}") from None
        else:
            got = line.count(mark) + 1
        if got != width:
            if place == kept[-1] and got < width and not ends:
                raise LogError(
                    f"{path} is cut off in line {place + 1}: take that line away, or wait till it is written"
                )
            raise LogError(
                f"{path}, line {place + 1}: a row must have {width} field{'s' * (width > 1)} as the header, got {got}"
            )
    if not kept and not ends:
        raise LogError(f"{path} is cut off in line 1: take that line away, or wait till it is written")


class _Rows:
    """The rows of a table, and the columns that were asked for so far."""

    def __init__(self, path: Path, lines: list[bytes], kept: list[int], dialect: Dialect, remarks: list[str]) -> None:
        self.path, self.lines, self.kept, self.dialect, self.remarks = path, lines, kept, dialect, remarks
        seen: dict[str, int] = {}
        names = []
        for name in dialect.header:
            seen[name] = seen.get(name, 0) + 1
            names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
        self.names = tuple(names)
        self.body = b"\n".join([lines[place] for place in kept])

    def cells(self, asked: Sequence[str]) -> Mapping[str, Cells]:
        """Parse columns."""
        import numpy as np

        # Pandas takes a point for the decimal mark where all of a column have one.
        points = self.dialect.decimal == "," and b"." in self.body
        frame = self._parsed(asked, as_text=points or bool(WORD.search(self.body)))
        slow = [name for name in asked if frame[name].dtype.kind not in "fi"]
        if slow and frame[slow[0]].dtype.kind == "b":
            frame = frame.assign(**dict(self._parsed(slow, as_text=True).items()))
        found = {}
        for name in asked:
            if name not in slow:
                values = frame[name].to_numpy(float)
                rows = np.flatnonzero(~np.isnan(values))
                found[name] = rows, values[rows]
                continue
            texts = self._parsed([name], as_text=True)[name] if frame[name].dtype.kind not in "OT" else frame[name]
            found[name] = self._numbers(name, texts.tolist())
        return found

    def _parsed(self, asked: Sequence[str], as_text: bool) -> Any:  # a data frame
        import pandas as pd

        places = [self.names.index(name) for name in asked]
        options: dict[str, Any] = {"dtype": str} if as_text else {}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                frame = pd.read_csv(
                    io.BytesIO(self.body),
                    sep=r"\s+" if self.dialect.separator == " " else self.dialect.separator,
                    header=None,
                    names=list(range(len(self.names))),
                    usecols=places,
                    index_col=False,
                    decimal=self.dialect.decimal,
                    skipinitialspace=True,
                    skip_blank_lines=True,
                    keep_default_na=False,
                    na_values=[] if as_text else sorted({*MISSING, *(one.upper() for one in MISSING), "None"}),
                    **options,
                )
        except (ValueError, OverflowError, MemoryError, csv.Error) as error:  # ParserError is a ValueError
            raise LogError(f"{self.path} is no table that pandas reads: {' '.join(str(error).split())}") from None
        if len(frame) != len(self.kept):
            raise LogError(f"{self.path} must have {len(self.kept)} rows by its lines, and pandas reads {len(frame)}")
        return frame.set_axis([self.names[place] for place in sorted(places)], axis=1)[list(asked)]

    def _numbers(self, name: str, texts: list[str]) -> Cells:
        """Cells one by one, so that what is no number can be named."""
        import numpy as np

        rows, values = [], []
        comma = self.dialect.decimal == ","
        undivided = without_thousands(texts, self.dialect)
        said = f"{plain(name)}: {'points' if comma else 'commas'} divide thousands"
        if undivided is not texts and said not in self.remarks:
            self.remarks.append(said)
        for row, text in enumerate(undivided):
            try:
                value = number(text.replace(",", ".") if comma and isinstance(text, str) else text)
            except ValueError:
                line = self.kept[row] + 1 if row < len(self.kept) else row + 1
                short = str(texts[row])[:40]
                raise LogError(f"{self.path}, line {line}: {plain(name)} must be a number, got {short!r}") from None
            if value is not None:
                rows.append(row)
                values.append(value)
        return np.asarray(rows, int), np.asarray(values, float)

    def texts(self, name: str) -> list[str]:
        """A column of words."""
        return [str(text).strip() for text in self._parsed([name], as_text=True)[name]]

    def part(self) -> str | None:
        """The column that says of each row which part of the data it is of, if there is one."""
        first = divided(self.lines[self.kept[0]].decode(), self.dialect.separator)
        may = [name for name, cell in zip(self.names, first, strict=True) if says_part(cell.strip())]
        return next((name for name in may if all(map(says_part, self.texts(name)))), None)


def _long(table: _Rows, long: dict[str, str], remarks: list[str]) -> Table:
    """A table with a row a value."""
    import numpy as np

    found = table.cells([long["value"], long["step"]])
    (rows, values), (at, steps) = found[long["value"]], found[long["step"]]
    both, here, there = np.intersect1d(rows, at, return_indices=True)
    keys = np.asarray(table.texts(long["key"]), dtype=object)[both]
    runs = np.asarray(table.texts(long["run"]), dtype=object)[both].tolist() if "run" in long else None
    columns, more = widened(keys, values[here], finite(steps[there], long["step"], table.path), runs)
    return Table(table.path, tuple(columns), lambda asked: {name: columns[name] for name in asked}, (*remarks, *more))
