"""Build and test the book where a checkout may lie: in each place a fresh clone of what is committed here.

    python tools/places.py [PLACE …]

path       under a folder with spaces and Chinese characters
no-git     without .git, as an archive unpacks
read-only  nothing that is committed may be written, nor anything beside it but site/ and .cache/; root, whom no
           permission stops, does without that privilege

In each place `make site` runs, then TESTS, a part of `make test` without a browser, then `cnnbook doctor`; all with the
Python that runs this script, nothing is installed. The labs are run in the first place; the others find them run.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACES = {"path": "a folder 文件夹/书 book", "no-git": "no-git", "read-only": "read-only"}
ROOMS = ("tests/evidence", "tests/ground/test_files.py", "tests/ground/test_errors.py")
BOOK = ("lockstep", "mirror", "fences", "line_ends", "macros", "cards", "sync", "typo")
TESTS = (*ROOMS, "tests/cli/test_cli_commands.py", *(f"tests/book/test_{name}.py" for name in BOOK))
WRITABLE = (".cache", "site")
UNPRIVILEGED = ["setpriv", "--bounding-set", "-dac_override", "--inh-caps", "-dac_override"]


def clone(name: str, folder: Path) -> Path:
    """What is committed, in its place."""
    place = folder / PLACES[name]
    subprocess.run(["git", "clone", "--no-hardlinks", str(ROOT), str(place)], check=True)
    if name == "no-git":
        shutil.rmtree(place / ".git")
    return place


def lock(place: Path) -> None:
    """Nothing may be written but what is meant to be."""
    for name in WRITABLE:
        (place / name).mkdir(exist_ok=True)
    for path in [place, *place.rglob("*")]:
        if not path.is_symlink() and not any(path.is_relative_to(place / name) for name in WRITABLE):
            path.chmod(path.stat().st_mode & ~0o222)


def unlock(place: Path) -> None:
    for path in [place, *place.rglob("*")]:
        if path.is_dir():
            path.chmod(path.stat().st_mode | 0o200)


def commands() -> list[list[str]]:
    """What is run: `make` believes that its set-up has been done, in the environment that this script runs in."""
    made = ["make", "--old-file", f"{sys.prefix}/.installed", f"VENV={sys.prefix}", "site"]
    tests = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-m", "not site and not alone", *TESTS]
    return [made, tests, [sys.executable, "-m", "cnnbook.cli", "doctor"]]


def check(name: str, place: Path) -> bool:
    """Whether everything works there; what does not is printed."""
    environment = os.environ | {"PYTHONPATH": str(place / "src"), "OMP_NUM_THREADS": "1"}
    before = UNPRIVILEGED if name == "read-only" and not os.geteuid() else []
    good = True
    for command in commands():
        began = time.monotonic()
        done = subprocess.run(
            [*before, *command], cwd=place, env=environment, capture_output=True, text=True, errors="replace"
        )
        shown = " ".join(command[:1] + command[-1:] if command[0] == "make" else command[1:4])
        state = f"exit code {done.returncode}" if done.returncode else "works"
        print(f"{name}: {shown}: {state}, {time.monotonic() - began:.0f} s", flush=True)
        if done.returncode:
            print(done.stdout[-6000:], done.stderr[-6000:], sep="\n", flush=True)
        good &= not done.returncode
    return good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("places", nargs="*", metavar="PLACE", help=f"by default all: {', '.join(PLACES)}")
    names = parser.parse_args().places or list(PLACES)
    if unknown := [name for name in names if name not in PLACES]:
        parser.error(f"there is no place {unknown[0]!r}; there are {', '.join(PLACES)}")
    good, labs = True, None
    with tempfile.TemporaryDirectory(prefix="places") as folder:
        Path(folder).chmod(0o755)
        for name in names:
            place = clone(name, Path(folder))
            if labs:
                shutil.copytree(labs, place / ".cache")
            if name == "read-only":
                lock(place)
            good &= check(name, place)
            if name == "read-only":
                unlock(place)
            labs = labs or (place / ".cache")
    sys.exit(not good)


if __name__ == "__main__":
    main()
