r"""From effects in several settings to what a new setting may expect: a random-effects summary.

An effect that was measured in k settings differs between them for two reasons: each is measured with an error, and the
true effects differ. The model says

$$y_i = \mu + u_i + e_i,\qquad u_i \sim N(0, \tau^2),\quad e_i \sim N(0, s_i^2)$$

`heterogeneity` estimates τ, `random_effects` the mean μ and how well it is known; `new_setting` asks the reader's own
question, where the effect of one more setting will lie. That interval does not shrink to nothing with more seeds: it
shrinks to the spread τ of the settings.

References:
    R. C. Paule, J. Mandel, "Consensus values and weighting factors", J. Res. Natl. Bur. Stand. 87 (1982).
    J. Hartung, G. Knapp, "A refined method for the meta-analysis of controlled clinical trials with binary outcome",
    Statistics in Medicine 20 (2001).
    J. P. T. Higgins, S. G. Thompson, D. J. Spiegelhalter, "A re-evaluation of random-effects meta-analysis", JRSS A 172
    (2009).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

STEPS = 200  # halvings of the interval in which τ² is looked for: to the last bit


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
    low, high = 0.0, float((y - y.mean()).square().sum()) + float(variances.max())
    if _excess(y, variances, low) <= 0:
        return 0.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _excess(y, variances, middle) > 0 else (low, middle)
    return math.sqrt((low + high) / 2)


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


def new_setting(mean: float, error: float, tau: float, quantile: float) -> tuple[float, float]:
    r"""Where the true effect of a setting that was not looked at lies: the prediction interval.

    $$\hat\mu \pm q \sqrt{\tau^2 + \mathrm{SE}^2}$$

    Args:
        mean: Of `random_effects`, as ``error`` and ``tau``.
        error: Standard error of the mean.
        tau: Standard deviation of the true effects.
        quantile: q: for 95 per cent the 0.975 quantile of Student's t with k − 2 degrees of freedom (Higgins et al.).

    Returns:
        Lower and upper end.

    Raises:
        ValueError: ``error``, ``tau`` or ``quantile`` is negative.

    Examples:
        >>> new_setting(mean=1.0, error=0.3, tau=0.4, quantile=2.0)
        (0.0, 2.0)
    """
    if min(error, tau, quantile) < 0:
        raise ValueError(f"must not be negative: error={error}, tau={tau}, quantile={quantile}")
    reach = quantile * math.hypot(tau, error)
    return mean - reach, mean + reach


def _excess(y: Tensor, variances: Tensor, between: float) -> float:
    """How much more the effects differ than errors and a variance between settings explain."""
    weights = 1 / (variances + between)
    mean = (weights * y).sum() / weights.sum()
    return float((weights * (y - mean).square()).sum()) - (len(y) - 1)


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
