"""``cnnbook run --restamp``."""

from __future__ import annotations

from rich.table import Table

from cnnbook.cli.console import console
from cnnbook.cli.running import chosen_experiments, progress_bars, reporter
from cnnbook.evidence.numbers import number
from cnnbook.evidence.paths import result_path, shown
from cnnbook.evidence.restamp import BITS, DIFFERS, stamped, try_again
from cnnbook.evidence.results import load_result, write_result
from cnnbook.evidence.staleness import stale_reason


def restamp(names: list[str], jobs: int) -> bool:
    """Tries the arms of stale results again; those that stayed the same get today's hashes. True where all did."""
    experiments = chosen_experiments(names or ["all"])
    results = {name: load_result(name) for name in experiments}
    stale = {name: one for name, one in experiments.items() if stale_reason(one, results[name])}
    if not stale:
        console().print("Nothing is stale.")
        return True
    with progress_bars() as progress:
        trials = try_again(stale, results, jobs, reporter(progress, "restamp"))
    moved = {one.experiment for one in trials if one.how == DIFFERS}
    for name in stale.keys() - moved:
        write_result(stamped(experiments[name], results[name]), result_path(name))
    _print_others([one for one in trials if one.how != BITS])
    for name in stale:
        arms = [one for one in trials if one.experiment == name]
        same = sum(one.how == BITS for one in arms)
        said = f"not restamped, run it again: cnnbook run {name}" if name in moved else "restamped"
        console().print(
            f"{shown(result_path(name))}: {same} of {len(arms)} trials bit for bit; {said}", highlight=False
        )
    return not moved


def _print_others(trials: list) -> None:
    """The arms whose bits differ, with the figure that moved most."""
    if not trials:
        return
    table = Table()
    for column in ("experiment", "arm", "", "metric", "committed", "again"):
        table.add_column(column, justify="right" if column in ("committed", "again") else "left")
    for one in trials:
        colour = "red" if one.how == DIFFERS else "yellow"
        figures = (number(one.committed, 6), number(one.again, 6))
        table.add_row(one.experiment, one.arm, f"[{colour}]{one.how}[/]", one.metric, *figures)
    console().print(table)
