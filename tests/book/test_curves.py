"""The chart of a learning curve: its points are the arms named PREFIX_NUMBER, its slope that of the power law."""

import re
import sys

import pytest

from cnnbook.evidence.report import MetricReport, Sample
from cnnbook.evidence.text import Text
from cnnbook.generalisation.more_data import fit_power_law
from manuscript import ROOT
from reports import report

sys.path.insert(0, str(ROOT / "hooks"))
import charts
import curves

SIZES, MEANS = (100, 20, 3000), (30.0, 47.0, 11.0)


def experiment(prefix="steps", means=MEANS):
    arms = {
        f"{prefix}_{n}": {"test_error": Sample(mean, None, mean and mean - 1, mean and mean + 1, ())}
        for n, mean in zip(SIZES, means, strict=True)
    }
    arms["long_run"] = arms[f"other_{prefix}_7"] = arms[f"{prefix}_100"]  # neither is a point of the curve
    label = Text("测试错误率", "test error")
    return report(arms=arms, metrics={"test_error": MetricReport(label, label, "%", "lower", 1)})


def test_points_are_in_order_and_of_this_prefix_alone():
    assert [n for n, _ in curves.points_of(experiment(), "test_error", "steps")] == [20, 100, 3000]


@pytest.mark.parametrize(("lang", "slopes"), [("en", "Slopes: mine {}."), ("zh", "斜率：mine {}。")])
def test_the_slope_is_that_of_the_power_law(lang, slopes, tmp_path, monkeypatch):
    monkeypatch.setattr(charts, "KEPT", tmp_path)
    svg, what, how, values = curves.curve(experiment(), "test_error", {"mine": "steps"}, "images", lang)
    slope = f"−{fit_power_law(SIZES, MEANS).exponent:.2f}"
    assert how.endswith(slopes.format(slope)) and values == f"mine {slope}"
    assert svg.startswith("<svg ") and "images" in svg and not re.search(r"#0[1-6]0", svg)
    assert "10" in how and what.startswith({"en": "Test error against images", "zh": "测试错误率随images"}[lang])


def test_the_dashed_line_is_drawn_where_the_power_law_runs():
    """A law of known slope and constant: its line begins and ends in its first and last point."""
    exact = experiment(means=tuple(300 * n**-0.5 for n in SIZES))
    points = curves.points_of(exact, "test_error", "steps")
    law = curves.power_law([n for n, _ in points], [p.mean for _, p in points])
    assert (law.exponent, law.constant) == (pytest.approx(-0.5), pytest.approx(300))
    assert curves.ends(law, points) == [(n, pytest.approx(300 * n**-0.5)) for n in (20, 3000)]


@pytest.mark.parametrize("prefix", ["step", "epochs", "long"])
def test_a_curve_without_points_is_refused(prefix):
    with pytest.raises(ValueError, match=f"two arms named {prefix}_NUMBER at least"):
        curves.points_of(experiment(), "test_error", prefix)


def test_an_arm_whose_seeds_all_diverged_is_refused():
    with pytest.raises(ValueError, match="no seed lost in all of one"):
        curves.points_of(experiment(means=(30.0, None, 11.0)), "test_error", "steps")
