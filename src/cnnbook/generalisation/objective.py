r"""Losses, and which examples each of them listens to.

A loss speaks to the network through its gradient alone. Two losses may rank the same prediction first and yet drive
training differently: the one is moved most by the examples that are far off, the other by all alike, a third by none
that is hopeless. `gradient_size` measures that for any loss.

Of a classifier, `brier_loss` and `absolute_error` compare the softmax probabilities p with the one-hot target y;
with ``softmax=False`` they compare the raw outputs, as regression on class indicators does.

References:
    T.-Y. Lin et al., "Focal loss for dense object detection", arXiv:1708.02002.
    C. Szegedy et al., "Rethinking the Inception architecture for computer vision", arXiv:1512.00567 (label smoothing).
    A. Ghosh, H. Kumar, P. S. Sastry, "Robust loss functions under label noise for deep neural networks",
    arXiv:1712.09482 (absolute error).
    G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78, 1950.
    L. Hui, M. Belkin, "Evaluation of neural architectures trained with square loss vs cross-entropy in classification
    tasks", arXiv:2006.07322.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.func import grad, vmap
from torch.nn import functional as F

from cnnbook.checks import one_hot


def smoothed_labels(targets: Tensor, classes: int, smoothing: float = 0.1) -> Tensor:
    r"""Labels as probabilities of which a share is spread evenly over all classes.

    $$q_c = (1 - \alpha)\,[c = y] + \frac{\alpha}{C}$$

    ``F.cross_entropy`` with these is ``F.cross_entropy(…, label_smoothing=α)`` with the labels.

    Args:
        targets: Labels ``int64 (N,)``.
        classes: Their number C.
        smoothing: Share α that is spread, 0 ≤ α ≤ 1.

    Returns:
        ``float32 (N, C)``, each row a distribution.

    Raises:
        ValueError: The share is outside [0, 1], or the targets are no labels.

    Examples:
        >>> [round(q, 3) for q in smoothed_labels(torch.tensor([1]), classes=4, smoothing=0.2)[0].tolist()]
        [0.05, 0.85, 0.05, 0.05]
    """
    if not 0 <= smoothing <= 1:
        raise ValueError(f"the share that is spread must be in [0, 1], got smoothing={smoothing}")
    if targets.ndim != 1 or targets.dtype != torch.int64:
        raise ValueError(f"targets must be labels, int64 (N,), got {targets.dtype} of shape {tuple(targets.shape)}")
    return (1 - smoothing) * one_hot(targets, classes, torch.float32) + smoothing / classes


def focal_loss(outputs: Tensor, targets: Tensor, gamma: float = 2.0) -> Tensor:
    r"""Cross entropy that turns away from what is already right.

    $$L = -\frac{1}{N}\sum_i (1 - p_{i,y_i})^{\gamma} \log p_{i,y_i}$$

    Args:
        outputs: Logits ``(N, C)``.
        targets: Labels ``int64 (N,)``.
        gamma: How far it turns away, 0 or more; 0 is cross entropy.

    Returns:
        The mean over the batch, in nats times a share.

    Raises:
        ValueError: Gamma is negative, or the shapes or types do not fit.

    Examples:
        >>> outputs = torch.tensor([[math.log(3.0), 0.0]])  # p = 3/4
        >>> round(float(focal_loss(outputs, torch.tensor([0]))), 5)  # (1/4)² · ln(4/3)
        0.01798
    """
    _check(outputs, targets)
    _check_gamma(gamma)
    log_p = F.log_softmax(outputs, 1)
    right = (log_p * one_hot(targets, outputs.shape[1], outputs.dtype)).sum(1)
    wrong = (-torch.expm1(right)).clamp(min=torch.finfo(outputs.dtype).tiny)  # 1 − p; a power below 1 has no slope at 0
    return -(wrong**gamma * right).mean()


class FocalLoss(nn.Module):
    """`focal_loss` as a module.

    Args:
        gamma: As for `focal_loss`.

    Raises:
        ValueError: Gamma is negative.

    Examples:
        >>> round(float(FocalLoss(gamma=0.0)(torch.zeros(4, 10), torch.arange(4))), 4)  # ln 10
        2.3026
    """

    def __init__(self, gamma: float = 2.0) -> None:
        super().__init__()
        _check_gamma(gamma)
        self.gamma = gamma

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The loss of logits ``(N, C)`` and labels ``(N,)``."""
        return focal_loss(outputs, targets, self.gamma)

    def extra_repr(self) -> str:
        """What ``print`` shows."""
        return f"gamma={self.gamma}"


def brier_loss(outputs: Tensor, targets: Tensor, softmax: bool = True) -> Tensor:
    r"""Squared distance of the probabilities from the one-hot target, summed over the classes: the Brier score.

    $$L = \frac{1}{N}\sum_i \sum_c (p_{ic} - y_{ic})^2$$

    Args:
        outputs: Logits ``(N, C)``.
        targets: Labels ``int64 (N,)``.
        softmax: Compare probabilities; False compares the raw outputs, and is no Brier score.

    Returns:
        The mean over the batch.

    Raises:
        ValueError: The shapes or types do not fit.

    Examples:
        >>> float(brier_loss(torch.zeros(1, 2), torch.tensor([0])))  # (1/2 − 1)² + (1/2)²
        0.5
    """
    return _distance(outputs, targets, softmax).square().sum(1).mean()


def absolute_error(outputs: Tensor, targets: Tensor, softmax: bool = True) -> Tensor:
    r"""Absolute distance from the one-hot target, summed over the classes.

    $$L = \frac{1}{N}\sum_i \sum_c |p_{ic} - y_{ic}| = \frac{1}{N}\sum_i 2\,(1 - p_{i,y_i})$$

    The second form holds for probabilities. Summed over all labels that an example might have, it is always 2 (C − 1):
    labels that are wrong at random shift and shrink the loss, and leave its minimum where it was (Ghosh et al.).

    Args:
        outputs: Logits ``(N, C)``.
        targets: Labels ``int64 (N,)``.
        softmax: Compare probabilities; False compares the raw outputs.

    Returns:
        The mean over the batch.

    Raises:
        ValueError: The shapes or types do not fit.

    Examples:
        >>> float(absolute_error(torch.zeros(1, 4), torch.tensor([0])))  # 2 (1 − 1/4)
        1.5
    """
    return _distance(outputs, targets, softmax).abs().sum(1).mean()


def gradient_size(loss: Callable[[Tensor, Tensor], Tensor], outputs: Tensor, targets: Tensor) -> Tensor:
    r"""How strongly a loss pulls at the output of each example: the length of its gradient there.

    $$s_i = \left\lVert \frac{\partial\, \ell(z_i, y_i)}{\partial z_i} \right\rVert_2$$

    Args:
        loss: Maps outputs and targets to their mean loss.
        outputs: ``(N, …)``, of floats.
        targets: ``(N, …)``.

    Returns:
        ``(N,)``, in units of the loss over those of the outputs.

    Raises:
        ValueError: Outputs and targets differ in number, or the outputs are not of floats.

    Examples:
        >>> outputs, targets = torch.tensor([[0.5], [3.0]]), torch.zeros(2, 1)
        >>> gradient_size(F.l1_loss, outputs, targets).tolist(), gradient_size(F.mse_loss, outputs, targets).tolist()
        ([1.0, 1.0], [1.0, 6.0])
    """
    if len(outputs) != len(targets):
        raise ValueError(f"each output must have one target, got {len(outputs)} outputs and {len(targets)} targets")
    if not outputs.is_floating_point():
        raise ValueError(f"outputs must be of floats, got {outputs.dtype}")
    pulls = vmap(grad(lambda z, y: loss(z[None], y[None])))(outputs.detach(), targets)
    return pulls.flatten(1).norm(dim=1)


def _check_gamma(gamma: float) -> None:
    if not (gamma >= 0 and math.isfinite(gamma)):
        raise ValueError(f"gamma must be at least 0 and finite, got gamma={gamma}")


def _distance(outputs: Tensor, targets: Tensor, softmax: bool) -> Tensor:
    _check(outputs, targets)
    return (outputs.softmax(1) if softmax else outputs) - one_hot(targets, outputs.shape[1], outputs.dtype)


def _check(outputs: Tensor, targets: Tensor) -> None:
    """Refuse what are no logits with their labels; values are not looked at, so that it works under vmap."""
    if outputs.ndim != 2 or targets.shape != outputs.shape[:1]:
        raise ValueError(
            f"outputs must be (N, C) and targets (N,), got shapes {tuple(outputs.shape)} and {tuple(targets.shape)}"
        )
    if not outputs.is_floating_point() or targets.dtype != torch.int64:
        raise ValueError(f"outputs must be of floats and targets int64 labels, got {outputs.dtype} and {targets.dtype}")
