"""Words of the evidence as a page prints them, in its language. Numbers are those of `cnnbook.evidence.numbers`."""

import re
from collections.abc import Iterable
from html import escape

from cnnbook.evidence.text import Text

EXPECTED = {
    "better": {"zh": "更好", "en": "better"},
    "worse": {"zh": "更差", "en": "worse"},
    "not better": {"zh": "不会更好", "en": "not better"},
    "not worse": {"zh": "不会更差", "en": "not worse"},
    "same": {"zh": "没有差别", "en": "the same"},
    "different": {"zh": "有差别", "en": "different"},
}
DIRECTIONS = {
    "higher": {"zh": "越高越好", "en": "higher is better"},
    "lower": {"zh": "越低越好", "en": "lower is better"},
}
SEMICOLON = {"zh": "；", "en": "; "}


def before_words(text: str, lang: str) -> str:
    """A space after Latin where Chinese follows.

    >>> before_words("0.02 nat", "zh"), before_words("0.5 个百分点", "zh")
    ('0.02 nat ', '0.5 个百分点')
    """
    return f"{text} " if lang == "zh" and text[-1].isascii() else text


def named(label: Text, lang: str) -> dict[str, str]:
    """A metric's name, and the same as a sentence begins with it, for a text with {metric} or {Metric}.

    >>> named(Text("损失", "loss"), "en")["Metric"]
    'Loss'
    """
    name = label[lang]
    return {"metric": name, "Metric": name[0].upper() + name[1:]}


def inline(text: str) -> str:
    """A sentence of the registry as HTML: `code` is all the markup it has."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def tabled(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """The lines of a Markdown table; all columns but the first hold numbers.

    >>> tabled(["", "loss"], [["first", "1.2"]])
    ['| | loss |', '|---|---:|', '| first | 1.2 |']
    """
    head = list(head)
    first, *others = ("|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|" for cells in (head, *rows))
    return [first, "|---|" + "---:|" * (len(head) - 1), *others]


def bracketed(text: str) -> str:
    """A number with its interval as HTML: Markdown would take the brackets for a link."""
    return escape(text).replace("[", "&#91;")
