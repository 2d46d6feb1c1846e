"""make book: a tool that is missing is named, the other prints are made, and the cover links to what is there."""

import zipfile

import pytest

import print_pdf
import prints

COVER = '<main><p class="book-cta"><a href="before/">Go</a></p>\n<p>More.</p></main>'


@pytest.fixture
def edition(tmp_path, monkeypatch):
    """The site of a language: a cover and a notebook."""
    site = tmp_path / "site/en"
    (site / "labs/p/t").mkdir(parents=True)
    (site / "index.html").write_text(COVER, "utf-8")
    (site / "labs/p/t/t.ipynb").write_text("{}", "utf-8")

    def missing(*_):
        raise print_pdf.PrintError("No Chromium found: install it")

    monkeypatch.setitem(prints.MAKERS, "pdf", missing)
    return site


def test_what_is_missing_is_named_and_the_rest_is_made_and_linked(edition, capsys):
    assert prints.make("en", ["pdf", "notebooks"], edition) == ["cnnbook-en.pdf: No Chromium found: install it"]
    assert capsys.readouterr().out == "site/en/carry/cnnbook-en-notebooks.zip: 1 MB\n"
    with zipfile.ZipFile(edition / "carry/cnnbook-en-notebooks.zip") as archive:
        assert archive.namelist() == ["cnnbook-en/labs/p/t/t.ipynb"]
    cover = (edition / "index.html").read_text("utf-8")
    assert 'href="carry/cnnbook-en-notebooks.zip"' in cover and 'href="llms.txt"' in cover and ".pdf" not in cover
    assert cover.index("book-cta") < cover.index("book-carry") < cover.index("More.")


def test_links_are_put_in_once(edition):
    for _ in range(2):
        prints.make("en", ["notebooks"], edition)
    assert (edition / "index.html").read_text("utf-8").count("book-carry") == 1


def test_a_cover_without_a_place_for_links_is_an_error(edition):
    with pytest.raises(ValueError, match="cover of zh has no buttons"):
        prints.linked("<p>no</p>", edition, "zh")
