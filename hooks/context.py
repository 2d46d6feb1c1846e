"""What a macro knows of where it is asked: the book in one language, and the page.

A macro is a function of a module. Its first argument is the page on which it is called, the rest is what the page's
author writes: ``def fig(page: Page, name: str) -> str`` answers ``[= fig("grid") =]``. `compiling` gives such functions
to pages under their own names. Nothing here imports MkDocs, so that a macro is tested with a `Page` made by hand:

>>> book = Book("en", Path("docs/en"), [{"Cover": "index.md"}, {"1 Part": [{"1.1 Topic": "part/topic.md"}]}])
>>> page = Page(book, "part/topic.md", "part/topic/")
>>> page.topic, page.base, page.file.as_posix(), book.titles["part/topic"]
('part/topic', '../../', 'docs/en/part/topic.md', '1.1 Topic')
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent  # of the repository
LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Book:
    """The book in one language; made once a build."""

    lang: str  # zh or en
    docs: Path  # the language's pages
    nav: list[dict[str, Any]]  # the navigation as mkdocs.yml has it: titles → addresses of sources, or → such a list

    @cached_property
    def titles(self) -> dict[str, str]:
        """Topic (a page's source without its ending) → the page's title in the navigation, in order."""
        return {uri.removesuffix(".md"): title for title, uri in _leaves(self.nav)}


@dataclass(frozen=True)
class Page:
    """A page of the book."""

    book: Book
    uri: str  # of its source, from the language's folder: part/topic.md
    url: str  # of the page, from the site's root: part/topic/

    @property
    def lang(self) -> str:
        return self.book.lang

    @property
    def topic(self) -> str:
        """The page's name in every room: part/topic."""
        return self.uri.removesuffix(".md")

    @property
    def base(self) -> str:
        """What leads from the page to the root of the language's site: "../../", and "./" on the cover."""
        return "../" * self.url.count("/") or "./"

    @property
    def file(self) -> Path:
        return self.book.docs / self.uri

    @cached_property
    def text(self) -> str:
        """The page's source."""
        return self.file.read_text("utf-8")


def url_of(uri: str) -> str:
    """The address of a page from the site's root, by its source.

    >>> url_of("a/b.md"), url_of("labs/a/b.ipynb"), url_of("a/index.md"), url_of("index.md")
    ('a/b/', 'labs/a/b/', 'a/', '')
    """
    name = uri.rpartition(".")[0]
    return "" if name == "index" else f"{name.removesuffix('/index')}/"


def _leaves(nav: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for item in nav:
        for title, inner in item.items():
            if isinstance(inner, list):
                yield from _leaves(inner)
            else:
                yield title, inner
