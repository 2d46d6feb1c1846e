r"""Augmentation that mixes two examples and their labels. What a reader takes is in
`cnnbook.generalisation.augmentation`.

References:
    H. Zhang et al., "mixup: beyond empirical risk minimization", arXiv:1710.09412.
    S. Yun et al., "CutMix: regularization strategy to train strong classifiers with localizable features",
        arXiv:1905.04899.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from cnnbook.checks import holds, one_each, one_hot
from cnnbook.generalisation._augmentation import Augmentation, centre
from cnnbook.generalisation._draws import TRIES, beta
from cnnbook.generalisation._moving import check_images, check_probability
from cnnbook.precision import single


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
    replaced. (The authors' code, and torchvision's, go half a side, rounded down, to both directions of the centre:
    their sides are even. Here they are odd as well.)

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


class _Mixing(Augmentation):
    """What the layers that mix have in common: their options, their numbers, and soft labels."""

    pairs = 2 * TRIES + 1  # numbers for the order of the batch and for one share
    ordered_by = 0  # which of the numbers puts the batch in order

    def __init__(self, classes: int, p: float, mode: str, smoothing: float, **alphas: float) -> None:
        super().__init__()
        if classes < 2:
            raise ValueError(f"there must be at least two classes, got classes={classes}")
        for name, alpha in alphas.items():
            if not 0 < alpha < math.inf:
                raise ValueError(f"{name} must be positive and finite, got {name}={alpha}")
        if mode not in ("elem", "pair", "batch"):
            raise ValueError(f"mode must be 'elem', 'pair' or 'batch', got {mode!r}")
        if not 0 <= smoothing <= 1:
            raise ValueError(f"the share that is spread must be in [0, 1], got smoothing={smoothing}")
        check_probability("p", p)
        self.classes, self.p, self.mode, self.smoothing = classes, p, mode, smoothing
        if p < 1:
            self.draws = self.draws + 1  # the last says whether; without it the others are what they always were

    def change(self, inputs: Tensor, targets: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
        """See `Augmentation`."""
        labels = soft_targets(targets, self.classes, inputs.dtype)
        order = torch.argsort(u[:, self.ordered_by])  # the batch in random order, which may leave an example to itself
        place = torch.arange(len(u), device=u.device)
        if self.mode == "pair":
            order = place.flip(0)
            u = u[torch.minimum(place, order)]
        elif self.mode == "batch":
            u = u[torch.zeros_like(place)]
        mixed, labels = self.mixed(inputs, labels, u, order, u[:, -1] < self.p if self.p < 1 else None)
        if self.smoothing:
            labels = (1 - self.smoothing) * labels + self.smoothing / self.classes
        return mixed, labels

    def mixed(
        self, inputs: Tensor, labels: Tensor, u: Tensor, order: Tensor, applied: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Inputs and soft labels, from the numbers, the partners, and whether each is mixed at all (None: all)."""
        raise NotImplementedError


class Mixup(_Mixing):
    """Lays each image over another of the batch, and mixes their labels alike, see `mixup`.

    Args:
        classes: Number of classes.
        alpha: Shares λ are drawn from Beta(α, α), α > 0: small ones mix little, with 1 all shares are alike, large ones
            make all halves.
        p: Probability that an example is mixed at all.
        mode: ``"elem"``: each example draws a share and a partner; ``"pair"``: the first and the last of the batch, the
            second and the last but one, and so on, are mixed with each other, in one share; ``"batch"``: one share for
            all. (The names are timm's. There the partners are those of ``"pair"`` in every mode, which is the same in a
            batch that was shuffled; a share of the paper's holds for the batch.)
        smoothing: Share of the label that is spread over all classes, as `smoothed_labels` does.

    Raises:
        ValueError: There are fewer than two classes, α is not positive and finite, p or the smoothing is outside
            [0, 1], or there is no such mode.

    Examples:
        >>> x, y = Mixup(classes=3)(torch.rand(4, 1, 8, 8), torch.tensor([0, 1, 2, 0]))
        >>> x.shape, y.sum(1).round(decimals=4).tolist()
        (torch.Size([4, 1, 8, 8]), [1.0, 1.0, 1.0, 1.0])
        >>> _, y = Mixup(classes=4, p=0.0, smoothing=0.2)(torch.rand(1, 1, 8, 8), torch.tensor([1]))
        >>> [round(share, 2) for share in y[0].tolist()]
        [0.05, 0.85, 0.05, 0.05]
    """

    draws = _Mixing.pairs

    def __init__(
        self, classes: int = 10, alpha: float = 0.4, p: float = 1.0, mode: str = "elem", smoothing: float = 0.0
    ) -> None:
        super().__init__(classes, p, mode, smoothing, alpha=alpha)
        self.alpha = alpha

    def mixed(
        self, inputs: Tensor, labels: Tensor, u: Tensor, order: Tensor, applied: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """See `_Mixing`."""
        return mixup(inputs, labels, _share(u, self.alpha, applied), order)


class CutMix(_Mixing):
    """Puts a rectangle of another image of the batch into each, and mixes labels by area, see `cutmix`.

    Args:
        classes: Number of classes.
        alpha: Shares λ are drawn from Beta(α, α), α > 0.
        p: Probability that an example is mixed at all.
        mode: As for `Mixup`; the rectangle's place is shared as the share λ is.
        smoothing: As for `Mixup`.

    Raises:
        ValueError: As for `Mixup`.

    Examples:
        >>> x, y = CutMix(classes=3)(torch.rand(4, 1, 8, 8), torch.tensor([0, 1, 2, 0]))
        >>> x.shape, y.sum(1).round(decimals=4).tolist()
        (torch.Size([4, 1, 8, 8]), [1.0, 1.0, 1.0, 1.0])
    """

    draws = _Mixing.pairs + 2
    ordered_by = 2  # the first two are the rectangle's centre

    def __init__(
        self, classes: int = 10, alpha: float = 1.0, p: float = 1.0, mode: str = "elem", smoothing: float = 0.0
    ) -> None:
        super().__init__(classes, p, mode, smoothing, alpha=alpha)
        self.alpha = alpha

    def mixed(
        self, inputs: Tensor, labels: Tensor, u: Tensor, order: Tensor, applied: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """See `_Mixing`."""
        row, column = centre(u, inputs)
        return cutmix(inputs, labels, _share(u[:, 2:], self.alpha, applied), row, column, order)


class MixupOrCutMix(_Mixing):
    """For each image `Mixup` or `CutMix`, as chance has it.

    Args:
        classes: Number of classes.
        mixup_alpha: α of mixup.
        cutmix_alpha: α of CutMix.
        switch: Probability of CutMix, where an example is mixed.
        p: Probability that an example is mixed at all.
        mode: As for `Mixup`; with ``"batch"`` all of a batch are mixed in one way.
        smoothing: As for `Mixup`.

    Raises:
        ValueError: As for `Mixup`, or ``switch`` is outside [0, 1].

    Examples:
        >>> mix = MixupOrCutMix(classes=3, mixup_alpha=0.8, p=0.9, smoothing=0.1)
        >>> x, y = mix(torch.rand(4, 1, 8, 8), torch.tensor([0, 1, 2, 0]))
        >>> x.shape, y.sum(1).round(decimals=4).tolist()
        (torch.Size([4, 1, 8, 8]), [1.0, 1.0, 1.0, 1.0])
    """

    draws = _Mixing.pairs + 3

    def __init__(
        self,
        classes: int = 10,
        mixup_alpha: float = 0.4,
        cutmix_alpha: float = 1.0,
        switch: float = 0.5,
        p: float = 1.0,
        mode: str = "elem",
        smoothing: float = 0.0,
    ) -> None:
        super().__init__(classes, p, mode, smoothing, mixup_alpha=mixup_alpha, cutmix_alpha=cutmix_alpha)
        check_probability("switch", switch)
        self.mixup_alpha, self.cutmix_alpha, self.switch = mixup_alpha, cutmix_alpha, switch

    def mixed(
        self, inputs: Tensor, labels: Tensor, u: Tensor, order: Tensor, applied: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """See `_Mixing`."""
        row, column = centre(u[:, 2:], inputs)
        laid = mixup(inputs, labels, _share(u[:, 3:], self.mixup_alpha, applied), order)
        pasted = cutmix(inputs, labels, _share(u[:, 3:], self.cutmix_alpha, applied), row, column, order)
        cut = u[:, 1:2] < self.switch
        return torch.where(cut[:, :, None, None], pasted[0], laid[0]), torch.where(cut, pasted[1], laid[1])


def _share(u: Tensor, alpha: float, applied: Tensor | None) -> Tensor:
    """The share λ of each example, from its numbers after the first; all of it where nothing is to be mixed."""
    lam = beta(u[:, 1 : TRIES + 1], u[:, TRIES + 1 : 2 * TRIES + 1], alpha)
    return lam if applied is None else torch.where(applied, lam, 1.0)


def _blend(values: Tensor, share: Tensor, permutation: Tensor) -> Tensor:
    whole = single(values)
    share = share.to(whole.dtype).reshape(-1, *[1] * (values.ndim - 1))
    return (share * whole + (1 - share) * whole[permutation]).to(values.dtype)


def _check_pairs(inputs: Tensor, targets: Tensor, lam: Tensor, permutation: Tensor) -> None:
    if not targets.is_floating_point() or targets.ndim != 2 or len(targets) != len(inputs):
        raise ValueError(
            f"mixed targets must be shares (N, C) of floats with N={len(inputs)}, see soft_targets, "
            f"got {targets.dtype} of shape {tuple(targets.shape)}"
        )
    one_each(lam, inputs, "share lam")
    one_each(permutation, inputs, "partner")
    if not holds((lam >= 0) & (lam <= 1)):
        raise ValueError(f"lam must be in [0, 1], got {lam.tolist()}")
    if permutation.dtype != torch.int64:
        raise ValueError(f"permutation must be int64, the place of each partner, got {permutation.dtype}")
