"""Whether a gradient goes back through an answer, and the right one, where a case has tensors that require one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.comparing import difference
from cnnbook.exercises.exercise import Fault

CUT_OFF = Text(
    zh="数值对了，可梯度断了：`.item()`、`.data` 和 `torch.tensor(…)` 都会把它与参数隔开。",
    en="The value is right, but its gradient is cut off: `.item()`, `.data` and `torch.tensor(…)` part it from the "
    "parameters.",
)

Gradients = dict[str, Tensor]


def leaves(arguments: Mapping[str, Any]) -> dict[str, Tensor]:
    """The tensors among arguments that require a gradient, those within a dict as well, by name.

    Examples:
        >>> x = torch.ones(1, requires_grad=True)
        >>> list(leaves({"x": x, "table": {"w": x, "b": torch.ones(1)}, "n": 3}))
        ['x', "table['w']"]
    """
    flat = dict(arguments)
    for name, value in arguments.items():
        if isinstance(value, dict):
            flat |= {f"{name}[{key!r}]": one for key, one in value.items()}
    return {name: one for name, one in flat.items() if isinstance(one, Tensor) and one.requires_grad}


def gradients(value: Tensor, by: Mapping[str, Tensor]) -> Gradients | None:
    """The gradient of a value with respect to each of some tensors; None where it reaches none of them."""
    try:
        found = torch.autograd.grad(value.sum(), list(by.values()), allow_unused=True)
    except RuntimeError:  # nothing requires a gradient, or the answer has gone back already and freed the graph
        return None
    if all(one is None for one in found):
        return None
    pairs = zip(by.items(), found, strict=True)
    return {name: torch.zeros_like(leaf) if one is None else one for (name, leaf), one in pairs}


def gradient_fault(came: Gradients | None, right: Gradients) -> Fault | None:
    """What is wrong with the gradients of an answer that gives the right value."""
    if came is None:
        rule = Text(zh="结果要能求导，可梯度传不回参数", en="it must be differentiable, and no gradient goes back")
        return Fault(rule, hint=CUT_OFF)
    for name, wanted in right.items():
        if wrong := difference(came[name], wanted):
            rule = Text(zh=f"对 {name} 的梯度：{wrong.zh}", en=f"the gradient with respect to {name}: {wrong.en}")
            return Fault(rule, came=came[name], expected=wanted)
    return None
