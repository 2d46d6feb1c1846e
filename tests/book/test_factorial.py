"""Methods side by side: panels in which right is better, and pairs that are coloured only where they can be told."""

import re
import sys

import pytest

from cnnbook.evidence.report import Difference, MetricReport
from cnnbook.evidence.text import Text
from manuscript import ROOT
from reports import report

sys.path.insert(0, str(ROOT / "hooks"))
import cards
import charts
import factorial

METRICS = {
    "test_accuracy": MetricReport(Text("测试准确率", "test accuracy"), Text("准确率", "accuracy"), "%", "higher", 1),
    "test_nll": MetricReport(Text("负对数似然", "likelihood loss"), Text("似然", "likelihood"), "nats", "lower", 3),
}
NAMES = {"base": "baseline", "m": "more <data>", "d": "dropout", "w": "wider"}
ARMS = ("m", "d", "w")


def row(treatment, baseline, mean, metric="test_accuracy", scatter=0.1, values=None):
    values = values or [mean + scatter * (-1) ** seed for seed in range(10)]
    return Difference(treatment, baseline, metric, None, mean, mean - scatter, mean + scatter, tuple(values), (0, 0))


def experiment(*rows):
    alone = [row(arm, "base", mean, metric) for metric in METRICS for arm, mean in zip(ARMS, (1, 2, 0.05), strict=True)]
    labels = {arm: Text(name, name) for arm, name in NAMES.items()}
    return report(metrics=METRICS, labels=labels, differences=(*alone, *rows))


def pair(first, second, mean, scatter=0.1, metric="test_accuracy", values=None):
    return row(f"{first} & {second}", f"{first} + {second} - base", mean, metric, scatter, values)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_panels_show_every_arm_in_every_metric(lang, tmp_path, monkeypatch):
    monkeypatch.setattr(charts, "KEPT", tmp_path)
    svg, what, how, values = factorial.panels(experiment(), list(METRICS), "base", ARMS, lang)
    assert svg.startswith("<svg ") and not re.search(r"#0[1-6]0", svg)
    for words in ("dropout", "wider", *(one.short[lang] for one in METRICS.values())):
        assert words in svg
    assert svg.count("--book-b)") > 0 and svg.count("--book-a)") > 0  # nll rises by 1 and 2: worse
    assert "baseline" in what and "10" in how and values


def test_the_table_greys_noise():
    html = factorial.table(experiment(), list(METRICS), "base", ARMS, "en")
    assert re.findall(r'td class="book-(\w+)"', html) == ["better", "worse", "better", "worse", "noise", "noise"]
    assert '<th scope="row">dropout</th>' in html and "more &lt;data&gt;" in html
    assert "+2.0<br><small>&#91;1.9, 2.1]" in html


def test_pairs_are_coloured_by_direction_and_only_where_they_can_be_told():
    rows = [pair("m", "d", -1.0), pair("m", "w", 0.8), pair("d", "w", 0.5, scatter=9.0)]
    html, what, how, _ = factorial.pairs(experiment(*rows), "test_accuracy", "base", ARMS, "en")
    seen = re.findall(r'<td class="book-([a-z -]+)">([^<]+)<', html)
    assert seen == [
        ("alone book-better", "+1.0"), ("worse", "−1.0"), ("alone book-better", "+2.0"), ("better", "+0.8"),
        ("noise", "+0.5"), ("alone book-noise", "+0.1"),
    ]  # fmt: skip
    assert (
        html.startswith("<div")
        and html.count("<th scope=") == 7
        and "3 pairs" in how
        and what.startswith("Test accuracy")
    )


def test_a_card_names_a_sum_by_its_arms():
    assert cards.arm("m + d - base", experiment(), "en") == "more &lt;data&gt; + dropout − baseline"
    assert cards.arm("x-y", experiment(), "en") == "<code>x-y</code>"
