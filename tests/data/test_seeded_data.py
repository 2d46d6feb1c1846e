"""Splits, label noise, order and batches: functions of the seed and the step alone."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbook.data import SeededData
from cnnbook.data.batches import TrainBatches
from cnnbook.data.sources import Arrays, arrays
from cnnbook.data.splits import noisy, shuffled, split
from cnnbook.randomness import stream

LABELS = torch.arange(10).repeat(60)


def epoch_order(n, seed, epoch):
    return shuffled(torch.zeros(n), stream(seed, "order", epoch))


def ready(**options):
    data = SeededData(**{"n_train": 100, "batch_size": 30} | options)
    data.setup()
    return data


@settings(max_examples=30)
@given(n_train=st.integers(1, 400), n_val=st.integers(0, 190), seed=st.integers(0, 2**32 - 1))
def test_split_is_disjoint_balanced_and_repeatable(n_train, n_val, seed):
    train, val = split(LABELS, n_train, n_val, seed)
    assert len(set(train.tolist()) | set(val.tolist())) == n_train + n_val
    counts = LABELS[train].bincount(minlength=10)
    assert int(counts.max() - counts.min()) <= 1
    assert all((a == b).all() for a, b in zip(split(LABELS, n_train, n_val, seed), (train, val), strict=True))


def test_seeds_draw_different_splits_and_orders():
    assert set(split(LABELS, 50, 0, 0)[0].tolist()) != set(split(LABELS, 50, 0, 1)[0].tolist())
    assert not (epoch_order(50, 0, 0) == epoch_order(50, 1, 0)).all()
    assert not (epoch_order(50, 0, 0) == epoch_order(50, 0, 1)).all()


def test_unbalanced_split_and_images_as_targets():
    counts = [50, 5] + [1] * 8
    train, _ = split(LABELS, None, 0, 3, class_counts=counts)
    assert LABELS[train].bincount().tolist() == counts
    train, val = split(torch.zeros(20, 1, 4, 4), 12, 8, seed=0)
    assert sorted(torch.cat([train, val]).tolist()) == list(range(20))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: split(LABELS, 601, 0, 0), "pool of 600, got n_train=601"),
        (lambda: split(LABELS, None, 0, 0, [61] + [1] * 9), r"got class counts \[61"),
        (lambda: noisy(LABELS, 1.5, 10, 0), "got 1.5"),
        (lambda: ready(batch_size=101), "batch_size must be between 1 and n_train, got 101"),
        (lambda: ready(data="super-resolution", label_noise=0.1), "needs class labels"),
        (lambda: ready(data="nothing"), "data must be one of .*got 'nothing'"),
        (lambda: arrays("super-resolution", factor=3), "got factor=3"),
        (lambda: arrays("no.such:thing"), "cannot be imported"),
    ],
)
def test_bad_numbers_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@given(share=st.floats(0, 1), seed=st.integers(0, 99))
@settings(max_examples=30)
def test_label_noise_changes_exactly_its_share(share, seed):
    changed = noisy(LABELS, share, 10, seed)
    assert int((changed != LABELS).sum()) == round(share * len(LABELS)) and int(changed.min()) >= 0
    assert int(changed.max()) <= 9


@given(n=st.integers(1, 50), batch=st.integers(1, 50), steps=st.integers(1, 60))
@settings(max_examples=50)
def test_batches_are_the_epochs_one_after_another(n, batch, steps):
    """However it is cut, the sequence is permutation after permutation, and a batch can be had out of turn."""
    batch = min(n, batch)
    data = Arrays(torch.arange(n).float(), torch.zeros(n, dtype=torch.int64), torch.zeros(1), torch.zeros(1))
    rows = torch.arange(n)[None]
    made = TrainBatches(data, rows, torch.zeros(1, n, dtype=torch.int64), [5], batch, False, slice(0, batch))
    seen = torch.cat([made.batch(t).inputs for t in range(steps)]).long()
    want = torch.cat([epoch_order(n, 5, e) for e in range(len(seen) // n + 1)])[: len(seen)]
    assert (seen == want).all()
    assert (made.batch(0).inputs == seen[:batch]).all()


def test_stacked_batches_are_the_single_ones():
    many = ready(seed=[3, 8], label_noise=0.3, eval_batch_size=150)
    ones = [ready(seed=s, label_noise=0.3) for s in (3, 8)]
    loaders = [many.train_dataloader(), *(one.train_dataloader() for one in ones)]
    for _, (both, *single) in zip(range(9), zip(*loaders, strict=False), strict=False):
        assert both.inputs.shape == (2, 30, 1, 28, 28) and both.stacked
        for place in (0, 1):
            assert (both.inputs[place] == single[place].inputs).all()
            assert (both.targets[place] == single[place].targets).all()
    test, train = many.test_dataloader()
    assert next(iter(test)).inputs.shape == (150, 1, 28, 28) and next(iter(train)).inputs.shape == (2, 100, 1, 28, 28)


def test_a_loader_resumes_where_it_stopped():
    first = ready().train_dataloader()
    batches = [batch for batch, _ in zip(first, range(7), strict=False)]
    again = ready().train_dataloader()
    again.load_state_dict({"position": 4})
    assert (next(iter(again)).inputs == batches[4].inputs).all()
    assert next(iter(again)).step == 5 and first.state_dict()["position"] >= 7


def test_inputs_are_normalised_and_targets_scaled():
    batch = next(iter(ready().train_dataloader()))
    assert abs(float(batch.inputs.mean())) < 0.2 and abs(float(batch.inputs.std()) - 1) < 0.2
    images = next(iter(ready(data="super-resolution", options={"factor": 2}).train_dataloader()))
    assert images.inputs.shape == (30, 1, 14, 14) and images.targets.shape == (30, 1, 28, 28)
    assert float(images.targets.max()) <= 1 and images.targets.dtype == torch.float32
    assert torch.allclose(torch.nn.functional.avg_pool2d(images.targets, 2), images.inputs, atol=1e-6)


def test_validation_examples_are_not_trained_on():
    data = ready(n_val=50)
    assert not set(data.val_rows[0].tolist()) & set(data.train_rows[0].tolist())
    assert sum(len(b.targets) for b in data.val_dataloader()) == 50 and ready().val_dataloader() == []


def by_label(labels, generator, turn=0):
    """Not random at all: the examples in the order of their labels, turned by some places."""
    return labels.argsort(stable=True).roll(turn)


@pytest.mark.parametrize("seed", [3, [3, 8]])
def test_a_sampler_decides_the_order_within_each_epoch(seed):
    options = {"n_train": 40, "batch_size": 20, "sampler": f"{__name__}:by_label", "seed": seed}
    data = SeededData(**options, sampler_options={"turn": 8})
    data.setup()
    want = torch.arange(10).repeat_interleave(4).roll(8)
    batches = [data.train_dataloader().batch(step).targets for step in (0, 1, 4)]
    for got, part in zip(batches, (want[:20], want[20:], want[:20]), strict=True):
        assert (got == part).all()


def test_a_sampler_is_refused_where_there_are_no_labels_or_no_such_function():
    images = SeededData("super-resolution", n_train=40, sampler="torch:randperm")
    images.setup()
    with pytest.raises(ValueError, match="a sampler needs class labels, got sampler='torch:randperm'"):
        images.train_dataloader()
    unknown = SeededData(n_train=40, sampler="torch:nothing")
    unknown.setup()
    with pytest.raises(ValueError, match="sampler 'torch:nothing' cannot be imported"):
        unknown.train_dataloader()


def words():
    ids = torch.arange(80).reshape(20, 4)
    return Arrays(ids, LABELS[:20], ids, LABELS[:20], mean=9.0)


def test_identifiers_of_words_stay_whole_numbers():
    data = ready(data=f"{__name__}:words", n_train=10, batch_size=5)
    batches = [next(iter(data.train_dataloader())), next(iter(data.test_dataloader()[0]))]
    assert [batch.inputs.dtype for batch in batches] == [torch.int64] * 2
    assert torch.equal(batches[1].inputs, torch.arange(80).reshape(20, 4))


@pytest.mark.parametrize("stacked", [False, True])
def test_networks_may_be_measured_on_some_examples_drawn_at_random(stacked):
    seed = [3, 4] if stacked else 3
    few, all_ = (SeededData(n_train=300, n_val=80, label_noise=0.5, seed=seed, measured=n) for n in (40, None))
    for data in (few, all_):
        data.setup()
    parts = [[*data.test_dataloader(), data.val_dataloader()] for data in (few, all_)]
    for some, whole in zip(*parts, strict=True):
        (one,) = some
        whole = list(whole)
        side = 1 if whole[0].stacked else 0
        inputs = torch.cat([batch.inputs for batch in whole], side)
        targets = torch.cat([batch.targets for batch in whole], side)
        at = torch.randperm(inputs.shape[side], generator=stream(0, "measured"))[:40]
        assert torch.equal(one.inputs, inputs.index_select(side, at))
        assert torch.equal(one.targets, targets.index_select(side, at))
