"""What an experiment is: a question, arms that share their seeds, and how one arm is measured.

The arms share seeds so that differences are paired; a seed draws initialisation, data split and order. Which budget
is held fixed is said in words, because a comparison means nothing without it.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from cnnbook.evidence.sums import terms
from cnnbook.evidence.text import Text

CURVE = 6  # points of one figure from which on they are a curve
NAME = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+){1,2}")
Progress = Callable[[float, float], None]
Measure = Callable[[Any, Sequence[int], "RunOptions", Progress | None], Mapping[str, Sequence[float]]]


@dataclass(frozen=True)
class Metric:
    """One figure that is measured per seed.

    Attributes:
        direction: ``"higher"`` or ``"lower"``: which way is better.
        unit: as printed beside the number, for instance ``"%"`` or ``"nats"``; may be empty.
        scale: what `Experiment.measure` returns times this is in ``unit``: 100 for a share in per cent.

    A name ``loss@20`` or ``loss@1/4`` is the figure ``loss`` at a step, or a share, of the run.

    Examples:
        >>> Metric("test_accuracy", "higher", "%", scale=100).sign
        1
    """

    name: str
    direction: Literal["higher", "lower"]
    unit: str = ""
    scale: float = field(default=1.0, compare=False)  # a result is in its unit already

    def __post_init__(self) -> None:
        if self.direction not in ("higher", "lower"):
            raise ValueError(
                f"a metric's direction must be 'higher' or 'lower', got {self.direction!r} for {self.name!r}"
            )

    @property
    def sign(self) -> int:
        """+1 where higher is better, −1 where lower is."""
        return 1 if self.direction == "higher" else -1


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
        metrics: what is measured, with direction and unit.
        budget: what is held fixed, in both languages.
        measure: ``measure(config, seeds, options, progress)`` gives metric → one number a seed, NaN where a seed
            diverged; what it gives beside the declared metrics is left. It must not depend on which seeds are
            measured together. ``progress`` is None or takes (done, in all). With ``options.quick`` it may train
            briefly: such figures are no evidence.
        seeds: how many; they are 0 … seeds−1.
        comparisons: (treatment, baseline) pairs; by default every other arm with the baseline. Either may be a sum of
            arms (see `cnnbook.evidence.sums`). A claim may only use a pair that is declared here, so the number of
            looks is known.
        labels: arm → its name on pages, in both languages. An arm without one goes by its own name.
        lacks: says what this machine lacks to measure it, with the command that gets it; empty where nothing. Such an
            experiment is left out of `cnnbook run all`.

    Raises:
        ValueError: a name, arm, metric or number is not as said.

    Examples:
        >>> def measure(config, seeds, options, progress):
        ...     return {"loss": [config["rate"] + seed for seed in seeds]}
        >>> toy = Experiment(
        ...     name="parameters/toy", question=Text("？", "?"), budget=Text("无", "none"), measure=measure,
        ...     arms={"slow": {"rate": 0.1}, "fast": {"rate": 1.0}}, baseline="slow", metrics=[Metric("loss", "lower")])
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
    seeds: int = 10
    comparisons: Sequence[tuple[str, str]] = ()
    labels: Mapping[str, Text] = field(default_factory=dict)
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
        strange = [arm for arm in self.labels if arm not in self.arms]
        need(not strange, f"labels must name arms among {list(self.arms)}", strange)
        need(self.seeds >= 2, "seeds must be at least 2", self.seeds)
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
        object.__setattr__(self, "metrics", tuple(self.metrics))
        self.configuration()

    def metric(self, name: str) -> Metric:
        """The metric of this name; KeyError where it has none."""
        return next(metric for metric in self.metrics if metric.name == name)

    @property
    def compared(self) -> list[Metric]:
        """The metrics that tables and charts compare between arms: all but the points of curves.

        A figure at so many steps that no table would hold them is a curve, kept seed by seed to be drawn. A claim may
        look at its points like at any other metric.
        """
        points = Counter(metric.name.partition("@")[0] for metric in self.metrics if "@" in metric.name)
        return [one for one in self.metrics if "@" not in one.name or points[one.name.partition("@")[0]] < CURVE]

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
