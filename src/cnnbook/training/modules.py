"""The Lightning modules of single runs: a classifier and a regressor of images.

A batch carries its number (``cnnbook.data.batches.Batch``), from which the network's random layers take their
numbers: a run that is resumed, or shared between processes, draws what an uninterrupted run on one process draws.

Batch normalisation in a distributed run sees the part of the batch that its process holds, as everywhere in PyTorch;
add ``sync_batchnorm=True`` to the trainer for the whole batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor, nn

from ..data.batches import Batch
from ..randomness import random_layers, seed_layers, set_step
from .checkpoints import mark, verify
from .config import Optimizer
from .losses import loss_function
from .metrics import SCORES, with_gap
from .networks import build
from .optimizers import configure

PARTS = ("test", "train")  # the order of SeededData.test_dataloader


class SeededModule(pl.LightningModule):
    """What single runs and ensembles share: the step, the watch over divergence, measurement, checkpoints."""

    task = "classification"
    diverged: Tensor

    def __init__(self, optimizer: Optimizer, loss: str, loss_options: Mapping[str, Any], networks: int = 1) -> None:
        super().__init__()
        self.optimizer = optimizer
        self.loss = loss_function(loss, loss_options)
        self.register_buffer("diverged", torch.zeros(networks, dtype=torch.bool))
        self._kept: dict[str, list[tuple[Tensor, Tensor]]] = {}

    def __setattr__(self, name: str, value: Any) -> None:
        """Lightning names the hook it is in, some 40 times a step; spare that the search for parameters."""
        if name == "_current_fx_name":
            self.__dict__[name] = value
        else:
            super().__setattr__(name, value)

    def losses(self, batch: Batch) -> Tensor:
        """Training loss of each network, ``(K,)``."""
        raise NotImplementedError

    def predict(self, batch: Batch) -> Tensor:
        """Outputs of each network, ``(K, N, …)``."""
        raise NotImplementedError

    def record(self) -> dict[str, Any]:
        """Plain values that say what this module is; a checkpoint is taken back only where they agree."""
        raise NotImplementedError

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:
        """One step: the sum of the networks' losses, each of which reaches the weights of its own network alone."""
        if not isinstance(batch, Batch):
            batch = Batch(batch[0], batch[1], step=self.trainer.fit_loop.epoch_loop.batch_progress.total.ready - 1)
        losses = self.losses(batch)
        self.diverged.logical_or_(~torch.isfinite(losses.detach()))
        if self.trainer.loggers and (batch.step + 1) % self.trainer.log_every_n_steps == 0:  # as Lightning counts
            self.log("train_loss", losses.detach().mean())
        return losses.sum()

    def configure_optimizers(self) -> dict[str, Any]:
        """Optimiser and schedule over the steps of the trainer."""
        total = self.trainer.estimated_stepping_batches if self.optimizer.schedule != "constant" else 1
        fused = not self.trainer.gradient_clip_val
        return configure(self.parameters(), self.optimizer, int(total), fused=fused)

    def scores(self, kept: list[tuple[Tensor, Tensor]]) -> list[dict[str, float]]:
        """Metrics of each network from what ``predict`` gave batch by batch."""
        outputs = torch.cat([o for o, _ in kept], dim=1)
        targets = torch.cat([t for _, t in kept], dim=1)
        return [
            SCORES[self.task](o, t)
            for o, t in zip(outputs, targets.expand(len(outputs), *targets.shape[1:]), strict=True)
        ]

    def keep(self, batch: Batch, part: str) -> None:
        """Keep outputs and targets of one batch for ``scores``."""
        if not isinstance(batch, Batch):
            batch = Batch(batch[0], batch[1])
        targets = batch.targets if batch.stacked else batch.targets[None]
        self._kept.setdefault(part, []).append((self.predict(batch).detach(), targets))

    def _log_scores(self) -> None:
        parts = {part: self.scores(kept) for part, kept in self._kept.items()}
        self._kept = {}
        for network in range(len(self.diverged)):
            figures = with_gap({f"{part}_{k}": v for part, each in parts.items() for k, v in each[network].items()})
            suffix = f"/{network}" if len(self.diverged) > 1 else ""
            self.log_dict({f"{name}{suffix}": value for name, value in figures.items()})

    def validation_step(self, batch: Batch, batch_idx: int) -> None:
        """Keep the outputs of a validation batch."""
        self.keep(batch, "val")

    def on_validation_epoch_end(self) -> None:
        """Log ``val_…``."""
        self._log_scores()

    def test_step(self, batch: Batch, batch_idx: int, dataloader_idx: int = 0) -> None:
        """Keep the outputs of a test batch; the second loader holds the training examples."""
        self.keep(batch, PARTS[dataloader_idx])

    def on_test_epoch_end(self) -> None:
        """Log ``test_…``, ``train_…`` and the gap between the two."""
        self._log_scores()

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Say in the checkpoint whose it is."""
        mark(checkpoint, self.record())

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Take back only what is of this module."""
        verify(checkpoint, self.record())


class _Single(SeededModule):
    """One network, by name or as it is."""

    def __init__(
        self,
        network: str | nn.Module,
        network_options: dict[str, Any] | None,
        optimizer: Optimizer | None,
        loss: str,
        loss_options: dict[str, Any] | None,
        seed: int,
    ) -> None:
        super().__init__(optimizer or Optimizer(), loss, loss_options or {})
        self._record = {
            "module": type(self).__name__,
            "network": network if isinstance(network, str) else type(network).__name__,
            "network_options": dict(network_options or {}),
            "optimizer": vars(self.optimizer).copy(),
            "loss": loss,
            "loss_options": dict(loss_options or {}),
            "seed": seed,
        }
        made = build(network, network_options, seed) if isinstance(network, str) else seed_layers(network, seed)
        self.network = made
        self._random = bool(random_layers(made))

    def record(self) -> dict[str, Any]:
        """See ``SeededModule``."""
        return self._record

    def forward(self, inputs: Tensor) -> Tensor:
        """Outputs of the network for ``(N, …)``."""
        return self.network(inputs)

    def losses(self, batch: Batch) -> Tensor:
        """See ``SeededModule``."""
        if self._random:
            set_step(self.network, batch.step, batch.row)
        return self.loss(self.network(batch.inputs), batch.targets)[None]

    def predict(self, batch: Batch) -> Tensor:
        """See ``SeededModule``."""
        return self.network(batch.inputs)[None]


class Classifier(_Single):
    """Any network that maps ``(N, …)`` to logits ``(N, classes)``; logs accuracy, likelihood and calibration error.

    Args:
        network: A name of ``cnnbook.training.networks``, ``"package.module:function"``, or a module.
        network_options: Arguments of the function of that name.
        optimizer: How the weights follow the gradient; Adam at 0.002 by default.
        loss: A name of ``cnnbook.training.losses`` or ``"package.module:function"``.
        loss_options: Arguments of the loss.
        seed: Draws the initial weights (of a network given by name) and what random layers draw.

    Raises:
        ValueError: A name is unknown, or the network draws from torch's global generator.

    Example:
        >>> Classifier("small-cnn", {"dropout": 0.5}, Optimizer("sgd", lr=0.03))(torch.zeros(2, 1, 28, 28)).shape
        torch.Size([2, 10])
    """

    def __init__(
        self,
        network: str | nn.Module = "small-cnn",
        network_options: dict[str, Any] | None = None,
        optimizer: Optimizer | None = None,
        loss: str = "cross_entropy",
        loss_options: dict[str, Any] | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__(network, network_options, optimizer, loss, loss_options, seed)


class ImageRegressor(_Single):
    """Any network that maps images to images, values 0…1; logs mean squared error and PSNR.

    Args:
        network: As for ``Classifier``.
        network_options: As for ``Classifier``.
        optimizer: As for ``Classifier``.
        loss: As for ``Classifier``.
        loss_options: As for ``Classifier``.
        seed: As for ``Classifier``.

    Example:
        >>> ImageRegressor("sub-pixel", {"factor": 4})(torch.zeros(2, 1, 7, 7)).shape
        torch.Size([2, 1, 28, 28])
    """

    task = "regression"

    def __init__(
        self,
        network: str | nn.Module = "sub-pixel",
        network_options: dict[str, Any] | None = None,
        optimizer: Optimizer | None = None,
        loss: str = "squared_error",
        loss_options: dict[str, Any] | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__(network, network_options, optimizer, loss, loss_options, seed)
