"""Where and how exactly to compute: which accelerators there are, and what Lightning would refuse, said beforehand.

Nothing is imported before it is asked for: torch where a device is looked for, Lightning where a strategy is named.
"""

from __future__ import annotations

import importlib.util
import os
import platform
from collections.abc import Sequence

from cnnbook.errors import CnnbookError

ACCELERATORS = ("cuda", "mps", "tpu", "cpu")  # in the order in which "auto" takes them
PRECISIONS = (
    *("32-true", "64-true", "bf16-mixed", "bf16-true", "16-mixed", "16-true"),
    *("32", "64", "bf16", "16", "transformer-engine", "transformer-engine-float16"),
)
# Set by torchrun, SLURM, Open MPI and LSF, or by hand, where something starts the command on every machine.
STARTED = (
    "RANK",
    "LOCAL_RANK",
    "SLURM_PROCID",
    "OMPI_COMM_WORLD_RANK",
    "JSM_NAMESPACE_RANK",
    "MASTER_ADDR",
    "NODE_RANK",
)


class DeviceError(CnnbookError, ValueError):
    """An accelerator, a number of devices, a strategy or a precision that cannot be; the message says why."""


def available() -> list[str]:
    """Names of the accelerators of this machine.

    Examples:
        >>> "cpu" in available()
        True
    """
    return [name for name in ACCELERATORS if name == "cpu" or count(name)]


def count(accelerator: str) -> int:
    """How many devices of a kind this machine has, 0 where there is none; of the CPU there may be any number."""
    import torch

    if accelerator == "cuda":
        return torch.cuda.device_count() if torch.cuda.is_available() else 0
    if accelerator == "mps":
        return int(torch.backends.mps.is_available() and platform.processor() in ("arm", "arm64"))
    if accelerator == "tpu" and importlib.util.find_spec("torch_xla"):
        from pytorch_lightning.accelerators import XLAAccelerator

        return XLAAccelerator.auto_device_count() if XLAAccelerator.is_available() else 0
    return 0


def check_accelerator(accelerator: str) -> None:
    """Refuse a name that stands for no accelerator, on whatever machine.

    Raises:
        DeviceError: There is none of that name.
    """
    known = sorted({*ACCELERATORS, "auto", "gpu"})
    if accelerator not in known:
        raise DeviceError(f"accelerator must be one of {', '.join(known)}, got {accelerator!r}")


def chosen(accelerator: str) -> str:
    """The accelerator that a name stands for here: ``"auto"`` and ``"gpu"`` are what the machine has.

    Raises:
        DeviceError: There is none of that name, or this machine has none.

    Examples:
        >>> chosen("cpu")
        'cpu'
        >>> chosen("abacus")
        Traceback (most recent call last):
        cnnbook.devices.DeviceError: accelerator must be one of auto, cpu, cuda, gpu, mps, tpu, got 'abacus'
    """
    check_accelerator(accelerator)
    if accelerator == "cpu":
        return accelerator
    there = available()
    meant = {"auto": there, "gpu": [name for name in there if name in ("cuda", "mps")]}.get(accelerator, [accelerator])
    if not meant or meant[0] not in there:
        import torch

        build = "" if torch.version.cuda else f" (torch {torch.__version__} is built without CUDA)"
        raise DeviceError(
            f"accelerator must be one that this machine has, got {accelerator!r}{build}; it has: {', '.join(there)}"
        )
    return meant[0]


def check_devices(devices: int | str | Sequence[int], accelerator: str | None = None) -> None:
    """Refuse what says not how many devices, or which.

    Args:
        devices: ``"auto"``, a number of at least 1, -1 for all, or which: ``"0,2"`` or ``[0, 2]``. Of the CPU only how
            many processes.
        accelerator: As ``chosen`` gave it; None where another machine does the work.

    Raises:
        DeviceError: It is none of these, or this machine has fewer.

    Examples:
        >>> check_devices(0)
        Traceback (most recent call last):
        cnnbook.devices.DeviceError: devices must be auto, a number of at least 1, -1 for all, or which, as 0,2; got 0
    """
    if devices == "auto":
        return
    which = str(devices).split(",") if isinstance(devices, int | str) else [str(one) for one in devices]
    number = ""
    if isinstance(devices, int | str) and len(which) == 1:  # how many, not which
        number, which = which[0], []
    right = all(one.strip().isdecimal() for one in which) if which else number == "-1" or _at_least_one(number)
    if not right:
        rule = "devices must be auto, a number of at least 1, -1 for all, or which, as 0,2"
        raise DeviceError(f"{rule}; got {devices if isinstance(devices, str | int) else list(devices)}")
    if accelerator == "cpu" and (which or number == "-1"):
        raise DeviceError(f"devices of the CPU must be auto or a number of at least 1, got {devices}")
    if accelerator not in (None, "cpu"):
        there = count(accelerator)
        wanted = max(int(one) for one in which) + 1 if which else int(number)
        if wanted > there:
            raise DeviceError(f"devices must be at most the {there} that this machine has, got {devices}")


def _at_least_one(number: str) -> bool:
    return number.isdecimal() and int(number) >= 1


def processes_on(devices: int | str | Sequence[int], accelerator: str) -> int:
    """How many processes train on one machine.

    Examples:
        >>> processes_on("auto", "cpu"), processes_on("0,2", "cuda")
        (1, 2)
    """
    if str(devices) in ("auto", "-1"):
        return 1 if accelerator == "cpu" else count(accelerator) or 1
    if isinstance(devices, int) or (isinstance(devices, str) and devices.strip().isdecimal()):
        return int(devices)
    return len(devices.split(",") if isinstance(devices, str) else devices)


def check_batch(batch: int, world: int) -> None:
    """Refuse a batch that the processes cannot share evenly.

    Args:
        batch: Examples a step, over all processes.
        world: Processes, on all machines.

    Raises:
        DeviceError: They cannot.

    Examples:
        >>> check_batch(32, 5)
        Traceback (most recent call last):
        cnnbook.devices.DeviceError: batch_size must be a multiple of the 5 processes, got 32
    """
    if batch % world:
        raise DeviceError(f"batch_size must be a multiple of the {world} processes, got {batch}")


def check_started(nodes: int) -> None:
    """Refuse several machines where nothing starts the command on the others: this one would wait for them in silence.

    Raises:
        DeviceError: The message says what starts it.
    """
    if nodes > 1 and not any(os.environ.get(name) for name in STARTED):
        raise DeviceError(
            f"num_nodes must be 1 where nothing starts the command on the other machines, got {nodes}: "
            "start it by srun or torchrun, or set MASTER_ADDR, MASTER_PORT and NODE_RANK on each"
        )


def check_precision(precision: str | int, accelerator: str | None = None) -> None:
    """Refuse a precision that Lightning does not know, and float16 on a CPU, which would silently become bfloat16.

    Raises:
        DeviceError: The message names those there are.

    Examples:
        >>> check_precision("16-mixed", "cpu")
        Traceback (most recent call last):
        cnnbook.devices.DeviceError: half precision needs a GPU (try 'bf16-mixed'), got precision='16-mixed' on the CPU
    """
    if str(precision) not in PRECISIONS:
        raise DeviceError(f"precision must be one of {', '.join(PRECISIONS)}, got {precision!r}")
    if accelerator == "cpu" and str(precision).startswith("16"):
        raise DeviceError(f"half precision needs a GPU (try 'bf16-mixed'), got precision={precision!r} on the CPU")


def check_precision_of_seeds(precision: str | int) -> None:
    """Refuse a precision in which several seeds cannot be trained in one step.

    Raises:
        DeviceError: It is float16, or none that Lightning knows.
    """
    check_precision(precision)
    if str(precision).startswith("16"):
        raise DeviceError(
            "float16 scales the loss of all seeds together, so that one diverged seed would stop the others: "
            f"use 'bf16-mixed', got precision={precision!r}"
        )


def check_strategy(strategy: str) -> None:
    """Refuse a strategy that Lightning does not know; one of Lightning's own objects is let pass.

    Raises:
        DeviceError: The message names those there are.

    Examples:
        >>> check_strategy("ddp")
    """
    if strategy == "auto" or not isinstance(strategy, str):
        return
    from pytorch_lightning.strategies import StrategyRegistry

    known = StrategyRegistry.available_strategies()
    if strategy not in known:
        usual = sorted(name for name in known if name.count("_") < 2)  # the rest are their variants
        raise DeviceError(f"strategy must be one of auto, {', '.join(usual)} or a variant of these, got {strategy!r}")
