"""A language of the book as one PDF, by Chromium: with an outline, tags for those who listen, and page numbers."""

import mimetypes
from pathlib import Path
from urllib.parse import unquote, urlsplit

import chromium
from cnnbook.files import write_whole
from print_tidy import tidied

ROOT = "http://book.invalid/"  # no such host: what the document asks for comes from the site's folder
SCRIPT = Path(__file__).with_name("print_pages.js")
WIDTH = 657  # CSS pixels between the margins of print.css: 210 mm less 36
FOOT = '<div style="width:100%;font:8pt sans-serif;text-align:center;color:#666"><span class="pageNumber"></span></div>'


class PrintError(Exception):
    """A print that cannot be made here; the message says what to install."""


def browser_path() -> str:
    """The path of a Chromium.

    Raises:
        PrintError: there is none.
    """
    if not (path := chromium.find()):
        raise PrintError(f"{chromium.MISSING} Or run: make chromium")
    return path


def answer(route, document: str, site: Path) -> None:
    """Give Chromium the document and the files of the site, and nothing else."""
    path = unquote(urlsplit(route.request.url).path).lstrip("/")
    file = (site / path).resolve()
    if not route.request.url.startswith(ROOT):
        route.abort()
    elif not path:
        route.fulfill(body=document, content_type="text/html; charset=utf-8")
    elif file.is_relative_to(site.resolve()) and file.is_file():
        route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "text/plain")
    else:
        route.abort()


def sheets(browser, document: str, site: Path, address: str = "") -> bytes:
    """The PDF of a document of print_pages.document; ``address`` is that of the published book, if there is one.

    Raises:
        PrintError: a link of the document leads nowhere in it.
    """
    page = browser.new_page(viewport={"width": WIDTH, "height": 900}, reduced_motion="reduce")
    try:
        page.set_default_timeout(300_000)
        page.emulate_media(media="print", color_scheme="light")
        page.route("**/*", lambda route: answer(route, document, site))
        page.goto(ROOT)
        found = page.evaluate(SCRIPT.read_text("utf-8"), {"root": ROOT, "address": address, "width": WIDTH})
        if found["lost"]:
            raise PrintError(f"links of the document lead nowhere in it: {', '.join(found['lost'][:5])}")
        page.evaluate("() => Promise.all([document.fonts.ready, ...[...document.images].map((one) => one.decode())])")
        content = page.pdf(
            prefer_css_page_size=True,
            outline=True,
            tagged=True,
            print_background=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=FOOT,
        )
    finally:
        page.close()
    return tidied(content, found["titles"])


def print_pdf(document: str, site: Path, place: Path, address: str = "") -> None:
    """Print a document with a Chromium of its own.

    Raises:
        PrintError: there is no Chromium, or a library is missing; or a link of the document leads nowhere in it.
    """
    path = browser_path()
    try:
        import pikepdf  # noqa: F401 (print_tidy)
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise PrintError(f"{error.name} is missing: pip install {error.name}, or make install") from None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.flags())
        try:
            write_whole(place, sheets(browser, document, site, address))
        finally:
            browser.close()
