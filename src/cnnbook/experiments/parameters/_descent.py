"""Gradient descent on a real network: all training images in every step, so that the rate alone makes it swing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

from cnnbook.data.batches import Batch
from cnnbook.evidence.experiment import Progress, RunOptions
from cnnbook.experiments._classifiers import QUICK_STEPS
from cnnbook.experiments._seeds import each_seed
from cnnbook.figures import Figures
from cnnbook.parameters.learning_rate import descend, sharpness
from cnnbook.training.config import TrainConfig
from cnnbook.training.networks import build


@dataclass(frozen=True)
class Descent:
    """One arm.

    Attributes:
        rate: Learning rate.
        examples: Training images, all of them in every step.
        steps: Steps.
        rounds: Of the power iteration that measures the sharpness at the end.
    """

    rate: float
    examples: int = 256
    steps: int = 100
    rounds: int = 20


def loss_of(network: nn.Module, batch: Batch) -> Callable[[Tensor], Tensor]:
    """The loss as a function of all weights in one vector, in the order of ``network.parameters()``."""
    shapes = {name: value.shape for name, value in network.named_parameters()}

    def loss(flat: Tensor) -> Tensor:
        parts = flat.split([shape.numel() for shape in shapes.values()])
        weights = {name: part.view(shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}
        return F.cross_entropy(functional_call(network, weights, (batch.inputs,)), batch.targets)

    return loss


def one(config: Descent, seed: int) -> Figures:
    """The figures of one seed: the losses of its path, how often they rise, and the sharpness at the end."""
    from cnnbook.training.runs import data_of

    run = TrainConfig(n_train=config.examples, batch_size=config.examples, steps=1)
    data = data_of(run, [seed], stacked=False)
    data.setup()
    network = build(run.network, seed=seed)
    loss = loss_of(network, next(iter(data.train_dataloader())))
    path = descend(loss, nn.utils.parameters_to_vector(network.parameters()).detach(), config.rate, config.steps)
    with torch.no_grad():
        losses = torch.stack([loss(point) for point in path])
    curvature = sharpness(loss, path[-1], config.rounds)
    figures = {
        "rises": [float((losses[1:] > losses[:-1]).float().mean())],
        "sharpness": [curvature],
        "edge": [config.rate * curvature / 2],
    }
    return Figures(figures, {"train_loss": {step: [float(value)] for step, value in enumerate(losses)}})


def measure(config: Descent, seeds: Sequence[int], options: RunOptions, progress: Progress | None) -> Figures:
    """Descend from each seed's weights, on the CPU; where a quick try is asked for a few steps, the rest its last, and
    two rounds for the sharpness."""
    steps, rounds = (min(QUICK_STEPS, config.steps), 2) if options.quick else (config.steps, config.rounds)

    def of(seed: int) -> Figures:
        figures = one(replace(config, steps=steps, rounds=rounds), seed)
        path = figures.curves["train_loss"]
        return figures.plus({}, {"train_loss": {step: path[min(step, steps)] for step in range(config.steps + 1)}})

    return each_seed(of, seeds, options, progress)
