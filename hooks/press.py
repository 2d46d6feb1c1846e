"""MkDocs prints the manuscript: before a build it is brought up to date, and then stands in the place of docs/LANG.

A lab's page keeps the notebook's name, by which pages and the navigation link to it. Once it is written it is given the
notebook as its source, as readers carry it away (carried.py), and mkdocs-jupyter, which takes up files whose source is
a notebook, lays that beside it (include_source).
"""

import sys
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File

sys.path.insert(0, str(Path(__file__).parent))  # MkDocs loads this file by its path alone
from carried import lay
from compiling import NOTEBOOKS, ManuscriptError, compiled
from context import ROOT, Book
from snapshot import forget

WRITTEN = ("docs", "hooks", "results")  # what the manuscript is made from, which `mkdocs serve` watches


class LabPage(File):
    """A page whose file is named as a notebook and holds Markdown."""

    notebook: Path

    def is_documentation_page(self) -> bool:
        return True


@event_priority(100)
def on_config(config):
    forget()
    lang = config.theme["language"]
    try:
        config.docs_dir = str(compiled(Book(lang, ROOT / "docs" / lang, config.nav)))
    except ManuscriptError as error:
        raise PluginError(str(error)) from None
    config.watch += [str(ROOT / name) for name in WRITTEN if (ROOT / name).exists()]
    return config


@event_priority(100)
def on_files(files, config):
    lang = config.theme["language"]
    notebooks = lay(NOTEBOOKS / lang, lang, config.site_url, config.extra["repository"])
    for file in [file for file in files if file.src_uri.startswith("labs/") and file.src_uri.endswith(".md")]:
        files.remove(file)
        uri = f"{file.src_uri.removesuffix('.md')}.ipynb"
        page = LabPage.generated(config, uri, content=file.content_string)
        page.notebook = notebooks / uri.removeprefix("labs/")
        files.append(page)
    return files


@event_priority(100)  # before mkdocs-jupyter looks at the page's source
def on_post_page(output, page, config):
    if isinstance(page.file, LabPage):
        page.file.abs_src_path = str(page.file.notebook)
    return output
