"""Weight penalties: gradients by autograd, minima by search, and what a scaled network does not notice."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.func import functional_call, vmap

from cnnbook.generalisation.weight_penalty import (
    elastic_penalty,
    l1_penalty,
    l2_penalty,
    max_norm,
    proximal_l1,
    soft_threshold,
    sparsity,
    weights_of,
)


def both(parameters, strength):
    """The elastic net with twice as much L2 as L1."""
    return elastic_penalty(parameters, strength, 2 * strength)


PENALTIES = [l1_penalty, l2_penalty, both]


def some(seed=0):
    """A table of parameters: a convolution, a matrix, and what is no weight."""
    generator = torch.Generator().manual_seed(seed)
    shapes = {"conv.weight": (3, 2, 3, 3), "conv.bias": (3,), "norm.weight": (3,), "linear.weight": (4, 5)}
    return {
        name: torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_()
        for name, shape in shapes.items()
    }


def test_by_hand():
    table = {"a.weight": torch.tensor([[3.0, -4.0]]), "a.bias": torch.tensor([100.0]), "b": torch.tensor([[[2.0]]])}
    assert float(l1_penalty(table, 0.5)) == 4.5  # ½ (3 + 4 + 2)
    assert float(l2_penalty(table, 0.5)) == 7.25  # ¼ (9 + 16 + 4)
    assert float(elastic_penalty(table, l1=0.25, l2=0.125)) == 2.25 + 1.8125


@pytest.mark.parametrize(
    ("penalty", "slope"),
    [
        (l1_penalty, lambda w: w.sign()),
        (l2_penalty, lambda w: w),
        (both, lambda w: w.sign() + 2 * w),
    ],
)
def test_the_gradient_is_as_said_and_touches_weights_alone(penalty, slope):
    table = some()
    penalty(table, 0.3).backward()
    for value in table.values():
        if value.ndim >= 2:
            torch.testing.assert_close(value.grad, 0.3 * slope(value.detach()))
        else:
            assert value.grad is None


def test_the_elastic_net_is_either_where_the_other_is_zero():
    table = some()
    assert elastic_penalty(table, 0.3, 0.0) == l1_penalty(table, 0.3)
    assert elastic_penalty(table, 0.0, 0.3) == l2_penalty(table, 0.3)


def test_a_step_of_sgd_on_the_l2_penalty_is_weight_decay():
    table, rate, strength = some(), 0.1, 0.7
    l2_penalty(table, strength).backward()
    for value in weights_of(table).values():
        torch.testing.assert_close(value - rate * value.grad, (1 - rate * strength) * value)


# λ/η Σ|W|, as the source has it: what is η?


def pull(rate, strength):
    """By how much one step of SGD on strength · Σ|w| moves a weight."""
    table = {"weight": torch.full((1, 1), 2.0, dtype=torch.float64, requires_grad=True)}
    l1_penalty(table, strength).backward()
    return float(rate * table["weight"].grad)


def test_with_the_learning_rate_for_eta_the_pull_does_not_depend_on_the_rate():
    lam = 0.03
    assert [pull(rate, lam / rate) for rate in (0.1, 0.01, 0.001)] == pytest.approx([lam] * 3)


def test_with_the_number_of_examples_for_eta_the_pull_falls_with_it():
    lam, rate = 0.03, 0.1
    assert [pull(rate, lam / n) for n in (100, 1000)] == pytest.approx([rate * lam / 100, rate * lam / 1000])


# Zeros.


@given(st.floats(-3, 3), st.floats(0, 2))
def test_the_soft_threshold_is_the_minimum(w, t):
    v = torch.linspace(-4, 4, 16_001, dtype=torch.float64)
    found = v[(0.5 * (v - w) ** 2 + t * v.abs()).argmin()]
    assert float(soft_threshold(torch.tensor(w, dtype=torch.float64), t)) == pytest.approx(float(found), abs=6e-4)


def descend(step, steps=200, rate=0.01, strength=1.0):
    """A weight that the loss ½(w − 0.3)² wants at 0.3, less than the strength: the penalised minimum is 0."""
    w = torch.tensor([[0.3]], dtype=torch.float64)
    for _ in range(steps):
        w = step(w - rate * (w - 0.3), rate, strength)
    return float(w)


def by_gradient(w, rate, strength):
    return w - rate * strength * w.sign()


def test_the_gradient_jumps_across_zero_and_the_threshold_arrives():
    ends = [descend(by_gradient, steps) for steps in range(100, 200)]
    assert 0 not in ends and max(map(abs, ends)) < 0.02
    assert min(ends) < 0 < max(ends)
    assert descend(lambda w, rate, strength: soft_threshold(w, rate * strength)) == 0


def test_the_l2_penalty_shrinks_and_makes_no_zeros():
    w, strength = torch.tensor([[4.0, 0.01]], dtype=torch.float64), 1.0
    for _ in range(50):
        w = w - 0.1 * strength * w
    torch.testing.assert_close(w, torch.tensor([[4.0, 0.01]], dtype=torch.float64) * 0.9**50)
    assert sparsity({"weight": w})["zero_weights"] == 0


def test_proximal_steps_name_weights_alone():
    found = proximal_l1(some(), 0.5)
    assert list(found) == ["conv.weight", "linear.weight"]
    torch.testing.assert_close(found["linear.weight"], soft_threshold(some()["linear.weight"], 0.5))


# Length.


def test_long_filters_are_cut_to_the_bound_and_keep_their_direction():
    table = some()
    found = max_norm(table, 2.0)
    assert list(found) == ["conv.weight", "linear.weight"]
    for name, value in found.items():
        before, after = table[name].flatten(1), value.flatten(1)
        torch.testing.assert_close(after.norm(dim=1), before.norm(dim=1).clamp(max=2.0))
        torch.testing.assert_close(torch.cosine_similarity(before, after), torch.ones(len(after), dtype=torch.float64))
    assert any((table[name].flatten(1).norm(dim=1) < 2).any() for name in found)  # some were within


def test_a_filter_of_zeros_stays():
    assert max_norm({"weight": torch.zeros(2, 3)}, 1.0)["weight"].tolist() == [[0.0] * 3] * 2


def test_sparsity_by_hand():
    table = {"a": torch.tensor([[10.0, 0.01, 0.0, 5.0]]), "b": torch.tensor([[0.01, -0.01]]), "bias": torch.zeros(9)}
    found = sparsity(table)  # in a, 0.01 is a thousandth of the largest; in b it is the largest
    assert found["zero_weights"] == pytest.approx(1 / 6) and found["small_weights"] == pytest.approx(2 / 6)
    assert found["weight_norm"] == pytest.approx(math.sqrt(100 + 25 + 3e-4))


# Batch normalisation.


def normalised():
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(1, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(64, 3)
    )
    return network.double(), torch.randn(5, 1, 6, 6, dtype=torch.float64)


def scaled(network, factor):
    parameters = dict(network.named_parameters())
    return parameters | {"0.weight": factor * parameters["0.weight"]}


@pytest.mark.parametrize("factor", [0.1, 10.0])
def test_before_batch_normalisation_the_length_of_a_filter_changes_nothing(factor):
    network, x = normalised()
    network[1].eps = 1e-30
    same = functional_call(network, scaled(network, factor), (x,))
    torch.testing.assert_close(same, network(x))
    less = l2_penalty(scaled(network, 0.1), 1.0)
    assert less < l2_penalty(dict(network.named_parameters()), 1.0)  # and yet the penalty is smaller


def test_without_batch_normalisation_it_does():
    network, x = normalised()
    network[1] = nn.Identity()
    assert (functional_call(network, scaled(network, 0.1), (x,)) - network(x)).abs().max() > 0.01


def test_the_gradient_of_a_normalised_filter_grows_as_the_filter_shrinks():
    network, x = normalised()
    network[1].eps = 1e-30
    lengths = []
    for factor in (1.0, 0.1):
        weight = (factor * network[0].weight.detach()).requires_grad_()
        loss = functional_call(network, {"0.weight": weight}, (x,)).square().sum()
        lengths.append(float(torch.autograd.grad(loss, weight)[0].norm()))
    assert lengths[1] == pytest.approx(10 * lengths[0])


@pytest.mark.parametrize("function", [*PENALTIES, proximal_l1, max_norm])
def test_under_vmap_it_is_what_it_is_alone(function):
    tables = [{name: value.detach() for name, value in some(seed).items()} for seed in range(3)]
    stacked = {name: torch.stack([table[name] for table in tables]) for name in tables[0]}
    together = vmap(lambda table: function(table, 0.5))(stacked)
    for place, table in enumerate(tables):
        alone = function(table, 0.5)
        if isinstance(alone, dict):
            assert alone.keys() == together.keys()
            for name, value in alone.items():
                torch.testing.assert_close(together[name][place], value)
        else:
            torch.testing.assert_close(together[place], alone)


BIAS = {"bias": torch.ones(3)}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: l1_penalty(some(), -0.1), "at least 0 and finite, got strength=-0.1"),
        (lambda: l2_penalty(some(), math.inf), "at least 0 and finite, got strength=inf"),
        (lambda: elastic_penalty(some(), math.nan, 0.1), "at least 0 and finite, got strength=nan"),
        (lambda: elastic_penalty(some(), 0.1, -1.0), "at least 0 and finite, got strength=-1.0"),
        (lambda: soft_threshold(torch.ones(2), -1.0), "at least 0 and finite, got threshold=-1.0"),
        (lambda: max_norm(some(), 0.0), "positive and finite, got most=0.0"),
        (lambda: l1_penalty(BIAS, 0.1), r"a weight of two axes or more among the parameters, got \['bias'\]"),
        (lambda: max_norm(BIAS, 1.0), r"a weight of two axes or more among the parameters, got \['bias'\]"),
        (lambda: sparsity({}), r"a weight of two axes or more among the parameters, got \[\]"),
    ],
)
def test_what_cannot_be_is_refused_with_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_halves_are_summed_in_single_precision():
    many = {"weight": torch.ones(300, 300).half()}
    assert float(l2_penalty(many, 1e-4)) == pytest.approx(4.5) and float(l1_penalty(many, 1e-4)) == pytest.approx(9.0)
    long = max_norm({"weight": torch.full((1, 300), 5000.0).half()}, most=4.0)["weight"]
    assert long.dtype == torch.float16 and float(long.float().norm()) == pytest.approx(4.0, rel=1e-3)
