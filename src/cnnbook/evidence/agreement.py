"""Whether a result agrees with itself: as many numbers as seeds, the same metrics and points in every arm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cnnbook.evidence.typed import on_one_line

if TYPE_CHECKING:
    from cnnbook.evidence.results import Result


def broken(result: Result, experiment: str | None = None) -> Iterator[tuple[str, object]]:
    """The rules that a result breaks, with the value that breaks each."""
    if experiment is not None and result.experiment != experiment:
        yield f"experiment must be {experiment!r}", result.experiment
    if len(set(result.seeds)) < len(result.seeds):
        yield "seeds must be there once each", list(result.seeds)
    arms = list(result.figures)
    if result.baseline not in arms:
        yield f"baseline must be one of the arms {arms}", result.baseline
    for key, there in (("configuration", result.configuration), ("code.arms", result.code.arms)):
        if set(there) != set(arms):
            yield f"{key} must have the arms {arms}", list(there)
    if result.probe and set(result.probe) != set(arms):
        yield f"probe must have the arms {arms}", list(result.probe)
    if result.curves and set(result.curves) != set(arms):
        yield f"curves must have the arms {arms}", list(result.curves)
    strange = [(arm, metric) for arm, row in result.turns.items() for metric in row if metric not in result.metrics]
    if set(result.turns) - set(arms) or strange:
        yield f"turns must be of the arms {arms} and their metrics", strange or list(result.turns)
    first = {metric: set(points) for metric, points in result.curves.get(result.baseline, {}).items()}
    if set(first) != set(result.axes):
        yield f"axes must be those of the curves {list(first)}", list(result.axes)
    named = [metric for metric in result.metrics if metric in result.figures.get(result.baseline, {})]
    if set(named) | set(result.axes) != set(result.metrics):
        yield f"metrics must be those of figures and curves {sorted({*named, *result.axes})}", list(result.metrics)
    for name, row in result.figures.items():
        arm = on_one_line(name)
        if set(row) != set(named) or not row:
            yield f"figures.{arm} must have the metrics {named}", list(row)
        for metric, points in (curves := result.curves.get(name, {})).items():
            if set(points) != first.get(metric):
                yield f"curves.{arm}.{on_one_line(metric)} must have the points of {result.baseline!r}", list(points)
        if set(curves) != set(first):
            yield f"curves.{arm} must have the metrics {list(first)}", list(curves)
        rows = {f"figures.{arm}.{on_one_line(metric)}": values for metric, values in row.items()}
        for metric, points in curves.items():
            rows |= {f"curves.{arm}.{on_one_line(metric)}.{at:g}": values for at, values in points.items()}
        for where, values in rows.items():
            if len(values) != len(result.seeds):
                yield f"{where} must have one number for each of {len(result.seeds)} seeds", len(values)
