"""Sums of arms, ``"dropout + objective - base"``, seed by seed: what two methods give together if effects add up.

A comparison may name one where it names an arm. The difference of "both" to such a sum is their interaction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence


def terms(text: str) -> list[tuple[int, str]]:
    """Sign and arm of each term; of an arm alone, itself.

    Examples:
        >>> terms("dropout + objective - base")
        [(1, 'dropout'), (1, 'objective'), (-1, 'base')]
    """
    first, *rest = re.split(r" ([+-]) ", text)
    return [(1, first), *((-1 if sign == "-" else 1, arm) for sign, arm in zip(rest[::2], rest[1::2], strict=True))]


def summed(text: str, values: Callable[[str], Sequence[float]]) -> tuple[float, ...]:
    """One number a seed; NaN where a seed diverged in any of the arms.

    Args:
        text: an arm or a sum of arms.
        values: gives an arm's numbers, one a seed.

    Examples:
        >>> summed("a + a - b", {"a": [3.0, 4.0], "b": [1.0, 1.0]}.__getitem__)
        (5.0, 7.0)
    """
    signs, arms = zip(*terms(text), strict=True)
    seeds = zip(*map(values, arms), strict=True)
    return tuple(sum(sign * value for sign, value in zip(signs, seed, strict=True)) for seed in seeds)
