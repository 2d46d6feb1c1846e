"""Losses by name. Each maps outputs and targets of one network to one number, the mean over the batch.

Of a classifier, ``mse`` and ``mae`` compare its raw outputs with the one-hot target, as regression on class indicators
does, in the mean over the classes. What compares probabilities is in `cnnbook.generalisation.objective`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from cnnbook.checks import one_hot
from cnnbook.names import resolve

Loss = Callable[[Tensor, Tensor], Tensor]


def cross_entropy(
    outputs: Tensor, targets: Tensor, label_smoothing: float = 0.0, weight: list[float] | None = None
) -> Tensor:
    """Mean cross entropy in nats.

    With class weights it is the mean of weight × loss over the batch, not PyTorch's weighted mean, whose divisor
    depends on the batch: so that the halves of a batch average to the whole.

    Args:
        outputs: Logits ``(N, C)``.
        targets: Labels ``int64 (N,)``.
        label_smoothing: Share of the target that is spread evenly over the classes.
        weight: Weight of each class, C numbers.

    Examples:
        >>> round(float(cross_entropy(torch.zeros(4, 10), torch.arange(4))), 4)
        2.3026
    """
    if weight is None:
        return F.cross_entropy(outputs, targets, label_smoothing=label_smoothing)
    each = F.cross_entropy(outputs, targets, label_smoothing=label_smoothing, reduction="none")
    return (each * torch.tensor(weight, dtype=outputs.dtype, device=outputs.device)[targets]).mean()


def _indicators(outputs: Tensor, targets: Tensor) -> Tensor:
    """Class labels as one-hot vectors; images as they are."""
    if targets.is_floating_point():
        return targets
    return one_hot(targets, outputs.shape[-1], outputs.dtype)


def mse(outputs: Tensor, targets: Tensor) -> Tensor:
    """Mean squared error, against images or one-hot labels.

    Examples:
        >>> round(float(mse(torch.zeros(4, 10), torch.arange(4))), 6)  # one of ten is 1
        0.1
    """
    return F.mse_loss(outputs, _indicators(outputs, targets))


def mae(outputs: Tensor, targets: Tensor) -> Tensor:
    """Mean absolute error, against images or one-hot labels.

    Examples:
        >>> float(mae(torch.ones(2, 3), torch.zeros(2, 3)))
        1.0
    """
    return F.l1_loss(outputs, _indicators(outputs, targets))


LOSSES: dict[str, Loss] = {
    "cross_entropy": cross_entropy,
    "mse": mse,
    "mae": mae,
}


def loss_function(name: str, options: Mapping[str, Any] | None = None) -> Loss:
    """A loss by name, its options filled in.

    Raises:
        ValueError: There is no such loss.

    Examples:
        >>> loss = loss_function("cross_entropy", {"label_smoothing": 0.1})
        >>> round(float(loss(torch.zeros(4, 10), torch.arange(4))), 4)
        2.3026
    """
    function = resolve(name, LOSSES, "loss")
    return functools.partial(function, **options) if options else function
