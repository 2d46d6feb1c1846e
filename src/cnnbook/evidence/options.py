"""Refuses run options that cannot be, before anything is measured."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cnnbook.devices import (
    check_accelerator,
    check_devices,
    check_precision,
    check_precision_of_seeds,
    check_strategy,
    chosen,
)
from cnnbook.evidence.errors import OptionError
from cnnbook.evidence.experiment import RunOptions
from cnnbook.evidence.paths import shown


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
        DeviceError: an accelerator, devices, strategy or precision that cannot be.

    Examples:
        >>> check_options(RunOptions(accelerator="cpu")).accelerator
        'cpu'
    """
    if options.num_nodes < 1:
        raise OptionError(f"num-nodes must be at least 1, got {options.num_nodes}")
    check_accelerator(options.accelerator)
    check_devices(options.devices)
    check_strategy(options.strategy)
    check_precision(options.precision)
    asked = (options.devices != "auto", options.precision != "32-true", options.accelerator not in ("auto", "cpu"))
    if here and any(asked):  # else there is nothing that this machine could lack, and torch need not be imported
        accelerator = chosen(options.accelerator)
        check_devices(options.devices, accelerator)
        check_precision(options.precision, accelerator)
    check_precision_of_seeds(options.precision)
    if here and (options.strategy != "auto" or options.precision not in ("32-true", "64-true", "bf16-mixed")):
        from cnnbook.training.trainers import trainer

        trainer(**options.trainer())  # some go together on some machines alone, which only Lightning knows
    return options
