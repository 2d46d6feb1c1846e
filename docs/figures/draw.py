"""A small pen for figures: grids of numbers, arrows and words as SVG.

Colours are CSS classes (f-… fills, s-… strokes, given in book.css), so one drawing serves light and dark. Sizes are pixels.
Numbers in a drawing come from the functions that the page is about, never from the keyboard.
"""

import base64
import io
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

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
        self.parts: list[str] = []
        self.margin = margin
        self.left = self.top = float("inf")
        self.right = self.bottom = float("-inf")

    def reach(self, *points: tuple[float, float]) -> None:
        for x, y in points:
            self.left, self.right = min(self.left, x), max(self.right, x)
            self.top, self.bottom = min(self.top, y), max(self.bottom, y)

    def rect(self, x: float, y: float, width: float, height: float, cls: str = "f-none s-ink", more: str = "") -> None:
        self.reach((x, y), (x + width, y + height))
        self.parts.append(f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" class="{cls}" {more}/>')

    def line(self, x1: float, y1: float, x2: float, y2: float, cls: str = "s-soft", more: str = "") -> None:
        self.reach((x1, y1), (x2, y2))
        self.parts.append(f'<path d="M{x1:g} {y1:g}L{x2:g} {y2:g}" class="f-none {cls}" {more}/>')

    def arrow(self, x1: float, y1: float, x2: float, y2: float, cls: str = "s-soft") -> None:
        """An arrow along one axis or askew; its head is two short strokes."""
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        ux, uy = (x2 - x1) / length * 6, (y2 - y1) / length * 6
        head = f"M{x2 - ux - uy * 0.7:.1f} {y2 - uy + ux * 0.7:.1f}L{x2:g} {y2:g}L{x2 - ux + uy * 0.7:.1f} {y2 - uy - ux * 0.7:.1f}"
        self.reach((x1, y1), (x2, y2))
        self.parts.append(
            f'<path d="M{x1:g} {y1:g}L{x2:g} {y2:g}{head}" class="f-none {cls}" stroke-width="1.5" stroke-linecap="round"/>'
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
        self.reach((start, y - size * 0.7), (start + wide, y + size * 0.7))
        self.parts.append(
            f'<text x="{x:g}" y="{y + size * 0.35:.1f}" font-size="{size:g}" text-anchor="{anchor}" class="{cls}" {more}>{escape(words)}</text>'
        )

    def picture(
        self, x: float, y: float, width: float, height: float, grey: Any, greys: int = 256, more: str = ""
    ) -> None:
        """A grey picture: whole numbers below ``greys``, which is 256 or 16, one a pixel (rows, columns).

        The address is an xlink:href, since the theme sets the href of whatever has one, and an SVG image's cannot be set.
        """
        file, image = io.BytesIO(), Image.fromarray(grey)
        if greys == 16:
            image.putpalette([17 * level for level in range(16) for _ in "rgb"])
        image.save(file, "PNG", optimize=True, **({"bits": 4} if greys == 16 else {}))
        self.reach((x, y), (x + width, y + height))
        self.parts.append(
            f'<image x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" {more} '
            f'xlink:href="data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"/>'
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
        self.reach((x1, y), (x2, y + tip))
        self.parts.append(f'<path d="M{x1:g} {y:g}v{tip}H{x2:g}v{-tip}" class="f-none {cls}" stroke-width="1.5"/>')
        self.text((x1 + x2) / 2, y + (18 if below else -18), words, ink, 12)

    def svg(self, floor: int = 480) -> str:
        """The element. It shrinks to the page down to `floor` pixels; on narrower screens the figure scrolls."""
        m = self.margin
        width, height = self.right - self.left + 2 * m, self.bottom - self.top + 2 * m
        style = f"min-width:{min(width, floor):.0f}px"
        box = f"{self.left - m:.1f} {self.top - m:.1f} {width:.1f} {height:.1f}"
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{width:.0f}" height="{height:.0f}" style="{style}">{"".join(self.parts)}</svg>'


def rows(tensor) -> list[list[float]]:
    """A 2-D tensor as lists."""
    return [[float(value) for value in row] for row in tensor]


def row(values: Iterable) -> list[list]:
    """A 1-D thing as a grid of one row."""
    return [[float(value) for value in values]]
