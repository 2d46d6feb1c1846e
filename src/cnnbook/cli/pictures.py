"""Pictures of any kind that Pillow opens, as pixels: upright, opaque, grey or RGB, and not large.

Pillow decodes; nothing else of a file is looked at but which way it lies. Whatever a decoder raises is a `PredictError`
in the decoder's words. A large picture is converted and reduced tile by tile, so that beside the decoded picture
itself, of at most 100 million pixels, hardly any memory is needed.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import torch
from PIL import Image

from cnnbook.cli.errors import PredictError, one_line
from cnnbook.cli.given import content, silent_decoders

MOST_BYTES = 500_000_000
MOST_PIXELS = 100_000_000
FIRST = 1024  # longer side to which a large picture is first reduced
TILE = 2048  # side of what is converted at once
LIGHT = 0.7  # grey from which on little would be left of a thing on white
MOSTLY = 0.8  # share of a thing that must be so light before it is laid on black
FULL = (255, 1023, 4095, 16383, 65535)  # what white may be in 16 bits: many cameras and scripts fill fewer
COARSE = 4  # levels of 256 that hold no picture
SIXTEEN = ("I;16", "I;16L", "I;16B", "I;16N", "I")  # grey of 16 bits, by whatever name
ORIENTATION = 0x0112  # of EXIF
CODES = {  # Pillow's decoders may give a number for a reason
    "decoder error -1": "its data overrun the picture",
    "decoder error -2": "its data are broken",
    "decoder error -8": "its settings are out of range",
    "decoder error -9": "there is not enough memory for it",
}
OTHERS = {  # marks of what people have and Pillow does not read: place, bytes, name
    (4, b"ftyphe"): "HEIC",
    (4, b"ftypmif1"): "HEIC",
    (0, b"\xff\x0a"): "JPEG XL",
    (4, b"JXL \r\n\x87\n"): "JPEG XL",
    (0, b"%PDF"): "PDF",
    (0, b"<svg"): "SVG",
    (0, b"<?xml"): "XML, perhaps SVG",
}
TURNS = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT, "mirrored"),
    3: (Image.Transpose.ROTATE_180, "turned"),
    4: (Image.Transpose.FLIP_TOP_BOTTOM, "mirrored"),
    5: (Image.Transpose.TRANSPOSE, "turned and mirrored"),
    6: (Image.Transpose.ROTATE_270, "turned"),
    7: (Image.Transpose.TRANSVERSE, "turned and mirrored"),
    8: (Image.Transpose.ROTATE_90, "turned"),
}


class Picture(NamedTuple):
    """Pixels ``uint8 (H, W)`` or ``(H, W, 3)``, the size of the upright picture, its mode, and what was done."""

    pixels: torch.Tensor
    width: int
    height: int
    mode: str
    done: list[str]


def read(path: Path) -> Picture:
    """Decode a file.

    Raises:
        PredictError: It cannot be read, is no picture, damaged, or too large; or nothing in it is visible.
    """
    data, name = content(path, MOST_BYTES), one_line(path)
    try:
        try:
            return _decoded(data, name)
        except PredictError:
            raise
        except Exception:
            essential = _essential(data)
            if essential == data:
                raise
            return _decoded(essential, name)
    except PredictError:
        raise
    except Exception as error:  # a decoder of some forty may raise anything
        raise PredictError(_reason(error, data, name)) from None


def _decoded(data: bytes, name: str) -> Picture:
    with silent_decoders(), _bounded(), Image.open(io.BytesIO(data)) as picture:
        width, height = picture.size
        if not width or not height:
            raise PredictError(f"a picture must have at least one pixel, got {width}×{height}: {name}")
        if width * height > MOST_PIXELS:
            most = f"{MOST_PIXELS // 10**6} million"
            raise PredictError(f"a picture must have at most {most} pixels, got {width}×{height}: {name}")
        Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # for parts that say a size of their own; twice as many are an error
        mode, wide = picture.mode, ";16" in str(picture.tile)
        lies = _orientation(picture) if picture.format == "TIFF" else 1  # Pillow turns a TIFF when it decodes it
        picture.load()
        white = _white(picture, name) if mode in SIXTEEN else FULL[-1]
        small = _small(picture, white, name)
        lies, turn = (lies, None) if lies in TURNS else (now := _orientation(picture), TURNS.get(now, (None,))[0])
        done = _first_of(picture)
    if lies in TURNS:
        done.append(f"{TURNS[lies][1]} as its EXIF data say")
    if turn is not None:
        small = small.transpose(turn)
        width, height = (height, width) if lies >= 5 else (width, height)
    if wide or mode in SIXTEEN:
        if mode not in SIXTEEN:
            _not_black(small, name)
        fewer = f", for only {white.bit_length()} of them are in use" if white < FULL[-1] else ""
        done.append(f"16 bits to 8{fewer}")
    small, ground = _opaque(small, name)
    if ground:
        done.append(f"laid on {ground} where transparent")
    elif small.mode != mode and mode not in SIXTEEN:
        done.append(f"mode {mode} to {small.mode}")
    if small.size != (width, height):
        done.append(f"reduced to {small.width}×{small.height}")
    return Picture(torch.from_numpy(np.array(small)), width, height, mode, done)


@contextmanager
def _bounded() -> Generator[None]:
    """Pillow's warnings are dropped, and its own bound on pixels is ours to set, as it is one for all of Python."""
    before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        Image.MAX_IMAGE_PIXELS = before


def _orientation(picture: Image.Image) -> int:
    """What EXIF says of which way a picture lies; 1, upright, where it says nothing, or nothing that can be read."""
    try:
        tags: Any = picture.tag_v2 if hasattr(picture, "tag_v2") else picture.getexif()
        lies = tags.get(ORIENTATION, 1)
        lies = lies[0] if isinstance(lies, tuple) else lies  # given twice
        return int(lies) if lies in TURNS else 1
    except Exception:  # damaged EXIF data; the picture is no worse
        return 1


def _first_of(picture: Image.Image) -> list[str]:
    """That there are more frames than the one that was decoded."""
    try:
        frames = getattr(picture, "n_frames", 1)
    except Exception:  # a later frame is damaged
        return ["the first frame"]
    layers = picture.format == "PSD"  # of which the picture is made up
    return [f"the first of {frames} frames"] if frames > 1 and not layers else []


def _white(picture: Image.Image, name: str) -> int:
    """The grey level that is white: of what a file of 16 bits may hold, the least that no pixel exceeds."""
    least, most = cast("tuple[int, int]", picture.getextrema())
    if least < 0 or most > FULL[-1]:
        raise PredictError(f"grey levels must be in 0…{FULL[-1]}, got {least}…{most} (mode {picture.mode}): {name}")
    return next(white for white in FULL if most <= white)


def _not_black(small: Image.Image, name: str) -> None:
    """Refuses a picture of 16 bits a channel, of which Pillow keeps the upper 8, where next to nothing is in these."""
    highest = max(high for _, high in cast("tuple[tuple[int, int], ...]", small.getextrema()))
    if highest < COARSE:
        below = 256 * (highest + 1)
        share = f"{below / 65536:.1%} of full scale"
        raise PredictError(f"its 16-bit levels stay below {below:,}, {share}: save what fills fewer bits as 8: {name}")


def _small(picture: Image.Image, white: int, name: str) -> Image.Image:
    """L, RGB or RGBA, the longer side at most ``FIRST``: means of squares of pixels."""
    width, height = picture.size
    by = -(-max(width, height) // FIRST)
    step = by * max(1, TILE // by)
    small: Image.Image | None = None
    for top in range(0, height, step):
        for left in range(0, width, step):
            part = picture.crop((left, top, min(left + step, width), min(top + step, height)))
            part = _plain(part, white, name).reduce(by)
            small = small or Image.new(part.mode, (-(-width // by), -(-height // by)))
            small.paste(part, (left // by, top // by))
    assert small is not None, "a picture has a pixel at least"
    return small


def _plain(part: Image.Image, white: int, name: str) -> Image.Image:
    """L, RGB, or, where anything may be transparent, RGBA."""
    if part.mode in SIXTEEN:
        return _eight_bits(part, white)
    if part.mode == "F":
        raise PredictError(f"grey levels must be whole numbers, got floating point (mode F): {name}")
    if part.has_transparency_data:
        return part.convert("RGBA")
    if part.mode in ("L", "RGB"):
        return part
    return part.getchannel(0) if part.mode == "LAB" else part.convert("L" if part.mode == "1" else "RGB")


def _eight_bits(part: Image.Image, white: int) -> Image.Image:
    levels = np.asarray(part)
    grey = Image.fromarray((levels * (255 / white)).round().astype(np.uint8))
    if "transparency" not in part.info:
        return grey
    opaque = (levels != part.info["transparency"]).astype(np.uint8) * 255
    return Image.merge("LA", (grey, Image.fromarray(opaque))).convert("RGBA")


def _opaque(picture: Image.Image, name: str) -> tuple[Image.Image, str]:
    """The picture on a ground against which it stands out, white or black; which, or nothing where it is opaque."""
    if picture.mode != "RGBA":
        return picture, ""
    alpha = np.asarray(picture.getchannel("A")).astype(float)
    if not alpha.any():
        raise PredictError(f"something must be visible, and all of the picture is transparent: {name}")
    if alpha.min() == 255:
        return picture.convert("RGB"), ""
    light = np.asarray(picture.convert("RGB").convert("L")) / 255 > LIGHT
    ground = "black" if np.average(light, weights=alpha) > MOSTLY else "white"
    return Image.alpha_composite(Image.new("RGBA", picture.size, ground), picture).convert("RGB"), ground


def _essential(data: bytes) -> bytes:
    """A PNG file without what is said about the picture: texts, profiles and times may be too large or damaged."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return data
    kept, place = [data[:8]], 8
    while place + 8 <= len(data):
        kind, end = data[place + 4 : place + 8], place + 12 + int.from_bytes(data[place : place + 4], "big")
        if kind[:1].isupper() or kind in (b"tRNS", b"eXIf"):
            kept.append(data[place:end])
        place = end
    return b"".join(kept)


def _reason(error: Exception, data: bytes, name: str) -> str:
    """Why a file cannot be decoded, as far as its decoder says."""
    if isinstance(error, Image.UnidentifiedImageError):
        for (place, mark), kind in OTHERS.items():
            if data[place:].startswith(mark):
                return f"this is {kind}, which is not read here; save it as PNG or JPEG: {name}"
        if not (begins := _begins_like(data)):
            return f"this is no picture of a known kind: {name}"
        return f"the picture cannot be read: {name} (it begins like {begins}, but its header does not hold together)"
    if isinstance(error, Image.DecompressionBombError):
        return f"a picture must have at most {MOST_PIXELS // 10**6} million pixels: {name} ({one_line(error)})"
    if isinstance(error, MemoryError):
        return f"the picture cannot be read: {name} (there is not enough memory for it)"
    cut = isinstance(error, EOFError) or "truncated" in str(error).lower()
    words = one_line(error) or type(error).__name__
    words = CODES.get(words, words)
    return f"the picture cannot be read{', it may be cut off' if cut else ''}: {name} ({words})"


def _begins_like(data: bytes) -> str:
    """The kind of picture whose mark stands at the beginning, if any."""
    for kind in Image.ID:
        accept = Image.OPEN[kind][1]
        with suppress(Exception):  # some look at more bytes than there are
            if accept is not None and accept(data[:16]) is True:
                return kind
    return ""
