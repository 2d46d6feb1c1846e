"""The Lightning data module over tensors that live on the device, for one seed or several at once."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor

from cnnbook.checks import at_least_one
from cnnbook.data.batches import EvalBatches, TrainBatches
from cnnbook.data.download import DataError
from cnnbook.data.sources import Arrays, arrays
from cnnbook.data.splits import noisy, shuffled, split
from cnnbook.names import check_options, resolve
from cnnbook.randomness import stream


class SeededData(pl.LightningDataModule):
    """Training, validation and test batches of one seed, or of several at once.

    The test data is the same for all seeds. Training and validation examples are drawn from the training part by each
    seed.

    Args:
        data: A source, see ``cnnbook.data.sources``.
        options: Further arguments of the source.
        n_train: Training examples; None for all that validation leaves.
        n_val: Validation examples.
        class_counts: Training examples of each class, instead of ``n_train``.
        label_noise: Share of the training labels that are replaced by another class, 0…1.
        batch_size: Examples a step, over all processes.
        sampler: Order of the training examples of one epoch: evenly shuffled by default, or
            ``"package.module:function"``, called as ``function(labels, generator, **sampler_options)`` with
            ``int64 (n,)`` and the generator of that seed and epoch, which returns positions ``int64 (n,)``, some maybe
            several times.
        sampler_options: Further arguments of that function.
        eval_batch_size: Examples at once where nothing is learned.
        measured: Of how many examples of each part, drawn at random, to tell how good a network is; None for all.
        seed: One seed, or several: then batches have an axis K in front, one entry a seed.

    Raises:
        ValueError: A number is below 1 or does not fit the data; ``batch_size`` is larger than ``n_train`` or no
            multiple of the processes.

    Examples:
        >>> data = SeededData(n_train=300, n_val=100, batch_size=32)
        >>> data.setup("fit")
        >>> next(iter(data.train_dataloader())).inputs.shape
        torch.Size([32, 1, 28, 28])
    """

    def __init__(
        self,
        data: str = "fashion-mnist-mini",
        options: dict[str, Any] | None = None,
        n_train: int | None = None,
        n_val: int = 0,
        class_counts: list[int] | None = None,
        label_noise: float = 0.0,
        batch_size: int = 32,
        sampler: str = "",
        sampler_options: dict[str, Any] | None = None,
        eval_batch_size: int = 100,
        measured: int | None = None,
        seed: int | list[int] = 0,
    ) -> None:
        super().__init__()
        at_least_one(eval_batch_size=eval_batch_size, **({} if measured is None else {"measured": measured}))
        self.source, self.options = data, dict(options or {})
        # Python's numbers, also for NumPy's and a tensor's: a checkpoint holds plain ones.
        n_train, n_val, batch_size = None if n_train is None else int(n_train), int(n_val), int(batch_size)
        class_counts, label_noise = None if class_counts is None else [int(n) for n in class_counts], float(label_noise)
        self.n_train, self.n_val, self.class_counts, self.label_noise = n_train, n_val, class_counts, label_noise
        self.batch_size, self.eval_batch_size, self.measured = batch_size, eval_batch_size, measured
        self.sampler, self.sampler_options = sampler, dict(sampler_options or {})
        self.stacked = isinstance(seed, Iterable)
        self.seeds = [int(one) for one in (seed if isinstance(seed, Iterable) else [seed])]
        self._arrays: Arrays | None = None

    @property
    def arrays(self) -> Arrays:
        """The data, on the device.

        Raises:
            RuntimeError: ``setup`` has not loaded it yet.
        """
        if self._arrays is None:
            raise RuntimeError("setup must be called before the data is used")
        return self._arrays

    def setup(self, stage: str = "fit") -> None:
        """Load the data, move it to the device and draw each seed's part of it."""
        if self._arrays is not None:
            return
        there = arrays(self.source, **self.options)
        parts = [split(there.train_targets, self.n_train, self.n_val, s, self.class_counts) for s in self.seeds]
        train, val = (torch.stack(rows) for rows in zip(*parts, strict=True))
        if not 1 <= self.batch_size <= train.shape[1]:
            raise ValueError(
                f"batch_size must be between 1 and n_train, got {self.batch_size} with {train.shape[1]} examples"
            )
        targets = there.train_targets
        if there.classes is not None:
            targets = torch.stack(
                [noisy(targets[r], self.label_noise, there.classes, s) for r, s in zip(train, self.seeds, strict=True)]
            )
        elif self.label_noise:
            raise ValueError(
                f"label_noise needs class labels, got label_noise={self.label_noise} with images as targets"
            )
        device = self.trainer.strategy.root_device if self.trainer else torch.device("cpu")
        moved = {k: v.to(device) if isinstance(v, Tensor) else v for k, v in vars(there).items()}
        self._arrays = Arrays(**moved)
        self.train_rows, self.val_rows, self.train_targets = (x.to(device) for x in (train, val, targets))

    def state_dict(self) -> dict[str, Any]:
        """What decides the batches; Lightning keeps it in the checkpoint."""
        return {
            "data": self.source,
            "options": self.options,
            "n_train": self.n_train,
            "n_val": self.n_val,
            "class_counts": self.class_counts,
            "label_noise": self.label_noise,
            "batch_size": self.batch_size,
            "sampler": self.sampler,
            "sampler_options": self.sampler_options,
            "seeds": self.seeds,
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Refuse to go on with other data than the run began with.

        Raises:
            DataError: The data module of the checkpoint had other arguments; the message names the first.
        """
        for name, here in self.state_dict().items():
            if state_dict.get(name) != here:
                raise DataError(f"the run began with other data: {name} was {state_dict.get(name)!r} and is {here!r}")

    def transfer_batch_to_device(self, batch: Any, device: torch.device, dataloader_idx: int) -> Any:
        """Nothing to move: the data lives on the device."""
        return batch

    def train_dataloader(self) -> TrainBatches:
        """Batches of the training examples; each process of a distributed run gets its rows of each."""
        world, rank = (self.trainer.world_size, self.trainer.global_rank) if self.trainer else (1, 0)
        if self.batch_size % world:
            raise ValueError(f"batch_size must be a multiple of the {world} processes, got {self.batch_size}")
        size = self.batch_size // world
        share = slice(rank * size, (rank + 1) * size)
        order = shuffled
        if self.sampler:
            if self.arrays.classes is None:
                raise ValueError(f"a sampler needs class labels, got sampler={self.sampler!r} with images as targets")
            sampler = resolve(self.sampler, {}, "sampler")
            check_options("sampler_options", self.sampler_options, sampler)
            order = functools.partial(sampler, **self.sampler_options)
        return TrainBatches(
            self.arrays, self.train_rows, self.train_targets, self.seeds, self.batch_size, self.stacked, share, order
        )

    def _eval(self, inputs: Tensor, targets: Tensor, rows: Tensor | None) -> EvalBatches:
        count = len(inputs) if rows is None else rows.shape[1]
        if self.measured is not None and self.measured < count:
            some = torch.randperm(count, generator=stream(0, "measured"))[: self.measured].to(inputs.device)
            if rows is None:
                inputs, targets = inputs[some], targets[some]
            else:
                rows = rows[:, some]
                targets = targets[:, some] if targets.ndim == 2 else targets  # labels of each seed's own
        return EvalBatches(self.arrays, inputs, targets, rows, self.eval_batch_size, self.stacked)

    def val_dataloader(self) -> EvalBatches | list[EvalBatches]:
        """The validation examples of each seed; nothing where ``n_val`` is 0."""
        if not self.n_val:
            return []
        return self._eval(self.arrays.train_inputs, self.arrays.train_targets, self.val_rows)

    def predict_dataloader(self) -> EvalBatches:
        """The test data, in its order."""
        return self.test_dataloader()[0]

    def test_dataloader(self) -> list[EvalBatches]:
        """The test data, and the training examples (for the gap between the two)."""
        data = self.arrays
        return [
            self._eval(data.test_inputs, data.test_targets, None),
            self._eval(data.train_inputs, self.train_targets, self.train_rows),
        ]
