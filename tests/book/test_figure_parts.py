"""A drawing in few elements, and in panels that a phone stacks: what shows is the same."""

import doctest
import re
import sys

import pytest

from manuscript import ROOT

sys.path.insert(0, str(ROOT / "docs/figures"))
import parts as parts_of_drawings
from draw import Drawing
from parts import LEAST, PANEL, WIDE, Part, columns, gathered


def test_the_examples_run():
    result = doctest.testmod(parts_of_drawings)
    assert result.attempted and not result.failed


def boxes(svg: str) -> list[str]:
    return re.findall(r'<path d="([^"]*)"', svg)


def test_cells_of_a_look_are_one_path_and_single_digits_one_text():
    d = Drawing()
    d.grid(0, 0, [[1, 2], [3, 45]], lambda i, j: "f-a" if i == j else "f-b", size=10)
    svg = d.svg()
    assert sorted(boxes(svg)) == ["M0 0H10V10H0zM10 10H20V20H10z", "M10 0H20V10H10zM0 10H10V20H0z"]
    assert re.search(r'<text x="5 15 5" y="6.5 6.5 16.5" [^>]*>123</text>', svg) and svg.count("<text") == 2


@pytest.mark.parametrize(("x", "texts"), [(5, 2), (50, 1)])
def test_what_would_change_sides_is_not_gathered(x, texts):
    """A square over the first digit, and a digit on it: three layers. Where the square is elsewhere, two are enough."""
    d = Drawing()
    d.text(5, 5, "1")
    d.rect(x - 5, 0, 10, 10, "f-a")
    d.text(5, 5, "2")
    assert d.svg().count("<text") == texts


def row(*ends: tuple[int, int]) -> list[list[str]]:
    parts = [Part("other", str(place), [(left, 0, right, 9)]) for place, (left, right) in enumerate(ends)]
    return [[part.look for part in group] for group in columns(parts)]


def test_a_wide_drawing_is_cut_at_its_widest_gap_and_a_narrow_one_is_not():
    assert row((0, 150), (160, 300), (330, 460)) == [["0", "1"], ["2"]]
    assert row((0, 150), (160, 300), (310, WIDE)) == [["0", "1", "2"]]
    assert row((0, 250), (200, 460)) == [["0", "1"]], "nothing stands between them"
    assert row((0, LEAST - 20), (LEAST, 500)) == [["0", "1"]], "names of rows stay with their rows"
    assert row(*((at, at + 180) for at in range(0, 4 * PANEL // 2, PANEL // 2))) == [["0", "1"], ["2", "3"]]


def test_panels_side_by_side_are_the_drawing():
    d = Drawing()
    for left in (0, 300):
        d.rect(left, 20, 250, 50, "f-a")
    assert d.svg(whole=True).count("<svg") == 1
    views = [[float(n) for n in view.split()] for view in re.findall(r'viewBox="([^"]*)"', d.svg())]
    assert views == [[-6, 14, 281, 62], [275, 14, 281, 62]]


def test_gathering_leaves_the_parts_as_they_were():
    parts = [Part("box", "a", [(0, 0, 1, 1)]), Part("box", "a", [(1, 0, 2, 1)])]
    gathered(parts)
    assert [part.boxes for part in parts] == [[(0, 0, 1, 1)], [(1, 0, 2, 1)]]
