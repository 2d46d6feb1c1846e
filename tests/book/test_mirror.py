"""The Mirror: a topic has one name, and the same place in every room. The floors: an import only goes down."""

import ast
import re
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from manuscript import ROOT

PARTS = ("convolution", "parameters", "generalisation", "domains")
GROUND = {
    "batching",
    "checks",
    "devices",
    "errors",
    "figures",
    "files",
    "geometry",
    "names",
    "parallel",
    "precision",
    "randomness",
    "stopping",
    "weights",
}
FLOORS = (
    GROUND,
    {*PARTS, "data"},
    {"training"},
    {"evidence"},
    {"experiments", "exercises", "questions"},
    {"cli"},
)  # from the ground up
ROOMS = {"docs/zh": "{}.md", "docs/en": "{}.md", "src/cnnbook": "{}.py", "tests": "test_{}.py"}  # where every topic is
ROOMS |= {"src/cnnbook/evidence/claims": "{}.toml", "src/cnnbook/exercises": "{}.py", "src/cnnbook/questions": "{}.py"}
ANNEXES = {  # where it may be
    "docs/labs": "{}.py",
    "docs/figures": "{}.py",
    "src/cnnbook/experiments": "{}.py",
    "tests/experiments": "test_{}.py",
}
TWINS = ("src/cnnbook/experiments", "tests/experiments")  # where a topic is in both or in neither
WIDGETS, WIDGET = "docs/assets/widgets", "{}-widget.mjs"  # not by part: a reader's browser asks for them by name


def topics(root: Path, room: str, form: str) -> set[str]:
    """The topics in a room: convolution/transposed. Names with a leading underscore are private."""
    before, after = form.split("{}")
    return {
        f"{part}/{path.name.removeprefix(before).removesuffix(after)}"
        for part in PARTS
        for path in (root / room / part).glob(form.format("*"))
        if not path.name.startswith(("_", f"{before}_"))
    }


def place(room: str, topic: str) -> str:
    """Where a topic is in a room: tests/convolution/test_transposed.py."""
    part, name = topic.split("/")
    return f"{room}/{part}/{({**ROOMS, **ANNEXES}[room]).format(name)}"


def cracks(root: Path) -> list[str]:
    """Where the Mirror is broken."""
    found = []
    rooms = {room: topics(root, room, form) for room, form in {**ROOMS, **ANNEXES}.items()}
    known = set().union(*(rooms[room] for room in ROOMS))
    for topic in sorted(known):
        found += [
            f"{place(room, topic)} is missing: {topic} is elsewhere" for room in ROOMS if topic not in rooms[room]
        ]
    for room in ANNEXES:
        found += [f"{place(room, topic)} belongs to no topic" for topic in sorted(rooms[room] - known)]
    for here, there in (TWINS, TWINS[::-1]):
        for topic in sorted(rooms[here] - rooms[there]):
            found.append(f"{place(there, topic)} is missing: {place(here, topic)} is there")
    names = {topic.split("/")[1] for topic in known}.union(*FLOORS)  # what several topics share: by what it does
    for path in sorted((root / WIDGETS).glob(WIDGET.format("*"))):
        if path.name.removesuffix(WIDGET.format("")) not in names:
            found.append(f"{WIDGETS}/{path.name} belongs to no topic")
    for room, form in {**ROOMS, **ANNEXES}.items():
        own = {"book", "ground", "widgets"} if room == "tests" else set()
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
            level = floor(rest[0]) if top == "cnnbook" and rest else -1
            if level > 0 and rest[0] != here and level >= floor(here):
                found.append(f"{where}:{line}: {here} imports {name}, which is not below it")
        for line, name in imported(parse(path), True) if here in {*PARTS, *GROUND} else ():
            top = name.split(".")[0]
            if top not in {"torch", "cnnbook"} | sys.stdlib_module_names:
                found.append(f"{where}:{line}: the ground and the parts import torch alone, not {name}")
    return found


def borrowed(package: Path) -> list[str]:
    """Private names that a room takes from another: what begins with an underscore is its own room's business."""
    found = []
    for path in sorted(package.rglob("*.py")):
        here, tree = path.relative_to(package).with_suffix("").parts[0], parse(path)
        names: dict[str, str] = {}  # what is imported from another room, by the name it has here
        for node in ast.walk(tree):
            whole = [(alias.name, alias.asname) for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                whole = [(f"{node.module}.{alias.name}", alias.asname) for alias in node.names]
            for name, given in whole:
                parts = name.split(".")
                if parts[0] == "cnnbook" and parts[1:] and parts[1] != here:
                    names[given or parts[-1]] = name
                    if any(part.startswith("_") for part in parts):
                        found.append((path, node.lineno, name))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__"):
                owner = node.value.id if isinstance(node.value, ast.Name) else ""
                found += [(path, node.lineno, f"{names[owner]}.{node.attr}")] if owner in names else []
    return [
        f"{path.relative_to(package.parent.parent).as_posix()}:{line}: {name} is private to its room"
        for path, line, name in found
    ]


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def test_a_topic_is_in_every_room():
    assert not (found := cracks(ROOT)), "\n".join(found)
    assert topics(ROOT, "docs/zh", "{}.md") >= {"convolution/standard", "convolution/transposed"}


def test_imports_only_go_down():
    assert not (found := climbs(ROOT / "src/cnnbook")), "\n".join(found)


def test_no_private_name_crosses_a_room():
    assert not (found := borrowed(ROOT / "src/cnnbook")), "\n".join(found)


@pytest.fixture
def small(tmp_path) -> Path:
    """A book with one topic."""
    for room, form in {**ROOMS, **ANNEXES}.items():
        (tmp_path / room / "domains").mkdir(parents=True)
        (tmp_path / room / "domains" / form.format("speech")).touch()
    for private in ("src/cnnbook/domains/__init__.py", "src/cnnbook/domains/_words.py", "docs/figures/draw.py"):
        (tmp_path / private).touch()
    (tmp_path / WIDGETS).mkdir(parents=True)
    for widget in ("speech-widget.mjs", "curve-explorer.mjs", "training-widget.mjs"):  # the last two are no topic's
        (tmp_path / WIDGETS / widget).touch()
    assert cracks(tmp_path) == []
    return tmp_path


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_that_lacks_a_topic(small, room):
    path = small / room / "domains" / ROOMS[room].format("speech")
    path.unlink()
    assert cracks(small) == [f"{path.relative_to(small).as_posix()} is missing: domains/speech is elsewhere"]


@pytest.mark.parametrize("room", ANNEXES)
def test_what_belongs_to_no_topic(small, room):
    for twin in TWINS if room in TWINS else (room,):
        (small / place(twin, "domains/text")).touch()
    assert f"{place(room, 'domains/text')} belongs to no topic" in (found := cracks(small))
    assert all(words.endswith("belongs to no topic") for words in found) and len(found) == 1 + (room in TWINS)


@pytest.mark.parametrize("here, there", [TWINS, TWINS[::-1]])
def test_an_experiment_without_a_test_and_a_test_without_an_experiment(small, here, there):
    (small / place(there, "domains/speech")).unlink()
    missing, other = (place(room, "domains/speech") for room in (there, here))
    assert cracks(small) == [f"{missing} is missing: {other} is there"]


def test_a_widget_is_named_after_a_topic(small):
    (small / WIDGETS / "words-widget.mjs").touch()
    assert cracks(small) == ["docs/assets/widgets/words-widget.mjs belongs to no topic"]


def test_a_part_that_is_not_of_the_book(small):
    (small / "docs/zh/domain").mkdir()
    (small / "docs/labs/domains/speech.ipynb").touch()
    assert cracks(small) == ["docs/zh/domain/ is no part of the book", "docs/labs/domains/speech.ipynb is no topic"]


CLIMBING = {
    "import cnnbook.training": "domains imports cnnbook.training, which is not below it",
    "from cnnbook import cli": "domains imports cnnbook.cli, which is not below it",
    "def f():\n    from cnnbook.evidence import claims": "domains imports cnnbook.evidence, which is not below it",
    "from cnnbook.convolution.standard import convolve2d": "domains imports cnnbook.convolution.standard, which is not",
    "import lightning.pytorch as pl": "the ground and the parts import torch alone, not lightning.pytorch",
    "try:\n    import pytorch_lightning\nexcept ImportError:\n    pass": "not pytorch_lightning",
    "from scipy.signal import convolve2d": "not scipy.signal",
}


@pytest.mark.parametrize("code", CLIMBING)
def test_an_import_that_climbs(small, code):
    (small / "src/cnnbook/domains/speech.py").write_text(f"\n{code}\n", "utf-8")
    (found,) = climbs(small / "src/cnnbook")
    line = 2 + code.count("\n", 0, code.index("from" if "from" in code else "import"))
    assert found.startswith(f"src/cnnbook/domains/speech.py:{line}: ") and CLIMBING[code] in found


BORROWED = {
    "from cnnbook.generalisation._checks import feature_maps": "cnnbook.generalisation._checks.feature_maps",
    "from cnnbook.generalisation.dropout import _mask as mask": "cnnbook.generalisation.dropout._mask",
    "from cnnbook.generalisation import _checks": "cnnbook.generalisation._checks",
    "import cnnbook.generalisation._checks": "cnnbook.generalisation._checks",
    "def f():\n    from cnnbook.data.catalogue import _checked": "cnnbook.data.catalogue._checked",
    "from cnnbook.generalisation import dropout\ndropout._mask(3)": "cnnbook.generalisation.dropout._mask",
}


@pytest.mark.parametrize("code", BORROWED)
def test_a_private_name_of_another_room(small, code):
    (small / "src/cnnbook/domains/speech.py").write_text(f"{code}\n", "utf-8")
    (found,) = borrowed(small / "src/cnnbook")
    assert found.endswith(f": {BORROWED[code]} is private to its room")


def test_what_is_private_to_a_room_serves_all_of_it(small):
    code = "from cnnbook import checks\nfrom cnnbook.domains import _words\n_words._list(checks.__name__)\n"
    (small / "src/cnnbook/domains/speech.py").write_text(code, "utf-8")
    assert borrowed(small / "src/cnnbook") == []


def test_the_ground_imports_torch_alone(small):
    (small / "src/cnnbook/files.py").write_text("import joblib\n", "utf-8")
    assert climbs(small / "src/cnnbook") == [
        "src/cnnbook/files.py:1: the ground and the parts import torch alone, not joblib"
    ]


def test_imports_that_may_be(small):
    code = "import torch\nimport math\nfrom cnnbook.domains import _words\n\ndef f():\n    import scipy\n"
    (small / "src/cnnbook/domains/speech.py").write_text(code, "utf-8")
    (small / "src/cnnbook/cli.py").write_text("import typer\nfrom cnnbook.domains import speech\n", "utf-8")
    assert climbs(small / "src/cnnbook") == []


NAMED = re.compile(r"`((?:docs|src|tests|tools|hooks|benchmarks|results|theme|\.github|\.ci)/[^`\s]*)`")
LATER = {"results/gpu"}  # there once a GPU has measured


def lost(text: str) -> set[str]:
    """Files and folders of the repository that a text names, and that are not there."""
    return {name for name in NAMED.findall(text) if not (ROOT / name).exists()} - LATER


def test_what_a_page_names_in_the_repository_is_there():
    assert lost("in `src/cnnbook/checks.py`, `tests/book`, `tests/no.py`, a/`b/c.py`") == {"tests/no.py"}
    paths = [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
    found = {path.relative_to(ROOT).as_posix(): names for path in paths if (names := lost(path.read_text("utf-8")))}
    assert len(paths) >= 80 and not found, found
