"""Refuses run options that cannot be, before anything is measured."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cnnbook.devices import (
    DeviceError,
    check_accelerator,
    check_batch,
    check_devices,
    check_precision,
    check_precision_of_seeds,
    check_started,
    check_strategy,
    chosen,
    processes_on,
)
from cnnbook.evidence.errors import OptionError
from cnnbook.evidence.experiment import Experiment, RunOptions
from cnnbook.evidence.paths import shown

OWN_PROCESSES = ("spawn", "fork", "notebook")  # in the names of strategies that start processes by themselves


def check_seeds(seeds: int) -> int:
    """The number of seeds, if it is enough for an interval.

    Raises:
        OptionError: fewer than 2.

    Examples:
        >>> check_seeds(10)
        10
    """
    if seeds < 2:
        raise OptionError(f"seeds must be at least 2, got {seeds}: one seed has no interval")
    return seeds


def check_jobs(jobs: int) -> int:
    """The number of processes, if it is one.

    Raises:
        OptionError: it is 0.

    Examples:
        >>> check_jobs(-1)
        -1
    """
    if jobs == 0:
        raise OptionError("jobs must be at least 1, or -1 for one a core (-2 for one less, …), got 0")
    return jobs


def check_alone(jobs: int, options: RunOptions) -> int:
    """The number of processes that share arms and seeds, if each can train: several devices train as one command.

    Raises:
        OptionError: several devices or machines train one network, and several processes were asked for.

    Examples:
        >>> check_alone(2, RunOptions(accelerator="cpu", devices=2))
        Traceback (most recent call last):
        cnnbook.evidence.errors.OptionError: jobs must be 1 where several devices train one network, got 2
    """
    if jobs != 1 and several(options):
        raise OptionError(f"jobs must be 1 where several devices train one network, got {jobs}")
    return jobs


def several(options: RunOptions) -> bool:
    """Whether more than one device was asked for to train one network.

    Examples:
        >>> several(RunOptions(devices=1)), several(RunOptions(num_nodes=2))
        (False, True)
    """
    asked = options.devices != "auto" and processes_on(options.devices, options.accelerator) > 1
    return asked or options.num_nodes > 1


def check_out(out: str | None) -> Path | None:
    """The folder that results were asked for in, if it has a name.

    Raises:
        OptionError: its name is empty.

    Examples:
        >>> check_out("elsewhere").name
        'elsewhere'
    """
    if out is not None and not out.strip():
        raise OptionError(f"out must name a folder, got {out!r}")
    return None if out is None else Path(out)


def check_batches(experiment: Experiment, options: RunOptions, here: bool = True) -> None:
    """Refuse processes that cannot share the batches of every arm evenly.

    Args:
        experiment: what to measure.
        options: where and how exactly.
        here: as for `check_options`.

    Raises:
        OptionError: the message names experiment and arm.
    """
    accelerator = chosen(options.accelerator) if here else options.accelerator
    world = options.num_nodes * processes_on(options.devices, accelerator)
    for arm, config in experiment.configuration().items():
        for batch in _batch_sizes(config):
            try:
                check_batch(batch, world)
            except DeviceError as error:
                raise OptionError(f"{experiment.name}, arm {arm!r}: {error}") from error


def _batch_sizes(config: Any) -> Iterator[int]:
    """Every number called ``batch_size`` in a configuration, however deep."""
    if isinstance(config, Mapping):
        for key, value in config.items():
            if key == "batch_size" and isinstance(value, int):
                yield value
            yield from _batch_sizes(value)


def check_place(path: Path) -> Path:
    """The file that is to be written at the end, if it can be.

    Raises:
        OptionError: a folder has its name, or its folder cannot be written or made.

    Examples:
        >>> check_place(Path(tempfile.gettempdir()) / "deep" / "toy.json").name
        'toy.json'
    """
    if path.is_dir():
        raise OptionError(f"a result must be a file, and {shown(path)} is a folder")
    there = next((folder for folder in path.absolute().parents if os.path.exists(folder)), path)
    try:
        with tempfile.TemporaryFile(dir=there):
            return path
    except OSError as error:
        why = f"{shown(there)}: {error.strerror or error}"
        raise OptionError(f"a result must go to a folder that can be written, got {shown(path)} ({why})") from error


def check_options(options: RunOptions, here: bool = True) -> RunOptions:
    """The options, if Lightning knows them and this machine can run them.

    Args:
        options: where and how exactly to measure.
        here: whether this machine does the work; another may have other devices.

    Raises:
        OptionError: ``num_nodes`` is below 1.
        DeviceError: an accelerator, machines, devices, strategy or precision that cannot be.

    Examples:
        >>> check_options(RunOptions(accelerator="cpu")).accelerator
        'cpu'
    """
    if options.num_nodes < 1:
        raise OptionError(f"num-nodes must be at least 1, got {options.num_nodes}")
    check_accelerator(options.accelerator)
    check_devices(options.devices)
    check_strategy(options.strategy)
    _check_launch(options.strategy)
    check_precision(options.precision)
    asked = (options.devices != "auto", options.precision != "32-true", options.accelerator not in ("auto", "cpu"))
    if here and any(asked):  # else there is nothing that this machine could lack, and torch need not be imported
        accelerator = chosen(options.accelerator)
        check_devices(options.devices, accelerator)
        check_precision(options.precision, accelerator)
    check_precision_of_seeds(options.precision)
    if here:
        check_started(options.num_nodes)
    if here and (options.strategy != "auto" or options.precision not in ("32-true", "64-true", "bf16-mixed")):
        from cnnbook.training.trainers import trainer

        trainer(**options.trainer())  # some go together on some machines alone, which only Lightning knows
    return options


def _check_launch(strategy: str) -> None:
    """Refuse a strategy whose processes are not started by the command: what they measure would not come back."""
    if any(word in strategy for word in OWN_PROCESSES):
        raise OptionError(
            "strategy must be one whose processes run the same command, as those of ddp and fsdp, or auto, "
            f"got {strategy!r}"
        )
