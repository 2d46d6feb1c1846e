"""The search reads a page by what can be found in it, without code or TeX, and the page stays as it is."""

import sys
from types import SimpleNamespace

import pytest

from manuscript import ROOT

HTML = (
    '<h2 id="s">Title</h2><p>Of size <span class="arithmatex">\\(k=4\\)</span>, so'
    '<span class="arithmatex">\\(\\frac{a}{b}\\)</span>.'
    '<a class="book-badge" href="#"><svg><g>\ny</g></svg>holds</a></p>'
    '<pre>c</pre><article class="book-claim x" data-verdict="holds" id="claim-a"><details><summary>'
    '<span class="book-claim__words" id="claim-a-words">It <code>holds</code>.</span></summary></details></article>'
    '<details class="trap">\n<summary>A slip</summary><p>Of the finger.</p></details>'
    '<dl><dt id="term">Term</dt><dd>Its meaning.</dd></dl>'
)


@pytest.fixture
def search(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "hooks"), *sys.path])
    import search

    return search


def read(search, uri: str) -> list[dict]:
    from material.plugins.search.plugin import SearchIndex

    index = SearchIndex()
    content = search.readable(HTML, uri, "en")
    page = SimpleNamespace(content=content, meta={}, toc=[], url="page/", title="Page")
    index.add_entry_from_context(page)
    return search.pages(index.entries)[0]["sections"]


def test_what_is_found_by_itself_is_a_section_and_formulas_read_as_text(search):
    assert read(search, "page.md")[1:] == [
        {"at": "page/#s", "title": "Title", "text": "Of size k=4, so … ."},
        {"at": "page/#claim-a", "title": "Claim", "text": "It holds."},
        {"at": "page/#traps", "title": "A slip", "text": "Of the finger."},
        {"at": "page/#term", "title": "Term", "text": "Its meaning."},
    ]


def test_of_the_reference_only_names_are_found(search):
    assert {section["text"] for section in read(search, "reference.md") if section["title"] == "Title"} == {""}


def test_a_page_is_as_it_was_when_the_search_has_read_it(search):
    page = SimpleNamespace(content=HTML, meta={"title": "t"}, file=SimpleNamespace(src_uri="a.md"))
    search.without({}, page, SimpleNamespace(theme={"language": "en"}), None)
    assert "<pre>" not in page.content
    search.whole({}, page, None, None)
    assert page.content == HTML and page.meta == {"title": "t"}


def test_sections_of_the_book_count_more_than_what_refers_to_them(search):
    weights = [search.weight(at) for at in ("convolution/standard/", "before/", "labs/a/", "reference_x/", "glossary/")]
    assert weights == sorted(weights, reverse=True) and weights[0] == 1


def test_a_thing_may_be_asked_for_by_any_of_its_names(search):
    for lang in ("zh", "en"):
        called = search.names(lang)
        assert any({"转置卷积", "transposed convolution"} <= {*names} for names in called)
    assert any({"loss", "损失"} <= {*names} for names in search.names("zh"))
