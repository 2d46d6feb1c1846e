"""5.17.5 Speech: what the reader is asked beside the text."""

import torch
from torch import Tensor, nn

from cnnbook.domains.speech import dense, frames, hertz_to_mel, over_time
from cnnbook.evidence.text import Text
from cnnbook.questions.question import Cell, Choice, Option, Paint, Question


def _holding(sample: int) -> set[Cell]:
    """The frames that hold a sample, of twenty in frames of eight."""
    pieces = frames(torch.arange(20), window=8, hop=4)
    return {(0, n) for n in (pieces == sample).any(1).nonzero()[:, 0].tolist()}


def _step(low: float) -> float:
    """100 Hz more, in mel."""
    return (hertz_to_mel(low + 100) - hertz_to_mel(low)).item()


def _unmoved(network: nn.Module) -> bool:
    """Whether a word said four frames later, with quiet around it, gets the same scores."""
    word = torch.rand(1, 24, 12, generator=torch.Generator().manual_seed(0))

    def said(at: int) -> Tensor:
        return nn.functional.pad(word, (at, 49 - 12 - at))

    with torch.no_grad():
        return torch.allclose(network(said(12)), network(said(16)), atol=1e-6)


def _stay() -> tuple[bool, bool]:
    """Whether the network without convolution, and the one over time, say the same."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return _unmoved(dense()), _unmoved(over_time())


QUESTIONS: tuple[Question, ...] = (
    Paint(
        "speech-q1",
        Text(
            "20 个样本（从 0 数起），每帧 8 个，帧移是 4，一共 4 帧。第 9 个样本在哪几帧里？给它们上色。",
            "There are 20 samples, counted from 0, in frames of 8 with a hop of 4, which makes 4 frames. Which of them"
            " hold sample 9? Paint them.",
        ),
        (1, 4),
        lambda: _holding(9),
        Text(
            "第 1 帧是样本 4 到 11，第 2 帧是 8 到 15。帧移是帧长的一半，中间的样本都在两帧里。",
            "Frame 1 has the samples 4 to 11, frame 2 has 8 to 15. With a hop of half a frame all samples but those at"
            " the ends are in two.",
        ),
        (
            (
                lambda: {(0, 1)},
                Text("还有一帧：相邻的帧有重叠。", "There is another one: neighbouring frames overlap."),
            ),
            (
                lambda: {(0, 2)},
                Text("前一帧还没有结束。", "The frame before it has not ended yet."),
            ),
            (
                lambda: {(0, 0), (0, 1)},
                Text("第 0 帧到样本 7 为止；帧从 0 数起。", "Frame 0 ends with sample 7; frames are counted from 0."),
            ),
        ),
        labels=lambda: [[0, 1, 2, 3]],
    ),
    Choice(
        "speech-q2",
        Text(
            "从 700 Hz 到 800 Hz，从 3000 Hz 到 3100 Hz，都差 100 Hz。在梅尔刻度上，哪一步更大？",
            "From 700 Hz to 800 Hz and from 3,000 Hz to 3,100 Hz it is 100 Hz each. Which step is larger in mel?",
        ),
        (
            Option(
                Text("低的那一步", "The low one"),
                lambda: _step(700) > 1.5 * _step(3000),
                Text("是这样。", "So it is."),
            ),
            Option(
                Text("高的那一步", "The high one"),
                lambda: _step(3000) > 1.5 * _step(700),
                Text("反了：对数越往后越平。", "The other way round: a logarithm gets flatter and flatter."),
            ),
            Option(
                Text("一样大", "They are the same"),
                lambda: abs(_step(700) - _step(3000)) < 1,
                Text(
                    "在赫兹上一样大；梅尔照着耳朵来，要取对数。",
                    "In hertz they are. Mel follows the ear, and takes a logarithm.",
                ),
            ),
        ),
        Text(
            "这一步在对数里是 1400 变 1500，还是 3700 变 3800：比例大的，差得多。",
            "Under the logarithm it is 1,400 to 1,500 as against 3,700 to 3,800: the larger ratio is the larger step.",
        ),
    ),
    Choice(
        "speech-q3",
        Text(
            "同一个词晚说四帧，前后都安静。不用训练就能断定，哪个网络的输出一定不变？（沿时间的网络，步长是 2。）",
            "A word is said four frames later, with quiet before and after it. Which network is certain to give the"
            " same output, even before any training? (Over time, the stride is 2.)",
        ),
        (
            Option(
                Text("不用卷积的", "The one without convolution"),
                lambda: _stay() == (True, False),
                Text(
                    "谱的每一格都有自己的权重，词换了格子，就遇上另一批权重。",
                    "Each cell of the spectrogram has its own weights, and a word that moves meets other ones.",
                ),
            ),
            Option(
                Text("沿时间卷积的", "The one that convolves over time"),
                lambda: _stay() == (False, True),
                Text("是这样。", "So it is."),
            ),
            Option(
                Text("两个都不变", "Both"),
                lambda: _stay() == (True, True),
                Text(
                    "没有卷积，就没有什么会跟着词一起移动。",
                    "Without convolution nothing moves along with the word.",
                ),
            ),
        ),
        Text(
            "卷积的响应跟着词移动，四帧是步长的整数倍，取时间上的最大值就不管移到了哪里。",
            "The responses of a convolution move with the word, four frames are a multiple of the stride, and the"
            " maximum over time does not ask where they are.",
        ),
    ),
)
