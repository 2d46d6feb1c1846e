"""Numbers as the terminal shows them, and the one console."""

from __future__ import annotations

import math

from rich.console import Console
from rich.table import Table

from cnnbook.evidence.environment import is_first_process
from cnnbook.evidence.experiment import Metric
from cnnbook.evidence.results import Result
from cnnbook.evidence.statistics import interval, moments, paired_difference


def console() -> Console:
    """A console on standard output; wide where the output is no terminal."""
    quiet = not is_first_process()
    plain = Console(quiet=quiet)
    return plain if plain.is_terminal else Console(width=max(plain.width, 160), quiet=quiet)


def number(value: float, digits: int = 2) -> str:
    """A number with a true minus, or a dash where there is none.

    Examples:
        >>> number(-1.5), number(float("nan"))
        ('−1.50', '–')
    """
    return f"{value:.{digits}f}".replace("-", "−") if math.isfinite(value) else "–"


def signed(value: float, digits: int = 2) -> str:
    """A difference with its sign.

    Examples:
        >>> signed(0.25)
        '+0.25'
    """
    return ("+" if value > 0 else "") + number(value, digits)


def span(low: float, high: float, digits: int = 2) -> str:
    """An interval.

    Examples:
        >>> span(-1, 2)
        '[−1.00, +2.00]'
    """
    return f"[{signed(low, digits)}, {signed(high, digits)}]" if math.isfinite(low) else "–"


def digits_for(metric: Metric) -> int:
    """Two digits for percentages, three for anything else."""
    return 2 if metric.unit == "%" else 3


def result_table(result: Result) -> Table:
    """Arms in rows; a metric in two columns: mean ± standard deviation, and the difference to the baseline.

    The points of a curve, ``name@step``, are in the file alone: a terminal is not that wide. The differences of a quick
    try have no interval: two seeds say nothing of how far seeds scatter.
    """
    metrics = [metric for metric in result.metrics.values() if "@" not in metric.name]
    seeds = f"{len(result.seeds)} seeds, {result.seconds:.0f} s, {result.device}"
    table = Table(title=f"{result.experiment} ({seeds})", title_justify="left")
    table.add_column("arm", no_wrap=True)
    for metric in metrics:
        arrow = "↑" if metric.sign > 0 else "↓"
        table.add_column(
            f"{metric.name} {arrow}{f' [{metric.unit}]' if metric.unit else ''}".replace("[", r"\["), justify="right"
        )
        table.add_column(f"− {result.baseline}", justify="right")
    table.add_column("diverged", justify="right")
    for arm, row in result.figures.items():
        cells, lost = [], 0
        for metric in metrics:
            digits, values = digits_for(metric), row[metric.name]
            lost = max(lost, len(values) - sum(map(math.isfinite, values)))
            cells.append(" ± ".join(number(value, digits) for value in moments(values)))
            difference = paired_difference(row[metric.name], result.figures[result.baseline][metric.name], metric.sign)
            if arm == result.baseline or len(difference.values) < 2:
                cells.append("")
            else:
                spread = "" if result.quick else f" \\{span(*interval(difference.values), digits)}"
                cells.append(signed(difference.mean, digits) + spread)
        table.add_row(arm, *cells, str(lost) if lost else "")
    return table
