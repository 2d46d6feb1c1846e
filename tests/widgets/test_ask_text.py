"""<ask-text> answers as ``cnnbook predict text`` does: tokens, shares, probabilities."""

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter

import pytest

from cnnbook.cli.predict_text import answer
from cnnbook.data.texts import NAMES, sentiment
from cnnbook.domains.text import tokens
from manuscript import LANGUAGES, ROOT

sys.path.insert(0, str(ROOT / "hooks"))
import weights

TEXTS = [
    ("Not bad at all.", None),
    ("not good", None),
    ("A touching story, beautifully acted.", None),
    ("屏幕很好，就是太贵", None),
    ("不错", None),
    ("一点也不差", None),
    ("It isn't GOOD, it's ｗｏｎｄｅｒｆｕｌ！", None),
    ("don’t — don't — don''t 'quoted' rock'n'roll", None),
    ("屏幕很好 but the battery is bad。", None),
    ("xp good", "zh"),
    ("很 good", "en"),
    ("I liked it 😀👍🏽 👨‍👩‍👧 ❤️", None),
    ("soft\u00adhyphen zero\u200bwidth \ufeffgood\u2060!", None),
    ("Un café décent, na\u0131ve İstanbul ΣΟΦΟΣ ﬁne ½ ² Ⅷ ٣ 1,000.5 5%", None),
    ("xyzzy plugh good frobnicate", None),
    ("  \t\x1c\x85\u3000 good\r\n\r\nbad_ly __ _", None),
    ("bad " * 40 + "good", None),
    ("𠀀𠮷好㐀龥鿿々〇ー한국어 ไทย हिन्दी", None),
    ("\ud7ff\ue000\U000f0000 good \u0301\u0300", None),
    ("the " * 9_990 + "touching story, beautifully acted.", None),
    ("好", None),
    (".", None),
    *((sentiment(lang).test_texts[place], None) for lang in NAMES for place in (0, 1, 500, 999)),
]
SILENT = [("😀 👍🏽", None), ("xyzzy", None), ("good", "zh"), ("很好", "en")]


def letters() -> list[int]:
    """One code point of every sixteen that have a name, and all of those around which rules differ."""
    near = [*range(0x250), *range(0x2000, 0x2070), *range(0x3000, 0x3040), *range(0xFE00, 0x10000)]
    codes = dict.fromkeys([*near, *range(0x250, 0x110000, 17)])
    return [code for code in codes if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co")]


def alike(shares: dict[str, float], unknown: list[str]) -> dict[tuple[str, ...], float]:
    """Shares by tokens; unknown ones are one, for they have one vector: which of them is the largest, no rule says."""
    found = Counter()
    for gram, share in shares.items():
        found[tuple("?" if token in unknown else token for token in tokens(gram))] += share
    return found


@pytest.fixture(scope="module")
def asked(tmp_path_factory, program, served):
    folder = tmp_path_factory.mktemp("asked")
    for uri, made in weights.laid().items():
        (folder / uri.rpartition("/")[2]).write_bytes(made)
    texts = [*TEXTS, *SILENT]
    (folder / "texts.json").write_text(json.dumps({"texts": texts, "letters": letters()}), "utf-8")
    environment = {**os.environ, "CNNBOOK_WIDGETS": str(served)}
    command = [program, "tests/widgets/ask_text.mjs", str(folder), str(folder / "texts.json")]
    return json.loads(
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, encoding="utf-8").stdout
    )


@pytest.mark.parametrize("at", range(len(TEXTS)))
def test_the_answer_is_the_command_s(asked, at):
    found, there = answer(*TEXTS[at]), asked["answers"][at]
    for name in ("language", "tokens", "unknown"):
        assert there[name] == getattr(found, name)
    chance = max(there["praise"], 1 - there["praise"])
    assert chance == pytest.approx(found.probability, abs=1e-3)
    assert ("praise" if there["margin"] > 0 else "complaint") == found.answer
    shares = dict(there["shares"])
    assert alike(shares, found.unknown) == pytest.approx(alike(found.shares, found.unknown), abs=1e-3)
    assert there["placed"]
    assert there["bias"] + sum(shares.values()) == pytest.approx(there["margin"], abs=1e-9)
    assert [abs(share) for share in shares.values()] == sorted(map(abs, shares.values()), reverse=True)


def test_what_it_knows_nothing_of_is_not_answered(asked):
    for (text, lang), there in zip(SILENT, asked["answers"][len(TEXTS) :], strict=True):
        assert there == {"tokens": tokens(text), "language": lang or "en"}


def test_every_letter_is_cut_as_python_cuts_it(asked):
    mine = [tokens(f"a{chr(code)}b") for code in letters()]
    wrong = [(hex(code), a, b) for code, a, b in zip(letters(), mine, asked["cuts"], strict=True) if a != b]
    assert wrong == [] and len(mine) > 5000


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_page_says_of_sentences_is_so(lang):
    said = {"not good": "praise", "Not bad at all.": "complaint", "不": "complaint", "不错": "praise", "good": "praise"}
    assert {text: answer(text).answer for text in said} == said
    assert answer("not good").shares["not good"] > 0
    page = (ROOT / f"docs/{lang}/domains/text.md").read_text("utf-8")
    assert re.search(r"### .* \{ #ask \}", page) and "“not good”" in page and "不错" in page
