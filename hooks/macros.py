"""What pages can ask for between [= and =]: figures with numbered captions, references to them, the cover.

A figure is drawn when the site is built, by a function in docs/figures under the page's own name, and stands in the
page as SVG: one drawing serves light and dark, and its words are the page's language.
"""

import badges
import contents
import evidence
import exercises
import experiments
import glossary_page
import gpu
import loops
import progress
import questions
import reference
import tables
import transfer
from captions import FIGURE, captioned, numbers
from context import ROOT, Page
from drawings import drawn
from macro_errors import misused


def drawing(page: Page, macro: str, name: str) -> str:
    """The page's drawing NAME, for the macro that asks for it."""
    svg = drawn(page.topic, name, page.lang)
    if svg is None:
        raise misused(page, macro, name, f"docs/figures/{page.topic}.py draws no figure {name!r}")
    return svg


def figure(page: Page, name: str, caption: str, alt: str = "") -> str:
    """The drawing NAME of this page with a numbered caption; alt describes it to those who do not see it."""
    return captioned(page, name, drawing(page, "figure", name), caption, alt or caption)


def widget(page: Page, element: str, caption: str, alt: str = "", *, instead: str) -> str:
    """The interactive figure <ELEMENT> (docs/assets/widgets/ELEMENT.mjs) with a numbered caption; where there is no
    JavaScript, the page's drawing INSTEAD, which shows what the figure shows at first."""
    if not (ROOT / f"docs/assets/widgets/{element}.mjs").is_file():
        raise misused(page, "widget", element, f"there is no docs/assets/widgets/{element}.mjs")
    return captioned(
        page, element, f"<{element}>{drawing(page, 'widget', instead)}</{element}>", caption, alt or caption
    )


def fig(page: Page, name: str) -> str:
    """A reference to a figure of this page: 图 5.14.2-1."""
    if name not in (known := numbers(page)):
        raise misused(page, "fig", name, f"there is on this page no figure {name!r}")
    return f"[{FIGURE[page.lang]} {known[name]}](#fig-{name}){{ .book-ref }}"


def cover(page: Page) -> str:
    return drawn("cover", "cover", page.lang)


PARTS = (
    contents,
    evidence,
    badges,
    exercises,
    experiments,
    tables,
    glossary_page,
    gpu,
    loops,
    progress,
    questions,
    reference,
    transfer,
)
MACROS = (figure, widget, fig, cover, *(macro for part in PARTS for macro in part.MACROS))
OF_THE_WHOLE = contents.MACROS  # what these answer depends on other pages, too
