"""A wrong dtype: what helps, and how values compare but for it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.comparing import difference

FLOAT32 = Text(
    zh="`torch.zeros` 这类函数不写 `dtype=`，得到的就是 float32；照参数的 dtype 来写。",
    en="`torch.zeros` and its like make float32 unless you pass `dtype=`: pass that of the argument.",
)
OTHER = Text(
    zh="数也许都对，类型不对：最后用 `.to(…)` 换成题目要的 dtype。",
    en="The numbers may be right, the type is not: end with `.to(…)`, to the dtype that is asked for.",
)


def dtype_hint(value: Any, right: Any, tolerance: float) -> Text | None:
    """What helps where the first thing wrong with a value, or within it, is a dtype; None where it is another."""
    if _differ(value, right):
        return FLOAT32 if (value.dtype, right.dtype) == (torch.float32, torch.float64) else OTHER
    if _both_sequences(value, right):
        pairs = zip(value, right, strict=True)
        return next((dtype_hint(one, ok, tolerance) for one, ok in pairs if difference(one, ok, tolerance)), None)
    return None


def cast(value: Any, like: Any) -> Any:
    """The value with the dtypes of another, where the two are otherwise of one kind and shape.

    Examples:
        >>> cast((1, torch.ones(1).double()), (2, torch.zeros(1)))
        (1, tensor([1.]))
    """
    if _differ(value, like):
        return value.to(like.dtype)
    if _both_sequences(value, like):
        return tuple(cast(one, other) for one, other in zip(value, like, strict=True))
    return value


def _differ(value: Any, right: Any) -> bool:
    """Whether two tensors of one shape have different dtypes."""
    both = isinstance(value, Tensor) and isinstance(right, Tensor)
    return both and value.shape == right.shape and value.dtype != right.dtype


def _both_sequences(value: Any, right: Any) -> bool:
    return isinstance(value, tuple | list) and isinstance(right, tuple | list) and len(value) == len(right)
