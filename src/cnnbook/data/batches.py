"""Batches out of tensors that live on the device: no worker processes, no Python per example.

The training batches of a run are one endless sequence: the examples in a new random order each epoch, cut into
batches of the same size (a batch may end one epoch and begin the next). Which examples are in batch number t is a
function of (seed, t) alone, and a batch carries its number, from which the random layers take theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from cnnbook.batching import steps_per_epoch
from cnnbook.data.sources import Arrays
from cnnbook.data.splits import shuffled
from cnnbook.randomness import stream


class Batch(NamedTuple):
    """One batch. With several seeds at once the tensors have one more axis, K, in front, if ``stacked``."""

    inputs: Tensor
    targets: Tensor
    step: int = 0  # number of the batch since the start of the run
    row: int = 0  # place of its first example within the batch of all processes
    stacked: bool = False


def scaled(values: Tensor) -> Tensor:
    """``uint8`` 0…255 as ``float32`` 0…1; labels and floats as they are."""
    return values.float().div_(255) if values.dtype == torch.uint8 else values


def standardised(inputs: Tensor, data: Arrays) -> Tensor:
    """Inputs ``scaled``, less the mean of their source, divided by its deviation; other whole numbers (the identifiers
    of words) as they are.
    """
    values = scaled(inputs)
    if not values.is_floating_point() or (data.mean, data.std) == (0.0, 1.0):
        return values
    return (values - data.mean).div_(data.std)


class TrainBatches:
    """The training batches of one epoch; keeps its place, so that Lightning can resume in mid-epoch."""

    def __init__(
        self,
        data: Arrays,
        rows: Tensor,
        targets: Tensor,
        seeds: Sequence[int],
        batch_size: int,
        stacked: bool,
        share: slice,
        order: Callable[[Tensor, torch.Generator], Tensor] = shuffled,
    ) -> None:
        self.data, self.rows, self.seeds = data, rows, seeds
        self.targets = targets  # labels of each seed's own (K, n), or the images of the pool
        self.batch_size, self.stacked, self.share = batch_size, stacked, share
        self.position = 0
        self.order = order
        self._orders: dict[int, Tensor] = {}

    def __len__(self) -> int:
        return steps_per_epoch(self.rows.shape[1], self.batch_size)

    def __iter__(self) -> Iterator[Batch]:
        while True:
            self.position += 1
            yield self.batch(self.position - 1)

    def state_dict(self) -> dict[str, int]:
        """How many batches have been given out."""
        return {"position": self.position}

    def load_state_dict(self, state: dict[str, int]) -> None:
        """Go on after that many."""
        self.position = state["position"]

    def _order(self, epoch: int) -> Tensor:
        """Order of one epoch for each seed, ``(K, n)``."""
        if epoch not in self._orders:
            own = self.targets if self.targets.ndim == 2 else self.rows  # whose length is the number of examples
            order = torch.stack(
                [self.order(one, stream(seed, "order", epoch)) for one, seed in zip(own.cpu(), self.seeds, strict=True)]
            )
            self._orders = {e: o for e, o in self._orders.items() if e == epoch - 1} | {
                epoch: order.to(self.rows.device)
            }
        return self._orders[epoch]

    def batch(self, step: int) -> Batch:
        """Batch number ``step`` of the run."""
        n = self.rows.shape[1]
        first, last = step * self.batch_size, (step + 1) * self.batch_size
        picked = [
            self._order(e)[:, max(first - e * n, 0) : last - e * n] for e in range(first // n, (last - 1) // n + 1)
        ]
        places = (picked[0] if len(picked) == 1 else torch.cat(picked, dim=1))[:, self.share]
        rows = self.rows.gather(1, places)
        targets = self.targets.gather(1, places) if self.targets.ndim == 2 else self.targets[rows]
        if not self.stacked:
            rows, targets = rows[0], targets[0]
        return Batch(
            standardised(self.data.train_inputs[rows], self.data), scaled(targets), step, self.share.start, self.stacked
        )


class EvalBatches:
    """Fixed examples in order, in large batches; the same for all seeds (``rows`` None) or each seed's own."""

    def __init__(
        self, data: Arrays, inputs: Tensor, targets: Tensor, rows: Tensor | None, batch_size: int, stacked: bool
    ) -> None:
        self.data, self.inputs, self.targets, self.rows = data, inputs, targets, rows
        self.batch_size, self.stacked = batch_size, stacked

    def __len__(self) -> int:
        return steps_per_epoch(len(self.inputs) if self.rows is None else self.rows.shape[1], self.batch_size)

    def __iter__(self) -> Iterator[Batch]:
        for number in range(len(self)):
            part = slice(number * self.batch_size, (number + 1) * self.batch_size)
            if self.rows is None:
                inputs, targets = self.inputs[part], self.targets[part]
            else:
                rows = self.rows[:, part] if self.stacked else self.rows[0, part]
                inputs = self.inputs[rows]
                if self.targets.ndim == 2:  # labels of each seed's own
                    targets = self.targets[:, part] if self.stacked else self.targets[0, part]
                else:
                    targets = self.targets[rows]
            yield Batch(
                standardised(inputs, self.data), scaled(targets), stacked=self.stacked and self.rows is not None
            )
