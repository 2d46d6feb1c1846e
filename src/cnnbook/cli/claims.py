"""``cnnbook claims``."""

from __future__ import annotations

import json

from rich.table import Table

from cnnbook.cli.format import console, signed, span
from cnnbook.evidence.claims import Claim, read_claims
from cnnbook.evidence.errors import EvidenceError
from cnnbook.evidence.lookup import Evidence, evidence_of
from cnnbook.evidence.verdicts import Effect, Verdict

COLOURS = {
    Verdict.HOLDS: "green",
    Verdict.REFUTED: "red",
    Verdict.CONDITIONAL: "cyan",
    Verdict.INCONCLUSIVE: "yellow",
}


def show(as_json: bool) -> None:
    """Prints every claim; one that lacks its evidence is shown with the message that says what to do."""
    rows = [(claim, _evidence(claim)) for claim in read_claims().values()]
    if as_json:
        body = [
            one.to_json() if isinstance(one, Evidence) else {"id": claim.id, "topic": claim.topic, "missing": str(one)}
            for claim, one in rows
        ]
        print(json.dumps(body, ensure_ascii=False, indent=1))
        return
    table = Table(show_lines=True)
    for column in ("claim", "statement", "verdict", "evidence"):
        table.add_column(column, no_wrap=column == "claim", overflow="fold")
    for claim, one in rows:
        statement = f"{claim.statement.zh}\n{claim.statement.en}"
        if isinstance(one, Evidence):
            verdict = f"[{COLOURS[one.verdict]}]{one.verdict}[/]" + ("\n(stale)" if one.stale else "")
            condition = [one.condition.en] if one.condition else []
            table.add_row(
                claim.id, statement, verdict, "\n".join([*condition, *map(_effect, one.effects), *claim.tests])
            )
        else:
            table.add_row(claim.id, statement, "–", str(one).replace("[", r"\["))
    console().print(table)


def _evidence(claim: Claim) -> Evidence | EvidenceError:
    try:
        return evidence_of(claim, allow_stale=True)
    except EvidenceError as error:
        return error


def _effect(effect: Effect) -> str:
    digits = 2 if effect.unit == "%" else 3
    lost = sum(effect.diverged)
    unit = "points" if effect.unit == "%" else effect.unit  # a difference of percentages
    return (
        f"{effect.treatment} − {effect.baseline}, {effect.metric}: {signed(effect.difference, digits)} {unit} "
        f"\\{span(effect.low, effect.high, digits)}, {effect.seeds} seeds" + (f", {lost} diverged" if lost else "")
    )
