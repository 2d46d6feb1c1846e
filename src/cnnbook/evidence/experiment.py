"""What an experiment is: a question, arms that share their seeds, and how one arm is measured.

The arms share seeds so that differences are paired; a seed draws initialisation, data split and order. Which budget
is held fixed is said in words, because a comparison means nothing without it.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cnnbook.evidence.metrics import Curve, Metric, Quantity, quantities
from cnnbook.evidence.sums import terms
from cnnbook.evidence.text import Text
from cnnbook.figures import Figures

MANY = 6  # points of a curve from which on it is drawn and not compared
NAME = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+){1,2}")
Progress = Callable[[float, float], None]
Measure = Callable[[Any, Sequence[int], "RunOptions", Progress | None], Figures]


@dataclass(frozen=True)
class RunOptions:
    """Where and how exactly to measure; every field but ``quick`` goes to Lightning's trainer.

    Examples:
        >>> RunOptions(precision="bf16-mixed").trainer()["precision"]
        'bf16-mixed'
    """

    accelerator: str = "auto"
    devices: str | int = "auto"
    num_nodes: int = 1
    strategy: str = "auto"
    precision: str = "32-true"
    quick: bool = False

    def trainer(self) -> dict[str, Any]:
        """The keyword arguments for the trainer."""
        return {key: value for key, value in dataclasses.asdict(self).items() if key != "quick"}


@dataclass(frozen=True)
class Experiment:
    """A declaration that can be run.

    Attributes:
        name: ``part/topic`` or ``part/topic/label``.
        question: what it asks, in both languages.
        arms: name → configuration (a dataclass or a mapping that JSON can hold).
        baseline: the arm that others are compared with.
        metrics: what is measured, one number a seed.
        curves: what is measured at several points. A metric may have a figure and a curve; it is then the same.
        budget: what is held fixed, in both languages.
        measure: ``measure(config, seeds, options, progress)`` gives `Figures`, NaN where a seed diverged; what it gives
            beside the declared metrics and points is left. It must not depend on which seeds are measured together.
            ``progress`` is None or takes (done, in all). With ``options.quick`` it may train briefly: such figures are
            no evidence.
        seeds: how many; they are 0 … seeds−1.
        comparisons: (treatment, baseline) pairs; by default every other arm with the baseline. Either may be a sum of
            arms (see `cnnbook.evidence.sums`). A claim may only use a pair that is declared here, so the number of
            looks is known.
        turns: arm → metric → n, where seed s is tested on part s mod n of what has n parts, such as people: to average
            over seeds is not to ask more people. What has no entry is tested on the same with every seed.
        labels: arm → its name on pages, in both languages. An arm without one goes by its own name.
        one_process: whether arms take their figures from runs that the process keeps, and that another would train
            again. Then the cores share seeds, and not arms.
        lacks: says what this machine lacks to measure it, with the command that gets it; empty where nothing. Such an
            experiment is left out of `cnnbook run all`.

    Raises:
        ValueError: a name, arm, metric or number is not as said.

    Examples:
        >>> def measure(config, seeds, options, progress):
        ...     return Figures({"loss": [config["rate"] + seed for seed in seeds]})
        >>> toy = Experiment(
        ...     name="parameters/toy", question=Text("？", "?"), budget=Text("无", "none"), measure=measure,
        ...     arms={"slow": {"rate": 0.1}, "fast": {"rate": 1.0}}, baseline="slow",
        ...     metrics=[Metric("loss", Text("损失", "loss"), "nats", "lower", digits=3)])
        >>> toy.comparisons
        (('fast', 'slow'),)
    """

    name: str
    question: Text
    arms: Mapping[str, Any]
    baseline: str
    metrics: Sequence[Metric]
    budget: Text
    measure: Measure = field(repr=False)
    curves: Sequence[Curve] = ()
    seeds: int = 10
    comparisons: Sequence[tuple[str, str]] = ()
    turns: dict[str, dict[str, int]] = field(default_factory=dict)
    labels: Mapping[str, Text] = field(default_factory=dict)
    one_process: bool = False
    lacks: Callable[[], str] = field(default=str, repr=False)

    def __post_init__(self) -> None:
        def need(ok: bool, rule: str, value: object) -> None:
            if not ok:
                raise ValueError(f"experiment {self.name!r}: {rule}, got {value!r}")

        need(NAME.fullmatch(self.name) is not None, "a name must be part/topic or part/topic/label", self.name)
        need(len(self.arms) >= 2, "an experiment must have two arms at least", list(self.arms))
        need(self.baseline in self.arms, f"the baseline must be one of the arms {list(self.arms)}", self.baseline)
        names = [metric.name for metric in self.metrics]
        need(bool(names) and len(set(names)) == len(names), "metrics must be named, each once", names)
        drawn = [curve.metric.name for curve in self.curves]
        need(len(set(drawn)) == len(drawn), "a metric must have one curve at most", drawn)
        known = {metric.name: metric for metric in self.metrics}
        other = [curve.metric for curve in self.curves if known.get(curve.metric.name, curve.metric) != curve.metric]
        need(not other, "a metric must be the same in metrics and curves", other)
        strange = [arm for arm in self.labels if arm not in self.arms]
        need(not strange, f"labels must name arms among {list(self.arms)}", strange)
        need(self.seeds >= 2, "seeds must be at least 2", self.seeds)
        strange = [arm for arm in self.turns if arm not in self.arms]
        need(not strange, f"turns must be of arms among {list(self.arms)}", strange)
        strange = [metric for row in self.turns.values() for metric in row if metric not in self.measured]
        need(not strange, f"turns must be of metrics among {list(self.measured)}", strange)
        default = tuple((arm, self.baseline) for arm in self.arms if arm != self.baseline)
        object.__setattr__(self, "comparisons", tuple(tuple(pair) for pair in self.comparisons) or default)
        for pair in self.comparisons:
            need(
                len(pair) == 2
                and {arm for one in pair for _, arm in terms(one)} <= set(self.arms)
                and pair[0] != pair[1],
                f"a comparison must pair two of the arms {list(self.arms)}",
                pair,
            )
        object.__setattr__(self, "turns", {arm: dict(row) for arm, row in self.turns.items()})  # as a result has them
        object.__setattr__(self, "metrics", tuple(self.metrics))
        object.__setattr__(self, "curves", tuple(self.curves))
        self.configuration()

    @property
    def measured(self) -> dict[str, Metric]:
        """Every metric by name, whether it is a figure, a curve or both."""
        return {metric.name: metric for metric in (*self.metrics, *(curve.metric for curve in self.curves))}

    def quantity(self, metric: str, at: float | None = None) -> Quantity:
        """A metric, or one at a point of its curve.

        Raises:
            ValueError: it is not declared; the message says what is.
        """
        if metric not in self.measured:
            raise ValueError(f"metric must be one of {', '.join(self.measured)} of {self.name}, got {metric!r}")
        curve = next((curve for curve in self.curves if curve.metric.name == metric), None)
        found = [one for one in quantities(self.metrics, self.curves) if one.metric.name == metric]
        if (quantity := next((one for one in found if one.at == at), None)) is None:
            points = (
                f"a point of its curve, {', '.join(f'{point:g}' for point in curve.points)}" if curve else "left out"
            )
            more = " or left out" if curve and metric in {one.name for one in self.metrics} else ""
            raise ValueError(f"at must be {points}{more}, for metric {metric!r} of {self.name}, got {at!r}")
        return quantity

    @property
    def compared(self) -> list[Quantity]:
        """What tables and charts compare between arms: all metrics, and the points of curves that have few.

        A curve of `MANY` points is kept seed by seed to be drawn: no table would hold them. A claim may look at its
        points like at any other quantity.
        """
        return quantities(self.metrics, [curve for curve in self.curves if len(curve.points) < MANY])

    def configuration(self) -> dict[str, Any]:
        """Every arm's configuration as plain JSON values."""
        return {arm: plain(config, f"experiment {self.name!r}, arm {arm!r}") for arm, config in self.arms.items()}


def plain(config: Any, where: str = "configuration") -> Any:
    """A configuration as JSON holds it: dataclasses become objects, tuples become lists.

    Raises:
        ValueError: something in it has no JSON form.

    Examples:
        >>> plain({"size": (3, 3)})
        {'size': [3, 3]}
    """
    value = dataclasses.asdict(config) if dataclasses.is_dataclass(config) and not isinstance(config, type) else config
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{where}: a configuration must be serialisable to JSON, got {config!r} ({error})") from error
