r"""What a batch size costs and buys: the noise scale measured from two batches, and the price in steps and in examples.

How noisy the gradient of a batch is, exactly, stands in `cnnbook.generalisation.batch_size`. There every example's own
gradient is at hand; a real training run has only the gradients of whole batches. Their lengths are enough: a batch's
gradient is longer than the true one by its noise, and that share is smaller in a larger batch.

References:
    S. McCandlish et al., "An empirical model of large-batch training", arXiv:1812.06162 (appendix A.1 and section 2).
"""

from __future__ import annotations

import math

from cnnbook.checks import at_least_one


def noise_and_signal(small: float, large: float, small_batch: int, large_batch: int) -> tuple[float, float]:
    r"""Noise and signal of the gradient, from the squared lengths of two batches' gradients.

    $$\operatorname{tr}\Sigma = \frac{\lVert g_b\rVert^2 - \lVert g_B\rVert^2}{1/b - 1/B} \qquad
    \lVert g\rVert^2 = \frac{B\,\lVert g_B\rVert^2 - b\,\lVert g_b\rVert^2}{B - b}$$

    Right on average where batches are drawn with replacement; a single pair may be far off, or even negative, so
    average each of the two over many steps before you divide them.

    Args:
        small: Squared length of the small batch's gradient, or its mean over several.
        large: The same of the large batch.
        small_batch: Examples b in the small batch.
        large_batch: Examples B in the large one, B > b.

    Returns:
        tr Σ, the noise of a single example, and ‖g‖², the signal; their ratio is the noise scale.

    Raises:
        ValueError: The batches are below 1 or not in order, or a length is negative.

    Examples:
        >>> noise_and_signal(small=21.5, large=15.25, small_batch=1, large_batch=2)  # of the gradients 0, 1, 2, 9
        (12.5, 9.0)
    """
    if not 1 <= small_batch < large_batch:
        raise ValueError(
            "the small batch must be at least 1 and smaller than the large one, "
            f"got small_batch={small_batch}, large_batch={large_batch}"
        )
    if not (small >= 0 and large >= 0):
        raise ValueError(f"squared lengths must not be negative, got small={small}, large={large}")
    noise = (small - large) / (1 / small_batch - 1 / large_batch)
    signal = (large_batch * large - small_batch * small) / (large_batch - small_batch)
    return noise, signal


def best_rate(largest: float, batch_size: int, noise_scale: float) -> float:
    r"""The rate at which one step lowers a quadratic loss the most, on average.

    $$\eta(B) = \frac{\eta_\infty}{1 + \mathcal{B}/B}$$

    Where the curvature is the same in all directions, $\mathcal{B}$ is the noise scale tr Σ / ‖g‖². Proportional to the
    batch as long as the batch is small against the noise scale; then it levels off.

    Args:
        largest: The best rate η∞ without noise.
        batch_size: Examples B in a batch.
        noise_scale: 𝓑, in examples.

    Returns:
        The rate, at most ``largest``.

    Raises:
        ValueError: The rate is not positive, the batch below 1, or the noise scale negative.

    Examples:
        >>> [best_rate(1.0, size, noise_scale=32.0) for size in (1, 32, 96)]
        [0.030303030303030304, 0.5, 0.75]
    """
    if not (largest > 0 and math.isfinite(largest)):
        raise ValueError(f"the largest rate must be positive and finite, got largest={largest}")
    return largest / (1 + _ratio(batch_size, noise_scale))


def price(batch_size: int, noise_scale: float) -> tuple[float, float]:
    r"""What it takes to come as far, in steps and in examples, each in units of the least possible.

    $$\frac{S}{S_{\min}} = 1 + \frac{\mathcal{B}}{B}, \qquad \frac{E}{E_{\min}} = 1 + \frac{B}{\mathcal{B}}$$

    At the noise scale both are 2: twice the steps of an endless batch, twice the examples of a batch of one.

    Args:
        batch_size: Examples B in a batch.
        noise_scale: 𝓑, in examples, above 0.

    Returns:
        Steps and examples, each at least 1.

    Raises:
        ValueError: The batch is below 1, or the noise scale not positive.

    Examples:
        >>> [price(size, noise_scale=32.0) for size in (8, 32, 128)]
        [(5.0, 1.25), (2.0, 2.0), (1.25, 5.0)]
    """
    ratio = _ratio(batch_size, noise_scale)
    if ratio == 0:
        raise ValueError(f"the noise scale must be positive, got noise_scale={noise_scale}")
    return 1 + ratio, 1 + 1 / ratio


def _ratio(batch_size: int, noise_scale: float) -> float:
    at_least_one(batch_size=batch_size)
    if not (noise_scale >= 0 and math.isfinite(noise_scale)):
        raise ValueError(f"the noise scale must not be negative, and finite, got noise_scale={noise_scale}")
    return noise_scale / batch_size
