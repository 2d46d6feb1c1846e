"""The experiment of 5.17.4: what its orders do to a text, and that the seeds at once are the single runs."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
import torch

from cnnbook.experiments.domains.text import EXPERIMENT, LENGTH, ORDERS, REACH, blocks, reviews, texts
from cnnbook.randomness import stream
from cnnbook.training.engines import train_seeds
from cnnbook.training.networks import build

ARMS = EXPERIMENT.arms


def test_a_quick_try_is_short_and_runs(quick_try):
    result = quick_try("domains/text")
    assert all(20 < value < 90 for value in result.figures["zh_bag"]["test_accuracy"])


@pytest.mark.parametrize("order", ORDERS)
def test_an_order_keeps_the_words_of_every_text(order):
    text = [str(number) for number in range(20)]
    moved = ORDERS[order](text, stream(1, "test"))
    assert sorted(moved, key=int) == text and (moved == text) == (order == "natural")
    inside = [Counter(moved[start : start + REACH]) for start in range(0, 20, REACH)]
    whole = [Counter(block) for block in blocks(text)]
    assert (inside == whole) == (order in ("natural", "inside"))  # nothing leaves its block of three
    pairs = {(one, other) for block in blocks(text) for one, other in pairwise(block)}
    assert (pairs <= set(pairwise(moved))) == (order in ("natural", "blocks"))


def test_only_the_order_of_words_differs_between_arms():
    natural, shuffled, read = texts("zh"), texts("zh", "shuffled", "shuffled"), texts("zh", "natural", "shuffled")
    assert torch.equal(natural.train_targets, shuffled.train_targets)
    assert torch.equal(natural.train_inputs, read.train_inputs) and torch.equal(shuffled.test_inputs, read.test_inputs)
    short = (natural.train_inputs == 0).any(-1)  # what was not cut has the same words
    same = natural.train_inputs.sort(-1).values == shuffled.train_inputs.sort(-1).values
    assert same[short].all() and (natural.train_inputs != shuffled.train_inputs).any(-1).double().mean() > 0.95


@pytest.mark.parametrize("lang", LENGTH)
def test_few_texts_are_cut_and_numbers_are_those_of_the_training_texts(lang):
    train, test, numbers = reviews(lang)
    data = texts(lang)
    assert data.train_inputs.shape == (4400, LENGTH[lang]) and data.train_inputs.dtype == torch.int64
    assert sum(len(text) > LENGTH[lang] for text in train + test) < 0.02 * 6400
    assert data.train_inputs.max() == len(numbers) + 1 >= data.test_inputs.max()
    assert set(numbers) <= {token for text in train for token in text}


def test_the_arms_that_are_compared_have_as_many_filters():
    for lang in LENGTH:
        three, widths = (build(c.network, c.network_options) for c in (ARMS[f"{lang}_three"], ARMS[f"{lang}_widths"]))
        assert three.head.in_features == widths.head.in_features
        assert three.embedding.weight.shape == widths.embedding.weight.shape


@pytest.mark.parametrize("name", ["zh_bag", "en_widths", "en_parts"])
def test_the_seeds_at_once_end_where_single_runs_end(name):
    config = replace(ARMS[name], n_train=200, steps=5)
    together, alone = (train_seeds(config, [3, 8], engine=e, accelerator="cpu") for e in ("ensemble", "processes"))
    assert together["test_nll"] == pytest.approx(alone["test_nll"], rel=1e-5)
    assert together["test_nll"][0] != together["test_nll"][1]
