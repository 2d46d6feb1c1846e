"""Pages as Markdown for programs, and the list of them: on made-up pages, and on the site as it is built."""

import doctest
import re
import sys

import pytest

from manuscript import LANGUAGES, ROOT

sys.path.insert(0, str(ROOT / "hooks"))
import llms
import plain_pages
from plain_pages import plain_page

CODE = '```python\nx = "<b>$1$"  # `a`\n\n\n\ny = 1 < 2\n```'
PAGE = f"""---
description: "About it"
---

# 5.1 A page {{ #page }}

It is so. <a class="book-badge no-terms" href="#claim-c" title="t"><svg a="b"><path/></svg><span class="book-unseen">\
Evidence: holds </span><span class="book-badge__effect">by tests</span></a> \
And $a<b$ and `<i>` &amp; more. [There](b.md#c)

<figure class="book-figure" id="fig-a"><div><svg viewBox="0"><text>drawn</text></svg></div><figcaption>\
<b>Figure 1</b>. \
What it shows.</figcaption></figure>

{CODE}

??? trap "A trap"

    Words.

    ```python
    indented = 1
    ```

<article class="book-claim" id="claim-c"><details><summary><b>holds</b> \
<span>Said.</span></summary><dl><div>\
<dt>Tests</dt><dd><a href="../../source/t.html#L1-2"><code>t</code></a></dd></div></dl></details>\
<a class="headerlink" href="#x">¶</a></article>

<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td><b>2</b></td></tr></tbody></table>

<img alt="A picture" src="a.webp#only-light"><img alt="A picture" src="b.webp#only-dark">
"""


@pytest.mark.parametrize("module", [plain_pages, llms], ids=lambda module: module.__name__)
def test_examples(module):
    assert doctest.testmod(module).failed == 0


def test_what_is_for_the_eye_goes_and_words_stay():
    found = plain_page(PAGE, "part/a.md")
    assert found.startswith(
        "# 5.1 A page\n\n> About it\n\nIt is so. [Evidence: holds by tests](#claim-c) And $a<b$ and"
    )
    assert "`<i>` & more. [There](../../part/b/index.html.md#c)" in found
    assert "drawn" not in found and "**Figure 1**. What it shows." in found
    assert CODE in found, "code stands as it stood"
    assert "**A trap**\n\nWords.\n\n```python\nindented = 1\n```" in found
    assert "- **holds** Said.\n\n- Tests: [`t`](../../source/t.html#L1-2)\n" in found and "¶" not in found
    assert "| a | b |\n|---|---|\n| 1 | **2** |" in found
    assert found.count("(A picture)") == 1, "of two copies, one"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_page_of_the_site_lies_there_as_markdown_and_is_listed(site, lang):
    folder = site.folder / lang
    listed = re.findall(r"^- \[.+?\]\((.*?)\)", (folder / "llms.txt").read_text("utf-8"), re.M)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("index.html.md")}
    assert set(listed) == there and len(listed) == len(there) > 50
    assert {f"{path.relative_to(folder).as_posix()}.md" for path in folder.rglob("index.html")} == there
    for name in there:
        page = (folder / name).read_text("utf-8")
        assert page.startswith("# ") and "<svg" not in page and "<article" not in page, name
        for link in re.findall(r"\]\(((?!\w+:)[^)#\s]*index\.html\.md)", page):
            assert (folder / name).parent.joinpath(link).is_file(), (name, link)
