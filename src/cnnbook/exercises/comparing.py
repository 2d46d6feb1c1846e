"""How a value differs from the right one, said in a sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any

import torch
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.showing import shown


def difference(value: Any, right: Any, tolerance: float = 1e-5) -> Text | None:
    """What a value has wrong; None where it is right.

    Tensors must have the right shape, dtype and numbers; whole numbers must be ints, other numbers may be of any real
    kind, a tensor with one number included; lists and tuples stand for each other.

    Args:
        value: What an answer gave.
        right: What it should have given: a tensor, a number, a bool, a string, None, or a sequence or dict of such.
        tolerance: How far a number may be off, by the largest of the right ones, and by 1 where that is less.

    Examples:
        >>> difference(2.0, 2).en
        'it must be an int, and is a float'
        >>> difference(torch.tensor([1.0, 2.5]), torch.tensor([1.0, 2.0])).en
        '1 of 2 numbers is wrong, the first at [1]: 2.5 where 2 is right'
    """
    if (kind := _wrong_kind(value, right)) is not None:
        return kind
    if isinstance(right, Tensor):
        return _of_tensors(value.detach(), right.detach(), tolerance)
    if isinstance(right, dict):
        return _of_dicts(value, right, tolerance)
    if _is_sequence(right):
        return _of_sequences(value, right, tolerance)
    if isinstance(right, Real) and not isinstance(right, Integral):
        value, right = _float(value), float(right)
        same = value == right or (value != value and right != right)
        if same or (math.isfinite(right) and abs(value - right) <= tolerance * max(1.0, abs(right))):
            return None
        value, right = f"{value:.6g}", f"{right:.6g}"
    elif value == right:
        return None
    return _must_be(_said(right), _said(value))


def _must_be(right: str, value: str) -> Text:
    return Text(zh=f"应当是 {right}，得到的是 {value}", en=f"it must be {right}, and is {value}")


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # an int with hundreds of digits
        return math.inf if value > 0 else -math.inf


def _said(value: Any) -> str:
    try:
        text = str(value)
    except Exception:  # Python writes out no int with thousands of digits
        return shown(value)
    return text if len(text) <= 400 else f"{text[:400]}…"


def _wrong_kind(value: Any, right: Any) -> Text | None:
    """What is wrong with the type of a value."""
    if _fits(value, right):
        return None
    wanted, came = _kind(right), _kind(value)
    numpy = isinstance(right, Tensor) and type(value).__module__ == "numpy"
    return Text(
        zh=f"应当是 {wanted}，得到的是 {came}" + ("；请用 torch 来算" if numpy else ""),
        en=f"it must be {_article(wanted)}, and is {_article(came)}" + (": compute with torch" if numpy else ""),
    )


def _fits(value: Any, right: Any) -> bool:
    """Whether a value is of the kind of the right one."""
    if isinstance(right, bool):
        return isinstance(value, bool)
    if isinstance(right, Integral):
        return isinstance(value, Integral) and not isinstance(value, bool)
    if isinstance(right, Real):
        one = isinstance(value, Tensor) and value.numel() == 1 and not value.is_complex()
        return one or (isinstance(value, Real) and not isinstance(value, bool))
    if _is_sequence(right):
        return _is_sequence(value)
    return isinstance(value, type(right))


def _is_sequence(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _kind(value: Any) -> str:
    return "torch.Tensor" if isinstance(value, Tensor) else type(value).__name__


def _article(word: str) -> str:
    return f"an {word}" if word[0] in "aeiouAEIOU" else f"a {word}"


def _of_tensors(value: Tensor, right: Tensor, tolerance: float) -> Text | None:
    if value.shape != right.shape:
        came, wanted = tuple(value.shape), tuple(right.shape)
        return Text(zh=f"形状应当是 {wanted}，得到的是 {came}", en=f"its shape must be {wanted}, and is {came}")
    if value.dtype != right.dtype:
        return Text(
            zh=f"dtype 应当是 {right.dtype}，得到的是 {value.dtype}",
            en=f"its dtype must be {right.dtype}, and is {value.dtype}",
        )
    if right.is_floating_point():
        limit = max(tolerance, 8 * torch.finfo(right.dtype).eps)
        finite = right.double().nan_to_num(0, 0, 0).abs()
        off = limit * max(1.0, float(finite.max()) if finite.numel() else 0.0)
        wrong = ~torch.isclose(value.double(), right.double(), rtol=0, atol=off, equal_nan=True)
    else:
        wrong = value != right
    if not wrong.any():
        return None
    if right.ndim == 0:
        return _must_be(_number(right), _number(value))
    first = wrong.nonzero()[0].tolist()
    count, came, wanted = int(wrong.sum()), _number(value[tuple(first)]), _number(right[tuple(first)])
    are = "is" if count == 1 else "are"
    return Text(
        zh=f"{right.numel()} 个数里有 {count} 个不对，第一个在 {first}：应当是 {wanted}，得到的是 {came}",
        en=f"{count} of {right.numel()} numbers {are} wrong, the first at {first}: {came} where {wanted} is right",
    )


def _number(value: Tensor) -> str:
    return f"{value.item():.6g}" if value.is_floating_point() else str(value.item())


def _of_sequences(value: Sequence[Any], right: Sequence[Any], tolerance: float) -> Text | None:
    if len(value) != len(right):
        return Text(
            zh=f"应当有 {len(right)} 项，得到 {len(value)} 项",
            en=f"it must have {len(right)} items, and has {len(value)}",
        )
    return next(filter(None, (_at(i, one, right[i], tolerance) for i, one in enumerate(value))), None)


def _of_dicts(value: dict[Any, Any], right: dict[Any, Any], tolerance: float) -> Text | None:
    if value.keys() != right.keys():
        wanted, came = sorted(map(str, right)), sorted(map(str, value))
        return Text(zh=f"键应当是 {wanted}，得到的是 {came}", en=f"its keys must be {wanted}, and are {came}")
    return next(filter(None, (_at(key, value[key], one, tolerance) for key, one in right.items())), None)


def _at(place: Any, value: Any, right: Any, tolerance: float) -> Text | None:
    """What is wrong with one item."""
    wrong = difference(value, right, tolerance)
    return wrong and Text(zh=f"[{place!r}] 这一项：{wrong.zh}", en=f"item [{place!r}]: {wrong.en}")
