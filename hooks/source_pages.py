"""What cards link to as pages: tests, code and results as highlighted source, with ways back to the claims they decide.

A page is named as its file is, below source/. The lines of a test that decides stand in an element whose id names them,
source/tests/a.py.html#L12-20, so that the browser marks them without a script. Without MkDocs.
"""

import html
import re
from pathlib import Path

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import JsonLexer, PythonLexer

import keeping
from addresses import CODES
from cnnbook.evidence.report import ClaimReport
from context import ROOT
from plain_code import plain
from sources import Lines, address, files_of, lines_of, name_of
from wording import inline

KEPT = ROOT / ".cache/source"
WORDS = {
    "zh": {"results": "实验结果", "tests": "测试", "src": "代码", "raw": "文件本身", "back": "回到论断：",
           "decided": "这个文件用于以下论断：", "numbers": "一行里的多个数，每个种子一个。"},
    "en": {"results": "Result", "tests": "Tests", "src": "Code", "raw": "The file itself",
           "back": "Back to the claim: ", "decided": "Claims that rest on this file:",
           "numbers": "Numbers in a row are one a seed."},
}  # fmt: skip
PAGE = """<!doctype html>
<html lang="{code}" data-md-color-scheme="default">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{path} · {book}</title>
<link rel="icon" href="{base}assets/book/favicon.svg">
<link rel="stylesheet" href="{base}assets/book/book.css">
<link rel="stylesheet" href="{base}assets/book/source.css">
<script src="{base}assets/book/source.js" data-base="{base}"></script>
</head>
<body class="source">
<header><a href="{base}index.html">{book}</a></header>
<main>
<p class="source__kind">{kind} · <a href="{base}{path}">{raw}</a></p>
<h1>{path}</h1>
{decided}
<div class="source__code highlight" tabindex="0"><code>{lines}</code></div>
</main>
</body>
</html>
"""
ROW = re.compile(r"\[\s+([^\[\]{}]*?)\s+\]")  # a list of JSON that holds no other


def lexed(path: str, text: str) -> list[str]:
    """The lines of a file as HTML."""
    lexer = JsonLexer() if path.endswith(".json") else PythonLexer(stripnl=False)
    return plain(highlight(text, lexer, HtmlFormatter(nowrap=True))).rstrip("\n").split("\n")


def shown(path: str, text: str) -> str:
    """The text as it is shown: a result has its numbers a row each, where the file has a line each."""
    return ROW.sub(lambda hit: f"[{' '.join(hit[1].split())}]", text) if path.endswith(".json") else text


def numbered(path: str, text: str) -> list[str]:
    """Each line in an element that is numbered by the style sheet, so that numbers are not copied."""
    name, key = path.replace("/", "-"), keeping.digest(path, text, Path(__file__).read_bytes())
    content = keeping.once(KEPT / f"{name}-{key}", lambda: "\n".join(lexed(path, shown(path, text))), f"{name}-*")
    return [f'<span id="L{at}">{line}\n</span>' for at, line in enumerate((content or "").split("\n"), 1)]


def marked(lines: list[str], tests: dict[Lines, list[str]], back: str) -> str:
    """The lines; those of a test that decides in an element of their own, above it the claims (as links)."""
    for (first, last), claims in tests.items():
        head = f'<span class="source__back">{back}{", ".join(claims)}</span>'
        lines[first - 1] = f'<span class="source__test" id="{name_of((first, last))}">{head}{lines[first - 1]}'
        lines[last - 1] += "</span>"
    return "".join(lines)


def page(path: str, text: str, claims: list[ClaimReport], lang: str, book: str, root: Path = ROOT) -> str:
    """The page of a file with the claims that rest on it."""
    words, base = WORDS[lang], "../" * (path.count("/") + 1)
    links = {claim.id: f'<a href="{base}{claim.topic}/#claim-{claim.id}">{claim.id}</a>' for claim in claims}
    tests: dict[Lines, list[str]] = {}
    for claim in claims:
        for test in claim.tests:
            if test.startswith(f"{path}::") and (lines := lines_of(test, root)):
                tests.setdefault(lines, []).append(links[claim.id])
    rows = [
        f'<li><a href="{base}{one.topic}/#claim-{one.id}">{inline(one.statement[lang])}</a>'
        f" <small>{one.verdict.words[lang]}</small></li>"
        for one in claims
    ]
    decided = f"<details{' open' if len(rows) < 4 else ''}><summary>{words['decided']}</summary><ul>{''.join(rows)}"
    decided += "</ul></details>" + (f"<p><small>{words['numbers']}</small></p>" if path.endswith(".json") else "")
    return PAGE.format(
        code=CODES[lang],
        path=html.escape(path),
        book=html.escape(book),
        base=base,
        kind=words[path.partition("/")[0]],
        raw=words["raw"],
        decided=decided,
        lines=marked(numbered(path, text), tests, words["back"]),
    )


def pages(claims: list[ClaimReport], lang: str, book: str, root: Path = ROOT) -> dict[str, str]:
    """The page of every file that cards link to, by its place in the site."""
    resting: dict[str, list[ClaimReport]] = {}
    for claim in claims:
        for path in files_of(claim):
            resting.setdefault(path, []).append(claim)
    there = ((path, of) for path, of in sorted(resting.items()) if (root / path).is_file())
    return {address(path): page(path, (root / path).read_text("utf-8"), of, lang, book, root) for path, of in there}
