"""Checkpoints: whose they are, and a clear answer to a broken or foreign one.

Only tensors and plain values are ever read (``weights_only=True``): a checkpoint from elsewhere cannot run code.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import torch

from cnnbook.errors import CnnbookError

KEY = "cnnbook"
FORMAT = 1


class CheckpointError(CnnbookError, ValueError):
    """A checkpoint is broken, or of other code or another configuration."""


def mark(checkpoint: dict[str, Any], record: dict[str, Any]) -> None:
    """Write into a checkpoint what made it."""
    checkpoint[KEY] = {"format": FORMAT, **record}


def verify(checkpoint: dict[str, Any], record: dict[str, Any]) -> None:
    """Refuse a checkpoint that something else made.

    Raises:
        CheckpointError: It has no mark, a later format, or another configuration; the message names the difference.

    Examples:
        >>> verify({"cnnbook": {"format": 1, "seed": 3}}, {"seed": 4})
        Traceback (most recent call last):
        cnnbook.training.checkpoints.CheckpointError: the checkpoint is of another run: seed is 3 there and 4 here
    """
    found = checkpoint.get(KEY)
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise CheckpointError(
            f"not a checkpoint of cnnbook (format {FORMAT}): it has {', '.join(sorted(map(str, checkpoint)))}"
        )
    for name, here in record.items():
        there = found.get(name)
        if there != here:
            raise CheckpointError(f"the checkpoint is of another run: {name} is {there!r} there and {here!r} here")


def read_checkpoint(path: str | Path) -> dict[str, Any]:
    """Read a checkpoint that ``cnnbook-train`` wrote, tensors and plain values alone.

    Args:
        path: The file.

    Returns:
        What Lightning stores, ``state_dict`` among it, and under ``"cnnbook"`` what made it.

    Raises:
        CheckpointError: There is no such file, it is broken, holds more than plain values, or is not of cnnbook.
    """
    path = Path(path)
    try:
        checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise CheckpointError(f"there is no checkpoint {path}") from None
    except pickle.UnpicklingError as error:
        raise CheckpointError(f"{path} holds more than tensors and plain values: {_first(error)}") from error
    except Exception as error:  # the reader of foreign bytes fails in many ways
        instead = "go on from an older one, if its folder has one, or start again without --ckpt_path"
        raise CheckpointError(f"{path} is broken or no checkpoint ({_first(error)}): {instead}") from error
    if not isinstance(checkpoint, dict):
        raise CheckpointError(f"{path} is not a checkpoint of cnnbook: it holds a {type(checkpoint).__name__}")
    verify(checkpoint, {})
    return checkpoint


def _first(error: Exception) -> str:
    """The first sentence of a long message."""
    return str(error).strip().split("\n")[0].split(". ")[0]
