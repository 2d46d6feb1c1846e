"""A small pen for figures: grids of numbers, arrows and words as SVG.

Colours are CSS classes (f-… fills, s-… strokes, given in book.css), so one drawing serves light and dark. Sizes are pixels.
How few elements it becomes, and where it is cut for a phone, is the matter of parts.py.
Numbers in a drawing come from the functions that the page is about, never from the keyboard.
"""

import base64
import io
from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import pairwise
from typing import Any

from parts import Box, Part, columns, gathered
from PIL import Image

CELL = 34


def number(value: float | int | str) -> str:
    """A number as a reader writes it: a true minus sign, no needless decimals."""
    if isinstance(value, str):
        return value
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return text.replace("-", "−") if text != "-0" else "0"


class Drawing:
    """Collects shapes, grows to hold them, and writes itself as one SVG element."""

    def __init__(self, margin: int = 6):
        self.parts: list[Part] = []
        self.margin = margin

    def add(self, element: str, *points: tuple[float, float]) -> None:
        """An element as it stands, which covers these points."""
        self.parts.append(Part("other", element, [around(points)]))

    def rect(self, x: float, y: float, width: float, height: float, cls: str = "f-none s-ink", more: str = "") -> None:
        corners = ((x, y), (x + width, y + height))
        if "rx=" in more or "stroke-width" in more:  # a frame lies over its neighbours' edges
            self.add(
                f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" class="{cls}" {more}/>', *corners
            )
        else:
            self.parts.append(Part("box", f'class="{cls}" {more}'.rstrip(), [around(corners)]))

    def line(self, x1: float, y1: float, x2: float, y2: float, cls: str = "s-soft", more: str = "") -> None:
        self.add(f'<path d="M{x1:g} {y1:g}L{x2:g} {y2:g}" class="f-none {cls}" {more}/>', (x1, y1), (x2, y2))

    def arrow(self, x1: float, y1: float, x2: float, y2: float, cls: str = "s-soft") -> None:
        """An arrow along one axis or askew; its head is two short strokes."""
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        ux, uy = (x2 - x1) / length * 6, (y2 - y1) / length * 6
        head = f"M{x2 - ux - uy * 0.7:.1f} {y2 - uy + ux * 0.7:.1f}L{x2:g} {y2:g}L{x2 - ux + uy * 0.7:.1f} {y2 - uy - ux * 0.7:.1f}"
        self.add(
            f'<path d="M{x1:g} {y1:g}L{x2:g} {y2:g}{head}" class="f-none {cls}" stroke-width="1.5" stroke-linecap="round"/>',
            (x1, y1),
            (x2, y2),
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        cls: str = "f-ink",
        size: float = 13,
        anchor: str = "middle",
        more: str = "",
    ) -> None:
        """One line of text, centred on y."""
        wide = sum(1.0 if ord(letter) > 0x2E80 else 0.56 for letter in words) * size
        start = {"middle": x - wide / 2, "start": x, "end": x - wide}[anchor]
        box, foot = (start, y - size * 0.7, start + wide, y + size * 0.7), y + size * 0.35
        look = f'font-size="{size:g}" text-anchor="{anchor}" class="{cls}" {more}'.rstrip()
        if len(words) == 1:
            self.parts.append(Part("digit", look, [box], [(x, foot, words)]))
        else:
            self.add(f'<text x="{x:g}" y="{foot:.1f}" {look}>{escape(words)}</text>', box[:2], box[2:])

    def picture(
        self, x: float, y: float, width: float, height: float, grey: Any, greys: int = 256, more: str = ""
    ) -> None:
        """A grey picture: whole numbers below ``greys``, which is 256 or 16, one a pixel (rows, columns).

        The address is an xlink:href, since the theme sets the href of whatever has one, and an SVG image's cannot be set.
        """
        file, image = io.BytesIO(), Image.fromarray(grey)
        if greys == 16:
            image.putpalette([17 * level for level in range(16) for _ in "rgb"])
        # The hardest try, quality 100 and method 6, takes 16 times as long, for 1 %.
        image.convert("RGB").save(file, "WEBP", lossless=True, quality=80, method=5)
        self.add(
            f'<image x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" {more} '
            f'xlink:href="data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"/>',
            (x, y),
            (x + width, y + height),
        )

    def cell(
        self,
        x: float,
        y: float,
        value="",
        fill: str = "f-cell",
        ink: str = "f-ink",
        size: float = CELL,
        edge: str = "s-rule",
    ) -> None:
        self.rect(x, y, size, size, f"{fill} {edge}")
        if value != "":
            label = number(value)
            self.text(x + size / 2, y + size / 2, label, ink, size * (0.42 if len(label) < 4 else 0.34))

    def grid(
        self,
        x: float,
        y: float,
        values: Sequence[Sequence],
        fill: str | Callable[[int, int], str] = "f-cell",
        size: float = CELL,
        ink: str | Callable[[int, int], str] = "f-ink",
    ) -> tuple[float, float]:
        """A table of numbers with its corner at (x, y); fill and ink may depend on (row, column). Returns its size."""
        for i, row in enumerate(values):
            for j, value in enumerate(row):
                self.cell(
                    x + j * size,
                    y + i * size,
                    value,
                    fill(i, j) if callable(fill) else fill,
                    ink(i, j) if callable(ink) else ink,
                    size,
                )
        return len(values[0]) * size, len(values) * size

    def frame(
        self, x: float, y: float, columns: float, rows: float, cls: str = "s-a", size: float = CELL, dash: str = ""
    ) -> None:
        """A thick frame around cells."""
        self.rect(
            x,
            y,
            columns * size,
            rows * size,
            f"f-none {cls}",
            f'stroke-width="2.5" rx="2" {f"stroke-dasharray={chr(34)}{dash}{chr(34)}" if dash else ""}',
        )

    def brace(
        self, x1: float, x2: float, y: float, words: str, cls: str = "s-soft", ink: str = "f-ink", below: bool = True
    ) -> None:
        """A bracket from x1 to x2 with its name."""
        tip = 6 if below else -6
        path = f'<path d="M{x1:g} {y:g}v{tip}H{x2:g}v{-tip}" class="f-none {cls}" stroke-width="1.5"/>'
        self.add(path, (x1, y), (x2, y + tip))
        self.text((x1 + x2) / 2, y + (18 if below else -18), words, ink, 12)

    def svg(self, whole: bool = False) -> str:
        """The drawing: an element, or of a wide one a row of elements, which a phone stacks; `whole` keeps it in one."""
        left, top, right, bottom = around(
            [end for part in self.parts for box in part.boxes for end in (box[:2], box[2:])]
        )
        groups = [self.parts] if whole else columns(self.parts)
        starts = [min(part.boxes[0][0] for part in group) for group in groups[1:]]
        ends = [max(part.boxes[0][2] for part in group) for group in groups[:-1]]
        cuts = [left - self.margin, *((a + b) / 2 for a, b in zip(ends, starts, strict=True)), right + self.margin]
        high = bottom - top + 2 * self.margin
        panels = []
        for group, (start, end) in zip(groups, pairwise(cuts), strict=True):
            size = f'viewBox="{start:.1f} {top - self.margin:.1f} {end - start:.1f} {high:.1f}"'
            inner = "".join(part.element() for part in gathered(group))
            panels.append(
                f'<svg xmlns="http://www.w3.org/2000/svg" {size} width="{end - start:.0f}" height="{high:.0f}">{inner}</svg>'
            )
        return panels[0] if len(panels) == 1 else f'<div class="book-panels">{"".join(panels)}</div>'


def around(points: Sequence[tuple[float, ...]]) -> Box:
    """The box around points."""
    across, down = [point[0] for point in points], [point[1] for point in points]
    return min(across), min(down), max(across), max(down)


def rows(tensor) -> list[list[float]]:
    """A 2-D tensor as lists."""
    return [[float(value) for value in row] for row in tensor]


def row(values: Iterable) -> list[list]:
    """A 1-D thing as a grid of one row."""
    return [[float(value) for value in values]]
