"""The table of a result."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table

from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.numbers import enough, number, span, unit_words
from cnnbook.evidence.results import Result
from cnnbook.evidence.statistics import interval


def result_table(experiment: Experiment, result: Result) -> Table:
    """Arms in rows; a metric in two columns: mean ± standard deviation, and the difference to the baseline.

    Curves are in the file alone: a terminal is not that wide. The differences of a quick try have no interval: two
    seeds say nothing of how far seeds scatter.
    """
    seeds = f"{len(result.seeds)} seeds, {result.seconds:.0f} s, {result.device}"
    table = Table(title=f"{result.experiment} ({seeds})", title_justify="left")
    table.add_column("arm", no_wrap=True)
    for metric in experiment.metrics:
        arrow, unit = "↑" if metric.sign > 0 else "↓", unit_words(metric.unit, "en")
        table.add_column(f"{metric.label.en} {arrow}" + (f" \\[{unit}]" if unit else ""), justify="right")
        table.add_column(f"− {result.baseline}", justify="right")
    table.add_column("diverged", justify="right")
    for arm in result.figures:
        cells, lost = [], 0
        for metric in experiment.metrics:
            one = result.summary(arm, metric.name)
            lost = max(lost, one.diverged)
            cells.append(" ± ".join(number(value, metric.digits) for value in (one.mean, one.std)))
            difference = result.difference(arm, result.baseline, metric.name)
            if arm == result.baseline or len(difference.values) < 2:
                cells.append("")
            elif result.quick:
                cells.append(number(difference.mean, metric.digits, plus=True))
            else:
                low, high = interval(difference.values)
                cells.append(escape(span(difference.mean, low, high, enough(metric.digits, low, high))))
        table.add_row(arm, *cells, str(lost) if lost else "")
    return table
