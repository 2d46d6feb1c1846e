"""Hands the chunks of a run to whoever measures them: this process, joblib's loky processes, or a Dask cluster.

With one job the chunks are measured here, one after another. On a cluster the scheduler gives a lost worker's chunk to
another. Every worker sends back the hash of its own code, so that a machine with another version is found out.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import joblib

from cnnbook.evidence.armcode import arm_code
from cnnbook.evidence.environment import INSTALL_DASK, device
from cnnbook.evidence.errors import OptionError, RunError
from cnnbook.evidence.experiment import Experiment, Measure, Progress, RunOptions
from cnnbook.figures import Figures
from cnnbook.parallel import keep_memory, threads, workers


@dataclass(frozen=True)
class Chunk:
    """Some seeds of one arm."""

    arm: str
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class Measured:
    """What a worker sends back."""

    experiment: str
    chunk: Chunk
    figures: Figures
    code: str
    device: str


def measure_all(
    tasks: Sequence[tuple[Experiment, Chunk]],
    options: RunOptions,
    jobs: int,
    cluster: str | None,
    tell: Callable[[float, str], None],
) -> Iterator[Measured]:
    """Yields each chunk's figures as they come, in any order.

    Args:
        tasks: the work: experiments and chunks of them.
        options: where and how exactly.
        jobs: processes on this machine; −1 is one a core.
        cluster: address of a Dask scheduler, instead of processes here.
        tell: takes (seeds done inside a chunk, arm) where the chunk is measured here.

    Raises:
        RunError: a worker process died.
        OptionError: there is no such cluster, or Dask is not installed.
    """
    if cluster is None and (joblib.effective_n_jobs(jobs) == 1 or len(tasks) <= 1):
        for experiment, chunk in tasks:
            tell(0.0, chunk.arm)
            progress = lambda done, total, chunk=chunk: tell(done / total * len(chunk.seeds), chunk.arm)  # noqa: E731
            with _threads_of_a_worker(options):
                measured = measure_chunk(*_task(experiment, chunk), options, progress)
            yield measured
        return
    with _backend(cluster):
        parallel = joblib.Parallel(n_jobs=-1 if cluster else jobs, return_as="generator_unordered", batch_size=1)
        calls = (joblib.delayed(measure_chunk)(*_task(*task), options) for task in tasks)
        try:
            yield from parallel(calls)
        except Exception as error:
            if type(error).__name__ in ("TerminatedWorkerError", "BrokenProcessPool", "KilledWorker"):
                raise RunError(
                    f"{tasks[0][0].name}: a worker process died (killed, or out of memory; fewer --jobs need less); "
                    "what was measured so far is kept, run the same command to go on"
                ) from error
            raise


def _task(experiment: Experiment, chunk: Chunk) -> tuple[str, Measure, Any, Chunk]:
    """What a worker needs; not the whole declaration, which may hold what cannot be sent."""
    return experiment.name, experiment.measure, experiment.arms[chunk.arm], chunk


def measure_chunk(
    name: str, measure: Measure, config: Any, chunk: Chunk, options: RunOptions, progress: Progress | None = None
) -> Measured:
    """Measures some seeds of one arm, in whichever process this is."""
    keep_memory()
    figures = measure(config, chunk.seeds, options, progress)
    return Measured(name, chunk, figures, arm_code(measure, config), device(options.accelerator))


def _threads_of_a_worker(options: RunOptions) -> contextlib.AbstractContextManager[None]:
    """One, since two add numbers up in another order. What computes with PyTorch has imported it; what does not is not
    to wait for it."""
    return threads(1) if "torch" in sys.modules and options.accelerator in ("auto", "cpu") else contextlib.nullcontext()


@contextlib.contextmanager
def _backend(cluster: str | None) -> Generator[None]:
    if cluster is None:
        with joblib.parallel_config(**workers()):
            yield
        return
    try:
        from distributed import Client, Security
    except ImportError as error:
        raise OptionError(f"--cluster needs Dask; install it with: {INSTALL_DASK} ({error})") from error
    rule = f"cluster must be the address of a Dask scheduler, got {cluster!r}"
    if cluster.startswith("tls:") and not Security().get_connection_args("client").get("ssl_context"):
        raise OptionError(f"{rule} (tls needs certificates: distributed.comm.tls in the configuration of Dask)")
    try:
        client = Client(cluster, timeout="10s")
    except (OSError, ValueError, TypeError) as error:  # TypeError: of a protocol that is not installed, as ucx
        raise OptionError(f"{rule} ({error})") from error
    with client, joblib.parallel_config(backend="dask", client=client):
        yield
