r"""Weight penalties: L1, L2, both together, and the two ways that act on the weights themselves.

==================  =======================================================  ===============================
function            what it asks for                                         where it acts
==================  =======================================================  ===============================
`l2_penalty`        small weights                                            a term of the loss
`l1_penalty`        few large weights                                        a term of the loss
`elastic_penalty`   both                                                     a term of the loss
`soft_threshold`    zeros (what the L1 penalty asks for, done exactly)       the weights, after each step
`max_norm`          no filter and no unit longer than a bound                the weights, after each step
==================  =======================================================  ===============================

All take a table of parameters by name, ``dict(network.named_parameters())``. They act on weights alone, that is on
tensors of two axes or more: biases and the parameters of normalisation layers, of one axis, are left as they are.

References:
    A. Krogh, J. A. Hertz, "A simple weight decay can improve generalization", NeurIPS 1991.
    R. Tibshirani, "Regression shrinkage and selection via the lasso", JRSS B 58 (1996).
    H. Zou, T. Hastie, "Regularization and variable selection via the elastic net", JRSS B 67 (2005).
    N. Srebro, J. Rennie, T. Jaakkola, "Maximum-margin matrix factorization", NeurIPS 2004 (max-norm).
    N. Parikh, S. Boyd, "Proximal algorithms", Foundations and Trends in Optimization 1 (2014).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import reduce

import torch
from torch import Tensor

from cnnbook.precision import single


def weights_of(parameters: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Those of the parameters that penalties act on: of two axes or more.

    Args:
        parameters: Tensors by name.

    Returns:
        Those with two axes or more, by name.

    Raises:
        ValueError: There is none.

    Examples:
        >>> import torch
        >>> layer = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))
        >>> list(weights_of(dict(layer.named_parameters())))
        ['0.weight']
    """
    found = {name: value for name, value in parameters.items() if value.ndim >= 2}
    if not found:
        raise ValueError(f"there must be a weight of two axes or more among the parameters, got {list(parameters)}")
    return found


def l2_penalty(parameters: Mapping[str, Tensor], strength: float) -> Tensor:
    r"""$\frac{\lambda}{2} \sum w^2$, whose gradient is λw: the larger a weight, the stronger the pull.

    $$\tfrac{\lambda}{2} \sum w^2$$

    Args:
        parameters: Tensors by name.
        strength: λ, at least 0.

    Returns:
        A number, to be added to the mean loss of a batch.

    Raises:
        ValueError: λ is negative or not finite, or there are no weights.

    Examples:
        >>> import torch
        >>> float(l2_penalty({"weight": torch.tensor([[3.0, -4.0]]), "bias": torch.tensor([9.0])}, strength=0.1))
        1.25
    """
    _check_strength(strength)
    return strength / 2 * reduce(torch.add, ((single(value) ** 2).sum() for value in weights_of(parameters).values()))


def l1_penalty(parameters: Mapping[str, Tensor], strength: float) -> Tensor:
    r"""$\lambda \sum |w|$, whose gradient is λ·sign(w): the same pull on small weights as on large ones.

    $$\lambda \sum |w|$$

    Args:
        parameters: Tensors by name.
        strength: λ, at least 0.

    Returns:
        A number, to be added to the mean loss of a batch.

    Raises:
        ValueError: λ is negative or not finite, or there are no weights.

    Examples:
        >>> import torch
        >>> round(float(l1_penalty({"weight": torch.tensor([[3.0, -4.0]]), "bias": torch.tensor([9.0])}, 0.1)), 4)
        0.7
    """
    _check_strength(strength)
    return strength * reduce(torch.add, (single(value).abs().sum() for value in weights_of(parameters).values()))


def elastic_penalty(parameters: Mapping[str, Tensor], l1: float, l2: float) -> Tensor:
    r"""$\lambda_1 \sum |w| + \frac{\lambda_2}{2} \sum w^2$, the elastic net: few weights, and none of them large.

    $$\lambda_1 \sum |w| + \tfrac{\lambda_2}{2} \sum w^2$$

    Args:
        parameters: Tensors by name.
        l1: λ₁, at least 0.
        l2: λ₂, at least 0.

    Returns:
        A number, to be added to the mean loss of a batch.

    Raises:
        ValueError: A strength is negative or not finite, or there are no weights.

    Examples:
        >>> import torch
        >>> round(float(elastic_penalty({"weight": torch.tensor([[3.0, -4.0]])}, l1=0.1, l2=0.2)), 4)
        3.2
    """
    return l1_penalty(parameters, l1) + l2_penalty(parameters, l2)


def soft_threshold(weight: Tensor, threshold: float) -> Tensor:
    r"""$\operatorname{sign}(w) \max(|w| - t, 0)$: a step towards zero that stops there.

    $$S_t(w) = \operatorname{sign}(w) \max(|w| - t, 0)$$

    It is the exact answer to $\min_v \tfrac12 (v - w)^2 + t|v|$, one step of the L1 penalty with t = rate · λ. The
    gradient instead jumps back and forth across zero.

    Args:
        weight: Of any shape.
        threshold: t, at least 0.

    Returns:
        The shape of ``weight``.

    Raises:
        ValueError: The threshold is negative or not finite.

    Examples:
        >>> import torch
        >>> soft_threshold(torch.tensor([3.0, -1.0, 0.5]), threshold=1.0).tolist()
        [2.0, -0.0, 0.0]
    """
    if not 0 <= threshold < math.inf:
        raise ValueError(f"the threshold must be at least 0 and finite, got threshold={threshold}")
    return weight.sign() * (weight.abs() - threshold).clamp(min=0)


def proximal_l1(parameters: Mapping[str, Tensor], threshold: float) -> dict[str, Tensor]:
    """All weights after `soft_threshold`, to be put in their place after a step of the optimiser.

    Args:
        parameters: Tensors by name.
        threshold: The learning rate times the strength λ of the L1 penalty.

    Returns:
        The weights by name; what is no weight is not named.

    Raises:
        ValueError: As for `soft_threshold`, or there are no weights.

    Examples:
        >>> import torch
        >>> proximal_l1({"weight": torch.tensor([[3.0, 0.5]]), "bias": torch.tensor([0.5])}, threshold=1.0)
        {'weight': tensor([[2., 0.]])}
    """
    return {name: soft_threshold(value, threshold) for name, value in weights_of(parameters).items()}


def max_norm(parameters: Mapping[str, Tensor], most: float) -> dict[str, Tensor]:
    r"""No filter of a convolution and no row of a matrix longer than a bound; those within it are left alone.

    $$w_o \leftarrow w_o \cdot \min\left(1, \frac{c}{\lVert w_o \rVert_2}\right)$$

    where $w_o$ is all that flows into output o.

    Args:
        parameters: Tensors by name, the outputs on their first axis.
        most: The bound c, above 0.

    Returns:
        The weights by name; what is no weight is not named.

    Raises:
        ValueError: The bound is not positive and finite, or there are no weights.

    Examples:
        >>> import torch
        >>> max_norm({"weight": torch.tensor([[6.0, 8.0], [0.3, 0.4]])}, most=5.0)["weight"].tolist()
        [[3.0, 4.0], [0.30000001192092896, 0.4000000059604645]]
    """
    if not 0 < most < math.inf:
        raise ValueError(f"the bound must be positive and finite, got most={most}")
    shrunk = {}
    for name, value in weights_of(parameters).items():
        whole = single(value)
        norm = whole.flatten(1).norm(dim=1).reshape(-1, *[1] * (value.ndim - 1))
        shrunk[name] = (whole * (most / norm.clamp(min=1e-30)).clamp(max=1)).to(value.dtype)
    return shrunk


def sparsity(parameters: Mapping[str, Tensor]) -> dict[str, float]:
    r"""How many weights are zero, or as good as, and how long all are together.

    $$\frac{\#\{w = 0\}}{\#w},\qquad \frac{\#\{|w| \le 10^{-3} \max |w|\}}{\#w},\qquad \sqrt{\textstyle\sum w^2}$$

    Args:
        parameters: Tensors by name; those of one axis or none do not count.

    Returns:
        ``zero_weights``, the share that is exactly zero; ``small_weights``, the share of at most a thousandth of the
        largest weight of its tensor, zeros among them; ``weight_norm``, the L2 norm of all weights.

    Raises:
        ValueError: There are no weights.

    Examples:
        >>> import torch
        >>> {k: round(v, 4) for k, v in sparsity({"weight": torch.tensor([[4.0, 3.0, 1e-3, 0.0]])}).items()}
        {'zero_weights': 0.25, 'small_weights': 0.5, 'weight_norm': 5.0}
    """
    weights = {name: value.detach() for name, value in weights_of(parameters).items()}
    count = sum(value.numel() for value in weights.values())
    zero = sum(int((value == 0).sum()) for value in weights.values())
    small = sum(int((value.abs() <= 1e-3 * value.abs().max()).sum()) for value in weights.values())
    norm = math.sqrt(sum(float((value.double() ** 2).sum()) for value in weights.values()))
    return {"zero_weights": zero / count, "small_weights": small / count, "weight_norm": norm}


def _check_strength(strength: float) -> None:
    if not 0 <= strength < math.inf:
        raise ValueError(f"the strength must be at least 0 and finite, got strength={strength}")
