"""The search reads a page without what it would leave out, and the page keeps it."""

import sys
from types import SimpleNamespace

import pytest

from manuscript import ROOT

LEFT = "<p>a</p>\n<pre>c</pre><table><tr><td>d</td></tr></table>"
OUT = (
    "<pre data-search-exclude><code>\n<b>x</b></code></pre>",
    '<svg class="s"><g><text>\ny</text></g></svg>',
    '<article data-search-exclude class="c"><p>z</p><svg><path/></svg></article>',
    '<span class="arithmatex">\\(a &lt; b\\)</span>',
    '<div class="arithmatex">\\[\nc\n\\]</div>',
)


@pytest.fixture
def search(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "hooks"), *sys.path])
    import search

    return search


def test_what_is_left_out_is_not_read_and_comes_back(search):
    whole = LEFT.replace("\n", "".join(OUT))
    page = SimpleNamespace(content=whole, meta={"title": "t"})
    search.without({}, page, {}, None)
    assert page.content == LEFT.replace("\n", "")
    search.whole({}, page, {}, None)
    assert page.content == whole and page.meta == {"title": "t"}


@pytest.mark.parametrize(
    ("uri", "marked"), [("a.md", ["pre", 'article class="book-claim x"']), ("reference.md", ["pre", "p", "ul"])]
)
def test_what_the_search_leaves_out_is_marked(search, uri, marked):
    html = '<pre>1</pre><p>2</p><ul><li>3</li></ul><article class="book-claim x">4</article><article>5</article>'
    page = SimpleNamespace(file=SimpleNamespace(src_uri=uri))
    found = search.on_page_content(html, page, {}, None)
    for tag in marked:
        assert f"<{tag} data-search-exclude>" in found
    assert found.count("data-search-exclude") == len(marked)
