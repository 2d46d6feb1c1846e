"""Images are moved as a loop over their pixels moves them, all alike or each by its own; what cannot be is refused."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.func import vmap

from cnnbook.geometry import receptive_field, shift

MOVES = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=4)


@given(MOVES, st.sampled_from(["circular", "zeros"]), st.sampled_from([torch.float64, torch.uint8, torch.int64]))
def test_each_by_its_own_is_all_alike_one_by_one(moves, padding, dtype):
    images = torch.arange(len(moves) * 2 * 20).reshape(-1, 2, 4, 5).to(dtype)
    down, right = torch.tensor(moves).unbind(1)
    moved = shift(images, down, right, padding, fill=7.0)
    assert moved.dtype == dtype
    assert torch.equal(moved, torch.stack([shift(x, *by, padding, 7) for x, by in zip(images, moves, strict=True)]))
    for one, image, (d, r) in zip(moved, images, moves, strict=True):
        for i in range(4):
            for j in range(5):
                inside = 0 <= i - d < 4 and 0 <= j - r < 5
                expected = (
                    image[:, (i - d) % 4, (j - r) % 5] if inside or padding == "circular" else torch.full((2,), 7)
                )
                assert one[:, i, j].tolist() == expected.tolist()


def test_it_works_for_many_networks_at_once():
    images, by = torch.rand(3, 4, 1, 5, 5), torch.randint(-2, 3, (3, 4))
    moved = vmap(lambda x, d: shift(x, d, d, "zeros", fill=0.5))(images, by)
    assert torch.equal(moved, torch.stack([shift(x, d, d, "zeros", 0.5) for x, d in zip(images, by, strict=True)]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shift(torch.ones(1, 2, 2), padding="same"), "must be 'circular' or 'zeros', got 'same'"),
        (lambda: shift(torch.ones(2, 2, 2), torch.tensor([1])), r"one shift an image, 2, got shape \(1,\)"),
        (lambda: receptive_field([(3, 1, 0)]), "dilation must be at least 1, got dilation=0"),
    ],
)
def test_what_cannot_be_is_refused_with_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()
