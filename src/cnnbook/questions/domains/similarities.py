"""5.17.1 Similarities: what the reader is asked beside the text."""

import torch

from cnnbook.domains.similarities import conv_nd, digit, moving, one_hot_words
from cnnbook.evidence.text import Text
from cnnbook.questions.question import Choice, Number, Option, Paint, Question

IDS = [2, 0, 0, 1]


def _weights(*kernel: int) -> float:
    """How many weights a kernel has: what a kernel of ones gives on ones."""
    ones = torch.ones(1, *kernel)
    return conv_nd(ones, ones).item()


def _words() -> set[tuple[int, int]]:
    """Rows are words, columns places."""
    hot = one_hot_words(torch.tensor([IDS]), words=3)[0]
    return {(i, j) for i, j in hot.nonzero().tolist()}


def _answers(frames: int) -> list[bool]:
    """Whether a film and the same run backwards get one answer, from several random networks."""
    film = moving(digit(4)[None], torch.tensor([[1, 1]]), torch.tensor([[0, 1]]), frames=5, size=12).double()
    same = []
    for seed in range(5):
        kernel = torch.randn(2, 1, frames, 3, 3, generator=torch.Generator().manual_seed(seed)).double()
        there, back = (conv_nd(x, kernel).relu().mean(dim=(2, 3, 4)) for x in (film, film.flip(2)))
        same.append(torch.allclose(there, back))
    return same


QUESTIONS: tuple[Question, ...] = (
    Number(
        "similarities-q1",
        Text(
            "彩色视频，每帧三个通道。核占 2 帧，每帧 3×3 个像素，有一个输出通道。它一共有几个权重？",
            "In a colour video each frame has three channels. A kernel covers 2 frames of 3×3 pixels and has one output"
            " channel. How many weights is that?",
        ),
        lambda: _weights(3, 2, 3, 3),
        Text(
            "每帧 9 个像素，2 帧，各取 3 个通道：3·2·9 = {answer}。通道不算一根轴，窗口却要把它们全部取走。",
            "Nine pixels a frame, 2 frames, and 3 channels of each: 3·2·9 = {answer}. Channels are no axis, but the"
            " window takes them all.",
        ),
        (
            (
                lambda: _weights(1, 2, 3, 3),
                Text(
                    "这只够一个通道；窗口一次取走全部通道。",
                    "That is enough for one channel; the window takes all of them at once.",
                ),
            ),
            (
                lambda: _weights(3, 1, 3, 3),
                Text("这只够一帧；核跨过 2 帧。", "That is enough for one frame; the kernel covers 2."),
            ),
            (
                lambda: _weights(1, 1, 3, 3),
                Text(
                    "这是一个通道、一帧里的；还要乘以帧数和通道数。",
                    "That is one channel of one frame; multiply by the frames and by the channels.",
                ),
            ),
        ),
    ),
    Paint(
        "similarities-q2",
        Text(
            "词典里有三个词，编号 0、1、2，一行一个；句子是 2, 0, 0, 1，一列一个位置。写成 one-hot，哪些格是 1？"
            "给它们上色。",
            "The dictionary has three words, 0, 1 and 2, a row each; the sentence is 2, 0, 0, 1, a column each place."
            " Written as one-hot, which cells are 1? Paint them.",
        ),
        (3, 4),
        _words,
        Text(
            "每一列只有一个 1，在那个词的一行里。",
            "Each column has a single 1, in the row of its word.",
        ),
        (
            (
                lambda: {(2 - i, j) for i, j in _words()},
                Text("行从上往下数，从 0 开始。", "Rows are counted from the top, beginning with 0."),
            ),
            (
                lambda: _words() - {(0, 2)},
                Text(
                    "词 0 出现了两次，每一列都要有一个 1。",
                    "Word 0 stands there twice, and each column needs its 1.",
                ),
            ),
        ),
    ),
    Choice(
        "similarities-q3",
        Text(
            "一个网络逐帧看，用的核只占一帧，最后对时间取平均。把短片倒过来放，它的答案会怎样？",
            "A network looks frame by frame, with kernels of one frame, and takes the mean over time at the end. Run"
            " the film backwards: what becomes of its answer?",
        ),
        (
            Option(
                Text("变成相反的方向", "It turns to the opposite way"),
                lambda: not any(_answers(1)),
                Text(
                    "要知道方向，得有什么东西记得哪一帧在前。这里什么也不记得。",
                    "For that, something has to know which frame came first. Here nothing does.",
                ),
            ),
            Option(
                Text("看权重是多少", "That depends on its weights"),
                lambda: 0 < sum(_answers(1)) < 5,
                Text(
                    "权重再怎么取，平均也不管次序。",
                    "Whatever the weights are, a mean does not mind the order.",
                ),
            ),
            Option(
                Text("一点也不变", "Nothing"),
                lambda: all(_answers(1)) and not any(_answers(3)),
                Text("是这样。", "So it is."),
            ),
        ),
        Text(
            "平均的还是那几项，只是次序不同。核跨过几帧，就不一样了。",
            "The mean is over the same terms in another order. With a kernel of several frames it is not.",
        ),
    ),
)
