"""Values as a person reads them, and may paste."""

from __future__ import annotations

import inspect
from typing import Any

import torch
from torch import Tensor

MOST = 64  # numbers of a tensor, and items of a list, that are shown
DEEPEST = 8  # lists within lists


def shown(value: Any, depth: int = 0) -> str:
    """A value as Python code, its numbers to four digits; of what is large, what it is and how it begins.

    Examples:
        >>> shown(torch.tensor([[1.0, 2.5], [0.0, 1 / 3]]))
        'tensor([[1, 2.5],\\n        [0, 0.3333]])'
        >>> shown(torch.tensor([1, 2])), shown(torch.ones(1, dtype=torch.float64)), shown((1, 0.1 + 0.2))
        ('tensor([1, 2])', 'tensor([1], dtype=float64)', '(1, 0.3)')
        >>> shown(list(range(1000)))
        '[0, 1, 2, 3, 4, 5, … 1000 items]'
    """
    if isinstance(value, Tensor):
        return _tensor(value.detach())
    if isinstance(value, float):
        text = f"{value:.6g}"
        return f"{text}.0" if text.lstrip("-").isdigit() else text  # not to be taken for an int
    if isinstance(value, tuple | list):
        if depth == DEEPEST:
            return "…"
        many = len(value) > MOST
        inside = ", ".join(shown(one, depth + 1) for one in (value[:6] if many else value))
        inside += f", … {len(value)} items" if many else ""
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' if len(value) == 1 else ''})"
    if isinstance(value, torch.Generator):
        return f"torch.Generator().manual_seed({value.initial_seed()})"
    if inspect.isroutine(value):
        return getattr(value, "__name__", repr(value))
    try:
        text = repr(value)
    except Exception as error:  # of a class of the reader's own
        return f"<{type(value).__name__} whose repr raises {type(error).__name__}>"
    return text if len(text) <= 400 else f"{text[:400]}…"


def words(error: BaseException) -> str:
    """The kind of an error and what it says, as Python prints them.

    Examples:
        >>> words(ValueError("no")), words(ValueError())
        ('ValueError: no', 'ValueError')
    """
    kind = type(error).__name__
    try:
        return f"{kind}: {error}".strip().removesuffix(":")
    except Exception:  # of a class of the reader's own
        return kind


def _tensor(value: Tensor) -> str:
    usual = value.dtype in (torch.float32, torch.int64, torch.bool)
    dtype = "" if usual else f", dtype={str(value.dtype).removeprefix('torch.')}"
    if not is_plain(value):
        shape = "" if value.is_nested else f" of shape {tuple(value.shape)}"
        return f"tensor{shape}{dtype}, {kept(value)}"
    if value.numel() > MOST:
        first = ", ".join(_number(one) for one in value.flatten()[:6].tolist())
        return f"tensor of shape {tuple(value.shape)}{dtype}, which begins {first}, …"
    return f"tensor({_nested(value.tolist(), 8)}{dtype})"


def kept(value: Tensor) -> str:
    """How and where a tensor keeps its numbers.

    Examples:
        >>> kept(torch.zeros(2)), kept(torch.zeros(2).to_sparse()), kept(torch.zeros(2, device="meta"))
        ('strided on cpu', 'sparse_coo on cpu', 'strided on meta')
    """
    layout = str(value.layout).removeprefix("torch.")
    how = "nested" if value.is_nested else "quantized" if value.is_quantized else layout
    return f"{how} on {value.device.type}"


def is_plain(value: Tensor) -> bool:
    """Whether a tensor holds its numbers one by one, so that they can be read."""
    strange = value.is_nested or value.is_quantized or value.is_meta
    return value.layout == torch.strided and not strange


def _nested(value: Any, column: int) -> str:
    """Lists within lists, the rows below each other."""
    if not isinstance(value, list):
        return _number(value)
    deep = any(isinstance(one, list) for one in value)
    between = f",\n{' ' * column}" if deep else ", "
    return f"[{between.join(_nested(one, column + 1) for one in value)}]"


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
