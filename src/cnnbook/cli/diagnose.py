"""``cnnbook diagnose``."""

from __future__ import annotations

import dataclasses
import json
import textwrap
from pathlib import Path

from rich.text import Text

from cnnbook.cli.console import console
from cnnbook.cli.errors import LogError
from cnnbook.cli.logs import Log, curves, read_log
from cnnbook.cli.plot import plot
from cnnbook.evidence.paths import shown
from cnnbook.parameters.recipe import Branch, Curves, Diagnosis, diagnose

LINE = 76
MARKS = {"train_loss": (".", "cyan"), "val_loss": ("o", "yellow")}
PAGE = "parameters/recipe"
PLACES = {branch: branch.value.split()[-1] for branch in Branch}  # the heading of each branch on the page


def show(place: str, train: str | None, val: str | None, classes: int | None, as_json: bool) -> None:
    """Reads a log, draws its curves, and prints which branch the run is in and why."""
    log = read_log(Path(place))
    reading = curves(log, train, val, classes)
    run, columns = reading.curves, reading.columns
    try:
        found = diagnose(run)
    except ValueError as error:
        raise LogError(f"{log.path}: {error}") from None
    if as_json:
        body = {"log": shown(log.path), **dataclasses.asdict(found), "page": page(found), "columns": columns}
        console().print_json(json.dumps(body | {"older_runs": log.others}, ensure_ascii=False))
        return
    for line in lines(log, run, columns, found):
        console().print(line, highlight=False, soft_wrap=True)


def page(found: Diagnosis) -> str:
    """Where the book speaks of a branch, with its evidence."""
    return f"{PAGE}#{PLACES[found.branch]}"


def lines(log: Log, run: Curves, columns: dict[str, str], found: Diagnosis) -> list[Text]:
    """What is printed."""
    said = [Text(f"{shown(log.path)}{f' (the newest of {log.others + 1} runs)' if log.others else ''}")]
    drawn = [(mark, getattr(run, part)) for part, (mark, _) in MARKS.items() if part in columns]
    said += [Text("  ".join(f"{mark} {columns[part]}" for part, (mark, _) in MARKS.items() if part in columns))]
    for row in plot(drawn):
        axis, body = row[:10], Text(row[10:])
        for mark, colour in MARKS.values():
            body.highlight_regex(f"[{mark}]+", colour)
        said.append(Text(axis, "dim") + body)
    said += [Text(), Text(found.branch.value, "bold")]
    said += [Text(line) for reason in found.reasons for line in _wrapped(reason, "  because ")]
    said += [Text(line) for line in _wrapped(found.first, "try first ")]
    return [*said, Text(f"the book  {page(found)}")]


def _wrapped(words: str, head: str) -> list[str]:
    return textwrap.wrap(words, LINE, initial_indent=head, subsequent_indent=" " * len(head))
