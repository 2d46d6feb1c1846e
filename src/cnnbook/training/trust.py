"""What a configuration of ``cnnbook-train`` may name: the book's own parts, torch's layers, Lightning's classes.

A name such as ``data: subprocess:getoutput`` is looked up and called; a configuration from elsewhere could so run any
program. Hence functions and classes of other packages, your own among them, are let in by ``--trust`` alone, on the
command line, where no configuration can reach.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cnnbook.errors import CnnbookError

FUNCTIONS = (  # rooms that compute, and neither write files nor start programs
    *("cnnbook.convolution", "cnnbook.parameters", "cnnbook.generalisation", "cnnbook.domains"),
    *("cnnbook.data.sources", "cnnbook.training.losses", "cnnbook.training.networks", "cnnbook.experiments"),
    "torch.nn",
)
CLASSES = ("cnnbook.training", "torch", "pytorch_lightning", "lightning", "torchmetrics", *FUNCTIONS)
NAME = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")  # "package.module:function", wherever it stands
OPTION = "--trust"


class TrustError(CnnbookError, ValueError):
    """A configuration names a function or a class that is neither the book's nor trusted."""


def trusted(arguments: Sequence[str]) -> tuple[str, ...]:
    """The packages that a command line trusts.

    Examples:
        >>> trusted(["fit", "--trust", "mine,ours.layers", "--config=run.yaml"])
        ('mine', 'ours.layers')
    """
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument(OPTION, action="append", default=[])
    found = parser.parse_known_args(list(arguments))[0].trust
    return tuple(name.strip() for one in found for name in one.split(",") if name.strip())


def check(config: Any, more: Sequence[str] = ()) -> None:
    """Refuse a configuration that names what is not trusted, before anything of it is called.

    Args:
        config: Plain values, tables and lists.
        more: Packages and modules to trust beside the book's.

    Raises:
        TrustError: The first name that is not trusted.

    Examples:
        >>> check({"data": {"data": "cnnbook.data.sources:super_resolution"}})
        >>> check({"data": {"data": "subprocess:getoutput"}})  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        cnnbook.training.trust.TrustError: a configuration may name functions of cnnbook and torch.nn alone, got ...
    """
    for key, name in _names(config):
        if key == "class_path":
            _require(name, name.rpartition(".")[0], (*CLASSES, *more), "classes of cnnbook, torch and Lightning")
        else:
            allowed, what = (*FUNCTIONS, *more), "functions of cnnbook and torch.nn"
            _require(name, name.partition(":")[0], allowed, what)  # before the module is imported
            _require(name, _home(name), allowed, what)


def _require(name: str, place: str, allowed: Sequence[str], what: str) -> None:
    if not _inside(place, allowed):
        raise TrustError(
            f"a configuration may name {what} alone, got {name!r}; "
            f"if it is yours, or you have read what it does: {OPTION} {place}"
        )


def _names(config: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every name of a function or a class, with the key that it is the value of."""
    if isinstance(config, Mapping):
        for inner, value in config.items():
            yield from _names(value, str(inner))
    elif isinstance(config, list | tuple | set):
        for value in config:
            yield from _names(value, key)
    elif isinstance(config, str):
        if key == "class_path" or NAME.fullmatch(config):
            yield key, config
    elif inspect.isroutine(config) or inspect.isclass(config):
        yield key, f"{getattr(config, '__module__', '?')}:{getattr(config, '__qualname__', '?')}"


def _inside(module: str, packages: Sequence[str]) -> bool:
    return any(module == one or module.startswith(f"{one}.") for one in packages)


def _home(name: str) -> str:
    """The module that defines what a name leads to: of ``torch.nn.functional:importlib.import_module`` another one."""
    module, _, path = name.partition(":")
    try:
        found: Any = importlib.import_module(module)
        for part in path.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError):
        return module  # there is none: whoever looks it up says so
    return getattr(found, "__module__", None) or "?"
