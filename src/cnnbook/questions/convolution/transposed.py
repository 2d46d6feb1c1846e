"""5.14.2 Transposed convolution: what the reader is asked beside the text."""

import torch
import torch.nn.functional as F

from cnnbook.convolution.checkerboard import overlap_count
from cnnbook.convolution.transposed import colliding_sizes, output_size, scatter
from cnnbook.evidence.text import Text
from cnnbook.questions.question import Choice, Number, Option, Paint, Question


def _covered(at_least: int) -> set[tuple[int, int]]:
    """Cells that so many stamps of 3×3 cover, from a 2×2 input at stride 2."""
    counts = overlap_count((2, 2), kernel_size=3, stride=2)
    return {(i, j) for i, j in (counts >= at_least).nonzero().tolist()}


def _back() -> tuple[bool, bool]:
    """Whether shape and values are those of before, after a convolution and its transpose."""
    torch.manual_seed(0)
    x, kernel = torch.randn(1, 7, 7).double(), torch.randn(1, 1, 3, 3).double()
    back = scatter(F.conv2d(x, kernel, stride=2), kernel, stride=2)
    return back.shape == x.shape, back.shape == x.shape and torch.allclose(back, x)


def _collide(*sizes: int) -> bool:
    return tuple(colliding_sizes(5, kernel_size=3, stride=2, padding=1)) == sizes


QUESTIONS: tuple[Question, ...] = (
    Paint(
        "transposed-q1",
        Text(
            "还是 2×2 的输入，但印章是 3×3，步长 2，输出是 5×5。哪些格子不止被一枚印章盖到？给它们上色。",
            "A 2×2 input again, but the stamp is 3×3 and the stride 2, so the output is 5×5. Which cells are covered by"
            " more than one stamp? Paint them.",
        ),
        (5, 5),
        lambda: _covered(2),
        Text(
            "相邻的印章错开 2 格，各宽 3 格，所以共用一列（上下相邻的共用一行）：正中的一行和一列。",
            "Neighbouring stamps are 3 cells wide and 2 apart, so they share one column, and those above each other one"
            " row: the row and the column in the middle.",
        ),
        (
            (
                lambda: _covered(4),
                Text(
                    "这一格被四枚印章一起盖到；被两枚盖到的也算。",
                    "All four stamps meet there; cells with two of them count as well.",
                ),
            ),
            (
                lambda: {cell for cell in _covered(2) if cell[0] == 2},
                Text(
                    "左右相邻的印章也有重叠：还有一列。", "Stamps side by side overlap as well: there is a column too."
                ),
            ),
            (
                lambda: {cell for cell in _covered(2) if cell[1] == 2},
                Text(
                    "上下相邻的印章也有重叠：还有一行。", "Stamps above each other overlap as well: there is a row too."
                ),
            ),
        ),
    ),
    Number(
        "transposed-q2",
        Text(
            "核还是 4×4，输入还是 2×2，步长却改成 2。不用公式，想想印章盖到哪里为止：输出的边长是几？",
            "The same 4×4 kernel and 2×2 input, but a stride of 2. Without a formula, think where the last stamp ends:"
            " what is the side of the output?",
        ),
        lambda: output_size(2, kernel_size=4, stride=2),
        Text(
            "第二枚印章从第 2 格开始，盖 4 格，到第 5 格为止；从 0 数起，一共 {answer} 格。",
            "The second stamp begins at cell 2 and covers four, up to cell 5; counted from 0, that makes {answer}.",
        ),
        (
            (
                lambda: output_size(2, kernel_size=4, stride=3),
                Text(
                    "这是步长 3 的边长；步长小了，印章靠得更近。",
                    "That is at stride 3; with a smaller stride the stamps lie closer.",
                ),
            ),
            (
                lambda: output_size(2, kernel_size=4, stride=4),
                Text(
                    "这样两枚印章并不重叠；它们只错开 2 格。",
                    "Then the two stamps would not overlap; they are only 2 apart.",
                ),
            ),
            (
                lambda: output_size(2, kernel_size=2, stride=2),
                Text(
                    "那是输入边长乘以步长；最后一枚印章还会伸出去。",
                    "That is the side of the input times the stride; the last stamp reaches beyond it.",
                ),
            ),
        ),
    ),
    Choice(
        "transposed-q3",
        Text(
            "k = 3、s = 2、p = 1 的卷积给出了 5 个数。它的输入可能有几个数？",
            "A convolution with k = 3, s = 2, p = 1 has given 5 numbers. How many may its input have had?",
        ),
        (
            Option(
                Text("只能是 10", "10, and no other"),
                lambda: _collide(10),
                Text(
                    "10 确实可以；但除法丢掉了余数，另一个尺寸也到得了 5。",
                    "10 it may be. But the division drops its remainder, so that another size comes to 5 too.",
                ),
            ),
            Option(
                Text("9 或 10", "9 or 10"),
                lambda: _collide(9, 10),
                Text("两个都到得了。", "Both come to 5."),
            ),
            Option(
                Text("10 或 11", "10 or 11"),
                lambda: _collide(10, 11),
                Text(
                    "11 个数补上两个 0 是 13 个，宽 3 的核每次挪 2 格，放得下 6 次。",
                    "11 numbers and two zeros are 13, and a kernel of 3 at steps of 2 fits in there 6 times.",
                ),
            ),
        ),
        Text(
            "补零之后是 11 或 12 格，核都放得下 5 次；12 格时末端多出的一格没有用上。",
            "With the zeros there are 11 or 12 cells, and in both the kernel fits 5 times: of 12 the last is unused.",
        ),
    ),
    Choice(
        "transposed-q4",
        Text(
            "7×7 的图像，用 3×3 的核、步长 2 做卷积，再用同一个核、同样的步长做转置卷积。什么回得来？",
            "Convolve a 7×7 image with a 3×3 kernel at stride 2, then apply the transposed convolution with the same"
            " kernel and stride. What comes back?",
        ),
        (
            Option(
                Text("形状和数值都回得来", "The shape and the values"),
                lambda: _back() == (True, True),
                Text(
                    "卷积之后只剩 9 个数，49 个数怎么从里面回来？",
                    "After the convolution there are 9 numbers left. How could 49 come out of them?",
                ),
            ),
            Option(
                Text("只有形状回得来", "The shape alone"),
                lambda: _back() == (True, False),
                Text("是这样。", "So it is."),
            ),
            Option(
                Text("都回不来", "Neither"),
                lambda: _back() == (False, False),
                Text(
                    "算一下尺寸：3 个像素相隔 2 格，每枚印章宽 3 格。",
                    "Work out the size: three pixels, 2 apart, each with a stamp of 3 cells.",
                ),
            ),
        ),
        Text(
            "边长从 7 到 3，再回到 2·2 + 3 = 7。可是 9 个数里装不下 49 个数。",
            "The side goes from 7 to 3 and back to 2·2 + 3 = 7. But 9 numbers cannot hold 49.",
        ),
    ),
)
