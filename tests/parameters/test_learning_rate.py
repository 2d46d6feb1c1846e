"""Schedules against PyTorch's of the same name; gradient descent against its law; what the unit of the loss does."""

import itertools
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from cnnbook.parameters.learning_rate import (
    constant,
    contraction,
    cosine,
    descend,
    exponential_decay,
    one_cycle,
    sharpness,
    step_decay,
)

SCHEDULES = (constant, step_decay, exponential_decay, cosine, one_cycle)
RATE = 0.4


def rates(make, steps, rate=RATE):
    """The rates that a scheduler of PyTorch gives so many steps."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    scheduler, found = make(optimizer), []
    for number in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if number + 1 < steps:  # OneCycleLR refuses the step after the last
            scheduler.step()
    return found


def shares(schedule, steps, **options):
    return [RATE * schedule(step, steps, **options) for step in range(steps)]


# Schedules, against torch.optim.lr_scheduler.


def test_constant_is_torchs_rate_without_a_scheduler():
    assert shares(constant, 7) == rates(lambda o: lr_scheduler.ConstantLR(o, factor=1.0), 7)


@pytest.mark.parametrize(("steps", "periods", "factor"), [(12, 3, 0.1), (12, 4, 0.5), (9, 1, 0.1), (5, 5, 0.2)])
def test_step_decay_is_torchs_step_lr(steps, periods, factor):
    expected = rates(lambda o: lr_scheduler.StepLR(o, step_size=steps // periods, gamma=factor), steps)
    assert shares(step_decay, steps, factor=factor, periods=periods) == pytest.approx(expected)


def test_where_the_periods_do_not_divide_the_run_they_are_torchs_multi_step_lr():
    expected = rates(lambda o: lr_scheduler.MultiStepLR(o, milestones=[4, 7], gamma=0.1), 10)
    assert shares(step_decay, 10) == pytest.approx(expected)


@pytest.mark.parametrize(("steps", "last"), [(10, 0.01), (7, 0.5), (1, 0.1)])
def test_exponential_decay_is_torchs_exponential_lr(steps, last):
    expected = rates(lambda o: lr_scheduler.ExponentialLR(o, gamma=last ** (1 / steps)), steps)
    assert shares(exponential_decay, steps, last=last) == pytest.approx(expected)


@pytest.mark.parametrize(("steps", "last"), [(10, 0.0), (7, 0.25), (1, 0.0)])
def test_cosine_is_torchs_cosine_annealing_lr(steps, last):
    expected = rates(lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=steps, eta_min=last * RATE), steps)
    assert shares(cosine, steps, last=last) == pytest.approx(expected)


@pytest.mark.parametrize(("steps", "rise"), [(10, 0.3), (33, 0.25), (100, 0.9)])
def test_one_cycle_is_torchs_one_cycle_lr(steps, rise):
    def make(optimizer):
        return lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=rise, cycle_momentum=False)

    assert shares(one_cycle, steps, rise=rise) == pytest.approx(rates(make, steps))


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_drives_lambda_lr_to_the_end_and_one_step_on(schedule):
    found = rates(lambda o: lr_scheduler.LambdaLR(o, lambda step: schedule(step, 20)), 20)
    assert found == pytest.approx(shares(schedule, 20))
    assert 0 <= schedule(20, 20) <= 1  # LambdaLR asks for it after the last step


def test_after_the_last_step_one_cycle_stays_where_it_is():
    assert one_cycle(20, 20) == one_cycle(19, 20) == pytest.approx(1 / 250_000)


def test_by_hand():
    assert [round(step_decay(t, 6), 3) for t in range(6)] == [1, 1, 0.1, 0.1, 0.01, 0.01]
    assert [cosine(t, 2) for t in range(3)] == pytest.approx([1, 0.5, 0], abs=1e-12)
    assert exponential_decay(1, 2, last=0.01) == pytest.approx(0.1)
    assert one_cycle(5, 20, rise=0.3) == 1  # the top, at 0.3 · 20 − 1


def test_ten_times_smaller_at_fixed_steps_is_step_decay_and_exponential_decay_only_where_it_drops():
    """The source's lr ← lr × 0.1, and exponential decay that falls as far over the run."""
    steps = [step_decay(t, 30, factor=0.1, periods=3) for t in range(31)]
    smooth = [exponential_decay(t, 30, last=0.001) for t in range(31)]
    ratios = [after / before for before, after in itertools.pairwise(smooth)]
    assert ratios == pytest.approx([ratios[0]] * 30)  # exponential: every step the same factor
    assert sorted({round(after / before, 9) for before, after in itertools.pairwise(steps)}) == [0.1, 1]
    meet = [t for t in range(31) if steps[t] == pytest.approx(smooth[t])]
    assert meet == [0, 10, 20, 30]
    assert all(steps[t] > smooth[t] for t in range(31) if t not in meet)


# The law of gradient descent on a quadratic.

positive = st.floats(1e-3, 1e3)


def quadratic(*curvatures):
    values = torch.tensor(curvatures, dtype=torch.float64)
    return lambda w: (values * w.square()).sum() / 2


@settings(max_examples=40)
@given(positive, st.floats(0.02, 2.9), positive)
def test_every_step_multiplies_the_distance_by_one_minus_rate_times_curvature(curvature, product, start):
    rate = product / curvature
    path = descend(quadratic(curvature), torch.tensor([start], dtype=torch.float64), rate, 6)[:, 0]
    expected = [start * contraction(rate, curvature) ** t for t in range(7)]
    assert path.tolist() == pytest.approx(expected, rel=1e-9, abs=1e-9 * start)


@settings(max_examples=40)
@given(st.lists(positive, min_size=1, max_size=4), st.floats(0.05, 3.0).filter(lambda c: abs(c - 2) > 0.05))
def test_descent_on_a_quadratic_converges_exactly_below_two_over_the_curvature(curvatures, product):
    """Product is the rate times the largest curvature: below 2 every direction shrinks, above 2 one grows."""
    loss, rate = quadratic(*curvatures), product / max(curvatures)
    path = descend(loss, torch.ones(len(curvatures), dtype=torch.float64), rate, 30)
    steepest = path[:, curvatures.index(max(curvatures))].abs()
    assert (steepest[-1] < steepest[0]) == (product < 2)
    shrinks = (path[1:].abs() <= path[:-1].abs() + 1e-12).all()
    assert bool(shrinks) == (product < 2)


@pytest.mark.parametrize(("product", "regime"), [(0.3, "straight"), (0.99, "straight"), (1.01, "swings"),
                                                 (1.9, "swings"), (2.1, "flies off")])  # fmt: skip
def test_between_one_and_two_over_the_curvature_it_swings_and_still_converges(product, regime):
    path = descend(quadratic(5.0), torch.ones(1, dtype=torch.float64), product / 5.0, 40)[:, 0]
    swings = bool((path[1:] * path[:-1] < 0).all())
    converges = bool(path[-1].abs() < path[0].abs())
    assert (swings, converges) == {
        "straight": (False, True), "swings": (True, True), "flies off": (True, False),
    }[regime]  # fmt: skip


def test_at_exactly_two_over_the_curvature_it_swings_for_ever():
    path = descend(quadratic(4.0), torch.ones(1), 0.5, 4)[:, 0]
    assert path.tolist() == [1, -1, 1, -1, 1]


def test_descend_is_torchs_sgd():
    loss, start = quadratic(1.0, 7.0), torch.tensor([2.0, -1.0], dtype=torch.float64)
    w = start.clone().requires_grad_()
    optimizer = torch.optim.SGD([w], lr=0.1)
    expected = [start]
    for _ in range(5):
        optimizer.zero_grad()
        loss(w).backward()
        optimizer.step()
        expected.append(w.detach().clone())
    torch.testing.assert_close(descend(loss, start, 0.1, 5), torch.stack(expected))


# Sharpness, against the eigenvalues themselves.


@pytest.mark.parametrize("seed", range(5))
def test_sharpness_is_the_largest_eigenvalue_of_the_hessian(seed):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(20, 4, generator=generator, dtype=torch.float64)
    y = torch.randn(20, generator=generator, dtype=torch.float64)

    def loss(w):
        return ((x @ w).exp() - y).square().mean() / 2 + w.square().sum()

    at = torch.randn(4, generator=generator, dtype=torch.float64) / 4
    values = torch.linalg.eigvalsh(torch.func.hessian(loss)(at))
    largest = values[values.abs().argmax()]
    assert sharpness(loss, at, iterations=100) == pytest.approx(float(largest), rel=1e-6)


def test_sharpness_finds_negative_curvature_that_is_larger_and_zero_of_a_plane():
    assert sharpness(quadratic(1.0, -3.0), torch.zeros(2, dtype=torch.float64), 60) == pytest.approx(-3)
    assert sharpness(lambda w: w.sum(), torch.zeros(3)) == 0.0


# The unit of the loss.


def trained(name, factor, rate, steps=12):
    """The weights after training on ``factor`` times the loss, by PyTorch's own optimiser."""
    generator = torch.Generator().manual_seed(3)
    x, y = torch.randn(16, 3, generator=generator).double(), torch.randint(2, (16,), generator=generator)
    weight = torch.zeros(3, 2, dtype=torch.float64, requires_grad=True)
    made = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[name]
    optimizer = made([weight], lr=rate, **({"eps": 0.0} if name == "adam" else {"momentum": 0.9}))
    for _ in range(steps):
        optimizer.zero_grad()
        (factor * torch.nn.functional.cross_entropy(x @ weight, y)).backward()
        optimizer.step()
    return weight.detach()


@pytest.mark.parametrize("factor", [1e-3, 0.1, 7.0, 1e4])
def test_the_loss_in_another_unit_takes_sgds_rate_with_it_so_that_no_bound_can_stand(factor):
    """A loss 1,000 times smaller and a rate 1,000 times larger, 300, give the same weights."""
    torch.testing.assert_close(trained("sgd", factor, 0.3 / factor), trained("sgd", 1.0, 0.3))
    assert not torch.allclose(trained("sgd", factor, 0.3), trained("sgd", 1.0, 0.3))


def test_adams_rate_does_not_follow_the_unit_of_the_loss():
    for factor in (1e-3, 1e4):
        torch.testing.assert_close(trained("adam", factor, 0.01), trained("adam", 1.0, 0.01))


# Bad input.


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize(("step", "total"), [(-1, 10), (11, 10), (0, 0)])
def test_a_step_outside_the_run_is_refused(schedule, step, total):
    with pytest.raises(ValueError, match=rf"must be in 0…total.* got step={step} with total={total}"):
        schedule(step, total)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: step_decay(0, 10, factor=0.0), "factor must be positive and finite, got factor=0.0"),
        (lambda: step_decay(0, 10, periods=0), "periods must be at least 1, got periods=0"),
        (lambda: exponential_decay(0, 10, last=-1.0), "last must be positive and finite, got last=-1.0"),
        (lambda: one_cycle(0, 2, rise=0.3), "got rise=0.3 with total=2"),
        (lambda: one_cycle(0, 10, rise=1.0), "got rise=1.0 with total=10"),
        (lambda: contraction(0.0, 1.0), "rate must be positive and finite, got rate=0.0"),
        (lambda: contraction(1.0, math.inf), "curvature must be positive and finite, got curvature=inf"),
        (lambda: descend(torch.sum, torch.zeros(2), math.nan, 1), "rate must be positive and finite, got rate=nan"),
        (lambda: descend(torch.sum, torch.zeros(2, 2), 0.1, 1), r"a point must be a vector.*shape \(2, 2\)"),
        (lambda: descend(torch.sum, torch.zeros(2), 0.1, -1), "steps must not be negative, got steps=-1"),
        (lambda: sharpness(torch.sum, torch.zeros(2, dtype=torch.int64)), "a point must be a vector of floats"),
        (lambda: sharpness(torch.sum, torch.zeros(2), iterations=0), "iterations must be at least 1"),
    ],
)
def test_bad_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
