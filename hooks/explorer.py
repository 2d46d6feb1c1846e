"""The figure <curve-explorer>: training curves of a result, all arms and seeds, as JSON in the page.

The picture within it, the median test curve of every arm, is what shows without JavaScript; the element
(docs/assets/widgets/curve-explorer.mjs) takes its place. Arms of a series differ in one setting, which the slider moves
through; its value is read from their configuration.
"""

import json
from collections.abc import Mapping
from html import escape

from charts import COLOURS, WIDTH, canvas, kept, wide
from cnnbook.evidence.numbers import unit_after, unit_words
from cnnbook.evidence.report import ExperimentReport, Numbers
from wording import DIRECTIONS, named

HEIGHT, PARTS = 300, ("test", "train")
WORDS = {
    "zh": {
        "shows": "{metric}随训练的变化，每条线是一组的中位数（{seeds} 个种子），{parameter}从 {first} 到 {last}。",
        "how": "移动滑块，看各组的每个种子（细线）、中位数（粗线）和训练与测试之差（阴影）。", "steps": "步",
        "nll": "负对数似然", "accuracy": "准确率",
    },
    "en": {
        "shows": "{Metric} as training goes on, a line for each configuration: the median of {seeds} seeds, "
        "{parameter} from {first} to {last}.",
        "how": " Move the slider to see each configuration's seeds (thin), their median (thick) and the gap between "
        "training and test (shaded).", "steps": "steps", "nll": "negative log-likelihood", "accuracy": "accuracy",
    },
}  # fmt: skip


def setting(config: Mapping, by: str) -> float:
    """A number of a configuration: ``optimizer.lr``, ``batch_size``."""
    for name in by.split("."):
        config = config[name]
    return config


def points_of(experiment: ExperimentReport, arm: str, metric: str) -> list[tuple[float, Numbers]]:
    """The curve of an arm's metric: after so many steps, one number a seed. The end of the run is its last point."""
    total, figures = experiment.runs[arm].total_steps, experiment.arms[arm]
    found = {float(total): figures[metric].values} if metric in figures else {}
    along = {"step": 1, "share": total}[experiment.axes[metric]]
    found |= {point.at * along: point.values for point in experiment.curves[arm][metric]}
    return sorted(found.items())


def arm_of(experiment: ExperimentReport, arm: str, metrics: list[str], by: str) -> dict:
    """An arm: its setting, and for both parts of the data and each metric the curves of its seeds."""
    run = experiment.runs[arm]
    points = {f"{part}_{m}": points_of(experiment, arm, f"{part}_{m}") for part in PARTS for m in metrics}
    steps = [step for step, _ in points[f"test_{metrics[0]}"]]
    if len(steps) < 3 or any([step for step, _ in curve] != steps for curve in points.values()):
        raise ValueError(f"arm {arm!r} must have the same points of all curves, three at least, got {steps}")
    value = setting(run.configuration, by)
    return {
        "value": value,
        "label": f"{value:.8f}".rstrip("0").rstrip("."),  # never 2e-05
        "epoch": run.steps_an_epoch,
        "steps": [short(step) for step in steps],
        **{
            part: {
                m: [[short(one) for one in seed] for seed in zip(*(v for _, v in points[f"{part}_{m}"]), strict=True)]
                for m in metrics
            }
            for part in PARTS
        },
    }


def short(value: float | None) -> float | None:
    """Four digits are more than a plot can show."""
    return None if value is None else float(f"{value:.4g}")


def explorer(
    experiment: ExperimentReport, name: str, series: dict[str, list[str]], by: str, parameter: str, group: str,
    metrics: list[str], start: int, axis: str, lang: str,
) -> tuple[str, str, str]:  # fmt: skip
    """The element with its data and its picture; what it shows; how to use it."""
    made = []
    for label, arms in series.items():
        found = sorted((arm_of(experiment, arm, metrics, by) for arm in arms), key=lambda arm: arm["value"])
        made.append({"name": label, "arms": found})
    data = {
        "parameter": parameter,
        "group": group,
        "axis": axis,
        "start": start,
        "metrics": [
            {
                "id": metric,
                "name": WORDS[lang][metric],
                "unit": unit_after(experiment.metrics[f"test_{metric}"].unit, lang),
                "digits": experiment.metrics[f"test_{metric}"].digits,
            }
            for metric in metrics
        ],
        "series": made,
    }
    if not 0 <= start < len(made[0]["arms"]):
        raise ValueError(f"start must be in 0…{len(made[0]['arms']) - 1}, got {start}")
    first = experiment.metrics[f"test_{metrics[0]}"]
    says = named(first.label, lang) | {"seeds": experiment.seeds, "parameter": parameter}
    says |= {"first": made[0]["arms"][0]["label"], "last": made[0]["arms"][-1]["label"]}
    axis_words = f"{says['metric']} ({unit_words(first.unit, lang)}, {DIRECTIONS[first.direction][lang]})"
    picture = kept(drawn, made[0]["arms"], metrics[0], WORDS[lang]["steps"], axis_words)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    element = (
        f'<curve-explorer data-name="{escape(name)}"><script type="application/json">{text}</script>'
        f"{picture}</curve-explorer>"
    )
    return element, WORDS[lang]["shows"].format(**says), WORDS[lang]["how"]


def fenced(values: list[float]) -> tuple[float, float]:
    """The ends of the axis: without what is on its way to infinity (as `domain` of core/curves.mjs)."""
    values = sorted(values)
    first, third = (values[int(share * (len(values) - 1))] for share in (0.25, 0.75))
    return values[0], max(value for value in values if value <= third + 3 * (third - first))


def drawn(arms: list[dict], metric: str, x: str, y: str, key: str) -> str:
    """The medians of all arms over the steps; they are named, or, where a line has no room for all, the first and last.

    The words stand above the plot, the axis's below the names: within it they would lie across a curve.
    """
    from statistics import median

    ends = (0, len(arms) - 1)
    all_fit = sum(wide(f"— {arm['label']}  ") for arm in arms) < WIDTH
    told = range(len(arms)) if all_fit else ends
    with canvas(HEIGHT, (0.1, 0.16, 0.87, 0.66), ("bottom", "left"), key) as (plot, svg):
        everything = []
        for place, arm in enumerate(arms):
            columns = zip(*arm["test"][metric], strict=True)
            there = [[value for value in column if value is not None] for column in columns]
            line = [median(column) if column else None for column in there]
            everything += [value for value in line if value is not None]
            outer = place in ends
            colour = COLOURS["b" if place == 0 else "a" if outer else "soft"]
            shown = [(s, v) for s, v in zip(arm["steps"], line, strict=True) if v is not None]
            plot.plot(*zip(*shown, strict=True), color=colour, lw=2.2 if outer else 1, alpha=1 if outer else 0.6)
            words = {"transform": plot.transAxes, "fontsize": 12, "va": "baseline", "color": colour}
            if place in told:
                plot.text(0.02 + 0.98 * told.index(place) / len(told), 1.16, f"— {arm['label']}", **words)
        low, high = fenced(everything)
        plot.set_ylim(low - 0.05 * (high - low), high + 0.05 * (high - low))
        plot.tick_params(color=COLOURS["soft"], labelcolor=COLOURS["soft"], length=4)
        plot.set_xlabel(x, color=COLOURS["soft"], labelpad=6)
        plot.text(0.02, 1.05, y, transform=plot.transAxes, va="baseline", color=COLOURS["soft"])
    return svg[0]
