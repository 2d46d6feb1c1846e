"""A term's first use on a page carries its definition and a link to the glossary.

Terms come from docs/glossary.toml. Only prose is touched: code, headings, links, formulas and figures stay as they are.
"""

import re
import sys
from functools import cache
from html import escape
from pathlib import Path

from mkdocs.plugins import event_priority
from mkdocs.utils import get_relative_url

sys.path.insert(0, str(Path(__file__).parent))  # MkDocs loads this file by its path alone
from terms import names_of, terms

WITHOUT = ("glossary.md", "index.md", "map.md")  # pages whose terms are not marked, nor those of the API reference
# A tag; or the whole of what holds no prose and no other of its kind.
TAG = re.compile(r"<!--.*?-->|<(svg|pre|table|script|style)\b.*?</\1>|<[^>]+>", re.S)
VOID = {"br", "hr", "img", "input", "wbr", "source", "meta", "link", "col"}
# Text inside these is left alone: it is not prose, or it already leads somewhere.
CLOSED = {
    "a",
    "abbr",
    "button",
    "code",
    "figcaption",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "kbd",
    "pre",
    "script",
    "style",
    "summary",
    "svg",
    "table",
}
CLOSED_CLASSES = ("arithmatex", "admonition-title", "doc-", "no-terms")


# A name where it stands by itself. In Chinese only Latin letters could go on: "nat" is no part of "alternate".
BOUNDED = {"zh": r"(?<![a-z])(?:{})(?![a-z])", "en": r"\b(?:{})s?\b"}


@cache
def patterns(lang: str):
    """The terms of a language, longest first, each with its pattern: group 1 is a name, unless other words hold it."""
    found = []
    for term in sorted(terms(), key=lambda term: -len(term[lang])):
        names = "|".join(map(re.escape, sorted(names_of(term, lang), key=len, reverse=True)))
        others = "".join(f"{re.escape(words)}|" for words in term.get(f"not_{lang}", ()))
        found.append((term, re.compile(f"{others}({BOUNDED[lang].format(names)})", re.I)))
    return found


def is_meant(term: dict, uri: str) -> bool:
    """Whether a word has the sense of the glossary on a page; most have no other."""
    return uri.startswith(tuple(term.get("pages", [""])))


def is_closed(tag: str, name: str) -> bool:
    return name in CLOSED or any(word in tag for word in CLOSED_CLASSES)


def mark(html: str, lang: str, glossary_url: str, uri: str) -> str:
    """Wrap the first use of each term in the running text of a page, which is known by its source."""
    low = html.lower()  # most terms are not on a page, and need not be looked for in each of its sentences
    left = [
        (term, pattern)
        for term, pattern in patterns(lang)
        if is_meant(term, uri) and any(name.lower() in low for name in names_of(term, lang))
    ]
    done, shut, stack, at = [], 0, [], 0

    def prose(text: str) -> str:
        nonlocal left
        spots = []
        for term, pattern in left:
            hit = next((hit for hit in pattern.finditer(text) if hit[1]), None)
            if hit and not any(hit.start() < end and start < hit.end() for start, end, _ in spots):
                spots.append((*hit.span(), term))
        for start, end, term in sorted(spots, key=lambda spot: -spot[0]):
            left = [other for other in left if other[0] is not term]
            title = escape(term[f"{lang}_text"], quote=True)
            link = f'<a class="book-term" href="{glossary_url}#{term["id"]}" title="{title}">{text[start:end]}</a>'
            text = text[:start] + link + text[end:]
        return text

    for hit in TAG.finditer(html):
        text = html[at : hit.start()]
        done.append(text if shut or not text.strip() else prose(text))
        tag, at = hit.group(), hit.end()
        done.append(tag)
        if tag.startswith("<!") or hit[1]:
            continue
        name = re.match(r"</?\s*([\w-]+)", tag).group(1).lower()
        if tag.startswith("</"):
            while stack:
                opened, closed = stack.pop()
                shut -= closed
                if opened == name:
                    break
        elif name not in VOID and not tag.endswith("/>"):
            closed = is_closed(tag, name)
            stack.append((name, closed))
            shut += closed
    return "".join([*done, html[at:]])


def has_marks(uri: str) -> bool:
    """Whether terms are marked on a page, by its source: not on labs, nor where each word would be a term."""
    return uri.endswith(".md") and uri not in WITHOUT and not uri.startswith("reference")


@event_priority(-50)
def on_page_content(html, page, config, files):
    if has_marks(page.file.src_uri):
        return mark(html, config.theme["language"], get_relative_url("glossary/", page.url), page.file.src_uri)
    return html
