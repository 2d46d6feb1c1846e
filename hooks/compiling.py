"""The manuscript: a language's pages and notebooks as plain Markdown with everything in it, under .cache/manuscript.

Numbers, badges, cards and figures have taken the places of the macros that ask for them. It is made from plain data:
what renders it, MkDocs or another, needs nothing of the evidence. A page is compiled again when it or something that it
may show has changed.
"""

import hashlib
import json
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import jinja2
import nbformat

import drawings
import labs
import snapshot
from cnnbook.files import write_whole
from context import ROOT, Book, Page
from macros import MACROS, OF_THE_WHOLE
from notebooks import page_of

KEPT = ROOT / ".cache/manuscript"
NOTEBOOKS = ROOT / ".cache/notebooks"
SYNTAX = jinja2.Environment(
    variable_start_string="[=",
    variable_end_string="=]",
    block_start_string="[=%",
    block_end_string="%=]",
    comment_start_string="[=#",
    comment_end_string="#=]",
    undefined=jinja2.StrictUndefined,
    keep_trailing_newline=True,
)


class ManuscriptError(Exception):
    """A page that cannot be compiled; the message names file, line and macro."""


def url_of(uri: str) -> str:
    """The address of a page, by its source: part/topic/ for part/topic.md.

    >>> url_of("a/b.md"), url_of("a/index.md"), url_of("index.md")
    ('a/b/', 'a/', '')
    """
    name = uri.removesuffix(".md")
    return "" if name == "index" else f"{name.removesuffix('/index')}/"


def filled(page: Page) -> str:
    """A page with what its macros answer."""
    try:
        return SYNTAX.from_string(page.text, {one.__name__: partial(one, page) for one in MACROS}).render()
    except Exception as error:
        said = str(error)
        if not said.startswith(f"docs/{page.lang}/{page.uri}:"):
            line = line_of(error)
            said = f"docs/{page.lang}/{page.uri}:{line}: {said}, in {page.text.splitlines()[line - 1].strip()!r}"
        raise ManuscriptError(said) from error


def line_of(error: Exception) -> int:
    """The line of a page's source that an error is about."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.lineno
    steps = traceback.extract_tb(error.__traceback__)
    return next((step.lineno for step in reversed(steps) if step.filename == "<template>" and step.lineno), 1)


class Shelf:
    """The manuscript of a language: what lies there, and from what it was made."""

    def __init__(self, lang: str) -> None:
        self.folder, self.register = KEPT / lang, KEPT / f"{lang}.json"
        try:
            self.known: dict[str, list[str]] = json.loads(self.register.read_text("utf-8"))
        except (OSError, ValueError):
            self.known = {}
        self.made: dict[str, list[str]] = {}

    def put(self, uri: str, key: str, make: Callable[[], str]) -> None:
        """Lay a page there, unless it lies there, made from the same and as it was made."""
        place = self.folder / uri
        if place.is_file() and self.known.get(uri) == [key, digest(place.read_bytes())]:
            self.made[uri] = self.known[uri]
            return
        text = make()
        self.made[uri] = [key, digest(text.encode())]
        if not place.is_file() or place.read_bytes() != text.encode():  # who watches the folder is not disturbed
            write_whole(place, text)

    def close(self) -> None:
        """Take away what no page has any more, and note what there is."""
        for place in self.folder.rglob("*"):
            if place.is_file() and place.relative_to(self.folder).as_posix() not in self.made:
                place.unlink()
        if self.made != self.known:
            write_whole(self.register, json.dumps(self.made, indent=0, sort_keys=True))


def digest(*parts: str | bytes) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update((part.encode() if isinstance(part, str) else part) + b"\0")
    return found.hexdigest()[:24]


def hooks() -> str:
    """The hash of what compiles: the modules beside this one."""
    return digest(*(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))))


def lab_page(name: str, lang: str) -> str:
    """A lab as a page; its notebook, for who would run it, is laid under .cache/notebooks."""
    try:
        notebook = labs.in_language(labs.executed(name), lang)
    except labs.LabError as error:
        said = str(error)
        raise ManuscriptError(said if said.startswith("docs/") else f"docs/labs/{name}.py: {said}") from None
    place = notebook_of(name, lang)
    write_whole(place, nbformat.writes(notebook))
    return page_of(notebook, place.name, lang)


def notebook_of(name: str, lang: str) -> Path:
    return NOTEBOOKS / lang / f"{name}.ipynb"


def lay_labs(lang: str, shelf: Shelf, code: str) -> None:
    places = {name: labs.place(name) for name in labs.names()}
    try:
        labs.run_all(name for name, place in places.items() if not place.is_file())
    except labs.LabError as error:
        raise ManuscriptError(str(error)) from None
    for name, place in places.items():
        there = notebook_of(name, lang).is_file()
        shelf.put(f"labs/{name}.md", digest(place.name, code) if there else "", partial(lab_page, name, lang))


def pages(book: Book) -> Iterator[Page]:
    for path in sorted(book.docs.rglob("*.md")):
        uri = path.relative_to(book.docs).as_posix()
        yield Page(book, uri, url_of(uri))


def compiled(book: Book) -> Path:
    """The folder of a language's manuscript, brought up to date.

    Raises:
        ManuscriptError: a page cannot be compiled; what lay there before lies there still.
    """
    shelf, code = Shelf(book.lang), hooks()
    common = digest(code, snapshot.key(), drawings.sources(), json.dumps(book.nav, ensure_ascii=False))
    found = list(pages(book))
    whole = digest(*(page.text for page in found))
    for page in found:
        of_all = any(f"[= {one.__name__}(" in page.text for one in OF_THE_WHOLE)
        shelf.put(page.uri, digest(common, page.text, whole if of_all else ""), partial(filled, page))
    lay_labs(book.lang, shelf, code)
    shelf.close()
    return shelf.folder
