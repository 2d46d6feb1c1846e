"""Whether an answer is right, and if not, in which case first, and by which known mistake."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, replace
from typing import Any

import torch

from cnnbook.evidence.text import Text
from cnnbook.exercises.calling import Called, Stopped, copied, line_of, named
from cnnbook.exercises.comparing import difference
from cnnbook.exercises.dtypes import FLOAT32, OTHER, cast, dtype_hint
from cnnbook.exercises.exercise import Case, Exercise, Fault
from cnnbook.exercises.gradients import gradient_fault, gradients, leaves
from cnnbook.exercises.limits import TimeUp, limited
from cnnbook.exercises.showing import words

SECONDS = 10.0  # all cases together; a right answer takes a small part of it
SEED = 0
LOOKS = 12  # in how many failing cases an answer is compared with the known mistakes


@dataclass(frozen=True)
class Result:
    """What came of a check.

    Attributes:
        exercise: the exercise.
        fault: what is wrong in the first case that failed; None where the answer passed.
        case: that case; None where the answer passed, or where no case could be tried.
    """

    exercise: Exercise
    fault: Fault | None = None
    case: Case | None = None

    @property
    def passed(self) -> bool:
        """Whether the answer was right in all cases."""
        return self.fault is None


@dataclass(frozen=True)
class Trial:
    """An answer in one case: the fault, if any, and what each call returned or raised."""

    case: Case
    fault: Fault | None
    outcomes: list[Any]


def examine(exercise: Exercise, answer: Any, seconds: float = SECONDS) -> Result:
    """Try an answer on the cases of an exercise, from small to large; the first that fails is the result's.

    Args:
        exercise: The exercise.
        answer: What the reader handed over, whatever it is.
        seconds: How long all cases may take together.

    Returns:
        What came of it. Only an error of the exercise itself is raised.
    """
    if (fault := _no_function(exercise, answer)) is not None:
        return Result(exercise, fault)
    failed: list[Trial] = []
    case = None
    with torch.random.fork_rng(devices=[]):
        try:
            with limited(seconds):
                for case in exercise.cases():
                    trial = _tried(exercise, answer, case)
                    failed += [trial] if trial.fault else []
                    if len(failed) == LOOKS:
                        break
        except TimeUp as error:
            if not failed:
                return Result(exercise, _too_slow(error, answer, seconds), case)
        if not failed:
            return Result(exercise)
        first = failed[0]
        assert first.fault is not None
        fault = first.fault if first.fault.hint else replace(first.fault, hint=_hint(exercise, failed))
        return Result(exercise, fault, first.case)


def _no_function(exercise: Exercise, answer: Any) -> Fault | None:
    """What was handed over in the place of a function."""
    name = exercise.function
    if inspect.isclass(answer):
        return Fault(
            Text(
                zh=f"应当交一个函数 `{name}`，交来的是类 {answer.__name__}",
                en=f"hand over a function, `{name}`; this is a class, {answer.__name__}",
            )
        )
    if not callable(answer):
        kind = type(answer).__name__
        return Fault(
            Text(
                zh=f"应当交函数 `{name}` 本身，不要先调用它；交来的是 {kind}",
                en=f"hand over the function `{name}` itself, without calling it; this is of type {kind}",
            )
        )
    return None


def _tried(exercise: Exercise, answer: Any, case: Case) -> Trial:
    """The answer in one case. Random numbers are the same for every answer."""
    torch.manual_seed(SEED)
    called = Called(answer, exercise.solution)
    try:
        judge = exercise.judge or _compare(exercise)
        fault = judge(called, case)
    except Stopped as stop:
        fault = stop.fault
    except Exception as error:
        if not called.outcomes:
            raise
        fault = _not_to_be_checked(error, called.outcomes[-1])  # what no judge has thought of
    return Trial(case, fault, called.outcomes)


def _not_to_be_checked(error: Exception, came: Any) -> Fault:
    said = words(error)
    return Fault(Text(zh=f"这样的结果没法检查：{said}", en=f"such a result cannot be checked: {said}"), came=came)


def _compare(exercise: Exercise) -> Any:
    """The judge of an exercise that has one right value: what the reference returns, or that it refuses."""

    def judge(answer: Called, case: Case) -> Fault | None:
        try:
            arguments, keywords = copied((case.arguments, case.keywords))
            by = leaves(named(exercise.solution, arguments, keywords))
            right = (exercise.reference or exercise.solution)(*arguments, **keywords)
        except ValueError:
            return _must_refuse(answer, case)
        torch.manual_seed(SEED)
        value = answer(*case.arguments, **case.keywords)
        wrong = difference(value, right, exercise.tolerance)
        if wrong and (hint := dtype_hint(value, right, exercise.tolerance)):  # the numbers say nothing of it
            return Fault(wrong, hint=hint)
        if wrong:
            return Fault(wrong, came=value, expected=right)
        wanted = gradients(right, by) if by else None
        if wanted is None:
            return None
        came = gradients(value, answer.leaves)
        answer.outcomes.append(came)  # a mistake with the same value and another gradient is another mistake
        return gradient_fault(came, wanted)

    return judge


def _must_refuse(answer: Called, case: Case) -> Fault | None:
    try:
        value = answer(*case.arguments, **case.keywords)
    except Stopped as stop:
        if isinstance(stop.error, ValueError):
            return None
        raise
    rule = Text(
        zh="这样的参数没有答案，应当用 `raise ValueError` 拒绝", en="no answer fits these arguments: `raise ValueError`"
    )
    return Fault(rule, came=value)


def _too_slow(error: BaseException, answer: Any, seconds: float) -> Fault:
    return Fault(
        Text(
            zh=f"{seconds:g} 秒还没有算完：是不是有不会结束的循环？",
            en=f"no answer after {seconds:g} s: is there a loop that does not end?",
        ),
        line=line_of(error, answer),
    )


def _hint(exercise: Exercise, failed: list[Trial]) -> Text | None:
    """The hint of the mistake that gives what this answer gave, in every case that failed.

    A wrong dtype is a slip of its own beside whatever else is wrong, and those cases are left out.
    """
    failed = [trial for trial in failed if trial.fault and trial.fault.hint not in (FLOAT32, OTHER)]
    for mistake in exercise.mistakes:
        trials = (_tried(exercise, mistake.answer, trial.case) for trial in failed)
        if all(one.fault and _alike(one.outcomes, trial.outcomes) for one, trial in zip(trials, failed, strict=True)):
            return mistake.hint
    return None


def _alike(some: list[Any], others: list[Any]) -> bool:
    """Whether calls gave the same, but for the dtype."""
    try:
        return len(some) == len(others) and all(map(_same, some, others))
    except Exception:  # of values with which nothing can be compared
        return False


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, BaseException) and isinstance(other, BaseException):
        return words(one) == words(other)
    return difference(cast(one, other), other) is None
