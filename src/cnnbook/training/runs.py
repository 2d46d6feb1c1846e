"""One run of an arm: its modules, its data, its budget. The engines differ in how many seeds they give it at once."""

from __future__ import annotations

from typing import Any

from cnnbook.data.module import SeededData
from cnnbook.figures import Figures
from cnnbook.parallel import threads
from cnnbook.training.config import Progress, TrainConfig
from cnnbook.training.ensemble import SeedEnsemble
from cnnbook.training.measure import Measurement
from cnnbook.training.modules import Classifier, ImageRegressor
from cnnbook.training.seeded import SeededModule
from cnnbook.training.trainers import quiet, trainer


def module_of(config: TrainConfig, seeds: list[int], *, stacked: bool) -> SeededModule:
    """The Lightning module of an arm: all seeds in one ensemble, or one seed alone.

    Examples:
        >>> module_of(TrainConfig(), [0, 1], stacked=True).seeds
        [0, 1]
    """
    if stacked:
        return SeedEnsemble(config, seeds)
    (seed,) = seeds
    kind = Classifier if config.task == "classification" else ImageRegressor
    return kind(
        config.network,
        dict(config.network_options),
        config.optimizer,
        config.loss,
        dict(config.loss_options),
        config.methods,
        seed,
    )


def data_of(config: TrainConfig, seeds: list[int], *, stacked: bool, measured: int | None = None) -> SeededData:
    """The data module that goes with ``module_of``.

    Examples:
        >>> data_of(TrainConfig(n_train=200), [0, 1], stacked=True).n_train
        200
    """
    return SeededData(
        config.data,
        dict(config.data_options),
        n_train=None if config.class_counts is not None else config.n_train,
        n_val=config.n_val,
        class_counts=None if config.class_counts is None else list(config.class_counts),
        label_noise=config.label_noise,
        batch_size=config.batch_size,
        sampler=config.sampler,
        sampler_options=dict(config.sampler_options),
        measured=measured,
        seed=seeds if stacked else seeds[0],
    )


def run(
    config: TrainConfig,
    seeds: list[int],
    flags: dict[str, Any],
    progress: Progress | None = None,
    *,
    stacked: bool = True,
    measured: int | None = None,
    thread_count: int | None = None,
) -> Figures:
    """Train for the budget of the arm and measure each network.

    Args:
        config: The arm.
        seeds: Its seeds; exactly one unless ``stacked``.
        flags: Of ``trainer``.
        progress: Called with (steps done, steps in all), about a hundred times.
        stacked: All seeds in one vectorised step.
        measured: Of how many examples of each part to measure; None for all.
        thread_count: Threads of PyTorch; None for as many as there are.

    Returns:
        One number a seed of each figure and each point of its curve.

    Examples:
        >>> config = TrainConfig(network="mlp", n_train=50, steps=5)
        >>> run(config, [3], {"accelerator": "cpu", "devices": 1}, stacked=False)["diverged"]
        [0.0]
    """
    measurement = Measurement(config.curve, config.total_steps, progress)
    validated = config.optimizer.schedule == "plateau"
    made = trainer(
        max_steps=config.total_steps,
        limit_val_batches=1.0 if validated else 0,
        num_sanity_val_steps=0,
        callbacks=[measurement],
        **flags,
    )
    with quiet(), threads(thread_count):
        made.fit(module_of(config, seeds, stacked=stacked), data_of(config, seeds, stacked=stacked, measured=measured))
    return measurement.results
