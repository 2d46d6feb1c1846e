"""Which engine is faster for an arm on this machine: a few steps of each are timed."""

from __future__ import annotations

import functools
import json
import math
import multiprocessing
import os
import time
from collections.abc import Sequence

import joblib
import torch

from cnnbook.training.config import TrainConfig
from cnnbook.training.runs import data_of, module_of, threads
from cnnbook.training.trainers import chosen

STEPS = 4  # timed of each engine
STARTING = 2.0  # seconds: shorter work is not worth starting processes, which serve all arms of an experiment


def cores() -> int:
    """Processes worth starting: the cores, or one where this process is itself a worker.

    Examples:
        >>> cores() >= 1
        True
    """
    if multiprocessing.parent_process() is not None or "LOKY_WORKER_ID" in os.environ:
        return 1
    return joblib.cpu_count()


def share(count: int) -> int:
    """The most seeds that one core gets of ``count``."""
    return math.ceil(count / min(cores(), count))


def seconds(config: TrainConfig, count: int, thread_count: int) -> float:
    """Seconds a step of ``count`` seeds trained together, the best of a few.

    On one thread in CPU time, which other programs on the machine do not lengthen; on several by the wall clock.
    """
    clock = time.process_time if thread_count == 1 else time.perf_counter
    seeds, stacked = list(range(count)), count > 1
    with threads(thread_count):
        module, data = module_of(config, seeds, stacked=stacked), data_of(config, seeds, stacked=stacked)
        data.setup()
        batches, parameters = data.train_dataloader(), list(module.parameters())
        times = []
        for step in range(STEPS + 1):
            start = clock()
            torch.autograd.grad(module.losses(batches.batch(step)).sum(), parameters)
            times.append(clock() - start)
    return min(times[1:])


@functools.lru_cache(maxsize=256)
def _fastest(table: str, count: int) -> str:
    config = TrainConfig.from_json(json.loads(table))
    part = share(count)
    times = {"ensemble": seconds(config, count, torch.get_num_threads())}
    if config.total_steps * times["ensemble"] < STARTING:
        return "ensemble"
    if cores() > 1:
        times["processes"] = seconds(config, 1, 1) * part
    if cores() > 1 and part > 1:
        times["both"] = seconds(config, part, 1)
    return min(times, key=times.__getitem__)


def choose_engine(config: TrainConfig, seeds: Sequence[int], accelerator: str = "auto") -> str:
    """The fastest engine for an arm on this machine.

    On a GPU, for a single seed and for little work: the ensemble. Else what takes the least time for all seeds,
    judged by a few steps of each (a fraction of a second, remembered). The load of the machine takes part in the
    choice, and the engines agree up to rounding alone: choose once for all arms that are compared, and write the
    choice down.

    Args:
        config: The arm.
        seeds: Its seeds.
        accelerator: As for ``train_seeds``.

    Returns:
        ``"ensemble"``, ``"processes"`` or ``"both"``.

    Examples:
        >>> choose_engine(TrainConfig(), seeds=[7])
        'ensemble'
    """
    if chosen(accelerator) != "cpu" or len(seeds) == 1:
        return "ensemble"
    same = config.to_json() | {"steps": config.total_steps, "epochs": None, "curve": []}
    return _fastest(json.dumps(same, sort_keys=True), len(seeds))
