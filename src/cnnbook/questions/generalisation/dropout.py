"""5.16.8 Dropout: what the reader is asked beside the text."""

import torch

from cnnbook.evidence.text import Text
from cnnbook.generalisation.dropout import block_mask, dropout
from cnnbook.questions.question import Number, Paint, Question

KEEP = torch.ones(1, dtype=torch.bool)


def _kept(value: float, p: float) -> float:
    """What is left of a number that no coin masked."""
    return dropout(torch.tensor([value]), p, KEEP).item()


def _fallen(*corners: tuple[int, int], block_size: int = 2) -> set[tuple[int, int]]:
    """The cells of a 4×4 map that blocks from these upper left corners cover."""
    side = 4 - block_size + 1
    begins = torch.zeros(1, 1, side, side, dtype=torch.bool)
    for i, j in corners:
        begins[0, 0, i, j] = True
    return {(i, j) for i, j in (~block_mask(begins, block_size)[0, 0]).nonzero().tolist()}


QUESTIONS: tuple[Question, ...] = (
    Number(
        "dropout-q1",
        Text(
            zh="$p=0.8$，输入 3 没有被屏蔽。训练时它变成多少？",
            en="$p=0.8$, and the input 3 is not masked. What becomes of it in training?",
        ),
        lambda: _kept(3.0, 0.8),
        Text(zh="除以 $1-p=0.2$，得 {answer}。", en="Divided by $1-p=0.2$ it is {answer}."),
        (
            (
                lambda: 3 / 0.8,
                Text(
                    zh="要除以保留的概率 $1-p$，不是屏蔽的概率。",
                    en="Divide by $1-p$, the probability of being kept, and not by that of being masked.",
                ),
            ),
            (
                lambda: 3,
                Text(
                    zh="没有放大：训练时留下来的要补足。",
                    en="It is not rescaled: what is left must make up for the rest.",
                ),
            ),
            (
                lambda: 3 * (1 - 0.8),
                Text(zh="反了：留下来的要放大，不是缩小。", en="The other way: what is left grows."),
            ),
        ),
        tolerance=0.001,
    ),
    Number(
        "dropout-q2",
        Text(
            zh="$p=0.75$，训练时忘了除以 $1-p$。评估时下一层收到的，平均是训练时的几倍？",
            en="$p=0.75$, and the division by $1-p$ was forgotten in training. How many times as much, on average, does the next layer receive in evaluation as in training?",
        ),
        lambda: _kept(1.0, 0.75),
        Text(
            zh="训练时平均只有四分之一开口，评估时全都开口：{answer} 倍。",
            en="In training only a quarter speak on average, and in evaluation all of them do: {answer} times.",
        ),
        (
            (lambda: 1 - 0.75, Text(zh="反了：评估时收到的更多。", en="The other way: evaluation brings more.")),
            (
                lambda: 1 / 0.75,
                Text(zh="开口的概率是 $1-p$，不是 $p$。", en="The probability of speaking is $1-p$ and not $p$."),
            ),
            (lambda: 1, Text(zh="除过才一样大。", en="It would be the same only with the division.")),
        ),
        unit=Text(zh="倍", en="times"),
        tolerance=0.001,
    ),
    Paint(
        "dropout-q3",
        Text(
            zh="4×4 的特征图，DropBlock 的块是 2×2，左上角落在第 0 行第 1 列和第 1 行第 2 列（从 0 数起）。哪些元素变成 0？给它们上色。",
            en="A 4×4 feature map, and DropBlock with blocks of 2×2, whose upper left corners fall on row 0, column 1 and on row 1, column 2, counted from 0. Which elements become 0? Paint them.",
        ),
        (4, 4),
        lambda: _fallen((0, 1), (1, 2)),
        Text(
            zh="两块各四格，有一格重叠，一共七格。所以零比两块的格数之和要少。",
            en="Two blocks of four cells share one, which makes seven: fewer zeros than the two have cells.",
        ),
        (
            (
                lambda: _fallen((0, 1), (1, 2), block_size=1),
                Text(zh="这只是左上角；每一块有四格。", en="Those are the corners alone; each block has four cells."),
            ),
            (lambda: _fallen((0, 1)), Text(zh="还有第二块。", en="There is a second block.")),
            (lambda: _fallen((1, 2)), Text(zh="还有第一块。", en="There is a first block, too.")),
            (
                lambda: _fallen((0, 1), (1, 2)) - {(1, 2)},
                Text(zh="重叠的那一格当然也是零。", en="The cell where they overlap is zero as well."),
            ),
        ),
    ),
)
