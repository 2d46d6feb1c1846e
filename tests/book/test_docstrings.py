"""Docstrings keep their promises: the examples run, and whoever calls a function of a part finds what is needed."""

import ast
import doctest
import importlib
import inspect
import os
import pkgutil
import re
import signal

import pytest

import cnnbook

PARTS = ("convolution", "parameters", "generalisation", "domains")
SECTIONS = ("Args", "Returns", "Raises", "Examples")
SOURCE = re.compile(r"\b(19|20)\d\d\b|arXiv:\d|``torch\.")  # a year, a preprint, or the library's own documentation
ARITHMETIC = {"sum", "prod", "einsum", "matmul", "mean", "conv", "exp", "log", "sqrt"}


def is_topic(name: str) -> bool:
    return name.count(".") == 2 and name.split(".")[1] in PARTS and not name.split(".")[2].startswith("_")


MODULES = [name for _, name, _ in pkgutil.walk_packages(cnnbook.__path__, "cnnbook.") if "__main__" not in name]
TOPICS = [name for name in MODULES if is_topic(name)]


def load(name: str):
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("cnnbook"):
            raise
        pytest.skip(f"{name} needs {error.name}")


def public(module) -> list:
    """The functions of a topic: its own, or what its ``__all__`` names, from the private modules beside it as well."""
    own = [name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__]
    names = getattr(module, "__all__", own)
    return [
        getattr(module, name)
        for name in names
        if not name.startswith("_") and inspect.isfunction(getattr(module, name))
    ]


def computes(function: str, tree: ast.Module) -> bool:
    """Whether a function, or a private one of its module that it calls, does arithmetic."""
    bodies = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    ahead, seen = [function], set()
    while ahead:
        seen.add(name := ahead.pop())
        for node in (inner for statement in bodies[name].body for inner in ast.walk(statement)):
            if isinstance(node, ast.BinOp | ast.AugAssign) and not isinstance(node.op, ast.BitOr):
                return True
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in ARITHMETIC:
                    return True
                if called.startswith("_") and called in bodies and called not in seen:
                    ahead.append(called)
    return False


def wanting(function, tree: ast.Module) -> list[str]:
    """What a public function's docstring does not say."""
    text = inspect.getdoc(function) or ""
    found = [section for section in SECTIONS if not re.search(rf"^{section}:\n +\S", text, re.M)]
    found += ["an example that runs"] if ">>>" not in text else []
    found += (
        ["an equation, $$…$$"]
        if computes(function.__name__, tree) and not re.search(r"\$\$.+?\$\$", text, re.S)
        else []
    )
    arguments = re.search(r"^Args:\n(.*?)(?=^\S|\Z)", text, re.M | re.S)
    told = set(re.findall(r"^ +(\w+):", arguments[1], re.M)) if arguments else set()
    found += [f"the argument {name}" for name in inspect.signature(function).parameters if name not in told]
    return found


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_run(name, monkeypatch, tmp_path):
    if name == "cnnbook.exercises.limits" and not hasattr(signal, "setitimer"):
        pytest.skip("its example is endless where no signal ends it")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))  # an example removes no folder that it makes
    before = os.environ.get("CNNBOOK_DATA")
    result = doctest.testmod(load(name))
    assert result.failed == 0
    assert os.environ.get("CNNBOOK_DATA") == before  # the reader's folder is the reader's
    assert result.attempted or name not in TOPICS, f"{name} has no example"


@pytest.mark.parametrize("name", TOPICS)
def test_public_functions_say_what_a_caller_needs(name):
    module = load(name)
    found = {
        function.__name__: wanting(function, ast.parse(inspect.getsource(inspect.getmodule(function))))
        for function in public(module)
    }
    assert found, f"{name} has no public function"
    assert not any(found.values()), f"{name}: the docstring lacks: {found}"


@pytest.mark.parametrize("name", TOPICS)
def test_a_topic_names_its_sources(name):
    references = re.search(r"^References:\n((?: +\S.*\n?)+)", inspect.getdoc(load(name)) or "", re.M)
    assert references and SOURCE.search(references[1]), f"{name}: its docstring has no References with a source"


BARE = '''
def area(size, ratio):
    """Say how large it is.

    Args:
        size: pixels.

    Examples:
        >>> area(2, 3)
        12
    """
    return _area(size, ratio)


def _area(size, ratio):
    return size * size * ratio


def same(size):
    return size
'''


def test_what_is_wanting_is_found():
    space, tree = {}, ast.parse(BARE)
    exec(BARE, space)
    assert wanting(space["area"], tree) == ["Returns", "Raises", "an equation, $$…$$", "the argument ratio"]
    assert wanting(space["same"], tree) == [*SECTIONS, "an example that runs", "the argument size"]
