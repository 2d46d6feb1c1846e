"""How the book is found, shared and walked through: addresses, dates, feeds, pictures, paths, on a small book."""

import doctest
import html
import importlib
import io
import mimetypes
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from manuscript import ROOT
from reader import visit

sys.path.insert(0, str(ROOT / "hooks"))
import addresses
import at_root
import book
import changed
import cnnbook
import found
import share

OTHER = {"zh": "en", "en": "zh"}
SMALL = """INHERIT: {config}
nav: [{{Home: index.md}}, {{5 Part: [{{5.1 Topic: part/topic.md}}]}}]
hooks: [hooks/assets.py, hooks/found.py]
plugins: [search]
markdown_extensions: [toc, attr_list]
"""
PUBLIC = {lang: f"https://example.org/some/base/{lang}/" for lang in ("zh", "en")}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A book of two pages in two languages, with the book's own theme."""
    folder = tmp_path_factory.mktemp("small")
    for name in ("hooks", "theme"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "docs/assets/book", folder / "docs/assets/book")
    (folder / "results").mkdir()  # which mkdocs.yml watches
    for lang, config in (("zh", "mkdocs.yml"), ("en", "mkdocs.en.yml")):
        shutil.copy(ROOT / config, folder)
        (folder / f"small.{lang}.yml").write_text(SMALL.format(config=config), "utf-8")
        (folder / "docs" / lang / "part").mkdir(parents=True)
        for name in ("index", "part/topic"):
            words = f'---\ndescription: "About {name} & <more>"\n---\n\n# The title {{ #title }}\n\nWords.\n'
            (folder / f"docs/{lang}/{name}.md").write_text(words, "utf-8")
    return folder


def built(folder, variables: dict[str, str], *languages: str) -> list[dict[str, bytes]]:
    """Build languages strictly, in one process: what is then in the site of each."""
    sites = [folder / "site" / lang for lang in languages]
    parts = [part for lang, site in zip(languages, sites, strict=True) for part in (f"small.{lang}.yml", str(site))]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CNNBOOK_")}
    done = subprocess.run(
        [sys.executable, "-c", book.BUILD, *parts],
        cwd=folder, env={**plain, "NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1", **variables},
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    files = [[path for path in site.rglob("*") if path.is_file()] for site in sites]
    return [
        {path.relative_to(site).as_posix(): path.read_bytes() for path in found}
        for site, found in zip(sites, files, strict=True)
    ]


@pytest.fixture(scope="module")
def at_home(small):
    """Built with no variable set, outside any repository."""
    return built(small, {}, "zh")[0]


@pytest.fixture(scope="module")
def published(small):
    """Built for a public address from a repository."""
    where = {f"CNNBOOK_URL_{lang.upper()}": address for lang, address in PUBLIC.items()}
    who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
    date = {"GIT_COMMITTER_DATE": "2026-01-31T12:00:00+0100", "GIT_AUTHOR_DATE": "2020-01-01T00:00:00Z"}
    git = ("git", "-C", str(small), *who)
    for command in (["init", "-q"], ["add", "docs/zh/part"], ["commit", "-qm", "one"]):
        subprocess.run([*git, *command], check=True, env={**os.environ, **date})
    try:
        variables = {**where, "CNNBOOK_REPO": "https://github.com/them/book/"}
        yield dict(zip(("zh", "en"), built(small, variables, "zh", "en"), strict=True))
    finally:
        shutil.rmtree(small / ".git")


def attributes(page: bytes, tag: str, **wanted: str) -> list[dict[str, str]]:
    tags = [dict(re.findall(r'([\w:-]+)="([^"]*)"', one)) for one in re.findall(f"<{tag} [^>]*>", page.decode())]
    return [one for one in tags if all(one.get(name, "").strip() == value for name, value in wanted.items())]


@pytest.mark.parametrize("name", ["addresses", "changed", "share"])
def test_the_examples_run(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted and not result.failed


def test_a_book_at_home_tells_nobody_its_address(at_home):
    for name in ("index.html", "part/topic/index.html", "404.html"):
        page = at_home[name].decode()
        assert '<html lang="zh-CN"' in page and "127.0.0.1" not in page
        assert not attributes(at_home[name], "link", rel="canonical") and "og:" not in page
        assert {one["content"] for one in attributes(at_home[name], "meta", name="theme-color")} == {
            "#fbf9f4",
            "#15181e",
        }
    assert not any(name.startswith("share/") for name in at_home) and "changes.xml" not in at_home
    assert b"lastmod" not in at_home["sitemap.xml"] and b"hreflang" not in at_home["sitemap.xml"]
    assert b"http://127.0.0.1:8000/zh/part/topic/" in at_home["sitemap.xml"]  # by which the theme swaps pages


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("url", ["", "part/topic/"])
def test_a_published_page_names_itself_and_its_other_language(published, lang, url):
    page = published[lang][f"{url}index.html"]
    assert f'<html lang="{addresses.CODES[lang]}"'.encode() in page
    assert [one["href"] for one in attributes(page, "link", rel="canonical")] == [PUBLIC[lang] + url]
    links = {one["hreflang"]: one["href"] for one in attributes(page, "link", rel="alternate") if "hreflang" in one}
    default = PUBLIC["en"] + url if url else "https://example.org/some/base/"
    assert links == {"zh-CN": PUBLIC["zh"] + url, "en": PUBLIC["en"] + url, "x-default": default}
    assert b'rel="alternate"' not in page  # by which the theme would ask for sitemaps that there are not
    said = {one["property"]: one["content"] for one in attributes(page, "meta") if "property" in one}
    assert said["og:url"] == PUBLIC[lang] + url and "&lt;more&gt;" in said["og:description"]
    assert said["og:title"] == "5.1 Topic" if url else said["og:title"] == said["og:site_name"]
    name = said["og:image"].removeprefix(PUBLIC[lang])
    with Image.open(io.BytesIO(published[lang][name])) as picture:
        assert picture.size == (1200, 630) and picture.format == "PNG"
    assert len(published[lang][name]) < 60 * 1024


def test_the_sitemap_has_both_languages_and_what_is_known_of_dates(published):
    name = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    found = ET.fromstring(published["zh"]["sitemap.xml"].strip()).findall("s:url", name)
    assert [one.find("s:loc", name).text for one in found] == [PUBLIC["zh"], f"{PUBLIC['zh']}part/topic/"]
    assert [one.findtext("s:lastmod", None, name) for one in found] == [None, "2026-01-31"]
    links = [{link.get("hreflang"): link.get("href") for link in one.findall("x:link", name)} for one in found]
    assert links[1] == dict(addresses.alternates(PUBLIC, "part/topic/"))


def test_the_feed_has_the_pages_that_were_changed(published):
    (item,) = ET.fromstring(published["zh"]["changes.xml"]).findall("channel/item")
    assert item.findtext("link") == f"{PUBLIC['zh']}part/topic/" and item.findtext("title") == "5.1 Topic"
    assert item.findtext("pubDate") == "Sat, 31 Jan 2026 12:00:00 +0100"
    assert item.findtext("description") == "About part/topic & <more>"


def test_a_page_that_is_not_there_finds_its_assets_from_any_address(published):
    for lang, word in (("zh", "没有这一页"), ("en", "There is no such page")):
        page = published[lang]["404.html"].decode()
        assert word in page and f'<html lang="{addresses.CODES[lang]}"' in page
        links = [one["href"] for one in attributes(published[lang]["404.html"], "link", rel="stylesheet")]
        assert links and all(link.startswith(f"/some/base/{lang}/assets/") for link in links)
        assert f'href="/some/base/{lang}/../{OTHER[lang]}/"' in page


def test_dates_are_of_the_last_change_and_none_where_they_would_be_wrong(tmp_path, monkeypatch):
    answers = {"rev-parse": "false\n", "-c": "\0" + "2026-02-02\n\nb.md\n" + "\0" + "2026-01-01\n\na.md\nb.md\n"}
    monkeypatch.setattr(changed, "asked", lambda root, *question: answers[question[0]])
    assert changed.dates(tmp_path) == {}  # the repository, if any, is another's
    (tmp_path / ".git").mkdir()
    assert changed.dates(tmp_path) == {"b.md": "2026-02-02", "a.md": "2026-01-01"}
    for answer in ("true\n", ""):  # a history cut short; no git
        answers["rev-parse"] = answer
        assert changed.dates(tmp_path) == {}


def test_a_picture_without_a_chinese_font_has_what_is_latin(monkeypatch):
    monkeypatch.setattr(share, "chinese", lambda: None)
    assert share.readable("5.14.2 转置卷积") == "5.14.2" and share.readable("卷积，句句") == ""
    assert len(share.drawn("5.14.2 转置卷积", "卷积网络，句句可验", "a/b")) > 1000


def test_words_of_a_picture_stand_in_lines_that_fit():
    for words in (
        "5.16.3 Data distribution, and a title of many words",
        "一个很长很长的标题，长到一行写不下，还要再长一些",
    ):
        found = share.lines(words, 64)
        assert len(found) > 1 and "".join(found).replace(" ", "") == words.replace(" ", "")
        assert all(share.font(64, line).getlength(line) <= share.WIDTH for line in found)
        assert not any(line[0] in "，。" for line in found)


def test_the_root_says_what_the_book_is_and_where(tmp_path):
    page = at_root.at_root(ROOT, {})["index.html"].encode()
    (description,) = attributes(page, "meta", name="description")
    assert "每个论断" in description["content"] and "every claim is a test" in description["content"]
    assert len(attributes(page, "link", rel="icon")) == 1 and len(attributes(page, "meta", name="theme-color")) == 2
    assert not attributes(page, "link", rel="canonical") and b"127.0.0.1" not in page and b"og:" not in page
    where = {f"CNNBOOK_URL_{lang.upper()}": address for lang, address in PUBLIC.items()}
    page = at_root.at_root(ROOT, where)["index.html"].encode()
    assert [one["href"] for one in attributes(page, "link", rel="canonical")] == ["https://example.org/some/base/"]
    links = {one["hreflang"]: one["href"] for one in attributes(page, "link", rel="alternate")}
    assert links == dict(addresses.alternates(PUBLIC, "")) and links["x-default"] == "https://example.org/some/base/"
    with pytest.raises(ValueError, match=r"mkdocs.yml says no site_name"):
        (tmp_path / "mkdocs.yml").touch()
        at_root.at_root(tmp_path, {})


def test_the_root_of_a_host_shows_a_missing_page_whose_links_begin_at_the_books_root():
    where = {f"CNNBOOK_URL_{lang.upper()}": address for lang, address in PUBLIC.items()}
    for variables, base in (({}, "/"), (where, "/some/base/")):
        page = at_root.at_root(ROOT, variables)["404.html"]
        assert f'<base href="{base}">' in page and "location.replace" not in page
        assert page.index("<base") < page.index("<link") and "没有这一页" in page and "no such page" in page


def test_robots_may_read_all_and_are_led_to_the_sitemaps():
    assert at_root.robots({"zh": "", "en": "http://127.0.0.1:8000/en/"}) == "User-agent: *\nAllow: /\n"
    assert at_root.robots(PUBLIC).splitlines()[2:] == [f"Sitemap: {PUBLIC[lang]}sitemap.xml" for lang in ("zh", "en")]


@pytest.mark.browser
@pytest.mark.parametrize(("address", "lang", "shown"), [
    ("/deep/base/zh/no/such/", "zh-CN", "没有这一页"), ("/deep/base/en/no", "en", "There is no such page"),
    ("/some/base/nothing/at/all", "zh-CN", "没有这一页 There is no such page"),
])  # fmt: skip
def test_a_missing_page_is_in_the_language_of_its_address_under_any_base(browser, address, lang, shown):
    where = {f"CNNBOOK_URL_{name.upper()}": root for name, root in PUBLIC.items()}
    context = browser.new_context()
    context.route("**/*", lambda route: route.fulfill(status=404, content_type="text/html", body=page))
    page, tab = at_root.at_root(ROOT, where)["404.html"], context.new_page()
    tab.goto(f"https://site{address}")
    assert tab.evaluate("document.documentElement.lang") == lang and tab.locator("h1").inner_text() == shown
    base = address.partition("base/")[0] + "base/"
    links = tab.evaluate("[...document.links].filter((a) => a.checkVisibility()).map((a) => a.pathname)")
    assert links == [f"{base}{name}/" for name in ("zh", "en") if lang == addresses.CODES[name] or "nothing" in address]
    context.close()


def test_a_page_says_where_it_stands_and_the_cover_does_not(at_home):
    (path,) = re.findall(r'<nav class="md-path".*?</nav>', at_home["part/topic/index.html"].decode(), re.S)
    assert re.sub(r"<[^>]*>|\s", "", path) == "5Part5.1Topic" and 'aria-label="所在位置"' in path
    assert b"md-path" not in at_home["index.html"] + at_home["404.html"]


def foot(page: bytes) -> str:
    return "".join(re.findall(r'<footer class="book-foot">.*?</footer>', page.decode(), re.S))


def test_a_page_at_home_has_a_version_and_links_no_repository(at_home):
    page = at_home["part/topic/index.html"]
    assert foot(page) == "" and f"版本 {cnnbook.__version__}" in page.decode() and "源代码" not in page.decode()


@pytest.mark.parametrize(("lang", "words"), [("zh", "最后更新"), ("en", "Last changed")])
def test_a_page_says_when_it_was_changed_and_where_to_change_it(published, lang, words):
    page = published[lang]["part/topic/index.html"]
    links = [html.unescape(one["href"]) for one in attributes(foot(page).encode(), "a")]
    assert links[0] == f"https://github.com/them/book/edit/main/docs/{lang}/part/topic.md"
    issue = urlsplit(links[1])
    assert issue.path == "/them/book/issues/new" and parse_qs(issue.query)["title"] == ["5.1 Topic: "]
    assert f"{PUBLIC[lang]}part/topic/" in parse_qs(issue.query)["body"][0]
    assert (words in foot(page)) == (lang == "zh")  # the English page was never committed
    assert (b'datetime="2026-01-31"' in page) == (lang == "zh")
    assert b'href="https://github.com/them/book/"' in page  # beside the version


def test_the_source_of_a_lab_is_its_program():
    extra = {"addresses": PUBLIC, "repository": ""}
    config = SimpleNamespace(theme={"language": "zh"}, extra=extra, site_url=PUBLIC["zh"])
    lab = SimpleNamespace(src_uri="labs/convolution/standard.ipynb")
    assert (ROOT / found.Found(config, {}).source(lab)).is_file()


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_phone_the_name_of_the_book_is_whole_and_the_search_in_reach(browser, published, lang):
    context = browser.new_context(viewport={"width": 375, "height": 700})
    files = {f"/some/base/{lang}/{name}": body for name, body in published[lang].items()}
    context.route("**/*", lambda route: route.fulfill(**answer(files, urlsplit(route.request.url).path)))
    tab = context.new_page()
    visit(tab, f"{PUBLIC[lang]}part/topic/")
    boxes = tab.evaluate("""() => [".md-header__title", ".book-language", "label.md-header__button[for=__search]"]
      .map((name) => document.querySelector(name).getBoundingClientRect()).map(({ left, right }) => [left, right])""")
    assert boxes == sorted(boxes) and boxes[-1][1] <= 375 and boxes[0][1] <= boxes[1][0], boxes
    name = tab.locator(".md-header__topic .md-ellipsis").first
    assert name.evaluate("(box) => box.scrollHeight <= box.clientHeight + 1 && box.scrollWidth <= box.clientWidth + 1")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 375
    assert tab.evaluate("[...document.querySelectorAll('meta[name=theme-color]')].length") == 1  # that of the theme
    context.close()


def answer(files: dict[str, bytes], path: str) -> dict:
    name = path + "index.html" if path.endswith("/") else path
    if name not in files:
        return {"status": 404}
    return {"body": files[name], "content_type": mimetypes.guess_type(name)[0] or "application/octet-stream"}
