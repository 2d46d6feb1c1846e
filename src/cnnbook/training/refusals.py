"""What ``cnnbook-train`` says where it cannot do what it was asked: one line, and exit code 2.

A refusal is an error that this package or Lightning raises of itself, or that the system gives for a file. Whatever
else goes wrong, in a network of your own for instance, keeps its traceback.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Any, NoReturn

from pytorch_lightning.cli import LightningArgumentParser
from pytorch_lightning.utilities.exceptions import MisconfigurationException
from pytorch_lightning.utilities.rank_zero import rank_zero_only

from cnnbook.devices import DeviceError, check_batch, check_devices, check_strategy, processes_on

LONGEST = 600  # of a message: that of a value that fits none of many types has pages
OWN = ("cnnbook.", ("pytorch_lightning.", "lightning_fabric.", "jsonargparse."))  # the clearest first


def one_line(message: str) -> str:
    """A message on one line, cut where it is very long.

    Examples:
        >>> one_line("steps must be a number:\\n  got many")
        'steps must be a number: got many'
    """
    words = " ".join(message.split())
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


def refuse(message: str) -> NoReturn:
    """Say so, once however many processes train, and end with exit code 2."""
    if not getattr(rank_zero_only, "rank", 0):
        print(f"cnnbook-train: error: {one_line(message)}", file=sys.stderr)
    sys.exit(2)


class Parser(LightningArgumentParser):
    """Refuses in one line, where jsonargparse prints all options before it."""

    def error(self, message: str, ex: Exception | None = None) -> NoReturn:
        """See ``refuse``."""
        if not self.exit_on_error:
            super().error(message, ex)
        refuse(message)


def refusal(error: BaseException | None) -> str | None:
    """The message of a refusal, also where something else has made another error of it; None where it is none.

    Examples:
        >>> from cnnbook.names import one_of
        >>> try:
        ...     one_of("task", "poetry", ("classification", "regression"))
        ... except ValueError as error:
        ...     refusal(error)
        "task must be one of classification, regression, got 'poetry'"
        >>> refusal(ZeroDivisionError())
    """
    chain: list[BaseException] = []
    while error is not None:
        chain.append(error)
        error = error.__cause__ or error.__context__
    for one in chain:
        if isinstance(one, OSError | MisconfigurationException):
            return str(one)
    for who in OWN:
        for one in chain:
            if isinstance(one, ValueError | TypeError) and _raised_in(one.__traceback__).startswith(who):
                return str(one)
    return None


def _raised_in(trace: TracebackType | None) -> str:
    """The name of the module that raised."""
    name = ""
    while trace is not None:
        name, trace = trace.tb_frame.f_globals.get("__name__", ""), trace.tb_next
    return name


def check_machine(accelerator: str, devices: int | str | Sequence[int], nodes: int, strategy: str, batch: int) -> None:
    """Refuse what Lightning would only notice late, or in every process.

    Args:
        accelerator: As ``chosen`` gave it.
        devices: As ``check_devices`` takes it.
        nodes: Machines.
        strategy: A name, or one of Lightning's objects.
        batch: Examples a step, over all processes.

    Raises:
        DeviceError: The message names the rule.

    Examples:
        >>> check_machine("cpu", 5, 1, "auto", 32)
        Traceback (most recent call last):
        cnnbook.devices.DeviceError: batch_size must be a multiple of the 5 processes, got 32
    """
    check_devices(devices, accelerator)
    check_strategy(strategy)
    if nodes < 1:
        raise DeviceError(f"num_nodes must be at least 1, got {nodes}")
    check_batch(batch, nodes * processes_on(devices, accelerator))


def check_intervals(plan: Any) -> None:
    """Refuse an interval of the trainer that counts nothing; Lightning would divide by it.

    Args:
        plan: The trainer's settings.

    Raises:
        DeviceError: The message names the setting.
    """
    for name in ("accumulate_grad_batches", "check_val_every_n_epoch"):
        value = plan.get(name)
        if value is not None and value < 1:
            raise DeviceError(f"{name} must be at least 1, got {value}")
    value = plan.get("val_check_interval")
    if isinstance(value, int) and value < 1:
        raise DeviceError(f"val_check_interval must be at least 1 batch, or a share of an epoch, got {value}")
