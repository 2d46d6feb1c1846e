"""The book's trainer against what a reader would use instead: the table of benchmarks/trainers.json."""

import json

from context import ROOT, Page
from tables import table

WORDS = {
    "zh": {
        "loop": "谁来跑训练循环", "version": "版本", "ms": "一步（毫秒）", "ratio": "与普通循环之比",
        "ways": {
            "plain": "普通循环，数据在内存里按批索引",
            "cnnbook": "**本书**（Lightning），数据同上",
            "dataloader": "普通循环，`DataLoader`",
            "lightning_bare": "Lightning，`DataLoader`，关掉日志和进度条",
            "lightning": "Lightning，`DataLoader`，默认设置",
            "fastai_bare": "fastai 的 `Learner`，`DataLoader`，关掉进度条",
            "fastai": "fastai 的 `Learner`，`DataLoader`，默认设置",
            "d2l": "d2l 的 `Trainer`，`DataLoader`，不画曲线",
        },
    },
    "en": {
        "loop": "What runs the loop", "version": "version", "ms": "a step (ms)", "ratio": "ratio to the plain loop",
        "ways": {
            "plain": "a plain loop, batches indexed in memory",
            "cnnbook": "**the book** (Lightning), the same batches",
            "dataloader": "a plain loop over a `DataLoader`",
            "lightning_bare": "Lightning and a `DataLoader`, log and progress bar off",
            "lightning": "Lightning and a `DataLoader`, as it comes",
            "fastai_bare": "fastai's `Learner` and a `DataLoader`, progress bar off",
            "fastai": "fastai's `Learner` and a `DataLoader`, as it comes",
            "d2l": "d2l's `Trainer` and a `DataLoader`, without its plot",
        },
    },
}  # fmt: skip


def trainers(page: Page) -> str:
    """A step of each way to train, the plain loop first."""
    w = WORDS[page.lang]
    result = json.loads((ROOT / "benchmarks/trainers.json").read_text("utf-8"))
    rows = [
        [
            w["ways"][row["way"]],
            f"{row['library']} {row['version'].partition('+')[0]}",
            f"{row['cpu_ms']:.2f}",
            f"{row['ratio']:.2f}",
        ]
        for row in result["rows"]
    ]
    return table(page, [w["loop"], w["version"], w["ms"], w["ratio"]], rows, result)


MACROS = (trainers,)
