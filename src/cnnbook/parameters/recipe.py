"""From symptom to cause: what the curves of a run say is wrong with it, by a few questions in a fixed order.

All losses are measured in one unit: the loss of a network that knows nothing, ln C for C classes where that is known,
else the first loss. So the thresholds below are shares, and hold for a loss of any scale. The first loss is a poor
unit where the run was first logged late, when it had learned much or had blown up already: better give C.

References:
    A. Karpathy, "A recipe for training neural networks", 2019, https://karpathy.github.io/2019/04/25/recipe/
    L. N. Smith, "A disciplined approach to neural network hyper-parameters: Part 1", arXiv:1803.09820, 2018.
"""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import median

from cnnbook.parameters._branches import CHOOSE, CLASSES, COLLAPSED, FIRST, MORE, ONE_ANSWER, Branch, Diagnosis, Sure
from cnnbook.parameters._courses import EDGE, LEAST, Course, Curves, falling, finite, smoothed

__all__ = ["LEAST", "Branch", "Curves", "Diagnosis", "Sure", "diagnose", "falling", "finite", "smoothed"]

LEARNED = 0.1  # a loss that fell by less than a tenth has learned next to nothing; batches of 32 scatter by less
DIVERGED = 1.2  # above what a network that knows nothing loses, by more than batches scatter
SPIKE = 3.0  # thrown so far up, and never again below 1 − LEARNED: it diverged and stopped on the way
RISE = 0.05  # from its lowest point upwards; validation over some hundred examples scatters by less
GAP = 0.25  # between validation and training at the end
FEW = 4  # classes below which a rise or a gap counts in nats as for four
MANY = 10  # classes above which a rise or a gap counts in nats as for ten: validation scatters no more for more classes
WORSE, LEAP = 0.2, 0.02  # where C is not known: a rise by a fifth of the lowest point, and by so much of the unit,
HALF = 0.5  # or by half of the lowest point: an error that is squared may fall to a hundredth of its first value
FAR, WIDE = 10.0, 0.15  # likewise a gap: validation ten times training, and so much of the unit above it
UNDERFIT = 0.5  # half of what there was to learn is still to be learned
UNDERFIT_OF_TWO = 0.7  # of two classes that overlap; five right answers in six cost 0.45 nats, which is 0.65
SOFT = 0.75  # validation so far below training that the two are not measured alike
CEILING = 10.0  # ln 22,000: as cross-entropy, no network that knows nothing loses more
SLOW = 0.995  # a fall by less than half a per cent is scatter
STILL = 0.02  # of the unit: a training loss that stays within it from beginning to end has learned nothing
LATE = 3  # a log that begins later than so many of its own steps is not that of a beginning
EXCELLENT = 0.95  # an accuracy that is soon so high may well have been learned
KNEW = 0.7  # an accuracy that was never lower: the network was trained before, and its first loss is no unit
ROUNDING = 0.001  # an accuracy of 1 that was summed in single precision lies above it by less
CHANCE = 2.0  # times 100/C: a share that is no more, and no less than half of it, may be chance in per cent
ALWAYS = 0.005  # an accuracy that moves by no more is that of one answer to everything, where the loss agrees
ERRORS = 2.0  # standard errors that a rise or a gap must have, where curves scatter much
RIGHT = 0.65  # of the answers that guessing would not get: so many right, and nothing is underfit
HIGHEST = 0.7  # a training loss that soft labels account for; where it is higher yet, the run was stopped early
NEAR = 0.1  # of a threshold: so close, the other side would do as well
MANY_POINTS = 10  # of which the last one may be a step that mixed precision skipped
FEW_TRAIN, FEW_VAL = 8, 5  # points below which a curve says little


def diagnose(curves: Curves) -> Diagnosis:
    r"""Ask a run the questions, in order; the first *yes* is the diagnosis.

    With the training loss $t$ and the validation loss $v$, smoothed and in units of what a network loses that knows
    nothing ($\ln C$, or the first loss), and their ends $t_T$, $v_T$. Values that are not finite are left out where
    the curve came back. The end is that of the smoothed curve, or the middle of the last values where two of these or
    more lie out of line above it.

    1. diverged: the curve ends not finite; $t_T > 1.2$; $\max t > 3$ and $t_T > 0.9$; or $t_T - \min t > 0.25$, where
       $\min t \le 0.9$;
    2. plateau: $t_T > 0.9$; $t_T > 0.5$ and $\max t - \min t < 0.02$; or the accuracy is that of always one answer,
       from beginning to end;
    3. cannot tell: there is no validation curve of three points, or all hangs on a doubtful unit;
    4. wrong data: $\min v > 0.9$, and $1 - a_T > 0.9\,(1 - 1/C)$ where accuracy $a$ and C are known;
    5. overfit: $v_T - \min v > 0.05$, or $v_T - t_T > 0.25$, where more than ten classes count as ten and fewer than
       four as four; an error that stands in for the loss has no gap, and its unit is the error of guessing;
    6. underfit: $t_T > 0.5$ (0.7 of two classes), unless validation lies far below, or the accuracy says otherwise up
       to 0.7, as with soft labels;
    7. healthy: none of these.

    $$t = \frac{\text{training loss}}{u}, \quad v = \frac{\text{validation loss}}{u}, \quad
    u = \ln C \text{ or } \text{the first loss}$$

    Args:
        curves: The curves of the run.

    Returns:
        The branch, how sure it is, the reasons, and what to try first.

    Raises:
        ValueError: The training loss is never above 0, or not at first and the number of classes is not given.

    Examples:
        >>> train = [(0, 2.3), (50, 1.0), (100, 0.4), (150, 0.1)]
        >>> found = diagnose(Curves(train, val_loss=[(50, 1.1), (100, 0.9), (150, 1.3)]))
        >>> found.branch.value, found.reasons[0]
        ('overfit', 'the validation loss rose from 0.9 (step 100) to 1.3')
    """
    return _Questions(curves).asked()


class _Questions:
    """One run, what was measured of it, and what was said of it so far."""

    def __init__(self, curves: Curves) -> None:
        self.train, self.val = Course.of(curves.train_loss), Course.of(curves.val_loss)
        self.remarks: list[str] = []
        self.margins: list[float] = []  # how far each answer was from being the other, as a share of the threshold
        self.doubtful = False
        self.classes = curves.classes
        accuracy = [(step, value) for step, value in curves.val_accuracy if finite(value)]
        if any(value > 1 + ROUNDING for _, value in accuracy):
            accuracy = [(step, value / 100) for step, value in accuracy]
            self.remarks.append("the accuracy is taken as per cent: it goes beyond 1")
        self.accuracy = Course.of([(step, min(value, 1.0)) for step, value in accuracy])

    def asked(self) -> Diagnosis:
        """The questions in their order."""
        if (found := self._not_finite()) or not self._measured():
            return found or self._found(Branch.CANNOT_TELL, self.short, first="log more often")
        return self._learned() or self._generalised()

    def _not_finite(self) -> Diagnosis | None:
        last = max((course.steps[-1] for course in (self.train, self.val) if course.steps), default=-math.inf)
        for name, course in (("training", self.train), ("validation", self.val)):
            if name == "validation" and course.gone is not None and not course.values:  # training ends finite
                self.remarks.append("the validation loss was never finite: look at how it is measured")
                continue
            many = name == "training" and len(course.values) >= MANY_POINTS and course.gone_for == 1
            if course.gone is not None and not (many and last >= course.gone):  # validation was measured afterwards
                return self._found(Branch.DIVERGED, f"the {name} loss is not finite at step {course.gone:g}")
            steps = [*course.lost, *([] if course.gone is None else [course.gone])]
            if steps:
                times = "once" if len(steps) == 1 else f"at {len(steps)} steps"
                which = f"the {name} loss was not finite {times} (step {steps[0]:g}), and came back"
                self.remarks.append(f"{which}: mixed precision skips such steps")
        return None

    def _measured(self) -> bool:
        """The unit; False where too few values are finite to measure anything."""
        if len(self.train.values) < LEAST:
            self.short = f"only {len(self.train.values)} values of the training loss are finite"
            return False
        if (most := max(self.train.values)) <= 0:
            raise ValueError(f"the training loss must be above 0 somewhere, got at most {most:g}")
        first, step = self.train.values[0], self.train.steps[0]
        if self.classes is not None:
            self.unit, self.nothing = math.log(self.classes), f"ln {self.classes}, the loss of guessing"
            return True
        if first <= 0:
            raise ValueError(f"the first training loss must be above 0 to measure the others by, got {first:g}")
        lowest = min(self.accuracy.values, default=0.0)
        self.unit, self.nothing = first, "its first value"
        if first > CEILING and 0 < lowest < 1:  # it had blown up before it was first logged
            self.unit, self.nothing = -math.log(lowest), f"what guessing costs at the lowest accuracy, {lowest:.1%}"
        elif self.train.lost and self.val.steps and self.val.steps[0] < step and self.val.values[0] > first:
            self.unit, self.nothing = self.val.values[0], "the first validation loss"
        elif step > LATE * self.train.spaced():
            self.doubtful = True
            self.remarks.append(f"the unit is the loss at step {step:g}, where the log begins: a doubtful one")
        return True

    def _over(self, value: float, threshold: float) -> bool:
        """Whether a value is above a threshold; how far from it is kept."""
        self.margins.append(abs(value - threshold) / threshold)
        return value > threshold

    def _ends(self, course: Course, name: str) -> float:
        """The end of a curve in its own unit, with a look at its very last values."""
        out = course.tail and course.end(course.tail) - course.end() > EDGE * self.unit
        if out and (course.tail > 1 or self._both_out()):
            return course.end(course.tail)
        if out:
            self.doubtful = True
            self.remarks.append(
                f"the last {name} loss, {course.values[-1]:.3g}, is out of line: one value decides nothing"
            )
        return course.end()

    def _both_out(self) -> bool:
        return all(c.tail and c.end(c.tail) - c.end() > EDGE * self.unit for c in (self.train, self.val))

    def _learned(self) -> Diagnosis | None:
        """The questions to training alone."""
        train, unit = self.train, self.unit
        end = self.end = self._ends(train, "training")
        low, where = train.low()
        raw = f" (the last value {train.values[-1]:.3g})" if end != train.values[-1] and len(train.values) >= 20 else ""
        share = _share(end / unit)
        self.fell = f"the training loss went from {train.values[0]:.3g} to {end:.3g}{raw}, {share} {self.nothing}"
        self.slow = falling(train.smooth)
        broke = f"the training loss had come down to {low:.3g} (step {where:g}), and collapsed"
        collapsed = end - low > max(GAP * unit, 4 * train.scatter) and low <= (1 - LEARNED) * unit
        if self._over(end / unit, DIVERGED):
            return self._found(Branch.DIVERGED, *([broke] if collapsed else []), self.fell, first=COLLAPSED * collapsed)
        stuck = self._over(end / unit, 1 - LEARNED)
        if stuck and max(train.values) > SPIKE * unit:
            shot = f"the training loss shot up to {max(train.values):.3g} and never recovered"
            return self._found(Branch.DIVERGED, shot, self.fell)
        if collapsed:
            return self._found(Branch.DIVERGED, broke, self.fell, first=COLLAPSED)
        slow = self.slow and train.smooth[-1] < SLOW * train.smooth[0]
        still = max(train.smooth) - low < STILL * unit and end > UNDERFIT * unit and not slow
        if stuck or still:
            said = "it falls slowly: the rate is too small" if slow else "it does not fall"
            return self._by_unit(Branch.PLATEAU, self.fell, said)
        return None

    def _generalised(self) -> Diagnosis:
        """The questions that need a validation curve."""
        points = max(len(self.val.values), len(self.accuracy.values))
        if points < LEAST:
            many = f"there {'is' if points == 1 else 'are'} but {points} point{'s' * (points > 1)} of validation"
            return self._found(Branch.CANNOT_TELL, self.fell, many if points else "there is no validation curve")
        by_loss = len(self.val.values) >= LEAST
        if (always := self._one_answer()) is not None:
            return self._found(Branch.PLATEAU, always, self.fell, first=ONE_ANSWER)
        classes = self.classes or math.inf
        guess = 1 - 1 / classes  # the error of guessing
        name, unit, course = "loss", self.unit, self.val
        if not by_loss:  # the error stands in; there is no gap between it and a loss
            name, unit = "error", guess
            course = Course.of([(s, 1 - v) for s, v in zip(self.accuracy.steps, self.accuracy.values, strict=True)])
        end = self._ends(course, "validation") if by_loss else course.end()
        low, where = course.low()
        accuracy = self.accuracy.smooth[-1] if self.accuracy.smooth else None
        known = accuracy is not None and self.classes is not None
        right = known and 1 - accuracy <= (1 - LEARNED) * guess  # the last, since the best of many is luck
        if self._over((low if by_loss else end) / unit, 1 - LEARNED) and not right:
            by_chance = [f"accuracy ends at {accuracy:.1%}, where chance is {1 / classes:.1%}"] if known else []
            never = f"the validation {name} never fell below {low:.3g}, {_share(low / unit)} what knowing nothing costs"
            return self._by_unit(Branch.DATA, never, *by_chance, self.fell)
        if accuracy is not None and right and by_loss and low > unit and 1 / CHANCE < accuracy * classes / 100 < CHANCE:
            self.doubtful = True
            self.remarks.append(
                f"the accuracy ends at {accuracy:.3g}, and validation never lost less than guessing: in per cent that "
                f"is about chance, {100 / classes:.3g}"
            )
        if by_loss and end > course.end() and end > DIVERGED * unit:
            shot = f"the validation loss shot up at the end, from {course.end():.3g} to {end:.3g}"
            return self._found(Branch.DIVERGED, shot, self.fell, first=COLLAPSED)
        if self._rose(end, low, unit, course):
            rose = f"the validation {name} rose from {low:.3g} (step {where:g}) to {end:.3g}"
            return self._overfit(rose, where)
        if not by_loss:
            self.margins.append(0.0)
            self.remarks.append("there is no validation loss: a gap between it and training would not be seen")
        elif self._apart(end, unit):
            gap = f"{_share((end - self.end) / unit)} what knowing nothing costs"
            apart = f"validation ends at {end:.3g}, training at {self.end:.3g}: the gap is {gap}"
            return self._overfit(apart, where)
        state = f"the validation {name} ends at {end:.3g}, its lowest is {low:.3g} (step {where:g})"
        chance = 1 / classes if self.classes else min(self.accuracy.values, default=0)
        if self._over(self.end / self.unit, UNDERFIT_OF_TWO if self.classes == 2 else UNDERFIT):
            if by_loss and end < SOFT * self.end and end <= UNDERFIT * unit:
                self.remarks.append(
                    "training ends far above validation: with soft labels (mixup, smoothing), dropout or augmentation "
                    "its loss cannot fall to zero, and says nothing of underfitting"
                )
            elif accuracy is not None and accuracy - chance > RIGHT * (1 - chance) and self.end <= HIGHEST * self.unit:
                self.remarks.append(
                    f"the training loss is high for an accuracy of {accuracy:.1%}: soft labels, or classes that overlap"
                )
            else:
                still = "the training loss still falls" if self.slow else "the training loss has stopped falling"
                return self._by_unit(Branch.UNDERFIT, self.fell, still, state, first=MORE if self.slow else "")
        best = self._best()
        if falling(course.smooth):
            return self._found(Branch.HEALTHY, self.fell, state, *best, "validation still improves", first=MORE)
        return self._found(Branch.HEALTHY, self.fell, state, *best)

    def _rose(self, end: float, low: float, unit: float, course: Course) -> bool:
        """Whether validation rose from its lowest point, by more than it scatters."""
        rise, least = end - low, RISE * (self._scale(unit) if course is self.val else unit)
        if self.classes is None and low > 0 and rise > WORSE * low:
            least = min(least, LEAP * unit, HALF * low)
        if rise > least and len(course.smooth) > 1 and course.smooth[-2] - low <= least:
            self.margins.append(0.0)  # it rests on one value
        return self._over(rise, max(least, ERRORS * course.doubt()))

    def _apart(self, end: float, unit: float) -> bool:
        """Whether validation ends far above training."""
        least = GAP * self._scale(unit)
        if self.classes is None and end > FAR * self.end:
            least = WIDE * unit
        return self._over(end - self.end, max(least, ERRORS * math.hypot(self.train.doubt(), self.val.doubt())))

    def _scale(self, unit: float) -> float:
        return math.log(min(max(self.classes, FEW), MANY)) if self.classes is not None else unit

    def _one_answer(self) -> str | None:
        """Words for an accuracy that is that of always one answer: it never moves, and the loss is that of a share."""
        values = self.accuracy.values
        if values and values[-1] < EXCELLENT:
            values = values[len(values) // 5 :]  # in the first fifth it may get there
        if len(values) < LEAST + 1 or max(values) - min(values) > ALWAYS or not 0.5 <= (share := values[-1]) < 1:
            return None
        same = sum(a == b for a, b in pairwise(values)) / (len(values) - 1)
        chance = -share * math.log(share) - (1 - share) * math.log(1 - share)  # the least that a share can cost
        loss = median((self.val if self.val.values else self.train).values[-3:])  # a batch may be all of one class
        most = chance + (1 - share) * math.log(self.classes - 1) if self.classes else math.inf
        if same < 0.6 or min(loss, median(self.train.values)) < 0.75 * chance or loss > 1.2 * most:
            return None
        return f"the accuracy is {share:.1%} and does not move: always the same answer, the most frequent class"

    def _best(self) -> list[str]:
        """Best against last, as accuracy sees it."""
        if not self.accuracy.smooth:
            return []
        best = max(self.accuracy.values)
        step = self.accuracy.steps[self.accuracy.values.index(best)]
        return [f"the accuracy ends at {self.accuracy.values[-1]:.1%}, its best is {best:.1%} (step {step:g})"]

    def _overfit(self, why: str, where: float) -> Diagnosis:
        """Overfitting by the loss, and what the accuracy says of it."""
        steps, smooth = self.accuracy.steps, self.accuracy.smooth
        there = next((value for step, value in zip(steps, smooth, strict=True) if step >= where), None)
        if there is None or not self.val.smooth:
            return self._found(Branch.OVERFIT, why, self.fell)
        went = f"{there:.1%} at step {where:g} to {smooth[-1]:.1%}"
        if smooth[-1] - there <= ALWAYS:
            return self._found(Branch.OVERFIT, why, self.fell, f"the accuracy went from {went}")
        said = f"the accuracy still rose, from {went}: the network grows too sure of its errors, and makes fewer"
        cost = f"to stop at the lowest loss would cost {100 * (smooth[-1] - there):.1f} points of accuracy"
        return self._found(Branch.OVERFIT, why, self.fell, said, cost, first=CHOOSE)

    def _by_unit(self, branch: Branch, *reasons: str, first: str = "") -> Diagnosis:
        """A branch that hangs on the unit: where that is doubtful, nothing can be told."""
        late = self.doubtful and self.train.steps[0] > LATE * self.train.spaced()
        knew = branch is not Branch.PLATEAU and min(self.accuracy.values, default=0) > KNEW
        if self.nothing == "its first value" and (late or knew):
            self.doubtful = True
            unit = f"it would be {branch.value}, were {self.train.values[0]:.3g} what knowing nothing costs"
            return self._found(Branch.CANNOT_TELL, unit, *reasons, first=CLASSES)
        return self._found(branch, *reasons, first=first)

    def _found(self, branch: Branch, *reasons: str, first: str = "") -> Diagnosis:
        few = len(self.train.values) < FEW_TRAIN or 0 < len(self.val.values) < FEW_VAL
        near = bool(self.margins) and min(self.margins) < NEAR
        sure = Sure.UNSURE if self.doubtful or (few and near) else Sure.FAIRLY if few or near else Sure.SURE
        return Diagnosis(branch, sure, reasons, tuple(self.remarks), first or FIRST[branch])


def _share(value: float) -> str:
    return f"{value:.0%} of" if value < 10 else f"{value:.2g} times"
