r"""How the error falls with the number of training examples: nested training sets, and the power law.

Plotted on two logarithmic axes, the test error of a network against the number of its training examples is, over a wide
range, nearly a straight line: a power law. Its slope says what more data is worth: with an exponent of 1/2 four times
the data halve the error, with 1/4 it takes sixteen times. Such a line is drawn through measured points; how far it goes
on beyond them nobody knows.

References:
    C. Cortes et al., "Learning curves: asymptotic values and rate of convergence", NIPS 1993.
    J. Hestness et al., "Deep learning scaling is predictable, empirically", arXiv:1712.00409.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from cnnbook.checks import Labels, as_labels


def nested_order(labels: Labels, generator: torch.Generator | None = None) -> Tensor:
    r"""An order of the examples in which every beginning is balanced.

    $$\bigl|\,\#\{t < n : y_{o(t)} = c\} - \#\{t < n : y_{o(t)} = c'\}\,\bigr| \le 1$$

    for all n, and all classes c and c' that have examples left.

    The first n places of it are a training set of n examples, classes as equal in number as can be, and each smaller
    set is part of every larger one: what a learning curve should be measured with, so that its points differ in the
    number of examples and not in their luck.

    Args:
        labels: Whole numbers ``(N,)`` from 0: a tensor, an array or a list.
        generator: Draws the order within each class; torch's own if it is None.

    Returns:
        Positions ``int64 (N,)``, each once. Where a class has run out, the others go on.

    Raises:
        ValueError: The labels are no whole numbers ``(N,)`` from 0, or there are none.

    Examples:
        >>> labels = torch.tensor([0, 0, 0, 0, 1, 1, 2, 2])
        >>> order = nested_order(labels, torch.Generator().manual_seed(0))
        >>> [labels[order][:n].bincount(minlength=3).tolist() for n in (3, 6, 8)]
        [[1, 1, 1], [2, 2, 2], [4, 2, 2]]
    """
    labels = as_labels(labels)
    shuffled = torch.randperm(len(labels), generator=generator)
    by_class = shuffled[torch.sort(labels[shuffled], stable=True).indices]
    starts = labels.bincount().cumsum(0) - labels.bincount()
    rank = torch.arange(len(labels)) - starts[labels[by_class]]  # first of its class, second of its class, …
    return by_class[torch.sort(rank, stable=True).indices]


class PowerLaw(NamedTuple):
    r"""A learning curve $\varepsilon(n) = a\,n^{-b} + c$.

    Attributes:
        scale: a, in the unit of the error.
        exponent: b; the slope on logarithmic axes is −b.
        floor: c, an error that no amount of data removes.
        standard_error: Of the exponent, 0 where the points lie on the line; NaN where there are only two.

    Examples:
        >>> law = PowerLaw(scale=2.0, exponent=0.5)
        >>> law.error(400), round(law.examples(0.05))
        (0.1, 1600)
    """

    scale: float
    exponent: float
    floor: float = 0.0
    standard_error: float = math.nan

    def error(self, examples: float) -> float:
        """The error that the law gives for a number of examples.

        Raises:
            ValueError: The number is not above 0.
        """
        if not examples > 0:
            raise ValueError(f"examples must be more than 0, got {examples}")
        return self.scale * examples**-self.exponent + self.floor

    def examples(self, error: float) -> float:
        """The number of examples at which the law reaches an error.

        Raises:
            ValueError: The error is not above the floor, or does not fall with the number of examples.
        """
        if error <= self.floor or self.exponent <= 0:
            raise ValueError(
                f"an error must be above the floor {self.floor} and the exponent positive, "
                f"got error={error}, exponent={self.exponent}"
            )
        return ((error - self.floor) / self.scale) ** (-1 / self.exponent)


def fit_power_law(examples: Sequence[float], errors: Sequence[float], floor: float = 0.0) -> PowerLaw:
    r"""The power law through a learning curve: a straight line, by least squares, on logarithmic axes.

    $$\log(\varepsilon - c) = \log a - b \log n$$

    Args:
        examples: Numbers of training examples n, above 0, two different ones at least.
        errors: Test error ε at each, above the floor.
        floor: The error c that remains with endless data; it has to be known, and is 0 where nobody knows it.

    Returns:
        The law, with the standard error of its exponent.

    Raises:
        ValueError: The two differ in number, there are too few points, or a number has no logarithm.

    Examples:
        >>> law = fit_power_law([100, 400, 1600], [0.4, 0.2, 0.1])  # four times the examples, half the error
        >>> round(law.scale, 6), round(law.exponent, 6)
        (4.0, 0.5)
    """
    x, y = (torch.as_tensor(values, dtype=torch.float64) for values in (examples, errors))
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"each number of examples must have one error, got shapes {tuple(x.shape)}, {tuple(y.shape)}")
    if len(x.unique()) < 2:
        raise ValueError(f"a line must have two different numbers of examples at least, got {x.tolist()}")
    if not bool((x > 0).all() and (y > floor).all() and torch.isfinite(x).all() and torch.isfinite(y).all()):
        raise ValueError(
            f"numbers of examples must be above 0 and errors above the floor {floor}, all finite, "
            f"got {x.tolist()} and {y.tolist()}"
        )
    x, y = x.log(), (y - floor).log()
    centred = x - x.mean()
    slope = (centred * y).sum() / centred.square().sum()
    rest = y - y.mean() - slope * centred
    spread = rest.square().sum() / (len(x) - 2) if len(x) > 2 else torch.tensor(math.nan)
    return PowerLaw(
        scale=float((y.mean() - slope * x.mean()).exp()),
        exponent=-float(slope),
        floor=float(floor),
        standard_error=float((spread / centred.square().sum()).sqrt()),
    )
