"""Every exercise of every topic: one file for all, since what is asked of each is the same and is said by itself."""

import inspect
import re
import time

import pytest
import torch

from cnnbook.evidence.topics import TOPICS
from cnnbook.exercises import registry
from cnnbook.exercises.checking import examine

EXERCISES = registry.everything()
MISTAKES = {
    f"{name}:{mistake.answer.__name__}": (exercise, mistake)
    for name, exercise in EXERCISES.items()
    for mistake in exercise.mistakes
}
SPELLED = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
HAN = re.compile("[\u4e00-\u9fff]")
each = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)


@each
def test_the_solution_passes_in_time(exercise):
    start = time.process_time()
    result = examine(exercise, exercise.solution)
    assert result.passed, result.fault
    assert time.process_time() - start < 2


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES.values(), ids=MISTAKES)
def test_a_known_mistake_fails_with_its_hint(exercise, mistake):
    result = examine(exercise, mistake.answer)
    assert not result.passed
    assert result.fault.hint == mistake.hint


@each
def test_there_are_enough_mistakes_and_hints(exercise):
    assert len({mistake.hint for mistake in exercise.mistakes}) >= 3
    assert len(exercise.hints) >= 2


@each
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_stub_runs_and_is_met_with_a_friendly_word(exercise, lang):
    scope = {}
    exec(exercise.stub(lang), scope)
    fault = examine(exercise, scope[exercise.function]).fault
    assert "None" in fault.rule.en and "still to be written" in fault.rule.en and "还没有写" in fault.rule.zh


@each
def test_the_solution_stands_alone_and_passes_as_it_is_shown(exercise):
    scope = {}
    exec(exercise.solved(), scope)
    assert examine(exercise, scope[exercise.function]).passed
    source = inspect.getsource(exercise.solution)
    assert '"""' not in source and "#" not in source, "both languages show it"


def texts(exercise):
    """All texts of an exercise, by what they are."""
    yield from (("title", exercise.title), ("statement", exercise.statement), ("takes", exercise.takes))
    yield from (("explanation", exercise.explanation), ("tried", exercise.tried))
    yield from ((f"hint {i}", hint) for i, hint in enumerate(exercise.hints, 1))
    yield from ((mistake.answer.__name__, mistake.hint) for mistake in exercise.mistakes)


@each
def test_both_languages_ask_the_same(exercise):
    for what, text in texts(exercise):
        assert HAN.search(text.zh) and not HAN.search(text.en), what
        codes = [sorted(re.findall(r"`([^`]+)`", text[lang])) for lang in ("zh", "en")]
        assert set(codes[0]) == set(codes[1]), what
        assert text.zh.count("\n\n") == text.en.count("\n\n"), what
        numbers = {lang: set(re.findall(r"\d+(?:\.\d+)?", text[lang])) for lang in ("zh", "en")}
        words = {str(SPELLED.index(word)) for word in re.findall(r"[a-z]+", text.en.lower()) if word in SPELLED}
        assert numbers["zh"] - words <= numbers["en"] <= numbers["zh"], what


def dtypes(value):
    """The dtypes of the tensors in a value."""
    parts = value if isinstance(value, tuple | list) else ()
    own = [value.dtype] if isinstance(value, torch.Tensor) else []
    return [*own, *(dtype for one in parts for dtype in dtypes(one))]


def right(exercise, case):
    try:
        return exercise.solution(*case.arguments, **case.keywords)
    except ValueError:  # what is to be refused
        return None


@each
def test_a_dtype_that_is_asked_for_is_said(exercise):
    """One that never changes may be what comes by itself."""
    found = {tuple(dtypes(right(exercise, case))) for case in exercise.cases()} if exercise.judge is None else set()
    if len(found - {()}) > 1:
        assert "dtype" in exercise.takes.zh and "dtype" in exercise.takes.en


@each
def test_the_cases_are_the_same_every_time(exercise):
    first, second = (repr([(case.arguments, case.keywords) for case in exercise.cases()]) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("topic", TOPICS)
def test_names_are_the_topics_own_and_count_up(topic):
    names = [exercise.name for exercise in registry.of_topic(topic)]
    assert names == [f"{registry.stem(topic)}-{i}" for i in range(1, len(names) + 1)]
    assert len(names) >= (3 if topic.startswith("convolution/") else 2)
