"""<training-widget> in a Chromium: its runs are torch's and the book's; what a reader does to it, where it stops."""

import math
import re

import pytest
from effort import thorough
from playwright.sync_api import expect

from cnnbook.evidence.results import load_result
from cnnbook.parameters.recipe import Curves, diagnose
from cnnbook.training import Optimizer, TrainConfig, train_seeds
from cnnbook.training.networks import small_cnn
from manuscript import LANGUAGES, ROOT
from reader import seen, until, visit
from widgets import COUNTED, LONG, Heaps, longest_task, near, printed, stopwatch, unscripted

pytestmark = pytest.mark.browser

PAGE = "parameters/learning_rate"
HEAVIEST = 450_000  # bytes of images that a run asks for
MEMORY = 150  # MB that the page and its worker may hold, as it trains the widest network
# rate, batch, decay, dropout, noise, images, shift, steps, then the choices: training/settings.mjs
STATE = "{rate}~3~0~0~0~6~0~{steps}~{optimizer}~1~{seed}~{metric}"
RATES = {0.002: 19, 0.02: 25, 0.04: 27, 0.2: 31, 1.0: 36, 1e6: 72}
STEPS = {60: 0, 120: 1, 240: 2}


def address(rate=0.2, steps=60, optimizer="sgd", seed=0, metric="nll") -> str:
    return "1~" + STATE.format(rate=RATES[rate], steps=STEPS[steps], optimizer=optimizer, seed=seed, metric=metric)


def opened(tab, state="", lang="en", whole=False):
    widget = near(tab, f"{lang}/{PAGE}", "training-widget", "training", state, whole)
    expect(widget.locator(".widget__line")).to_be_attached(timeout=30_000)
    return widget


def stage(widget) -> str:
    return widget.evaluate("(widget) => widget.client.stage")


def over(tab) -> None:
    """Once the run has ended, well or not."""
    stages = "['over', 'failed'].includes(document.querySelector('training-widget').client.stage)"
    until(tab, stages, seconds=90)


def trained(tab, widget) -> list[dict]:
    """Its points, once a run is over."""
    widget.locator("button", has_text=re.compile("^(Train|训练)$")).first.click()
    over(tab)
    return widget.evaluate("(widget) => widget.client.points")


def test_sixty_steps_of_a_committed_arm_are_those_of_torch(tab, watch):
    points = trained(tab, opened(tab, address()))
    curve = tuple(range(0, 60, 10))
    config = TrainConfig(n_train=512, steps=60, optimizer=Optimizer("sgd", lr=0.2, momentum=0.0), curve=curve)
    figures = train_seeds(config, [0], engine="processes", accelerator="cpu")
    expected = [figures.curves["train_nll"][step][0] for step in curve] + figures["train_nll"]
    assert [point["step"] for point in points] == [*curve, 60]
    assert [point["train"]["nll"] for point in points] == pytest.approx(expected, abs=1e-3)
    right = [figures.curves["train_accuracy"][step][0] for step in curve] + figures["train_accuracy"]
    assert [point["train"]["accuracy"] for point in points] == pytest.approx([100 * one for one in right], abs=0.25)
    assert watch.problems == []


def test_a_published_run_is_drawn_behind_and_the_widget_says_how_far_apart_they_are(tab):
    widget = opened(tab, address(rate=0.02, steps=240, seed=1))
    expect(widget.locator("select")).to_have_value("2")
    assert widget.locator(".curve-trains").get_attribute("d").count("L") == 6
    points = {point["step"]: point["train"]["nll"] for point in trained(tab, widget)}
    result = load_result(PAGE)
    apart = [abs(points[step] - result.of("sgd_0.02", "train_nll", step)[1]) for step in (0, 10, 20, 40, 80, 160)]
    assert max(apart) < 1e-3
    said = "at 7 published steps the training loss is less than 0.001 away"
    expect(widget.locator(".widget__line")).to_contain_text(said)


def test_a_rate_of_a_million_ends_the_run_and_the_page_says_how(tab, watch):
    widget = opened(tab, address(rate=1e6))
    points = trained(tab, widget)
    assert points[-1]["step"] < 60
    assert math.isnan(points[-1]["train"]["nll"])
    expect(widget.locator(".widget__line")).to_contain_text("the loss is not a number")
    widget.get_by_role("button", name="a good rate").click()
    assert stage(widget) == "idle" and trained(tab, widget)[-1]["train"]["nll"] < 1
    assert watch.problems == []


def test_a_run_goes_on_with_what_is_changed_on_the_way(tab):
    widget = opened(tab, address(steps=240))
    widget.get_by_role("button", name="Train", exact=True).click()
    until(tab, "document.querySelector('training-widget').client.step > 5", seconds=60)
    slider = widget.locator("input[data-field=rate]")
    slider.focus()
    tab.keyboard.press("ArrowLeft")
    widget.get_by_text("More settings").click()
    widget.locator("input[data-field=dropout]").focus()
    tab.keyboard.press("End")
    widget.get_by_label("Adam", exact=True).check()
    expect(widget.locator(".widget__line")).to_contain_text("changed on the way")
    over(tab)
    assert widget.evaluate("(widget) => widget.client.step") == 240
    widget.get_by_label("×2").check()  # another network: another run
    assert stage(widget) == "idle"
    count = sum(one.numel() for one in small_cnn(channels=(16, 32), hidden=128).parameters())
    expect(widget.locator(".widget__line")).to_contain_text(f"{count:,} parameters")
    assert widget.locator(".curve-others").get_attribute("d").startswith("M")  # the run before


def test_a_run_is_over_when_its_steps_are_made_fewer_than_it_has_gone(tab):
    widget = opened(tab, address(steps=240))
    widget.get_by_text("More settings").click()
    steps = widget.locator("input[data-field=steps]")
    for paused in (False, True):
        widget.get_by_role("button", name="Train", exact=True).click()
        until(tab, "document.querySelector('training-widget').client.step > 60", seconds=60)
        if paused:
            widget.get_by_role("button", name="Pause").click()
        steps.press("Home")
        until(tab, "document.querySelector('training-widget').client.stage === 'over'", seconds=10)
        assert 60 < widget.evaluate("(widget) => widget.client.step") < 240
        steps.press("ArrowRight")
        steps.press("ArrowRight")
        assert stage(widget) == "paused"  # and goes on where there are more again
        widget.get_by_role("button", name="Go on").click()
        over(tab)
        assert widget.evaluate("(widget) => [widget.client.stage, widget.client.step]") == ["over", 240]


def test_the_run_before_does_not_go_on_while_the_next_one_waits_for_its_images(tab):
    widget, held = opened(tab, address(steps=120)), []
    widget.get_by_role("button", name="Train", exact=True).click()
    until(tab, "document.querySelector('training-widget').client.step > 5", seconds=60)
    tab.route("**/train-1.bin*", lambda route: held.append(route))
    widget.get_by_text("More settings").click()
    widget.get_by_label("1", exact=True).last.check()
    widget.get_by_role("button", name="Train", exact=True).click()
    seen(tab, lambda: held)
    tab.wait_for_timeout(300)  # in which it would have gone on
    held[0].continue_()
    over(tab)
    steps = widget.evaluate("(widget) => widget.client.points.map(({ step }) => step)")
    assert steps == sorted(set(steps)) and (steps[0], steps[-1]) == (0, 120)


def test_a_worker_that_could_not_be_fetched_is_asked_for_again_by_the_next_run(tab):
    asked = []

    def answer(route):
        asked.append(route)
        route.abort() if len(asked) == 1 else route.continue_()

    tab.route("**/training/worker.mjs", answer)
    widget = opened(tab, address())
    widget.get_by_role("button", name="Train", exact=True).click()
    expect(widget.locator(".widget__line")).to_contain_text("could not be fetched (worker.mjs)")
    assert stage(widget) == "failed"
    assert trained(tab, widget)[-1]["step"] == 60


def test_buttons_keep_the_focus_as_a_run_goes(tab):
    widget = opened(tab, address())
    going, anew = widget.locator("button", has_text="Train").first, widget.get_by_role("button", name="Train anew")
    going.focus()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Enter")  # passed over as images come, else the run rests
    until(tab, "document.querySelector('training-widget').client.step > 0", seconds=60)
    focused = "document.activeElement.textContent"
    assert tab.evaluate(focused) in ("Pause", "Go on")
    anew.focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate(focused) == "Train anew"
    over(tab)
    assert tab.evaluate(focused) == "Train"


def test_one_guesses_first_by_keys(tab):
    widget = opened(tab, address(), whole=True)
    widget.get_by_role("button", name="Guess first").click()
    widget.locator(".curve-plot").focus()
    for key in ("ArrowRight", *["ArrowDown"] * 9):
        tab.keyboard.press(key)
    expect(widget.locator(".curve-trains")).to_have_attribute("d", "")  # not even the published one shows
    widget.get_by_role("button", name="Train", exact=True).last.click()
    over(tab)
    expect(widget.locator(".widget__line")).to_contain_text("Your guess is off by")


def test_what_is_copied_makes_the_same_run(tab):
    widget = opened(tab, address(rate=0.04, optimizer="momentum"))
    tab.evaluate("navigator.clipboard.writeText('')")
    widget.get_by_role("button", name="Copy as PyTorch").click()
    until(tab, "navigator.clipboard.readText().then((text) => text.startsWith('from cnnbook'))")
    said = dict(line.split() for line in printed(tab.evaluate("navigator.clipboard.readText()")).splitlines())
    last = trained(tab, widget)[-1]
    assert float(said["train_nll"]) == pytest.approx(last["train"]["nll"], abs=2e-3)


def test_out_of_sight_it_stops(tab):
    widget = opened(tab, address(steps=240), whole=True)
    widget.get_by_role("button", name="Train", exact=True).click()
    until(tab, "document.querySelector('training-widget').client.step > 0", seconds=60)
    tab.evaluate("scrollTo(0, 0)")
    until(tab, "document.querySelector('training-widget').client.stage === 'paused'")
    step = widget.evaluate("(widget) => widget.client.step")
    tab.wait_for_timeout(600)
    assert widget.evaluate("(widget) => widget.client.step") - step <= 20  # what was on its way
    widget.get_by_role("button", name="Go on").click()
    until(tab, f"document.querySelector('training-widget').client.step > {step + 20}", seconds=60)


def test_images_come_when_they_are_asked_for_and_are_light(tab, site, watch):
    widget = opened(tab, address())
    tab.wait_for_timeout(300)
    assert not [name for name in watch.addresses if name.endswith(".bin")]
    assert watch.problems == []
    trained(tab, widget)
    asked = {name.rpartition("/")[2] for name in watch.addresses if "/garments/" in name}
    folder = site.folder / "en/assets/widgets/garments"
    assert not asked or asked == {"test.bin", "train-0.bin"}  # a worker's own are not seen everywhere
    assert sum((folder / name).stat().st_size for name in ("test.bin", "train-0.bin")) <= HEAVIEST
    assert max((folder / f"train-{seed}.bin").stat().st_size for seed in (1, 2)) <= 220_000


def test_an_address_of_nonsense_shows_what_may_be(tab, watch):
    wrong = ("1~999~-4~<img>~NaN~x", "1~1e9", "7~31~3", "<script>alert(1)</script>", "1~31~3~0~0~0~6~0~2~rmsprop~9~77")
    for query in wrong:
        widget = opened(tab, query)
        assert widget.locator("img").count() == 0
        expect(widget.locator(".widget__line")).to_contain_text("52,266 parameters")
    assert watch.problems == []


def test_the_language_switch_keeps_the_settings(tab, site):
    widget = opened(tab, lang="zh", whole=True)
    widget.locator("input[data-field=rate]").focus()
    tab.keyboard.press("ArrowRight")
    until(tab, "location.search.includes('training=')")
    tab.locator(".book-language").click()
    tab.wait_for_url(f"{site.root}en/{PAGE}/?training=**")
    tab.locator("training-widget").scroll_into_view_if_needed()
    expect(tab.locator("training-widget output").first).to_have_text("0.3")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_javascript_a_picture_shows(browser, site, lang):
    with unscripted(browser, f"{site.root}{lang}/{PAGE}/") as tab:
        assert tab.locator("training-widget svg.book-chart").is_visible()


PAGES = (
    *(PAGE, "parameters/batch_size", "parameters/epochs", "parameters/weight_decay", "parameters/recipe"),
    *("generalisation/dropout", "generalisation/architecture"),
)
KEPT = """async (widget) => {
  const home = new URL("../../assets/widgets/training/", location.href);
  const { choiceOf, NAMES, stateOf, STOPS } = await import(new URL("settings.mjs", home));
  const back = (choice) => {
    const fields = stateOf(choice);
    return choiceOf(Object.fromEntries(NAMES.map((name, at) => [name, STOPS[name] ? Number(fields[at]) : fields[at]])));
  };
  const given = [...widget.data.arms, ...widget.data.stories].map(({ choice }) => choice);
  return given.filter((choice) => Object.entries(choice).some(([name, value]) => back(choice)[name] !== value));
}"""


@pytest.mark.parametrize("page", PAGES)
def test_every_setting_that_a_page_names_is_one_of_the_widget(tab, watch, page):
    tab.goto(f"en/{page}/")
    widget = tab.locator("training-widget")
    widget.scroll_into_view_if_needed()
    expect(widget.locator(".widget__line")).to_be_attached(timeout=30_000)
    assert widget.evaluate(KEPT) == []
    assert widget.evaluate("({ data }) => Math.min(data.arms.length, data.stories.length)") >= 1
    assert watch.problems == []


def test_a_run_on_wrong_labels_is_diagnosed_as_it_grows(tab):
    tab.goto("en/parameters/recipe/")
    widget = tab.locator("training-widget")
    widget.scroll_into_view_if_needed()
    expect(widget.locator(".widget__line")).to_be_attached(timeout=30_000)
    expect(widget.locator(".training-diagnosis")).to_be_empty()
    trained(tab, widget)
    run = widget.evaluate("({ client }) => client.points")
    curves = [[(one["step"], one[part][name]) for one in run] for part, name in (("train", "nll"), ("test", "nll"))]
    accuracy = [(one["step"], one["test"]["accuracy"] / 100) for one in run]
    found = diagnose(Curves(*curves, accuracy, classes=10))
    expect(widget.locator(".training-diagnosis")).to_contain_text(f"{found.branch}, {found.sure}.")


@pytest.mark.alone
def test_a_painting_of_a_run_costs_the_page_little(tab):
    """The steps are the worker's; what the page's own thread spends, a painting, is no long task."""
    widget = opened(tab, address(steps=240), whole=True)
    widget.evaluate(COUNTED)
    spent = stopwatch(tab, "TaskDuration")
    before = spent()
    trained(tab, widget)
    drawn = widget.evaluate("(widget) => widget.drawn")
    assert drawn >= 5
    assert (spent() - before) / drawn * 1000 < 30


@pytest.mark.alone
def test_while_it_trains_no_task_of_the_page_is_long(browser, tab):
    widget = opened(tab, address(), whole=True)
    trained(tab, widget)  # images have come, code is warm

    def run() -> None:
        widget.evaluate("(widget) => widget.begin()")
        over(tab)

    longest = [longest_task(browser, tab, run) for _ in range(2)]
    assert 0 < min(longest) < LONG, longest


def test_page_and_worker_together_stay_small_while_it_trains(tab):
    widget = opened(tab, address(steps=thorough(240, 60)), whole=True)
    heaps = Heaps(tab)
    widget.locator("input[data-field=width][value='4']").evaluate("(box) => box.click()")  # the widest
    widget.evaluate("(widget) => widget.begin()")
    used = []
    seen(tab, lambda: stage(widget) in ("over", "failed") or used.append(heaps.used()), pause=250)
    assert stage(widget) == "over"
    page, worker = (max(one) / 1e6 for one in zip(*used, strict=True))
    assert len(used) > 3 and worker > 1
    assert page + worker < MEMORY, (page, worker)


def test_pages_without_it_fetch_none_of_it(tab, watch):
    visit(tab, "en/glossary/")
    assert not [name for name in watch.addresses if "/training" in name]
    assert (ROOT / "docs/assets/widgets/training-widget.mjs").is_file()
