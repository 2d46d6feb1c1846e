"""What pages can ask for between [= and =]: figures with numbered captions, references to them, the glossary.

A figure is drawn when the site is built, by a function in docs/figures under the page's own name, and stands in the
page as SVG: one drawing serves light and dark, and its words are the page's language.
"""

import sys
from html import escape
from pathlib import Path

from mkdocs.utils.meta import get_data

sys.path.insert(0, str(Path(__file__).parent))  # the plugin loads this file by its path alone
import badges
import evidence
import experiments
import tables
import transfer
from captions import FIGURE, captioned, numbers
from context import ROOT, Page, register
from drawings import drawn
from glossary import terms
from macro_errors import misused

AVOID = {"zh": ("不写作", "、"), "en": ("Not", ", ")}  # before words that a term is not called by, and between them


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


def toc(page: Page) -> str:
    """The chapter's sections as the navigation has them: numbers, titles, and what each page promises."""
    items = []
    for part in page.book.nav:
        (name, inner), *_ = part.items()
        if isinstance(inner, list) and name[0].isdigit():
            entries = (promised(page, title, uri) for one in inner for title, uri in one.items() if uri.endswith(".md"))
            items.append(f"- **{name}**\n\n{''.join(entries)}")
    return "\n".join(items)


def promised(page: Page, title: str, uri: str) -> str:
    _, front = get_data((page.book.docs / uri).read_text("utf-8"))
    return f"    - [{title}]({uri})<br><small>{front['description']}</small>\n"


def glossary_table(page: Page) -> str:
    """The whole glossary, as a definition list in the order of the page's language."""
    lang, other = page.lang, "en" if page.lang == "zh" else "zh"
    not_called, comma = AVOID[lang]
    rows = []
    for term in sorted(terms(), key=lambda term: term["en"].lower()):
        avoid = term.get(f"avoid_{lang}", [])
        note = f" <small>{not_called}: {comma.join(avoid)}</small>" if avoid else ""
        rows.append(
            f'<dt id="{term["id"]}">{escape(term[lang])} <span lang="{other}">{escape(term[other])}</span></dt>'
            f"<dd>{escape(term[f'{lang}_text'])}{note}</dd>"
        )
    return f'<dl class="book-glossary">{"".join(rows)}</dl>'


MACROS = (figure, widget, fig, cover, toc, glossary_table)


def define_env(env) -> None:
    """mkdocs-macros asks for this function."""
    register(env, (*MACROS, *evidence.MACROS, *badges.MACROS, *experiments.MACROS, *tables.MACROS, *transfer.MACROS))
