"""The optimiser and the learning rate of a configuration, in the form Lightning wants."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import nn

from cnnbook.names import resolve
from cnnbook.training.config import Optimizer


def rate(config: Optimizer, step: int, total: int) -> float:
    """Learning rate of a step, as a share of ``config.lr``.

    With warm-up over w steps it is ``(t + 1) / w`` for t < w. After that, with ``u = (t - w) / (T - w)``, it is 1, or
    ``(1 + cos πu) / 2``, or ``1 - u``, or what the function of that name says of ``(t - w, T - w)``.

    Args:
        config: The optimiser.
        step: The step t, from 0.
        total: Steps T of the run.

    Examples:
        >>> [rate(Optimizer(schedule="linear", warmup=2), t, 6) for t in range(7)]
        [0.5, 1.0, 1.0, 0.75, 0.5, 0.25, 0.0]
    """
    if step < config.warmup:
        return (step + 1) / config.warmup
    if config.schedule == "constant":
        return 1.0
    step, total = step - config.warmup, total - config.warmup
    if ":" in config.schedule:
        return resolve(config.schedule, {}, "schedule")(step, total, **config.schedule_options)
    done = min(step / max(total, 1), 1.0)
    return (1 + math.cos(math.pi * done)) / 2 if config.schedule == "cosine" else 1 - done


def configure(parameters: Iterable[nn.Parameter], config: Optimizer, total: int, *, fused: bool = True) -> Any:
    """Optimiser and schedule for ``LightningModule.configure_optimizers``.

    All three optimisers work element by element, so that networks stacked in one tensor learn as they would alone.

    Args:
        parameters: What is trained.
        config: How.
        total: Steps of the run.
        fused: One kernel a step instead of several a parameter, where PyTorch has one.
    """
    parameters = list(parameters)
    fused = fused and all(p.device.type in ("cpu", "cuda") for p in parameters)
    common: dict[str, Any] = {"lr": config.lr, "weight_decay": config.weight_decay, "fused": fused or None}
    if config.name == "sgd":
        optimizer: torch.optim.Optimizer = torch.optim.SGD(parameters, momentum=config.momentum, **common)
    else:
        optimizer = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[config.name](parameters, **common)
    made: dict[str, Any] = {"optimizer": optimizer}
    if config.schedule == "plateau":
        plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **config.schedule_options)
        made["lr_scheduler"] = {"scheduler": plateau, "interval": "epoch", "monitor": "val_nll"}
    elif config.schedule != "constant" or config.warmup:
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: rate(config, step, total))
        made["lr_scheduler"] = {"scheduler": schedule, "interval": "step"}
    return made
