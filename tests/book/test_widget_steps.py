"""What every interactive figure lets a reader do with its state: step back, begin again, hand it on, leave a guess."""

import itertools

import pytest
from effort import thorough
from playwright.sync_api import expect

from manuscript import LANGUAGES
from reader import until
from widgets import PLACES, figure_of

pytestmark = pytest.mark.browser

STATE = "(figure) => figure.state.join('~')"
DRAG = """(slider) => {
  for (const value of [slider.min, slider.max, slider.min, slider.max]) {
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }
  slider.dispatchEvent(new Event("change", { bubbles: true }));
}"""


def pressed(figure, name: str) -> None:
    figure.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("element", PLACES)
def test_one_steps_back_by_button_and_by_key_a_drag_at_a_time(tab, watch, element):
    figure = figure_of(tab, element, whole=True)
    undo = figure.get_by_role("button", name="Undo", exact=True)
    expect(undo).to_have_attribute("aria-disabled", "true")
    slider, states = figure.locator("input[type=range][data-field]").first, [figure.evaluate(STATE)]
    slider.evaluate(DRAG)
    states.append(figure.evaluate(STATE))
    slider.focus()
    tab.keyboard.press("ArrowLeft")
    states.append(figure.evaluate(STATE))
    figure.locator("input[type=radio][data-field]:not(:checked)").first.check()
    states.append(figure.evaluate(STATE))
    assert all(before != after for before, after in itertools.pairwise(states))
    tab.keyboard.press("Control+z")
    assert figure.evaluate(STATE) == states[2]
    undo.click()
    assert figure.evaluate(STATE) == states[1]
    tab.keyboard.press("Meta+z")
    assert figure.evaluate(STATE) == states[0]
    expect(undo).to_have_attribute("aria-disabled", "true")
    tab.keyboard.press("Control+z")
    assert figure.evaluate(STATE) == states[0] and watch.problems == []


@pytest.mark.parametrize("element", PLACES)
def test_the_beginning_is_one_press_away_and_one_step_back(tab, element):
    figure = figure_of(tab, element)
    first = figure.evaluate(STATE)
    figure.locator("input[type=range][data-field]").first.evaluate(DRAG)
    moved = figure.evaluate(STATE)
    pressed(figure, "Reset")
    assert figure.evaluate(STATE) == first != moved
    pressed(figure, "Undo")
    assert figure.evaluate(STATE) == moved


@pytest.mark.parametrize("lang", thorough(LANGUAGES, LANGUAGES[:1]))
@pytest.mark.parametrize("element", PLACES)
def test_a_link_to_the_state_is_copied_and_opens_it(tab, site, element, lang):
    figure = figure_of(tab, element, lang, whole=True)
    figure.locator("input[type=range][data-field]").first.evaluate(DRAG)
    state = figure.evaluate(STATE)
    tab.evaluate("navigator.clipboard.writeText('')")
    pressed(figure, {"en": "Copy link", "zh": "复制链接"}[lang])
    until(tab, "navigator.clipboard.readText().then((text) => text !== '')")
    link = tab.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{site.root}{lang}/{PLACES[element]}/?")
    tab.goto("about:blank")
    tab.goto(link)
    assert tab.evaluate("(name) => document.querySelector('figure:target').querySelector(name) !== null", element)
    tab.locator(element).first.scroll_into_view_if_needed()
    until(tab, f"document.querySelector('{element}').form?.isConnected")
    assert tab.locator(element).first.evaluate(STATE) == state


@pytest.mark.parametrize(("lang", "words"), [("en", "the link is in the address bar."), ("zh", "链接就在地址栏里。")])
def test_where_the_clipboard_refuses_a_sentence_says_where_the_link_is(tab, lang, words):
    figure = figure_of(tab, "standard-widget", lang)
    tab.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    figure.locator("input[type=range][data-field]").first.evaluate(DRAG)
    pressed(figure, {"en": "Copy link", "zh": "复制链接"}[lang])
    expect(figure.locator(".widget__tools")).to_contain_text(words)
    assert "convolution=1" in tab.evaluate("location.search")  # at once


def test_a_number_typed_is_one_step_and_the_field_shows_the_step_back(tab):
    figure = figure_of(tab, "transposed-widget")
    field = figure.locator(".widget-fields-w input").first
    field.focus()
    before = field.input_value()
    tab.keyboard.type("42")
    assert field.input_value() == "42"
    tab.keyboard.press("Control+z")
    assert field.input_value() == before
    expect(figure.get_by_role("button", name="Undo", exact=True)).to_have_attribute("aria-disabled", "true")


def test_what_is_pinned_is_there_again_after_a_step_back(tab):
    figure = figure_of(tab, "standard-widget")
    figure.locator("canvas[role=application]").focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    pin = figure.evaluate("(figure) => figure.pin")
    figure.locator("input[type=range][data-field=n]").focus()
    tab.keyboard.press("ArrowRight")
    assert pin != "" == figure.evaluate("(figure) => figure.pin")
    tab.keyboard.press("Control+z")
    assert figure.evaluate("(figure) => figure.pin") == pin


@pytest.mark.parametrize("element", PLACES)
def test_escape_leaves_a_guess_wherever_the_focus_is(tab, element):
    figure = figure_of(tab, element)
    for focus in ("button:not([hidden])", "input[type=range][data-field]"):
        guess = figure.get_by_role("button", name="Guess first")
        guess.click()
        expect(figure.locator("button[aria-pressed=true]").first).to_be_attached()
        guessing = "(figure) => figure.unknown ?? figure.guess.drawing"
        assert figure.evaluate(guessing)
        figure.locator(focus).first.focus()
        tab.keyboard.press("Escape")
        assert not figure.evaluate(guessing)
        expect(guess).to_be_focused()


@pytest.mark.parametrize("name", ["standard-widget", "transposed-widget", "checkerboard-widget"])
def test_an_empty_guess_is_none(tab, name):
    figure = figure_of(tab, name)
    pressed(figure, "Guess first")
    for press in ("Enter", "Enter", None):
        if press:
            tab.keyboard.press(press)
        else:
            pressed(figure, "Reveal")
        expect(figure.get_by_text("Type a number first.").first).to_be_visible()
        assert figure.evaluate("(figure) => figure.unknown") and not figure.locator(".widget-rule").is_visible()
        expect(figure.locator("input[type=number]")).to_be_focused()
    tab.keyboard.type("0")
    tab.keyboard.press("Enter")
    expect(figure.locator(".widget-rule")).to_contain_text("You said 0")
    pressed(figure, "Guess first")
    pressed(figure, "Guess first")  # once more leaves it
    assert not figure.evaluate("(figure) => figure.unknown")


@pytest.mark.parametrize(("lang", "rule"), [("en", "whole numbers from −99 to 99"), ("zh", "−99 到 99 的整数")])
def test_a_corrected_number_is_corrected_in_words(tab, lang, rule):
    figure = figure_of(tab, "standard-widget", lang)
    field = figure.locator(".widget-fields-x input").nth(1)
    for typed, kept in (("abc", "2"), ("1.5", "2"), ("400", "99")):
        field.fill(typed)
        tab.keyboard.press("Tab")
        note = figure.locator("p.widget-note:visible")
        expect(note).to_contain_text(rule)
        expect(note).to_contain_text(typed)
        assert field.input_value() == kept
    field.fill("7")
    tab.keyboard.press("Tab")
    assert field.input_value() == "7" and figure.locator("p.widget-note:visible").count() == 0


def test_what_is_no_number_leaves_a_kernel_of_decimals_as_it_was(tab):
    figure = figure_of(tab, "checkerboard-widget")
    field = figure.locator(".widget-fields input").nth(1)
    before = figure.evaluate("(figure) => String(figure.kernel)")
    kept = field.input_value()
    field.fill("x")
    tab.keyboard.press("Tab")
    expect(figure.locator("p.widget-note:visible")).to_contain_text(f"“x” became {kept}")
    assert field.input_value() == kept and figure.evaluate("(figure) => String(figure.kernel)") == before


def test_a_kernel_of_another_size_keeps_nothing_of_the_old_one(tab):
    for name, kernel in (("standard-widget", "w"), ("transposed-widget", "w"), ("checkerboard-widget", "w")):
        figure = figure_of(tab, name)
        field = figure.locator(f".widget-fields-{kernel} input").first
        field.fill("7")
        tab.keyboard.press("Tab")
        figure.locator("input[type=range][data-field=k]").focus()
        tab.keyboard.press("ArrowRight")
        values = figure.locator(f".widget-fields-{kernel} input").evaluate_all("(all) => all.map(({ value }) => value)")
        assert set(values) == {"1"}, name
        tab.keyboard.press("Control+z")
        assert field.input_value() == "7"


FONTS = """(figure) => {
  const board = figure.boards.output, fonts = new Set(), pen = board.box.getContext("2d"), { fillText } = pen;
  pen.fillText = (...given) => { fonts.add(pen.font); fillText.apply(pen, given); };
  figure.paint();
  delete pen.fillText;
  return [...fonts];
}"""


def test_the_numbers_of_a_board_are_of_one_size(tab):
    figure = figure_of(tab, "standard-widget", query="?convolution=1~no~numbers~3~1~0~1~1.-99.3.4.5.6.7.8.9~99~")
    assert figure.evaluate("(figure) => figure.y.flat().includes(-9801)")
    assert len(figure.evaluate(FONTS)) == 1
