"""What is measured, by name: a metric, its curve along an axis, and a quantity, which is either at one place.

Every name that a reader sees stands here in both languages, as `Text(...)` in the declaration, where it is prose and no
part of the code hash. A metric or an axis without words in both languages cannot be declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from cnnbook.evidence.text import Text

Direction = Literal["higher", "lower"]
NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Metric:
    """One figure that is measured per seed.

    Attributes:
        name: what `Experiment.measure` calls it, and claims and pages ask for.
        label: its name for readers.
        unit: of `cnnbook.evidence.units`, or a sign that is the same in every language; may be empty.
        direction: ``"higher"`` or ``"lower"``: which way is better.
        digits: after the decimal point, where nothing asks for more.
        scale: what `Experiment.measure` returns times this is in ``unit``: 100 for a share in per cent.
        short: its name where room is scarce; by default the label.

    Raises:
        TypeError: a label that is not in both languages.
        ValueError: another value is not as said.

    Examples:
        >>> Metric("test_accuracy", Text("测试准确率", "test accuracy"), "%", "higher", digits=1, scale=100).sign
        1
    """

    name: str
    label: Text
    unit: str
    direction: Direction
    digits: int
    scale: float = 1.0
    short: Text | None = None

    def __post_init__(self) -> None:
        _demand_name("a metric", self.name)
        _demand_texts(f"metric {self.name!r}", label=self.label, short=self.short or self.label)
        if self.direction not in ("higher", "lower"):
            raise ValueError(
                f"a metric's direction must be 'higher' or 'lower', got {self.direction!r} for {self.name!r}"
            )
        if not (isinstance(self.digits, int) and self.digits >= 0):
            raise ValueError(
                f"a metric's digits must be a whole number from 0 on, got {self.digits!r} for {self.name!r}"
            )
        if not self.scale > 0:
            raise ValueError(f"a metric's scale must be above 0, got {self.scale!r} for {self.name!r}")

    @property
    def sign(self) -> int:
        """+1 where higher is better, −1 where lower is."""
        return 1 if self.direction == "higher" else -1


@dataclass(frozen=True)
class Axis:
    """What the points of a curve are.

    Attributes:
        name: in result files.
        unit: of its points, as a metric's; may be empty.
        words: how ``{metric}`` at the point ``{at}`` is called.
        zero: the same at the point 0, and ``one`` at 1, where that is said otherwise.
        fractions: whether points are printed as fractions: 1/4.

    Examples:
        >>> steps = Axis("step", "steps", Text("第 {at} 步的{metric}", "{metric} after {at} steps"),
        ...              zero=Text("训练前的{metric}", "{metric} before training"))
        >>> steps.called(Text("损失", "loss"), 20).en, steps.called(Text("损失", "loss"), 0).zh
        ('loss after 20 steps', '训练前的损失')
    """

    name: str
    unit: str
    words: Text
    zero: Text | None = None
    one: Text | None = None
    fractions: bool = False

    def __post_init__(self) -> None:
        _demand_name("an axis", self.name)
        texts = {"words": self.words, "zero": self.zero or self.words, "one": self.one or self.words}
        _demand_texts(f"axis {self.name!r}", **texts)
        for text in texts.values():
            if not all("{metric}" in text[lang] for lang in ("zh", "en")):
                raise ValueError(f"an axis' words must have a place for {{metric}}, got {text!r} for {self.name!r}")

    def called(self, label: Text, at: float) -> Text:
        """A metric at a point, in words."""
        words = {0: self.zero, 1: self.one}.get(at) or self.words
        return Text(*(words[lang].format(metric=label[lang], at=self.point(at)) for lang in ("zh", "en")))

    def point(self, at: float) -> str:
        """A point as it is printed.

        Examples:
            >>> Axis("share", "", Text("{metric}", "{metric}"), fractions=True).point(0.1875)
            '3/16'
        """
        return str(Fraction(at).limit_denominator(1024)) if self.fractions else f"{at:g}"


@dataclass(frozen=True)
class Curve:
    """A metric at several points.

    Attributes:
        points: in rising order.

    Raises:
        ValueError: no points, or not in rising order.
    """

    metric: Metric
    axis: Axis
    points: tuple[float, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", tuple(self.points))
        if not self.points or any(b <= a for a, b in zip(self.points, self.points[1:], strict=False)):
            raise ValueError(f"a curve's points must rise, one at least, got {self.points} for {self.metric.name!r}")


@dataclass(frozen=True)
class Quantity:
    """What can be compared between arms: a metric, or a metric at a point of its curve.

    Examples:
        >>> loss = Metric("loss", Text("损失", "loss"), "nats", "lower", digits=3)
        >>> Quantity(loss).label.en
        'loss'
    """

    metric: Metric
    axis: Axis | None = None
    at: float | None = None

    @property
    def label(self) -> Text:
        """Its name for readers."""
        if self.axis is None or self.at is None:
            return self.metric.label
        return self.axis.called(self.metric.label, self.at)


def quantities(metrics: Iterable[Metric], curves: Iterable[Curve]) -> list[Quantity]:
    """Every metric, and every point of every curve."""
    points = [Quantity(curve.metric, curve.axis, at) for curve in curves for at in curve.points]
    return [*map(Quantity, metrics), *points]


def _demand_name(what: str, name: str) -> None:
    if not NAME.fullmatch(name):
        raise ValueError(f"{what}'s name must be lower-case letters, digits and underscores, got {name!r}")


def _demand_texts(what: str, **texts: object) -> None:
    for key, text in texts.items():
        if not isinstance(text, Text):
            raise TypeError(f"{what}: {key} must be a Text, in both languages, got {text!r}")
