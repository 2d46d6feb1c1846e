"""Numbers of other distributions from uniform ones, without a loop that depends on the data."""

from __future__ import annotations

import math

import torch
from torch import Tensor

TRIES = 24  # pairs for one number of the distribution Beta


def beta(first: Tensor, second: Tensor, alpha: float) -> Tensor:
    r"""Numbers from the distribution Beta(α, α), α > 0, from uniform ones.

    For α ≤ 1 by Jöhnk's method: of pairs $u^{1/\alpha}, v^{1/\alpha}$ the first whose sum is at most 1 is taken; its
    share $x / (x + y)$ is the number. At least half of all pairs serve, so that with 24 of them one in 16 million
    numbers is not quite so distributed; no loop depends on the data, as a GPU and ``torch.func.vmap`` want it.

    For α > 1 ever fewer pairs would. One is enough for Ulrich's polar method (in fact for α > 1/2):

    $$\lambda = \tfrac12 + \tfrac12 \sqrt{1 - u^{2/(2\alpha - 1)}}\, \cos 2\pi v$$

    Args:
        first: Uniform in [0, 1), ``(N, tries)``.
        second: The same.
        alpha: Small values give numbers near 0 and 1, 1 gives uniform ones, large ones give numbers near 1/2.

    Returns:
        ``(N,)``.

    References:
        L. Devroye, "Non-uniform random variate generation", Springer 1986, section IX.3.5 (Jöhnk) and
        chapter IX.4 (Ulrich).
    """
    if alpha > 1:
        radius = torch.sqrt(-torch.expm1(torch.log1p(-first[:, 0]) * (2 / (2 * alpha - 1))))
        return 0.5 + 0.5 * radius * torch.cos(2 * math.pi * second[:, 0])
    x, y = (torch.log1p(-u) / alpha for u in (first, second))  # logarithms: a power would underflow
    serves = (x.exp() + y.exp() <= 1).to(torch.uint8).argmax(dim=1, keepdim=True)  # the first that does
    return torch.sigmoid(x - y).gather(1, serves).squeeze(1)


def normal(first: Tensor, second: Tensor) -> Tensor:
    """Normally distributed numbers from uniform ones in [0, 1), by Box and Muller."""
    return torch.sqrt(-2 * torch.log1p(-first)) * torch.cos(2 * math.pi * second)
