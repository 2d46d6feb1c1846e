"""The site as built: links lead somewhere, nothing comes from another host, notebooks open."""

import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import nbformat
import pytest
from PIL import Image

import maths
from built import LIMIT, Site
from manuscript import LANGUAGES, ROOT, fences, formulas, lab_cells, labs, macros, pages, source

FETCHED = {("script", "src"), ("img", "src"), ("source", "src"), ("iframe", "src"), ("video", "src"), ("audio", "src")}
SITE = "https://site/"
MOST_ELEMENTS = 4000
LARGEST_PICTURE = 250 * 1024
CSS_LINK = re.compile(r"(?:url\(\s*|@import\s+)[\"']?([^\"')#]+)")
FETCHED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "preconnect", "dns-prefetch"}


class Page(HTMLParser):
    """The ids of a page, where its links lead, and what it fetches."""

    def __init__(self, text: str):
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[tuple[int, str]] = []
        self.fetched: list[tuple[int, str]] = []
        self.classes: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values, line = dict(attributes), self.getpos()[0]
        self.ids.update(filter(None, (values.get("id"), values.get("name") if tag == "a" else None)))
        self.classes.append(values.get("class") or "")
        if tag == "a" and values.get("href"):
            self.links.append((line, values["href"]))
        self.fetched += [(line, values[name]) for element, name in FETCHED if element == tag and values.get(name)]
        if tag == "link" and set((values.get("rel") or "").split()) & FETCHED_LINKS:
            self.fetched.append((line, values["href"]))

    handle_startendtag = handle_starttag


@cache
def parsed(path: Path) -> Page:
    return Page(path.read_text("utf-8"))


def target(folder: Path, address: str) -> Path:
    """The file that an address of the site stands for."""
    path = folder / unquote(address).lstrip("/")
    return path / "index.html" if path.is_dir() else path


def broken(folder: Path) -> list[str]:
    """Links and assets that lead nowhere, and assets from elsewhere."""
    found = []
    for path in sorted(folder.rglob("*.html")):
        here, page = path.relative_to(folder).as_posix(), parsed(path)
        base = SITE + here.removesuffix("index.html")
        for line, link in page.links + page.fetched:
            address = urlsplit(urljoin(base, link))
            if address.scheme in ("data", "mailto"):
                continue
            if address.netloc != "site":
                found += [f"{here}:{line}: fetched from another host: {link}"] if (line, link) in page.fetched else []
                continue
            file, fragment = target(folder, address.path), unquote(address.fragment)
            if not file.is_file():
                found.append(f"{here}:{line}: leads nowhere: {link}")
            elif fragment and file.suffix == ".html" and fragment not in parsed(file).ids:
                found.append(f"{here}:{line}: no such place: {link}")
    for path in sorted(folder.rglob("*.css")):
        here = path.relative_to(folder).as_posix()
        for link in CSS_LINK.findall(path.read_text("utf-8")):
            address = urlsplit(urljoin(SITE + here, link))
            if address.scheme != "data" and not (address.netloc == "site" and target(folder, address.path).is_file()):
                found.append(f"{here}: leads nowhere: {link}")
    return found


# Markdown that was not taken for such, and that a reader would see in the midst of text: a row, an item, a heading.
CODE_OR_DRAWING = re.compile(r"<(pre|script|style|svg|math|code)\b.*?</\1>", re.S)
PARAGRAPH = re.compile(r"<(p|li|td|dd|summary)\b[^>]*>((?:(?!<(?:p|li|ul|ol|table|div|details)\b).)*?)</\1>", re.S)
MARKUP = re.compile(r"^ *(?:\|.*\||[-*] \S.*|\d+\. \S.*|#{1,6} .*|(?:!!!|\?\?\?\+?|===) .*|```.*)$", re.M)


def left_over(page: str) -> list[str]:
    return [hit[0] for text in PARAGRAPH.finditer(CODE_OR_DRAWING.sub("", page)) for hit in MARKUP.finditer(text[2])]


def test_no_markdown_is_left_to_be_read(site):
    assert left_over("<p>a\n- <b>c</b></p><p>| a | b |\n|---|---|</p>") == ["- <b>c</b>", "| a | b |", "|---|---|"]
    assert left_over("<p>a - b</p><ul><li>c</li></ul><pre>- d</pre><td>+ 1 |</td>") == []
    pages = {path: left_over(path.read_text("utf-8")) for path in sorted(site.folder.rglob("index.html"))}
    assert len(pages) > 150
    assert not (found := {path: texts for path, texts in pages.items() if texts}), found


# A space between Han characters, as a macro leaves that answers in Chinese (奈特) where its author thought of a number.
GAP = re.compile(r".?[\u4e00-\u9fff](?:</a>)?(?:</span>)? (?:<a (?!class=.md-button)[^>]*>)?[\u4e00-\u9fff]")


def gaps(page: str) -> list[str]:
    return [hit[0] for text in PARAGRAPH.finditer(CODE_OR_DRAWING.sub("", page)) for hit in GAP.finditer(text[2])]


def test_chinese_has_no_gaps(site):
    assert gaps("<p>0.8 奈特 升到</p><p><span><a>奈特</a></span> 升到</p>") == ["奈特 升", "奈特</a></span> 升"]
    assert gaps('<p>在 <a href="#a">图 1</a>里</p>') == ['在 <a href="#a">图']
    assert gaps("<p>0.8 奈特，见<a>图 1</a> 与 2 处 b</p><pre>很 好</pre><code>我 们</code>") == []
    paths = [path for path in (site.folder / "zh").rglob("index.html") if "source" not in path.parts]
    found = {path: said for path in paths if (said := gaps(path.read_text("utf-8")))}
    assert len(paths) > 80 and not found, found


def test_every_link_leads_somewhere_and_nothing_comes_from_elsewhere(site: Site):
    assert not (found := broken(site.folder)), "\n".join(found)


def test_a_broken_link_is_found(tmp_path):
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh/style.css").write_text("a { src: url(font.woff2); background: url(data:x) }", "utf-8")
    (tmp_path / "index.html").write_text('<p id="here"></p><a href="zh/#there">', "utf-8")
    (tmp_path / "zh/index.html").write_text(
        '<p id="there"></p><a href="../#here">\n<a href="../#there">\n<a href="x.ipynb"><img src="data:x">\n'
        '<script src="//cdn.org/a.js">\n</script><link rel="stylesheet" href="style.css"><link rel="me" href="http://a.b">',
        "utf-8",
    )
    assert broken(tmp_path) == [
        "zh/index.html:2: no such place: ../#there",
        "zh/index.html:3: leads nowhere: x.ipynb",
        "zh/index.html:4: fetched from another host: //cdn.org/a.js",
        "zh/style.css: leads nowhere: font.woff2",
    ]


def test_the_root_links_both_languages_without_javascript(site: Site):
    root = parsed(site.folder / "index.html")
    assert {link for _, link in root.links} == {"zh/", "en/"}
    assert {link for _, link in root.fetched} == {"zh/assets/book/favicon.svg"}


def test_every_page_is_built_in_both_languages(site: Site):
    built = {
        lang: {p.relative_to(site.folder / lang) for p in (site.folder / lang).rglob("*.html")} for lang in LANGUAGES
    }
    sources = {path for path in built["zh"] if path.parts[0] == "source"}  # what cards link to
    assert sources <= built["en"]
    built = {lang: paths - sources for lang, paths in built.items()}
    modules = [path for path in built["zh"] if path.parts[0] == "reference" and len(path.parts) > 2]
    assert len(modules) > 30 and built["zh"] == built["en"]
    assert len(built["zh"]) == len(pages("zh")) + len(labs()) + len(modules) + 1  # 404.html


@cache
def rendered() -> dict[str, list[str]]:
    """What the build made of each formula's TeX, within a line and displayed."""
    found: dict[str, list[str]] = {}
    for (_, tex), made in maths.kept().items():
        found.setdefault(tex, []).append(made)
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", pages("zh"))
def test_formulas_and_fences_arrive_as_they_were_written(site: Site, lang, name):
    """Macros leave TeX alone, and no code stands on a page outside a fence, where it would not be tested."""
    text = source(lang, name).read_text("utf-8")
    built = site.folder / lang / ("" if name == "index" else name) / "index.html"
    shown = built.read_text("utf-8")
    assert not [tex for tex in formulas(text) if not any(made in shown for made in rendered().get(tex, ()))]
    blocks = [
        words for words in parsed(built).classes if re.search(r"(^| )highlight( |$)", words) and "doc" not in words
    ]
    if "::: " not in text:  # mkdocstrings shows signatures as code
        kinds = [fence.info for fence in fences(text)]
        kinds += ["python"] * 2 * sum(macro == "exercise" for macro, _ in macros(text))  # its stub and its solution
        assert sorted(blocks) == sorted(f"language-{kind} highlight" for kind in kinds)


class Elements(HTMLParser):
    """The elements of a page as a browser keeps them that runs scripts: what stands in a <noscript> is one text."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[str] = []
        self.held = False  # in what is one text
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if not self.held:
            self.tags.append(tag)
            self.held = tag == "noscript"

    def handle_endtag(self, tag):
        self.held = self.held and tag != "noscript"


def test_elements_are_counted_as_a_browser_keeps_them():
    html = "<p>a<br>b<noscript><i>c</i></noscript><b>d</b>"
    html += '<span class="katex"><i>x</i><svg/></span><i>y</i>'
    assert Elements(html).tags == ["p", "br", "noscript", "b", "span", "i", "svg", "i"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_is_of_many_elements(site: Site, lang):
    counts = {
        path.parent.relative_to(site.folder).as_posix(): len(Elements(path.read_text("utf-8")).tags)
        for path in (site.folder / lang).rglob("index.html")
    }
    many = {name: count for name, count in counts.items() if count > MOST_ELEMENTS}
    assert len(counts) > 80 and not many


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_reference_is_english_by_module_and_without_private_names(site: Site, lang):
    found = sorted((site.folder / lang / "reference").rglob("*/index.html"))
    assert len(found) > 30
    for path in found:
        text, names = path.read_text("utf-8"), parsed(path).ids
        assert not [name for name in names if re.search(r"\._|__all__", name)], path
        assert [name for name in names if name.startswith("cnnbook.")], path
        module = re.search(r'<div class="doc doc-object doc-module"([^>]*)>', text)
        assert ('lang="en"' in module[1]) == (lang == "zh"), path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pictures_of_labs_are_files_fetched_when_near(site: Site, lang):
    shown = 0
    for path in (site.folder / lang / "labs").rglob("index.html"):
        text = path.read_text("utf-8")
        assert "data:image/png" not in text, path
        for picture in re.findall(r'<img alt="[^"]*" src="\d[^>]*>', text):
            name, scheme = re.search(r'src="([\w-]+\.webp)#only-(light|dark)"', picture).groups()
            assert 'loading="lazy"' in picture and (path.parent / name).stat().st_size < LARGEST_PICTURE, name
            with Image.open(path.parent / name) as image:
                assert f'width="{image.width}" height="{image.height}"' in picture
            shown += scheme == "dark"
    assert shown > 20


def test_every_drawing_that_was_put_aside_is_back(site: Site):
    pages = {path: path.read_text("utf-8") for path in site.folder.rglob("index.html")}
    assert not [str(path) for path, text in pages.items() if "data-aside" in text]
    assert sum(text.count('<figure class="book-figure"') for text in pages.values()) > 100


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", labs(), ids=lambda path: path.stem)
def test_notebooks_lie_beside_their_pages_in_one_language(site: Site, lang, path):
    folder = site.folder / lang / path.relative_to(ROOT / "docs").with_suffix("")
    file = folder / f"{path.stem}.ipynb"
    assert file.name in [link for _, link in parsed(folder / "index.html").links]
    notebook = nbformat.read(file, 4)
    nbformat.validate(notebook)
    cells = [info for _, info, _ in lab_cells(path.read_text("utf-8")) if "lang=" not in info or f'"{lang}"' in info]
    assert notebook.cells.pop(0).id == "install"
    begin = next(place for place, cell in enumerate(notebook.cells) if cell.id == "write")  # the topic's exercises
    asked, notebook.cells = notebook.cells[begin + 1 :], notebook.cells[:begin]
    assert len(asked) >= 6 and all(cell.metadata.tags == ["exercise"] for cell in asked)
    assert [cell.cell_type for cell in notebook.cells] == ["markdown" if "[markdown]" in i else "code" for i in cells]
    words = "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert bool(re.search("[\u4e00-\u9fff]", words)) == (lang == "zh")
    assert any(cell.get("outputs") for cell in notebook.cells) and "lang" not in json.dumps(notebook.cells[0].metadata)


def test_a_warm_build_takes_little_cpu_for_each_page(site: Site):
    if not site.cpu:
        pytest.skip("this system does not count the CPU of children")
    assert site.cpu < LIMIT, f"{site.cpu:.1f} s"


def test_no_build_hides_its_warnings():
    """`mkdocs build --strict -q` always passes: -q also hides the warnings that --strict counts."""
    files = [ROOT / "Makefile", *(ROOT / "tools").glob("*.py"), *(ROOT / ".github").rglob("*.y*ml"), ROOT / ".ci/run"]
    for path in filter(Path.is_file, files):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            quiet = re.search(r"mkdocs\b.*\bbuild\b.*\s(-\w*q\w*|--quiet)\b|\"(-q|--quiet)\"", line)
            assert not quiet, f"{path}:{number}: a quiet build passes whatever it finds: {line.strip()}"
