"""What every reader gives: named columns, and a way to get the points of those that are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

Points = tuple[tuple[float, float], ...]
FEW = 3  # values below which the order of their steps says nothing
Series = tuple["np.ndarray", "np.ndarray"]  # steps and values, in the order in which they were logged


@dataclass(frozen=True)
class Table:
    """The columns of a log, of which none is parsed before it is asked for.

    Attributes:
        path: Where they stand.
        names: What the log calls them.
        load: Parses some columns; of one without a value there are no points.
        remarks: What a reader should know of how the log was read; loading a column may add to them.
        damaged: Whether a part of it could not be read.
        axis: Of the columns that were loaded, where the steps are from; none where rows were counted.
        laps: Of those whose counter begins anew with each epoch, how many epochs have passed at each value.
    """

    path: Path
    names: tuple[str, ...]
    load: Callable[[Sequence[str]], Mapping[str, Series]]
    remarks: Sequence[str] = ()
    damaged: bool = False
    axis: Mapping[str, str] = field(default_factory=dict)
    laps: Mapping[str, np.ndarray] = field(default_factory=dict)


def plain(name: str) -> str:
    """A name from a log as a message shows it: on one line, and without what would steer a terminal.

    Examples:
        >>> plain(" loss "), plain("a\\nb") == "a\N{REPLACEMENT CHARACTER}b", plain("")
        ('loss', True, '(no name)')
    """
    shown = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in name.strip())
    return shown or "(no name)"


def oldest_first(logged: Sequence[tuple[float, float]], name: str) -> tuple[Sequence[tuple[float, float]], list[str]]:
    """Values as they were logged, where a table begins with the newest or the log gives all of them the same step.

    Args:
        logged: n pairs of a finite step and a value.
        name: Of the column, for the remarks.

    Examples:
        >>> oldest_first([(2, 1.0), (1, 2.0), (0, 3.0)], "loss")
        ([(0, 3.0), (1, 2.0), (2, 1.0)], ['loss: the steps fall from row to row: it is read from its end'])
        >>> oldest_first([(0, 3.0), (0, 2.0), (0, 1.0)], "loss")
        ([(0, 3.0), (1, 2.0), (2, 1.0)], ['loss: all 3 values are logged at step 0: they are counted instead'])
    """
    steps = [step for step, _ in logged]
    if len(steps) < FEW or steps[0] < steps[-1]:
        return logged, []
    if min(steps) == max(steps):
        said = f"{name}: all {len(steps)} values are logged at step {steps[0]:g}: they are counted instead"
        return [(place, value) for place, (_, value) in enumerate(logged)], [said]
    if len(set(steps)) >= FEW and all(one >= other for one, other in pairwise(steps)):
        return logged[::-1], [f"{name}: the steps fall from row to row: it is read from its end"]
    return logged, []


def by_laps(logged: Sequence[tuple[float, float]], name: str) -> tuple[Sequence[tuple[float, float]], list[str]]:
    """Values whose counter begins anew again and again, in one row: each lap is counted as 1.

    So it is where no column says the epoch. Of runs that were written one after another into one file, each begins
    where the first began, and not where the one before it ended: these are left alone.

    Examples:
        >>> by_laps([(0, 3.0), (9, 2.5), (0, 2.3), (9, 1.9), (0, 1.8), (9, 1.7)], "loss")[0]
        [(0.5, 3.0), (1.0, 2.5), (1.5, 2.3), (2.0, 1.9), (2.5, 1.8), (3.0, 1.7)]
        >>> by_laps([(0, 3.0), (9, 1.5), (0, 3.1), (9, 1.4), (0, 2.9), (9, 1.3)], "loss")[1]
        []
    """
    starts = [0, *(at for at, (one, other) in enumerate(pairwise(logged), 1) if other[0] < one[0])]
    laps = [logged[start:end] for start, end in zip(starts, [*starts[1:], len(logged)], strict=True)]
    whole = [[step for step, _ in lap] for lap in laps[:-1]]
    last = [step for step, _ in laps[-1]]
    if len(laps) < FEW or len(set(whole[0])) < 2 or any(lap != whole[0] for lap in whole):
        return logged, []
    if last != whole[0][: len(last)]:
        return logged, []
    third = max(1, len(whole[0]) // 3)
    begins = [_middle(lap[:third]) for lap in laps]
    ends = [_middle(lap[-third:]) for lap in laps[:-1]]
    leaps = [abs(begin - end) for begin, end in zip(begins[1:], ends, strict=True)]
    if not median(leaps) < median(abs(begin - begins[0]) for begin in begins[1:]):
        return logged, []
    counted = [
        (number + (place + 1) / len(whole[0]), value)
        for number, lap in enumerate(laps)
        for place, (_, value) in enumerate(lap)
    ]
    return counted, [f"{name}: the steps begin anew {len(laps) - 1} times: they are counted on, each lap as 1"]


def _middle(lap: Sequence[tuple[float, float]]) -> float:
    return median(value for _, value in lap)


def in_order(logged: Sequence[tuple[float, float]], name: str) -> tuple[Points, list[str]]:
    """The points of a curve in the order of their steps, in linear time, and what was done to them.

    A table that begins with the newest is turned round. Of several values at one step the last counts. Where steps go
    back the run was resumed, and what is logged again counts; but one single point far back is an evaluation by the
    way, such as the one after training that is logged at step 0, and belongs to no curve.

    Args:
        logged: n pairs of a finite step and a value, NaN where the log says so.
        name: Of the column, for the remarks.

    Examples:
        >>> in_order([(0, 3), (1, 2), (2, 9), (1, 1.5), (2, 1)], "loss")[0]
        ((0, 3), (1, 1.5), (2, 1))
        >>> in_order([(0, 3), (1, 2), (2, 1), (0, 3)], "loss")
        (((0, 3), (1, 2), (2, 1)), ['loss: an evaluation logged at step 0 after step 2 is no part of the curve'])
    """
    logged, said = by_laps(logged, name)
    if not said:
        logged, said = oldest_first(logged, name)
    points: list[tuple[float, float]] = []
    aside: list[tuple[float, float]] = []
    again, several = 0, set()
    for number, (step, value) in enumerate(logged):
        if points and step < points[-1][0]:
            if number + 1 == len(logged) or logged[number + 1][0] > points[-1][0]:
                aside.append((step, points[-1][0]))
                continue
            again += 1
        if points and step == points[-1][0]:
            several.add(step)
        while points and points[-1][0] >= step:
            points.pop()
        points.append((step, value))
    if aside:
        more = f" (and {len(aside) - 1} more like it)" if len(aside) > 1 else ""
        step, after = aside[0]
        said.append(f"{name}: an evaluation logged at step {step:g} after step {after:g} is no part of the curve{more}")
    if len(several) > 1 and 2 * len(several) >= len(points):
        said.append(f"{name}: {len(several)} of {len(points)} steps hold several values, of which the last counts")
    if again:
        times = "once" if again == 1 else f"{again} times"
        said.append(f"{name}: the steps go back {times}: of what was logged again the last counts")
    return tuple(points), said


def without_holes(points: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    """Drop ``nan`` where it stands for an empty cell: in half of the cells at least, and at the end no longer in a row.

    Args:
        points: Steps and values in the order in which they were logged.

    Examples:
        >>> nan = float("nan")
        >>> without_holes([(0, 2.0), (1, nan), (2, nan), (3, 1.0), (4, nan)])
        [(0, 2.0), (3, 1.0)]
        >>> len(without_holes([(0, 2.0), (1, 1.0), (2, nan), (3, nan)]))
        4
    """
    values = [point for point in points if point[1] == point[1]]
    if not values or 2 * len(values) > len(points):
        return points
    longest = length = 0
    for _, value in points:
        if value == value:
            longest, length = max(longest, length), 0
        else:
            length += 1
    return values if length <= longest else points
