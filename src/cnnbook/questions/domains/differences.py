"""5.17.2 Differences: what the reader is asked beside the text."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnbook.domains.differences import BlurPool2d, shift
from cnnbook.evidence.text import Text
from cnnbook.questions.question import Cell, Choice, Number, Option, Paint, Question


def _image(size: int = 16) -> Tensor:
    return torch.randn(1, 1, size, size, generator=torch.Generator().manual_seed(0)).double()


def _equivariant(f: Callable[[Tensor], Tensor]) -> bool:
    x = _image()
    return all(torch.equal(f(shift(x, right=r)), shift(f(x), right=r)) for r in range(1, 16))


def _invariant(f: Callable[[Tensor], Tensor]) -> bool:
    x = _image()
    return all(torch.equal(f(shift(x, right=r)), f(x)) for r in range(1, 16))


def _period(halvings: int) -> int:
    """After how many pixels a network gives the same again that halves its maps so often and pools globally."""

    def network(x: Tensor) -> Tensor:
        kernel = torch.randn(1, 1, 3, 3, generator=torch.Generator().manual_seed(1)).double()
        for _ in range(halvings):
            x = F.conv2d(F.pad(x, (1, 1, 1, 1), mode="circular"), kernel, stride=2).relu()
        return x.amax((2, 3))

    x = _image(32)
    return next(r for r in range(1, 33) if torch.equal(network(shift(x, right=r)), network(x)))


def _seen(moved: int = 0) -> set[Cell]:
    """The pixels that a stride of two looks at, of four by four that were moved so far to the right and down."""
    numbered = torch.arange(16.0).reshape(1, 1, 4, 4)
    seen = BlurPool2d(1)(shift(numbered, down=-moved, right=-moved)).flatten().int().tolist()
    return {(place // 4, place % 4) for place in seen}


def _quadrants() -> list[Tensor]:
    """What a network with circular padding and global pooling makes of one garment in each of four quadrants."""
    thing, outputs = _image(8), []
    kernel = torch.randn(3, 1, 3, 3, generator=torch.Generator().manual_seed(1)).double()
    for down in (0, 8):
        for right in (0, 8):
            x = shift(F.pad(thing, (0, 8, 0, 8)), down=down, right=right)
            outputs.append(F.conv2d(F.pad(x, (1, 1, 1, 1), mode="circular"), kernel).amax((2, 3)))
    return outputs


def _right_of_four() -> float:
    """The percentage of right answers where one and the same output is given one and the same answer."""
    different = {tuple(output.flatten().tolist()) for output in _quadrants()}
    return 100 * len(different) / 4


QUESTIONS: tuple[Question, ...] = (
    Choice(
        "differences-q1",
        Text(
            "ReLU 把每个像素 $x$ 换成 $\\max(0, x)$。对平移来说，它是哪一种？",
            "ReLU turns each pixel $x$ into $\\max(0, x)$. What is it with regard to shifts?",
        ),
        (
            Option(
                Text("等变", "Equivariant"),
                lambda: _equivariant(torch.relu) and not _invariant(torch.relu),
                Text("是这样。", "So it is."),
            ),
            Option(
                Text("不变", "Invariant"),
                lambda: _invariant(torch.relu),
                Text(
                    "图像移了，输出里的亮处也跟着移了，并没有停在原地。",
                    "When the image moves, the bright places of the output move too, and do not stay.",
                ),
            ),
            Option(
                Text("都不是", "Neither"),
                lambda: not _equivariant(torch.relu) and not _invariant(torch.relu),
                Text(
                    "它对每个像素做同样的事，不问像素在哪里。",
                    "It does the same to each pixel, wherever that is.",
                ),
            ),
        ),
        Text(
            "先平移再 ReLU，与先 ReLU 再平移，得到同一张图像。",
            "Shift, then ReLU, and ReLU, then shift, give the same image.",
        ),
    ),
    Number(
        "differences-q2",
        Text(
            "一个网络用步长 2 把边长减半三次，循环填充，最后全局池化。图像至少平移几个像素，才保证输出和原来一样？",
            "A network halves its maps three times, at stride 2 with circular padding, and pools globally at the end."
            " By how many pixels, at the least, must an image move for the output to be certainly what it was?",
        ),
        lambda: _period(3),
        Text(
            "第一次减半要偶数格，每再减半一次，格数又要翻倍：2·2·2 = {answer}。",
            "The first halving asks for an even number, and each further one doubles it: 2·2·2 = {answer}.",
        ),
        (
            (
                lambda: _period(1),
                Text("这只够减半一次。", "That is enough for one halving."),
            ),
            (
                lambda: _period(2),
                Text("这够减半两次，还差一次。", "That is enough for two halvings; there is a third."),
            ),
            (
                lambda: 3 * _period(1),
                Text(
                    "步长是相乘，不是相加：最后一层的一格，隔着原图的几格？",
                    "Strides multiply rather than add. How many pixels of the image are there to one step in the last"
                    " layer?",
                ),
            ),
        ),
        unit=Text("个像素", "pixels"),
    ),
    Paint(
        "differences-q3",
        Text(
            "4×4 的图像，一列黑（0）、一列亮（4）的条纹。步长为 2、不做模糊的一层，只看哪些像素？给它们上色。",
            "An image of 4×4 with stripes, one column black (0) and one bright (4). A layer with a stride of 2, without"
            " any blur, looks at which pixels alone? Paint them.",
        ),
        (4, 4),
        _seen,
        Text(
            "隔一行、隔一列，从左上角数起：四个像素，全是黑的。右移一个像素，就全是亮的了。",
            "Every second row and every second column, from the upper left: four pixels, all of them black. Move the"
            " stripes by one, and all are bright.",
        ),
        (
            (
                lambda: {(i, j) for i in range(4) for j in (0, 2)},
                Text("行也是隔一行才看一行。", "Of the rows, too, only every second is seen."),
            ),
            (
                lambda: _seen(1),
                Text("从第 0 行、第 0 列数起。", "Begin with row 0 and column 0."),
            ),
            (
                lambda: {(i, j) for i in range(4) for j in range(4) if (i + j) % 2 == 0},
                Text(
                    "那是棋盘。隔一行、隔一列都要满足。",
                    "That is a chessboard. Both the row and the column have to be a second one.",
                ),
            ),
        ),
        labels=lambda: [[0, 4, 0, 4]] * 4,
    ),
    Number(
        "differences-q4",
        Text(
            "循环填充、全局取最大的网络，要答衣物在四个象限中的哪一个，每个象限出题一样多。它能答对百分之几？",
            "A network with circular padding and a global maximum is to say in which of four quadrants a garment lies,"
            " each of them equally often. What percentage does it get right?",
        ),
        _right_of_four,
        Text(
            "同一件衣物放进四个象限，输出一模一样，答案也就一样：四次里对一次，{answer}%。",
            "For one garment in four quadrants the outputs are the same, and so is the answer: right once in four,"
            " {answer}%.",
        ),
        (
            (
                lambda: 0.0,
                Text("总答同一个象限，也有答对的时候。", "Whoever always says the same is right now and then."),
            ),
            (
                lambda: 100.0,
                Text(
                    "哪一层还知道衣物在哪里？全局取最大不问位置。",
                    "Which layer still knows where the garment is? A global maximum does not ask.",
                ),
            ),
            (
                lambda: 50.0,
                Text("上下和左右都分不清，不只是其中一样。", "It tells neither up from down nor left from right."),
            ),
        ),
        unit=Text("%", "%"),
    ),
)
