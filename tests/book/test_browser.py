"""Every page in a Chromium: both languages, light and dark, wide and as narrow as a phone."""

from functools import cache
from time import sleep
from urllib.request import Request, urlopen

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from manuscript import LANGUAGES, ROOT, labs, pages
from reader import Watch, seen, until, visit

pytestmark = pytest.mark.browser

TEXTS = ["" if name == "index" else f"{name}/" for name in pages("zh")]
LABS = [f"{path.relative_to(ROOT / 'docs').with_suffix('').as_posix()}/" for path in labs()]
TOPICS = [address for address in TEXTS if "/" in address[:-1]]
WHOLE = "zh"  # the language whose pages axe reads whole
FRAMED = ("", TOPICS[0], LABS[0])  # pages that axe reads with what all have around their text
FRAME = {"exclude": [[".md-header"], [".md-sidebar"], [".md-footer"]]}
# What a first visit may weigh in bytes, all assets counted and before anything is scrolled to; and in elements.
TEXT, WIDGET, LAB = 250 * 1024, 330 * 1024, 300 * 1024
ELEMENTS = 4000  # with all that formulas are made of
SMALLEST = 7  # pixels of letters in a figure on a phone
LONGEST = 15  # screens to read in a topic, its boxes closed: what is longer is two pages, or has a fold
READ = """[...document.querySelectorAll(
  ".book-question, .book-exercise, training-widget, upsampling-widget, ask-image, ask-text, ask-speech"
)].reduce(
  (height, box) => height - box.getBoundingClientRect().height, document.documentElement.scrollHeight)"""

RAW_TEX = r"""() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  for (let node; (node = walker.nextNode()); )
    if (/\\[([]|\$\$/.test(node.data) && !node.parentElement.closest("pre, code, script"))
      found.push(`TeX as text: ${node.data}`);
  for (const box of document.querySelectorAll(".arithmatex:not(:has(.katex, noscript)), .katex-error"))
    found.push(`TeX not rendered: ${box.textContent}`);
  return found;
}"""
CONTRAST = r"""async (known) => {  // of one text of each kind that is new: colour, ground, size, weight; how links show
  const ground = (box) => {
    for (; box; box = box.parentElement) {
      const { backgroundColor } = getComputedStyle(box);
      if (!/, 0\)$/.test(backgroundColor)) return backgroundColor;
    }
  };
  const kinds = new Map();
  for (const box of document.querySelectorAll("body *")) {
    if (![...box.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue;
    const { color, fill, fontSize, fontWeight, opacity } = getComputedStyle(box);
    const link = box.closest("a");
    const shown = link && [getComputedStyle(link).textDecorationLine, getComputedStyle(link.parentElement).color];
    const kind = [color, fill, fontSize, fontWeight, opacity, ground(box), shown].join();
    if (!known.includes(kind) && !kinds.has(kind) && box.checkVisibility()) kinds.set(kind, link ?? box);
  }
  const grave = kinds.size
    ? await graveIn({ include: [...kinds.values()] }, { runOnly: ["color-contrast", "link-in-text-block"] })
    : [];
  return [[...kinds.keys()], grave];
}"""
# Contrast is asked above; landmarks are never grave to axe, and a tenth of what it costs.
STRUCTURE = """async (around) => await graveIn(around ?? document, { rules: {
  "color-contrast": { enabled: false }, "link-in-text-block": { enabled: false }, region: { enabled: false },
  "target-size": { enabled: true },
} })"""
AXE = (
    AXE_SCRIPT
    + """
window.graveIn = async (around, options) => {
  // No rule asks for style sheets; to read them anew takes as long as all rules together.
  const { violations } = await axe.run(around, { ...options, preload: false, resultTypes: ["violations"] });
  const grave = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  return grave.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.any[0]?.message ?? ""}`));
};
void 0;"""  # else Playwright calls the function
)
WIDE = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > clientWidth + 1);
  return [`${scrollWidth} wide: ${out.slice(0, 5).map((e) => `${e.tagName}.${e.className}`)}`];
}"""
FIGURES = """(smallest) => {
  const found = [];
  for (const box of document.querySelectorAll(".book-figure__scroll"))
    if (box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
      found.push(`${box.parentElement.id} scrolls: ${box.scrollWidth} in ${box.clientWidth}`);
  for (const text of document.querySelectorAll(".book-figure svg text")) {
    const { a, b } = text.getScreenCTM() ?? { a: 1, b: 0 };
    const size = parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
    if (text.checkVisibility() && size < smallest)
      found.push(`${text.closest("figure").id}: “${text.textContent}” is ${size.toFixed(1)} pixels`);
  }
  for (const words of document.querySelectorAll(".book-badge__effect"))
    if (words.scrollWidth > words.clientWidth + 1) found.push(`cut off: “${words.textContent}”`);
  return found;
}"""
FIGURE = (
    "curve-explorer, standard-widget, transposed-widget, checkerboard-widget, training-widget, upsampling-widget, "
    "ask-image, ask-text, ask-speech"
)
HAS_WIDGET = f"document.querySelector('{FIGURE}') !== null"
OPEN = "for (const box of document.querySelectorAll('details')) box.open = true"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("address", TEXTS + LABS)
def test_a_page_is_fit_to_be_read(tab, watch, lang, address):
    found = {}
    tab.set_viewport_size({"width": 1440, "height": 900})
    visit(tab, f"{lang}/{address}")
    assert tab.evaluate("document.body.dataset.mdColorScheme") == "default"
    assert tab.locator("h1").count() == 1
    found["formulas"] = tab.evaluate(RAW_TEX)
    found["elements"] = heavy(tab.evaluate("document.querySelectorAll('*').length"), ELEMENTS)
    weights = sorted((weight(name), name) for name in watch.addresses if name.startswith(watch.root))
    most = LAB if address in LABS else WIDGET if tab.evaluate(HAS_WIDGET) else TEXT
    found["weight"] = heavy(sum(size for size, _ in weights), most, weights[-3:])
    if address in TOPICS:
        for figure in tab.locator(FIGURE).all():
            figure.scroll_into_view_if_needed()
            kind = figure.evaluate("(one) => one.localName")
            until(tab, f"!!customElements.get('{kind}')")  # it has its height
        screens = tab.evaluate(READ) / 900
        found["length"] = [f"{screens:.1f} screens, more than {LONGEST}"] if screens > LONGEST else []
    tab.evaluate(OPEN)
    if lang == WHOLE or address == "":  # structure and colours of the two are the same, and axe is slow
        until(tab, "!!document.querySelector('.md-search').ariaLabel")  # book.js names the theme's dialog
        tab.evaluate(AXE)
        found["axe"], found["light"] = tab.evaluate(STRUCTURE, None if address in FRAMED else FRAME), faint(tab)
        tab.emulate_media(color_scheme="dark")
        until(tab, "document.body.dataset.mdColorScheme === 'slate'")
        found["dark"] = faint(tab)
    tab.set_viewport_size({"width": 375, "height": 812})
    found["as narrow as a phone"] = tab.evaluate(WIDE) + tab.evaluate(FIGURES, SMALLEST)
    tab.emulate_media(media="print", color_scheme="light")
    tab.set_viewport_size({"width": 718, "height": 1000})  # A4 less its margins
    found["in print"] = tab.evaluate(WIDE)
    found["asked or said"] = watch.problems
    assert not any(found.values()), "\n".join(f"{what}: {line}" for what, lines in found.items() for line in lines[:6])


KNOWN = []  # kinds of text that can be read, on whatever page


def faint(tab) -> list[str]:
    """What has too little contrast; a kind of text that was fine on another page is."""
    kinds, grave = tab.evaluate(CONTRAST, KNOWN)
    if not grave:
        KNOWN.extend(kinds)
    return grave


def heavy(total: int, most: int, parts: object = "") -> list[str]:
    return [f"{total}, at most {most} {parts}"] if total > most else []


@cache
def weight(address: str) -> int:
    """The bytes that the server sends for an address, compressed as it does."""
    with urlopen(Request(address, headers={"Accept-Encoding": "gzip"})) as response:
        return len(response.read()) + len(str(response.headers))


def test_a_first_visit_asks_for_no_more_than_was_weighed(browser, site, watch, tab):
    """The pages above share a window, and so might not ask again for what they have in common."""
    address = f"{site.root}zh/convolution/transposed/"
    visit(tab, address)
    fresh = browser.new_context(locale="zh-CN")
    asked = set()
    fresh.on("request", lambda request: asked.add(request.url))
    page = fresh.new_page()
    visit(page, address)
    seen(page, lambda: asked == watch.addresses)
    fresh.close()
    assert len(asked) > 10
    assert any(name.endswith(".woff2") for name in asked) and any("search_index" in name for name in asked)
    assert weight(address) < (site.folder / "zh/convolution/transposed/index.html").stat().st_size / 3


def test_the_watch_sees_what_goes_wrong(context, site):
    other = context.browser.new_context()
    watch, tab = Watch(other, site.root), other.new_page()
    visit(tab, f"{site.root}zh/glossary/")
    assert watch.problems == []
    tab.set_content("<script>a()</script><img src='https://example.org/a.png'><script src='missing.js'></script>")
    tab.evaluate("setTimeout(() => undefined.x)")
    elsewhere = "https://example.org"
    for kind in ("inline script", "page error", f"asked another host: {elsewhere}", f"failed: {elsewhere}"):
        seen(tab, lambda kind=kind: any(kind in problem for problem in watch.problems), what=kind)
    seen(tab, lambda: any(problem.startswith("404") for problem in watch.problems), what="404")
    other.close()


def test_a_formula_that_grows_when_its_fonts_arrive_is_in_reach_of_the_keyboard(browser, site):
    late = browser.new_context(viewport={"width": 1280, "height": 900})
    page = late.new_page()
    page.route("**/*.woff2", lambda route: (sleep(0.3), route.continue_()))
    visit(page, f"{site.root}zh/reference/generalisation/augmentation/")
    for formula in page.locator("div.arithmatex").all():  # each comes when a reader is near
        formula.scroll_into_view_if_needed()
    until(page, "document.querySelectorAll('div.arithmatex > noscript').length === 0")
    until(page, "document.fonts.status === 'loaded'")
    scrolling = "[...document.querySelectorAll('.katex-display')].filter((box) => box.scrollWidth > box.clientWidth)"
    assert page.evaluate(f"{scrolling}.length") > 0
    until(page, f"{scrolling}.every((box) => box.tabIndex === 0)")
    late.close()
