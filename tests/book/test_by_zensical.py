"""The book by Zensical is the book: the same pages, with the same ids, links and text, all of which lead somewhere."""

import doctest
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from effort import thorough

import by_zensical
import finished
from built import Site
from manuscript import LANGUAGES

# All that may differ in an article. Whatever else differs between the two, docs/*/contributing.md says.
OWN_IDS = {"__skip"}  # where Zensical's link to the content leads
OWN_PARTS = {"book-foot"}  # the day of a page's last change, which Zensical's templates are not told
NOT_TEXT = {"script", "style", "template"}
VOID = {"br", "col", "hr", "img", "input", "source", "wbr"}  # in HTML; those of drawings close themselves
HOST = "https://site"
ARTICLE = re.compile(r'<article class="md-content__inner.*</article>', re.S)


class Read(HTMLParser):
    """A page or a part of one: its ids, where its links lead, and its text."""

    def __init__(self, html: str, name: str):
        super().__init__()
        self.address, self.left_out = f"{HOST}/{name.removesuffix('index.html')}", 0
        self.ids: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if self.left_out or tag in NOT_TEXT or OWN_PARTS & set((values.get("class") or "").split()):
            self.left_out += tag not in VOID
            return
        self.ids += [one for one in (values.get("id"),) if one and one not in OWN_IDS]
        self.links += [urljoin(self.address, values[name]) for name in ("href", "src") if values.get(name)]

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        self.left_out -= bool(self.left_out) and tag not in VOID

    def handle_data(self, data):
        if not self.left_out:
            self.words.append(data)

    @property
    def parts(self) -> dict[str, list[str]]:
        return {"ids": self.ids, "links": self.links, "text": "".join(self.words).split()}


def names(folder: Path) -> set[str]:
    """The pages of a language; what cards link to is laid as it is, not rendered."""
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    return {name for name in found if not name.startswith("source/")}


def article(folder: Path, name: str) -> dict[str, list[str]]:
    return Read(ARTICLE.search((folder / name).read_text("utf-8"))[0], name).parts


def differences(ours: Path, theirs: Path) -> list[str]:
    """Where two sites of a language differ, by page."""
    found = [f"{name}: only by one renderer" for name in sorted(names(ours) ^ names(theirs))]
    for name in sorted(names(ours) & names(theirs)):
        one, other = article(ours, name), article(theirs, name)
        for part in one:
            if one[part] != other[part]:
                pairs = zip([*one[part], None], [*other[part], None], strict=False)
                found.append(f"{name}: {part}: {next(pair for pair in pairs if pair[0] != pair[1])}")
    return found


def missing(folder: Path) -> set[str]:
    """What the pages of a language's site link or fetch from it, and it does not have."""
    found, switch = set(), tuple(f"/{lang}/" for lang in LANGUAGES)  # which leads out of it
    for name in names(folder):
        for link in Read((folder / name).read_text("utf-8"), name).links:
            address = urlsplit(link)
            if not link.startswith(HOST) or address.path.startswith(switch):
                continue
            place = folder / unquote(address.path).lstrip("/")
            if not (place / "index.html").is_file() and not place.is_file():
                found.add(f"{name}: {link.removeprefix(HOST)}")
    return found


@cache
def rendered(lang: str) -> Path:
    """A language by Zensical, as it lies on its desk: what `make site` has made stays as it is."""
    return by_zensical.render(lang)


RENDERED = thorough(LANGUAGES, LANGUAGES[:1])  # the templates of both are the same
needs_zensical = pytest.mark.skipif(not by_zensical.installed(), reason=by_zensical.MISSING)


@needs_zensical
@pytest.mark.parametrize("lang", RENDERED)
def test_pages_have_the_same_ids_links_and_text(site: Site, lang):
    assert differences(site.folder / lang, rendered(lang)) == []


@needs_zensical
@pytest.mark.parametrize("lang", RENDERED)
def test_what_pages_link_is_there(site: Site, lang):
    """Rendered by the session that has the site: a second one at once would compile all pages again."""
    assert missing(rendered(lang)) == set()


def test_what_differs_is_named_by_page(tmp_path):
    page = '<article class="md-content__inner">{}</article>'
    for folder, text in {
        "a": '<h1 id="x">One</h1><footer class="book-foot">1 <br></footer>',
        "b": "<h1>One</h1>",
    }.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "index.html").write_text(page.format(text), "utf-8")
    (tmp_path / "b/404.html").write_text(page.format('<a href="none/">'), "utf-8")
    assert differences(tmp_path / "a", tmp_path / "b") == [
        "404.html: only by one renderer",
        "index.html: ids: ('x', None)",
    ]
    assert missing(tmp_path / "b") == {"404.html: /none/"}


@pytest.mark.parametrize("module", [by_zensical, finished], ids=lambda module: module.__name__)
def test_the_examples_run(module):
    assert doctest.testmod(module).failed == 0
