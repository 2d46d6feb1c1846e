"""How many batches there are in an epoch."""

from __future__ import annotations

from cnnbook.checks import at_least_one


def steps_per_epoch(examples: int, batch_size: int, drop_last: bool = False) -> int:
    r"""Steps of the optimiser in one pass over the examples.

    $$\left\lceil N / B \right\rceil, \quad\text{or}\quad \left\lfloor N / B \right\rfloor \text{ with drop\_last}$$

    Args:
        examples: Number of training examples.
        batch_size: Examples a step.
        drop_last: Leave out a last batch that is not full, as in PyTorch's DataLoader.

    Returns:
        Whole steps; 0 where the only batch is not full and is left out.

    Raises:
        ValueError: A number is below 1.

    Examples:
        >>> steps_per_epoch(1000, 32), steps_per_epoch(1000, 32, drop_last=True), steps_per_epoch(1000, 128)
        (32, 31, 8)
    """
    at_least_one(examples=examples, batch_size=batch_size)
    return examples // batch_size if drop_last else -(-examples // batch_size)
