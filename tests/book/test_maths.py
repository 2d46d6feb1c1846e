"""Formulas are HTML and MathML before they reach a reader; Node runs where a build has new ones, and once."""

import json
import re
import subprocess
import sys

import pytest
from mkdocs.exceptions import PluginError

from manuscript import LANGUAGES, ROOT
from reader import visit

ONE, TWO = (False, "a < b"), (True, r"\text{步长 } s")


@pytest.fixture
def maths(monkeypatch, tmp_path):
    """The hook with nothing kept; ``maths.runs`` counts how often it asks Node."""
    monkeypatch.setattr(sys, "path", [str(ROOT / "hooks"), *sys.path])
    import maths

    monkeypatch.setattr(maths, "KEPT", tmp_path / "kept")
    runs, run = [], subprocess.run
    monkeypatch.setattr(maths.subprocess, "run", lambda *a, **k: runs.append(k["input"]) or run(*a, **k))
    monkeypatch.setattr(maths, "runs", runs, raising=False)
    return maths


def test_a_formula_is_to_be_seen_and_to_be_heard(maths):
    one, two = (said["html"] for said in maths.render([ONE, TWO]))
    assert "<mo>&lt;</mo>" in one and "annotation" not in one and "<span></span>" not in one + two
    assert '<span class="katex-html" aria-hidden="true">' in one and "katex-display" not in one
    assert two.startswith('<span class="katex-display">') and 'display="block"' in two and "步长" in two


def test_node_runs_once_for_all_new_formulas_and_not_where_none_is_new(maths):
    first = maths.rendered("zh", {ONE: "a.md", TWO: "b.md"})
    assert maths.rendered("zh", {ONE: "a.md", TWO: "b.md"}) == first and len(maths.runs) == 1
    assert maths.rendered("en", {ONE: "a.md"}) == {ONE: first[ONE]}, "what one language has the other need not render"
    new = (False, "c")
    assert maths.rendered("zh", {ONE: "a.md", new: "a.md"})[ONE] == first[ONE]
    assert [json.loads(asked) for asked in maths.runs] == [[list(ONE), list(TWO)], [list(new)]]
    maths.rendered("zh", {TWO: "b.md"})  # is no longer kept: of each language that is what it had last
    assert len(maths.runs) == 3 and len(list(maths.KEPT.iterdir())) == 2


def test_what_another_release_of_katex_rendered_is_rendered_again(maths, monkeypatch):
    maths.rendered("zh", {ONE: "a.md"})
    monkeypatch.setattr(maths, "renderer", lambda: "another")
    maths.rendered("zh", {ONE: "a.md"})
    assert len(maths.runs) == 2 and [path.name for path in maths.KEPT.iterdir()] == ["zh-another"]


@pytest.mark.parametrize("tex", [r"\frac{1", r"\unknown", "中文", "a # b"])
def test_a_formula_that_cannot_be_read_is_named_with_its_file_and_line(maths, monkeypatch, tmp_path, tex):
    monkeypatch.setattr(maths, "ROOT", tmp_path)
    for name in ("docs/en/part/topic.md", "docs/labs/part/topic.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(f"# T\n\nwords ${tex}$\n", "utf-8")
    for uri, file in (("part/topic.md", "docs/en/part/topic.md"), ("labs/part/topic.ipynb", "docs/labs/part/topic.py")):
        with pytest.raises(PluginError) as refused:
            maths.rendered("en", {ONE: uri, (False, tex): uri})
        assert str(refused.value).startswith(f"{file}:3: the formula {tex}: ") and "\n" not in str(refused.value)
    assert not maths.KEPT.exists()


def test_style_and_script_are_of_one_release():
    style = (ROOT / "docs/assets/vendor/katex/katex.min.css").read_text("utf-8")
    script = (ROOT / "hooks/vendor/katex/katex.min.js").read_text("utf-8")
    (release,) = re.findall(r'\.katex-version::?after\s*\{content:"([\d.]+)"', style)
    assert f'version:"{release}"' in script


def test_no_formula_waits_for_a_script(site):
    """On no page, and no page has a script that would render one."""
    pages = {path: path.read_text("utf-8") for path in site.folder.rglob("*.html")}
    assert not [path for path, page in pages.items() if re.search(r'"arithmatex">\\|katex[^"]*\.js', page)]
    assert sum(page.count("<math ") for page in pages.values()) > 1000
    assert not list(site.folder.rglob("katex*.js"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_search_knows_no_tex(site, lang):
    index = json.loads((site.folder / lang / "search/search_index.json").read_text("utf-8"))
    assert not [one for one in index["docs"] if re.search(r"\\[(\[a-z]", one["title"] + one["text"])]


@pytest.mark.browser
@pytest.mark.parametrize("where", ["served", "opened as a file", "in print"])
def test_a_formula_is_there_without_javascript(browser, site, where):
    context = browser.new_context(java_script_enabled=False, color_scheme="light")
    tab, address = context.new_page(), "zh/convolution/transposed/"
    tab.goto((site.folder / address / "index.html").as_uri() if where == "opened as a file" else site.root + address)
    tab.emulate_media(media="print" if where == "in print" else "screen")
    shown, said = tab.locator(".katex-display .katex-html").first, tab.locator(".katex-display math").first
    assert shown.is_visible() and shown.bounding_box()["height"] > 15
    assert said.bounding_box()["width"] <= 1, "MathML is not shown beside what is seen: the style is there"
    context.close()


@pytest.mark.browser
def test_a_formula_is_copied_once(tab):
    """Beside what is seen there is MathML for who hears the page; a browser copies it too, a symbol a line."""
    visit(tab, "zh/convolution/transposed/")
    copied, seen = tab.locator("p:has(.arithmatex .katex-mathml)").first.evaluate("""(sentence) => {
      getSelection().selectAllChildren(sentence);
      const copied = String(getSelection());
      for (const one of sentence.querySelectorAll(".katex-mathml")) one.remove();
      return [copied, sentence.innerText];
    }""")
    assert copied.split() and copied.split() == seen.split()


def test_formulas_of_what_is_folded_wait_for_a_reader_who_unfolds_it(maths):
    formula = r'<span class="arithmatex">\(a &lt; b\)</span>'
    now, late = '<span class="arithmatex">!</span>', '<span class="arithmatex"><noscript>!</noscript></span>'
    page = (
        "{0}<details><summary>{0}</summary>{1}<details open><summary>{1}</summary>{1}</details></details>{0}"
        "<details open>{0}<details><summary>{0}</summary>{1}</details></details>"
        "<details><summary></summary><noscript>{0}</noscript></details>"
    )
    assert maths.filled(page.format(formula, formula), {ONE: "!"}) == page.format(now, late)


def test_of_a_page_that_is_looked_up_those_with_a_place_of_their_own_keep_it_and_wait(maths):
    page = r'<span class="arithmatex">\(a &lt; b\)</span><div class="arithmatex">\[\text{步长 } s\]</div>'
    high = '<span class="katex-strut" style="height:2em;"></span>'
    assert maths.filled(page, {ONE: "!", TWO: high}, far=True) == (
        '<span class="arithmatex">!</span>'
        f'<div class="arithmatex" style="min-height:2.4em"><noscript>{high}</noscript></div>'
    )
    assert "noscript" not in maths.filled(page, {ONE: "!", TWO: high})
