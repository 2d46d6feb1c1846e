"""The claims page in a Chromium: the filter by mouse and by keyboard, its state in the address, and no JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from manuscript import LANGUAGES
from reader import until, visit

pytestmark = pytest.mark.browser

WORDS = {"zh": "显示 {} 条，共 {} 条", "en": "{} of {} shown"}
OTHER = {"zh": "en", "en": "zh"}
ROWS = ".book-rows > li"


def shown(tab) -> list[tuple[str, str]]:
    """The verdict and topic of every claim that can be seen."""
    return tab.evaluate("""() => [...document.querySelectorAll(".book-rows > li")]
      .filter((row) => row.checkVisibility())
      .map((row) => [row.dataset.verdict, row.parentElement.dataset.topic])""")


def open_claims(tab, lang: str, more: str = "") -> int:
    visit(tab, f"{lang}/claims/{more}")
    until(tab, "!!customElements.get('book-filter')")
    expect(tab.locator("book-filter fieldset")).to_be_enabled()
    return tab.locator(ROWS).count()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_verdict_and_a_section_are_chosen(tab, watch, lang):
    total = open_claims(tab, lang)
    assert len(shown(tab)) == total >= 11
    tab.locator("label:has(input[value=refuted])").click()
    left = shown(tab)
    assert 0 < len(left) < total and {verdict for verdict, _ in left} == {"refuted"}
    expect(tab.locator("output")).to_have_text(WORDS[lang].replace("{}", str(len(left)), 1).replace("{}", str(total)))
    tab.locator("select[name=section]").select_option("convolution/transposed")
    left = shown(tab)
    assert left and {tuple(card) for card in left} == {("refuted", "convolution/transposed")}
    assert tab.locator(".book-claims:visible").count() == 1
    assert re.search(r"\?verdict=refuted&section=convolution%2Ftransposed$", tab.url)
    assert tab.locator(".md-nav--secondary a[href$='#convolution-standard']").first.is_hidden()
    assert watch.problems == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_choice_is_in_the_address_and_follows_the_language(tab, site, lang):
    open_claims(tab, lang, "?verdict=holds&section=convolution/standard")
    assert {tuple(card) for card in shown(tab)} == {("holds", "convolution/standard")}
    tab.locator(".book-language").click()
    tab.wait_for_url(f"{site.root}{OTHER[lang]}/claims/?verdict=holds**")
    until(tab, "!!customElements.get('book-filter')")
    expect(tab.locator("book-filter fieldset")).to_be_enabled()
    assert {tuple(card) for card in shown(tab)} == {("holds", "convolution/standard")}


def test_an_address_that_names_no_choice_shows_all(tab, site):
    total = open_claims(tab, "en", "?verdict=maybe&section=<b>&k=5")
    assert len(shown(tab)) == total
    tab.wait_for_url(f"{site.root}en/claims/?k=5")


def test_the_keyboard_chooses_and_one_count_is_said(tab):
    total = open_claims(tab, "en")
    tab.locator("input[name=verdict][value='']").focus()
    tab.evaluate("""() => { window.said = [];
      new MutationObserver(() => said.push(document.querySelector("output").textContent))
        .observe(document.querySelector("output"), { childList: true, characterData: true, subtree: true }); }""")
    for _ in range(2):
        tab.keyboard.press("ArrowRight")
    assert tab.evaluate("document.activeElement.value") == "refuted"
    assert {verdict for verdict, _ in shown(tab)} == {"refuted"}
    until(tab, "said.length > 0")
    tab.wait_for_timeout(600)  # no second
    assert tab.evaluate("said") == [f"{len(shown(tab))} of {total} shown"]
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.name") == "words"
    tab.keyboard.type("deconv")
    expect(tab).to_have_url(re.compile("words=deconv$"))
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.name") == "section"
    tab.keyboard.press("ArrowDown")
    expect(tab).to_have_url(re.compile("section="))


def test_nothing_fits_and_the_way_back(tab):
    total = open_claims(tab, "en")
    empty = tab.evaluate("""() => { const has = (verdict, topic) =>
      document.querySelector(`.book-rows[data-topic="${topic}"] > [data-verdict=${verdict}]`);
      for (const { value: topic } of document.querySelector("[name=section]").options)
        for (const verdict of ["holds", "refuted", "conditional", "holds-in-part", "refuted-in-part", "inconclusive"])
          if (topic && !has(verdict, topic)) return [verdict, topic]; }""")
    tab.locator(f"label:has(input[value={empty[0]}])").click()
    tab.locator("select[name=section]").select_option(empty[1])
    assert shown(tab) == [] and tab.locator(".book-filter__none").is_visible()
    tab.locator("book-filter button").click()
    expect(tab.locator(".book-filter__none")).to_be_hidden()
    assert len(shown(tab)) == total and "?" not in tab.url


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_narrow_the_list(tab, lang):
    total = open_claims(tab, lang)
    tab.locator("input[name=words]").fill("DeConvolution" if lang == "en" else "deconvolution")
    left = shown(tab)
    assert 0 < len(left) < total / 4 and "?words=" in tab.url
    tab.locator("input[name=words]").fill("deconvolution nowhere")
    assert shown(tab) == [] and tab.locator(".book-filter__none").is_visible()
    tab.locator("input[name=words]").fill("")
    assert len(shown(tab)) == total and "?" not in tab.url


def test_an_address_that_names_a_claim_shows_its_card_whatever_the_filter(tab):
    total = open_claims(tab, "en", "?verdict=holds#claim-deconvolution")
    row = tab.locator("#claim-deconvolution")
    expect(row).to_be_in_viewport()
    expect(row.locator(".book-claim dl")).to_be_visible()
    assert len(shown(tab)) == total and "verdict" not in tab.url


def test_a_line_opens_its_card_from_its_own_page_and_closes_it(tab, site, watch):
    open_claims(tab, "en")
    link = tab.locator("#claim-deconvolution > a")
    link.click()
    card = tab.locator("#claim-deconvolution .book-claim")
    expect(card.locator("dl")).to_be_visible()
    assert link.get_attribute("aria-expanded") == "true" and card.get_attribute("id") is None
    asked = {address for address in watch.addresses if "/en/convolution/" in address}
    assert asked == {f"{site.root}en/convolution/transposed/"}
    links = card.locator(".book-claim__links a").evaluate_all("links => links.map((link) => link.href)")
    own = [link.split("#")[0] for link in links if link.startswith(site.root)]
    assert own and all(tab.request.get(one).ok for one in own)
    link.focus()
    tab.keyboard.press("Escape")
    expect(card).to_have_count(0)
    assert watch.problems == []


def test_the_filter_works_after_instant_navigation_and_back(tab, site):
    visit(tab, "en/glossary/")
    tab.evaluate("window.before = true")
    tab.locator(".md-nav a[href$='claims/']").first.click()
    tab.wait_for_url(f"{site.root}en/claims/")
    expect(tab.locator("book-filter fieldset")).to_be_enabled()
    tab.locator("label:has(input[value=conditional])").click()
    left = len(shown(tab))
    tab.locator(".book-claims:visible a").first.click()
    tab.wait_for_url("**/convolution/**")
    tab.go_back()
    tab.wait_for_url("**/claims/?verdict=conditional")
    expect(tab.locator("input[value=conditional]")).to_be_checked()
    assert tab.evaluate("window.before") and len(shown(tab)) == left


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_javascript_the_whole_list_shows_and_leads_to_the_cards(browser, site, lang):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{site.root}{lang}/claims/?verdict=refuted")
    rows = tab.locator(ROWS)
    assert rows.count() >= 11 and all(row.is_visible() for row in rows.all())
    assert tab.locator("fieldset b").first.inner_text() == str(rows.count())
    assert tab.locator("select").is_hidden() and tab.locator("input[name=words]").is_hidden()
    tab.locator("#claim-deconvolution > a").click()
    tab.wait_for_url("**/convolution/transposed/#claim-deconvolution")
    expect(tab.locator("#claim-deconvolution summary")).to_be_in_viewport()
    context.close()


def test_the_data_can_be_downloaded(tab):
    open_claims(tab, "en")
    with tab.expect_download() as download:
        tab.locator(".book-filter__row a").click()
    assert download.value.suggested_filename == "claims.json"


CARD = "#claim-deconvolution"


def test_cards_are_built_when_they_are_asked_for(tab):
    """By the fold, by a badge, by an address, and for paper."""
    asked = {
        "fold": lambda: tab.locator(".book-fold > summary").click(),
        "badge": lambda: tab.locator("a.book-badge[href*='#claim-']").first.click(),
        "address": lambda: tab.evaluate("location.hash = 'claim-deconvolution'"),
        "paper": lambda: tab.evaluate("dispatchEvent(new Event('beforeprint'))"),
    }
    for how, ask in asked.items():
        tab.goto("en/glossary/")
        visit(tab, "en/convolution/transposed/")
        assert tab.locator(".book-claim").count() == 0, how
        ask()
        expect(tab.locator(CARD)).to_be_attached()
        assert tab.locator(CARD).is_visible() == (how != "badge"), how
        if how == "paper":  # a line each, as in the book's PDF: all that is in them would be fifty sheets a page
            tab.emulate_media(media="print")
            assert tab.locator(f"{CARD} summary").is_visible() and tab.locator(f"{CARD} .book-claim__links").is_hidden()
            tab.emulate_media(media="screen")
    tab.locator("a.book-badge[href*='#claim-']").first.click()
    expect(tab.locator(".book-claim--here")).to_be_visible()


def test_a_link_to_a_card_opens_the_fold_in_which_it_lies(tab, site):
    for address in ("en/convolution/transposed/#claim-deconvolution", "en/convolution/transposed/"):
        tab.goto("en/glossary/")
        visit(tab, address)
        tab.evaluate("location.hash = 'claim-deconvolution'")
        card = tab.locator(CARD)
        expect(card).to_be_in_viewport()
        expect(card.locator("dl")).to_be_visible()
        until(tab, f"document.querySelector('{CARD}').matches(':target')")  # marked as what the address names


def test_a_card_is_opened_also_where_the_theme_names_the_section_meanwhile(tab, site):
    """Its navigation.tracking may write the address between a change of the fragment and its event, and it may swap
    the same page in once more."""
    visit(tab, "en/convolution/transposed/")
    tab.evaluate("location.hash = 'claim-deconvolution'; history.replaceState({}, '', '#claims')")
    expect(tab.locator(CARD).locator("dl")).to_be_visible()
    hidden = """(links) => {  // at one go: the theme may swap the page in of itself at any moment
      for (const fold of document.querySelectorAll("details")) fold.open = false;
      history.replaceState({}, "", "#claims");
      const hidden = !links.checkVisibility();
      document$.next(document);
      return hidden;
    }"""
    assert tab.locator(CARD).locator("dl").evaluate(hidden)
    expect(tab.locator(CARD).locator("dl")).to_be_visible()


def test_cards_are_there_after_the_theme_has_swapped_the_page_in(tab, site):
    visit(tab, "en/glossary/")
    tab.locator(".md-nav a[href$='convolution/transposed/']").first.click()
    tab.wait_for_url("**/convolution/transposed/")
    tab.locator(".book-fold > summary").click()
    expect(tab.locator(CARD)).to_be_visible()


def test_a_badge_of_no_claim_is_a_link_and_looks_like_a_badge(tab):
    """The interval of a setting to come leads to the map, and unfolds nothing below its paragraph."""
    visit(tab, "en/generalisation/transfer/")
    badge = tab.locator('a.book-badge[href$="#fig-map-test_accuracy"]').first
    badge.scroll_into_view_if_needed()
    tab.wait_for_timeout(500)  # no reader clicks sooner: the theme, which notes where one was, would go back there
    badge.click()
    place = "document.getElementById('fig-map-test_accuracy').getBoundingClientRect().top"
    until(tab, f"0 <= {place} && {place} < innerHeight / 2")  # the address soon names the section that is read
    assert tab.locator(".book-claim--here").count() == 0 and tab.locator("figure.book-figure").count() == 3
    visit(tab, "en/parameters/learning_rate/")
    badge = tab.locator("span.book-badge").first
    assert badge.evaluate("(badge) => getComputedStyle(badge).borderTopStyle") == "solid"


# What a reader may set for all text: WCAG 2.1, 1.4.12.
SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_filter_fits_a_narrow_window_with_the_spacing_of_a_reader(tab, lang):
    tab.set_viewport_size({"width": 320, "height": 640})
    visit(tab, f"{lang}/claims/")
    tab.evaluate(
        "(text) => { document.head.append(Object.assign(document.createElement('style'), { textContent: text })) }",
        SPACED,
    )
    until(tab, "document.querySelector('.book-filter select') !== null")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
