"""<curve-explorer> in a Chromium: its numbers are those of the result file; mouse, keyboard, address, guess, speed."""

import gzip
import json
import re
from statistics import median

import pytest
from playwright.sync_api import expect

from cnnbook.evidence import registry
from cnnbook.evidence.results import load_result
from manuscript import LANGUAGES, ROOT
from reader import until, visit
from widgets import place

pytestmark = pytest.mark.browser

PAGE = "generalisation/batch_size"
ARMS = {"SGD": ("b8_epochs", "b32", "b128_steps"), "Adam": ("adam_b8_epochs", "adam_b32", "adam_b128_steps")}
HEAVIEST = 30 * 1024  # bytes of a figure's data over the wire
TRUE = """(({ key, state, start }) => {  // what the address says of the figure is what it shows
  const said = new URLSearchParams(location.search).get(key);
  return said === (state.join() === start.join() ? null : ["1", ...state].join("~"));
})(document.querySelector("curve-explorer"))"""
TIMES = """() => {
  const box = document.querySelector("curve-explorer"), slider = box.querySelector("input[type=range]"), times = [];
  for (let move = 0; move < 41; move += 1) {
    slider.value = move % 3;
    const start = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    box.getBoundingClientRect();  // laid out as well
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[20];
}"""


@pytest.fixture
def figure(tab, watch, request):
    """The figure, once its element is there; alone, unless the whole page is wanted."""

    def opened(lang="zh", query="", whole=False):
        visit(tab, place(f"{lang}/{PAGE}", "curve-explorer", whole) + query)
        box = tab.locator("curve-explorer").first
        box.scroll_into_view_if_needed()  # it is fetched when the reader comes near
        expect(box.locator(".curve-plot")).to_be_visible()
        return box

    return opened


def test_nothing_is_said_on_arrival(tab, figure):
    box = figure("en")
    tab.wait_for_timeout(2500)  # longer than what is said waits for more
    assert box.locator("[role=status]").text_content() == ""
    box.locator("input[type=range]").focus()
    tab.keyboard.press("ArrowLeft")
    expect(box.locator("[role=status]")).to_contain_text("8: ")


def rows(box) -> list[list[str]]:
    """The table of the figure, cell by cell."""
    if box.locator("details").get_attribute("open") is None:
        box.locator("summary").click()
    expect(box.locator("tbody tr")).not_to_have_count(0)  # it is made when the box has opened
    cells = "rows => rows.map(row => [...row.children].map(cell => cell.textContent))"
    return box.locator("tbody tr").evaluate_all(cells)


def expected(arm: str, metric: str, digits: int) -> list[list[str]]:
    """The same from the result file."""
    result, config = load_result(PAGE), registry.load(PAGE).arms[arm]
    table = []
    for at in (*sorted(result.curves[arm][f"test_{metric}"]), None):
        test, train = (result.of(arm, f"{part}_{metric}", at) for part in ("test", "train"))
        share = 1 if at is None else at
        test, train = ([float(f"{value:.4g}") for value in values] for values in (test, train))
        numbers = [median(test), median(train), min(test), max(test)]
        one, two, low, high = (f"{value:.{digits}f}" for value in numbers)
        table.append([f"{share * config.total_steps:.4g}", one, two, f"{low} … {high}"])
    return table


def close(shown: list[list[str]], wanted: list[list[str]], digits: int) -> bool:
    """Equal but for the last digit, where JavaScript and Python may round a half differently."""
    numbers = [[float(n) for cell in row for n in cell.split(" … ")] for table in (shown, wanted) for row in table]
    half = len(numbers) // 2
    pairs = zip(numbers[:half], numbers[half:], strict=True)
    return all(abs(a - b) < 1.01 * 10**-digits for one, two in pairs for a, b in zip(one, two, strict=True))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_numbers_are_those_of_the_result_file(figure, lang):
    box = figure(lang)
    slider = box.locator("input[type=range]")
    for optimiser, arms in ARMS.items():
        box.locator("label", has_text=optimiser).click()
        slider.focus()
        slider.press("Home")
        for arm in arms:
            for metric, at, digits in (("nll", 0, 3), ("accuracy", 1, 1)):
                box.locator("[data-field=metric]").nth(at).check()
                shown, wanted = rows(box), expected(arm, metric, digits)
                assert len(shown) == len(wanted) == 11 and close(shown, wanted, digits), (arm, metric)
            slider.focus()
            slider.press("ArrowRight")
    assert box.locator("output").text_content() == "128"


def test_equal_steps_and_equal_epochs_cut_the_same_runs_at_other_places(figure):
    box = figure("en")
    first = "const d = document.querySelector('.curve-test').getAttribute('d'); return d.split(/[ML]/).length - 1"
    counts = {}
    for axis in ("steps", "epochs"):
        box.locator(f"input[value={axis}]").check()
        for arm, at in (("b8", "0"), ("b128", "2")):
            box.locator("input[type=range]").fill(at)
            counts[arm, axis] = box.evaluate(f"() => {{ {first} }}")
    assert counts == {("b8", "steps"): 7, ("b128", "steps"): 11, ("b8", "epochs"): 11, ("b128", "epochs"): 7}


@pytest.mark.parametrize(("lang", "others"), [("zh", "其他各组的测试曲线"), ("en", "test curves of the other arms")])
def test_the_legend_names_the_curves_that_are_not_the_slider_s(figure, lang, others):
    box = figure(lang)
    assert box.locator(".curve-others").get_attribute("d") and others in box.locator(".widget__legend").inner_text()


def test_the_legend_names_a_guess_and_where_a_seed_diverges_when_they_are_there(figure):
    box = figure("en")
    legend = box.locator(".widget__legend")
    assert "your guess" not in legend.inner_text() and "✕" not in legend.inner_text()
    box.locator("button[aria-pressed]").click()
    assert legend.inner_text().split() == ["your", "guess"]  # nothing else is drawn
    box.locator("button[aria-pressed]").click()
    assert "your guess" in legend.inner_text() and "test" in legend.inner_text()


RATE = """(figure, label) => {
  figure.arm = figure.arms.findIndex((arm) => arm.label === label);
  figure.changed();
}"""


@pytest.mark.parametrize(("lang", "words"), [("en", "counts as at its edge"), ("zh", "按图边算")])
def test_a_curve_beyond_the_picture_counts_as_at_its_edge(tab, lang, words):
    """At a rate of 2 the loss goes far beyond what can be drawn, and so beyond what can be guessed."""
    visit(tab, f"{lang}/parameters/learning_rate/")
    box = tab.locator("curve-explorer").first
    box.scroll_into_view_if_needed()
    expect(box.locator(".curve-plot")).to_be_visible()
    box.evaluate(RATE, "2")
    top, worst = box.evaluate("({ plot, curve }) => [plot.ends[1], Math.max(...curve.test)]")
    assert worst > top
    assert box.locator(".curve-broken text").count() == 0 or "✕" in box.locator(".widget__legend").inner_text()
    guess = box.locator("button[aria-pressed]")
    guess.click()
    guess.click()
    said = box.locator(".widget__line").inner_text()
    assert words in said and float(re.search(r"\d+\.\d+", said)[0]) <= top


def test_a_guess_is_drawn_before_the_curve_shows_and_then_measured(figure, tab):
    box = figure("en")
    curve = "() => document.querySelector('.curve-test').getAttribute('d')"
    guess = box.locator("button[aria-pressed]")
    guess.click()
    assert box.evaluate(curve) == "" and box.locator("tbody").count() == 0
    plot = box.locator(".curve-plot")
    plot.focus()
    before = box.locator(".curve-guess").get_attribute("d")
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        plot.press(key)
    assert box.locator(".curve-guess").get_attribute("d") != before
    area = plot.bounding_box()
    tab.mouse.move(area["x"] + 100, area["y"] + 60)
    tab.mouse.down()
    tab.mouse.move(area["x"] + area["width"] - 20, area["y"] + 250, steps=12)
    tab.mouse.up()
    drawn = [float(pair.split(" ")[1]) for pair in re.split("[ML]", box.locator(".curve-guess").get_attribute("d"))[1:]]
    assert drawn[-1] == pytest.approx(250, abs=12)
    guess.click()
    assert box.evaluate(curve) != "" and re.search(
        r"off by \d\.\d+\snats on average", box.locator(".widget__line").inner_text()
    )


def test_a_guess_starts_where_the_curve_does_and_is_left_by_escape_or_by_another_setting(figure):
    box = figure("en")
    button, plot = box.locator("button[aria-pressed]"), box.locator(".curve-plot")
    lines = {name: box.locator(f".curve-{name}") for name in ("guess", "test")}
    button.click()
    plot.press("Escape")
    expect(button).to_have_text("Guess first")
    assert lines["guess"].get_attribute("d") == "" != lines["test"].get_attribute("d")
    button.click()
    box.locator("label", has_text="accuracy").click()  # another axis
    button.click()
    first = {name: re.match(r"M[^ML]*", line.get_attribute("d"))[0] for name, line in lines.items()}
    assert first["guess"] == first["test"]
    box.locator("input[type=range]").fill("2")
    expect(button).to_have_text("Guess first")
    assert lines["guess"].get_attribute("d") == "" != lines["test"].get_attribute("d")


def test_the_choice_is_in_the_address_follows_the_language_and_survives_nonsense(figure, tab, site, watch):
    box = figure("zh", whole=True)
    box.locator("input[type=range]").fill("2")
    box.locator("label", has_text="Adam").click()
    key = "curves-curves=1%7E1%7E2%7Enll%7Esteps%7Eseeds"
    until(tab, "(key) => location.search.includes(key)", key)
    tab.locator(".book-language").click()
    tab.wait_for_url(f"{site.root}en/{PAGE}/?{key}**")
    tab.locator("curve-explorer").first.scroll_into_view_if_needed()
    expect(tab.locator("curve-explorer output").first).to_have_text("128")
    for query in ("1~9~-4~<img>~NaN~x", "1~1e9~2~nll", "7~1~2~nll~steps~seeds", "%3Cscript%3Ealert(1)%3C/script%3E"):
        box = figure("en", f"?curves-curves={query}")
        assert box.locator("output").text_content() in ("32", "128") and box.locator("img").count() == 0
        until(tab, TRUE)
    assert watch.problems == []


@pytest.mark.alone
def test_a_move_repaints_within_a_frame(figure):
    assert figure("zh", whole=True).evaluate(TIMES) < 16


def test_the_data_of_every_figure_are_light(site):
    found = {}
    for path in site.folder.rglob("index.html"):
        for data in re.findall(
            r'<curve-explorer [^>]*><script type="application/json">(.*?)</script>', path.read_text("utf-8")
        ):
            found[path.parent.relative_to(site.folder).as_posix()] = len(gzip.compress(data.encode()))
            assert json.loads(data)["series"]
    topics = {name.partition("/")[2] for name in found}
    assert topics >= {PAGE, "parameters/learning_rate", "parameters/epochs"} and len(found) == 2 * len(topics)
    assert max(found.values()) < HEAVIEST, found


def test_without_javascript_a_picture_shows(browser, site):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{site.root}zh/{PAGE}/")
    assert tab.locator("curve-explorer svg.book-chart").is_visible()
    context.close()


def test_pages_without_a_figure_fetch_none_of_its_code(tab, watch):
    visit(tab, "en/glossary/")
    assert not [address for address in watch.addresses if "/widgets/" in address]
    assert (ROOT / "docs/assets/widgets/curve-explorer.mjs").is_file()
