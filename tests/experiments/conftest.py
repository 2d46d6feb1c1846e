"""A quick try of any experiment, of which the first arm alone is trained and stands for all."""

import pytest

from cnnbook.evidence import registry
from cnnbook.evidence.runner import RunOptions, run
from cnnbook.experiments._classifiers import QUICK_EXAMPLES, QUICK_STEPS
from cnnbook.training.engines import train_seeds


def accuracies_of_few(experiment):
    """The arms that a quick try measures on few examples: those of an experiment without scores of its own."""
    own = any(getattr(getattr(arm, "methods", None), "scores", ()) for arm in experiment.arms.values())
    return () if own else experiment.arms


@pytest.fixture
def quick_try(monkeypatch, tmp_path):
    """Runs the experiment of a name for two seeds; every arm it measures by training must have been cut short."""
    steps, figures = [], {}

    def first_arm_alone(config, seeds, **flags):
        steps.append(config.total_steps)
        if config.curve not in figures:  # arms of another length are measured at other steps
            figures[config.curve] = train_seeds(config, seeds, **flags)
        return figures[config.curve]

    def tried(name, trained=None):
        experiment = registry.load(name)
        result = run(experiment, seeds=2, options=RunOptions(accelerator="cpu", quick=True), cache=tmp_path)
        assert result.quick and steps == [QUICK_STEPS] * len(experiment.arms if trained is None else trained)
        for arm, figures_of in result.figures.items():
            if arm in accuracies_of_few(experiment):  # in per cent they are whole numbers of examples
                right = [value * QUICK_EXAMPLES / 100 for value in figures_of.get("test_accuracy", ())]
                assert right == pytest.approx([round(one) for one in right], abs=1e-4)
        return result

    monkeypatch.setattr("cnnbook.experiments._classifiers.train_seeds", first_arm_alone)
    return tried
