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
import reference
import snapshot
from cnnbook.files import write_whole
from context import ROOT, Book, Page
from exercises import written
from lab_exercises import exercise_cells
from macros import MACROS, OF_THE_WHOLE
from notebooks import page_of
from pictures import filed

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

    def put(self, key: str, make: Callable[[], dict[str, str | bytes]]) -> None:
        """Lay files there, unless what was made from the same lies there as it was made."""
        before = {uri: said for uri, said in self.known.items() if said[0] == key}
        if before and all(self.whole(uri) for uri in before):
            self.made |= before
            return
        for uri, content in make().items():
            place, content = self.folder / uri, content.encode() if isinstance(content, str) else content
            self.made[uri] = [key, digest(content)]
            if not place.is_file() or place.read_bytes() != content:  # who watches the folder is not disturbed
                write_whole(place, content)

    def whole(self, uri: str) -> bool:
        place = self.folder / uri
        return place.is_file() and digest(place.read_bytes()) == self.known[uri][1]

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


def lab_page(name: str, lang: str) -> dict[str, str | bytes]:
    """A lab as a page with its pictures; its notebook, for who would run it, is laid under .cache/notebooks."""
    try:
        notebook = labs.in_language(labs.executed(name), lang)
    except labs.LabError as error:
        said = str(error)
        raise ManuscriptError(said if said.startswith("docs/") else f"docs/labs/{name}.py: {said}") from None
    notebook.cells += exercise_cells(name, lang)
    place = notebook_of(name, lang)
    write_whole(place, nbformat.writes(notebook))
    text, pictures = filed(page_of(notebook, place.name, lang))
    return {f"labs/{name}.md": text} | {f"labs/{name}/{file}": seen for file, seen in pictures.items()}


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
        shelf.put(digest(place.name, code, json.dumps(written(name))) if there else "", partial(lab_page, name, lang))


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
        key = digest(common, page.uri, page.text, whole if of_all else "")
        shelf.put(key, lambda page=page: {page.uri: filled(page)})
    if documented := reference.pages(book):
        shelf.put(digest(*documented, *documented.values()), lambda: documented)
    lay_labs(book.lang, shelf, code)
    shelf.close()
    return shelf.folder
