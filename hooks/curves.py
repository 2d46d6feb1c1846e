"""Learning curves: a figure of a result over the number in its arms' names, on two logarithmic axes, with its line.

The line is fitted to the means by least squares on the logarithms; its slope stands in the caption.
"""

import math
import re

from charts import COLOURS, WORDS, canvas, kept
from wording import DIRECTIONS, named, number, unit_of

HEIGHT = 290


def points_of(experiment: dict, metric: str, prefix: str) -> list[tuple[int, dict]]:
    """The arms of a curve, which are named PREFIX_NUMBER: their numbers and figures, in order."""
    named = {arm: re.fullmatch(rf"{re.escape(prefix)}_(\d+)", arm) for arm in experiment["arms"]}
    found = sorted((int(hit[1]), experiment["arms"][arm][metric]) for arm, hit in named.items() if hit)
    if len(found) < 2 or any(point["mean"] is None or point["low"] is None for _, point in found):
        raise ValueError(f"a curve must have two arms named {prefix}_NUMBER at least, and no seed lost in all of one")
    return found


def curve(experiment: dict, metric: str, series: dict[str, str], x: str, lang: str):
    """Curves over the number in the arms' names, on logarithmic axes; series maps names to prefixes.

    As `chart`, the drawing, what it shows, how to read it, and in words the slopes of the lines.
    """
    import numpy

    one, words = experiment["metrics"][metric], WORDS[lang]
    says = named(metric, lang) | {"x": x, "seeds": experiment["seeds"], "unit": unit_of(one["unit"], lang).strip()}
    says["direction"] = DIRECTIONS[one["direction"]][lang]
    curves = {label: points_of(experiment, metric, prefix) for label, prefix in series.items()}
    lines = {
        label: tuple(numpy.polyfit(numpy.log([n for n, _ in points]), numpy.log([p["mean"] for _, p in points]), 1))
        for label, points in curves.items()
    }
    ends = "；" if lang == "zh" else "; "
    says["slopes"] = ends.join(f"{label} {number(line[0], 2)}" for label, line in lines.items())
    axis = words["axis_means"].format(**says)
    return (
        kept(drawn_curve, curves, lines, x, axis),
        words["curve"].format(**says),
        words["curve_how"].format(**says),
        says["slopes"],
    )


def drawn_curve(curves: dict, lines: dict, x: str, axis: str, key: str) -> str:
    """Draw the curves, each with its line; their names stand above the drawing."""
    with canvas(HEIGHT, (0.1, 0.16, 0.87, 0.7), ("bottom", "left"), key) as (plot, svg):
        plot.set(xscale="log", yscale="log")
        numbers = sorted({n for points in curves.values() for n, _ in points})
        values = [p[end] for points in curves.values() for _, p in points for end in ("low", "high")]
        for place, (label, points) in enumerate(curves.items()):
            colour = COLOURS["ba"[place % 2]]
            at, means = [n for n, _ in points], [p["mean"] for _, p in points]
            slope, start = lines[label]
            fitted = [math.e**start * n**slope for n in (at[0], at[-1])]
            values += fitted
            plot.plot([at[0], at[-1]], fitted, "--", color=colour, lw=1, alpha=0.6)
            plot.vlines(at, [p["low"] for _, p in points], [p["high"] for _, p in points], color=colour, lw=2.5)
            plot.plot(at, means, "os"[place % 2] + "-", ms=6, mew=0, lw=1.5, color=colour)
            words = {"transform": plot.transAxes, "fontsize": 12, "va": "baseline", "color": colour}
            plot.text(0.02 + 0.5 * place, 1.08, f"{'●■'[place % 2]} {label}", **words)
        plot.set_xticks(numbers, [f"{n}" for n in numbers])
        ticks = [
            t
            for e in range(-3, 4)
            for t in (m * 10.0**e for m in (1, 1.5, 2, 3, 4, 5, 7))
            if min(values) / 1.1 < t < max(values) * 1.1
        ]
        plot.set_yticks(ticks, [f"{t:g}" for t in ticks])
        plot.minorticks_off()
        plot.set_ylim(min(*values, *ticks) / 1.06, max(*values, *ticks) * 1.06)
        plot.tick_params(color=COLOURS["soft"], labelcolor=COLOURS["soft"], length=4)
        plot.set_xlabel(x, color=COLOURS["soft"], labelpad=6)
        plot.text(0.98, 0.95, axis, transform=plot.transAxes, ha="right", va="top", color=COLOURS["soft"])
    return svg[0]
