"""Labs as pages: Markdown made from an executed notebook, so that it is rendered as every other page is, with the same
code, maths, links, table of contents and search. Without MkDocs.
"""

import html

from nbconvert.filters import ansi2html
from nbformat import NotebookNode

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
HEAD = "---\nnotebook: {}\n---\n\n"


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


def plainly(cell: NotebookNode) -> str:
    """A cell that has not been run."""
    return f"``````python\n{cell.source}\n``````" if cell.cell_type == "code" else cell.source


def markdown_of(cell: NotebookNode, lang: str) -> str:
    """A cell as Markdown: prose as it stands, code in a fence above its outputs, closed where a tag says so.

    Exercises are found by search on the topic's page, which has them too.
    """
    if "exercise" in cell.metadata.get("tags", ()):
        return f'<div class="no-terms" data-search-exclude markdown="1">\n\n{plainly(cell)}\n\n</div>'
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
