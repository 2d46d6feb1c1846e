"""Training sets that contain each other, and the power law through a learning curve."""

import itertools
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnbook.data.splits import split
from cnnbook.generalisation.more_data import PowerLaw, fit_power_law, nested_order

label_lists = st.lists(st.integers(0, 4), min_size=1, max_size=60)


@given(label_lists, st.integers(0, 99))
def test_every_beginning_is_as_balanced_as_its_classes_allow(labels, seed):
    labels = torch.tensor(labels)
    order = nested_order(labels, torch.Generator().manual_seed(seed))
    assert sorted(order.tolist()) == list(range(len(labels)))
    whole = labels.bincount()
    for n in range(1, len(labels) + 1):
        counts = labels[order[:n]].bincount(minlength=len(whole))
        left = counts < whole  # classes that could give more
        assert not left.any() or int(counts.max() - counts[left].min()) <= 1


def test_the_order_within_a_class_is_drawn():
    labels = torch.arange(3).repeat(20)
    orders = [nested_order(labels, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)]
    assert torch.equal(orders[0], orders[1]) and not torch.equal(orders[0], orders[2])
    torch.manual_seed(5)
    first = nested_order(labels)
    torch.manual_seed(5)
    assert torch.equal(first, nested_order(labels))


def test_the_books_splits_of_one_seed_are_nested_as_well():
    labels = torch.arange(10).repeat(500)
    sets = [set(split(labels, n, 0, seed=7)[0].tolist()) for n in (50, 100, 200, 500, 1000, 2000, 5000)]
    assert all(small < large for small, large in itertools.pairwise(sets))


def test_a_law_by_hand():
    law = fit_power_law([100, 1600], [0.4, 0.2])  # sixteen times the examples, half the error
    assert law.exponent == pytest.approx(0.25) and law.scale == pytest.approx(0.4 * 100**0.25)
    assert math.isnan(law.standard_error)
    assert law.error(25600) == pytest.approx(0.1) and law.examples(0.1) == pytest.approx(25600)


@given(st.floats(0.01, 100), st.floats(-1, 2), st.floats(0, 0.5), st.integers(0, 99))
def test_points_on_a_law_give_the_law(scale, exponent, floor, seed):
    truth = PowerLaw(scale, exponent, floor)
    examples = [*torch.randint(10, 10000, (4,), generator=torch.Generator().manual_seed(seed)).tolist(), 5, 20000]
    law = fit_power_law(examples, [truth.error(n) for n in examples], floor)
    assert (law.scale, law.exponent) == pytest.approx((scale, exponent), rel=1e-4, abs=1e-5)
    assert law.standard_error < 1e-4


def test_it_is_the_least_squares_line_and_its_error_the_textbooks():
    x, y = [50, 100, 300, 1000], [0.5, 0.41, 0.35, 0.2]
    law = fit_power_law(x, y)
    design = torch.stack([torch.ones(4), torch.tensor(x).log()], 1).double()
    target = torch.tensor(y).double().log()
    solution = torch.linalg.lstsq(design, target[:, None]).solution[:, 0]
    assert [math.log(law.scale), -law.exponent] == pytest.approx(solution.tolist(), abs=1e-6)
    residual = target - design @ solution
    covariance = residual.square().sum() / 2 * torch.linalg.inv(design.T @ design)
    assert law.standard_error == pytest.approx(float(covariance[1, 1].sqrt()), rel=1e-5)


def test_a_floor_bends_the_line_and_taking_it_off_straightens_it():
    truth = PowerLaw(2.0, 0.5, floor=0.1)
    examples = [50, 200, 800, 3200]
    errors = [truth.error(n) for n in examples]
    assert fit_power_law(examples, errors, floor=0.1).exponent == pytest.approx(0.5)
    assert fit_power_law(examples, errors).exponent < 0.4
    assert fit_power_law(examples, errors).standard_error > 0.01


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: nested_order(torch.tensor([0.0, 1.0])),
            r"must be whole numbers \(N,\) from 0, got torch.float32 of shape \(2,\)",
        ),
        (lambda: nested_order(torch.zeros(2, 2, dtype=torch.int64)), r"got torch.int64 of shape \(2, 2\)"),
        (lambda: nested_order(torch.tensor([], dtype=torch.int64)), r"of shape \(0,\)"),
        (lambda: nested_order(torch.tensor([0, -1])), "labels must be at least 0, got -1"),
        (lambda: fit_power_law([1, 2], [0.5]), r"must have one error, got shapes \(2,\), \(1,\)"),
        (lambda: fit_power_law([3, 3], [0.5, 0.4]), r"two different numbers of examples at least, got \[3.0, 3.0\]"),
        (lambda: fit_power_law([1, 2], [0.5, 0.0]), r"errors above the floor 0.0, all finite, got .* and \[0.5, 0.0\]"),
        (lambda: fit_power_law([0, 2], [0.5, 0.4]), r"must be above 0 .* got \[0.0, 2.0\]"),
        (lambda: fit_power_law([1, 2], [0.5, math.nan]), "all finite"),
        (lambda: PowerLaw(1.0, 0.5, floor=0.1).examples(0.1), "above the floor 0.1 .* got error=0.1, exponent=0.5"),
        (lambda: PowerLaw(1.0, -0.5).examples(0.1), "exponent positive, got error=0.1, exponent=-0.5"),
    ],
)
def test_what_cannot_be_is_refused_with_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("examples", [0, -100, math.nan])
def test_a_law_is_asked_for_a_number_of_examples(examples):
    with pytest.raises(ValueError, match="examples must be more than 0, got"):
        PowerLaw(2.0, 0.5).error(examples)
