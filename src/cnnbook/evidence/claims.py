"""The claims of the chapter, read from ``claims.toml`` and checked on the way in.

A *proof* claim is decided by tests: they pass, and ``passing_means`` says what that does to the statement, for a test
may show that a statement is false. An *experiment* claim is decided by a rule over a result. Nothing in the file says
what came out of an experiment.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cnnbook.evidence import schema
from cnnbook.evidence.errors import ClaimError
from cnnbook.evidence.paths import CLAIMS_FILE, shown
from cnnbook.evidence.rules import Rule, parse_rule
from cnnbook.evidence.text import Text


@dataclass(frozen=True)
class Reference:
    """A work that is cited.

    Attributes:
        key: the arXiv id, or a word where the work is not on arXiv.
        url: where to read it.
    """

    key: str
    title: str
    authors: str
    year: int
    url: str


@dataclass(frozen=True)
class Claim:
    """A statement that can be true or false, and what decides it.

    Attributes:
        id: unique, with hyphens; what pages refer to.
        topic: ``part/topic``, where it belongs.
        statement: what is claimed, in both languages.
        source: what the source chapter (or another book) says about it, in our words; may be absent.
        kind: ``"proof"`` or ``"experiment"``.
        tests: of a proof: pytest node ids, all of which must pass.
        passing_means: of a proof: ``"holds"``, ``"refuted"``, or ``"conditional"``, and then ``condition`` says when.
        experiment: of an experiment: the experiment's name.
        rule: of an experiment: how its result decides.
    """

    id: str
    topic: str
    kind: str
    statement: Text
    source: Text | None
    citations: tuple[Reference, ...]
    tests: tuple[str, ...] = ()
    passing_means: str | None = None
    condition: Text | None = None
    experiment: str | None = None
    rule: Rule | None = None


def read_claims(path: Path = CLAIMS_FILE) -> dict[str, Claim]:
    """Every claim by id, in the order of the file.

    Raises:
        ClaimError: the file breaks a rule; the message names file, claim, rule and value.

    Examples:
        >>> read_claims()["deconvolution"].passing_means
        'refuted'
    """
    return dict(_read(path, path.stat().st_mtime_ns if path.exists() else 0))


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> dict[str, Claim]:
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ClaimError(f"{shown(path)}: cannot be read as TOML: {error}") from error
    top = schema.table({"references": {"type": "object"}, "claim": schema.several({"type": "object"})})
    _demand(schema.complaint(body, top), path, "the file")
    references = {}
    for key, row in body["references"].items():
        _demand(schema.complaint(row, schema.REFERENCE), path, f"reference {key!r}")
        references[key] = Reference(key=key, **({"url": f"https://arxiv.org/abs/{key}"} | row))
    claims: dict[str, Claim] = {}
    for number, row in enumerate(body["claim"], start=1):
        who = f"claim {row['id']!r}" if "id" in row else f"claim number {number}"
        _demand(_complaint(row, references, claims), path, who)
        claims[row["id"]] = _claim(row, references)
    return claims


def _complaint(row: Mapping[str, Any], references: Mapping[str, Any], before: Mapping[str, Any]) -> str | None:
    kind = row.get("kind")
    shapes = {"proof": schema.PROOF, "experiment": schema.experiment_claim(dict(row))}
    if kind not in shapes:
        return f"kind must be 'proof' or 'experiment', got {kind!r}"
    broken = schema.complaint(dict(row), shapes[kind])
    if broken:
        return broken
    if row["id"] in before:
        return f"an id must be used once, got {row['id']!r} again"
    for key in row.get("citations", []):
        if key not in references:
            return f"citations must be keys of [references], got {key!r}"
    if kind == "proof" and (row["passing_means"] == "conditional") != ("condition" in row):
        got = f"passing_means = {row['passing_means']!r} {'with' if 'condition' in row else 'without'} a condition"
        return f"a condition must be given where passing_means is 'conditional', and only there, got {got}"
    return None


def _claim(row: Mapping[str, Any], references: Mapping[str, Reference]) -> Claim:
    return Claim(
        id=row["id"],
        topic=row["topic"],
        kind=row["kind"],
        statement=Text.of(row["statement"]),
        source=Text.of(row["source"]) if "source" in row else None,
        citations=tuple(references[key] for key in row.get("citations", [])),
        tests=tuple(row.get("tests", ())),
        passing_means=row.get("passing_means"),
        condition=Text.of(row["condition"]) if "condition" in row else None,
        experiment=row.get("experiment"),
        rule=parse_rule(row["rule"]) if "rule" in row else None,
    )


def _demand(broken: str | None, path: Path, who: str) -> None:
    if broken:
        raise ClaimError(f"{shown(path)}: {who}: {broken}")
