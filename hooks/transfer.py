"""The map of what transfers (5.16.10): each method in every setting with either network, and in a setting to come.

What it shows is computed by `cnnbook.evidence.mapping`; which cells there are stands here.
"""

from pathlib import Path

import msgspec

import keeping
from badges import plain, side
from captions import captioned
from cnnbook.evidence.mapping import Cell, Place, Row, effect_map
from cnnbook.evidence.numbers import enough, number, span, unit_words
from context import Page
from experiments import experiment_of
from macro_errors import misused
from snapshot import KEPT, key, once_a_build, snapshot
from wording import bracketed, named, tabled

SMALLEST = {"test_accuracy": 0.5, "test_nll": 0.02}  # a smaller difference counts as none
SMALL, LARGE = "generalisation/transfer", "generalisation/transfer/larger"
SETTINGS = {  # setting → its two columns' heads
    "garments_510": {"zh": "服装<br>510", "en": "Clothes<br>510"},
    "garments_5000": {"zh": "服装<br>5000", "en": "Clothes<br>5,000"},
    "garments_60000": {"zh": "服装<br>60,000", "en": "Clothes<br>60,000"},
    "reviews_zh": {"zh": "中文<br>评论", "en": "Chinese<br>reviews"},
    "reviews_en": {"zh": "英文<br>评论", "en": "English<br>reviews"},
    "digits": {"zh": "数字<br>录音", "en": "Spoken<br>digits"},
}
DATA = {name: "garments" if name.startswith("garments") else name for name in SETTINGS}
PLACES = [  # setting, network, experiment, how its arms are called there
    *((name, "book", SMALL, name) for name in SETTINGS if name != "garments_60000"),
    ("garments_60000", "book", LARGE, "all_garments"),
    *((name, "larger", LARGE, name) for name in SETTINGS if name != "garments_60000"),
]
METHODS = {  # treatment → its baseline, what it is called, and the topic that it is from
    "base": ("half", {"zh": "数据加倍", "en": "Twice the data"}, "generalisation/more_data"),
    "batch_size": ("base", {"zh": "批次加倍，步数不变", "en": "Batches × 2, equal steps"}, "generalisation/batch_size"),
    "balanced": ("uneven", {"zh": "均衡批次", "en": "Balanced batches"}, "generalisation/data_distribution"),
    "objective": ("base", {"zh": "标签平滑", "en": "Label smoothing"}, "generalisation/objective"),
    "architecture": ("base", {"zh": "通道加倍", "en": "Twice the channels"}, "generalisation/architecture"),
    "augmentation": ("base", {"zh": "数据增强", "en": "Augmentation"}, "generalisation/augmentation"),
    "weight_penalty": ("base", {"zh": "L2 惩罚", "en": "L2 penalty"}, "generalisation/weight_penalty"),
    "dropout": ("base", {"zh": "dropout", "en": "Dropout"}, "generalisation/dropout"),
    "cosine": ("base", {"zh": "余弦退火", "en": "Cosine schedule"}, "parameters/learning_rate"),
    "rate_kept": (
        "base",
        {"zh": "批次 ×4，学习率不变", "en": "Batches × 4, same rate"},
        "parameters/batch_size",
    ),
    "rate_root": ("base", {"zh": "批次 ×4，学习率 ×2", "en": "Batches × 4, rate × 2"}, "parameters/batch_size"),
    "rate_linear": ("base", {"zh": "批次 ×4，学习率 ×4", "en": "Batches × 4, rate × 4"}, "parameters/batch_size"),
}
SIGNS = {"better": "▲", "worse": "▼", "same": "＝", "open": "？"}
WORDS = {
    "zh": {
        "network": {"book": "小", "larger": "大"}, "new": "新场景", "mean": "平均 {}", "method": "方法",
        "tones": {"better": "更好", "worse": "更差", "same": "没有差别", "open": "未定"},
        "caption": "{metric}在各个场景里改变多少（{unit}）。▲ 更好，▼ 更差，＝ 差别不到 {smallest}，？ 未定，"
        "均按 95% 区间。“小”是本书的网络，“大”是更大的、带归一化的网络。最后一栏先写四份数据的平均，"
        "方括号里是一份没量过的新数据的 95% 预测区间。",
        "alt": "{metric}的效果图：每行一种方法，每列一个场景",
        "interval": "{tone}，{span}",
    },
    "en": {
        "network": {"book": "S", "larger": "L"}, "new": "A new setting", "mean": "mean {}", "method": "Method",
        "tones": {"better": "better", "worse": "worse", "same": "no difference", "open": "open"},
        "caption": "What each method changes in {metric} ({unit}), setting by setting. ▲ better, ▼ worse, ＝ less than "
        "{smallest}, ？ open, all by 95% intervals. S is the book's network, L a larger, normalised one. The last "
        "column has the mean over the four data sets and, in brackets, the 95% prediction interval for data that were "
        "not looked at.",
        "alt": "Map of effects in {metric}: a method to a row, a setting to a column",
        "interval": "{tone}, {span}",
    },
}  # fmt: skip


@once_a_build
def mapped(metric: str) -> dict[str, Row]:
    """The map in a metric, kept from build to build: to work it out takes seconds, and imports torch."""
    path = KEPT / f"transfer-{metric}-{key()}-{keeping.digest(Path(__file__).read_bytes())}"  # the cells stand here
    found = keeping.file(path, lambda: msgspec.msgpack.encode(worked_out(metric)))
    return msgspec.msgpack.decode(found, type=dict[str, Row])


def worked_out(metric: str) -> dict[str, Row]:
    """The map in a metric, from today's evidence."""
    reports = snapshot().experiments
    places = [Place(one, DATA[one], network, reports[name], prefix) for one, network, name, prefix in PLACES]
    return effect_map(places, {one: base for one, (base, *_) in METHODS.items()}, metric, SMALLEST[metric])


def rows_of(page: Page, macro: str, metric: str) -> dict[str, Row]:
    """The map, for the macro that asks for it; stops where an experiment has no fresh result."""
    if metric not in SMALLEST:
        raise misused(page, macro, metric, f"a map is in {' or '.join(SMALLEST)}, got {metric!r}")
    for name in (SMALL, LARGE):
        experiment_of(page, name, macro)
    return mapped(metric)


def between(low: float, high: float, digits: int) -> str:
    """An interval by itself, with more digits where an end would seem to be zero.

    >>> between(0.2, 1.2, 1), between(0.014, 1.19, 1)
    ('[0.2, 1.2]', '[0.01, 1.19]')
    """
    digits = enough(digits, low, high)
    return f"[{number(low, digits)}, {number(high, digits)}]"


def telling(cell: Cell, digits: int, smallest: float) -> int:
    """So many digits for a cell's interval, or more where an end would seem to lie on the border that decides the sign:
    at zero or, where there is no difference, at the smallest one that counts."""
    return enough(digits, cell.low, cell.high, border=smallest if cell.tone == "same" else None)


def transfer_map(page: Page, metric: str) -> str:
    """The map in a METRIC as a numbered figure: a table of signs and effects, and the new setting's interval."""
    found, lang = rows_of(page, "transfer_map", metric), page.lang
    words = WORDS[lang]
    shown = experiment_of(page, SMALL, "transfer_map").metrics[metric]
    digits = shown.digits if metric == "test_accuracy" else 2
    head = "".join(f'<th scope="col">{names[lang]}</th>' for names in SETTINGS.values())
    body = []
    for method, row in found.items():
        _, names, topic = METHODS[method]
        link = f'<a href="{page.base}{topic}/">{names[lang]}</a>'
        body.append(f'<tr class="book-map-name"><th scope="rowgroup" colspan="8">{link}</th></tr>')
        for network in ("book", "larger"):
            here = [row.cells.get((one, network)) for one in SETTINGS]
            cells = "".join(shown_cell(one, digits, SMALLEST[metric], lang) for one in here)
            new = f'<td rowspan="2" class="book-map-new">{summed(row, digits, lang)}</td>' if network == "book" else ""
            body.append(f'<tr><th scope="row">{words["network"][network]}</th>{cells}{new}</tr>')
    table = (
        f'<table class="book-map"><thead><tr><th></th>{head}<th scope="col">{words["new"]}</th></tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table>"
    )
    says = named(shown.label, lang) | {
        "unit": unit_words(shown.unit, lang, difference=True),
        "smallest": f"{SMALLEST[metric]:g}",
    }
    return captioned(page, f"map-{metric}", table, words["caption"].format(**says), words["alt"].format(**says))


def shown_cell(cell: Cell | None, digits: int, smallest: float, lang: str) -> str:
    """A cell of the map: sign and effect, the interval for whoever asks."""
    if cell is None:
        return '<td class="book-noise">–</td>'
    tone = {"better": "better", "worse": "worse"}.get(cell.tone, "noise")
    interval = between(cell.low, cell.high, telling(cell, digits, smallest))
    said = WORDS[lang]["interval"].format(tone=WORDS[lang]["tones"][cell.tone], span=interval)
    return (
        f'<td class="book-{tone}" title="{said}"><span aria-hidden="true">{SIGNS[cell.tone]}</span>'
        f'<br>{number(cell.mean, digits, plus=True)}<span class="book-unseen">{said}</span></td>'
    )


def summed(row: Row, digits: int, lang: str) -> str:
    """Mean over data sets and the prediction interval."""
    mean = WORDS[lang]["mean"].format(number(row.mean, digits, plus=True))
    return f"{mean}<br>{bracketed(between(*row.new, digits))}"


def together(cell: Cell, digits: int, smallest: float) -> str:
    """An effect with its interval for a narrow cell: a line may end before the interval, not within.

    >>> together(Cell(1.0, 0.2, 1.8, 0.4, "better"), 1, 0.5), together(Cell(0.6, 0.01, 1.19, 0.3, "better"), 1, 0.5)
    ('+1.0 &#91;0.2,&nbsp;1.8]', '+0.60 &#91;0.01,&nbsp;1.19]')
    """
    shown = span(cell.mean, cell.low, cell.high, telling(cell, digits, smallest))
    return bracketed(shown).replace(", ", ",&nbsp;")


def transfer_numbers(page: Page, metric: str) -> str:
    """The map in a METRIC in numbers, effects with their intervals: a method and network to a row."""
    found, lang = rows_of(page, "transfer_numbers", metric), page.lang
    digits = 1 if metric == "test_accuracy" else 3
    head = ["", *(names[lang].replace("<br>", " ") for names in SETTINGS.values())]
    rows = []
    for method, row in found.items():
        for network in ("book", "larger"):
            cells = [row.cells.get((one, network)) for one in SETTINGS]
            shown = [together(one, digits, SMALLEST[metric]) if one else "–" for one in cells]
            rows.append([f"{METHODS[method][1][lang]} ({WORDS[lang]['network'][network]})", *shown])
    return "\n".join(tabled(head, rows))


def new_setting(page: Page, method: str, mean: str, new: str) -> str:
    """A badge after a sentence on a METHOD everywhere: its interval in a setting to come. The author says on which
    side of zero the interval of the MEAN over data sets lies and that of a NEW one: higher, lower, or none."""
    row, lang = rows_of(page, "new_setting", "test_accuracy").get(method), page.lang
    if row is None:
        raise misused(page, "new_setting", method, f"the map has {', '.join(METHODS)}, got {method!r}")
    for said, ends, what in ((mean, (row.low, row.high), "mean over data sets"), (new, row.new, "new setting")):
        if (found := side(*ends)) != said:
            rule = f"the text says {said!r} of the {what}, the interval {between(*ends, 2)} says {found!r}"
            raise misused(page, "new_setting", method, rule)
    return plain(WORDS[lang]["new"], between(*row.new, 1), "#fig-map-test_accuracy")


MACROS = (transfer_map, transfer_numbers, new_setting)
