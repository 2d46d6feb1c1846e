"""Work shared by the cores of this machine: one process a core, one thread each, results in order.

joblib is imported when work is first shared, so that this costs nothing to import.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import multiprocessing
import os
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import cache, partial
from typing import Any, TypeVar

from cnnbook.stopping import die_with

T = TypeVar("T")
R = TypeVar("R")
GROUP = 5  # seeds in one vectorised step: most of what more would save, and enough groups for two cores


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


def groups(seeds: Sequence[int]) -> list[list[int]]:
    """The seeds that one core takes at once, at most five, whatever the number of cores: what shares a vectorised step
    adds up in another order than what does not, and the same seeds are to give the same bits everywhere.

    The groups are as even as can be, so that no seed of several is alone; a group by itself is one group again.

    Examples:
        >>> groups([3, 1, 4, 15, 9, 2, 6])
        [[3, 1, 4, 15], [9, 2, 6]]
        >>> [len(group) for group in groups(range(21))]
        [5, 4, 4, 4, 4]
    """
    parts = -(-len(seeds) // GROUP)
    cuts = [-(-len(seeds) * part // parts) for part in range(parts + 1)]
    return [list(seeds[start:end]) for start, end in itertools.pairwise(cuts)]


def keep_memory() -> None:
    """Let this process keep the memory that it has freed, where it runs on glibc (see mallopt(3)).

    A step of training frees and asks for the same tens of megabytes; to give them back in between, and have the system
    fill them with zeros again, took up to a fifth of its time.
    """
    if sys.platform == "linux":
        trim_threshold, mmap_threshold, never = -1, -3, 2**30
        with contextlib.suppress(AttributeError):  # another C library
            mallopt = ctypes.CDLL(None).mallopt
            mallopt(trim_threshold, never)
            mallopt(mmap_threshold, never)


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

    count = min(cores(), len(arguments)) if several else 1
    with joblib.parallel_config(**workers() if count > 1 else {"backend": "sequential"}):
        call = joblib.delayed(function)
        yield from joblib.Parallel(n_jobs=count, return_as="generator")(call(one) for one in arguments)


def workers() -> dict[str, Any]:
    """How joblib is to start its workers. Where it is told the same again, those that are there will do."""
    return {"backend": "loky", "inner_max_num_threads": 1, "initializer": _starting(os.getpid())}


@cache
def _starting(parent: int) -> Callable[[], None]:
    return partial(_start, parent)  # told which process: by the time a worker is there another may have taken it over


def _start(parent: int) -> None:
    """What a worker calls first; it keeps the memory it has freed, see `keep_memory`.

    Data that a worker keeps is no leak: beyond 300 MB joblib would put a new worker in its place, which takes seconds
    to start and to read the same data again.
    """
    from joblib.externals.loky import process_executor

    process_executor._MAX_MEMORY_LEAK_SIZE = 2 * 10**9
    keep_memory()
    die_with(parent)
