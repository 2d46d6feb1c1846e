"""Seeds that are measured one by one, outside the training engines: one a core at a time, one thread each."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

from cnnbook.devices import chosen
from cnnbook.evidence.experiment import Progress, RunOptions
from cnnbook.figures import Figures
from cnnbook.parallel import over_cores, threads


def _alone(measure: Callable[[int], Figures], seed: int) -> Figures:
    with threads(1):
        return measure(seed)


def each_seed(
    measure: Callable[[int], Figures],
    seeds: Sequence[int],
    options: RunOptions,
    progress: Progress | None = None,
) -> Figures:
    """The figures of each seed, which are the same however many cores there are.

    Args:
        measure: Gives the figures of one seed; must not depend on the others.
        seeds: At least one.
        options: Where they are measured: what is not the CPU is shared by turns. A quick try is over before another
            process would have started.
        progress: Called with (seeds done, seeds in all).

    Returns:
        For each figure one number a seed, in the order of ``seeds``.

    Examples:
        >>> each_seed(lambda seed: Figures({"square": [seed**2]}), [3, 1], RunOptions(quick=True))["square"]
        [9, 1]
    """
    several = not options.quick and chosen(options.accelerator) == "cpu"
    rows = []
    for row in over_cores(functools.partial(_alone, measure), seeds, several=several):
        rows.append(row)
        if progress:
            progress(len(rows), len(seeds))
    return Figures.of_seeds(rows)
