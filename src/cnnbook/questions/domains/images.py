"""5.17.3 Images: what the reader is asked beside the text."""

import torch

from cnnbook.domains.images import cnn, normalise, prepare, to_tensor
from cnnbook.evidence.text import Text
from cnnbook.questions.question import Cell, Number, Paint, Question

PIXEL, MEAN, STD = 51, 0.4, 0.2


def _given_to_the_network(value: float) -> float:
    """Rounded, as one who works it out by hand would."""
    return round(normalise(torch.full((1, 1, 1, 1), float(value)), MEAN, STD).item(), 4)


def _scaled() -> float:
    return to_tensor(torch.tensor([[PIXEL]], dtype=torch.uint8)).item()


def _weights(size: int) -> int:
    return next(cnn(size=size).parameters()).numel()


def _bright(inverted: bool = True) -> set[Cell]:
    """What is bright of a picture with a dark bar, prepared for a network that takes 4×4."""
    picture = torch.ones(1, 1, 6, 8)
    picture[..., 1:5, 1:3] = 0
    x, _ = prepare(picture, size=4)
    return {(i, j) for i, j in ((x if inverted else 1 - x)[0, 0] > 0.5).nonzero().tolist()}


QUESTIONS: tuple[Question, ...] = (
    Number(
        "images-q1",
        Text(
            "灰度图像里有个像素是 51。训练图像除以 255 之后，均值是 0.4，标准差是 0.2。网络拿到的是几？",
            "A pixel of a grey image is 51. Divided by 255, the training images have a mean of 0.4 and a standard"
            " deviation of 0.2. What is the network given?",
        ),
        lambda: _given_to_the_network(_scaled()),
        Text(
            "51/255 = 0.2，(0.2 − 0.4)/0.2 = {answer}：比平均暗一个标准差。",
            "51/255 = 0.2, and (0.2 − 0.4)/0.2 = {answer}: one standard deviation darker than the mean.",
        ),
        (
            (
                lambda: round(_scaled(), 4),
                Text("只除以了 255，还没有归一化。", "That is divided by 255, and not yet normalised."),
            ),
            (
                lambda: round(_scaled() - MEAN, 4),
                Text("减去了均值，还要除以标准差。", "The mean is taken away; now divide by the deviation."),
            ),
            (
                lambda: _given_to_the_network(PIXEL),
                Text(
                    "均值和标准差是除以 255 之后的，像素也要先除。",
                    "Mean and deviation are of images divided by 255; so divide the pixel first.",
                ),
            ),
        ),
        tolerance=0.001,
    ),
    Number(
        "images-q2",
        Text(
            "28×28 的灰度图像，第一层卷积有 8 个 5×5 的核，一共 200 个权重（不算偏置）。"
            "图像放大到 56×56，这一层有几个权重？",
            "On grey images of 28×28 a first convolution with 8 kernels of 5×5 has 200 weights, without biases. How"
            " many has it for images of 56×56?",
        ),
        lambda: _weights(56),
        Text(
            "还是 8·5·5 = {answer}：核有多大，只看它自己，不看图像。",
            "Still 8·5·5 = {answer}: a kernel is as large as it is, whatever the image.",
        ),
        (
            (
                lambda: 4 * _weights(28),
                Text(
                    "线性层才这样：每个像素一个权重。卷积的权重到处共用。",
                    "So it is with a linear layer, which has a weight for each pixel. A convolution shares them.",
                ),
            ),
            (
                lambda: 2 * _weights(28),
                Text(
                    "输出的格子多了，用的还是同一组权重。",
                    "The output has more cells, but all of them use the same weights.",
                ),
            ),
        ),
    ),
    Paint(
        "images-q3",
        Text(
            "白纸上靠左画着一条竖直的黑杠，4 格高、2 格宽。照这五步处理成 4×4，哪些格是亮的？给它们上色。",
            "On white paper, towards the left, stands a dark upright bar, 4 cells high and 2 wide. Prepared by these"
            " five steps for a network that takes 4×4, which cells are bright? Paint them.",
        ),
        (4, 4),
        _bright,
        Text(
            "黑白颠倒，黑杠成了亮的；裁去四周，正好 4 格高；两边各补一列，它就到了正中。",
            "Inverted, the bar is bright; trimmed, it is just 4 high; extended by a column on either side, it stands in"
            " the middle.",
        ),
        (
            (
                lambda: _bright(inverted=False),
                Text(
                    "训练图像是黑底上的亮东西，所以要黑白颠倒。",
                    "The training images are bright on black, so black and white are inverted.",
                ),
            ),
            (
                lambda: {(i, j) for i in range(4) for j in range(2)},
                Text(
                    "裁过之后，短边两头补得一样多。",
                    "After trimming, the shorter side is extended by as much at both ends.",
                ),
            ),
            (
                lambda: {(i, j) for i in range(4) for j in range(4)},
                Text(
                    "短边是补齐，不是拉宽：形状不能变。",
                    "The shorter side is extended rather than stretched: the thing keeps its shape.",
                ),
            ),
        ),
    ),
)
