"""The callback that measures each network of a run, at the steps asked for and at the end, and reports progress."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pytorch_lightning as pl
import torch

from cnnbook.figures import Figures
from cnnbook.training.metrics import with_gap
from cnnbook.training.seeded import PARTS, SeededModule


class Measurement(pl.Callback):
    """Measures on the test data, the training and the validation examples; ``results`` has one number a network.

    Args:
        curve: Steps after which to measure as well; 0 is before the first.
        total: Steps of the run.
        progress: Called with (steps done, steps in all) about a hundred times.
    """

    def __init__(
        self, curve: Sequence[int] = (), total: int = 1, progress: Callable[[int, int], None] | None = None
    ) -> None:
        self.curve, self.total, self.progress = frozenset(curve), total, progress
        self.every = max(1, math.ceil(total / 100))
        self.results = Figures({})
        self._curves: dict[str, dict[float, list[float]]] = {}

    def _point(self, step: int, trainer: pl.Trainer, module: SeededModule) -> None:
        """Add a point to the curves, if they have one there."""
        if step in self.curve:
            for name, values in by_name(measure(trainer, module)).items():
                self._curves.setdefault(name, {})[step] = values

    def on_train_start(self, trainer: pl.Trainer, pl_module: Any) -> None:
        """Measure the untrained network, if asked for."""
        self._point(trainer.global_step, trainer, pl_module)

    def on_train_batch_end(self, trainer: pl.Trainer, pl_module: Any, outputs: Any, batch: Any, batch_idx: int) -> None:
        """Measure or report, where it is time."""
        step = batch.step + 1
        self._point(step, trainer, pl_module)
        if self.progress and (step % self.every == 0 or step == self.total) and trainer.is_global_zero:
            self.progress(step, self.total)

    def on_train_end(self, trainer: pl.Trainer, pl_module: Any) -> None:
        """Measure what has been trained."""
        final = measure(trainer, pl_module)
        for figures, diverged in zip(final, pl_module.diverged.tolist(), strict=True):
            bad = diverged or any(math.isnan(value) for value in figures.values())
            if bad:
                figures.update(dict.fromkeys(figures, math.nan))
            figures["diverged"] = float(bad)
        self.results = Figures(by_name(final), self._curves)


def by_name(rows: list[dict[str, float]]) -> dict[str, list[float]]:
    """One table a network as one list a name.

    Examples:
        >>> by_name([{"loss": 0.5}, {"loss": 0.4}])
        {'loss': [0.5, 0.4]}
    """
    return {name: [row[name] for row in rows] for name in rows[0]}


@torch.no_grad()
def measure(trainer: pl.Trainer, module: SeededModule) -> list[dict[str, float]]:
    """Metrics of each network on the data of the trainer, in the trainer's precision; training goes on unchanged."""
    was_training = module.training
    module.eval()
    results: list[dict[str, float]] = []
    precision = trainer.precision_plugin
    data = trainer.datamodule  # ty: ignore[missing-attribute] — Lightning sets it and does not declare it
    loaders = dict(zip(PARTS, data.test_dataloader(), strict=True))
    held_out = data.val_dataloader()
    for part, loader in (loaders | ({"val": held_out} if held_out else {})).items():
        kept = []
        with precision.forward_context():
            for batch in map(precision.convert_input, loader):
                targets = batch.targets if batch.stacked else batch.targets[None]
                kept.append((module.predict(batch), targets))
        scores = module.scores(kept)
        results = results or [{} for _ in scores]
        for result, score in zip(results, scores, strict=True):
            result.update({f"{part}_{name}": value for name, value in score.items()})
    if module.weight_scores:
        for result, weights in zip(results, module.weights(), strict=True):
            for function in module.weight_scores:
                result.update(function(weights))
    module.train(was_training)
    return [with_gap(result) for result in results]
