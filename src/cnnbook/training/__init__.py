"""Training with Lightning: one network, or all seeds of an arm at once.

``train_seeds(config, seeds)`` is the one entry point of the experiments; ``Classifier``, ``ImageRegressor`` and
``trainer`` are the parts for a single run; ``cnnbook-train`` is the command line. Configurations need torch alone: what
brings in Lightning is imported when first asked for.
"""

import importlib
from typing import Any

from cnnbook.training.config import Optimizer, TrainConfig

_LATER = {
    "CheckpointError": "checkpoints",
    "Classifier": "modules",
    "ImageRegressor": "modules",
    "Methods": "methods",
    "SeedEnsemble": "ensemble",
    "choose_engine": "choice",
    "read_checkpoint": "checkpoints",
    "train_seeds": "engines",
    "trainer": "trainers",
}

__all__ = ["Optimizer", "TrainConfig", *sorted(_LATER)]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(importlib.import_module(f".{_LATER[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
