"""The trained weights that come with the package: one file a model, ``domains/weights/NAME.pt``.

A file holds tensors and a table of plain facts (what the outputs mean, how inputs are prepared), and nothing that
could run: it is read with ``weights_only``. One that is damaged is a `WeightsError`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from cnnbook.errors import CnnbookError
from cnnbook.files import write_whole

FOLDER = Path(__file__).parent / "domains" / "weights"
Network = TypeVar("Network", bound=nn.Module)


class WeightsError(CnnbookError):
    """Weights that are not there, or not as they were put in."""


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
        WeightsError: There are no such weights, and the message names those there are; or the file is damaged.
    """
    path = folder / f"{name}.pt"
    if not path.exists():
        there = ", ".join(sorted(file.stem for file in folder.glob("*.pt"))) or "none"
        raise WeightsError(f"no weights are called {name!r}; there are: {there}")
    try:
        with zipfile.ZipFile(path) as archive:  # torch looks at no checksum
            if part := archive.testzip():
                raise ValueError(f"the checksum of {part} is another")
        saved = torch.load(path, map_location="cpu", weights_only=True)
        state = {key: value.float() if value.is_floating_point() else value for key, value in saved["state"].items()}
        return state, dict(saved["facts"])
    except Exception as error:  # whatever a damaged archive makes torch raise
        raise _damaged(path, error) from None


def network(
    name: str, plan: Callable[[dict[str, Any]], Network], folder: Path = FOLDER
) -> tuple[Network, dict[str, Any]]:
    """The network whose weights ``read`` gives, ready to answer, and its facts.

    Args:
        name: Of the file, without its ending.
        plan: Makes the network, without its weights, from the facts.
        folder: Where the file is.

    Raises:
        WeightsError: As ``read``; or the weights are those of another network.
    """
    state, facts = read(name, folder)
    try:
        made = plan(facts).eval()
        made.load_state_dict(state)
    except Exception as error:
        raise _damaged(folder / f"{name}.pt", error) from None
    return made, facts


def _damaged(path: Path, error: Exception) -> WeightsError:
    words = " ".join(str(error).split())[:120] or type(error).__name__
    return WeightsError(f"the weights are damaged, install the package again: {path} ({words})")
