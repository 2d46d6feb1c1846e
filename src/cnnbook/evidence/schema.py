"""The shape of the file of claims, as JSON Schema (2020-12), and one way to complain.

Unknown keys are refused everywhere: a misspelt key is an error, not a silence.
"""

from __future__ import annotations

from typing import Any

import jsonschema

from cnnbook.evidence.rules import Expect

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


BILINGUAL = table({"zh": TEXT, "en": TEXT})

_COMPARISON = {
    "metric": TEXT,
    "treatment": TEXT,
    "baseline": TEXT,
    "expect": {"enum": [str(expect) for expect in Expect]},
    "smallest_effect": {"type": "number", "exclusiveMinimum": 0},
}
_AT = {"at": NUMBER}
_ALL = {"all": several(table(_COMPARISON, _AT), at_least=2)}


def rule(body: dict[str, Any]) -> dict[str, Any]:
    """The schema of a rule, chosen by what the rule says it is, so that a complaint is about that kind."""
    if "cases" in body:
        cases = [
            table({"when": BILINGUAL} | _ALL) if "all" in case else table({"when": BILINGUAL} | _COMPARISON, _AT)
            for case in _tables(body["cases"])
        ]
        return table({"cases": {"type": "array", "prefixItems": cases, "minItems": 2}})
    return table(_ALL) if "all" in body else table(_COMPARISON, _AT)


def _tables(value: Any) -> list[dict[str, Any]]:
    return [one if isinstance(one, dict) else {} for one in value] if isinstance(value, list) else []


CLAIM = {
    "id": {"type": "string", "pattern": r"^[a-z0-9]+(-[a-z0-9]+)*$"},
    "topic": {"type": "string", "pattern": r"^[a-z_]+/[a-z_]+$"},
    "kind": {"enum": ["proof", "experiment"]},
    "statement": BILINGUAL,
}
CLAIM_OPTIONAL = {"source": BILINGUAL, "citations": several(TEXT, unique=True)}
PROOF = table(
    CLAIM
    | {
        "tests": several({"type": "string", "pattern": r"^tests/\S+\.py::\S+$"}, unique=True),
        "passing_means": {"enum": ["holds", "refuted", "conditional"]},
    },
    CLAIM_OPTIONAL | {"condition": BILINGUAL},
)
REFERENCE = table(
    {"title": TEXT, "authors": TEXT, "year": {"type": "integer", "minimum": 1900}},
    {"url": {"type": "string", "pattern": "^https://"}},
)


def experiment_claim(body: dict[str, Any]) -> dict[str, Any]:
    """The schema of a claim that an experiment decides."""
    chosen = rule(body["rule"]) if isinstance(body.get("rule"), dict) else {"type": "object"}
    return table(CLAIM | {"experiment": TEXT, "rule": chosen}, CLAIM_OPTIONAL)


def complaint(instance: Any, schema: dict[str, Any]) -> str | None:
    """The first rule that is broken and where, or None.

    Examples:
        >>> complaint({"zh": "一"}, BILINGUAL)
        "'en' is a required property"
        >>> complaint({"zh": 1, "en": "one"}, BILINGUAL)
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
