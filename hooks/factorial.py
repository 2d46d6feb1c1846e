"""Several methods on one baseline: their effects in several metrics side by side, and a table of how pairs interact.

In the panels right is always better. In the table of pairs a cell is a difference of differences: what two methods
give together, less the sum of what each gives alone. With m methods that is m (m − 1) / 2 looks, so that some would be
clear of zero by chance; a cell is coloured where it stays so with the false discovery rate held at 5 % (Benjamini and
Hochberg 1995, over the p-values of paired t-tests).
"""

from html import escape

from charts import COLOURS, WIDTH, canvas, kept, label, rows_of
from wording import DIRECTIONS, digits_for, digits_of, inline, metric_name, named, number, span, unit_of

RATE = 0.05
TOP, LINE, FOOT, GAP, EDGE = 40, 36, 44, 12, 8
SHORT = {
    "test_accuracy": {"zh": "测试准确率", "en": "test accuracy"},
    "test_nll": {"zh": "负对数似然", "en": "log-likelihood"},
    "test_ece": {"zh": "校准误差", "en": "calibration"},
    "accuracy_gap": {"zh": "训练测试之差", "en": "train-test gap"},
}
WORDS = {
    "zh": {
        "panels": "各组减去“{baseline}”之差，{metrics}。",
        "panels_how": "向右总是变好：越低越好的，轴已反过来。点是 {seeds} 个种子的平均，横线是 95% 区间；"
        "蓝色是变好，红色是变差，区间跨过 0 的画成灰色。",
        "pairs": "{metric}：两种方法并用，与各自变化之和相差多少（{unit}，{direction}）。",
        "pairs_how": "对角线是单用一种的变化。蓝底：并用好于相加；红底：并用不如相加；灰字：{looks} 个组合一起看，"
        "错误发现率控制在 5% 时，与相加没有可辨的差别。",
        "method": "方法", "joiner": "；", "list": "、",
    },
    "en": {
        "panels": "Each arm minus “{baseline}”: {metrics}.",
        "panels_how": " Right is always better: where lower is better, the axis is turned. Dots are means over {seeds} "
        "seeds, lines their 95% intervals; blue is better, red is worse, grey where the interval crosses zero.",
        "pairs": "{Metric}: two methods together, less the sum of what each changes ({unit}, {direction}).",
        "pairs_how": " On the diagonal, the change by one alone. Blue: better than the sum. Red: worse. Grey: no "
        "difference to be told from the sum, with the false discovery rate over {looks} pairs held at 5%.",
        "method": "Method", "joiner": "; ", "list": ", ",
    },
}  # fmt: skip


def short(metric: str, lang: str) -> str:
    """A metric's name where room is scarce."""
    return SHORT.get(metric, {}).get(lang, metric_name(metric, lang))


def state(row: dict, direction: str) -> str:
    """ "better", "worse", or "noise" where the interval crosses zero.

    >>> state({"low": -0.4, "high": -0.1, "mean": -0.2}, "lower")
    'better'
    """
    if row["low"] is None or row["low"] <= 0 <= row["high"]:
        return "noise"
    return "better" if (row["mean"] > 0) == (direction == "higher") else "worse"


def panels(experiment: dict, metrics: list[str], baseline: str, arms: tuple[str, ...], lang: str):
    """Effects in several metrics side by side: as `chart`, the SVG, what it shows, how to read it, values in words."""
    words, shown = WORDS[lang], []
    for metric in metrics:
        one = experiment["metrics"][metric]
        rows = {row["arm"]: row for row in rows_of(experiment, metric, "effects", baseline, arms)}
        unit = unit_of(one["unit"], lang, difference=True).strip()
        cells = [
            [rows[arm][end] for end in ("mean", "low", "high")] + [state(rows[arm], one["direction"])] for arm in arms
        ]
        shown.append([short(metric, lang), unit, one["direction"], cells])
    names = [label(arm, experiment, lang) for arm in arms]
    says = {"baseline": label(baseline, experiment, lang), "seeds": experiment["seeds"]}
    says["metrics"] = words["list"].join(metric_name(metric, lang) for metric in metrics)
    what = words["panels"].format(**says)
    return kept(drawn_panels, names, shown), what, words["panels_how"].format(**says), says["metrics"]


def drawn_panels(names: list[str], shown: list, key: str) -> str:
    """Draw the panels on one plane, a column a metric; a name stands above its row."""
    from matplotlib.ticker import MaxNLocator

    height = TOP + LINE * len(names) + FOOT
    column = (WIDTH - 2 * EDGE - GAP * (len(shown) - 1)) / len(shown)
    with canvas(height, (0, 0, 1, 1), (), key) as (plot, svg):
        plot.set(xlim=(0, WIDTH), ylim=(height, 0), xticks=[], yticks=[])
        foot = TOP + LINE * len(names)
        for place, (name, unit, direction, cells) in enumerate(shown):
            left, sign = EDGE + place * (column + GAP), 1 if direction == "higher" else -1
            ends = [sign * end for cell in cells for end in cell[:3] if end is not None] + [0.0]
            margin = 0.06 * (max(ends) - min(ends) or 1)
            low, high = min(ends) - margin, max(ends) + margin

            def x(value, left=left, sign=sign, low=low, high=high):
                return left + column * (sign * value - low) / (high - low)

            soft = {"color": COLOURS["soft"], "va": "baseline"}
            plot.text(left + column / 2, 14, name, ha="center", va="baseline", color=COLOURS["ink"], fontsize=11)
            plot.plot([left, left + column], [foot, foot], color=COLOURS["soft"], lw=0.8)
            for tick in MaxNLocator(3, steps=[1, 2, 5, 10]).tick_values(low, high):
                if low <= tick <= high:
                    plot.plot([x(sign * tick)] * 2, [foot, foot + 4], color=COLOURS["soft"], lw=0.8)
                    plot.text(x(sign * tick), foot + 17, f"{sign * tick + 0:g}".replace("-", "−"), ha="center", **soft)
            plot.text(left + column / 2, foot + 34, unit, ha="center", **soft)
            for row, (mean, least, most, seen) in enumerate(cells):
                y, colour = TOP + LINE * row + 24, COLOURS[{"better": "b", "worse": "a", "noise": "soft"}[seen]]
                plot.plot([x(0), x(0)], [y - 7, y + 8], color=COLOURS["soft"], lw=0.8)  # below the names
                if least is not None:
                    plot.plot([x(least), x(most)], [y, y], color=colour, lw=2.5, solid_capstyle="round")
                if mean is not None:
                    plot.plot([x(mean)], [y], "o", ms=6.5, mew=0, color=colour)
        for row, name in enumerate(names):
            y = TOP + LINE * row
            plot.plot([0, WIDTH], [y - 2, y - 2], color=COLOURS["rule"], lw=0.8)
            plot.text(0, y + 12, name, ha="left", va="baseline", color=COLOURS["ink"], fontsize=12)
    return svg[0]


def table(experiment: dict, metrics: list[str], baseline: str, arms: tuple[str, ...], lang: str) -> str:
    """The values of the panels: a method to a row, grey where the interval crosses zero."""
    head = "".join(
        f'<th scope="col">{short(metric, lang)}'
        f"<br><small>{unit_of(experiment['metrics'][metric]['unit'], lang, difference=True).strip()}</small></th>"
        for metric in metrics
    )
    found = {
        metric: {row["arm"]: row for row in rows_of(experiment, metric, "effects", baseline, arms)}
        for metric in metrics
    }
    body = []
    for arm in arms:
        cells = []
        for metric in metrics:
            row = found[metric][arm]
            mean, _, ends = span(row, digits_for(row)).partition(" ")
            seen = state(row, experiment["metrics"][metric]["direction"])
            cells.append(f'<td class="book-{seen}">{mean}<br><small>{escape(ends).replace("[", "&#91;")}</small></td>')
        name = inline(label(arm, experiment, lang))
        body.append(f'<tr><th scope="row">{name}</th>{"".join(cells)}</tr>')
    first = f'<th scope="col">{WORDS[lang]["method"]}</th>'
    return f"<table><thead><tr>{first}{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def interactions(experiment: dict, metric: str, arms: tuple[str, ...], baseline: str) -> list[dict]:
    """The difference of each declared pair of arms to the sum of its effects, and whether it can be told from it."""
    from scipy.stats import false_discovery_control, ttest_1samp

    rows = {(one["treatment"], one["baseline"]): one for one in experiment["differences"] if one["metric"] == metric}
    found = []
    for place, first in enumerate(arms):
        for second in arms[place + 1 :]:
            ways = [(f"{a} & {b}", f"{a} + {b} - {baseline}") for a, b in ((first, second), (second, first))]
            row = next((rows[way] for way in ways if way in rows), None)
            if row is None:
                raise ValueError(f"there is no comparison of {first!r} & {second!r} with the sum of their effects")
            values = [value for value in row["values"] if value is not None]
            if len(values) < 2:
                raise ValueError(f"{first!r} & {second!r} must have two seeds at least that did not diverge")
            found.append(row | {"pair": (first, second), "p": float(ttest_1samp(values, 0).pvalue)})
    for row, adjusted in zip(found, false_discovery_control([row["p"] for row in found]), strict=True):
        row["told"] = bool(adjusted <= RATE)
    return found


def pairs(experiment: dict, metric: str, baseline: str, arms: tuple[str, ...], lang: str):
    """How pairs of methods interact: a table in HTML, what it shows, how to read it, and nothing more in words."""
    one, words = experiment["metrics"][metric], WORDS[lang]
    found = interactions(experiment, metric, arms, baseline)
    cells = {row["pair"]: row for row in found}
    alone = {row["arm"]: row for row in rows_of(experiment, metric, "effects", baseline, arms)}
    name, digits = metric_name(metric, lang), min(digits_of(one["unit"]), 2)
    names = [inline(label(arm, experiment, lang)) for arm in arms]
    body = []
    for i, arm in enumerate(arms):
        line = []
        for j in range(i + 1):
            row = alone[arm] if i == j else cells[arms[j], arm]
            if i == j:
                seen = f"alone book-{state(row, one['direction'])}"
            else:
                better = (row["mean"] > 0) == (one["direction"] == "higher")
                seen = ("better" if better else "worse") if row["told"] else "noise"
            line.append(f'<td class="book-{seen}">{number(row["mean"], digits, plus=True)}</td>')
        line += ["<td></td>"] * (len(arms) - i - 1)
        body.append(f'<tr><th scope="row">{i + 1} {names[i]}</th>{"".join(line)}</tr>')
    head = "".join(
        f'<th scope="col">{at}<span class="book-unseen"> {name}</span></th>' for at, name in enumerate(names, 1)
    )
    svg = (
        f'<div class="book-pairs__scroll" role="group" tabindex="0" aria-label="{escape(name, quote=True)}">'
        f'<table class="book-pairs"><thead><tr><th scope="col"><span class="book-unseen">{words["method"]}</span></th>'
        f"{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )
    unit = unit_of(one["unit"], lang, difference=True).strip()
    says = named(metric, lang) | {"unit": unit, "looks": len(found)}
    says["direction"] = DIRECTIONS[one["direction"]][lang]
    return svg, words["pairs"].format(**says), words["pairs_how"].format(**says), name
