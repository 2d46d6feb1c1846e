"""Picture every page of the built site, to be looked at: python tools/screenshots.py FOLDER [PART OF AN ADDRESS …]

Both languages, light and dark, 1440 and 375 pixels wide: FOLDER/zh-convolution-standard-light-1440.png and so on.
With --readme instead of FOLDER, the two pictures of the READMEs, docs/screenshot-zh.png and docs/screenshot-en.png.
"""

import sys
import threading
from itertools import product
from pathlib import Path

from playwright.sync_api import sync_playwright

import chromium
from book import SITE, hosted


def pages() -> list[str]:
    """The addresses of all pages, relative to the root."""
    found = [path.parent.relative_to(SITE).as_posix() + "/" for path in sorted(SITE.rglob("index.html"))]
    return ["" if name == "./" else name for name in found]


def open_page(context, address: str):
    page = context.new_page()
    page.goto(address)  # until it is loaded: on a busy machine the network may be idle long before
    page.wait_for_load_state("networkidle")
    return page


def picture_all(browser, root: str, folder: Path, parts: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for scheme, width in product(("light", "dark"), (1440, 375)):
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, locale="zh-CN")
        for address in pages():
            if not parts or any(part in address for part in parts):
                name = address.strip("/").replace("/", "-") or "root"
                page = open_page(context, f"{root}/{address}")
                page.screenshot(path=folder / f"{name}-{scheme}-{width}.png", full_page=True)
                page.close()
        context.close()


def picture_readme(browser, root: str) -> None:
    for lang in ("zh", "en"):
        context = browser.new_context(color_scheme="light", viewport={"width": 1280, "height": 900})
        page = open_page(context, f"{root}/{lang}/convolution/transposed/")
        page.evaluate("scrollTo(0, document.querySelector('#by-hand').offsetTop - 20)")
        page.wait_for_timeout(300)
        page.screenshot(path=SITE.parent / f"docs/screenshot-{lang}.png")
        context.close()


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    httpd = hosted(0)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    root = f"http://127.0.0.1:{httpd.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.flags())
        if sys.argv[1] == "--readme":
            picture_readme(browser, root)
        else:
            picture_all(browser, root, Path(sys.argv[1]), sys.argv[2:])
        browser.close()


if __name__ == "__main__":
    main()
