"""The Lightning modules of single runs: a classifier and a regressor of images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from torch import Tensor, nn

from cnnbook.data.batches import Batch
from cnnbook.randomness import random_layers, seed_layers, set_step
from cnnbook.training.config import Optimizer
from cnnbook.training.methods import Methods, Weights
from cnnbook.training.networks import Augmented, build
from cnnbook.training.seeded import SeededModule


class _Single(SeededModule):
    """One network, by name or as it is."""

    def __init__(
        self,
        network: str | nn.Module,
        network_options: dict[str, Any] | None,
        optimizer: Optimizer | None,
        loss: str,
        loss_options: dict[str, Any] | None,
        methods: Methods | None,
        seed: int,
    ) -> None:
        methods, seed = methods or Methods(), int(seed)  # also NumPy's: a checkpoint holds plain numbers
        if network_options and not isinstance(network, str):
            raise ValueError(
                "network_options go with a network that is given by name, "
                f"got {network_options} with a {type(network).__name__}"
            )
        super().__init__(optimizer or Optimizer(), loss, loss_options or {}, methods)
        self._record = {
            "module": type(self).__name__,
            "network": network if isinstance(network, str) else type(network).__name__,
            "network_options": dict(network_options or {}),
            "optimizer": vars(self.optimizer).copy(),
            "loss": loss,
            "loss_options": dict(loss_options or {}),
            "methods": asdict(methods),
            "seed": seed,
        }
        augment = methods.function("augment")
        if isinstance(network, str):
            made = build(network, network_options, seed, augment)
        else:
            made = seed_layers(Augmented(network, augment()) if augment else network, seed)
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
        parameters = dict(self.network.named_parameters()) if self.penalty else {}
        return self.loss_of(self.network, parameters, batch.inputs, batch.targets)

    def weights(self) -> list[Weights]:
        """See ``SeededModule``."""
        return [dict(self.network.state_dict())]

    def constrain(self, constraint: Callable[..., Weights]) -> None:
        """See ``SeededModule``."""
        parameters = dict(self.network.named_parameters())
        for name, value in constraint(parameters).items():
            parameters[name].copy_(value)

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
        methods: What is done beside the loss, and measured beside the usual; nothing by default.
        seed: Draws the initial weights (of a network given by name) and what random layers draw.

    Raises:
        ValueError: A name is unknown, the network draws from torch's global generator, or there are options for a
            network that is made already.

    Examples:
        >>> import torch
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
        methods: Methods | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__(network, network_options, optimizer, loss, loss_options, methods, seed)


class ImageRegressor(_Single):
    """Any network that maps images to images, values 0…1; logs mean squared error and PSNR.

    Args:
        network: As for ``Classifier``.
        network_options: As for ``Classifier``.
        optimizer: As for ``Classifier``.
        loss: As for ``Classifier``.
        loss_options: As for ``Classifier``.
        methods: As for ``Classifier``.
        seed: As for ``Classifier``.

    Examples:
        >>> import torch
        >>> ImageRegressor("sub-pixel", {"factor": 4})(torch.zeros(2, 1, 7, 7)).shape
        torch.Size([2, 1, 28, 28])
    """

    task = "regression"

    def __init__(
        self,
        network: str | nn.Module = "sub-pixel",
        network_options: dict[str, Any] | None = None,
        optimizer: Optimizer | None = None,
        loss: str = "mse",
        loss_options: dict[str, Any] | None = None,
        methods: Methods | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__(network, network_options, optimizer, loss, loss_options, methods, seed)
