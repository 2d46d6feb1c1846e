"""The book's terms, from docs/glossary.toml."""

import tomllib
from functools import cache

from context import ROOT


@cache
def terms() -> tuple[dict, ...]:
    with open(ROOT / "docs/glossary.toml", "rb") as file:
        return tuple(tomllib.load(file)["term"])


def names_of(term: dict, lang: str) -> list[str]:
    """What a term is called: by the book, and by others."""
    return [term[lang], *term.get(f"also_{lang}", ())]
