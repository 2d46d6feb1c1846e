"""What readers are told of the evidence, typed: claims with their looks, experiments with their statistics.

The command line and the pages print from these. All of them go to JSON and back (`to_json`, ``msgspec.json.decode``); a
number that does not exist, of a seed that diverged or an interval of one seed, is None.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from cnnbook.evidence import registry
from cnnbook.evidence.claims import Reference, read_claims
from cnnbook.evidence.errors import EvidenceError
from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.lookup import Evidence, evidence_of
from cnnbook.evidence.metrics import Direction, Metric
from cnnbook.evidence.numbers import enough, span, unit_after
from cnnbook.evidence.results import Result, load_result
from cnnbook.evidence.rules import Expect
from cnnbook.evidence.staleness import require_fresh
from cnnbook.evidence.statistics import interval, moments, paired_difference, summary
from cnnbook.evidence.text import Text
from cnnbook.evidence.verdicts import Effect, Verdict

Numbers = tuple[float | None, ...]  # one a seed


class MetricReport(Struct, frozen=True):
    """A metric as readers see it."""

    label: Text
    short: Text
    unit: str
    direction: Direction
    digits: int


class EffectReport(Struct, frozen=True):
    """One look at a result: an `Effect`, with the name that its quantity has for readers, and its digits."""

    metric: str
    at: float | None
    label: Text
    unit: str
    direction: Direction
    digits: int
    treatment: str
    baseline: str
    treatment_mean: float | None
    baseline_mean: float | None
    difference: float | None
    low: float | None
    high: float | None
    confidence: float
    seeds: int
    diverged: tuple[int, int]
    expect: Expect
    smallest_effect: float
    verdict: Verdict
    condition: Text | None

    def text(self, lang: str) -> str:
        """The difference with its interval and unit: +0.5 [−0.2, 1.3] points."""
        digits = enough(self.digits, self.low, self.high, border=self.smallest_effect)
        return span(self.difference, self.low, self.high, digits) + unit_after(self.unit, lang, difference=True)


class ClaimReport(Struct, frozen=True):
    """A claim, its verdict and what it rests on (see `cnnbook.evidence.lookup.Evidence`)."""

    id: str
    topic: str
    kind: str
    statement: Text
    source: Text | None
    verdict: Verdict
    condition: Text | None
    tests: tuple[str, ...]
    experiment: str | None
    effects: tuple[EffectReport, ...]
    seeds: tuple[int, ...] | None
    device: str | None
    stale: str | None
    citations: tuple[Reference, ...]


class Sample(Struct, frozen=True):
    """An arm's numbers in one metric: mean, standard deviation and interval over the seeds that did not diverge."""

    mean: float | None
    std: float | None
    low: float | None
    high: float | None
    values: Numbers


class Point(Struct, frozen=True):
    """An arm's numbers at a point of a curve."""

    at: float
    mean: float | None
    values: Numbers


class Difference(Struct, frozen=True):
    """Treatment minus baseline in one quantity; ``values`` are those of the pairs of which neither diverged."""

    treatment: str
    baseline: str
    metric: str
    at: float | None
    mean: float | None
    low: float | None
    high: float | None
    values: tuple[float, ...]
    diverged: tuple[int, int]


class Run(Struct, frozen=True):
    """How an arm is trained: the steps it takes, those that are an epoch, and its configuration."""

    total_steps: int
    steps_an_epoch: float
    configuration: dict[str, Any]


class ExperimentReport(Struct, frozen=True):
    """An experiment and the statistics of its result.

    Attributes:
        labels: arm → its name.
        metrics: of figures and of curves.
        points: metric with a curve → point → the name of the metric there.
        axes: metric with a curve → the name of the axis.
        arms: arm → metric → its numbers.
        curves: arm → metric → its numbers point by point.
        differences: of every declared comparison in every quantity that is compared.
        runs: of the arms that are trained, where there are curves.
    """

    question: Text
    budget: Text
    baseline: str
    labels: dict[str, Text]
    seeds: int
    device: str
    seconds: float
    metrics: dict[str, MetricReport]
    points: dict[str, dict[float, Text]]
    axes: dict[str, str]
    arms: dict[str, dict[str, Sample]]
    curves: dict[str, dict[str, tuple[Point, ...]]]
    differences: tuple[Difference, ...]
    runs: dict[str, Run]

    def label(self, metric: str, at: float | None = None) -> Text:
        """What a quantity is called; KeyError where there is none."""
        return self.metrics[metric].label if at is None else self.points[metric][at]

    def mean(self, arm: str, metric: str, at: float | None = None) -> float | None:
        """The mean of an arm over its seeds; KeyError where there is none."""
        if at is None:
            return self.arms[arm][metric].mean
        return {point.at: point.mean for point in self.curves[arm][metric]}[at]


class Report(Struct, frozen=True):
    """Everything: what there is, and why the rest is not.

    Attributes:
        topics: claim → topic, of all claims, in the order of the registry.
        claims: by id, those that have their evidence.
        experiments: by name, those that have a fresh result.
        errors: claim or experiment → what is wrong with it.
    """

    topics: dict[str, str]
    claims: dict[str, ClaimReport]
    experiments: dict[str, ExperimentReport]
    errors: dict[str, str]


def to_json(report: Any, indent: int = 0) -> str:
    """A report as JSON text."""
    return msgspec.json.format(msgspec.json.encode(report), indent=indent).decode()


def everything() -> Report:
    """The report of all claims and experiments; what is wrong with one stands in its place, for whoever asks."""
    topics, claims, experiments, errors = {}, {}, {}, {}
    for claim in read_claims().values():
        topics[claim.id] = claim.topic
        try:
            claims[claim.id] = claim_report(evidence_of(claim))
        except EvidenceError as error:
            errors[claim.id] = str(error)
    for name, experiment in registry.everything().items():
        try:
            result = load_result(name)
            require_fresh(experiment, result)
            experiments[name] = experiment_report(experiment, result)
        except EvidenceError as error:
            errors[name] = str(error)
    return Report(topics, claims, experiments, errors)


def claim_report(evidence: Evidence) -> ClaimReport:
    """What readers are told of a claim."""
    claim, result = evidence.claim, evidence.result
    experiment = registry.load(claim.experiment) if claim.experiment else None
    return ClaimReport(
        claim.id,
        claim.topic,
        claim.kind,
        claim.statement,
        claim.source,
        evidence.verdict,
        evidence.condition,
        claim.tests,
        claim.experiment,
        tuple(effect_report(effect, experiment) for effect in evidence.effects) if experiment else (),
        result.seeds if result else None,
        result.device if result else None,
        evidence.stale,
        claim.citations,
    )


def effect_report(effect: Effect, experiment: Experiment) -> EffectReport:
    """What readers are told of a look, its words from the declaration."""
    quantity = experiment.quantity(effect.metric, effect.at)
    parts = vars(effect).items()
    body: dict[str, Any] = {key: _number(value) if isinstance(value, float) else value for key, value in parts}
    return EffectReport(**body, label=quantity.label, digits=quantity.metric.digits)


def experiment_report(experiment: Experiment, result: Result) -> ExperimentReport:
    """What readers are told of an experiment."""
    return ExperimentReport(
        question=experiment.question,
        budget=experiment.budget,
        baseline=experiment.baseline,
        labels=dict(experiment.labels),
        seeds=len(result.seeds),
        device=result.device,
        seconds=result.seconds,
        metrics={name: _metric(metric) for name, metric in experiment.measured.items()},
        points={
            curve.metric.name: {at: curve.axis.called(curve.metric.label, at) for at in curve.points}
            for curve in experiment.curves
        },
        axes={curve.metric.name: curve.axis.name for curve in experiment.curves},
        arms={arm: {metric: _sample(values) for metric, values in row.items()} for arm, row in result.figures.items()},
        curves={arm: {metric: _curve(points) for metric, points in row.items()} for arm, row in result.curves.items()},
        differences=tuple(_differences(experiment, result)),
        runs=_runs(experiment) if experiment.curves else {},
    )


def _metric(metric: Metric) -> MetricReport:
    return MetricReport(metric.label, metric.short or metric.label, metric.unit, metric.direction, metric.digits)


def _sample(values: Sequence[float]) -> Sample:
    one = summary(values)
    return Sample(*map(_number, (one.mean, one.std, one.low, one.high)), _numbers(values))


def _curve(points: Mapping[float, Sequence[float]]) -> tuple[Point, ...]:
    return tuple(Point(at, _number(moments(values)[0]), _numbers(values)) for at, values in sorted(points.items()))


def _differences(experiment: Experiment, result: Result) -> Iterable[Difference]:
    for treatment, baseline in experiment.comparisons:
        for one in experiment.compared:
            metric, at = one.metric.name, one.at
            found = paired_difference(
                result.values(treatment, metric, at), result.values(baseline, metric, at), one.metric.sign
            )
            low, high = interval(found.values) if len(found.values) >= 2 else (None, None)
            yield Difference(
                treatment, baseline, metric, at, _number(found.mean), low, high, found.values, found.diverged
            )


def _runs(experiment: Experiment) -> dict[str, Run]:
    plain = experiment.configuration()
    return {arm: _run(config, plain[arm]) for arm, config in experiment.arms.items() if hasattr(config, "total_steps")}


def _run(config: Any, plain: Mapping[str, Any]) -> Run:
    examples = config.n_train if config.class_counts is None else sum(config.class_counts)
    return Run(config.total_steps, examples / config.batch_size, dict(plain))


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _numbers(values: Sequence[float]) -> Numbers:
    return tuple(map(_number, values))
