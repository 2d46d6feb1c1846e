"""Notebooks as readers carry them away: the first cell sees to what is needed, and links lead to the book.

Where the book has a public address links lead there; else to the pages as they lie beside the notebook, which is so in
the offline book and where the notebooks are unpacked over it.
"""

import copy
import posixpath
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode, v4

import addresses
from context import ROOT, url_of
from keeping import digest
from plain_pages import found_at, page_link
from shelf import Shelf, code

KEPT = ROOT / ".cache/carried"
LINK = re.compile(r"\]\((?!\w+:)((?:[^)#\s]+\.(?:md|ipynb))?)(#[^)\s]*)?\)")
IDS = re.compile(r"^(#+ .*?) *\{ *#[\w.-]+[^}\n]*\} *$", re.M)
WORDS = {
    "zh": {
        "asks": "# 看看这份笔记要用的库装了没有：缺了就说怎么装，都有了就什么也不做。",
        "about": "# 安装这份笔记缺少的库（例如在 Colab 上）；都有了就什么也不做。",
        "how": "没有装 {}。先运行 pip install matplotlib，再在本书源码的文件夹里运行 pip install .",
    },
    "en": {
        "asks": "# Is all installed that this notebook needs? Where it is not, this says how; else nothing happens.",
        "about": "# Install what this notebook needs and does not find, on Colab for instance; else nothing happens.",
        "how": "{} not installed: run `pip install matplotlib`, and `pip install .` in the book's sources.",
    },
}
NEEDED = ("cnnbook", "matplotlib")
FIND = """{about}
from importlib.util import find_spec

missing = [name for name in {needed} if find_spec(name) is None]
if missing:
    {act}"""


def first_cell(repository: str, lang: str) -> NotebookNode:
    """The cell that installs what is missing; without a repository to install from it says what to do.

    >>> print(first_cell("https://example.org/them/book", "en").source.split("missing:")[1].strip())
    %pip install --quiet matplotlib "cnnbook @ git+https://example.org/them/book"
    """
    act, about = f'%pip install --quiet matplotlib "cnnbook @ git+{repository.rstrip("/")}"', WORDS[lang]["about"]
    if not repository:
        about = WORDS[lang]["asks"]
        act = f'raise ModuleNotFoundError({WORDS[lang]["how"]!r}.format(", ".join(missing)))'
    return v4.new_code_cell(FIND.format(about=about, needed=NEEDED, act=act), id="install")


def leading(text: str, name: str, address: str) -> str:
    """Links of a lab's Markdown, which name the sources of pages, as links to pages; ``name`` is the lab's.

    >>> leading("[a](../../p/a.md#b) [c](#d) [e](https://f.org/g.md)", "p/t", "https://h.org/")
    '[a](https://h.org/p/a/#b) [c](https://h.org/labs/p/t/#d) [e](https://f.org/g.md)'
    >>> leading("[a](../../p/a.md#b)", "p/t", "")
    '[a](../../../p/a/index.html#b)'
    """
    own = f"labs/{name}.ipynb"

    def lead(hit: re.Match) -> str:
        target = hit[1] or posixpath.basename(own)
        there = address + url_of(found_at(target, own)) if address else f"{page_link(target, own)}index.html"
        return f"]({there}{hit[2] or ''})"

    return LINK.sub(lead, text)


def carried(notebook: NotebookNode, name: str, lang: str, site_url: str, repository: str) -> NotebookNode:
    """The notebook of a lab (part/topic) in a language as it is downloaded."""
    notebook = copy.deepcopy(notebook)
    address = site_url if addresses.public(site_url) else ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = IDS.sub(r"\1", leading(cell.source, name, address))
    notebook.cells.insert(0, first_cell(repository, lang))
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)  # cells have ids since
    for number, cell in enumerate(notebook.cells):
        cell.setdefault("id", f"cell-{number}")
    return notebook


def lay(notebooks: Path, lang: str, site_url: str, repository: str) -> Path:
    """The folder of a language's notebooks as they are downloaded, brought up to date; they lie in it as in theirs."""
    shelf = Shelf(KEPT / lang)
    for path in sorted(notebooks.rglob("*.ipynb")):
        uri, text = path.relative_to(notebooks).as_posix(), path.read_text("utf-8")

        def made(uri: str = uri, text: str = text) -> dict[str, str]:
            one = carried(nbformat.reads(text, 4), uri.removesuffix(".ipynb"), lang, site_url, repository)
            return {uri: nbformat.writes(one)}

        shelf.put(digest(uri, text, site_url, repository, code()), made)
    shelf.close()
    return shelf.folder
