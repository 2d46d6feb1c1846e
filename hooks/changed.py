"""When each file under docs/ was last changed: one question to git for all of them."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

COMMAND = ("-c", "core.quotePath=off", "log", "--format=%x00%cI", "--name-only", "--", "docs")


def dates(root: Path) -> dict[str, str]:
    """Path from the root → when it was last committed, 2026-01-31T12:00:00+01:00, the latest first.

    Nothing without git, outside a repository of its own, or where the history is cut short: there every file would
    seem to have been changed by the one commit that is left.
    """
    if not (root / ".git").exists() or asked(root, "rev-parse", "--is-shallow-repository").strip() != "false":
        return {}
    return latest(asked(root, *COMMAND).split("\0"))


def asked(root: Path, *question: str) -> str:
    """What git says; nothing where it is missing or refuses."""
    try:
        done = subprocess.run(["git", "-C", str(root), *question], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "" if done.returncode else done.stdout.decode("utf-8", "replace")


def latest(commits: Iterable[str]) -> dict[str, str]:
    """The first date of each file in commits: a line with the date, then one a file, empty ones between.

    >>> latest(["", "2026-02-01\\n\\na.md\\n", "2026-01-01\\n\\na.md\\nb.md\\n"])
    {'a.md': '2026-02-01', 'b.md': '2026-01-01'}
    """
    found: dict[str, str] = {}
    for commit in commits:
        date, *files = commit.split("\n")
        for file in filter(None, files):
            found.setdefault(file, date)
    return found
