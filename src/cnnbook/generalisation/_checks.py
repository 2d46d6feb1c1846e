"""What the operations of this part ask of their arguments, and labels as vectors. Values of tensors are not looked at,
so that all of it works under ``torch.func.vmap``.
"""

from __future__ import annotations

import torch
from torch import Tensor


def at_least_one(**sizes: int) -> None:
    """Refuse a size below 1."""
    for name, value in sizes.items():
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {name}={value}")


def feature_maps(what: str, maps: Tensor) -> None:
    """Refuse what is no batch of images or feature maps."""
    if maps.ndim != 4:
        raise ValueError(f"{what} must be (N, C, H, W), got shape {tuple(maps.shape)}")


def one_hot(labels: Tensor, classes: int, dtype: torch.dtype) -> Tensor:
    """Labels ``int64 (N,)`` as vectors ``(N, classes)`` with a one at the place of the class."""
    return (labels.unsqueeze(-1) == torch.arange(classes, device=labels.device)).to(dtype)
