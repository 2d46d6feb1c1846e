"""All that pages can say of the evidence: the report of `cnnbook.evidence.report`, kept as one JSON file.

It is written by a process of its own (`python hooks/snapshot.py`), which imports what the experiments import, and
kept under .cache by the hash of all that it is made from: code, claims, results, and the tests that decide proofs.
"""

import contextlib
import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

import keeping
from cnnbook.evidence.report import Report, to_json

ROOT = Path(__file__).parent.parent
KEPT = ROOT / ".cache/evidence"


def sources() -> list[Path]:
    found = [Path(__file__)]
    for folder in ("src", "results", "tests"):
        found += (path for path in (ROOT / folder).rglob("*") if path.suffix not in (".pyc", ".part"))
    return sorted(path for path in found if path.is_file() and ".egg-info" not in str(path))


T = TypeVar("T")
known: list = []  # what is worked out once a build, and forgotten with the report


def once_a_build(function: Callable[..., T]) -> Callable[..., T]:
    """A function whose results are kept for a build: until `forget`."""
    known.append(kept := cache(function))
    return kept


def forget() -> None:
    """A new build begins: press.py says so."""
    for one in known:
        one.cache_clear()


@once_a_build
def key() -> str:
    """The hash of everything that a snapshot depends on."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(path.relative_to(ROOT).as_posix().encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


@once_a_build
def snapshot() -> Report:
    """Today's report, read once a build."""
    return msgspec.json.decode(keeping.once(KEPT / key(), report, older="*"), type=Report)


def report() -> str:
    """Today's report as JSON, by a process of its own."""
    done = subprocess.run([sys.executable, __file__], capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"the evidence cannot be read:\n{done.stderr}")
    return done.stdout


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    return f"there is no {what} {name!r}; there are {', '.join(known)}"


if __name__ == "__main__":
    from cnnbook.evidence.reporting import everything

    with contextlib.redirect_stdout(sys.stderr):  # whatever is imported may print
        found = to_json(everything())
    sys.stdout.buffer.write(found.encode())
