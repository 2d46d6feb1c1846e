"""What trains the classifiers of most experiments: how a quick try is cut short."""

from cnnbook.evidence.runner import RunOptions
from cnnbook.experiments._classifiers import QUICK_EXAMPLES, QUICK_STEPS, measure
from cnnbook.figures import Figures
from cnnbook.training import TrainConfig
from cnnbook.training.methods import Methods


def test_a_quick_try_cuts_the_curve_off_and_names_all_its_points(monkeypatch):
    asked = []

    def record(config, seeds, measured, **flags):
        asked.append((config, measured))
        return Figures({"loss": [0.0]}, {"loss": {step: [float(step)] for step in config.curve}})

    monkeypatch.setattr("cnnbook.experiments._classifiers.train_seeds", record)
    config, last = TrainConfig(steps=100, curve=(0, 2, 40, 100)), float(QUICK_STEPS)
    quick, full = (measure(config, [0], RunOptions(quick=quick), None) for quick in (True, False))
    assert quick == Figures({"loss": [0.0]}, {"loss": {0: [0.0], 2: [2.0], 40: [last], 100: [last]}})
    (short, few), (whole, all_of_them) = asked
    assert short.curve == (0, 2, QUICK_STEPS) and short.total_steps == QUICK_STEPS and few == QUICK_EXAMPLES
    assert full.curves["loss"][100] == [100.0] and whole == config and all_of_them is None
    own = TrainConfig(methods=Methods(scores=["cnnbook.training.metrics:classification_scores"]))
    measure(own, [0], RunOptions(quick=True), None)
    assert asked[-1][1] is None, "scores of an arm's own are given all examples"
