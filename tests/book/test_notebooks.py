"""A lab's page is its notebook as Markdown: prose as it stands, and code above outputs that no Markdown can change."""

import html
import re
import sys

import markdown
import pytest
from nbformat import v4

from manuscript import ROOT

STRANGE = "```\n\ta <b> & *c* $x$ [=d=] _e_\n\n    # f\n~~~\n*[g]: h\n</pre></div>\n"


@pytest.fixture
def notebooks(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "hooks"), *sys.path])
    import notebooks

    return notebooks


def rendered(text: str) -> str:
    extensions = ["abbr", "attr_list", "md_in_html", "pymdownx.superfences", "pymdownx.arithmatex", "toc"]
    return markdown.markdown(text, extensions=extensions)


def test_outputs_arrive_as_they_were_printed(notebooks):
    cell = v4.new_code_cell("x = 1", outputs=[v4.new_output("stream", text=STRANGE)])
    page = rendered(notebooks.markdown_of(cell) + "\n\n## After { #after }")
    printed = re.search(r'<div class="nb-output">\s*<pre tabindex="0">(.*?)</pre>\s*</div>\s*</div>', page, re.S)
    assert html.unescape(printed[1]) == STRANGE and "<b>" not in page
    assert page.endswith('<h2 id="after">After</h2>')


def test_of_an_output_in_several_forms_a_page_shows_the_richest(notebooks):
    def shown(**data):
        return notebooks.shown(v4.new_output("display_data", data={k.replace("__", "/"): v for k, v in data.items()}))

    assert shown(text__plain="<Figure>", image__png="aGk=\n") == '<img alt="" src="data:image/png;base64,aGk=">'
    assert shown(text__plain="table", text__html="<table></table>") == "<table></table>"
    assert shown(text__plain="\x1b[31m1 < 2\x1b[0m").startswith('<pre tabindex="0"><span class="ansi-red-fg">1 &lt; 2')
    assert shown(application__json="{}") == ""


def test_a_page_has_the_cells_in_order_and_names_the_notebook(notebooks):
    cells = [v4.new_markdown_cell("# T { #t }"), v4.new_raw_cell("raw"), v4.new_code_cell("x")]
    page = notebooks.page_of(v4.new_notebook(cells=cells), "topic.ipynb")
    head, _, body = page.removeprefix("---\n").partition("---\n\n")
    assert head == "render_macros: false\nnotebook: topic.ipynb\n" and "raw" not in body
    assert body.startswith("# T { #t }") and "``````python\nx\n``````" in body and "nb-output" not in body
