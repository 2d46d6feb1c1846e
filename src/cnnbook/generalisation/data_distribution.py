r"""Class imbalance: draw rare classes more often, or let each of their examples count for more; and how to see it work.

Both mend the same thing. Drawing every class equally often gives, on average, the gradient that weights inversely
proportional to the class counts give; they differ in noise, in repetition and in what a batch looks like.

====================  ========================================================  =====================
function              what it does                                              goes to
====================  ========================================================  =====================
`class_weights`       examples of rare classes count for more                   the loss
`oversampled_order`   draws with replacement, every class equally likely        the order of an epoch
`balanced_order`      every class in turn, each one's examples in random order  the order of an epoch
====================  ========================================================  =====================

References:
    H. He, E. A. Garcia, "Learning from imbalanced data", IEEE TKDE 21 (2009).
    M. Buda, A. Maki, M. A. Mazurowski, "A systematic study of the class imbalance problem in convolutional neural
    networks", arXiv:1710.05381.
    Y. Cui et al., "Class-balanced loss based on effective number of samples", arXiv:1901.05555 (weights in between).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor
from torch.utils.data import BatchSampler, DistributedSampler, Sampler

from cnnbook.checks import Labels, as_labels


def class_weights(counts: Sequence[int] | Tensor, power: float = 1.0) -> Tensor:
    r"""Weights of the classes in the loss, falling with their counts.

    $$w_c \propto n_c^{-\beta}, \qquad \frac{1}{N}\sum_c n_c w_c = 1$$

    The average weight of an example is 1, so that the loss keeps its size and the learning rate its meaning.

    Args:
        counts: Training examples n of each class, at least 1 each.
        power: β: 0 weighs all examples alike, 1 all classes alike; 0.5 is a usual compromise.

    Returns:
        ``float32 (C,)``.

    Raises:
        ValueError: There is no class, a class is empty, or the power is outside [0, 1].

    Examples:
        >>> class_weights([8, 2]).tolist()  # 10 / (2 · 8), 10 / (2 · 2)
        [0.625, 2.5]
        >>> class_weights([8, 2], power=0).tolist()
        [1.0, 1.0]
    """
    counts = torch.as_tensor(counts, dtype=torch.float64)
    if counts.ndim != 1 or not len(counts):
        raise ValueError(f"counts must be one number a class, got shape {tuple(counts.shape)}")
    if not bool(((counts >= 1) & counts.isfinite()).all()):
        told = [int(count) if count.is_integer() else count for count in counts.tolist()]
        raise ValueError(f"each class must have at least one example, and finitely many, got counts {told}")
    if not 0 <= power <= 1:
        raise ValueError(f"power must be in [0, 1], got power={power}")
    weights = counts**-power
    return (weights * counts.sum() / (weights * counts).sum()).float()


def oversampled_order(labels: Labels, generator: torch.Generator | None = None) -> Tensor:
    r"""Draw as many examples as there are, with replacement, every class equally likely.

    $$\Pr(i) = \frac{1}{C\, n_{y_i}}$$

    for each of the n draws, with C classes and $n_c$ examples of class c.

    What ``torch.utils.data.WeightedRandomSampler`` draws with weights of 1 / count.

    Args:
        labels: Whole numbers ``(N,)``, every class from 0 to the largest present: a tensor, an array or a list.
        generator: Draws; torch's own if it is None.

    Returns:
        Positions ``int64 (N,)``: examples of rare classes several times, some of frequent classes not at all.

    Raises:
        ValueError: The labels are no whole numbers ``(N,)`` from 0, or a class is empty.

    Examples:
        >>> labels = torch.tensor([0] * 90 + [1] * 10)
        >>> order = oversampled_order(labels, torch.Generator().manual_seed(0))
        >>> labels[order].bincount().tolist()
        [53, 47]
    """
    labels = as_labels(labels)
    counts = _counts(labels)
    weights = 1 / counts[labels].double()
    return torch.multinomial(weights, len(labels), replacement=True, generator=generator)


def balanced_order(labels: Labels, generator: torch.Generator | None = None) -> Tensor:
    r"""Every class in turn: however it is cut into batches, in each the class counts differ by one at most.

    $$y_{o(t)} = \pi(t \bmod C),\qquad t = 0, 1, \dots$$

    The classes follow each other in one random order, over and over. Within a class the examples come in random order,
    all of them before any comes again.

    Args:
        labels: Whole numbers ``(N,)``, every class from 0 to the largest present: a tensor, an array or a list.
        generator: Draws; torch's own if it is None.

    Returns:
        Positions ``int64 (N,)``.

    Raises:
        ValueError: The labels are no whole numbers ``(N,)`` from 0, or a class is empty.

    Examples:
        >>> labels = torch.tensor([0] * 6 + [1] * 2)
        >>> labels[balanced_order(labels, torch.Generator().manual_seed(1))].tolist()
        [1, 0, 1, 0, 1, 0, 1, 0]
    """
    labels = as_labels(labels)
    counts = _counts(labels)
    total, classes = len(labels), len(counts)
    turns = torch.randperm(classes, generator=generator)
    order = torch.empty(total, dtype=torch.int64)
    for place, one in enumerate(turns.tolist()):
        members = torch.nonzero(labels == one).flatten()
        wanted = len(range(place, total, classes))
        passes = [members[torch.randperm(len(members), generator=generator)] for _ in range(-(-wanted // len(members)))]
        if passes:  # none where there are fewer examples than places in the turn
            order[place::classes] = torch.cat(passes)[:wanted]
    return order


class BalancedBatchSampler(BatchSampler):
    """Batches in which every class is as frequent as any other, for PyTorch's ``DataLoader(batch_sampler=…)``.

    With several processes (DDP), each goes through batches of its own of one common order, drawn from the seed and the
    epoch as in ``torch.utils.data.DistributedSampler``: call `set_epoch` before each epoch.

    Lightning calls it, and puts a distributed sampler of its own into a loader that is made in ``train_dataloader()``:
    of that one, the rank, the number of processes and the epoch are taken. A loader made elsewhere wants
    ``Trainer(use_distributed_sampler=False)``; Lightning says so. Rank and number are then those of
    ``torch.distributed``.

    Args:
        labels: Whole numbers ``(N,)``, every class from 0 to the largest present: a tensor, an array or a list.
        batch_size: Examples a batch and process, at least one of each class.
        generator: Draws; torch's own if it is None and there is one process. Of several, each must have its like.
        seed: Draws, together with the epoch, instead of a generator; 0 with several processes.
        rank: Which process this is, from 0; that of ``torch.distributed`` if it is None, asked when an epoch begins.
        world_size: Number of processes, likewise; 1 where there is no ``torch.distributed``.
        sampler: What Lightning puts in.

    Raises:
        ValueError: The labels are not as said, a class is empty, the batch is smaller than the number of classes, the
            batches of all processes together are larger than the number of examples, both a generator and a seed are
            given, or the rank is not among the processes.

    Examples:
        >>> labels = [0] * 90 + [1] * 10
        >>> sampler = BalancedBatchSampler(labels, batch_size=10)
        >>> len(sampler), [torch.tensor(labels)[batch].bincount().tolist() for batch in sampler][:2]
        (10, [[5, 5], [5, 5]])
        >>> [len(BalancedBatchSampler(labels, 10, rank=rank, world_size=4)) for rank in range(4)]
        [2, 2, 2, 2]
    """

    def __init__(
        self,
        labels: Labels,
        batch_size: int,
        generator: torch.Generator | None = None,
        *,
        seed: int | None = None,
        rank: int | None = None,
        world_size: int | None = None,
        sampler: Sampler | None = None,
    ) -> None:
        # What BatchSampler's own __init__ sets is not wanted here, least of all drop_last: seeing it, Lightning would
        # make a second one of us by BatchSampler's arguments.
        self.labels = as_labels(labels)
        classes = len(_counts(self.labels))
        if not classes <= batch_size <= len(self.labels):
            raise ValueError(
                f"batch_size must be between the {classes} classes and the {len(self.labels)} examples, "
                f"got batch_size={batch_size}"
            )
        if generator is not None and seed is not None:
            raise ValueError(f"either a generator or a seed must be given, got a generator and seed={seed}")
        self.batch_size, self.generator, self.seed, self.epoch = batch_size, generator, seed, 0
        self.rank, self.world_size = rank, world_size
        self.sampler = self if sampler is None else sampler  # Lightning calls set_epoch of this one
        if rank is not None or world_size is not None:
            self._processes()

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch comes next, so that it has an order of its own, the same in all processes."""
        self.epoch = epoch
        told = getattr(self.sampler, "set_epoch", None)
        if self.sampler is not self and callable(told):
            told(epoch)

    def __len__(self) -> int:
        return len(self.labels) // (self.batch_size * self._processes()[1])

    def __iter__(self) -> Iterator[list[int]]:
        rank, world_size = self._processes()
        generator, seed = self.generator, self.seed
        if generator is None and (seed is not None or world_size > 1):
            generator = torch.Generator().manual_seed((seed or 0) + getattr(self.sampler, "epoch", self.epoch))
        batches = balanced_order(self.labels, generator).split(self.batch_size)
        for batch in batches[: len(self) * world_size][rank::world_size]:
            yield batch.tolist()

    def _processes(self) -> tuple[int, int]:
        """Rank and number of processes: as given, as in Lightning's sampler, or as in torch.distributed."""
        rank, world_size = self.rank, self.world_size
        if isinstance(self.sampler, DistributedSampler):
            rank, world_size = self.sampler.rank, self.sampler.num_replicas
        running = torch.distributed.is_available() and torch.distributed.is_initialized()
        if world_size is None:
            world_size = torch.distributed.get_world_size() if running else 1
        if rank is None:
            rank = torch.distributed.get_rank() if running else 0
        if not 0 <= rank < world_size:
            raise ValueError(f"rank must be in 0…{world_size - 1}, got rank={rank} with world_size={world_size}")
        if self.batch_size * world_size > len(self.labels):
            raise ValueError(
                f"the batches of all processes must not exceed the {len(self.labels)} examples, "
                f"got batch_size={self.batch_size} with world_size={world_size}"
            )
        return rank, world_size


def recall_by_class(outputs: Tensor, targets: Tensor) -> Tensor:
    r"""Of each class, the share that is recognised.

    $$\text{recall}_c = \frac{\#\{i : y_i = c,\ \hat y_i = c\}}{\#\{i : y_i = c\}}$$

    Args:
        outputs: Logits or probabilities ``(N, C)``; the largest is the answer.
        targets: Labels ``int64 (N,)``, all C classes present.

    Returns:
        ``float64 (C,)``. Its mean is the *balanced accuracy*, which a rare class moves as much as a frequent one. All
        NaN if an output is not finite: a network that diverged recognises nothing.

    Raises:
        ValueError: The shapes do not fit, or a class has no example.

    Examples:
        >>> outputs = torch.tensor([[2.0, 1.0], [2.0, 1.0], [2.0, 1.0], [0.0, 3.0]])
        >>> recall_by_class(outputs, torch.tensor([0, 0, 1, 1])).tolist()
        [1.0, 0.5]
    """
    if outputs.ndim != 2 or targets.shape != outputs.shape[:1]:
        raise ValueError(
            f"outputs must be (N, C) and targets (N,), got shapes {tuple(outputs.shape)} and {tuple(targets.shape)}"
        )
    targets = as_labels(targets)
    counts = _counts(targets, outputs.shape[1])
    if not outputs.isfinite().all():
        return torch.full((outputs.shape[1],), math.nan, dtype=torch.float64)
    hits = targets[outputs.argmax(1) == targets].bincount(minlength=len(counts))
    return hits.double() / counts


def _counts(labels: Tensor, classes: int = 0) -> Tensor:
    """Examples of each class, none of them 0."""
    counts = labels.bincount(minlength=classes)
    if classes and len(counts) > classes:
        raise ValueError(f"labels must be below the number of classes {classes}, got {len(counts) - 1}")
    if bool((counts == 0).any()):
        raise ValueError(f"each class must have at least one example, got counts {counts.tolist()}")
    return counts
