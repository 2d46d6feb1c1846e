"""Losses by name. Each maps outputs and targets of one network to one number, the mean over the batch.

Of a classifier, ``mse`` and ``mae`` compare its raw outputs with the one-hot target, as regression on class indicators
does, in the mean over the classes. What compares probabilities is in `cnnbook.generalisation.objective`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from cnnbook.checks import in_range, one_hot
from cnnbook.names import check_options, resolve

Loss = Callable[[Tensor, Tensor], Tensor]


def cross_entropy(
    outputs: Tensor,
    targets: Tensor,
    label_smoothing: float = 0.0,
    weight: Sequence[float] | None = None,
    ignore_index: int = -100,
) -> Tensor:
    """Mean cross entropy in nats.

    With class weights it is the mean of weight × loss over the labels that count, not PyTorch's weighted mean, whose
    divisor depends on the batch: so that the halves of a batch average to the whole. Of soft labels it is the mix of
    the weighted losses that the labels would have, so that class weights go with mixup and CutMix.

    Args:
        outputs: Logits ``(N, C)``, or ``(N, C, …)``.
        targets: Labels ``int64 (N,)`` or ``(N, …)``, or shares of the classes, floats of the outputs' shape.
        label_smoothing: Share of the target that is spread evenly over the classes.
        weight: Weight of each class, C numbers.
        ignore_index: Labels of this value count for nothing.

    Raises:
        ValueError: A label is out of range; where its value cannot be looked at (on a GPU, under ``vmap``), PyTorch's
            own function stops, or the loss is NaN.

    Examples:
        >>> round(float(cross_entropy(torch.zeros(4, 10), torch.arange(4))), 4)
        2.3026
        >>> mixed = torch.tensor([[0.75, 0.25]])  # 0.75 · 2 · ln 2 + 0.25 · 4 · ln 2
        >>> round(float(cross_entropy(torch.zeros(1, 2), mixed, weight=[2.0, 4.0])), 4)
        1.7329
    """
    soft = targets.is_floating_point()
    if weight is None:
        if soft:
            return F.cross_entropy(outputs, targets, label_smoothing=label_smoothing)
        try:
            return F.cross_entropy(outputs, targets, ignore_index=ignore_index, label_smoothing=label_smoothing)
        except IndexError:  # of a label; to look at all of them before each step takes a fiftieth of it
            in_range(targets, outputs.shape[1], ignore_index)
            raise
    inside = None if soft else in_range(targets, outputs.shape[1], ignore_index)
    weights = torch.tensor(weight, dtype=outputs.dtype, device=outputs.device)
    if len(weights) != outputs.shape[1]:
        raise ValueError(f"weight must have one number for each of {outputs.shape[1]} classes, got {len(weights)}")
    if inside is None:
        log_p, axes = F.log_softmax(outputs, 1), [1] * (outputs.ndim - 2)
        each = -(1 - label_smoothing) * log_p - label_smoothing * log_p.mean(1, keepdim=True)  # for every label
        return (targets * weights.reshape(-1, *axes) * each).sum(1).mean()
    each = F.cross_entropy(
        outputs, targets, ignore_index=ignore_index, label_smoothing=label_smoothing, reduction="none"
    )
    counted = targets != ignore_index
    weighted = each * weights[torch.where(counted & inside, targets, 0)]
    weighted = torch.where(inside, weighted, torch.nan)
    return (weighted / (counted.sum().to(weighted.dtype) / counted.numel())).mean()  # by 1 where all count


def _indicators(outputs: Tensor, targets: Tensor) -> Tensor:
    """Class labels as one-hot vectors; images, and soft labels, as they are."""
    if targets.is_floating_point():
        return targets
    vectors = one_hot(targets, outputs.shape[-1], outputs.dtype)
    return torch.where(in_range(targets, outputs.shape[-1]).unsqueeze(-1), vectors, torch.nan)


def mse(outputs: Tensor, targets: Tensor) -> Tensor:
    """Mean squared error, against images, soft or one-hot labels; a label out of range is refused, or gives NaN.

    Examples:
        >>> round(float(mse(torch.zeros(4, 10), torch.arange(4))), 6)  # one of ten is 1
        0.1
    """
    return F.mse_loss(outputs, _indicators(outputs, targets))


def mae(outputs: Tensor, targets: Tensor) -> Tensor:
    """Mean absolute error, against images, soft or one-hot labels; a label out of range is refused, or gives NaN.

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
        ValueError: There is no such loss, or it does not take one of the options.

    Examples:
        >>> loss = loss_function("cross_entropy", {"label_smoothing": 0.1})
        >>> round(float(loss(torch.zeros(4, 10), torch.arange(4))), 4)
        2.3026
    """
    function = resolve(name, LOSSES, "loss")
    check_options("loss_options", options or {}, function)
    return functools.partial(function, **options) if options else function
