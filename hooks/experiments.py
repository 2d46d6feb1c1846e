"""Experiments on pages: means in prose, charts, tables of effects, curves to move through."""

import charts
import curves
import explorer as explorers
import factorial
import training as trainings
import upsampling as upsamplings
from badges import plain
from captions import captioned
from cnnbook.evidence.analysis import failures
from cnnbook.evidence.numbers import enough, number, unit_after
from cnnbook.evidence.report import ExperimentReport
from context import Page
from drawings import drawn
from macro_errors import misused
from snapshot import snapshot, unknown
from wording import inline, tabled


def experiment_of(page: Page, name: str, macro: str) -> ExperimentReport:
    """An experiment, for the macro that was asked for it; stops where it has no fresh result."""
    report = snapshot()
    if name in report.experiments:
        return report.experiments[name]
    known = sorted({*report.experiments, *report.errors} - {*report.topics})
    raise misused(page, macro, name, report.errors.get(name) or unknown("experiment", name, known))


def mean(page: Page, experiment: str, arm: str, metric: str, at: float | None = None) -> str:
    """The mean of an arm over its seeds; AT a point of the metric's curve, where one is named."""
    one = experiment_of(page, experiment, "mean")
    for name, known in ((arm, one.arms), (metric, one.metrics)):
        if name not in known:
            raise misused(page, "mean", experiment, f"{experiment} has {', '.join(known)}, got {name!r}")
    try:
        value = one.mean(arm, metric, at)
    except KeyError:
        points = ", ".join(f"{point:g}" for point in one.points.get(metric, {})) or "no curve"
        rule = f"{metric} of {experiment} has {'points ' if metric in one.points else ''}{points}, got at={at}"
        raise misused(page, "mean", experiment, rule) from None
    shown = one.metrics[metric]
    digits = enough(shown.digits, value)
    return f'<span class="book-number">{number(value, digits)}{unit_after(shown.unit, page.lang)}</span>'


def smallest_effect(experiment: str, metric: str, at: float | None) -> float | None:
    """Below which the claims about an experiment count a difference as none, in a quantity that one looks at."""
    looks = [look for claim in snapshot().claims.values() if claim.experiment == experiment for look in claim.effects]
    return next((look.smallest_effect for look in looks if (look.metric, look.at) == (metric, at)), None)


def chart(
    page: Page,
    experiment: str,
    metric: str,
    kind: str = "effects",
    caption: str = "",
    baseline: str = "",
    arms=(),
    name: str = "",
    series=(),
    x: str = "",
    at: float | None = None,
) -> str:
    """A result as a numbered figure: kind "effects" (differences to the baseline), "means", "curve", over the number
    in the arms' names (series then maps names to what stands before it, and x says what is counted), "panels" (the
    arms' effects in this metric and those of series) or "pairs" (how the arms interact). The first two may show the
    metric AT a point of its curve."""
    one, lang = experiment_of(page, experiment, "chart"), page.lang
    least = smallest_effect(experiment, metric, at)
    against = (baseline or one.baseline, tuple(arms))
    kinds = {  # what draws each
        **dict.fromkeys(("effects", "means"), lambda: charts.chart(one, metric, at, kind, *against, least, lang)),
        "curve": lambda: curves.curve(one, metric, dict(series), x, lang),
        "panels": lambda: factorial.panels(one, [metric, *series], *against, lang),
        "pairs": lambda: factorial.pairs(one, metric, *against, lang),
    }
    if metric not in one.metrics or kind not in kinds:
        rule = f"kind must be {' or '.join(kinds)} and metric one of {', '.join(one.metrics)}"
        raise misused(page, "chart", experiment, f"{rule}, got {kind!r}, {metric!r}")
    try:
        svg, what, how, values = kinds[kind]()
    except ValueError as error:
        raise misused(page, "chart", experiment, str(error)) from None
    label = charts.name_of(experiment, metric, kind, name, at)
    return captioned(page, label, svg, f"{inline(caption) or what}{how}", f"{caption or what}{values}")


def means_table(page: Page, experiment: str, columns: dict, arms=()) -> str:
    """The means of ARMS, by default all, as a table; COLUMNS maps heads to a metric or (metric, point of its curve)."""
    one = experiment_of(page, experiment, "means_table")
    looks = [(what, None) if isinstance(what, str) else what for what in columns.values()]
    rows = [
        [
            one.labels[arm][page.lang] if arm in one.labels else arm,
            *(mean(page, experiment, arm, metric, at) for metric, at in looks),
        ]
        for arm in arms or one.arms
    ]
    return "\n".join(tabled(["", *columns], rows))


def failed(page: Page, experiment: str, arm: str, chance: float = 10.0) -> str:
    """A badge after a sentence on runs that died: how many of an ARM, with the interval of their share. A run died that
    diverged or whose test accuracy is no better than CHANCE, in per cent."""
    one = experiment_of(page, experiment, "failed")
    if arm not in one.arms:
        raise misused(page, "failed", experiment, f"{experiment} has {', '.join(one.arms)}, got {arm!r}")
    values = one.arms[arm]["test_accuracy"].values
    count, low, high = failures(values, chance)
    if not count:
        raise misused(
            page, "failed", experiment, f"no run of {arm!r} died: the sentence before the badge must not say so"
        )
    words = {"zh": "{seeds} 次中 {count} 次", "en": "{count} of {seeds}"}[page.lang].format(
        count=count, seeds=len(values)
    )
    return plain(words, f"[{100 * low:.0f}%, {100 * high:.0f}%]")


def effects_table(page: Page, experiment: str, metrics, arms) -> str:
    """The effects of arms in several metrics as a table."""
    one = experiment_of(page, experiment, "effects_table")
    try:
        return factorial.table(one, list(metrics), one.baseline, tuple(arms), page.lang)
    except (KeyError, ValueError) as error:
        raise misused(page, "effects_table", experiment, str(error)) from None


def explorer(
    page: Page,
    experiment: str,
    series: dict,
    by: str,
    parameter: str,
    metrics=("nll", "accuracy"),
    group: str = "",
    start: int = 0,
    axis: str = "steps",
    caption: str = "",
    name: str = "",
) -> str:
    """Training curves to move through, as a numbered figure: series maps names to arms that differ in the setting BY of
    their configuration ("optimizer.lr"), which the slider moves through under the name PARAMETER; GROUP says what tells
    the series apart, START the arm that shows first, AXIS "steps" or "epochs"."""
    one = experiment_of(page, experiment, "explorer")
    label = charts.name_of(experiment, kind="explorer", name=name)
    try:
        element, what, how = explorers.explorer(
            one, label, dict(series), by, parameter, group, list(metrics), start, axis, page.lang
        )
    except (ValueError, KeyError) as error:
        raise misused(page, "explorer", experiment, f"no curves to explore: {error}") from None
    return captioned(page, label, element, f"{inline(caption) or what}{how}", f"{caption or what}")


def training(page: Page, experiment: str, arms, stories: dict, caption: str = "", name: str = "training") -> str:
    """The book's network to train in the page, as a numbered figure: ARMS are those whose published curves it can draw
    behind the reader's own; STORIES names settings to begin with, the first at once: {"too far": {"rate": 1}}."""
    one = experiment_of(page, experiment, "training")
    try:
        element, what = trainings.training(one, list(arms), dict(stories), page.lang)
    except (ValueError, KeyError) as error:
        raise misused(page, "training", experiment, f"nothing to train: {error}") from None
    return captioned(page, name, element, inline(caption) or what, caption or what)


def super_resolution(page: Page, experiment: str, stories: dict, caption: str, alt: str, *, instead: str) -> str:
    """The network of the bench of upsampling layers to train in the page, as the numbered figure "live": STORIES names
    settings to begin with, the first at once; where there is no JavaScript, the page's drawing INSTEAD."""
    one, picture = experiment_of(page, experiment, "super_resolution"), drawn(page.topic, instead, page.lang)
    if picture is None:
        raise misused(page, "super_resolution", experiment, f"docs/figures/{page.topic}.py draws no figure {instead!r}")
    try:
        element = upsamplings.upsampling(one, dict(stories), picture)
    except (ValueError, KeyError) as error:
        raise misused(page, "super_resolution", experiment, f"nothing to train: {error}") from None
    return captioned(page, "live", element, inline(caption), alt)


MACROS = (mean, chart, means_table, failed, effects_table, explorer, training, super_resolution)
