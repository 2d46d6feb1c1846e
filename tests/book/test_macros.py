"""Macros are functions that get the page on which they stand."""

import doctest
import importlib
import sys
from types import SimpleNamespace

import pytest

from manuscript import ROOT


@pytest.fixture
def hooks(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "hooks"), *sys.path])


@pytest.mark.parametrize("name", ["context", "aside", "evidence", "wording"])
def test_the_examples_run(hooks, name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted and not result.failed


def test_a_macro_gets_the_page_on_which_it_is_called(hooks):
    from context import register

    def where(page, name, *, mark=""):
        return f"{page.lang} {page.uri} {page.base} {name}{mark}"

    macros = {}
    env = SimpleNamespace(
        conf=SimpleNamespace(theme={"language": "zh"}, docs_dir="docs/zh", nav=[]),
        macro=lambda function, name: macros.update({name: function}),
    )
    register(env, [where])
    for uri, url, base in (("index.md", "", "./"), ("a/b.md", "a/b/", "../../"), ("c.md", "c/", "../")):
        env.page = SimpleNamespace(file=SimpleNamespace(src_uri=uri), url=url)
        assert macros["where"]("x", mark="!") == f"zh {uri} {base} x!"
