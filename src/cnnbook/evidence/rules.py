"""How a claim is decided by a result, as ``claims.toml`` writes it down before anything is measured.

A rule is one comparison, or several of which ``all`` must hold, or ``cases``, each with the condition under which it is
looked at. A comparison says what the claim expects of the treatment, and from which size on an effect is of interest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cnnbook.evidence.text import Text


class Expect(StrEnum):
    """What a claim expects of the treatment; "better" is higher or lower as the metric's direction says."""

    BETTER = "better"
    WORSE = "worse"
    NOT_BETTER = "not better"
    NOT_WORSE = "not worse"
    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Comparison:
    """One look: a treatment against a baseline in one metric.

    Attributes:
        treatment: an arm, or a sum of arms (see `cnnbook.evidence.sums`); ``baseline`` likewise.
        smallest_effect: in the metric's unit and above zero; anything smaller counts as no difference.
        at: the point of the metric's curve that is looked at; None for the metric's figure itself.
    """

    metric: str
    treatment: str
    baseline: str
    expect: Expect
    smallest_effect: float
    at: float | None = None


@dataclass(frozen=True)
class All:
    """Holds where every part holds, refuted where one part is."""

    parts: tuple[Comparison, ...]


@dataclass(frozen=True)
class Case:
    """A rule that is looked at under a named condition."""

    when: Text
    rule: Comparison | All


@dataclass(frozen=True)
class Cases:
    """The same claim under several conditions: holds or is refuted where all cases agree, else it is conditional."""

    cases: tuple[Case, ...]


Rule = Comparison | All | Cases


def parse_rule(table: Mapping[str, Any]) -> Rule:
    """A rule from its table, whose shape `cnnbook.evidence.claims` has checked.

    Examples:
        >>> table = {"metric": "loss", "treatment": "b", "baseline": "a", "expect": "better", "smallest_effect": 0.1}
        >>> parse_rule(table | {"at": 20}).at
        20
    """
    if "all" in table:
        return All(tuple(parse_rule(part) for part in table["all"]))
    if "cases" in table:
        return Cases(tuple(Case(Text.of(case["when"]), parse_rule(_without_when(case))) for case in table["cases"]))
    return Comparison(**{**table, "expect": Expect(table["expect"])})


def comparisons(rule: Rule) -> Iterator[Comparison]:
    """Every look a rule takes, in order."""
    if isinstance(rule, Comparison):
        yield rule
    elif isinstance(rule, All):
        for part in rule.parts:
            yield from comparisons(part)
    else:
        for case in rule.cases:
            yield from comparisons(case.rule)


def _without_when(case: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in case.items() if key != "when"}
