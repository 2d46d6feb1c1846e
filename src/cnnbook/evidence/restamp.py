"""Proves that a change of code did not change what is measured, and says so in the results it concerns.

Two things are measured again and compared with what stands in the result. Of *every arm* its probe: a quick try of the
first seed, which runs all of the arm's code but few steps. Of the *baseline* all seeds in full, in the groups in which
a run measures them: a measure that sorts its seeds, by speaker or by fold, trains others together where it gets more.
On the processor and the torch that made them the bits agree. Where the machine rounds otherwise a number may differ by
`TOLERANCE` of itself, of numbers of several seeds also of their range, or by what a page shows as nothing: in few steps
rounding does not grow. In hundreds it does, and some networks are another draw there; of a baseline in full the
intervals must then overlap, as `cnnbook.evidence.verify` asks. A probe has no such leave.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from cnnbook.evidence.armcode import experiment_definitions, union
from cnnbook.evidence.codehash import by_module, code_hash
from cnnbook.evidence.errors import ResultError
from cnnbook.evidence.experiment import Experiment, RunOptions
from cnnbook.evidence.fanout import Chunk, Measured, measure_all
from cnnbook.evidence.metrics import quantities
from cnnbook.evidence.numbers import ZERO
from cnnbook.evidence.results import Code, Result
from cnnbook.evidence.runner import PROBE, chunks_of, flat, in_units
from cnnbook.evidence.staleness import same_metrics
from cnnbook.evidence.statistics import summary
from cnnbook.evidence.verify import intervals_overlap
from cnnbook.figures import Figures

TOLERANCE = 1e-3
BITS, ROUNDING, DIFFERS = "the same bits", "the same but for rounding", "differs"
DRAW = "another draw, intervals overlap"


@dataclass(frozen=True)
class Trial:
    """One arm, measured again.

    Attributes:
        full: all of its seeds in full; else its probe.
        how: `BITS`, `ROUNDING`, of a baseline in full also `DRAW`, or `DIFFERS`.
        metric: the figure that is furthest from what stands in the result, with both; empty where all are the same.
    """

    experiment: str
    arm: str
    full: bool
    how: str
    metric: str = ""
    committed: float = math.nan
    again: float = math.nan


def try_again(
    experiments: Mapping[str, Experiment],
    results: Mapping[str, Result],
    jobs: int = -1,
    report: Callable[[float, float, str], None] | None = None,
) -> list[Trial]:
    """Measures the probes and the baselines of experiments again, and compares.

    Args:
        experiments: name → declaration.
        results: name → the committed result.
        jobs: processes on this machine; −1 is one a core.
        report: takes (arms done, arms in all, experiment and arm).

    Raises:
        ResultError: a result has other arms, metrics or configurations than declared, or no probe: that has to be
            measured.
    """
    for name, experiment in experiments.items():
        if why := otherwise(experiment, results[name]):
            raise ResultError(why)
    full = [
        (one, chunk)
        for name, one in experiments.items()
        for chunk in chunks_of(one.baseline, results[name].seeds, whole=one.one_process)
    ]
    brief = [(one, Chunk(arm, results[name].seeds[:1])) for name, one in experiments.items() for arm in one.arms]
    total, done, trials = len(full) + len(brief), itertools.count(1), []
    parts: dict[str, list[Measured]] = {name: [] for name in experiments}

    def measure(tasks: Sequence[tuple[Experiment, Chunk]], options: RunOptions) -> Iterator[Measured]:
        for one in measure_all(tasks, options, jobs, None, lambda *_: None):
            yield one
            if report:
                report(next(done), total, f"{one.experiment} {one.chunk.arm}")

    for one in measure(full, RunOptions()):
        parts[one.experiment].append(one)
    for name, experiment in experiments.items():
        whole = _whole(parts[name], results[name].seeds)
        trials.append(_trial(experiment, results[name], whole, full=True))
    for one in measure(brief, PROBE):
        trials.append(_trial(experiments[one.experiment], results[one.experiment], one, full=False))
    return trials


def _whole(parts: Sequence[Measured], seeds: Sequence[int]) -> Measured:
    """Groups of seeds, measured in any order, as one."""
    one, *_ = in_order = sorted(parts, key=lambda part: seeds.index(part.chunk.seeds[0]))
    figures = Figures.of_seeds([part.figures for part in in_order])
    return replace(one, chunk=replace(one.chunk, seeds=tuple(seeds)), figures=figures)


def stamped(experiment: Experiment, result: Result) -> Result:
    """The result with the hashes of today's code and today's turns, which change no number that was measured."""
    found = experiment_definitions(experiment)
    code = {arm: code_hash(one) for arm, one in found.items()}
    return structs.replace(result, turns=experiment.turns, code=Code(code, by_module(union(found))))


def otherwise(experiment: Experiment, result: Result) -> str | None:
    """What of a result is declared otherwise today, which no refactoring is and has to be measured; None where nothing.

    The message names it, and the command.
    """
    same = (
        ("arms", sorted(experiment.arms) == sorted(result.figures)),
        ("metrics", same_metrics(experiment, result)),
        ("configurations", experiment.configuration() == result.configuration),
        ("probes", sorted(experiment.arms) == sorted(result.probe)),
    )
    other = [what for what, declared in same if not declared]
    if not other:
        return None
    return (
        f"{experiment.name}: its result must have the {' and '.join(other)} declared today; what is declared otherwise "
        f"has to be measured: cnnbook run {experiment.name}"
    )


def apart(before: float, now: float, spread: float = 0.0) -> float:
    """How far apart two measurements of a figure are, as a share of it or of the range of several.

    What is nothing but rounding (0 as the sum of many floats) is no more than `TOLERANCE` apart from its like.

    Examples:
        >>> apart(2.0, 2.5), apart(2.0, 2.5, spread=4.0), apart(1e-8, 3e-8), apart(0.0, math.inf)
        (0.25, 0.125, 0.001, inf)
    """
    distance, size = abs(before - now), max(abs(before), spread)
    if not math.isfinite(distance):
        return math.inf
    share = distance / size if size else math.inf
    return min(share, TOLERANCE) if distance <= ZERO else share


def _trial(experiment: Experiment, result: Result, one: Measured, full: bool) -> Trial:
    arm, again = one.chunk.arm, in_units(experiment, one, one.code)
    worst, furthest, overlap = Trial(experiment.name, arm, full, BITS), 0.0, full
    probes = zip(result.probe[arm], flat(experiment, again), strict=True)
    for quantity, probe in zip(quantities(experiment.metrics, experiment.curves), probes, strict=True):
        name, at = quantity.metric.name, quantity.at
        committed = result.of(arm, name, at) if full else probe[:1]
        measured = (again[name] if at is None else again.curves[name][at]) if full else probe[1:]
        finite = [value for value in committed if math.isfinite(value)]
        overlap = overlap and _overlap(committed, measured)
        spread = max(finite) - min(finite) if finite else 0.0
        for before, now in zip(committed, measured, strict=True):
            if before == now or (math.isnan(before) and math.isnan(now)):
                continue
            distance = apart(before, now, spread)
            if distance > furthest:
                furthest, how = distance, ROUNDING if distance <= TOLERANCE else DIFFERS
                worst = Trial(experiment.name, arm, full, how, quantity.label.en, before, now)
    return replace(worst, how=DRAW) if worst.how == DIFFERS and overlap else worst


def _overlap(committed: Sequence[float], measured: Sequence[float]) -> bool:
    one, other = summary(committed), summary(measured)
    return one.diverged == other.diverged and intervals_overlap((one.low, one.high), (other.low, other.high))
