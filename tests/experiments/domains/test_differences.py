"""The experiments of 5.17.2: their images, what is compared with what, and networks that train all seeds at once."""

from collections import Counter, defaultdict

import numpy as np
import pytest
import torch
from torch.func import functional_call, stack_module_state, vmap

from cnnbook.data.texts import sentiment
from cnnbook.domains.differences import shift
from cnnbook.domains.text import tokens
from cnnbook.evidence.experiment import RunOptions
from cnnbook.experiments.domains import _different_images as images
from cnnbook.experiments.domains import _neighbours as neighbours
from cnnbook.experiments.domains._neighbours import INFORMATION, NEIGHBOURS, Pixels, Symbols, drawn, sequences
from cnnbook.experiments.domains._symbols import SYMBOLS, symbol_scores
from cnnbook.experiments.domains.differences import ORDER, PADDING, SHIFTS, moved_scores
from cnnbook.training.networks import build


@pytest.mark.parametrize("one", [SHIFTS, PADDING, ORDER, SYMBOLS], ids=lambda one: one.name)
def test_a_quick_try_is_short_and_runs(quick_try, one):
    result = quick_try(one.name)
    assert all(0 <= value <= 100 for metric in one.metrics if metric.unit == "%" and "gap" not in metric.name
               for value in result.figures[one.baseline][metric.name])  # fmt: skip


def test_the_neighbours_are_measured_without_training(quick_try):
    result = quick_try(NEIGHBOURS.name, trained=[])
    assert all(value > 0.7 for value in result.of("photographs", "correlation", 1))


def test_the_information_is_measured_without_training(quick_try):
    figures = quick_try(INFORMATION.name, trained=[]).figures
    assert all(value > 30 for value in figures["garments"]["next"])
    assert all(0 < value < 4 for value in figures["words_shuffled"]["next"])


def test_a_shuffled_text_has_the_same_tokens_and_a_shuffled_image_the_same_levels():
    for data in ("en", "zh", "fashion-mnist-mini"):
        plain, shuffled = (sequences(Symbols(data, how), seed=3) for how in (False, True))
        assert sum(len(one) for one in plain) == sum(len(one) for one in shuffled)
        side = 28 if data == "fashion-mnist-mini" else 1  # rows of an image
        for start in range(0, 10 * side, side):
            one, other = (torch.cat(each[start : start + side]) for each in (plain, shuffled))
            assert torch.equal(one.sort().values, other.sort().values)
        assert any(not torch.equal(one, other) for one, other in zip(plain, shuffled, strict=True))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_commonest_tokens_are_symbols_and_all_others_one(lang):
    data, places = sentiment(lang), defaultdict(set)
    texts = [tokens(text) for text in data.train_texts + data.test_texts]
    for text, symbols in zip(texts, neighbours.numbered(lang), strict=True):
        for token, symbol in zip(text, symbols.tolist(), strict=True):
            places[symbol].add(token)
    counts, (rare, *others) = Counter(token for text in texts for token in text), sorted(places, reverse=True)
    assert all(len(places[symbol]) == 1 for symbol in others) and len(others) == 63
    assert min(counts[token] for symbol in others for token in places[symbol]) >= max(counts[t] for t in places[rare])


@pytest.mark.parametrize("config", [Symbols("fashion-mnist-mini"), Symbols("en"), Symbols("zh", shuffled=True)])
def test_the_share_is_what_pairs_within_one_sequence_say_by_their_counts(config):
    row = neighbours.measure_information(config, [4], RunOptions(accelerator="cpu"), None)
    found = [one.tolist() for one in sequences(config, 4)]
    for apart in (1, 2, 12):
        pairs = [pair for one in found for pair in zip(one, one[apart:], strict=False)]  # none from one to the next
        first, second, both = (entropy(counted) for counted in (*zip(*pairs, strict=True), pairs))
        assert row.curves["share"][apart] == [pytest.approx((first + second - both) / second, abs=1e-4)]
    assert row["next"] == row.curves["share"][1]


def entropy(values) -> float:
    """Of what was counted, in nats, with the correction of Miller and Madow."""
    counts = np.array(list(Counter(values).values()))
    total = counts.sum()
    return float(np.log(total) - (counts * np.log(counts)).sum() / total + (len(counts) - 1) / (2 * total))


def test_nothing_leaves_the_frame_and_each_image_comes_at_each_offset():
    data = images.moved_images()
    by_offset = images.by_change(data.test_inputs, len(images.OFFSETS))
    for offset in images.OFFSETS:
        assert torch.equal(by_offset[offset], shift(by_offset[0], right=offset, padding="zeros"))
        assert torch.equal(
            by_offset[offset].sum((1, 2, 3)).round(decimals=2), by_offset[0].sum((1, 2, 3)).round(decimals=2)
        )
    assert data.train_inputs.mean() == pytest.approx(data.mean, abs=1e-3)
    assert data.train_inputs.std() == pytest.approx(data.std, abs=1e-3)
    assert torch.equal(images.by_change(data.test_targets, len(images.OFFSETS))[3], data.test_targets[: images.TEST])


def test_a_quadrant_is_its_label_and_circular_padding_cannot_tell_it():
    data = images.quadrant_images()
    assert data.train_targets.bincount().tolist() == [1250] * 4
    for inputs, targets in ((data.train_inputs, data.train_targets), (data.test_inputs, data.test_targets)):
        ink = inputs.unflatten(2, (2, 16)).unflatten(4, (2, 16)).sum((1, 3, 5)).flatten(1)
        assert torch.equal(ink.argmax(1), targets) and (ink > 0).sum() == len(ink)
    four = images.by_change(data.test_inputs, 4)[:, :5]
    for arm, same in (("circular_max", True), ("circular_mean", True), ("zeros_max", False)):
        config = PADDING.arms[arm]
        with torch.no_grad():
            answers = torch.stack([build(config.network, dict(config.network_options), seed=1)(x) for x in four])
        assert torch.allclose(answers, answers[:1].expand_as(answers), atol=1e-5) == same


def test_an_order_is_one_for_all_or_one_for_each():
    plain, moved, each = (images.ordered_images(**how) for how in ({}, {"patch": 1}, {"patch": 7, "each": True}))
    assert torch.equal(plain.test_inputs, images.load("fashion-mnist-mini").test_images)
    counts = [one.train_inputs[:9].flatten(1).sort(1).values for one in (plain, moved, each)]
    assert torch.equal(counts[0], counts[1]) and torch.equal(counts[0], counts[2])
    dark = (plain.train_inputs == 0).float().mean(0).flatten()
    assert torch.equal(dark.sort().values, (moved.train_inputs == 0).float().mean(0).flatten().sort().values)
    assert not torch.equal(dark.sort().values, (each.train_inputs == 0).float().mean(0).flatten().sort().values)


def test_noise_and_replacement_are_as_large_as_they_say():
    data = images.symbol_images()
    changed = images.by_change(data.test_inputs, len(images.NOISE) + len(images.REPLACED))
    steps = (changed - changed[0]).abs()
    for place, most in enumerate(images.NOISE):
        assert steps[place].max() <= -(-most // 16) and (most == 0 or steps[place].max() > 0)
    for place, share in enumerate(images.REPLACED, len(images.NOISE)):
        assert (steps[place] > 0).float().mean() * 100 == pytest.approx(share * 15 / 16, rel=0.05)


def test_codings_hold_the_same_information():
    symbols = torch.arange(16.0).reshape(1, 1, 4, 4)
    numbers, shuffled, one_hot = (images.Coding(kind)(symbols) for kind in ("numbers", "shuffled", "one_hot"))
    assert torch.equal(numbers.flatten(), torch.linspace(-1, 1, 16))
    assert torch.equal(shuffled.flatten().sort().values, numbers.flatten()) and not torch.equal(shuffled, numbers)
    assert torch.equal(one_hot.argmax(1).flatten(), torch.arange(16)) and one_hot.sum() == 16


def test_scores_compare_a_decision_with_that_on_the_unchanged_image():
    n, offsets = images.TEST, len(images.OFFSETS)
    labels = torch.arange(10).repeat(n // 10)
    decisions = labels.repeat(offsets, 1)
    decisions[2] = (labels + 1) % 10
    decisions[3, : n // 2] = 0
    scores = moved_scores(torch.eye(10)[decisions.flatten()], labels.repeat(offsets))
    assert (scores["same_0"], scores["right_1"], scores["same_2"], scores["right_3"]) == pytest.approx((1, 1, 0, 0.55))
    assert scores["same"] == scores["moved"] == pytest.approx((6 + 0.55) / 8) and scores["unmoved"] == 1
    changes = len(images.NOISE) + len(images.REPLACED)
    kept = symbol_scores(torch.eye(10)[labels.repeat(changes)], labels.repeat(changes))
    assert set(kept.values()) == {1.0} and len(kept) == changes + 1


def test_photographs_are_cut_anew_by_each_seed():
    one, other = (drawn(Pixels("photographs"), seed) for seed in (0, 1))
    assert one.shape == (64, 1, 28, 28) and not torch.equal(one, other)
    moved = drawn(Pixels("photographs", permuted=True), 0)
    assert torch.equal(moved.flatten(1).sort(1).values, one.flatten(1).sort(1).values)


HOW = [{"down": down, "padding": "circular"} for down in ("max", "stride", "blur", "none")]
HOW += [{"down": "blur", "head": "flat"}, {"coding": "one_hot"}, {"padding": "reflect"}]


@pytest.mark.parametrize("options", HOW)
def test_all_seeds_at_once_compute_what_each_computes_alone(options):
    nets = [images.network(**options) for _ in range(3)]
    x = torch.randint(16, (3, 2, 1, 28, 28)).float()
    parameters, buffers = stack_module_state(nets)
    together = vmap(lambda p, b, x: functional_call(nets[0], (p, b), (x,)))(parameters, buffers, x)
    alone = torch.stack([net(batch) for net, batch in zip(nets, x, strict=True)])
    torch.testing.assert_close(together, alone, atol=1e-4, rtol=1e-4)
