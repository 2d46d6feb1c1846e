"""The oldest releases that pyproject.toml promises to work with, as constraints for pip.

    python tools/minimums.py > .cache/minimums.txt && pip install -c .cache/minimums.txt -e '.[test]'

A floor that nobody installs is a guess: the newest releases are what everyone tries first. Every dependency has its
line here, those of the extras and of the build too; what they ask for in their turn is as new as pip finds it.
"""

import sys
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
FLOORS = (">=", "==", "~=")


def requirements(project: Path = PROJECT) -> Iterator[Requirement]:
    """Every dependency that is declared: of the package, of its extras, of its build."""
    told = tomllib.loads(project.read_text("utf-8"))
    extras = told["project"].get("optional-dependencies", {}).values()
    for line in [*told["build-system"]["requires"], *told["project"]["dependencies"], *chain(*extras)]:
        yield Requirement(line)


def floor(requirement: Requirement) -> str:
    """The oldest release that a requirement lets in; ValueError where it lets in any."""
    found = [one.version for one in requirement.specifier if one.operator in FLOORS]
    if not found:
        raise ValueError(f"each dependency must have a floor, as {requirement.name}>=1.0, got '{requirement}'")
    return max(found, key=Version)


def minimums(project: Path = PROJECT) -> dict[str, str]:
    """Name → oldest release; ValueError where one has no floor, or two in two places."""
    floors: dict[str, str] = {}
    for one in requirements(project):
        name, version = canonicalize_name(one.name), floor(one)
        if floors.setdefault(name, version) != version:
            raise ValueError(f"{name} must have the same floor everywhere, got {floors[name]} and {version}")
    return dict(sorted(floors.items()))


def main() -> None:
    try:
        lines = [f"{name}=={version}" for name, version in minimums().items()]
    except ValueError as error:
        sys.exit(f"{PROJECT.name}: {error}")
    print(*lines, sep="\n")


if __name__ == "__main__":
    main()
