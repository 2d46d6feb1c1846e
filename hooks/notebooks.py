"""Labs as pages, and as notebooks beside them.

The page of a lab is Markdown made from its executed notebook, so that MkDocs renders it as it renders every other page:
the same code, maths, links, table of contents and search. It keeps the notebook's name, by which pages and the
navigation link to it. Once it is written it is given the notebook as its source, and mkdocs-jupyter, which takes up
files whose source is a notebook, lays that beside it (include_source).
"""

import html
import sys
from pathlib import Path

import nbformat
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File
from nbconvert.filters import ansi2html
from nbformat import NotebookNode

sys.path.insert(0, str(Path(__file__).parent))  # MkDocs loads this file by its path alone
from cnnbook.files import write_whole
from context import ROOT
from labs import LabError, in_language, notebooks
from pictures import filed

# Of an output that comes in several forms the first that a page can show; others, such as widgets' state, are left out.
SHOWN = {
    "text/html": lambda text, alt: text,
    "image/svg+xml": lambda text, alt: f'<div role="img" aria-label="{alt}">{text}</div>',
    "image/png": lambda data, alt: f'<img alt="{alt}" src="data:image/png;base64,{data.strip()}">',
    "text/plain": lambda text, alt: printed(text),
}
CLOSED = {
    "predict": {"zh": "先猜一猜，再展开看结果", "en": "Predict first, then look at the result"},
    "fold": {"zh": "先自己写，再展开对照", "en": "Write your own first, then compare"},
}
PLAIN = str.maketrans({"\t": "&#9;", "`": "&#96;", "~": "&#126;"})  # no indent and no fence of Markdown
HEAD = "---\nrender_macros: false\nnotebook: {}\n---\n\n"


def printed(text: str) -> str:
    return f'<pre tabindex="0">{ansi2html(text).translate(PLAIN)}</pre>'


def shown(output: NotebookNode) -> str:
    """An output of a cell as HTML."""
    if output.output_type == "stream":
        return printed(output.text)
    if output.output_type == "error":
        return printed("\n".join(output.traceback))
    kind = next((kind for kind in SHOWN if kind in output.data), None)
    alt = output.metadata.get(kind, {}).get("alt", "")
    return SHOWN[kind](output.data[kind], html.escape(alt).translate(PLAIN)) if kind else ""


def closed(markdown: str, tag: str, lang: str) -> str:
    """Markdown that is shown once the reader opens it."""
    return (
        f'<details class="nb-{tag}" markdown="1">\n<summary>{CLOSED[tag][lang]}</summary>\n\n{markdown}\n\n</details>'
    )


def markdown_of(cell: NotebookNode, lang: str) -> str:
    """A cell as Markdown: prose as it stands, code in a fence above its outputs, closed where a tag says so."""
    if cell.cell_type != "code":
        return cell.source if cell.cell_type == "markdown" else ""
    tags = cell.metadata.get("tags", ())
    code, outputs = f"``````python\n{cell.source}\n``````", "".join(map(shown, cell.outputs))
    below = f'<div class="nb-output">{outputs}</div>' if outputs else ""
    if below and "predict" in tags:
        below = closed(below, "predict", lang)
    whole = f'<div class="nb-cell" markdown="1">\n\n{code}\n\n{below}\n\n</div>'
    return closed(whole, "fold", lang) if "fold" in tags else whole


def page_of(notebook: NotebookNode, name: str, lang: str) -> str:
    """The Markdown of a lab's page; ``name`` is the notebook's, for download."""
    return HEAD.format(name) + "\n\n".join(markdown_of(cell, lang) for cell in notebook.cells) + "\n"


class LabPage(File):
    """A page whose file is named as a notebook and holds Markdown."""

    notebook: Path

    def is_documentation_page(self) -> bool:
        return True


@event_priority(100)
def on_files(files, config):
    try:
        labs = notebooks()
    except LabError as error:
        raise PluginError(str(error)) from None
    lang = config.theme["language"]
    for name, both in labs.items():
        uri = f"labs/{name}.ipynb"
        try:
            notebook = in_language(both, lang)
        except LabError as error:
            raise PluginError(f"docs/labs/{name}.py: {error}") from None
        text, pictures = filed(page_of(notebook, Path(uri).name, lang))
        beside = [File.generated(config, f"labs/{name}/{file}", content=seen) for file, seen in pictures.items()]
        page = LabPage.generated(config, uri, content=text)
        page.notebook = ROOT / ".cache" / lang / uri
        content = nbformat.writes(notebook).encode()
        if not page.notebook.is_file() or page.notebook.read_bytes() != content:
            write_whole(page.notebook, content)
        for file in (page, *beside):
            files.append(file)
    return files


@event_priority(100)  # before mkdocs-jupyter looks at the page's source
def on_post_page(output, page, config):
    if isinstance(page.file, LabPage):
        page.file.abs_src_path = str(page.file.notebook)
    return output
