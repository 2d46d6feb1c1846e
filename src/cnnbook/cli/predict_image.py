"""``cnnbook predict image``: which of ten kinds of clothing a picture shows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import typer

from cnnbook import weights
from cnnbook.cli import pictures
from cnnbook.cli.errors import PredictError, one_line
from cnnbook.cli.streams import json_text
from cnnbook.domains.images import cnn, normalise, prepare, to_tensor

SHOWN = 3  # classes


@dataclass(frozen=True)
class Class:
    """A class with its probability."""

    zh: str
    en: str
    probability: float


@dataclass(frozen=True)
class Answer:
    """What is said of a picture: the likeliest classes, and what was done to it before."""

    width: int
    height: int
    mode: str
    done: list[str]
    classes: list[Class]
    test_accuracy: float


def answer(path: Path) -> Answer:
    """Look at a picture with the book's network.

    Raises:
        PredictError: It cannot be read, or shows nothing.
        WeightsError: The network's weights are damaged.
    """
    seen = pictures.read(path)
    try:
        x, more = prepare(to_tensor(seen.pixels))
    except ValueError as error:
        raise PredictError(f"{error}: {one_line(path)}") from None
    network, facts = weights.network("image-classes", lambda facts: cnn(tuple(facts["channels"])))
    with torch.no_grad():
        chances = network(normalise(x, facts["mean"], facts["std"])).softmax(-1)[0]
    best = chances.topk(SHOWN)
    classes = [
        Class(facts["classes"]["zh"][place], facts["classes"]["en"][place], chance)
        for chance, place in zip(best.values.tolist(), best.indices.tolist(), strict=True)
    ]
    return Answer(seen.width, seen.height, seen.mode, seen.done + more, classes, facts["test_accuracy"])


def show(path: Path, as_json: bool) -> None:
    """Print the answer."""
    found = answer(path)
    if as_json:
        typer.echo(json_text({"file": str(path), **asdict(found)}))
        return
    for one in found.classes:
        typer.echo(f"{one.probability:6.1%}  {one.zh} · {one.en}")
    typer.echo(f"{found.width}×{found.height} (mode {found.mode}): {'; '.join(found.done) or 'taken as it is'}.")
    typer.echo(f"It knows ten kinds of clothing alone; of the test pictures it gets {found.test_accuracy:.0%} right.")
