"""How a claim is decided by a result, as its file writes it down before anything is measured.

A rule is one comparison, or several of which ``all`` must hold, or ``cases``, each with the condition under which it is
looked at. A comparison says what the claim expects of the treatment, and from which size on an effect is of interest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta

from cnnbook.evidence.text import Text
from cnnbook.evidence.typed import Bilingual, Filled, Table, typed


class Expect(StrEnum):
    """What a claim expects of the treatment; "better" is higher or lower as the metric's direction says."""

    BETTER = "better"
    WORSE = "worse"
    NOT_BETTER = "not better"
    NOT_WORSE = "not worse"
    SAME = "same"
    DIFFERENT = "different"


class Comparison(Table, frozen=True):
    """One look: a treatment against a baseline in one metric.

    Attributes:
        treatment: an arm, or a sum of arms (see `cnnbook.evidence.sums`); ``baseline`` likewise.
        smallest_effect: in the metric's unit and above zero; anything smaller counts as no difference.
        at: the point of the metric's curve that is looked at; None for the metric's figure itself.
    """

    metric: Filled
    treatment: Filled
    baseline: Filled
    expect: Expect
    smallest_effect: Annotated[float, Meta(gt=0)]
    at: float | None = None


class All(Table, frozen=True, rename={"parts": "all"}):
    """Holds where every part holds, refuted where one part is."""

    parts: Annotated[tuple[Comparison, ...], Meta(min_length=2)]


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


class _Cases(Table, frozen=True):
    cases: Annotated[tuple[dict[str, Any], ...], Meta(min_length=2)]


class _When(Table, frozen=True):
    when: Bilingual


def read_rule(table: dict[str, Any], place: str = "rule") -> Rule:
    """A rule from its table in a file; which of the three it is, its keys say.

    Raises:
        ValueError: the table has the shape of none of them; the message names key and value.

    Examples:
        >>> table = {"metric": "loss", "treatment": "b", "baseline": "a", "expect": "better", "smallest_effect": 0.1}
        >>> read_rule(table | {"at": 20}).at
        20.0
        >>> read_rule({"all": [table, table | {"expect": "worse"}]}).parts[1].expect
        <Expect.WORSE: 'worse'>
        >>> read_rule({"all": [table, table | {"smallest_effect": 0}]})
        Traceback (most recent call last):
        ValueError: rule.all[1].smallest_effect must be a number > 0.0, got 0
    """
    if "cases" not in table:
        return _plain(table, place)
    cases = typed(table, _Cases, place).cases
    return Cases(tuple(_case(case, f"{place}.cases[{index}]") for index, case in enumerate(cases)))


def _case(table: dict[str, Any], place: str) -> Case:
    when = typed({key: table[key] for key in ("when",) if key in table}, _When, place).when
    return Case(Text(when.zh, when.en), _plain({key: table[key] for key in table if key != "when"}, place))


def _plain(table: dict[str, Any], place: str) -> Comparison | All:
    return typed(table, All if "all" in table else Comparison, place)


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
