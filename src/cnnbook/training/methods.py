"""What may be done to a run beside its loss, and measured beside the usual, each by name.

A name is ``"package.module:function"``; a function given instead of a name is replaced by its name.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from cnnbook.names import Named, check_options, name_of, resolve

Weights = dict[str, Tensor]


@dataclass(frozen=True)
class Methods:
    """What is done beside the loss, and measured beside the usual.

    Attributes:
        augment: A class or function that makes an ``nn.Module`` with ``forward(inputs, targets)``, which returns the
            changed pair; only training sees it. It draws through ``cnnbook.randomness.RandomLayer``.
        augment_options: Arguments of it.
        penalty: A function of the parameters (a table of tensors by name) to one number, added to the training loss.
        penalty_options: Arguments of it.
        constraint: A function of the parameters to those that it changes, applied after every step of the optimiser.
        constraint_options: Arguments of it.
        scores: Functions of outputs ``(N, …)`` and targets ``(N, …)`` to further numbers by name, measured wherever
            accuracy is. NaN where the outputs are not finite.
        weight_scores: Functions of parameters and buffers, a table by name, to further numbers by name.

    Examples:
        >>> import math
        >>> Methods(penalty=math.fsum).penalty
        'math:fsum'
    """

    augment: Named = ""
    augment_options: Mapping[str, Any] = field(default_factory=dict)
    penalty: Named = ""
    penalty_options: Mapping[str, Any] = field(default_factory=dict)
    constraint: Named = ""
    constraint_options: Mapping[str, Any] = field(default_factory=dict)
    scores: Sequence[Named] = ()
    weight_scores: Sequence[Named] = ()

    def __post_init__(self) -> None:
        for place in ("augment", "penalty", "constraint"):
            object.__setattr__(self, place, name_of(getattr(self, place)))
        for place in ("scores", "weight_scores"):
            object.__setattr__(self, place, tuple(name_of(one) for one in getattr(self, place)))

    def function(self, place: str) -> Callable[..., Any] | None:
        """The function of ``"augment"``, ``"penalty"`` or ``"constraint"``, its options filled in; None without one.

        Raises:
            ValueError: There is no such function, or it does not take one of the options.
        """
        name, options = getattr(self, place), getattr(self, f"{place}_options")
        if not name:
            return None
        function = resolve(name, {}, place)
        check_options(f"{place}_options", options, function)
        return functools.partial(function, **options)

    def functions(self, place: str) -> list[Callable[..., dict[str, float]]]:
        """The functions of ``"scores"`` or ``"weight_scores"``.

        Raises:
            ValueError: There is no such function.
        """
        return [resolve(name, {}, place) for name in getattr(self, place)]
