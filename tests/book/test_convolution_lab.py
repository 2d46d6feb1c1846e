"""<convolution-lab> in a Chromium: what it shows is what torch computes, on numbers and on the photograph."""

import random

import pytest
import torch
import torch.nn.functional as F
from playwright.sync_api import expect

from laboratory import SLIDERS, SLOWEST, TABLE, copied, darkened, in_english, number, opened, printed, repaints, walk
from manuscript import LANGUAGES, ROOT

pytestmark = pytest.mark.browser

START = {"n": 3, "k": 3, "p": 1, "s": 1}
MOVES = 40  # of the random walk
SOBEL = "-1.-2.-1.0.0.0.1.2.1"
PHOTO = torch.tensor(list((ROOT / "docs/assets/labs/photograph.bin").read_bytes())).reshape(64, 64).double()
SHOWN = (
    """(lab) => ({
  settings: """
    + SLIDERS
    + """,
  turn: lab.querySelector("input[data-field=turn]:checked").value,
  on: lab.querySelector("input[data-field=on]:checked").value,
  input: [...lab.querySelectorAll(".lab-fields-x input")].map((box) => box.value),
  kernel: [...lab.querySelectorAll(".lab-fields-w input")].map((box) => box.value),
  size: lab.querySelector(".lab-result").textContent, seen: lab.querySelector(".lab-views").checkVisibility(),
  drawn: lab.boards.output.labels.map(({ text }) => text),
  table: """
    + TABLE
    + """,
  line: lab.querySelector(".lab__line").textContent,
})"""
)


def lab_at(tab, lang: str = "en", state: str = ""):
    lab = opened(tab, "convolution", "standard", lang, state)
    if "~photo~" in state:
        expect(lab.locator("tbody td").first).to_be_attached()
    return lab


def checked(lab) -> dict:
    """What the figure shows, after it has been compared with torch."""
    shown = lab.evaluate(SHOWN)
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
    lab = lab_at(tab, lang)
    assert checked(lab)["settings"] == START
    assert checked(lab)["line"].startswith("y[0, 0] = 1⋅0 + 2⋅0 + 4⋅(−2) + 5⋅(−1) = −13")
    for turn in ("no", "yes"):
        lab.locator(f"input[data-field=turn][value={turn}]").check()
        for name in START:
            slider = lab.locator(f"input[type=range][data-field={name}]")
            slider.focus()
            before = int(slider.input_value())
            tab.keyboard.press("ArrowRight")
            assert checked(lab)["settings"][name] == before + 1
            for key in ("Home", "End"):
                tab.keyboard.press(key)
                checked(lab)
            for _ in range(int(slider.get_attribute("max")) - START[name]):
                tab.keyboard.press("ArrowLeft")
            assert checked(lab)["settings"] == START
    assert watch.problems == []


def test_the_two_examples_of_the_source(tab):
    lab = lab_at(tab)
    lab.get_by_role("button", name="Source: −8").click()
    shown = checked(lab)
    assert shown["turn"] == "no" and shown["drawn"] == ["−8"]
    assert shown["line"].endswith("2⋅(−4) = −8. Rotated, the same window gives 8.")
    lab.locator("input[data-field=turn][value=yes]").check()
    assert checked(lab)["drawn"] == ["8"] and checked(lab)["line"].endswith("Not rotated, the same window gives −8.")
    lab.get_by_role("button", name="Source: −13").click()
    assert checked(lab)["drawn"] == ["−13", "−20", "−17", "−18", "−24", "−18", "13", "20", "17"]
    for name in ("Sobel →", "Laplace", "Blur"):
        lab.get_by_role("button", name=name).click()
        checked(lab)
    assert lab.locator(".lab-fills [aria-pressed=true]").inner_text() == "Blur"


def test_a_pinned_output_shows_its_window_and_its_sum(tab, watch):
    lab = lab_at(tab, state="1~no~numbers~4~2~0~2~1.-2.3.4.5.6.7.8.9.1.2.3.4.5.6.7~1.-1.2.0~")
    lab.locator("canvas[role=application]").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowRight"):
        tab.keyboard.press(key)
    shown = checked(lab)
    assert shown["line"].startswith("y[1, 1] = 2⋅1 + 3⋅(−1) + 6⋅2 + 7⋅0 = 11. Rotated")
    assert lab.evaluate("(lab) => lab.boards.output.at") == [1, 1]
    expect(lab.locator("[role=status]")).to_contain_text("= 11")
    tab.wait_for_function("location.search.includes('o3')")
    tab.keyboard.press("Escape")
    assert "arrow keys" in checked(lab)["line"]
    field = lab.locator(".lab-fields-x input").first
    field.focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.type("-7")
    assert checked(lab)["input"][1] == "-7"
    tab.keyboard.press("Tab")
    assert checked(lab)["input"][1] == "−7"
    assert watch.problems == []


def test_the_photograph_is_convolved_pixel_by_pixel(tab, watch):
    lab = lab_at(tab, state=f"1~no~photo~3~3~1~1~~{SOBEL}~o700")
    shown = checked(lab)
    x, y = torch.nn.functional.pad(PHOTO, (1, 1, 1, 1)), shown["y"]
    window = x[10:13, 60:63].flatten().int().tolist()
    assert [number(text) for text in lab.evaluate("(lab) => lab.boards.under.labels.map(({ text }) => text)")] == window
    assert f"= {int(y[10, 60])}".replace("-", "−") in shown["line"]
    # Its picture: the largest value is white or the smallest black, and 0 is in the middle.
    grey = "(lab, [i, j]) => lab.boards.output.box.getContext('2d').getImageData(4 * j + 4, 4 * i + 4, 1, 1).data[0]"
    lab.evaluate("(lab) => lab.pinned('')")
    for i, j in ((20, 30), (0, 5), (40, 12)):
        expected = 127.5 * (1 + float(y[i, j]) / float(y.abs().max()))
        assert lab.evaluate(grey, [i, j]) == pytest.approx(expected, abs=1)
    lab.get_by_role("button", name="Blur").click()
    assert lab.evaluate(grey, [20, 30]) == pytest.approx(float(checked(lab)["y"][20, 30]) / 16, abs=1)
    assert watch.problems == []


def test_the_size_is_guessed_before_it_is_seen(tab):
    lab = lab_at(tab, state="1~no~numbers~7~3~1~2~~~")
    lab.get_by_role("button", name="Guess first").click()
    assert not any(lab.locator(part).is_visible() for part in (".lab-views", ".lab-formula", "details"))
    tab.keyboard.type("4")
    tab.keyboard.press("Enter")
    expect(lab.locator(".lab-rule")).to_have_text("Right: 4.")
    lab = lab_at(tab, state="1~no~numbers~2~5~0~1~~~")
    expect(lab.locator(".lab-rule")).to_contain_text("longer than the padded input")
    lab.get_by_role("button", name="Guess first").click()
    tab.keyboard.type("1")
    lab.get_by_role("button", name="Reveal").click()
    expect(lab.locator(".lab-rule")).to_contain_text("You said 1; it is impossible.")


@pytest.mark.parametrize("state", ["", "1~no~numbers~5~2~1~2~~1.-2.3.4~", f"1~yes~photo~3~3~0~3~~{SOBEL}~"])
def test_the_copied_program_runs_and_asserts_what_is_shown(tab, state):
    lab = lab_at(tab, state=state)
    checked(lab)
    assert "tensor(" in printed(copied(tab, lab))


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
    lab = lab_at(tab, "zh", state)
    assert checked(lab)["settings"] == HOSTILE[state]
    assert lab.locator("img, script, i i, u, s").count() == 0 and watch.problems == []


def test_settings_are_in_the_address_and_follow_the_language(tab, site):
    lab = in_english(tab, site, lab_at(tab, "zh"), "convolution", "standard", "n", "ArrowRight")
    expect(lab.locator(".lab-result")).to_have_text("= 4")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_phone_and_both_schemes(tab, watch, lang):
    tab.set_viewport_size({"width": 375, "height": 812})
    lab = lab_at(tab, lang, "1~yes~numbers~7~5~4~1~~~o3")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    pixel = "(lab) => [...lab.boards.output.box.getContext('2d').getImageData(6, 6, 1, 1).data].slice(0, 3)"
    light = lab.evaluate(pixel)
    darkened(tab)
    assert sum(lab.evaluate(pixel)) < sum(light) - 200  # it was drawn again
    checked(lab)
    assert watch.problems == []


def test_a_random_walk_over_the_sliders_stays_with_torch(tab, watch):
    lab, draw = lab_at(tab), random.Random(5)
    refused = []
    for _ in walk(MOVES):
        if draw.random() < 0.2:
            lab.locator(f"input[data-field=turn][value={draw.choice(['yes', 'no'])}]").check()
        lab.locator(f"input[type=range][data-field={draw.choice(list(START))}]").focus()
        tab.keyboard.press(draw.choice(["ArrowLeft", "ArrowRight", "Home", "End", "ArrowRight"]))
        refused.append(checked(lab)["size"] == "= ✗")
    assert sum(refused) < len(refused) / 2 and watch.problems == []


@pytest.mark.alone
@pytest.mark.parametrize("state", ["1~no~numbers~7~3~4~1~~~o5", f"1~no~photo~3~3~1~1~~{SOBEL}~o700"])
def test_a_move_repaints_within_a_frame(tab, state):
    lab = lab_at(tab, state=state)
    lab.evaluate("(lab) => { lab.twin.open = false; }")
    costs = repaints(tab, lab, "p", [1, 2])
    assert costs[len(costs) // 2] < SLOWEST, costs
