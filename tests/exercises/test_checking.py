"""What is said of an answer: the smallest case, the known mistake, and whatever is no answer at all."""

import contextlib
import random
import time

import numpy
import pytest
import torch

from cnnbook.evidence.text import Text
from cnnbook.exercises import check
from cnnbook.exercises.checking import examine
from cnnbook.exercises.exercise import Exercise, Fault, Mistake, given
from cnnbook.exercises.registry import ExerciseError, find
from cnnbook.exercises.report import report
from cnnbook.exercises.showing import shown

SCATTER = find("transposed-1")
HINT = Text(zh="少了一倍。", en="Half is missing.")


def double(x):
    return 2 * x


def single(x):
    return x * 1


def cases():
    for n in range(3):
        yield given(torch.arange(n + 1.0))


def exercise(**changed):
    """A small exercise: double a tensor."""
    words = {name: Text(zh="甲", en="a") for name in ("title", "statement", "takes", "explanation", "tried")}
    given_ = {"solution": double, "cases": cases, "mistakes": (Mistake(single, HINT),), "hints": ()}
    return Exercise(**{"name": "double-1", **words, **given_, **changed})


def said(answer, of=None, **options):
    """The rule that an answer breaks, in English."""
    result = examine(of or exercise(), answer, **options)
    report(result, "zh")
    return report(result, "en") and result.fault.rule.en


def test_a_right_answer_passes_whatever_it_is_made_of():
    assert examine(exercise(), lambda x: x + x).passed
    assert examine(exercise(), torch.nn.Identity().forward).fault is not None


def test_the_first_case_that_fails_is_the_one_that_is_shown():
    result = examine(exercise(), lambda x: 2 * x if len(x) < 2 else x)
    assert result.case.arguments[0].tolist() == [0.0, 1.0]
    assert result.fault.rule.en == "1 of 2 numbers is wrong, the first at [1]: 1 where 2 is right"
    assert "double(x=tensor([0, 1]))" in report(result, "en")


def test_a_known_mistake_is_told_by_what_it_gives():
    assert examine(exercise(), lambda x: x.clone()).fault.hint == HINT
    assert examine(exercise(), lambda x: 3 * x).fault.hint is None
    other = examine(exercise(), lambda x: x.clone() if len(x) < 3 else 3 * x)
    assert other.fault.hint is None, "in one case it gives something else"


def test_a_mistake_in_some_cases_alone_is_known_as_well():
    assert examine(exercise(), lambda x: 2 * x if len(x) < 2 else x.clone()).fault.hint == HINT


def crowded(x):
    raise RuntimeError("there is no room for it")


def test_a_mistake_that_raises_is_told_from_another_error_by_its_words():
    def other(x):
        raise RuntimeError("there is no GPU")

    one = exercise(mistakes=(Mistake(crowded, HINT),))
    assert examine(one, crowded).fault.hint == HINT
    assert examine(one, other).fault.hint is None


def test_a_hint_of_the_judge_comes_first():
    own = Text(zh="乙", en="b")
    one = exercise(judge=lambda answer, case: Fault(Text(zh="丙", en="c"), hint=own))
    assert examine(one, single).fault.hint == own


def test_a_judge_that_stumbles_over_an_answer_refuses_it_and_one_that_stumbles_by_itself_is_heard():
    one = exercise(judge=lambda answer, case: 1 / answer(case.arguments[0]))
    assert said(lambda x: 0, one) == "such a result cannot be checked: ZeroDivisionError: division by zero"
    with pytest.raises(ZeroDivisionError):
        examine(exercise(judge=lambda answer, case: 1 / 0), double)


def yields(x):
    yield x


async def waits(x):
    return x


def fails(x):
    return x / missing  # noqa: F821


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (torch.nn.Linear, "hand over a function, `double`; this is a class, Linear"),
        (torch.ones(1), "hand over the function `double` itself, without calling it; this is of type Tensor"),
        (None, "hand over the function `double` itself"),
        (lambda: 1, "the function must take (x)"),
        (lambda x: None, "it returns None"),
        (yields, "it has a `yield`"),
        (waits, "it is an `async def`"),
        (lambda x: x.numpy(), "it must be a torch.Tensor, and is a ndarray: compute with torch"),
        (lambda x: x.tolist(), "it must be a torch.Tensor, and is a list"),
        (lambda x: 2 * x.double(), "its dtype must be torch.float32, and is torch.float64"),
        (lambda x: torch.zeros(2), "its shape must be (1,), and is (2,)"),
        (lambda x: x.mul_(2), "the function changes its argument x: change a copy, as `x = x.clone()`"),
        (fails, "your code raises NameError: name 'missing' is not defined"),
        (lambda x: exit(), "your code raises SystemExit"),
        (lambda x: fails(x), "your code raises NameError"),
    ],
)
def test_what_is_no_answer_is_said_plainly(answer, words):
    assert words in said(answer)


def test_a_wrong_dtype_is_said_with_what_to_do_and_without_the_numbers():
    result = examine(exercise(), lambda x: 2 * x.double())
    assert "end with `.to(…)`" in result.fault.hint.en and "It gave" not in report(result, "en")


@pytest.mark.parametrize(
    ("value", "right", "hint"),
    [
        (torch.ones(1), torch.ones(1).double(), "pass `dtype=`"),
        (torch.ones(1), torch.ones(1).half(), "end with `.to(…)`"),
        (torch.ones(1), torch.ones(1, dtype=torch.int64), "end with `.to(…)`"),
        (torch.ones(1, dtype=torch.int64), torch.ones(1), "end with `.to(…)`"),
        ((torch.ones(1), torch.ones(1)), (torch.ones(1), torch.ones(1).double()), "pass `dtype=`"),
        ([1, (torch.ones(1).double(),)], [1, (torch.ones(1),)], "end with `.to(…)`"),
    ],
)
def test_the_word_for_a_dtype_is_the_one_that_helps(value, right, hint):
    result = examine(exercise(solution=lambda x: right), lambda x: value)
    assert hint in result.fault.hint.en and "It gave" not in report(result, "en")


def test_numbers_that_are_wrong_before_a_dtype_are_said_first():
    right = (torch.ones(1), torch.ones(1).double())
    assert examine(exercise(solution=lambda x: right), lambda x: (torch.zeros(1), torch.ones(1))).fault.hint is None


def test_a_known_mistake_is_told_beside_a_wrong_dtype_within_a_pair():
    one = exercise(cases=doubles, solution=lambda x: (x, 2 * x), mistakes=(Mistake(lambda x: (x + 1, x), HINT),))
    assert examine(one, lambda x: (x.float() + 1, x.float())).fault.hint == HINT


def test_a_sentence_begins_with_a_capital_in_english_alone():
    result = examine(exercise(), lambda x: 2 * x.double())
    assert "\nIts dtype must be" in report(result, "en") and "\ndtype 应当是" in report(result, "zh")


def doubles():
    yield given(torch.arange(2.0))
    yield given(torch.arange(3, dtype=torch.float64))


def test_a_known_mistake_is_told_beside_a_wrong_dtype():
    both = examine(exercise(cases=doubles), lambda x: x.clone().float())
    assert both.fault.hint == HINT
    shorter = exercise(cases=doubles, mistakes=(Mistake(lambda x: 2 * x[1:], HINT),))
    assert examine(shorter, lambda x: 2 * x[1:].float()).fault.hint == HINT, "a wrong shape comes before the dtype"
    assert "pass `dtype=`" in examine(exercise(cases=doubles), lambda x: 2 * x.float()).fault.hint.en


def test_a_float_that_is_whole_is_no_int_in_a_report():
    assert shown((0.0, -2.0, 1)) == "(0.0, -2.0, 1)" and shown(float("inf")) == "inf" and shown(1e30) == "1e+30"


def test_an_error_shows_the_readers_own_line():
    line = examine(exercise(), fails).fault.line
    assert line.startswith(__file__) and line.endswith(": return x / missing  # noqa: F821")
    scope = {}
    exec("def double(x):\n    return torch.conv2d(x, x)", {"torch": torch}, scope)
    assert examine(exercise(), scope["double"]).fault.line == "<string>:2"


def forever(x):
    while True:
        with contextlib.suppress(Exception):
            time.sleep(0.001)


def test_a_loop_that_does_not_end_is_ended():
    result = examine(exercise(), forever, seconds=0.2)
    assert result.fault.rule.en == "no answer after 0.2 s: is there a loop that does not end?"
    assert result.fault.line.startswith(__file__) and result.case.arguments[0].tolist() == [0.0]


def test_a_bare_except_keeps_the_time_limit_off_once_and_no_more():
    def stubborn(x):
        try:
            while True:
                pass
        except:  # noqa: E722 (as readers write it)
            while True:
                pass

    assert "is there a loop that does not end?" in said(stubborn, seconds=0.1)


def test_a_fault_before_a_loop_that_does_not_end_is_still_told():
    result = examine(exercise(), lambda x: x + 1 if len(x) == 1 else forever(x), seconds=0.2)
    assert "where 0 is right" in result.fault.rule.en


def test_ctrl_c_is_not_taken_for_an_error_of_the_answer():
    def stop(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        examine(exercise(), stop)


def test_what_the_reference_refuses_the_answer_must_refuse():
    def refuse(x):
        raise ValueError("no")

    def other(x):
        raise TypeError("no")

    one = exercise(reference=refuse)
    assert examine(one, refuse).passed
    assert said(double, one) == "no answer fits these arguments: `raise ValueError`"
    assert said(other, one) == "your code raises TypeError: no"


def test_random_numbers_are_the_same_for_every_answer_and_the_readers_own_are_left_alone():
    one = exercise(solution=lambda x: torch.rand(3))
    torch.manual_seed(7)
    before = torch.get_rng_state()
    assert examine(one, lambda x: torch.rand(3)).passed
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    ("value", "right", "words"),
    [
        (2.0, 2, "it must be an int, and is a float"),
        (True, 1, "it must be an int, and is a bool"),
        (torch.tensor(2), 2, "it must be an int, and is a torch.Tensor"),
        (numpy.int64(3), 2, "it must be 2, and is 3"),
        (0.5, 0.25, "it must be 0.25, and is 0.5"),
        (1, 0.25, "it must be 0.25, and is 1"),
        (torch.tensor(0.5), 0.25, "it must be 0.25, and is 0.5"),
        (float("nan"), 0.25, "it must be 0.25, and is nan"),
        ("a", 0.25, "it must be a float, and is a str"),
        ((1, 2), (1, 2, 3), "it must have 3 items, and has 2"),
        ([1, 3], (1, 2), "item [1]: it must be 2, and is 3"),
        ({"a": 1}, {"b": 1}, "its keys must be ['b'], and are ['a']"),
        ({"a": 1}, {"a": 2}, "item ['a']: it must be 2, and is 1"),
        ("b", "a", "it must be a, and is b"),
        (torch.tensor([1, 3]), torch.tensor([1, 2]), "1 of 2 numbers is wrong, the first at [1]: 3 where 2 is right"),
        (torch.tensor(2.5), torch.tensor(1.25), "it must be 1.25, and is 2.5"),
        (torch.tensor([float("nan"), 0]), torch.zeros(2), "the first at [0]: nan where 0 is right"),
    ],
)
def test_how_a_value_differs(value, right, words):
    assert words in said(lambda x: value, exercise(solution=lambda x: right))


@pytest.mark.parametrize(
    ("value", "right"),
    [
        (numpy.int64(2), 2),
        (torch.tensor(0.25), 0.25),
        (numpy.float32(0.25), 0.25),
        ([1, 2], (1, 2)),
        (torch.tensor([1 + 1e-7]), torch.tensor([1.0])),
        (torch.tensor([float("nan"), float("inf")]), torch.tensor([float("nan"), float("inf")])),
        (torch.ones(2, requires_grad=True), torch.ones(2)),
        (torch.empty(0, 3), torch.empty(0, 3)),
        (torch.tensor([1e6 + 1]), torch.tensor([1e6])),
    ],
)
def test_what_is_as_good_as_right(value, right):
    assert examine(exercise(solution=lambda x: right), lambda x: value).passed


def test_arguments_are_copies_and_generators_start_alike():
    def many():
        yield given([torch.ones(1)], {"a": torch.ones(1)}, torch.Generator().manual_seed(1), print)

    def solution(some, named, generator, function):
        return some[0] + named["a"] + torch.rand(1, generator=generator)

    one = exercise(solution=solution, cases=many)
    assert examine(one, lambda a, b, c, d: solution(a, b, c, d)).passed
    assert said(lambda a, b, c, d: a.pop() + 5, one).startswith("the function changes its argument some")


def test_check_prints_and_says_whether(capsys):
    assert check("transposed-1", SCATTER.solution, lang="zh") is True
    assert "transposed-1 盖章、相加、裁边：通过\n试过：" in capsys.readouterr().out
    padded = next(one.answer for one in SCATTER.mistakes if one.answer.__name__ == "_padded")
    assert check("transposed-1", padded, lang="en") is False
    assert capsys.readouterr().out == (
        "transposed-1 Stamp, add, crop: not yet right\n"
        "Its shape must be (3, 3), and is (7, 7).\n"
        "The smallest case that fails: scatter(\n"
        "    x=tensor([[1, 2],\n              [3, 4]]),\n"
        "    k=tensor([[1, 2, 3],\n              [4, 5, 6],\n              [7, 8, 9]]),\n"
        "    s=2,\n    p=1,\n)\n"
        "It gave:\n"
        "    tensor([[0, 0, 0, 0, 0, 0, 0],\n"
        "            [0, 1, 2, 5, 4, 6, 0],\n"
        "            [0, 4, 5, 14, 10, 12, 0],\n"
        "            [0, 10, 14, 36, 24, 30, 0],\n"
        "            [0, 12, 15, 34, 20, 24, 0],\n"
        "            [0, 21, 24, 55, 32, 36, 0],\n"
        "            [0, 0, 0, 0, 0, 0, 0]])\n"
        "Right is:\n"
        "    tensor([[5, 14, 10],\n"
        "            [14, 36, 24],\n"
        "            [15, 34, 20]])\n"
        f"Hint: {SCATTER.mistakes[0].hint.en}\n"
    )


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("transpose-1", "did you mean transposed-1?"),
        ("transposed-9", "did you mean transposed-"),
        ("standard1", "did you mean standard-1?"),
        ("", "cnnbook exercises lists them"),
        ("卷积", "cnnbook exercises lists them"),
    ],
)
def test_an_unknown_exercise_names_the_nearest(name, near):
    with pytest.raises(ExerciseError, match="there is no exercise") as error:
        check(name, double)
    assert near in str(error.value)


@pytest.mark.parametrize("name", ["transposed-1", "transposed-3", "standard-3"])
def test_no_answer_raises_out_of_the_check(name):
    """Whatever an answer returns, it is a fault and no traceback."""
    draw = random.Random(0)
    values = [None, 1, -1.5, "x", b"x", (), [[]], {}, object(), torch.ones(2, 2), numpy.ones(3), float("inf"), 10**40]
    values += [torch.tensor(1j), torch.ones(1, dtype=torch.bool), (1,), (1, 2, 3), ("a", "b"), (1.0, 2.0), (None, None)]
    draw.shuffle(values)
    for value in values:
        result = examine(find(name), lambda *arguments, value=value: value)
        assert not result.passed, value
        report(result, "zh"), report(result, "en")
