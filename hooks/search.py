"""The text of the book for its search: docs/assets/search asks it in the reader's browser, at the first key.

The theme's plugin cuts pages into sections and gives the search its place in the header; its own index and its worker
are not used. Code and pictures are left out, as prose names what they show, and all but the names of the API reference.
A claim card, a pitfall and a term of the glossary each are a section. Nobody types the TeX of a formula: a short one is
kept as it reads, a long one is three dots.
"""

import html
import json
import re
import sys
import tomllib
from itertools import groupby
from pathlib import Path

from mkdocs.plugins import CombinedEvent, event_priority

sys.path.insert(0, str(Path(__file__).parent))  # MkDocs loads this file by its path alone
from cnnbook.files import write_whole
from context import ROOT
from terms import names_of, terms

# What a page counts beside the sections of the book, by the beginning of its address.
WEIGHTS = {"labs/": 0.45, "reference": 0.3, "glossary/": 0.05, "errata/": 0.5, "map/": 0.5, "before/": 0.8,
           "contributing/": 0.6}  # fmt: skip
COVER = 0.5
CLAIM = {"zh": "论断", "en": "Claim"}
UNREAD = re.compile(r'<(svg|pre|math|script|style)\b.*?</\1>|<a class="book-badge.*?</a>', re.S)
FORMULA = re.compile(r'<(span|div) class="arithmatex">(.*?)</\1>', re.S)
SIGNS = {r"\times": "×", r"\cdot": "·", r"\le": "≤", r"\ge": "≥", r"\ln": "ln", r"\log": "log", r"\max": "max"}
SIGNS |= {r"\min": "min", r"\lambda": "λ", r"\eta": "η", r"\beta": "β", r"\alpha": "α", r"\%": "%", r"\,": " "}
SIGN = re.compile(r"\\(?:[a-z]+|[,%])")
PLAIN = re.compile(r"[\w\s=+−<>≤≥,.()/×·%-]*")
CARD = re.compile(r'<article class="book-claim[^>]* id="([^"]*)".*?__words"[^>]*>(.*?)</span>.*?</article>', re.S)
TRAP = re.compile(r'(<details class="trap">\s*)<summary>(.*?)</summary>', re.S)
TERM = re.compile(r'<dt id="([^"]*)">(.*?)</dt><dd[^>]*>(.*?)</dd>', re.S)
REFERENCE = re.compile(r"<(p|ul|details|table)(?=[ >])")


def formula(hit: re.Match) -> str:
    tex = html.unescape(re.sub(r"^\s*\\[(\[]|\\[)\]]\s*$|<[^>]*>", "", hit[2])).strip()
    tex = SIGN.sub(lambda sign: SIGNS.get(sign[0], sign[0]), tex)
    return html.escape(tex) if PLAIN.fullmatch(tex) else " … "


def readable(content: str, uri: str, lang: str) -> str:
    """A page's HTML as its search reads it: headings for all that is found by itself, and no code."""
    content = UNREAD.sub("", FORMULA.sub(formula, content))
    content = CARD.sub(rf'<h6 id="\1">{CLAIM[lang]}</h6><p>\2</p>', content)
    content = TRAP.sub(r'\1<h6 id="traps">\2</h6>', content)
    content = TERM.sub(r'<h6 id="\1">\2</h6><p>\3</p>', content)
    return REFERENCE.sub(r"<\1 data-search-exclude", content) if uri.startswith("reference") else content


@event_priority(100)  # before the plugin reads the page
def without(context, page, config, nav):
    page.meta["whole"] = page.content
    page.content = readable(page.content, page.file.src_uri, config.theme["language"])


@event_priority(-100)  # after it
def whole(context, page, config, nav):
    page.content = page.meta.pop("whole")


on_page_context = CombinedEvent(without, whole)


def plain(text: str) -> str:
    """Without tags, nor the spaces of no width that the plugin lays where jieba is installed."""
    text = html.unescape(re.sub(r"<[^>]*>", "", text.replace("\u200b", "")))
    return re.sub(r"\s+", " ", text).strip()


def weight(address: str) -> float:
    return next((worth for start, worth in WEIGHTS.items() if address.startswith(start)), 1 if address else COVER)


def names(lang: str) -> list[list[str]]:
    """What is called in several ways: the terms of the glossary, in both languages, and what readers type."""
    other = "en" if lang == "zh" else "zh"
    called = [[*names_of(term, lang), *term.get(f"avoid_{lang}", ()), *names_of(term, other)] for term in terms()]
    return called + typed()[lang]


def typed() -> dict:
    return tomllib.loads((ROOT / "docs/synonyms.toml").read_text("utf-8"))


def pages(sections: list[dict]) -> list[dict]:
    """The sections that the plugin has found, by their pages."""
    found = []
    for address, parts in groupby(sections, lambda section: section["location"].partition("#")[0]):
        cut = [{"at": part["location"], "title": plain(part["title"]), "text": plain(part["text"])} for part in parts]
        found.append({"weight": weight(address), "sections": cut})
    return found


@event_priority(-100)  # when the plugin has written its index
def on_post_build(config):
    folder, lang = Path(config.site_dir, "search"), config.theme["language"]
    index = json.loads((folder / "search_index.json").read_text("utf-8"))
    book = {"names": names(lang), "asking": typed()["asking"], "pages": pages(index["docs"])}
    for name, content in (("sections", book), ("search_index", {"config": index["config"], "docs": []})):
        write_whole(folder / f"{name}.json", json.dumps(content, ensure_ascii=False, separators=(",", ":")))
