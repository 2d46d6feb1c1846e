"""From symptom to cause: what the curves of a run say is wrong with it, by a few questions in a fixed order.

All losses are measured in one unit: the loss of a network that knows nothing, ln C for C classes where that is known,
else the first training loss. So the thresholds below are shares, and hold for a loss of any scale. The first loss is a
poor unit where the run was first logged late, when it had learned much or had blown up already: better give C.

References:
    A. Karpathy, "A recipe for training neural networks", 2019, https://karpathy.github.io/2019/04/25/recipe/
    L. N. Smith, "A disciplined approach to neural network hyper-parameters: Part 1", arXiv:1803.09820, 2018.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import median

LEAST = 3  # points without which nothing is a curve
LEARNED = 0.1  # a loss that fell by less than a tenth has learned next to nothing; batches of 32 scatter by less
DIVERGED = 1.2  # above what a network that knows nothing loses, by more than batches scatter
SPIKE = 3.0  # thrown so far up, and never again below 1 − LEARNED: it diverged and stopped on the way
RISE = 0.05  # from its lowest point upwards; validation over some hundred examples scatters by less
GAP = 0.25  # between validation and training at the end
UNDERFIT = 0.5  # half of what there was to learn is still to be learned
CEILING = 10.0  # ln 22,000: as cross-entropy, no network that knows nothing loses more
WINDOW = 0.1  # share of the run over which a median is taken, against the scatter of batches
SLOW = 0.995  # a fall by less than half a per cent is scatter
FALLING = 0.1  # the last fifth brought a tenth of the whole fall: half of what a straight line would

Points = Sequence[tuple[float, float]]


class Branch(StrEnum):
    """Where the questions lead."""

    DIVERGED = "diverged"
    PLATEAU = "plateau"
    UNDECIDABLE = "undecidable"
    DATA = "wrong data"
    OVERFIT = "overfit"
    UNDERFIT = "underfit"
    HEALTHY = "healthy"


FIRST = {  # what to try first
    Branch.DIVERGED: "a learning rate ten times smaller; then warm-up or clipped gradients",
    Branch.PLATEAU: "learn ten examples by heart; then a rate ten times larger, and one ten times smaller",
    Branch.UNDECIDABLE: "log a validation loss; nothing can be said of generalisation without one",
    Branch.DATA: "look at twenty training examples with their labels as they reach the network, then at validation's",
    Branch.OVERFIT: "more data or augmentation; then dropout or weight decay; take the weights of the lowest point",
    Branch.UNDERFIT: "a larger network or a higher rate; less dropout, weight decay and augmentation",
    Branch.HEALTHY: "nothing: change one parameter at a time from here, over several seeds",
}
MORE = "more steps: it was stopped while it still learned"


@dataclass(frozen=True)
class Curves:
    """The curves of one run, each a sequence of (step, value), in order.

    Attributes:
        train_loss: Loss of the training examples, or of the batches.
        val_loss: Loss of the validation examples, in the same unit; may be empty.
        val_accuracy: Share of right answers, 0…1; may be empty. It stands in for a missing ``val_loss``.
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


@dataclass(frozen=True)
class Diagnosis:
    """What the questions came to.

    Attributes:
        branch: Where they led.
        reasons: Why, in words with the numbers.
        first: What to try first.
    """

    branch: Branch
    reasons: tuple[str, ...]
    first: str


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
    return [
        median(values[max(i - half, 0) : i + half + 1] if i + half < n else values[n - 2 * half - 1 :])
        for i in range(n)
    ]


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


def diagnose(curves: Curves) -> Diagnosis:
    r"""Ask a run the questions, in order; the first *yes* is the diagnosis.

    With the training loss $t$ and the validation loss $v$, smoothed and in units of what a network loses that knows
    nothing ($\ln C$, or $t_0$), and their last values $t_T$, $v_T$:

    1. diverged: a value is not finite, $t_T > 1.2$, or $\max t > 3$ and $t_T > 0.9$;
    2. plateau: $t_T > 0.9$;
    3. undecidable: there is no validation curve;
    4. wrong data: $\min v > 0.9$, and $1 - a_T > 0.9\,(1 - 1/C)$ where accuracy $a$ and C are known;
    5. overfit: $v_T - \min v > 0.05$, or $v_T - t_T > 0.25$;
    6. underfit: $t_T > 0.5$;
    7. healthy: none of these.

    $$t = \frac{\text{training loss}}{u}, \quad v = \frac{\text{validation loss}}{u}, \quad
    u = \ln C \text{ or } \text{the first training loss}$$

    Args:
        curves: The curves of the run.

    Returns:
        The branch, the reasons, and what to try first.

    Raises:
        ValueError: The number of classes is not given, and the first training loss is not above 0.

    Examples:
        >>> train = [(0, 2.3), (50, 1.0), (100, 0.4), (150, 0.1)]
        >>> found = diagnose(Curves(train, val_loss=[(50, 1.1), (100, 0.9), (150, 1.3)]))
        >>> found.branch.value, found.reasons[0]
        ('overfit', 'the validation loss rose from 0.9 (step 100) to 1.3')
    """
    train = [value for _, value in curves.train_loss]
    for name, points in (("training", curves.train_loss), ("validation", curves.val_loss)):
        lost = next((step for step, value in points if not math.isfinite(value)), None)
        if lost is not None:
            return _found(Branch.DIVERGED, f"the {name} loss is not finite at step {lost:g}")
    unit, nothing = _unit(curves)
    smooth = smoothed(train)
    end, slow = smooth[-1] / unit, falling(smooth)
    fell = f"the training loss went from {train[0]:.3g} to {smooth[-1]:.3g}, {_share(end)} {nothing}"
    stuck = end > 1 - LEARNED
    if end > DIVERGED:
        return _found(Branch.DIVERGED, fell)
    if stuck and max(train) > SPIKE * unit:
        return _found(Branch.DIVERGED, f"the training loss shot up to {max(train):.3g} and never recovered", fell)
    if stuck:
        slow = slow and smooth[-1] < SLOW * smooth[0]
        return _found(Branch.PLATEAU, fell, "it falls slowly: the rate is too small" if slow else "it does not fall")
    if not curves.val_loss and not curves.val_accuracy:
        return _found(Branch.UNDECIDABLE, fell, "there is no validation curve")
    return _generalisation(curves, smooth[-1], unit, fell, slow)


def _unit(curves: Curves) -> tuple[float, str]:
    """The loss of a network that knows nothing, and what that is in words."""
    first = curves.train_loss[0][1]
    if curves.classes is not None:
        return math.log(curves.classes), f"ln {curves.classes}, the loss of guessing"
    if first <= 0:
        raise ValueError(f"the first training loss must be above 0 to measure the others by, got {first:g}")
    lowest = min((value for _, value in curves.val_accuracy), default=0.0)
    if first > CEILING and 0 < lowest < 1:  # it had blown up before it was first logged
        return -math.log(lowest), f"what guessing costs at the lowest accuracy, {lowest:.1%}"
    return first, "its first value"


def _generalisation(curves: Curves, train: float, unit: float, fell: str, slow: bool) -> Diagnosis:
    """The questions that need a validation curve, of a run whose training loss ends at ``train``."""
    classes, accuracy = curves.classes or math.inf, smoothed([value for _, value in curves.val_accuracy])
    guess = 1 - 1 / classes  # the error of guessing
    name, scale, points = "loss", unit, curves.val_loss
    if not points:  # the error stands in; there is no gap between it and a loss
        name, scale, points = "error", guess, [(step, 1 - value) for step, value in curves.val_accuracy]
    values = smoothed([value for _, value in points])
    low, end = min(values), values[-1]
    where = points[values.index(low)][0]
    known = bool(accuracy and curves.classes)
    right = known and 1 - accuracy[-1] <= (1 - LEARNED) * guess  # the last, since the best of many is luck
    if (low if curves.val_loss else end) > (1 - LEARNED) * scale and not right:
        chance = [f"accuracy ends at {accuracy[-1]:.1%}, where chance is {1 / classes:.1%}"] if known else []
        never = f"the validation {name} never fell below {low:.3g}, {_share(low / scale)} what knowing nothing costs"
        return _found(Branch.DATA, never, *chance, fell)
    if end - low > RISE * scale:
        return _found(Branch.OVERFIT, f"the validation {name} rose from {low:.3g} (step {where:g}) to {end:.3g}", fell)
    if curves.val_loss and end - train > GAP * unit:
        gap = f"{_share((end - train) / unit)} what knowing nothing costs"
        return _found(Branch.OVERFIT, f"validation ends at {end:.3g}, training at {train:.3g}: the gap is {gap}", fell)
    state = f"the validation {name} ends at {end:.3g}, its lowest is {low:.3g}"
    if train > UNDERFIT * unit:
        still = "the training loss still falls" if slow else "the training loss has stopped falling"
        return _found(Branch.UNDERFIT, fell, still, state, first=MORE if slow else "")
    if falling(values):
        return _found(Branch.HEALTHY, fell, state, "validation still improves", first=MORE)
    return _found(Branch.HEALTHY, fell, state)


def _share(value: float) -> str:
    return f"{value:.0%} of" if value < 10 else f"{value:.2g} times"


def _found(branch: Branch, *reasons: str, first: str = "") -> Diagnosis:
    return Diagnosis(branch, reasons, first or FIRST[branch])
