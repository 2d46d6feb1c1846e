r"""Two methods on one baseline: what each adds, what both add, and whether the effects add up.

Four runs make a 2×2 factorial: neither method, the first, the second, both.

=============  ==============================  ==========================================
function       by hand                         what it says
=============  ==============================  ==========================================
`main_effect`  ((f − n) + (b − s)) / 2         what the first gives, on average over the second
`interaction`  (b − s) − (f − n)               how much more it gives where the second is in use
`additive`     f + s − n                       what both would give if effects added up
=============  ==============================  ==========================================

All work seed by seed and element by element: give them the figures of one seed, of ten, or of a table of methods.

References:
    D. C. Montgomery, *Design and Analysis of Experiments*, ch. 5–6 (factorial designs).
    R. A. Fisher, *The Design of Experiments*, 1935, ch. VI (why to vary several things at once).
    Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995).
"""

from __future__ import annotations

import torch
from torch import Tensor


def main_effect(neither: Tensor, first: Tensor, second: Tensor, both: Tensor) -> Tensor:
    r"""What the first method changes, on average over runs without and with the second.

    $$\tfrac12\big[(y_f - y_n) + (y_b - y_s)\big]$$

    Args:
        neither: Figures $y_n$ of the baseline, any shape, one seed to an element.
        first: Figures $y_f$ with the first method alone.
        second: Figures $y_s$ with the second alone.
        both: Figures $y_b$ with both.

    Returns:
        The effect, in the unit of the figures, of their shape.

    Raises:
        ValueError: The shapes differ.

    Examples:
        >>> n, f, s, b = torch.tensor([[70.0], [73.0], [71.0], [76.0]])
        >>> main_effect(n, f, s, b).tolist()  # 3 without the second, 5 with it
        [4.0]
    """
    _same_shape(neither, first, second, both)
    return ((first - neither) + (both - second)) / 2


def interaction(neither: Tensor, first: Tensor, second: Tensor, both: Tensor) -> Tensor:
    r"""How much more the first method changes where the second is in use: a difference of differences.

    $$(y_b - y_s) - (y_f - y_n)$$

    Zero where the effects add up; of the sign of the effects where each helps the other. Both methods can be exchanged.
    Some books, Montgomery among them, halve it, so that it is measured as main effects are.

    Args:
        neither: Figures $y_n$ of the baseline, any shape, one seed to an element.
        first: Figures $y_f$ with the first method alone.
        second: Figures $y_s$ with the second alone.
        both: Figures $y_b$ with both.

    Returns:
        The interaction, in the unit of the figures, of their shape.

    Raises:
        ValueError: The shapes differ.

    Examples:
        >>> n, f, s, b = torch.tensor([[70.0], [73.0], [71.0], [76.0]])
        >>> interaction(n, f, s, b).tolist()  # 5 − 3
        [2.0]
    """
    _same_shape(neither, first, second, both)
    return (both - second) - (first - neither)


def additive(neither: Tensor, *alone: Tensor) -> Tensor:
    r"""What several methods would give together if their effects added up.

    $$y_n + \sum_i (y_i - y_n)$$

    Args:
        neither: Figures $y_n$ of the baseline, any shape, one seed to an element.
        alone: Figures $y_i$ with one method each.

    Returns:
        The foretold figures, of the same shape.

    Raises:
        ValueError: The shapes differ, or no method is given.

    Examples:
        >>> n, f, s = torch.tensor([[70.0], [73.0], [71.0]])
        >>> additive(n, f, s).tolist()
        [74.0]
    """
    if not alone:
        raise ValueError("at least one method must be given, got none")
    _same_shape(neither, *alone)
    return neither + torch.stack([one - neither for one in alone]).sum(0)


def interactions(neither: Tensor, alone: Tensor, pairs: Tensor) -> Tensor:
    r"""All interactions of m methods at once, from the baseline, each alone, and every pair.

    $$I_{ij} = y_{ij} - y_i - y_j + y_n$$

    Args:
        neither: Figures of the baseline, ``(…)``.
        alone: With one method each, ``(m, …)``.
        pairs: With two, ``(m, m, …)``; what stands on the diagonal is not looked at.

    Returns:
        ``(m, m, …)``, zero on the diagonal.

    Raises:
        ValueError: The shapes do not fit.

    Examples:
        >>> alone = torch.tensor([[73.0], [71.0]])
        >>> pairs = torch.tensor([[[0.0], [76.0]], [[76.0], [0.0]]])
        >>> interactions(torch.tensor([70.0]), alone, pairs)[..., 0].tolist()
        [[0.0, 2.0], [2.0, 0.0]]
    """
    methods = len(alone) if alone.ndim else 0
    wanted = (methods, *neither.shape), (methods, methods, *neither.shape)
    if methods < 2 or (tuple(alone.shape), tuple(pairs.shape)) != wanted:
        raise ValueError(
            "alone must have the shape (m, …) and pairs (m, m, …) with m at least 2 and … that of neither, "
            f"got {tuple(alone.shape)} and {tuple(pairs.shape)} with {tuple(neither.shape)}"
        )
    found = pairs - alone[:, None] - alone[None] + neither
    diagonal = torch.eye(methods, dtype=torch.bool).reshape(methods, methods, *(1,) * neither.ndim)
    return found.masked_fill(diagonal.to(found.device), 0)


def _same_shape(*figures: Tensor) -> None:
    shapes = [tuple(one.shape) for one in figures]
    if len(set(shapes)) != 1:
        raise ValueError(f"figures must have one shape, a seed to an element, got {shapes}")
