"""Train a network whose weights come with the package: AdamW, its rate falling along a cosine."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

RATE, DECAY = 3e-3, 1e-2


def fit(network: nn.Module, batch: Callable[[], tuple[Tensor, Tensor]], steps: int, every: int = 0) -> None:
    """Lower the cross-entropy for so many steps, each on the inputs and labels that ``batch`` draws.

    Args:
        network: Is changed in place.
        batch: Called once a step.
        steps: How many.
        every: The loss is printed every so many steps; 0 for never.
    """
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for step in range(steps):
        inputs, labels = batch()
        loss = F.cross_entropy(network(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if every and step % every == 0:
            print(f"step {step:5}: loss {loss.item():.3f}", flush=True)
