"""What came of a check, in the reader's language."""

from __future__ import annotations

from typing import Any

from cnnbook.exercises.calling import named
from cnnbook.exercises.checking import Result
from cnnbook.exercises.exercise import NOTHING, Case, Exercise
from cnnbook.exercises.receipt import receipt
from cnnbook.exercises.showing import shown

WORDS = {
    "zh": {
        "passed": "通过", "failed": "还不对", "tried": "试过：", "case": "不通过的最小情形：", "came": "得到：",
        "right": "应为：", "line": "在这一行：", "hint": "提示：", "colon": "：",
        "paste": "贴到书中《你现在会什么》一页，就记下了：",
    },
    "en": {
        "passed": "passed", "failed": "not yet right", "tried": "Tried: ", "case": "The smallest case that fails: ",
        "came": "It gave: ", "right": "Right is: ", "line": "The line: ", "hint": "Hint: ", "colon": ": ",
        "paste": "To have it ticked, paste this on the book's page What you can now do: ",
    },
}  # fmt: skip


def report(result: Result, lang: str) -> str:
    """A result in a few lines.

    Args:
        result: What `cnnbook.exercises.checking.examine` gave.
        lang: ``zh`` or ``en``.
    """
    words, exercise, fault = WORDS[lang], result.exercise, result.fault
    head = f"{exercise.name} {exercise.title[lang]}{words['colon']}"
    if fault is None:
        return (
            f"{head}{words['passed']}\n{words['tried']}{exercise.tried[lang]}\n{words['paste']}{receipt(exercise.name)}"
        )
    lines = [f"{head}{words['failed']}", _sentence(fault.rule[lang], lang)]
    if fault.line:
        lines.append(f"{words['line']}{fault.line}")
    if result.case is not None:
        lines.append(f"{words['case']}{called(exercise, result.case)}")
    if fault.came is not NOTHING:
        lines.append(_block(words["came"], fault.came))
    if fault.expected is not NOTHING:
        lines.append(_block(words["right"], fault.expected))
    if fault.hint is not None:
        lines.append(f"{words['hint']}{fault.hint[lang]}")
    return "\n".join(lines)


def called(exercise: Exercise, case: Case) -> str:
    """The call of a case, with its arguments one a line where they are long.

    Examples:
        >>> from cnnbook.exercises.registry import find
        >>> from cnnbook.exercises.exercise import given
        >>> called(find("transposed-3"), given(3, 2))
        'exact(k=3, s=2)'
    """
    pairs = [
        f"{name}={shown(value)}" for name, value in named(exercise.solution, case.arguments, case.keywords).items()
    ]
    inside = ", ".join(pairs)
    if len(inside) > 80 or "\n" in inside:
        inside = "".join(f"\n    {_indented(pair, 5 + pair.index('='))}," for pair in pairs) + "\n"
    return f"{exercise.function}({inside})"


def _sentence(text: str, lang: str) -> str:
    if lang == "en":  # in Chinese a name of code may come first, and stays as it is
        text = text[0].upper() + text[1:]
    end = {"zh": "。", "en": "."}[lang]
    return text if text.endswith((".", "?", "!", "。", "？", "！")) else text + end


def _block(label: str, value: Any) -> str:
    text = shown(value)
    return f"{label.rstrip()}\n    {_indented(text, 4)}" if "\n" in text else f"{label}{text}"


def _indented(text: str, spaces: int) -> str:
    return text.replace("\n", "\n" + " " * spaces)
