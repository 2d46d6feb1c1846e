"""Curves that go on to the end of a run, which is measured anyway and need not be measured twice."""

from __future__ import annotations

from collections.abc import Sequence

from cnnbook.evidence.experiment import Progress, RunOptions
from cnnbook.experiments import _classifiers
from cnnbook.figures import Figures
from cnnbook.training.config import TrainConfig


def measure_to_the_end(
    config: TrainConfig, seeds: Sequence[int], options: RunOptions, progress: Progress | None
) -> Figures:
    """As the other experiments on classifiers; the last point of the curves is what the run ends with."""
    figures = _classifiers.measure(config, seeds, options, progress)
    return figures.plus({}, {name: {config.total_steps: figures[name]} for name in figures.curves})
