"""Questions in a Chromium: wrong, wrong as people are, right; by keyboard, on paper, and without JavaScript."""

import gzip

import pytest
from playwright.sync_api import expect

from manuscript import LANGUAGES
from reader import until, visit
from test_browser import AXE, STRUCTURE, faint

pytestmark = pytest.mark.browser

MORE = 4 * 1024  # bytes that questions and the path may add to the scripts of a text page, compressed
ASKED = """performance.getEntriesByType("resource")
  .map(({ name }) => /assets\\/book\\/([\\w-]+)\\.mjs$/.exec(name)?.[1]).filter(Boolean)"""  # modules of the book
WORDS = {
    "zh": {"wrong": "还不对，再想想。", "slip": "这是步长 3 的边长", "right": "对。", "blank": "请填一个数"},
    "en": {"wrong": "Not yet.", "slip": "That is at stride 3", "right": "Right.", "blank": "Type a number"},
}


@pytest.fixture
def tab(tab, site):
    """A page of a reader who has answered nothing yet; what is answered in it would be remembered."""
    session = tab.context.new_cdp_session(tab)
    kept = {"origin": site.root.rstrip("/"), "storageTypes": "local_storage"}
    session.send("Storage.clearDataForOrigin", kept)
    yield tab
    session.send("Storage.clearDataForOrigin", kept)
    session.detach()


def asked(tab, name: str, lang: str = "en"):
    visit(tab, f"{lang}/convolution/{name.split('-')[0]}/")
    one = tab.locator(f"#{name} book-question")
    expect(one).to_have_attribute("data-ready", "")
    one.scroll_into_view_if_needed()
    return one


def answered(tab) -> dict:
    return tab.evaluate("JSON.parse(localStorage.getItem('cnnbook.path.1') ?? '{}').answered ?? {}")


def test_a_board_that_is_gone_is_not_painted_again(tab):
    one = asked(tab, "transposed-q1")
    painted = """(one) => {
      let count = 0;
      const { fillRect } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.fillRect = function (...box) {
        if (this.canvas.closest("book-question") === one) count += 1;
        return fillRect.apply(this, box);
      };
      const turned = () => new Promise((done) => {
        count = 0;
        document.body.dataset.mdColorScheme = document.body.dataset.mdColorScheme === "slate" ? "default" : "slate";
        setTimeout(() => done(count), 100);
      });
      return (async () => {
        const [here, next] = [await turned(), one.nextSibling], parent = one.parentNode;
        one.remove();
        const gone = await turned();
        parent.insertBefore(one, next);
        return [here, gone, await turned()].map(Boolean);
      })();
    }"""
    assert one.evaluate(painted) == [True, False, True]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_number_is_wrong_then_wrong_as_people_are_then_right(tab, lang):
    one, words = asked(tab, "transposed-q2", lang), WORDS[lang]
    said, answer = one.locator("output"), one.locator("details")
    one.locator("input").focus()
    tab.keyboard.press("Enter")
    expect(said).to_contain_text(words["blank"])
    for typed, says in (("5", "wrong"), ("７", "slip")):  # a full-width 7, as a Chinese keyboard types it
        one.locator("input").fill(typed)
        tab.keyboard.press("Enter")
        expect(said).to_contain_text(words[says])
        expect(answer).not_to_have_attribute("open", "")
    one.locator("input").fill("6")
    tab.keyboard.press("Enter")
    expect(said).to_have_text(words["right"])
    expect(answer).to_have_attribute("open", "")
    expect(one.locator(".book-question__done")).to_be_visible()
    assert answered(tab) == {"transposed-q2": "later"}


def test_a_choice_by_the_arrow_keys_is_right_the_first_time(tab):
    one = asked(tab, "transposed-q3")
    one.locator("input").first.focus()
    for key in ("ArrowDown", "Enter"):
        tab.keyboard.press(key)
    expect(one.locator("output")).to_have_text("Right.")
    assert answered(tab) == {"transposed-q3": "first"}


def test_an_answer_that_was_looked_up_is_not_right_the_first_time(tab):
    one = asked(tab, "transposed-q3")
    one.locator("summary").click()
    one.locator("label", has_text="9 or 10").click()
    one.get_by_role("button", name="Check").click()
    expect(one.locator("output")).to_have_text("Right.")
    assert answered(tab) == {"transposed-q3": "later"}


def test_cells_are_painted_by_keyboard_and_by_mouse(tab):
    one = asked(tab, "upsampling-q3")
    board, said = one.locator("canvas"), one.locator("output")
    board.focus()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(said).to_have_text("Paint some cells first.")
    board.focus()
    for key in ("Space", "ArrowRight", "ArrowRight", "Space"):
        tab.keyboard.press(key)
    spoken = one.locator("[aria-live]")
    expect(spoken).to_have_text("Row 1, column 3, 2, painted")
    one.get_by_role("button", name="Check").click()
    expect(said).to_contain_text("Not yet.")
    size = board.evaluate("(box) => box.clientWidth") / 8
    for cell in (4, 6):
        board.click(position={"x": size * (cell + 0.5), "y": size / 2})
    one.get_by_role("button", name="Check").click()
    expect(said).to_contain_text("repeat would put equal kernels here")
    one.get_by_role("button", name="Clear all").click()
    for cell in range(4):
        board.click(position={"x": size * (cell + 0.5), "y": size / 2})
    one.get_by_role("button", name="Check").click()
    expect(said).to_have_text("Right.")
    assert answered(tab) == {"upsampling-q3": "later"}


def test_what_is_said_is_said_once(tab):
    one = asked(tab, "transposed-q2")
    assert one.locator("output").evaluate("(box) => box.getAttribute('role') ?? box.tagName") == "OUTPUT"  # polite
    tab.evaluate("""() => { window.said = 0;
      new MutationObserver(() => { said += 1; }).observe(document.querySelector("#transposed-q2 output"),
        { childList: true, characterData: true, subtree: true }); }""")
    one.locator("input").fill("7")
    tab.keyboard.press("Enter")
    expect(one.locator("output")).not_to_be_empty()
    tab.wait_for_timeout(200)
    assert tab.evaluate("said") == 1


@pytest.mark.parametrize(
    "typed, number",
    [("6", 6), ("６", 6), (" 6.0 ", 6), ("−0.5", -0.5), ("-1/2", -0.5), ("1,000", 1000), ("0,5", 0.5), ("six", None),
     ("6/", None)],
)  # fmt: skip
def test_numbers_are_read_as_people_type_them(tab, site, typed, number):
    tab.goto("en/glossary/")
    read = "(typed) => import('/en/assets/book/questions.mjs').then(({ parsed }) => parsed(typed))"
    found = tab.evaluate(read, typed)
    assert (None if found != found else found) == number


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_javascript_the_answer_is_folded_and_can_be_read(browser, site, lang):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{site.root}{lang}/convolution/transposed/")
    for name in ("transposed-q1", "transposed-q2", "transposed-q3"):
        one = tab.locator(f"#{name}")
        assert one.locator(f"#{name}-prompt").is_visible() and not one.get_by_role("button").count()
        answer = one.locator("details > div")
        assert answer.is_hidden()
        one.locator("summary").click()
        assert answer.is_visible()
    assert (
        tab.locator("#transposed-q3 label").first.is_visible()
        and tab.locator("#transposed-q3 input").first.is_disabled()
    )
    assert "6" in tab.locator("#transposed-q2 details > div").inner_text()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_question_is_fit_for_all_readers(tab, scheme):
    tab.emulate_media(color_scheme=scheme)
    for name, typed in (("transposed-q2", "7"), ("transposed-q2", "6"), ("transposed-q1", None)):
        one = asked(tab, name)
        if typed:
            one.locator("input").fill(typed)
            tab.keyboard.press("Enter")
            expect(one.locator("output")).not_to_be_empty()
    tab.evaluate(AXE)
    assert tab.evaluate(STRUCTURE) == [] and faint(tab) == []


def test_on_paper_and_in_forced_colours(tab):
    one = asked(tab, "transposed-q2")
    one.locator("input").fill("6")
    tab.keyboard.press("Enter")
    expect(one.locator("details > div")).to_be_visible()
    tab.emulate_media(forced_colors="active")
    for part in ("input", "button"):
        assert one.locator(part).first.evaluate("(box) => getComputedStyle(box).borderTopStyle") == "solid"
    tab.emulate_media(media="print", forced_colors="none")
    assert one.locator("#transposed-q2-prompt").is_visible()
    for part in ("details", "output", "button"):
        assert one.locator(part).first.is_hidden()


@pytest.mark.parametrize("width", [320, 375])
def test_a_board_fits_a_phone(tab, width):
    tab.set_viewport_size({"width": width, "height": 800})
    board = asked(tab, "checkerboard-q3").locator("canvas")
    expect(board).to_be_visible()
    assert board.evaluate("(box) => box.getBoundingClientRect().right <= document.documentElement.clientWidth")


def test_a_page_asks_for_what_it_has_and_the_scripts_stay_small(site, tab):
    for page, modules in (
        ("running", {"path"}),
        ("parameters/recipe", {"path", "questions"}),
        ("convolution/porting", {"path", "questions", "question-board"}),
        ("map", {"path", "path-pages"}),
    ):
        visit(tab, f"en/{page}/")
        until(tab, f"({ASKED}).length >= {len(modules)}")
        assert set(tab.evaluate(ASKED)) == modules
    own = [(site.folder / f"en/assets/book/{name}.mjs").read_bytes() for name in ("path", "questions")]
    assert 500 < len(gzip.compress(b"".join(own), 9)) <= MORE
