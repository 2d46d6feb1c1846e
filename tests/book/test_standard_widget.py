"""<standard-widget> in a Chromium: what it shows is what torch computes, on numbers and on the photograph."""

import random

import pytest
import torch
import torch.nn.functional as F
from playwright.sync_api import expect

from manuscript import LANGUAGES, ROOT
from reader import seen, until
from widgets import SLIDERS, SLOWEST, TABLE, copied, darkened, in_english, number, opened, printed, repaints, walk

pytestmark = pytest.mark.browser

START = {"n": 3, "k": 3, "p": 1, "s": 1}
MOVES = 40  # of the random walk
SOBEL = "-1.-2.-1.0.0.0.1.2.1"
PHOTO = torch.tensor(list((ROOT / "docs/assets/widgets/photograph.bin").read_bytes())).reshape(64, 64).double()
SHOWN = (
    """(widget) => ({
  settings: """
    + SLIDERS
    + """,
  turn: widget.querySelector("input[data-field=turn]:checked").value,
  on: widget.querySelector("input[data-field=on]:checked").value,
  input: [...widget.querySelectorAll(".widget-fields-x input")].map((box) => box.value),
  kernel: [...widget.querySelectorAll(".widget-fields-w input")].map((box) => box.value),
  size: widget.querySelector(".widget-result").textContent,
  seen: widget.querySelector(".widget-views").checkVisibility(),
  drawn: widget.boards.output.labels.map(({ text }) => text),
  table: """
    + TABLE
    + """,
  line: widget.querySelector(".widget__line").textContent,
})"""
)


def widget_at(tab, lang: str = "en", state: str = "", whole: bool = False):
    widget = opened(tab, "convolution", "standard", lang, state, whole)
    if "~photo~" in state:
        expect(widget.locator("tbody td").first).to_be_attached()
    return widget


def checked(widget) -> dict:
    """What the figure shows, after it has been compared with torch."""
    shown = widget.evaluate(SHOWN)
    n, k, p, s = (shown["settings"][name] for name in "nkps")
    what = f"{shown['turn']} {shown['on']} {shown['settings']}"
    x = PHOTO if shown["on"] == "photo" else None
    if x is None and shown["seen"]:
        x = torch.tensor([number(one) for one in shown["input"]]).double().reshape(n, n)
    x = torch.ones(n, n).double() if x is None else x
    w = torch.ones(k, k).double()
    if shown["seen"]:
        w = torch.tensor([number(one) for one in shown["kernel"]]).double().reshape(k, k)
    w = w.flip(0, 1) if shown["turn"] == "yes" else w
    try:
        y = F.conv2d(x[None, None], w[None, None], padding=p, stride=s)[0, 0]
    except RuntimeError:  # the kernel is longer than the padded input
        assert shown["size"] == "= ✗" and not shown["seen"], what
        return shown
    assert shown["size"] == f"= {len(y)}" and shown["seen"], what
    assert [[number(one) for one in row] for row in shown["table"]] == y.tolist(), what
    if shown["on"] == "numbers":
        assert [number(one) for one in shown["drawn"]] == y.flatten().tolist(), what
    return shown | {"y": y, "x": x, "w": w}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_slider_moves_by_keyboard_and_the_numbers_are_torchs(tab, watch, lang):
    widget = widget_at(tab, lang)
    assert checked(widget)["settings"] == START
    assert checked(widget)["line"].startswith("y[0, 0] = 1⋅0 + 2⋅0 + 4⋅(−2) + 5⋅(−1) = −13")
    for turn in ("no", "yes"):
        widget.locator(f"input[data-field=turn][value={turn}]").check()
        for name in START:
            slider = widget.locator(f"input[type=range][data-field={name}]")
            slider.focus()
            before = int(slider.input_value())
            tab.keyboard.press("ArrowRight")
            assert checked(widget)["settings"][name] == before + 1
            for key in ("Home", "End"):
                tab.keyboard.press(key)
                checked(widget)
            for _ in range(int(slider.get_attribute("max")) - START[name]):
                tab.keyboard.press("ArrowLeft")
            assert checked(widget)["settings"] == START
    assert watch.problems == []


def test_the_two_examples_of_the_source(tab):
    widget = widget_at(tab)
    widget.get_by_role("button", name="Source: −8").click()
    shown = checked(widget)
    assert shown["turn"] == "no" and shown["drawn"] == ["−8"]
    assert shown["line"].endswith("2⋅(−4) = −8. Rotated, the same window gives 8.")
    widget.locator("input[data-field=turn][value=yes]").check()
    assert checked(widget)["drawn"] == ["8"]
    assert checked(widget)["line"].endswith("Not rotated, the same window gives −8.")
    widget.get_by_role("button", name="Source: −13").click()
    assert checked(widget)["drawn"] == ["−13", "−20", "−17", "−18", "−24", "−18", "13", "20", "17"]
    for name in ("Sobel →", "Laplace", "Blur"):
        widget.get_by_role("button", name=name).click()
        checked(widget)
    assert widget.locator(".widget-fills [aria-pressed=true]").inner_text() == "Blur"


def test_a_number_may_be_typed_in_full_width(tab):
    widget = widget_at(tab, state="1~no~numbers~4~2~0~2~1.-2.3.4.5.6.7.8.9.1.2.3.4.5.6.7~1.-1.2.0~")
    field = widget.locator(".widget-fields-x input").first
    field.focus()
    tab.keyboard.insert_text("－７")
    tab.keyboard.press("Tab")
    assert checked(widget)["input"][0] == "−7"
    expect(widget.locator(".widget-note", has_text="－７")).to_have_count(0)


def test_a_pinned_output_shows_its_window_and_its_sum(tab, watch):
    widget = widget_at(tab, state="1~no~numbers~4~2~0~2~1.-2.3.4.5.6.7.8.9.1.2.3.4.5.6.7~1.-1.2.0~")
    widget.locator("canvas[role=application]").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowRight"):
        tab.keyboard.press(key)
    shown = checked(widget)
    assert shown["line"].startswith("y[1, 1] = 2⋅1 + 3⋅(−1) + 6⋅2 + 7⋅0 = 11. Rotated")
    assert widget.evaluate("(widget) => widget.boards.output.at") == [1, 1]
    expect(widget.locator("[role=status]")).to_contain_text("= 11")
    until(tab, "location.search.includes('o3')")
    tab.keyboard.press("Escape")
    assert "arrow keys" in checked(widget)["line"]
    field = widget.locator(".widget-fields-x input").first
    field.focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.type("-7")
    assert checked(widget)["input"][1] == "-7"
    tab.keyboard.press("Tab")
    assert checked(widget)["input"][1] == "−7"
    assert watch.problems == []


def test_a_photograph_that_did_not_come_is_asked_for_again(tab):
    asked = []

    def answer(route):
        asked.append(route)
        route.fulfill(status=503) if len(asked) == 1 else route.continue_()

    tab.route("**/photograph.bin", answer)
    widget = opened(tab, "convolution", "standard", "en", "1~no~photo~3~3~1~1~~~")
    seen(tab, lambda: asked)
    for on in ("numbers", "photo"):
        widget.locator(f"input[data-field=on][value={on}]").evaluate("(box) => box.click()")
    until(tab, "document.querySelector('standard-widget').input?.length === 64")
    assert len(asked) == 2


def test_the_photograph_is_convolved_pixel_by_pixel(tab, watch):
    widget = widget_at(tab, state=f"1~no~photo~3~3~1~1~~{SOBEL}~o700")
    shown = checked(widget)
    x, y = torch.nn.functional.pad(PHOTO, (1, 1, 1, 1)), shown["y"]
    window = x[10:13, 60:63].flatten().int().tolist()
    under = widget.evaluate("(widget) => widget.boards.under.labels.map(({ text }) => Number(text))")
    assert under == window
    assert f"= {int(y[10, 60])}".replace("-", "−") in shown["line"]
    # Its picture: the largest value is white or the smallest black, and 0 is in the middle.
    grey = """(widget, [i, j]) =>
      widget.boards.output.box.getContext("2d").getImageData(4 * j + 4, 4 * i + 4, 1, 1).data[0]"""
    widget.evaluate("(widget) => widget.pinned('')")
    for i, j in ((20, 30), (0, 5), (40, 12)):
        expected = 127.5 * (1 + float(y[i, j]) / float(y.abs().max()))
        assert widget.evaluate(grey, [i, j]) == pytest.approx(expected, abs=1)
    widget.get_by_role("button", name="Blur").click()
    assert widget.evaluate(grey, [20, 30]) == pytest.approx(float(checked(widget)["y"][20, 30]) / 16, abs=1)
    assert watch.problems == []


def test_the_size_is_guessed_before_it_is_seen(tab):
    widget = widget_at(tab, state="1~no~numbers~7~3~1~2~~~")
    widget.get_by_role("button", name="Guess first").click()
    assert not any(widget.locator(part).is_visible() for part in (".widget-views", ".widget-formula", "details"))
    tab.keyboard.type("4")
    tab.keyboard.press("Enter")
    expect(widget.locator(".widget-rule")).to_have_text("Right: 4.")
    widget = widget_at(tab, state="1~no~numbers~2~5~0~1~~~")
    expect(widget.locator(".widget-rule")).to_contain_text("longer than the padded input")
    widget.get_by_role("button", name="Guess first").click()
    tab.keyboard.type("1")
    widget.get_by_role("button", name="Reveal").click()
    expect(widget.locator(".widget-rule")).to_contain_text("You said 1; it is impossible.")


@pytest.mark.parametrize("state", ["", "1~no~numbers~5~2~1~2~~1.-2.3.4~", f"1~yes~photo~3~3~0~3~~{SOBEL}~"])
def test_the_copied_program_runs_and_asserts_what_is_shown(tab, state):
    widget = widget_at(tab, state=state)
    checked(widget)
    assert "tensor(" in printed(copied(tab, widget))


HOSTILE = {
    "1~no~numbers~99999999999999999999~-7~999~99~~~": {"n": 7, "k": 1, "p": 4, "s": 3},
    "1~maybe~<b>~NaN~1e9~Infinity~2.5~~~": START,
    "1~<img src=x onerror=alert(1)>~'~\"~`~${1}~<script>alert(1)</script>~1.<i>~<u>~o<s>": START,
    "2~no~photo~3~5~3~3~~~": START,
    "1~yes~numbers~3~3~1~1~400.-400.1~" + "7." * 90 + "~o999": START,
}


@pytest.mark.parametrize("state", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_address_is_clamped_and_never_injected(tab, watch, state):
    tab.on("dialog", lambda dialog: pytest.fail("a script of the address ran"))
    widget = widget_at(tab, "zh", state)
    assert checked(widget)["settings"] == HOSTILE[state]
    assert widget.locator("img, script, i i, u, s").count() == 0 and watch.problems == []


def test_settings_are_in_the_address_and_follow_the_language(tab, site):
    widget = in_english(tab, site, widget_at(tab, "zh", whole=True), "convolution", "standard", "n", "ArrowRight")
    expect(widget.locator(".widget-result")).to_have_text("= 4")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_phone_and_both_schemes(tab, watch, lang):
    tab.set_viewport_size({"width": 375, "height": 812})
    widget = widget_at(tab, lang, "1~yes~numbers~7~5~4~1~~~o3")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    pixel = "(widget) => [...widget.boards.output.box.getContext('2d').getImageData(6, 6, 1, 1).data].slice(0, 3)"
    light = widget.evaluate(pixel)
    darkened(tab)
    assert sum(widget.evaluate(pixel)) < sum(light) - 200  # it was drawn again
    checked(widget)
    assert watch.problems == []


def test_a_random_walk_over_the_sliders_stays_with_torch(tab, watch):
    widget, draw = widget_at(tab), random.Random(5)
    refused = []
    for _ in walk(MOVES):
        if draw.random() < 0.2:
            widget.locator(f"input[data-field=turn][value={draw.choice(['yes', 'no'])}]").check()
        widget.locator(f"input[type=range][data-field={draw.choice(list(START))}]").focus()
        tab.keyboard.press(draw.choice(["ArrowLeft", "ArrowRight", "Home", "End", "ArrowRight"]))
        refused.append(checked(widget)["size"] == "= ✗")
    assert sum(refused) < len(refused) / 2 and watch.problems == []


@pytest.mark.alone
@pytest.mark.parametrize("state", ["1~no~numbers~7~3~4~1~~~o5", f"1~no~photo~3~3~1~1~~{SOBEL}~o700"])
def test_a_move_repaints_within_a_frame(tab, state):
    widget = widget_at(tab, state=state, whole=True)
    widget.evaluate("(widget) => { widget.twin.open = false; }")
    costs = repaints(tab, widget, "p", [1, 2])
    assert costs[len(costs) // 2] < SLOWEST, costs
