"""What readers are told: typed, to JSON and back, and printed alike by pages and terminal."""

import sys

import msgspec
import pytest

import toy_experiments
from cnnbook.cli.claims import show
from cnnbook.evidence import registry
from cnnbook.evidence.numbers import enough
from cnnbook.evidence.paths import result_path
from cnnbook.evidence.report import Report, to_json
from cnnbook.evidence.reporting import everything
from cnnbook.evidence.runner import run
from manuscript import ROOT

sys.path.insert(0, str(ROOT / "hooks"))


@pytest.fixture
def told(book):
    """The report of the toy's book, in which one arm has lost a seed and another all but one."""
    registry.register(toy_experiments.toy(seeds=4, some={"diverges": [1]}, none={"diverges": [0, 1, 2]}))
    run(registry.load(toy_experiments.NAME), out=result_path(toy_experiments.NAME))
    return everything()


def test_a_report_goes_to_json_and_back(told):
    assert msgspec.json.decode(to_json(told), type=Report) == told
    one = told.experiments[toy_experiments.NAME]
    assert one.arms["some"]["accuracy"].values[1] is None and one.arms["none"]["accuracy"].low is None
    assert one.curves["some"]["accuracy"][1].values == one.arms["some"]["accuracy"].values
    assert one.mean("much", "accuracy", 0) == 100.0 and one.mean("much", "nll") == one.arms["much"]["nll"].mean
    assert one.label("accuracy", 20).en == "accuracy after 20 steps" and one.label("nll").zh == "损失"
    looked = {(row.metric, row.at) for row in one.differences}
    assert looked == {("accuracy", None), ("nll", None), ("accuracy", 0), ("accuracy", 20)}


def test_what_lacks_its_evidence_says_so_in_its_place(book):
    told = everything()
    assert told.topics == {"much-helps": "parameters/toy", "proved": "parameters/toy"}
    assert list(told.claims) == ["proved"] and set(told.errors) == {"much-helps", "parameters/toy"}
    assert told.errors["much-helps"].endswith("Make it with: cnnbook run parameters/toy")


@pytest.mark.parametrize(("low", "digits"), [(0.56, 1), (0.52, 2), (0.46, 2), (0.496, 3), (0.4996, 4)])
def test_a_border_of_the_rule_is_never_rounded_away(low, digits):
    assert enough(1, low, 3.0, border=0.5) == digits


def test_the_terminal_prints_an_effect_as_a_page_does(book, capsys):
    from cards import look

    run(registry.load(toy_experiments.NAME), out=result_path(toy_experiments.NAME))
    (effect,) = everything().claims["much-helps"].effects
    text = effect.text("en")
    assert f"<b>{text}</b>" in look(effect, None, "en", alone=True) and text.count(".") == 3, "one digit each"
    show(as_json=False)
    printed = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert text.replace("\xa0", " ") in printed
