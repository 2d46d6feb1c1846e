"""Keep what Markdown makes of a page from one build to the next: most of a build's time goes into it.

A page's Markdown says what its HTML will be. Where a page like it was rendered before,
Markdown is given nothing to do, and the page gets its HTML, its table of contents and its anchors from .cache. Nothing
is kept of a build that warned, so that a warning comes again until its cause is gone.
"""

import logging
import re
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec
from mkdocs.plugins import event_priority
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.utils import CountHandler

sys.path.insert(0, str(Path(__file__).parent))  # MkDocs loads this file by its path alone
import keeping
from context import ROOT
from keeping import digest

KEPT = ROOT / ".cache/rendered"
REFERENCE = re.compile(r"^::: ", re.M)  # what mkdocstrings fills from the code
PARTS = ("markdown", "pymdown-extensions", "mkdocs", "mkdocs-autorefs", "mkdocstrings", "mkdocstrings-python")


class Heading(msgspec.Struct):
    title: str
    id: str
    level: int
    children: list["Heading"]


class Rendered(msgspec.Struct):
    """A page as Markdown left it."""

    html: str
    title: str  # of a page that the navigation does not name, its first heading
    toc: list[Heading]
    anchors: set[str]
    links: dict[str, dict[str, str]]  # to anchors of other pages: page → anchor → the link as it was written
    names: list["Name"]  # what the reference documents here, which other pages link by name


class Name(msgspec.Struct):
    identifier: str
    anchor: str | None = None
    title: str | None = None
    primary: bool = True


class Build:
    """What is known of the build that goes on."""

    def __init__(self, config, files) -> None:
        self.warnings = CountHandler(level=logging.WARNING)
        logging.getLogger("mkdocs").addHandler(self.warnings)
        self.folder = KEPT / config.theme["language"]
        self.files = {file.src_uri: file for file in files}
        # How links are written depends on what pages there are, and all else on how Markdown is set up.
        settings = [path.read_text("utf-8") for path in sorted(Path(config.config_file_path).parent.glob("*.yml"))]
        settings += [f"{one} {version(one)}" for one in PARTS]
        self.common = digest(*sorted(self.files), *settings, Path(__file__).read_text("utf-8"))
        self.found: dict[str, Rendered] = {}  # pages that need not be rendered
        self.fresh: dict[str, tuple[Path, Rendered]] = {}  # those that were, and where to keep them
        self.references = config.plugins["autorefs"]
        self.register, self.references.register_anchor = self.references.register_anchor, self.registered

    def registered(self, page, *named, **more) -> None:
        """Note a name that a page gives to autorefs while it is rendered."""
        if page.file.src_uri in self.fresh:
            self.fresh[page.file.src_uri][1].names.append(Name(*named, **more))
        self.register(page, *named, **more)

    def place(self, page) -> Path:
        """Where a page is kept, by all that its HTML depends on."""
        code = documented() if REFERENCE.search(page.markdown) else ""
        name = page.file.src_uri.replace("/", "-")
        return self.folder / f"{name}-{digest(self.common, page.file.src_uri, page.markdown, code)}"


build: Build


@cache
def documented() -> str:
    """The code that a reference is made from."""
    return digest(*(path.read_text("utf-8") for path in sorted((ROOT / "src").rglob("*.py"))))


def headings(items) -> list[Heading]:
    return [Heading(one.title, one.id, one.level, headings(one.children)) for one in items]


def anchor(heading: Heading) -> AnchorLink:
    link = AnchorLink(heading.title, heading.id, heading.level)
    link.children = [anchor(one) for one in heading.children]
    return link


def table(found: list[Heading]) -> TableOfContents:
    """A page's table of contents, its first entry active, as MkDocs has it."""
    links = [anchor(one) for one in found]
    for first in links[:1]:
        first.active = True  # ty: ignore[unresolved-attribute] — MkDocs sets it so
    return TableOfContents(links)


@event_priority(-100)  # when all have added theirs
def on_files(files, config):
    global build
    documented.cache_clear()
    build = Build(config, files)
    return files


@event_priority(-200)  # when drawings are put aside
def on_page_markdown(markdown, page, config, files):
    page.markdown = markdown
    kept = keeping.read(place := build.place(page))
    if kept is None:
        build.fresh[page.file.src_uri] = (place, Rendered("", "", [], set(), {}, []))
        return markdown
    build.found[page.file.src_uri] = msgspec.msgpack.decode(kept, type=Rendered)
    return ""


@event_priority(200)  # before anyone looks at the page
def on_page_content(html, page, config, files):
    uri = page.file.src_uri
    if uri in build.fresh:
        links = {file.src_uri: found for file, found in (page.links_to_anchors or {}).items()}
        made = build.fresh[uri][1]
        made.html, made.title, made.toc = html, page.title, headings(page.toc)
        made.anchors, made.links = set(page.present_anchor_ids or ()), links
        return html
    found = build.found.pop(uri)
    page.title, page.toc, page.present_anchor_ids = found.title, table(found.toc), found.anchors
    page.links_to_anchors = {build.files[to]: links for to, links in found.links.items()}
    for one in found.names:
        build.register(page, one.identifier, one.anchor, title=one.title, primary=one.primary)
    return found.html


@event_priority(-200)  # when all that could warn has been said
def on_post_build(config):
    logging.getLogger("mkdocs").removeHandler(build.warnings)
    build.references.register_anchor = build.register
    if build.warnings.get_counts():
        return
    for place, made in build.fresh.values():
        for old in place.parent.glob(f"{place.name.rpartition('-')[0]}-*"):
            old.unlink(missing_ok=True)
        keeping.write(place, msgspec.msgpack.encode(made))
