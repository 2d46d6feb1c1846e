"""5.14.1 Standard convolution: what the reader is asked beside the text."""

from collections.abc import Callable

import torch
from torch import Tensor

from cnnbook.convolution.standard import convolve2d, cross_correlate2d, rotate180
from cnnbook.convolution.transposed import conv_output_size
from cnnbook.evidence.text import Text
from cnnbook.questions.question import Choice, Number, Option, Paint, Question

BLUR = torch.tensor([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]])
SOBEL = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
SMALL = torch.tensor([[1.0, 2], [3, 4]])


def _corner(operation: Callable[..., Tensor], row: int = 1, column: int = 1) -> float:
    """The middle output of 1 to 9 under a kernel whose weight (row, column) is 1 and no other."""
    image, kernel = torch.arange(1.0, 10).reshape(3, 3), torch.zeros(3, 3)
    kernel[row, column] = 1
    return operation(image, kernel, padding="same")[1, 1].item()


def _symmetric(kernel: Tensor) -> bool:
    return torch.equal(rotate180(kernel), kernel)


def _read(place: int, stride: int, dilation: int) -> set[tuple[int, int]]:
    """The cells of a row of ten that an output of a kernel of three reads: those that its gradient reaches."""
    row = torch.zeros(1, 10, requires_grad=True)
    output = cross_correlate2d(row, torch.ones(1, 3), stride=(1, stride), dilation=(1, dilation))
    (gradient,) = torch.autograd.grad(output[0, place], row)
    return {(0, j) for j in gradient[0].nonzero().flatten().tolist()}


def _places(stride: int = 2, dilation: int = 2) -> int:
    return conv_output_size(10, kernel_size=3, stride=stride, padding=1, dilation=dilation)


QUESTIONS: tuple[Question, ...] = (
    Number(
        "standard-q1",
        Text(
            "输入还是 1 到 9，核换一个：左上角是 1，其余八个权重全是 0。照上面两步做卷积，输出正中那一格是几？",
            "The input is still 1 to 9, but the kernel is another: a 1 at the top left, and eight zeros. Convolve in"
            " the two steps above. What is the output in the middle?",
        ),
        lambda: _corner(convolve2d, 0, 0),
        Text(
            "核旋转 180°，1 从左上角到了右下角。核的中心放在 5 上，1 就碰到 5 右下方的 {answer}。",
            "Rotated by 180°, the kernel has its 1 at the bottom right. With its centre on the 5, that 1 meets the"
            " {answer}, the pixel to the lower right.",
        ),
        (
            (
                lambda: _corner(cross_correlate2d, 0, 0),
                Text(
                    "核没有旋转就盖上去了：先把它旋转 180°。",
                    "The kernel was laid on as it is: rotate it by 180° first.",
                ),
            ),
            (
                lambda: _corner(convolve2d),
                Text(
                    "那是核的中心盖着的像素，可中心的权重是 0。1 在哪里？",
                    "That is the pixel under the centre of the kernel, whose weight is 0. Where is the 1?",
                ),
            ),
        ),
    ),
    Choice(
        "standard-q2",
        Text(
            "有的核旋转 180° 之后还是自己，卷积与互相关也就给出同样的结果。是哪一个？",
            "One of these kernels is its own rotation by 180°, so that convolution and cross-correlation agree. Which?",
        ),
        (
            Option(
                Text("`[[−1, 0, 1], [−2, 0, 2], [−1, 0, 1]]`", "`[[−1, 0, 1], [−2, 0, 2], [−1, 0, 1]]`"),
                lambda: _symmetric(SOBEL),
                Text(
                    "旋转之后左列到了右边，每个数都变了号，结果的符号也就相反。",
                    "The left column comes to the right, so every number changes its sign, and so does the result.",
                ),
            ),
            Option(
                Text("`[[1, 2, 1], [2, 4, 2], [1, 2, 1]]`", "`[[1, 2, 1], [2, 4, 2], [1, 2, 1]]`"),
                lambda: _symmetric(BLUR),
                Text("上下、左右都对称。", "It is the same upside down and left to right."),
            ),
            Option(
                Text("`[[1, 2], [3, 4]]`", "`[[1, 2], [3, 4]]`"),
                lambda: _symmetric(SMALL),
                Text("旋转之后是 `[[4, 3], [2, 1]]`。", "Rotated, it reads `[[4, 3], [2, 1]]`."),
            ),
        ),
        Text(
            "它上下颠倒、左右对调都不变。拿这样的核去测试，分不清一个库算的是卷积还是互相关。",
            "It is the same upside down and left to right. Tested with such a kernel, a library does not show which of"
            " the two operations it computes.",
        ),
    ),
    Paint(
        "standard-q3",
        Text(
            "输入是一行十格，核有三个权重，步长 3，膨胀率 2，不填充。第二个输出要读哪几格？给它们上色。",
            "A row of ten cells, a kernel of three weights, stride 3, dilation 2, no padding. Which cells does the"
            " second output read? Paint them.",
        ),
        (1, 10),
        lambda: _read(1, 3, 2),
        Text(
            "第一个输出读第 1、3、5 格；步长是 3，第二个就往右挪 3 格。",
            "The first output reads cells 1, 3 and 5; the second is three cells further to the right.",
        ),
        (
            (
                lambda: _read(1, 3, 1),
                Text(
                    "这三格紧挨着：膨胀率 2 让相邻的权重相隔 2 格。",
                    "These three are next to each other: a dilation of 2 sets neighbouring weights 2 cells apart.",
                ),
            ),
            (
                lambda: _read(0, 3, 2),
                Text("这是第一个输出读的格子。", "These are the cells of the first output."),
            ),
            (
                lambda: _read(1, 2, 2),
                Text("这里只挪了 2 格；步长是 3。", "That is a step of 2; the stride is 3."),
            ),
            (
                lambda: _read(1, 1, 2),
                Text("这里只挪了 1 格；步长是 3。", "That is a step of 1; the stride is 3."),
            ),
        ),
        labels=lambda: [list(range(1, 11))],
    ),
    Number(
        "standard-q4",
        Text(
            "先不用公式，数一数：输入十格，两端各补一个 0；核有三个权重，步长 2，膨胀率 2。核能放在几个位置上？",
            "Count, before there is a formula: ten cells with one zero at either end, a kernel of three weights,"
            " stride 2, dilation 2. In how many places can the kernel stand?",
        ),
        _places,
        Text(
            "补零之后是 12 格，核连空隙盖住 5 格，起点可以是第 1、3、5、7 格，再往右就放不下了：一共 {answer} 个。",
            "With the zeros there are 12 cells, and the kernel reaches over 5, gaps included. It can begin at cells 1,"
            " 3, 5 and 7; one step further and it sticks out. That makes {answer}.",
        ),
        (
            (
                lambda: _places(dilation=1),
                Text(
                    "这是膨胀率为 1 的答案：膨胀率 2 时，三个权重连空隙盖住 5 格。",
                    "That is for a dilation of 1. With 2, three weights reach over 5 cells, gaps included.",
                ),
            ),
            (
                lambda: _places() - 1,
                Text(
                    "挪动的次数比位置少一个：起点也算。",
                    "There is one place more than there are steps: the first counts too.",
                ),
            ),
            (
                lambda: _places(stride=1),
                Text(
                    "这是步长为 1 的答案：步长 2 每隔一个才算。",
                    "That is at stride 1; at stride 2 every other place counts.",
                ),
            ),
        ),
    ),
)
