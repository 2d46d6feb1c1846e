"""Runs an experiment: measures what is missing and puts the result in its place.

The work is cut into chunks, one arm and some of its seeds each, which `cnnbook.evidence.fanout` hands out. Every
chunk that comes back is kept at once (`cnnbook.evidence.partial`), so that a run that was stopped goes on and nothing
is measured twice. Where some arms of the result that is there still stand and others do not, only the others are
measured: an arm that is added costs itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import joblib

from cnnbook.evidence.armcode import experiment_definitions, union
from cnnbook.evidence.codehash import by_module, code_hash
from cnnbook.evidence.environment import device, is_first_process, versions
from cnnbook.evidence.errors import ResultError, RunError
from cnnbook.evidence.experiment import Experiment, RunOptions
from cnnbook.evidence.fanout import Chunk, Measured, measure_all
from cnnbook.evidence.metrics import Metric, quantities
from cnnbook.evidence.options import check_place, check_seeds
from cnnbook.evidence.partial import Partial
from cnnbook.evidence.results import Code, Result, read_result, recorded, write_result
from cnnbook.evidence.staleness import standing_arms
from cnnbook.figures import Figures
from cnnbook.parallel import groups

PROBE = RunOptions(accelerator="cpu", quick=True)  # of the first seed, whatever the run itself is measured on
Report = Callable[[float, float, str], None]


def run(
    experiment: Experiment,
    *,
    seeds: int | Sequence[int] | None = None,
    options: RunOptions | None = None,
    jobs: int = 1,
    cluster: str | None = None,
    report: Report | None = None,
    cache: Path | None = None,
    out: Path | None = None,
) -> Result:
    """Measures every arm of an experiment and returns the result, written to ``out`` where that is given.

    Args:
        experiment: what to run.
        seeds: how many, or which; by default as many as declared.
        options: where and how exactly.
        jobs: processes on this machine that share arms and groups of seeds; −1 is one a core. With 1 an arm is measured
            as a whole, and its seeds are shared by the cores where training shares them.
        cluster: address of a Dask scheduler; then ``jobs`` does not matter.
        report: takes (seeds done, seeds in all, arm), fractions included.
        cache: folder of half-finished runs.
        out: the result's file. Only once it is written are the kept parts forgotten.

    Raises:
        OptionError: too few seeds, an unreachable cluster, an ``out`` or a ``cache`` that cannot be written.
        RunError: this machine lacks what the experiment needs, a measure returned something else than one number per
            metric and seed, a worker died, or the code changed while it ran. What was measured so far is kept.
        ResultError: the disk is full.
    """
    if lacking := experiment.lacks():
        raise RunError(f"{experiment.name}: {lacking}")
    options = options or RunOptions()
    chosen = tuple(
        range(experiment.seeds if seeds is None else seeds) if seeds is None or isinstance(seeds, int) else seeds
    )
    check_seeds(len(chosen))
    reached = experiment_definitions(experiment)
    code = {arm: code_hash(one) for arm, one in reached.items()}
    kept = Partial(experiment, options, code, cache)
    for place in (kept.folder / "arm", out):
        if place is not None and is_first_process():
            check_place(place)
    before = completable(experiment, chosen, options, out)
    standing = standing_arms(experiment, before) if before else set()
    if before is not None:
        for arm in sorted(standing):
            if kept.missing(arm, chosen):
                kept.add(arm, chosen, before.measured(arm), before.seconds / len(before.figures))
    shared = 1 if experiment.one_process and not options.quick else jobs
    chunks = _chunks(experiment, chosen, kept, whole=cluster is not None or joblib.effective_n_jobs(shared) == 1)
    total = len(chosen) * len(experiment.arms)
    done = total - sum(len(chunk.seeds) for chunk in chunks)
    devices = set(before.device.split("; ")) if before else set()

    def tell(part: float, arm: str) -> None:
        if report:
            report(done + part, total, arm)

    tell(0.0, "")
    clock = time.perf_counter()
    for one in measure_all([(experiment, chunk) for chunk in chunks], options, shared, cluster, tell):
        seconds, clock = time.perf_counter() - clock, time.perf_counter()  # of several at once none is counted twice
        kept.add(one.chunk.arm, one.chunk.seeds, in_units(experiment, one, code[one.chunk.arm]), seconds)
        devices.add(one.device)
        done += len(one.chunk.seeds)
        tell(0.0, one.chunk.arm)
    probe = _probe(experiment, chosen, before, standing, jobs) if not options.quick else {}
    if experiment_definitions(experiment) != reached:
        raise RunError(f"{experiment.name}: its code changed while it ran; run it again")
    metrics, axes = recorded(experiment)
    found = {arm: kept.figures(arm, chosen) for arm in experiment.arms}
    result = Result(
        experiment=experiment.name,
        seeds=chosen,
        baseline=experiment.baseline,
        metrics=metrics,
        axes=axes,
        figures={arm: {name: tuple(row) for name, row in one.values.items()} for arm, one in found.items()},
        curves={arm: _points(one) for arm, one in found.items() if experiment.curves},
        turns=experiment.turns,
        configuration=experiment.configuration(),
        options=asdict(options),
        quick=options.quick,
        versions=versions(),
        device="; ".join(sorted(devices)) or device(options.accelerator),
        seconds=kept.seconds(),
        code=Code(code, by_module(union(reached))),
        probe=probe,
    )
    if out is not None and is_first_process():
        write_result(result, out)
        kept.clear()
    return result


def _probe(
    experiment: Experiment, seeds: Sequence[int], before: Result | None, standing: set[str], jobs: int
) -> dict[str, tuple[float, ...]]:
    """A quick try of every arm, by which changed code can be told from code that measures the same."""
    probe = {arm: before.probe[arm] for arm in standing if before and arm in before.probe}
    tasks = [(experiment, Chunk(arm, tuple(seeds[:1]))) for arm in experiment.arms if arm not in probe]
    for one in measure_all(tasks, PROBE, jobs, None, lambda *_: None):
        probe[one.chunk.arm] = flat(experiment, in_units(experiment, one, one.code))
    return {arm: probe[arm] for arm in experiment.arms}


def flat(experiment: Experiment, one: Figures) -> tuple[float, ...]:
    """The numbers of a probe, of its one seed, in the order of the declared metrics and points of curves."""
    return tuple(
        (one.values[name] if at is None else one.curves[name][at])[0]
        for name, at in ((each.metric.name, each.at) for each in quantities(experiment.metrics, experiment.curves))
    )


def completable(experiment: Experiment, seeds: Sequence[int], options: RunOptions, out: Path | None) -> Result | None:
    """The result that is there, where some of its arms stand, measured as is asked for now, and not all do.

    A result that stands as a whole is measured again when that is asked for.
    """
    if out is None or not out.exists():
        return None
    try:
        result = read_result(out, experiment.name)
    except ResultError:
        return None
    alike = (
        result.seeds == tuple(seeds)
        and dict(result.options) == asdict(options)
        and dict(result.versions).get("torch") == versions()["torch"]
    )
    standing = standing_arms(experiment, result) if alike else set()
    return result if standing and standing != set(experiment.arms) else None


def _chunks(experiment: Experiment, seeds: Sequence[int], kept: Partial, *, whole: bool) -> list[Chunk]:
    """What is still to be measured."""
    missing = {arm: there for arm in experiment.arms if (there := kept.missing(arm, seeds))}
    return [chunk for arm, there in missing.items() for chunk in chunks_of(arm, there, whole=whole)]


def chunks_of(arm: str, seeds: Sequence[int], *, whole: bool) -> list[Chunk]:
    """The seeds of an arm in one chunk, or one for each group that cores train together: a chunk gives the same bits
    whoever takes it.

    Examples:
        >>> [chunk.seeds for chunk in chunks_of("none", range(10), whole=False)]
        [(0, 1, 2, 3, 4), (5, 6, 7, 8, 9)]
    """
    return [Chunk(arm, tuple(part)) for part in ([seeds] if whole else groups(seeds))]


def _points(figures: Figures) -> dict[str, dict[float, tuple[float, ...]]]:
    return {name: {at: tuple(row) for at, row in points.items()} for name, points in figures.curves.items()}


def in_units(experiment: Experiment, one: Measured, code: str) -> Figures:
    """The declared figures and curves of a chunk, each in its unit, once they are what they must be."""
    where, seeds = f"{experiment.name}, arm {one.chunk.arm!r}", len(one.chunk.seeds)
    if one.code != code:
        raise RunError(f"{where}: every worker must run the same code, got {one.code} on {one.device}, {code} here")

    def scaled(values: Sequence[float] | None, metric: Metric, what: str, there: Iterable[object]) -> list[float]:
        if values is None:
            raise RunError(f"{where}: measure must return {what}, got {', '.join(map(str, there))}")
        if len(values) != seeds:
            raise RunError(
                f"{where}: measure must return one number for each of {seeds} seeds, got {len(values)} for {what}"
            )
        return [float(value) * metric.scale for value in values]

    values, curves = one.figures.values, one.figures.curves
    return Figures(
        {each.name: scaled(values.get(each.name), each, repr(each.name), values) for each in experiment.metrics},
        {
            (name := curve.metric.name): {
                at: scaled(points.get(at), curve.metric, f"the curve of {name!r} at {at:g}", points)
                for at in curve.points
            }
            for curve in experiment.curves
            for points in [curves.get(curve.metric.name, {})]
        },
    )
