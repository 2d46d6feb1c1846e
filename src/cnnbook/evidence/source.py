"""What one source file defines, and what each of its definitions uses."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from cnnbook.evidence.normal_form import Stripped, as_text

WHOLE = {"globals", "eval", "exec"}  # what is called by these may use anything of its module
UNUSED = {"__version__", "__all__"}

Imports = dict[str, tuple[str, str | None]]  # a local name → module (dots in front: relative), its name there or None


@dataclass(frozen=True)
class Definition:
    """A function, a class, a constant; or all that a module does besides when it is imported.

    Attributes:
        digest: of its normal form.
        chains: the names that it uses, with the attributes that follow: ``("F", "pad")``.
        words: its strings.
        imports: those inside it.
        anything: whether it may use names that the source does not show.
    """

    digest: str
    chains: frozenset[tuple[str, ...]]
    words: frozenset[str]
    imports: Imports = field(hash=False)
    anything: bool


@dataclass(frozen=True)
class Source:
    """One file.

    Attributes:
        definitions: by name.
        at_import: what importing it does besides defining names; None where that is nothing.
        imports: local name → (module, name there), of all imports outside definitions.
        stars: modules of which all names are imported.
        answers_names: by a ``__getattr__`` of the module.
    """

    definitions: dict[str, Definition]
    at_import: Definition | None
    imports: Imports
    stars: tuple[str, ...]
    answers_names: bool


@lru_cache(maxsize=1024)  # by content: a run asks for the same files once an arm
def read_source(text: bytes, name: str) -> Source:
    """What a file says, wherever it lies; ``name`` is for messages."""
    body = Stripped().visit(ast.parse(text, filename=name)).body
    parts: dict[str, list[ast.stmt]] = {}
    doing: list[ast.stmt] = []
    outside: list[ast.stmt] = []  # imports, also those inside `try`
    for line in body:
        if isinstance(line, ast.Import | ast.ImportFrom):
            outside.append(line)
            continue
        bound = list(_bound(line))
        names = [name for name in bound if name]
        if names and len(names) == len(bound):
            for name in names:
                parts.setdefault(name, []).append(line)
        else:
            doing.append(line)
    own = {name for name in parts if name not in UNUSED}
    # `TABLE["x"] = f` is part of TABLE, unless TABLE is not of this file
    foreign = [line for name, lines in parts.items() if not _defines(name, lines) for line in lines]
    definitions = {name: _definition(parts[name]) for name in sorted(own) if _defines(name, parts[name])}
    doing += [line for line in foreign if line not in doing]
    imports = _imports([*outside, *doing])
    stars = tuple(module for line in outside for module in _stars(line))
    return Source(definitions, _definition(doing) if doing else None, imports, stars, "__getattr__" in definitions)


def _bound(line: ast.stmt) -> Iterator[str | None]:
    """The names that a statement defines or adds to; None where it does something else."""
    if isinstance(line, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield line.name
    elif isinstance(line, ast.Assign):
        for target in line.targets:
            yield from _targets(target)
    elif isinstance(line, ast.AugAssign):
        yield from _targets(line.target)
    else:
        yield None


def _targets(node: ast.expr) -> Iterator[str | None]:
    if isinstance(node, ast.Tuple | ast.List):
        for one in node.elts:
            yield from _targets(one)
        return
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    yield node.id if isinstance(node, ast.Name) else None


def _defines(name: str, lines: list[ast.stmt]) -> bool:
    """Whether one of the statements makes the name, and not only changes what it stands for."""
    return any(
        getattr(line, "name", None) == name
        or any(
            isinstance(node, ast.Name) and node.id == name
            for target in getattr(line, "targets", [])
            for node in ([target] if isinstance(target, ast.Name) else getattr(target, "elts", []))
        )
        for line in lines
    )


def _definition(lines: list[ast.stmt]) -> Definition:
    tree = ast.Module(body=lines, type_ignores=[])
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}  # `F` in `F.pad`
    chains: set[tuple[str, ...]] = set()
    words: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words.add(node.value)
        elif isinstance(node, ast.Name | ast.Attribute) and id(node) not in inner and (chain := _chain(node)):
            chains.add(chain)
    imports = _imports([node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)])
    anything = any(chain[0] in WHOLE for chain in chains)
    return Definition(digest(as_text(tree).encode()), frozenset(chains), frozenset(words), imports, anything)


def _chain(node: ast.expr) -> tuple[str, ...] | None:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return (node.id, *reversed(names)) if isinstance(node, ast.Name) else None


def _imports(lines: list[ast.stmt]) -> Imports:
    found: Imports = {}
    for node in (node for line in lines for node in ast.walk(line)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0],
                    None,
                )
                found.setdefault(f"import {alias.name}", (alias.name, None))  # it is imported, whatever it is called
        elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
            module = "." * node.level + (node.module or "")
            found |= {alias.asname or alias.name: (module, alias.name) for alias in node.names if alias.name != "*"}
    return found


def _stars(line: ast.stmt) -> Iterator[str]:
    if isinstance(line, ast.ImportFrom) and any(alias.name == "*" for alias in line.names):
        yield "." * line.level + (line.module or "")


def digest(data: bytes) -> str:
    """16 hexadecimal digits of SHA-256."""
    return hashlib.sha256(data).hexdigest()[:16]
