"""The curves of a run, and each made ready for questions: only what is finite, smoothed, and with an honest end."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

LEAST = 3  # points without which nothing is a curve
WINDOW = 0.1  # share of the run over which a median is taken, against the scatter of batches
FALLING = 0.1  # the last fifth brought a tenth of the whole fall: half of what a straight line would
HUGE = 1e30  # no loss is so large that was not lost
LONG = (
    2000  # points from which pandas takes the running medians, in n log n; below, the package is not worth its import
)
OUT_OF_LINE = 6.0  # times the scatter: what batches do not do twice running
EDGE = 0.15  # of the unit: what a jump at the end must be besides

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Curves:
    """The curves of one run, each a sequence of (step, value), in order.

    Attributes:
        train_loss: Loss of the training examples, or of the batches.
        val_loss: Loss of the validation examples, in the same unit; may be empty.
        val_accuracy: Share of right answers, 0…1 or in per cent; may be empty. It stands in for a missing ``val_loss``.
        classes: Number C of classes, where the loss is a cross-entropy; None where that is not known.

    Raises:
        ValueError: A curve is too short or goes back in steps, or ``classes`` is less than 2.

    Examples:
        >>> Curves([(0, 2.3), (1, 2.0)])
        Traceback (most recent call last):
        ValueError: train_loss must have at least 3 points, got 2
    """

    train_loss: Points
    val_loss: Points = ()
    val_accuracy: Points = ()
    classes: int | None = None

    def __post_init__(self) -> None:
        for name in ("train_loss", "val_loss", "val_accuracy"):
            points = tuple((float(step), float(value)) for step, value in getattr(self, name))
            object.__setattr__(self, name, points)
            if name == "train_loss" and len(points) < LEAST:
                raise ValueError(f"{name} must have at least {LEAST} points, got {len(points)}")
            back = next((b for (a, _), (b, _) in pairwise(points) if not b > a), None)
            if back is not None:
                raise ValueError(f"the steps of {name} must rise, got {back:g} after a step as large")
        if self.classes is not None and self.classes < 2:
            raise ValueError(f"classes must be at least 2, got classes={self.classes}")


def finite(value: float) -> bool:
    """Whether a value is one that a loss can have: finite, and below 10³⁰.

    Args:
        value: A loss, in any unit.

    Returns:
        False where the run was lost.

    Raises:
        TypeError: The value is no number.

    Examples:
        >>> finite(2.3), finite(float("nan")), finite(-1e308)
        (True, False, False)
    """
    return math.isfinite(value) and abs(value) < HUGE


def smoothed(values: Sequence[float]) -> list[float]:
    r"""Running medians over a tenth of the n values: single batches scatter, and may be outliers.

    $$m_i = \operatorname{median}(v_{i-h}, \dots, v_{i+h}), \qquad h = \lfloor n / 20 \rfloor$$

    At the start there are fewer values. The last h, of which the end is read, all take the last window.

    Args:
        values: n finite numbers, in the unit of the loss.

    Returns:
        n numbers, in the same unit; the values themselves where there are fewer than 20.

    Raises:
        TypeError: The values are no numbers.

    Examples:
        >>> smoothed([5.0, 4.0, 3.0])
        [5.0, 4.0, 3.0]
        >>> smoothed([1.0] * 10 + [9.0] + [1.0] * 29) == [1.0] * 40
        True
    """
    n, half = len(values), int(len(values) * WINDOW / 2)
    if not half:
        return list(values)
    if n > LONG:
        import pandas as pd

        found = pd.Series(values, dtype=float).rolling(2 * half + 1, center=True, min_periods=1).median().tolist()
        return found[: n - half] + [found[n - half - 1]] * half
    window, found = sorted(values[:half]), []
    for i in range(n - half):
        insort(window, values[i + half])
        if i > half:
            del window[bisect_left(window, values[i - half - 1])]
        found.append(median(window))
    return found + [found[-1]] * half


def falling(values: Sequence[float]) -> bool:
    r"""Whether smoothed values still fell at the end: the last fifth brought a tenth of the whole fall at least.

    $$m_1 > m_n \quad\text{and}\quad m_{\lfloor 4n/5 \rfloor} - m_n \ge \tfrac{1}{10}\,(m_1 - m_n)$$

    Args:
        values: n finite numbers.

    Returns:
        True where they still fell.

    Raises:
        IndexError: There is no value.

    Examples:
        >>> falling([1.0, 0.8, 0.6, 0.4, 0.2]), falling([1.0, 0.3, 0.2, 0.2, 0.2])
        (True, False)
    """
    before = values[min(int(len(values) * 0.8), len(values) - 1) - 1]
    return values[0] > values[-1] and before - values[-1] >= FALLING * (values[0] - values[-1])


def scatter(values: Sequence[float]) -> float:
    """How far values scatter about a smooth curve: a robust standard deviation, from second differences.

    Args:
        values: n finite numbers.

    Returns:
        In the unit of the values; 0 where there are fewer than ten, of which a bend could not be told from scatter.

    Examples:
        >>> scatter([float(k) for k in range(12)]), round(scatter([0.0, 1.0] * 10), 2)
        (0.0, 1.21)
    """
    if len(values) < 10:
        return 0.0
    bends = [abs(b - (a + c) / 2) for a, b, c in zip(values, values[1:], values[2:], strict=False)]
    return 1.4826 * median(bends) / math.sqrt(1.5)


@dataclass(frozen=True)
class Course:
    """A curve as the questions see it.

    Attributes:
        steps: Where it is finite.
        values: What it is there.
        smooth: The values, smoothed.
        lost: Steps at which it was not finite, and came back.
        gone: The step from which it was not finite to the end; None where it ends finite.
        gone_for: How many values that are.
        scatter: How far the values scatter.
        tail: How many last values lie out of line above the smoothed end: 0 for a curve that ends as it went on.
    """

    steps: tuple[float, ...]
    values: tuple[float, ...]
    smooth: tuple[float, ...]
    lost: tuple[float, ...]
    gone: float | None
    gone_for: int
    scatter: float
    tail: int

    @classmethod
    def of(cls, points: Points) -> Course:
        """Make a curve ready.

        Examples:
            >>> nan = float("nan")
            >>> course = Course.of([(0, nan), (1, 3.0), (2, 2.0), (3, nan), (4, nan)])
            >>> course.values, course.lost, course.gone
            ((3.0, 2.0), (0.0,), 3.0)
        """
        good = [point for point in points if finite(point[1])]
        last = good[-1][0] if good else -math.inf
        bad = [step for step, value in points if not finite(value)]
        gone = [float(step) for step in bad if step > last]
        values = tuple(value for _, value in good)
        smooth, around = tuple(smoothed(values)), scatter(values)
        tail = 0
        for value in reversed(values):
            if not smooth or value - smooth[-1] <= OUT_OF_LINE * around:
                break
            tail += 1
        steps, lost = tuple(float(step) for step, _ in good), tuple(float(step) for step in bad if step < last)
        return cls(steps, values, smooth, lost, gone[0] if gone else None, len(gone), around, tail)

    def end(self, tail: int = 0) -> float:
        """The smoothed end, or the middle of so many last values."""
        return median(self.values[-tail:]) if tail else self.smooth[-1]

    def doubt(self) -> float:
        """How far the smoothed end may be from where it would lie without scatter: its standard error."""
        return 1.25 * self.scatter / math.sqrt(2 * int(len(self.values) * WINDOW / 2) + 1)

    def low(self) -> tuple[float, float]:
        """The lowest smoothed value, and its step."""
        low = min(self.smooth)
        return low, self.steps[self.smooth.index(low)]

    def spaced(self) -> float:
        """The usual distance of two steps."""
        return median(b - a for a, b in pairwise(self.steps)) if len(self.steps) > 1 else math.inf
