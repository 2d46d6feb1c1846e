r"""Schedules: plain functions of the step t (from 0) and the steps T of the run.

Each returns the share of the learning rate that the step takes, so that any of them goes into
``torch.optim.lr_scheduler.LambdaLR``.

References:
    L. N. Smith, N. Topin, "Super-convergence: very fast training of neural networks using large learning rates",
    arXiv:1708.07120 (one cycle).
    I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with warm restarts", arXiv:1608.03983 (cosine).
"""

from __future__ import annotations

import math

from cnnbook.checks import at_least_one


def constant(step: int, total: int) -> float:
    r"""The same rate all along.

    $$s(t) = 1$$

    Args:
        step: The step t, 0 ≤ t ≤ T.
        total: Steps T of the run.

    Returns:
        1.

    Raises:
        ValueError: The step is none of the run.

    Examples:
        >>> constant(3, 10)
        1.0
    """
    _done(step, total)
    return 1.0


def step_decay(step: int, total: int, factor: float = 0.1, periods: int = 3) -> float:
    r"""A smaller rate at each new period, and the same within it.

    $$\gamma^{\lfloor k\,t/T \rfloor}$$

    PyTorch's ``StepLR`` with ``step_size`` T/k.

    Args:
        step: The step t, 0 ≤ t ≤ T.
        total: Steps T of the run.
        factor: What a new period multiplies the rate by, γ.
        periods: Number k of equal periods.

    Returns:
        A share of the learning rate.

    Raises:
        ValueError: The step is none of the run, the factor not positive, or there is no period.

    Examples:
        >>> [round(step_decay(t, 6), 2) for t in range(6)]
        [1.0, 1.0, 0.1, 0.1, 0.01, 0.01]
    """
    _done(step, total)
    positive(factor=factor)
    at_least_one(periods=periods)
    return factor ** (step * periods // total)


def exponential_decay(step: int, total: int, last: float = 0.01) -> float:
    r"""Every step multiplies the rate by the same number.

    $$\ell^{\,t/T}$$

    PyTorch's ``ExponentialLR`` with ``gamma`` $\ell^{1/T}$.

    Args:
        step: The step t, 0 ≤ t ≤ T.
        total: Steps T of the run.
        last: The share ℓ after the last step.

    Returns:
        A share of the learning rate.

    Raises:
        ValueError: The step is none of the run, or the last share not positive.

    Examples:
        >>> [round(exponential_decay(t, 4), 3) for t in range(5)]
        [1.0, 0.316, 0.1, 0.032, 0.01]
    """
    done = _done(step, total)
    positive(last=last)
    return last**done


def cosine(step: int, total: int, last: float = 0.0) -> float:
    r"""Half a wave from 1 down: slow, fast, slow.

    $$\ell + (1-\ell)\,\frac{1 + \cos(\pi t/T)}{2}$$

    PyTorch's ``CosineAnnealingLR`` with ``T_max`` T and ``eta_min`` ℓ times the rate.

    Args:
        step: The step t, 0 ≤ t ≤ T.
        total: Steps T of the run.
        last: The share ℓ after the last step.

    Returns:
        A share of the learning rate.

    Raises:
        ValueError: The step is none of the run.

    Examples:
        >>> [round(cosine(t, 4), 3) for t in range(5)]
        [1.0, 0.854, 0.5, 0.146, 0.0]
    """
    return last + (1 - last) * (1 + math.cos(math.pi * _done(step, total))) / 2


def one_cycle(step: int, total: int, rise: float = 0.3, first: float = 1 / 25, last: float = 1 / 250_000) -> float:
    r"""Half a wave up to 1, and half a wave down.

    With the top at the step $m = rT - 1$ and the end at $T - 1$, and $c(u) = (1 - \cos \pi u)/2$:

    $$f + (1-f)\,c(t/m) \text{ for } t \le m, \qquad 1 - (1-\ell)\,c\!\left(\tfrac{t-m}{T-1-m}\right) \text{ after}$$

    PyTorch's ``OneCycleLR`` with ``max_lr`` the learning rate, ``pct_start`` r, and its defaults for the rest; its
    momentum, which cycles as well by default, is left alone.

    Args:
        step: The step t, 0 ≤ t ≤ T; the last one is T − 1, and T gives the same.
        total: Steps T of the run.
        rise: Share r of the run that goes up; rT − 1 must be above 0.
        first: The share f at the start.
        last: The share ℓ at the end.

    Returns:
        A share of the highest learning rate.

    Raises:
        ValueError: The step is none of the run, or there is no step to rise or to fall in.

    Examples:
        >>> [round(one_cycle(t, 11, rise=0.2 + 0.8 / 11), 2) for t in (0, 2, 6, 10)]
        [0.04, 1.0, 0.5, 0.0]
    """
    _done(step, total)
    top, end = rise * total - 1, total - 1
    if not 0 < top < end:
        raise ValueError(f"rise · total − 1 must be between 0 and {end}, got rise={rise} with total={total}")
    step = min(step, end)
    if step <= top:
        return first + (1 - first) * (1 - math.cos(math.pi * step / top)) / 2
    return 1 - (1 - last) * (1 - math.cos(math.pi * (step - top) / (end - top))) / 2


def _done(step: int, total: int) -> float:
    """The share of the run that is behind, once it is a step of the run."""
    if total < 1 or not 0 <= step <= total:
        raise ValueError(f"a step must be in 0…total, and total at least 1, got step={step} with total={total}")
    return step / total


def positive(**numbers: float) -> None:
    """Refuse a number that is not above zero and finite."""
    for name, value in numbers.items():
        if not (value > 0 and math.isfinite(value)):
            raise ValueError(f"{name} must be positive and finite, got {name}={value}")
