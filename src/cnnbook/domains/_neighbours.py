"""How much one neighbour says about another, by distance: of pixels their correlation, of symbols their information.

What a reader takes is in `cnnbook.domains.differences`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import Tensor


def autocorrelation(images: Tensor, distances: Iterable[int]) -> Tensor:
    r"""Correlation of pixels at a distance, along rows and columns.

    $$\rho(d) = \frac{\sum a\,b}{\sqrt{\sum a^2\,\sum b^2}},\qquad
    a = x_{n,p} - \bar x_n,\quad b = x_{n,p+d} - \bar x_n$$

    summed over all pairs at distance d in a row or in a column, each pixel about the mean of its own image: that one
    photograph is brighter than the next makes no correlation. By Cauchy and Schwarz it is in −1…1; 1 at distance 0.

    Args:
        images: ``(N, C, H, W)`` or ``(N, H, W)``.
        distances: In pixels, 0 … min(H, W) − 1.

    Returns:
        One number a distance; NaN for images without any contrast.

    Raises:
        ValueError: A distance is outside the image, or there is no image or no distance.

    Examples:
        >>> stripes = torch.tensor([0.0, 1.0]).repeat(4)[None, None].expand(1, 8, 8)
        >>> autocorrelation(stripes, [1, 2]).tolist()  # along rows −1 and 1, along columns 1
        [0.0, 1.0]
    """
    x, distances = images.flatten(0, -3).double(), list(distances)
    if not len(x) or not distances:
        raise ValueError(f"there must be an image and a distance at least, got {len(x)} and {len(distances)}")
    x = x - x.mean((1, 2), keepdim=True)
    found = []
    for d in distances:
        if not 0 <= d < min(x.shape[1:]):
            raise ValueError(f"a distance must be in 0…{min(x.shape[1:]) - 1}, got {d}")
        pairs = ((x[:, :, : x.shape[2] - d], x[:, :, d:]), (x[:, : x.shape[1] - d], x[:, d:]))
        a, b = (torch.cat([pair[side].flatten() for pair in pairs]) for side in (0, 1))
        found.append((a @ b / (a @ a * (b @ b)).sqrt()).float())
    return torch.stack(found)


def mutual_information(tokens: Tensor, distances: Iterable[int], corrected: bool = True) -> Tensor:
    r"""What a symbol says about the one at a distance, in bits.

    $$I(d) = \sum_{a,b} p_d(a,b) \log_2 \frac{p_d(a,b)}{p(a)\,p(b)} \;-\; \frac{m_{ab} - m_a - m_b + 1}{2 N \ln 2}$$

    with the frequencies p in the N pairs at distance d. Frequencies in few pairs overstate the information, the more
    the more symbols there are; the last term is the correction of Miller and Madow, where m counts the symbols, and
    pairs of symbols, that occur. It suffices only where N is well above the number of possible pairs: else compare
    with the same tokens shuffled.

    Args:
        tokens: Symbols as whole numbers ``int64 (N, L)`` or ``(L,)``: sentences, or rows of pixels.
        distances: In tokens, 1 … L − 1.
        corrected: Whether the correction is taken off; the result may then fall a little below 0.

    Returns:
        One number a distance.

    Raises:
        ValueError: The tokens are no whole numbers, or a distance leaves no pair.

    References:
        G. A. Miller, "Note on the bias of information estimates", Information Theory in Psychology, 1955.
        L. Paninski, "Estimation of entropy and mutual information", Neural Computation 15, 2003.

    Examples:
        >>> coin = torch.tensor([0, 0, 1, 1]).repeat(100)
        >>> mutual_information(coin, [1, 2], corrected=False).round(decimals=3).tolist()
        [0.0, 1.0]
    """
    if tokens.dtype != torch.int64 or tokens.dim() not in (1, 2):
        raise ValueError(f"tokens must be int64 (N, L) or (L,), got {tokens.dtype} of shape {tuple(tokens.shape)}")
    tokens = torch.atleast_2d(tokens)
    symbols, tokens = tokens.unique(return_inverse=True)
    found = []
    for d in distances:
        if not 1 <= d < tokens.shape[1]:
            raise ValueError(f"a distance must be in 1…{tokens.shape[1] - 1}, got {d}")
        first, second = tokens[:, :-d].flatten(), tokens[:, d:].flatten()
        counts = [each.unique(return_counts=True)[1] for each in (first, second, first * len(symbols) + second)]
        (a, b, both), n = (_entropy(count) for count in counts), len(first)
        information = a + b - both
        if corrected:
            m_a, m_b, m_both = map(len, counts)
            information -= (m_both - m_a - m_b + 1) / (2 * n * math.log(2))
        found.append(information)
    return torch.tensor(found)


def _entropy(counts: Tensor) -> float:
    """In bits, of the frequencies that these counts are."""
    p = counts.double() / counts.sum()
    return float(-(p * p.log2()).sum())
