"""<ask-text> in a Chromium: it answers key by key what the command answers, and says what it cannot."""

import re

import pytest
from playwright.sync_api import expect

from cnnbook.cli.predict_text import LONGEST, answer
from manuscript import LANGUAGES
from reader import until
from test_browser import AXE, WIDE
from widgets import darkened, near, stopwatch, unscripted

pytestmark = pytest.mark.browser

PAGE = "domains/text"
FIRST = {"zh": "屏幕很好，就是太贵", "en": "Not bad at all."}
NAMES = {"zh": {"praise": "褒", "complaint": "贬"}, "en": {"praise": "praise", "complaint": "complaint"}}
ROWS = """(widget) => [...widget.querySelectorAll(".asked-shares b")].map((one) => one.textContent)"""
KEYS = """async (widget, texts) => {  // with what the page lays out for each
  for (const text of texts) {
    widget.typing.value = text;
    widget.typing.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(done));
  }
}"""
SAID = """(widget) => {  // how often the voice speaks from now on
  window.said = [];
  const box = widget.voice.box;
  new MutationObserver(() => window.said.push(box.textContent)).observe(box, { childList: true, characterData: true });
}"""
GRAVE = "async () => await graveIn(document.querySelector('ask-text'), {})"


def opened(tab, lang="en", state="", whole=False):
    widget = near(tab, f"{lang}/{PAGE}", "ask-text", "ask-text", state, whole)
    expect(widget.locator("textarea")).to_be_attached(timeout=30_000)
    return widget


def hundredths(text: str) -> int:
    return round(100 * float(text.replace("−", "-")))


def answered(widget, text: str, lang: str, network: str | None = None) -> None:
    """The figure says of this text what the command says, and its sum adds up."""
    found = answer(text, network)
    expect(widget.locator(".asked-answer")).to_have_text(f"{NAMES[lang][found.answer]} {found.probability:.1%}")
    *parts, total = map(hundredths, widget.evaluate(ROWS))
    assert sum(parts) == total == pytest.approx(100 * (sum(found.shares.values()) + found.bias), abs=0.6)
    first, share = next(iter(found.shares.items()))
    expect(widget.locator(".asked-gram").first).to_have_text(first)
    assert parts[0] == pytest.approx(100 * share, abs=0.6)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_begins_with_the_sentence_of_the_page(tab, watch, lang):
    widget = opened(tab, lang)
    expect(widget.locator("textarea")).to_have_value(FIRST[lang])
    answered(widget, FIRST[lang], lang)
    expect(widget.locator("button[data-example]").first).to_be_visible()
    assert not [name for name in watch.addresses if f"text-{'en' if lang == 'zh' else 'zh'}" in name]  # not needed yet
    assert watch.problems == []


def test_each_key_changes_the_answer(tab, watch):
    widget = opened(tab, whole=True)
    answered(widget, FIRST["en"], "en")
    box = widget.locator("textarea")
    box.fill("")
    expect(widget.locator(".widget__line")).to_contain_text("as soon as you write")
    text = ""
    for key in "no bad":
        box.press(key)
        text += key
        if text.strip():
            answered(widget, text, "en")
    box.press("Home")
    box.press("t")
    answered(widget, "tno bad", "en")
    expect(widget.locator(".widget__line")).to_contain_text("of which it does not know 1")
    box.fill("这家店的服务很好")
    answered(widget, "这家店的服务很好", "en")  # the other network, fetched for it
    expect(widget.locator(".widget__line")).to_contain_text("Chinese network")
    assert watch.problems == []


def test_an_n_gram_that_is_pressed_is_marked_in_the_sentence(tab):
    widget = opened(tab)
    gram = widget.get_by_role("button", name="not bad", exact=True)
    gram.press("Enter")
    expect(gram).to_be_focused()
    expect(gram).to_have_attribute("aria-pressed", "true")
    expect(widget.locator(".asked-here")).to_have_text(["not", "bad"])
    gram.press("Enter")
    expect(widget.locator(".asked-here")).to_have_count(0)


def test_the_table_has_every_share(tab):
    widget = opened(tab)
    answered(widget, FIRST["en"], "en")
    widget.locator("summary").click()
    found = answer(FIRST["en"])
    rows = widget.evaluate("(widget) => [...widget.querySelectorAll('tbody tr')].map((row) => row.innerText)")
    assert len(rows) == len(found.shares) + 2 and rows[0] == f"not bad\t−{-found.shares['not bad']:.4f}"


def test_examples_and_networks_are_chosen(tab):
    widget = opened(tab, "zh")
    for button in widget.locator("button[data-example]").all():
        button.click()
        answered(widget, button.text_content(), "zh")
    widget.locator("textarea").fill("xp good")
    answered(widget, "xp good", "zh")
    widget.get_by_text("中文", exact=True).click()
    answered(widget, "xp good", "zh", "zh")
    until(tab, "location.search.includes('zh%7Exp')")


@pytest.mark.parametrize("text", ["It is ~ ok ^1 ^0 & <b>good</b> 100%+", "不错～ “好”", "a\nb good"])
def test_the_address_keeps_a_sentence_also_in_the_other_language(tab, site, text):
    widget = opened(tab, "zh", whole=True)
    widget.locator("textarea").fill(text)
    answered(widget, text, "zh")
    until(tab, "location.search.includes('ask-text=')")
    tab.locator(".book-language").click()
    tab.wait_for_url(f"{site.root}en/{PAGE}/?ask-text=**")
    widget = tab.locator("ask-text")
    widget.scroll_into_view_if_needed()
    expect(widget.locator("textarea")).to_have_value(text)
    answered(widget, text, "en")


def test_a_long_text_is_not_in_the_address_and_stays(tab):
    widget = opened(tab)
    text = "A touching story. " * 20
    widget.locator("textarea").fill(text)
    answered(widget, text, "en")
    tab.wait_for_timeout(400)
    assert "ask-text" not in tab.evaluate("location.search")
    tab.evaluate("location.hash = '#traps'")
    tab.go_back()
    tab.wait_for_timeout(400)
    expect(widget.locator("textarea")).to_have_value(text)


def test_reset_takes_a_long_text_away(tab):
    widget = opened(tab)
    widget.locator("textarea").fill("A touching story. " * 20)
    widget.get_by_role("button", name="Reset").click()
    expect(widget.locator("textarea")).to_have_value(FIRST["en"])
    answered(widget, FIRST["en"], "en")


def test_what_it_cannot_answer_it_says(tab, watch):
    widget = opened(tab)
    line, box = widget.locator(".widget__line"), widget.locator("textarea")
    for text, said in (
        ("", "as soon as you write"),
        (" \n\t\u200b\u3000", "as soon as you write"),
        ("😀🎉 👍🏽", "none of these tokens (English network)"),
        ("很 " * 6_000 + "好 " * 4_001, f"at most {LONGEST:,} tokens, as on the command line, and this has 10,001"),
        (
            "so bad " * 14_286,
            f"at most {LONGEST:,} tokens, as on the command line, and this has 28,572",
        ),  # 100,000 characters
        ("x" * 100_000, "none of these tokens"),
    ):
        box.fill(text)
        expect(line).to_contain_text(said)
        expect(widget.locator(".asked-answer")).to_be_empty()
        assert box.input_value() == text  # nothing is lost
    box.fill("so bad " * 5_000)
    answered(widget, "so bad " * 5_000, "en")
    assert widget.evaluate("(widget) => widget.querySelectorAll('*').length") < 400
    assert watch.problems == []


def test_a_network_that_does_not_come_is_asked_for_again(tab):
    widget = opened(tab)
    answered(widget, FIRST["en"], "en")
    tab.route("**/weights/text-zh.bin", lambda route: route.fulfill(status=503))
    widget.locator("textarea").fill("很好")
    expect(widget.locator(".widget__line")).to_contain_text("could not be fetched (503)")
    tab.unroute("**/weights/text-zh.bin")
    widget.locator("textarea").press("End")
    widget.locator("textarea").press("!")
    answered(widget, "很好!", "en")


def test_an_address_of_nonsense_shows_what_may_be(tab, watch):
    for state in ("1~fr~<img src=x onerror=alert(1)>", "2~zh", "1", f"1~auto~{'x' * 300}", "1~~~~~", "1~auto~^9^"):
        widget = opened(tab, state=state)
        expect(widget.locator("textarea")).to_be_visible()
        assert widget.locator("img").count() == 0
        expect(widget.locator("input[value=auto]")).to_be_checked()
    assert watch.problems == []


def test_what_is_written_leaves_nowhere(tab, watch):
    widget = opened(tab)
    answered(widget, FIRST["en"], "en")
    watch.start()
    for text in ("secret good", "秘密很好"):
        widget.locator("textarea").fill(text)
        answered(widget, text, "en")
    asked = {name.rpartition("/")[2] for name in watch.addresses}
    assert asked == {"text-zh.bin", "text-zh.words.bin"}
    expect(widget).to_contain_text("does not leave this machine")


def test_the_voice_speaks_when_the_hand_rests(tab):
    widget = opened(tab)
    answered(widget, FIRST["en"], "en")
    tab.wait_for_timeout(700)
    widget.evaluate(SAID)
    widget.locator("textarea").press_sequentially(" Very good.", delay=20)
    until(tab, "window.said.length > 0")
    tab.wait_for_timeout(700)
    said = tab.evaluate("window.said")
    assert len(said) == 1 and re.fullmatch(r"complaint \d+\.\d%. “not bad” weighs most: −\d\.\d\d\.", said[0]), said


def test_it_is_fit_to_be_read_and_used(tab, watch):
    widget = opened(tab, "zh")
    tab.evaluate(AXE)
    for width in (1280, 375):
        tab.set_viewport_size({"width": width, "height": 812})
        widget.locator("textarea").fill("这部电影 " + "unbelievablylongword" * 8 + " 很好看，不贵😀")
        widget.get_by_role("button", name="很好", exact=True).click()
        assert tab.evaluate(WIDE) == []
    found = tab.evaluate(GRAVE)
    darkened(tab)
    assert found + tab.evaluate(GRAVE) == []
    for box in widget.locator("button:visible, textarea").all():
        assert box.bounding_box()["height"] >= 24  # pixels, for a finger
    tab.emulate_media(media="print", color_scheme="light")
    assert widget.locator("textarea:visible, .widget__controls:visible").count() == 0
    assert widget.locator(".asked-sentence").is_visible() and widget.locator(".asked-shares").is_visible()
    assert watch.problems == []


CONTRAST = """(tokens) => {  // of each, as it is painted: its letters on its colour on the page's
  const board = document.createElement("canvas").getContext("2d");
  const pixel = (...colours) => {
    for (const colour of colours) {
      board.fillStyle = colour;
      board.fillRect(0, 0, 1, 1);
    }
    return [...board.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => rgb.map((one) => one / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0.05);
  const page = getComputedStyle(document.body).backgroundColor;
  return tokens.map((token) => {
    const { color, backgroundColor } = getComputedStyle(token),
      both = [light(pixel(page, color)), light(pixel(page, backgroundColor))];
    return Math.max(...both) / Math.min(...both);
  });
}"""


@pytest.mark.parametrize("dark", [False, True])
def test_words_of_full_weight_can_be_read_in_both_schemes(tab, dark):
    widget = opened(tab)
    tokens = widget.locator(".asked-praise.asked-key, .asked-complaint.asked-key")
    expect(tokens).to_have_count(2)
    if dark:
        darkened(tab)
    tokens.evaluate_all("(all) => all.forEach((token) => token.style.setProperty('--depth', '55%'))")
    assert min(tokens.evaluate_all(CONTRAST)) >= 4.5


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_javascript_a_picture_shows(browser, site, lang):
    with unscripted(browser, f"{site.root}{lang}/{PAGE}/") as tab:
        picture = tab.locator("ask-text svg")
        found = answer(FIRST[lang])
        expect(picture).to_contain_text(f"{NAMES[lang][found.answer]} {found.probability:.1%}")
        assert picture.is_visible()


@pytest.mark.alone
@pytest.mark.parametrize(("words", "most"), [(5, 30), (1_000, 30), (9_000, 60)])
def test_a_key_costs_at_most_thirty_milliseconds(tab, words, most):
    """Of the page's own thread, with style, layout and paint; twice as much of the longest text that there may be."""
    widget = opened(tab, whole=True)
    answered(widget, FIRST["en"], "en")
    text = " ".join(["a touching story that is not bad"] * (words // 7 + 1))
    texts, spent, costs = [text + "!" * count for count in range(12)], stopwatch(tab, "TaskDuration"), []
    for _ in range(4):
        before = spent()
        widget.evaluate(KEYS, texts)
        costs.append((spent() - before) / len(texts) * 1000)
    assert min(costs) <= most, costs
