"""Exercises of 5.16.4: focal loss, and where cross-entropy pulls harder than squared error.

References:
    T.-Y. Lin et al., "Focal loss for dense object detection", arXiv:1708.02002.
"""

import math
from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.exercise import Case, Exercise, Mistake, given
from cnnbook.exercises.gradients import CUT_OFF
from cnnbook.generalisation.objective import focal_loss

# --- objective-1 ---


def focal(logits: Tensor, labels: Tensor, gamma: float) -> Tensor:
    log_p = logits.log_softmax(1)[torch.arange(len(labels)), labels]
    wrong = (-torch.expm1(log_p)).clamp(min=torch.finfo(logits.dtype).tiny)
    return -(wrong**gamma * log_p).mean()


def _of_the_mean(logits: Tensor, labels: Tensor, gamma: float) -> Tensor:
    loss = F.cross_entropy(logits, labels)
    return (1 - (-loss).exp()) ** gamma * loss


def _infinitely_steep(logits: Tensor, labels: Tensor, gamma: float) -> Tensor:
    log_p = logits.log_softmax(1)[torch.arange(len(labels)), labels]
    return -((1 - log_p.exp()) ** gamma * log_p).mean()


def _logarithm_of_zero(logits: Tensor, labels: Tensor, gamma: float) -> Tensor:
    p = logits.softmax(1)[torch.arange(len(labels)), labels]
    return -((1 - p) ** gamma * p.log()).mean()


def _upside_down(logits: Tensor, labels: Tensor, gamma: float) -> Tensor:
    log_p = logits.log_softmax(1)[torch.arange(len(labels)), labels]
    return -(log_p.exp() ** gamma * log_p).mean()


def _sum(logits: Tensor, labels: Tensor, gamma: float) -> Tensor:
    return focal(logits, labels, gamma) * len(labels)


def _cross_entropy(logits: Tensor, labels: Tensor, gamma: float) -> Tensor:
    return F.cross_entropy(logits, labels)


def _twice(logits: Tensor, labels: Tensor, gamma: float) -> Tensor:
    return focal(logits.softmax(1), labels, gamma)


def _cut_off(logits: Tensor, labels: Tensor, gamma: float) -> Tensor:
    return focal(logits, labels, gamma).detach()


def _outputs() -> Iterator[Case]:
    yield given(torch.tensor([[9.0, 1.0, 1.0, 1.0]]).log(), torch.tensor([0]), 2.0)
    yield given(torch.tensor([[0.0, 0.0], [2.0, 0.0]]), torch.tensor([0, 0]), 1.0)
    generator = torch.Generator().manual_seed(0)
    for n, classes, gamma, dtype in (
        (5, 3, 0.0, torch.float32),
        (7, 10, 2.0, torch.float32),
        (4, 2, 0.5, torch.float64),
    ):
        logits = 2 * torch.randn(n, classes, generator=generator, dtype=dtype)
        yield given(logits, torch.randint(classes, (n,), generator=generator), gamma)
    yield given(torch.tensor([[200.0, 0.0], [0.0, 200.0]]), torch.tensor([0, 0]), 2.0)  # sure and right, sure and wrong
    for gamma in (2.0, 0.5):  # below 1 the power is infinitely steep where 1 - p is 0, as it is in the first row
        yield given(torch.tensor([[17.0, 0.0], [0.5, 0.0]], requires_grad=True), torch.tensor([0, 1]), gamma)


FOCAL = Exercise(
    name="objective-1",
    title=Text(zh="焦点损失", en="Focal loss"),
    statement=Text(
        zh="写出焦点损失：每个样本的交叉熵乘以 `(1 - p) ** gamma`，p 是网络给正确类别的概率；再对样本取平均。网络再有把握，也不能得到 inf 或 NaN。",
        en="Write focal loss: the cross-entropy of every example times `(1 - p) ** gamma`, where p is the probability that the network gives to the right class; then the mean over the examples. However sure the network is, there must be no inf and no NaN.",
    ),
    takes=Text(
        zh="logits：(N, C)；labels：int64 (N,)；gamma ≥ 0。返回零维张量（一个数，形状是 `()`），dtype 与 logits 相同。结果要能求导：训练时梯度从这里往回传。",
        en="logits: (N, C); labels: int64 (N,); gamma ≥ 0. Returns a tensor of one number, of shape `()` and of the dtype of logits. It must be differentiable: in training, the gradient goes back through it.",
    ),
    hints=(
        Text(zh="先取出每个样本的 ln p，不要急着平均。", en="Get ln p of every example first, and do not average yet."),
        Text(
            zh="网络错得很有把握时，p 小得成了零，ln p 就成了负无穷。哪个函数直接给出对数概率？",
            en="Where the network is sure and wrong, p becomes zero and its logarithm infinite. Which function gives the logarithm itself?",
        ),
    ),
    solution=focal,
    explanation=Text(
        zh="`log_softmax` 直接给出对数概率，再小也不会成为负无穷；p 由它取指数得来。因子因样本而异，所以要先乘后平均。`gamma` 为零，就是交叉熵。`gamma` 小于 1 时，幂在零处的斜率是无穷大，所以 1 − p 先垫一个下限，梯度才不会是 NaN。",
        en="`log_softmax` gives the logarithms themselves, which stay finite, and p is their exponential. The factor is one for each example, so multiply first and take the mean afterwards. With a `gamma` of zero this is cross-entropy. With a `gamma` below 1 the power has an infinite slope at zero, so 1 − p is kept above it, and no gradient is NaN.",
    ),
    cases=_outputs,
    tried=Text(
        zh="本节手算的例子、不同的 γ、两种浮点类型、极有把握的对与错，都与 `focal_loss` 一致，梯度也是。",
        en="the section's example by hand, several γ, two floating dtypes, and outputs that are utterly sure, right and wrong: all agree with `focal_loss`, and so do the gradients.",
    ),
    mistakes=(
        Mistake(
            _of_the_mean,
            Text(
                zh="你先求了平均的交叉熵，再由它得出一个 p。每个样本有自己的 p，要先乘后平均。",
                en="You take the mean of the cross-entropy and get one p from it. Every example has a p of its own: multiply first, then average.",
            ),
        ),
        Mistake(
            _infinitely_steep,
            Text(
                zh="`gamma` 小于 1 时，幂在零处的斜率是无穷大：1 − p 成了零的样本，梯度就是 NaN。",
                en="With a `gamma` below 1 the power has an infinite slope at zero: where 1 − p is zero, the gradient is NaN.",
            ),
        ),
        Mistake(
            _logarithm_of_zero,
            Text(
                zh="先 softmax 再取对数，p 太小时就成了零的对数。",
                en="A softmax and then the logarithm: where p is too small, that is the logarithm of zero.",
            ),
        ),
        Mistake(
            _upside_down,
            Text(
                zh="因子反了：你加重的是已经答对的样本。",
                en="The factor is the wrong way round: you give more weight to what is right already.",
            ),
        ),
        Mistake(
            _sum,
            Text(zh="对样本要取平均，你取了和。", en="You take the sum over the examples; the mean was asked for."),
        ),
        Mistake(
            _cross_entropy,
            Text(zh="这还是交叉熵，`gamma` 没有起作用。", en="This is still cross-entropy: `gamma` does nothing."),
        ),
        Mistake(
            _twice,
            Text(
                zh="做了两遍 softmax：`log_softmax` 和 `cross_entropy` 收的都是 logit。",
                en="There are two softmaxes here: `log_softmax` and `cross_entropy` both take logits.",
            ),
        ),
        Mistake(_cut_off, CUT_OFF),
    ),
    reference=focal_loss,
)

# --- objective-2 ---


def where(k: float) -> float:
    if k < 1:
        raise ValueError("cross-entropy always pulls at least as hard")
    return (1 - math.sqrt(1 - 1 / k)) / 2


def _pulls(p: float) -> float:
    """How many times as hard cross-entropy pulls as the squared error of the probabilities, by autograd."""
    logits = torch.tensor([[math.log(p / (1 - p)), 0.0]], dtype=torch.float64, requires_grad=True)
    target = torch.tensor([[1.0, 0.0]], dtype=torch.float64)
    losses = F.cross_entropy(logits, target), (logits.softmax(1) - target).square().sum()
    pulls = [torch.autograd.grad(loss, logits)[0].norm().item() for loss in losses]
    return pulls[0] / pulls[1]


def _halved(k: float) -> float:
    """By halving the interval: from 0 to 1/2 the ratio falls to 1."""
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    low, high = 0.0, 0.5
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _pulls(middle) > k else (low, middle)
    return (low + high) / 2


def _sure_and_right(k: float) -> float:
    if k < 1:
        raise ValueError
    return 1 - where(k)


def _one_class(k: float) -> float:
    if k < 1:
        raise ValueError
    return (1 - math.sqrt(max(0.0, 1 - 2 / k))) / 2


def _losses(k: float) -> float:
    if k < 1:
        raise ValueError
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if -math.log(middle) > 2 * k * (1 - middle) ** 2 else (low, middle)
    return low


def _the_other_way(k: float) -> float:
    return (1 - math.sqrt(max(0.0, 1 - k))) / 2


def _never_refused(k: float) -> float:
    return where(max(k, 1.0))


def _times() -> Iterator[Case]:
    for k in (4 / 3, 10.0, 1.0, 2.0, 0.5, 100.0, 1.1, 6.25):
        yield given(k)


WHERE = Exercise(
    name="objective-2",
    title=Text(zh="平方误差在哪里放手", en="Where squared error lets go"),
    statement=Text(
        zh="两个类，网络给正确类别的概率是 p。p 小于或等于二分之一、网络答错时，交叉熵的拉力是概率平方误差（两类都算，即 Brier 分数）的几倍？反过来：给出倍数 `k`，求 p。交叉熵的拉力从不更小，所以 `k` 小于 1 时要 `raise ValueError`。",
        en="There are two classes, and the network gives the probability p to the right one. Where it is wrong, with a p of no more than a half, how many times as hard does cross-entropy pull as the squared error of the probabilities, over both classes (the Brier score)? Now the other way round: for a factor `k`, find p. Cross-entropy never pulls less, so `raise ValueError` where `k` is below 1.",
    ),
    takes=Text(zh="k > 0。返回 p，在 0 与 1/2 之间。", en="k > 0. Returns p, between 0 and 1/2."),
    hints=(
        Text(
            zh="两种损失都经过同一个 softmax。拉力之比里，它的梯度会怎样？",
            en="Both losses go through the same softmax. What becomes of its gradient in the ratio of the pulls?",
        ),
        Text(
            zh="所以只要比较两种损失对 p 的导数。另一类的概率是 1 − p。",
            en="So compare the derivatives by p. The other class has 1 − p.",
        ),
        Text(
            zh="得到 p 的二次方程，有两个根。要哪一个？",
            en="That gives a quadratic equation for p, with two roots. Which one is asked for?",
        ),
    ),
    solution=where,
    explanation=Text(
        zh="−ln p 的导数是 −1/p；平方误差是 2(1 − p)²，导数是 −4(1 − p)。两者之比是 1 / (4 p (1 − p))，softmax 的梯度约掉了。令它等于 `k`，取小的那个根。p = 1/2 时两者一样；p 越小，平方误差放手得越多。",
        en="The derivative of −ln p is −1/p; the squared error is 2(1 − p)², with −4(1 − p). Their ratio is 1 / (4 p (1 − p)), and the gradient of the softmax has dropped out. Set it equal to `k` and take the smaller root. At p = 1/2 both pull alike; the smaller p, the more does squared error let go.",
    ),
    cases=_times,
    tried=Text(
        zh="倍数从 1 到 100，都与自动求导量出的拉力一致；不可能的倍数，你也拒绝了。",
        en="factors from 1 to 100 agree with the pulls that autograd measures, and an impossible one was refused.",
    ),
    mistakes=(
        Mistake(
            _sure_and_right,
            Text(
                zh="这是网络答对的那个根。题目问的是答错的时候。",
                en="This root has the network right. The question is about where it is wrong.",
            ),
        ),
        Mistake(
            _one_class,
            Text(
                zh="平方误差你只算了正确的那一类。另一类的概率同样偏了 1 − p。",
                en="You count the squared error of the right class alone. The other class is off by 1 − p as well.",
            ),
        ),
        Mistake(
            _losses,
            Text(
                zh="你比的是两种损失本身。拉力是梯度的长度。",
                en="You compare the two losses themselves. The pull is the length of the gradient.",
            ),
        ),
        Mistake(
            _the_other_way,
            Text(
                zh="比反了：`k` 是交叉熵的拉力除以平方误差的。",
                en="The ratio is upside down: `k` is the pull of cross-entropy over that of squared error.",
            ),
        ),
        Mistake(
            _never_refused,
            Text(
                zh="别的都对，只是 `k` 小于 1 时没有这样的 p，应当拒绝。",
                en="All is right, except that for a `k` below 1 there is no such p: refuse.",
            ),
        ),
    ),
    reference=_halved,
)

EXERCISES = (FOCAL, WHERE)
