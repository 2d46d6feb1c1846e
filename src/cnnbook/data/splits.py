"""What a seed draws of the data: which examples are trained on, which labels are wrong, and the order of the batches.

Each is a pure function of its arguments, so that a run resumed at step 1,000 goes on with the batch it would have had.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from cnnbook.randomness import stream


def split(
    targets: Tensor, n_train: int | None, n_val: int, seed: int, class_counts: Sequence[int] | None = None
) -> tuple[Tensor, Tensor]:
    """Draw disjoint training and validation examples.

    Labels (``int64 (N,)``) are drawn class by class, as equal in number as can be; any other targets uniformly.

    Args:
        targets: Targets of the pool, first axis N.
        n_train: Number of training examples; None for all that validation leaves.
        n_val: Number of validation examples.
        seed: The seed.
        class_counts: Training examples of each class, instead of ``n_train``, for unbalanced training data.

    Returns:
        Positions in the pool, ``int64 (n_train,)`` and ``int64 (n_val,)``, in random order.

    Raises:
        ValueError: The pool, or a class in it, has not that many examples.

    Examples:
        >>> labels = torch.arange(10).repeat(50)
        >>> train, val = split(labels, 100, 20, seed=0)
        >>> labels[train].bincount().tolist(), len(val), len(set(train.tolist()) & set(val.tolist()))
        ([10, 10, 10, 10, 10, 10, 10, 10, 10, 10], 20, 0)
    """
    size = len(targets)
    generator = stream(seed, "split")
    wanted = n_val + (sum(class_counts) if class_counts is not None else n_train if n_train is not None else 1)
    if n_val < 0 or (n_train is not None and n_train < 1) or wanted > size:
        raise ValueError(
            f"n_train ≥ 1 and n_val ≥ 0 must fit into a pool of {size}, got n_train={n_train}, n_val={n_val}"
        )
    if targets.ndim != 1 or targets.dtype != torch.int64:
        if class_counts is not None:
            raise ValueError("class_counts needs class labels, int64 (N,)")
        drawn = torch.randperm(size, generator=generator)
        return drawn[n_val:] if n_train is None else drawn[n_val : n_val + n_train], drawn[:n_val]
    if int(targets.min()) < 0:
        raise ValueError(f"labels must be at least 0, got {int(targets.min())}")
    classes = int(targets.max()) + 1
    members = [torch.nonzero(targets == c).flatten() for c in range(classes)]
    members = [m[torch.randperm(len(m), generator=generator)] for m in members]
    val_counts = _even(n_val, classes)
    left = [len(m) - v for m, v in zip(members, val_counts, strict=True)]
    counts = left if n_train is None else _even(n_train, classes)
    if class_counts is not None:
        counts = list(class_counts)
    if len(counts) != classes or any(not 0 <= c <= there for c, there in zip(counts, left, strict=True)):
        raise ValueError(f"each of {classes} classes has {left} examples for training, got class counts {counts}")
    val = torch.cat([m[:v] for m, v in zip(members, val_counts, strict=True)])
    train = torch.cat([m[v : v + c] for m, v, c in zip(members, val_counts, counts, strict=True)])
    return train[torch.randperm(len(train), generator=generator)], val[torch.randperm(len(val), generator=generator)]


def _even(total: int, parts: int) -> list[int]:
    """``total`` in ``parts`` whole numbers that differ by one at most."""
    return [total // parts + (part < total % parts) for part in range(parts)]


def noisy(labels: Tensor, share: float, classes: int, seed: int) -> Tensor:
    """Replace a share of the labels by another class, uniformly.

    Args:
        labels: ``int64 (N,)``.
        share: Between 0 and 1; exactly ``round(share * N)`` labels become wrong.
        classes: Number of classes.
        seed: The seed.

    Raises:
        ValueError: ``share`` is outside [0, 1].

    Examples:
        >>> int((noisy(torch.zeros(50, dtype=torch.int64), 0.2, 10, seed=1) != 0).sum())
        10
    """
    if not 0 <= share <= 1:
        raise ValueError(f"the share of wrong labels must be in [0, 1], got {share}")
    generator = stream(seed, "noise")
    wrong = torch.randperm(len(labels), generator=generator)[: round(share * len(labels))]
    shift = torch.randint(1, classes, (len(wrong),), generator=generator)
    result = labels.clone()
    result[wrong] = (labels[wrong] + shift) % classes
    return result


def shuffled(labels: Tensor, generator: torch.Generator) -> Tensor:
    """Each example once, in random order: positions ``int64 (n,)`` for labels ``(n,)``."""
    return torch.randperm(len(labels), generator=generator)
