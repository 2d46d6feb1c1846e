"""For programs that read: every page as Markdown beside its HTML, and llms.txt, which lists them (llmstxt.org).

Both are part of every build of the site; the Markdown is the manuscript without what is for the eye.
"""

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # MkDocs loads this file by its path alone
import addresses
from context import ROOT, url_of
from keeping import digest
from plain_pages import NAME, head_of, plain_page
from shelf import Shelf, code

KEPT = ROOT / ".cache/plain"

PAGES = {"zh": "全书各页", "en": "The book as a whole"}
LAB = {"zh": "本节的上机实验，含输出", "en": "the lab of this section, with its outputs"}
MORE = "Optional"  # the convention's word for what may be left out where room is short
READ = {"zh": "各页的 Markdown 与网页并列：", "en": "Each page as Markdown lies beside its HTML, at "}


def line(title: str, uri: str, texts: dict[str, str], prefix: str, lang: str) -> str:
    """A page's line; ``texts`` are the manuscript's pages by their source without the ending."""
    name = uri.rpartition(".")[0]
    said = head_of(texts[name], "description") or (LAB[lang] if name.startswith("labs/") else "")
    return f"- [{title}]({prefix}{url_of(uri)}{NAME})" + (f": {said}" if said else "")


def listing(title: str, summary: str, nav: list, texts: dict[str, str], prefix: str, lang: str) -> str:
    """The text of llms.txt: what the book is, then its pages by part.

    >>> print(listing("B", "Says.", [{"Home": "index.md"}, {"5 P": [{"5.1 T": "p/t.md"}]}],
    ...               {"index": "", "p/t": "---\\ndescription: D\\n---\\n"}, "", "en"), end="")
    # B
    <BLANKLINE>
    > Says.
    <BLANKLINE>
    Each page as Markdown lies beside its HTML, at index.html.md.
    <BLANKLINE>
    ## The book as a whole
    <BLANKLINE>
    - [Home](index.html.md)
    <BLANKLINE>
    ## 5 P
    <BLANKLINE>
    - [5.1 T](p/t/index.html.md): D
    """
    parts: dict[str, list[str]] = {PAGES[lang]: []}
    named = set()
    for item in nav:
        for head, inner in item.items():
            leaves = [leaf for part in inner for leaf in part.items()] if isinstance(inner, list) else [(head, inner)]
            section = head if isinstance(inner, list) else PAGES[lang]
            parts.setdefault(section, []).extend(line(name, uri, texts, prefix, lang) for name, uri in leaves)
            named |= {uri.rpartition(".")[0] for _, uri in leaves}
    if rest := sorted(texts.keys() - named):
        parts[MORE] = [line(name, f"{name}.md", texts, prefix, lang) for name in rest]
    sections = [f"## {head}\n\n" + "\n".join(lines) for head, lines in parts.items() if lines]
    stop = {"zh": "。", "en": "."}[lang]
    return "\n\n".join([f"# {title}", f"> {summary}", f"{READ[lang]}{NAME}{stop}", *sections]) + "\n"


def on_post_build(config):
    manuscript, site, lang = Path(config.docs_dir), Path(config.site_dir), config.theme["language"]
    pages = (path.relative_to(manuscript).with_suffix("").as_posix() for path in sorted(manuscript.rglob("*.md")))
    texts = {name: (manuscript / f"{name}.md").read_text("utf-8") for name in pages}
    shelf = Shelf(KEPT / lang)
    for name, text in texts.items():
        uri = f"{name}.md"
        shelf.put(digest(code(), uri, text), lambda uri=uri, text=text: {uri: plain_page(text, uri)})
        if (folder := site / url_of(uri)).is_dir():
            shutil.copyfile(shelf.folder / uri, folder / NAME)
    shelf.close()
    prefix = config.site_url if addresses.public(config.site_url) else ""
    text = listing(config.site_name, config.site_description, config.nav, texts, prefix, lang)
    (site / "llms.txt").write_text(text, "utf-8", newline="\n")
