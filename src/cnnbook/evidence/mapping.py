"""A map of effects: a treatment a row, a cell for each place where it was measured, and what a new place may expect.

Cells of one setting (two networks on the same data) are averaged before settings are summarised: networks on the same
data are no independent witnesses. The summary and its prediction interval are those of
`cnnbook.generalisation.transfer`.
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


@dataclass(frozen=True)
class Place:
    """Where a row of treatments was measured.

    Attributes:
        setting: the data; several places may share it.
        network: which of the networks.
        experiment: the report.
        prefix: of the names of the arms there: ``garments_510`` for ``garments_510_base``.
    """

    setting: str
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
    """A treatment everywhere: (setting, network) → cell, and the summary over settings.

    Attributes:
        mean: the mean effect over settings; ``low`` and ``high`` bound its interval.
        spread: the standard deviation of the true effects between settings.
        new: the prediction interval for the effect in a setting that was not looked at.
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
        places: at least three settings among them.
        treatments: treatment → its baseline, both as they follow the prefix.
        metric: whose effects.
        smallest: a difference that is smaller counts as none, in the metric's unit.

    Raises:
        EvidenceError: too few settings, or a comparison that was not declared.
    """
    settings = list(dict.fromkeys(place.setting for place in places))
    if len(settings) < 3:
        raise EvidenceError(f"a map needs three settings at least, got {settings}")
    return {one: _row(places, settings, one, base, metric, smallest) for one, base in treatments.items()}


def _row(
    places: Sequence[Place], settings: list[str], treatment: str, baseline: str, metric: str, smallest: float
) -> Row:
    from scipy.special import stdtrit
    from torch import tensor

    from cnnbook.generalisation.transfer import new_setting, random_effects  # torch, which few commands need

    cells = {(one.setting, one.network): cell(one, treatment, baseline, metric, smallest) for one in places}
    own = {name: [cells[place] for place in cells if place[0] == name] for name in settings}
    effects = [sum(one.mean for one in found) / len(found) for found in own.values()]
    errors = [sum(one.error**2 for one in found) ** 0.5 / len(found) for found in own.values()]
    found = tensor(effects).double(), tensor(errors).double()
    mean, error, spread = random_effects(*found)
    reach = float(stdtrit(len(settings) - 1, (1 + CONFIDENCE) / 2)) * error
    new = new_setting(*found, CONFIDENCE)
    return Row(cells, mean, mean - reach, mean + reach, spread, new)
