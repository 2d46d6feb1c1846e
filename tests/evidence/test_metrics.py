"""Metrics, axes and curves: named in both languages or not declared; found by name and point, or said what there is."""

from dataclasses import replace

import pytest

import toy_experiments
from cnnbook.evidence.claims import Claim
from cnnbook.evidence.errors import ClaimError
from cnnbook.evidence.lookup import check_rule
from cnnbook.evidence.metrics import Axis, Curve, Metric, Quantity
from cnnbook.evidence.rules import Comparison, Expect
from cnnbook.evidence.runner import run
from cnnbook.evidence.staleness import stale_reason
from cnnbook.evidence.text import Text

LOSS = Metric("loss", Text("损失", "loss"), "nats", "lower", digits=3)
SHARE = Axis(
    "share",
    "",
    Text("{metric}（完成 {at} 时）", "{metric} after {at} of the run"),
    zero=Text("{metric}（训练前）", "{metric} before training"),
    fractions=True,
)
SHIFT = Axis(
    "shift", "pixels", Text("{metric} {at} 像素", "{metric} of {at} pixels"), one=Text("{metric} 1", "{metric} of 1")
)


@pytest.mark.parametrize(
    ("axis", "at", "zh", "en"),
    [
        (SHARE, 0.25, "损失（完成 1/4 时）", "loss after 1/4 of the run"),
        (SHARE, 3 / 16, "损失（完成 3/16 时）", "loss after 3/16 of the run"),
        (SHARE, 0, "损失（训练前）", "loss before training"),
        (SHIFT, 0, "损失 0 像素", "loss of 0 pixels"),
        (SHIFT, 1.0, "损失 1", "loss of 1"),
        (SHIFT, 16, "损失 16 像素", "loss of 16 pixels"),
    ],
)
def test_a_metric_at_a_point_is_said_in_the_words_of_its_axis(axis, at, zh, en):
    assert Quantity(LOSS, axis, at).label == Text(zh, en) and Quantity(LOSS).label == LOSS.label


@pytest.mark.parametrize(
    ("declare", "error", "message"),
    [
        (lambda: Metric("loss", "loss", "nats", "lower", 3), TypeError, "metric 'loss': label must be a Text, in both"),
        (lambda: Metric("loss", Text("损失", " "), "", "lower", 3), ValueError, "both languages, got en=' '"),
        (lambda: Metric("loss@20", LOSS.label, "", "lower", 3), ValueError, "name must be lower-case .* got 'loss@20'"),
        (lambda: Metric("loss", LOSS.label, "", "down", 3), ValueError, "'higher' or 'lower', got 'down' for 'loss'"),
        (lambda: Metric("loss", LOSS.label, "", "lower", -1), ValueError, "digits must be a whole number .* got -1"),
        (lambda: Metric("loss", LOSS.label, "", "lower", 3, 0), ValueError, "scale must be above 0, got 0 for 'loss'"),
        (lambda: Metric("loss", LOSS.label, "", "lower", 3, short="l"), TypeError, "short must be a Text"),
        (lambda: Axis("step", "", Text("步", "step")), ValueError, "must have a place for {metric}"),
        (lambda: Axis("step", "", LOSS.label, zero="start"), TypeError, "axis 'step': zero must be a Text"),
        (lambda: Curve(LOSS, SHARE, ()), ValueError, r"points must rise, one at least, got \(\) for 'loss'"),
        (lambda: Curve(LOSS, SHARE, (0, 1, 1)), ValueError, r"points must rise, one at least, got \(0, 1, 1\)"),
    ],
)
def test_what_has_no_words_in_both_languages_cannot_be_declared(declare, error, message):
    with pytest.raises(error, match=message):
        declare()


def test_a_metric_that_has_a_curve_as_well_is_one_metric():
    other = Metric("accuracy", Text("准确率", "accuracy"), "%", "higher", digits=2, scale=100)
    for curves, message in (
        ([Curve(other, SHARE, (0,))], "must be the same in metrics and curves"),
        ([Curve(LOSS, SHARE, (0,)), Curve(LOSS, SHIFT, (0,))], "a metric must have one curve at most"),
    ):
        with pytest.raises(ValueError, match=message):
            toy_experiments.toy(curves=curves)


@pytest.mark.parametrize(
    ("metric", "at", "message"),
    [
        ("f1", None, "rule: metric must be one of accuracy, nll of parameters/toy, got 'f1'"),
        ("accuracy", 7, "rule: at must be a point of its curve, 0, 20 or left out, for metric 'accuracy' .* got 7"),
        ("nll", 20, "rule: at must be left out, for metric 'nll' of parameters/toy, got 20"),
        ("loss", None, "rule: at must be a point of its curve, 0, 0.5, for metric 'loss' .* got None"),
    ],
)
def test_a_rule_about_a_metric_or_a_point_that_is_not_declared_is_one_line(metric, at, message):
    curves = [Curve(toy_experiments.ACCURACY, SHIFT, (0, 20)), Curve(LOSS, SHARE, (0, 0.5))]
    experiment = toy_experiments.toy(curves=curves[: 1 + (metric == "loss")])
    rule = Comparison(metric, "much", "none", Expect.BETTER, 0.5, at)
    words = Text("甲", "a")
    claim = Claim("planted", "parameters/toy", "experiment", words, None, (), experiment=experiment.name, rule=rule)
    with pytest.raises(ClaimError, match=message) as caught:
        check_rule(claim, experiment)
    assert "claims/parameters/toy.toml: claim 'planted': " in str(caught.value) and "\n" not in str(caught.value)


DIFFERS = "its metrics, the points of its curves or its baseline differ from those declared today"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"scale": 1.0}, DIFFERS),
        ({"unit": "nats"}, DIFFERS),
        ({"direction": "lower"}, DIFFERS),
        ({"axis": SHIFT}, DIFFERS),
        ({"points": (0, 21)}, DIFFERS),
        ({"points": (0,)}, DIFFERS),
        ({"label": LOSS.label, "digits": 4, "short": LOSS.label}, None),
    ],
)
def test_what_changes_the_meaning_of_a_number_makes_a_result_stale_and_words_do_not(book, change, reason):
    result = run(toy_experiments.toy(seeds=2))
    points = {"axis": toy_experiments.STEP, "points": (0, 20)}
    metric = replace(toy_experiments.ACCURACY, **{key: one for key, one in change.items() if key not in points})
    curve = Curve(metric, **{key: change.get(key, one) for key, one in points.items()})
    found = stale_reason(toy_experiments.toy(seeds=2, metrics=[metric, toy_experiments.NLL], curves=[curve]), result)
    assert found is None if reason is None else reason in found
