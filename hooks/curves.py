"""Learning curves: a figure of a result over the number in its arms' names, on two logarithmic axes, with its line.

The line is fitted to the means by least squares on the logarithms; its slope stands in the caption.
"""

import re

from charts import COLOURS, WORDS, canvas, kept
from cnnbook.evidence.analysis import PowerLaw, power_law
from cnnbook.evidence.numbers import number, unit_words
from cnnbook.evidence.report import ExperimentReport, Sample
from wording import DIRECTIONS, SEMICOLON, named

HEIGHT = 290


def points_of(experiment: ExperimentReport, metric: str, prefix: str) -> list[tuple[int, Sample]]:
    """The arms of a curve, which are named PREFIX_NUMBER: their numbers and figures, in order."""
    named = {arm: re.fullmatch(rf"{re.escape(prefix)}_(\d+)", arm) for arm in experiment.arms}
    found = sorted((int(hit[1]), arm) for arm, hit in named.items() if hit)
    points = [(n, experiment.arms[arm][metric]) for n, arm in found]
    if len(points) < 2 or any(point.mean is None or point.low is None for _, point in points):
        raise ValueError(f"a curve must have two arms named {prefix}_NUMBER at least, and no seed lost in all of one")
    return points


def curve(experiment: ExperimentReport, metric: str, series: dict[str, str], x: str, lang: str):
    """Curves over the number in the arms' names, on logarithmic axes; series maps names to prefixes.

    As `chart`, the drawing, what it shows, how to read it, and in words the slopes of the lines.
    """
    one, words = experiment.metrics[metric], WORDS[lang]
    says = named(one.label, lang) | {"x": x, "seeds": experiment.seeds, "unit": unit_words(one.unit, lang)}
    says["direction"] = DIRECTIONS[one.direction][lang]
    found = {label: points_of(experiment, metric, prefix) for label, prefix in series.items()}
    laws = {label: power_law([n for n, _ in points], [p.mean for _, p in points]) for label, points in found.items()}
    says["slopes"] = SEMICOLON[lang].join(f"{label} {number(law.exponent, 2)}" for label, law in laws.items())
    drawing = kept(
        drawn_curve,
        {label: [(n, p.mean, p.low, p.high) for n, p in points] for label, points in found.items()},
        {label: ends(law, found[label]) for label, law in laws.items()},
        x,
        words["axis_means"].format(**says),
    )
    return drawing, words["curve"].format(**says), words["curve_how"].format(**says), says["slopes"]


def ends(law: PowerLaw, points: list[tuple[int, Sample]]) -> list[tuple[int, float]]:
    """Where the line of a curve begins and ends."""
    return [(n, law.at(n)) for n in (points[0][0], points[-1][0])]


def drawn_curve(curves: dict, lines: dict, x: str, axis: str, key: str) -> str:
    """Draw the curves, points (n, mean, low, high), each with its line; their names stand above the drawing."""
    with canvas(HEIGHT, (0.1, 0.16, 0.87, 0.7), ("bottom", "left"), key) as (plot, svg):
        plot.set(xscale="log", yscale="log")
        numbers = sorted({n for points in curves.values() for n, *_ in points})
        values = [end for points in curves.values() for _, _, *both in points for end in both]
        for place, (label, points) in enumerate(curves.items()):
            colour = COLOURS["ba"[place % 2]]
            at, means, low, high = zip(*points, strict=True)
            values += [value for _, value in lines[label]]
            plot.plot(*zip(*lines[label], strict=True), "--", color=colour, lw=1, alpha=0.6)
            plot.vlines(at, low, high, color=colour, lw=2.5)
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
