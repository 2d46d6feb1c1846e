"""Picture every page of the built site, to be looked at: python tools/screenshots.py FOLDER [PART OF AN ADDRESS …]

Both languages, light and dark, 1440 and 375 pixels wide: FOLDER/zh-convolution-standard-light-1440.png and so on.
"""

import sys
import threading
from itertools import product
from pathlib import Path

from playwright.sync_api import sync_playwright

import chromium
from book import SITE, server


def pages() -> list[str]:
    """The addresses of all pages, relative to the root."""
    found = [path.parent.relative_to(SITE).as_posix() + "/" for path in sorted(SITE.rglob("index.html"))]
    return ["" if name == "./" else name for name in found]


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder, parts = Path(sys.argv[1]), sys.argv[2:]
    folder.mkdir(parents=True, exist_ok=True)
    httpd = server(0)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.flags())
        for scheme, width in product(("light", "dark"), (1440, 375)):
            context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, locale="zh-CN")
            page = context.new_page()
            for address in pages():
                if parts and not any(part in address for part in parts):
                    continue
                page.goto(f"http://127.0.0.1:{httpd.server_port}/{address}", wait_until="networkidle")
                name = address.strip("/").replace("/", "-") or "root"
                page.screenshot(path=folder / f"{name}-{scheme}-{width}.png", full_page=True)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
