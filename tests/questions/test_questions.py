"""Questions: each can be worked out, says the same in both languages, and stands where it is asked."""

import importlib
import re
from collections import Counter

import pytest

import lint
from cnnbook.evidence.text import Text
from cnnbook.questions.question import Choice, Number, Option, Paint, written
from manuscript import LANGUAGES, ROOT, macros, pages, source

QUESTIONS = ROOT / "src/cnnbook/questions"
TOPICS = sorted(path.relative_to(QUESTIONS).with_suffix("").as_posix() for path in QUESTIONS.glob("*/[!_]*.py"))
SHORT = {"generalisation/batch_size": "larger_batch"}  # there are two topics of one name
RULES = ("term", "spacing", "width", "you")
MARKUP = re.compile(r"`[^`]+`|\$[^$]+\$")


def questions(topic: str) -> tuple:
    return importlib.import_module(f"cnnbook.questions.{topic.replace('/', '.')}").QUESTIONS


ALL = {question.name: (topic, question) for topic in TOPICS for question in questions(topic)}


def texts(question) -> list[Text]:
    found = [question.prompt, question.why, *(word for _, word in getattr(question, "wrong", ()))]
    return [*found, *(text for option in getattr(question, "options", ()) for text in (option.text, option.word))]


def test_every_topic_asks_three_questions_and_each_kind_serves_often():
    counts = Counter(topic for topic, _ in ALL.values())
    assert {topic: counts[topic] for topic in every_topic() if counts[topic] < 3} == {}
    kinds = Counter(type(question) for _, question in ALL.values())
    assert len(kinds) == 3 and min(kinds.values()) >= 5
    assert len(ALL) == sum(len(questions(topic)) for topic in TOPICS), "two questions have one name"


def every_topic() -> set[str]:
    return {name for name in pages("zh") if "/" in name}


@pytest.mark.parametrize("name", ALL)
def test_a_question_is_worked_out_and_its_wrong_answers_are_not_the_right_one(name):
    topic, question = ALL[name]
    assert name.rsplit("-", 1)[0] == SHORT.get(topic, topic.split("/")[1])
    data = question.worked_out()
    given = [answer for answer, _ in data["wrong"]]
    assert data["wrong"] and data["answer"] not in given and len(set(given)) == len(given)
    assert question.worked_out() == data, "an answer depends on chance"
    assert "{answer}" not in data["why"]["zh"] + data["why"]["en"]


@pytest.mark.parametrize("name", ALL)
def test_a_question_is_asked_once_on_its_page_in_both_languages(name):
    topic, _ = ALL[name]
    for lang in LANGUAGES:
        asked = [first for macro, first in macros(source(lang, topic).read_text("utf-8")) if macro == "question"]
        assert asked.count(name) == 1
        assert asked == sorted(asked), "questions are numbered in the order of the page"


@pytest.mark.parametrize("name", ALL)
def test_both_languages_are_written_as_the_book_is_and_mark_the_same(name):
    for text in texts(ALL[name][1]):
        assert sorted(MARKUP.findall(text.zh)) == sorted(MARKUP.findall(text.en))
        for lang in LANGUAGES:
            assert not [found for rule in RULES for found in lint.RULES[rule](text[lang], lang)], text[lang]
        assert bool(re.search("[\u4e00-\u9fff]", text.zh)) >= bool(re.search("[A-Za-z]{4}", MARKUP.sub("", text.en)))


T = Text("字", "word")


def test_what_contradicts_itself_is_refused():
    same = Number("demo-q1", T, lambda: 2.0, T, ((lambda: 2.0000001, T),))
    with pytest.raises(ValueError, match="demo-q1: a wrong answer must differ from all others, got 2 again"):
        same.worked_out()
    for right, count in ((False, 0), (True, 2)):
        two = Choice("demo-q1", T, (Option(T, lambda: right, T), Option(T, lambda: right, T)), T)  # noqa: B023
        with pytest.raises(ValueError, match=f"one option must be right, got {count} of 2"):
            two.worked_out()
    with pytest.raises(ValueError, match=r"a cell must lie within 1×2, got \(0, 2\)"):
        Paint("demo-q1", T, (1, 2), lambda: {(0, 2)}, T).worked_out()
    with pytest.raises(ValueError, match="boards must differ"):
        Paint("demo-q1", T, (1, 2), lambda: {(0, 1)}, T, ((lambda: [(0, 1)], T),)).worked_out()
    with pytest.raises(ValueError, match=r"labels must have the shape \(1, 2\)"):
        Paint("demo-q1", T, (1, 2), lambda: {(0, 1)}, T, labels=lambda: [[1]]).worked_out()
    with pytest.raises(ValueError, match="such as transposed-q1, got 'Demo 1'"):
        Number("Demo 1", T, lambda: 2.0, T).worked_out()


def test_numbers_and_cells_as_the_page_compares_them():
    assert [written(value) for value in (4.0, -0.5, -0.0, 1 / 3)] == ["4", "-0.5", "0", "0.333333"]
    board = Paint("demo-q1", T, (2, 2), lambda: {(1, 0), (0, 1)}, T)
    assert board.worked_out()["answer"] == "0,1 1,0"
    number = Number("demo-q1", T, lambda: -0.5, Text("是 {answer}", "It is {answer}"))
    assert number.worked_out()["why"]["en"] == "It is −0.5"
