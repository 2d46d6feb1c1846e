"""What an answer gave is told from what it should have given."""

import math

import pytest
import torch

from cnnbook.exercises.comparing import difference

NAN = math.nan


@pytest.mark.parametrize(
    "value, right",
    [
        (None, None), (2, 2), (2.0, 2.0), (1 + 1e-7, 1.0), (math.inf, math.inf), (NAN, NAN), ("a", "a"), (True, True),
        ([1, 2], (1, 2)), ({"a": 1.0}, {"a": 1.0}), (torch.tensor(2.0), 2.0), (torch.zeros(0), torch.zeros(0)),
    ],
)  # fmt: skip
def test_what_is_right_is_right(value, right):
    assert difference(value, right) is None


@pytest.mark.parametrize(
    "value, right",
    [
        (3.0, math.inf), (math.inf, 3.0), (-math.inf, math.inf), (NAN, 1.0), (1.0, NAN), (1.0, None), (None, 1.0),
        (0, None), (1.0, 1), (True, 1), (1, True), ("b", "a"), ([1], [1, 2]), ({"a": 1.0}, {"a": 2.0}),
        (torch.tensor([3.0]), torch.tensor([math.inf])), (torch.zeros(2), torch.zeros(1, 2)),
        (torch.zeros(2).double(), torch.zeros(2)), ([[1, 2], [3, 5]], [[1, 2], [3, 4]]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(value, right):
    said = difference(value, right)
    assert said is not None and said.zh and said.en
