"""Whatever an answer gives, in the place of a number or a tensor, it is refused in a sentence and never a traceback."""

import pytest
import torch

from cnnbook.exercises.checking import examine
from cnnbook.exercises.registry import everything, find
from cnnbook.exercises.report import report

TENSORS = {  # what becomes of a tensor of the right shape
    "sparse": lambda x: x.to_sparse(),
    "meta": lambda x: x.to("meta"),
    "nested": lambda x: torch.nested.nested_tensor([x, x]),
    "quantised": lambda x: torch.quantize_per_tensor(x.float(), 0.1, 0, torch.quint8),
    "complex": lambda x: x.to(torch.complex64) * 1j,
    "tiny": lambda x: x.to(torch.float8_e4m3fn),
    "bool": lambda x: x.bool(),
    "nan": lambda x: torch.full_like(x, float("nan") if x.is_floating_point() else -1),
    "infinite": lambda x: torch.full_like(x, float("inf") if x.is_floating_point() else 1 << 40),
    "none of it": lambda x: x.new_zeros(0, *x.shape[1:]),
    "one": lambda x: x.new_ones(1),
}
NUMBERS = {  # of a number, where there is no tensor
    "sparse": lambda x: torch.tensor([x]).to_sparse(),
    "meta": lambda x: torch.tensor(x, device="meta"),
    "nested": lambda x: [[x]],
    "quantised": lambda x: "x",
    "complex": lambda x: 1j,
    "tiny": lambda x: -(10**5000),
    "bool": lambda x: not x,
    "nan": lambda x: float("nan"),
    "infinite": lambda x: 10**400,
    "none of it": lambda x: torch.ones(0),
    "one": lambda x: torch.ones(2),
}


CENTRAL = ("sparse", "nested", "tiny", "infinite")  # for exercises that compare, all in one place, these are enough
TRIED = [(name, how) for name, one in everything().items() for how in TENSORS if one.judge or how in CENTRAL]


def estranged(value, how):
    if isinstance(value, torch.Tensor):
        return TENSORS[how](value)
    if isinstance(value, tuple | list):
        return type(value)(estranged(one, how) for one in value)
    return NUMBERS[how](value) if isinstance(value, int | float) else object()


@pytest.mark.filterwarnings("ignore")  # prototypes of PyTorch's, which say so
@pytest.mark.parametrize(("name", "how"), TRIED)
def test_a_strange_result_is_refused(name, how):
    exercise = find(name)
    result = examine(exercise, lambda *given: estranged(exercise.solution(*given), how))
    assert not result.passed or how == "tiny", "some exercises take any floating dtype"
    for lang in ("zh", "en"):
        assert len(report(result, lang)) < 5000
