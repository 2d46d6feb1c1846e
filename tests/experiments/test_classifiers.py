"""What trains the classifiers of most experiments: how a quick try is cut short."""

from cnnbook.evidence.runner import RunOptions
from cnnbook.experiments._classifiers import QUICK_STEPS, measure
from cnnbook.figures import Figures
from cnnbook.training import TrainConfig


def test_a_quick_try_cuts_the_curve_off_and_names_all_its_points(monkeypatch):
    asked = []

    def record(config, seeds, **flags):
        asked.append(config)
        return Figures({"loss": [0.0]}, {"loss": {step: [float(step)] for step in config.curve}})

    monkeypatch.setattr("cnnbook.experiments._classifiers.train_seeds", record)
    config = TrainConfig(steps=100, curve=(0, 5, 40, 100))
    quick, full = (measure(config, [0], RunOptions(quick=quick), None) for quick in (True, False))
    assert quick == Figures({"loss": [0.0]}, {"loss": {0: [0.0], 5: [5.0], 40: [10.0], 100: [10.0]}})
    assert asked[0].curve == (0, 5, 10) and asked[0].total_steps == QUICK_STEPS
    assert full.curves["loss"][100] == [100.0] and asked[1] == config
