"""A map of effects: a treatment a row, a cell for each place where it was measured, and what a new place may expect.

Cells on the same data are averaged before data sets are summarised, first the networks of a setting, then the settings
that are sizes of one data set: what was measured on the same examples is no independent witness. The summary and its
prediction interval are those of `cnnbook.generalisation.transfer`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cnnbook.evidence.analysis import Interval, standing
from cnnbook.evidence.errors import EvidenceError
from cnnbook.evidence.report import ExperimentReport
from cnnbook.evidence.statistics import CONFIDENCE

Tone = Literal["better", "worse", "same", "open"]
Effect = tuple[float, float]  # a mean and its standard error


@dataclass(frozen=True)
class Place:
    """Where a row of treatments was measured.

    Attributes:
        setting: the data and how much of it; several places may share it.
        data: the data alone; several settings may share it.
        network: which of the networks.
        experiment: the report.
        prefix: of the names of the arms there: ``garments_510`` for ``garments_510_base``.
    """

    setting: str
    data: str
    network: str
    experiment: ExperimentReport
    prefix: str


@dataclass(frozen=True)
class Cell:
    """An effect at one place: its mean over seeds with its interval, in the metric's unit, and what that says.

    Attributes:
        tone: ``"same"`` where the interval lies within what counts as no difference; else ``"better"`` or ``"worse"``
            where it does not hold zero; else ``"open"``.
    """

    mean: float
    low: float
    high: float
    error: float
    tone: Tone


@dataclass(frozen=True)
class Row:
    """A treatment everywhere: (setting, network) → cell, and the summary over data sets.

    Attributes:
        mean: the mean effect over data sets; ``low`` and ``high`` bound its interval.
        spread: the standard deviation of the true effects between data sets.
        new: the prediction interval for the effect on data that were not looked at.
    """

    cells: dict[tuple[str, str], Cell]
    mean: float
    low: float
    high: float
    spread: float
    new: tuple[float, float]


def tone(one: Interval, direction: str, smallest: float) -> Tone:
    """What a difference says, where one that is smaller than the smallest counts as none.

    Examples:
        >>> from cnnbook.evidence.report import Difference
        >>> def said(low, high, direction="higher"):
        ...     return tone(Difference("b", "a", "m", None, (low + high) / 2, low, high, (), (0, 0)), direction, 0.5)
        >>> said(0.1, 0.4), said(0.1, 0.9), said(0.1, 0.9, "lower"), said(-0.1, 0.9)
        ('same', 'better', 'worse', 'open')
    """
    if one.low is not None and one.high is not None and max(abs(one.low), abs(one.high)) < smallest:
        return "same"
    found = standing(one, direction)
    return "open" if found == "noise" else found


def cell(place: Place, treatment: str, baseline: str, metric: str, smallest: float) -> Cell:
    """The effect at one place.

    Raises:
        EvidenceError: the comparison was not declared there, or fewer than two pairs of seeds are left.
    """
    pair = (f"{place.prefix}_{treatment}", f"{place.prefix}_{baseline}")
    for one in place.experiment.differences:
        if (one.treatment, one.baseline, one.metric, one.at) == (*pair, metric, None):
            break
    else:
        raise EvidenceError(f"a cell of a map must be a declared comparison, got {pair[0]} - {pair[1]} in {metric!r}")
    if one.mean is None or one.low is None or one.high is None:
        raise EvidenceError(f"a cell of a map needs two pairs of seeds, got {len(one.values)} of {pair[0]} - {pair[1]}")
    error = float(np.std(one.values, ddof=1) / len(one.values) ** 0.5)
    return Cell(one.mean, one.low, one.high, error, tone(one, place.experiment.metrics[metric].direction, smallest))


def effect_map(places: Sequence[Place], treatments: Mapping[str, str], metric: str, smallest: float) -> dict[str, Row]:
    """Every treatment at every place, and the summaries.

    Args:
        places: at least three data sets among them.
        treatments: treatment → its baseline, both as they follow the prefix.
        metric: whose effects.
        smallest: a difference that is smaller counts as none, in the metric's unit.

    Raises:
        EvidenceError: too few data sets, or a comparison that was not declared.
    """
    data = list(dict.fromkeys(place.data for place in places))
    if len(data) < 3:
        raise EvidenceError(f"a map needs three data sets at least, got {data}")
    return {one: _row(places, one, base, metric, smallest) for one, base in treatments.items()}


def _row(places: Sequence[Place], treatment: str, baseline: str, metric: str, smallest: float) -> Row:
    from scipy.special import stdtrit
    from torch import tensor

    from cnnbook.generalisation.transfer import new_setting, random_effects  # torch, which few commands need

    cells = {(one.setting, one.network): cell(one, treatment, baseline, metric, smallest) for one in places}
    settings: dict[tuple[str, str], list[Effect]] = {}
    data: dict[str, list[Effect]] = {}
    for place, found in zip(places, cells.values(), strict=True):
        settings.setdefault((place.data, place.setting), []).append((found.mean, found.error))
    for (name, _), own in settings.items():
        data.setdefault(name, []).append(_average(own))
    found = tensor([_average(own) for own in data.values()]).double().T
    mean, error, spread = random_effects(*found)
    reach = float(stdtrit(len(data) - 1, (1 + CONFIDENCE) / 2)) * error
    new = new_setting(*found, CONFIDENCE)
    return Row(cells, mean, mean - reach, mean + reach, spread, new)


def _average(effects: Sequence[Effect]) -> Effect:
    """The mean of effects and its standard error, each effect with its own."""
    return sum(mean for mean, _ in effects) / len(effects), sum(e**2 for _, e in effects) ** 0.5 / len(effects)
