"""<transposed-widget> in a Chromium: its numbers are torch's, by keyboard, in both languages, in both schemes."""

import random

import pytest
import torch
import torch.nn.functional as F
from playwright.sync_api import expect

from manuscript import LANGUAGES
from reader import until
from widgets import SLIDERS, SLOWEST, TABLE, copied, darkened, in_english, number, opened, printed, repaints, walk

pytestmark = pytest.mark.browser

START = {"n": 2, "k": 4, "s": 3, "p": 0, "o": 0, "d": 1}
MOVES = 60  # of the random walk
SHOWN = (
    """(widget) => ({
  settings: """
    + SLIDERS
    + """,
  axes: Number(widget.querySelector("input[data-field=axes]:checked").value),
  input: [...widget.querySelectorAll(".widget-fields-x input")].map((box) => box.value),
  kernel: [...widget.querySelectorAll(".widget-fields-w input")].map((box) => box.value),
  size: widget.querySelector(".widget-result").textContent,
  rule: widget.querySelector(".widget-rule code")?.textContent ?? "",
  seen: widget.querySelector(".widget-views").checkVisibility(),
  drawn: widget.boards.output.labels.map(({ text }) => text),
  table: """
    + TABLE
    + """,
  sum: widget.querySelector(".widget__line").textContent,
})"""
)


def widget_at(tab, lang: str = "en", state: str = "", whole: bool = False):
    widget = opened(tab, "transposed", "transposed", lang, state, whole)
    widget.evaluate("(widget) => { for (const box of widget.querySelectorAll('details')) box.open = true; }")
    expect(widget.locator("tbody td").first).to_be_attached()
    return widget


def checked(widget) -> dict:
    """What the figure shows, after it has been compared with torch."""
    shown = widget.evaluate(SHOWN)
    n, k, s, p, o, d = (shown["settings"][name] for name in "nkspod")
    axes = shown["axes"]
    what = f"{axes}-D {shown['settings']}"
    x = (
        torch.tensor([number(one) for one in shown["input"]]).double().reshape(1, *[n] * axes)
        if shown["seen"]
        else None
    )
    x = torch.ones(1, *[n] * axes).double() if x is None else x
    w = (
        torch.ones(k**axes).double()
        if not shown["seen"]
        else torch.tensor([number(one) for one in shown["kernel"]]).double()
    )
    up = (F.conv_transpose1d, F.conv_transpose2d)[axes - 1]
    try:
        y = up(x, w.reshape(1, 1, *[k] * axes), stride=s, padding=p, output_padding=o, dilation=d)[0]
    except RuntimeError as error:
        assert shown["rule"] == str(error) and shown["size"].endswith("✗") and not shown["seen"], what
        return shown
    assert not shown["rule"] and shown["seen"], what
    assert number(shown["size"].removeprefix("= ")) == y.shape[-1], what
    rows = y.reshape(-1, y.shape[-1]).int().tolist()
    assert [[number(one) for one in row] for row in shown["table"]] == rows, what
    assert [number(one) for one in shown["drawn"]] == y.flatten().int().tolist(), what
    return shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_slider_moves_by_keyboard_and_the_numbers_are_torchs(tab, watch, lang):
    widget = widget_at(tab, lang)
    assert checked(widget)["settings"] == START
    assert checked(widget)["sum"] == "y[3, 3] = 1⋅1 + 2⋅1 + 3⋅1 + 4⋅1 = 10"
    for axes in ("2", "1"):
        widget.locator(f"input[data-field=axes][value='{axes}']").check()
        for name in START:
            slider = widget.locator(f"input[type=range][data-field={name}]")
            before = int(slider.input_value())
            slider.focus()
            tab.keyboard.press("ArrowRight")
            assert checked(widget)["settings"][name] in (before + 1, before), name
            assert int(slider.input_value()) == min(before + 1, int(slider.get_attribute("max")))
            tab.keyboard.press("Home")
            checked(widget)
            tab.keyboard.press("End")
            checked(widget)
            for _ in range(int(slider.get_attribute("max")) - START[name]):
                tab.keyboard.press("ArrowLeft")
            assert checked(widget)["settings"] == START
    assert watch.problems == []


def test_a_pinned_cell_is_written_out_in_all_views(tab, watch):
    widget = widget_at(tab, state="1~2~2~3~2~0~0~1~1.-2.3.4~1.2.3.4.5.6.7.8.9~")
    board = widget.locator("canvas[role=application]").first
    board.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"):
        tab.keyboard.press(key)
    assert checked(widget)["sum"] == "y[2, 2] = 1⋅9 + (−2)⋅7 + 3⋅3 + 4⋅1 = 8"
    lit = [widget.locator(f".widget-fields-{name} .widget-lit").count() for name in "xw"]
    assert lit == [4, 4]
    pinned = widget.evaluate("(widget) => [widget.pin, widget.boards.matrix.at, widget.boards.output.at]")
    assert pinned == ["o12", [0, 12], [2, 2]]
    until(tab, "location.search.includes('o12')")
    expect(widget.locator("[role=status]")).to_contain_text("= 8")
    tab.keyboard.press("Escape")
    assert "arrow keys" in checked(widget)["sum"] and widget.locator(".widget-lit").count() == 0
    # A pixel, by the field that holds it; the arrow keys walk over the fields.
    widget.locator(".widget-fields-x input").first.focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.type("7")
    assert checked(widget)["sum"] == "x[0, 1] = 7 paints 9 cells, from y[0, 2] to y[2, 4]"
    assert widget.locator(".widget-fields-x input").nth(1).input_value() == "7"
    assert watch.problems == []


def test_the_size_is_guessed_before_it_is_seen(tab):
    widget = widget_at(tab, state="1~1~3~3~2~1~1~1~~~")
    widget.get_by_role("button", name="Guess first").click()
    hidden = (".widget-views", ".widget-formula", ".widget-choices", "details >> nth=0", "details >> nth=1")
    assert not any(widget.locator(part).is_visible() for part in hidden)
    tab.keyboard.type("6")
    tab.keyboard.press("Enter")
    expect(widget.locator(".widget-rule")).to_have_text("Right: 6.")
    checked(widget)
    widget.get_by_role("button", name="Guess first").click()
    tab.keyboard.type("7")
    widget.get_by_role("button", name="Reveal").click()
    expect(widget.locator(".widget-rule")).to_have_text("You said 7; it is 6.")


def test_steps_stamp_by_stamp_and_output_by_output(tab):
    widget = widget_at(tab, state="1~1~3~3~2~0~0~1~~~")
    step = widget.locator("#transposed-step")
    drawn = "(widget) => widget.boards.output.labels.map(({ text }) => Number(text))"
    step.focus()
    tab.keyboard.press("Home")
    assert widget.evaluate(drawn) == [0] * 7
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    assert (
        widget.evaluate(drawn) == [1, 1, 3, 2, 2, 0, 0]
        and checked_sum(widget) == "x[1] = 2 paints 3 cells, from y[2] to y[4]"
    )
    widget.locator("input[name=transposed-mode][value=cells]").check()
    step.focus()
    tab.keyboard.press("Home")
    assert widget.evaluate(drawn) == []
    widget.get_by_role("button", name="Play").click()  # with reduced motion one step for each press
    widget.get_by_role("button", name="Play").click()
    assert widget.evaluate(drawn) == [1, 1] and checked_sum(widget) == "y[1] = 1⋅1 = 1"


def checked_sum(widget) -> str:
    return widget.locator(".widget__line").inner_text()


def test_the_sizes_that_collide_and_the_way_back(tab):
    widget = widget_at(tab, state="1~1~4~3~2~1~0~1~~~")
    choices = widget.locator(".widget-choices button")
    assert choices.all_inner_texts() == ["0 → 7", "1 → 8"]
    choices.nth(1).click()
    assert checked(widget)["settings"]["o"] == 1 and widget.locator("[aria-pressed=true]").inner_text() == "1 → 8"
    back = widget.evaluate("(widget) => widget.boards.back.labels.map(({ text }) => Number(text))")
    x, w = torch.arange(1.0, 5.0).reshape(1, 1, 4), torch.ones(1, 1, 3)
    y = F.conv_transpose1d(x, w, stride=2, padding=1, output_padding=1)
    assert back == F.conv1d(y, w, stride=2, padding=1).flatten().tolist() != x.flatten().tolist()
    widget = widget_at(tab, state="1~1~3~3~2~0~2~3~~~")  # dilation lets output_padding reach the stride
    said = widget.locator(".widget-choices").inner_text()
    assert "13 is none of them, and the convolution does not lead back to 3" in said
    assert checked(widget)["size"] == "= 13"


@pytest.mark.parametrize("state", ["1~2~3~3~2~1~1~1~1.-2.3.4.5.6.7.8.-9~1.2.3.4.5.6.7.8.-9~", "1~1~2~4~3~0~3~1~~~"])
def test_the_copied_program_runs_and_asserts_what_is_shown(tab, state):
    widget = opened(tab, "transposed", "transposed", "en", state)
    assert ("smaller than either stride" if "~3~1~~~" in state else "tensor(") in printed(copied(tab, widget))


HOSTILE = {
    "1~2~99999999999999999999~-7~999~99~99~99~~~": {"n": 4, "k": 1, "s": 4, "p": 4, "o": 4, "d": 2},
    "1~2~NaN~1e9~Infinity~2.5~0x3~~~~": START,
    "1~<img src=x onerror=alert(1)>~<b>~'~\"~`~${1}~<script>alert(1)</script>~1.<i>~<u>~o<s>": START,
    "2~1~3~3~3~3~3~3~~~": START,
    "1~2~2~4~3~0~0~1~400.-400.1.2.3.4.5.6~" + "7." * 90 + "~o999": START,
}


@pytest.mark.parametrize("state", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_address_is_clamped_and_never_injected(tab, watch, state):
    tab.on("dialog", lambda dialog: pytest.fail("a script of the address ran"))
    widget = opened(tab, "transposed", "transposed", "zh", state)
    assert checked(widget)["settings"] == HOSTILE[state]
    assert widget.locator("img, script, i i, u, s").count() == 0 and watch.problems == []


def test_settings_are_in_the_address_and_follow_the_language(tab, site):
    widget = in_english(tab, site, widget_at(tab, "zh", whole=True), "transposed", "transposed", "s", "ArrowLeft")
    expect(widget.locator(".widget-result")).to_be_attached()
    widget.evaluate("(widget) => { widget.twin.open = true; widget.paint(); }")
    assert checked(widget)["settings"] == START | {"s": 2}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_phone_and_both_schemes(tab, watch, lang):
    tab.set_viewport_size({"width": 375, "height": 812})
    widget = widget_at(tab, lang, "1~2~4~5~4~0~3~2~~~o24")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    pixel = "(widget) => [...widget.boards.output.box.getContext('2d').getImageData(9, 9, 1, 1).data].slice(0, 3)"
    light = widget.evaluate(pixel)
    darkened(tab)
    assert sum(widget.evaluate(pixel)) < sum(light) - 200  # it was drawn again
    checked(widget)
    assert watch.problems == []


def test_a_random_walk_over_the_sliders_stays_with_torch(tab, watch):
    widget, draw = widget_at(tab), random.Random(5)
    refused = []
    for _ in walk(MOVES):
        name = draw.choice(list(START))
        if draw.random() < 0.15:
            widget.locator(f"input[data-field=axes][value='{draw.choice('12')}']").check()
        slider = widget.locator(f"input[type=range][data-field={name}]")
        slider.focus()
        tab.keyboard.press(draw.choice(["ArrowLeft", "ArrowRight", "Home", "End", "ArrowRight"]))
        refused.append(bool(checked(widget)["rule"]))
    assert 0 < sum(refused) < 2 / 3 * len(refused) and watch.problems == []


@pytest.mark.alone
def test_a_move_repaints_within_a_frame(tab):
    widget = widget_at(tab, state="1~2~4~4~4~0~0~1~~~", whole=True)
    widget.evaluate("(widget) => { for (const box of widget.querySelectorAll('details')) box.open = false; }")
    costs = repaints(tab, widget, "s", [3, 4])
    assert widget.locator(".widget-result").inner_text() == "= 16"
    assert costs[len(costs) // 2] < SLOWEST, costs
