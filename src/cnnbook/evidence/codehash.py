"""Which code made a figure: a hash of the definitions that can be reached from the functions that measured it.

The source is read with `ast`; nothing is imported. A *definition* is a function, a class or a constant at the top of a
module. From the ones asked for, names are followed through the modules of the same top-level package: what is used
counts, what stands beside it does not. What a module does besides when it is imported counts wherever it is imported.

Of what comes from other packages it counts which it is, ``torch.nn.functional:mse_loss``, and not where it is imported.

What cannot change a figure does not count either: comments, layout, line ends, docstrings, annotations, the messages of
errors and `Text(...)` (see `normal_form`), and `LEFT_OUT`: ``cnnbook.evidence``, which writes figures down and compares
them, what fetches data or saves checkpoints, and how a run is stopped. A string that names a module (``"cnnbook.x"``)
or a definition (``"cnnbook.x:function"``) is followed too; a name put together at run time is not seen. Where more is
used of a module than the source tells (the module is handed on, ``globals()``, a star, a module-level ``__getattr__``),
all of it counts. A file that is no module counts where it is named: ``data/files/digits.npz`` by the string
``"digits"`` or ``"digits.npz"``.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from cnnbook.evidence.source import Definition, Imports, Source, digest, read_source

LEFT_OUT = ("cnnbook.evidence", "cnnbook.data.download", "cnnbook.training.checkpoints", "cnnbook.stopping")
AT_IMPORT = "(import)"  # in place of a name
TEXTS = {".toml", ".txt", ".json", ".csv", ".md"}  # files whose line ends a checkout may change


class Package:
    """The files of a top-level package (or module) as they are now, read once.

    Examples:
        >>> Package("cnnbook").file("cnnbook.evidence").name
        '__init__.py'
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.base, folder = _place(name)
        self._files: dict[str, Path] = {}
        for path in sorted(folder.rglob("*.py")) if folder.is_dir() else [folder]:
            parts = path.relative_to(self.base).with_suffix("").parts
            self._files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
        self._sources: dict[str, Source] = {}

    def file(self, module: str) -> Path | None:
        """Where a module lies; None where it is no module of the package."""
        return self._files.get(module)

    def source(self, module: str) -> Source:
        """What a module says."""
        if module not in self._sources:
            path = self._files[module]
            self._sources[module] = read_source(path.read_bytes(), str(path))
        return self._sources[module]

    def inside(self, package: str) -> Iterator[str]:
        """A package and all modules below it."""
        return (module for module in self._files if module == package or module.startswith(f"{package}."))


def definitions(
    roots: Iterable[str],
    words: Iterable[str] = (),
    left_out: Iterable[str] = LEFT_OUT,
    package: Package | None = None,
) -> dict[str, str]:
    """The hash of every definition that is reached.

    Args:
        roots: ``"package.module:name"``, or ``"package.module"`` for all of a module; of one top-level package.
        words: strings by which further definitions and files may be named: those of a configuration.
        left_out: modules and packages that do not count, nor what only they use.
        package: its files, where they have been read already.

    Returns:
        ``module:name`` (of a data file: its path) → 16 hexadecimal digits, sorted.

    Raises:
        ModuleNotFoundError: there is no source file for a root.

    Examples:
        >>> list(definitions(["cnnbook.evidence.source:digest"], left_out=()))
        ['cnnbook.evidence.source:digest']
    """
    roots = sorted(set(roots))
    (name,) = {package_of(root) for root in roots}
    graph = _Graph(package or Package(name), tuple(left_out))
    for root in roots:
        if graph.package.file(root.partition(":")[0]) is None:
            raise ModuleNotFoundError(f"no source file for module {root.partition(':')[0]!r}")
        graph.reach_text(root)
    graph.take_words(words)
    graph.walk()
    return dict(sorted((graph.found | graph.data_files()).items()))


def package_of(root: str) -> str:
    """The top-level package of a root.

    Examples:
        >>> package_of("cnnbook.evidence.source:digest"), package_of("toy:measure")
        ('cnnbook', 'toy')
    """
    return root.partition(":")[0].partition(".")[0]


def code_hash(found: dict[str, str]) -> str:
    """One hash for what `definitions` found.

    Examples:
        >>> code_hash({"a": "1"}) == code_hash({"a": "2"})
        False
    """
    return digest("\n".join(f"{name} {value}" for name, value in sorted(found.items())).encode())


def by_module(found: dict[str, str]) -> dict[str, str]:
    """One hash a module (a data file: as it is), to say where something has changed.

    Examples:
        >>> list(by_module({"a.b:f": "1", "a.b:g": "2", "a/c.npz": "3"}))
        ['a.b', 'a/c.npz']
    """
    groups: dict[str, dict[str, str]] = {}
    for name, value in found.items():
        groups.setdefault(name.partition(":")[0], {})[name] = value
    return {name: code_hash(group) for name, group in sorted(groups.items())}


class _Graph:
    """What has been reached so far, and what is still to be looked at."""

    def __init__(self, package: Package, left_out: tuple[str, ...]) -> None:
        self.package, self.left_out = package, left_out
        self.found: dict[str, str] = {}
        self._words: set[str] = set()
        self._seen: set[tuple[str, str]] = set()
        self._waiting: list[tuple[str, str]] = []
        self._modules: dict[str, Source | None] = {}
        self._named = re.compile(rf"{package.name}(\.\w+)+(:\w+(\.\w+)*)?")

    def source(self, module: str) -> Source | None:
        """None outside the package, and where it does not count."""
        if module not in self._modules:
            out = any(module == name or module.startswith(f"{name}.") for name in self.left_out)
            known = not out and self.package.file(module) is not None
            self._modules[module] = self.package.source(module) if known else None
        return self._modules[module]

    def reach(self, module: str, name: str) -> None:
        if (module, name) not in self._seen:
            self._seen.add((module, name))
            self._waiting.append((module, name))

    def reach_module(self, module: str) -> None:
        """All of a module."""
        if source := self.source(module):
            self.reach(module, AT_IMPORT)
            for name in source.definitions:
                self.reach(module, name)

    def reach_chain(self, module: str, names: tuple[str, ...]) -> None:
        """What ``module.a.b`` is: a definition of a module inside, or a module as a whole."""
        while names and self.package.file(f"{module}.{names[0]}"):
            module, names = f"{module}.{names[0]}", names[1:]
        if names:
            self.reach_name(module, names[0], names[1:])
        else:
            self.reach_module(module)

    def reach_name(self, module: str, name: str, attributes: tuple[str, ...] = ()) -> None:
        """A name of a module: defined there, imported there, or answered by it."""
        source = self.source(module)
        if source is None:
            return
        self.reach(module, AT_IMPORT)
        if name in source.definitions:
            self.reach(module, name)
        elif name in source.imports:
            self.reach_import(module, source.imports, name, attributes)
        elif source.answers_names:
            for inner in self.package.inside(module):
                self.reach_module(inner)
        else:
            for star in source.stars:
                self.reach_name(self._absolute(module, star), name, attributes)

    def reach_import(self, module: str, imports: Imports, name: str, attributes: tuple[str, ...]) -> None:
        origin, there = imports[name]
        origin = self._absolute(module, origin)
        if there is None:
            self.reach_chain(origin, attributes)
        elif self.package.file(f"{origin}.{there}"):
            self.reach_chain(f"{origin}.{there}", attributes)
        else:
            self.reach_name(origin, there, attributes)

    def reach_text(self, text: str) -> None:
        """What a string names: ``"package.module"`` or ``"package.module:name"``."""
        module, colon, name = text.partition(":")
        if colon:
            self.reach_chain(module, tuple(name.split(".")))
        else:
            self.reach_module(module)

    def take_words(self, words: Iterable[str]) -> None:
        for word in set(words) - self._words:
            self._words.add(word)
            if self._named.fullmatch(word) and self.package.file(word.partition(":")[0]):
                self.reach_text(word)

    def walk(self) -> None:
        """Follow everything."""
        while self._waiting:
            module, name = self._waiting.pop()
            source = self.source(module)
            if source is None:
                continue
            if name != AT_IMPORT:
                self._follow(module, name, source, source.definitions[name])
                continue
            if source.at_import:
                self._follow(module, name, source, source.at_import)
            for origin, there in source.imports.values():  # they are imported with it, used or not
                origin = self._absolute(module, origin)
                self.reach(origin, AT_IMPORT)
                if there and self.package.file(f"{origin}.{there}"):
                    self.reach(f"{origin}.{there}", AT_IMPORT)
            if "." in module:
                self.reach(module.rpartition(".")[0], AT_IMPORT)

    def _follow(self, module: str, name: str, source: Source, definition: Definition) -> None:
        foreign = self._foreign(source, definition)
        self.found[f"{module}:{name}"] = digest("\n".join([definition.digest, *foreign]).encode())
        self.take_words(definition.words)
        if definition.anything:
            self.reach_module(module)
        for inner in definition.imports:
            if inner.startswith("import "):
                self.reach(definition.imports[inner][0], AT_IMPORT)
        for head, *attributes in definition.chains:
            if head in definition.imports:
                self.reach_import(module, definition.imports, head, tuple(attributes))
            elif head in source.definitions or head in source.imports or source.stars:
                self.reach_name(module, head, tuple(attributes))

    def _foreign(self, source: Source, definition: Definition) -> list[str]:
        """What a definition uses of other packages: a name alone does not tell what it is."""
        imports, found = source.imports | definition.imports, set()
        for head in {head for head, *_ in definition.chains}.intersection(imports):
            origin, there = imports[head]
            if origin.partition(".")[0] not in ("", self.package.name):  # "" of one that begins with dots
                found.add(f"{head} is {origin}:{there or ''}")
        return sorted(found)

    def data_files(self) -> dict[str, str]:
        """The hashes of the files beside the modules that a string names."""
        files = {}
        for module, _ in self._seen:
            path = self.package.file(module) if self.source(module) else None
            if path and path.name == "__init__.py":
                files |= {file: None for file in _data_files(path.parent)}
        return {
            file.relative_to(self.package.base).as_posix(): digest(_content(file))
            for file in files
            if file.name in self._words or file.stem in self._words
        }

    def _absolute(self, module: str, origin: str) -> str:
        level = len(origin) - len(origin.lstrip("."))
        if not level:
            return origin
        path = self.package.file(module)
        package = module if path and path.name == "__init__.py" else module.rpartition(".")[0]
        start = ".".join(package.split(".")[: len(package.split(".")) - level + 1])
        return ".".join(part for part in (start, origin[level:]) if part)


def _data_files(folder: Path) -> Iterator[Path]:
    """The files of one package that are no modules, in folders that are no packages."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix not in (".py", ".pyc"):
            yield path
        elif path.is_dir() and path.name != "__pycache__" and not (path / "__init__.py").exists():
            yield from _data_files(path)


def _content(file: Path) -> bytes:
    data = file.read_bytes()
    return data.replace(b"\r\n", b"\n") if file.suffix in TEXTS else data


def _place(package: str) -> tuple[Path, Path]:
    """The folder that a top-level package (or module) lies in, and itself, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"no source file for module {package!r}")
    origin = Path(spec.origin)
    return (origin.parent.parent, origin.parent) if spec.submodule_search_locations else (origin.parent, origin)
