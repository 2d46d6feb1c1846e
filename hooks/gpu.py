"""What tools/gpu.sh measured: tables of results/gpu. Where there are none, a page says nothing of it."""

import json
from collections.abc import Callable
from typing import Any

from cnnbook.evidence.numbers import number
from context import ROOT, Page
from wording import bracketed, tabled

FOLDER = ROOT / "results/gpu"
Row = dict[str, Any]
WORDS = {
    "zh": {
        "title": "GPU 上的快慢",
        "steps": "一步训练，Lightning 与普通循环相比：",
        "seeds": "十个种子叠起来一起训练（`ensemble`），与普通循环一个接一个训练十次相比：",
        "precision": "半精度与单精度相比：一步的耗时，以及训练 {training} 步后的测试准确率（{seeds} 个种子的均值，"
        "方括号内是 95% 区间；差值逐个种子配对）：",
        "together": "在同一块 GPU 上训练两次，一先一后与同时进行相比：",
        "batch": "批次", "plain": "普通循环（毫秒/步）", "lightning": "Lightning（毫秒/步）", "ratio": "之比",
        "ten": "十次单独训练（秒）", "once": "`ensemble`（秒）", "in": "精度", "step": "一步（毫秒，批次 {}）",
        "accuracy": "准确率（%）", "difference": "差值（百分点）", "how": "两次训练", "took": "总耗时（秒）",
        "rate": "每秒步数", "after": "一先一后", "at once": "同时",
        "measured": "测于 {date}，{gpu}，torch {torch}。",
    },
    "en": {
        "title": "How fast on a GPU",
        "steps": "A training step, Lightning against a plain loop:",
        "seeds": "Ten seeds stacked and trained at once (`ensemble`) against ten runs of a plain loop, one after "
        "another:",
        "precision": "Half precision against single. Accuracy was measured on the test set after {training} steps with "
        "{seeds} seeds; in brackets, 95% intervals. The difference is paired seed by seed:",
        "together": "Two trainings on one GPU, one after the other and at the same time:",
        "batch": "Batch", "plain": "plain loop (ms a step)", "lightning": "Lightning (ms a step)", "ratio": "ratio",
        "ten": "ten plain runs (s)", "once": "`ensemble` (s)", "in": "Precision", "step": "a step (ms, batch {})",
        "accuracy": "accuracy (%)", "difference": "difference (points)", "how": "Two trainings",
        "took": "both (s)", "rate": "steps a second", "after": "one after the other", "at once": "at the same time",
        "measured": "Measured on {date} on one {gpu} with torch {torch}.",
    },
}  # fmt: skip
Table = tuple[list[str], list[list[str]]]


def steps(rows: list[Row], w: dict[str, str]) -> Table:
    cells = [[str(r["batch"]), f"{r['plain_ms']:.2f}", f"{r['lightning_ms']:.2f}", f"{r['ratio']:.2f}"] for r in rows]
    return [w["batch"], w["plain"], w["lightning"], w["ratio"]], cells


def seeds(rows: list[Row], w: dict[str, str]) -> Table:
    cells = [[str(r["batch"]), f"{r['plain_s']:.1f}", f"{r['ensemble_s']:.2f}", f"×{r['ratio']:.2f}"] for r in rows]
    return [w["batch"], w["ten"], w["once"], w["ratio"]], cells


def percent(row: Row, mean: str, low: str, high: str) -> str:
    """A mean with its interval, of shares; empty where the row has none."""
    if mean not in row:
        return ""
    middle, *ends = (number(100 * row[key], 2) for key in (mean, low, high))
    return bracketed(f"{middle} [{ends[0]}, {ends[1]}]")


def precision(rows: list[Row], w: dict[str, str]) -> Table:
    cells = [
        [
            f"`{row['precision']}`",
            f"{row['step_ms']:.2f}",
            percent(row, "accuracy", "low", "high"),
            percent(row, "difference", "difference_low", "difference_high"),
        ]
        for row in rows
    ]
    return [w["in"], w["step"].format(rows[0]["batch"]), w["accuracy"], w["difference"]], cells


def together(rows: list[Row], w: dict[str, str]) -> Table:
    cells = [[w[row["how"]], f"{row['seconds']:.1f}", f"{row['steps_a_second']:.0f}"] for row in rows]
    return [w["how"], w["took"], w["rate"]], cells


PARTS: tuple[Callable[[list[Row], dict[str, str]], Table], ...] = (steps, seeds, precision, together)


def gpu(page: Page) -> str:
    """A section with a table of each part that was measured, or nothing where none was."""
    w = WORDS[page.lang]
    said = []
    for part in PARTS:
        file = FOLDER / f"{part.__name__}.json"
        if not file.is_file():
            continue
        result = json.loads(file.read_text("utf-8"))
        measured = w["measured"].format(
            date=result["date"][:10],
            gpu=result["machine"]["gpu"],
            torch=result["versions"]["torch"].partition("+")[0],
        )
        table = "\n".join(tabled(*part(result["rows"], w)))
        said += [w[part.__name__].format(**result["settings"]), table, f"<small>{measured}</small>"]
    return "\n\n".join([f"### {w['title']} {{ #speed-gpu }}", *said]) if said else ""


MACROS = (gpu,)
