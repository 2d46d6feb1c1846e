"""<checkerboard-lab> in a Chromium: counts, sums, balance and spectrum are torch's, by keyboard, in both languages."""

import math
import random

import pytest
import torch
import torch.nn.functional as F
from playwright.sync_api import expect

from cnnbook.convolution.checkerboard import balance_phases, phase_share, power_spectrum
from laboratory import (
    PICTURE,
    SLIDERS,
    SLOWEST,
    TABLE,
    copied,
    darkened,
    in_english,
    number,
    opened,
    printed,
    repaints,
    walk,
)
from manuscript import LANGUAGES, ROOT

pytestmark = pytest.mark.browser

START = {"n": 5, "k": 4, "s": 3, "l": 1}
MOVES = 40  # of the random walk
SHOWN = (
    """(lab) => ({
  settings: """
    + SLIDERS
    + """,
  axes: Number(lab.querySelector("input[data-field=axes]:checked").value),
  fields: [...lab.querySelectorAll(".lab-fields-w input")].map((box) => box.value),
  kernel: lab.kernel.flat(), even: lab.balancing.getAttribute("aria-pressed") === "true",
  terms: [...lab.querySelectorAll(".lab-term b")].map((term) => term.textContent),
  counts: lab.boards.counts.labels.map(({ text }) => text), phases: lab.boards.phases.labels.map(({ text }) => text),
  power: lab.power, peaks: lab.querySelector(".lab-plot").getAttribute("aria-label"),
  table: """
    + TABLE
    + """,
  line: lab.querySelector(".lab__line").textContent,
})"""
)


def lab_at(tab, lang: str = "en", state: str = ""):
    return opened(tab, "checkerboard", "checkerboard", lang, state)


def rounded(value: float, digits: int) -> float:
    return math.floor(value * 10**digits + 0.5) / 10**digits


def checked(lab) -> dict:
    """What the figure shows, after it has been compared with torch."""
    shown = lab.evaluate(SHOWN)
    n, k, s, layers = (shown["settings"][name] for name in "nksl")
    axes = shown["axes"]
    what = f"{axes}-D {shown['settings']}"
    w = torch.tensor(shown["kernel"], dtype=torch.float64).reshape(1, 1, *[k] * axes)
    assert [number(one) for one in shown["fields"]] == pytest.approx(shown["kernel"], abs=5.1e-4), what

    def up(x: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
        for _ in range(layers):
            x = (F.conv_transpose1d, F.conv_transpose2d)[axes - 1](x, kernel, stride=s)
        return x[0]

    ones = torch.ones(1, *[n] * axes, dtype=torch.float64)
    y, counts = up(ones, w), up(ones, torch.ones_like(w))
    rows = y.reshape(-1, y.shape[-1]).tolist()
    assert [len(row) for row in shown["table"]] == [len(row) for row in rows], what
    assert [number(one) for row in shown["table"] for one in row] == pytest.approx(y.flatten().tolist(), abs=6e-4), what
    if shown["counts"] and len(shown["counts"]) == counts.numel():
        assert [number(one) for one in shown["counts"]] == counts.flatten().tolist(), what
    # One period well inside a long constant input.
    period = s**layers
    reach = -(-k * (period - 1) // max(s - 1, 1) // period) + 2 if s > 1 else layers * k
    many = up(torch.ones(1, *[2 * reach + 1] * axes, dtype=torch.float64), w)
    inside = slice(reach * period, (reach + 1) * period)
    sums = many[(inside,) * axes]
    gap = float(sums.max() - sums.min())
    assert number(shown["terms"][3]) == pytest.approx(rounded(gap, 2), abs=0.0101), what
    flat = gap <= 1e-8 * max(1.0, float(sums.abs().max()))
    assert shown["terms"][4].startswith("flat" if flat else "a lattice") or shown["terms"][4][0] in "平有", what
    assert shown["terms"][4].endswith("✓") == flat, what
    tile = sums.reshape(-1, period)
    times = max(1, math.floor(48 / period + 0.5))
    lines = [tile] if axes == 1 else [tile, tile.T]
    power = sum(power_spectrum(one.repeat(1, times)[None]).squeeze() for one in lines) / len(lines)
    power = torch.zeros_like(power) if flat else power
    power[0] = 0
    assert shown["power"] == pytest.approx(power.tolist(), rel=1e-6, abs=1e-8), what
    return shown | {"sums": sums}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_slider_moves_by_keyboard_and_the_numbers_are_torchs(tab, watch, lang):
    lab = lab_at(tab, lang)
    start = checked(lab)
    assert start["settings"] == START and start["terms"][3] == "3" and max(map(number, start["counts"])) == 4
    for axes in ("2", "1"):
        lab.locator(f"input[data-field=axes][value='{axes}']").check()
        for name in START:
            slider = lab.locator(f"input[type=range][data-field={name}]")
            before = int(slider.input_value())
            slider.focus()
            tab.keyboard.press("ArrowRight")
            assert checked(lab)["settings"][name] == min(before + 1, int(slider.get_attribute("max")))
            for key in ("Home", "End"):
                tab.keyboard.press(key)
                checked(lab)
            for _ in range(int(slider.get_attribute("max")) - START[name]):
                tab.keyboard.press("ArrowLeft")
            assert checked(lab)["settings"] == START
    assert watch.problems == []


def test_balance_gives_the_nearest_kernel_without_a_lattice_and_takes_it_back(tab):
    lab = lab_at(tab, state="1~1~up~4~4~2~1~~3000.1000.2000.5000~0~")
    balance = lab.get_by_role("button", name="Balance phases")
    before = checked(lab)
    assert before["sums"].tolist() == [5, 6] and before["terms"][0] == "yes" and before["peaks"] == "Peaks: 1/2."
    balance.click()
    after = checked(lab)
    expected = balance_phases(torch.tensor([3.0, 1.0, 2.0, 5.0]).double(), stride=2).tolist()
    assert after["kernel"] == pytest.approx(expected) == [3.25, 0.75, 2.25, 4.75]
    assert after["even"] and after["peaks"] == "No peak." and after["terms"][3] == "0"
    balance.click()
    assert checked(lab)["kernel"] == [3, 1, 2, 5]
    # Not divisible, and flat; a phase without a tap can't be balanced.
    lab = lab_at(tab, state="1~1~up~4~3~2~1~~1000.2000.1000~0~")
    assert checked(lab)["terms"][:1] + checked(lab)["terms"][3:4] == ["no", "0"]
    lab = lab_at(tab, state="1~1~up~4~2~3~1~u~~1~")
    assert checked(lab)["sums"].tolist() == [1, 1, 0] and lab.get_by_role("button", name="Balance phases").is_disabled()


def test_the_kernels_to_choose_and_one_of_the_readers_own(tab):
    lab = lab_at(tab, state="1~2~up~5~3~2~1~u~~0~")
    lab.get_by_role("button", name="Bilinear").click()
    assert checked(lab)["kernel"] == [0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25]
    lab.get_by_role("button", name="Random").click()
    first = checked(lab)["kernel"]
    lab.get_by_role("button", name="Random").click()
    assert checked(lab)["kernel"] != first and all(tap == int(tap) for tap in first)
    lab.get_by_role("button", name="Learned").click()
    learned = checked(lab)
    assert (
        learned["settings"]["k"] == 3 and "after training" in learned["line"] and learned["terms"][4] == "a lattice ✗"
    )
    lab.get_by_role("button", name="Balance phases").click()
    assert checked(lab)["terms"][4] == "flat ✓"
    field = lab.locator(".lab-fields-w input").nth(4)
    field.focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowUp")
    tab.keyboard.type("-1.25")
    own = checked(lab)
    assert own["kernel"][2] == -1.25 and not own["even"] and own["kernel"][0] != learned["kernel"][0]
    lab.get_by_role("button", name="Back to the source").click()
    assert checked(lab)["settings"] == START


KERNELS = "(at, period) => import(new URL('assets/labs/checkerboard/pictures.mjs', at)).then((m) => m.kernels(period))"


@pytest.mark.parametrize(("state", "period"), [("1~2~up~5~4~3~1~u~~0~", 3), ("1~2~up~2~4~2~2~l~~1~", 4)])
def test_upsamplers_side_by_side_on_a_photograph(tab, site, watch, state, period):
    lab = lab_at(tab, state=state)
    lab.locator(".lab__more summary").click()
    expect(lab.locator(".lab-picture figcaption").last).not_to_be_empty()
    shares = [float(face.rsplit(" ", 1)[1]) for face in lab.locator(".lab-picture figcaption").all_inner_texts()]
    photo = torch.tensor([*(ROOT / "docs/assets/labs/photograph.bin").read_bytes()]).double().reshape(1, 1, 64, 64)
    small = F.avg_pool2d(photo, period)
    whole = torch.tensor(lab.evaluate("(lab) => lab.whole")).double()[None, None]
    large, size = F.conv_transpose2d(small, whole, stride=period), small.shape[-1] * period
    start = max(0, (large.shape[-1] - size) // 2)
    own = large[..., start : start + size, start : start + size]
    root = f"{site.root}en/"
    random_start = torch.tensor(tab.evaluate(f"([at, period]) => ({KERNELS})(at, period)", [root, period])).double()
    shuffle, icnr = (
        F.pixel_shuffle(F.conv2d(small, w, padding=1), period)
        for w in (random_start, random_start[:1].expand_as(random_start))
    )
    made = [
        own,
        *(F.interpolate(small, scale_factor=period, mode=mode) for mode in ("nearest", "bilinear")),
        shuffle,
        icnr,
    ]
    assert shares == pytest.approx([float(phase_share(image, period).squeeze()) for image in made], abs=6e-5)
    assert shares[3] > 10 * shares[4] and watch.problems == []
    lab.locator("input[data-field=axes][value='1']").check()
    expect(lab.locator(".lab__more")).to_be_hidden()  # a photograph has two axes


def test_a_pinned_phase_is_framed_everywhere_and_written_out(tab):
    lab = lab_at(tab, state="1~1~up~4~4~2~1~~3000.1000.2000.5000~0~")
    lab.locator("canvas[role=application]").first.focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    line = "Phase [1]: 1 + 5 = 6. Its 2 taps are an ordinary convolution of their own, which writes one cell in 2."
    assert checked(lab)["line"].startswith(line[:20]) and "1 + 5 = 6" in checked(lab)["line"]
    assert lab.locator(".lab-fields-w .lab-lit").count() == 2
    expect(lab.locator("[role=status]")).to_contain_text("1 + 5 = 6")
    tab.wait_for_function("location.search.includes('p1')")
    tab.keyboard.press("Escape")
    assert lab.locator(".lab-lit").count() == 0


def test_the_output_is_a_tone_only_after_a_press_and_a_flat_one_is_silent(tab):
    lab = lab_at(tab, state="1~1~up~4~3~2~1~u~~0~")
    assert lab.evaluate("(lab) => lab.tone.context === undefined")
    play = lab.get_by_role("button", name="Play the output as a tone")
    play.click()
    assert lab.evaluate("(lab) => Math.round(lab.tone.loudest * 1000)") == 50  # (2 − 1.5) / 2, times 0.2
    lab.get_by_role("button", name="Stop").click()
    expect(play).to_be_visible()
    assert lab.evaluate("(lab) => lab.tone.playing === null")
    lab.get_by_role("button", name="Balance phases").click()
    play.click()
    assert lab.evaluate("(lab) => lab.tone.loudest") < 1e-9
    lab.locator("input[type=range][data-field=n]").focus()
    tab.keyboard.press("ArrowRight")  # another output: the old one stops
    assert lab.evaluate("(lab) => lab.tone.playing === null")


def test_how_many_values_is_guessed_before_it_is_seen(tab):
    lab = lab_at(tab)
    lab.get_by_role("button", name="Guess first").click()
    assert not any(lab.locator(part).is_visible() for part in (".lab-views", ".lab-formula", ".lab__table"))
    tab.keyboard.type("3")
    tab.keyboard.press("Enter")
    expect(lab.locator(".lab-rule")).to_have_text("Right: 3.")  # 1, 2 and 4
    lab.get_by_role("button", name="Guess first").click()
    tab.keyboard.type("1")
    lab.get_by_role("button", name="Reveal").click()
    expect(lab.locator(".lab-rule")).to_have_text("You said 1; it is 3.")


@pytest.mark.parametrize(
    "state", ["1~1~down~3~4~2~3~r5~~1~", "1~2~up~3~1~2~1~r1~~0~", "1~2~up~3~3~2~2~l~~0~", "1~2~up~2~3~2~1~b~~0~"]
)
def test_the_copied_program_runs_and_asserts_what_is_shown(tab, state):
    lab = lab_at(tab, state=state)
    checked(lab)
    assert "tensor(" in printed(copied(tab, lab))


HOSTILE = {
    "1~2~up~99999999999999999999~-7~999~99~zz~~9~p999": {"n": 6, "k": 1, "s": 4, "l": 2},
    "1~3~<b>~NaN~1e9~Infinity~2.5~r99999~~~": START,
    "1~<img src=x onerror=alert(1)>~'~\"~`~${1}~<script>alert(1)</script>~<i>~1.<i>~<u>~o<s>": START,
    "2~1~down~3~3~3~3~l~~1~p1": START,
    "1~2~up~5~4~3~1~~999999999.-99999999999.1~1~p" + "9" * 40: START,
}


@pytest.mark.parametrize("state", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_address_is_clamped_and_never_injected(tab, watch, state):
    tab.on("dialog", lambda dialog: pytest.fail("a script of the address ran"))
    lab = lab_at(tab, "zh", state)
    shown = checked(lab)
    assert shown["settings"] == HOSTILE[state] and all(abs(tap) <= 99 for tap in shown["kernel"])
    assert lab.locator("img, script, i i, u, s").count() == 0 and watch.problems == []


def test_settings_are_in_the_address_and_follow_the_language(tab, site):
    lab = in_english(tab, site, lab_at(tab, "zh"), "checkerboard", "checkerboard", "s", "ArrowLeft")
    expect(lab.locator(".lab-result")).to_have_text("outputflat ✓")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_phone_and_both_schemes(tab, watch, lang):
    tab.set_viewport_size({"width": 375, "height": 812})
    lab = lab_at(tab, lang, "1~1~down~8~6~4~2~r1~~0~p3")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    light = lab.evaluate(PICTURE)
    darkened(tab)
    assert lab.evaluate(PICTURE) != light  # it was drawn again
    checked(lab)
    assert watch.problems == []


def test_a_random_walk_over_the_controls_stays_with_torch(tab, watch):
    lab, draw = lab_at(tab), random.Random(5)
    flat = []
    for _ in walk(MOVES):
        if draw.random() < 0.15:
            lab.locator(f"input[data-field=axes][value='{draw.choice('12')}']").check()
        if draw.random() < 0.5:
            pressed = lab.locator(".lab-fills button:not(:disabled)").nth(draw.randrange(5))
            if pressed.count() and "Play" not in pressed.inner_text():
                pressed.click()
        lab.locator(f"input[type=range][data-field={draw.choice(list(START))}]").focus()
        tab.keyboard.press(draw.choice(["ArrowLeft", "ArrowRight", "Home", "End", "ArrowRight"]))
        flat.append(checked(lab)["terms"][4].startswith("flat"))
    assert 0 < sum(flat) < len(flat) and watch.problems == []


@pytest.mark.alone
def test_a_move_repaints_within_a_frame(tab):
    lab = lab_at(tab, state="1~2~up~5~4~3~1~r2~~0~p4")
    lab.evaluate("(lab) => { lab.twin.open = false; }")
    costs = repaints(tab, lab, "s", [2, 3])
    assert lab.evaluate("(lab) => lab.y.length") == 16
    assert costs[len(costs) // 2] < SLOWEST, costs
