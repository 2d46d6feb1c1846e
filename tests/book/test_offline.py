"""The offline book on a small site: links between files, the search, formulas, and no request but for files."""

import doctest
import json
import zipfile

import pytest

import print_offline
from reader import until

HEAD = '<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src \'self\'">'
CONFIG = {"base": "{base}", "features": ["navigation.instant", "navigation.top", "search.suggest"], "search": "w.js"}
PAGE = """<!doctype html><html lang="zh-CN"><head>{head}<link rel="stylesheet" href="{base}assets/book/a.css"></head>
<body><a class="book-language" href="../en/">English</a>
<div class="md-search" role="dialog"><div><form name="search"></form></div></div>
<article class="md-content__inner md-typeset">{words}</article>
<script id="__config" type="application/json">{config}</script>
<script src="{base}assets/book/book.js"></script></body></html>"""
PAGES = {
    "": '<h1 id="home">首页</h1><p>见<a id="there" href="part/topic/?a=1#size">尺寸</a></p>',
    "part/topic/": '<h1 id="topic">题目</h1><h2 id="size">输出尺寸</h2><p>卷积核每次移动两格。<span class="katex">'
    '<span class="katex-html">42</span></span></p><pre>code</pre><a id="home" href="../../">回去</a>',
}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """A site of two pages, zipped and unpacked."""
    site, out = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("out")
    for url, words in PAGES.items():
        base = "../" * url.count("/")
        config = json.dumps({**CONFIG, "base": base or "."})
        (site / url).mkdir(parents=True, exist_ok=True)
        page = PAGE.format(head=HEAD, base=base, words=words, config=config)
        (site / url / "index.html").write_text(page, "utf-8")
    (site / "assets/book").mkdir(parents=True)
    (site / "assets/book/a.css").write_text(".katex { color: rgb(1, 2, 3) }", "utf-8")
    (site / "assets/book/book.js").write_text('import("./a.mjs");\nwindow.ran = true;\n', "utf-8")
    (site / "assets/book/a.mjs").write_text("", "utf-8")
    (site / "sitemap.xml").write_text("", "utf-8")
    print_offline.zipped(print_offline.offline_files(site, "zh"), "book", out / "a.zip")
    print_offline.zipped(print_offline.offline_files(site, "zh"), "book", out / "b.zip")
    assert (out / "a.zip").read_bytes() == (out / "b.zip").read_bytes()
    with zipfile.ZipFile(out / "a.zip") as archive:
        archive.extractall(out)
    return out / "book"


def test_examples():
    assert doctest.testmod(print_offline).failed == 0


def test_what_asks_a_server_is_left_out(unpacked):
    names = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    assert names == {
        "index.html",
        "part/topic/index.html",
        "assets/book/a.css",
        "assets/book/book.js",
        "offline.js",
        "offline-index.js",
    }
    page = (unpacked / "index.html").read_text("utf-8")
    assert "navigation.instant" not in page and "search.suggest" not in page and '"navigation.top"' in page
    assert "Content-Security-Policy" not in page and "book-language" not in page and "md-search" not in page


@pytest.mark.browser
def test_a_reader_walks_and_searches_from_a_folder(unpacked, browser):
    tab = browser.new_page()
    problems, asked = [], []
    tab.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on("requestfailed", lambda request: problems.append(request.url))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto((unpacked / "index.html").as_uri())
    assert tab.evaluate("window.ran")
    tab.click("#there")
    assert tab.url.endswith("part/topic/index.html?a=1#size")
    assert tab.evaluate("getComputedStyle(document.querySelector('.katex')).color") == "rgb(1, 2, 3)"
    tab.click("#home")
    assert tab.url == (unpacked / "index.html").as_uri()
    tab.fill(".offline-search input", "移动两格")
    until(tab, "!document.querySelector('.offline-search ol').hidden")
    assert tab.inner_text(".offline-search li a").startswith("输出尺寸")
    tab.press(".offline-search input", "Enter")
    tab.wait_for_url("**/part/topic/index.html#size")
    tab.fill(".offline-search input", "没有的话")
    until(tab, "document.querySelector('.offline-search [role=status]').textContent === '没有找到'")
    tab.close()
    assert not problems and all(url.startswith("file:") for url in asked)
