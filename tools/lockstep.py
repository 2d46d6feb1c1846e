"""What a page and its counterpart in the other language have in common."""

import io
import re
import tokenize
from collections import Counter

from manuscript import fences, formulas, headings, links, macros

COMMENTS = {tokenize.COMMENT, tokenize.NL}


def code(info: str, text: str) -> list[str]:
    """A block without its comments, which may be translated; strings may not."""
    if info != "python":
        return [re.sub(r"(^|\s)#\s.*", "", line).rstrip() for line in text.splitlines()]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [token.string for token in tokens if token.type not in COMMENTS]


def neutral(link: str) -> str:
    """A link without the language that it names: README.zh.md, docs/zh/contributing.md, screenshot-en.png."""
    return link if "://" in link else re.sub(r"(^|[/.-])(zh|en)(?=[/.])", r"\1*", link).replace(".*.md", ".md")


def skeleton(text: str) -> dict[str, list]:
    """What a page and its counterpart have in common, part by part."""
    return {
        "headings": [(heading.level, heading.id) for heading in headings(text)],
        "formulas": sorted(formulas(text)),
        "links": sorted(map(neutral, links(text))),
        "figures": sorted(macros(text)),
        "blocks": [(fence.info, code(fence.info, fence.code)) for fence in fences(text)],
    }


def differences(zh: str, en: str, names: tuple[str, str] = ("zh", "en")) -> list[str]:
    """What one text has and the other has not; where both have the same, in another order."""
    found, theirs_all = [], skeleton(en)
    for part, ours in skeleton(zh).items():
        theirs = theirs_all[part]
        counts = Counter(map(repr, ours)), Counter(map(repr, theirs))
        ours_only, theirs_only = counts[0] - counts[1], counts[1] - counts[0]
        if ours_only or theirs_only:
            found.append(
                f"{part}: {names[0]} alone has {', '.join(ours_only) or 'none'}; "
                f"{names[1]} alone {', '.join(theirs_only) or 'none'}"
            )
        elif ours != theirs:
            found.append(f"{part}: the order differs")
    return found
