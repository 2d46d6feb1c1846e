"""5.15.5: the questions, their order, their thresholds, and that no unit of loss or step matters; what smoothing hides,
what accuracy adds, and when nothing can be told."""

import math
import random
from dataclasses import replace
from statistics import median

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnnbook.parameters._branches import CHOOSE, CLASSES, MORE
from cnnbook.parameters._courses import LONG, Course
from cnnbook.parameters.recipe import (
    DIVERGED,
    GAP,
    LEARNED,
    RISE,
    SPIKE,
    UNDERFIT,
    Branch,
    Curves,
    Sure,
    diagnose,
    falling,
    smoothed,
)

FALL = [1.0, 0.6, 0.4, 0.3, 0.3, 0.3]  # of a healthy run, in units of its start
losses = st.lists(st.floats(0.01, 5.0), min_size=3, max_size=60)


def points(values, every=1.0):
    return [(number * every, value) for number, value in enumerate(values)]


def branch(train, val=(), accuracy=(), classes=None):
    return diagnose(Curves(points(train), points(val), points(accuracy), classes)).branch


@pytest.mark.parametrize(
    ("train", "val", "expected"),
    [
        ([1.0, 3.0, math.nan], FALL, Branch.DIVERGED),
        ([1.0, 3.0, math.inf, 0.2, 0.2], FALL, Branch.HEALTHY),  # it came back
        ([math.inf, 1.0, 0.4, 0.3, 0.3], FALL, Branch.HEALTHY),
        (FALL, [1.0, 0.8, math.nan], Branch.DIVERGED),
        (FALL, [1.0, math.nan, 1.0], Branch.CANNOT_TELL),  # two points are no curve
        ([1.0, 1.1, 1.3, 1.5], FALL, Branch.DIVERGED),
        ([1.0, 50.0, 1.0, 1.0], FALL, Branch.DIVERGED),
        ([1.0, 50.0, 0.5, 0.3], FALL, Branch.HEALTHY),  # it recovered
        ([1.0, 0.99, 0.97, 0.95], FALL, Branch.PLATEAU),
        ([1.0, 1.01, 1.0, 1.0], FALL, Branch.PLATEAU),
        ([1.0, 1.01, 1.0, 1.0], (), Branch.PLATEAU),
        (FALL, (), Branch.CANNOT_TELL),
        (FALL, [1.0, 1.1, 2.0, 3.0], Branch.DATA),
        (FALL, [1.0, 0.5, 0.9, 1.5], Branch.OVERFIT),
        (FALL, [1.0, 0.7, 0.6, 0.6], Branch.OVERFIT),  # no rise, but a gap
        ([1.0, 0.9, 0.8, 0.7], [1.0, 0.9, 0.8, 0.7], Branch.UNDERFIT),
        (FALL, FALL, Branch.HEALTHY),
    ],
)
def test_each_branch_by_hand(train, val, expected):
    for unit in (1.0, 0.01, 100.0):
        assert branch([unit * x for x in train], [unit * x for x in val]) is expected


def test_a_plateau_that_falls_by_less_than_half_a_per_cent_does_not_fall():
    for fall, words in ((0.0049, "it does not fall"), (0.0051, "it falls slowly: the rate is too small")):
        found = diagnose(Curves(points([2.0 * (1 - fall * at / 4) for at in range(5)])))
        assert found.branch is Branch.PLATEAU and found.reasons[-1] == words


@pytest.mark.parametrize(
    ("train", "val", "threshold", "below", "above"),
    [
        (lambda x: [1.0, 1.0, x], lambda x: FALL, DIVERGED, Branch.PLATEAU, Branch.DIVERGED),
        (lambda x: [1.0, x, 1.0], lambda x: FALL, SPIKE, Branch.PLATEAU, Branch.DIVERGED),
        (lambda x: [1.0, 1.0, x], lambda x: [x] * 3, 1 - LEARNED, Branch.UNDERFIT, Branch.PLATEAU),
        (lambda x: [1.0, 0.8, 0.7], lambda x: [1.0, x, x], 1 - LEARNED, Branch.UNDERFIT, Branch.DATA),
        (lambda x: FALL, lambda x: [1.0, 0.4, 0.4 + x], RISE, Branch.HEALTHY, Branch.OVERFIT),
        (lambda x: FALL, lambda x: [1.0, 0.3 + x, 0.3 + x], GAP, Branch.HEALTHY, Branch.OVERFIT),
        (lambda x: [1.0, x, x], lambda x: [1.0, x, x], UNDERFIT, Branch.HEALTHY, Branch.UNDERFIT),
    ],
    ids=["diverged", "spike", "learned", "learned by validation", "rise", "gap", "underfit"],
)
def test_each_threshold_divides_two_branches(train, val, threshold, below, above):
    assert branch(train(threshold - 1e-6), val(threshold - 1e-6)) is below
    assert branch(train(threshold + 1e-6), val(threshold + 1e-6)) is above


@settings(derandomize=True)
@given(losses, losses, st.floats(1e-3, 1e3))
def test_the_unit_of_the_loss_does_not_matter(train, val, unit):
    found = [diagnose(Curves(points([u * x for x in train]), points([u * x for x in val]))) for u in (1.0, unit)]
    near = _borders(train, val)
    assume(min(near) > 1e-9)
    assert found[0].branch is found[1].branch and found[0].first == found[1].first


def _borders(train, val):
    """How far a run is from each threshold: rounding may decide on the very border."""
    t, v, unit = smoothed(train), smoothed(val), train[0]
    fall = [abs(c[max(min(int(len(c) * 0.8), len(c) - 1) - 1, -1)] - c[-1] - 0.1 * (c[0] - c[-1])) for c in (t, v)]
    return [
        *(abs(t[-1] / unit - x) for x in (DIVERGED, 1 - LEARNED, UNDERFIT)),
        abs(max(train) / unit - SPIKE),
        abs((t[-1] - min(t)) / unit - GAP),
        abs(min(v) / unit - 1 + LEARNED),
        abs((v[-1] - min(v)) / unit - RISE),
        abs((v[-1] - t[-1]) / unit - GAP),
        *(f / unit for f in fall),
    ]


@settings(derandomize=True)
@given(losses, losses, st.floats(1e-2, 1e4))
def test_how_steps_are_counted_does_not_matter(train, val, every):
    one, other = (diagnose(Curves(points(train, k), points(val, k))) for k in (1.0, every))
    assert (one.branch, one.first) == (other.branch, other.first)


@settings(derandomize=True)
@given(losses, losses, st.sampled_from([None, 2, 10]), st.data())
def test_an_end_that_is_not_finite_comes_before_all_else(train, val, classes, data):
    curve = data.draw(st.sampled_from([train, val]))
    curve[-2:] = [data.draw(st.sampled_from([math.nan, math.inf, -math.inf, 1e308]))] * 2
    assert branch(train, val, classes=classes) is Branch.DIVERGED


@settings(derandomize=True)
@given(losses, losses, st.data())
def test_a_value_in_between_that_is_not_finite_is_said_and_left_out(train, val, data):
    train = [*train, *train[-1:] * 3]
    place = data.draw(st.integers(1, len(train) - 2))
    steps = [(number, value) for number, value in enumerate(train) if number != place]
    without = diagnose(Curves(steps, points(val)))
    train[place] = data.draw(st.sampled_from([math.nan, math.inf, -math.inf]))
    found = diagnose(Curves(points(train), points(val)))
    assert (found.branch, found.reasons) == (without.branch, without.reasons)
    assert any(f"not finite once (step {place})" in remark for remark in found.remarks)


@settings(derandomize=True)
@given(losses, losses, losses)
def test_validation_is_asked_only_of_a_run_that_learned(train, val, other):
    without = branch(train)
    assert without in (Branch.DIVERGED, Branch.PLATEAU, Branch.CANNOT_TELL)
    for curve in (val, other):
        assert (branch(train, curve) is without) == (without is not Branch.CANNOT_TELL)


@settings(derandomize=True)
@given(losses, st.lists(st.floats(0, 1), max_size=30), losses)
def test_every_run_has_one_branch_with_reasons_and_a_first_thing_to_try(train, accuracy, val):
    for curve in (val, []):
        found = diagnose(Curves(points(train), points(curve), points(accuracy), 10))
        assert found.branch in Branch and found.first
        assert found.reasons and all(reason[0].islower() for reason in found.reasons)


def test_known_classes_measure_by_what_guessing_costs():
    late = [0.5, 0.49, 0.48]  # first logged when most was learned
    assert branch(late, late) is Branch.PLATEAU
    assert branch(late, late, classes=10) is Branch.HEALTHY


def test_a_run_first_logged_when_it_had_blown_up_is_measured_by_its_accuracy():
    blown = [1e7, 1e3, 3.0, 2.5, 2.4]
    assert branch(blown, [9.0, 2.4, 2.4], [0.1, 0.1, 0.1]) is Branch.DIVERGED
    assert branch([1e7, 1e3, 0.9, 0.5, 0.2], [9.0, 0.4, 0.4], [0.1, 0.7, 0.8]) is Branch.HEALTHY
    assert branch(blown, [9.0, 2.4, 2.4]) is Branch.HEALTHY  # as good as it looks: give the number of classes
    assert branch(blown, [9.0, 2.4, 2.4], classes=10) is Branch.DIVERGED


def test_accuracy_speaks_against_wrong_data():
    sure = [3.0, 3.5, 4.0]  # overconfident from the first epoch on, and yet often right
    assert branch(FALL, sure, [0.5, 0.6, 0.6], 10) is Branch.OVERFIT
    assert branch(FALL, sure, [0.1, 0.12, 0.1], 10) is Branch.DATA
    assert branch(FALL, sure, [0.1, 0.3, 0.1], 10) is Branch.DATA  # one lucky point
    assert branch(FALL, sure, [0.5, 0.7, 0.7], 2) is Branch.OVERFIT
    assert branch(FALL, sure, [0.5, 0.54, 0.54], 2) is Branch.DATA
    assert branch(FALL, sure, [0.5, 0.6, 0.6]) is Branch.DATA  # chance is not known


def test_a_share_that_would_be_chance_in_per_cent_makes_it_unsure():
    train, val = falls(12, 0.1, 6.9), [6.92 + 0.15 * k for k in range(12)]
    found = run(train, val, [0.11 + 0.004 * k for k in range(12)], 1000)
    assert (found.branch, found.sure) == (Branch.OVERFIT, Sure.UNSURE)
    assert found.remarks[0].endswith("in per cent that is about chance, 0.1")
    assert run(train, val, [0.11 + 0.03 * k for k in range(12)], 1000).sure is Sure.SURE
    ten = falls(12, 0.1), [2.4 + 0.05 * k for k in range(12)], [0.3 + 0.02 * k for k in range(12)], 10
    assert run(*ten).remarks == ()


def test_without_a_validation_loss_the_error_stands_in():
    assert branch(FALL, (), [0.1, 0.7, 0.8], 10) is Branch.HEALTHY
    assert branch(FALL, (), [0.1, 0.3, 0.09], 10) is Branch.DATA
    assert branch(FALL, (), [0.1, 0.8, 0.6], 10) is Branch.OVERFIT
    assert branch([1.0, 0.8, 0.7], (), [0.1, 0.5, 0.6]) is Branch.UNDERFIT
    assert branch([1.0, 0.1, 0.0], (), [0.1, 0.5, 0.5], 10) is Branch.HEALTHY  # an error is no loss: no gap


def test_an_error_that_rises_counts_in_shares_of_that_of_guessing():
    accuracy = [0.6, 0.7, 0.78, 0.82, 0.84, 0.85, 0.85, 0.84, 0.83, 0.82, 0.81, 0.80]
    assert branch(falls(12, 0.02, 0.69), (), accuracy, 2) is Branch.OVERFIT
    assert branch(falls(12, 0.02, 2.3), (), accuracy, 10) is Branch.OVERFIT


def test_without_a_validation_loss_no_run_is_surely_healthy():
    apart = [0.55 - 0.45 * math.exp(-k / 2) for k in range(12)]
    found = run(falls(12, 0.01), (), apart, 10)
    assert (found.branch, found.sure) == (Branch.HEALTHY, Sure.FAIRLY)
    assert found.remarks == ("there is no validation loss: a gap between it and training would not be seen",)


def test_a_run_that_still_learns_is_told_to_go_on():
    steady = [1.0, 0.9, 0.8, 0.7, 0.6]
    assert diagnose(Curves(points(steady), points(steady))).first == MORE
    assert diagnose(Curves(points([*steady, *[0.6] * 20]), points([*steady, *[0.6] * 20]))).first != MORE
    good = [1.0, 0.8, 0.6, 0.4, 0.2]
    found = diagnose(Curves(points(good), points(good)))
    assert found.branch is Branch.HEALTHY and found.first == MORE


def test_one_batch_that_is_out_of_line_decides_nothing():
    train = [1.0] + [0.3] * 60
    quiet = diagnose(Curves(points(train), points(FALL))).branch
    for place in range(1, 61):
        loud = list(train)
        loud[place] = 2.5
        assert diagnose(Curves(points(loud), points(FALL))).branch is quiet is Branch.HEALTHY, place


@settings(derandomize=True)
@given(st.lists(st.floats(-5, 5), min_size=1, max_size=80))
def test_smoothing_stays_among_the_values(values):
    found = smoothed(values)
    assert len(found) == len(values) and min(values) <= min(found) <= max(found) <= max(values)
    assert len(values) >= 20 or found == values


def test_falling_is_a_matter_of_the_last_fifth():
    line = [1 - number / 100 for number in range(100)]
    assert falling(line) and not falling(line[::-1]) and not falling([1.0] * 10)
    assert not falling(line[:50] + [0.51] * 50)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"train_loss": [(0, 1.0), (1, 0.5)]}, "train_loss must have at least 3 points, got 2"),
        ({"val_loss": [(0, 1.0), (0, 0.5)]}, "the steps of val_loss must rise, got 0 after a step as large"),
        ({"classes": 1}, "classes must be at least 2, got classes=1"),
    ],
)
def test_what_is_no_curve_is_refused(change, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        replace(Curves(points(FALL)), **change)


def test_a_first_loss_of_zero_measures_nothing():
    with pytest.raises(ValueError, match="the first training loss must be above 0 to measure the others by, got 0"):
        branch([0.0, 0.1, 0.2])


@pytest.mark.parametrize("classes", [None, 2, 10])
def test_a_loss_that_is_zero_from_beginning_to_end_is_no_health(classes):
    with pytest.raises(ValueError, match="the training loss must be above 0 somewhere, got at most 0"):
        branch([0.0] * 8, [0.0] * 8, [0.1] * 8, classes)
    assert branch([0.0, 0.4, 0.0, 0.0], [0.1] * 4, classes=10) is Branch.HEALTHY  # its first value alone was rounded


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


@pytest.mark.parametrize("classes", [None, 10])
def test_a_run_that_collapses_halfway_and_stays_below_guessing_is_no_overfitting(classes):
    train = [2.3, 1.2, 0.6, 0.3, 0.2, 0.18, 1.5, 1.6, 1.55, 1.6, 1.55, 1.6]
    found = run(train, [1.05 * value for value in train], classes=classes, first=1)
    assert found.branch is Branch.DIVERGED
    assert found.reasons[0] == "the training loss had come down to 0.18 (step 6), and collapsed"


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


@pytest.mark.parametrize("unit", [1.0, 0.001])
def test_a_rise_by_half_of_the_lowest_point_counts_however_large_the_first_loss_was(unit):
    train = [600, 90, 40, 20, 12, 8, 6, 4, 3, 2]  # squared errors
    val = [300, 60, 25, 15, 13, 14, 16, 18, 19, 20]
    found = run([unit * value for value in train], [unit * value for value in val])
    assert found.branch is Branch.OVERFIT and "rose" in found.reasons[0]
    level = [*val[:5], 14, 16, 18, 17, 18]
    assert run([unit * value for value in train], [unit * value for value in level]).branch is Branch.HEALTHY


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


def test_a_training_loss_that_never_moves_is_a_plateau_wherever_it_lies():
    for train in ([1.4612] * 8, [1.2 + 0.02 * math.sin(7 * k) for k in range(20)]):
        found = run(train, train, classes=10)
        assert (found.branch, found.reasons[-1]) == (Branch.PLATEAU, "it does not fall")
    assert run([1.3 - 0.005 * k for k in range(8)], [1.3] * 8, classes=10).branch is Branch.UNDERFIT  # it falls
    assert run([1.1] * 8, [1.1] * 8, classes=10).branch is Branch.HEALTHY  # below one half: most was learned before


def test_a_validation_loss_that_was_never_finite_is_measured_wrongly():
    train, never = [2.2, 1.5, 0.9, 0.5, 0.25, 0.12, 0.06, 0.03], [math.nan] * 8
    said = ("the validation loss was never finite: look at how it is measured",)
    found = run(train, never, classes=10)
    assert (found.branch, found.remarks) == (Branch.CANNOT_TELL, said)
    assert run(train, never, [0.1, 0.5, 0.7, 0.8, 0.85, 0.88, 0.9, 0.9], 10).branch is Branch.HEALTHY
    assert run([*train[:-2], math.nan, math.nan], never, classes=10).branch is Branch.DIVERGED


def test_an_accuracy_that_is_soon_perfect_was_learned():
    fast = [0.1, 0.5, *[0.998] * 10]
    falling = [2.3, 1.0, 0.1, 0.05, *[0.02] * 8]
    assert run(falling, falling, fast, 10).branch is Branch.HEALTHY
    stopped = [2.3, 2.0, *[1.66] * 10]  # and the rest of the log is filled up
    assert run(stopped, stopped, [0.1, 0.56, *[0.734] * 10], 10).branch is Branch.UNDERFIT
    majority = [0.69, 0.3, 0.12, *[0.1] * 9]
    assert run(majority, majority, [0.98] * 12, 2).branch is Branch.PLATEAU


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


def test_a_network_that_was_trained_before_has_no_unit_without_its_number_of_classes():
    train, val, accuracy = [0.18, 0.11, 0.07, 0.05], [0.31, 0.33, 0.40, 0.47], [0.904, 0.905, 0.902, 0.903]
    found = run(train, val, accuracy)
    assert (found.branch, found.sure, found.first) == (Branch.CANNOT_TELL, Sure.UNSURE, CLASSES)
    assert found.reasons[0] == "it would be wrong data, were 0.18 what knowing nothing costs"
    assert run(train, val, accuracy, 2).branch is Branch.OVERFIT
    good = [0.35, 0.28, 0.25, 0.24], [0.26, 0.25, 0.245, 0.244], [0.9, 0.905, 0.906, 0.907]
    assert run(*good).reasons[0] == "it would be underfit, were 0.35 what knowing nothing costs"
    assert run(*good, 2).branch is Branch.HEALTHY
    assert run([0.35] * 4, [0.35] * 4, good[2]).branch is Branch.PLATEAU  # it does not fall in any unit


def test_few_points_and_near_thresholds_make_it_less_sure():
    assert run(falls(30), falls(30, 0.3), classes=10).sure is Sure.SURE
    assert run([2.3, 1.0, 0.3], [2.3, 1.0, 0.4], classes=10).sure is Sure.FAIRLY
    assert run(falls(30, 1.1), falls(30, 1.1), classes=10).sure is Sure.FAIRLY  # 0.48, where 0.5 is underfit


@pytest.mark.parametrize("n", [19, 20, 41, LONG, LONG + 1, LONG + 500])
def test_long_and_short_curves_are_smoothed_alike(n):
    values, half = [math.sin(k * k) for k in range(n)], n // 20
    expected = [
        median(values[max(i - half, 0) : i + half + 1] if i + half < n else values[n - 2 * half - 1 :])
        for i in range(n)
    ]
    assert smoothed(values) == pytest.approx(expected, abs=1e-12)


def test_a_course_knows_what_it_lost():
    course = Course.of([(0, math.inf), (1, 1.0), (2, math.nan), (3, 0.5), (4, 1e308)])
    assert (course.lost, course.gone, course.gone_for) == ((0.0, 2.0), 4.0, 1)
