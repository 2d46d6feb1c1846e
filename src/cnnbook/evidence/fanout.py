"""Hands the chunks of a run to whoever measures them: this process, joblib's loky processes, or a Dask cluster.

With one job the chunks are measured here, one after another. On a cluster the scheduler gives a lost worker's chunk to
another. Every worker sends back the hash of its own code, so that a machine with another version is found out.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import joblib

from cnnbook.evidence.codehash import code_hash, module_hashes
from cnnbook.evidence.environment import device
from cnnbook.evidence.errors import OptionError, RunError
from cnnbook.evidence.experiment import Experiment, Measure, Progress, RunOptions
from cnnbook.figures import Figures


@dataclass(frozen=True)
class Chunk:
    """Some seeds of one arm."""

    arm: str
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class Measured:
    """What a worker sends back."""

    chunk: Chunk
    figures: Figures
    seconds: float
    code: str
    device: str


def measure_all(
    experiment: Experiment,
    chunks: Sequence[Chunk],
    options: RunOptions,
    jobs: int,
    cluster: str | None,
    tell: Callable[[float, str], None],
) -> Iterator[Measured]:
    """Yields each chunk's figures as they come, in any order.

    Args:
        experiment: whose arms are measured.
        chunks: the work.
        options: where and how exactly.
        jobs: processes on this machine; −1 is one a core.
        cluster: address of a Dask scheduler, instead of processes here.
        tell: takes (seeds done inside a chunk, arm) where the chunk is measured here.

    Raises:
        RunError: a worker process died.
        OptionError: there is no such cluster, or Dask is not installed.
    """
    if cluster is None and (joblib.effective_n_jobs(jobs) == 1 or len(chunks) <= 1):
        for chunk in chunks:
            tell(0.0, chunk.arm)
            progress = lambda done, total, chunk=chunk: tell(done / total * len(chunk.seeds), chunk.arm)  # noqa: E731
            yield _measure(experiment.measure, experiment.arms[chunk.arm], chunk, options, experiment.module, progress)
        return
    with _backend(cluster):
        parallel = joblib.Parallel(n_jobs=-1 if cluster else jobs, return_as="generator_unordered", batch_size=1)
        calls = (
            joblib.delayed(_measure)(experiment.measure, experiment.arms[chunk.arm], chunk, options, experiment.module)
            for chunk in chunks
        )
        try:
            yield from parallel(calls)
        except Exception as error:
            if type(error).__name__ in ("TerminatedWorkerError", "BrokenProcessPool", "KilledWorker"):
                raise RunError(
                    f"{experiment.name}: a worker process died (killed, or out of memory; fewer --jobs need less); "
                    "what was measured so far is kept, run the same command to go on"
                ) from error
            raise


def _measure(
    measure: Measure, config: Any, chunk: Chunk, options: RunOptions, module: str, progress: Progress | None = None
) -> Measured:
    start = time.perf_counter()
    figures = measure(config, chunk.seeds, options, progress)
    seconds = time.perf_counter() - start
    return Measured(chunk, figures, seconds, code_hash(module_hashes(module)), device(options.accelerator))


@contextlib.contextmanager
def _backend(cluster: str | None) -> Iterator[None]:
    if cluster is None:
        with joblib.parallel_config(backend="loky", inner_max_num_threads=1):
            try:
                yield
            except KeyboardInterrupt:
                from joblib.externals.loky import get_reusable_executor

                get_reusable_executor().shutdown(wait=False, kill_workers=True)
                raise
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise OptionError(f"--cluster needs Dask; install it with: pip install 'cnnbook[cluster]' ({error})") from error
    try:
        client = Client(cluster, timeout="10s")
    except (OSError, ValueError) as error:
        raise OptionError(f"cluster must be the address of a Dask scheduler, got {cluster!r} ({error})") from error
    with client, joblib.parallel_config(backend="dask", client=client):
        yield
