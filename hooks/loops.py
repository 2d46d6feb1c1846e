"""The book's trainer against what a reader would use instead: the table of benchmarks/trainers.json."""

from context import Page
from tables import benchmark, table

WORDS = {
    "zh": {
        "by": "训练工具", "ms": "毫秒/步", "ratio": "之比",
        "ways": {
            "plain": "普通循环，索引张量",
            "cnnbook": "**本书的训练器**，索引张量",
            "dataloader": "普通循环，`DataLoader`",
            "lightning_bare": "Lightning {}，关掉日志和进度条",
            "lightning": "Lightning {}，默认设置",
            "fastai_bare": "fastai {}，关掉进度条",
            "fastai": "fastai {}，默认设置",
            "d2l": "d2l {}，不画曲线",
        },
    },
    "en": {
        "by": "Trained by", "ms": "ms a step", "ratio": "ratio",
        "ways": {
            "plain": "a plain loop over tensors",
            "cnnbook": "**the book's trainer** over tensors",
            "dataloader": "a plain loop over a `DataLoader`",
            "lightning_bare": "Lightning {}, log and progress bar off",
            "lightning": "Lightning {} as it comes",
            "fastai_bare": "fastai {}, progress bar off",
            "fastai": "fastai {} as it comes",
            "d2l": "d2l {}, plot off",
        },
    },
}  # fmt: skip


def trainers(page: Page) -> str:
    """A step by each of the ways to train, and its ratio to the plain loop's."""
    w = WORDS[page.lang]
    result = benchmark("trainers")
    rows = [
        [w["ways"][row["way"]].format(row["version"]), f"{row['cpu_ms']:.2f}", f"{row['ratio']:.2f}"]
        for row in result["rows"]
    ]
    return table(page, [w["by"], w["ms"], w["ratio"]], rows, result)


MACROS = (trainers,)
