r"""Learning rates: schedules, and where gradient descent stops converging.

A schedule is a plain function of the step t (from 0) and the steps T of the run, which returns the share of the
learning rate that the step takes: any of them goes into ``torch.optim.lr_scheduler.LambdaLR``.

How large a rate may be is not said by the rate. Along a direction of curvature λ, a step of gradient descent multiplies
the distance from the minimum by 1 − ηλ: it goes straight there for η < 1/λ, overshoots and swings for 1/λ < η < 2/λ,
and flies off beyond 2/λ. The curvature grows with the units of the loss, and the bound shrinks with them.

References:
    L. N. Smith, N. Topin, "Super-convergence: very fast training of neural networks using large learning rates",
    arXiv:1708.07120 (one cycle).
    I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with warm restarts", arXiv:1608.03983 (cosine).
    Y. LeCun, P. Simard, B. Pearlmutter, "Automatic learning rate maximization by on-line estimation of the Hessian's
    eigenvectors", NIPS 1992 (2/λ, and λ by power iteration).
    J. Cohen et al., "Gradient descent on neural networks typically occurs at the edge of stability", arXiv:2103.00065.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.func import grad

from cnnbook.checks import at_least_one
from cnnbook.parameters._schedules import constant, cosine, exponential_decay, one_cycle, positive, step_decay

__all__ = [
    "constant",
    "contraction",
    "cosine",
    "descend",
    "exponential_decay",
    "one_cycle",
    "sharpness",
    "step_decay",
]


def contraction(rate: float, curvature: float) -> float:
    r"""What a step of gradient descent multiplies the distance from the minimum of a quadratic loss by.

    $$w - \eta\,\lambda\,w = (1 - \eta\lambda)\,w, \qquad L(w) = \tfrac{1}{2}\lambda w^2$$

    Below 0 the step overshoots; at −1 and below the descent no longer converges.

    Args:
        rate: Learning rate η.
        curvature: Second derivative λ of the loss, above 0.

    Returns:
        A number below 1.

    Raises:
        ValueError: One of them is not positive.

    Examples:
        >>> [contraction(rate, curvature=4.0) for rate in (0.125, 0.25, 0.375, 0.5, 0.75)]
        [0.5, 0.0, -0.5, -1.0, -2.0]
    """
    positive(rate=rate, curvature=curvature)
    return 1 - rate * curvature


def descend(loss: Callable[[Tensor], Tensor], start: Tensor, rate: float, steps: int) -> Tensor:
    r"""The path of gradient descent.

    $$w_{t+1} = w_t - \eta\,\nabla L(w_t)$$

    Args:
        loss: Maps a point ``(P,)`` to one number.
        start: The point ``(P,)`` to start from, of floats.
        rate: Learning rate η.
        steps: Number of steps, 0 or more.

    Returns:
        ``(steps + 1, P)``, the start first.

    Raises:
        ValueError: The start is no vector of floats, the rate not positive, or the steps negative.

    Examples:
        >>> descend(lambda w: 2 * w.square().sum(), torch.tensor([1.0]), rate=0.375, steps=3).flatten().tolist()
        [1.0, -0.5, 0.25, -0.125]
    """
    _vector(start)
    positive(rate=rate)
    if steps < 0:
        raise ValueError(f"steps must not be negative, got steps={steps}")
    slope, path = grad(loss), [start]
    for _ in range(steps):
        path.append(path[-1] - rate * slope(path[-1]))
    return torch.stack(path)


def sharpness(loss: Callable[[Tensor], Tensor], at: Tensor, iterations: int = 50) -> float:
    r"""The curvature of the loss along its most curved direction, by power iteration.

    $$\lambda = v^\top H v, \qquad v \leftarrow \frac{H v}{\lVert H v \rVert}, \qquad H = \nabla^2 L(w)$$

    No matrix is formed: each round is one product of the Hessian with a vector, about three times the cost of a
    gradient. Of a direction of negative curvature that is larger in size, it is that one.

    Args:
        loss: Maps a point ``(P,)`` to one number, twice differentiable.
        at: The point ``(P,)``, of floats.
        iterations: Rounds of the power iteration.

    Returns:
        Its units are those of the loss.

    Raises:
        ValueError: The point is no vector of floats, or there is no round.

    Examples:
        >>> curvatures = torch.tensor([1.0, 4.0])
        >>> round(sharpness(lambda w: (curvatures * w.square()).sum() / 2, torch.zeros(2)), 4)
        4.0
    """
    _vector(at)
    at_least_one(iterations=iterations)
    generator = torch.Generator().manual_seed(0)
    v = torch.randn(at.shape, generator=generator, dtype=at.dtype).to(at.device)
    slope, v, curvature = grad(loss), v / v.norm(), at.new_zeros(())
    for _ in range(iterations):
        curved = grad(lambda w, v=v: slope(w) @ v)(at)
        curvature, size = v @ curved, curved.norm()
        if size == 0:
            return 0.0
        v = curved / size
    return float(curvature)


def _vector(point: Tensor) -> None:
    if point.ndim != 1 or not point.is_floating_point():
        raise ValueError(f"a point must be a vector of floats (P,), got {point.dtype} of shape {tuple(point.shape)}")
