"""The glossary as a page: a list in the order of the page's language, and a filter by text above it.

Without JavaScript the filter stays away and all terms show; docs/assets/book/glossary.mjs does the rest.
"""

from html import escape

from context import Page
from terms import terms

WORDS = {
    "zh": {
        "also": "也叫", "avoid": "本书不用", "comma": "、", "colon": "：", "find": "查找术语",
        "shown": "显示 {} 条，共 {} 条", "none": "没有找到这个词。",
    },
    "en": {
        "also": "Also", "avoid": "Not used here", "comma": ", ", "colon": ": ", "find": "Find a term",
        "shown": "{} of {} shown", "none": "No matching terms.",
    },
}  # fmt: skip


def place(term: dict, lang: str) -> bytes:
    """What a term is sorted by: English by its letters; Chinese as in GB 2312, which is by pinyin."""
    name = term.get(f"sort_{lang}", term[lang]).lower()
    return name.encode("gb18030") if lang == "zh" else name.encode()


def listed(term: dict, lang: str) -> str:
    """A term, its name in the other language, its definition, and what else it is called."""
    words, other = WORDS[lang], "en" if lang == "zh" else "zh"
    notes = [
        f"<small>{words[kind]}{words['colon']}{escape(words['comma'].join(names))}</small>"
        for kind in ("also", "avoid")
        if (names := term.get(f"{kind}_{lang}"))
    ]
    names = f'{escape(term[lang])} <span lang="{other}">{escape(term[other])}</span>'
    return f'<dt id="{term["id"]}">{names} {" ".join(notes)}</dt><dd>{escape(term[f"{lang}_text"])}</dd>'


def glossary_table(page: Page) -> str:
    """The whole glossary, as a definition list."""
    lang, words = page.lang, WORDS[page.lang]
    rows = [listed(term, lang) for term in sorted(terms(), key=lambda term: place(term, lang))]
    count = words["shown"].replace("{}", str(len(rows)))
    return (
        f'<div class="book-filter"><book-glossary-filter data-shown="{words["shown"]}"><form>'
        f'<label>{words["find"]} <input type="search" autocomplete="off" spellcheck="false"></label> '
        f"<output>{count}</output>"
        f'<p class="book-filter__none" hidden>{words["none"]}</p></form></book-glossary-filter></div>'
        f'<dl class="book-glossary">{"".join(rows)}</dl>'
    )


MACROS = (glossary_table,)
