"""What functions ask of their arguments before they compute, and labels as vectors.

A wrong kind of thing is a ``TypeError``, a wrong value a ``ValueError``; the message says the rule and what broke it.
Values of tensors are looked at only where they can be, see `holds`: so all of it works under ``torch.func.vmap``,
``torch.compile`` and on the meta device.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Integral
from typing import Any

import torch
from torch import Tensor

Ints = int | Sequence[int]  # one int for every axis, or one int an axis: (vertical, horizontal)

Labels = Tensor | Sequence[int] | Any  # or a NumPy array of whole numbers, without NumPy at import

_LEAST = {
    "padding": 0,
    "output_padding": 0,
    "pixels": 0,
}  # every other number is a length, a step or a count: at least 1


def at_least_one(**sizes: float) -> None:
    """Refuse a number below 1, and what is none or infinite.

    Examples:
        >>> at_least_one(batch_size=0)
        Traceback (most recent call last):
        ValueError: batch_size must be at least 1, got batch_size=0
    """
    for name, value in sizes.items():
        if not 1 <= value < math.inf:
            raise ValueError(f"{name} must be at least 1, got {name}={value}")


def integer(name: str, value: Any) -> int:
    """Read one int that is not below the least its name allows. A bool is not an int."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be an int, got {value!r}")
    least = _LEAST.get(name, 1)
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {name}={value}")
    return int(value)


def per_axis(name: str, value: Any, axes: int) -> tuple[int, ...]:
    """Read an int, or one int an axis, as a tuple with one int an axis.

    Examples:
        >>> per_axis("stride", 2, axes=3), per_axis("padding", (0, 1), axes=2)
        ((2, 2, 2), (0, 1))
    """
    values = tuple(value) if is_sequence(value) else (value,)
    if len(values) not in (1, axes):
        raise ValueError(f"{name} must be an int or one int an axis, got {name}={value} with axes={axes}")
    values = tuple(integer(name, one) for one in values)
    return values if len(values) == axes else values * axes


def is_sequence(value: Any) -> bool:
    """Whether a setting is given axis by axis."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def feature_maps(what: str, maps: Tensor) -> None:
    """Refuse what is no batch of images or feature maps."""
    if maps.ndim != 4:
        raise ValueError(f"{what} must be (N, C, H, W), got shape {tuple(maps.shape)}")


def one_each(values: Tensor, images: Tensor, what: str) -> None:
    """Refuse anything but one value an image."""
    if values.shape != images.shape[:1]:
        raise ValueError(f"there must be one {what} an image, {len(images)}, got shape {tuple(values.shape)}")


def holds(rule: Tensor) -> bool:
    """Whether a rule for the values of tensors, given as booleans, holds everywhere, as far as one can look.

    One cannot look, and it is taken to hold, under ``torch.func.vmap`` and ``torch.compile``, on the meta device, and
    on a GPU, which would have to be waited for (and a CUDA graph cannot wait).

    Examples:
        >>> holds(torch.tensor([True, False])), holds(torch.zeros(2, device="meta") > 0)
        (False, True)
    """
    if torch.compiler.is_compiling() or rule.device.type != "cpu":
        return True
    try:
        return bool(rule.all())
    except RuntimeError:  # there is no public way to ask for a transformation; its tensors refuse to be numbers
        return True


def as_labels(labels: Labels) -> Tensor:
    """Labels of a data set as a tensor ``int64 (N,)``: from a tensor, an array or a list of whole numbers.

    Raises:
        ValueError: They are no whole numbers, not in one row, none, or one is negative.

    Examples:
        >>> as_labels([2, 0]).dtype, as_labels(torch.tensor([1], dtype=torch.uint8)).tolist()
        (torch.int64, [1])
        >>> as_labels([1, -1])
        Traceback (most recent call last):
        ValueError: labels must be at least 0, got -1
    """
    try:
        tensor = torch.as_tensor(labels)
    except (TypeError, ValueError, RuntimeError):  # whatever torch says of strings, objects and ragged lists
        raise ValueError(f"labels must be whole numbers (N,) from 0, got a {type(labels).__name__}") from None
    if (
        tensor.ndim != 1
        or not len(tensor)
        or tensor.is_floating_point()
        or tensor.is_complex()
        or tensor.dtype == torch.bool
    ):
        raise ValueError(f"labels must be whole numbers (N,) from 0, got {tensor.dtype} of shape {tuple(tensor.shape)}")
    tensor = tensor.to(torch.int64)
    if int(tensor.min()) < 0:
        raise ValueError(f"labels must be at least 0, got {int(tensor.min())}")
    return tensor


def in_range(labels: Tensor, classes: int, ignore_index: int | None = None) -> Tensor:
    """Refuse labels outside 0 … classes − 1, other than ``ignore_index``.

    Returns:
        Booleans of the labels' shape, True where a label is allowed, for those that could not be looked at, see
        `holds`: a loss there becomes NaN, so that it cannot pass over them.

    Raises:
        ValueError: A label is outside.

    Examples:
        >>> in_range(torch.tensor([0, 7]), classes=5)
        Traceback (most recent call last):
        ValueError: labels must be in 0…4, got 7
    """
    inside = (labels >= 0) & (labels < classes)
    if ignore_index is not None:
        inside = inside | (labels == ignore_index)
    if not holds(inside):
        other = "" if ignore_index is None else f" or ignore_index={ignore_index}"
        raise ValueError(f"labels must be in 0…{classes - 1}{other}, got {int(labels[~inside][0])}")
    return inside


def one_hot(labels: Tensor, classes: int, dtype: torch.dtype) -> Tensor:
    """Labels ``int64 (N,)`` as vectors ``(N, classes)`` with a one at the place of the class.

    Examples:
        >>> one_hot(torch.tensor([2, 0]), 3, torch.float32).tolist()
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    return (labels.unsqueeze(-1) == torch.arange(classes, device=labels.device)).to(dtype)
