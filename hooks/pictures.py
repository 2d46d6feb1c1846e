"""The pictures of a lab as files beside its page: WebP without loss, one for each colour scheme, fetched when near.

labs.matplotlibrc has them drawn on no ground and in one grey, for which the ink of either scheme is put here. Of two
copies of a picture the theme hides that of the other scheme (by #only-light and #only-dark), and what is hidden and
lazy is never fetched.
"""

import base64
import io
import re
from functools import cache
from pathlib import Path

from PIL import Image

DRAWN = re.compile(r'<img (alt="[^"]*") src="data:image/png;base64,([^"]+)">')
STYLE = Path(__file__).with_name("labs.matplotlibrc")
GREY = tuple(bytes.fromhex(re.search(r"^text\.color: (\w+)", STYLE.read_text("utf-8"), re.M)[1]))
INK = {"light": (0x22, 0x25, 0x2B), "dark": (0xE0, 0xDD, 0xD4)}  # --book-ink of book.css
NEAR = 3  # levels by which an edge, which is partly clear, may miss the grey


@cache
def inked(png: bytes, scheme: str) -> tuple[bytes, int, int]:
    """The picture in a scheme, as WebP, and its size in pixels."""
    import numpy

    pixels = numpy.array(Image.open(io.BytesIO(png)).convert("RGBA"))
    grey = (abs(pixels[..., :3].astype(int) - GREY) <= NEAR).all(-1)
    pixels[grey, :3] = INK[scheme]
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", lossless=True, quality=50, method=2)
    height, width = grey.shape
    return file.getvalue(), width, height


def filed(page: str) -> tuple[str, dict[str, bytes]]:
    """A page with its pictures as files beside it, and these by their names."""
    files: dict[str, bytes] = {}

    def put(hit: re.Match) -> str:
        shown = ""
        number = len(files) // len(INK) + 1
        for scheme in INK:
            files[name := f"{number}-{scheme}.webp"], width, height = inked(base64.b64decode(hit[2]), scheme)
            shown += f'<img {hit[1]} src="{name}#only-{scheme}" width="{width}" height="{height}" loading="lazy">'
        return shown

    return DRAWN.sub(put, page), files
