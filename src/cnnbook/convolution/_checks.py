"""What the operations of this part ask of their arguments before they compute.

A wrong kind of thing is a ``TypeError``, a wrong value a ``ValueError``; the message says the rule and what broke it.
"""

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor

from cnnbook.checks import integer, is_sequence, per_axis

Axiswise = int  # of a rule under axis_by_axis: it reads one int, and is given what Ints says


def axis_by_axis(rule: Callable[..., Any]) -> Callable[..., Any]:
    """Let a rule written for one axis also take one int an axis, and then answer with a tuple.

    Inside the rule every argument is a plain int that has been checked.
    """
    signature = inspect.signature(rule)

    @functools.wraps(rule)
    def each_axis(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        arguments = bound.arguments
        lengths = [len(value) for value in arguments.values() if is_sequence(value)]
        axes = max([*lengths, 1])
        columns = [per_axis(name, value, axes) for name, value in arguments.items()]
        answers = tuple(rule(*values) for values in zip(*columns, strict=True))
        return answers if lengths else answers[0]

    return each_axis


def floating(**tensors: Any) -> None:
    """Insist on tensors of one floating dtype."""
    for name, tensor in tensors.items():
        if not isinstance(tensor, Tensor):
            raise TypeError(f"{name} must be a torch.Tensor, got {type(tensor).__name__}")
        if not tensor.is_floating_point():
            raise TypeError(f"{name} must have a floating dtype, got {tensor.dtype}")
    dtypes = [tensor.dtype for tensor in tensors.values()]
    if len(set(dtypes)) > 1:
        raise TypeError(f"{' and '.join(tensors)} must have the same dtype, got {' and '.join(map(str, dtypes))}")


def not_empty(name: str, shape: Sequence[int]) -> None:
    """Insist on a shape without a zero."""
    if 0 in shape:
        raise ValueError(f"{name} must have no axis of length 0, got shape {tuple(shape)}")


def transposed_weight(weight: Tensor, groups: Any) -> None:
    """Insist on a weight of a transposed convolution, along one axis to three, that splits into the groups."""
    shape = tuple(weight.shape)
    if len(shape) not in (3, 4, 5):
        raise ValueError(f"weight must be (C_in, C_out / groups, k), with kH, kW or with kD, kH, kW, got shape {shape}")
    not_empty("weight", shape)
    if shape[0] % integer("groups", groups):
        raise ValueError(f"C_in of the weight must be divisible by groups, got C_in={shape[0]} with groups={groups}")


def transposed_input(input: Tensor, weight: Tensor) -> None:
    """Insist on an input that the weight can work on, be it a batch or not."""
    axes = {3: "L", 4: "H, W", 5: "D, H, W"}.get(weight.dim())
    if axes is None:
        return  # the weight itself is refused elsewhere
    if input.dim() not in (weight.dim() - 1, weight.dim()):
        raise ValueError(f"input must be (C_in, {axes}) or (N, C_in, {axes}), got shape {tuple(input.shape)}")
    channels = input.shape[1 - weight.dim()]
    if channels != weight.shape[0]:
        raise ValueError(f"input must have the weight's C_in={weight.shape[0]} channels, got {channels}")
