"""A map of effects: cells as the report has them, data counted once, and what is no map refused."""

import math

import pytest
import torch

from cnnbook.evidence.errors import EvidenceError
from cnnbook.evidence.mapping import Place, effect_map
from cnnbook.evidence.report import Difference, ExperimentReport, MetricReport
from cnnbook.evidence.statistics import interval
from cnnbook.evidence.text import Text
from cnnbook.generalisation.transfer import random_effects

ACCURACY = MetricReport(Text("准确率", "accuracy"), Text("准确率", "accuracy"), "%", "higher", 1)


def place(setting: str, network: str, *values: float, data: str = "") -> Place:
    low, high = interval(values) if len(values) > 1 else (None, None)
    one = Difference("a_b", "a_base", "m", None, sum(values) / len(values), low, high, values, (0, 0))
    words, nothing = Text("空", "none"), {}
    report = ExperimentReport(
        words, words, "a_base", nothing, 2, "cpu", 1.0, {"m": ACCURACY}, nothing, nothing, nothing, nothing, (one,), {}
    )
    return Place(setting, data or setting, network, report, "a")


PLACES = [place("x", "s", 1.0, 1.2, 0.8), place("y", "s", 3.0, 3.1, 2.9), place("z", "s", -1.0, -1.1, -0.9)]


def of(places, smallest=0.5):
    return effect_map(places, {"b": "base"}, "m", smallest)["b"]


def test_cells_are_those_of_the_report_and_say_what_their_intervals_say():
    row = of(PLACES)
    assert [(key, cell.tone, round(cell.mean, 6)) for key, cell in row.cells.items()] == [
        (("x", "s"), "better", 1.0),
        (("y", "s"), "better", 3.0),
        (("z", "s"), "worse", -1.0),
    ]
    one = row.cells["x", "s"]
    assert (one.low, one.high) == interval((1.0, 1.2, 0.8)) and one.error == pytest.approx(0.2 / math.sqrt(3))
    assert of(PLACES, smallest=2.0).cells["x", "s"].tone == "same"
    assert row.mean == pytest.approx(1.0, abs=0.05) and row.new[0] < row.low < 0 < row.high < row.new[1]


def test_two_networks_of_one_setting_are_one_witness():
    """Copies of a setting make the mean no surer; as settings of their own they would."""
    twice = of([*PLACES, *(place(one.setting, "l", *one.experiment.differences[0].values) for one in PLACES)])
    apart = of([*PLACES, *(place(f"{one.setting}2", "s", *one.experiment.differences[0].values) for one in PLACES)])
    once = of(PLACES)
    assert twice.high - twice.low > 0.95 * (once.high - once.low) > 2 * (apart.high - apart.low) / 1.5


def test_sizes_of_one_data_set_are_one_witness_whatever_their_number():
    """Their mean is that of the settings, each of which is the mean of its networks."""
    small, large = place("x", "s", 1.0, 1.2, 0.8), place("x", "l", 3.0, 3.2, 2.8)
    sizes = [small, large, place("more", "s", 6.0, 6.2, 5.8, data="x")]  # (1 + 3)/2 = 2 and 6: 4
    error = math.hypot(math.hypot(0.2, 0.2) / 2, 0.2) / 2 / math.sqrt(3)
    rest = [place("y", "s", 3.0, 3.1, 2.9), place("z", "s", -1.0, -1.1, -0.9)]
    found, (mean, half, spread) = (
        of([*sizes, *rest]),
        random_effects(torch.tensor([4.0, 3.0, -1.0]), torch.tensor([error, *(0.1 / math.sqrt(3) for _ in rest)])),
    )
    assert (found.mean, found.spread) == (pytest.approx(mean), pytest.approx(spread))
    assert found.high - found.mean == pytest.approx(4.302653 * half)  # Student's t of two degrees of freedom
    assert found.cells["more", "s"].mean == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("places", "treatment", "said"),
    [
        (PLACES[:2], "b", r"three data sets at least, got \['x', 'y'\]"),
        ([*PLACES[:2], place("z", "s", 1.0, 1.1, data="x")], "b", r"three data sets at least, got \['x', 'y'\]"),
        (PLACES, "c", "must be a declared comparison, got a_c - a_base in 'm'"),
        ([*PLACES, place("w", "s", 1.0)], "b", "needs two pairs of seeds, got 1 of a_b - a_base"),
    ],
)
def test_what_is_no_map_is_refused(places, treatment, said):
    with pytest.raises(EvidenceError, match=said):
        effect_map(places, {treatment: "base"}, "m", 0.5)
