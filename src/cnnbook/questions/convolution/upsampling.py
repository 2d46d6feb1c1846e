"""5.14.5 Upsampling layers: what the reader is asked beside the text."""

import torch
from torch import nn

from cnnbook.convolution.upsampling import (
    BalancedTransposedUpsample,
    ResizeConv,
    TransposedUpsample,
    as_transposed,
    degrees_of_freedom,
)
from cnnbook.evidence.text import Text
from cnnbook.questions.question import Number, Paint, Question

CHANNELS = 8  # of two output channels, enlarged twofold


def _painted(scale: int) -> int:
    """How many cells along an axis one bright pixel reaches, enlarged so much and convolved with three weights."""
    return as_transposed(ResizeConv(1, 1, scale)).weight.shape[-1]


def _of_first_output() -> set[tuple[int, int]]:
    """The channels from which PixelShuffle takes output channel 0."""
    one_each = torch.eye(CHANNELS)[:, :, None, None]
    first = nn.functional.pixel_shuffle(one_each, 2)[:, 0]
    return {(0, j) for j in first.flatten(1).any(1).nonzero().flatten().tolist()}


QUESTIONS: tuple[Question, ...] = (
    Number(
        "upsampling-q1",
        Text(
            "一维：先把每个像素重复一遍，再用三个权重做卷积。输入只有一个像素是 1，其余是 0，输出里有几格可能不是 0？",
            "One dimension: repeat every pixel, then convolve with three weights. One pixel of the input is 1, all"
            " others are 0. How many cells of the output may be other than 0?",
        ),
        lambda: _painted(2),
        Text(
            "重复之后是相邻的两格；宽 3 的核滑过去，有 2 + 3 − 1 = {answer} 个位置碰得到它们。",
            "The pixel has become two cells side by side, and a kernel of three touches them from 2 + 3 − 1 = {answer}"
            " places.",
        ),
        (
            (
                lambda: _painted(1),
                Text(
                    "一个 1 会变成三格；可是重复之后有两个 1。", "A single 1 makes three; but repeated, there are two."
                ),
            ),
            (
                lambda: 2 * _painted(1),
                Text(
                    "两个 1 各自变成三格，但有两格是重叠的。",
                    "Each of the two makes three, but two of the cells are shared.",
                ),
            ),
            (
                lambda: 2,
                Text(
                    "重复之后是两格；卷积还会往两边各多画一格。",
                    "Repeating makes two; the convolution adds one on either side.",
                ),
            ),
        ),
    ),
    Number(
        "upsampling-q2",
        Text(
            "6×6 的核有 36 个权重，步长 2。要求它对常数干净，也就是各相位之和相等。还剩几个自由的数？",
            "A kernel of 6×6 has 36 weights. At stride 2, let it be clean for constants: its phase sums are equal. How"
            " many free numbers are left?",
        ),
        lambda: degrees_of_freedom(BalancedTransposedUpsample(1, 1, 2, kernel_size=6)),
        Text(
            "二维步长 2 有四个相位。要四个和彼此相等，只需三个等式，剩下 {answer} 个。",
            "In two dimensions stride 2 has four phases. To make four sums equal takes three equations, which leaves"
            " {answer}.",
        ),
        (
            (
                lambda: degrees_of_freedom(TransposedUpsample(1, 1, 2, kernel_size=6)) - 1,
                Text(
                    "一个等式够两个相位用；二维有四个相位。",
                    "One equation serves two phases; in two dimensions there are four.",
                ),
            ),
            (
                lambda: degrees_of_freedom(TransposedUpsample(1, 1, 2, kernel_size=6)) - 4,
                Text(
                    "四个和要彼此相等，并没有规定等于几：等式比相位少一个。",
                    "The four sums must equal each other, not a given number: there is one equation fewer.",
                ),
            ),
        ),
    ),
    Paint(
        "upsampling-q3",
        Text(
            "输出有两个通道，放大两倍，所以 `PixelShuffle` 前的卷积有 8 个通道，编号 0 到 7。"
            "哪些通道拼成输出的第 0 个通道，因而要从同一个核开始？给它们上色。",
            "Two output channels, enlarged twofold: the convolution before `PixelShuffle` has eight channels, 0 to 7."
            " Which of them make up output channel 0, and so must start from one kernel? Paint them.",
        ),
        (1, CHANNELS),
        _of_first_output,
        Text(
            "`PixelShuffle` 拿相邻的四个通道拼成一个输出通道，所以相同的核要挨着放。",
            "`PixelShuffle` makes an output channel of four neighbouring channels, so equal kernels must stand next to"
            " each other.",
        ),
        (
            (
                lambda: {(0, j) for j in range(0, CHANNELS, 2)},
                Text(
                    "`repeat` 会把相同的核放在这里，而 `PixelShuffle` 不从这里读。",
                    "`repeat` would put equal kernels here, but this is not where `PixelShuffle` reads them.",
                ),
            ),
            (
                lambda: {(0, 0), (0, 4)},
                Text(
                    "每个输出通道要四个相位，也就是四个通道。",
                    "An output channel has four phases, and so takes four channels.",
                ),
            ),
        ),
        labels=lambda: [list(range(CHANNELS))],
    ),
)
