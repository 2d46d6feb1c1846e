"""What the book borrows from others' insides: names that no documentation promises, each with the reason.

A name that begins with an underscore, or one of UNPROMISED, may change without notice. Whoever uses one lists it here
with the version it was seen to work with; where another is installed, look whether it still works, then note that one.
"""

import ast
import importlib.metadata
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from manuscript import ROOT

PACKAGES = {  # what is imported → the distribution that it is installed with
    "mkdocs": "mkdocs", "mkdocs_jupyter": "mkdocs-jupyter",
    "mkdocstrings": "mkdocstrings", "material": "mkdocs-material", "markdown": "Markdown", "nbconvert": "nbconvert",
    "pytorch_lightning": "pytorch-lightning", "torch": "torch", "joblib": "joblib",
}  # fmt: skip
UNPROMISED = {
    "epoch_loop",
    "batch_progress",
    "precision_plugin",
}  # without an underscore, and undocumented all the same
DOCUMENTED = {"_exit"}  # with one, and a part of Python's library all the same


@dataclass(frozen=True)
class Borrowed:
    file: str
    name: str
    package: str  # as it is imported
    version: str  # it was last seen to work with
    why: str


BORROWED = (
    Borrowed(
        "src/cnnbook/training/seeded.py", "epoch_loop", "pytorch_lightning", "2.6.6",
        "a batch of a reader's own loader has no number; Lightning counts batches there, over epochs and resumed runs",
    ),
    Borrowed(
        "src/cnnbook/training/seeded.py", "batch_progress", "pytorch_lightning", "2.6.6",
        "the count itself; global_step counts steps of the optimiser, which may take several batches",
    ),
    Borrowed(
        "src/cnnbook/training/measure.py", "precision_plugin", "pytorch_lightning", "2.6.6",
        "a measurement in the middle of training is in the trainer's precision, which only this plugin knows",
    ),
    Borrowed(
        "src/cnnbook/parallel.py", "_MAX_MEMORY_LEAK_SIZE", "joblib", "1.6.0",
        "beyond it a worker that keeps data is ended and started anew; nothing else says how large it may be",
    ),
)  # fmt: skip


def private(name: str) -> bool:
    return bool(re.match(r"_[^_]", name) and name not in DOCUMENTED) or name in UNPROMISED


def trees(root: Path) -> Iterator[tuple[str, ast.Module]]:
    for room in ("src", "hooks", "tools"):
        for path in sorted((root / room).rglob("*.py")):
            yield path.relative_to(root).as_posix(), ast.parse(path.read_text("utf-8"), str(path))


def own(tree: ast.AST) -> Iterator[str]:
    """The names that a module defines: functions, classes, variables, and attributes of self."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self":
            yield node.attr


def used(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Names of others that a module uses: imported, as an attribute, or as the string that names an attribute."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in PACKAGES:
            yield from ((node.lineno, name) for name in node.module.split("."))
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.partition(".")[0] in PACKAGES:
                    yield from ((node.lineno, name) for name in alias.name.split("."))
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("getattr", "setattr", "hasattr"):
            yield from strings(node.args[1:2])
        elif isinstance(node, ast.Compare):
            yield from strings([node.left, *node.comparators])


def strings(nodes: list[ast.expr]) -> Iterator[tuple[int, str]]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            yield node.lineno, node.value


def borrowed(root: Path) -> dict[tuple[str, str], int]:
    """File and private name of another's → the line of its first use."""
    read = list(trees(root))
    ours = {name for _, tree in read for name in own(tree)} - UNPROMISED
    found: dict[tuple[str, str], int] = {}
    for file, tree in read:
        for line, name in used(tree):
            if private(name) and name not in ours:
                found.setdefault((file, name), line)
    return found


def unlisted(root: Path, listed: tuple[Borrowed, ...]) -> list[str]:
    known, found = {(one.file, one.name) for one in listed}, borrowed(root)
    return [
        *(f"{file}:{line}: {name} is private" for (file, name), line in found.items() if (file, name) not in known),
        *(f"{file}: {name} is listed and not used" for file, name in sorted(known - set(found))),
    ]


def changed(listed: tuple[Borrowed, ...]) -> list[str]:
    said = []
    for one in listed:
        version = importlib.metadata.version(PACKAGES[one.package]).partition("+")[0]
        if version != one.version:
            said.append(
                f"{one.file}: {one.package} is {version}, and {one.name} was seen with {one.version}: "
                "look whether it still works, then note the new version"
            )
    return said


def test_every_borrowed_name_is_listed():
    assert not (found := unlisted(ROOT, BORROWED)), "\n".join(found)


def test_every_borrowed_name_was_seen_with_the_installed_version():
    assert not (found := changed(BORROWED)), "\n".join(found)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("from mkdocs.structure.pages import _RelativePathTreeprocessor", "_RelativePathTreeprocessor"),
        ("import torch._dynamo", "_dynamo"),
        ("from torch._C import ops", "_C"),
        ("links._register(md)", "_register"),
        ("isinstance(layer, nn.modules.dropout._DropoutNd)", "_DropoutNd"),
        ("class Own(Theirs):\n    def step(self):\n        return self._trainer", "_trainer"),
        ("if name == '_current_fx_name':\n    pass", "_current_fx_name"),
        ("getattr(module, '_hooks')", "_hooks"),
        ("trainer.precision_plugin", "precision_plugin"),
    ],
)
def test_a_private_name_is_found(tmp_path, code, name):
    (tmp_path / "hooks").mkdir()
    (tmp_path / "hooks/a.py").write_text(code, "utf-8")
    (found,) = unlisted(tmp_path, ())
    assert found.startswith("hooks/a.py:") and f"{name} is private" in found
    (again,) = unlisted(
        tmp_path, (Borrowed("hooks/b.py", name, "torch", "0", ""), Borrowed("hooks/a.py", name, "torch", "0", ""))
    )
    assert again == f"hooks/b.py: {name} is listed and not used"


def test_own_private_names_and_special_ones_are_nobodys(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src/a.py").write_text("class A:\n    def __init__(self):\n        self._kept = 1\n", "utf-8")
    (tmp_path / "src/b.py").write_text("a._kept + a.__dict__\nname.endswith('_mean')\n_ = a._\n", "utf-8")
    assert unlisted(tmp_path, ()) == []


def test_another_version_is_found():
    version = importlib.metadata.version("torch").partition("+")[0]
    assert changed((Borrowed("a.py", "_x", "torch", version, ""),)) == []
    (found,) = changed((Borrowed("a.py", "_x", "torch", "1.0", ""),))
    assert found.startswith(f"a.py: torch is {version}, and _x was seen with 1.0: look whether")
