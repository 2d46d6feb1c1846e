"""The Mirror: a topic has one name, and the same place in every room. The floors: an import only goes down."""

import ast
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from manuscript import ROOT

PARTS = ("convolution", "parameters", "generalisation", "domains")
FLOORS = ({"randomness"}, {*PARTS, "data"}, {"training"}, {"evidence"}, {"experiments"}, {"cli"})  # from the ground up
ROOMS = {"docs/zh": "{}.md", "docs/en": "{}.md", "src/cnnbook": "{}.py", "tests": "test_{}.py"}  # where every topic is
ANNEXES = {"docs/labs": "{}.py", "docs/figures": "{}.py", "src/cnnbook/experiments": "{}.py"}  # where it may be


def topics(root: Path, room: str, form: str) -> set[str]:
    """The topics in a room: convolution/transposed. Names with a leading underscore are private."""
    before, after = form.split("{}")
    return {
        f"{part}/{path.name.removeprefix(before).removesuffix(after)}"
        for part in PARTS
        for path in (root / room / part).glob(form.format("*"))
        if not path.name.startswith(("_", f"{before}_"))
    }


def cracks(root: Path) -> list[str]:
    """Where the Mirror is broken."""
    found = []
    rooms = {room: topics(root, room, form) for room, form in ROOMS.items()}
    known = set().union(*rooms.values())
    for topic in sorted(known):
        for room, form in ROOMS.items():
            if topic not in rooms[room]:
                part, name = topic.split("/")
                found.append(f"{room}/{part}/{form.format(name)} is missing: {topic} is elsewhere")
    for room, form in ANNEXES.items():
        for topic in sorted(topics(root, room, form) - known):
            part, name = topic.split("/")
            found.append(f"{room}/{part}/{form.format(name)} belongs to no topic")
    for room, form in {**ROOMS, **ANNEXES}.items():
        own = {"book", "labs"} if room == "tests" else set()
        for path in (root / room).glob("[!_.]*/"):
            if path.is_dir() and path.name not in set().union(*FLOORS, own):
                found.append(f"{room}/{path.name}/ is no part of the book")
            if path.name in PARTS:
                kept = {"weights"} if room == "src/cnnbook" else set()  # what is installed with the code
                inside = (inner for inner in path.glob("[!_.]*") if inner.name not in kept)
                strange = [inner for inner in inside if not fnmatch(inner.name, form.format("*"))]
                found += [f"{inner.relative_to(root).as_posix()} is no topic" for inner in strange]
    return found


def imported(tree: ast.AST, at_import: bool) -> Iterator[tuple[int, str]]:
    """The modules that a module imports, and where; at_import leaves out what waits inside functions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, (
                f"line {node.lineno}: imports are absolute, so that a reader sees where things come from"
            )
            yield node.lineno, node.module
            if node.module == "cnnbook":
                yield from ((node.lineno, f"cnnbook.{alias.name}") for alias in node.names)
        elif not (at_import and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
            yield from imported(node, at_import)


def floor(name: str) -> int:
    """0 on the ground; what stands on no floor is above them all."""
    return next((number for number, names in enumerate(FLOORS) if name in names), len(FLOORS))


def climbs(package: Path) -> list[str]:
    """Imports that do not go down, and what a part may not need."""
    found = []
    for path in sorted(package.rglob("*.py")):
        here = path.relative_to(package).with_suffix("").parts[0]
        where = path.relative_to(package.parent.parent).as_posix()
        if here == "__init__":
            found += [f"{where}:{line}: cnnbook itself imports nothing" for line, _ in imported(parse(path), False)]
            continue
        if floor(here) == len(FLOORS):
            found.append(f"{where}:1: {here} stands on no floor")
            continue
        for line, name in imported(parse(path), False):
            top, *rest = name.split(".")
            if (
                top == "cnnbook"
                and rest
                and rest[0] != here
                and (floor(rest[0]) is None or floor(rest[0]) >= floor(here))
            ):
                found.append(f"{where}:{line}: {here} imports {name}, which is not below it")
        for line, name in imported(parse(path), True) if here in PARTS else ():
            top = name.split(".")[0]
            if top not in {"torch", "cnnbook"} | sys.stdlib_module_names:
                found.append(f"{where}:{line}: a part imports torch alone, not {name}")
    return found


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def test_a_topic_is_in_every_room():
    assert not (found := cracks(ROOT)), "\n".join(found)
    assert topics(ROOT, "docs/zh", "{}.md") >= {"convolution/standard", "convolution/transposed"}


def test_imports_only_go_down():
    assert not (found := climbs(ROOT / "src/cnnbook")), "\n".join(found)


@pytest.fixture
def small(tmp_path) -> Path:
    """A book with one topic."""
    for room, form in {**ROOMS, **ANNEXES}.items():
        (tmp_path / room / "domains").mkdir(parents=True)
        (tmp_path / room / "domains" / form.format("speech")).touch()
    for private in ("src/cnnbook/domains/__init__.py", "src/cnnbook/domains/_words.py", "docs/figures/draw.py"):
        (tmp_path / private).touch()
    assert cracks(tmp_path) == []
    return tmp_path


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_that_lacks_a_topic(small, room):
    path = small / room / "domains" / ROOMS[room].format("speech")
    path.unlink()
    assert cracks(small) == [f"{path.relative_to(small).as_posix()} is missing: domains/speech is elsewhere"]


@pytest.mark.parametrize("room", ANNEXES)
def test_a_lab_a_figure_or_an_experiment_without_a_topic(small, room):
    (small / room / "domains/text.py").touch()
    assert cracks(small) == [f"{room}/domains/text.py belongs to no topic"]


def test_a_part_that_is_not_of_the_book(small):
    (small / "docs/zh/domain").mkdir()
    (small / "docs/labs/domains/speech.ipynb").touch()
    assert cracks(small) == ["docs/zh/domain/ is no part of the book", "docs/labs/domains/speech.ipynb is no topic"]


CLIMBING = {
    "import cnnbook.training": "domains imports cnnbook.training, which is not below it",
    "from cnnbook import cli": "domains imports cnnbook.cli, which is not below it",
    "def f():\n    from cnnbook.evidence import claims": "domains imports cnnbook.evidence, which is not below it",
    "from cnnbook.convolution.standard import convolve2d": "domains imports cnnbook.convolution.standard, which is not",
    "import lightning.pytorch as pl": "a part imports torch alone, not lightning.pytorch",
    "try:\n    import pytorch_lightning\nexcept ImportError:\n    pass": "not pytorch_lightning",
    "from scipy.signal import convolve2d": "not scipy.signal",
}


@pytest.mark.parametrize("code", CLIMBING)
def test_an_import_that_climbs(small, code):
    (small / "src/cnnbook/domains/speech.py").write_text(f"\n{code}\n", "utf-8")
    (found,) = climbs(small / "src/cnnbook")
    line = 2 + code.count("\n", 0, code.index("from" if "from" in code else "import"))
    assert found.startswith(f"src/cnnbook/domains/speech.py:{line}: ") and CLIMBING[code] in found


def test_imports_that_may_be(small):
    code = "import torch\nimport math\nfrom cnnbook.domains import _words\n\ndef f():\n    import scipy\n"
    (small / "src/cnnbook/domains/speech.py").write_text(code, "utf-8")
    (small / "src/cnnbook/cli.py").write_text("import typer\nfrom cnnbook.domains import speech\n", "utf-8")
    assert climbs(small / "src/cnnbook") == []
