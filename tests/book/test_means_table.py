"""A table of means says of each arm what the macro for one mean says."""

import sys

import pytest

from cnnbook.evidence.report import MetricReport, Point, Sample
from cnnbook.evidence.text import Text
from manuscript import ROOT
from reports import report

sys.path.insert(0, str(ROOT / "hooks"))
import experiments
from context import Book, Page

LOSS = MetricReport(Text("损失", "loss"), Text("损失", "loss"), "dB", "lower", 2)


@pytest.fixture
def here(monkeypatch, tmp_path):
    def sample(mean):
        return {"loss": Sample(mean, 0.0, mean, mean, (mean,))}

    one = report(
        labels={"a": Text("甲", "first")},
        metrics={"loss": LOSS},
        arms={"a": sample(1.234), "b": sample(-2.0)},
        points={"loss": (0.0,)},
        curves={arm: {"loss": (Point(0.0, mean, (mean,)),)} for arm, mean in (("a", 9.0), ("b", 8.0))},
    )
    monkeypatch.setattr(experiments, "experiment_of", lambda *asked: one)
    (tmp_path / "part").mkdir()
    (tmp_path / "part/page.md").write_text('x\n[= means_table("part/toy", {}) =]\n', "utf-8")
    return lambda lang: Page(Book(lang, tmp_path, []), "part/page.md", "part/page/")


def test_a_row_an_arm_and_a_column_a_head(here):
    table = experiments.means_table(here("en"), "part/toy", {"before": ("loss", 0), "after": "loss"}).splitlines()
    assert table[:2] == ["| | before | after |", "|---|---:|---:|"]
    cell = '<span class="book-number">{}\xa0dB</span>'
    assert table[2:] == [
        f"| first | {cell.format('9.00')} | {cell.format('1.23')} |",
        f"| b | {cell.format('8.00')} | {cell.format('−2.00')} |",
    ]
    assert experiments.means_table(here("zh"), "part/toy", {"后": "loss"}, arms=["a"]).splitlines()[2:] == [
        f"| 甲 | {cell.format('1.23')} |"
    ]


def test_a_metric_that_was_not_measured_stops_the_page(here):
    with pytest.raises(ValueError, match="part/toy has loss, got 'error'"):
        experiments.means_table(here("en"), "part/toy", {"x": "error"})


def test_runs_that_died_stand_in_a_badge(here, monkeypatch):
    sample = Sample(50.0, 1.0, 49.0, 51.0, (None, 10.0, 74.0, 75.0))
    one = report(arms={"a": {"test_accuracy": sample}, "b": {"test_accuracy": Sample(70.0, 1.0, 69.0, 71.0, (70.0,))}})
    monkeypatch.setattr(experiments, "experiment_of", lambda *asked: one)
    assert "2 of 4" in (badge := experiments.failed(here("en"), "part/toy", "a")) and "15%, 85%" in badge
    assert "4 次中 2 次" in experiments.failed(here("zh"), "part/toy", "a")
    with pytest.raises(ValueError, match="no run of 'b' died"):
        experiments.failed(here("en"), "part/toy", "b")
