r"""Augmentation that mixes two examples and their labels. What a reader takes is in
`cnnbook.generalisation.augmentation`.

References:
    H. Zhang et al., "mixup: beyond empirical risk minimization", arXiv:1710.09412.
    S. Yun et al., "CutMix: regularization strategy to train strong classifiers with localizable features",
        arXiv:1905.04899.
"""

from __future__ import annotations

import torch
from torch import Tensor

from cnnbook.checks import one_each, one_hot
from cnnbook.generalisation._augmentation import Augmentation, centre
from cnnbook.generalisation._draws import TRIES, beta
from cnnbook.generalisation._moving import check_images


def soft_targets(targets: Tensor, classes: int, dtype: torch.dtype = torch.float32) -> Tensor:
    r"""Labels as shares of the classes: all of it for the one class.

    $$y_{nc} = [\,t_n = c\,]$$

    Args:
        targets: Labels ``int64 (N,)``, or shares of floats ``(N, classes)``, which stay as they are.
        classes: Number of classes.
        dtype: Of the result.

    Returns:
        ``(N, classes)``. A label outside 0 … classes − 1 becomes a row of NaN, so that the loss cannot pass over it.

    Raises:
        ValueError: The targets are neither, or there are fewer than two classes.

    Examples:
        >>> soft_targets(torch.tensor([2, 0]), classes=3).tolist()
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    if classes < 2:
        raise ValueError(f"there must be at least two classes, got classes={classes}")
    if targets.is_floating_point() and targets.ndim == 2 and targets.shape[1] == classes:
        return targets.to(dtype)
    if targets.is_floating_point() or targets.ndim != 1:
        raise ValueError(
            f"targets must be labels (N,) or shares (N, {classes}) of floats, "
            f"got {targets.dtype} of shape {tuple(targets.shape)}"
        )
    inside = (targets >= 0) & (targets < classes)
    return torch.where(inside[:, None], one_hot(targets, classes, dtype), torch.nan)


def mixup(inputs: Tensor, targets: Tensor, lam: Tensor, permutation: Tensor) -> tuple[Tensor, Tensor]:
    r"""Every example laid over another, transparent, and its label likewise.

    $$\tilde x_n = \lambda_n x_n + (1 - \lambda_n)\, x_{\pi(n)}, \qquad
      \tilde y_n = \lambda_n y_n + (1 - \lambda_n)\, y_{\pi(n)}$$

    Args:
        inputs: ``(N, …)``, of floats.
        targets: Shares of the classes ``(N, C)``, see `soft_targets`.
        lam: The share λ of the example itself, ``(N,)``, 0 … 1.
        permutation: Which example comes over which, ``int64 (N,)``.

    Returns:
        Inputs ``(N, …)`` and targets ``(N, C)``.

    Raises:
        ValueError: Inputs, targets, shares and permutation do not belong together.

    Examples:
        >>> x, y = torch.tensor([[0.0], [8.0]]), torch.tensor([[1.0, 0.0], [0.0, 1.0]])
        >>> mixed, labels = mixup(x, y, lam=torch.tensor([0.75, 0.5]), permutation=torch.tensor([1, 0]))
        >>> mixed.tolist(), labels.tolist()
        ([[2.0], [4.0]], [[0.75, 0.25], [0.5, 0.5]])
    """
    if not inputs.is_floating_point():
        raise ValueError(f"inputs that are mixed must be of floats, got {inputs.dtype}")
    _check_pairs(inputs, targets, lam, permutation)
    return _blend(inputs, lam, permutation), _blend(targets, lam, permutation)


def cutmix(
    images: Tensor, targets: Tensor, lam: Tensor, row: Tensor, column: Tensor, permutation: Tensor
) -> tuple[Tensor, Tensor]:
    r"""A rectangle of every image replaced by that of another; labels mixed by area.

    $$\tilde x = M \odot x + (1 - M) \odot x_\pi,\qquad \tilde y = \bar M y + (1 - \bar M)\, y_\pi$$

    with the mask M, 0 in the rectangle, its mean $\bar M$ and the permutation π.

    The rectangle has the sides $\lfloor H\sqrt{1-\lambda}\rfloor$ and $\lfloor W\sqrt{1-\lambda}\rfloor$ about a
    centre. What of it lies outside of the image is lost, so that labels are mixed by the pixels that really were
    replaced.

    Args:
        images: ``(N, C, H, W)``, of floats.
        targets: Shares of the classes ``(N, C)``, see `soft_targets`.
        lam: The share λ that each image is meant to keep, ``(N,)``, 0 … 1.
        row: Row of the rectangle's centre, ``int64 (N,)``.
        column: Its column, ``int64 (N,)``.
        permutation: From which image it comes, ``int64 (N,)``.

    Returns:
        Images ``(N, C, H, W)`` and targets ``(N, C)``.

    Raises:
        ValueError: Images, targets, rectangles and permutation do not belong together.

    Examples:
        >>> x = torch.stack([torch.zeros(1, 4, 4), torch.ones(1, 4, 4)])
        >>> y, middle = torch.eye(2), torch.tensor([2, 2])
        >>> images, labels = cutmix(x, y, torch.tensor([0.75, 1.0]), middle, middle, torch.tensor([1, 0]))
        >>> images[0, 0].tolist()
        [[0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 1.0, 0.0], [0.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0]]
        >>> labels.tolist()  # 4 of 16 pixels; nothing of the second
        [[0.75, 0.25], [0.0, 1.0]]
    """
    check_images(images)
    _check_pairs(images, targets, lam, permutation)
    covered = []
    for axis, middle in ((-2, row), (-1, column)):
        one_each(middle, images, "centre")
        side = (images.shape[axis] * torch.sqrt(1 - lam)).long()[:, None]
        start = middle[:, None] - side // 2
        place = torch.arange(images.shape[axis], device=images.device)
        covered.append((place >= start) & (place < start + side))
    replaced = covered[0][:, :, None] & covered[1][:, None, :]
    kept = 1 - replaced.to(targets.dtype).mean((1, 2))
    return torch.where(replaced[:, None], images[permutation], images), _blend(targets, kept, permutation)


class Mixup(Augmentation):
    """Lays each image over another of the batch, and mixes their labels alike, see `mixup`.

    Args:
        classes: Number of classes.
        alpha: Shares λ are drawn from Beta(α, α), 0 < α ≤ 1: small ones mix little, with 1 all shares are alike.

    Raises:
        ValueError: There are fewer than two classes, or α is outside (0, 1].

    Examples:
        >>> x, y = Mixup(classes=3)(torch.rand(4, 1, 8, 8), torch.tensor([0, 1, 2, 0]))
        >>> x.shape, y.sum(1).round(decimals=4).tolist()
        (torch.Size([4, 1, 8, 8]), [1.0, 1.0, 1.0, 1.0])
    """

    draws = 2 * TRIES + 1

    def __init__(self, classes: int = 10, alpha: float = 0.4) -> None:
        super().__init__()
        _check_mixing(classes, alpha)
        self.classes, self.alpha = classes, alpha

    def change(self, inputs: Tensor, targets: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
        """See `Augmentation`."""
        lam, partner = _partners(u, self.alpha)
        return mixup(inputs, soft_targets(targets, self.classes, inputs.dtype), lam, partner)


class CutMix(Augmentation):
    """Puts a rectangle of another image of the batch into each, and mixes labels by area, see `cutmix`.

    Args:
        classes: Number of classes.
        alpha: Shares λ are drawn from Beta(α, α), 0 < α ≤ 1.

    Raises:
        ValueError: There are fewer than two classes, or α is outside (0, 1].

    Examples:
        >>> x, y = CutMix(classes=3)(torch.rand(4, 1, 8, 8), torch.tensor([0, 1, 2, 0]))
        >>> x.shape, y.sum(1).round(decimals=4).tolist()
        (torch.Size([4, 1, 8, 8]), [1.0, 1.0, 1.0, 1.0])
    """

    draws = 2 * TRIES + 3

    def __init__(self, classes: int = 10, alpha: float = 1.0) -> None:
        super().__init__()
        _check_mixing(classes, alpha)
        self.classes, self.alpha = classes, alpha

    def change(self, inputs: Tensor, targets: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
        """See `Augmentation`."""
        lam, partner = _partners(u[:, 2:], self.alpha)
        row, column = centre(u, inputs)
        return cutmix(inputs, soft_targets(targets, self.classes, inputs.dtype), lam, row, column, partner)


def _partners(u: Tensor, alpha: float) -> tuple[Tensor, Tensor]:
    """Share λ and partner of each example: the batch in random order, which may leave an example to itself."""
    return beta(u[:, 1 : TRIES + 1], u[:, TRIES + 1 :], alpha), torch.argsort(u[:, 0])


def _check_mixing(classes: int, alpha: float) -> None:
    if classes < 2:
        raise ValueError(f"there must be at least two classes, got classes={classes}")
    if not 0 < alpha <= 1:
        raise ValueError(f"alpha must be in (0, 1], got alpha={alpha}")


def _blend(values: Tensor, share: Tensor, permutation: Tensor) -> Tensor:
    share = share.to(values.dtype).reshape(-1, *[1] * (values.ndim - 1))
    return share * values + (1 - share) * values[permutation]


def _check_pairs(inputs: Tensor, targets: Tensor, lam: Tensor, permutation: Tensor) -> None:
    if not targets.is_floating_point() or targets.ndim != 2 or len(targets) != len(inputs):
        raise ValueError(
            f"mixed targets must be shares (N, C) of floats with N={len(inputs)}, see soft_targets, "
            f"got {targets.dtype} of shape {tuple(targets.shape)}"
        )
    one_each(lam, inputs, "share lam")
    one_each(permutation, inputs, "partner")
