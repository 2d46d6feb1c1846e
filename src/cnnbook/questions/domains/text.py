"""5.17.4 Text: what the reader is asked beside the text."""

import torch
import torch.nn.functional as F

from cnnbook.domains.text import TextCNN, encode, vocabulary
from cnnbook.evidence.text import Text
from cnnbook.questions.question import Cell, Number, Paint, Question

NUMBERS = {"the": 2, "film": 3}
VECTORS = {"it": (1.0, 1.0), "is": (0.0, 0.0), "not": (1.0, 0.0), "good": (0.0, 1.0)}
FILTER = torch.tensor([[[2.0, 0.0], [-2.0, 3.0]]])  # (1, D, k)
RESPONSES = ((0, 3, 1, 0), (2, 0, 0, 4), (1, 5, 2, 0))


def _largest(text: str, bias: float = -1.0) -> float:
    """The largest response of the filter of the figure."""
    vectors = torch.tensor([VECTORS[word] for word in text.split()]).T
    return (F.conv1d(F.pad(vectors[None], (0, 1)), FILTER) + bias).relu().max().item()


def _width(*texts: str) -> int:
    """From which width on filters tell two texts apart."""
    cut = [text.split() for text in texts]
    numbers = vocabulary(cut, least=1)
    for width in range(1, 9):
        torch.manual_seed(0)
        one, other = TextCNN(len(numbers) + 2, kernels=(width,)).eval()(encode(cut, numbers))
        if not torch.allclose(one, other, atol=1e-6):
            return width
    raise AssertionError("they are the same text")


def _kept() -> set[Cell]:
    return {(c, place) for c, place in enumerate(torch.tensor(RESPONSES).argmax(1).tolist())}


QUESTIONS: tuple[Question, ...] = (
    Number(
        "text-q1",
        Text(
            "词表里只有 `the`（编号 2）和 `film`（编号 3）。句子 `the good film` 里，`good` 的编号是几？",
            "The vocabulary has `the` (number 2) and `film` (number 3) and nothing else. In the text `the good film`,"
            " what is the number of `good`?",
        ),
        lambda: encode([["the", "good", "film"]], NUMBERS)[0, 1].item(),
        Text(
            "词表里没有的词元，编号都是 {answer}。",
            "Every token without a number of its own has the number {answer}.",
        ),
        (
            (
                lambda: encode([["the"], ["the", "film"]], NUMBERS)[0, 1].item(),
                Text(
                    "那是填充，也就是没有词。这里有词，只是不认识。",
                    "That is padding, where there is no word. Here is one; it is only unknown.",
                ),
            ),
            (
                lambda: max(NUMBERS.values()) + 1,
                Text(
                    "词表在训练时就定下了，使用的时候不再添词。",
                    "The vocabulary was made in training, and takes up no more words in use.",
                ),
            ),
        ),
    ),
    Number(
        "text-q2",
        Text(
            "去掉 `not`，句子成了 `it is good`。同一个核，最大的响应是几？",
            "Take out `not`, so that the text is `it is good`. What is the largest response of this filter now?",
        ),
        lambda: _largest("it is good"),
        Text(
            "`is good` 这一处：0 + 3 − 1 = {answer}。`good` 对上了，前面却没有 `not`。",
            "At `is good` it is 0 + 3 − 1 = {answer}: `good` is in its place, and no `not` before it.",
        ),
        (
            (
                lambda: _largest("it is not good"),
                Text("`not` 那一份，2，没有了。", "What `not` added, 2, is gone."),
            ),
            (
                lambda: _largest("it is good", bias=0.0),
                Text("还有偏置 −1。", "There is a bias of −1 as well."),
            ),
            (
                lambda: _largest("it is"),
                Text("后一格还认得 `good`。", "The second place still knows `good`."),
            ),
        ),
    ),
    Number(
        "text-q3",
        Text(
            "`not good but cheap` 与 `not cheap but good`，核至少要多宽，对时间取最大之后还分得清？",
            "`not good but cheap` and `not cheap but good`: how wide must filters be, at the least, to tell the two"
            " apart after the maximum over time?",
        ),
        lambda: _width("not good but cheap", "not cheap but good"),
        Text(
            "词一样，但一句里有 `not good`，另一句里没有：宽度 {answer} 就够了。",
            "The words are the same, but only one of them has `not good`: a width of {answer} is enough.",
        ),
        (
            (
                lambda: 1,
                Text(
                    "宽度 1 只知道有哪些词，两句的词一样。", "With width 1 a filter knows the words, and these agree."
                ),
            ),
            (
                lambda: _width("a b a c a", "a c a b a"),
                Text(
                    "三个词当然够。两个相邻的词，两句就有不同的了；找找看。",
                    "Three words are enough, of course. But the two differ in their pairs already; look for one.",
                ),
            ),
        ),
    ),
    Paint(
        "text-q4",
        Text(
            "三个核（一行一个）在四个位置上的响应。对时间取最大之后，线性层看到的是哪几格？给它们上色。",
            "The responses of three filters, a row each, at four places. Which cells does the linear layer see after"
            " the maximum over time? Paint them.",
        ),
        (3, 4),
        _kept,
        Text(
            "每个核只留自己最大的响应，所以每行一格。两个核可以落在同一个位置。",
            "Each filter keeps its own largest response, so there is one cell in each row. Two may be at one place.",
        ),
        (
            (
                lambda: {(c, place) for place, c in enumerate(torch.tensor(RESPONSES).argmax(0).tolist())},
                Text(
                    "你在每个位置上挑了最强的核。最大值是沿着句子取的，一行一个。",
                    "You picked the strongest filter at each place. The maximum goes along the text: one in each row.",
                ),
            ),
            (
                lambda: {(2, 1)},
                Text("每个核都留一个，不是全部只留一个。", "Each filter keeps one, rather than all of them together."),
            ),
            (
                lambda: {(c, place) for c, row in enumerate(RESPONSES) for place, h in enumerate(row) if h},
                Text("大于 0 的不止这些；每行只留最大的。", "Of those above 0 only the largest of each row is kept."),
            ),
        ),
        labels=lambda: RESPONSES,
    ),
)
