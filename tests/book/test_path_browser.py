"""The reader's path in a Chromium: what is read, answered, checked and ticked, and that the browser alone knows it."""

import json

import pytest
from playwright.sync_api import expect

from cnnbook.exercises.receipt import receipt
from manuscript import LANGUAGES
from reader import until, visit

pytestmark = pytest.mark.browser

KEY = "cnnbook.path.1"
CLOSED = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { configurable: true, get() { throw new DOMException("no", "SecurityError"); } });
"""


@pytest.fixture
def window(browser, site):
    """A reader's own browser, which has kept nothing yet."""
    context = browser.new_context(locale="en-US", reduced_motion="reduce", base_url=site.root)
    context.set_default_timeout(60_000)
    yield context
    context.close()


@pytest.fixture
def tab(window):
    return window.new_page()


def kept(tab) -> dict:
    return json.loads(tab.evaluate(f"localStorage.getItem('{KEY}')") or "{}")


def at(tab, address: str):
    visit(tab, address)
    return tab.locator("book-path")


def read(tab, page: str):
    at(tab, page)
    tab.evaluate("document.querySelector('.md-content__inner').lastElementChild.scrollIntoView()")
    until(tab, f"localStorage.getItem('{KEY}')?.includes('{page[3:]}')")


def keep(tab, **kinds):
    """As if the reader had come so far."""
    at(tab, "en/glossary/")
    tab.evaluate(f"(all) => localStorage.setItem('{KEY}', JSON.stringify(all))", kinds)


def test_a_page_is_read_when_its_end_was_in_view(tab):
    at(tab, "en/convolution/standard/")
    tab.wait_for_timeout(300)
    assert kept(tab) == {}
    read(tab, "en/convolution/standard/")
    assert kept(tab)["read"] == {"convolution/standard/": True}
    at(tab, "en/contents/")
    mark = tab.locator(".book-toc a[href$='standard/'] + .book-mark")
    expect(mark).to_have_text("✓ read")
    assert tab.locator(".book-mark").count() == 1


def test_a_page_that_is_swapped_in_is_followed_and_its_questions_work(tab, site):
    at(tab, "en/contents/")
    tab.evaluate("window.before = true")
    tab.locator(".book-toc a[href$='transposed/']").first.click()
    tab.wait_for_url(f"{site.root}en/convolution/transposed/")
    one = tab.locator("#transposed-q2")
    expect(one.locator("book-question")).to_have_attribute("data-ready", "")
    one.locator("input").fill("6")
    tab.keyboard.press("Enter")
    tab.evaluate("document.querySelector('.md-content__inner').lastElementChild.scrollIntoView()")
    until(tab, f"localStorage.getItem('{KEY}')?.includes('transposed/')")
    assert kept(tab)["answered"] == {"transposed-q2": "first"} and tab.evaluate("window.before")
    tab.go_back()
    expect(tab.locator(".book-mark")).to_have_text(["✓ read · 1 of 4 questions"])


@pytest.mark.parametrize("lang, says", [("en", "✓ read · 2 of 4 questions"), ("zh", "✓ 读过 · 答对 2/4 题")])
def test_the_contents_and_the_map_mark_each_section(tab, lang, says):
    answered = {"standard-q1": "first", "standard-q3": "later", "other-q9": "first"}
    keep(tab, read={"convolution/standard/": True}, answered=answered)
    for page in ("contents", "map"):
        at(tab, f"{lang}/{page}/")
        expect(tab.locator(".book-mark")).to_have_text([says])


@pytest.mark.parametrize("lang, says", [("en", "2 of 7 read"), ("zh", "读过 2/7")])
def test_the_paths_say_how_far_one_is(tab, lang, says):
    keep(tab, read={"convolution/standard/": True, "domains/similarities/": True, "no/such/": True})
    at(tab, f"{lang}/before/")
    marks = tab.locator("#paths ~ p .book-mark")
    expect(marks.first).to_have_text(says)
    assert tab.locator("#paths ~ ol .book-mark").count() == 2
    assert tab.locator("#paths ~ div table .book-mark, #paths ~ table .book-mark").count() == 0
    assert marks.count() == 3  # one hour, one day with its link: 5.14


def test_ticks_are_kept_and_follow_the_language(tab):
    at(tab, "en/map/")
    tab.get_by_label("I can say where convolution rotates its kernel").check()
    assert kept(tab)["ticked"] == {"convolution/standard/#2": True}
    at(tab, "zh/map/")
    boxes = tab.locator("li > label > input")
    expect(boxes.nth(1)).to_be_checked()
    assert boxes.evaluate_all("(all) => all.filter((box) => box.checked).length") == 1
    boxes.nth(1).uncheck()
    assert kept(tab)["ticked"] == {}


@pytest.mark.parametrize("lang, added, bad", [("en", "Added: ", "does not fit"), ("zh", "记下了：", "这一行不对")])
def test_a_line_of_cnnbook_check_is_taken_and_a_slip_is_not(tab, lang, added, bad):
    panel = at(tab, f"{lang}/map/")
    lines, said, done = panel.locator("textarea"), panel.locator("output"), panel.locator(".book-path__done")
    line = receipt("transposed-1")
    slip = line[:-1] + str((int(line[-1]) + 1) % 10)
    for pasted, says in (("", line), (slip, bad), (f"{line}\n{receipt('standard-2')}\n", added)):
        lines.fill(pasted)
        panel.locator("button[type=submit]").click()
        expect(said).to_contain_text(says)
    expect(done).to_contain_text("standard-2")
    assert kept(tab)["checked"] == {"transposed-1": True, "standard-2": True}
    at(tab, f"{lang}/map/")
    expect(done).to_contain_text("transposed-1")


@pytest.mark.parametrize("name", ["transposed-1", "batch_size-1", "larger_batch-12", "x-1"])
def test_the_page_and_the_package_work_out_the_same_digits(tab, name):
    tab.goto("en/glossary/")
    digits = tab.evaluate("(name) => import('/en/assets/book/path.mjs').then(({ digits }) => digits(name))", name)
    assert receipt(name) == f"cnnbook:{name}:{digits}"


def test_it_is_taken_along_and_erased_and_brought_back(tab, tmp_path):
    everything = {
        "read": {"domains/text/": True, "map/": True}, "answered": {"standard-q1": "first"},
        "checked": {"standard-1": True}, "ticked": {"domains/text/#1": True},
    }  # fmt: skip
    keep(tab, **everything)
    panel = at(tab, "en/map/")
    with tab.expect_download() as download:
        panel.get_by_role("button", name="Export").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert json.loads(file.read_text("utf-8")) == {"book": "cnnbook", "version": 1, **everything}
    tab.once("dialog", lambda dialog: dialog.dismiss())
    panel.get_by_role("button", name="Erase all").click()
    assert kept(tab) == everything
    tab.once("dialog", lambda dialog: dialog.accept())
    panel.get_by_role("button", name="Erase all").click()
    expect(panel.locator("output")).to_have_text("All is erased.")
    assert (
        not any(any(kept(tab)[kind]) for kind in ("answered", "checked", "ticked"))
        and tab.locator("li > label > input:checked").count() == 0
    )
    panel.locator("input[type=file]").set_input_files(file)
    expect(panel.locator("output")).to_contain_text("Imported")
    assert kept(tab) == everything
    for foreign in ("{}", "no JSON", '{"book": "cnnbook", "version": 9}'):
        (other := tmp_path / "other.json").write_text(foreign, "utf-8")
        panel.locator("input[type=file]").set_input_files(other)
        expect(panel.locator("output")).to_have_text("This is not a file that this book exported.")
    assert kept(tab) == everything


def test_what_is_brought_is_looked_at(tab, tmp_path):
    panel = at(tab, "en/map/")
    strange = {"book": "cnnbook", "version": 1, "read": {"<b>": True, "a/": "<b>", "b/": True}, "more": {"c": True}}
    (file := tmp_path / "strange.json").write_text(json.dumps(strange), "utf-8")
    panel.locator("input[type=file]").set_input_files(file)
    expect(panel.locator("output")).to_contain_text("Imported")
    now = kept(tab)
    now["read"].pop("map/", None)  # whose end may have come into view
    assert now == {"read": {"b/": True}, "answered": {}, "checked": {}, "ticked": {}}


@pytest.mark.parametrize("text", ["{", "[]", "7", "null", '{"read": 3, "answered": ["x"]}'])
def test_a_record_that_is_damaged_is_none(tab, text):
    errors = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    at(tab, "en/glossary/")
    tab.evaluate(f"(text) => localStorage.setItem('{KEY}', text)", text)
    at(tab, "en/map/")
    tab.get_by_label("I can say where convolution rotates its kernel").check()
    assert kept(tab)["ticked"] == {"convolution/standard/#2": True} and errors == []


def test_where_storage_is_closed_all_works_and_nothing_is_kept(window):
    window.add_init_script(CLOSED)
    tab, errors = window.new_page(), []
    tab.on("pageerror", lambda error: errors.append(error.stack))
    at(tab, "en/convolution/transposed/")
    one = tab.locator("#transposed-q2")
    one.locator("input").fill("6")
    tab.keyboard.press("Enter")
    expect(one.locator("output")).to_have_text("Right.")
    expect(one.locator(".book-question__done")).to_be_visible()
    panel = at(tab, "en/map/")
    panel.locator("textarea").fill(receipt("transposed-1"))
    panel.locator("button[type=submit]").click()
    expect(panel.locator("output")).to_contain_text("This browser keeps nothing")
    expect(panel.locator(".book-path__done")).to_contain_text("transposed-1")
    at(tab, "en/map/")
    assert panel.locator(".book-path__done").is_hidden()
    assert errors == []


def test_where_storage_is_closed_the_theme_works_as_well(window):
    """Its script asks storage unguarded, and ended there: no search, no switch of colours, no buttons to copy."""
    window.add_init_script(CLOSED)
    tab = window.new_page()
    at(tab, "en/convolution/transposed/")
    tab.locator("[data-md-component=palette] label:visible").click()
    tab.locator("[data-md-component=palette] label:visible").click()
    expect(tab.locator("body[data-md-color-scheme=slate]")).to_have_count(1)
    tab.locator(".highlight").first.hover()
    expect(tab.locator(".highlight [data-md-type=copy]").first).to_be_visible()
    tab.keyboard.press("/")
    tab.locator(".md-search__input").fill("kernel")
    expect(tab.locator(".md-search-result__item").first).to_be_visible()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_javascript_nothing_of_it_shows(browser, site, lang):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    for page in ("map", "contents", "before"):
        tab.goto(f"{site.root}{lang}/{page}/")
        assert tab.locator("book-path").count() == 1 and tab.locator("book-path").is_hidden()
    context.close()


def test_no_cookie_is_set_and_nothing_is_sent(window, tab):
    sent = []
    tab.on("request", lambda request: sent.append(request.method))
    read(tab, "en/convolution/standard/")
    assert window.cookies() == [] and set(sent) == {"GET"}
