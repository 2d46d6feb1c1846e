"""How sentences are written in each language: what the lint (lint.py) finds by pattern, beyond terms and spacing.

word       a calque, an archaism or jargon of the project, with what to write
colons     a chain of colons: two or more in one clause, outside tables
thousands  English: 1,600 has its comma; Chinese: 4000 has none, 60,000 does
emphasis   Chinese: punctuation inside the bold, which leaves a gap or raw asterisks
title      the source's title in another form than 《深度学习500问》
badge      evidence() inside a sentence: it follows a full stop, ends an item of a list, or fills a cell
change     "changes by" before by(), which gives a size and no sign

Each rule gets a text without its fences and comments, and finds (line, what to do). Only `badge` and `change` read the
macros; the others read what `lint.prose` leaves.
"""

import re
from collections.abc import Iterator

WORDS = {  # a pattern that has no innocent reading in this book → what to write
    "en": {
        r"foret(?:ell|old)\w*": "predict",
        r"\bmend(?:s|ed|ing)?\b": "fix",
        r"\bby heart\b": "memorise",
        r"\barms?\b": "configuration",
        r"\b(?:two|three|four|many|several) looks\b(?! at)": "comparisons",
        r"\blengths? of (?:the |its |their )?weights\b": "norm of the weights",
        r"\bdifferences? to (?:the|a|an|its|this|that|\d)\b": "difference from",
        r"(?<!the )\bless (?:the|a|an|its) (?:mean|baseline|average|bias|value|number)\b": "minus",
        r"\b(?:ms|milliseconds?|seconds|bits?|nats?|MB|multiplications|additions) an? "
        r"(?:step|image|epoch|batch|pixel|run|weight|token|layer|seed|output)\b": "per",
        r"(?<!there )\b(?:is|are) no (?:constant|range|bad idea|alarm|error|upper bound|lower bound)\b": "is not a …",
        r"\b(?:whilst|amongst|whence|hitherto|thither|lest|thrice|nought|wherein|heretofore|hereby)\b": "plain English",
    },
    "zh": {
        r"变化 ?[+−±]": "提高或降低多少",
        r"论断：(?:成立|不成立|有条件)": "句号之后放徽标",
        r"[”」]，?(?:不|有条件)?成立": "句号之后放徽标",
        r"(?:训练|测试|验证)图(?![像形表])": "训练图像、测试图像",
        r"层层包含": "嵌套",
        r"独热": "one-hot",
        r"子像素": "亚像素",
        r"梯度累加": "梯度累积",
        r"[瞎乱]猜": "随机猜测",
        r"试验台": "对比实验",
        r"纳特": "奈特",
    },
}
FOUND = {  # compiled once: every line of the book is searched for all of them
    lang: [(re.compile(pattern, re.I), better) for pattern, better in words.items()] for lang, words in WORDS.items()
}
BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
TITLE = re.compile(r"(?:《|“|〈)?深度学习\s*500\s*问(?:》|”|〉)?")
UNGROUPED = re.compile(r"(?<![\w#.,:/=×·-])\d{4,}(?![\w,×·]|\.\d)")
GROUPED = re.compile(r"(?<![\d,])\d,\d{3}(?![\d,])")
CLAUSES = {"en": re.compile(r"[.?!;](?=\W)"), "zh": re.compile(r"[。？！；]")}
COLON = {"en": re.compile(r": (?=\S)"), "zh": re.compile("：(?=.)")}
ROW = re.compile(r"\s*\|")
BADGE = re.compile(r"\[= *evidence\([^=]*\) *=\]")
STOP = re.compile(r"[.?!。？！][”\"’'）)*_」]*\s*$|[.?!。？！] *\(\[[^\]]*\]\([^)]*\)\)$")  # or a reference after it
ITEM = re.compile(r"\s*(?:[-*]|\d+[.)]) ")
CHANGE = re.compile(r"(?:\bchang(?:es|ed|ing|e) by|变化(?:了|是|为)?) *(?=\[= *(?:by|effect|mean)\()")


def word(line: str, lang: str) -> Iterator[str]:
    for pattern, better in FOUND[lang]:
        for hit in pattern.finditer(line):
            yield f"{hit.group()} → {better}"


def colons(line: str, lang: str) -> Iterator[str]:
    for clause in () if ROW.match(line) else CLAUSES[lang].split(line):
        if len(COLON[lang].findall(clause)) > 1:
            yield f"two colons in one clause: {clause.strip()[:60]}…"


def thousands(line: str, lang: str) -> Iterator[str]:
    for hit in UNGROUPED.finditer(line):
        number = hit.group()
        if len(number) > 4 or (lang == "en" and not 1900 <= int(number) < 2100):
            yield f"{number} → {int(number):,}"
    for hit in GROUPED.finditer(line) if lang == "zh" else ():
        yield f"{hit.group()} → {hit.group().replace(',', '')}"


def title(line: str, lang: str) -> Iterator[str]:
    for hit in TITLE.finditer(line) if lang == "zh" else ():
        if hit.group() != "《深度学习500问》":
            yield f"{hit.group()} → 《深度学习500问》"


def emphasis(line: str, lang: str) -> Iterator[str]:
    for hit in BOLD.finditer(line) if lang == "zh" else ():
        if hit[1][-1] in "。！？：，；、":
            yield f"{hit.group()} → the punctuation after the bold"


def badge(line: str, lang: str) -> Iterator[str]:
    for hit in () if ROW.match(line) else BADGE.finditer(line):
        before, after = line[: hit.start()].rstrip(), BADGE.sub("", line[hit.end() :]).strip()
        last = [*BADGE.finditer(before)][-1:]
        if last and last[0].end() == len(before):
            continue  # beside another badge, which has been looked at
        if not STOP.search(before) and not (ITEM.match(line) and not after):
            yield f"a badge inside a sentence, after …{before[-30:]}"


def change(line: str, lang: str) -> Iterator[str]:
    for hit in CHANGE.finditer(line):
        yield f"{hit.group().strip()} …: say whether it rises or falls"


PROSE = {"word": word, "colons": colons, "thousands": thousands}
RAW = {"emphasis": emphasis, "title": title, "badge": badge, "change": change}
