"""Weight decay: single steps against torch.optim, what equals what, and what batch normalisation makes of it."""

import math

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn
from torch.func import functional_call, vmap

from cnnbook.parameters.weight_decay import AdamState, adam_step, effective_rate, sgd_step, share_left, weight_norms

F64 = torch.float64
rates, decays, momenta = st.floats(1e-3, 0.5), st.floats(1e-3, 1.0), st.floats(0.1, 0.95)
seeds = st.integers(0, 10_000)
properly = settings(derandomize=True)


def walk(step, gradients, start, rates, **options):
    """Weights after each step; the rate may change from step to step."""
    weight, state, path = start, None, []
    for gradient, rate in zip(gradients, rates, strict=True):
        weight, state = step(weight, gradient, state, rate=rate, **options)
        path.append(weight)
    return path


def drawn(seed, steps, size=5):
    """A weight and gradients."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(size, generator=generator, dtype=F64), torch.randn(steps, size, generator=generator, dtype=F64)


def torch_walk(optimizer, gradients, start, **options):
    weight = nn.Parameter(start.clone())
    made, path = optimizer([weight], **options), []
    for gradient in gradients:
        weight.grad = gradient.clone()
        made.step()
        path.append(weight.detach().clone())
    return path


TWINS = [
    (sgd_step, {"momentum": 0.0}, torch.optim.SGD, {}),
    (sgd_step, {"momentum": 0.9}, torch.optim.SGD, {"momentum": 0.9}),
    (adam_step, {}, torch.optim.Adam, {}),
    (adam_step, {"betas": (0.5, 0.9), "eps": 1e-3}, torch.optim.Adam, {"betas": (0.5, 0.9), "eps": 1e-3}),
    (adam_step, {"decoupled": True}, torch.optim.AdamW, {}),
]


@pytest.mark.parametrize("decay", [0.0, 0.3])
@pytest.mark.parametrize(("step", "ours", "optimizer", "theirs"), TWINS)
def test_each_step_is_that_of_torch(step, ours, optimizer, theirs, decay):
    start, gradients = drawn(0, 20)
    mine = walk(step, gradients, start, [0.05] * 20, decay=decay, **ours)
    wanted = torch_walk(optimizer, gradients, start, lr=0.05, weight_decay=decay, **theirs)
    for a, b in zip(mine, wanted, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-12)


def test_by_hand():
    w, g, how = torch.tensor([2.0], dtype=F64), torch.tensor([1.0], dtype=F64), {"rate": 0.1, "decay": 0.1}
    assert float(sgd_step(w, g, **how)[0]) == pytest.approx(1.88)  # 2 − 0.1 · (1 + 0.1 · 2)
    assert float(sgd_step(w, g, **how, decoupled=True)[0]) == pytest.approx(1.88)  # 0.99 · 2 − 0.1
    assert float(adam_step(w, g, **how)[0]) == pytest.approx(1.9)  # 2 − 0.1 · sign(1.2): no decay is left
    assert float(adam_step(w, g, **how, decoupled=True)[0]) == pytest.approx(1.88)  # 0.99 · 2 − 0.1 · sign(1)


def test_nothing_is_changed_in_place():
    start, gradients = drawn(1, 2)
    before = start.clone(), gradients.clone()
    for step in (sgd_step, adam_step):
        walk(step, gradients, start, [0.1, 0.1], decay=0.1)
    assert torch.equal(before[0], start) and torch.equal(before[1], gradients)


# SGD.


def equal(a, b):
    return all(torch.allclose(x, y, rtol=1e-9, atol=1e-12) for x, y in zip(a, b, strict=True))


@properly
@given(seeds, st.lists(rates, min_size=1, max_size=12), decays)
def test_without_momentum_coupled_is_decoupled_at_any_rates(seed, schedule, decay):
    start, gradients = drawn(seed, len(schedule))
    coupled = walk(sgd_step, gradients, start, schedule, decay=decay)
    assert equal(coupled, walk(sgd_step, gradients, start, schedule, decay=decay, decoupled=True))
    by_hand = start
    for gradient, rate in zip(gradients, schedule, strict=True):
        by_hand = (1 - rate * decay) * by_hand - rate * gradient  # a decay of ηλ that is not multiplied by the rate
    assert torch.allclose(coupled[-1], by_hand, rtol=1e-9, atol=1e-12)


@properly
@given(seeds, rates, decays, momenta)
def test_with_momentum_it_is_for_the_first_step_alone(seed, rate, decay, momentum):
    start, gradients = drawn(seed, 2)
    how = {"decay": decay, "momentum": momentum}
    coupled = walk(sgd_step, gradients, start, [rate] * 2, **how)
    decoupled = walk(sgd_step, gradients, start, [rate] * 2, **how, decoupled=True)
    assert equal(coupled[:1], decoupled[:1])
    torch.testing.assert_close(
        decoupled[1] - coupled[1], rate * momentum * decay * start, rtol=1e-4, atol=1e-14
    )  # what the velocity kept


@pytest.mark.parametrize("momentum", [0.5, 0.9])
def test_with_momentum_the_coupled_decay_ends_as_one_over_one_minus_momentum_as_strong(momentum):
    start, nothing, rate, decay = torch.ones(1, dtype=F64), torch.zeros(400, 1, dtype=F64), 1e-3, 0.1
    end = walk(sgd_step, nothing, start, [rate] * 400, decay=decay, momentum=momentum)[-1]
    assert 1 - float(end) == pytest.approx(1 - share_left(rate, decay / (1 - momentum), 400), rel=0.03)
    assert 1 - float(end) > 1.5 * (1 - share_left(rate, decay, 400))


# Adam.


@properly
@given(seeds, rates, decays)
def test_at_adams_first_step_the_coupled_decay_is_gone(seed, rate, decay):
    """Its step is the rate times the sign of g + λw: the decay counts only where it turns the sign."""
    weight, (gradient,) = drawn(seed, 1)
    assume(((gradient + decay * weight).abs() > 1e-3).all())
    coupled, _ = adam_step(weight, gradient, rate=rate, decay=decay, eps=0.0)
    torch.testing.assert_close(coupled, weight - rate * (gradient + decay * weight).sign())
    without, _ = adam_step(weight, gradient, rate=rate, eps=0.0)
    same = (gradient + decay * weight).sign() == gradient.sign()
    torch.testing.assert_close(coupled[same], without[same])
    decoupled, _ = adam_step(weight, gradient, rate=rate, decay=decay, eps=0.0, decoupled=True)
    torch.testing.assert_close(decoupled, without - rate * decay * weight)


@properly
@given(seeds, rates, decays, st.floats(0.01, 100))
def test_under_adam_a_coupled_decay_counts_against_the_size_of_the_gradient(seed, rate, decay, factor):
    """Gradients and decay both times c: the same path. Decoupled, the size of the gradients is nothing to the decay."""
    start, gradients = drawn(seed, 8)
    how = {"eps": 0.0}
    coupled = walk(adam_step, gradients, start, [rate] * 8, decay=decay, **how)
    assert equal(coupled, walk(adam_step, factor * gradients, start, [rate] * 8, decay=factor * decay, **how))
    decoupled = walk(adam_step, gradients, start, [rate] * 8, decay=decay, decoupled=True, **how)
    assert equal(decoupled, walk(adam_step, factor * gradients, start, [rate] * 8, decay=decay, decoupled=True, **how))


@properly
@given(st.floats(1e-4, 5e-3), st.floats(1e-3, 0.1))
def test_under_adam_no_decoupled_decay_equals_a_coupled_one(rate, decay):
    """Two equal weights, of which the loss pulls at one a hundred times as hard: coupled, they lose unequal shares."""
    start = torch.ones(2, dtype=F64)
    gradients = torch.tensor([[0.1, 10.0], [-0.1, -10.0]], dtype=F64).repeat(20, 1)
    free, coupled, decoupled = (
        walk(adam_step, gradients, start, [rate] * 40, decay=d, decoupled=apart)[-1]
        for d, apart in ((0.0, False), (decay, False), (decay, True))
    )
    lost = free - coupled
    assert lost[0] > 3 * lost[1] > 0
    torch.testing.assert_close((free - decoupled)[0], (free - decoupled)[1], rtol=1e-4, atol=0)


# What a decay of λ takes away.


@properly
@given(rates, decays)
def test_a_step_shrinks_a_weight_by_rate_times_decay(rate, decay):
    w, nothing = torch.tensor([2.0, -0.5], dtype=F64), torch.zeros(2, dtype=F64)
    for step, decoupled in ((sgd_step, False), (sgd_step, True), (adam_step, True)):
        after, _ = step(w, nothing, rate=rate, decay=decay, decoupled=decoupled)
        torch.testing.assert_close(after, share_left(rate, decay, 1) * w)


@properly
@given(rates, decays)
def test_adams_first_step_on_a_coupled_decay_alone_does_not_know_how_strong_it_is(rate, decay):
    w, nothing = torch.tensor([2.0, -0.5], dtype=F64), torch.zeros(2, dtype=F64)
    after, _ = adam_step(w, nothing, rate=rate, decay=decay, eps=0.0)
    torch.testing.assert_close(after, w - rate * w.sign())


def test_the_share_left_is_that_of_many_steps():
    start, nothing = torch.ones(1, dtype=F64), torch.zeros(50, 1, dtype=F64)
    end = walk(adam_step, nothing, start, [0.1] * 50, decay=0.3, decoupled=True)[-1]
    assert float(end) == pytest.approx(share_left(0.1, 0.3, 50))
    assert share_left(0.1, 0.0, 50) == share_left(0.1, 0.3, 0) == 1


# Batch normalisation.


def turned(factor, rate, step, decay=0.0):
    """The output of a normalised convolution after one step, its filters `factor` times as long."""
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(1, 4, 3, bias=False), nn.BatchNorm2d(4, eps=1e-30), nn.Tanh()).double()
    x, y = torch.randn(5, 1, 6, 6, dtype=F64), torch.randn(5, 4, 4, 4, dtype=F64)
    weight = (factor * network[0].weight.detach()).requires_grad_()
    loss = (functional_call(network, {"0.weight": weight}, (x,)) - y).square().sum()
    (gradient,) = torch.autograd.grad(loss, weight)
    after, _ = step(weight.detach(), gradient, rate=rate, decay=decay)
    return functional_call(network, {"0.weight": after}, (x,)), after


@pytest.mark.parametrize("factor", [0.1, 0.5, 3.0])
def test_before_batch_normalisation_a_filter_turns_at_the_rate_over_its_square(factor):
    same, short = turned(1.0, 0.01, sgd_step)[0], turned(factor, 0.01 * factor**2, sgd_step)[0]
    torch.testing.assert_close(short, same)
    assert (turned(factor, 0.01, sgd_step)[0] - same).abs().max() > 1e-3
    filters = torch.tensor([[3.0, 4.0], [0.6, 0.8]], dtype=F64)
    torch.testing.assert_close(effective_rate(factor * filters, factor**2 * 0.5), effective_rate(filters, 0.5))
    assert effective_rate(filters, 0.5).tolist() == pytest.approx([0.02, 0.5])


@pytest.mark.parametrize("factor", [0.1, 3.0])
def test_under_adam_it_is_the_rate_over_its_length(factor):
    def step(*args, **options):
        return adam_step(*args, **options, eps=0.0)

    torch.testing.assert_close(turned(factor, 0.01 * factor, step)[0], turned(1.0, 0.01, step)[0])


def test_before_batch_normalisation_a_decay_of_one_step_is_only_a_higher_rate():
    """(1 − ηλ) w − η g points where w − η/(1 − ηλ) g does: the decay is gone from the function of the next step."""
    rate, decay = 0.01, 0.5
    with_decay, shorter = turned(1.0, rate, sgd_step, decay)
    without, longer = turned(1.0, rate / (1 - rate * decay), sgd_step)
    torch.testing.assert_close(with_decay, without)
    assert shorter.norm() < longer.norm()


# Lengths.


def test_lengths_by_hand():
    table = {
        "conv": torch.full((2, 1, 1, 2), 2.0),
        "linear": torch.tensor([[3.0]]),
        "norm": torch.ones(7),
        "seen": torch.tensor(9),
    }
    assert weight_norms(table) == {"weight_norm": 5.0, "filter_norm": 4.0}


@pytest.mark.parametrize("step", [sgd_step, adam_step])
def test_under_vmap_it_is_what_it_is_alone(step):
    start, gradients = drawn(3, 4)
    together = vmap(lambda w, g: step(w, g, rate=0.1, decay=0.2)[0])(start.expand(4, 5), gradients)
    for row, gradient in zip(together, gradients, strict=True):
        torch.testing.assert_close(row, step(start, gradient, rate=0.1, decay=0.2)[0])


W = torch.ones(2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sgd_step(W, torch.ones(3), rate=0.1), r"the same shape, got \(2,\) and \(3,\)"),
        (lambda: sgd_step(W, W, rate=0.0), "positive and finite, got rate=0.0"),
        (lambda: adam_step(W, W, rate=math.inf), "positive and finite, got rate=inf"),
        (lambda: adam_step(W, W, rate=0.1, decay=-0.1), "at least 0 and finite, got decay=-0.1"),
        (lambda: sgd_step(W, W, rate=0.1, momentum=1.0), "at least 0 and below 1, got momentum=1.0"),
        (lambda: adam_step(W, W, rate=0.1, betas=(0.9, 1.5)), "at least 0 and below 1, got beta2=1.5"),
        (lambda: share_left(0.1, math.nan, 3), "at least 0 and finite, got decay=nan"),
        (lambda: share_left(2.0, 1.0, 3), r"at most 1, got 2.0 · 1.0 = 2"),
        (lambda: share_left(0.1, 0.1, -1), "at least 0, got steps=-1"),
        (lambda: effective_rate(W, rate=-1.0), "positive and finite, got rate=-1.0"),
    ],
)
def test_what_cannot_be_is_refused_with_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_what_is_remembered_has_the_shape_of_the_weight():
    weight, other = torch.ones(2), torch.ones(3, 1)
    with pytest.raises(ValueError, match=r"velocity must have the weight's shape \(2,\), got \(3, 1\)"):
        sgd_step(weight, weight, other, rate=0.1)
    with pytest.raises(ValueError, match=r"square must have the weight's shape \(2,\), got \(3, 1\)"):
        adam_step(weight, weight, AdamState(1, weight, other), rate=0.1)
    for eps in (-1.0, math.nan):
        with pytest.raises(ValueError, match="eps must be at least 0 and finite, got eps="):
            adam_step(weight, weight, rate=0.1, eps=eps)
    with pytest.raises(ValueError, match=r"two axes at least, got shape \(2,\)"):
        effective_rate(weight, 0.1)


def test_the_rate_of_halves_is_summed_in_single_precision():
    assert float(effective_rate(torch.full((1, 9), 100.0).half(), 0.1)) == pytest.approx(0.1 / 90000, rel=0.1)
