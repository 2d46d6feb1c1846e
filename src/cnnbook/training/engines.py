"""``train_seeds``: one arm of an experiment over its seeds, by whichever engine is fastest.

- ``"ensemble"``: all seeds in one vectorised step, in this process. For GPUs.
- ``"processes"``: one seed a run, one run a core at a time, one thread each. For large images and batches on a CPU.
- ``"both"``: five seeds in one vectorised step, one such group a core at a time, one thread each. For all else.

All see the same initial weights, splits, orders and masks, and so give the same numbers up to rounding: equal to 1e-8
over 20 steps in float64. In float32 over hundreds of steps rounding grows, and single seeds may end some tenths of a
per cent apart. One engine gives the same bits whatever the number of cores, and the automatic choice looks at sizes
alone, so that a run on the same processor can be repeated exactly.

Lightning is imported when something is trained: who reads what is declared, or was measured, need not wait for it.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from cnnbook.devices import check_precision_of_seeds, chosen
from cnnbook.figures import Figures
from cnnbook.parallel import groups, over_cores
from cnnbook.training.choice import BRIEF, choose_engine
from cnnbook.training.config import Progress, TrainConfig

ENGINES = ("auto", "ensemble", "processes", "both")


def _over_cores(
    config: TrainConfig,
    parts: list[list[int]],
    flags: dict[str, Any],
    progress: Progress | None,
    *,
    stacked: bool,
    measured: int | None,
) -> Figures:
    """Run each group of seeds as one run on one core, at most one run a core at a time."""
    from cnnbook.training.runs import run

    several = flags["accelerator"] == "cpu" and config.total_steps > BRIEF  # one GPU is shared by turns
    count, done, found = sum(map(len, parts)), 0, []
    job = functools.partial(run, config, flags=flags, stacked=stacked, measured=measured, thread_count=1)
    for seeds, figures in zip(parts, over_cores(job, parts, several=several), strict=True):
        found.append(figures)
        done += len(seeds)
        if progress:
            progress(done * config.total_steps, count * config.total_steps)
    return Figures.of_seeds(found)


def train_seeds(
    config: TrainConfig,
    seeds: Sequence[int],
    *,
    engine: str = "auto",
    accelerator: str = "auto",
    devices: int | str | Sequence[int] = "auto",
    num_nodes: int = 1,
    strategy: str = "auto",
    precision: str = "32-true",
    measured: int | None = None,
    progress: Progress | None = None,
) -> Figures:
    """Train an arm over its seeds and measure each.

    Args:
        config: The arm: everything but the seed.
        seeds: Each draws initialisation, data, order of the batches and what random layers draw.
        engine: ``"ensemble"``, ``"processes"``, ``"both"`` or ``"auto"``, see the module.
        accelerator: As for ``trainer``, with ``devices``, ``num_nodes``, ``strategy`` and ``precision``. More than one
            device shares each batch, in the ensemble.
        measured: Of how many examples of each part, drawn at random, to measure; None for all. Scores of the arm's
            own may need all.
        progress: Called with (steps done, steps in all); with processes once a run.

    Returns:
        For each figure one number a seed, in the order of ``seeds``. Of a classifier: ``test_accuracy``, ``test_nll``
        (nats), ``test_ece``, the same of the training examples as ``train_…``, and ``accuracy_gap``; of a regressor
        ``test_mse`` and ``test_psnr`` (dB), and ``train_…``. Of each also a curve, whose points are the steps of
        ``config.curve``. ``diverged`` is 1 for a seed whose loss was not finite at some step: it stays in its place,
        and its final numbers are NaN.

    Raises:
        ValueError: A seed twice or none, an unknown engine, an accelerator that is not there, or an engine or a
            precision that cannot do what is asked for.

    Examples:
        >>> config = TrainConfig(network="mlp", n_train=100, steps=20)
        >>> result = train_seeds(config, [0, 1], engine="ensemble", accelerator="cpu")
        >>> len(result["test_accuracy"]), result["diverged"]
        (2, [0.0, 0.0])
    """
    seeds = [int(seed) for seed in seeds]
    if not seeds or len(set(seeds)) < len(seeds):
        raise ValueError(f"at least one seed, and each once, got {seeds}")
    if engine not in ENGINES:
        raise ValueError(f"engine must be one of {', '.join(ENGINES)}, got {engine!r}")
    device = chosen(accelerator)
    check_precision_of_seeds(precision)
    if device == "cpu" and devices == "auto":
        devices = 1
    alone = device == "cpu" and str(devices) == "1" and num_nodes == 1
    plateau = config.optimizer.schedule == "plateau"
    if plateau and engine not in ("auto", "processes"):
        raise ValueError(f"a plateau is one of a single run: engine must be 'processes', got engine={engine!r}")
    if engine in ("processes", "both") and not alone:
        raise ValueError(f"engine {engine!r} is for the cores of one CPU, got accelerator={device}, devices={devices}")
    if engine == "auto":
        engine = choose_engine(config, seeds, device) if alone or plateau else "ensemble"
    flags = {
        "accelerator": device,
        "devices": devices,
        "num_nodes": num_nodes,
        "strategy": strategy,
        "precision": precision,
    }
    if engine == "ensemble":
        from cnnbook.training.runs import run

        return run(config, seeds, flags, progress, measured=measured)
    if engine == "processes":
        return _over_cores(config, [[seed] for seed in seeds], flags, progress, stacked=False, measured=measured)
    return _over_cores(config, groups(seeds), flags, progress, stacked=True, measured=measured)
