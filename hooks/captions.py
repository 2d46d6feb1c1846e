"""Numbered figures: a caption below each, and its number by its name.

A figure's number is the section's and its place on the page: 图 5.14.2-1. Drawings, widgets and charts count alike.
"""

import re
from html import escape

from charts import names_in
from context import Page

SECTION = re.compile(r"^# (\d+(?:\.\d+)+) ", re.M)
FIGURE = {"zh": "图", "en": "Figure"}
COLON = {"zh": "　", "en": ".  "}


def numbers(page: Page) -> dict[str, str]:
    """Names of the page's figures → their numbers, in order of appearance."""
    section = SECTION.search(page.text)
    head = f"{section.group(1)}-" if section else ""
    return {name: f"{head}{i}" for i, name in enumerate(dict.fromkeys(names_in(page.text)), 1)}


def captioned(page: Page, name: str, svg: str, caption: str, alt: str) -> str:
    """The figure ``name`` of the page, on one line of HTML: Markdown takes it as it stands."""
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(alt, quote=True)}" ', 1)
    label = f"{FIGURE[page.lang]} {numbers(page)[name]}"
    return (
        f'<figure class="book-figure" id="fig-{name}">'
        f'<div class="book-figure__scroll" data-search-exclude>{svg}</div>'
        f"<figcaption><b>{label}</b>{COLON[page.lang]}{caption}</figcaption></figure>"
    )
