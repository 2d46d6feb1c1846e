"""Run the book's snippets as a reader does who has installed the wheel: a fresh venv, an empty folder, no clone.

    python tools/snippets_from_wheel.py [WHEEL] [--newest] [--pages PAGE …] [--jobs N]

The wheel is the one in dist/ unless another is named. Its dependencies are those of constraints.txt; with --newest, the
newest that pyproject.toml lets in. Each snippet has a process and a folder of its own; one that stands in both
languages, comments aside, runs once. Prints what failed and how it differs from the page; exit code 1 if any did.
"""

import argparse
import difflib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from lockstep import code
from manuscript import LANGUAGES, ROOT, fences, pages, readmes, source

FRESH = ROOT / ".cache/release/fresh"
OUTPUT = "<!--pytest-codeblocks:expected-output-->"
LONGEST = 300  # seconds for one snippet


class Snippet(NamedTuple):
    where: str  # file:line
    code: str
    output: str | None  # None where the page shows none

    @property
    def meaning(self) -> tuple:
        """What it is apart from comments, which are translated."""
        return (*code("python", self.code), self.output)


def snippets(text: str, path: str) -> list[Snippet]:
    """The Python fences of a page, each with the output that the page shows below it."""
    lines, blocks, found = text.split("\n"), fences(text), []
    for at, fence in enumerate(blocks):
        if fence.info == "python":
            after = blocks[at + 1] if at + 1 < len(blocks) else None
            shown = after and OUTPUT in "\n".join(lines[fence.last or fence.line : after.line - 1])
            found.append(Snippet(f"{path}:{fence.line}", fence.code, after.code if shown else None))
    return found


def of_the_book(chosen: list[str], root: Path = ROOT) -> list[Snippet]:
    """The snippets of these pages, or of all, each once."""
    names = [(lang, name) for name in sorted({*pages("zh", root), *readmes(root)}) for lang in LANGUAGES]
    if unknown := set(chosen) - {name for _, name in names}:
        raise ValueError(f"a page is named as convolution/transposed is, got {sorted(unknown)}")
    once: dict[tuple, Snippet] = {}
    for lang, name in names:
        if not chosen or name in chosen:
            path = source(lang, name, root)
            for one in snippets(path.read_text("utf-8"), path.relative_to(root).as_posix()):
                once.setdefault(one.meaning, one)
    return list(once.values())


def outside(**more: str) -> dict[str, str]:
    """The environment of someone who has no clone: nothing that leads Python elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "CNNBOOK", "VIRTUAL_"))}
    return {**kept, "PYTHONUTF8": "1", **more}


def python_of(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(wheel: Path, folder: Path = FRESH, constraints: Path | None = ROOT / "constraints.txt") -> Path:
    """A fresh venv with this wheel and what it asks for, not even pip; its Python. CalledProcessError if pip fails."""
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=False)
    pip = [sys.executable, "-m", "pip", "--python", folder, "--disable-pip-version-check", "install"]
    limits = ["-c", constraints.resolve()] if constraints else []
    subprocess.run([*pip, "--progress-bar", "off", "--no-compile", *limits, wheel.resolve()], env=outside(), check=True)
    return python_of(folder)


def complaint(python: Path, one: Snippet) -> str | None:
    """How a snippet fails in an empty folder, or differs from its page; None where it does neither."""
    with tempfile.TemporaryDirectory() as empty:
        command = [python, "-c", one.code]
        try:
            done = subprocess.run(
                command, cwd=empty, env=outside(OMP_NUM_THREADS="1"), capture_output=True, text=True,
                encoding="utf-8", timeout=LONGEST,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return f"{one.where}: it took more than {LONGEST} s"
    if done.returncode:
        return f"{one.where}: exit code {done.returncode}\n{done.stderr}"
    if one.output is not None and done.stdout.strip() != one.output.strip():
        both = one.output.strip().splitlines(), done.stdout.strip().splitlines()
        return f"{one.where}: it prints\n" + "\n".join(difflib.unified_diff(*both, "page", "wheel", lineterm=""))
    return None


def run(python: Path, chosen: list[Snippet], jobs: int) -> list[str]:
    """The complaints about these snippets, so many at a time."""
    with ThreadPoolExecutor(jobs) as pool:
        return [words for words in pool.map(lambda one: complaint(python, one), chosen) if words]


def wheel_in(folder: Path) -> Path:
    """The one wheel that lies there."""
    found = sorted(folder.glob("cnnbook-*.whl"))
    if len(found) != 1:
        raise ValueError(f"dist/ must have one wheel, got {len(found)}: make release, or name one")
    return found[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", nargs="?", type=Path, help="by default the one in dist/")
    parser.add_argument("--newest", action="store_true", help="the newest dependencies, not those of constraints.txt")
    parser.add_argument("--pages", nargs="+", default=[], metavar="PAGE", help="convolution/transposed; by default all")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    try:
        chosen, wheel = of_the_book(asked.pages), asked.wheel or wheel_in(ROOT / "dist")
        python = install(wheel, constraints=None if asked.newest else ROOT / "constraints.txt")
    except (ValueError, subprocess.CalledProcessError) as error:
        sys.exit(str(error))
    complaints = run(python, chosen, asked.jobs)
    print(
        *complaints, f"{len(chosen) - len(complaints)} of {len(chosen)} snippets print what their pages show", sep="\n"
    )
    sys.exit(bool(complaints))


if __name__ == "__main__":
    main()
