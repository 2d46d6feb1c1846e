"""Results as charts: SVG drawn from the snapshot by matplotlib, in the page's language, one drawing for light and dark.

A row is an arm: its name above, a dot for the mean, a line for the interval, and a faint dot for every seed. Colours
are the book's CSS variables, words take the page's font. Drawings are kept under .cache by the hash of what they show.
"""

import ast
import contextlib
import hashlib
import inspect
import io
import json
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keeping
from cnnbook.evidence.numbers import enough, number, plain, span, unit_after, unit_words
from cnnbook.evidence.report import ExperimentReport
from inlining import COLOURS, inlined
from wording import DIRECTIONS, SEMICOLON, named

KEPT = Path(__file__).parent.parent / ".cache/charts"
CALL = re.compile(r"\[=\s*((?:figure|chart|explorer|widget|training|super_resolution|transfer_map)\(.*?\))\s*=\]", re.S)
WIDTH, ROW, LINE, HEAD, FOOT = 400, 44, 16, 6, 42  # points; a point is a pixel of the drawing
WORDS = {
    "zh": {
        "effects": "{metric}：各组减去“{baseline}”之差。", "means": "{metric}：各组的平均值。",
        "how": "深色点是 {seeds} 个种子的平均，横线是 95% 区间，淡色点是单个种子。",
        "band": "灰带里的差别（小于 {least}）不计。", "noise": "蓝色是变好，红色是变差，区间跨过 0 的画成灰色。",
        "axis": "相差（{unit}，{direction}）", "axis_means": "{metric}（{unit}，{direction}）",
        "curve": "{metric}随{x}变化，两轴都是对数刻度。",
        "curve_how": "点是 {seeds} 个种子的平均，竖线是 95% 区间，虚线是按最小二乘拟合的直线。斜率：{slopes}。",
    },
    "en": {
        "effects": "{Metric}: each arm minus “{baseline}”.", "means": "{Metric}: the mean of each arm.",
        "how": " Dark dots are means over {seeds} seeds, lines their 95% intervals, faint dots single seeds.",
        "band": " In the grey band (below {least}) a difference does not count.",
        "noise": " Blue is better, red is worse; where the interval crosses zero, it is grey.",
        "axis": "difference ({unit}, {direction})", "axis_means": "{metric} ({unit}, {direction})",
        "curve": "{Metric} against {x}, both on logarithmic axes.",
        "curve_how": " Dots are means over {seeds} seeds, lines their 95% intervals; dashed, the least-squares lines."
        " Slopes: {slopes}.",
    },
}  # fmt: skip


def name_of(
    experiment: str, metric: str = "", kind: str = "effects", name: str = "", at: float | None = None, **_
) -> str:
    """The name by which a page refers to a chart or an explorer, which is of no one metric: where it is given no other,
    dropout-test-accuracy-effects, checkerboard-test-ripple-0-effects, batch-size-explorer.
    """
    parts = [*experiment.split("/")[1:], metric, "" if at is None else f"{at:g}", kind]
    return name or "-".join(filter(None, parts)).replace("_", "-")


def names_in(text: str) -> Iterator[str]:
    """The names of all figures and charts that a page asks for, in order."""
    for hit in CALL.finditer(text):
        call = ast.parse(hit[1], mode="eval").body
        words = [ast.literal_eval(word) for word in call.args]
        more = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
        more |= {"kind": "explorer"} if call.func.id == "explorer" else {}
        own = {
            "figure": "{}", "widget": "{}", "transfer_map": "map-{}", "training": more.get("name", "training"),
            "super_resolution": "live",
        }.get(call.func.id)  # fmt: skip
        yield own.format(words[0]) if own else name_of(*words, **more)


@dataclass(frozen=True)
class Row:
    """What a chart shows of an arm: its mean or its difference to the baseline, with the interval and the seeds."""

    arm: str
    mean: float | None
    low: float | None
    high: float | None
    values: tuple[float, ...]


def label(arm: str, experiment: ExperimentReport, lang: str) -> str:
    return experiment.labels[arm][lang] if arm in experiment.labels else arm


def rows_of(
    experiment: ExperimentReport, metric: str, kind: str, baseline: str, arms: Sequence[str], at: float | None = None
) -> dict[str, Row]:
    """What the chart shows, by arm; a ValueError says what there is not."""
    if kind == "means":
        found = [(arm, row[metric]) for arm, row in experiment.arms.items() if at is None and metric in row]
    else:
        found = [
            (one.treatment, one)
            for one in experiment.differences
            if (one.metric, one.at, one.baseline) == (metric, at, baseline)
        ]
    rows = {
        arm: Row(arm, one.mean, one.low, one.high, tuple(value for value in one.values if value is not None))
        for arm, one in found
    }
    strange = [arm for arm in arms if arm not in rows]
    if strange or not rows:
        against = f" against {baseline!r}" if kind == "effects" else ""
        raise ValueError(f"there is no row for {', '.join(map(repr, strange)) or 'any arm'}{against}")
    return {arm: row for arm, row in rows.items() if not arms or arm in arms}


def chart(
    experiment: ExperimentReport, metric: str, at: float | None, kind: str, baseline: str, arms: Sequence[str],
    least: float | None, lang: str,
):  # fmt: skip
    """A chart: its SVG, what it shows, how to read it, and its values in words."""
    rows = rows_of(experiment, metric, kind, baseline, arms, at).values()
    one, words, effects = experiment.metrics[metric], WORDS[lang], kind == "effects"
    says = named(experiment.label(metric, at), lang) | {"unit": unit_words(one.unit, lang, difference=effects)}
    says |= {"seeds": experiment.seeds, "direction": DIRECTIONS[one.direction][lang]}
    says |= {"baseline": label(baseline, experiment, lang)}
    says |= {"least": f"{plain(least or 0)}{unit_after(one.unit, lang, difference=effects)}"}
    parts = ["how", *(["band"] if least else []), "noise"] if effects else ["how"]
    how = "".join(words[part].format(**says) for part in parts)
    axis = words["axis" if effects else "axis_means"].format(**says)
    digits = max(enough(one.digits, row.low, row.high, border=least) for row in rows) if effects else one.digits
    shown = [
        (
            label(row.arm, experiment, lang),
            span(row.mean, row.low, row.high, digits) if effects else number(row.mean, digits),
            (row.mean, row.low, row.high, row.values),
        )
        for row in rows
    ]
    values = SEMICOLON[lang].join(f"{arm} {value}" for arm, value, _ in shown)
    sign = 1 if one.direction == "higher" else -1
    return kept(drawn, shown, kind, sign, least, axis), words[kind].format(**says), how, values


def kept(draw: Callable[..., str], *inputs: Any) -> str:
    """``draw(*inputs, key)``, or what it drew before from the same inputs by the same code."""
    files = (inspect.getfile(draw), __file__, inspect.getfile(inlined))
    code = "".join(Path(file).read_text("utf-8") for file in files)
    key = hashlib.sha256((json.dumps(inputs) + code).encode()).hexdigest()[:16]
    return keeping.once(KEPT / key, lambda: draw(*inputs, key))


@contextlib.contextmanager
def canvas(height: float, box: tuple[float, float, float, float], spines: tuple[str, ...], key: str):
    """A plot to draw on, in the book's manner, and a list which in the end holds its SVG."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    style = {"svg.fonttype": "none", "svg.hashsalt": key, "font.size": 11, "axes.unicode_minus": True}
    with matplotlib.rc_context(style), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # matplotlib's own font has no Chinese; the reader's has
        figure = pyplot.figure(figsize=(WIDTH / 72, height / 72))
        plot, svg = figure.add_axes(box), []
        yield plot, svg
        for side, spine in plot.spines.items():
            spine.set(visible=side in spines, color=COLOURS["soft"])
        file = io.StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
        pyplot.close(figure)
    svg.append(inlined(file.getvalue(), key))


def wide(words: str) -> float:
    """About how wide words are: a Chinese character is 12, a Latin letter on average under 7."""
    return sum(12 if ord(letter) > 0x2E80 else 6.8 for letter in words)


def drawn(shown: list, kind: str, sign: int, least: float | None, axis: str, key: str) -> str:
    """Draw the rows. Words are placed by hand: their width is known to the reader's browser alone."""
    tall = [ROW + LINE * (wide(arm) + wide(value) > WIDTH - 30) for arm, value, _ in shown]
    height = HEAD + sum(tall) + FOOT
    box = (0.02, FOOT / height, 0.96, 1 - (HEAD + FOOT) / height)
    with canvas(height, box, ("bottom",), key) as (plot, svg):
        plot.set_ylim(-sum(tall), 0)
        if kind == "effects":
            plot.axvspan(-(least or 0), least or 0, color=COLOURS["pad"], lw=0)
            plot.axvline(0, color=COLOURS["soft"], lw=1)
        for at, (arm, value, (mean, low, high, seeds)) in enumerate(shown):
            y = -sum(tall[: at + 1]) + ROW - 31
            noise = kind == "effects" and (low is None or low <= 0 <= high)
            colour = COLOURS["soft"] if noise else COLOURS["b" if kind == "means" or sign * mean > 0 else "a"]
            plot.plot(seeds, [y] * len(seeds), "o", ms=4, mew=0, color=colour, alpha=0.3)
            if low is not None:
                plot.plot([low, high], [y, y], color=colour, lw=2.5, solid_capstyle="round")
            if mean is not None:
                plot.plot([mean], [y], "o", ms=8, mew=0, color=colour)
            ends = {"transform": plot.get_yaxis_transform(), "fontsize": 12, "va": "baseline", "color": COLOURS["ink"]}
            plot.text(0.0, y + 15 + tall[at] - ROW, arm, ha="left", **ends)
            plot.text(1.0, y + 15, value, ha="right", **ends)
        plot.set_yticks([])
        plot.margins(x=0.06)
        plot.locator_params(axis="x", nbins=7)
        plot.tick_params(axis="x", color=COLOURS["soft"], labelcolor=COLOURS["soft"], length=4)
        plot.set_xlabel(axis, color=COLOURS["soft"], labelpad=6)
    return svg[0]
