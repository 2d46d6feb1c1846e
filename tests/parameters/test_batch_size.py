"""The noise scale from two batches, over all draws; the best rate and the price, against the loss they are about."""

import itertools
import math

import pytest
import torch

from cnnbook.generalisation.batch_size import gradient_noise, noise_scale
from cnnbook.parameters.batch_size import best_rate, noise_and_signal, price


def some_gradients(n=4, p=3, seed=0):
    return torch.randn(n, p, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) + 0.5


def mean_square(gradients, batch):
    """Mean squared length of a batch's gradient over all draws with replacement."""
    draws = itertools.product(range(len(gradients)), repeat=batch)
    lengths = [float(gradients[list(rows)].mean(0).square().sum()) for rows in draws]
    return sum(lengths) / len(lengths)


@pytest.mark.parametrize(("small", "large"), [(1, 2), (1, 4), (2, 3), (3, 4)])
def test_over_all_draws_two_batch_sizes_give_noise_and_signal_exactly(small, large):
    gradients = some_gradients()
    noise, signal = noise_and_signal(mean_square(gradients, small), mean_square(gradients, large), small, large)
    assert noise == pytest.approx(gradient_noise(gradients, 1))
    assert signal == pytest.approx(float(gradients.mean(0).square().sum()))
    assert noise / signal == pytest.approx(noise_scale(gradients))


def expected_loss(rate, gradients, batch, curvature):
    """Mean of L(w − rate · g_B) over all draws, L the quadratic with this slope and the same curvature everywhere."""
    slope, draws = gradients.mean(0), list(itertools.product(range(len(gradients)), repeat=batch))
    steps = torch.stack([-rate * gradients[list(rows)].mean(0) for rows in draws])
    return float((steps @ slope + curvature * steps.square().sum(1) / 2).mean())


@pytest.mark.parametrize("batch", [1, 2, 3, 5])
def test_no_other_rate_lowers_the_quadratic_more_on_average(batch):
    gradients, curvature = some_gradients(seed=1), 3.0
    rate = best_rate(1 / curvature, batch, noise_scale(gradients))
    least = expected_loss(rate, gradients, batch, curvature)
    assert all(least < expected_loss(rate * factor, gradients, batch, curvature) for factor in (0.5, 0.95, 1.05, 2))


@pytest.mark.parametrize("batch", [1, 2, 4])
def test_the_price_in_steps_is_what_a_step_at_its_best_rate_gains_less(batch):
    gradients, curvature = some_gradients(seed=2), 2.0
    scale = noise_scale(gradients)
    gain = -expected_loss(best_rate(1 / curvature, batch, scale), gradients, batch, curvature)
    without_noise = float(gradients.mean(0).square().sum()) / curvature / 2
    steps, examples = price(batch, scale)
    assert without_noise / gain == pytest.approx(steps)
    assert examples == pytest.approx(steps * batch / scale)


def test_by_hand():
    assert price(32, 32.0) == (2.0, 2.0)
    steps, examples = price(8, 40.0)
    assert (steps - 1) * (examples - 1) == pytest.approx(1)
    assert best_rate(0.5, 10, 0.0) == 0.5
    small_batches = [best_rate(1.0, size, 1e6) for size in (8, 32)]
    assert small_batches[1] / small_batches[0] == pytest.approx(4, rel=1e-4)  # linear scaling


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: noise_and_signal(1.0, 1.0, 2, 2), "got small_batch=2, large_batch=2"),
        (lambda: noise_and_signal(1.0, 1.0, 0, 2), "got small_batch=0, large_batch=2"),
        (lambda: noise_and_signal(math.nan, 1.0, 1, 2), "must not be negative, got small=nan"),
        (lambda: best_rate(0.0, 1, 1.0), "must be positive and finite, got largest=0.0"),
        (lambda: best_rate(1.0, 0, 1.0), "batch_size must be at least 1, got batch_size=0"),
        (lambda: price(1, -1.0), "must not be negative, and finite, got noise_scale=-1.0"),
        (lambda: price(1, 0.0), "must be positive, got noise_scale=0.0"),
    ],
)
def test_bad_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
