"""5.15.4 Weight decay: what the reader is asked beside the text."""

import torch

from cnnbook.evidence.text import Text
from cnnbook.parameters.weight_decay import adam_step, sgd_step, share_left
from cnnbook.questions.question import Choice, Number, Option, Question


def _adam(decoupled: bool) -> float:
    """The weight 1 after a step of Adam with no gradient, at a rate of 0.1 and a decay of 0.5."""
    weight, _ = adam_step(torch.ones(1), torch.zeros(1), rate=0.1, decay=0.5, decoupled=decoupled)
    return weight.item()


def _pulls() -> float:
    """How much harder the coupled decay has pulled than the decoupled one, after 100 steps of momentum 0.9."""
    lost = []
    for decoupled in (False, True):
        weight, velocity = torch.ones(1, dtype=torch.float64), None
        for _ in range(100):
            how = {"rate": 0.01, "decay": 0.01, "momentum": 0.9, "decoupled": decoupled}
            weight, velocity = sgd_step(weight, torch.zeros_like(weight), velocity, **how)
        lost.append(1 - weight.item())
    return lost[0] / lost[1]


def _left(rate: float, decay: float, steps: int) -> float:
    return 100 * share_left(rate, decay, steps)


QUESTIONS: tuple[Question, ...] = (
    Number(
        "weight_decay-q1",
        Text(
            "权重是 1，梯度恰好是 0，学习率 0.1，$\\lambda=0.5$。AdamW（解耦）走一步之后，权重是几？",
            "A weight is 1, its gradient happens to be 0, the rate is 0.1 and $\\lambda=0.5$. What is the weight after"
            " one step of AdamW, which is decoupled?",
        ),
        lambda: _adam(decoupled=True),
        Text(
            "(1 − 0.1·0.5)·1 = {answer}；梯度是 0，没有别的变化。",
            "(1 − 0.1·0.5)·1 = {answer}; the gradient is 0, and nothing else happens.",
        ),
        (
            (
                lambda: _adam(decoupled=False),
                Text(
                    "这是耦合的 Adam：衰减成了梯度，第一步总有一个学习率那么长。",
                    "That is Adam, coupled: the decay has become a gradient, and the first step is one rate long.",
                ),
            ),
            (
                lambda: 1 - 0.5,
                Text(
                    "一步缩小的比例是 $\\eta\\lambda$，不是 $\\lambda$。",
                    "A step takes the share $\\eta\\lambda$, not $\\lambda$.",
                ),
            ),
        ),
        tolerance=1e-4,
    ),
    Choice(
        "weight_decay-q2",
        Text(
            "SGD 带动量 0.9：每一步顺着速度走，$v\\leftarrow0.9v+g$。学习率和 $\\lambda$ 都一样，走许多步之后，耦合的衰减与解耦的相比，拉得怎样？",
            "SGD with a momentum of 0.9: each step follows the velocity, $v\\leftarrow0.9v+g$. At one rate and one"
            " $\\lambda$, after many steps, how hard has the coupled decay pulled, compared with the decoupled one?",
        ),
        (
            Option(
                Text("一样", "Just as hard"),
                lambda: abs(_pulls() - 1) < 0.05,
                Text(
                    "没有动量才一样；有了动量，惩罚也进了速度。",
                    "Only without momentum, which carries the penalty along.",
                ),
            ),
            Option(
                Text("大约十倍", "About ten times as hard"),
                lambda: 5 < _pulls() < 15,
                Text("是这样。", "So it is."),
            ),
            Option(
                Text("大约十分之一", "About a tenth as hard"),
                lambda: _pulls() < 0.2,
                Text(
                    "反了：速度把每一次的惩罚又带进后面的许多步。",
                    "The other way: the velocity takes each pull into many later steps.",
                ),
            ),
        ),
        Text(
            "惩罚进了速度，速度把它带进以后的每一步，加起来约 $1/(1-0.9)$ 倍。",
            "The velocity carries each pull into all later steps: $1/(1-0.9)$ times in the long run.",
        ),
    ),
    Number(
        "weight_decay-q3",
        Text(
            "学习率 0.01，$\\lambda=0.1$，解耦。没有梯度，走 1000 步之后，权重还剩百分之几？（估到整数就行。）",
            "A rate of 0.01, $\\lambda=0.1$, decoupled. After 1,000 steps without a gradient, how many per cent of a"
            " weight are left? (The nearest whole number will do.)",
        ),
        lambda: round(_left(0.01, 0.1, 1000)),
        Text(
            "每步剩 0.999，$0.999^{1000}$ 约是 1/e，即 {answer}%。",
            "Each step leaves 0.999, and $0.999^{1000}$ is about 1/e: {answer}%.",
        ),
        (
            (
                lambda: round(_left(1.0, 0.1, 1000)),
                Text(
                    "这是每步剩 0.9；别忘了乘学习率。", "That is with 0.9 left at each step; the rate is a factor too."
                ),
            ),
            (lambda: _left(0.01, 0.1, 1), Text("这是一步之后。", "That is after one step.")),
        ),
        unit=Text("%", "%"),
        tolerance=1.0,
    ),
)
