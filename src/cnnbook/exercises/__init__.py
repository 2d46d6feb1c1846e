"""Exercises that check themselves, a module a topic: ``check("transposed-1", scatter)`` says whether it is right.

Bottom to top: `exercise` is what an exercise consists of, `comparing`, `dtypes`, `gradients` and `calling` are how an
answer is tried, `checking` finds the first case that fails and the mistake behind it, `report` says it, `registry`
finds exercises by name, `progress` remembers which are done, `loading` and `sandbox` are for answers in files.

How to write one, with ``convolution/transposed.py`` as the model:

1. The module of a topic has ``EXERCISES``, a tuple of `exercise.Exercise`, easy ones first, named ``<topic>-1``, ….
2. ``solution`` is an ordinary function, complete in itself: torch and F are all it uses. It has no docstring and no
   comment, since its source stands on both languages' pages; ``explanation`` says why it is right. Its name and its
   signature, on one line, are those of the stub.
3. ``cases`` is a generator function that yields ``given(…)``: first the smallest hand case in which most mistakes show,
   then random ones from small to large, with ``torch.Generator().manual_seed(0)``. Include the edges: one pixel, sides
   that differ, a stride that leaves a remainder, float64. Small whole numbers read best in a report. Where a tensor of
   a case requires a gradient, that of the answer is compared as well.
4. ``reference`` is PyTorch's answer, or the package's; where it raises ``ValueError``, the answer must as well. Where
   there is no one right value, write ``judge(answer, case)`` instead, which returns a `exercise.Fault` or None; the
   fault may bring its own hint.
5. ``mistakes`` are at least three wrong answers, each a private function that makes *one* mistake in an otherwise right
   answer. A reader's answer whose results equal theirs, in all cases that fail, gets that mistake's hint. So two
   mistakes must differ in some case; ``tests/exercises`` runs all of them.
6. Texts say the same in both languages, as a native author would write them; `code` is their only markup.
7. All cases together take well under a second, and each case shows something that no earlier one does.
8. Both pages get ``[= exercise("transposed-1") =]`` under ``## … { #exercises }``, before what to remember.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def check(name: str, answer: Callable[..., Any], lang: str | None = None) -> bool:
    """Check an answer to an exercise, and print what came of it.

    Printed is either what was tried, or the smallest case that fails: what came out, what should have, and, where the
    mistake is a known one, a hint. Your function gets copies of the arguments. It runs in this process, for at most ten
    seconds.

    Args:
        name: The exercise, as the page calls it and ``cnnbook exercises`` lists it: ``transposed-1``.
        answer: Your function, itself, without calling it.
        lang: ``zh`` or ``en``; by default the language of the locale.

    Returns:
        Whether the answer is right in all cases.

    Raises:
        ExerciseError: No exercise has this name; the message names the nearest.
        OptionError: The book is not written in this language.

    Examples:
        >>> check("transposed-3", lambda k, s: ((k - s) // 2, 0), lang="en")
        transposed-3 Exactly s times as large: not yet right
        For n = 1 the output must be 2 long, and is 3.
        The smallest case that fails: exact(k=3, s=2)
        It gave: (0, 0)
        Hint: Try k = 3 and s = 2: half of `k − s` is no whole number. Which setting makes up for what is lost?
        False
    """
    from cnnbook.exercises import loading

    if loading.at_work:  # `cnnbook check` runs the file in which this stands, and checks it itself
        return True
    from cnnbook.evidence.language import chosen_language
    from cnnbook.exercises.checking import examine  # with it torch, which the command line does without
    from cnnbook.exercises.progress import mark
    from cnnbook.exercises.registry import find
    from cnnbook.exercises.report import report

    language = chosen_language(lang)
    result = examine(find(name), answer)
    print(report(result, language))
    if result.passed:
        mark(name)
    return result.passed
