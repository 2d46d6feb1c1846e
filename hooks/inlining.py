"""A drawing of matplotlib as an element of a page: few elements, the book's colours, and nothing global."""

import re

COLOURS = {"ink": "#010101", "soft": "#020202", "rule": "#030303", "pad": "#040404", "a": "#050505", "b": "#060606"}


def inlined(svg: str, key: str) -> str:
    """matplotlib's file as an element of the page: its own ids, the book's colours, the page's font, nothing global."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<(metadata|style)\b.*?</\1>|<!--.*?-->", "", svg, flags=re.S)
    used = set(re.findall(r"(?:xlink:href=\"|url\()#([\w.-]+)", svg))
    svg = re.sub(r' id="([^"]+)"', lambda hit: f' id="c{key}-{hit[1]}"' if hit[1] in used else "", svg)
    svg = re.sub(r"(xlink:href=\"|url\()#", rf"\1#c{key}-", svg)
    for name, colour in COLOURS.items():
        svg = svg.replace(colour, f"var(--book-{name})")
    svg = re.sub(r"font: (?:\w+ )*?([\d.]+px) [^;\"]*", r"font-size: \1", svg)
    svg = ungrouped(svg)
    svg = re.sub(r'<svg [^>]*?(viewBox="[^"]*")[^>]*>', r'<svg \1 class="book-chart">', svg, count=1)
    return re.sub(r">\s+<", "><", svg.strip()).replace("\n", " ")


def ungrouped(svg: str) -> str:
    """Without groups that say nothing of what they hold.

    >>> ungrouped('<g><g class="a"><g><path/></g></g></g>')
    '<g class="a"><path/></g>'
    """
    kept: list[bool] = []

    def tag(hit: re.Match) -> str:
        if hit[0] != "</g>":
            kept.append(hit[0] != "<g>")
        return hit[0] if (kept.pop() if hit[0] == "</g>" else kept[-1]) else ""

    return re.sub(r"<g\b[^>]*(?<!/)>|</g>", tag, svg)
