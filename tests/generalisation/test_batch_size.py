"""Noise of the gradient, steps and rates: over every batch that can be drawn, and against the optimiser itself."""

import itertools
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader

from cnnbook.generalisation.batch_size import (
    BATCH_NORMS,
    example_gradients,
    gradient_noise,
    noise_scale,
    scaled_rate,
    steps_per_epoch,
)
from cnnbook.generalisation.dropout import Dropout

N = 5


def some_gradients(seed=0, n=N, p=3):
    return torch.randn(n, p, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) + 0.5


def squared_distance(gradients, rows):
    return float((gradients[list(rows)].mean(0) - gradients.mean(0)).square().sum())


@pytest.mark.parametrize("batch", [1, 2, 3, 4])
def test_with_replacement_the_noise_is_inverse_to_the_batch_over_all_draws(batch):
    gradients = some_gradients()
    every = [squared_distance(gradients, rows) for rows in itertools.product(range(N), repeat=batch)]
    assert gradient_noise(gradients, batch) == pytest.approx(sum(every) / len(every))
    assert gradient_noise(gradients, batch) == pytest.approx(gradient_noise(gradients, 1) / batch)


@pytest.mark.parametrize("batch", [1, 2, 3, 4, 5])
def test_without_replacement_the_noise_has_the_finite_factor_over_all_batches(batch):
    gradients = some_gradients(1)
    every = [squared_distance(gradients, rows) for rows in itertools.combinations(range(N), batch)]
    noise = gradient_noise(gradients, batch, replacement=False)
    assert noise == pytest.approx(sum(every) / len(every), abs=1e-12)
    assert noise == pytest.approx(gradient_noise(gradients, batch) * (N - batch) / (N - 1), abs=1e-12)


def test_by_hand():
    gradients = torch.tensor([[0.0, 1.0], [4.0, 1.0]])  # mean (2, 1), both 4 away in square
    assert [gradient_noise(gradients, size) for size in (1, 4)] == [4.0, 1.0]
    assert noise_scale(gradients) == pytest.approx(4 / 5)
    assert noise_scale(torch.tensor([[1.0], [-1.0]])) == math.inf
    assert gradient_noise(torch.tensor([[3.0]]), 1, replacement=False) == 0.0


def test_at_the_noise_scale_noise_and_gradient_are_of_one_size():
    gradients = some_gradients(2, n=40)
    scale = noise_scale(gradients)
    assert gradient_noise(gradients, 1) / scale == pytest.approx(float(gradients.mean(0).square().sum()))


def small_network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3)).double()


def test_each_row_is_the_gradient_of_one_example_and_the_mean_that_of_the_batch():
    network, x, y = small_network(), torch.randn(6, 1, 4, 4, dtype=torch.float64), torch.tensor([0, 1, 2, 0, 1, 2])
    rows = example_gradients(network, F.cross_entropy, x, y)
    parameters = list(network.parameters())
    assert rows.shape == (6, sum(p.numel() for p in parameters))
    for part, expected in [(slice(0, 6), rows.mean(0)), (slice(2, 3), rows[2]), (slice(1, 4), rows[1:4].mean(0))]:
        found = torch.autograd.grad(F.cross_entropy(network(x[part]), y[part]), parameters)
        torch.testing.assert_close(torch.cat([one.flatten() for one in found]), expected)
    assert all(p.grad is None for p in parameters)


def test_batches_from_torchs_loader_are_as_noisy_as_said():
    rows = some_gradients(3, n=64, p=4)
    torch.manual_seed(0)
    drawn = [
        float((batch.mean(0) - rows.mean(0)).square().sum())
        for _ in range(100)
        for batch in DataLoader(rows, batch_size=16, shuffle=True)
    ]
    assert sum(drawn) / len(drawn) == pytest.approx(gradient_noise(rows, 16, replacement=False), rel=0.15)
    assert sum(drawn) / len(drawn) < 0.9 * gradient_noise(rows, 16)


@given(st.integers(1, 200), st.integers(1, 64), st.booleans())
def test_steps_are_those_of_torchs_loader(examples, batch, drop_last):
    loader = DataLoader(range(examples), batch_size=batch, drop_last=drop_last)
    assert steps_per_epoch(examples, batch, drop_last) == len(loader)


@given(st.floats(1e-5, 10), st.integers(1, 4096), st.integers(1, 4096), st.integers(1, 4096))
def test_rates_scale_there_and_back_and_in_two_goes(rate, a, b, c):
    for rule in ("linear", "sqrt"):
        there = scaled_rate(rate, b, a, rule)
        assert scaled_rate(there, a, b, rule) == pytest.approx(rate)
        assert scaled_rate(there, c, b, rule) == pytest.approx(scaled_rate(rate, c, a, rule))
    assert scaled_rate(rate, b, a, "sqrt") ** 2 == pytest.approx(rate * scaled_rate(rate, b, a))


def quadratic(steps, rate, slope):
    w = nn.Parameter(torch.tensor(1.0, dtype=torch.float64))
    optimizer = torch.optim.SGD([w], lr=rate)
    for _ in range(steps):
        optimizer.zero_grad()
        slope(w).backward()
        optimizer.step()
    return float(w.detach())


def test_linear_scaling_is_exact_where_the_gradient_is_constant_and_an_approximation_elsewhere():
    big = scaled_rate(0.01, 128, 32)
    assert quadratic(1, big, lambda w: 3 * w) == pytest.approx(quadratic(4, 0.01, lambda w: 3 * w))
    assert quadratic(1, big, lambda w: w**2) == pytest.approx(quadratic(4, 0.01, lambda w: w**2), abs=0.005)
    assert quadratic(1, scaled_rate(0.4, 128, 32), lambda w: w**2) < -2  # too far: past the minimum and away


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: steps_per_epoch(0, 8), "examples must be at least 1, got examples=0"),
        (lambda: steps_per_epoch(8, 0), "batch_size must be at least 1, got batch_size=0"),
        (lambda: scaled_rate(0.1, 8, 0), "base_batch_size must be at least 1, got base_batch_size=0"),
        (lambda: scaled_rate(-0.1, 8, 8), "positive and finite, got rate=-0.1"),
        (lambda: scaled_rate(float("inf"), 8, 8), "positive and finite, got rate=inf"),
        (lambda: scaled_rate(0.1, 8, 8, rule="cubic"), "rule must be 'linear' or 'sqrt', got 'cubic'"),
        (lambda: gradient_noise(torch.ones(3), 1), r"must be \(N, P\), one row an example, got shape \(3,\)"),
        (lambda: gradient_noise(torch.ones(0, 2), 1), r"must be \(N, P\), one row an example, got shape \(0, 2\)"),
        (lambda: gradient_noise(torch.ones(3, 2), 4, replacement=False), "not exceed the 3 examples, got batch_size=4"),
        (
            lambda: example_gradients(nn.Linear(1, 1), F.mse_loss, torch.ones(3, 1), torch.ones(2, 1)),
            "one target, got 3 inputs and 2 targets",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    "layer", [nn.BatchNorm1d(2), nn.Dropout(0.5), Dropout(0.5)], ids=lambda one: type(one).__name__
)
def test_layers_that_tie_examples_together_must_be_in_evaluation(layer):
    network, x = nn.Sequential(nn.Linear(2, 2), layer), torch.ones(3, 2)
    with pytest.raises(ValueError, match=rf"network\.eval\(\) first, got {type(layer).__name__} in training mode"):
        example_gradients(network.train(), F.mse_loss, x, x)
    assert example_gradients(network.eval(), F.mse_loss, x, x).shape[0] == 3


def test_every_batch_normalisation_of_torch_is_known():
    assert set(BATCH_NORMS) == {layer for name, layer in vars(nn).items() if "BatchNorm" in name}


def test_the_noise_of_gradients_that_are_no_numbers_is_none():
    assert (
        math.isnan(noise_scale(torch.full((3, 2), math.nan))) and noise_scale(torch.tensor([[1.0], [-1.0]])) == math.inf
    )
