"""5.16.5 Architecture: what the reader is asked beside the text."""

import torch
from torch import nn

from cnnbook.evidence.text import Text
from cnnbook.generalisation.architecture import Block, count_parameters, receptive_field
from cnnbook.questions.question import Choice, Number, Option, Question


def _weights(channels: int) -> int:
    return count_parameters(nn.Conv2d(channels, channels, 3, bias=False))


def _through() -> tuple[float, float]:
    """What comes out of a plain block whose weights are zero, and which gradient comes back; all inputs are 1."""
    block, x = Block(2, skip=False), torch.ones(1, 2, 5, 5, requires_grad=True)
    for weight in block.parameters():
        nn.init.zeros_(weight)
    y = block(x)
    y.sum().backward()
    assert x.grad is not None
    return y.mean().item(), x.grad.mean().item()


QUESTIONS: tuple[Question, ...] = (
    Number(
        "architecture-q1",
        Text(
            zh="三层 3×3 叠在一起，步长和膨胀率都是 1。一个输出看得到多少格宽？",
            en="Three layers of 3×3, with strides and dilations of 1. How many cells across does one output see?",
        ),
        lambda: receptive_field([(3, 1, 1)] * 3),
        Text(
            zh="1 + 2 + 2 + 2 = {answer}：每层只加 k − 1 格。",
            en="1 + 2 + 2 + 2 = {answer}: every layer adds only k − 1.",
        ),
        (
            (
                lambda: 3 * 3,
                Text(
                    zh="相邻两层的窗口是重叠的，每层只加 k − 1 格。",
                    en="The windows of neighbours overlap, so that each layer adds only k − 1.",
                ),
            ),
            (lambda: receptive_field([(3, 1, 1)] * 2), Text(zh="这是两层。", en="That is two layers.")),
            (
                lambda: 3**3,
                Text(zh="步长都是 1，不会成倍地变宽。", en="With strides of 1, the field does not multiply."),
            ),
        ),
        unit=Text(zh="格", en="cells"),
    ),
    Number(
        "architecture-q2",
        Text(
            zh="一层 3×3 卷积，输入和输出都从 8 个通道加到 16 个。权重成了几倍？",
            en="A 3×3 convolution has 8 channels in and out, and then 16. How many times as many weights are there?",
        ),
        lambda: _weights(16) / _weights(8),
        Text(
            zh="权重是 $k^2C^2$ 个，$C$ 加倍，就是 {answer} 倍。",
            en="There are $k^2C^2$ weights, so that twice the $C$ makes {answer} times as many.",
        ),
        (
            (
                lambda: 16 / 8,
                Text(zh="输入和输出两边的通道都加倍了。", en="The channels doubled on both sides, in and out."),
            ),
            (lambda: (16 / 8) ** 3, Text(zh="核的大小没有变。", en="The size of the kernel stays.")),
        ),
        unit=Text(zh="倍", en="times"),
    ),
    Choice(
        "architecture-q3",
        Text(
            zh="没有跳跃连接的块，权重和偏置都是零，输入全是 1。输出和传回到输入的梯度，各是多少？",
            en="A block without a skip has weights and biases of zero, and its inputs are all 1. What comes out, and which gradient comes back to the input?",
        ),
        (
            Option(
                Text(zh="输出 1，梯度 1", en="Output 1, gradient 1"),
                lambda: _through() == (1, 1),
                Text(zh="有跳跃连接的块才是这样。", en="That takes a skip."),
            ),
            Option(
                Text(zh="输出 0，梯度 1", en="Output 0, gradient 1"),
                lambda: _through() == (0, 1),
                Text(
                    zh="梯度要经过同样的权重往回走，它们都是零。",
                    en="On its way back the gradient goes through the same weights, and they are zero.",
                ),
            ),
            Option(
                Text(zh="输出 0，梯度 0", en="Output 0, gradient 0"),
                lambda: _through() == (0, 0),
                Text(zh="是这样。", en="So it is."),
            ),
        ),
        Text(
            zh="数值往前、梯度往回，都要乘上这些权重，所以两样都过不去。",
            en="Forwards and backwards, everything is multiplied by these weights, so that nothing passes either way.",
        ),
    ),
)
