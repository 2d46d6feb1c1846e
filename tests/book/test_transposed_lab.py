"""<transposed-lab> in a Chromium: what it shows is what torch computes, by keyboard, in both languages and schemes."""

import random

import pytest
import torch
import torch.nn.functional as F
from playwright.sync_api import expect

from laboratory import SLIDERS, SLOWEST, TABLE, copied, darkened, in_english, number, opened, printed, repaints, walk
from manuscript import LANGUAGES

pytestmark = pytest.mark.browser

START = {"n": 2, "k": 4, "s": 3, "p": 0, "o": 0, "d": 1}
MOVES = 60  # of the random walk
SHOWN = (
    """(lab) => ({
  settings: """
    + SLIDERS
    + """,
  axes: Number(lab.querySelector("input[data-field=axes]:checked").value),
  input: [...lab.querySelectorAll(".lab-fields-x input")].map((box) => box.value),
  kernel: [...lab.querySelectorAll(".lab-fields-w input")].map((box) => box.value),
  size: lab.querySelector(".lab-result").textContent,
  rule: lab.querySelector(".lab-rule code")?.textContent ?? "",
  seen: lab.querySelector(".lab-views").checkVisibility(),
  drawn: lab.boards.output.labels.map(({ text }) => text),
  table: """
    + TABLE
    + """,
  sum: lab.querySelector(".lab__line").textContent,
})"""
)


def lab_at(tab, lang: str = "en", state: str = ""):
    lab = opened(tab, "transposed", "transposed", lang, state)
    lab.evaluate("(lab) => { for (const box of lab.querySelectorAll('details')) box.open = true; }")
    expect(lab.locator("tbody td").first).to_be_attached()
    return lab


def checked(lab) -> dict:
    """What the figure shows, after it has been compared with torch."""
    shown = lab.evaluate(SHOWN)
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
    lab = lab_at(tab, lang)
    assert checked(lab)["settings"] == START
    assert checked(lab)["sum"] == "y[3, 3] = 1⋅1 + 2⋅1 + 3⋅1 + 4⋅1 = 10"
    for axes in ("2", "1"):
        lab.locator(f"input[data-field=axes][value='{axes}']").check()
        for name in START:
            slider = lab.locator(f"input[type=range][data-field={name}]")
            before = int(slider.input_value())
            slider.focus()
            tab.keyboard.press("ArrowRight")
            assert checked(lab)["settings"][name] in (before + 1, before), name
            assert int(slider.input_value()) == min(before + 1, int(slider.get_attribute("max")))
            tab.keyboard.press("Home")
            checked(lab)
            tab.keyboard.press("End")
            checked(lab)
            for _ in range(int(slider.get_attribute("max")) - START[name]):
                tab.keyboard.press("ArrowLeft")
            assert checked(lab)["settings"] == START
    assert watch.problems == []


def test_a_pinned_cell_is_written_out_in_all_views(tab, watch):
    lab = lab_at(tab, state="1~2~2~3~2~0~0~1~1.-2.3.4~1.2.3.4.5.6.7.8.9~")
    board = lab.locator("canvas[role=application]").first
    board.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"):
        tab.keyboard.press(key)
    assert checked(lab)["sum"] == "y[2, 2] = 1⋅9 + (−2)⋅7 + 3⋅3 + 4⋅1 = 8"
    assert lab.locator(".lab-fields-x .lab-lit").count() == lab.locator(".lab-fields-w .lab-lit").count() == 4
    assert lab.evaluate("(lab) => [lab.pin, lab.boards.matrix.at, lab.boards.output.at]") == ["o12", [0, 12], [2, 2]]
    tab.wait_for_function("location.search.includes('o12')")
    expect(lab.locator("[role=status]")).to_contain_text("= 8")
    tab.keyboard.press("Escape")
    assert "arrow keys" in checked(lab)["sum"] and lab.locator(".lab-lit").count() == 0
    # A pixel, by the field that holds it; the arrow keys walk over the fields.
    lab.locator(".lab-fields-x input").first.focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.type("7")
    assert checked(lab)["sum"] == "x[0, 1] = 7 paints 9 cells, from y[0, 2] to y[2, 4]"
    assert lab.locator(".lab-fields-x input").nth(1).input_value() == "7"
    assert watch.problems == []


def test_the_size_is_guessed_before_it_is_seen(tab):
    lab = lab_at(tab, state="1~1~3~3~2~1~1~1~~~")
    lab.get_by_role("button", name="Guess first").click()
    hidden = (".lab-views", ".lab-formula", ".lab-choices", "details >> nth=0", "details >> nth=1")
    assert not any(lab.locator(part).is_visible() for part in hidden)
    tab.keyboard.type("6")
    tab.keyboard.press("Enter")
    expect(lab.locator(".lab-rule")).to_have_text("Right: 6.")
    checked(lab)
    lab.get_by_role("button", name="Guess first").click()
    tab.keyboard.type("7")
    lab.get_by_role("button", name="Reveal").click()
    expect(lab.locator(".lab-rule")).to_have_text("You said 7; it is 6.")


def test_steps_stamp_by_stamp_and_output_by_output(tab):
    lab = lab_at(tab, state="1~1~3~3~2~0~0~1~~~")
    step = lab.locator("#transposed-step")
    drawn = "(lab) => lab.boards.output.labels.map(({ text }) => Number(text))"
    step.focus()
    tab.keyboard.press("Home")
    assert lab.evaluate(drawn) == [0] * 7
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    assert (
        lab.evaluate(drawn) == [1, 1, 3, 2, 2, 0, 0]
        and checked_sum(lab) == "x[1] = 2 paints 3 cells, from y[2] to y[4]"
    )
    lab.locator("input[name=transposed-mode][value=cells]").check()
    step.focus()
    tab.keyboard.press("Home")
    assert lab.evaluate(drawn) == []
    lab.get_by_role("button", name="Play").click()  # with reduced motion one step for each press
    lab.get_by_role("button", name="Play").click()
    assert lab.evaluate(drawn) == [1, 1] and checked_sum(lab) == "y[1] = 1⋅1 = 1"


def checked_sum(lab) -> str:
    return lab.locator(".lab__line").inner_text()


def test_the_sizes_that_collide_and_the_way_back(tab):
    lab = lab_at(tab, state="1~1~4~3~2~1~0~1~~~")
    choices = lab.locator(".lab-choices button")
    assert choices.all_inner_texts() == ["0 → 7", "1 → 8"]
    choices.nth(1).click()
    assert checked(lab)["settings"]["o"] == 1 and lab.locator("[aria-pressed=true]").inner_text() == "1 → 8"
    back = lab.evaluate("(lab) => lab.boards.back.labels.map(({ text }) => Number(text))")
    x, w = torch.arange(1.0, 5.0).reshape(1, 1, 4), torch.ones(1, 1, 3)
    y = F.conv_transpose1d(x, w, stride=2, padding=1, output_padding=1)
    assert back == F.conv1d(y, w, stride=2, padding=1).flatten().tolist() != x.flatten().tolist()
    lab = lab_at(tab, state="1~1~3~3~2~0~2~3~~~")  # dilation lets output_padding reach the stride
    assert "13 is none of them, and the convolution does not lead back to 3" in lab.locator(".lab-choices").inner_text()
    assert checked(lab)["size"] == "= 13"


@pytest.mark.parametrize("state", ["1~2~3~3~2~1~1~1~1.-2.3.4.5.6.7.8.-9~1.2.3.4.5.6.7.8.-9~", "1~1~2~4~3~0~3~1~~~"])
def test_the_copied_program_runs_and_asserts_what_is_shown(tab, state):
    lab = opened(tab, "transposed", "transposed", "en", state)
    assert ("smaller than either stride" if "~3~1~~~" in state else "tensor(") in printed(copied(tab, lab))


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
    lab = opened(tab, "transposed", "transposed", "zh", state)
    assert checked(lab)["settings"] == HOSTILE[state]
    assert lab.locator("img, script, i i, u, s").count() == 0 and watch.problems == []


def test_settings_are_in_the_address_and_follow_the_language(tab, site):
    lab = in_english(tab, site, lab_at(tab, "zh"), "transposed", "transposed", "s", "ArrowLeft")
    expect(lab.locator(".lab-result")).to_be_attached()
    lab.evaluate("(lab) => { lab.twin.open = true; lab.paint(); }")
    assert checked(lab)["settings"] == START | {"s": 2}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_phone_and_both_schemes(tab, watch, lang):
    tab.set_viewport_size({"width": 375, "height": 812})
    lab = lab_at(tab, lang, "1~2~4~5~4~0~3~2~~~o24")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    pixel = "(lab) => [...lab.boards.output.box.getContext('2d').getImageData(9, 9, 1, 1).data].slice(0, 3)"
    light = lab.evaluate(pixel)
    darkened(tab)
    assert sum(lab.evaluate(pixel)) < sum(light) - 200  # it was drawn again
    checked(lab)
    assert watch.problems == []


def test_a_random_walk_over_the_sliders_stays_with_torch(tab, watch):
    lab, draw = lab_at(tab), random.Random(5)
    refused = []
    for _ in walk(MOVES):
        name = draw.choice(list(START))
        if draw.random() < 0.15:
            lab.locator(f"input[data-field=axes][value='{draw.choice('12')}']").check()
        slider = lab.locator(f"input[type=range][data-field={name}]")
        slider.focus()
        tab.keyboard.press(draw.choice(["ArrowLeft", "ArrowRight", "Home", "End", "ArrowRight"]))
        refused.append(bool(checked(lab)["rule"]))
    assert 0 < sum(refused) < 2 / 3 * len(refused) and watch.problems == []


@pytest.mark.alone
def test_a_move_repaints_within_a_frame(tab):
    lab = lab_at(tab, state="1~2~4~4~4~0~0~1~~~")
    lab.evaluate("(lab) => { for (const box of lab.querySelectorAll('details')) box.open = false; }")
    costs = repaints(tab, lab, "s", [3, 4])
    assert lab.locator(".lab-result").inner_text() == "= 16"
    assert costs[len(costs) // 2] < SLOWEST, costs
