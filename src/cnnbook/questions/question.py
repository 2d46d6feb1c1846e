"""Questions beside the text, which check themselves on the page: a number, a choice, or cells to be painted.

A question says no right answer: it says how the package works it out, when the book is built. Answers that people give
are worked out in the same way, by their own mistake, and each has a word of its own. Text may hold `code` and $TeX$;
``{answer}`` in ``why`` stands for the right answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cnnbook.evidence.text import Text

Cell = tuple[int, int]
NAME = re.compile(r"[a-z0-9_]+-q[0-9]+")


@dataclass(frozen=True)
class Number:
    """A question whose answer is a number.

    Attributes:
        name: its topic and its number on the page, ``transposed-q1``.
        prompt: what is asked.
        answer: works out the right answer.
        why: what leads to it, for those who have answered or given up.
        wrong: answers that people give: how each comes about, and what is said to it.
        unit: what stands after the number.
        tolerance: how far an answer may be off, in the answer's own unit.

    Examples:
        >>> number = Number("demo-q1", Text("几？", "How many?"), lambda: 2 + 2, Text("加", "add"))
        >>> number.worked_out()["answer"]
        '4'
    """

    name: str
    prompt: Text
    answer: Callable[[], float]
    why: Text
    wrong: tuple[tuple[Callable[[], float], Text], ...] = ()
    unit: Text | None = None
    tolerance: float = 1e-6

    def worked_out(self) -> dict[str, Any]:
        """The question as plain data, each answer as the text that the page compares with.

        Raises:
            ValueError: a wrong answer is within the tolerance of the right one, or of another wrong one.
        """
        values = [float(self.answer()), *(float(answer()) for answer, _ in self.wrong)]
        for at, value in enumerate(values[1:], 1):
            if any(abs(value - other) <= self.tolerance for other in values[:at]):
                raise ValueError(f"{self.name}: a wrong answer must differ from all others, got {written(value)} again")
        right, *wrong = map(written, values)
        unit = self.unit and both(self.unit)
        return {**_common("number", self, right, wrong), "unit": unit, "tolerance": self.tolerance}


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from.

    Attributes:
        text: the answer.
        right: works out whether it is the right one.
        word: what is said to whoever chooses it.
    """

    text: Text
    right: Callable[[], bool]
    word: Text


@dataclass(frozen=True)
class Choice:
    """A question with answers to choose from, of which one is right.

    Attributes:
        name: its topic and its number on the page, ``transposed-q2``.
        prompt: what is asked.
        options: the answers, in the order in which they are shown.
        why: what leads to the right one.
    """

    name: str
    prompt: Text
    options: tuple[Option, ...]
    why: Text

    def worked_out(self) -> dict[str, Any]:
        """The question as plain data; an answer is the place of its option, counted from 0.

        Raises:
            ValueError: not exactly one option is right.
        """
        right = [at for at, option in enumerate(self.options) if option.right()]
        if len(right) != 1:
            raise ValueError(f"{self.name}: one option must be right, got {len(right)} of {len(self.options)}")
        wrong = [[str(at), both(option.word)] for at, option in enumerate(self.options) if at != right[0]]
        data = _common("choice", self, str(right[0]), [])
        return {**data, "wrong": wrong, "options": [both(option.text) for option in self.options]}


@dataclass(frozen=True)
class Paint:
    """A question whose answer is a set of cells of a board.

    Attributes:
        name: its topic and its number on the page, ``transposed-q3``.
        prompt: what is asked.
        shape: rows and columns of the board.
        cells: works out the cells to be painted, (row, column) counted from 0.
        why: what leads to them.
        wrong: boards that people paint: how each comes about, and what is said to it.
        labels: works out what stands in the cells, row by row.
    """

    name: str
    prompt: Text
    shape: tuple[int, int]
    cells: Callable[[], Iterable[Cell]]
    why: Text
    wrong: tuple[tuple[Callable[[], Iterable[Cell]], Text], ...] = ()
    labels: Callable[[], Sequence[Sequence[object]]] | None = None

    def worked_out(self) -> dict[str, Any]:
        """The question as plain data; an answer is its cells in order: ``0,1 0,3``.

        Raises:
            ValueError: a cell lies outside the board, the labels do not fit it, or two answers are the same.
        """
        boards = [sorted(set(self.cells())), *(sorted(set(cells())) for cells, _ in self.wrong)]
        rows, columns = self.shape
        for i, j in (cell for board in boards for cell in board):
            if not (0 <= i < rows and 0 <= j < columns):
                raise ValueError(f"{self.name}: a cell must lie within {rows}×{columns}, got ({i}, {j})")
        texts = [" ".join(f"{i},{j}" for i, j in board) for board in boards]
        if len(set(texts)) < len(texts) or not texts[0]:
            raise ValueError(f"{self.name}: boards must differ, and the right one have cells, got {texts}")
        labels = [[str(label) for label in row] for row in self.labels()] if self.labels else []
        if labels and (len(labels), *{len(row) for row in labels}) != self.shape:
            raise ValueError(f"{self.name}: labels must have the shape {self.shape}, got {labels}")
        return {**_common("paint", self, texts[0], texts[1:]), "shape": list(self.shape), "labels": labels}


Question = Number | Choice | Paint


def both(text: Text) -> dict[str, str]:
    """A text as plain data."""
    return {"zh": text.zh, "en": text.en}


def written(value: float) -> str:
    """A number as a page writes it and as it reads it again.

    >>> written(4.0), written(-0.5), written(1 / 3)
    ('4', '-0.5', '0.333333')
    """
    return f"{value + 0.0:.6g}"


def _common(kind: str, question: Question, right: str, wrong: list[str]) -> dict[str, Any]:
    if not NAME.fullmatch(question.name):
        raise ValueError(f"a question's name is a topic, -q and a number, such as transposed-q1, got {question.name!r}")
    words = [both(word) for _, word in getattr(question, "wrong", ())]
    shown = right.replace("-", "−")
    return {
        "kind": kind,
        "name": question.name,
        "prompt": both(question.prompt),
        "why": {lang: text.replace("{answer}", shown) for lang, text in both(question.why).items()},
        "answer": right,
        "wrong": [list(pair) for pair in zip(wrong, words, strict=True)] if wrong else [],
    }
