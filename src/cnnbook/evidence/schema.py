"""The shape of a result file, which people may bring along, as JSON Schema (2020-12), and one way to complain.

Unknown keys are refused everywhere: a misspelt key is an error, not a silence.
"""

from __future__ import annotations

from typing import Any

import jsonschema

TEXT = {"type": "string", "pattern": r"\S"}
NUMBER = {"type": "number"}


def table(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """The schema of an object with exactly these keys."""
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
        "additionalProperties": False,
    }


def mapping(values: dict[str, Any], names: str = r"\S") -> dict[str, Any]:
    """The schema of an object with any keys that match ``names``."""
    return {
        "type": "object",
        "propertyNames": {"pattern": names},
        "additionalProperties": values,
        "minProperties": 1,
    }


def several(items: dict[str, Any], at_least: int = 1, unique: bool = False) -> dict[str, Any]:
    """The schema of a list."""
    return {"type": "array", "items": items, "minItems": at_least, "uniqueItems": unique}


RESULT = table(
    {
        "format": {"const": "cnnbook-result-1"},
        "experiment": TEXT,
        "seeds": several({"type": "integer"}, at_least=2, unique=True),
        "baseline": TEXT,
        "metrics": mapping(table({"direction": {"enum": ["higher", "lower"]}, "unit": {"type": "string"}})),
        "figures": mapping(mapping(several({"type": ["number", "null"]}))),
        "configuration": mapping({}),
        "options": {"type": "object"},
        "quick": {"type": "boolean"},
        "versions": mapping({"type": "string"}),
        "device": TEXT,
        "seconds": {"type": "number", "minimum": 0},
        "code": table({"arms": mapping(TEXT), "modules": mapping(TEXT)}),
        "probe": {"type": "object", "additionalProperties": several({"type": ["number", "null"]})},
        "checksum": TEXT,
    }
)


def complaint(instance: Any, schema: dict[str, Any]) -> str | None:
    """The first rule that is broken and where, or None.

    Examples:
        >>> complaint({"zh": "一"}, table({"zh": TEXT, "en": TEXT}))
        "'en' is a required property"
        >>> complaint({"zh": 1}, table({"zh": TEXT}))
        "zh: 1 is not of type 'string'"
    """
    validator = jsonschema.Draft202012Validator(schema)
    error = min(
        validator.iter_errors(instance), key=lambda one: [str(step) for step in one.absolute_path], default=None
    )
    if error is None:
        return None
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path).lstrip(".")
    message = error.message if len(error.message) < 300 else f"{error.message[:300]}…"
    return f"{place}: {message}" if place else message
