"""An arm whose learning rate Lightning's finder chooses, seed by seed, before the run.

The finder runs with its own defaults: 100 steps, at each of which the rate grows by the same factor, from 1e-8 to 1; it
suggests the rate at which the smoothed loss falls fastest. Then the network starts anew with that rate.
"""

from __future__ import annotations

import contextlib
import io
import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cnnbook.evidence.experiment import Progress, RunOptions
from cnnbook.experiments import _classifiers
from cnnbook.experiments._seeds import each_seed
from cnnbook.figures import Figures
from cnnbook.training.config import TrainConfig


@dataclass(frozen=True)
class Found(TrainConfig):
    """A training run whose rate is found; the rate of its optimiser is not used."""

    finder: str = "lr_find"


def suggested_rate(config: TrainConfig, seed: int, options: RunOptions) -> float:
    """The rate that the finder suggests for a seed; NaN where it has no suggestion."""
    from pytorch_lightning.tuner import Tuner

    from cnnbook.training.runs import data_of, module_of
    from cnnbook.training.trainers import quiet, trainer

    with tempfile.TemporaryDirectory() as folder, quiet():
        made = trainer(max_steps=config.total_steps, default_root_dir=folder, limit_val_batches=0, **options.trainer())
        module, data = module_of(config, [seed], stacked=False), data_of(config, [seed], stacked=False)
        with contextlib.redirect_stderr(io.StringIO()):  # its progress bar has no switch
            finder = Tuner(made).lr_find(module, data, update_attr=False)
        rate = finder.suggestion() if finder else None
    return math.nan if rate is None else rate


def measure(config: TrainConfig, seeds: Sequence[int], options: RunOptions, progress: Progress | None) -> Figures:
    """As the other experiments on classifiers, and the decimal logarithm of the rate."""
    if not isinstance(config, Found):
        figures = _classifiers.measure(config, seeds, options, progress)
        return figures.plus({"log_rate": [math.log10(config.optimizer.lr)] * len(seeds)})

    def of(seed: int) -> Figures:
        rate = suggested_rate(config, seed, options)
        found = replace(config, optimizer=replace(config.optimizer, lr=rate))
        figures = _classifiers.measure(found, [seed], options, None)
        return figures.plus({"log_rate": [math.log10(rate)]})

    return each_seed(of, seeds, options, progress)
