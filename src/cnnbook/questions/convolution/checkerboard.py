"""5.14.3 The checkerboard effect: what the reader is asked beside the text."""

import torch

from cnnbook.convolution.checkerboard import balance_phases, is_balanced, overlap_count, phase_sums
from cnnbook.evidence.text import Text
from cnnbook.questions.question import Choice, Number, Option, Paint, Question

KERNEL = torch.tensor([2.0, 1, 4, 3])


def _cells(reached: bool) -> set[tuple[int, int]]:
    """The cells that stamps reach, or those that none does: four pixels, a kernel of three, stride and dilation 2."""
    counts = overlap_count(4, kernel_size=3, stride=2, dilation=2).tolist()
    return {(0, j) for j, count in enumerate(counts) if bool(count) == reached}


def _flat(*weights: float) -> bool:
    return is_balanced(torch.tensor(weights, dtype=torch.float64), stride=3)


def _steps() -> torch.Tensor:
    """From cell to cell, what the kernel of the section, balanced for constants, makes of a ramp."""
    kernel = balance_phases(torch.tensor([3.0, 1, 2, 5]), stride=2)
    output = torch.conv_transpose1d(torch.arange(10.0)[None, None], kernel[None, None], stride=2)
    return output[0, 0, 4:-4].diff()


QUESTIONS: tuple[Question, ...] = (
    Number(
        "checkerboard-q1",
        Text(
            "核 [2, 1, 4, 3]，步长 2，输入全是 1。第 4 格印章齐全，它的值是几？（格子从 0 数起。）",
            "The kernel [2, 1, 4, 3] at stride 2, on an input of ones. Cell 4, counted from 0, has all its stamps."
            " What is its value?",
        ),
        lambda: phase_sums(KERNEL, stride=2)[0].item(),
        Text(
            "第 4 格是偶数格，只遇到第 0、2 个权重：2 + 4 = {answer}。奇数格遇到另外两个。",
            "Cell 4 is even, and meets weights 0 and 2 alone: 2 + 4 = {answer}. Odd cells meet the other two.",
        ),
        (
            (
                lambda: KERNEL.sum().item(),
                Text(
                    "四个权重不会都落在一格上：它们分给两个相位。",
                    "Not all four weights fall on one cell: there are two phases.",
                ),
            ),
            (
                lambda: phase_sums(KERNEL, stride=2)[1].item(),
                Text("那是奇数格的值。", "That is the value of the odd cells."),
            ),
            (
                lambda: KERNEL[:2].sum().item(),
                Text(
                    "相邻的权重落在相邻的格子上；落在同一格的，相隔一个步长。",
                    "Neighbouring weights fall on neighbouring cells; those that meet on a cell are a stride apart.",
                ),
            ),
        ),
    ),
    Choice(
        "checkerboard-q2",
        Text(
            "步长 3，输入全是 1。哪个核的输出是平的？",
            "At stride 3, on an input of ones: which of these kernels is flat?",
        ),
        (
            Option(
                Text("`[1, 1, 1, 1]`", "`[1, 1, 1, 1]`"),
                lambda: _flat(1, 1, 1, 1),
                Text(
                    "相位之和是 2、1、1：四个权重分给三个相位。",
                    "Its phases sum to 2, 1 and 1: four weights for three phases.",
                ),
            ),
            Option(
                Text("`[1, 2, 3, 3, 1, 1]`", "`[1, 2, 3, 3, 1, 1]`"),
                lambda: _flat(1, 2, 3, 3, 1, 1),
                Text(
                    "6 能被 3 整除，每个相位有两个权重，和却是 4、3、4。",
                    "3 divides 6, and each phase has two weights; but they sum to 4, 3 and 4.",
                ),
            ),
            Option(
                Text("`[1, 2, 3, 2, 1]`", "`[1, 2, 3, 2, 1]`"),
                lambda: _flat(1, 2, 3, 2, 1),
                Text("相位之和都是 3。", "All its phases sum to 3."),
            ),
        ),
        Text(
            "1 + 2、2 + 1、3：三个相位之和都是 3，尽管 5 不能被 3 整除。",
            "1 + 2, 2 + 1 and 3: all three phases sum to 3, although 3 does not divide 5.",
        ),
    ),
    Paint(
        "checkerboard-q3",
        Text(
            "四个像素，核有三个权重，步长 2，膨胀率 2，输出 11 格。哪些格子一枚印章也盖不到？给它们上色。",
            "Four pixels, a kernel of three weights, stride 2, dilation 2: eleven cells. Which of them does no stamp"
            " reach? Paint them.",
        ),
        (1, 11),
        lambda: _cells(reached=False),
        Text(
            "印章从偶数格开始，权重又彼此相差 2 格，永远落在偶数格上。",
            "Stamps begin at even cells, and their weights are 2 cells apart: they never fall on an odd one.",
        ),
        (
            (
                lambda: _cells(reached=True),
                Text("这些正是盖得到的格子。", "These are the cells that stamps do reach."),
            ),
        ),
        labels=lambda: [list(range(11))],
    ),
    Choice(
        "checkerboard-q4",
        Text(
            "把核 [3, 1, 2, 5] 平衡到各相位之和相等，常数进去就是平的。现在喂给它一条斜坡，每个像素升 1。输出会怎样？",
            "Balance the kernel [3, 1, 2, 5], so that its phase sums are equal and a constant comes out flat. Now give"
            " it a ramp that rises by 1 at every pixel. What comes out?",
        ),
        (
            Option(
                Text("一条直的斜坡", "A straight ramp"),
                lambda: bool(_steps().max() - _steps().min() < 1e-4),
                Text(
                    "相位之和相等，说的是常数；斜坡上相邻的像素并不相等。",
                    "Equal phase sums are about constants; on a ramp, neighbouring pixels are not equal.",
                ),
            ),
            Option(
                Text("台阶：平一格，升一格", "Stairs: level, up, level, up"),
                lambda: bool(_steps().min().abs() < 1e-4 and _steps().max() > 0.5),
                Text(
                    "最近邻放大会这样。这个核的权重在两个相位里的位置更不均匀。",
                    "Nearest-neighbour enlargement does that. The weights of this kernel lie less evenly.",
                ),
            ),
            Option(
                Text("锯齿：降一格，升一格", "A zigzag: down, up, down, up"),
                lambda: bool(_steps().min() < -0.5),
                Text("是这样。", "So it is."),
            ),
        ),
        Text(
            "相位之和相等，只管常数。往下看，斜坡还要求什么。",
            "Equal phase sums take care of constants alone. What a ramp asks besides is what comes next.",
        ),
    ),
)
