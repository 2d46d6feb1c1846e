"""``cnnbook claims``."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table

from cnnbook.cli.console import console
from cnnbook.evidence.claims import Claim, read_claims
from cnnbook.evidence.errors import EvidenceError
from cnnbook.evidence.lookup import Looked
from cnnbook.evidence.report import ClaimReport, EffectReport, to_json
from cnnbook.evidence.reporting import claim_report
from cnnbook.evidence.statistics import wilson
from cnnbook.evidence.verdicts import NEAR, Verdict

COLOURS = {
    Verdict.HOLDS: "green",
    Verdict.REFUTED: "red",
    Verdict.CONDITIONAL: "cyan",
    Verdict.HOLDS_IN_PART: "cyan",
    Verdict.REFUTED_IN_PART: "cyan",
    Verdict.INCONCLUSIVE: "yellow",
}


def show(as_json: bool) -> None:
    """Prints every claim; one that lacks its evidence is shown with the message that says what to do."""
    looked = Looked(allow_stale=True)
    rows = [(claim, _evidence(claim, looked)) for claim in read_claims().values()]
    if as_json:
        body = [
            one if isinstance(one, ClaimReport) else {"id": claim.id, "topic": claim.topic, "missing": str(one)}
            for claim, one in rows
        ]
        print(to_json(body, indent=1))
        return
    table = Table(show_lines=True)
    for column in ("claim", "statement", "verdict", "evidence"):
        table.add_column(column, no_wrap=column == "claim", overflow="fold")
    for claim, one in rows:
        statement = f"{claim.statement.zh}\n{claim.statement.en}"
        if isinstance(one, ClaimReport):
            verdict = (
                f"[{COLOURS[one.verdict]}]{one.verdict.words.en}[/]" + _near(one) + ("\n(stale)" if one.stale else "")
            )
            condition = [escape(text.en) for text in (one.scope, one.condition) if text]
            table.add_row(
                claim.id, statement, verdict, "\n".join([*condition, *map(_effect, one.effects), *claim.tests])
            )
        else:
            table.add_row(claim.id, statement, "–", str(one).replace("[", r"\["))
    console().print(table)


def _evidence(claim: Claim, looked: Looked) -> ClaimReport | EvidenceError:
    try:
        return claim_report(looked.evidence_of(claim))
    except EvidenceError as error:
        return error


def _effect(effect: EffectReport) -> str:
    return escape(
        f"{effect.treatment} − {effect.baseline}, {effect.label.en}: {effect.text_alone('en')}, {effect.seeds} seeds"
        + "".join(_lost(*one, effect.seeds) for one in zip(("treatment", "baseline"), effect.diverged, strict=True))
        + _near(effect, ", ")
    )


def _near(report: ClaimReport | EffectReport, before: str = "\n") -> str:
    return f"{before}{NEAR.en}" if report.near else ""


def _lost(side: str, count: int, seeds: int) -> str:
    if not count:
        return ""
    low, high = wilson(count, seeds)
    return f", {side} diverged in {count} of {seeds} [{100 * low:.0f}, {100 * high:.0f}] %"
