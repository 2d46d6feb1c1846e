r"""Weight decay, coupled with the gradient or decoupled from it: one step of SGD and of Adam, written out.

============  ==================================================  ======================================
              coupled: an L2 penalty                              decoupled: weight decay
============  ==================================================  ======================================
where         λw is added to the gradient                         w is multiplied by 1 − ηλ
SGD           ``torch.optim.SGD(weight_decay=λ)``                 the same, while there is no momentum
Adam          ``torch.optim.Adam(weight_decay=λ)``                ``torch.optim.AdamW(weight_decay=λ)``
============  ==================================================  ======================================

Steps are pure functions: they return the new weight and the new state, and change nothing. The rate is η, the decay λ.

References:
    S. J. Hanson, L. Y. Pratt, "Comparing biases for minimal network construction with back-propagation", NeurIPS 1988.
    D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization", arXiv:1412.6980.
    I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", arXiv:1711.05101.
    T. van Laarhoven, "L2 regularization versus batch and weight normalization", arXiv:1706.05350.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from torch import Tensor

from cnnbook.precision import single


def sgd_step(
    weight: Tensor,
    gradient: Tensor,
    velocity: Tensor | None = None,
    *,
    rate: float,
    decay: float = 0.0,
    momentum: float = 0.0,
    decoupled: bool = False,
) -> tuple[Tensor, Tensor]:
    r"""One step of SGD with momentum μ, as ``torch.optim.SGD`` takes it; or with the decay decoupled.

    $$\text{coupled:}\quad v \leftarrow \mu v + (g + \lambda w),\quad w \leftarrow w - \eta v$$

    $$\text{decoupled:}\quad v \leftarrow \mu v + g,\quad w \leftarrow (1 - \eta\lambda)\, w - \eta v$$

    Args:
        weight: w, of any shape.
        gradient: g, of the same shape.
        velocity: v after the step before; None before the first.
        rate: Learning rate η.
        decay: λ.
        momentum: μ.
        decoupled: The decay apart from the gradient.

    Returns:
        The new weight and the new velocity.

    Raises:
        ValueError: A number is out of its range, or the shapes differ.

    Examples:
        >>> import torch
        >>> w, g = torch.tensor([2.0]), torch.tensor([1.0])
        >>> [round(float(sgd_step(w, g, rate=0.1, decay=0.1, decoupled=d)[0]), 4) for d in (False, True)]
        [1.88, 1.88]
    """
    _check(weight, gradient, rate, decay, momentum=momentum)
    _check_state(weight, velocity=velocity)
    pull = gradient if decoupled else gradient + decay * weight
    velocity = pull if velocity is None else momentum * velocity + pull
    kept = (1 - rate * decay) * weight if decoupled else weight
    return kept - rate * velocity, velocity


class AdamState(NamedTuple):
    """What Adam remembers: how many steps it took, and running means of the gradient and of its square."""

    steps: int
    mean: Tensor
    square: Tensor


def adam_step(
    weight: Tensor,
    gradient: Tensor,
    state: AdamState | None = None,
    *,
    rate: float,
    decay: float = 0.0,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    decoupled: bool = False,
) -> tuple[Tensor, AdamState]:
    r"""One step of ``torch.optim.Adam``; with the decay decoupled, of ``torch.optim.AdamW``.

    With $u = g + \lambda w$ where the decay is coupled, $u = g$ where it is not:

    $$m \leftarrow \beta_1 m + (1-\beta_1)\, u,\quad s \leftarrow \beta_2 s + (1-\beta_2)\, u^2$$

    $$w \leftarrow (1 - \eta\lambda')\, w - \eta\,
    \frac{m / (1-\beta_1^t)}{\sqrt{s / (1-\beta_2^t)} + \epsilon}$$

    where λ′ is λ if the decay is decoupled, and 0 if it is coupled.

    Args:
        weight: w, of any shape.
        gradient: g, of the same shape.
        state: As the step before returned it; None before the first.
        rate: Learning rate η.
        decay: λ.
        betas: How much of the two running means is kept at each step.
        eps: ε.
        decoupled: The decay apart from the gradient.

    Returns:
        The new weight and the new state.

    Raises:
        ValueError: A number is out of its range, or the shapes differ.

    Examples:
        >>> import torch
        >>> w, g = torch.tensor([2.0]), torch.tensor([1.0])
        >>> [round(float(adam_step(w, g, rate=0.1, decay=0.1, decoupled=d)[0]), 4) for d in (False, True)]
        [1.9, 1.88]
    """
    _check(weight, gradient, rate, decay, beta1=betas[0], beta2=betas[1])
    _check_state(weight, mean=state and state.mean, square=state and state.square)
    if not 0 <= eps < math.inf:
        raise ValueError(f"eps must be at least 0 and finite, got eps={eps}")
    pull = gradient if decoupled else gradient + decay * weight
    steps, mean, square = state or AdamState(0, pull * 0, pull * 0)
    steps, mean = steps + 1, betas[0] * mean + (1 - betas[0]) * pull
    square = betas[1] * square + (1 - betas[1]) * pull**2
    unbiased_mean, unbiased_square = mean / (1 - betas[0] ** steps), square / (1 - betas[1] ** steps)
    kept = (1 - rate * decay) * weight if decoupled else weight
    return kept - rate * unbiased_mean / (unbiased_square.sqrt() + eps), AdamState(steps, mean, square)


def share_left(rate: float, decay: float, steps: int) -> float:
    r"""What is left of a weight that feels the decoupled decay alone: nothing else says how strong a decay is.

    $$(1 - \eta\lambda)^{T}$$

    Args:
        rate: Learning rate η.
        decay: λ, so that ηλ is 1 at most.
        steps: T, 0 or more.

    Returns:
        A share, 0…1.

    Raises:
        ValueError: A number is out of its range.

    Examples:
        >>> [round(share_left(rate=0.002, decay=decay, steps=1000), 3) for decay in (0.001, 0.1, 1.0)]
        [0.998, 0.819, 0.135]
    """
    _check_numbers(rate, decay)
    if rate * decay > 1:
        raise ValueError(f"rate times decay must be at most 1, got {rate} · {decay} = {rate * decay:g}")
    if steps < 0:
        raise ValueError(f"steps must be at least 0, got steps={steps}")
    return (1 - rate * decay) ** steps


def effective_rate(filters: Tensor, rate: float) -> Tensor:
    r"""The rate at which SGD turns filters whose scale does not matter, as before batch normalisation.

    $$\eta_{\text{eff}} = \frac{\eta}{\lVert w \rVert^2}$$

    A filter c times as long has a gradient 1/c times as large: with the rate c² η it turns by the same angle. Decay
    shortens the filter, and so raises this rate (van Laarhoven). Under Adam, whose steps do not depend on the size of
    the gradient, it is η / ‖w‖ instead.

    Args:
        filters: ``(C_out, …)``, one filter a row.
        rate: Learning rate η.

    Returns:
        ``(C_out,)``.

    Raises:
        ValueError: The rate is not positive and finite, or the filters have no axis beside their number.

    Examples:
        >>> import torch
        >>> effective_rate(torch.tensor([[1.0, 0.0], [0.0, 0.5]]), rate=0.1).tolist()
        [0.10000000149011612, 0.4000000059604645]
    """
    _check_numbers(rate, 0.0)
    if filters.ndim < 2:
        raise ValueError(f"filters must be (filters, …), two axes at least, got shape {tuple(filters.shape)}")
    return (rate / single(filters).flatten(1).square().sum(1)).to(filters.dtype)


def weight_norms(parameters: Mapping[str, Tensor]) -> dict[str, float]:
    r"""Length of all weights, and of the convolutions' filters alone.

    $$\lVert w \rVert = \sqrt{\sum w^2}$$

    Args:
        parameters: Tensors by name. Weights have two axes or more, filters three or more; the rest is left out.

    Returns:
        ``weight_norm`` and ``filter_norm``.

    Raises:
        AttributeError: A value is no tensor.

    Examples:
        >>> import torch
        >>> table = {"conv": torch.full((1, 1, 2, 2), 1.5), "linear": torch.ones(1, 16), "bias": torch.ones(3)}
        >>> weight_norms(table)
        {'weight_norm': 5.0, 'filter_norm': 3.0}
    """
    sums = {name: (value.ndim, float(value.detach().double().square().sum())) for name, value in parameters.items()}
    lengths = {least: math.sqrt(sum(total for axes, total in sums.values() if axes >= least)) for least in (2, 3)}
    return {"weight_norm": lengths[2], "filter_norm": lengths[3]}


def _check(weight: Tensor, gradient: Tensor, rate: float, decay: float, **shares: float) -> None:
    if weight.shape != gradient.shape:
        shapes = f"{tuple(weight.shape)} and {tuple(gradient.shape)}"
        raise ValueError(f"weight and gradient must have the same shape, got {shapes}")
    _check_numbers(rate, decay)
    for name, value in shares.items():
        if not 0 <= value < 1:
            raise ValueError(f"{name} must be at least 0 and below 1, got {name}={value}")


def _check_state(weight: Tensor, **remembered: Tensor | None) -> None:
    for name, value in remembered.items():
        if value is not None and value.shape != weight.shape:
            raise ValueError(f"{name} must have the weight's shape {tuple(weight.shape)}, got {tuple(value.shape)}")


def _check_numbers(rate: float, decay: float) -> None:
    if not 0 < rate < math.inf:
        raise ValueError(f"the learning rate must be positive and finite, got rate={rate}")
    if not 0 <= decay < math.inf:
        raise ValueError(f"the decay must be at least 0 and finite, got decay={decay}")
