"""Curves in a terminal: one character a point, so that it can be read without colour and copied into a message."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cnnbook.parameters.recipe import finite

WIDTH, HEIGHT = 60, 14
FAR = 30.0  # where a loss was so many times above the ends of all curves, the axis is logarithmic

Points = Sequence[tuple[float, float]]


def plot(curves: Sequence[tuple[str, Points]], width: int = WIDTH, height: int = HEIGHT) -> list[str]:
    """Draw curves over one another.

    Args:
        curves: The mark of each, one character, and its points (step, value); later ones lie on top. A value that is
            not finite is an x at the upper edge.
        width: Columns of the drawing, without its axis.
        height: Its rows.

    Returns:
        The lines, the axes included.

    Examples:
        >>> print("\\n".join(plot([(".", [(0, 4.0), (1, 2.0), (2, 1.0)])], width=5, height=3)))
               4 │.
                 │  .
               1 │    .
                 └─────
                  0   2
    """
    points = [point for _, line in curves for point in line]
    values = [value for _, value in points if finite(value)]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    ends = [line[-1][1] for _, line in curves if finite(line[-1][1])]
    far = low > 0 and high > FAR * max(ends, default=low)

    def scaled(value: float) -> float:
        return math.log(value) if far else value

    first, last = min(step for step, _ in points), max(step for step, _ in points)
    cells = [[" "] * width for _ in range(height)]
    for mark, line in curves:
        for step, value in line:
            across = round((step - first) / ((last - first) or 1) * (width - 1))
            if finite(value):
                up = (scaled(value) - scaled(low)) / ((scaled(high) - scaled(low)) or 1)
                cells[height - 1 - round(up * (height - 1))][across] = mark
            else:
                cells[0][across] = "x"
    names = {0: f"{high:.3g}", height - 1: f"{low:.3g}"}
    rows = [f"{names.get(number, ''):>8} │{''.join(row)}".rstrip() for number, row in enumerate(cells)]
    steps = f"{first:g}".ljust(width - len(f"{last:g}")) + f"{last:g}"
    return [*rows, " " * 9 + "└" + "─" * width, " " * 10 + steps]
