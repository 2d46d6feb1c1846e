"""Questions and the reader's path as macros write them: all words in the page, and errors that name the line."""

import sys

import pytest

from manuscript import LANGUAGES, ROOT

sys.path.insert(0, str(ROOT / "hooks"))
import progress
import questions
from context import Book, Page

ONE = {
    "name": "topic-q1", "prompt": {"zh": "`k<3` 时 $n$ 是几？", "en": "What is $n$ at `k<3`?"},
    "why": {"zh": "因为。", "en": "Because."},
}  # fmt: skip
NUMBER = ONE | {
    "kind": "number", "answer": "-0.5", "tolerance": 1e-6, "unit": {"zh": "个像素", "en": "pixels"},
    "wrong": [["0.5", {"zh": "反了。", "en": "The other way."}]],
}  # fmt: skip
CHOICE = ONE | {
    "kind": "choice", "answer": "1", "options": [{"zh": "甲", "en": "a"}, {"zh": "乙", "en": "<b>"}],
    "wrong": [["0", {"zh": "不是。", "en": "No."}]],
}  # fmt: skip
PAINT = ONE | {"kind": "paint", "answer": "0,1", "shape": [1, 2], "labels": [["7", "8"]], "wrong": []}


@pytest.fixture
def page(tmp_path, monkeypatch):
    def on(one, lang="en"):
        monkeypatch.setattr(questions, "asked", lambda topic: {"topic-q1": one})
        monkeypatch.setattr(progress, "asked", questions.asked)
        monkeypatch.setattr(progress, "written", lambda topic: {"topic-1": {}})
        (tmp_path / "part").mkdir(exist_ok=True)
        (tmp_path / "part/topic.md").write_text('# T\n\n[= question("other-q1") =]\n[= progress("here") =]\n', "utf-8")
        return Page(
            Book(lang, tmp_path, [{"T": "part/topic.md"}, {"C": "contents.md"}]), "part/topic.md", "part/topic/"
        )

    return on


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("one", [NUMBER, CHOICE, PAINT], ids=lambda one: one["kind"])
def test_a_question_is_one_line_with_its_answer_folded(page, one, lang):
    html = questions.question(page(one, lang), "topic-q1")
    assert "\n" not in html and html.startswith("<div ") and "style=" not in html and "<script" not in html
    before, answer = html.split("<details")
    assert "<code>k&lt;3</code>" in before and '<span class="arithmatex">\\(n\\)</span>' in before
    assert one["why"][lang] in answer and one["why"][lang] not in before
    assert all(f'data-given="{given}">{word[lang]}<' in answer for given, word in one["wrong"])


def test_each_kind_shows_its_answer(page):
    assert "<b>−0.5 pixels</b>. Because." in questions.question(page(NUMBER), "topic-q1")
    choice = questions.question(page(CHOICE), "topic-q1")
    assert "<b>&lt;b&gt;</b>. Because." in choice and "<fieldset disabled" in choice
    assert "<td>□ 7</td><td>■ 8</td>" in questions.question(page(PAINT), "topic-q1")


def test_an_unknown_question_and_an_unknown_place_stop_the_build(page):
    with pytest.raises(ValueError, match=r"part/topic\.md:3: .*asks no question 'other-q1'"):
        questions.question(page(NUMBER), "other-q1")
    with pytest.raises(ValueError, match=r"part/topic\.md:4: a place is one of contents, map, before, got 'here'"):
        progress.progress(page(NUMBER), "here")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_path_knows_what_each_section_asks(page, lang):
    here = page(NUMBER, lang)
    assert progress.sections(here) == {"part/topic/": [["topic-q1"], ["topic-1"]]}
    assert "textarea" in progress.progress(here, "map") and "textarea" not in progress.progress(here, "contents")
    assert set(progress.WORDS["zh"]) == set(progress.WORDS["en"]) and set(questions.WORDS["zh"]) == set(
        questions.WORDS["en"]
    )
