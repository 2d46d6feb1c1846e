"""A regression task out of real images, with outliers: the upper half of an image gives the brightness of the lower."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from cnnbook.data.images import load
from cnnbook.data.sources import Arrays
from cnnbook.randomness import stream

OUTLIER = 1.0  # the mean of a white half: what a sensor reports that has run into its limit


def lower_half(outliers: float = 0.0, data: str = "fashion-mnist-mini") -> Arrays:
    """Upper halves of images, and the mean brightness of their lower halves.

    Args:
        outliers: Share of the training targets that read 1, whatever the truth; the same examples for all seeds.
        data: A data set of the catalogue.

    Returns:
        Inputs ``float32 (N, 1, H/2, W)`` and targets ``float32 (N, 1, 1, 1)``, both 0…1; the test targets are true.

    Raises:
        ValueError: The share is outside [0, 1].

    Examples:
        >>> clean, spoilt = lower_half(), lower_half(0.2)
        >>> clean.train_inputs.shape, clean.train_targets.shape
        (torch.Size([5000, 1, 14, 28]), torch.Size([5000, 1, 1, 1]))
        >>> float((spoilt.train_targets == 1).double().mean())
        0.2
    """
    if not 0 <= outliers <= 1:
        raise ValueError(f"the share of outliers must be in [0, 1], got outliers={outliers}")
    images = load(data)
    halves = [part.float().div(255).chunk(2, dim=2) for part in (images.train_images, images.test_images)]
    (train, below), (test, test_below) = halves
    targets, test_targets = (half.mean(dim=(2, 3), keepdim=True) for half in (below, test_below))
    wrong = torch.randperm(len(targets), generator=stream(0, "outliers"))[: round(outliers * len(targets))]
    targets[wrong] = OUTLIER
    return Arrays(train, targets, test, test_targets)


def regressor() -> nn.Sequential:
    """Two convolutions and two linear layers.

    Returns:
        A network from ``(N, 1, 14, 28)`` to ``(N, 1, 1, 1)``.
    """
    return nn.Sequential(
        *(nn.Conv2d(1, 8, 5, stride=2, padding=2), nn.ReLU()),
        *(nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten()),
        *(nn.Linear(16 * 4 * 7, 64), nn.ReLU(), nn.Linear(64, 1), nn.Unflatten(1, (1, 1, 1))),
    )


def errors(outputs: Tensor, targets: Tensor) -> dict[str, float]:
    """Root mean squared error, mean absolute error and mean error, in units of the target."""
    if not torch.isfinite(outputs).all():
        return dict.fromkeys(("rmse", "mae", "bias"), math.nan)
    off = outputs.double() - targets.double()
    return {"rmse": float(off.square().mean().sqrt()), "mae": float(off.abs().mean()), "bias": float(off.mean())}
