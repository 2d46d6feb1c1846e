"""The manuscript: a language's pages and notebooks as plain Markdown with everything in it, under .cache/manuscript.

Numbers, badges, cards and figures have taken the places of the macros that ask for them. It is made from plain data:
what renders it, MkDocs or another, needs nothing of the evidence. A page is compiled again when it or something that it
may show has changed.
"""

import json
import re
import traceback
from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial
from pathlib import Path

import jinja2
import nbformat

import drawings
import labs
import reference
import snapshot
from context import ROOT, Book, Page, url_of
from exercises import written
from keeping import digest
from lab_exercises import exercise_cells
from macros import MACROS, OF_THE_WHOLE
from notebooks import page_of
from pictures import filed
from shelf import Shelf, code

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


INDENTED = re.compile(r"^(?P<indent> +)\[= (?P<call>(?:(?! =\]).)*) =\] *$", re.M)


def indented(text: str) -> str:
    """A page whose macros that stand in a list or a box answer in lines that stand there, too.

    >>> SYNTAX.from_string(indented("- a:\\n\\n    [= b() =]"), {"b": lambda: "| c |\\n|---|"}).render()
    '- a:\\n\\n    | c |\\n    |---|'
    """
    return INDENTED.sub(lambda hit: f"{hit['indent']}[= ({hit['call']}) | indent({len(hit['indent'])}) =]", text)


HAN = r"[\u4e00-\u9fff]"
GAP = re.compile(rf"(?<={HAN}</span>) (?={HAN})|(?<={HAN}) (?=\[{HAN}[^\]]*\]\([^)]*\){{ \.book-ref }})")


def closed(text: str) -> str:
    """A page without the spaces that an author leaves around a number or a reference where it turns out to be Chinese.

    >>> closed('从 <span class="book-number">0.8 奈特</span> 升到 <span class="book-number">93%</span> 以上')
    '从 <span class="book-number">0.8 奈特</span>升到 <span class="book-number">93%</span> 以上'
    >>> closed("在 [图 5.16.2-3](#fig-curves){ .book-ref } 里")
    '在[图 5.16.2-3](#fig-curves){ .book-ref } 里'
    """
    return GAP.sub("", text)


def filled(page: Page) -> str:
    """A page with what its macros answer."""
    macros = {one.__name__: partial(one, page) for one in MACROS}
    try:
        return closed(SYNTAX.from_string(indented(page.text), macros).render())
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


def lay_labs(lang: str, shelf: Shelf, places: dict[str, Path], running: list[Future]) -> None:
    """Each lab as a page with its pictures, and its notebook, which readers carry away, under .cache/notebooks."""
    notebooks = Shelf(NOTEBOOKS / lang)
    try:
        for lab in running:
            lab.result()
        for name, place in places.items():
            key = digest(place.name, code(), json.dumps(written(name)))
            notebooks.put(key, partial(notebook, name, lang))
            shelf.put(key, partial(lab_page, name, lang, notebooks.folder))
    except labs.LabError as error:
        raise ManuscriptError(str(error)) from None
    notebooks.close()


def notebook(name: str, lang: str) -> dict[str, str]:
    """A lab as its notebook in a language."""
    one = labs.executed(name)
    try:
        one = labs.in_language(one, lang)
    except labs.LabError as error:
        raise labs.LabError(f"docs/labs/{name}.py: {error}") from None
    one.cells += exercise_cells(name, lang)
    return {f"{name}.ipynb": nbformat.writes(one)}


def lab_page(name: str, lang: str, notebooks: Path) -> dict[str, str | bytes]:
    """A lab as a page with its pictures."""
    place = notebooks / f"{name}.ipynb"
    text, pictures = filed(page_of(nbformat.reads(place.read_text("utf-8"), 4), place.name, lang))
    return {f"labs/{name}.md": text} | {f"labs/{name}/{file}": seen for file, seen in pictures.items()}


def pages(book: Book) -> Iterator[Page]:
    for path in sorted(book.docs.rglob("*.md")):
        uri = path.relative_to(book.docs).as_posix()
        yield Page(book, uri, url_of(uri))


def compiled(book: Book) -> Path:
    """The folder of a language's manuscript, brought up to date.

    Raises:
        ManuscriptError: a page cannot be compiled; what lay there before lies there still.
    """
    places = {name: labs.place(name) for name in labs.names()}
    missing = [name for name, place in places.items() if not place.is_file()]
    with labs.running(missing) as running:  # on other cores, while pages are compiled
        return laid(book, places, running)


def laid(book: Book, places: dict[str, Path], running: list[Future]) -> Path:
    """That folder, with labs that are running."""
    shelf = Shelf(KEPT / book.lang)
    common = digest(code(), snapshot.key(), drawings.sources(), json.dumps(book.nav, ensure_ascii=False))
    found = list(pages(book))
    whole = digest(*(page.text for page in found))
    for page in found:
        of_all = any(f"[= {one.__name__}(" in page.text for one in OF_THE_WHOLE)
        key = digest(common, page.uri, page.text, whole if of_all else "")
        shelf.put(key, lambda page=page: {page.uri: filled(page)})
    if documented := reference.pages(book):
        shelf.put(digest(*documented, *documented.values()), lambda: documented)
    lay_labs(book.lang, shelf, places, running)
    shelf.close()
    return shelf.folder
