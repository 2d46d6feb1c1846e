"""Which exercises are done, on this machine: one JSON file in the user's data folder."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

import platformdirs

from cnnbook.files import write_whole


def place() -> Path:
    """The file: in the folder that ``CNNBOOK_DATA`` names, or in the platform's folder for a user's data.

    Examples:
        >>> place().name
        'exercises.json'
    """
    named = os.environ.get("CNNBOOK_DATA")
    return Path(named or platformdirs.user_data_dir("cnnbook", appauthor=False)) / "exercises.json"


def done() -> set[str]:
    """The names of the exercises that were passed; none where the file is missing or broken."""
    try:
        names = json.loads(place().read_text("utf-8"))["passed"]
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()


def mark(name: str) -> None:
    """Remember that an exercise was passed; where the file cannot be written, nothing is remembered."""
    passed = done()
    if name not in passed:
        with contextlib.suppress(OSError):
            write_whole(place(), json.dumps({"passed": sorted({*passed, name})}, indent=1) + "\n")
