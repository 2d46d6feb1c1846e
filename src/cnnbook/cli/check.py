"""``cnnbook check``: one answer, or a folder of them."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cnnbook.evidence.language import chosen_language
from cnnbook.exercises import progress, sandbox
from cnnbook.exercises.registry import ExerciseError, topic_of

COLUMNS = ("file", "exercise", "outcome", "rule", "hint")
OUTSIDE = "These files run with your rights: check those of others in a container."


def one(name: str, file: Path, lang: str | None) -> bool:
    """Prints what came of the answer in a file. True where it passed.

    Raises:
        ExerciseError: there is no such exercise or file, or the exercise has no name.
    """
    found = sandbox.run(name, file, chosen_language(lang))
    print(found["report"])
    if found["outcome"] == "passed":
        progress.mark(name)
    return found["outcome"] == "passed"


def many(name: str | None, folder: Path, as_csv: bool, lang: str | None) -> None:
    """Prints a line, or a row of CSV, for every answer in a folder.

    Args:
        name: The exercise that all files answer; None where each is named after the one that it answers.
        folder: The folder; its folders are looked through as well.
        as_csv: CSV with a head, in UTF-8.
        lang: ``zh`` or ``en``; by default that of the locale.

    Raises:
        ExerciseError: there is no such folder, or no answer in it.
    """
    language = chosen_language(lang)
    answers = list(_answers(name, folder))
    print(f"cnnbook: {OUTSIDE}", file=sys.stderr)
    checked = {file for _, file in answers}
    for file in filter(lambda one: one not in checked, _files(folder)):
        print(f"cnnbook: not checked, named after no exercise: {file.relative_to(folder).as_posix()}", file=sys.stderr)
    with ThreadPoolExecutor(max(1, (os.cpu_count() or 2) // 2)) as pool:  # each waits for a process of its own
        rows = pool.map(lambda pair: _row(*pair, folder, language), answers)
        try:
            _print(rows, as_csv)
        except BaseException:  # stopped: those that run are not waited for
            pool.shutdown(wait=False, cancel_futures=True)
            sandbox.end_all()
            raise


def _print(rows: Iterator[dict[str, str]], as_csv: bool) -> None:
    if as_csv:
        table = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    else:
        for row in rows:
            print("  ".join(filter(None, row.values())))


def _answers(name: str | None, folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file in a folder with the exercise that it answers."""
    if not folder.is_dir():
        raise ExerciseError(f"there must be a folder of answers, and there is none: {folder}")
    found = [(name or exercise_of(file), file) for file in _files(folder)]
    found = [(exercise, file) for exercise, file in found if exercise]
    if not found:
        rule = "a .py file" if name else "a .py file named after an exercise, as transposed-1.py"
        raise ExerciseError(f"the folder must have {rule}, and has none: {folder}")
    yield from found


def _files(folder: Path) -> list[Path]:
    """The Python files in a folder and below it, but for hidden ones and those that begin with _."""
    files = sorted(folder.rglob("*.py"))
    return [one for one in files if not any(part.startswith((".", "_")) for part in one.relative_to(folder).parts)]


def exercise_of(file: Path) -> str:
    """The exercise that a file is named after; "" where it is named after none.

    Examples:
        >>> [exercise_of(Path(name)) for name in ("ann/transposed-1.py", "ann/transposed_1.py", "ann/b.py")]
        ['transposed-1', 'transposed-1', '']
    """
    head, mark, number = file.stem.rpartition("-" if "-" in file.stem else "_")
    name = f"{head}-{number}"
    return name if mark and number.isdecimal() and topic_of(name) else ""


def _row(name: str, file: Path, folder: Path, lang: str) -> dict[str, str]:
    found = sandbox.run(name, file, lang, silent=True)
    where = {"file": file.relative_to(folder).as_posix(), "exercise": name, "outcome": found["outcome"]}
    return where | {"rule": _line(found["rule"]), "hint": found["hint"]}


def _line(text: str) -> str:
    """A text on one line, without what steers a terminal: an error's words are those of whoever is checked."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula: some of it was written by those who are checked."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
