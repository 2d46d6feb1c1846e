"""<checkerboard-widget> in a Chromium: counts, sums, balance, spectrum are torch's; by keyboard, in both languages."""

import math
import random
import re

import pytest
import torch
import torch.nn.functional as F
from playwright.sync_api import expect

from cnnbook.convolution.checkerboard import (
    balance_phases,
    local_phase_share,
    phase_moments,
    phase_share,
    phase_sums,
    power_spectrum,
)
from manuscript import LANGUAGES, ROOT
from reader import until
from widgets import (
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

pytestmark = pytest.mark.browser

START = {"n": 5, "k": 4, "s": 3, "l": 1}
MOVES = 40  # of the random walk
SHOWN = (
    """(widget) => ({
  settings: """
    + SLIDERS
    + """,
  axes: Number(widget.querySelector("input[data-field=axes]:checked").value),
  fields: [...widget.querySelectorAll(".widget-fields-w input")].map((box) => box.value),
  ramp: widget.querySelector("input[data-field=x]:checked").value === "ramp",
  kernel: widget.kernel.flat(),
  order: 1 + widget.balancing.findIndex((box) => box.getAttribute("aria-pressed") === "true"),
  terms: [...widget.querySelectorAll(".widget-term b")].map((term) => term.textContent),
  counts: widget.boards.counts.labels.map(({ text }) => text),
  phases: widget.boards.phases.labels.map(({ text }) => text),
  power: widget.power, peaks: widget.querySelector(".widget-plot").getAttribute("aria-label"),
  table: """
    + TABLE
    + """,
  line: widget.querySelector(".widget__line").textContent,
})"""
)


def widget_at(tab, lang: str = "en", state: str = "", whole: bool = False):
    return opened(tab, "checkerboard", "checkerboard", lang, state, whole)


def rounded(value: float, digits: int) -> float:
    return math.floor(value * 10**digits + 0.5) / 10**digits


def checked(widget) -> dict:
    """What the figure shows, after it has been compared with torch."""
    shown = widget.evaluate(SHOWN)
    if shown["ramp"]:
        return shown | on_a_ramp(shown)
    n, k, s, layers = (shown["settings"][name] for name in "nksl")
    axes = shown["axes"]
    what = f"{axes}-D {shown['settings']}"
    w = torch.tensor(shown["kernel"], dtype=torch.float64).reshape(1, 1, *[k] * axes)
    assert [number(one) for one in shown["fields"]] == pytest.approx(shown["kernel"], abs=5.1e-4), what

    def up(x: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
        return layered(x, kernel, s, layers)

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


def layered(x: torch.Tensor, w: torch.Tensor, s: int, layers: int) -> torch.Tensor:
    for _ in range(layers):
        x = (F.conv_transpose1d, F.conv_transpose2d)[w.dim() - 3](x, w, stride=s)
    return x[0]


def on_a_ramp(shown: dict) -> dict:
    """What the figure shows of a ramp, against torch: what is off the line, away from the border, and the moments."""
    n, k, s, layers = (shown["settings"][name] for name in "nksl")
    axes, period = shown["axes"], s**layers
    what = f"ramp {axes}-D {shown['settings']}"
    w = torch.tensor(shown["kernel"], dtype=torch.float64).reshape(1, 1, *[k] * axes)
    whole = w  # of all layers
    for _ in range(layers - 1):
        whole = layered(whole[0], w, s, 1)[None, None]
    many, rim = n + 4 * whole.shape[-1], 2 * whole.shape[-1]  # the same ramp, and on at both ends
    places = [torch.arange(-rim, many - rim, dtype=torch.float64)] * axes
    ramp = torch.stack(torch.meshgrid(*places, indexing="ij")).sum(0)
    length = (n - 1) * period + whole.shape[-1]
    y = layered(ramp[None], w, s, layers)[(slice(rim * period, rim * period + length),) * axes]
    mine = layered(ramp[(slice(rim, rim + n),) * axes][None], w, s, layers)
    counts = layered(torch.ones(1, *[n] * axes).double(), torch.ones_like(w), s, layers)
    full = layered(torch.ones_like(ramp)[None], torch.ones_like(w), s, layers)
    inside = counts == full[(slice(rim * period, rim * period + length),) * axes]
    torch.testing.assert_close(mine[inside], y[inside])
    kernel = whole[0, 0]
    padded = F.pad(kernel, [0, max(0, period - kernel.shape[-1])] * axes)  # a phase without a tap has a moment of 0
    sums = phase_sums(padded, period)
    degrees = [[1]] if axes == 1 else [[1, 0], [0, 1]]
    moments = sum(phase_moments(padded, period, degree=one) for one in degrees)
    cells = torch.stack(torch.meshgrid(*[torch.arange(length)] * axes, indexing="ij")).sum(0)
    off = y - (sums.mean() * cells - moments.mean()) / period
    faces = [face for row in shown["table"] for face in row]
    assert [face == "" for face in faces] == (~inside).flatten().tolist(), what
    size = float(whole.abs().sum())
    expected = off[inside].flatten().tolist()
    assert [number(face) for face in faces if face] == pytest.approx(expected, abs=6e-4 + 1e-8 * size), what
    clean = all(float(one.max() - one.min()) <= 1e-8 * max(1.0, size) for one in (sums, moments))
    assert shown["terms"][4].endswith("✓") == clean, what
    assert shown["terms"][4].startswith(("still a ramp", "仍") if clean else ("a lattice", "有")), what
    assert (shown["peaks"] in ("No peak.", "没有峰。")) or not clean, what
    assert not clean or not any(number(face) for face in faces if face), what
    return {"sums": sums, "moments": moments, "clean": clean, "off": off[inside]}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_slider_moves_by_keyboard_and_the_numbers_are_torchs(tab, watch, lang):
    widget = widget_at(tab, lang)
    start = checked(widget)
    assert start["settings"] == START and start["terms"][3] == "3" and max(map(number, start["counts"])) == 4
    for axes in ("2", "1"):
        widget.locator(f"input[data-field=axes][value='{axes}']").check()
        for name in START:
            slider = widget.locator(f"input[type=range][data-field={name}]")
            before = int(slider.input_value())
            slider.focus()
            tab.keyboard.press("ArrowRight")
            assert checked(widget)["settings"][name] == min(before + 1, int(slider.get_attribute("max")))
            for key in ("Home", "End"):
                tab.keyboard.press(key)
                checked(widget)
            for _ in range(int(slider.get_attribute("max")) - START[name]):
                tab.keyboard.press("ArrowLeft")
            assert checked(widget)["settings"] == START
    assert watch.problems == []


def test_balance_gives_the_nearest_kernel_without_a_lattice_and_takes_it_back(tab):
    widget = widget_at(tab, state="1~1~up~4~4~2~1~~3000.1000.2000.5000~0~")
    balance = widget.get_by_role("button", name="Balance phases")
    before = checked(widget)
    assert before["sums"].tolist() == [5, 6] and before["terms"][0] == "yes" and before["peaks"] == "Peaks: 1/2."
    balance.click()
    after = checked(widget)
    expected = balance_phases(torch.tensor([3.0, 1.0, 2.0, 5.0]).double(), stride=2).tolist()
    assert after["kernel"] == pytest.approx(expected) == [3.25, 0.75, 2.25, 4.75]
    assert after["order"] == 1 and after["peaks"] == "No peak." and after["terms"][3] == "0"
    balance.click()
    assert checked(widget)["kernel"] == [3, 1, 2, 5]
    # Not divisible, and flat; a phase without a tap can't be balanced.
    widget = widget_at(tab, state="1~1~up~4~3~2~1~~1000.2000.1000~0~")
    assert checked(widget)["terms"][:1] + checked(widget)["terms"][3:4] == ["no", "0"]
    widget = widget_at(tab, state="1~1~up~4~2~3~1~u~~1~")
    assert checked(widget)["sums"].tolist() == [1, 1, 0]
    assert widget.get_by_role("button", name="Balance phases").is_disabled()


@pytest.mark.parametrize("axes", "12")
def test_balance_for_ramps_gives_the_nearest_kernel_that_a_ramp_passes(tab, axes):
    taps = "3000.1000.2000.5000" if axes == "1" else ""
    state = f"1~{axes}~up~5~4~2~1~{'' if taps else 'r3'}~{taps}~0~"
    widget = widget_at(tab, state=state)
    raw = torch.tensor(checked(widget)["kernel"]).double().reshape([4] * int(axes))
    widget.locator("input[data-field=x][value=ones]").focus()
    tab.keyboard.press("ArrowRight")  # by keyboard
    assert not checked(widget)["clean"]
    constants, ramps = (widget.get_by_role("button", name=name) for name in ("Balance phases", "Balance for ramps too"))
    constants.click()
    once = checked(widget)
    assert float(once["sums"].max() - once["sums"].min()) < 1e-12 and not once["clean"] and once["order"] == 1
    assert once["peaks"] == "Peaks: 1/2."
    ramps.press("Enter")
    both = checked(widget)
    expected = balance_phases(raw, stride=2, order=2).flatten().tolist()
    assert both["kernel"] == pytest.approx(expected, abs=1e-9) and both["clean"] and both["order"] == 2
    ramps.click()
    assert checked(widget)["kernel"] == raw.flatten().tolist()


def test_a_kernel_with_too_few_taps_is_not_balanced_for_ramps_and_the_reason_is_there(tab):
    widget = widget_at(tab, state="1~2~up~5~5~3~1~r1~~2~~ramp")
    ramps = widget.get_by_role("button", name="Balance for ramps too")
    assert checked(widget)["clean"] and ramps.is_enabled()
    slider = widget.locator("input[type=range][data-field=k]")
    slider.press("ArrowLeft")
    fewer = checked(widget)
    assert fewer["order"] == 1 and not fewer["clean"] and ramps.is_disabled()  # what can be had is kept
    expect(ramps).to_have_accessible_description("Ramps need at least 2 · (s − 1) + 1 = 5 taps along an axis.")
    slider.press("Home")
    assert checked(widget)["order"] == 0
    expect(widget.get_by_role("button", name="Balance phases")).to_have_accessible_description(
        "Every phase needs a tap: at least s = 3 along an axis. "
        "Ramps need at least 2 · (s − 1) + 1 = 5 taps along an axis."
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "state",
    [
        "1~1~up~8~4~2~1~~3000.1000.2000.5000~1~p1~ramp",
        "1~1~down~5~3~2~3~b~~0~~ramp",
        "1~2~up~6~3~3~1~u~~0~~ramp",  # nearest: stairs
        "1~2~down~2~4~2~2~l~~2~~ramp",
        "1~1~up~1~6~1~3~r2~~0~~ramp",  # no cell has all its taps
        "1~2~up~4~2~3~1~u~~0~p8~ramp",  # phases without a tap
    ],
)
def test_a_ramp_less_its_line_is_torchs(tab, watch, lang, state):
    widget = widget_at(tab, lang, state)
    shown = checked(widget)
    assert shown["ramp"] and shown["phases"] and watch.problems == []
    if "p1~" in state:
        assert "1 · 0.75 + 3 · 4.75 = 15" in shown["line"] and set(shown["off"].tolist()) == {2.625, -2.625}


def test_an_address_from_before_there_were_ramps_still_works(tab):
    shown = checked(widget_at(tab, state="1~1~up~4~4~2~1~~3000.1000.2000.5000~1~p1"))
    assert not shown["ramp"] and shown["order"] == 1 and "= 5.5" in shown["line"]


def test_the_kernels_to_choose_and_one_of_the_readers_own(tab):
    widget = widget_at(tab, state="1~2~up~5~3~2~1~u~~0~")
    widget.get_by_role("button", name="Bilinear").click()
    assert checked(widget)["kernel"] == [0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25]
    widget.get_by_role("button", name="Random").click()
    first = checked(widget)["kernel"]
    widget.get_by_role("button", name="Random").click()
    assert checked(widget)["kernel"] != first and all(tap == int(tap) for tap in first)
    widget.get_by_role("button", name="Learned").click()
    learned = checked(widget)
    assert (
        learned["settings"]["k"] == 3 and "after training" in learned["line"] and learned["terms"][4] == "a lattice ✗"
    )
    widget.get_by_role("button", name="Balance phases").click()
    assert checked(widget)["terms"][4] == "flat ✓"
    field = widget.locator(".widget-fields-w input").nth(4)
    field.focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowUp")
    tab.keyboard.type("-1.25")
    own = checked(widget)
    assert own["kernel"][2] == -1.25 and own["order"] == 0 and own["kernel"][0] != learned["kernel"][0]
    widget.get_by_role("button", name="Reset").click()
    assert checked(widget)["settings"] == START


KERNELS = """(at, period) =>
  import(new URL("assets/widgets/checkerboard/pictures.mjs", at)).then((m) => m.kernels(period))"""


@pytest.mark.parametrize(
    ("state", "period"),
    [
        ("1~2~up~5~4~3~1~u~~0~", 3),
        ("1~2~up~2~4~2~2~l~~1~", 4),
        ("1~2~up~5~4~2~1~r3~~2~", 2),
        ("1~2~up~2~6~3~2~r1~~1~", 9),
    ],
)
def test_upsamplers_side_by_side_on_a_photograph(tab, site, watch, state, period):
    widget = widget_at(tab, state=state)
    widget.locator(".widget__more summary").click()
    expect(widget.locator(".widget-picture figcaption").last).not_to_be_empty()
    faces = widget.locator(".widget-picture figcaption").all_inner_texts()
    shares, local = ([float(re.findall(r"\d\.\d{4}", face)[at]) for face in faces] for at in (0, 1))
    tile = int(re.search(r"tiles of (\d+)", widget.locator(".widget__more summary").inner_text())[1])
    assert tile == {2: 8, 3: 9, 4: 8, 9: 18}[period]
    photo = torch.tensor([*(ROOT / "docs/assets/widgets/photograph.bin").read_bytes()]).double().reshape(1, 1, 64, 64)
    small = F.avg_pool2d(photo, period)
    whole = torch.tensor(widget.evaluate("(widget) => widget.whole")).double()[None, None]
    large, size = F.conv_transpose2d(small, whole, stride=period), small.shape[-1] * period
    start = max(0, (large.shape[-1] - size) // 2)
    own = large[..., start : start + size, start : start + size]
    root = f"{site.root}en/"
    random_start = torch.tensor(tab.evaluate(f"([at, period]) => ({KERNELS})(at, period)", [root, period])).double()
    shuffle, icnr = (
        F.pixel_shuffle(F.conv2d(small, w, padding=1), period)
        for w in (random_start, random_start[:1].expand_as(random_start))
    )
    rim = period * -(-6 // period)  # where taps may be missing
    made = [
        own,
        *(F.interpolate(small, scale_factor=period, mode=mode) for mode in ("nearest", "bilinear")),
        shuffle,
        icnr,
    ]
    made = [image[..., rim:-rim, rim:-rim] for image in made]
    assert shares == pytest.approx([float(phase_share(image, period).squeeze()) for image in made], abs=6e-5)
    assert local == pytest.approx([float(local_phase_share(image, period, tile).squeeze()) for image in made], abs=6e-5)
    assert shares[3] > 10 * shares[4] and watch.problems == []
    widget.locator("input[data-field=axes][value='1']").check()
    expect(widget.locator(".widget__more")).to_be_hidden()  # a photograph has two axes


def test_a_pinned_phase_is_framed_everywhere_and_written_out(tab):
    widget = widget_at(tab, state="1~1~up~4~4~2~1~~3000.1000.2000.5000~0~")
    widget.locator("canvas[role=application]").first.focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    line = "Phase [1]: 1 + 5 = 6. Its 2 taps are an ordinary convolution of their own, which writes one cell in 2."
    assert checked(widget)["line"].startswith(line[:20]) and "1 + 5 = 6" in checked(widget)["line"]
    assert widget.locator(".widget-fields-w .widget-lit").count() == 2
    expect(widget.locator("[role=status]")).to_contain_text("1 + 5 = 6")
    until(tab, "location.search.includes('p1')")
    tab.keyboard.press("Escape")
    assert widget.locator(".widget-lit").count() == 0


def test_the_output_is_a_tone_only_after_a_press_and_a_flat_one_is_silent(tab):
    widget = widget_at(tab, state="1~1~up~4~3~2~1~u~~0~")
    assert widget.evaluate("(widget) => widget.tone.context === undefined")
    play = widget.get_by_role("button", name="Play the output as a tone")
    play.click()
    assert widget.evaluate("(widget) => Math.round(widget.tone.loudest * 1000)") == 50  # (2 − 1.5) / 2, times 0.2
    widget.get_by_role("button", name="Stop").click()
    expect(play).to_be_visible()
    assert widget.evaluate("(widget) => widget.tone.playing === null")
    widget.get_by_role("button", name="Balance phases").click()
    play.click()
    assert widget.evaluate("(widget) => widget.tone.loudest") < 1e-9
    widget.locator("input[type=range][data-field=n]").focus()
    tab.keyboard.press("ArrowRight")  # another output: the old one stops
    assert widget.evaluate("(widget) => widget.tone.playing === null")


def test_how_many_values_is_guessed_before_it_is_seen(tab):
    widget = widget_at(tab)
    widget.get_by_role("button", name="Guess first").click()
    assert not any(widget.locator(part).is_visible() for part in (".widget-views", ".widget-formula", ".widget__table"))
    tab.keyboard.type("3")
    tab.keyboard.press("Enter")
    expect(widget.locator(".widget-rule")).to_have_text("Right: 3.")  # 1, 2 and 4
    widget.get_by_role("button", name="Guess first").click()
    tab.keyboard.type("1")
    widget.get_by_role("button", name="Reveal").click()
    expect(widget.locator(".widget-rule")).to_have_text("You said 1; it is 3.")
    widget = widget_at(tab, state="1~1~up~5~4~2~1~u~~0~~ramp")  # equal sums, two moments: two lines
    widget.get_by_role("button", name="Guess first").click()
    tab.keyboard.type("2")
    tab.keyboard.press("Enter")
    expect(widget.locator(".widget-rule")).to_have_text("Right: 2.")


@pytest.mark.parametrize(
    "state",
    [
        "1~1~down~3~4~2~3~r5~~1~",
        "1~2~up~3~1~2~1~r1~~0~",
        "1~2~up~3~3~2~2~l~~0~",
        "1~2~up~2~3~2~1~b~~0~",
        "1~1~up~8~4~2~1~r5~~2~~ramp",
        "1~2~down~3~3~2~2~l~~0~~ramp",
    ],
)
def test_the_copied_program_runs_and_asserts_what_is_shown(tab, state):
    widget = widget_at(tab, state=state)
    checked(widget)
    assert "tensor(" in printed(copied(tab, widget))


HOSTILE = {
    "1~2~up~99999999999999999999~-7~999~99~zz~~9~p999~<i>": {"n": 6, "k": 1, "s": 4, "l": 2},
    "1~3~<b>~NaN~1e9~Infinity~2.5~r99999~~~": START,
    "1~<img src=x onerror=alert(1)>~'~\"~`~${1}~<script>alert(1)</script>~<i>~1.<i>~<u>~o<s>": START,
    "2~1~down~3~3~3~3~l~~1~p1~ramp": START,
    "1~2~up~5~4~3~1~u~~2~p-1~RAMP~ramp": START,
    "1~2~up~5~4~3~1~~999999999.-99999999999.1~1~p" + "9" * 40: START,
}


@pytest.mark.parametrize("state", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_address_is_clamped_and_never_injected(tab, watch, state):
    tab.on("dialog", lambda dialog: pytest.fail("a script of the address ran"))
    widget = widget_at(tab, "zh", state)
    shown = checked(widget)
    assert shown["settings"] == HOSTILE[state] and all(abs(tap) <= 99 for tap in shown["kernel"])
    assert widget.locator("img, script, i i, u, s").count() == 0 and watch.problems == []


def test_settings_are_in_the_address_and_follow_the_language(tab, site):
    widget = in_english(tab, site, widget_at(tab, "zh", whole=True), "checkerboard", "checkerboard", "s", "ArrowLeft")
    expect(widget.locator(".widget-result")).to_have_text("outputflat ✓")


@pytest.mark.parametrize("x", ["ones", "ramp"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_phone_and_both_schemes(tab, watch, lang, x):
    tab.set_viewport_size({"width": 375, "height": 812})
    widget = widget_at(tab, lang, f"1~1~down~8~6~4~2~r1~~0~p3~{x}")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    light = widget.evaluate(PICTURE)
    darkened(tab)
    assert widget.evaluate(PICTURE) != light  # it was drawn again
    checked(widget)
    assert watch.problems == []


def test_a_random_walk_over_the_controls_stays_with_torch(tab, watch):
    widget, draw = widget_at(tab), random.Random(5)
    flat = []
    for _ in walk(MOVES):
        if draw.random() < 0.15:
            widget.locator(f"input[data-field=axes][value='{draw.choice('12')}']").check()
        if draw.random() < 0.5:
            pressed = widget.locator(".widget-fills button:not(:disabled)").nth(draw.randrange(5))
            if pressed.count() and "Play" not in pressed.inner_text():
                pressed.click()
        if draw.random() < 0.2:
            widget.locator(f"input[data-field=x][value={draw.choice(('ones', 'ramp'))}]").check()
        widget.locator(f"input[type=range][data-field={draw.choice(list(START))}]").focus()
        tab.keyboard.press(draw.choice(["ArrowLeft", "ArrowRight", "Home", "End", "ArrowRight"]))
        flat.append(checked(widget)["terms"][4])
    assert len(set(flat)) == 3 and watch.problems == []


@pytest.mark.alone
@pytest.mark.parametrize("x", ["ones", "ramp"])
def test_a_move_repaints_within_a_frame(tab, x):
    widget = widget_at(tab, state=f"1~2~up~5~6~3~1~r2~~2~p4~{x}", whole=True)
    widget.evaluate("(widget) => { widget.twin.open = false; }")
    costs = repaints(tab, widget, "s", [2, 3])
    assert widget.evaluate("(widget) => widget.y.length") == 18
    assert costs[len(costs) // 2] < SLOWEST, costs
