"""Three ways to search the built book, on what readers type: tests/book/queries.toml.

    python tools/book.py build
    python benchmarks/search.py --out benchmarks/search.json

`book` is the book's own search. `lunr` is the theme's, given the same sections whole, with the names of what titles
speak of as keywords, and Chinese cut by jieba, which has the same names. `pagefind` is Pagefind with its default
ranking, given the same. Both are measured where `pip install jieba "pagefind[extended]"` has brought them. With
--old FOLDER the theme's search of another build is `before`, with its own index. Each answers all queries in one
Chromium; bytes are what is fetched for all of them.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import html
import json
import re
import shutil
import sys
import threading
from pathlib import Path

from report import write

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))
import asking
import chromium
from manuscript import ROOT
from server import Book, server

try:
    import jieba
    from pagefind.index import IndexConfig, PagefindIndex
except ImportError:
    jieba = PagefindIndex = None

PAGEFIND = """async ({ queries, address }) => {
  const pagefind = await import(address);
  const answers = [];
  for (const query of queries) {
    const start = performance.now();
    const found = await pagefind.search(query);
    const pages = await Promise.all(found.results.slice(0, 10).map((result) => result.data()));
    const items = pages.map(({ raw_url }) => [{ location: raw_url }]);
    answers.push({ query, items, ms: performance.now() - start });
  }
  return answers;
}"""


def cut(text: str) -> str:
    """Chinese in words, as the theme's search needs it."""
    return re.sub(r"[\u4e00-\u9fff]+", lambda run: "\u200b".join(["", *jieba.cut_for_search(run[0]), ""]), text)


async def index(folder: Path, lang: str) -> None:
    """Pagefind's index of the same sections, beside the site's own."""
    docs = asking.documents(folder)
    pages: dict[str, list[dict]] = {}
    for doc in docs:
        pages.setdefault(doc["location"].partition("#")[0], []).append(doc)
    async with PagefindIndex(IndexConfig(output_path=str(folder / "pagefind"), force_language=lang)) as made:
        for address, parts in pages.items():
            text = "".join(
                f'<{"h2" if i else "h1"} id="{part["location"].partition("#")[2]}">{html.escape(part["title"])}'
                f"</{'h2' if i else 'h1'}><p>{html.escape(part['text'])}</p>"
                for i, part in enumerate(parts)
            )
            body = f'<main data-pagefind-body data-pagefind-weight="{parts[0]["boost"]}">{text}</main>'
            await made.add_html_file(content=f"<html><body>{body}</body></html>", url=f"/{address}")
        await made.write_files()


def measure(tab, name: str, folder: Path, lang: str, site: str) -> dict[str, object]:
    """One way, one language."""
    wanted = asking.queries()[lang]
    tab.goto(f"{site}{lang}/", wait_until="networkidle")
    fetched = []
    tab.context.on("requestfinished", lambda request: fetched.append(request.sizes()["responseBodySize"]))
    if name == "pagefind":
        address = f"{site}{lang}/pagefind/pagefind.js"
        answers = tab.evaluate(PAGEFIND, {"queries": [*wanted], "address": address})
    elif name == "lunr":
        worker = next((folder / "assets/javascripts/workers").glob("search.*.min.js"))
        config = json.loads((folder / "search/search_index.json").read_text("utf-8"))["config"]
        config["separator"] = r'[\s\u200b\u3000\-_、，。：；．！？（）「」《》()\[\]{}=,:;!?/"]+'
        docs = [doc | {key: cut(doc[key]) for key in ("title", "text")} for doc in asking.documents(folder)]
        whole = {"config": config, "docs": docs}
        answers = asking.ask(tab, [*wanted], f"{site}{lang}/{worker.relative_to(folder).as_posix()}", whole)
    else:
        answers = asking.ask(tab, [*wanted])
    row = {"search": name, "language": lang, **asking.judged(answers, wanted)}
    tab.wait_for_timeout(300)
    row["bytes"] = sum(fetched)
    if name == "lunr":  # given from here
        row["bytes"] += len(gzip.compress(json.dumps(whole, ensure_ascii=False).encode()))
    print(row, flush=True)
    return row


def main() -> None:
    """Measure and write."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/search.json")
    parser.add_argument("--old", type=Path, help="the site of an earlier build")
    args = parser.parse_args()
    ways = [("book", ROOT / "site")]
    if PagefindIndex:
        ways += [("lunr", ROOT / "site"), ("pagefind", ROOT / "site")]
        for name in (name for called in asking.names() for name in called):
            jieba.add_word(name)
        for lang in ("zh", "en"):  # not while Playwright runs
            asyncio.run(index(ROOT / "site" / lang, lang))
    ways += [("before", args.old)] if args.old else []
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.flags())
        for name, folder in ways:
            httpd = server(0, Book(folder, ("zh", "en")))
            threading.Thread(target=httpd.serve_forever, daemon=True).start()
            for lang in ("zh", "en"):
                tab = browser.new_page()
                rows.append(measure(tab, name, folder / lang, lang, f"http://127.0.0.1:{httpd.port}/"))
                tab.close()
            httpd.shutdown()
        browser.close()
    for lang in ("zh", "en"):
        shutil.rmtree(ROOT / "site" / lang / "pagefind", ignore_errors=True)
    write(args.out, "search", rows, {"queries": asking.QUERIES.relative_to(ROOT).as_posix()})


if __name__ == "__main__":
    main()
