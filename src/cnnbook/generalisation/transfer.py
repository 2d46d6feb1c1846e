r"""From effects in several settings to what a new setting may expect: a random-effects summary.

An effect that was measured in k settings differs between them for two reasons: each is measured with an error, and the
true effects differ. The model says

$$y_i = \mu + u_i + e_i,\qquad u_i \sim N(0, \tau^2),\quad e_i \sim N(0, s_i^2)$$

`heterogeneity` estimates τ, `random_effects` the mean μ and how well it is known; `new_setting` asks the reader's own
question, where the effect in one more setting will lie. That interval does not shrink to nothing with more seeds: the
spread τ of the settings stays, and is itself known from k settings alone.

References:
    R. C. Paule, J. Mandel, "Consensus values and weighting factors", J. Res. Natl. Bur. Stand. 87 (1982).
    J. Hartung, G. Knapp, "A refined method for the meta-analysis of controlled clinical trials with binary outcome",
    Statistics in Medicine 20 (2001).
    W. Viechtbauer, "Confidence intervals for the amount of heterogeneity in meta-analysis", Statistics in Medicine 26
    (2007).
    K. Nagashima, H. Noma, T. A. Furukawa, "Prediction intervals for random-effects meta-analysis: a confidence
    distribution approach", Statistical Methods in Medical Research 28 (2019), arXiv:1804.01054.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

HALVINGS = 40  # of the interval in which τ² is looked for
DRAWS = 10_000  # of a new setting: the ends of its interval are then right to some hundredths of its width


def heterogeneity(effects: Tensor, errors: Tensor) -> float:
    r"""The standard deviation τ of the true effects, by Paule and Mandel: the τ² at which

    $$\sum_i \frac{(y_i - \hat\mu)^2}{s_i^2 + \tau^2} = k - 1,\qquad
    \hat\mu = \frac{\sum_i y_i / (s_i^2 + \tau^2)}{\sum_i 1 / (s_i^2 + \tau^2)}$$

    and 0 where the effects differ by no more than their errors would have them.

    Args:
        effects: One a setting, ``(k,)``, k at least 2.
        errors: Their standard errors, ``(k,)``, above 0.

    Returns:
        τ, in the unit of the effects.

    Raises:
        ValueError: The shapes are not as said, or a number is not finite, or an error is not above 0.

    Examples:
        >>> heterogeneity(torch.tensor([1.0, 1.1, 0.9]), torch.tensor([0.5, 0.5, 0.5]))  # errors explain it all
        0.0
        >>> round(heterogeneity(torch.tensor([3.0, 1.0, -1.0]), torch.tensor([0.1, 0.1, 0.1])), 3)
        1.997
    """
    y, variances = _checked(effects, errors)
    return math.sqrt(float(_between(y, variances, torch.tensor([len(y) - 1.0]).double())))


def random_effects(effects: Tensor, errors: Tensor) -> tuple[float, float, float]:
    r"""The mean effect over settings, its standard error (Hartung and Knapp), and τ.

    $$\hat\mu = \frac{\sum_i w_i y_i}{\sum_i w_i},\qquad w_i = \frac{1}{s_i^2 + \tau^2},\qquad
    \mathrm{SE}^2 = \frac{\sum_i w_i (y_i - \hat\mu)^2}{(k - 1) \sum_i w_i}$$

    Args:
        effects: One a setting, ``(k,)``, k at least 2.
        errors: Their standard errors, ``(k,)``, above 0.

    Returns:
        Mean, standard error of the mean (Student's t with k − 1 degrees of freedom), τ; in the unit of the effects.

    Raises:
        ValueError: As `heterogeneity`.

    Examples:
        >>> mean, error, tau = random_effects(torch.tensor([3.0, 1.0, -1.0]), torch.tensor([0.1, 0.1, 0.1]))
        >>> round(mean, 3), round(error, 3), round(tau, 3)
        (1.0, 1.155, 1.997)
    """
    y, variances = _checked(effects, errors)
    tau = heterogeneity(effects, errors)
    weights = 1 / (variances + tau**2)
    mean = (weights * y).sum() / weights.sum()
    error = ((weights * (y - mean).square()).sum() / ((len(y) - 1) * weights.sum())).sqrt()
    return float(mean), float(error), tau


def new_setting(effects: Tensor, errors: Tensor, confidence: float = 0.95) -> tuple[float, float]:
    r"""Where the true effect in a setting that was not looked at lies: the prediction interval.

    A new setting is drawn many times, with all that is not known of it. First the spread: at the true $\tau^2$ the sum
    on the left of Paule and Mandel's equation has the distribution $\chi^2_{k-1}$, so the $\tau^2$ that solves it for a
    draw of that distribution is a draw of what $\tau^2$ may be. Then the mean, then the setting:

    $$Q(\tau^2) = X,\quad \mu = \hat\mu(\tau^2) + \frac{Z}{\sqrt{\sum_i w_i}},\quad \theta = \mu + \tau Z'$$

    Intervals that put one estimate of $\tau$ in its place (Higgins et al. 2009) are too narrow for few settings: with
    six, some 90 instead of 95 of a hundred new ones lay inside where settings differ as much as errors do.

    Args:
        effects: One a setting, ``(k,)``, k at least 2.
        errors: Their standard errors, ``(k,)``, above 0.
        confidence: Between 0 and 1.

    Returns:
        Lower and upper end, in the unit of the effects; the same at every call.

    Raises:
        ValueError: As `heterogeneity`; or ``confidence`` is not between 0 and 1.

    Examples:
        >>> low, high = new_setting(torch.tensor([3.0, 1.0, -1.0]), torch.tensor([0.1, 0.1, 0.1]))
        >>> low < -5 and 7 < high  # three settings say little of a fourth
        True
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, got {confidence}")
    y, variances = _checked(effects, errors)
    draw = torch.Generator().manual_seed(DRAWS)
    normal = torch.randn(DRAWS, len(y) + 1, generator=draw, dtype=torch.float64)
    between = _between(y, variances, normal[:, 2:].square().sum(dim=1))
    weights = 1 / (variances + between[:, None])
    mean = (weights * y).sum(dim=1) / weights.sum(dim=1) + normal[:, 0] / weights.sum(dim=1).sqrt()
    tail = (1 - confidence) / 2
    ends = torch.quantile(mean + between.sqrt() * normal[:, 1], torch.tensor([tail, 1 - tail]).double())
    return float(ends[0]), float(ends[1])


def _between(y: Tensor, variances: Tensor, wanted: Tensor) -> Tensor:
    """The τ² at which the weighted squares of the effects about their mean are as ``wanted``, ``(n,)``; at least 0."""

    def squares(between: Tensor) -> Tensor:
        weights = 1 / (variances + between[:, None])
        mean = (weights * y).sum(dim=1, keepdim=True) / weights.sum(dim=1, keepdim=True)
        return (weights * (y - mean).square()).sum(dim=1)

    low = torch.zeros_like(wanted)
    high = (y - y.mean()).square().sum() / wanted  # there even weights of 1/τ² give no more than is wanted
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        more = squares(middle) > wanted
        low, high = torch.where(more, middle, low), torch.where(more, high, middle)
    return torch.where(squares(torch.zeros_like(wanted)) > wanted, (low + high) / 2, 0.0)


def _checked(effects: Tensor, errors: Tensor) -> tuple[Tensor, Tensor]:
    """Effects and variances in float64."""
    if effects.ndim != 1 or effects.shape != errors.shape or len(effects) < 2:
        raise ValueError(
            "effects and errors must be of one shape (k,), k at least 2, "
            f"got {tuple(effects.shape)} and {tuple(errors.shape)}"
        )
    y, s = effects.double(), errors.double()
    if not (torch.isfinite(y).all() and torch.isfinite(s).all() and (s > 0).all()):
        raise ValueError(f"effects must be finite and errors above 0, got {effects.tolist()} and {errors.tolist()}")
    return y, s.square()
