"""``cnnbook run`` and ``cnnbook verify``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from cnnbook.cli.console import console
from cnnbook.cli.format import result_table
from cnnbook.devices import available
from cnnbook.evidence import registry
from cnnbook.evidence.environment import is_first_process
from cnnbook.evidence.errors import OptionError
from cnnbook.evidence.experiment import Experiment, RunOptions
from cnnbook.evidence.numbers import number
from cnnbook.evidence.options import (
    check_alone,
    check_batches,
    check_jobs,
    check_options,
    check_out,
    check_seeds,
    several,
)
from cnnbook.evidence.paths import cache_dir, result_path, shown
from cnnbook.evidence.results import Result, load_result
from cnnbook.evidence.runner import Report, completable
from cnnbook.evidence.runner import run as measure
from cnnbook.evidence.staleness import standing_arms
from cnnbook.evidence.verify import Check, compare

QUICK_SEEDS = 2


def options(
    accelerator: str, devices: str, num_nodes: int, strategy: str, precision: str, quick: bool, cluster: str | None
) -> RunOptions:
    """Run options from the command line; what this machine lacks is refused, unless other machines do the work."""
    count = int(devices) if devices.lstrip("-").isdecimal() else devices
    asked = RunOptions(accelerator, count, num_nodes, strategy, precision, quick)
    return check_options(asked, here=cluster is None)


def processes(jobs: int | None, options: RunOptions) -> int:
    """The processes that were asked for; by default one a core, or one alone where arms would share a device."""
    if jobs is not None:
        return check_alone(check_jobs(jobs), options)
    if several(options):
        return 1
    alone = str(options.devices) in ("auto", "1") and options.num_nodes == 1
    on_cpu = options.accelerator == "cpu" or (options.accelerator == "auto" and available()[0] == "cpu")
    return -1 if options.quick or (alone and on_cpu) else 1


def run(
    names: list[str], seeds: int | None, options: RunOptions, out: str | None, jobs: int | None, cluster: str | None
) -> None:
    """Runs experiments, shows how long is left, and prints each one's table at the end."""
    experiments = chosen_experiments(names)
    count = seeds if seeds is not None else QUICK_SEEDS if options.quick else None
    check_seeds(count if count is not None else 2)
    jobs = processes(jobs, options)
    folder = check_out(out) or (cache_dir() / "quick" if options.quick else None)
    for name, experiment in experiments.items():
        check_batches(experiment, options, here=cluster is None)
        if folder is None and count not in (None, experiment.seeds):
            raise OptionError(
                f"{name}: its result must have the {experiment.seeds} seeds that it declares, got --seeds {count}; "
                "to keep another result beside it, add --out FOLDER"
            )
    for name, experiment in experiments.items():
        _say_what_stands(name, experiment, count, options, result_path(name, folder))
    results = {}
    for name, result in _run_all(experiments, count, options, jobs, cluster, folder):
        results[name] = result
    for name, result in results.items():
        console(first_alone=True).print(result_table(experiments[name], result))
        kept = "a quick try, no evidence" if options.quick else "the result"
        console(first_alone=True).print(f"{kept}: {shown(result_path(name, folder))}\n", highlight=False)


def _say_what_stands(name: str, experiment: Experiment, count: int | None, options: RunOptions, out: Path) -> None:
    seeds = range(experiment.seeds if count is None else count)
    if before := completable(experiment, seeds, options, out):
        standing = standing_arms(experiment, before)
        missing = ", ".join(arm for arm in experiment.arms if arm not in standing)
        said = f"{name}: {len(standing)} of {len(experiment.arms)} arms stand; to be measured: {missing}"
        Console(stderr=True).print(said, highlight=False, soft_wrap=True)


def verify(names: list[str], options: RunOptions, fresh: bool, jobs: int | None, cluster: str | None) -> bool:
    """Runs experiments again and prints where they disagree with the committed results; True where none does."""
    jobs = processes(jobs, options)
    experiments = chosen_experiments(names)
    for experiment in experiments.values():
        check_batches(experiment, options, here=cluster is None)
    committed = {name: load_result(name) for name in experiments}
    tables, every, apart = [], 0, []
    with progress_bars() as progress:
        for name, experiment in experiments.items():
            old = committed[name]
            seeds = [seed + max(old.seeds) + 1 for seed in range(len(old.seeds))] if fresh else old.seeds
            again = measure(
                experiment,
                seeds=seeds,
                options=options,
                jobs=jobs,
                cluster=cluster,
                report=reporter(progress, name),
                cache=cache_dir() / "verify",
                out=cache_dir() / "verify" / f"{name}.json",
            )
            checks = compare(experiment, old, again)
            every += len(checks)
            apart += [f"{name}: {check.what}, {check.quantity.label.en}" for check in checks if not check.agrees]
            tables.append(_check_table(experiment, checks))
    for table in tables:
        console(first_alone=True).print(table)
    said = f"[red]Some results disagree[/], in {len(apart):,} of {every:,} figures:" if apart else ""
    console(first_alone=True).print(said or "The committed results stand.", highlight=False)
    for line in apart:  # again, in one place: the tables of a whole book are long
        console(first_alone=True).print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
    return not apart


def chosen_experiments(names: list[str]) -> dict[str, Experiment]:
    """The experiments of these names; of "all" those that this machine can measure."""
    named = {experiment.name: experiment for experiment in map(registry.load, (one for one in names if one != "all"))}
    if "all" in names:
        chosen = {}
        for name, experiment in registry.everything().items():
            if lacking := experiment.lacks():
                Console(stderr=True).print(f"left out: {name}: {lacking}", highlight=False, soft_wrap=True)
            else:
                chosen[name] = experiment
        return chosen
    return named


def _run_all(
    experiments: dict[str, Experiment],
    count: int | None,
    options: RunOptions,
    jobs: int,
    cluster: str | None,
    folder: Path | None,
) -> Iterator[tuple[str, Result]]:
    with progress_bars() as progress:
        for name, experiment in experiments.items():
            report = reporter(progress, name)
            out = result_path(name, folder)
            yield (
                name,
                measure(experiment, seeds=count, options=options, jobs=jobs, cluster=cluster, report=report, out=out),
            )


def progress_bars(screen: Console | None = None) -> Progress:
    """A bar an experiment, on standard error, while it is a terminal; they vanish when all is done."""
    screen = screen or Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
        console=screen,
        transient=True,
        disable=not (screen.is_terminal and is_first_process()),
    )


def reporter(progress: Progress, name: str) -> Report:
    """A bar for one experiment, and the function that moves it."""
    task = progress.add_task(name, total=None)

    def report(done: float, total: float, arm: str) -> None:
        progress.update(task, completed=round(done), total=total, description=f"{name} {arm}".strip())

    return report


def _check_table(experiment: Experiment, checks: list[Check]) -> Table:
    table = Table(title=experiment.name, title_justify="left")
    for column in ("figure", "metric", "committed", "interval", "again", ""):
        table.add_column(column, justify="left" if column in ("figure", "metric") else "right")
    for check in checks:
        digits, numbers = check.quantity.metric.digits, (check.committed, check.low, check.high, check.again)
        committed, low, high, again = (number(one, digits) for one in numbers)
        table.add_row(
            check.what,
            check.quantity.label.en,
            committed,
            f"\\[{low}, {high}]",
            again,
            "[green]agrees[/]" if check.agrees else "[red]disagrees[/]",
        )
    return table
