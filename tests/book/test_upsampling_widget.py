"""<upsampling-widget> in a Chromium: its runs are torch's and the book's; what a reader does to it, where it stops."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from cnnbook.evidence.results import load_result
from cnnbook.experiments.convolution import upsampling
from cnnbook.experiments.convolution._super_resolution import SuperResolution
from cnnbook.training import train_seeds
from manuscript import LANGUAGES
from reader import until
from test_browser import AXE, STRUCTURE, faint
from widgets import COUNTED, LONG, longest_task, near, printed, stopwatch, unscripted

pytestmark = pytest.mark.browser

PAGE, NAME = "convolution/upsampling", "upsampling-widget"
RATES = {0.002: 4, 1: 10}
STEPS = {60: 0, 120: 1, 250: 2, 500: 3}
CLIENT = f"document.querySelector('{NAME}').client"
BUTTON = re.compile("^(Train|训练)$")


def address(layer="k3", initial="fan_in", rate=0.002, steps=60, loss="mse", seed=0, metric="share") -> str:
    """The state as the address has it: upsampling/settings.mjs."""
    return f"1~{RATES[rate]}~{STEPS[steps]}~{layer}~{initial}~{loss}~{seed}~{metric}"


def opened(tab, state="", lang="en", whole=False):
    widget = near(tab, f"{lang}/{PAGE}", NAME, "upsampling", state, whole)
    expect(widget.locator(".widget__line")).to_be_attached(timeout=30_000)
    return widget


def trained(tab, widget) -> list[dict]:
    """Its points, without the pictures, once a run is over."""
    widget.locator("button", has_text=BUTTON).first.click()
    until(tab, f"['over', 'failed'].includes({CLIENT}.stage)", seconds=90)
    return widget.evaluate("({ client }) => client.points.map(({ pictures, painted, ...numbers }) => numbers)")


def test_sixty_steps_of_a_committed_arm_are_those_of_torch(tab, watch):
    points = {point["step"]: point for point in trained(tab, opened(tab, address(seed=1)))}
    curve = (0, 20, 50)
    config = upsampling.arm("transposed_k3", 60, curve)
    config = replace(config, data_options={"fold": upsampling.fold_of(1)})
    figures = train_seeds(config, [1], engine="processes", accelerator="cpu")
    for own, name, factor, within in (("ripple", "test_ripple", 1, 1e-3), ("spread", "spread", 100, 0.02)):
        expected = [factor * figures.curves[name][step][0] for step in curve] + [factor * figures[name][0]]
        assert [points[step][own] for step in (*curve, 60)] == pytest.approx(expected, abs=within), own
    assert watch.problems == []


LATE = """(widget) => {  // pictures of a run that was left
  const { pictures } = widget.client.points.at(-1);
  widget.client.leave();
  widget.news = { pictures };
  widget.draw();
}"""


def test_a_published_run_is_drawn_behind_and_the_widget_says_how_far_apart_they_are(tab, watch):
    widget = opened(tab, address("sub_pixel", "icnr", steps=500, seed=2, metric="ripple"))
    assert widget.locator(".curve-tests").get_attribute("d").count("L") == 5
    widget.locator("button", has_text=BUTTON).first.click()
    until(tab, f"{CLIENT}.step > 100", seconds=90)
    expect(widget.locator(".widget__line")).to_contain_text("at 4 of the published steps the ripple is")
    points = widget.evaluate("({ client }) => Object.fromEntries(client.points.map((one) => [one.step, one.ripple]))")
    result = load_result(PAGE)
    for step in (0, 20, 50, 100):
        published = result.of("sub_pixel_icnr", "test_ripple", step)[2]
        assert points[str(step)] == pytest.approx(published, abs=1e-3 if step <= 50 else 5e-3)
    widget.evaluate(LATE)
    widget.get_by_role("button", name="nearest", exact=True).click()  # while it goes
    assert widget.evaluate("({ client }) => [client.stage, client.points.length]") == ["idle", 0]
    tab.wait_for_timeout(300)  # what was on its way is not listened to
    assert watch.problems == []


def test_nearest_has_no_lattice_on_grey_and_the_parameters_are_counted(tab):
    widget = opened(tab, address("nearest", "default"))
    count = sum(one.numel() for one in SuperResolution("nearest").parameters())
    expect(widget.locator(".widget__line")).to_contain_text(f"{count:,} parameters")
    assert max(point["ripple"] for point in trained(tab, widget)) < 1e-4
    widget.get_by_label("sub-pixel", exact=True).check()
    count = sum(one.numel() for one in SuperResolution("sub_pixel").parameters())
    expect(widget.locator(".widget__line")).to_contain_text(f"{count:,} parameters")
    assert widget.locator(".curve-others").get_attribute("d").startswith("M")  # the run before


def test_a_start_that_a_layer_does_not_have_cannot_be_chosen(tab):
    widget = opened(tab, address("k4", "icnr"))
    expect(widget.get_by_label("ICNR", exact=True)).to_be_disabled()
    assert widget.evaluate("({ initial }) => initial") == "default"
    widget.get_by_label("sub-pixel", exact=True).check()
    widget.get_by_label("ICNR", exact=True).check()
    expect(widget.get_by_label("true fan-in")).to_be_disabled()
    widget.get_by_label("k = 2").check()
    assert widget.evaluate("({ initial }) => initial") == "default"


def test_a_rate_of_one_ends_or_spoils_a_run_and_what_is_changed_on_the_way_is_said(tab, watch):
    widget = opened(tab, address(steps=250))
    widget.locator("button", has_text=BUTTON).first.click()
    until(tab, f"{CLIENT}.step > 3", seconds=60)
    widget.get_by_text("More settings").click()
    widget.locator("input[data-field=rate]").focus()
    tab.keyboard.press("End")
    until(tab, f"['over', 'failed'].includes({CLIENT}.stage)", seconds=90)
    expect(widget.locator(".widget__line")).to_contain_text("changed on the way")
    widget.get_by_role("button", name="k = 3", exact=True).click()
    assert widget.evaluate("({ client }) => client.stage") == "idle"
    assert watch.problems == []


def test_a_run_is_over_when_its_steps_are_made_fewer_than_it_has_gone(tab):
    widget = opened(tab, address("nearest", "default", steps=250))
    widget.get_by_text("More settings").click()
    widget.locator("button", has_text=BUTTON).first.click()
    until(tab, f"{CLIENT}.step > 60", seconds=60)
    widget.locator("input[data-field=steps]").press("Home")
    until(tab, f"{CLIENT}.stage === 'over'", seconds=10)
    assert 60 < widget.evaluate("({ client }) => client.step") < 250


OFF = """({ guess, client, plot }) => {  // in decades, at the last point measured before each of the guess
  const off = guess.values.map((value, at) => {
    const { ripple } = client.points.findLast(({ step }) => step <= plot.points[at] + 1e-9);
    return Math.abs(value - Math.log10(ripple));
  });
  return off.reduce((sum, one) => sum + one, 0) / off.length;
}"""


def test_one_guesses_first_by_keys(tab):
    widget = opened(tab, address(metric="ripple"), whole=True)
    widget.get_by_role("button", name="Guess first").click()
    widget.locator(".curve-plot").focus()
    for key in ("ArrowRight", *["ArrowDown"] * 9):
        tab.keyboard.press(key)
    expect(widget.locator(".curve-tests")).to_have_attribute("d", "")
    widget.get_by_role("button", name="Train", exact=True).last.click()
    until(tab, f"{CLIENT}.stage === 'over'", seconds=90)
    far = 10 ** widget.evaluate(OFF)
    expect(widget.locator(".widget__line")).to_contain_text(f"Your guess is off by a factor of {far:.2g} on average")


def test_what_is_copied_makes_the_same_run(tab):
    widget = opened(tab, address("k2", "default", loss="l1"))
    tab.evaluate("navigator.clipboard.writeText('')")
    widget.get_by_role("button", name="Copy as PyTorch").click()
    until(tab, "navigator.clipboard.readText().then((text) => text.startsWith('from dataclasses'))")
    said = dict(line.split() for line in printed(tab.evaluate("navigator.clipboard.readText()")).splitlines())
    last = trained(tab, widget)[-1]
    assert float(said["ripple"]) == pytest.approx(last["ripple"], abs=5e-3)
    assert float(said["spread"]) == pytest.approx(last["spread"], abs=0.1)


def test_out_of_sight_it_stops(tab):
    widget = opened(tab, address(steps=500), whole=True)
    widget.locator("button", has_text=BUTTON).first.click()
    until(tab, f"{CLIENT}.step > 0", seconds=60)
    tab.evaluate("scrollTo(0, 0)")
    until(tab, f"{CLIENT}.stage === 'paused'")
    step = widget.evaluate("({ client }) => client.step")
    tab.wait_for_timeout(600)
    assert widget.evaluate("({ client }) => client.step") - step <= 25  # what was on its way
    widget.get_by_role("button", name="Go on").click()
    until(tab, f"{CLIENT}.step > {step + 10}", seconds=60)


def test_photographs_come_when_they_are_asked_for(tab, watch):
    widget = opened(tab, address())
    tab.wait_for_timeout(300)
    assert not [name for name in watch.addresses if "/photographs/" in name]
    expect(widget.locator(".training-pictures")).to_be_hidden()
    trained(tab, widget)
    asked = {name.rpartition("/")[2] for name in watch.addresses if "/photographs/" in name}
    assert not asked or asked == {"0.bin"}  # a worker's own are not seen everywhere
    boards = widget.locator(".training-pictures canvas")
    assert boards.count() == 6 and all(boards.nth(at).get_attribute("aria-label") for at in range(6))
    assert "first convolution" in widget.locator(".upsampling-bars").get_attribute("aria-label")
    assert watch.problems == []


def test_an_address_of_nonsense_shows_what_may_be(tab, watch):
    wrong = ("1~999~-4~<img>~NaN~x", "<script>alert(1)</script>", "1~4~0~k9~icnr~mse~9~x")
    for query in wrong:
        widget = opened(tab, query)
        assert widget.locator("img").count() == 0
        expect(widget.locator(".widget__line")).to_contain_text("parameters")
        assert widget.evaluate("({ layer }) => layer") == "k3"
    assert watch.problems == []


def test_the_language_switch_keeps_the_settings(tab, site):
    widget = opened(tab, lang="zh", whole=True)
    widget.get_by_label("k = 6").check()
    until(tab, "location.search.includes('upsampling=')")
    tab.locator(".book-language").click()
    tab.wait_for_url(f"{site.root}en/{PAGE}/?upsampling=**")
    tab.locator(NAME).scroll_into_view_if_needed()
    expect(tab.locator(NAME).get_by_label("k = 6")).to_be_checked()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_javascript_a_picture_shows(browser, site, lang):
    with unscripted(browser, f"{site.root}{lang}/{PAGE}/") as tab:
        assert tab.locator(f"{NAME} svg").is_visible()


@pytest.mark.alone
def test_while_it_trains_the_page_has_no_long_task(browser, tab):
    """The steps are the worker's; what the page's own thread spends is a painting."""
    widget = opened(tab, address(steps=250), whole=True)
    widget.evaluate(COUNTED)
    spent = stopwatch(tab, "TaskDuration")
    before = spent()
    longest = longest_task(browser, tab, lambda: trained(tab, widget))
    drawn = widget.evaluate("({ drawn }) => drawn")
    assert drawn >= 5
    assert (spent() - before) / drawn * 1000 < 30
    assert 0 < longest < LONG


TOO_WIDE = """(widget) => [...widget.querySelectorAll("canvas, svg")]
  .filter((one) => one.getBoundingClientRect().width > widget.clientWidth + 1).length"""


def test_on_a_phone_a_run_fits_and_can_be_read(browser, site):
    context = browser.new_context(
        base_url=site.root, viewport={"width": 375, "height": 812}, has_touch=True, is_mobile=True
    )
    tab = context.new_page()
    widget = opened(tab, address(), "zh")
    trained(tab, widget)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert tab.evaluate(wide) <= 0
    assert widget.evaluate(TOO_WIDE) == 0
    tab.evaluate(AXE)  # with what a run has brought
    assert tab.evaluate(STRUCTURE) + faint(tab) == []
    tab.emulate_media(color_scheme="dark")
    until(tab, "document.body.dataset.mdColorScheme === 'slate'")
    assert faint(tab) == []
    context.close()
