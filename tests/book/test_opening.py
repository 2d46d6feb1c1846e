"""Opening a page, a browser works out the style of its elements once, as they arrive, and not again for the theme."""

import json
import re
from types import SimpleNamespace

import pytest
from mkdocs.exceptions import PluginError

import opening
from manuscript import LANGUAGES
from reader import MOVED, until, visit

PAGES = ("convolution/checkerboard/", "parameters/learning_rate/", "glossary/", "reference/")


def worked_out(trace: bytes) -> int:
    """How many times the style of an element was worked out, of all elements together."""
    events = json.loads(trace)["traceEvents"]
    assert any("/bundle." in str(event["args"]) for event in events if event["name"] == "EvaluateScript")
    return sum(event["args"]["elementCount"] for event in events if event["name"] == "UpdateLayoutTree")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", PAGES)
def test_the_theme_does_not_have_a_page_worked_out_again(browser, site, address, scheme):
    context = browser.new_context(color_scheme=scheme, viewport={"width": 412, "height": 823})
    tab = context.new_page()
    browser.start_tracing(page=tab, categories=["devtools.timeline", "disabled-by-default-devtools.timeline"])
    visit(tab, f"{site.root}zh/{address}")
    styles = worked_out(browser.stop_tracing())
    seen = tab.locator("body *").evaluate_all("all => all.filter((one) => one.checkVisibility()).length")
    context.close()
    assert styles < 2 * seen  # once as they arrive, and a part, such as links, for what scripts change in them


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_makes_work_is_out_of_the_theme(site, lang):
    sheets = list((site.folder / lang / "assets/stylesheets").glob("palette.*.css"))
    scripts = list((site.folder / lang / "assets/javascripts").glob("bundle.*.js"))
    assert len(sheets) == len(scripts) == 1
    assert "[data-md-color-switching]" not in sheets[0].read_text("utf-8")
    assert "table:not([class])" not in scripts[0].read_text("utf-8")


@pytest.mark.parametrize("name", ["stylesheets/palette.0.min.css", "javascripts/bundle.0.min.js"])
def test_a_theme_that_says_it_otherwise_stops_the_build(tmp_path, name):
    file = tmp_path / "file"
    file.write_text("[data-md-color-switching] *{transition:none!important}", "utf-8")
    file = SimpleNamespace(src_uri=f"assets/{name}", abs_src_path=str(file))
    with pytest.raises(PluginError, match=rf"{name} must have the .* once, got 0"):
        opening.on_files([file], None)


KEPT = "window.article === document.querySelector('article')"


@pytest.mark.browser
def test_a_link_to_a_place_on_the_page_leaves_what_is_there(tab, watch):
    """The first one, too; a link to another page has that swapped in, as before."""
    visit(tab, "en/parameters/epochs/")
    tab.evaluate("window.article = document.querySelector('article')")
    watch.addresses.clear()
    places = ("early-stopping", "validation")
    for name in places:
        tab.locator(f"h2[id={name}] .headerlink").evaluate("(link) => link.click()")
        until(tab, f"Math.abs(document.getElementById('{name}').getBoundingClientRect().top) < 200")
        assert tab.evaluate("location.hash") == f"#{name}"
    tab.go_back()
    until(tab, f"Math.abs(document.getElementById('{places[0]}').getBoundingClientRect().top) < 200")
    assert not [one for one in watch.addresses if one.partition("#")[0].endswith("/epochs/")]
    assert tab.evaluate(KEPT)
    tab.locator(".md-nav--primary a[href$='/parameters/batch_size/']").first.evaluate("(link) => link.click()")
    until(tab, f"!({KEPT}) && document.querySelector('h1').innerText.includes('atch size')")
    assert watch.problems == []


@pytest.mark.browser
@pytest.mark.parametrize("element", ["curve-explorer", "training-widget"])
def test_data_of_a_page_that_is_swapped_in_is_not_run(tab, watch, element):
    visit(tab, "en/glossary/")
    tab.locator(".md-nav--primary a[href$='/parameters/batch_size/']").first.evaluate("(link) => link.click()")
    tab.wait_for_url("**/parameters/batch_size/")
    tab.locator(element).scroll_into_view_if_needed()
    until(tab, f"!!document.querySelector('{element}').form")
    assert watch.problems == []


@pytest.mark.browser
def test_a_wide_table_scrolls_in_its_box_without_scripts(browser, site):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 667})
    tab = context.new_page()
    tab.goto(f"{site.root}en/convolution/porting/")
    wide = tab.locator(".md-typeset__scrollwrap:has(table)")
    assert wide.count() > 1
    sizes = wide.evaluate_all("boxes => boxes.map((box) => [box.scrollWidth > box.clientWidth, box.clientWidth])")
    assert any(scrolls for scrolls, _ in sizes) and all(width <= 375 for _, width in sizes)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 375
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_moves_as_the_glossary_opens(browser, site, lang):
    context = browser.new_context(viewport={"width": 412, "height": 823})
    tab = context.new_page()
    tab.add_init_script(MOVED)
    visit(tab, f"{site.root}{lang}/glossary/")
    until(tab, "document.querySelector('book-glossary-filter output').innerText")  # its count, 400 ms later
    assert tab.evaluate("moved") < 0.02
    context.close()


@pytest.mark.browser
def test_the_first_visit_has_the_colours_of_the_system_before_the_theme_runs(browser, site):
    context = browser.new_context(color_scheme="dark")
    tab = context.new_page()
    tab.route("**/bundle*.js", lambda route: route.abort())
    tab.goto(f"{site.root}en/glossary/")
    assert tab.evaluate("document.body.dataset.mdColorScheme") == "slate"
    context.close()


@pytest.mark.browser
def test_a_code_block_has_its_button_when_it_is_seen(browser, site):
    context = browser.new_context()
    tab = context.new_page()
    visit(tab, f"{site.root}en/convolution/checkerboard/")
    last = tab.locator(".language-python.highlight:visible").last
    button = last.locator(".md-code__button")
    assert button.count() == 0
    last.scroll_into_view_if_needed()
    button.wait_for(timeout=10_000)
    context.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_theme_makes_few_tooltips(site, lang):
    """Each takes a phone two milliseconds as the page opens; what has data-preview keeps the browser's own."""
    for path in (site.folder / lang).rglob("index.html"):
        titles = re.findall(r"<(?!meta|link)\w[^>]* title=\"[^>]*>", path.read_text("utf-8"))
        assert len([one for one in titles if "data-preview" not in one]) <= 120, path


@pytest.mark.browser
def test_back_and_forward_lead_to_where_one_was(tab):
    """Also forward: the mark of the section read, in the address, leaves what the browser keeps of the place."""
    visit(tab, "en/convolution/standard/")
    tab.evaluate("window.kept = true")
    for name, place in (("transposed", 2500), ("checkerboard", 2000)):
        tab.locator(f".md-sidebar--primary a[href$='convolution/{name}/']").first.evaluate("(link) => link.click()")
        tab.wait_for_url(f"**/convolution/{name}/")
        until(tab, f"document.querySelector('{name}-widget') !== null && scrollY === 0")
        tab.wait_for_timeout(300)  # else the theme takes what is scrolled for the page before
        tab.evaluate(f"scrollTo(0, {place})")
        until(tab, "location.hash !== ''")  # a quarter of a second later; the place it notes after a tenth
    tab.go_back()
    tab.wait_for_url("**/convolution/transposed/*")
    until(tab, "Math.abs(scrollY - 2500) < 60")
    tab.go_forward()
    tab.wait_for_url("**/convolution/checkerboard/*")
    until(tab, "Math.abs(scrollY - 2000) < 60", seconds=10)
    assert tab.evaluate("kept"), "the page was loaded anew"
