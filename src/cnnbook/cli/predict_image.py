"""``cnnbook predict image``: which of ten kinds of clothing a picture shows."""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import typer
from PIL import Image, ImageOps, UnidentifiedImageError

from cnnbook import weights
from cnnbook.cli.errors import PredictError
from cnnbook.domains.images import cnn, normalise, prepare, to_tensor

MOST_PIXELS = 100_000_000
FIRST = 1024  # longer side to which a large picture is first reduced
SHOWN = 3  # classes
SIXTEEN = ("I;16", "I;16L", "I;16B", "I;16N", "I")  # grey of 16 bits, by whatever name


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


def pixels(path: Path) -> tuple[torch.Tensor, tuple[int, int], str, list[str]]:
    """The pixels of a file ``uint8 (H, W)`` or ``(H, W, 3)``, its width and height, its mode, and what was done.

    Raises:
        PredictError: It is no picture, or not whole, or too large.
    """
    if not path.is_file():
        raise PredictError(f"there is no such file: {path}")
    if not path.stat().st_size:
        raise PredictError(f"the file is empty: {path}")
    try:
        Image.MAX_IMAGE_PIXELS = None  # the bound is ours, below, and is an error rather than a warning
        with Image.open(path) as picture:
            size, mode, frames = picture.size, picture.mode, getattr(picture, "n_frames", 1)
            if 0 in size:
                raise PredictError(f"a picture must have at least one pixel, got {size[0]}×{size[1]}: {path}")
            if size[0] * size[1] > MOST_PIXELS:
                most = f"{MOST_PIXELS // 10**6} million"
                raise PredictError(f"a picture must have at most {most} pixels, got {size[0]}×{size[1]}: {path}")
            done = [f"the first of {frames} frames"] if frames > 1 else []
            picture.draft("RGB", (FIRST, FIRST)) if mode == "RGB" else None  # a large JPEG is decoded small
            picture.load()
            return _plain(picture, mode, done, path), size, mode, done
    except PredictError:
        raise  # it is a ValueError too
    except UnidentifiedImageError:
        raise PredictError(f"this is no picture of a known kind: {path}") from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, MemoryError, struct.error) as error:
        raise PredictError(f"the picture cannot be read, it may be cut off: {path} ({error})") from None


def _plain(picture: Image.Image, mode: str, done: list[str], path: Path) -> torch.Tensor:
    """Upright, opaque, grey or RGB, not large; what was done is added to the list."""
    if picture.getexif().get(0x0112, 1) != 1:
        picture = ImageOps.exif_transpose(picture)
        done.append("turned as its EXIF data say")
    if mode in SIXTEEN:
        levels = np.asarray(picture).astype(np.int64)
        if levels.min() < 0 or levels.max() > 65535:
            raise PredictError(
                f"grey levels must be in 0…65535, got {levels.min()}…{levels.max()} (mode {mode}): {path}"
            )
        picture = Image.fromarray((levels / 257).round().astype(np.uint8))
        done.append("16 bits to 8")
    elif mode == "F":
        raise PredictError(f"grey levels must be whole numbers, got floating point (mode F): {path}")
    if picture.has_transparency_data:
        rgba = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
        done.append("laid on white where transparent")
    elif picture.mode not in ("L", "RGB"):
        grey = picture.mode in ("1", "LA")
        done.append(f"mode {picture.mode} to {'L' if grey else 'RGB'}")
        picture = picture.convert("L" if grey else "RGB")
    if max(picture.size) > FIRST:
        picture.thumbnail((FIRST, FIRST), Image.Resampling.BOX)
    return torch.from_numpy(np.array(picture))


def answer(path: Path) -> Answer:
    """Look at a picture with the book's network.

    Raises:
        PredictError: It cannot be read, or shows nothing.
    """
    plain, size, mode, done = pixels(path)
    try:
        x, more = prepare(to_tensor(plain))
    except ValueError as error:
        raise PredictError(f"{error}: {path}") from None
    state, facts = weights.read("image-classes")
    network = cnn(tuple(facts["channels"])).eval()
    network.load_state_dict(state)
    with torch.no_grad():
        chances = network(normalise(x, facts["mean"], facts["std"])).softmax(-1)[0]
    best = chances.topk(SHOWN)
    classes = [
        Class(facts["classes"]["zh"][place], facts["classes"]["en"][place], chance)
        for chance, place in zip(best.values.tolist(), best.indices.tolist(), strict=True)
    ]
    return Answer(*size, mode, done + more, classes, facts["test_accuracy"])


def show(path: Path, as_json: bool) -> None:
    """Print the answer."""
    found = answer(path)
    if as_json:
        typer.echo(json.dumps({"file": str(path), **asdict(found)}, ensure_ascii=False, indent=2))
        return
    for one in found.classes:
        typer.echo(f"{one.probability:6.1%}  {one.zh} · {one.en}")
    typer.echo(f"{found.width}×{found.height} (mode {found.mode}): {'; '.join(found.done) or 'taken as it is'}.")
    typer.echo(f"It knows ten kinds of clothing alone; of the test pictures it gets {found.test_accuracy:.0%} right.")
