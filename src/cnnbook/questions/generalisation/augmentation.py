"""5.16.6 Augmentation: what the reader is asked beside the text."""

import torch

from cnnbook.evidence.text import Text
from cnnbook.generalisation.augmentation import cutmix, mixup, shift
from cnnbook.questions.question import Number, Paint, Question


def _empty(down: int, right: int) -> set[tuple[int, int]]:
    """The cells of a 3×3 image that are filled after a shift."""
    moved = shift(torch.ones(3, 3), down, right, padding="zeros")
    return {(i, j) for i, j in (moved == 0).nonzero().tolist()}


def _mixed(lam: float) -> float:
    x, y = torch.tensor([[10.0], [20.0]]), torch.eye(2)
    return mixup(x, y, torch.tensor([lam, lam]), torch.tensor([1, 0]))[0][0, 0].item()


def _replaced(corner: int) -> float:
    """Pixels of a 4×4 image that CutMix replaces at λ = 0.75, the centre in row and column ``corner``."""
    x, place = torch.stack([torch.zeros(1, 4, 4), torch.ones(1, 4, 4)]), torch.tensor([corner, corner])
    share = torch.tensor([0.75, 0.75])
    return cutmix(x, torch.eye(2), share, place, place, torch.tensor([1, 0]))[0][0].sum().item()


QUESTIONS: tuple[Question, ...] = (
    Paint(
        "augmentation-q1",
        Text(
            zh="3×3 的图像，$d=1$、$r=-1$。移过之后，哪些格子要填 0？给它们上色。",
            en="A 3×3 image, $d=1$ and $r=-1$. Which cells are filled with 0 after the shift? Paint them.",
        ),
        (3, 3),
        lambda: _empty(1, -1),
        Text(
            zh="向下移，空出最上面一行；向左移，空出最右边一列。",
            en="Moving down leaves the top row empty, and moving left the column on the right.",
        ),
        (
            (
                lambda: _empty(-1, 1),
                Text(
                    zh="方向反了：$d$ 是向下，$r$ 是负的，向左。",
                    en="The other way: $d$ is down, and a negative $r$ is to the left.",
                ),
            ),
            (lambda: _empty(1, 0), Text(zh="还向左移了一列。", en="It moves left by a column, too.")),
            (lambda: _empty(0, -1), Text(zh="还向下移了一行。", en="It moves down by a row, too.")),
            (lambda: _empty(1, 1), Text(zh="$r$ 是负的：向左移。", en="$r$ is negative: it moves to the left.")),
        ),
    ),
    Number(
        "augmentation-q2",
        Text(
            zh="$x_a$ 的一个像素是 10，$x_b$ 的同一个像素是 20，$\\lambda=0.3$。混合之后是多少？",
            en="A pixel is 10 in $x_a$ and 20 in $x_b$; $\\lambda=0.3$. What is it in the mix?",
        ),
        lambda: _mixed(0.3),
        Text(
            zh="0.3·10 + 0.7·20 = {answer}：$\\lambda$ 是第一张的份额。",
            en="0.3·10 + 0.7·20 = {answer}: $\\lambda$ is the share of the first.",
        ),
        (
            (
                lambda: _mixed(0.7),
                Text(
                    zh="份额反了：$\\lambda$ 是 $x_a$ 的。", en="The shares are exchanged: $\\lambda$ is that of $x_a$."
                ),
            ),
            (lambda: _mixed(0.5), Text(zh="这是各占一半。", en="That is half of each.")),
        ),
        tolerance=0.001,
    ),
    Number(
        "augmentation-q3",
        Text(
            zh="4×4 的图像，$\\lambda=0.75$，所以矩形是 2×2。它的中心落在左上角的那一格，从中心往回半条边处开始。实际换掉了几个像素？",
            en="A 4×4 image and $\\lambda=0.75$, so that the rectangle is 2×2. Its centre falls on the cell in the upper left corner, and it begins half a side before its centre. How many pixels are really replaced?",
        ),
        lambda: _replaced(0),
        Text(
            zh="2×2 的四格里，有三格在图像外面，只换掉 {answer} 个像素；标签要照这个数来混合。",
            en="Three of the four cells are outside of the image, so {answer} is replaced, and that is what the label must say.",
        ),
        (
            (
                lambda: _replaced(2),
                Text(zh="矩形有一部分伸到了图像外面。", en="A part of the rectangle is outside of the image."),
            ),
            (
                lambda: 2,
                Text(zh="行和列两个方向都伸出去了。", en="It sticks out in both directions, rows and columns."),
            ),
            (lambda: 0, Text(zh="中心那一格还在图像里。", en="The cell at the centre is still inside.")),
        ),
        unit=Text(zh="个像素", en="of the 16 pixels"),
    ),
)
