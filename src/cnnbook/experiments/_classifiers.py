"""What the experiments on classifiers share: how an arm is measured, and in which figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cnnbook.evidence.experiment import Metric, Progress, RunOptions
from cnnbook.training.config import TrainConfig
from cnnbook.training.engines import train_seeds

QUICK_STEPS = 10

METRICS = (
    Metric("test_accuracy", "higher", "%", scale=100),
    Metric("test_nll", "lower", "nats"),
    Metric("test_ece", "lower", "%", scale=100),
    Metric("train_accuracy", "higher", "%", scale=100),
    Metric("accuracy_gap", "lower", "%", scale=100),
)


def measure(
    config: TrainConfig, seeds: Sequence[int], options: RunOptions, progress: Progress | None
) -> dict[str, list[float]]:
    """Train an arm over its seeds; a few steps where a quick try is asked for, its curve cut off there."""
    points = {step: step for step in config.curve}
    if options.quick:
        steps = min(QUICK_STEPS, config.total_steps)
        points = {step: min(step, steps) for step in config.curve}
        config = replace(config, steps=steps, epochs=None, curve=tuple(sorted(set(points.values()))))
    figures = train_seeds(config, seeds, progress=progress, **options.trainer())
    named = {name.partition("@")[0] for name in figures if "@" in name}
    return figures | {f"{name}@{step}": figures[f"{name}@{there}"] for step, there in points.items() for name in named}
