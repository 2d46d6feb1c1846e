"""What readers are told of the evidence, typed: claims with their looks, experiments with their statistics.

The command line and the pages print from these. All of them go to JSON and back (`to_json`, ``msgspec.json.decode``); a
number that does not exist, of a seed that diverged or an interval of one seed, is None.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from cnnbook.evidence.claims import Reference
from cnnbook.evidence.metrics import Direction
from cnnbook.evidence.numbers import enough, span, unit_after
from cnnbook.evidence.rules import Expect
from cnnbook.evidence.statistics import CONFIDENCE
from cnnbook.evidence.text import Text
from cnnbook.evidence.verdicts import Verdict

Numbers = tuple[float | None, ...]  # one a seed
LEVEL = Text("；{}% 区间", "; {}% interval")  # of an interval that is not of the usual one


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
    near: bool
    condition: Text | None

    def text(self, lang: str) -> str:
        """The difference with its interval and unit: +0.5 [−0.2, 1.3] points."""
        return self._span + unit_after(self.unit, lang, difference=True)

    def text_alone(self, lang: str) -> str:
        """The same where nothing beside it says the interval's level: +0.5 [−0.4, 1.5; 97.5% interval] points."""
        level = f"{100 * self.confidence:.3g}"
        usual = level == f"{100 * CONFIDENCE:.3g}"
        said = self._span if usual else f"{self._span[:-1]}{LEVEL[lang].format(level)}]"
        return said + unit_after(self.unit, lang, difference=True)

    @property
    def _span(self) -> str:
        digits = enough(self.digits, self.low, self.high, border=self.smallest_effect)
        return span(self.difference, self.low, self.high, digits)


class ClaimReport(Struct, frozen=True):
    """A claim, its verdict and what it rests on (see `cnnbook.evidence.lookup.Evidence`).

    Attributes:
        scope: of an experiment: what was run (see `cnnbook.evidence.scope`); None for a proof.
    """

    id: str
    topic: str
    kind: str
    statement: Text
    scope: Text | None
    source: Text | None
    verdict: Verdict
    near: bool
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
