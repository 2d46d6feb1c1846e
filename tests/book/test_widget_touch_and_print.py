"""The widgets under a finger, on paper, and out of sight."""

import pytest
from playwright.sync_api import expect

from reader import until
from widgets import PICTURE, opened, stopwatch

pytestmark = pytest.mark.browser

FIGURES = {"convolution": "standard", "transposed": "transposed", "checkerboard": "checkerboard"}


@pytest.fixture
def phone(browser, site):
    """A page on a phone: narrow, and touched instead of clicked."""
    context = browser.new_context(
        locale="zh-CN", base_url=site.root, has_touch=True, is_mobile=True, viewport={"width": 375, "height": 812}
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", FIGURES)
def test_a_finger_pins_a_cell_and_moves_a_slider(phone, name):
    widget = opened(phone, name, FIGURES[name], "zh")
    board = widget.locator("canvas[role=application]").first
    board.scroll_into_view_if_needed()
    pinned, box = widget.evaluate("(widget) => widget.pin"), board.bounding_box()
    board.tap(position={"x": box["width"] - 8, "y": box["height"] - 8})
    assert widget.evaluate("(widget) => widget.pin") not in ("", pinned)
    slider = widget.locator("input[type=range]").first
    before = slider.input_value()
    box = slider.bounding_box()
    slider.tap(position={"x": 2 if before != slider.get_attribute("min") else box["width"] - 2, "y": box["height"] / 2})
    assert slider.input_value() != before


def test_a_finger_chooses_the_ramp_and_a_balance(phone):
    widget = opened(phone, "checkerboard", "checkerboard", "zh", "1~2~up~5~4~2~1~r1~~0~")
    widget.locator("input[data-field=x][value=ramp]").tap()
    expect(widget.locator(".widget-result")).to_have_text("输出有棋盘格 ✗")
    widget.get_by_role("button", name="对斜坡也平衡").tap()
    expect(widget.locator(".widget-result")).to_have_text("输出仍是斜坡 ✓")
    until(phone, "location.search.endsWith('2%7E%7Eramp') || location.search.endsWith('2~~ramp')")


@pytest.mark.parametrize("name", FIGURES)
def test_paper_shows_the_figure_without_its_controls(tab, name):
    widget = opened(tab, name, FIGURES[name])
    seen = widget.evaluate(PICTURE)
    tab.emulate_media(media="print")
    assert widget.locator(".widget__controls:visible, .widget__table:visible").count() == 0
    expect(widget.locator("canvas").first).to_be_visible()
    assert widget.locator(".widget-formula").is_visible()
    widget.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert widget.evaluate(PICTURE) != seen  # finer dots
    widget.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert widget.evaluate(PICTURE) == seen


COLOURS = """() => ["body", "h1", "code"].map((part) => {
  const { color, backgroundColor } = getComputedStyle(document.querySelector(part));
  return [color, backgroundColor];
})"""


def test_paper_is_light_though_the_screen_is_dark(tab):
    """Letters that are light for a dark screen cannot be read on paper, nor numbers on a canvas."""
    name = next(iter(FIGURES))
    tab.emulate_media(media="print")
    widget = opened(tab, name, FIGURES[name], whole=True)
    light = tab.evaluate(COLOURS)
    tab.emulate_media(media="screen", color_scheme="dark")
    until(tab, "document.body.dataset.mdColorScheme === 'slate'")
    assert not any(one == other for one, other in zip(tab.evaluate(COLOURS), light, strict=True))  # neither of a part
    dark = widget.evaluate(PICTURE)
    tab.emulate_media(media="print", color_scheme="dark")
    assert tab.evaluate(COLOURS) == light
    tab.emulate_media(media="screen", color_scheme="dark")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.evaluate("document.body.dataset.mdColorScheme") == "default"
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tab.evaluate("document.body.dataset.mdColorScheme") == "slate"
    assert widget.evaluate(PICTURE) == dark


@pytest.mark.alone
@pytest.mark.parametrize("name", FIGURES)
def test_out_of_sight_a_figure_costs_nothing(tab, name):
    """Also one that was playing: it stops."""
    widget = opened(tab, name, FIGURES[name], whole=True)
    spent = stopwatch(tab, "ScriptDuration")

    def in_a_second() -> float:
        tab.wait_for_timeout(300)
        before = spent()
        tab.wait_for_timeout(1000)
        return spent() - before

    if name == "transposed":
        tab.emulate_media(reduced_motion="no-preference")
        widget.get_by_role("button", name="Play").click()
        assert in_a_second() > 0.0005
    tab.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert any(in_a_second() < 0.0005 for _ in range(3))  # what plays costs in each; what the page does once, in one
