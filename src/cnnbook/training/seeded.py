"""What single runs and ensembles share: a Lightning module that keeps count of the step and watches over its networks.

A batch carries its number (``cnnbook.data.batches.Batch``), from which the networks' random layers take their
numbers: a run that is resumed, or shared between processes, draws what an uninterrupted run on one process draws.

Batch normalisation in a distributed run sees the part of the batch that its process holds, as everywhere in PyTorch;
add ``sync_batchnorm=True`` to the trainer for the whole batch.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytorch_lightning as pl
import torch
from torch import Tensor

from cnnbook.data.batches import Batch
from cnnbook.training.checkpoints import mark, verify
from cnnbook.training.config import Optimizer
from cnnbook.training.losses import loss_function
from cnnbook.training.methods import Methods, Weights
from cnnbook.training.metrics import SCORES, with_gap
from cnnbook.training.optimizers import configure

if TYPE_CHECKING:
    from pytorch_lightning.utilities.types import OptimizerLRScheduler

PARTS = ("test", "train")  # the order of SeededData.test_dataloader


class SeededModule(pl.LightningModule):
    """What single runs and ensembles share: the step, the watch over divergence, measurement, checkpoints."""

    task = "classification"
    diverged: Tensor

    def __init__(
        self, optimizer: Optimizer, loss: str, loss_options: Mapping[str, Any], methods: Methods, networks: int = 1
    ) -> None:
        super().__init__()
        self.optimizer, self.methods = optimizer, methods
        self.loss = loss_function(loss, loss_options)
        self.penalty, self.constraint = methods.function("penalty"), methods.function("constraint")
        self.more_scores, self.weight_scores = methods.functions("scores"), methods.functions("weight_scores")
        self.register_buffer("diverged", torch.zeros(networks, dtype=torch.bool))
        self._predictions: dict[str, list[tuple[Tensor, Tensor]]] = {}

    def __setattr__(self, name: str, value: Any) -> None:
        """Lightning notes the name of the hook it is in, some 40 times a step; spare that the search for parameters.

        What is a plain attribute already, and no parameter, buffer or module, stays one when it is given a string.
        """
        if (value is None or type(value) is str) and name in self.__dict__:
            self.__dict__[name] = value
        else:
            super().__setattr__(name, value)

    def losses(self, batch: Batch) -> Tensor:
        """Training loss of each network, ``(K,)``, or of the only one, ``()``."""
        raise NotImplementedError

    def predict(self, batch: Batch) -> Tensor:
        """Outputs of each network, ``(K, N, …)``."""
        raise NotImplementedError

    def weights(self) -> list[Weights]:
        """Parameters and buffers of each network, by name."""
        raise NotImplementedError

    def constrain(self, constraint: Callable[..., Weights]) -> None:
        """Put the constrained parameters of each network in the place of what they are."""
        raise NotImplementedError

    def record(self) -> dict[str, Any]:
        """Plain values that say what this module is; a checkpoint is taken back only where they agree."""
        raise NotImplementedError

    def loss_of(
        self, network: Callable[..., Any], parameters: Mapping[str, Tensor], inputs: Tensor, targets: Tensor
    ) -> Tensor:
        """Training loss of one network on its batch, augmentation and penalty included."""
        outputs, targets = network(inputs, targets) if self.methods.augment else (network(inputs), targets)
        loss = self.loss(outputs, targets)
        return loss + self.penalty(parameters) if self.penalty else loss

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """One step: the sum of the networks' losses, each of which reaches the weights of its own network alone."""
        if not isinstance(batch, Batch):
            batch = Batch(batch[0], batch[1], step=self.trainer.fit_loop.epoch_loop.batch_progress.total.ready - 1)
        losses = self.losses(batch)
        values = losses.detach()
        self.diverged.logical_or_(
            values - values != 0
        )  # 0 of a finite number alone; isfinite takes three times as long
        every = self.trainer.log_every_n_steps  # ty: ignore[missing-attribute] — Lightning does not declare it
        # As Lightning counts, which is by steps of the optimiser: those are fewer where gradients are added up.
        if self.trainer.loggers and (self.trainer.global_step + 1) % every == 0:
            self.log("train_loss", losses.detach().mean())
        return losses.sum() if losses.ndim else losses

    # Lightning asks at each step whether it takes the number of the batch; kept, the answer need not be worked out.
    training_step.__signature__ = inspect.signature(training_step)  # ty: ignore[missing-attribute]

    def optimizer_zero_grad(self, epoch: int, batch_idx: int, optimizer: torch.optim.Optimizer) -> None:
        """Drop the gradients, as the optimiser's own ``zero_grad`` does, without its record for profilers."""
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                parameter.grad = None

    def configure_gradient_clipping(
        self, optimizer: Any, gradient_clip_val: float | None = None, gradient_clip_algorithm: str | None = None
    ) -> None:
        """Clip as Lightning does, where the trainer is to clip at all."""
        if gradient_clip_val:
            super().configure_gradient_clipping(optimizer, gradient_clip_val, gradient_clip_algorithm)

    def configure_optimizers(self) -> OptimizerLRScheduler:
        """Optimiser and schedule over the steps of the trainer."""
        total = self.trainer.estimated_stepping_batches if self.optimizer.schedule not in ("constant", "plateau") else 1
        if not math.isfinite(total):
            name = self.optimizer.schedule
            raise ValueError(f"schedule {name!r} needs the run's length: give max_steps or max_epochs, got neither")
        fused = not self.trainer.gradient_clip_val
        return configure(self.parameters(), self.optimizer, int(total), fused=fused)

    def optimizer_step(self, *args: Any, **kwargs: Any) -> None:
        """A step of the optimiser, and what the weights must obey after it."""
        super().optimizer_step(*args, **kwargs)
        if self.constraint:
            with torch.no_grad():
                self.constrain(self.constraint)

    def scores(self, predictions: list[tuple[Tensor, Tensor]]) -> list[dict[str, float]]:
        """Metrics of each network from outputs ``(K, N, …)`` and targets, batch by batch."""
        outputs = torch.cat([o for o, _ in predictions], dim=1)
        targets = torch.cat([t for _, t in predictions], dim=1)
        functions = [SCORES[self.task], *self.more_scores]
        return [
            {name: value for function in functions for name, value in function(o, t).items()}
            for o, t in zip(outputs, targets.expand(len(outputs), *targets.shape[1:]), strict=True)
        ]

    def collect(self, batch: Batch, part: str) -> None:
        """Keep outputs and targets of one batch for ``scores``."""
        if not isinstance(batch, Batch):
            batch = Batch(batch[0], batch[1])
        targets = batch.targets if batch.stacked else batch.targets[None]
        self._predictions.setdefault(part, []).append((self.predict(batch).detach(), targets))

    def _log_scores(self) -> None:
        parts = {part: self.scores(predictions) for part, predictions in self._predictions.items()}
        self._predictions = {}
        for network in range(len(self.diverged)):
            figures = with_gap({f"{part}_{k}": v for part, each in parts.items() for k, v in each[network].items()})
            suffix = f"/{network}" if len(self.diverged) > 1 else ""
            self.log_dict({f"{name}{suffix}": value for name, value in figures.items()})

    def validation_step(self, batch: Batch, batch_idx: int) -> None:
        """Keep the outputs of a validation batch."""
        self.collect(batch, "val")

    def on_validation_epoch_end(self) -> None:
        """Log ``val_…``."""
        self._log_scores()

    def predict_step(self, batch: Any, batch_idx: int = 0, dataloader_idx: int = 0) -> Tensor:
        """Outputs for a batch: of one network ``(N, …)``, of an ensemble ``(K, N, …)``.

        Args:
            batch: As the data module gives it, (inputs, targets), or inputs alone.
        """
        if not isinstance(batch, Batch):
            inputs = batch[0] if isinstance(batch, tuple | list) else batch
            batch = Batch(inputs, inputs)  # which has no targets, and is asked for none
        outputs = self.predict(batch)
        return outputs if len(self.diverged) > 1 else outputs[0]

    def test_step(self, batch: Batch, batch_idx: int, dataloader_idx: int = 0) -> None:
        """Keep the outputs of a test batch; the second loader holds the training examples."""
        if dataloader_idx >= len(PARTS):
            raise ValueError(f"there may be two test loaders, of test and training examples, got {dataloader_idx + 1}")
        self.collect(batch, PARTS[dataloader_idx])

    def on_test_epoch_end(self) -> None:
        """Log ``test_…``, ``train_…`` and the gap between the two."""
        self._log_scores()

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Say in the checkpoint whose it is."""
        mark(checkpoint, self.record())

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Take back only what is of this module."""
        verify(checkpoint, self.record())
