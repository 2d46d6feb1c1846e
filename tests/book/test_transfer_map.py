"""The map of what transfers on a page: signs that say what intervals say, and sentences that the map bears."""

import sys

import pytest

from cnnbook.evidence.mapping import Cell, Row
from manuscript import ROOT

sys.path.insert(0, str(ROOT / "hooks"))
import badges
import transfer
from context import Book, Page

ROW = Row({("digits", "book"): Cell(1.0, 0.5, 1.5, 0.2, "better")}, 1.0, 0.4, 1.6, 0.5, (-2.0, 4.0))


@pytest.fixture
def here(monkeypatch, tmp_path):
    (tmp_path / "part").mkdir()
    (tmp_path / "part/page.md").write_text('x\n[= new_setting("base", "higher", "none") =]\n', "utf-8")
    monkeypatch.setattr(transfer, "rows_of", lambda *asked: {"base": ROW})
    return lambda lang: Page(Book(lang, tmp_path, []), "part/page.md", "part/page/")


def test_a_badge_tells_what_a_new_setting_may_expect_and_leads_to_the_map(here):
    badge = transfer.new_setting(here("en"), "base", "higher", "none")
    assert badge.startswith('<a class="book-badge no-terms" href="#fig-map-test_accuracy">A new setting ')
    assert "&#91;−2.0, 4.0]" in badge and "#claim-" not in badge
    assert "新场景" in transfer.new_setting(here("zh"), "base", "higher", "none")


@pytest.mark.parametrize(("mean", "new", "what"), [("none", "none", "mean over"), ("higher", "higher", "new setting")])
def test_a_sentence_that_the_map_does_not_bear_stops_the_page(here, mean, new, what):
    with pytest.raises(
        ValueError, match=rf"docs/en/part/page\.md.*says '{mean if what[0] == 'm' else new}' of the {what}"
    ):
        transfer.new_setting(here("en"), "base", mean, new)
    with pytest.raises(ValueError, match="the map has"):
        transfer.new_setting(here("en"), "nothing", "higher", "none")


def test_a_cell_has_a_sign_beside_its_colour_and_its_interval_for_those_who_listen():
    shown = transfer.shown_cell(Cell(-1.25, -2.0, -0.5, 0.3, "worse"), 1, 0.5, "en")
    assert 'class="book-worse"' in shown and "▼" in shown and "−1.2" in shown and "worse, [−2.0, −0.5]" in shown
    assert "？" in transfer.shown_cell(Cell(0.1, -1.0, 1.2, 0.3, "open"), 1, 0.5, "zh")
    assert transfer.shown_cell(None, 1, 0.5, "en") == '<td class="book-noise">–</td>'


def test_where_rounding_would_hide_what_decides_a_sign_there_are_more_digits():
    better, same = Cell(0.6, 0.0136, 1.1864, 0.3, "better"), Cell(0.2, -0.06, 0.46, 0.1, "same")
    shown = transfer.shown_cell(better, 1, 0.5, "en")
    assert "better, [0.01, 1.19]" in shown and "<br>+0.6<" in shown
    assert "no difference, [−0.06, 0.46]" in transfer.shown_cell(same, 1, 0.5, "en")
    assert "worse, [−2.1, −0.5]" in transfer.shown_cell(Cell(-1.3, -2.1, -0.46, 0.3, "worse"), 1, 0.5, "en")
    assert transfer.together(better, 1, 0.5) == "+0.60 &#91;0.01,&nbsp;1.19]"


def test_a_plain_badge_is_a_link_only_where_it_leads_somewhere():
    assert badges.plain("2 of 4", "[15%, 85%]") == (
        '<span class="book-badge no-terms">2 of 4 <span class="book-badge__effect">&#91;15%, 85%]</span></span>'
    )
    assert badges.plain("a & b", "[1, 2]", "#x").startswith('<a class="book-badge no-terms" href="#x">a &amp; b ')
