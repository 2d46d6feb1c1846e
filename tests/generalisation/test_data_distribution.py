"""Class weights and orders: against torch's own, exactly in expectation, and batch by batch."""

import math
import re
from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from cnnbook.generalisation.data_distribution import (
    BalancedBatchSampler,
    balanced_order,
    class_weights,
    oversampled_order,
    recall_by_class,
)
from cnnbook.generalisation.more_data import nested_order

class_counts = st.lists(st.integers(1, 30), min_size=1, max_size=6)


def labels_of(counts, seed=0):
    labels = torch.arange(len(counts)).repeat_interleave(torch.tensor(counts))
    return labels[torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))]


def test_weights_by_hand():
    assert class_weights([6, 3, 1]).tolist() == pytest.approx([10 / 18, 10 / 9, 10 / 3])
    assert class_weights(torch.tensor([4, 1]), power=0.5).tolist() == pytest.approx([5 / 6, 5 / 3])


@given(class_counts, st.floats(0, 1))
def test_the_mean_weight_of_an_example_is_one_and_rarer_classes_weigh_no_less(counts, power):
    weights = class_weights(counts, power).double()
    counts = torch.tensor(counts)
    assert float((weights * counts).sum() / counts.sum()) == pytest.approx(1, abs=1e-5)
    order = counts.argsort()
    assert (weights[order].diff() <= 1e-6).all()


@given(class_counts)
def test_with_power_one_every_class_weighs_the_same(counts):
    whole = class_weights(counts) * torch.tensor(counts)
    assert torch.allclose(whole, whole.mean().expand_as(whole))


def gradient(network, loss):
    return torch.cat([g.flatten() for g in torch.autograd.grad(loss, network.parameters())])


@pytest.mark.parametrize("counts", [(12, 3, 1), (5, 5), (1, 40, 2, 2)])
def test_weights_give_the_gradient_that_oversampling_gives_on_average(counts):
    torch.manual_seed(0)
    labels = labels_of(counts)
    network, x = torch.nn.Linear(4, len(counts)).double(), torch.randn(len(labels), 4, dtype=torch.float64)
    each = F.cross_entropy(network(x), labels, reduction="none")
    weighted = gradient(network, (each * class_weights(counts).double()[labels]).mean())
    # what one draw gives on average: every class alike, every example of a class alike
    drawn = sum(
        gradient(network, F.cross_entropy(network(x[labels == c]), labels[labels == c])) for c in range(len(counts))
    ) / len(counts)
    torch.testing.assert_close(weighted, drawn, rtol=1e-6, atol=1e-8)
    plain = gradient(network, F.cross_entropy(network(x), labels))
    assert len(set(counts)) == 1 or not torch.allclose(plain, drawn, rtol=1e-3)


def test_oversampling_draws_what_torchs_weighted_sampler_draws():
    labels = labels_of((40, 8, 2))
    weights = 1 / labels.bincount()[labels].double()
    theirs = torch.utils.data.WeightedRandomSampler(weights, len(labels), generator=torch.Generator().manual_seed(3))
    assert oversampled_order(labels, torch.Generator().manual_seed(3)).tolist() == list(theirs)


def test_oversampling_draws_every_class_about_equally_often_and_every_example_of_it():
    labels = labels_of((60, 30, 10))
    drawn = torch.cat([oversampled_order(labels, torch.Generator().manual_seed(s)) for s in range(300)])
    shares = labels[drawn].bincount() / len(drawn)
    assert (shares - 1 / 3).abs().max() < 5 * (2 / 9 / len(drawn)) ** 0.5
    of_one = drawn.bincount(minlength=100)[labels == 2]
    assert of_one.min() > 0.85 * of_one.double().mean()


@given(class_counts, st.integers(0, 99), st.data())
def test_however_the_balanced_order_is_cut_class_counts_differ_by_one_at_most(counts, seed, data):
    labels = labels_of(counts)
    order = balanced_order(labels, torch.Generator().manual_seed(seed))
    first = data.draw(st.integers(0, len(labels) - 1))
    last = data.draw(st.integers(first + 1, len(labels)))
    found = labels[order[first:last]].bincount(minlength=len(counts))
    assert len(order) == len(labels) and int(found.max() - found.min()) <= 1


@given(class_counts, st.integers(0, 99))
def test_within_a_class_no_example_comes_again_before_all_have_come(counts, seed):
    labels = labels_of(counts)
    order = balanced_order(labels, torch.Generator().manual_seed(seed))
    for one, count in enumerate(counts):
        own = order[labels[order] == one]
        for pass_ in own.split(count):
            assert len(set(pass_.tolist())) == len(pass_)


def test_its_turns_and_its_passes_are_drawn():
    labels = labels_of((20, 20, 20))
    orders = [balanced_order(labels, torch.Generator().manual_seed(seed)) for seed in range(8)]
    assert len({tuple(labels[order[:3]].tolist()) for order in orders}) > 1
    assert len({tuple(order[labels[order] == 0].tolist()) for order in orders}) == 8


def test_a_loader_with_the_sampler_gives_balanced_batches():
    labels = labels_of((70, 20, 10), seed=2)
    data = TensorDataset(torch.arange(100), labels)
    loader = DataLoader(data, batch_sampler=BalancedBatchSampler(labels, 8, torch.Generator().manual_seed(0)))
    epochs = [[(x.tolist(), y.bincount(minlength=3).tolist()) for x, y in loader] for _ in range(2)]
    assert [len(epoch) for epoch in epochs] == [len(loader), len(loader)] == [12, 12]
    assert all(sorted(counts) == [2, 3, 3] for epoch in epochs for _, counts in epoch)
    assert epochs[0][0][0] != epochs[1][0][0]  # a new order each epoch


KINDS = [list, tuple, np.array, torch.tensor] + [
    partial(np.array, dtype=kind) for kind in ("int8", "uint8", "int16", "uint16", "int32", "uint32", "uint64")
]


@pytest.mark.parametrize("kind", KINDS)
def test_labels_of_every_kind_are_the_same_labels(kind):
    labels = labels_of((7, 4, 2))
    same = kind(labels.tolist())
    for order in (balanced_order, oversampled_order, nested_order):
        drawn = [order(one, torch.Generator().manual_seed(3)) for one in (labels, same)]
        assert torch.equal(*drawn)
    samplers = [BalancedBatchSampler(one, 3, torch.Generator().manual_seed(3)) for one in (labels, same)]
    assert list(samplers[0]) == list(samplers[1])


def test_without_options_the_sampler_draws_what_the_order_draws():
    labels = labels_of((20, 9, 3))
    torch.manual_seed(1)
    batches = list(BalancedBatchSampler(labels, 8))
    torch.manual_seed(1)
    assert batches == [batch.tolist() for batch in balanced_order(labels).split(8)]


@settings(max_examples=40)
@given(st.integers(1, 4), st.integers(0, 5), st.integers(0, 9))
def test_processes_share_one_balanced_order(world, epoch, seed):
    labels = labels_of((50, 20, 10))
    samplers = [BalancedBatchSampler(labels, 6, seed=seed, rank=rank, world_size=world) for rank in range(world)]
    for sampler in samplers:
        sampler.set_epoch(epoch)
    whole = BalancedBatchSampler(labels, 6, torch.Generator().manual_seed(seed + epoch))
    each = [list(sampler) for sampler in samplers]
    assert {len(one) for one in each} == {len(sampler) for sampler in samplers} == {80 // (6 * world)}
    together = [batch for batches in zip(*each, strict=True) for batch in batches]
    assert together == list(whole)[: len(together)]
    for batch in together:
        assert labels[batch].bincount().tolist() == [2, 2, 2]
    for sampler in samplers:
        sampler.set_epoch(epoch + 1)
    assert [list(sampler) for sampler in samplers] != each


def test_several_processes_without_a_seed_draw_alike_whatever_their_global_seed():
    labels, drawn = labels_of((50, 20, 10)), []
    for rank in (0, 1, 1):
        torch.manual_seed(len(drawn))
        drawn.append(list(BalancedBatchSampler(labels, 6, rank=rank, world_size=2)))
    assert drawn[1] == drawn[2] and not {tuple(b) for b in drawn[0]} & {tuple(b) for b in drawn[1]}


@given(st.integers(2, 5), st.integers(0, 50))
def test_recall_is_the_diagonal_of_the_confusion_matrix(classes, seed):
    generator = torch.Generator().manual_seed(seed)
    targets = torch.cat([torch.arange(classes), torch.randint(classes, (40,), generator=generator)])
    outputs = torch.randn(len(targets), classes, generator=generator)
    matrix = torch.zeros(classes, classes)
    for truth, answer in zip(targets, outputs.argmax(1), strict=True):
        matrix[truth, answer] += 1
    recalls = recall_by_class(outputs, targets)
    assert torch.allclose(recalls, (matrix.diagonal() / matrix.sum(1)).double())
    balanced = [targets == c for c in range(classes)]
    assert float(recalls.mean()) == pytest.approx(
        sum(float((outputs[rows].argmax(1) == c).double().mean()) for c, rows in enumerate(balanced)) / classes
    )


LABELS = torch.tensor([0, 0, 1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: class_weights([3, 0]),
            r"one example, and finitely many, got counts \[3, 0\]",
        ),
        (lambda: class_weights([]), r"one number a class, got shape \(0,\)"),
        (lambda: class_weights([3, 1], power=1.5), r"power must be in \[0, 1\], got power=1.5"),
        (lambda: class_weights([3, 1], power=float("nan")), r"power must be in \[0, 1\], got power=nan"),
        (lambda: oversampled_order(torch.tensor([0, 2])), r"at least one example, got counts \[1, 0, 1\]"),
        (lambda: balanced_order(torch.tensor([1, 1])), r"at least one example, got counts \[0, 2\]"),
        (lambda: balanced_order(torch.tensor([0.0])), r"labels must be whole numbers \(N,\) from 0, got torch.float32"),
        (lambda: balanced_order(LABELS[None]), r"of shape \(1, 3\)"),
        (lambda: oversampled_order(torch.tensor([-1, 0])), r"labels must be at least 0, got -1$"),
        (lambda: balanced_order(["a", "b"]), r"whole numbers \(N,\) from 0, got a list$"),
        (lambda: balanced_order(torch.tensor([True, False])), r"from 0, got torch.bool of shape \(2,\)"),
        (lambda: balanced_order([]), r"from 0, got torch.float32 of shape \(0,\)"),
        (lambda: BalancedBatchSampler(LABELS, 2, torch.Generator(), seed=1), "got a generator and seed=1"),
        (lambda: BalancedBatchSampler([0, 1] * 4, 2, rank=2, world_size=2), "in 0…1, got rank=2 with world_size=2"),
        (lambda: BalancedBatchSampler([0, 1] * 4, 5, rank=0, world_size=2), "the 8 examples, got batch_size=5 with wo"),
        (lambda: BalancedBatchSampler(LABELS, 1), "between the 2 classes and the 3 examples, got batch_size=1"),
        (lambda: BalancedBatchSampler(LABELS, 4), "between the 2 classes and the 3 examples, got batch_size=4"),
        (lambda: recall_by_class(torch.ones(3), LABELS), r"outputs must be \(N, C\).* got shapes \(3,\) and \(3,\)"),
        (lambda: recall_by_class(torch.ones(2, 2), LABELS), r"got shapes \(2, 2\) and \(3,\)"),
        (lambda: recall_by_class(torch.ones(3, 3), LABELS), r"at least one example, got counts \[2, 1, 0\]"),
        (lambda: recall_by_class(torch.ones(3, 1), LABELS), "below the number of classes 1, got 1"),
    ],
)
def test_what_cannot_be_is_refused_with_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_network_that_diverged_recognises_nothing():
    assert recall_by_class(torch.full((4, 2), math.nan), torch.tensor([0, 0, 1, 0])).isnan().all()


def test_counts_that_are_no_numbers_are_refused_as_they_are():
    for counts in ([math.inf, 3], [math.nan, 3], [0.5, 3]):
        with pytest.raises(ValueError, match=re.escape(f"got counts {counts}")):
            class_weights(counts)
