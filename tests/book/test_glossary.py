"""The glossary: its order in each language, and the other names by which a term is found."""

import re
import sys

import pytest

from manuscript import ROOT


@pytest.fixture
def glossary(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "hooks"), *sys.path])
    import glossary

    return glossary


def ordered(glossary, lang: str) -> list[str]:
    from glossary_page import place

    return [term[lang] for term in sorted(glossary.terms(), key=lambda term: place(term, lang))]


def test_the_chinese_glossary_is_in_the_order_of_pinyin(glossary):
    order = ordered(glossary, "zh")
    wanted = ["dropout", "伴随", "步长", "重叠次数", "调度", "卷积", "卷积核", "批次大小", "转置卷积", "最大范数"]
    assert [name for name in order if name in wanted] == wanted


def test_the_characters_by_which_it_is_sorted_are_common_ones(glossary):
    """Those of GB 2312's first level, which alone are in the order of pinyin; other ones need a sort_zh."""
    for term in glossary.terms():
        first = term.get("sort_zh", term["zh"])[0]
        assert first.isascii() or 0xB0 <= first.encode("gb2312")[0] <= 0xD7, term["zh"]


def test_the_english_glossary_is_in_the_order_of_the_alphabet(glossary):
    order = ordered(glossary, "en")
    assert order == sorted(order, key=str.lower)


def test_a_term_is_explained_by_its_other_names_too(glossary):
    for lang, name, term in (("zh", "批量大小", "batch-size"), ("en", "residual connections", "skip-connection")):
        marked = glossary.mark(f"<p>{name}</p>", lang, "g/", "before.md")
        assert marked.startswith(f'<p><a class="book-term" href="g/#{term}"') and f">{name}</a>" in marked


def test_a_latin_name_is_no_part_of_a_longer_word(glossary):
    assert glossary.mark("<p>交替 alternate</p>", "zh", "g/", "before.md") == "<p>交替 alternate</p>"


@pytest.mark.parametrize(
    ("lang", "text", "elsewhere", "at_home"),
    [
        ("en", "the phase of a wave", "domains/speech.md", "convolution/checkerboard.md"),
        ("zh", "波的相位", "domains/speech.md", "convolution/checkerboard.md"),
        ("en", "two groups", "data.md", "convolution/standard.md"),
        ("zh", "任务的调度", "running.md", "parameters/learning_rate.md"),
        ("en", "The number 0 is padding", "domains/text.md", "domains/images.md"),
        ("zh", "更新权值的步长", "parameters/learning_rate.md", "convolution/standard.md"),
    ],
)
def test_a_word_with_other_senses_is_marked_only_where_the_term_is_meant(glossary, lang, text, elsewhere, at_home):
    assert glossary.mark(f"<p>{text}</p>", lang, "g/", elsewhere) == f"<p>{text}</p>"
    assert 'class="book-term"' in glossary.mark(f"<p>{text}</p>", lang, "g/", at_home)


@pytest.mark.parametrize(
    ("lang", "text", "marked"),
    [
        ("zh", "<p>加噪声等变换，网络等变</p>", "<p>加噪声等变换，网络【等变】</p>"),
        ("zh", "<p>最多相差 1，多相分解</p>", "<p>最多相差 1，【多相】分解</p>"),
        ("en", "<p>sensitivity analysis of sensitivity</p>", "<p>sensitivity analysis of 【sensitivity】</p>"),
    ],
)
def test_other_words_that_hold_a_name_are_no_term(glossary, lang, text, marked):
    html = glossary.mark(text, lang, "g/", "convolution/checkerboard.md")
    assert re.sub(r'<a class="book-term"[^>]*>([^<]*)</a>', r"【\1】", html) == marked


def test_the_pages_of_a_sense_exist(glossary):
    for term in glossary.terms():
        for start in term.get("pages", ()):
            there = ROOT / "docs/en" / start
            assert there.is_dir() if start.endswith("/") else there.is_file(), (term["id"], start)


def test_no_name_belongs_to_two_terms(glossary):
    for lang in ("zh", "en"):
        names = [name.lower() for term in glossary.terms() for name in glossary.names_of(term, lang)]
        twice = sorted({name for name in names if names.count(name) > 1})
        assert not twice, f"docs/glossary.toml: a name must belong to one term, got twice in {lang}: {', '.join(twice)}"


def test_a_name_that_the_glossary_offers_is_not_one_to_avoid(glossary):
    for lang in ("zh", "en"):
        offered = {name for term in glossary.terms() for name in glossary.names_of(term, lang)}
        assert not offered & {name for term in glossary.terms() for name in term.get(f"avoid_{lang}", ())}
