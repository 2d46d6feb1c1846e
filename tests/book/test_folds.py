"""Formulas in what is folded wait until a reader unfolds it, and are there on paper and without scripts."""

import pytest

from reader import MOVED, visit

pytestmark = pytest.mark.browser
PAGE = "convolution/checkerboard/"
WAITING = "document.querySelectorAll('.md-content details noscript').length"


@pytest.fixture
def tab(browser, site):
    context = browser.new_context(base_url=site.root)
    yield context.new_page()
    context.close()


def box_with_formulas(tab):
    return tab.locator("details.note", has=tab.locator(".arithmatex")).first


@pytest.mark.parametrize("how", ["click", "key", "script"])
def test_a_box_that_opens_has_its_formulas(tab, how):
    visit(tab, f"en/{PAGE}")
    box = box_with_formulas(tab)
    assert box.locator(".katex").count() == 0
    if how == "click":
        box.locator("summary").click()
    elif how == "key":
        box.locator("summary").press("Enter")
    else:  # as when an address leads into it, or a browser finds a word there
        box.evaluate("(part) => { part.open = true; }")
    box.locator(".katex").first.wait_for()
    assert box.locator("noscript").count() == 0 < box.locator(".arithmatex .katex").count()
    assert tab.evaluate(WAITING) > 0, "what is not unfolded waits"


def test_a_page_that_the_theme_swaps_in_has_them_too(tab):
    visit(tab, "en/convolution/porting/")
    tab.evaluate("window.kept = true")
    tab.locator(f".md-sidebar--primary a[href$='{PAGE}']").first.evaluate("(link) => link.click()")
    tab.wait_for_url(f"**/{PAGE}")
    box = box_with_formulas(tab)
    box.locator("summary").click()
    box.locator(".katex").first.wait_for()
    assert tab.evaluate("kept"), "the page was loaded anew"
    assert box.locator("noscript").count() == 0


def test_paper_has_all(tab):
    visit(tab, f"en/{PAGE}")
    assert tab.evaluate(WAITING) > 10
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.evaluate(WAITING) == 0


def test_a_reader_without_scripts_has_all(browser, site):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{site.root}en/{PAGE}")
    box = box_with_formulas(tab)
    box.locator("summary").click()
    box.locator(".katex").first.wait_for()
    context.close()


def test_formulas_of_the_reference_come_with_the_reader_and_nothing_moves(tab):
    tab.add_init_script(MOVED)
    visit(tab, "en/reference/convolution/checkerboard/")
    formulas = tab.locator("div.arithmatex")
    made = formulas.locator(".katex")
    assert tab.locator("*").count() < 4000 and made.count() < formulas.count()
    for formula in formulas.all():
        formula.scroll_into_view_if_needed()
        formula.locator(".katex").first.wait_for()
    assert made.count() == formulas.count() > 10
    assert tab.evaluate("moved") < 0.1
