"""Which code made a result: a hash of the modules that an experiment imports, as far as they lie in its own package.

The import graph is read from the source with `ast`; nothing is imported. What cannot change a figure does not count:
comments, layout, docstrings, `Text(...)` and ``labels={...}`` of such (prose), ``__version__``, and
``cnnbook.evidence`` itself, which only writes figures down and compares them. A string that names a module
(``"cnnbook.x"``, ``"cnnbook.x:function"``) counts as an import; names put together at run time are not seen. Where a
name is imported from a package that answers names by a module-level ``__getattr__``, all of the package's modules
count: import from the module itself to keep the closure small. A file that is no module counts where a module names
it: ``data/files/digits.npz`` where the string ``"digits"`` or ``"digits.npz"`` is in the code.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

LEFT_OUT = ("cnnbook.evidence",)


def module_hashes(module: str, left_out: Iterable[str] = LEFT_OUT) -> dict[str, str]:
    """The hash of every module in the import closure of ``module`` inside its top-level package.

    Args:
        module: dotted name, for instance ``cnnbook.experiments.generalisation.dropout``.
        left_out: packages that do not count, nor what only they import.

    Returns:
        dotted name (of a data file: its path) → 16 hexadecimal digits, sorted by name.

    Raises:
        ModuleNotFoundError: there is no source file for ``module``.

    Examples:
        >>> sorted(module_hashes("cnnbook.convolution"))
        ['cnnbook', 'cnnbook.convolution']
    """
    package = module.partition(".")[0]
    base = _base(package)
    if _file(base, module) is None:
        raise ModuleNotFoundError(f"no source file for module {module!r}")
    hashes: dict[str, str] = {}
    folders: dict[str, Path] = {}
    words: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        path = _file(base, name)
        if path is None or name in hashes or any(name == out or name.startswith(f"{out}.") for out in left_out):
            continue
        source = _read(path.read_bytes(), str(path))
        hashes[name] = source.digest
        words |= source.words
        named = (word.partition(":")[0] for word in source.words)
        waiting += [module for module in named if module.startswith(f"{package}.")]
        folders |= {name: path.parent} if path.name == "__init__.py" else {}
        waiting += _parents(name)
        waiting += [found for found in _imports(source, name, path, base) if found.partition(".")[0] == package]
    for path in (file for folder in folders.values() for file in _data_files(folder)):
        if path.name in words or path.stem in words:
            hashes[path.relative_to(base).as_posix()] = _digest(path.read_bytes())
    return dict(sorted(hashes.items()))


class _Source(NamedTuple):
    """What one file says, wherever it lies."""

    digest: str
    words: frozenset[str]  # its strings
    imports: tuple[tuple[int, str | None, tuple[str, ...]], ...]  # level, module (None in `import x`), names
    answers_names: bool  # by a __getattr__ of the module


@lru_cache(maxsize=1024)  # by content: a run asks for the same files once an arm
def _read(text: bytes, name: str) -> _Source:
    tree = ast.parse(text, filename=name)
    digest = _digest(normal_form(tree).encode())  # from here on without docstrings and prose
    words, imports = set(), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words.add(node.value)
        elif isinstance(node, ast.Import):
            imports.append((0, None, tuple(alias.name for alias in node.names)))
        elif isinstance(node, ast.ImportFrom):
            imports.append((node.level, node.module or "", tuple(alias.name for alias in node.names)))
    answers = any(isinstance(node, ast.FunctionDef) and node.name == "__getattr__" for node in tree.body)
    return _Source(digest, frozenset(words), tuple(imports), answers)


def code_hash(modules: dict[str, str]) -> str:
    """One hash for what `module_hashes` found.

    Examples:
        >>> code_hash({"a": "1"}) == code_hash({"a": "2"})
        False
    """
    return _digest("\n".join(f"{name} {value}" for name, value in sorted(modules.items())).encode())


def normal_form(tree: ast.AST) -> str:
    """A syntax tree as text that is the same for code that does the same, and the same under every Python from 3.11.

    Examples:
        >>> normal_form(ast.parse("x = 1  # one")) == normal_form(ast.parse("x=(1)"))
        True
    """
    return _text(_Strip().visit(tree))


class _Strip(ast.NodeTransformer):
    """Takes out docstrings, prose, version numbers and what only a type checker reads."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                node.body = node.body[1:]
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id == "Text":
            node.args, node.keywords = [], []
        node.keywords = [word for word in node.keywords if word.arg != "labels" or not _is_prose(word.value)]
        return self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        named = [target.id for target in node.targets if isinstance(target, ast.Name)]
        return None if named == ["__version__"] else self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST | None:
        checked = ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        return None if checked and not node.orelse else self.generic_visit(node)


def _is_prose(node: ast.AST) -> bool:
    """Whether a node is a mapping of names to `Text`, written in place."""
    return isinstance(node, ast.Dict) and all(
        isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "Text"
        for value in node.values
    )


def _text(value: object) -> str:
    """Like `ast.dump`, but without empty fields, which is where Python versions differ."""
    if isinstance(value, ast.Constant):
        return f"Constant({value.value!r})"
    if isinstance(value, ast.AST):
        fields = ((name, child) for name, child in ast.iter_fields(value) if child is not None and child != [])
        return f"{type(value).__name__}({', '.join(f'{name}={_text(child)}' for name, child in fields)})"
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    return repr(value)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _data_files(folder: Path) -> Iterator[Path]:
    """The files of one package that are no modules, in folders that are no packages."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix not in (".py", ".pyc"):
            yield path
        elif path.is_dir() and path.name != "__pycache__" and not (path / "__init__.py").exists():
            yield from _data_files(path)


def _base(package: str) -> Path:
    """The folder that holds the top-level package (or module), found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"no source file for module {package!r}")
    origin = Path(spec.origin)
    return origin.parent.parent if spec.submodule_search_locations else origin.parent


def _file(base: Path, module: str) -> Path | None:
    stem = base.joinpath(*module.split("."))
    return next((path for path in (stem / "__init__.py", stem.with_suffix(".py")) if path.is_file()), None)


def _parents(module: str) -> Iterator[str]:
    while "." in module:
        module = module.rpartition(".")[0]
        yield module


def _imports(source: _Source, module: str, path: Path, base: Path) -> Iterator[str]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for level, named, names in source.imports:
        if named is None:
            yield from names
            continue
        start = ".".join(package.split(".")[: len(package.split(".")) - level + 1]) if level else ""
        origin = ".".join(part for part in (start, named) if part)
        yield origin
        for name in names:
            if _file(base, f"{origin}.{name}"):
                yield f"{origin}.{name}"
            elif _answers_names(base, origin):
                yield from _inside(base, origin)


def _answers_names(base: Path, package: str) -> bool:
    path = _file(base, package)
    return path is not None and path.name == "__init__.py" and _read(path.read_bytes(), str(path)).answers_names


def _inside(base: Path, package: str) -> Iterator[str]:
    folder = base.joinpath(*package.split("."))
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(base).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
