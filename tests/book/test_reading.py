"""What a reader does with the book: copy, switch the language, search, look up a term, take a lab home."""

import json
import os
import subprocess
import sys
from urllib.request import urlopen

import pytest

from manuscript import LANGUAGES, fences, source
from reader import until, visit

pytestmark = pytest.mark.browser

TOPIC = "convolution/transposed"
OTHER = {"zh": "en", "en": "zh"}


@pytest.mark.parametrize("lang, which", [("zh", 0), ("en", -1)], ids=["the first in Chinese", "the last in English"])
@pytest.mark.parametrize("name", ["convolution/standard", TOPIC])
def test_what_is_copied_prints_what_the_page_shows(tab, tmp_path, lang, which, name):
    """The page's own button, then an empty folder; the last snippet is in a folded box."""
    visit(tab, f"{lang}/{name}/")
    tab.evaluate("for (const box of document.querySelectorAll('details')) box.open = true")
    blocks = tab.locator(".language-python.highlight:not(.book-exercise *)")
    snippets = [fence for fence in fences(source(lang, name).read_text("utf-8")) if fence.info == "python"]
    assert blocks.count() == len(snippets)
    block = blocks.nth(which if which >= 0 else blocks.count() + which)
    block.hover()
    tab.evaluate("navigator.clipboard.writeText('')")
    block.locator("[data-md-type=copy]").click()
    until(tab, "navigator.clipboard.readText().then((text) => text)")
    copied = tab.evaluate("navigator.clipboard.readText()").replace("\r\n", "\n")
    assert copied.strip() == snippets[which].code.strip()
    shown = block.locator("xpath=following-sibling::*[1][contains(@class, 'language-text')]").inner_text()
    command, environment = [sys.executable, "-c", copied], os.environ | {"PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8")
    assert (done.stdout.strip(), done.stderr) == (shown.strip(), "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_language_switch_keeps_the_place_and_remembers(tab, site, lang):
    visit(tab, f"{lang}/{TOPIC}/?k=5#output-size")
    tab.locator(".book-language").click()
    tab.wait_for_url(f"{site.root}{OTHER[lang]}/{TOPIC}/?k=5#output-size")
    assert tab.evaluate("document.documentElement.lang").startswith(OTHER[lang])
    assert tab.locator("#output-size").evaluate("element => Math.abs(element.getBoundingClientRect().top) < 200")
    tab.goto(site.root)
    tab.wait_for_url(f"{site.root}{OTHER[lang]}/")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_language_switch_follows_instant_navigation(tab, site, lang):
    visit(tab, f"{lang}/")
    tab.evaluate("window.before = true")
    tab.locator(f".md-content a[href*='{TOPIC}']").first.click()
    tab.wait_for_url(f"{site.root}{lang}/{TOPIC}/**")  # on a busy machine the section that is in sight is there at once
    tab.locator(".arithmatex .katex").first.wait_for()
    tab.locator(".md-sidebar--secondary a[href$='#adjoint']").first.click()
    tab.wait_for_url("**#adjoint")
    assert tab.evaluate("window.before"), "the page was loaded anew: navigation is not instant"
    tab.locator(".book-language").click()
    tab.wait_for_url(f"{site.root}{OTHER[lang]}/{TOPIC}/#adjoint")


@pytest.mark.parametrize("locale, lang", [("zh-CN", "zh"), ("zh-TW", "zh"), ("en-US", "en"), ("fr", "en")])
def test_the_root_leads_to_the_readers_language(browser, site, locale, lang):
    context = browser.new_context(locale=locale)
    tab = context.new_page()
    tab.goto(site.root)
    tab.wait_for_url(f"{site.root}{lang}/")
    context.close()


def test_the_root_works_without_javascript(browser, site):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    for lang, words in (("zh", "中文"), ("en", "English")):
        tab.goto(site.root)
        tab.get_by_role("link", name=words).click()
        tab.wait_for_url(f"{site.root}{lang}/")
        assert tab.locator("h1").is_visible()
    context.close()


def search(tab, words: str) -> list[dict]:
    """The results: where each leads, its title and its text, with the hits in 【】."""
    box = tab.locator(".md-search__input")
    box.click()
    box.fill(words)
    box.press("End")  # the search wakes at a key
    tab.locator(".md-search-result__item").first.wait_for()
    return tab.evaluate("""() => [...document.querySelectorAll(".md-search-result__link")].map((link) => {
      for (const mark of link.querySelectorAll("mark")) mark.replaceWith(`【${mark.textContent}】`);
      const title = link.querySelector("h1, h2");
      const [heading, text] = [title, link].map((element) => element.textContent.replaceAll("\u200b", ""));
      return { href: link.href.replace(/[?]h=[^#]*/, ""), title: heading.toLowerCase(), text: text.toLowerCase() };
    })""")


@pytest.mark.parametrize(
    "lang, words, place",
    [
        ("zh", "步长", "zh/convolution/standard/#settings"),
        ("zh", "棋盘效应", f"zh/{TOPIC}/"),
        ("zh", "互相关", "zh/convolution/standard/#rotation"),
        ("en", "stride", f"en/{TOPIC}/"),
        ("en", "transposed", f"en/{TOPIC}/"),
        ("zh", "移植", "zh/convolution/porting/"),
        ("en", "onnx", "en/convolution/porting/#onnx"),
        ("en", "keras", "en/convolution/porting/"),
    ],
)
def test_the_search_finds_words(tab, site, lang, words, place):
    visit(tab, f"{lang}/")
    found = search(tab, words)
    assert any(result["href"].startswith(site.root + place) for result in found), found
    assert any(f"【{words}】" in result["text"] for result in found), found
    assert all(result["href"].startswith(f"{site.root}{lang}/") for result in found), "another language's pages"


@pytest.mark.parametrize(
    "lang, words, place, title",
    [
        ("zh", "旋转", "zh/convolution/standard/#rotation", "【旋转】该放在哪里"),
        ("zh", "权重", f"zh/{TOPIC}/#weight-layout", "【权重】怎么摆"),
        ("zh", "伴随", f"zh/{TOPIC}/#adjoint", "【伴随】，不是逆"),
        ("en", "adjoint", f"en/{TOPIC}/#adjoint", "【adjoint】, not the inverse"),
    ],
)
def test_the_search_finds_words_inside_titles(tab, site, lang, words, place, title):
    visit(tab, f"{lang}/")
    found = search(tab, words)
    titles = [result["title"] for result in found if result["href"].startswith(site.root + place)]
    assert any(title in found_title for found_title in titles), found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_terms_first_use_explains_it_and_leads_to_the_glossary(tab, site, lang):
    visit(tab, f"{lang}/{TOPIC}/")
    terms = tab.locator(".md-content .book-term")
    addresses = terms.evaluate_all("links => links.map((link) => link.href)")
    assert len(addresses) >= 8 and len(set(addresses)) == len(addresses), "a term is explained at its first use alone"
    assert all(address.startswith(f"{site.root}{lang}/glossary/#") for address in addresses)
    term = terms.first
    name = term.inner_text()
    term.hover()
    tip = tab.locator(".md-tooltip2--active, .md-tooltip2[role=tooltip]").first
    tip.wait_for()
    meaning = tip.inner_text().strip()
    term.click()
    tab.wait_for_url(addresses[0])
    entry = tab.locator(f"dt[id='{addresses[0].split('#')[1]}']")
    assert entry.inner_text().lower().startswith(name.lower())
    assert meaning and meaning in entry.locator("xpath=following-sibling::dd[1]").inner_text()
    assert all(tab.locator(f"dt[id='{address.split('#')[1]}']").count() == 1 for address in addresses)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_lab_can_be_taken_home(tab, lang):
    visit(tab, f"{lang}/labs/{TOPIC}/")
    with tab.expect_download() as download:
        tab.locator(".book-download a").click()
    assert download.value.suggested_filename == "transposed.ipynb"
    notebook = json.loads(download.value.path().read_text("utf-8"))
    assert any(cell.get("outputs") for cell in notebook["cells"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_keyboard_skips_to_the_text(tab, lang):
    visit(tab, f"{lang}/{TOPIC}/")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.matches('.md-skip')")
    tab.keyboard.press("Enter")
    until(tab, "document.activeElement === document.body && document.querySelector('h1:target')")
    tab.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")  # and is there
    tab.keyboard.press("Tab")
    until(tab, "document.activeElement.closest('.md-content')")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_that_does_not_exist_leads_on(tab, site, lang):
    with urlopen(f"{site.root}{lang}/404.html") as page:
        assert page.status == 200
    visit(tab, f"{lang}/404.html")
    tab.locator(".md-content a").first.click()
    tab.wait_for_url(f"{site.root}{lang}/")
