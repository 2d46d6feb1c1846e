"""Pictures of no data set, each odd in some way, and files that are no pictures: for the tests of <ask-image>."""

import io
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

TROUSERS = [(90, 30), (210, 30), (230, 470), (165, 470), (150, 130), (135, 470), (70, 470)]
BAG = [(20, 60), (60, 60), (70, 25), (130, 25), (140, 60), (180, 60), (180, 150), (20, 150)]
SHOE = [(30, 20), (60, 20), (75, 70), (150, 90), (170, 130), (30, 130)]
STRIP = [(20, 10), (880, 20), (870, 50), (25, 40)]


def shown(size, mode, ground, ink, outline, by=1) -> Image.Image:
    """A thing by its outline."""
    picture = Image.new(mode, tuple(by * side for side in size), ground)
    ImageDraw.Draw(picture).polygon([(by * x, by * y) for x, y in outline], fill=ink)
    return picture


def noisy(picture: Image.Image) -> Image.Image:
    """With a texture, so that a decoder has something to decode."""
    values = np.asarray(picture).astype(int)
    noise = np.random.default_rng(0).integers(-12, 13, values.shape)
    return Image.fromarray((values + noise).clip(0, 255).astype(np.uint8))


def deep() -> Image.Image:
    """Grey of 16 bits."""
    levels = np.asarray(noisy(shown((200, 180), "L", 20, 230, BAG))).astype(np.uint16)
    return Image.fromarray(levels * np.uint16(257) - np.uint16(100))


def frames() -> list[Image.Image]:
    """Two pictures with a palette, a thing light in the first and dark in the second."""
    found = [shown((200, 180), "P", 0, colour, BAG) for colour in (1, 2)]
    for frame in found:
        frame.putpalette([0, 0, 0, 200, 180, 160, 20, 40, 60])
    return found


def turned() -> Image.Exif:
    """That a picture lies on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def pictures(folder: Path) -> dict[str, Path]:
    """The files, by their names."""
    clear, first, later = (0, 0, 0, 0), *frames()
    made = {
        "dark-on-white.png": (shown((300, 500), "RGB", "white", "navy", TROUSERS), {}),
        "white-on-black.png": (shown((200, 180), "L", 5, 230, BAG), {}),
        "colours.jpg": (noisy(shown((200, 160), "RGB", "lightblue", "firebrick", SHOE)), {"quality": 90}),
        "transparent.png": (shown((300, 500), "RGBA", clear, (40, 90, 20, 255), TROUSERS), {}),
        "light-transparent.png": (shown((200, 180), "RGBA", clear, (250, 250, 240, 200), BAG), {}),
        "odd.webp": (shown((900, 61), "RGB", "white", "black", STRIP), {"lossless": True}),
        "one-bit.png": (shown((200, 180), "1", 1, 0, BAG), {}),
        "moving.gif": (first, {"save_all": True, "append_images": [later], "duration": 100}),
        "lying.jpg": (noisy(shown((200, 160), "RGB", "white", "teal", SHOE)), {"exif": turned(), "quality": 95}),
        "grey.jpg": (noisy(shown((200, 160), "L", 250, 90, SHOE)), {}),
        "sixteen.png": (deep(), {}),
        "large.jpg": (noisy(shown((200, 160), "RGB", "white", "maroon", SHOE, by=13)), {}),
        "phone.jpg": (
            noisy(shown((200, 160), "RGB", "ivory", "darkgreen", SHOE, by=20)),
            {"exif": turned(), "quality": 85, "progressive": True},
        ),
        "large.png": (noisy(shown((300, 500), "RGB", "white", "navy", TROUSERS, by=5)), {}),
    }
    for name, (picture, how) in made.items():
        picture.save(folder / name, **how)
    return {name: folder / name for name in made}


class Bad(NamedTuple):
    """A file that is refused: what is in it, its size where it is larger, what is said, whether it is decoded first."""

    content: bytes
    said: str
    decoded: bool = True
    size: int = 0


def png(width: int, height: int) -> bytes:
    """A file that says that it is so large."""
    whole = bytearray(saved(Image.new("L", (1, 1))))
    whole[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return bytes(whole)


def saved(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="5" height="5"/></svg>'
BAD = {
    "empty.png": Bad(b"", "0 bytes", decoded=False),
    "vast.png": Bad(png(9, 9), "100 MB; a picture may have at most 50 MB", decoded=False, size=100_000_000),
    "bomb.png": Bad(png(30_000, 30_000), "30000×30000 pixels; at most 50 million", decoded=False),
    "drawn.svg": Bad(SVG, "This is SVG", decoded=False),
    "drawn.png": Bad(b"\n<!-- a drawing -->" + SVG, "This is SVG", decoded=False),
    "text.png": Bad(b"no picture\n", "no picture that your browser can read"),
    "cut.png": Bad(png(50, 50)[:40], "begins like PNG, but cannot be read"),
    "photo.heic": Bad(b"\0\0\0\x18ftypheic" + b"\0" * 40, "This is HEIC"),
    "clear.png": Bad(saved(Image.new("RGBA", (9, 9), (1, 2, 3, 0))), "all of it is transparent"),
    "flat.png": Bad(saved(Image.new("RGB", (9, 9), "teal")), "nothing stands out"),
}


def written(folder: Path, name: str) -> Path:
    """One of the bad files."""
    with (folder / name).open("wb") as file:
        file.write(BAD[name].content)
        file.truncate(max(BAD[name].size, len(BAD[name].content)))
    return folder / name
