"""Contents as the navigation has them: the chapter on the cover, and the whole book with the headings of each page."""

import re
from collections.abc import Iterator

import yaml

from context import Page

HEADING = re.compile(r"^## +(.+?) *\{ *#([\w-]+)[^}]*\}\s*$", re.M)
FRONT = re.compile(r"---\n(.*?)\n---\n", re.S)
FENCED = re.compile(r"^(```+|~~~+).*?^\1", re.M | re.S)
LAB = {"zh": "上机", "en": "lab"}
COMMON = {"claims", "traps", "remember", "reading", "exercises"}  # sections that every page has, by their ids


def toc(page: Page) -> str:
    """The chapter's sections as the navigation has them: numbers, titles, and what each page promises."""
    items = []
    for name, inner in parts(page):
        if name[:1].isdigit():
            entries = (promised(page, title, uri) for title, uri in inner if uri.endswith(".md"))
            items.append(f"- **{name}**\n\n{''.join(entries)}")
    return "\n".join(items)


def promised(page: Page, title: str, uri: str) -> str:
    front = yaml.safe_load(FRONT.match((page.book.docs / uri).read_text("utf-8"))[1])
    return f"    - [{title}]({uri})<br><small>{front['description']}</small>\n"


def contents(page: Page) -> str:
    """Every page of the book under its part, with a link to its lab and to each of its own headings."""
    items = []
    for name, inner in parts(page):
        if inner == [(page.book.titles[page.topic], page.uri)]:
            continue  # the contents themselves
        here = {uri for _, uri in inner}
        entries = "".join(entry(page, title, uri, here) for title, uri in inner if uri.endswith(".md"))
        items.append(f"- **{name}**\n\n{entries}" if name else entries)
    return "\n".join(items)


def entry(page: Page, title: str, uri: str, here: set[str]) -> str:
    """A page's line, and one of its headings; ``here`` are the sources of its part, its lab among them."""
    lab = f"labs/{uri.removesuffix('.md')}.ipynb"
    beside = f" · [{LAB[page.lang]}]({lab})" if lab in here else ""
    found = " · ".join(
        f"[{words}]({uri}#{place})" for words, place in headings((page.book.docs / uri).read_text("utf-8"))
    )
    indent = "    " if len(here) > 1 else ""
    return f"{indent}- [{title}]({uri}){beside}" + (f"<br><small>{found}</small>\n" if found else "\n")


def headings(text: str) -> list[tuple[str, str]]:
    """A page's own headings of the second rank and their ids; those are left out that all pages have.

    >>> headings("## One `x` { #one }\\n\\n```text\\n## two { #two }\\n```\\n\\n## Further reading { #reading }\\n")
    [('One `x`', 'one')]
    """
    return [(words, place) for words, place in HEADING.findall(FENCED.sub("", text)) if place not in COMMON]


def parts(page: Page) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The parts of the navigation with their pages, title and source; a page in none is a part without a name."""
    for part in page.book.nav:
        (name, inner), *_ = part.items()
        if isinstance(inner, list):
            yield name, [entry for one in inner for entry in one.items()]
        else:
            yield "", [(name, inner)]


MACROS = (toc, contents)
