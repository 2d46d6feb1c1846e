"""Seeds that are measured one by one, outside the training engines: one a core at a time, one thread each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import joblib

from cnnbook.evidence.experiment import Progress
from cnnbook.training.choice import cores
from cnnbook.training.runs import threads
from cnnbook.training.trainers import chosen


def _alone(measure: Callable[[int], dict[str, float]], seed: int) -> dict[str, float]:
    with threads(1):
        return measure(seed)


def each_seed(
    measure: Callable[[int], dict[str, float]],
    seeds: Sequence[int],
    progress: Progress | None = None,
    accelerator: str = "cpu",
) -> dict[str, list[float]]:
    """The figures of each seed, which are the same however many cores there are.

    Args:
        measure: Gives the figures of a seed; must not depend on the others.
        seeds: At least one.
        progress: Called with (seeds done, seeds in all).
        accelerator: Where they are measured; what is not the CPU is shared by turns.

    Returns:
        For each figure one number a seed, in the order of ``seeds``.

    Examples:
        >>> each_seed(lambda seed: {"square": seed**2}, [3, 1])
        {'square': [9, 1]}
    """
    workers, rows = min(cores(), len(seeds)) if chosen(accelerator) == "cpu" else 1, []
    backend = {"backend": "loky", "inner_max_num_threads": 1} if workers > 1 else {"backend": "sequential"}
    with joblib.parallel_config(**backend):
        job = joblib.delayed(_alone)
        for row in joblib.Parallel(n_jobs=workers, return_as="generator")(job(measure, seed) for seed in seeds):
            rows.append(row)
            if progress:
                progress(len(rows), len(seeds))
    return {name: [row[name] for row in rows] for name in rows[0]}
