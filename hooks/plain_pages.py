"""A page of the manuscript as Markdown for programs that read: no drawings, no marks of the site, cards as text.

Captions and descriptions stay where figures stood. What is between tags is never changed but for its entities; code and
formulas are never changed.
"""

import html
import posixpath
import re

from context import url_of

NAME = "index.html.md"  # beside a page's index.html, as llmstxt.org has it
FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.S)
BOX = re.compile(r'(?P<indent> *)(?:\?\?\?\+?|!!!|===)(?: +[\w-]+)*(?: +"(?P<title>.*)")? *')
KEPT = re.compile(
    r"^(?P<indent> *)(?P<mark>`{3,}).*?^(?P=indent)(?P=mark) *$"  # a fence
    r"|(?P<quote>`+)(?!`)[^\n]+?(?<!`)(?P=quote)(?!`)|\$\$.+?\$\$"
    r"|(?<![\\$\w])\$(?:[^$\n<]|<(?!/?[a-z][\w-]*[ />]))+\$(?!\$)",
    re.S | re.M,
)
GONE = re.compile(
    r"<!--.*?-->|<(svg|script|form|select|audio|button|output|style)\b.*?</\1>|<input[^>]*>"
    r'|<a class="headerlink".*?</a>|<img [^>]*#only-dark"[^>]*>|<span class="book-stacked".*?</span>',
    re.S,
)
PRINTED = re.compile(r"<pre[^>]*>(.*?)</pre>", re.S)
ATTRIBUTES = re.compile(r"(?<=[ \n\])`])\{:? *[.#][^}\n]*\}")
PICTURE = re.compile(r'<img [^>]*?alt="([^"]*)"[^>]*>|<div role="img" aria-label="([^"]*)">')
PAGE = re.compile(r"\]\((?!\w+:)([^)#\s]+\.(?:md|ipynb))(#[^)\s]*)?\)")
LINK = re.compile(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.S)
ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.S)
CELL = re.compile(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", re.S)
TABLE = re.compile(r"<table[^>]*>(.*?)</table>", re.S)
MARKS = (  # what stands for a tag
    (re.compile(r"</?code[^>]*>"), "`"),
    (re.compile(r"<(?:b|strong)\b[^>]*>(.*?)( *)</(?:b|strong)>", re.S), r"**\1**\2"),
    (re.compile(r"</?(?:em|cite)\b[^>]*>"), "*"),
    (re.compile(r"<sup>"), "^"),
    (re.compile(r"</dt>\s*<dd[^>]*>"), ": "),
    (re.compile(r"<(?:li|dt|article)\b[^>]*>"), "\n- "),
    (re.compile(r"<summary[^>]*>|</summary>|</?(?:p|div|ul|ol|dl|details|figure|figcaption)\b[^>]*>"), "\n\n"),
    (re.compile(r"<br ?/?>"), " "),
    (re.compile(r"</?[a-z][\w-]*(?: [^<>]*)?/?>"), ""),
)


def head_of(text: str, name: str) -> str:
    """A line of a page's front matter, or nothing.

    >>> head_of('---\\ndescription: "A: b"\\n---\\n', "description")
    'A: b'
    """
    front = FRONT.match(text)
    found = re.search(rf"^{name}: *(\"?)(.*?)\1 *$", front[1], re.M) if front else None
    return found[2] if found else ""


def unboxed(text: str) -> str:
    """Boxes as paragraphs: the title in bold, then what is in it, no longer indented.

    >>> unboxed('??? trap "Why"\\n\\n    Because.\\n\\nNext.')
    '**Why**\\n\\nBecause.\\n\\nNext.'
    """
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        if box := BOX.fullmatch(lines[at]):
            lines[at] = f"{box['indent']}**{box['title']}**" if box["title"] else ""
            inner, below = f"{box['indent']}    ", at + 1
            while below < len(lines) and (not lines[below].strip() or lines[below].startswith(inner)):
                lines[below] = lines[below].replace(inner, box["indent"], 1)
                below += 1
        at += 1
    return "\n".join(lines)


def table(hit: re.Match) -> str:
    """A table of HTML as one of Markdown; its first row is its head."""
    rows = [[" ".join(cell.split()) for cell in CELL.findall(row)] for row in ROW.findall(hit[1])]
    width = max(map(len, rows), default=0)
    lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
    return "\n\n" + "\n".join([*lines[:1], "|" + "---|" * width, *lines[1:]]) + "\n\n"


def link(hit: re.Match) -> str:
    return f"[{' '.join(hit[2].split())}]({hit[1]})"


def found_at(target: str, uri: str) -> str:
    """The source that a page names by its path from its own."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(uri), target))


def page_link(target: str, uri: str) -> str:
    """From the page of one source to that of another, which the first names by its relative path.

    >>> page_link("../../p/a.md", "labs/p/t.ipynb")
    '../../../p/a/'
    """
    return "../" * url_of(uri).count("/") + url_of(found_at(target, uri))


def plain_page(text: str, uri: str = "index.md") -> str:
    """The page, beginning with its title and its description; ``uri`` is that of its source, for its links.

    >>> plain_page("# A { #a }\\n\\n[b](b.md#c)", "part/a.md")
    '# A\\n\\n[b](../../part/b/index.html.md#c)\\n'
    """
    description, text = head_of(text, "description"), unboxed(FRONT.sub("", text))
    kept: list[str] = []

    def keep(words: str) -> str:
        kept.append(words)
        return f"\0{len(kept) - 1}\0"

    text = PRINTED.sub(
        lambda hit: "\n\n" + keep(f"```text\n{html.unescape(re.sub('<[^>]*>', '', hit[1])).rstrip()}\n```") + "\n\n",
        text,
    )
    text = GONE.sub("", KEPT.sub(lambda hit: keep(hit[0]), text))
    text = PICTURE.sub(lambda hit: f"({hit[1] or hit[2] or ''})", ATTRIBUTES.sub("", text))
    text = PAGE.sub(lambda hit: f"]({page_link(hit[1], uri)}{NAME}{hit[2] or ''})", text)
    text = LINK.sub(link, text)
    for pattern, mark in MARKS[:4]:
        text = pattern.sub(mark, text)
    text = TABLE.sub(table, text)
    for pattern, mark in MARKS[4:]:
        text = pattern.sub(mark, text)
    text = html.unescape(text)
    text = re.sub(r"[ \t]+$", "", text, flags=re.M)
    text = re.sub(r"\n{3,}", "\n\n", re.sub(r"(^ *-)\n+ *(?=\S)", r"\1 ", text, flags=re.M))
    text = re.sub("\0(\\d+)\0", lambda hit: kept[int(hit[1])], text).strip() + "\n"
    return text.replace("\n", f"\n\n> {description}\n", 1) if description else text
