"""``cnnbook exercises``."""

from __future__ import annotations

from rich.table import Table

from cnnbook.cli.console import console
from cnnbook.evidence.language import chosen_language
from cnnbook.exercises import progress, registry

HEADS = {"zh": ("练习", "题目", "函数", "完成"), "en": ("exercise", "title", "function", "done")}


def show(lang: str | None = None) -> None:
    """Prints one row an exercise: its name, its title, the function that it asks for, and whether it is done."""
    language = chosen_language(lang)
    passed, exercises = progress.done(), registry.everything()
    table = Table()
    for head in HEADS[language]:
        table.add_column(head, overflow="fold")
    for name, exercise in exercises.items():
        table.add_row(name, exercise.title[language], exercise.function, "✓" if name in passed else "")
    console().print(table)
    count = len(passed & exercises.keys())
    console().print({"zh": f"完成 {count} / {len(exercises)}。", "en": f"{count} of {len(exercises)} done."}[language])
