"""A language of the site as a zip that works from a folder: file:// addresses, with search and formulas.

Links end in index.html, pages are loaded each by itself, and a search of its own (offline.js) takes the place of the
site's, which asks a server for its index. Interactive figures stay the pictures that stand in for them: browsers take
no modules from files.
"""

import html
import io
import json
import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from cnnbook.files import write_whole
from print_pages import ARTICLE, article

LEFT_OUT = re.compile(
    r"^(404\.html|sitemap\.|search/|share/|carry/|changes\.xml|llms\.txt|assets/widgets/)|\.html\.md$|\.mjs$"
)
LINK = re.compile(r'(?<= )(href|src)="([^"]*)"')
GONE = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>|<link rel="alternate ?"[^>]*>')
CONFIG = re.compile(r'(<script id="__config"[^>]*>)(.*?)(</script>)', re.S)
OTHER = re.compile(
    r'<a class="book-language".*?</a>|<label class="md-header__button md-icon" for="__search">.*?</label>', re.S
)
HEADING = re.compile(r"<h([1-3]) id=\"([^\"]+)\"[^>]*>(.*?)</h\1>", re.S)
UNREAD = re.compile(
    r'<(svg|script|style|pre|form)\b.*?</\1>|<a class="headerlink".*?</a>'
    r'|<span class="katex-html".*?(?=</span></span>)',
    re.S,
)
SCRIPT = Path(__file__).with_name("offline.js")
WORDS = {
    "zh": {"search": "搜索", "none": "没有找到", "found": "处"},
    "en": {"search": "Search", "none": "Nothing found", "found": "found"},
}
FORM = (
    '<form class="offline-search" role="search" data-base="{base}" data-none="{none}" data-found="{found}">'
    '<input type="search" placeholder="{search}" aria-label="{search}" autocomplete="off"><div role="status"></div>'
    "<ol hidden></ol></form>"
)
NO_MODULES = "const bookModules = () => new Promise(() => {}); // a browser takes no modules from files\n"


def at_file(address: str) -> str:
    """A link as a browser follows it among files: to index.html where a server would choose that.

    >>> [at_file(one) for one in ("../", "a/?b=1#c", "#d", "a.png", ".", "https://e.org/", "")]
    ['../index.html', 'a/index.html?b=1#c', '#d', 'a.png', './index.html', 'https://e.org/', '']
    """
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path:
        return address
    path = parts.path
    if posixpath.basename(path) in (".", ".."):
        path += "/"
    return urlunsplit(("", "", f"{path}index.html" if path.endswith("/") else path, parts.query, parts.fragment))


def without(page: str, opening: str) -> tuple[str, str]:
    """A page before and after the <div> that begins so; all of it before where there is none."""
    at = page.find(opening)
    if at < 0:
        return page, ""
    depth = 0
    for tag in re.finditer(r"<div\b|</div>", page[at:]):
        depth += 1 if tag[0] == "<div" else -1
        if depth == 0:
            return page[:at], page[at + tag.end() :]
    raise ValueError(f"{opening} is not closed")


def offline_page(page: str, url: str, lang: str) -> str:
    """A page of the site as a page among files."""

    def plain(hit: re.Match) -> str:
        says = json.loads(hit[2])
        says["features"] = [one for one in says["features"] if not one.startswith(("navigation.instant", "search."))]
        return hit[1] + json.dumps(says, ensure_ascii=False) + hit[3]

    base = "../" * url.count("/")
    page = OTHER.sub("", CONFIG.sub(plain, GONE.sub("", page)))
    before, after = without(page, '<div class="md-search"')
    if after:
        form = FORM.format(base=base, **WORDS[lang])
        page = f"{before}{form}{after}".replace("</body>", f'<script src="{base}offline.js"></script></body>')
    return LINK.sub(lambda hit: f'{hit[1]}="{html.escape(at_file(html.unescape(hit[2])))}"', page)


def words_of(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", UNREAD.sub(" ", text))).split())


def sections(page: str, url: str) -> Iterator[tuple[str, str, str, str]]:
    """The address, title and text of each section of a page, and the page's title.

    >>> list(sections('<article class="md-content__inner"><h1 id="a">A</h1><p>b <b>c</b></p></article>', "p/"))
    [('p/index.html#a', 'A', 'b c', 'A')]
    """
    inner = article(page)
    heads = list(HEADING.finditer(inner))
    for at, head in enumerate(heads):
        end = heads[at + 1].start() if at + 1 < len(heads) else len(inner)
        yield f"{url}index.html#{head[2]}", words_of(head[3]), words_of(inner[head.end() : end]), words_of(heads[0][3])


def offline_files(site: Path, lang: str) -> Iterator[tuple[str, bytes]]:
    """The files of the zip, by name."""
    index = []
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if not path.is_file() or LEFT_OUT.search(name):
            continue
        if path.suffix == ".html":
            page = path.read_text("utf-8")
            url = name.removesuffix("index.html") if path.name == "index.html" else name
            if ARTICLE in page:
                index += sections(page, url)
            yield name, offline_page(page, url, lang).encode()
        elif path.suffix == ".js" and name.startswith("assets/book/"):
            script = path.read_text("utf-8")
            loads = re.search(r"\bimport\(", script)
            yield name, (NO_MODULES * bool(loads) + re.sub(r"\bimport\(", "bookModules(", script)).encode()
        else:
            yield name, path.read_bytes()
    yield "offline.js", SCRIPT.read_bytes()
    yield "offline-index.js", f"window.offlineIndex = {json.dumps(index, ensure_ascii=False)};\n".encode()


def zipped(files: Iterator[tuple[str, bytes]], folder: str, place: Path) -> None:
    """Pack files into a zip, below one folder; the same files give the same zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(f"{folder}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    write_whole(place, packed.getvalue())
