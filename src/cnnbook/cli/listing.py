"""``cnnbook list``."""

from __future__ import annotations

from rich.table import Table

from cnnbook.cli.console import console
from cnnbook.evidence import registry
from cnnbook.evidence.errors import MissingResult, ResultError
from cnnbook.evidence.language import chosen_language
from cnnbook.evidence.results import load_result
from cnnbook.evidence.staleness import stale_reason


def show(lang: str | None = None) -> None:
    """Prints one row an experiment, its question in a language: arms, seeds, cost, and the state of its result."""
    language = chosen_language(lang)
    experiments = registry.everything()
    if not experiments:
        console().print("There are no experiments yet.")
        return
    table = Table()
    for column in ("experiment", "question", "arms × seeds", "cost", "result"):
        table.add_column(column, no_wrap=column == "experiment", overflow="fold")
    for name, experiment in experiments.items():
        cost = "unknown until run"
        try:
            result = load_result(name)
            cost = f"{result.seconds:.0f} s on {result.device}"
            reason = stale_reason(experiment, result)
            state = f"[yellow]stale[/]: {reason}; cnnbook run {name}" if reason else "[green]fresh[/]"
        except MissingResult:
            state = f"[yellow]none[/]: cnnbook run {name}"
        except ResultError as error:
            state = f"[red]broken[/]: {error}"
        table.add_row(name, experiment.question[language], f"{len(experiment.arms)} × {experiment.seeds}", cost, state)
    console().print(table)
