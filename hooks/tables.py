"""Tables that pages ask for: the cards of the data sets, the budget of an experiment, the benchmarks."""

import json
import tomllib
from html import escape

from context import ROOT, Page
from experiments import experiment_of
from macro_errors import misused
from wording import tabled

CARDS = ROOT / "src/cnnbook/data/cards"
WORDS = {
    "zh": {
        "load": "载入", "counts": "数量", "shape": "每例的形状", "classes": "类别", "size": "大小",
        "licence": "许可", "source": "来源", "citation": "引用",
        "train": "训练 {:,}", "test": "测试 {:,}", "joiner": "，", "list": "、", "mb": "{:.1f} MB",
        "embedded": "随 cnnbook 一起安装，离线可用",
        "download": "第一次使用时由你的电脑下载，核对 SHA-256，可断点续传",
        "budget": "训练设置：{budget}。每组 {seeds} 个随机种子，各组共用，所以差值逐个种子配对；"
        "区间是 t 区间，没有注明的都是 95%。",
        "case": "网络与批次", "plain": "普通循环（毫秒/步）", "lightning": "Lightning（毫秒/步）", "ratio": "之比",
        "auto": "自动选择", "ten": "十次单独训练（秒）",
        "batch": "批次", "step_ms": "一步（毫秒）", "image_ms": "每张图像（毫秒）", "epoch_s": "一轮 4096 张（秒）",
        "saved_mb": "留给反向的内存（MB）",
        "right": "病因 ＼ 判为", "share": "{right} 份日志里判对 {n} 份。",
        "branches": {
            "healthy": "正常", "diverged": "发散", "plateau": "停滞", "underfit": "欠拟合", "overfit": "过拟合",
            "wrong data": "数据有错", "cannot tell": "无法判断",
        },
        "numbers": "数字",
        "kinds": {
            "normal": "正态，{} 个", "skewed": "偏斜（指数分布），{} 个", "bimodal": "聚成两堆，{} 个",
            "failing": "十次里失败一次，{} 个",
        },
        "measured": "测于 {date}，{cores} 核 CPU，torch {torch}，当时系统负载 {load}。",
    },
    "en": {
        "load": "Load", "counts": "Examples", "shape": "Shape of one", "classes": "Classes", "size": "Size",
        "licence": "Licence", "source": "Source", "citation": "Citation",
        "train": "{:,} for training", "test": "{:,} for testing", "joiner": ", ", "list": ", ", "mb": "{:.1f} MB",
        "embedded": "installed with cnnbook, loads offline",
        "download": "downloaded by your own machine at first use, checked by SHA-256, resumed where it broke off",
        "budget": "Training setup: {budget}. Each configuration has {seeds} random seeds, the same for all, so that "
        "differences are paired seed by seed; intervals are by Student's t, at 95% where no other level is given.",
        "case": "Network and batch", "plain": "plain loop (ms a step)", "lightning": "Lightning (ms a step)",
        "ratio": "ratio", "auto": "chosen by itself", "ten": "ten plain runs (s)",
        "batch": "Batch", "step_ms": "a step (ms)", "image_ms": "an image (ms)", "epoch_s": "an epoch of 4,096 (s)",
        "saved_mb": "memory kept for backward (MB)",
        "right": "Cause ＼ said", "share": "{n} of {right} logs are right.",
        "branches": {
            name: name
            for name in ("healthy", "diverged", "plateau", "underfit", "overfit", "wrong data", "cannot tell")
        },
        "numbers": "Numbers",
        "kinds": {
            "normal": "{} normal", "skewed": "{} skewed (exponential)", "bimodal": "{} on two heaps",
            "failing": "{}, one run in ten fails",
        },
        "measured": "Measured on {date} on {cores} CPU cores with torch {torch}; the machine's load was {load}.",
    },
}  # fmt: skip


def data_card(page: Page, name: str) -> str:
    """The card of a data set as a table."""
    w = WORDS[page.lang]
    card = tomllib.loads((CARDS / f"{name}.toml").read_text("utf-8"))
    where = "embedded" if card["embedded"] else "download"
    load = f'cnnbook.data.load("{name}")'
    shape = {"shape": f"<code>({', '.join(map(str, card['shape']))})</code>"} if "shape" in card else {}
    rows = {
        "load": f"<code>{escape(load, quote=False)}</code>{w['joiner']}{w[where]}",
        "counts": w["joiner"].join(w[part].format(count) for part, count in card["counts"].items()),
        **shape,
        "classes": escape(w["list"].join(card["classes"][page.lang])),
        "size": w["mb"].format(sum(file["bytes"] for file in card["files"]) / 1e6),
        # Who gave up all rights is named without the sign of having them.
        "licence": f"{escape(card['licence'])}{w['joiner']}{'' if 'CC0' in card['licence'] else '© '}"
        f"{escape(card['copyright'])}",
        "source": f'<a href="{card["source"]}">{escape(card["source"].removeprefix("https://"))}</a>',
        "citation": escape(card["citation"]),
    }
    body = "".join(f"<tr><th scope='row'>{w[key]}</th><td>{value}</td></tr>" for key, value in rows.items())
    return f"{card['description'][page.lang]}\n\n<table><tbody>{body}</tbody></table>"


def budget(page: Page, name: str) -> str:
    """What an experiment holds fixed, in a sentence."""
    one = experiment_of(page, name, "budget")
    return WORDS[page.lang]["budget"].format(budget=one.budget[page.lang], seeds=one.seeds)


def table(page: Page, head: list[str], rows: list[list[str]], result: dict) -> str:
    """A benchmark's rows as a table, and below it when and where they were measured."""
    w = WORDS[page.lang]
    said = w["measured"].format(
        date=result["date"][:10],
        cores=result["machine"]["cores"],
        torch=result["versions"]["torch"].partition("+")[0],
        load=result["machine"]["load"][0],
    )
    return "\n".join(tabled(head, rows)) + f"\n\n<small>{said}</small>"


def benchmark(name: str) -> dict:
    """What benchmarks/NAME.json holds: rows, settings, machine."""
    return json.loads((ROOT / f"benchmarks/{name}.json").read_text("utf-8"))


def step_time(page: Page) -> str:
    """A step of the Lightning module against a plain loop: benchmarks/step_time.json."""
    w = WORDS[page.lang]
    result = benchmark("step_time")
    head = [w["case"], w["plain"], w["lightning"], w["ratio"]]
    rows = [
        [row["case"], f"{row['plain_ms']:.1f}", f"{row['lightning_ms']:.1f}", f"{row['ratio']:.2f}"]
        for row in result["rows"]
    ]
    return table(page, head, rows, result)


def cost(page: Page, upsampler: str, column: str = "layer_macs") -> str:
    """What an upsampling layer costs: a number of benchmarks/upsamplers.json."""
    rows = benchmark("upsamplers")["rows"]
    found = next((row for row in rows if row["upsampler"] == upsampler), None)
    if found is None or column not in found:
        known = ", ".join(row["upsampler"] for row in rows)
        rule = f"layers are {known} and columns {', '.join(rows[0])}, got {upsampler!r}, {column!r}"
        raise misused(page, "cost", upsampler, rule)
    digits = 1 if column.endswith("ms") else 2 if column == "ratio" else 0
    return f'<span class="book-number">{found[column]:.{digits}f}</span>'


def seeds_time(page: Page) -> str:
    """Ten seeds by each engine against ten plain runs: benchmarks/seeds.json."""
    w = WORDS[page.lang]
    result = benchmark("seeds")
    engines = ("ensemble", "processes", "both")
    head = [w["case"], w["ten"], *(f"<code>{engine}</code>" for engine in engines), w["auto"]]
    rows = [
        [
            row["case"],
            f"{row['plain_wall_s']:.1f}",
            *(f"×{row[f'{engine}_wall_ratio']:.2f}" for engine in engines),
            f"<code>{row['auto']}</code>",
        ]
        for row in result["rows"]
    ]
    return table(page, head, rows, result)


def batch_cost(page: Page) -> str:
    """Time and memory of a step and an epoch by the batch size: benchmarks/batch_size.json."""
    w = WORDS[page.lang]
    result = benchmark("batch_size")
    head = [w["batch"], w["step_ms"], w["image_ms"], w["epoch_s"], w["saved_mb"]]
    digits = {"step_ms": 1, "image_ms": 2, "epoch_s": 2, "saved_mb": 2}
    rows = [
        [str(row["batch_size"]), *(f"{row[key]:.{places}f}" for key, places in digits.items())]
        for row in result["rows"]
    ]
    return table(page, head, rows, result)


def coverage(page: Page) -> str:
    """How often an interval of a few seeds holds the true mean, by its level: benchmarks/coverage.json."""
    w = WORDS[page.lang]
    rows = benchmark("coverage")["rows"]
    levels = sorted({row["level"] for row in rows})
    found = {(row["numbers"], row["seeds"], row["level"]): row["student"] for row in rows}
    head = [w["numbers"], *(f"{100 * level:.4g}%" for level in levels)]
    lines = [
        [w["kinds"][kind].format(seeds), *(f"{found[kind, seeds, level]:.1%}" for level in levels)]
        for kind, seeds in dict.fromkeys((row["numbers"], row["seeds"]) for row in rows)
    ]
    return "\n".join(tabled(head, lines))


def confusion(page: Page, logs: str) -> str:
    """What diagnose says of logs whose cause is known, "apart" or "chosen by": benchmarks/diagnose.json."""
    w = WORDS[page.lang]
    rows = benchmark("diagnose")["rows"]
    counts = {(row["right"], row["said"]): row["count"] for row in rows if row["logs"] == logs}
    names = w["branches"]
    cells = [[name, *(str(counts.get((right, said), "")) for said in names)] for right, name in names.items()]
    lines = tabled([w["right"], *names.values()], cells)
    n = sum(count for (right, said), count in counts.items() if right == said)
    share = w["share"].format(n=n, right=sum(counts.values()))
    box = ('<div class="book-narrow" markdown="1">', *("", *lines, ""), "</div>")  # whose heads may break, see book.css
    return "\n".join((*box, "", f"<small>{share}</small>"))


MACROS = (data_card, budget, step_time, cost, seeds_time, batch_cost, coverage, confusion)
