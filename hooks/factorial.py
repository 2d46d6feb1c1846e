"""Several methods on one baseline: their effects in several metrics side by side, and a table of how pairs interact.

In the panels right is always better. In the table of pairs a cell is a difference of differences: what two methods
give together, less the sum of what each gives alone. With m methods that is m (m − 1) / 2 looks; a cell is coloured
where it can be told from zero beside all others (`cnnbook.evidence.analysis.interactions`).
"""

from collections.abc import Sequence
from html import escape

from charts import COLOURS, WIDTH, canvas, kept, label, rows_of
from cnnbook.evidence.analysis import interactions, standing
from cnnbook.evidence.numbers import enough, number, span, unit_words
from cnnbook.evidence.report import ExperimentReport
from wording import DIRECTIONS, bracketed, inline, named

TOP, LINE, FOOT, GAP, EDGE = 40, 36, 44, 12, 8
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


def panels(experiment: ExperimentReport, metrics: list[str], baseline: str, arms: Sequence[str], lang: str):
    """Effects in several metrics side by side: as `chart`, the SVG, what it shows, how to read it, values in words."""
    words, shown = WORDS[lang], []
    for metric in metrics:
        one = experiment.metrics[metric]
        rows = rows_of(experiment, metric, "effects", baseline, arms)
        cells = [(row.mean, row.low, row.high, standing(row, one.direction)) for row in (rows[arm] for arm in arms)]
        shown.append([one.short[lang], unit_words(one.unit, lang, difference=True), one.direction, cells])
    names = [label(arm, experiment, lang) for arm in arms]
    says = {"baseline": label(baseline, experiment, lang), "seeds": experiment.seeds}
    says["metrics"] = words["list"].join(experiment.metrics[metric].label[lang] for metric in metrics)
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


def table(experiment: ExperimentReport, metrics: list[str], baseline: str, arms: Sequence[str], lang: str) -> str:
    """The values of the panels: a method to a row, grey where the interval crosses zero."""
    shown = [(experiment.metrics[metric], rows_of(experiment, metric, "effects", baseline, arms)) for metric in metrics]
    head = "".join(
        f'<th scope="col">{one.short[lang]}<br><small>{unit_words(one.unit, lang, difference=True)}</small></th>'
        for one, _ in shown
    )
    body = []
    for arm in arms:
        cells = []
        for one, rows in shown:
            row = rows[arm]
            digits = enough(one.digits, row.low, row.high)
            mean, _, ends = span(row.mean, row.low, row.high, digits).partition(" ")
            seen = standing(row, one.direction)
            cells.append(f'<td class="book-{seen}">{mean}<br><small>{bracketed(ends)}</small></td>')
        name = inline(label(arm, experiment, lang))
        body.append(f'<tr><th scope="row">{name}</th>{"".join(cells)}</tr>')
    first = f'<th scope="col">{WORDS[lang]["method"]}</th>'
    return f"<table><thead><tr>{first}{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def pairs(experiment: ExperimentReport, metric: str, baseline: str, arms: Sequence[str], lang: str):
    """How pairs of methods interact: a table in HTML, what it shows, how to read it, and nothing more in words."""
    one, words = experiment.metrics[metric], WORDS[lang]
    found = interactions(experiment, metric, arms, baseline)
    cells = {each.pair: each for each in found}
    alone = rows_of(experiment, metric, "effects", baseline, arms)
    name, digits = one.label[lang], min(one.digits, 2)
    names = [inline(label(arm, experiment, lang)) for arm in arms]
    body = []
    for i, arm in enumerate(arms):
        line = []
        for first in arms[:i]:
            row, told = cells[first, arm].difference, cells[first, arm].told
            better = (row.mean > 0) == (one.direction == "higher")
            seen = ("better" if better else "worse") if told else "noise"
            line.append(f'<td class="book-{seen}">{number(row.mean, digits, plus=True)}</td>')
        seen = standing(alone[arm], one.direction)
        line.append(f'<td class="book-alone book-{seen}">{number(alone[arm].mean, digits, plus=True)}</td>')
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
    says = named(one.label, lang) | {"unit": unit_words(one.unit, lang, difference=True), "looks": len(found)}
    says["direction"] = DIRECTIONS[one.direction][lang]
    return svg, words["pairs"].format(**says), words["pairs_how"].format(**says), name
