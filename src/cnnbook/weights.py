"""The trained weights that come with the package: one file a model, ``domains/weights/NAME.pt``.

A file holds tensors and a table of plain facts (what the outputs mean, how inputs are prepared), and nothing that
could run: it is read with ``weights_only``.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from cnnbook.files import write_whole

FOLDER = Path(__file__).parent / "domains" / "weights"


def save(name: str, state: dict[str, Tensor], folder: Path = FOLDER, **facts: Any) -> Path:
    """Write weights in half precision, whole or not at all.

    Args:
        name: Of the file, without its ending.
        state: The weights by name, as ``state_dict`` gives them.
        folder: Where the file goes.
        **facts: Numbers, words, lists and tables of them.

    Returns:
        The file.
    """
    half = {
        key: value.detach().cpu().half() if value.is_floating_point() else value.detach().cpu()
        for key, value in state.items()
    }
    content = io.BytesIO()
    torch.save({"state": half, "facts": facts}, content)
    return write_whole(folder / f"{name}.pt", content.getvalue())


def read(name: str, folder: Path = FOLDER) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The weights of ``save``, in single precision, and their facts.

    Raises:
        FileNotFoundError: There are no such weights; the message names those there are.
    """
    path = folder / f"{name}.pt"
    if not path.exists():
        there = ", ".join(sorted(file.stem for file in folder.glob("*.pt"))) or "none"
        raise FileNotFoundError(f"no weights are called {name!r}; there are: {there}")
    saved = torch.load(path, map_location="cpu", weights_only=True)
    state = {key: value.float() if value.is_floating_point() else value for key, value in saved["state"].items()}
    return state, saved["facts"]
