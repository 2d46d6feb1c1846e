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
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.func import grad, vmap
from torch.nn import functional as F

from cnnbook.checks import holds, in_range, one_hot
from cnnbook.precision import autocast_dtype, single


def smoothed_labels(targets: Tensor, classes: int, smoothing: float = 0.1) -> Tensor:
    r"""Labels as probabilities of which a share is spread evenly over all classes.

    $$q_c = (1 - \alpha)\,[c = y] + \frac{\alpha}{C}$$

    ``F.cross_entropy`` with these is ``F.cross_entropy(…, label_smoothing=α)`` with the labels.

    Args:
        targets: Labels ``int64 (N,)``.
        classes: Their number C.
        smoothing: Share α that is spread, 0 ≤ α ≤ 1.

    Returns:
        ``float32 (N, C)``, each row a distribution; NaN for a label that is out of range where its value cannot be
        looked at, see `focal_loss`.

    Raises:
        ValueError: The share is outside [0, 1], the targets are no labels, or one is out of range.

    Examples:
        >>> [round(q, 3) for q in smoothed_labels(torch.tensor([1]), classes=4, smoothing=0.2)[0].tolist()]
        [0.05, 0.85, 0.05, 0.05]
    """
    if not 0 <= smoothing <= 1:
        raise ValueError(f"the share that is spread must be in [0, 1], got smoothing={smoothing}")
    if targets.ndim != 1 or targets.dtype != torch.int64:
        raise ValueError(f"targets must be labels, int64 (N,), got {targets.dtype} of shape {tuple(targets.shape)}")
    smoothed = (1 - smoothing) * one_hot(targets, classes, torch.float32) + smoothing / classes
    return torch.where(in_range(targets, classes)[:, None], smoothed, torch.nan)


def focal_loss(
    outputs: Tensor,
    targets: Tensor,
    gamma: float = 2.0,
    alpha: float | Sequence[float] | Tensor | None = None,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> Tensor:
    r"""Cross entropy that turns away from what is already right.

    $$L = -\frac{1}{N}\sum_i \alpha_{y_i} (1 - p_{i,y_i})^{\gamma} \log p_{i,y_i}$$

    Of soft labels, such as mixup makes, it is the mix of the losses: the sum over the classes c of their share times
    the loss that label c would have.

    Args:
        outputs: Logits ``(N, C)``, or ``(N, C, …)`` for an answer at every place.
        targets: Labels ``int64 (N,)`` or ``(N, …)``; or shares of the classes, floats of the shape of the outputs.
        gamma: How far it turns away, 0 or more; 0 is cross entropy.
        alpha: Weight of each class, C numbers of 0 or more. One number α, in [0, 1], is that of all classes but the
            first, which has 1 − α: the paper's for an object against the background. None weighs all alike.
        ignore_index: Labels of this value count for nothing.
        reduction: ``"mean"`` over the labels that count (weights do not change the divisor, see 5.16.3), ``"sum"``, or
            ``"none"``: the loss of each, 0 where a label is ignored.

    Returns:
        One number, in nats times a share; or with ``"none"`` the shape of the labels. In the precision of the outputs,
        under ``torch.autocast`` in single precision. NaN for a label that is out of range where its value cannot be
        looked at: on a GPU, under ``vmap`` and ``torch.compile``; and for the mean of no label.

    Raises:
        ValueError: Gamma is negative, a weight is negative, the shapes or types do not fit, a label is out of range, or
            there is no such reduction.

    Examples:
        >>> outputs = torch.tensor([[math.log(3.0), 0.0]])  # p = 3/4
        >>> round(float(focal_loss(outputs, torch.tensor([0]))), 5)  # (1/4)² · ln(4/3)
        0.01798
        >>> round(float(focal_loss(outputs, torch.tensor([0]), alpha=[2.0, 1.0])), 5)
        0.03596
        >>> focal_loss(torch.zeros(2, 5, 8, 8), torch.zeros(2, 8, 8, dtype=torch.int64), reduction="none").shape
        torch.Size([2, 8, 8])
    """
    _check_gamma(gamma)
    pair = _Pair(outputs, targets, ignore_index)
    log_p = F.log_softmax(pair.outputs, 1)
    tiny = torch.finfo(log_p.dtype).tiny  # a power below 1 has no slope at 0
    weights = _class_weights(alpha, log_p)
    if pair.soft:
        each = -((-torch.expm1(log_p)).clamp(min=tiny) ** gamma * log_p * pair.shares)
        each = (each if weights is None else each * weights).sum(1)
    else:
        right = (log_p * pair.shares).sum(1)
        wrong = (-torch.expm1(right)).clamp(min=tiny)  # 1 − p
        each = -(wrong**gamma * right)
        each = each if weights is None else each * (pair.shares * weights).sum(1)
    return pair.reduced(each, reduction)


class FocalLoss(nn.Module):
    """`focal_loss` as a module.

    Args:
        gamma: As for `focal_loss`.
        alpha: As for `focal_loss`; weights of classes become a buffer, which follows the module to its device.
        ignore_index: As for `focal_loss`.
        reduction: As for `focal_loss`.

    Raises:
        ValueError: Gamma or a weight is negative, or there is no such reduction.

    Examples:
        >>> round(float(FocalLoss(gamma=0.0)(torch.zeros(4, 10), torch.arange(4))), 4)  # ln 10
        2.3026
    """

    alpha: float | Tensor | None

    def __init__(
        self,
        gamma: float = 2.0,
        alpha: float | Sequence[float] | Tensor | None = None,
        ignore_index: int = -100,
        reduction: str = "mean",
    ) -> None:
        super().__init__()
        _check_gamma(gamma)
        _check_alpha(alpha)
        _check_reduction(reduction)
        self.gamma, self.ignore_index, self.reduction = gamma, ignore_index, reduction
        if alpha is None or isinstance(alpha, int | float):
            self.alpha = alpha
        else:
            self.register_buffer("alpha", torch.as_tensor(alpha, dtype=torch.float32))

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The loss of logits ``(N, C, …)`` and labels ``(N, …)`` or shares ``(N, C, …)``."""
        return focal_loss(outputs, targets, self.gamma, self.alpha, self.ignore_index, self.reduction)

    def extra_repr(self) -> str:
        """What ``print`` shows."""
        alpha = self.alpha.tolist() if isinstance(self.alpha, Tensor) else self.alpha
        return f"gamma={self.gamma}, alpha={alpha}, ignore_index={self.ignore_index}, reduction={self.reduction!r}"


def brier_loss(
    outputs: Tensor, targets: Tensor, softmax: bool = True, ignore_index: int = -100, reduction: str = "mean"
) -> Tensor:
    r"""Squared distance of the probabilities from the one-hot target, summed over the classes: the Brier score.

    $$L = \frac{1}{N}\sum_i \sum_c (p_{ic} - y_{ic})^2$$

    Args:
        outputs: Logits ``(N, C)``, or ``(N, C, …)``.
        targets: As for `focal_loss`; of soft labels it is the distance from the shares.
        softmax: Compare probabilities; False compares the raw outputs, and is no Brier score.
        ignore_index: As for `focal_loss`.
        reduction: As for `focal_loss`.

    Returns:
        As for `focal_loss`.

    Raises:
        ValueError: The shapes or types do not fit, a label is out of range, or there is no such reduction.

    Examples:
        >>> float(brier_loss(torch.zeros(1, 2), torch.tensor([0])))  # (1/2 − 1)² + (1/2)²
        0.5
        >>> float(brier_loss(torch.zeros(1, 2), torch.tensor([[0.5, 0.5]])))
        0.0
    """
    pair = _Pair(outputs, targets, ignore_index)
    return pair.reduced(pair.distance(softmax).square().sum(1), reduction)


def absolute_error(
    outputs: Tensor, targets: Tensor, softmax: bool = True, ignore_index: int = -100, reduction: str = "mean"
) -> Tensor:
    r"""Absolute distance from the one-hot target, summed over the classes.

    $$L = \frac{1}{N}\sum_i \sum_c |p_{ic} - y_{ic}| = \frac{1}{N}\sum_i 2\,(1 - p_{i,y_i})$$

    The second form holds for probabilities. Summed over all labels that an example might have, it is always 2 (C − 1):
    labels that are wrong at random shift and shrink the loss, and leave its minimum where it was (Ghosh et al.).

    Args:
        outputs: Logits ``(N, C)``, or ``(N, C, …)``.
        targets: As for `focal_loss`; of soft labels it is the distance from the shares.
        softmax: Compare probabilities; False compares the raw outputs.
        ignore_index: As for `focal_loss`.
        reduction: As for `focal_loss`.

    Returns:
        As for `focal_loss`.

    Raises:
        ValueError: The shapes or types do not fit, a label is out of range, or there is no such reduction.

    Examples:
        >>> float(absolute_error(torch.zeros(1, 4), torch.tensor([0])))  # 2 (1 − 1/4)
        1.5
    """
    pair = _Pair(outputs, targets, ignore_index)
    return pair.reduced(pair.distance(softmax).abs().sum(1), reduction)


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


class _Pair:
    """Outputs and targets of a batch, checked, the outputs in single precision at least."""

    def __init__(self, outputs: Tensor, targets: Tensor, ignore_index: int) -> None:
        self.soft = targets.is_floating_point() and targets.shape == outputs.shape
        _check(outputs, targets, self.soft)
        self.dtype = outputs.dtype if autocast_dtype(outputs) is None else single(outputs).dtype
        self.outputs = single(outputs)
        if self.soft:
            self.shares = targets.to(self.outputs.dtype)
        else:
            self.inside, self.counted = in_range(targets, outputs.shape[1], ignore_index), targets != ignore_index
            self.shares = one_hot(targets, outputs.shape[1], self.outputs.dtype).movedim(-1, 1)

    def distance(self, softmax: bool) -> Tensor:
        """Of probabilities, or of the raw outputs, from the target."""
        return (self.outputs.softmax(1) if softmax else self.outputs) - self.shares

    def reduced(self, each: Tensor, reduction: str) -> Tensor:
        """The losses as the reduction wants them; NaN for a label that is none."""
        _check_reduction(reduction)
        if not self.soft:
            each = torch.where(self.inside, torch.where(self.counted, each, 0.0), torch.nan)
        if reduction == "sum":
            return each.sum().to(self.dtype)
        if reduction == "none":
            return each.to(self.dtype)
        if not self.soft:  # by 1 where all count, which changes no bit
            each = each / (self.counted.sum().to(each.dtype) / self.counted.numel())
        return each.mean().to(self.dtype)


def _class_weights(alpha: float | Sequence[float] | Tensor | None, log_p: Tensor) -> Tensor | None:
    """A weight for each class, to be multiplied with ``(N, C, …)``."""
    _check_alpha(alpha)
    if alpha is None:
        return None
    classes, axes = log_p.shape[1], [1] * (log_p.ndim - 2)
    if isinstance(alpha, int | float):
        first = torch.arange(classes, device=log_p.device) == 0
        weights = torch.where(first, 1 - alpha, alpha).to(log_p.dtype)
    else:
        weights = torch.as_tensor(alpha, dtype=log_p.dtype, device=log_p.device)
        if len(weights) != classes:
            raise ValueError(f"alpha must have one weight for each of {classes} classes, got {len(weights)}")
    return weights.reshape(-1, *axes)


def _check_gamma(gamma: float) -> None:
    if not (gamma >= 0 and math.isfinite(gamma)):
        raise ValueError(f"gamma must be at least 0 and finite, got gamma={gamma}")


def _check_alpha(alpha: float | Sequence[float] | Tensor | None) -> None:
    if isinstance(alpha, int | float):
        if not 0 <= alpha <= 1:
            raise ValueError(f"one alpha for all classes but the first must be in [0, 1], got alpha={alpha}")
    elif alpha is not None:
        weights = torch.as_tensor(alpha)
        if weights.ndim != 1:
            raise ValueError(f"alpha must be one number, or one weight a class, got shape {tuple(weights.shape)}")
        if not holds((weights >= 0) & weights.isfinite()):
            raise ValueError(f"weights of classes must be at least 0 and finite, got alpha={weights.tolist()}")


def _check_reduction(reduction: str) -> None:
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"reduction must be 'mean', 'sum' or 'none', got {reduction!r}")


def _check(outputs: Tensor, targets: Tensor, soft: bool) -> None:
    """Refuse what are no logits with their labels or shares."""
    if outputs.ndim < 2 or not (soft or targets.shape == outputs.shape[:1] + outputs.shape[2:]):
        raise ValueError(
            "outputs must be (N, C) and targets (N,), or (N, C, …) and (N, …), or shares of the outputs' shape, "
            f"got shapes {tuple(outputs.shape)} and {tuple(targets.shape)}"
        )
    if not outputs.is_floating_point() or not (soft or targets.dtype == torch.int64):
        raise ValueError(
            f"outputs must be of floats and targets int64 labels, got {outputs.dtype} and {targets.dtype} "
            "(soft labels are floats of the outputs' shape)"
        )
