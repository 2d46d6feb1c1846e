"""The PDF of a small made-up book: outline, formulas, Chinese, links, cards, nothing blank."""

import io

import pikepdf
import pypdf
import pytest

import chromium
import print_pages
import print_pdf
from print_tidy import tidied

CONFIG = """site_name: 小书
site_description: 用来试印。
nav:
  - 首页: index.md
  - 5 部分:
      - 5.1 题目: part/topic.md

plugins: []
"""
SITE = """<!doctype html><html><head><link rel="stylesheet" href="assets/a.css"></head><body>
<article class="md-content__inner md-typeset">{}</article><script>x()</script></body></html>"""
COVER = """<h1 id="cover">首页<a class="headerlink" href="#cover">¶</a></h1><p>见<a href="part/topic/#size">尺寸</a>、
<a href="https://example.org/a">别处</a>和<a href="source/x.html">代码</a>。</p>"""
TOPIC = """<h1 id="topic">5.1 题目<a class="headerlink" href="#topic">¶</a></h1><p>一句长长的中文，小而风凉。</p>
<h2 id="size">尺寸</h2><div class="arithmatex"><span class="katex-display"><span class="katex">
<span class="katex-mathml"><math><mi>hidden</mi></math></span>
<span class="katex-html" aria-hidden="true">n′ = 42</span></span></span></div>
<details><summary>展开</summary><p>里面的话。</p></details>
<details class="book-fold"><summary>论断</summary><noscript><article class="book-claim" id="claim-c"><details><summary>
成立的论断</summary><p>卡片里的细节</p></details></article></noscript></details>
<figure class="book-figure"><widget-x><svg viewBox="0 0 10 10" width="1500" height="100">
<defs><path id="p" d="M0 0h9"/></defs><use href="#p"/>
<text x="1" y="9">图</text></svg></widget-x></figure>
<p><a href="../../">回首页</a> <a href="#topic">上面</a></p>"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book of two pages, and its document."""
    folder = tmp_path_factory.mktemp("book")
    for url, words in (("", COVER), ("part/topic/", TOPIC)):
        (folder / url).mkdir(parents=True, exist_ok=True)
        (folder / url / "index.html").write_text(SITE.format(words), "utf-8")
    (folder / "assets").mkdir()
    (folder / "assets/a.css").write_text(":root { --book-serif: serif; }", "utf-8")
    (config := folder / "book.yml").write_text(CONFIG, "utf-8")
    return folder, print_pages.document(folder, "zh", config, "版本 1 · 2026-01-31", left_out=())


@pytest.fixture(scope="module")
def printed(book, browser):
    folder, document = book
    return pypdf.PdfReader(io.BytesIO(print_pdf.sheets(browser, document, folder, "https://example.org/book/")))


def titles(outline, depth=0):
    for one in outline:
        if isinstance(one, list):
            yield from titles(one, depth + 1)
        else:
            yield depth, one.title


@pytest.mark.browser
def test_the_outline_is_the_navigation_and_the_headings(printed):
    assert list(titles(printed.outline)) == [
        (0, "目录"),
        (0, "首页"),
        (0, "5 部分"),
        (1, "5.1 题目"),
        (2, "尺寸"),
    ]
    assert printed.trailer["/Root"]["/MarkInfo"]["/Marked"] is True or printed.trailer["/Root"].get("/StructTreeRoot")


def test_the_outline_has_the_words_of_the_headings():
    """Chromium joins the lines of a heading, and says one that begins a sheet twice."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        with pdf.open_outline() as outline:
            said = ("A longheading", "OneOne", "Two", "Other")
            outline.root.extend(pikepdf.OutlineItem(title, 0) for title in said)
        pdf.save(made := io.BytesIO())
    mended = pypdf.PdfReader(io.BytesIO(tidied(made.getvalue(), ["A long heading", "One", "Two"])))
    assert [title for _, title in titles(mended.outline)] == ["A long heading", "One", "Two", "Other"]


@pytest.mark.browser
def test_every_page_says_something_and_what_is_said_can_be_copied(printed):
    pages = [" ".join(page.extract_text().split()) for page in printed.pages]
    assert len(pages) == 5, "cover, contents, home, part, topic"
    assert all(len(text.strip()) > 3 for text in pages)
    assert "小书" in pages[0] and "版本 1 · 2026-01-31" in pages[0]
    text = "".join(pages)
    assert "一句长长的中文，小而风凉。" in text and "n′ = 42" in text and "里面的话。" in text
    assert "hidden" not in text, "what is read to listeners is not printed twice"
    assert "成立的论断" in text and "卡片里的细节" not in text, "a card is its line"
    assert "图" in text and "¶" not in text


@pytest.mark.browser
def test_links_stay_in_the_document_or_say_their_address(printed):
    links = [one.get_object() for page in printed.pages for one in page.get("/Annots", ())]
    addresses = {str(one["/A"]["/URI"]) for one in links if "/A" in one and "/URI" in one["/A"]}
    assert addresses == {"https://example.org/a", "https://example.org/book/source/x.html"}
    assert len(links) - len([one for one in links if "/A" in one and "/URI" in one["/A"]]) >= 6, (
        "three listed, three said"
    )
    assert "别处 (https://example.org/a)" in "".join(page.extract_text() for page in printed.pages)


@pytest.mark.browser
def test_what_is_wider_than_the_sheet_is_made_to_fit(book, browser):
    folder, document = book
    page = browser.new_page(viewport={"width": print_pdf.WIDTH, "height": 900})
    page.route("**/*", lambda route: print_pdf.answer(route, document, folder))
    page.goto(print_pdf.ROOT)
    asked = {"root": print_pdf.ROOT, "address": "", "width": print_pdf.WIDTH}
    assert page.evaluate(print_pdf.SCRIPT.read_text("utf-8"), asked)["lost"] == []
    found = page.evaluate("() => document.querySelector('svg').getBoundingClientRect().right")
    ids = page.evaluate("() => [document.querySelector('use').getAttribute('href'), document.querySelector('path').id]")
    page.close()
    assert found <= print_pdf.WIDTH
    assert ids == ["#part-topic--p", "part-topic--p"]


def test_without_a_chromium_the_print_says_how_to_get_one(monkeypatch, tmp_path):
    monkeypatch.setattr(chromium, "find", lambda: None)
    with pytest.raises(print_pdf.PrintError, match="make chromium"):
        print_pdf.print_pdf("", tmp_path, tmp_path / "a.pdf")
