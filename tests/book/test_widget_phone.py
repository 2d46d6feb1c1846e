"""On a phone: what a slider changes is in view while it is moved. Elsewhere: nothing lies over what is pressed."""

import pytest
from effort import thorough

from manuscript import LANGUAGES
from reader import until, visit
from widgets import PLACES, figure_of, near

pytestmark = pytest.mark.browser

PLOTS = ("curve-explorer", "training-widget")
# A reader looks at the output of a board, whose sliders must be there, too; with a plot it is the other way. What is
# refused has no output, but a sentence that says so.
MOVED = """([element, field, plot]) => {
  const figure = document.querySelector(element),
    output = plot ? figure.plot.box : figure.boards.output.box,
    slider = figure.querySelector(`input[type=range][data-field=${field}]`),
    box = () => (output.checkVisibility() ? output : figure.rule).getBoundingClientRect();
  (plot ? slider : output).scrollIntoView({ block: "center", behavior: "instant" });
  const { left, top, bottom, width } = slider.getBoundingClientRect(),
    apart = Math.max(box().top - bottom, top - box().bottom),
    reached = document.elementFromPoint(left + width / 2, (top + bottom) / 2) === slider;
  slider.value = slider.value === slider.max ? slider.min : slider.max;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  const above = document.querySelector(plot ? ".md-header" : `${element} .widget__dock`).getBoundingClientRect(),
    seen = Math.min(innerHeight, box().bottom) - Math.max(above.bottom, box().top),
    high = box().height;
  figure.undo();
  return { reached, seen, high, apart };
}"""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("element", PLACES)
def test_what_a_slider_changes_is_in_view_on_a_phone(tab, element, lang):
    tab.set_viewport_size({"width": 375, "height": 667})
    figure = figure_of(tab, element, lang)
    for box in figure.locator("details.widget__more > summary:visible").all():
        box.click()
    sliders = figure.locator("input[type=range][data-field]:visible")
    fields = sliders.evaluate_all("(all) => all.map(({ dataset }) => dataset.field)")
    assert fields
    for field in fields:
        found = tab.evaluate(MOVED, [element, field, element in PLOTS])
        assert found["reached"], (field, found)
        assert found["seen"] >= min(found["high"], 150) - 1, (field, found)
        assert found["apart"] <= 400, (field, found)


COVERED = """() => {
  const box = (one) => one.getBoundingClientRect(),
    top = box(document.querySelector(".md-top"));
  const under = ({ left, right, top: high, bottom }) =>
    left < top.right && right > top.left && high < top.bottom && bottom > top.top;
  const seen = (one) => under(box(one)) && under(box(one.closest(".md-sidebar__scrollwrap") ?? one));
  return [...document.querySelectorAll("a, button, input, summary, select, [tabindex='0']")]
    .filter((one) => one.checkVisibility() && !one.matches(".md-top, .md-skip") && seen(one))
    .map((one) => one.outerHTML.slice(0, 80));
}"""


@pytest.mark.parametrize("wide", [700, 1000, 1250, 1440])
def test_the_way_to_the_top_covers_nothing_that_is_pressed(tab, wide):
    tab.set_viewport_size({"width": wide, "height": 800})
    near(tab, "en/convolution/transposed", "transposed-widget", "transposed", whole=True)  # the button is the theme's
    tab.mouse.wheel(0, 600)
    tab.wait_for_timeout(300)
    tab.mouse.wheel(0, -200)  # whoever scrolls back is offered it
    if wide < 1220:
        tab.wait_for_timeout(300)
        assert not tab.locator(".md-top").is_visible()
        return
    until(tab, "!document.querySelector('.md-top').hidden")
    for _ in range(6):
        assert tab.evaluate(COVERED) == []
        tab.mouse.wheel(0, -40)
        tab.wait_for_timeout(50)


LED = """(element) => {
  const link = document.activeElement, figure = link.hash && document.querySelector(link.hash);
  return figure?.querySelector(element) ? [link.textContent, figure.querySelector("figcaption b").textContent] : null;
}"""


@pytest.mark.parametrize("lang", thorough(LANGUAGES, LANGUAGES[:1]))
@pytest.mark.parametrize("element", PLACES)
def test_the_keyboard_skips_to_a_figure(tab, element, lang):
    """Three presses of Tab at most, where it took a hundred."""
    visit(tab, f"{lang}/{PLACES[element]}/")
    tab.keyboard.press("Tab")
    for _ in range(2):
        tab.keyboard.press("Tab")
        if led := tab.evaluate(LED, element):
            break
    assert led and led[1] in led[0]
    tab.keyboard.press("Enter")
    until(tab, f"!!document.querySelector('{element}').form")
    tab.keyboard.press("Tab")
    until(tab, f"!!document.activeElement.closest('{element}')")
