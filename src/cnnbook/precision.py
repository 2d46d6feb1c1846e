"""Sums in single precision where the numbers are halves.

Half precision keeps 11 bits (float16, up to 65,504) or 8 (bfloat16). PyTorch's own layers therefore add up in single
precision and round once, at the end; what is written out here does the same. Single and double precision are left as
they are, operation by operation.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor

HALVES = (torch.float16, torch.bfloat16)


def single(x: Tensor) -> Tensor:
    """Halves as ``float32``; anything else as it is.

    Examples:
        >>> single(torch.ones(2, dtype=torch.bfloat16)).dtype, single(torch.ones(2, dtype=torch.float64)).dtype
        (torch.float32, torch.float64)
    """
    return x.float() if x.dtype in HALVES else x


def autocast_dtype(x: Tensor) -> torch.dtype | None:
    """What ``torch.autocast`` makes of a tensor before a layer that gains by it; None where it leaves it alone.

    Examples:
        >>> with torch.autocast("cpu", torch.bfloat16):
        ...     autocast_dtype(torch.ones(2)), autocast_dtype(torch.ones(2, dtype=torch.float64))
        (torch.bfloat16, None)
    """
    kind = x.device.type
    if not (torch.amp.is_autocast_available(kind) and torch.is_autocast_enabled(kind)):
        return None
    return torch.get_autocast_dtype(kind) if x.dtype in (*HALVES, torch.float32) else None


def without_autocast(x: Tensor) -> AbstractContextManager[Any]:
    """A ``with`` block in which what is done to ``x`` is done in its own precision.

    Examples:
        >>> with torch.autocast("cpu", torch.bfloat16), without_autocast(torch.ones(2)):
        ...     (torch.ones(2, 2) @ torch.ones(2, 2)).dtype
        torch.float32
    """
    kind = x.device.type
    if torch.amp.is_autocast_available(kind) and torch.is_autocast_enabled(kind):
        return torch.autocast(kind, enabled=False)
    return nullcontext()


def summed_in_single(operation: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Let an operation of two tensors compute halves in single precision and round its result once.

    Under ``torch.autocast`` both are rounded to its type first, whatever they were, and so is the result, as with
    ``torch.nn.functional.conv2d``.

    Examples:
        >>> dot = summed_in_single(lambda x, w: (x * w).sum())
        >>> x, w = torch.full((3,), 300.0).half(), torch.tensor([300.0, -300.0, 1.0]).half()
        >>> dot(x, w), (x * w).sum()  # 300 · 300 is beyond float16
        (tensor(300., dtype=torch.float16), tensor(nan, dtype=torch.float16))
    """

    @functools.wraps(operation)
    def rounded_once(input: Tensor, weight: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        both = isinstance(input, Tensor) and isinstance(weight, Tensor)  # what is none is refused by the operation
        kind = autocast_dtype(input) if both else None
        if kind is not None and weight.is_floating_point():
            input, weight = input.to(kind), weight.to(kind)
        if not both or input.dtype not in HALVES or weight.dtype != input.dtype:
            return operation(input, weight, *args, **kwargs)
        with without_autocast(input):
            return operation(input.float(), weight.float(), *args, **kwargs).to(input.dtype)

    return rounded_once
