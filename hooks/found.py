"""How the book is found and shared: what templates ask about addresses, dates and sources, and the shared pictures.

Templates know it as ``book``. Where no public address is set (mkdocs.yml, ``extra.addresses``) nothing is said of one.
"""

import sys
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

sys.path.insert(0, str(Path(__file__).parent))  # MkDocs loads this file by its path alone
import addresses
import changed
import share
from cnnbook import __version__
from cnnbook.files import write_whole
from context import ROOT

NEWS = 30  # pages in the feed of changes


def picture(file: File) -> str:
    """The address of the picture for who shares a page, from the root of the site."""
    return f"share/{file.src_uri.rpartition('.')[0].replace('/', '-')}.png"


class Found:
    """What templates ask. ``dates`` are those of `changed.dates`."""

    def __init__(self, config, dates: dict[str, str]) -> None:
        self.lang: str = config.theme["language"]
        self.addresses: dict[str, str] = config.extra["addresses"]
        self.repository: str = config.extra["repository"]
        self.public: bool = addresses.public(config.site_url)
        self.code: str = addresses.CODES[self.lang]
        self.version: str = __version__
        self.dates = dates

    def source(self, file: File) -> str:
        """A page's source, from the root of the repository; of a lab or a module the program that it is made from."""
        uri = file.src_uri
        if uri.startswith("reference/"):
            return f"src/cnnbook/{uri.removeprefix('reference/').removesuffix('.md')}.py"
        return f"docs/{uri.removesuffix('.ipynb')}.py" if uri.startswith("labs/") else f"docs/{self.lang}/{uri}"

    def changed(self, file: File) -> str:
        """The day of the page's last change, 2026-01-31; nothing where it is not known."""
        return self.dates.get(self.source(file), "")[:10]

    def alternates(self, url: str) -> list[tuple[str, str]]:
        return addresses.alternates(self.addresses, url)

    def edit(self, file: File) -> str:
        return addresses.edit(self.repository, self.source(file))

    def report(self, page: Page) -> str:
        where = page.canonical_url if self.public else self.source(page.file)
        return addresses.report(self.repository, f"{page.title}: ", f"{where}\ncnnbook {self.version}\n\n")

    def picture(self, file: File) -> str:
        return picture(file)

    def news(self, files: list[File]) -> list[tuple[File, str]]:
        """The pages changed last, the newest first, each with its date as feeds write them."""
        dated = [(self.dates[self.source(file)], file) for file in files if self.source(file) in self.dates]
        dated = [(datetime.fromisoformat(date), file) for date, file in dated]
        dated.sort(key=lambda one: (-one[0].timestamp(), one[1].src_uri))
        return [(file, format_datetime(date)) for date, file in dated[:NEWS]]


def on_env(env, config, files):
    env.globals["book"] = Found(config, changed.dates(ROOT))
    return env


def on_page_context(context, page, config, nav):
    """The picture is drawn here, where the page's title is known, and laid straight into the site."""
    if addresses.public(config.site_url):
        title = config.site_name if page.is_homepage else page.title
        png = share.picture(title, config.site_name, page.file.src_uri.rpartition(".")[0])
        write_whole(Path(config.site_dir, picture(page.file)), png)
    return context
