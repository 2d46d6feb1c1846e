"""What an exercise is: what is asked, a solution, cases to try an answer on, and the mistakes that people make."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cnnbook.evidence.text import Text

Answer = Callable[..., Any]  # a function that answers an exercise: the reader's, the solution, or a mistake

NOTHING: Any = object()  # of a fault: there is no value to show

YOURS = Text(zh="# 写在这里", en="# your code")


@dataclass(frozen=True)
class Case:
    """Arguments to try an answer on; `given` makes one.

    Attributes:
        arguments: those by position.
        keywords: those by name.
    """

    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]


def given(*arguments: Any, **keywords: Any) -> Case:
    """A case, written as the call would be.

    Examples:
        >>> given(7, k=3)
        Case(arguments=(7,), keywords={'k': 3})
    """
    return Case(arguments, keywords)


@dataclass(frozen=True)
class Fault:
    """What is wrong with an answer in one case.

    Attributes:
        rule: the rule that was broken, a sentence.
        came: the value that came out; left out where there is none to show.
        expected: the value that should have.
        hint: what fits this fault, where it is a known one.
        line: the line of the reader's code, ``file:number: text``, where the fault has one.
    """

    rule: Text
    came: Any = NOTHING
    expected: Any = NOTHING
    hint: Text | None = None
    line: str = ""


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people give, and what helps them.

    Attributes:
        answer: the wrong answer itself: a reader whose results are its results has made this mistake.
        hint: what to think of; it does not give the answer away.
    """

    answer: Answer
    hint: Text


@dataclass(frozen=True)
class Exercise:
    """One exercise. All texts are Markdown whose only markup is \\`code\\`, since a terminal shows them as well.

    Attributes:
        name: ``transposed-1``: the topic and a number.
        title: a few words.
        statement: what is asked; blank lines part its paragraphs.
        takes: the stub's docstring: what the arguments are, with shapes, and what is to be returned.
        hints: in steps, none of which gives the answer away.
        solution: a right answer, self-contained, without docstring and comments: its name and its arguments are those
            of the stub, and its source is what the page shows.
        explanation: why the solution is right.
        cases: yields cases from small to large, so that the first in which an answer fails is the smallest. The cases
            are the same every time: what is random comes from a generator with a seed.
        tried: what the cases cover, said to those who passed.
        mistakes: at least three, of which none is right in all cases.
        reference: what a right answer gives, where another than the solution can say (PyTorch); a ``ValueError`` of it
            says that the answer must raise one as well.
        judge: for exercises without one right value: ``judge(answer, case)`` calls the answer as often as it likes and
            gives the fault that it found, or None. Comparing with a reference is then left out.
        tolerance: how far a value may be off, by the largest that should be (and by 1 where that is less).
    """

    name: str
    title: Text
    statement: Text
    takes: Text
    hints: tuple[Text, ...]
    solution: Answer
    explanation: Text
    cases: Callable[[], Iterable[Case]]
    tried: Text
    mistakes: tuple[Mistake, ...]
    reference: Answer | None = None
    judge: Callable[[Answer, Case], Fault | None] | None = None
    tolerance: float = 1e-5

    @property
    def function(self) -> str:
        """The name of the function that is asked for."""
        return getattr(self.solution, "__name__", "")

    def stub(self, lang: str) -> str:
        """What the reader begins with: the function with its arguments, and nothing in it."""
        return f"{_imports(self._head())}\n\n\n{self._body(lang)}"

    def program(self, lang: str) -> str:
        """The stub with the call that checks it."""
        imports = f"{_imports(self._head())}\n\nfrom cnnbook.exercises import check"
        return f'{imports}\n\n\n{self._body(lang)}\n\ncheck("{self.name}", {self.function})\n'

    def _head(self) -> str:
        return inspect.getsource(self.solution).split(":\n")[0]

    def _body(self, lang: str) -> str:
        return f'{self._head()}:\n    """{self.takes[lang]}"""\n    ...  {YOURS[lang]}\n'

    def solved(self) -> str:
        """The source of the solution, complete with its imports."""
        source = inspect.getsource(self.solution)
        return f"{_imports(source)}\n\n\n{source}"


def _imports(source: str) -> str:
    """The imports that a piece of code needs, of those that exercises use."""
    uses = {
        "import math\n": "math.",  # a blank line before torch
        "from collections.abc import Callable\n": "Callable",
        "import torch": "",
        "import torch.nn.functional as F": "F.",
        "from torch import Tensor": "Tensor",
    }
    return "\n".join(line for line, word in uses.items() if word in source.replace("torch.Tensor", ""))
