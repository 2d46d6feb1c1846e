"""Macros are functions that get the page on which they stand."""

import doctest
import importlib
import sys

import pytest

from manuscript import ROOT


@pytest.fixture
def hooks(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "hooks"), *sys.path])


@pytest.mark.parametrize(
    "name", ["context", "keeping", "aside", "evidence", "wording", "contents", "reference", "inlining", "plain_code"]
)
def test_the_examples_run(hooks, name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted and not result.failed


def test_a_macro_gets_the_page_on_which_it_is_called(hooks, monkeypatch, tmp_path):
    import compiling
    from context import Book, Page

    def where(page, name, *, mark=""):
        return f"{page.lang} {page.uri} {page.base} {name}{mark}"

    monkeypatch.setattr(compiling, "MACROS", (where,))
    (tmp_path / "a").mkdir()
    for uri, base in (("index.md", "./"), ("a/b.md", "../../"), ("c.md", "../")):
        (tmp_path / uri).write_text('It is [= where("x", mark="!") =].\n', "utf-8")
        page = Page(Book("zh", tmp_path, []), uri, compiling.url_of(uri))
        assert compiling.filled(page) == f"It is zh {uri} {base} x!.\n"


def test_the_contents_have_every_page_its_lab_and_its_own_headings(hooks, tmp_path):
    from contents import contents, toc
    from context import Book, Page

    nav = [{"Home": "index.md"}, {"Contents": "contents.md"}]
    nav += [{"5 Part": [{"5.1 Topic": "part/topic.md"}, {"5.1 Lab": "labs/part/topic.ipynb"}, {"5.2 Bare": "bare.md"}]}]
    (tmp_path / "part").mkdir()
    (tmp_path / "index.md").write_text("# Home { #home }\n\n## Why { #why }\n", "utf-8")
    sections = (
        "# T { #t }",
        "## One `x` { #one }",
        "```text\n## no { #no }\n```",
        "## Two { #two .c }",
        "## C { #claims }",
    )
    topic = "\n\n".join(sections) + "\n"
    (tmp_path / "part/topic.md").write_text(topic, "utf-8")
    (tmp_path / "bare.md").write_text("# Bare { #bare }\n", "utf-8")
    assert contents(Page(Book("en", tmp_path, nav), "contents.md", "contents/")) == (
        "- [Home](index.md)<br><small>[Why](index.md#why)</small>\n\n"
        "- **5 Part**\n\n"
        "    - [5.1 Topic](part/topic.md) · [lab](labs/part/topic.ipynb)<br><small>"
        "[One `x`](part/topic.md#one) · [Two](part/topic.md#two)</small>\n"
        "    - [5.2 Bare](bare.md)\n"
    )
    (tmp_path / "part/topic.md").write_text(f"---\ndescription: A promise.\n---\n\n{topic}", "utf-8")
    (tmp_path / "bare.md").write_text("---\ndescription: Less.\n---\n\n# Bare { #bare }\n", "utf-8")
    assert toc(Page(Book("en", tmp_path, nav), "index.md", "")) == (
        "- **5 Part**\n\n    - [5.1 Topic](part/topic.md)<br><small>A promise.</small>\n"
        "    - [5.2 Bare](bare.md)<br><small>Less.</small>\n"
    )
