"""Dropout, Dropout2d and DropBlock: by hand, over all masks, and against each other under the same random numbers."""

import itertools
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from cnnbook.generalisation.dropout import (
    DropBlock2d,
    Dropout,
    Dropout2d,
    block_gamma,
    block_mask,
    drop_block,
    drop_probability,
    drop_rate,
    dropout,
)
from cnnbook.randomness import seed_layers, set_step

LAYERS = [Dropout(0.4), Dropout2d(0.4), DropBlock2d(0.4, block_size=2)]
IDS = ["dropout", "dropout2d", "dropblock"]
sizes = st.integers(2, 6)


def maps(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def masks(*shape):
    """Every mask of a shape, with the number of its zeros."""
    count = math.prod(shape)
    for bits in itertools.product([True, False], repeat=count):
        yield torch.tensor(bits).reshape(shape), count - sum(bits)


def test_a_hidden_layer_worked_by_hand():
    x = torch.tensor([[2.0, -1.0, 4.0, 3.0]])
    keep = torch.tensor([[True, True, False, True]])
    assert dropout(x, p=0.2, mask=keep).tolist() == [[2.5, -1.25, 0.0, 3.75]]


@pytest.mark.parametrize("p", [0.1, 0.25, 0.5, 0.9])
def test_the_mean_over_all_masks_is_the_input(p):
    x = maps(1, 5)
    mean = sum(p**zeros * (1 - p) ** (5 - zeros) * dropout(x, p, mask) for mask, zeros in masks(1, 5))
    torch.testing.assert_close(mean, x)
    not_rescaled = sum(p**zeros * (1 - p) ** (5 - zeros) * x * mask for mask, zeros in masks(1, 5))
    torch.testing.assert_close(not_rescaled, (1 - p) * x)


def test_its_variance_grows_with_p():
    p, x = 0.3, maps(1, 4)
    square = sum(p**zeros * (1 - p) ** (4 - zeros) * dropout(x, p, mask) ** 2 for mask, zeros in masks(1, 4))
    torch.testing.assert_close(square - x**2, x**2 * p / (1 - p))


def test_it_is_torchs_dropout_under_torchs_mask():
    x = maps(50, 20) + 5.0
    torch.manual_seed(3)
    theirs = F.dropout(x, 0.3)
    torch.testing.assert_close(dropout(x, 0.3, mask=theirs != 0), theirs)


def test_a_mask_drawn_has_about_p_zeros():
    torch.manual_seed(0)
    y = dropout(torch.ones(100_000), p=0.3)
    assert abs(float((y == 0).double().mean()) - 0.3) < 5 * math.sqrt(0.3 * 0.7 / 100_000)


@pytest.mark.parametrize("layer", LAYERS, ids=IDS)
def test_evaluation_gives_the_input_itself(layer):
    x = maps(2, 3, 4, 4)
    assert layer.eval()(x) is x
    assert not torch.equal(layer.train()(x), x)
    assert dropout(x, 0.4, training=False) is x and drop_block(x, 0.4, 2, training=False) is x


@pytest.mark.parametrize("layer", [Dropout(0.0), Dropout2d(0.0), DropBlock2d(0.0, 2)], ids=IDS)
def test_p_zero_changes_nothing(layer):
    x = maps(2, 3, 4, 4)
    assert torch.equal(layer(x), x)


def test_dropout2d_masks_whole_channels():
    y = seed_layers(Dropout2d(0.5), seed=4)(torch.ones(16, 8, 3, 5))
    channels = y.flatten(2)
    assert (channels == channels[..., :1]).all()
    assert set(y.unique().tolist()) == {0.0, 2.0}


# DropBlock.


def test_two_blocks_by_hand():
    corners = torch.zeros(1, 1, 3, 3, dtype=torch.bool)
    corners[0, 0, 0, 1] = corners[0, 0, 1, 2] = True
    keep = block_mask(corners, block_size=2)
    assert keep[0, 0].int().tolist() == [[1, 0, 0, 1], [1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 1]]
    # seven of sixteen fall: the two blocks share one element
    torch.testing.assert_close(drop_block(torch.ones(1, 1, 4, 4), 0.1, 2, keep), keep.float() * 16 / 9)


@settings(max_examples=60)
@given(sizes, sizes, st.data())
def test_every_corner_zeroes_exactly_its_square(height, width, data):
    size = data.draw(st.integers(1, min(height, width)))
    corners = torch.tensor(
        data.draw(
            st.lists(
                st.booleans(),
                min_size=(height - size + 1) * (width - size + 1),
                max_size=(height - size + 1) * (width - size + 1),
            )
        )
    ).reshape(1, 1, height - size + 1, width - size + 1)
    expected = torch.ones(1, 1, height, width, dtype=torch.bool)
    for row, column in corners[0, 0].nonzero().tolist():
        expected[0, 0, row : row + size, column : column + size] = False
    assert torch.equal(block_mask(corners, size), expected)


@given(st.floats(0, 0.99), sizes, sizes, st.data())
def test_gamma_is_as_the_paper_has_it_and_never_above_p(p, height, width, data):
    size = data.draw(st.integers(1, min(height, width)))
    gamma = block_gamma(p, size, height, width)
    assert gamma * size**2 * (height - size + 1) * (width - size + 1) == pytest.approx(p * height * width)
    assert gamma <= p + 1e-12
    # the share of zeros, were blocks never to overlap
    assert float(drop_probability(p, size, height, width).mean()) <= p + 1e-12


@pytest.mark.parametrize(("height", "width", "size"), [(3, 3, 2), (4, 3, 2), (3, 4, 3)])
def test_the_probability_of_falling_over_all_corners(height, width, size):
    p = 0.3
    gamma = block_gamma(p, size, height, width)
    expected = torch.zeros(height, width, dtype=torch.float64)
    for kept, zeros in masks(1, 1, height - size + 1, width - size + 1):
        weight = gamma**zeros * (1 - gamma) ** (kept.numel() - zeros)
        expected += weight * ~block_mask(~kept, size)[0, 0]
    torch.testing.assert_close(drop_probability(p, size, height, width), expected)


@given(st.floats(0.05, 0.9), st.integers(3, 9), st.data())
def test_the_share_of_zeros_is_p_only_where_blocks_cannot_overlap(p, side, data):
    size = data.draw(st.integers(1, side))
    share = float(drop_probability(p, size, side, side).mean())
    if size in (1, side):
        assert share == pytest.approx(p)
    else:
        assert share < p - 1e-6


def test_edges_fall_more_seldom_than_the_middle():
    share = drop_probability(0.2, 3, 7, 7)
    assert share[0, 0] < share[0, 3] < share[3, 3]
    torch.testing.assert_close(share, share.flip(0))
    torch.testing.assert_close(share, share.T)


def test_what_is_drawn_falls_that_often():
    layer = seed_layers(DropBlock2d(0.3, block_size=3), seed=1)
    fallen = (layer(torch.ones(4000, 1, 6, 6)) == 0).double().mean(0)[0]
    assert (fallen - drop_probability(0.3, 3, 6, 6)).abs().max() < 5 * math.sqrt(0.25 / 4000)


def test_each_example_keeps_its_mean():
    layer = seed_layers(DropBlock2d(0.3, block_size=2), seed=1)
    y = layer(torch.ones(8, 4, 6, 6, dtype=torch.float64))
    torch.testing.assert_close(y.mean((1, 2, 3)), torch.ones(8, dtype=torch.float64))
    assert len({float(example.max()) for example in y}) > 1  # each by its own share


def test_an_example_of_which_nothing_is_left_is_zero():
    y = drop_block(torch.ones(2, 1, 2, 2), 0.5, 2, mask=torch.tensor([False, True]).view(2, 1, 1, 1).expand(2, 1, 2, 2))
    assert y.flatten(1).tolist() == [[0.0] * 4, [1.0] * 4]


def test_blocks_of_one_element_are_dropouts_mask():
    x = torch.ones(4, 3, 5, 5)
    blocks, elements = (seed_layers(layer, seed=9)(x) for layer in (DropBlock2d(0.4, block_size=1), Dropout(0.4)))
    assert torch.equal(blocks == 0, elements == 0) and 0 < int((blocks == 0).sum()) < x.numel()


def test_blocks_of_the_whole_map_are_dropout2ds_mask():
    x = torch.ones(4, 3, 5, 5)
    blocks, channels = (seed_layers(layer, seed=9)(x) for layer in (DropBlock2d(0.4, block_size=5), Dropout2d(0.4)))
    assert torch.equal(blocks == 0, channels == 0) and 0 < int((blocks == 0).sum()) < x.numel()


# Reproducible in the book's seeded runs.


@pytest.mark.parametrize("layer", LAYERS, ids=IDS)
def test_a_step_draws_the_same_again_and_another_step_something_else(layer):
    x = torch.ones(4, 3, 6, 6)
    seed_layers(layer.train(), seed=5)
    first = layer(x)
    assert torch.equal(first, layer(x))
    set_step(layer, 1)
    assert not torch.equal(first, layer(x))
    set_step(layer, 0, row=2)
    assert torch.equal(first[2:], layer(x[2:]))  # the second half of a batch, on a process of its own


@pytest.mark.parametrize(
    ("network", "inputs"),
    [(lambda: Dropout2d(0.3), (3, 4, 5, 5)), (lambda: DropBlock2d(0.3, 2), (3, 4, 5, 5))],
    ids=IDS[1:],
)
def test_unseeded_it_draws_from_torchs_generator(network, inputs):
    layer, x = network(), torch.ones(inputs)
    torch.manual_seed(1)
    first, second = layer(x), layer(x)
    torch.manual_seed(1)
    assert torch.equal(first, layer(x)) and not torch.equal(first, second)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dropout(torch.ones(2), 1.0), r"in \[0, 1\), got p=1.0"),
        (lambda: dropout(torch.ones(2), -0.1), r"in \[0, 1\), got p=-0.1"),
        (lambda: DropBlock2d(1.5), r"in \[0, 1\), got p=1.5"),
        (lambda: Dropout2d(float("nan")), r"in \[0, 1\), got p=nan"),
        (lambda: dropout(torch.ones(2, dtype=torch.int64)), "must be of floats, got torch.int64"),
        (lambda: dropout(torch.ones(2), mask=torch.ones(2)), "a mask must be of booleans.* got torch.float32"),
        (lambda: drop_block(torch.ones(3, 4, 4)), r"feature maps must be \(N, C, H, W\), got shape \(3, 4, 4\)"),
        (lambda: Dropout2d()(torch.ones(3, 4)), r"feature maps must be \(N, C, H, W\), got shape \(3, 4\)"),
        (lambda: DropBlock2d()(torch.ones(3, 4)), r"feature maps must be \(N, C, H, W\), got shape \(3, 4\)"),
        (lambda: drop_probability(0.1, 5, 4, 9), "in 1…4 to fit into a map of 4×9, got block_size=5"),
        (lambda: DropBlock2d(0.1, 0), "block_size must be at least 1, got block_size=0"),
        (lambda: drop_block(torch.ones(1, 1, 4, 9), block_size=0), "in 1…4 to fit into a map of 4×9, got block_size=0"),
        (lambda: drop_rate(1.0, 0, 9), r"in \[0, 1\), got p=1.0"),
        (lambda: drop_rate(0.1, -1, 9), "step must be at least 0, got step=-1"),
        (lambda: drop_rate(0.1, 0, 0), "total must be at least 1, got total=0"),
        (lambda: block_gamma(0.1, 0, 4, 4), "in 1…4 to fit into a map of 4×4, got block_size=0"),
    ],
)
def test_what_cannot_be_is_refused_with_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_on_a_small_map_a_block_is_as_large_as_the_map_allows():
    x = torch.ones(64, 3, 2, 5)
    large, fitting = (seed_layers(DropBlock2d(0.4, size), seed=3)(x) for size in (7, 2))
    assert torch.equal(large, fitting) and (large == 0).any()
    torch.manual_seed(0)
    found = drop_block(x, 0.4, 7)
    torch.manual_seed(0)
    assert torch.equal(found, drop_block(x, 0.4, 2))
    assert DropBlock2d(0.1, 7).eval()(x) is x


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("size", [3, 4])
def test_a_large_map_of_halves_keeps_its_mean(dtype, size):
    """64 × 56 × 56 is more than float16 counts to."""
    x = torch.ones(2, 64, 56, 56)
    exact = seed_layers(DropBlock2d(0.2, size), seed=1)(x)
    for half in (
        seed_layers(DropBlock2d(0.2, size), seed=1).to(dtype)(x.to(dtype)),
        drop_block(x.to(dtype), 0.2, size, mask=exact != 0),
    ):
        assert half.dtype == dtype and torch.equal(half == 0, exact == 0)
        torch.testing.assert_close(half.float(), exact, rtol=torch.finfo(dtype).eps, atol=0)


def test_the_share_of_zeros_rises_in_a_straight_line():
    layer, shares = seed_layers(DropBlock2d(0.4, 1), seed=0), []
    for step in range(0, 151, 50):
        layer.p = drop_rate(0.4, step, total=100)
        shares.append(float((layer(torch.ones(200, 1, 10, 10)) == 0).float().mean()))
    assert shares == pytest.approx([0.0, 0.2, 0.4, 0.4], abs=0.02)


def test_a_mask_or_corners_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"a mask must fit the shape \(3,\), got \(2, 3\)"):
        dropout(torch.ones(3), mask=torch.ones(2, 3, dtype=torch.bool))
    with pytest.raises(ValueError, match="corners must be"):
        block_mask(torch.zeros(1, 2, 3, dtype=torch.bool), 2)


def test_nothing_kept_of_many_halves_is_zero():
    x = torch.ones(1, 1, 256, 257).half()
    assert not drop_block(x, mask=torch.zeros(1, 1, 256, 257, dtype=torch.bool)).any()
