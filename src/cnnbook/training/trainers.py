"""One function that makes a quiet Lightning trainer from the flags of the command line.

Facts that the flags hide:

- ``precision="16-mixed"`` on a CPU becomes bf16-mixed with no more than a warning; here it is refused.
- ``deterministic=True`` lets pass on a CPU what raises on CUDA (adaptive pooling, reflection padding, some modes of
  ``interpolate``, the backward of ``NLLLoss`` on images, cumulative sums of floats).
- Sums differ with the number of threads, by about 3e-6 in float32: compare exact values at equal threads alone.
"""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback, ModelCheckpoint
from pytorch_lightning.profilers import PassThroughProfiler
from pytorch_lightning.utilities.exceptions import MisconfigurationException

from cnnbook.devices import DeviceError, check_devices, check_precision, check_strategy, chosen


@contextlib.contextmanager
def quiet() -> Generator[None]:
    """Leave out Lightning's notices (devices found, tips, missing loaders); its errors stay.

    Examples:
        >>> with quiet():
        ...     made = trainer(accelerator="cpu", max_steps=1)
    """
    loggers = [logging.getLogger(name) for name in ("pytorch_lightning", "lightning.pytorch", "lightning_fabric")]
    before = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"pytorch_lightning|lightning_fabric")
        warnings.filterwarnings("ignore", message=r".*(does not have many workers|LeafSpec|srun).*")
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            for logger, level in zip(loggers, before, strict=True):
                logger.setLevel(level)


class NoProfiler(PassThroughProfiler):
    """Lightning's profiler that records nothing, and costs nothing either: it is entered some twenty times a step."""

    _nothing = contextlib.nullcontext()

    def profile(self, action_name: str) -> Any:
        """Nothing to begin or end."""
        return self._nothing


def unprofiled(made: pl.Trainer) -> pl.Trainer:
    """The same trainer; where it was given no profiler, its own costs nothing.

    Examples:
        >>> type(unprofiled(pl.Trainer(logger=False, enable_checkpointing=False)).profiler).__name__
        'NoProfiler'
    """
    if type(made.profiler) is PassThroughProfiler:  # ty: ignore[missing-attribute] — Lightning does not declare it
        made.profiler = NoProfiler()  # ty: ignore[missing-attribute]
    return made


def trainer(
    *,
    accelerator: str = "auto",
    devices: int | str | Sequence[int] = "auto",
    num_nodes: int = 1,
    strategy: str = "auto",
    precision: Any = "32-true",
    max_steps: int = -1,
    max_epochs: int | None = None,
    logger: Any = False,
    checkpoints: str | Path | None = None,
    checkpoint_every: int = 100,
    deterministic: bool = False,
    progress_bar: bool = False,
    callbacks: Sequence[Callback] = (),
    **more: Any,
) -> pl.Trainer:
    """A trainer with the book's defaults: no logger, no checkpoints, no progress bar, no notices.

    Args:
        accelerator: ``"auto"``, ``"cpu"``, ``"gpu"``, ``"cuda"``, ``"mps"`` or ``"tpu"``.
        devices: How many, or which.
        num_nodes: Machines.
        strategy: ``"auto"``, ``"ddp"`` or any other of Lightning's.
        precision: ``"32-true"``, ``"64-true"``, ``"bf16-mixed"``, and on GPUs ``"16-mixed"``.
        max_steps: Budget in steps of the optimiser; -1 for none.
        max_epochs: Budget in epochs.
        logger: One of Lightning's loggers, or True for TensorBoard.
        checkpoints: Folder to keep the last checkpoint in; None for none.
        checkpoint_every: Steps between two checkpoints.
        deterministic: Refuse operations whose result differs from run to run.
        progress_bar: Lightning's own, about 0.5 ms a step.
        callbacks: Further callbacks.
        **more: Further arguments of ``pytorch_lightning.Trainer``.

    Raises:
        DeviceError: The accelerator is not there, or devices, strategy or precision are none of the accelerator's.

    Examples:
        >>> trainer(accelerator="cpu", max_steps=10).max_steps
        10
    """
    device = chosen(accelerator)
    check_devices(devices, device)
    check_precision(precision, device)
    check_strategy(strategy)
    callbacks = list(callbacks)
    if checkpoints is not None:
        kept = ModelCheckpoint(str(checkpoints), every_n_train_steps=checkpoint_every, save_last=True, save_top_k=1)
        callbacks.append(kept)
    try:
        with quiet():
            made = pl.Trainer(
                accelerator=device,
                devices=devices if isinstance(devices, int | str) else list(devices),
                num_nodes=num_nodes,
                strategy=strategy,
                precision=precision,
                max_steps=max_steps,
                max_epochs=max_epochs if max_epochs is not None or max_steps == -1 else -1,
                logger=logger,
                enable_checkpointing=checkpoints is not None,
                enable_progress_bar=progress_bar,
                enable_model_summary=False,
                deterministic=deterministic,
                callbacks=callbacks,
                **more,
            )
            return unprofiled(made)
    except (MisconfigurationException, ValueError, ModuleNotFoundError) as error:  # a strategy for GPUs alone, …
        raise DeviceError(str(error).strip().split("\n")[0]) from error
