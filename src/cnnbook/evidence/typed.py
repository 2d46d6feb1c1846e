"""A table of a file as a typed object; where it does not fit, one line that names key and value.

The shapes are `msgspec` structs that refuse unknown keys: a misspelt key is an error, not a silence.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

import msgspec

Filled = Annotated[str, msgspec.Meta(pattern=r"\S")]
Kind = TypeVar("Kind")

WORDS = {"object": "a table", "array": "a list", "float": "a number", "int": "a whole number", "str": "a string"}


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every shape of a table is made from."""


class Bilingual(Table, frozen=True):
    """A sentence as a file writes it: both languages, and nothing else."""

    zh: Filled
    en: Filled


def typed(table: Any, kind: type[Kind], place: str = "") -> Kind:
    """A table as an object of a kind.

    Args:
        table: what a TOML or JSON parser gave.
        kind: a kind of `Table`.
        place: the key under which the table lies, for messages.

    Raises:
        ValueError: the first rule that is broken, with key and value.

    Examples:
        >>> typed({"zh": "一", "en": "one"}, Bilingual)
        Bilingual(zh='一', en='one')
        >>> typed({"zh": "一", "eng": "one"}, Bilingual, "statement")
        Traceback (most recent call last):
        ValueError: statement.eng is an unknown key, got 'one'; did you mean 'en'?
        >>> typed({"zh": "一", "en": 1}, Bilingual)
        Traceback (most recent call last):
        ValueError: en must be a string, got 1
        >>> typed({"a": {"0": [1.0]}, "b": {"9": [1.0, "2"]}}, dict[str, dict[float, list[float]]], "curves")
        Traceback (most recent call last):
        ValueError: curves.b.9[1] must be a number, got '2'
    """
    try:
        return _convert(table, kind)
    except msgspec.ValidationError as error:
        raise ValueError(_complaint(str(error), table, kind, place)) from error
    except RecursionError as error:
        raise ValueError(f"{place or 'the table'} must not be nested so deeply") from error


def _convert(table: Any, kind: type[Kind]) -> Kind:
    return msgspec.convert(table, kind, str_keys=True)  # numbers may be keys, as JSON and TOML write them


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a message about a word that is not known: what may have been meant, or nothing.

    Examples:
        >>> nearest("metrics", ["metric", "treatment"]), nearest("x", ["metric"])
        ("; did you mean 'metric'?", '')
    """
    return "".join(f"; did you mean {near!r}?" for near in difflib.get_close_matches(word, known, n=1, cutoff=0.5))


def _complaint(message: str, table: Any, kind: Any, place: str) -> str:
    """What `msgspec` says, as in ``Expected `int`, got `str` - at `$.year```, with key and value and in our words."""
    said = re.fullmatch(r"(.*?)(?: - at (`key` in )?`\$(.*)`)?", message, re.S)
    rule, named, path = said.groups() if said else (message, None, None)
    info: Any = msgspec.inspect.type_info(kind)
    value, keys = table, []
    for name, index, some in re.findall(r"\.(\w+)|\[(\d+)\]|(\[\.\.\.\])", path or ""):
        if some:  # a key of a mapping, which msgspec does not tell
            name = next((key for key in value if _fails(_alone(table, keys, key), kind)), next(iter(value)))
        key = int(index) if index else name
        info, value = _inside(info, name), value[key]
        keys.append(key)
        place += f"[{index}]" if index else f".{on_one_line(name)}"
    place = place.lstrip(".")
    if named:
        return f"{place}: {_demand(rule, info.key_type).replace('must', 'keys must', 1)}, got {_short(list(value))}"
    if missing := re.fullmatch(r"Object missing required field `(.*)`", rule, re.S):
        return f"{place}.{missing[1]} is missing".lstrip(".")
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", rule, re.S):
        key, known = unknown[1], [field.encode_name for field in info.fields]
        name = key if key.isidentifier() else repr(key)
        return f"{place}.{name} is an unknown key, got {_short(value[key])}{nearest(key, known)}".lstrip(".")
    return f"{place} {_demand(rule, info)}, got {_short(value)}".lstrip()


def _fails(table: Any, kind: Any) -> bool:
    try:
        _convert(table, kind)
    except msgspec.ValidationError:
        return True
    return False


def _alone(table: Any, keys: list[Any], key: Any) -> Any:
    """The table, in which the mapping that ``keys`` lead to has but one key."""
    if not keys:
        return {key: table[key]}
    inner = _alone(table[keys[0]], keys[1:], key)
    if isinstance(table, dict):
        return table | {keys[0]: inner}
    return [inner if place == keys[0] else one for place, one in enumerate(table)]


def _inside(info: Any, name: str) -> Any:
    """The type of a field or of a mapping's values, or of a list's items where there is no name; what may be absent
    counts as there."""
    if isinstance(info, msgspec.inspect.DictType):
        return info.value_type
    info = next(field.type for field in info.fields if field.encode_name == name) if name else info.item_type
    if isinstance(info, msgspec.inspect.UnionType):
        info = next(one for one in info.types if not isinstance(one, msgspec.inspect.NoneType))
    return info


def _demand(rule: str, info: Any) -> str:
    """What a value must be."""
    if isinstance(info, msgspec.inspect.LiteralType):
        return f"must be {' or '.join(map(repr, info.values))}"
    if isinstance(info, msgspec.inspect.EnumType):
        return f"must be {' or '.join(repr(str(member)) for member in info.cls)}"
    if "regex" in rule:
        return f"must match {info.pattern}"
    said = re.fullmatch(r"Expected `(.*?)(?: \| null)?`(?:, got `.*`)?(.*)", rule, re.S)
    expected, rest = said.groups() if said else (rule, "")
    return f"must be {WORDS.get(expected, expected)}{rest}"


def on_one_line(key: str) -> str:
    """A key as a message prints it: as it is, or quoted where it would break the line.

    Examples:
        >>> print(on_one_line("none"), on_one_line("no\\nne"))
        none 'no\\nne'
    """
    return key if key.isprintable() and key else repr(key)


def _short(value: Any) -> str:
    try:
        text = repr(value)
    except RecursionError:
        return f"a {type(value).__name__} that is nested too deeply"
    return text if len(text) <= 200 else f"{text[:200]}…"
