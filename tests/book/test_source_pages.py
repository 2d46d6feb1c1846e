"""Source as pages: the lines of a deciding test are marked by the address alone, and lead back to the claim."""

import re
import sys
from html import unescape

import msgspec
import pytest

from cnnbook.evidence.claims import read_claims
from looked import report_of
from manuscript import ROOT

sys.path.insert(0, str(ROOT / "hooks"))
import source_pages
import sources
from cards import card

TEST = "tests/parameters/test_toy.py"
CODE = 'x = "<a>"\n\n\n@mark\ndef test_one():\n    assert x\n\n\ndef test_two():\n    pass\n'
RESULT = '{\n "seeds": [\n  0,\n  1\n ],\n "rows": []\n}\n'


@pytest.fixture
def claim():
    """A proof whose test stands in a file of its own."""
    real = next(one for one in read_claims().values() if not one.experiment)
    return msgspec.structs.replace(report_of(real.id), id="c", tests=(f"{TEST}::test_one[a-1]",))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(source_pages, "KEPT", tmp_path / "kept")
    (tmp_path / TEST).parent.mkdir(parents=True)
    (tmp_path / TEST).write_text(CODE, "utf-8")
    return tmp_path


def text_of(page: str) -> list[str]:
    """The lines of code that a page shows."""
    return [unescape(re.sub("<[^>]*>", "", line)) for line in re.findall(r'<span id="L\d+">(.*?)\n</span>', page)]


def test_the_lines_of_the_test_that_decides_stand_in_an_element_that_its_address_names(folder, claim):
    assert sources.lines_of(claim.tests[0], folder) == (4, 6), "with its decorator"
    found = source_pages.pages([claim], "en", "Book", folder)
    (place,) = found
    assert place == f"source/{TEST}.html" and sources.address(TEST, (4, 6)) == f"{place}#L4-6"
    page = found[place]
    assert text_of(page) == CODE.rstrip("\n").split("\n")
    (inside,) = re.findall(r'<span class="source__test" id="L4-6">(.*?\n</span></span>)', page, re.S)
    assert re.findall(r'<span id="(L\d+)"', inside) == ["L4", "L5", "L6"]
    assert f'<a href="../../../{claim.topic}/#claim-c">c</a>' in inside
    assert 'href="../../../tests/parameters/test_toy.py"' in page, "the file itself"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_cards_lead_to_these_pages(claim, lang):
    test = next(one for one in read_claims().values() if not one.experiment).tests[0]
    first, last = sources.lines_of(test)
    shown = card(msgspec.structs.replace(claim, tests=(test,)), None, "../../", lang)
    assert f'href="../../source/{test.partition("::")[0]}.html#L{first}-{last}"' in shown
    assert f'href="../../source/src/cnnbook/{claim.topic}.py.html"' in shown


def test_every_deciding_test_of_the_book_is_found():
    missing = [node for one in read_claims().values() for node in one.tests if not sources.lines_of(node)]
    assert not missing


def test_a_result_has_its_numbers_a_row_each(folder, claim):
    assert source_pages.shown("results/a.json", RESULT) == '{\n "seeds": [0, 1],\n "rows": []\n}\n'


def test_a_file_that_has_changed_is_shown_as_it_is_now(folder, claim):
    source_pages.pages([claim], "en", "Book", folder)
    (folder / TEST).write_text(CODE.replace("pass", "raise"), "utf-8")
    (page,) = source_pages.pages([claim], "en", "Book", folder).values()
    assert "    raise" in text_of(page) and len(list((folder / "kept").iterdir())) == 1
