"""Render the book by Zensical, in the place of MkDocs and its theme: the same manuscript, into site-zensical.

    make site RENDERER=zensical

The site that `make site` builds stays as it is. Zensical runs no hooks: what ours lay beside pages is laid here, and
what they do to pages is done in `finished`.
"""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from mkdocs.utils.yaml import yaml_load

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "hooks"))
import addresses
import book
import carried
import figure_data
from aside import put_aside
from at_root import CONFIGS
from cnnbook.files import write_whole
from compiling import NOTEBOOKS, ManuscriptError, compiled
from context import ROOT, Book
from evidence import beside
from finished import finish
from scripts import OWN, elsewhere, served

SITE = ROOT / "site-zensical"
DESK = ROOT / ".cache/zensical"  # of each language the settings, pages and templates that Zensical reads
THEME = ("404.html", "partials/alternate.html", "partials/download.html", "zensical/main.html")
NOTEBOOK = re.compile(r"((?:^|\]\([^)\s]*)labs/[\w/]+)\.ipynb")  # in a navigation; in a link of Markdown
ADDRESS = re.compile(r'<noscript>.*?</noscript>|(?<=\s)(href|src)="(?![#/]|[a-z]+:)([^"]+)"', re.S)
MISSING = "Zensical is not installed: make site RENDERER=zensical does it, or pip install -e '.[zensical]'"


class RenderError(Exception):
    """The book is not rendered; the message is what Zensical said, or the page that cannot be compiled."""


def installed() -> bool:
    return importlib.util.find_spec("zensical") is not None


def to_page(text: str) -> str:
    """Links to notebooks lead to their pages, whose files Zensical has as Markdown.

    >>> to_page("[lab](../labs/part/topic.ipynb)"), to_page("labs/part/topic.ipynb"), to_page("[b](b.ipynb)")
    ('[lab](../labs/part/topic.md)', 'labs/part/topic.md', '[b](b.ipynb)')
    """
    return NOTEBOOK.sub(r"\1.md", text)


def from_source(text: str, uri: str) -> str:
    """The manuscript's HTML says addresses as a reader's browser reads them, from the page's own. Zensical reads them
    from the page's source, as those of Markdown, and says them anew; but not within <noscript>.

    >>> from_source('<a href="../other/#a">, <img src="1.webp">, <a href="#b">', "part/topic.md")
    '<a href="other/#a">, <img src="topic/1.webp">, <a href="#b">'
    >>> from_source('<a href="part/topic/">', "index.md")
    '<a href="part/topic/">'
    """
    if (name := Path(uri).stem) == "index":
        return text

    def said(hit: re.Match) -> str:
        if not hit[1]:
            return hit[0]
        address = hit[2].removeprefix("../") if hit[2].startswith("../") else f"{name}/{hit[2]}"
        return f'{hit[1]}="{address or "./"}"'

    return ADDRESS.sub(said, text)


def navigation(items):
    """The navigation with the labs' pages in the place of their notebooks."""
    if isinstance(items, str):
        return to_page(items)
    if isinstance(items, list):
        return [navigation(one) for one in items]
    return {title: navigation(inner) for title, inner in items.items()}


def settings(config: dict) -> str:
    """What Zensical is told: our own settings, without hooks, for the folders of the desk."""
    told = {name: value for name, value in config.items() if name not in ("hooks", "watch", "plugins", "nav")}
    config["plugins"]["mkdocstrings"]["locale"] = config["theme"]["language"]  # MkDocs says it by itself
    python = config["plugins"]["mkdocstrings"]["handlers"]["python"]
    python["paths"] = [str(ROOT / path) for path in python["paths"]]
    told |= {
        "docs_dir": "pages",
        "site_dir": "site",
        "theme": config["theme"] | {"custom_dir": "theme", "variant": "classic"},
        "plugins": {name: config["plugins"][name] for name in ("search", "autorefs", "mkdocstrings")},
        "extra": config["extra"] | {"public": addresses.public(config["site_url"])},
        "nav": navigation(config["nav"]),
    }
    return yaml.dump(told, allow_unicode=True)


def lay(lang: str, config: dict, desk: Path) -> None:
    """The desk of a language: what Zensical reads."""
    shutil.rmtree(desk, ignore_errors=True)
    one = Book(lang, ROOT / "docs" / lang, config["nav"])
    pages = desk / "pages"
    shutil.copytree(compiled(one), pages)
    for path in pages.rglob("*.md"):
        text = put_aside(to_page(path.read_text("utf-8")))
        path.write_text(from_source(text, path.name), "utf-8", newline="\n")
    for name in THEME:
        lay_file(ROOT / "theme" / name, desk / "theme" / name.removeprefix("zensical/"))
    lay_assets(lang, pages)
    made, laid = beside(one, config["site_name"])
    for place, content in made.items():
        write_whole(pages / place, content)
    for path in laid:
        lay_file(ROOT / path, pages / path)
    write_whole(desk / "mkdocs.yml", settings(config))


def lay_file(source: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, place)


def lay_assets(lang: str, pages: Path) -> None:
    docs = ROOT / "docs"
    for asset in filter(Path.is_file, sorted((docs / "assets").rglob("*"))):
        uri = asset.relative_to(docs).as_posix()
        if not OWN.search(uri):
            lay_file(asset, pages / uri)
        elif not elsewhere(uri, lang):
            write_whole(pages / uri, served(asset))
    for uri, made in figure_data.laid().items():
        write_whole(pages / uri, made)


def render(lang: str) -> Path:
    """A language rendered and finished: the folder where it lies, still on the desk.

    Raises:
        RenderError: a page cannot be compiled, or Zensical warned of something.
    """
    config, desk = yaml_load((ROOT / CONFIGS[lang]).open(encoding="utf-8")), DESK / lang
    try:
        lay(lang, config, desk)
    except ManuscriptError as error:
        raise RenderError(str(error)) from None
    command = [sys.executable, "-m", "zensical", "build", "--strict", "-f", str(desk / "mkdocs.yml")]
    done = subprocess.run(command, cwd=desk, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise RenderError(f"{done.stdout}{done.stderr}")
    site = desk / "site"
    notebooks = carried.lay(NOTEBOOKS / lang, lang, config["site_url"], config["extra"]["repository"])
    for notebook in notebooks.rglob("*.ipynb"):
        lay_file(notebook, site / "labs" / notebook.relative_to(notebooks).with_suffix("") / notebook.name)
    finish(site, lang)
    return site


def build(*languages: str) -> None:
    """Render languages; where all succeed, they take the places of those that are there."""
    drafts = {lang: render(lang) for lang in languages}
    SITE.mkdir(parents=True, exist_ok=True)
    for lang, draft in drafts.items():
        book.take_place(draft, SITE / lang)


def main() -> None:
    if not installed():
        sys.exit(f"tools/by_zensical.py: {MISSING}")
    try:
        build(*CONFIGS)
    except RenderError as error:
        sys.exit(f"{error}\ntools/by_zensical.py: the strict build failed")
    book.lay_root(SITE)
    print(f"The book, by Zensical, is in {SITE.relative_to(ROOT).as_posix()}/: {', '.join(CONFIGS)}", flush=True)


if __name__ == "__main__":
    main()
