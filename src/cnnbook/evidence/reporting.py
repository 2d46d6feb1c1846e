"""Makes the reports of `cnnbook.evidence.report`: from claims, results and declarations to what readers are told."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cnnbook.evidence import registry
from cnnbook.evidence.claims import read_claims
from cnnbook.evidence.errors import EvidenceError
from cnnbook.evidence.experiment import Experiment
from cnnbook.evidence.judging import Effect
from cnnbook.evidence.lookup import Evidence, Looked
from cnnbook.evidence.metrics import Metric
from cnnbook.evidence.report import (
    ClaimReport,
    Difference,
    EffectReport,
    ExperimentReport,
    MetricReport,
    Numbers,
    Point,
    Report,
    Run,
    Sample,
)
from cnnbook.evidence.results import Result
from cnnbook.evidence.scope import scope
from cnnbook.evidence.statistics import interval, moments


def everything() -> Report:
    """The report of all claims and experiments; what is wrong with one stands in its place, for whoever asks."""
    topics, claims, experiments, errors, looked = {}, {}, {}, {}, Looked()
    for claim in read_claims().values():
        topics[claim.id] = claim.topic
        try:
            claims[claim.id] = claim_report(looked.evidence_of(claim))
        except EvidenceError as error:
            errors[claim.id] = str(error)
    for name, experiment in registry.everything().items():
        try:
            result, _ = looked.result_of(experiment)
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
        scope(claim, experiment) if experiment else None,
        claim.source,
        evidence.verdict,
        evidence.near,
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
    return EffectReport(
        metric=effect.metric,
        at=effect.at,
        label=quantity.label,
        unit=effect.unit,
        direction=quantity.metric.direction,
        digits=quantity.metric.digits,
        treatment=effect.treatment,
        baseline=effect.baseline,
        treatment_mean=_number(effect.treatment_mean),
        baseline_mean=_number(effect.baseline_mean),
        difference=_number(effect.difference),
        low=_number(effect.low),
        high=_number(effect.high),
        confidence=effect.confidence,
        seeds=effect.seeds,
        diverged=effect.diverged,
        expect=effect.expect,
        smallest_effect=effect.smallest_effect,
        verdict=effect.verdict,
        near=effect.near,
        condition=effect.condition,
    )


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
        arms={arm: {metric: _sample(result, arm, metric) for metric in row} for arm, row in result.figures.items()},
        curves={arm: {metric: _curve(result, arm, metric) for metric in row} for arm, row in result.curves.items()},
        differences=tuple(_differences(experiment, result)),
        runs=_runs(experiment) if experiment.curves else {},
    )


def _metric(metric: Metric) -> MetricReport:
    return MetricReport(metric.label, metric.short or metric.label, metric.unit, metric.direction, metric.digits)


def _sample(result: Result, arm: str, metric: str) -> Sample:
    one = result.summary(arm, metric)
    return Sample(*map(_number, (one.mean, one.std, one.low, one.high)), _numbers(result.of(arm, metric)))


def _curve(result: Result, arm: str, metric: str) -> tuple[Point, ...]:
    points, parts = sorted(result.curves[arm][metric].items()), result.parts(arm, metric)
    return tuple(Point(at, _number(moments(values, parts)[0]), _numbers(values)) for at, values in points)


def _differences(experiment: Experiment, result: Result) -> Iterable[Difference]:
    for treatment, baseline in experiment.comparisons:
        for one in experiment.compared:
            metric, at = one.metric.name, one.at
            found = result.difference(treatment, baseline, metric, at)
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
