"""Names of functions, by which another process finds them: ``name_of`` and, its inverse, ``resolve``."""

from __future__ import annotations

import difflib
import importlib
import inspect
from collections.abc import Callable, Mapping
from typing import Any

Named = Any  # of a field of a configuration: it takes a function or its name, and holds the name, a string


def name_of(function: str | Callable[..., Any]) -> str:
    """The name under which another process finds a function; a string is one already.

    Raises:
        ValueError: It has none: a lambda, or a function defined inside another or in the main program.

    Examples:
        >>> import math
        >>> name_of(math.sqrt)
        'math:sqrt'
    """
    if isinstance(function, str):
        return function
    module, name = getattr(function, "__module__", ""), getattr(function, "__qualname__", repr(function))
    if not module or module == "__main__" or "<" in name:
        raise ValueError(f"a function in a configuration must be importable by name, got {module or '?'}:{name}")
    return f"{module}:{name}"


def resolve(name: str, table: Mapping[str, Callable[..., Any]], kind: str) -> Callable[..., Any]:
    """The entry of a table, or the function that ``"package.module:function"`` names.

    Raises:
        ValueError: There is neither; the message lists what there is.

    Examples:
        >>> resolve("math:sqrt", {}, "function")(4.0)
        2.0
    """
    if name in table:
        return table[name]
    module, colon, attribute = name.partition(":")
    if colon:
        try:
            found: Any = importlib.import_module(module)
            for part in attribute.split("."):
                found = getattr(found, part)
            return found
        except (ImportError, AttributeError) as error:
            raise ValueError(f"{kind} {name!r} cannot be imported: {error}") from error
    raise ValueError(f"{kind} must be one of {', '.join(sorted(table))} or 'package.module:function', got {name!r}")


def check_options(what: str, options: Mapping[str, Any], function: Callable[..., Any]) -> None:
    """Refuse options that a function does not take: a misspelt one would show when it is called, far from where it is.

    Raises:
        ValueError: One is none of its arguments; the message lists them and names the nearest.

    Examples:
        >>> check_options("network_options", {"hed": 0.5}, lambda head=0.0, unit="": None)
        Traceback (most recent call last):
        ValueError: network_options must be among head, unit, got 'hed'; did you mean 'head'?
    """
    taken = inspect.signature(function).parameters
    if any(one.kind is inspect.Parameter.VAR_KEYWORD for one in taken.values()):
        return
    for name in options:
        if name not in taken:
            near = difflib.get_close_matches(name, taken, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"{what} must be among {', '.join(taken)}, got {name!r}{hint}")


def one_of(what: str, value: str, choices: tuple[str, ...]) -> None:
    """Refuse a value that is not among the choices.

    Raises:
        ValueError: It is not; the message lists them.
    """
    if value not in choices:
        raise ValueError(f"{what} must be one of {', '.join(choices)}, got {value!r}")
