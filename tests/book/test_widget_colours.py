"""The figures in colours of the reader's own (forced colours): what colours say is said by shapes and by those, too."""

import pytest

from widgets import PLACES, figure_of

pytestmark = pytest.mark.browser

LOOKS = """(box) => {
  const { backgroundColor, color, borderTopColor, borderTopWidth, borderTopStyle, outlineStyle, outlineWidth } =
    getComputedStyle(box);
  return { backgroundColor, color, borderTopColor, borderTopWidth, borderTopStyle, outlineStyle, outlineWidth };
}"""
TONE = """(figure) => {
  const tone = (box) => getComputedStyle(box).backgroundColor,
    named = (name) => getComputedStyle(figure).getPropertyValue(`--book-${name}`).trim(),
    probe = document.createElement("i"),
    painted = (name) => { probe.style.color = named(name); return getComputedStyle(probe).color; };
  probe.style.forcedColorAdjust = "none";
  figure.append(probe);
  return [...figure.querySelectorAll(".widget-fields-x input")].map((box, at) => [tone(box), painted("abcde"[at % 5])]);
}"""


@pytest.fixture
def forced(browser, site):
    """A page in forced colours."""
    context = browser.new_context(locale="en-GB", base_url=site.root, forced_colors="active", reduced_motion="reduce")
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("element", PLACES)
def test_what_is_pressed_does_not_look_like_what_is_not(forced, element):
    figure = figure_of(forced, element)
    guess = figure.get_by_role("button", name="Guess first")
    before = guess.evaluate(LOOKS)
    guess.click()
    after = figure.locator("button[aria-pressed=true]").first.evaluate(LOOKS)
    assert before["backgroundColor"] != after["backgroundColor"] != after["color"]


def test_a_pixel_has_the_colour_of_its_stamp(forced):
    figure = figure_of(forced, "transposed-widget")
    pairs = figure.evaluate(TONE)
    assert len(pairs) == 4 and all(one == other for one, other in pairs) and len({one for one, _ in pairs}) == 4


def test_what_is_pinned_is_framed(forced):
    figure = figure_of(forced, "transposed-widget")
    figure.locator("canvas[role=application]").first.press("ArrowRight")
    lit = figure.locator(".widget-fields-x .widget-lit").first.evaluate(LOOKS)
    bare = figure.locator(".widget-fields-x input:not(.widget-lit)").first.evaluate(LOOKS)
    assert (lit["outlineStyle"], lit["outlineWidth"]) == ("solid", "3px") and bare["outlineStyle"] == "none"


@pytest.mark.parametrize("element", ["curve-explorer", "training-widget"])
def test_the_keys_of_a_legend_differ_and_are_those_of_the_curves(forced, element):
    figure = figure_of(forced, element)
    keys, looks = ("test", "train", "guess", "others"), set()
    for key in keys:
        look = figure.locator(f".curve-key-{key}").evaluate(LOOKS)
        looks.add((look["borderTopColor"], look["borderTopStyle"], look["borderTopWidth"]))
        stroke = figure.locator(f"path.curve-{key}").evaluate("(path) => getComputedStyle(path).stroke")
        assert stroke == look["borderTopColor"], key
    assert len(looks) == len(keys)


def test_the_page_that_one_is_on_is_marked(forced):
    forced.set_viewport_size({"width": 1440, "height": 900})
    forced.goto("en/convolution/transposed/")
    here, other = (
        forced.locator(f".md-nav--primary a.md-nav__link{kind}:visible").first.evaluate(
            "(link) => getComputedStyle(link).borderInlineStartStyle"
        )
        for kind in (".md-nav__link--active", ":not(.md-nav__link--active)")
    )
    assert (here, other) == ("solid", "none")
