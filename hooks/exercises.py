"""Exercises on pages: a box with what is asked, and folded what to begin with, hints in steps and a solution."""

from functools import cache
from textwrap import indent

from context import LANGUAGES, Page
from macro_errors import misused
from worked_out import worked_out

WORDS = {
    "zh": {
        "exercise": "练习 {}：", "stub": "从这里写起", "hint": "提示 {}", "solution": "解答",
        "how": "写完就运行：它会告诉你对不对，不对又错在哪里。也可以存成文件，用 `cnnbook check {} my.py` 来核对。",
    },
    "en": {
        "exercise": "Exercise {}. ", "stub": "Start here", "hint": "Hint {}", "solution": "Solution",
        "how": "Write it and run it: it says whether it is right and, if not, where it goes wrong. Or save it as a "
        "file and run `cnnbook check {} my.py`.",
    },
}  # fmt: skip


@cache
def written(topic: str) -> dict[str, dict]:
    """The exercises of a topic as plain data, by name."""
    return worked_out("exercises", topic, lambda module: {one.name: plain(one) for one in module.EXERCISES})


def plain(exercise) -> dict:
    """What a box says of an exercise."""
    texts = {"title": exercise.title, "statement": exercise.statement, "explanation": exercise.explanation}
    said = {name: {lang: text[lang] for lang in LANGUAGES} for name, text in texts.items()}
    said["hints"] = [{lang: hint[lang] for lang in LANGUAGES} for hint in exercise.hints]
    said["stub"] = {lang: exercise.program(lang) for lang in LANGUAGES}
    said["begin"] = {lang: exercise.stub(lang) for lang in LANGUAGES}
    return said | {"function": exercise.function, "solution": exercise.solved()}


def folded(title: str, *blocks: str) -> str:
    """A folded box in Markdown."""
    return f'??? exercise "{title}"\n\n' + indent("\n\n".join(blocks), "    ")


def code(text: str) -> str:
    return f"```python\n{text.rstrip()}\n```"


def steps(hints: list[dict], lang: str, number: int = 1) -> str:
    """Hints within each other: each opens the next."""
    first, *rest = hints
    more = [steps(rest, lang, number + 1)] if rest else []
    return folded(WORDS[lang]["hint"].format(number), first[lang], *more)


def exercise(page: Page, name: str) -> str:
    """The exercise NAME of this page, `cnnbook/exercises/<topic>.py`, in Markdown."""
    one = written(page.topic).get(name)
    if one is None:
        raise misused(page, "exercise", name, f"cnnbook/exercises/{page.topic}.py has no exercise {name!r}")
    lang, words = page.lang, WORDS[page.lang]
    return "\n\n".join(
        (
            f'<div class="book-exercise no-terms" id="{name}" data-search-exclude markdown="1">',
            f"**{words['exercise'].format(name.rpartition('-')[2])}{one['title'][lang]}** `{name}`",
            one["statement"][lang],
            folded(words["stub"], code(one["stub"][lang]), words["how"].format(name)),
            steps(one["hints"], lang),
            folded(words["solution"], code(one["solution"]), one["explanation"][lang]),
            "</div>",
        )
    )


MACROS = (exercise,)
