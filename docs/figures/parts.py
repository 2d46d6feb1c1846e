"""The parts of a drawing: few elements, and where it is wide, panels that a phone stacks.

A browser keeps an element for each shape, so squares of one look become one path and single digits of one look one
text, unless something between them would come to lie on the wrong side. A wide drawing is cut where nothing stands
from top to bottom, at the widest gaps first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape

Box = tuple[float, float, float, float]  # left, top, right, bottom
WIDE, PANEL, LEAST = 430, 390, 120  # pixels: what is cut, how wide panels should be, and what is but a label


@dataclass
class Part:
    """Some shapes of one look; `kind` says how they are written."""

    kind: str  # box, digit, or other: an element as it stands
    look: str  # the attributes, or of another the whole element
    boxes: list[Box]  # what each shape covers
    at: list[tuple[float, float, str]] = field(default_factory=list)  # of each digit: place, and the digit

    def element(self) -> str:
        if self.kind == "box":
            path = "".join(
                f"M{left:g} {top:g}H{right:g}V{bottom:g}H{left:g}z" for left, top, right, bottom in self.boxes
            )
            return f'<path d="{path}" {self.look}/>'
        if self.kind == "digit":
            across, down = (" ".join(f"{one[axis]:.1f}".removesuffix(".0") for one in self.at) for axis in (0, 1))
            return f'<text x="{across}" y="{down}" {self.look}>{escape("".join(one[2] for one in self.at))}</text>'
        return self.look

    def joins(self, earlier: "Part") -> bool:
        return self.kind != "other" and (self.kind, self.look) == (earlier.kind, earlier.look)

    def over(self, earlier: "Part") -> bool:
        """Whether this must stay above what was drawn before."""
        return self.kind == "other" or any(cover(box, mine) for box in earlier.boxes for mine in self.boxes)


def cover(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def gathered(parts: Sequence[Part]) -> list[Part]:
    """The parts, those of one look together.

    >>> [part.boxes for part in gathered([Part("box", "a", [(0, 0, 1, 1)]), Part("box", "a", [(1, 0, 2, 1)])])]
    [[(0, 0, 1, 1), (1, 0, 2, 1)]]
    """
    found: list[Part] = []
    for part in parts:
        at = len(found)
        while at and not (part.joins(found[at - 1]) or part.over(found[at - 1])):
            at -= 1
        if at and part.joins(found[at - 1]):
            found[at - 1].boxes += part.boxes
            found[at - 1].at += part.at
        else:  # squares go as deep as they may, so that digits join across them
            found.insert(at if part.kind == "box" else len(found), replace(part, boxes=[*part.boxes], at=[*part.at]))
    return found


def columns(parts: Sequence[Part]) -> list[list[Part]]:
    """The parts from left to right in groups with nothing between them, each no wider than a panel where there is a gap.

    >>> wide = [Part("other", name, [(at, 0, at + 300, 9)]) for name, at in (("a", 0), ("b", 200), ("c", 520))]
    >>> [[part.look for part in group] for group in columns(wide)]
    [['a', 'b'], ['c']]
    """
    clusters: list[tuple[float, float, list[Part]]] = []
    for part in sorted(parts, key=lambda part: part.boxes[0][0]):
        left, _, right, _ = part.boxes[0]
        if clusters and left < clusters[-1][1]:
            start, end, inner = clusters[-1]
            clusters[-1] = (start, max(end, right), [*inner, part])
        else:
            clusters.append((left, right, [part]))
    order = {id(part): place for place, part in enumerate(parts)}
    return [sorted((part for *_, inner in group for part in inner), key=lambda part: order[id(part)])
            for group in cut(clusters)]  # fmt: skip


def cut(clusters: list, wide: float = WIDE) -> list[list]:
    """Clusters in groups, cut at the widest gap, of equal ones the middle one, until they are narrow."""
    start, end = clusters[0][0], max(cluster[1] for cluster in clusters)
    places = [
        at for at in range(1, len(clusters)) if clusters[at - 1][1] - start >= LEAST and end - clusters[at][0] >= LEAST
    ]
    if end - start <= wide or not places:
        return [clusters]

    def gap(at: int) -> tuple[int, float]:
        return round(clusters[at][0] - clusters[at - 1][1]), -abs(clusters[at][0] - (start + end) / 2)

    at = max(places, key=gap)
    return cut(clusters[:at], PANEL) + cut(clusters[at:], PANEL)
