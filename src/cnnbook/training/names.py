"""Names of functions in a configuration, by which another process finds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def name_of(function: str | Callable[..., Any]) -> str:
    """The name under which another process finds a function.

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


def one_of(what: str, value: str, choices: tuple[str, ...]) -> None:
    """Refuse a value that is not among the choices.

    Raises:
        ValueError: It is not; the message lists them.
    """
    if value not in choices:
        raise ValueError(f"{what} must be one of {', '.join(choices)}, got {value!r}")
