"""Finish the pages that Zensical has rendered, as the hooks finish those of MkDocs: plain code, the language of the
reference, terms, formulas, and the policy of what a page may run.
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "hooks"))
import maths
import policy
from aside import put_back
from glossary import has_marks, mark
from plain_code import plain
from reference import in_english

TEXT = re.compile(r"<!--page-->(.*)<!--/page-->", re.S)  # theme/zensical/main.html


def source(url: str) -> str:
    """The source of a page in the manuscript.

    >>> source("part/topic/"), source("labs/part/topic/"), source("")
    ('part/topic.md', 'labs/part/topic.ipynb', 'index.md')
    """
    return f"{url.rstrip('/') or 'index'}.{'ipynb' if url.startswith('labs/') else 'md'}"


def text(html: str, url: str, lang: str) -> str:
    """The text of a page, as it is to be read."""
    uri = source(url)
    html = in_english(plain(put_back(html)), uri, lang)
    return mark(html, lang, f"{'../' * url.count('/')}glossary/", uri) if has_marks(uri) else html


def finish(site: Path, lang: str) -> None:
    """Finish all pages of a language's site."""
    pages, wanted = {}, {}
    for path in sorted(site.rglob("*.html")):
        url = path.relative_to(site).as_posix().removesuffix("index.html")
        pages[path] = TEXT.sub(lambda hit, url=url: text(hit[1], url, lang), path.read_text("utf-8"))
        for hit in maths.MARKED.finditer(pages[path]):
            wanted.setdefault(maths.formula(hit), source(url))
    known = maths.rendered(lang, wanted)
    words = policy.policy(script for page in pages.values() for script in policy.inline(page))
    for path, page in pages.items():
        path.write_text(policy.declaring(maths.filled(page, known), words), "utf-8", newline="\n")
