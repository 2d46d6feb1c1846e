"""The claims of the chapter, read from ``claims/<part>/<topic>.toml`` and checked on the way in.

A *proof* claim is decided by tests: they pass, and ``passing_means`` says what that does to the statement, for a test
may show that a statement is false. An *experiment* claim is decided by a rule over a result, written down before the
experiment is run. Nothing in the files says what came out of an experiment. What claims cite stands in
``claims/references.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from cnnbook.evidence import paths, topics
from cnnbook.evidence.errors import ClaimError
from cnnbook.evidence.rules import Rule, read_rule
from cnnbook.evidence.text import Text
from cnnbook.evidence.typed import Bilingual, Filled, Table, nearest, typed


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


class _Work(Table, frozen=True):
    """A table of ``references.toml``."""

    title: Filled
    authors: Filled
    year: Annotated[int, Meta(ge=1900)]
    url: Annotated[str, Meta(pattern="^https://")] | None = None


class _File(Table, frozen=True):
    """The file of a topic."""

    claim: tuple[dict[str, Any], ...] = ()


class _Kind(Struct, frozen=True):
    """What of a claim's table says which keys it has."""

    kind: Literal["proof", "experiment"]


class _Claim(Table, frozen=True, kw_only=True):
    """What the file says of every claim."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    kind: str
    statement: Bilingual
    source: Bilingual | None = None
    citations: tuple[Filled, ...] = ()


class _Proof(_Claim, frozen=True, kw_only=True):
    tests: Annotated[tuple[Annotated[str, Meta(pattern=r"^tests/\S+\.py::\S+$")], ...], Meta(min_length=1)]
    passing_means: Literal["holds", "refuted", "conditional"]
    condition: Bilingual | None = None


class _Experiment(_Claim, frozen=True, kw_only=True):
    experiment: Filled
    rule: dict[str, Any]


def read_claims(folder: Path | None = None) -> dict[str, Claim]:
    """Every claim by id: topics in the order of the book, within a topic as in its file.

    Args:
        folder: where the files lie; by default the chapter's own.

    Raises:
        ClaimError: a file breaks a rule; the message names file, claim, key and value.

    Examples:
        >>> read_claims()["deconvolution"].passing_means
        'refuted'
    """
    folder = folder or paths.CLAIMS_DIR
    visible = (path for path in sorted(folder.rglob("*.toml")) if not path.name.startswith("."))  # not an editor's lock
    return dict(_read(folder, tuple((path, path.stat().st_mtime_ns) for path in visible)))


@lru_cache(maxsize=8)
def _read(folder: Path, files: tuple[tuple[Path, int], ...]) -> dict[str, Claim]:
    references = _references(folder / "references.toml")
    places = {path.relative_to(folder).with_suffix("").as_posix(): path for path, _ in files}
    claims: dict[str, Claim] = {}
    for topic in sorted(places.keys() - {"references"}, key=topics.place):
        for claim in _claims(places[topic], topic, references):
            if claim.id in claims:
                first = paths.shown(places[claims[claim.id].topic])
                raise _error(places[topic], claim.id, f"id must be used once, got {claim.id!r}, which {first} has")
            claims[claim.id] = claim
    return claims


def _references(path: Path) -> dict[str, Reference]:
    references = {}
    for key, row in _tables(path).items():
        try:
            work = typed(row, _Work)
        except ValueError as error:
            raise ClaimError(f"{paths.shown(path)}: reference {key!r}: {error}") from error
        url = work.url or f"https://arxiv.org/abs/{key}"
        references[key] = Reference(key, work.title, work.authors, work.year, url)
    return references


def _claims(path: Path, topic: str, references: Mapping[str, Reference]) -> Iterator[Claim]:
    if topic.count("/") != 1:
        raise ClaimError(f"{paths.shown(path)}: a file of claims must be <part>/<topic>.toml, got {topic}.toml")
    tables = _tables(path)
    try:
        rows = typed(tables, _File).claim
    except ValueError as error:
        raise ClaimError(f"{paths.shown(path)}: the file: {error}") from error
    for number, row in enumerate(rows, start=1):
        try:
            yield _claim(row, topic, references)
        except ValueError as error:
            raise _error(path, row["id"] if isinstance(row.get("id"), str) else number, error) from error


def _claim(table: dict[str, Any], topic: str, references: Mapping[str, Reference]) -> Claim:
    row = typed(table, {"proof": _Proof, "experiment": _Experiment}[typed(table, _Kind).kind])
    for key in row.citations:
        if key not in references:
            raise ValueError(f"citations must be keys of references.toml, got {key!r}{nearest(key, references)}")
    _once("citations", row.citations)
    claim = Claim(
        id=row.id,
        topic=topic,
        kind=row.kind,
        statement=_text(row.statement),
        source=_text(row.source) if row.source else None,
        citations=tuple(references[key] for key in row.citations),
    )
    if isinstance(row, _Experiment):
        return replace(claim, experiment=row.experiment, rule=read_rule(row.rule))
    _once("tests", row.tests)
    if (row.passing_means == "conditional") != (row.condition is not None):
        got = f"passing_means = {row.passing_means!r} {'with' if row.condition else 'without'} a condition"
        raise ValueError(f"a condition must be given where passing_means is 'conditional', and only there, got {got}")
    condition = _text(row.condition) if row.condition else None
    return replace(claim, tests=row.tests, passing_means=row.passing_means, condition=condition)


def _text(words: Bilingual) -> Text:
    return Text(words.zh, words.en)


def _once(key: str, values: tuple[str, ...]) -> None:
    again = next((value for index, value in enumerate(values) if value in values[:index]), None)
    if again is not None:
        raise ValueError(f"{key} must name each but once, got {again!r} again")


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # some editors begin a file with a mark
    except (OSError, ValueError, RecursionError) as error:
        raise ClaimError(f"{paths.shown(path)}: cannot be read as TOML: {error}") from error


def _error(path: Path, claim: object, broken: object) -> ClaimError:
    who = f"claim {claim!r}" if isinstance(claim, str) else f"claim number {claim}"
    return ClaimError(f"{paths.shown(path)}: {who}: {broken}")
