"""``cnnbook run --restamp``."""

from __future__ import annotations

from rich.table import Table

from cnnbook.cli.console import console
from cnnbook.cli.running import chosen_experiments, progress_bars, reporter
from cnnbook.evidence.errors import RunError
from cnnbook.evidence.numbers import number
from cnnbook.evidence.options import check_place
from cnnbook.evidence.paths import result_path, shown
from cnnbook.evidence.restamp import BITS, DIFFERS, Trial, otherwise, stamped, try_again
from cnnbook.evidence.results import load_result, write_result
from cnnbook.evidence.staleness import stale_reason


def restamp(names: list[str], jobs: int) -> bool:
    """Tries the arms of stale results again; those that stayed the same get today's hashes. True where all did.

    Raises:
        RunError: the code was changed meanwhile.
        OptionError: a result cannot be written.
    """
    experiments = chosen_experiments(names or ["all"])
    results = {name: load_result(name) for name in experiments}
    stale = {name: one for name, one in experiments.items() if stale_reason(one, results[name])}
    for name in stale:
        check_place(result_path(name))
    if not stale:
        console(first_alone=True).print("Nothing is stale.")
        return True
    asked = {name: stamped(one, results[name]) for name, one in stale.items()}  # of the code as it is now
    declared_otherwise = {name: why for name, one in stale.items() if (why := otherwise(one, results[name]))}
    for why in declared_otherwise.values():
        console(first_alone=True).print(why, highlight=False, soft_wrap=True)
    tried = {name: one for name, one in stale.items() if name not in declared_otherwise}
    with progress_bars() as progress:
        trials = try_again(tried, results, jobs, reporter(progress, "restamp"))
    if any(stamped(one, results[name]) != asked[name] for name, one in tried.items()):
        raise RunError("the code changed while it was tried; nothing is restamped; run it again")
    moved = {one.experiment for one in trials if one.how == DIFFERS}
    for name in tried.keys() - moved:
        write_result(asked[name], result_path(name))
    _print_others([one for one in trials if one.how != BITS])
    for name in tried:
        arms = [one for one in trials if one.experiment == name]
        same = sum(one.how == BITS for one in arms)
        said = f"not restamped, run it again: cnnbook run {name}" if name in moved else "restamped"
        console(first_alone=True).print(
            f"{shown(result_path(name))}: {same} of {len(arms)} trials bit for bit; {said}", highlight=False
        )
    return not moved and not declared_otherwise


def _print_others(trials: list[Trial]) -> None:
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
    console(first_alone=True).print(table)
