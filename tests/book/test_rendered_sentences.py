"""Every sentence that rests on evidence is a sentence: what macros put into it leaves it grammatical and readable."""

import re

import pytest

import rendered
from manuscript import LANGUAGES, ROOT, pages
from rendered import BADGE, NUMBER

UNITS = "points|runs|steps|epochs|images|pixels|seeds|nats|grey levels"
FAULTS = {  # what is wrong with a sentence, by language or in both
    "a verdict in the sentence": {
        "en": r"holds on a condition|holds in part|refuted in part|\b(?:is|are|was|were|be|not|it) (?:holds|refuted)\b",
        "zh": r"有条件成立|部分成立|部分不成立|尚无定论|[是为更很]不?成立",
    },
    "a sign in prose": dict.fromkeys(LANGUAGES, rf"{NUMBER}[+−-]"),
    "one of many": {"en": rf"(?<![\d.,]){NUMBER}?\b1 (?:{UNITS})\b", "zh": r"(?!)"},
    "a doubled word": {
        "en": r"\b(?!that\b|had\b)([a-z]+) \1\b",
        "zh": r"([的了是在和与会把被也都就不更低])\1|(?<!占)比比",
    },
    "an interval in prose": dict.fromkeys(LANGUAGES, r"[\[［][−-]?\d[\d.]*[,，;] ?[−-]?\d[\d.]*[^\]]{0,20}[\]］]"),
    "a change without a side": {"en": rf"\bchang(?:es|ed) by {NUMBER}", "zh": rf"变化(?:了|是|为)? ?{NUMBER}"},
}


def faults(sentence: str, lang: str) -> list[str]:
    return [name for name, pattern in FAULTS.items() if re.search(pattern[lang], sentence)]


def found(lang: str, name: str, text: str) -> list[str]:
    """The faults of a page's sentences, each with its line."""
    return [
        f"docs/{lang}/{name}.md:{line}: {fault}: {sentence.replace(NUMBER, '')}"
        for line, sentence in rendered.sentences(rendered.page_of(lang, name), text)
        for fault in faults(sentence, lang)
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences_read_well_once_their_numbers_stand_in_them(lang):
    wrong, count = [], 0
    for name in pages(lang):
        text = (ROOT / f"docs/{lang}/{name}.md").read_text("utf-8")
        count += len([*rendered.sentences(rendered.page_of(lang, name), text)])
        wrong += found(lang, name, text)
    assert count > 300 and not wrong, "\n".join(wrong)


PLANTED = {
    ("en", "a verdict in the sentence"): 'The network is holds on a condition better. [= evidence("a", "holds") =]',
    ("zh", "a verdict in the sentence"): '网络是有条件成立平移不变的。[= evidence("a", "holds") =]',
    ("en", "a sign in prose"): 'It rises by [= by("a", "signed") =].',
    ("zh", "a sign in prose"): '高了 [= by("a", "signed") =]。',
    ("en", "one of many"): 'It is [= by("a", "one") =] better.',
    ("en", "a doubled word"): 'It is is better. [= evidence("a", "holds") =]',
    ("zh", "a doubled word"): '它的的准确率。[= evidence("a", "holds") =]',
    ("en", "an interval in prose"): 'Up by two [0.1, 2.3] points. [= evidence("a", "holds") =]',
    ("zh", "an interval in prose"): '高了两点 [−0.1, 2.3]。[= evidence("a", "holds") =]',
    ("en", "a change without a side"): 'It changes by [= by("a", "higher") =].',
    ("zh", "a change without a side"): '准确率变化 [= by("a", "higher") =]。',
}


@pytest.fixture
def answers(monkeypatch):
    shown = {"signed": "+2.1\u00a0points", "one": "1\u00a0points", "higher": "<b>2.1\u00a0points</b>"}
    monkeypatch.setitem(rendered.ANSWERED, "by", lambda page, name, side: shown[side])


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize(("lang", "fault"), PLANTED)
def test_a_fault_that_is_planted_is_found(lang, fault):
    text = f"Before.\n\nFirst one. {PLANTED[lang, fault]} Then another.\n"
    (wrong,) = found(lang, "part/topic", text)
    assert wrong.startswith(f"docs/{lang}/part/topic.md:3: {fault}: ")


@pytest.mark.usefixtures("answers")
def test_tables_code_and_sentences_without_evidence_are_let_be():
    text = 'The law law [1, 2].\n\n| [1, 2] is is | [= evidence("a", "holds") =] |\n\n`[1, 2]` is it. '
    text += '[= evidence("a", "holds") =] It is [= by("a", "higher") =] higher. [= evidence("a", "holds", 2) =]\n'
    page = rendered.page_of("en", "part/topic")
    assert [*rendered.sentences(page, text)] == [
        (5, f"x is it {BADGE}."),
        (5, f"It is {NUMBER}2.1 points higher {BADGE}."),
    ]
    assert not found("en", "part/topic", text)
