"""Methods side by side: panels in which right is better, and pairs that are coloured only where they can be told."""

import re
import sys

import pytest

from manuscript import ROOT

sys.path.insert(0, str(ROOT / "hooks"))
import cards
import charts
import factorial

METRICS = {"test_accuracy": {"unit": "%", "direction": "higher"}, "test_nll": {"unit": "nats", "direction": "lower"}}
NAMES = {"base": "baseline", "m": "more <data>", "d": "dropout", "w": "wider"}
ARMS = ("m", "d", "w")


def row(treatment, baseline, mean, metric="test_accuracy", scatter=0.1):
    values = [mean + scatter * (-1) ** seed for seed in range(10)]
    ends = {"low": mean - scatter, "high": mean + scatter}
    return {"treatment": treatment, "baseline": baseline, "metric": metric, "values": values, "mean": mean, **ends}


def experiment(*rows):
    alone = [row(arm, "base", mean, metric) for metric in METRICS for arm, mean in zip(ARMS, (1, 2, 0.05), strict=True)]
    labels = {arm: {"zh": name, "en": name} for arm, name in NAMES.items()}
    return {"metrics": METRICS, "labels": labels, "seeds": 10, "differences": [*alone, *rows]}


def pair(first, second, mean, scatter=0.1, metric="test_accuracy"):
    return row(f"{first} & {second}", f"{first} + {second} - base", mean, metric, scatter)


def test_what_is_better_depends_on_the_direction_and_noise_crosses_zero():
    found = {mean: factorial.state(row("m", "base", mean), "lower") for mean in (-2, 0.05, 2)}
    assert found == {-2: "better", 0.05: "noise", 2: "worse"}
    assert factorial.state(row("m", "base", 2), "higher") == "better"
    assert factorial.state({"low": None, "high": None, "mean": 2.0}, "higher") == "noise"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_panels_show_every_arm_in_every_metric(lang, tmp_path, monkeypatch):
    monkeypatch.setattr(charts, "KEPT", tmp_path)
    svg, what, how, values = factorial.panels(experiment(), list(METRICS), "base", ARMS, lang)
    assert svg.startswith("<svg ") and not re.search(r"#0[1-6]0", svg)
    for words in ("dropout", "wider", *(factorial.SHORT[metric][lang] for metric in METRICS)):
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
    found = factorial.interactions(experiment(*rows), "test_accuracy", ARMS, "base")
    assert [(one["pair"], one["told"]) for one in found] == [
        (("m", "d"), True), (("m", "w"), True), (("d", "w"), False),
    ]  # fmt: skip
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


def test_many_pairs_need_a_smaller_p():
    """A pair whose own p is 0.03 is told alone, and not beside two that say nothing."""
    values = [1.0] * 7 + [-1.0] * 3
    thin = pair("m", "d", 0.0) | {"values": [value + 0.40 for value in values], "mean": 0.8}
    alone = factorial.interactions(experiment(thin), "test_accuracy", ("m", "d"), "base")
    assert 0.01 < alone[0]["p"] < 0.05 and alone[0]["told"]
    rows = [thin, pair("m", "w", 0.01, scatter=5), pair("d", "w", -0.01, scatter=5)]
    assert not any(one["told"] for one in factorial.interactions(experiment(*rows), "test_accuracy", ARMS, "base"))


def test_a_pair_is_found_whichever_comes_first():
    (found,) = factorial.interactions(experiment(pair("d", "m", 1.0)), "test_accuracy", ("m", "d"), "base")
    assert found["pair"] == ("m", "d") and found["mean"] == 1.0


def test_a_pair_that_was_not_measured_is_said():
    with pytest.raises(ValueError, match="no comparison of 'm' & 'w'"):
        factorial.interactions(experiment(pair("m", "d", 1.0)), "test_accuracy", ARMS, "base")


def test_a_card_names_a_sum_by_its_arms():
    assert cards.arm("m + d - base", experiment(), "en") == "more &lt;data&gt; + dropout − baseline"
    assert cards.arm("x-y", experiment(), "en") == "<code>x-y</code>"
