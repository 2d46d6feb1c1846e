"""The configuration of a training run: plain values, so that a result file can hold all of it.

A network, a loss or a data source is a name from the book's own tables or ``"package.module:function"``; a function
given instead of a name is replaced by its name. ``to_json`` and ``from_json`` are exact inverses.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import numpy as np

from cnnbook.names import Named, name_of, one_of
from cnnbook.training.methods import Methods

Progress = Callable[[int, int], None]  # is told (steps done, steps in all)

OPTIMIZERS = ("adam", "adamw", "sgd")
SCHEDULES = ("constant", "cosine", "linear", "plateau")
TASKS = ("classification", "regression")


@dataclass(frozen=True)
class Optimizer:
    """How the weights follow the gradient.

    Attributes:
        name: ``"adam"`` (decay added to the gradient), ``"adamw"`` (decay apart from it) or ``"sgd"``.
        lr: Learning rate at its highest.
        weight_decay: Weight decay, as the optimiser of that name in PyTorch understands it.
        momentum: Of ``"sgd"`` alone.
        schedule: ``"constant"``; from ``lr`` down to 0 over the run: ``"cosine"``, ``"linear"``; ``"plateau"``, smaller
            whenever the validation loss has not fallen for some epochs, as PyTorch's ``ReduceLROnPlateau``; or a
            function or its name ``"package.module:function"``, called as ``function(step, total,
            **schedule_options)``, which returns the rate of the step (from 0) as a share of ``lr``.
        schedule_options: Arguments of that function, or of ``ReduceLROnPlateau``.
        warmup: Steps over which the rate first rises, linearly, to ``lr``; then the schedule begins.

    Raises:
        ValueError: A value is outside its range; the message names it.

    Examples:
        >>> Optimizer("sgd", lr=-1.0)
        Traceback (most recent call last):
        ValueError: the learning rate must be positive and finite, got lr=-1.0
    """

    name: str = "adam"
    lr: float = 2e-3
    weight_decay: float = 0.0
    momentum: float = 0.9
    schedule: Named = "constant"
    schedule_options: Mapping[str, Any] = field(default_factory=dict)
    warmup: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "schedule", name_of(self.schedule))
        for name in ("lr", "weight_decay", "momentum"):  # NumPy's numbers as Python's, which a checkpoint can hold
            value = getattr(self, name)
            if isinstance(value, np.generic):
                object.__setattr__(self, name, value.item())
        one_of("optimizer", self.name, OPTIMIZERS)
        if ":" not in self.schedule:
            one_of("schedule", self.schedule, SCHEDULES)
        if self.schedule_options and self.schedule in ("constant", "cosine", "linear"):
            raise ValueError(f"schedule {self.schedule!r} has no options, got {dict(self.schedule_options)}")
        if self.schedule == "plateau" and self.warmup:
            raise ValueError(f"a schedule that waits for a plateau cannot warm up, got warmup={self.warmup}")
        if not (self.lr > 0 and math.isfinite(self.lr)):
            raise ValueError(f"the learning rate must be positive and finite, got lr={self.lr}")
        for name in ("weight_decay", "momentum"):
            if not 0 <= getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be at least 0 and finite, got {getattr(self, name)}")
        if self.warmup < 0 or not float(self.warmup).is_integer():
            raise ValueError(f"warmup must be a whole number of steps, at least 0, got {self.warmup}")


@dataclass(frozen=True)
class TrainConfig:
    """One arm of an experiment: everything but the seed.

    Attributes:
        network: A name of ``cnnbook.training.networks`` or ``"package.module:function"``.
        network_options: Arguments of that function.
        task: ``"classification"`` or ``"regression"`` (images).
        data: A source of ``cnnbook.data.sources``.
        data_options: Arguments of that source.
        n_train: Training examples that each seed draws; None for all.
        n_val: Validation examples that each seed draws.
        class_counts: Training examples of each class, instead of ``n_train``.
        label_noise: Share of the training labels replaced by another class, 0…1.
        batch_size: Examples a step.
        sampler: Order of the examples: evenly shuffled by default, or ``"package.module:function"``, see
            ``cnnbook.data.module.SeededData``.
        sampler_options: Arguments of that function.
        steps: Budget in steps of the optimiser, or
        epochs: in passes over the training examples (rounded up to whole steps). Exactly one of the two.
        optimizer: How the weights follow the gradient.
        loss: A name of ``cnnbook.training.losses`` or ``"package.module:function"``.
        loss_options: Arguments of that function.
        methods: What is done beside the loss, and measured beside the usual.
        curve: Steps after which the metrics are measured as well, 0 for the untrained network: the points of their
            curves.

    Raises:
        ValueError: A value is outside its range; the message names it.

    Examples:
        >>> config = TrainConfig(n_train=300, steps=100)
        >>> TrainConfig.from_json(config.to_json()) == config
        True
        >>> TrainConfig(n_train=300, batch_size=32, steps=None, epochs=10).total_steps
        94
    """

    network: Named = "small-cnn"
    network_options: Mapping[str, Any] = field(default_factory=dict)
    task: str = "classification"
    data: Named = "fashion-mnist-mini"
    data_options: Mapping[str, Any] = field(default_factory=dict)
    n_train: int | None = 300
    n_val: int = 0
    class_counts: tuple[int, ...] | None = None
    label_noise: float = 0.0
    batch_size: int = 32
    sampler: Named = ""
    sampler_options: Mapping[str, Any] = field(default_factory=dict)
    steps: int | None = 300
    epochs: float | None = None
    optimizer: Optimizer = field(default_factory=Optimizer)
    loss: Named = ""
    loss_options: Mapping[str, Any] = field(default_factory=dict)
    methods: Methods = field(default_factory=Methods)
    curve: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        one_of("task", self.task, TASKS)
        for place in ("network", "data", "loss", "sampler"):
            object.__setattr__(self, place, name_of(getattr(self, place)))
        if not self.loss:
            object.__setattr__(self, "loss", "cross_entropy" if self.task == "classification" else "mse")
        if isinstance(self.optimizer, Mapping):
            object.__setattr__(self, "optimizer", Optimizer(**self.optimizer))
        if isinstance(self.methods, Mapping):
            object.__setattr__(self, "methods", Methods(**self.methods))
        for place in ("class_counts", "curve"):
            if isinstance(getattr(self, place), list):
                object.__setattr__(self, place, tuple(getattr(self, place)))
        if (self.steps is None) == (self.epochs is None):
            raise ValueError(f"exactly one of steps and epochs must be given, got {self.steps} and {self.epochs}")
        if self.batch_size < 1 or self.total_steps < 1:
            raise ValueError(f"must be at least 1: batch_size={self.batch_size}, steps={self.total_steps}")
        if not 0 <= self.label_noise <= 1:
            raise ValueError(f"label_noise must be in [0, 1], got {self.label_noise}")
        if self.optimizer.schedule == "plateau" and self.n_val < 1:
            raise ValueError(f"a plateau is one of the validation loss: n_val must be at least 1, got {self.n_val}")
        if any(not 0 <= step <= self.total_steps for step in self.curve):
            raise ValueError(f"each step of curve must be in 0…{self.total_steps}, got {self.curve}")

    @property
    def examples(self) -> int:
        """Training examples that each seed draws.

        Raises:
            ValueError: All there are, which the data alone knows.
        """
        examples = sum(self.class_counts) if self.class_counts is not None else self.n_train
        if examples is None:
            raise ValueError(f"epochs need the number of examples: give n_train, got epochs={self.epochs}")
        return examples

    @property
    def total_steps(self) -> int:
        """Steps of the optimiser."""
        if self.epochs is not None:
            return math.ceil(self.epochs * self.examples / self.batch_size)
        return self.steps or 0

    def to_json(self) -> dict[str, Any]:
        """As plain values that ``json.dumps`` takes."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    @classmethod
    def from_json(cls, table: Mapping[str, Any]) -> TrainConfig:
        """From what ``to_json`` gave.

        Raises:
            ValueError: There is an entry that this version does not know.
        """
        unknown = set(table) - {f.name for f in fields(cls)}
        if unknown:
            raise ValueError(f"a training configuration has no {', '.join(sorted(unknown))}")
        return cls(**table)
