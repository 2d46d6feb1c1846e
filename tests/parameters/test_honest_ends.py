"""5.15.5: what a smoothed curve hides, what accuracy adds, and when nothing can be told."""

import math
import random

import pytest

from cnnbook.parameters.branches import CHOOSE, Branch, Sure
from cnnbook.parameters.courses import LONG, Course, Curves, smoothed
from cnnbook.parameters.recipe import diagnose


def falls(n, low=0.2, start=2.3, noise=0.0, seed=0):
    draw = random.Random(seed)
    return [low + (start - low) * math.exp(-6 * k / n) + draw.gauss(0, noise) for k in range(n)]


def run(train, val=(), accuracy=(), classes=None, first=0, every=1):
    curves = [[(first + every * k, value) for k, value in enumerate(values)] for values in (train, val, accuracy)]
    return diagnose(Curves(*curves, classes))


@pytest.mark.parametrize("last", [2, 3, 8])
@pytest.mark.parametrize("n", [100, 200, 3000])
@pytest.mark.parametrize("classes", [None, 10])
def test_a_collapse_in_the_last_steps_is_a_collapse(last, n, classes):
    train, val = falls(n, noise=0.03), falls(n, 0.4, noise=0.03)
    train[-last:], val[-last:] = [6.0] * last, [7.0] * last
    found = run(train, val, classes=classes)
    assert found.branch is Branch.DIVERGED and "collapsed" in found.reasons[0] and "to 6" in found.reasons[1]
    train[-last:], val[-last:] = [2.3] * last, [2.3] * last  # dead, and calm
    assert run(train, val, classes=classes).branch is Branch.DIVERGED


def test_an_epoch_that_collapses_both_curves_is_a_collapse_and_one_loud_batch_is_none():
    train, val = falls(40), falls(40, 0.4)
    assert run([*train, 5.0], [*val, 6.0]).branch is Branch.DIVERGED
    found = run([*train, 5.0], [*val, 0.4])
    assert (found.branch, found.sure) == (Branch.HEALTHY, Sure.UNSURE) and "out of line" in found.remarks[0]


def test_validation_that_shoots_up_alone_is_no_health():
    val = falls(200, 0.4)
    val[-6:] = [7.0] * 6
    assert run(falls(200), val, classes=10).branch is Branch.DIVERGED


def test_the_last_raw_value_is_told():
    assert "(the last value 0.345)" in run([*falls(100, noise=0.05)[:-1], 0.345], falls(100)).reasons[0]


def test_a_rise_of_the_loss_with_a_rising_accuracy_says_what_stopping_costs():
    train, val = falls(12, 0.01), [2.0, 1.4, 1.1, 1.0, 1.05, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7]
    rising = [0.2, 0.5, 0.6, 0.7, 0.71, 0.72, 0.73, 0.74, 0.745, 0.75, 0.755, 0.76]
    found = run(train, val, rising, 10)
    assert found.branch is Branch.OVERFIT and found.first == CHOOSE
    assert "the accuracy still rose, from 70.0% at step 3 to 76.0%" in found.reasons[2]
    assert found.reasons[3] == "to stop at the lowest loss would cost 6.0 points of accuracy"
    falling = [*rising[:4], *[0.69] * 8]
    found = run(train, val, falling, 10)
    assert found.branch is Branch.OVERFIT and found.reasons[2] == "the accuracy went from 70.0% at step 3 to 69.0%"
    assert found.first != CHOOSE


def test_soft_labels_are_no_underfitting():
    found = run(
        falls(60, 1.25, 2.35, 0.05), falls(60, 0.35), [1 - 0.9 * math.exp(-k / 8) * 0.9 - 0.1 for k in range(60)], 10
    )
    assert found.branch is Branch.HEALTHY and "soft labels" in " ".join(found.remarks)
    assert run(falls(60, 1.25, 2.35, 0.05), falls(60, 1.2), classes=10).branch is Branch.UNDERFIT


@pytest.mark.parametrize("classes", [None, 1000])
def test_of_a_thousand_classes_a_rise_counts_in_nats(classes):
    val = [*falls(30, 1.0, 6.9), *[1.0 + 0.27 * k / 10 for k in range(11)]]
    assert run(falls(41, 0.05, 6.9), val, classes=classes).branch is Branch.OVERFIT


def test_always_the_same_answer_is_no_health():
    train = [0.69, 0.4, 0.34, 0.33, 0.33, 0.325, 0.327, 0.325]
    for accuracy in ([0.9] * 8, [90.0] * 8):
        found = run(train, [0.5, *train[1:]], accuracy, 2)
        assert found.branch is Branch.PLATEAU and "always the same answer" in found.reasons[0]
    assert run(train, [0.5, *train[1:]], [0.5, 0.8, 0.85, 0.87, 0.88, 0.89, 0.9, 0.9], 2).branch is Branch.HEALTHY
    assert (
        run([0.69, 0.1, 0.05, 0.03, 0.02, 0.02], [0.3, 0.1, 0.08, 0.07, 0.07, 0.07], [0.98] * 6, 2).branch
        is Branch.HEALTHY
    )


def test_best_and_last_are_told_for_both():
    found = run(falls(8), falls(8, 0.3), [0.1, 0.5, 0.7, 0.8, 0.85, 0.9, 0.89, 0.88], 10)
    assert "its lowest is" in found.reasons[1] and found.reasons[2] == (
        "the accuracy ends at 88.0%, its best is 90.0% (step 5)"
    )


@pytest.mark.parametrize(
    ("val", "said"),
    [
        ((), "there is no validation curve"),
        ([1.0], "there is but 1 point of"),
        ([1.0, 0.9], "there are but 2 points of"),
    ],
)
def test_without_a_curve_of_validation_nothing_is_told(val, said):
    found = run(falls(20), val)
    assert found.branch is Branch.CANNOT_TELL and said in found.reasons[1]


def test_where_all_hangs_on_a_doubtful_unit_nothing_is_told():
    late = [0.5 - 0.001 * k for k in range(20)]
    found = run(late, [0.86] * 20, first=5000, every=50)
    assert (found.branch, found.sure) == (Branch.CANNOT_TELL, Sure.UNSURE) and "would be plateau" in found.reasons[0]
    assert run(late, [0.86] * 20, classes=10, first=5000, every=50).branch is Branch.HEALTHY
    rises = [0.42 - 0.02 * k for k in range(6)] + [0.32 + 0.03 * k for k in range(14)]
    assert run(falls(20, 0.1, 0.5), rises, first=5000, every=50).branch is Branch.OVERFIT  # a rise is one in any unit


def test_few_points_and_near_thresholds_make_it_less_sure():
    assert run(falls(30), falls(30, 0.3), classes=10).sure is Sure.SURE
    assert run([2.3, 1.0, 0.3], [2.3, 1.0, 0.4], classes=10).sure is Sure.FAIRLY
    assert run(falls(30, 1.1), falls(30, 1.1), classes=10).sure is Sure.FAIRLY  # 0.48, where 0.5 is underfit


@pytest.mark.parametrize("n", [19, 20, 41, LONG, LONG + 1, LONG + 500])
def test_long_and_short_curves_are_smoothed_alike(n):
    from statistics import median

    values, half = [math.sin(k * k) for k in range(n)], n // 20
    expected = [
        median(values[max(i - half, 0) : i + half + 1] if i + half < n else values[n - 2 * half - 1 :])
        for i in range(n)
    ]
    assert smoothed(values) == pytest.approx(expected, abs=1e-12)


def test_a_course_knows_what_it_lost():
    course = Course.of([(0, math.inf), (1, 1.0), (2, math.nan), (3, 0.5), (4, 1e308)])
    assert (course.lost, course.gone, course.gone_for) == ((0.0, 2.0), 4.0, 1)
