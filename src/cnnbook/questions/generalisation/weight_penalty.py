"""5.16.7 Weight penalties: what the reader is asked beside the text."""

from collections.abc import Callable

import torch

from cnnbook.evidence.text import Text
from cnnbook.generalisation.weight_penalty import l1_penalty, l2_penalty, max_norm, soft_threshold
from cnnbook.questions.question import Choice, Number, Option, Question


def _pull(penalty: Callable[..., torch.Tensor], weight: float) -> float:
    w = torch.tensor([[weight]], requires_grad=True)
    penalty({"weight": w}, strength=0.1).backward()
    assert w.grad is not None
    return w.grad.item()


def _times(penalty: Callable[..., torch.Tensor]) -> float:
    return _pull(penalty, 4.0) / _pull(penalty, 2.0)


def _end() -> float:
    """A weight from 1, after 20 steps along the gradient of L1 alone: λ = 1, rate 0.15."""
    w = torch.tensor(1.0)
    for _ in range(20):
        w = w - 0.15 * w.sign()
    return abs(w.item())


def _bounded(*row: float) -> float:
    return max_norm({"weight": torch.tensor([row])}, most=6.5)["weight"][0, 0].item()


QUESTIONS: tuple[Question, ...] = (
    Number(
        "weight_penalty-q1",
        Text(
            zh="一个权重从 2 变成 4。L2 惩罚对它的拉力（梯度）成了几倍？",
            en="A weight goes from 2 to 4. How many times as strong is the pull of the L2 penalty on it, its gradient?",
        ),
        lambda: _times(l2_penalty),
        Text(
            zh="L2 的梯度是 $\\lambda w$，与权重成正比，所以是 {answer} 倍。",
            en="The gradient of L2 is $\\lambda w$, in proportion to the weight: {answer} times.",
        ),
        (
            (
                lambda: (4 / 2) ** 2,
                Text(
                    zh="惩罚本身才是四倍；拉力是它的梯度。",
                    en="The penalty itself is four times as large; the pull is its gradient.",
                ),
            ),
            (lambda: _times(l1_penalty), Text(zh="L1 的拉力才不变。", en="It is the pull of L1 that stays the same.")),
        ),
        unit=Text(zh="倍", en="times"),
        tolerance=0.001,
    ),
    Number(
        "weight_penalty-q2",
        Text(
            zh="权重是 −0.7，$t=0.5$。做一次软阈值，得多少？",
            en="A weight is −0.7, and $t=0.5$. What does the soft threshold make of it?",
        ),
        lambda: soft_threshold(torch.tensor(-0.7), 0.5).item(),
        Text(
            zh="绝对值减去 0.5，剩 0.2，再添回负号：{answer}。",
            en="Take 0.5 from its absolute value, which leaves 0.2, and put the sign back: {answer}.",
        ),
        (
            (
                lambda: soft_threshold(torch.tensor(0.7), 0.5).item(),
                Text(zh="正负号要添回去。", en="The sign has to be put back."),
            ),
            (
                lambda: -0.7 - 0.5,
                Text(zh="软阈值让权重往零走。", en="A soft threshold moves a weight towards zero."),
            ),
            (
                lambda: 0,
                Text(
                    zh="绝对值大于 $t$，走不到零。", en="Its absolute value is above $t$, so it does not get to zero."
                ),
            ),
        ),
        tolerance=0.001,
    ),
    Choice(
        "weight_penalty-q3",
        Text(
            zh="一个权重从 1 出发，只受 L1 惩罚，用梯度下降，$\\lambda=1$，学习率 0.15。走 20 步之后，它在哪里？",
            en="A weight starts at 1 and feels only the L1 penalty, under gradient descent with $\\lambda=1$ and a rate of 0.15. Where is it after 20 steps?",
        ),
        (
            Option(
                Text(zh="恰好在零", en="Exactly at zero"),
                lambda: _end() < 1e-6,
                Text(
                    zh="拉力的大小不变，每步总走 0.15，不会恰好停在零。",
                    en="The pull does not weaken: each step is of 0.15, and does not happen to end on zero.",
                ),
            ),
            Option(
                Text(zh="在零附近，来回跳", en="Near zero, jumping back and forth"),
                lambda: 1e-6 < _end() < 0.15,
                Text(zh="是这样。", en="So it is."),
            ),
            Option(
                Text(zh="还离零很远", en="Still far from zero"),
                lambda: _end() > 0.15,
                Text(
                    zh="每步走 0.15，七步就到零附近了。", en="At 0.15 a step, seven steps are enough to get near zero."
                ),
            ),
        ),
        Text(
            zh="到了零附近，一步跨过去，下一步又被拉回来。",
            en="Near zero one step jumps across, and the next one jumps back.",
        ),
    ),
    Number(
        "weight_penalty-q4",
        Text(
            zh="上限 $c=6.5$，矩阵的一行是 [5, 12]。最大范数之后，第一个数是多少？",
            en="The bound is $c=6.5$, and a row of the matrix is [5, 12]. What is its first number after max-norm?",
        ),
        lambda: _bounded(5.0, 12.0),
        Text(
            zh="范数是 13，正好是上限的两倍，所以整行减半：[{answer}, 6]。",
            en="The norm is 13, twice the bound, so the whole row is halved: [{answer}, 6].",
        ),
        (
            (
                lambda: min(5.0, 6.5),
                Text(
                    zh="看的不是单个的数，而是整行的范数，它是 13。",
                    en="It is not the single numbers that count but the norm of the row, which is 13.",
                ),
            ),
            (
                lambda: 5 * 6.5 / 17,
                Text(
                    zh="范数是平方和的平方根，不是绝对值之和。",
                    en="The norm is the root of the sum of squares, not the sum of the absolute values.",
                ),
            ),
            (lambda: 6.5, Text(zh="缩到 $c$ 的是整行的范数。", en="It is the norm of the row that becomes $c$.")),
        ),
        tolerance=0.01,
    ),
)
