"""5.16.4 The objective: what the reader is asked beside the text."""

import torch
from torch.nn import functional as F

from cnnbook.evidence.text import Text
from cnnbook.generalisation.objective import absolute_error, brier_loss, gradient_size, smoothed_labels
from cnnbook.questions.question import Choice, Number, Option, Question

ZERO = torch.zeros(2, 1)
ERRORS = torch.tensor([[3.0], [0.5]])
HOPELESS = torch.tensor([[0.01 / 0.99, 1.0]]).log(), torch.tensor([0])  # the right one of two classes has p = 0.01
LOSSES = {"entropy": F.cross_entropy, "squared": brier_loss, "absolute": absolute_error}


def _ratio(values: torch.Tensor) -> float:
    return (values[0] / values[1]).item()


def _pulls_most(name: str) -> bool:
    pulls = {one: gradient_size(loss, *HOPELESS).item() for one, loss in LOSSES.items()}
    return max(pulls, key=lambda one: pulls[one]) == name


def _share(smoothing: float, of: int) -> float:
    return smoothed_labels(torch.tensor([0]), classes=5, smoothing=smoothing)[0, of].item()


QUESTIONS: tuple[Question, ...] = (
    Number(
        "objective-q1",
        Text(
            zh="用平方误差，误差是 3 的样本，拉力是误差 0.5 的样本的几倍？",
            en="With squared error, how many times as hard does an example with an error of 3 pull as one with an error of 0.5?",
        ),
        lambda: _ratio(gradient_size(F.mse_loss, ERRORS, ZERO)),
        Text(
            zh="$r^2$ 的梯度是 $2r$，与误差成正比，3/0.5 = {answer}。",
            en="The gradient of $r^2$ is $2r$, in proportion to the error: 3/0.5 = {answer}.",
        ),
        (
            (
                lambda: _ratio(ERRORS**2),
                Text(
                    zh="这是损失之比；拉力是梯度的长度。",
                    en="That is the ratio of the losses; the pull is the length of the gradient.",
                ),
            ),
            (
                lambda: _ratio(gradient_size(F.l1_loss, ERRORS, ZERO)),
                Text(zh="绝对误差才一视同仁。", en="Absolute error is the one that treats both alike."),
            ),
        ),
        tolerance=0.001,
    ),
    Choice(
        "objective-q2",
        Text(
            zh="两个类，网络给正确的那一类只有 0.01 的概率。隔着 softmax，哪一种损失拉得最用力？",
            en="Two classes, and the network gives the right one a probability of only 0.01. Behind the softmax, which loss pulls hardest?",
        ),
        (
            Option(
                Text(zh="交叉熵", en="Cross-entropy"),
                lambda: _pulls_most("entropy"),
                Text(zh="是这样。", en="So it is."),
            ),
            Option(
                Text(zh="概率的平方误差", en="Squared error of the probabilities"),
                lambda: _pulls_most("squared"),
                Text(
                    zh="误差是大，可还要乘上 softmax 的梯度，它在这里几乎是零。",
                    en="The error is large, but it is multiplied by the gradient of the softmax, which is almost zero here.",
                ),
            ),
            Option(
                Text(zh="概率的绝对误差", en="Absolute error of the probabilities"),
                lambda: _pulls_most("absolute"),
                Text(
                    zh="它的梯度也要乘上 softmax 的，几乎不动了。",
                    en="Its gradient, too, is multiplied by that of the softmax, and hardly anything is left.",
                ),
            ),
        ),
        Text(
            zh="softmax 的梯度在两头都趋于零。在答错的这一头，交叉熵里的对数正好把它抵消，所以错得再离谱也不放手。",
            en="The gradient of the softmax vanishes at both ends. At the wrong one the logarithm of cross-entropy makes up for just that, and so it never lets go of what is wrong.",
        ),
    ),
    Number(
        "objective-q3",
        Text(
            zh="五个类，$\\alpha=0.1$。平滑之后，正确类别的目标是多少？",
            en="Five classes, $\\alpha=0.1$. What is the target of the right class after smoothing?",
        ),
        lambda: _share(0.1, 0),
        Text(
            zh="拿出 0.1，均分给五类，正确的那一类也分回 0.02，成为 {answer}。",
            en="A share of 0.1 is taken and spread over all five, the right one included, which gets 0.02 back: {answer}.",
        ),
        (
            (
                lambda: 1 - 0.1,
                Text(
                    zh="拿出来的一份分给全部五类，正确的那一类也有。",
                    en="What is taken is spread over all five classes, the right one included.",
                ),
            ),
            (lambda: _share(0.1, 1), Text(zh="这是其余各类的目标。", en="That is the target of each of the others.")),
        ),
        tolerance=0.001,
    ),
)
