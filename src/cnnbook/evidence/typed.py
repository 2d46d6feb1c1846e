"""Plain values as typed ones (by msgspec), with an error that names the key and the value.

msgspec says where an error is, but of a mapping not under which key, and never the value; both are found here.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
STEP = re.compile(r"\.(\w+)|\[(\d+)\]|(\[\.\.\.\])")
FIELD = re.compile(r"Object (contains unknown|missing required) field `(.*?)`")
LONGEST = 200  # characters of a value in a message


def typed(value: Any, kind: type[T]) -> T:
    """A plain value, as JSON or TOML gives it, as one of a type.

    Raises:
        ValueError: it is not of this type; the message names key, rule and value.

    Examples:
        >>> typed({"a": [1, 2]}, dict[str, tuple[int, ...]])
        {'a': (1, 2)}
        >>> typed({"a": [1], "b": [1, "2"]}, dict[str, list[int]])
        Traceback (most recent call last):
            ...
        ValueError: b[1]: expected `int`, got '2'
    """
    try:
        return _convert(value, kind)
    except msgspec.ValidationError as error:
        raise ValueError(_explained(value, kind, str(error))) from None


def _convert(value: Any, kind: type[T]) -> T:
    return msgspec.convert(value, kind, str_keys=True)


def _explained(value: Any, kind: Any, message: str) -> str:
    rule, _, place = message.partition(" - at `")
    path = _path(value, kind, place.removeprefix("key` in `").strip("`").removeprefix("$"))
    got = _at(value, path)
    if field := FIELD.search(rule):
        where = _shown([*path, field[2]])
        if field[1] == "missing required":
            return f"{where} is missing"
        return f"{where}: there is no such key, got {_short(got[field[2]])}"
    rule = rule[0].lower() + rule[1:]
    return f"{_shown(path)}: {rule.partition(', got')[0]}, got {_short(got)}".removeprefix(": ")


def _path(value: Any, kind: Any, place: str) -> list[Any]:
    """The keys that lead to what is wrong. Which key of a mapping it is under, is tried out."""
    path: list[Any] = []
    for field, index, some in STEP.findall(place):
        if some:
            here = _at(value, path)
            path.append(next((key for key in here if _fails(_narrowed(value, path, key), kind)), next(iter(here))))
        else:
            path.append(int(index) if index else field)
    return path


def _fails(value: Any, kind: Any) -> bool:
    try:
        _convert(value, kind)
    except msgspec.ValidationError:
        return True
    return False


def _narrowed(value: Any, path: list[Any], key: Any) -> Any:
    """The value, with nothing but one key in the mapping that the path leads to."""
    if not path:
        return {key: value[key]}
    inner = _narrowed(value[path[0]], path[1:], key)
    if isinstance(value, dict):
        return value | {path[0]: inner}
    return [inner if place == path[0] else one for place, one in enumerate(value)]


def _at(value: Any, path: list[Any]) -> Any:
    for step in path:
        value = value[step]
    return value


def _shown(path: list[Any]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
