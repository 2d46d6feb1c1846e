"""Values as a person reads them, and may paste."""

from __future__ import annotations

import inspect
from typing import Any

import torch
from torch import Tensor

MOST = 64  # numbers of a tensor that are shown


def shown(value: Any) -> str:
    """A value as Python code, its numbers to four digits; of a large tensor what it is and how it begins.

    Examples:
        >>> shown(torch.tensor([[1.0, 2.5], [0.0, 1 / 3]]))
        'tensor([[1, 2.5],\\n        [0, 0.3333]])'
        >>> shown(torch.tensor([1, 2])), shown(torch.ones(1, dtype=torch.float64)), shown((1, 0.1 + 0.2))
        ('tensor([1, 2])', 'tensor([1], dtype=float64)', '(1, 0.3)')
    """
    if isinstance(value, Tensor):
        return _tensor(value.detach())
    if isinstance(value, float):
        text = f"{value:.6g}"
        return f"{text}.0" if text.lstrip("-").isdigit() else text  # not to be taken for an int
    if isinstance(value, tuple | list):
        inside = ", ".join(map(shown, value))
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' if len(value) == 1 else ''})"
    if isinstance(value, torch.Generator):
        return f"torch.Generator().manual_seed({value.initial_seed()})"
    if inspect.isroutine(value):
        return getattr(value, "__name__", repr(value))
    text = repr(value)
    return text if len(text) <= 400 else f"{text[:400]}…"


def _tensor(value: Tensor) -> str:
    usual = value.dtype in (torch.float32, torch.int64, torch.bool)
    dtype = "" if usual else f", dtype={str(value.dtype).removeprefix('torch.')}"
    if value.numel() > MOST:
        first = ", ".join(_number(one) for one in value.flatten()[:6].tolist())
        return f"tensor of shape {tuple(value.shape)}{dtype}, which begins {first}, …"
    return f"tensor({_nested(value.tolist(), 8)}{dtype})"


def _nested(value: Any, column: int) -> str:
    """Lists within lists, the rows below each other."""
    if not isinstance(value, list):
        return _number(value)
    deep = any(isinstance(one, list) for one in value)
    between = f",\n{' ' * column}" if deep else ", "
    return f"[{between.join(_nested(one, column + 1) for one in value)}]"


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
