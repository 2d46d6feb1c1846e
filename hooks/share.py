"""The picture beside a link to a page where links are shared: the page's title, the book's name, and a motif.

The motif is the book's own subject: how many times a transposed convolution writes each pixel, for a kernel and a
stride that the page's name chooses, with one stamp of the kernel outlined. Chinese needs a font that the machine has;
where it has none of those known here, the picture has the motif and what of the words is Latin.
"""

import hashlib
import io
import itertools
import re
from functools import cache
from pathlib import Path

import keeping
from context import ROOT

KEPT = ROOT / ".cache/share"
SIZE = 1200, 630  # pixels, as the large cards of all networks have it
PAPER, INK, SOFT = "#fbf9f4", "#22252b", "#62646b"  # book.css, light
ACTING, ACTED = "#c2492f", "#2f659f"  # the kernel, what it writes
CELL, CELLS, MARGIN = 38, 12, 72  # pixels; cells of the motif along a side
WIDTH = SIZE[0] - CELL * CELLS - 3 * MARGIN  # of the words
SHAPES = ((3, 2), (4, 3), (5, 2), (5, 3), (4, 2), (2, 1))  # kernel, stride
CHINESE = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
FONTS = (  # of Chinese, wherever a system keeps its fonts: a serif before a sans
    "NotoSerifCJK-Bold.ttc", "NotoSerifCJKsc-Bold.otf", "NotoSerifSC-Bold.otf", "SourceHanSerifSC-Bold.otf",
    "Songti.ttc", "NotoSansCJK-Bold.ttc", "NotoSansCJKsc-Bold.otf", "PingFang.ttc", "msyhbd.ttc", "msyh.ttc",
    "simhei.ttf", "wqy-zenhei.ttc",
)  # fmt: skip


def picture(title: str, book: str, topic: str) -> bytes:
    """A PNG of 1200 by 630 pixels; kept from one build to the next.

    ``title`` is the page's, ``book`` the book's name and ``topic`` the page's name in every room, part/topic.
    """
    found = chinese()
    said = (title, book, topic, found and found[0].name, Path(__file__).read_text("utf-8"))
    path = KEPT / hashlib.sha256(repr(said).encode()).hexdigest()[:24]
    return keeping.file(path, lambda: drawn(title, book, topic))


def drawn(title: str, book: str, topic: str) -> bytes:
    from PIL import Image, ImageDraw  # only where a picture is drawn

    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    motif(draw, SIZE[0] - MARGIN - CELL * CELLS, (SIZE[1] - CELL * CELLS) // 2, topic)
    size = next((size for size in (64, 56, 48, 40) if len(lines(readable(title), size)) <= 4), 34)
    y = MARGIN + 8
    for line in lines(readable(title), size):
        draw.text((MARGIN, y), line, INK, font(size, line))
        y += round(size * 1.4)
    foot = lines(readable(book), 28)
    for number, line in enumerate(foot):
        draw.text((MARGIN, SIZE[1] - MARGIN - 40 * (len(foot) - number)), line, SOFT, font(28, line))
    file = io.BytesIO()
    image.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def motif(draw, left: int, top: int, topic: str) -> None:
    """How many stamps of a kernel cover each cell, and one of them."""
    kernel, stride = SHAPES[int(hashlib.sha256(topic.encode()).hexdigest(), 16) % len(SHAPES)]
    counts = [sum(0 <= place - start < kernel for start in range(-kernel, CELLS, stride)) for place in range(CELLS)]
    for i, j in itertools.product(range(CELLS), repeat=2):
        share = counts[i] * counts[j] / max(counts) ** 2
        x, y = left + j * CELL, top + i * CELL
        draw.rectangle((x, y, x + CELL - 3, y + CELL - 3), mixed(ACTED, PAPER, 0.12 + 0.7 * share**1.5))
    start = -kernel + stride * -(-(kernel + 2) // stride)  # a stamp that lies inside
    x, y, side = left + start * CELL - 2, top + start * CELL - 2, kernel * CELL
    draw.rectangle((x, y, x + side, y + side), outline=ACTING, width=6)


def mixed(one: str, other: str, share: float) -> tuple[int, ...]:
    """A colour between two.

    >>> mixed("#ff0000", "#0000ff", 0.2)
    (51, 0, 204)
    """
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return tuple(round(share * a + (1 - share) * b) for a, b in pairs)


def readable(words: str) -> str:
    """Words, without Chinese where nothing here can write it."""
    return words if chinese() else " ".join(CHINESE.sub(" ", words).split())


def lines(words: str, size: int) -> list[str]:
    """Words in lines that fit beside the motif; Chinese breaks anywhere but before a mark, other scripts at spaces."""
    found = [""]
    for word in re.findall(
        r"[\u2e80-\u9fff\uff00-\uffef][，。：、！？）》”]*|[^\s\u2e80-\u9fff\uff00-\uffef]+ *|\s+", words
    ):
        longer = found[-1] + word
        if found[-1] and font(size, longer).getlength(longer.rstrip()) > WIDTH:
            found.append(word.lstrip())
        else:
            found[-1] = longer
    return [line.rstrip() for line in found if line.strip()]


@cache
def chinese() -> tuple[Path, int] | None:
    """A font file for Chinese and which of its faces has simplified forms; None where the machine has none."""
    from matplotlib import font_manager
    from PIL import ImageFont

    names = {Path(path).name: Path(path) for path in sorted(font_manager.findSystemFonts())}
    path = next((names[name] for name in FONTS if name in names), None)
    if path is None:
        return None
    for face in itertools.count() if path.suffix == ".ttc" else ():
        try:
            if " SC" in ImageFont.truetype(path, 10, face).getname()[0]:
                return path, face
        except OSError:  # there are no more
            break
    return path, 0


@cache
def face(size: int, east: bool):
    from matplotlib import get_data_path
    from PIL import ImageFont

    if east and (found := chinese()):
        return ImageFont.truetype(found[0], size, found[1])
    return ImageFont.truetype(Path(get_data_path(), "fonts/ttf/DejaVuSerif-Bold.ttf"), size)


def font(size: int, words: str):
    """A line's font: that of Chinese where it has any, else the one that comes with matplotlib."""
    return face(size, bool(CHINESE.search(words)))
