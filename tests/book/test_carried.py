"""Notebooks as readers carry them away: what they need, where their links lead, and that they are notebooks."""

import doctest
import re
import sys

import nbformat
import pytest
from nbformat import v4

from manuscript import LANGUAGES, ROOT

sys.path.insert(0, str(ROOT / "hooks"))
import carried

TEXT = "# T { #t }\n\nSee [a](../../p/a.md#b), [lab](other.ipynb)."
PUBLIC = "https://example.org/en/"


def sources(**changed) -> list[str]:
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell(TEXT), v4.new_code_cell("x = '](a.md)'")])
    how = {"site_url": "http://127.0.0.1:8000/en/", "repository": "", "lang": "en", **changed}
    found = carried.carried(notebook, "p/t", **how)
    nbformat.validate(found)
    return [cell.source for cell in found.cells]


def test_examples():
    assert doctest.testmod(carried).failed == 0


def test_links_lead_to_the_site_or_to_the_pages_beside():
    assert sources(site_url=PUBLIC)[1] == f"# T\n\nSee [a]({PUBLIC}p/a/#b), [lab]({PUBLIC}labs/p/other/)."
    assert sources()[1] == "# T\n\nSee [a](../../../p/a/index.html#b), [lab](../../../labs/p/other/index.html)."
    assert sources()[2] == "x = '](a.md)'", "code stays as it is"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_cell_says_what_is_missing_where_there_is_nothing_to_install_from(lang, monkeypatch):
    (first, *_) = sources(lang=lang)
    exec(first, {})
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"cnnbook, matplotlib.*pip install"):
        exec(first, {})


def test_the_first_cell_installs_from_the_repository():
    (first, *_) = sources(repository="https://example.org/them/book/")
    assert '\n    %pip install --quiet matplotlib "cnnbook @ git+https://example.org/them/book"' in first


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_notebook_of_the_site_is_valid_and_its_links_lead_to_pages(site, lang):
    places = sorted((site.folder / lang).rglob("*.ipynb"))
    assert len(places) == len(list((ROOT / "docs/labs").rglob("*.py")))
    for place in places:
        notebook = nbformat.reads(place.read_text("utf-8"), 4)
        nbformat.validate(notebook)
        assert notebook.cells[0].id == "install"
        text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        for link in re.findall(r"\]\(((?!\w+:)[^)#\s]+)", text):
            assert (place.parent / link).is_file(), (place, link)
