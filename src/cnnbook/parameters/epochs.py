r"""Epochs against steps, and early stopping.

An epoch is one pass over the training examples; a step is one update of the weights. What the network feels are steps,
and the same number of epochs is ten times as many of them on ten times the data.

References:
    L. Prechelt, "Early stopping: but when?", in Neural Networks: Tricks of the Trade, Springer 1998.
    C. Guo et al., "On calibration of modern neural networks", arXiv:1706.04599 (likelihood worsens, accuracy does not).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from cnnbook.batching import steps_per_epoch
from cnnbook.checks import at_least_one


def steps_of(epochs: int, examples: int, batch_size: int, drop_last: bool = False) -> int:
    r"""Steps in so many epochs, as PyTorch's ``DataLoader`` counts them.

    $$T = E \left\lceil \frac{N}{B} \right\rceil$$

    Args:
        epochs: E.
        examples: Training examples N.
        batch_size: B.
        drop_last: Leave out a last batch that is not full, which rounds down instead of up.

    Returns:
        Steps T.

    Raises:
        ValueError: A number is out of its range.

    Examples:
        >>> [steps_of(10, examples, batch_size=32) for examples in (128, 1280, 1300)]
        [40, 400, 410]
    """
    if epochs < 0:
        raise ValueError(f"epochs must be at least 0, got epochs={epochs}")
    return epochs * steps_per_epoch(examples, batch_size, drop_last)


def epochs_of(steps: int, examples: int, batch_size: int) -> float:
    r"""How often each example has been seen after so many steps, $E = TB / N$ in the mean.

    $$E = \frac{T B}{N}$$

    Args:
        steps: T.
        examples: Training examples N.
        batch_size: B.

    Returns:
        Epochs E.

    Raises:
        ValueError: A number is out of its range.

    Examples:
        >>> [epochs_of(400, examples, batch_size=32) for examples in (128, 1280)]
        [100.0, 10.0]
    """
    if steps < 0:
        raise ValueError(f"steps must be at least 0, got steps={steps}")
    at_least_one(examples=examples, batch_size=batch_size)
    return steps * batch_size / examples


class Stop(NamedTuple):
    """Where early stopping came to.

    Attributes:
        best: The step whose weights are to be kept.
        last: The step at which training ended.
        stopped: Whether it was stopped there; False where the curve ended first.
    """

    best: int
    last: int
    stopped: bool


def early_stopping(curve: Mapping[int, float], patience: int = 3, min_delta: float = 0.0) -> Stop:
    r"""The step that early stopping chooses on a validation loss, and where it would have ended the training.

    $$L_k + \delta < L_b \;\Rightarrow\; b \leftarrow k, \qquad k - b \ge p \;\Rightarrow\; \text{stop}$$

    L is the loss at a check, b the best check so far, δ the least improvement and p the patience.

    Training ends once the loss has not fallen below the best so far by more than ``min_delta`` for ``patience`` checks
    in a row, or is no finite number. This is what Lightning's ``EarlyStopping`` does.

    Args:
        curve: The validation loss at the steps where it was checked, in their order.
        patience: Checks without an improvement after which training ends, at least 1. They are checks, not epochs.
        min_delta: By how much the loss must fall to count as better, at least 0.

    Returns:
        The best step, the last one, and whether training was stopped there.

    Raises:
        ValueError: The curve is empty or its steps do not rise, or a number is out of its range.

    Examples:
        >>> early_stopping({10: 1.0, 20: 0.6, 30: 0.7, 40: 0.65, 50: 0.5}, patience=2)
        Stop(best=20, last=40, stopped=True)
        >>> early_stopping({10: 1.0, 20: 0.6, 30: 0.7, 40: 0.65, 50: 0.5}, patience=3)
        Stop(best=50, last=50, stopped=False)
    """
    at_least_one(patience=patience)
    if not 0 <= min_delta < math.inf:
        raise ValueError(f"min_delta must be at least 0 and finite, got min_delta={min_delta}")
    steps = list(curve)
    if not steps or any(after <= before for before, after in pairwise(steps)):
        raise ValueError(f"a curve must have steps that rise, one at least, got {steps}")
    best, lowest, waited = steps[0], math.inf, 0
    for step, loss in curve.items():
        if not math.isfinite(loss):
            return Stop(best, step, True)
        if loss + min_delta < lowest:
            best, lowest, waited = step, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return Stop(best, step, True)
    return Stop(best, steps[-1], False)


def accuracy_error(accuracy: float, examples: int) -> float:
    r"""Standard error of an accuracy that was measured on so many examples.

    $$\sqrt{\frac{p\,(1-p)}{n}}$$

    Args:
        accuracy: p, a share.
        examples: n.

    Returns:
        A share.

    Raises:
        ValueError: A number is out of its range.

    Examples:
        >>> [round(100 * accuracy_error(0.8, examples), 1) for examples in (100, 400, 1600)]  # per cent
        [4.0, 2.0, 1.0]
    """
    if not 0 <= accuracy <= 1:
        raise ValueError(f"an accuracy must be in [0, 1], got accuracy={accuracy}")
    at_least_one(examples=examples)
    return math.sqrt(accuracy * (1 - accuracy) / examples)
