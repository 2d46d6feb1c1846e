"""Work shared by the cores of this machine: one process a core, one thread each, results in order.

joblib is imported when work is first shared, so that this costs nothing to import.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import TypeVar

from cnnbook.stopping import dying_with

T = TypeVar("T")
R = TypeVar("R")


def cores() -> int:
    """Processes worth starting: the cores, or one where this process is itself a worker.

    Examples:
        >>> cores() >= 1
        True
    """
    import joblib

    if multiprocessing.parent_process() is not None or "LOKY_WORKER_ID" in os.environ:
        return 1
    return joblib.cpu_count()


@contextlib.contextmanager
def threads(count: int | None) -> Generator[None]:
    """Let PyTorch use so many threads for a while; None for as many as before."""
    import torch

    before = torch.get_num_threads()
    try:
        torch.set_num_threads(count or before)
        yield
    finally:
        torch.set_num_threads(before)


def over_cores(function: Callable[[T], R], arguments: Sequence[T], *, several: bool = True) -> Iterator[R]:
    """What a function gives for each argument, in order, as soon as it is there; one call a core at a time.

    Args:
        function: Called in another process where there is more than one core; its result must not depend on which.
        arguments: One call each.
        several: Whether to use more than one core.

    Yields:
        The results, in the order of the arguments. What a call raises is raised here.

    Examples:
        >>> list(over_cores(abs, [-3, 2], several=False))
        [3, 2]
    """
    import joblib

    workers = min(cores(), len(arguments)) if several else 1
    shared = {"backend": "loky", "inner_max_num_threads": 1, "initializer": dying_with(os.getpid())}
    with joblib.parallel_config(**shared if workers > 1 else {"backend": "sequential"}):
        call = joblib.delayed(function)
        yield from joblib.Parallel(n_jobs=workers, return_as="generator")(call(one) for one in arguments)
