"""5.15.2 Batch size: what the reader is asked beside the text."""

from cnnbook.evidence.text import Text
from cnnbook.parameters.batch_size import noise_and_signal, price
from cnnbook.questions.question import Choice, Number, Option, Question


def _scale(small: float, large: float) -> float:
    noise, signal = noise_and_signal(small, large, 1, 2)
    return noise / signal


def _saves(share: float) -> bool:
    """Whether a batch of 16 takes this share of the steps of one of 8, at a noise scale of 4."""
    return abs(price(16, 4)[0] / price(8, 4)[0] - share) < 0.01


QUESTIONS: tuple[Question, ...] = (
    Number(
        "batch_size-q1",
        Text(
            "一批一个样本时，梯度长度的平方平均是 10；一批两个时，平均是 6。噪声尺度是几个样本？",
            "With one example in a batch the gradient's mean squared length is 10, with two it is 6. What is the noise"
            " scale?",
        ),
        lambda: _scale(10, 6),
        Text(
            "噪声是 (10 − 6)/(1 − 1/2) = 8，梯度长度的平方是 2·6 − 10 = 2，两者之比是 {answer}。",
            "The noise is (10 − 6)/(1 − 1/2) = 8 and the squared length of the gradient 2·6 − 10 = 2; one over the other is"
            " {answer}.",
        ),
        (
            (
                lambda: 1 / _scale(10, 6),
                Text("比反了：噪声在上，梯度在下。", "Upside down: it is the noise over the gradient."),
            ),
            (
                lambda: noise_and_signal(10, 6, 1, 2)[0],
                Text(
                    "这是噪声；还要除以梯度长度的平方。",
                    "That is the noise; divide it by the squared length of the gradient.",
                ),
            ),
            (
                lambda: noise_and_signal(10, 6, 1, 2)[1],
                Text(
                    "这是梯度长度的平方；它是分母。",
                    "That is the squared length of the gradient; it is what to divide by.",
                ),
            ),
        ),
        unit=Text("个样本", "examples"),
    ),
    Number(
        "batch_size-q2",
        Text(
            "批次大小正好等于噪声尺度。照公式，步数是最少步数的几倍？",
            "The batch is just as large as the noise scale. How many times the fewest steps does it take?",
        ),
        lambda: price(32, 32)[0],
        Text(
            "1 + 1 = {answer}；样本数同样是最少的 {answer} 倍。",
            "1 + 1 = {answer}; and it takes {answer} times the fewest examples.",
        ),
        (
            (lambda: 1, Text("步数最少，要批次无限大。", "The fewest steps take a batch without end.")),
            (
                lambda: price(16, 32)[0],
                Text("这是只有噪声尺度一半大的批次。", "That is for a batch of half the noise scale."),
            ),
        ),
    ),
    Choice(
        "batch_size-q3",
        Text(
            "噪声尺度是 4，批次从 8 加到 16，各用自己最好的学习率。步数会怎样？",
            "The noise scale is 4, and the batch grows from 8 to 16, each at its own best rate."
            " What becomes of the steps?",
        ),
        (
            Option(
                Text("减半", "Half as many"),
                lambda: _saves(0.5),
                Text(
                    "批次远小于噪声尺度时才这样；8 已经更大了。", "So it is far below the noise scale; 8 is above it."
                ),
            ),
            Option(
                Text("少一点，约六分之一", "A little fewer, by a sixth"),
                lambda: _saves(5 / 6),
                Text("是这样。", "So it is."),
            ),
            Option(
                Text("一样多", "As many as before"),
                lambda: _saves(1),
                Text(
                    "过了噪声尺度，还是能省，只是省得少。",
                    "Above the noise scale there is still something to save, but little.",
                ),
            ),
        ),
        Text(
            "1 + 4/8 = 1.5 变成 1 + 4/16 = 1.25：步数少六分之一，样本多三分之二。",
            "1 + 4/8 = 1.5 becomes 1 + 4/16 = 1.25: a sixth fewer steps, for two thirds more examples.",
        ),
    ),
)
