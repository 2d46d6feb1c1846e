"""Losses: by hand, against torch's own, their gradients by autograd, and the source's statement about them."""

import itertools
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.func import vmap
from torch.nn import functional as F

from cnnbook.generalisation.objective import (
    FocalLoss,
    absolute_error,
    brier_loss,
    focal_loss,
    gradient_size,
    smoothed_labels,
)

LOSSES = [focal_loss, brier_loss, absolute_error]


def logits(n=6, classes=4, seed=0):
    return torch.randn(n, classes, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) * 2


def labels(n=6, classes=4):
    return torch.arange(n) % classes


# The source's statement: |y − y'| weighs all samples alike, (y − y')² samples with a small error less.


@given(st.lists(st.floats(-100, 100).filter(lambda r: abs(r) > 1e-6), min_size=1, max_size=20))
def test_absolute_error_pulls_at_every_output_alike_and_squared_error_in_proportion_to_the_error(residuals):
    errors = torch.tensor(residuals, dtype=torch.float64)[:, None]
    targets = torch.full_like(errors, 3.0)
    assert torch.allclose(gradient_size(F.l1_loss, targets + errors, targets), torch.ones(len(errors)).double())
    squared = gradient_size(F.mse_loss, targets + errors, targets)
    assert torch.allclose(squared, 2 * errors.abs()[:, 0], rtol=1e-6, atol=1e-9)


def test_of_a_classifiers_raw_outputs_the_same_is_true():
    outputs, targets = logits(), labels()
    errors = outputs - F.one_hot(targets, 4)
    absolute = gradient_size(lambda z, y: absolute_error(z, y, softmax=False), outputs, targets)
    assert torch.allclose(absolute, torch.full((6,), 2.0).double())  # four classes, each ±1
    squared = gradient_size(lambda z, y: brier_loss(z, y, softmax=False), outputs, targets)
    assert torch.allclose(squared, 2 * errors.norm(dim=1))


@pytest.mark.parametrize("loss", [absolute_error, brier_loss])
def test_behind_a_softmax_neither_is_true(loss):
    """A hopeless example (p of the right class near 0) and a safe one (near 1) both fall silent."""
    outputs = torch.tensor([[-20.0, 0.0], [0.0, 0.0], [20.0, 0.0]], dtype=torch.float64)
    hopeless, middle, safe = gradient_size(loss, outputs, torch.zeros(3, dtype=torch.int64)).tolist()
    assert hopeless < 1e-6 and safe < 1e-6 and middle > 0.1
    assert gradient_size(F.cross_entropy, outputs, torch.zeros(3, dtype=torch.int64))[0] > 1


# Absolute error and labels that are wrong at random.


@given(st.integers(2, 8), st.integers(0, 99))
def test_over_all_labels_absolute_error_sums_to_the_same_whatever_the_network_says(classes, seed):
    outputs = logits(1, classes, seed)
    whole = sum(absolute_error(outputs, torch.tensor([c])) for c in range(classes))
    assert float(whole) == pytest.approx(2 * (classes - 1))


@given(st.integers(0, 99), st.floats(0, 0.74))
def test_with_random_labels_absolute_error_is_the_clean_one_shrunk_and_shifted(seed, share):
    """Wrong with probability η, each wrong class alike; C = 4: shrunk by 1 − η C / (C − 1) > 0 as long as η < 3/4."""
    outputs = logits(1, 4, seed)
    losses = torch.stack([absolute_error(outputs, torch.tensor([c])) for c in range(4)])
    noisy = (1 - share) * losses[0] + share / 3 * losses[1:].sum()
    assert float(noisy) == pytest.approx(float((1 - share * 4 / 3) * losses[0] + share / 3 * 6))


@pytest.mark.parametrize("loss", [F.cross_entropy, brier_loss, focal_loss], ids=["cross entropy", "squared", "focal"])
def test_the_other_losses_do_not_sum_to_the_same(loss):
    sums = [float(sum(loss(z, torch.tensor([c])) for c in range(4))) for z in (logits(1, 4, 1), logits(1, 4, 2))]
    assert abs(sums[0] - sums[1]) > 0.1


# Each loss by hand and against torch.


def test_losses_by_hand():
    outputs, target = torch.tensor([[math.log(3.0), 0.0]]), torch.tensor([0])  # p = 3/4, 1/4
    assert float(brier_loss(outputs, target)) == pytest.approx(1 / 8)
    assert float(absolute_error(outputs, target)) == pytest.approx(1 / 2)
    assert float(focal_loss(outputs, target, gamma=1.0)) == pytest.approx(math.log(4 / 3) / 4)
    raw = torch.tensor([[0.5, -2.0]])
    assert float(brier_loss(raw, target, softmax=False)) == pytest.approx(0.25 + 4)
    assert float(absolute_error(raw, target, softmax=False)) == pytest.approx(0.5 + 2)


def test_focal_loss_without_focus_is_cross_entropy_and_never_above_it():
    outputs, targets = logits(20), labels(20)
    assert torch.allclose(focal_loss(outputs, targets, gamma=0.0), F.cross_entropy(outputs, targets))
    each = [focal_loss(outputs, targets, gamma) for gamma in (0.0, 0.5, 1.0, 2.0, 5.0)]
    assert all(a > b for a, b in itertools.pairwise(each))
    assert torch.equal(FocalLoss(1.5)(outputs, targets), focal_loss(outputs, targets, 1.5))


def test_focal_loss_turns_from_what_is_right():
    outputs = torch.tensor([[4.0, 0.0], [0.0, 0.0]], dtype=torch.float64)  # easy, hard
    targets = torch.zeros(2, dtype=torch.int64)
    easy, hard = (
        gradient_size(focal_loss, outputs, targets) / gradient_size(F.cross_entropy, outputs, targets)
    ).tolist()
    assert easy < 0.01 and hard > 0.3


@pytest.mark.parametrize("gamma", [0.5, 1.0, 2.0])
def test_the_gradient_of_focal_loss_is_finite_where_the_answer_is_certain(gamma):
    outputs = torch.tensor([[200.0, 0.0], [-200.0, 0.0]], requires_grad=True)
    focal_loss(outputs, torch.zeros(2, dtype=torch.int64), gamma).backward()
    assert torch.isfinite(outputs.grad).all() and outputs.grad[0].abs().max() < 1e-6


@given(st.floats(0, 1), st.integers(0, 20))
def test_label_smoothing_is_torchs(smoothing, seed):
    outputs, targets = logits(seed=seed), labels()
    q = smoothed_labels(targets, 4, smoothing).double()
    assert torch.allclose(q.sum(1), torch.ones(6).double()) and bool((q >= 0).all())
    theirs = F.cross_entropy(outputs, targets, label_smoothing=smoothing)
    assert torch.allclose(F.cross_entropy(outputs, q), theirs, atol=1e-6)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_loss_of_a_batch_is_the_mean_over_its_examples(loss):
    outputs, targets = logits(), labels()
    each = torch.stack([loss(outputs[i : i + 1], targets[i : i + 1]) for i in range(6)])
    assert torch.allclose(loss(outputs, targets), each.mean())


@pytest.mark.parametrize("loss", LOSSES)
def test_many_networks_at_once(loss):
    outputs = torch.stack([logits(seed=seed) for seed in range(3)])
    together = vmap(loss, in_dims=(0, None))(outputs, labels())
    assert torch.allclose(together, torch.stack([loss(one, labels()) for one in outputs]))


@pytest.mark.parametrize("loss", LOSSES)
def test_gradients_are_those_of_finite_differences(loss):
    assert torch.autograd.gradcheck(lambda z: loss(z, labels()), logits().requires_grad_())


def test_gradient_size_is_the_length_of_each_examples_own_gradient():
    outputs, targets = logits(), labels()
    sizes = gradient_size(F.cross_entropy, outputs, targets)
    expected = (outputs.softmax(1) - F.one_hot(targets, 4)).norm(dim=1)  # the known gradient of cross entropy
    assert torch.allclose(sizes, expected)


# Labels that are none, or count for nothing; soft ones; one at every place.


BAD = torch.tensor([0, 1, 2, 3, 4, 1])  # 4 of 4 classes


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("bad", [4, -1, -101])
def test_a_label_out_of_range_is_refused_where_it_can_be_looked_at_and_gives_nan_elsewhere(loss, bad):
    targets = labels()
    targets[3] = bad
    with pytest.raises(ValueError, match=rf"labels must be in 0…3 or ignore_index=-100, got {bad}$"):
        loss(logits(), targets)
    both = torch.stack([targets, labels()])
    together = vmap(loss, in_dims=(None, 0))(logits(), both)
    assert together[0].isnan() and together[1] == loss(logits(), labels())
    compiled = torch.compile(loss, backend="eager", fullgraph=True)
    assert compiled(logits(), targets).isnan() and compiled(logits(), labels()) == together[1]
    assert loss(logits().to("meta"), targets.to("meta")).shape == ()


def test_a_smoothed_label_out_of_range_is_refused():
    with pytest.raises(ValueError, match=r"labels must be in 0…3, got 4$"):
        smoothed_labels(BAD, 4)
    assert vmap(lambda y: smoothed_labels(y, 4))(BAD[None])[0].isnan().all(1).tolist() == [False] * 4 + [True, False]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("ignored", [-100, 2, 9])
def test_ignored_labels_are_as_if_they_were_not_there(loss, ignored):
    outputs, targets = logits(), labels()
    there = torch.tensor([0, 1, 4])
    rest = torch.ones(6, dtype=torch.bool).index_fill(0, there, False)
    targets = targets.masked_fill(rest, ignored)
    assert not (targets[there] == ignored).any()
    same = loss(outputs[there], targets[there])
    torch.testing.assert_close(loss(outputs, targets, ignore_index=ignored), same)
    each = loss(outputs, targets, ignore_index=ignored, reduction="none")
    assert not each[rest].any()
    torch.testing.assert_close(each[there].mean(), same)
    torch.testing.assert_close(loss(outputs, targets, ignore_index=ignored, reduction="sum"), 3 * same)
    leaf = outputs.clone().requires_grad_()
    loss(leaf, targets, ignore_index=ignored).backward()
    assert not leaf.grad[rest].any() and leaf.grad[there].any()
    nothing = torch.full((6,), ignored)
    assert loss(outputs, nothing, ignore_index=ignored).isnan()  # the mean of nothing, as torch's
    assert loss(outputs, nothing, ignore_index=ignored, reduction="sum") == 0


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_without_focus_it_is_torchs_cross_entropy_in_every_form(reduction):
    outputs, targets = logits(12).reshape(3, 2, 2, 4).movedim(-1, 1), labels(12).reshape(3, 2, 2)
    targets[0, 0, 0] = -100
    shares = torch.rand(3, 4, 2, 2, dtype=torch.float64)
    weight = torch.tensor([0.5, 2.0, 1.0, 0.0]).double()
    for soft, y in ((False, targets), (True, shares)):
        torch.testing.assert_close(
            focal_loss(outputs, y, 0.0, reduction=reduction), F.cross_entropy(outputs, y, reduction=reduction)
        )
        if soft or reduction != "mean":  # torch's weighted mean divides by the weights of the labels
            theirs = F.cross_entropy(outputs, y, weight, reduction=reduction)
            torch.testing.assert_close(focal_loss(outputs, y, 0.0, weight, reduction=reduction), theirs)


@pytest.mark.parametrize("loss", LOSSES)
def test_one_hot_shares_are_labels_and_places_are_examples(loss):
    outputs, targets = logits(24), labels(24)
    whole = loss(outputs, targets)
    torch.testing.assert_close(loss(outputs, F.one_hot(targets, 4).double()), whole)
    maps = outputs.reshape(2, 3, 4, 4).movedim(-1, 1)  # (N, C, H, W)
    torch.testing.assert_close(loss(maps, targets.reshape(2, 3, 4)), whole)
    shares = F.one_hot(targets, 4).double().reshape(2, 3, 4, 4).movedim(-1, 1)
    torch.testing.assert_close(loss(maps, shares), whole)
    assert loss(maps, targets.reshape(2, 3, 4), reduction="none").shape == (2, 3, 4)


@given(st.integers(0, 99), st.floats(0, 1))
def test_the_focal_loss_of_mixed_labels_is_the_mix_of_the_losses(seed, share):
    outputs, first, second = logits(seed=seed), labels(), labels().flip(0)
    mixed = share * F.one_hot(first, 4).double() + (1 - share) * F.one_hot(second, 4)
    focal = FocalLoss(1.5, alpha=[1.0, 0.5, 2.0, 3.0])
    expected = share * focal(outputs, first) + (1 - share) * focal(outputs, second)
    torch.testing.assert_close(focal(outputs, mixed), expected, atol=1e-6, rtol=1e-6)


def test_one_alpha_is_the_papers_for_an_object_against_the_background():
    z = torch.tensor([1.3, -0.4, 2.0], dtype=torch.float64)
    outputs, y = torch.stack([torch.zeros(3).double(), z], dim=1), torch.tensor([1, 1, 0])
    p = torch.sigmoid(z)
    at = torch.where(y == 1, 0.25 * (1 - p) ** 2 * -p.log(), 0.75 * p**2 * -(1 - p).log())
    torch.testing.assert_close(focal_loss(outputs, y, alpha=0.25), at.mean())
    torch.testing.assert_close(FocalLoss(alpha=torch.tensor([0.75, 0.25]))(outputs, y), at.mean())
    assert "alpha=0.25, ignore_index=-100, reduction='mean'" in repr(FocalLoss(alpha=0.25))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("loss", LOSSES)
def test_halves_are_added_up_in_single_precision(loss, dtype):
    outputs, targets = logits(100_000, 3, seed=1).to(dtype), labels(100_000, 3)
    exact = loss(outputs.double(), targets)
    found = loss(outputs, targets)  # the sum is beyond float16
    assert found.dtype == dtype and float(found) == pytest.approx(float(exact), rel=torch.finfo(dtype).eps)
    with torch.autocast("cpu", torch.bfloat16):  # the loss itself stays precise, as torch's
        assert loss(outputs, targets).dtype == torch.float32
    assert float(loss(outputs.float(), targets)) == pytest.approx(float(exact), rel=1e-5)


ONES, ZERO = torch.ones(2, 3), torch.zeros(2, dtype=torch.int64)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: smoothed_labels(ZERO, 3, 1.2), r"must be in \[0, 1\], got smoothing=1.2"),
        (lambda: smoothed_labels(ZERO, 3, -0.1), r"must be in \[0, 1\], got smoothing=-0.1"),
        (lambda: smoothed_labels(ZERO.float(), 3), r"labels, int64 \(N,\), got torch.float32 of shape \(2,\)"),
        (lambda: focal_loss(ONES, ZERO, gamma=-1.0), "gamma must be at least 0 and finite, got gamma=-1.0"),
        (lambda: FocalLoss(math.nan), "gamma must be at least 0 and finite, got gamma=nan"),
        (lambda: focal_loss(ONES[0], ZERO), r"outputs must be \(N, C\).* got shapes \(3,\) and \(2,\)"),
        (lambda: brier_loss(ONES, ZERO[:1]), r"got shapes \(2, 3\) and \(1,\)"),
        (lambda: absolute_error(ONES.long(), ZERO), "of floats and targets int64 labels, got torch.int64"),
        (lambda: absolute_error(ONES, ZERO.float()), "int64 labels, got torch.float32 and torch.float32"),
        (lambda: focal_loss(ONES[..., None], ZERO), r"got shapes \(2, 3, 1\) and \(2,\)"),
        (lambda: focal_loss(ONES, ONES[:, :2]), r"shares of the outputs' shape, got shapes \(2, 3\) and \(2, 2\)"),
        (lambda: focal_loss(ONES, ZERO, alpha=[1.0, 2.0]), "one weight for each of 3 classes, got 2"),
        (lambda: focal_loss(ONES, ZERO, alpha=1.5), r"must be in \[0, 1\], got alpha=1.5"),
        (lambda: FocalLoss(alpha=[1.0, -2.0]), r"at least 0 and finite, got alpha=\[1.0, -2.0\]"),
        (lambda: FocalLoss(alpha=torch.ones(2, 2)), r"one weight a class, got shape \(2, 2\)"),
        (lambda: FocalLoss(reduction="average"), "'mean', 'sum' or 'none', got 'average'"),
        (lambda: brier_loss(ONES, ZERO, reduction="average"), "'mean', 'sum' or 'none', got 'average'"),
        (lambda: gradient_size(F.mse_loss, ONES, ONES[:1]), "one target, got 2 outputs and 1 targets"),
        (lambda: gradient_size(F.mse_loss, ONES.long(), ONES), "of floats, got torch.int64"),
    ],
)
def test_what_cannot_be_is_refused_with_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()
