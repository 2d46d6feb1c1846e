"""The runs below a folder, the newest first."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cnnbook.cli.errors import LogError
from cnnbook.cli.logs import files
from cnnbook.cli.logs.events import is_events, is_part
from cnnbook.cli.logs.parts import pairs
from cnnbook.cli.logs.phases import says_part

MOST, DEEPEST = 50_000, 12  # entries that are looked at, and folders within folders
SAME = 10**9  # nanoseconds: what was written, unpacked or copied together is told apart by its number
TABLES, DOCUMENTS, NAMED = (".csv", ".tsv"), (".jsonl", ".ndjson"), ("trainer_state.json", "history.json", "log.json")


@dataclass(frozen=True)
class Run:
    """What belongs to one run: a file, those of its training and its validation, or the event files of a folder."""

    path: Path
    files: tuple[Path, ...]
    changed: int


def natural(path: Path) -> list[tuple[int, int, str]]:
    """A key that sorts numbers in names as numbers.

    Examples:
        >>> sorted([Path("version_10"), Path("version_9")], key=natural)[-1].name
        'version_10'
    """
    parts = re.split(r"(\d+)", str(path))
    return [(0, int(part), "") if part.isdecimal() and part.isascii() else (1, 0, part) for part in parts]


def runs(place: Path) -> list[Run]:
    """The runs of a file or below a folder, the newest first; those written within a second by their numbers.

    Raises:
        LogError: There is nothing there, it cannot be read, or it holds far more than a folder of runs does.
    """
    try:
        if not place.exists():
            raise LogError(f"the log must be there, got {place}, which is not")
        if not place.is_dir():
            return [Run(place.parent if is_events(place) else place, (place,), 0)]
    except (OSError, ValueError) as error:
        raise LogError(f"{place} cannot be read: {files.reason(error)}") from None
    single, events = [], {}
    for path, changed in _files(place):
        if is_events(path):
            folder = path.parent if path.parent == place or not is_part(path.parent) else path.parent.parent
            events.setdefault(folder, []).append((path, changed))
        else:
            single.append(Run(path, (path,), changed))
    for folder in [one for one in events if says_part(one.name) and one.parent in events]:
        events[folder.parent] += events.pop(folder)  # test, beside what is said to be of training
    written = {run.path.parent for run in single}
    found = _paired(single) + [
        Run(folder, tuple(sorted((path for path, _ in both), key=natural)), max(changed for _, changed in both))
        for folder, both in events.items()
        if folder not in written
    ]
    found.sort(key=lambda run: (run.changed, natural(run.path)), reverse=True)
    ordered: list[Run] = []
    while found:
        together = [run for run in found if found[0].changed - run.changed < SAME]
        ordered += sorted(together, key=lambda run: natural(run.path), reverse=True)
        found = found[len(together) :]
    return ordered


def _paired(single: Sequence[Run]) -> list[Run]:
    """Runs of a file each, where training and validation that lie in two are one."""
    by_path = {run.path: run for run in single}
    for train, val in pairs(list(by_path)).items():
        changed = max(by_path[train].changed, by_path.pop(val).changed)
        by_path[train] = Run(train, (train, val), changed)
    return list(by_path.values())


def _files(place: Path) -> Iterator[tuple[Path, int]]:
    """Files below a folder that may be logs, and when they were last written to."""
    seen, folders = 0, [(place, 0)]
    while folders:
        folder, depth = folders.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            if folder == place:
                raise LogError(f"{place} cannot be read: {files.reason(error)}") from None
            continue
        seen += len(entries)
        if seen > MOST:
            raise LogError(f"{place} holds more than {MOST:,} files, which no folder of runs does: name one nearer")
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    if depth < DEEPEST and not entry.name.startswith("."):
                        folders.append((Path(entry.path), depth + 1))
                elif entry.is_file() and _may_be_log(path := Path(entry.path)):
                    yield path, entry.stat().st_mtime_ns
            except OSError:
                continue


def _may_be_log(path: Path) -> bool:
    return is_events(path) or path.suffix.lower() in (*TABLES, *DOCUMENTS) or path.name in NAMED
