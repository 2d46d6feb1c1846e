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


def _seen(stride: int = 2, moved: int = 0) -> set[Cell]:
    """The pixels that a stride looks at, of a row of eight that was moved so far to the left."""
    numbered = torch.arange(8.0).expand(1, 1, 8, 8)
    return {(0, int(place)) for place in BlurPool2d(1, stride)(shift(numbered, right=-moved))[0, 0, 0]}


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
            "一行条纹，黑（0）、亮（4）相间。步长为 2、不做模糊的一层，只看哪些像素？给它们上色。",
            "A row of stripes, black (0) and bright (4) by turns. At which pixels does a layer look that has a stride"
            " of 2 and does not blur? Paint them.",
        ),
        (1, 8),
        _seen,
        Text(
            "第 0、2、4、6 个，全是黑的。条纹右移一个像素，看到的就全是亮的了。",
            "At the pixels 0, 2, 4 and 6, all of them black. Move the stripes by one, and all it sees is bright.",
        ),
        (
            (
                lambda: _seen(moved=1),
                Text("从第 0 个像素数起。", "Begin with pixel 0."),
            ),
            (
                lambda: _seen(stride=3),
                Text("步长 2，中间只跳过一个。", "With a stride of 2 it skips one in between, not two."),
            ),
            (
                lambda: {(0, place) for place in range(4)},
                Text("数目对了，但不是挨着看的。", "So many it is, but they are not next to each other."),
            ),
        ),
        labels=lambda: [[0, 4] * 4],
    ),
)
