"""Numbered figures: a caption below each, and its number by its name.

A figure's number is the section's and its place on the page: 图 5.14.2-1. Drawings, widgets and charts count alike.
"""

import re
from html import escape

from charts import names_in
from context import Page

DRAWN = re.compile(r'<(svg(?= )|div class="book-panels")')  # a drawing, or a row of them
SECTION = re.compile(r"^# (\d+(?:\.\d+)+) ", re.M)
FIGURE = {"zh": "图", "en": "Figure"}
COLON = {"zh": "　", "en": ".  "}
SIDES = {  # parts named by their side
    "zh": re.compile("(?:^|[。：（])[左右][：，）边]"),
    "en": re.compile(r"\(left|\bLeft[:,]"),
}
STACKED = {
    "zh": "屏幕窄时各部分上下排列：左即是上，右即是下。",
    "en": " On this narrow screen left is above, and right below.",
}
PARTED = re.compile(r'<div class="book-panels"|<(?:standard|transposed|checkerboard)-widget>')


def numbers(page: Page) -> dict[str, str]:
    """Names of the page's figures → their numbers, in order of appearance."""
    section = SECTION.search(page.text)
    head = f"{section.group(1)}-" if section else ""
    return {name: f"{head}{i}" for i, name in enumerate(dict.fromkeys(names_in(page.text)), 1)}


def captioned(page: Page, name: str, svg: str, caption: str, alt: str) -> str:
    """The figure ``name`` of the page, on one line of HTML: Markdown takes it as it stands."""
    said = f' role="img" aria-label="{escape(alt, quote=True)}"'
    svg = DRAWN.sub(lambda hit: hit[0] + said, svg, count=1)
    if PARTED.search(svg) and SIDES[page.lang].search(caption):  # a phone stacks what stands side by side
        caption += f'<span class="book-stacked">{STACKED[page.lang]}</span>'
    label = f"{FIGURE[page.lang]} {numbers(page)[name]}"
    return (
        f'<figure class="book-figure" id="fig-{name}">'
        f'<div class="book-figure__scroll" data-search-exclude>{svg}</div>'
        f"<figcaption><b>{label}</b>{COLON[page.lang]}{caption}</figcaption></figure>"
    )
