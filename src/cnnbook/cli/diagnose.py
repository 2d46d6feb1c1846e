"""``cnnbook diagnose``."""

from __future__ import annotations

import dataclasses
import textwrap
from pathlib import Path

import typer
from rich.text import Text

from cnnbook.cli.console import console
from cnnbook.cli.errors import LogError, one_line
from cnnbook.cli.logs import Log, Reading, curves, read_log
from cnnbook.cli.plot import plot
from cnnbook.cli.streams import json_text
from cnnbook.evidence.paths import shown
from cnnbook.parameters.recipe import Branch, Diagnosis, Sure, diagnose

LINE = 76
MARKS = {"train_loss": (".", "cyan"), "val_loss": ("o", "yellow")}
PARTS = {"train_loss": "training loss", "val_loss": "validation loss", "val_accuracy": "validation accuracy"}
NAMED = 12  # columns that are named as not read; of more the number is told
PAGE = "parameters/recipe"
PLACES = {branch: branch.value.split()[-1] for branch in Branch}  # the heading of each branch on the page
PLACES[Branch.CANNOT_TELL] = "cannot-tell"


def show(place: str, train: str | None, val: str | None, classes: int | None, as_json: bool) -> None:
    """Reads a log, draws its curves, and prints which branch the run is in and why."""
    if not place.strip():
        raise LogError(f"the log must be a file or a folder, got {place!r}")
    log = read_log(Path(place))
    reading = curves(log, train, val, classes)
    found = judged(log, reading)
    if as_json:
        body = {"log": shown(log.path), **dataclasses.asdict(found), "page": page(found), "columns": reading.columns}
        more = {"steps": reading.axis, "not_read": reading.unread, "older_runs": log.others}
        typer.echo(json_text(body | more))
        return
    for line in lines(log, reading, found):
        console().print(line, highlight=False, soft_wrap=True)


def judged(log: Log, reading: Reading) -> Diagnosis:
    """The diagnosis of a log: what was remarked in reading it stands first, and what was lost makes it less sure."""
    try:
        found = diagnose(reading.curves)
    except ValueError as error:
        raise LogError(f"{log.path}: {error}") from None
    sure = Sure.UNSURE if reading.damaged else found.sure
    return dataclasses.replace(found, remarks=(*reading.remarks, *found.remarks), sure=sure)


def page(found: Diagnosis) -> str:
    """Where the book speaks of a branch, with its evidence."""
    return f"{PAGE}#{PLACES[found.branch]}"


def lines(log: Log, reading: Reading, found: Diagnosis) -> list[Text]:
    """What is printed."""
    run, columns = reading.curves, reading.columns
    said = [Text(f"{one_line(shown(log.path))}{f' (the newest of {log.others + 1} runs)' if log.others else ''}")]
    drawn = [(mark, getattr(run, part)) for part, (mark, _) in MARKS.items() if part in columns]
    said += [Text("  ".join(f"{mark} {columns[part]}" for part, (mark, _) in MARKS.items() if part in columns))]
    for row in plot(drawn):
        axis, body = row[:10], Text(row[10:])
        for mark, colour in MARKS.values():
            body.highlight_regex(f"[{mark}]+", colour)
        said.append(Text(axis, "dim") + body)
    said += [Text(), Text(found.branch.value, "bold")]
    said += [Text(line) for reason in found.reasons for line in _wrapped(reason, "  because ")]
    said += [Text(line) for remark in found.remarks for line in _wrapped(remark, "  note    ")]
    said += [Text(f"how sure  {found.sure.value}")]
    said += [Text(line) for line in _wrapped(found.first, "try first ")]
    said += [Text(line) for line in _wrapped(read_as(reading), "read      ")]
    if reading.unread:
        more = [f"and {len(reading.unread) - NAMED} more"] * (len(reading.unread) > NAMED)
        said += [Text(line) for line in _wrapped(", ".join([*reading.unread[:NAMED], *more]), "not read  ")]
    return [*said, Text(f"the book  {page(found)}")]


def read_as(reading: Reading) -> str:
    """Which column was read as what."""
    parts = [f"{name} as {PARTS[part]}" for part, name in reading.columns.items()]
    return ", ".join([*parts, *(f"{name} as steps" for name in reading.axis)])


def _wrapped(words: str, head: str) -> list[str]:
    return textwrap.wrap(one_line(words), LINE, initial_indent=head, subsequent_indent=" " * len(head))
