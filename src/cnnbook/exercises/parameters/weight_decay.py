"""Exercises of 5.15.4: the strength that leaves so much, Adam and AdamW in one function, rates that turn alike.

References:
    I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", arXiv:1711.05101.
    T. van Laarhoven, "L2 regularization versus batch and weight normalization", arXiv:1706.05350.
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.exercise import Case, Exercise, Mistake, given
from cnnbook.parameters.weight_decay import adam_step, share_left

# --- weight_decay-1 ---


def strength(left: float, rate: float, steps: int) -> float:
    return (1 - left ** (1 / steps)) / rate


def _halved(left: float, rate: float, steps: int) -> float:
    """By halving the interval in which the strength lies: the stronger the decay, the less is left."""
    low, high = 0.0, 1 / rate
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if share_left(rate, middle, steps) > left else (low, middle)
    return low


def _straight(left: float, rate: float, steps: int) -> float:
    return (1 - left) / (rate * steps)


def _flowing(left: float, rate: float, steps: int) -> float:
    return -math.log(left) / (rate * steps)


def _without_the_rate(left: float, rate: float, steps: int) -> float:
    return 1 - left ** (1 / steps)


def _power_before_division(left: float, rate: float, steps: int) -> float:
    return (1 - left / steps) / rate


def _what_is_gone(left: float, rate: float, steps: int) -> float:
    return strength(1 - left, rate, steps)


def _what_is_kept(left: float, rate: float, steps: int) -> float:
    return left ** (1 / steps) / rate


def _strengths() -> Iterator[Case]:
    yield given(0.25, 0.1, 2)
    yield given(0.9, 0.5, 1)
    yield given(0.37, 0.002, 400)
    for left, rate, steps in ((0.5, 0.02, 10), (0.01, 0.25, 3), (0.999, 0.001, 50), (0.6, 1.0, 20)):
        yield given(left, rate, steps)


STRENGTH = Exercise(
    name="weight_decay-1",
    title=Text(zh="只剩这么多，λ 该取多大", en="The λ that leaves so much"),
    statement=Text(
        zh="用 AdamW，学习率 `rate` 不变，没有梯度。λ 取多大，走 `steps` 步之后，权重正好剩下原来的 `left` 倍？",
        en="With AdamW at a constant rate, `rate`, and without any gradient: at which λ is the share `left` of a weight left after `steps` steps, exactly?",
    ),
    takes=Text(
        zh="0 < left < 1；rate > 0；steps ≥ 1。返回 λ，一个浮点数。",
        en="0 < left < 1; rate > 0; steps ≥ 1. Returns λ, a float.",
    ),
    hints=(
        Text(zh="走一步，权重乘以几？", en="What does one step multiply a weight by?"),
        Text(
            zh="走 `steps` 步是同一个数连乘 `steps` 次，结果等于 `left`。反过来，这个数是多少？",
            en="That number, `steps` times over, makes `left`. So what is the number?",
        ),
    ),
    solution=strength,
    explanation=Text(
        zh="(1 − ηλ)ᵀ 等于 `left`，两边开 T 次方，就得到 1 − ηλ，再解出 λ。步数很多时，它接近 −ln(`left`) / (ηT)，但只是接近。",
        en="(1 − ηλ)ᵀ is `left`; the T-th root of both sides gives 1 − ηλ, and then λ. For many steps that is close to −ln(`left`) / (ηT), but no more than close.",
    ),
    cases=_strengths,
    tried=Text(
        zh="走 1 到 400 步、剩下 1% 到 99.9%、学习率 0.001 到 1，剩下的都和 `share_left` 算的一样多。",
        en="for 1 to 400 steps, with 1% to 99.9% left, at rates from 0.001 to 1, as much is left as `share_left` says.",
    ),
    mistakes=(
        Mistake(
            _straight,
            Text(
                zh="你让每一步减去同样多。衰减每一步减去的是同样的比例，权重越小，减得越少。",
                en="You take the same amount away at every step. Decay takes the same share, which is less and less of a shrinking weight.",
            ),
        ),
        Mistake(
            _flowing,
            Text(
                zh="指数函数是步数无穷多时的极限。题目要的是正好；只走两步，就看得出差别。",
                en="The exponential is the limit of infinitely many steps. Exactly so much was asked for; over two steps you see the difference.",
            ),
        ),
        Mistake(
            _without_the_rate,
            Text(
                zh="这是一步里减去的比例，ηλ。λ 本身还要再算一步。",
                en="This is the share that a step takes, ηλ. From there to λ it is one more division.",
            ),
        ),
        Mistake(
            _power_before_division,
            Text(
                zh="`left ** 1 / steps` 先乘方、再除：它是 `left` 除以 `steps`。给指数加上括号。",
                en="`left ** 1 / steps` takes the power first: it is `left` divided by `steps`. Put the exponent in brackets.",
            ),
        ),
        Mistake(
            _what_is_gone,
            Text(
                zh="`left` 是剩下的，你当成了失去的。",
                en="You take `left` for what is lost. It is what remains.",
            ),
        ),
        Mistake(
            _what_is_kept,
            Text(
                zh="开方得到的是一步留下的比例，1 − ηλ；λ 要的是减去的那一份。",
                en="The root is the share that a step keeps, 1 − ηλ; λ asks for the share that it takes.",
            ),
        ),
    ),
    reference=_halved,
)

# --- weight_decay-2 ---


def adam(w: Tensor, gradients: Tensor, rate: float, decay: float, decoupled: bool) -> Tensor:
    m = s = torch.zeros_like(w)
    for t, g in enumerate(gradients, start=1):
        if not decoupled:
            g = g + decay * w
        m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g**2
        mean, square = m / (1 - 0.9**t), s / (1 - 0.999**t)
        if decoupled:
            w = (1 - rate * decay) * w
        w = w - rate * mean / (square.sqrt() + 1e-8)
    return w


def _step_by_step(w: Tensor, gradients: Tensor, rate: float, decay: float, decoupled: bool) -> Tensor:
    """The package's steps, which are those of ``torch.optim``; importing that takes longer than the whole check."""
    state = None
    for g in gradients:
        w, state = adam_step(w, g, state, rate=rate, decay=decay, decoupled=decoupled)
    return w


def _varied(
    w: Tensor,
    gradients: Tensor,
    rate: float,
    decay: float,
    decoupled: bool,
    *,
    first: int = 1,
    corrected: bool = True,
    inside: bool = False,
    late: bool = False,
    bare: bool = False,
    plain_square: bool = False,
) -> Tensor:
    """Adam with something done otherwise: each flag is one mistake."""
    m = s = torch.zeros_like(w)
    for t, g in enumerate(gradients, start=first):
        pull = g if decoupled else g + decay * w
        m, s = 0.9 * m + 0.1 * pull, 0.999 * s + 0.001 * (g if plain_square else pull) ** 2
        mean, square = (m / (1 - 0.9**t), s / (1 - 0.999**t)) if corrected else (m, s)
        step = rate * mean / ((square + 1e-8).sqrt() if inside else square.sqrt() + 1e-8)
        kept = 1 - (decay if bare else rate * decay) if decoupled else 1.0
        w = kept * (w - step) if late else kept * w - step
    return w


def _coupled(w: Tensor, gradients: Tensor, rate: float, decay: float, decoupled: bool) -> Tensor:
    return adam(w, gradients, rate, decay, False)


def _decoupled(w: Tensor, gradients: Tensor, rate: float, decay: float, decoupled: bool) -> Tensor:
    return adam(w, gradients, rate, decay, True)


def _bare(w: Tensor, gradients: Tensor, rate: float, decay: float, decoupled: bool) -> Tensor:
    return _varied(w, gradients, rate, decay, decoupled, bare=True)


def _late(w: Tensor, gradients: Tensor, rate: float, decay: float, decoupled: bool) -> Tensor:
    return _varied(w, gradients, rate, decay, decoupled, late=True)


def _not_corrected(w: Tensor, gradients: Tensor, rate: float, decay: float, decoupled: bool) -> Tensor:
    return _varied(w, gradients, rate, decay, decoupled, corrected=False)


def _one_behind(w: Tensor, gradients: Tensor, rate: float, decay: float, decoupled: bool) -> Tensor:
    return _varied(w, gradients, rate, decay, decoupled, first=2)


def _from_zero(w: Tensor, gradients: Tensor, rate: float, decay: float, decoupled: bool) -> Tensor:
    return _varied(w, gradients, rate, decay, decoupled, first=0)


def _inside(w: Tensor, gradients: Tensor, rate: float, decay: float, decoupled: bool) -> Tensor:
    return _varied(w, gradients, rate, decay, decoupled, inside=True)


def _plain_square(w: Tensor, gradients: Tensor, rate: float, decay: float, decoupled: bool) -> Tensor:
    return _varied(w, gradients, rate, decay, decoupled, plain_square=True)


def _steps() -> Iterator[Case]:
    one = torch.tensor([2.0])
    yield given(one, torch.tensor([[1.0]]), 0.1, 0.1, True)
    yield given(one, torch.tensor([[1.0]]), 0.1, 0.1, False)
    yield given(one, torch.tensor([[1.0], [-2.0]]), 0.1, 0.5, True)
    yield given(one, torch.tensor([[1.0], [-2.0]]), 0.1, 0.5, False)
    yield given(torch.tensor([1.0]), torch.tensor([[1e-6], [1e-6]]), 0.1, 0.0, True)  # a tiny gradient
    generator = torch.Generator().manual_seed(0)
    for decoupled in (True, False):
        w, gradients = (torch.randn(s, generator=generator, dtype=torch.float64) for s in ((4,), (20, 4)))
        yield given(w, gradients * torch.tensor([0.01, 0.1, 1.0, 10.0]).double(), 0.02, 0.3, decoupled)


ADAM = Exercise(
    name="weight_decay-2",
    title=Text(zh="一个函数，Adam 和 AdamW", en="Adam and AdamW in one function"),
    statement=Text(
        zh="从权重 `w` 出发，`gradients` 的每一行是一步的梯度，走完所有的步，返回最后的权重。`decoupled` 为真时是 AdamW，为假时是带 L2 惩罚的 Adam。两个滑动平均分别留下 0.9 和 0.999，分母加上的 ε 是 1e-8。",
        en="Start from the weights `w`; every row of `gradients` is the gradient of one step. Take all the steps and return the last weights: those of AdamW where `decoupled` is true, those of Adam with an L2 penalty where it is false. The running means keep 0.9 and 0.999 of themselves, and the ε that is added to the denominator is 1e-8.",
    ),
    takes=Text(
        zh="w：(P,)；gradients：(T, P)；rate > 0；decay ≥ 0；decoupled：布尔值。返回 (P,)，dtype 与 w 相同。",
        en="w: (P,); gradients: (T, P); rate > 0; decay ≥ 0; decoupled: a bool. Returns (P,), of the dtype of w.",
    ),
    hints=(
        Text(
            zh="两种优化器只差一处：λw 放在哪里。先写没有衰减的。",
            en="The two differ in one place: where λw goes. Write it without decay first.",
        ),
        Text(
            zh="耦合时，惩罚是梯度的一部分。梯度都进了哪些平均？",
            en="Coupled, the penalty is part of the gradient. Into which of the means does the gradient go?",
        ),
        Text(
            zh="解耦时，缩小用的是走这一步之前的权重，缩小的比例里还有学习率。",
            en="Decoupled, the weight from before the step is shrunk, and the learning rate has a part in the share.",
        ),
    ),
    solution=adam,
    explanation=Text(
        zh="耦合时 `decay * w` 先加进梯度，于是进了两个平均，也就一起被均方根除了。解耦时梯度不变，权重在走这一步之前乘以 1 − ηλ。修正的指数是步数 t，从 1 数起；第一步修正之后，平均就是这一步的梯度。",
        en="Coupled, `decay * w` is added to the gradient first, so that it goes into both means, and is divided by the root mean square with the rest. Decoupled, the gradient is left alone, and the weight is multiplied by 1 − ηλ before the step. The correction's exponent is the step t, from 1: corrected, the mean of the first step is its gradient.",
    ),
    cases=_steps,
    tried=Text(
        zh="1 到 20 步、很小的和相差千倍的梯度、两种浮点类型，都与 `adam_step` 走到同一处，那也是 PyTorch 的 Adam 和 AdamW 走到的地方。",
        en="over 1 to 20 steps, with tiny gradients, with gradients a thousand times apart and in two floating dtypes, you end where `adam_step` does, and so do PyTorch's Adam and AdamW.",
    ),
    mistakes=(
        Mistake(
            _coupled,
            Text(
                zh="不论 `decoupled` 是真是假，你都把 λw 加进了梯度。AdamW 不动梯度。",
                en="You add λw to the gradient whatever `decoupled` is. AdamW leaves the gradient alone.",
            ),
        ),
        Mistake(
            _decoupled,
            Text(
                zh="不论 `decoupled` 是真是假，你都单独缩小权重。Adam 的惩罚在梯度里。",
                en="You shrink the weight apart whatever `decoupled` is. Adam's penalty is part of the gradient.",
            ),
        ),
        Mistake(
            _bare,
            Text(
                zh="AdamW 的一步，权重缩小的比例不是 λ。还差一个因子。",
                en="One step of AdamW does not take the share λ from a weight. A factor is missing.",
            ),
        ),
        Mistake(
            _late,
            Text(
                zh="你先走了一步，再缩小，连这一步也缩小了。要缩小的是走之前的权重。",
                en="You take the step first and shrink afterwards, and so shrink the step as well. It is the weight from before that shrinks.",
            ),
        ),
        Mistake(
            _not_corrected,
            Text(
                zh="两个平均都从零算起，开头偏小。你没有补回来。",
                en="Both means start at zero, and so are too small at first. Nothing makes up for it here.",
            ),
        ),
        Mistake(
            _one_behind,
            Text(
                zh="修正的指数差了一步：第一步的 t 是 1。",
                en="The exponent of your correction is one off: t is 1 in the first step.",
            ),
        ),
        Mistake(
            _from_zero,
            Text(
                zh="`enumerate` 从 0 数起，第一步的修正就成了 0 除以 0。步数 t 从 1 数起。",
                en="`enumerate` counts from 0, so the first correction is 0 divided by 0. The steps t count from 1.",
            ),
        ),
        Mistake(
            _inside,
            Text(
                zh="ε 放进了根号里。梯度很小的时候，差别就大了：先开方，再加。",
                en="Your ε is under the root, which matters where gradients are tiny: take the root first, then add.",
            ),
        ),
        Mistake(
            _plain_square,
            Text(
                zh="惩罚进了梯度的平均，却没有进平方的平均。它是梯度的一部分，两处都有份。",
                en="The penalty is in your mean of the gradient and not in that of its square. It is part of the gradient, and so belongs in both.",
            ),
        ),
    ),
    reference=_step_by_step,
)

# --- weight_decay-3 ---


def same_turn(before: Tensor, after: Tensor, rate: float, adaptive: bool) -> Tensor:
    shrunk = after.flatten(1).norm(dim=1) / before.flatten(1).norm(dim=1)
    return rate * (shrunk if adaptive else shrunk**2)


def _by_squares(before: Tensor, after: Tensor, rate: float, adaptive: bool) -> Tensor:
    """The rate at which the effective rate is what it was."""
    squares = [w.square().sum((1, 2, 3)) for w in (before, after)]
    return rate * (squares[1] / squares[0]) ** (0.5 if adaptive else 1.0)


def _not_squared(before: Tensor, after: Tensor, rate: float, adaptive: bool) -> Tensor:
    return same_turn(before, after, rate, True)


def _squared(before: Tensor, after: Tensor, rate: float, adaptive: bool) -> Tensor:
    return same_turn(before, after, rate, False)


def _the_other_way(before: Tensor, after: Tensor, rate: float, adaptive: bool) -> Tensor:
    return same_turn(after, before, rate, adaptive)


def _exchanged(before: Tensor, after: Tensor, rate: float, adaptive: bool) -> Tensor:
    return same_turn(before, after, rate, not adaptive)


def _as_if_one_long(before: Tensor, after: Tensor, rate: float, adaptive: bool) -> Tensor:
    return rate / after.flatten(1).norm(dim=1) ** (1 if adaptive else 2)


def _sum_of_sizes(before: Tensor, after: Tensor, rate: float, adaptive: bool) -> Tensor:
    shrunk = after.flatten(1).norm(1, dim=1) / before.flatten(1).norm(1, dim=1)
    return rate * (shrunk if adaptive else shrunk**2)


def _one_for_all(before: Tensor, after: Tensor, rate: float, adaptive: bool) -> Tensor:
    shrunk = after.norm() / before.norm()
    return rate * (shrunk if adaptive else shrunk**2)


def _all_together(before: Tensor, after: Tensor, rate: float, adaptive: bool) -> Tensor:
    shrunk = after.norm() / before.norm()
    return rate * (shrunk if adaptive else shrunk**2).expand(len(before)).clone()


def _wrong_axis(before: Tensor, after: Tensor, rate: float, adaptive: bool) -> Tensor:
    return same_turn(before.transpose(0, 1), after.transpose(0, 1), rate, adaptive)


def _filters() -> Iterator[Case]:
    ones = torch.ones(1, 1, 2, 2)
    yield given(ones, ones / 2, 0.01, False)
    yield given(ones, ones / 2, 0.01, True)
    generator = torch.Generator().manual_seed(0)
    for out, channels, side in ((2, 2, 1), (2, 3, 3), (5, 4, 2)):
        before = torch.randn(out, channels, side, side, generator=generator, dtype=torch.float64)
        after = before * torch.rand(out, 1, 1, 1, generator=generator, dtype=torch.float64)
        yield given(before, after, 0.1, False)
        yield given(before.float(), after.float() + 0.1, 0.02, True)


TURN = Exercise(
    name="weight_decay-3",
    title=Text(zh="缩短之后，转得一样快", en="Shorter, and turning no faster"),
    statement=Text(
        zh="卷积后面跟着批归一化，衰减把滤波器从 `before` 缩短到 `after`。学习率原来是 `rate`；现在各个滤波器的学习率应当取多少，才和原来转得一样快，也就是有效学习率不变？`adaptive` 为假时用 SGD，为真时用 Adam。",
        en="Batch normalisation follows a convolution, whose filters decay has shortened from `before` to `after`. The learning rate was `rate`; which rate does every filter need now to turn as fast as it did then, that is, to have the effective rate that it had? The optimiser is SGD where `adaptive` is false, and Adam where it is true.",
    ),
    takes=Text(
        zh="before、after：(C_out, C_in, kH, kW)，没有全零的滤波器；rate > 0；adaptive：布尔值。返回 (C_out,)，每个滤波器一个学习率，dtype 与 before 相同。",
        en="before, after: (C_out, C_in, kH, kW), no filter all zeros; rate > 0; adaptive: a bool. Returns (C_out,), a rate for each filter, of the dtype of before.",
    ),
    hints=(
        Text(
            zh="一个滤波器是四维权重里的哪一块？它的长度是一个数。",
            en="Which block of the four-dimensional weight is one filter? Its length is one number.",
        ),
        Text(
            zh="令前后两个有效学习率相等，解出新的学习率。它该变大还是变小？",
            en="Set the effective rates before and after equal, and solve for the new rate. Should it be larger or smaller?",
        ),
        Text(
            zh="用 SGD 时，滤波器短了，梯度会怎样？Adam 还看梯度的大小吗？",
            en="Under SGD, what becomes of the gradient of a shorter filter? And does Adam heed the size of a gradient?",
        ),
    ),
    solution=same_turn,
    explanation=Text(
        zh="每个滤波器的长度，是对自己那一块的全部权重求的。用 SGD 时 η/‖w‖² 不变，η 就按长度比的平方缩小：短一半，同样的一推转过两倍的角度，梯度又大一倍。Adam 的步子不看梯度的大小，只剩前一半道理，按长度比缩小。",
        en="The length of a filter is taken over all the weights of its own block. Under SGD η/‖w‖² must stay, so η shrinks by the square of the ratio of lengths: at half the length the same push turns twice as far, and the gradient is twice as large. Adam's steps do not heed the gradient's size, so only the first of the two remains, and η shrinks by the ratio.",
    ),
    cases=_filters,
    tried=Text(
        zh="一到五个滤波器，缩短得各不相同，SGD 和 Adam，两种浮点类型，有效学习率都和原来一样。",
        en="for one to five filters, each shortened by its own factor, under SGD and Adam and in two floating dtypes, the effective rates are what they were.",
    ),
    mistakes=(
        Mistake(
            _not_squared,
            Text(
                zh="用 SGD 时不够：滤波器短了，不光同样的一推转得更远，梯度也变大了。",
                en="For SGD this is not enough: a shorter filter is turned further by the same push, and its gradient is larger, too.",
            ),
        ),
        Mistake(
            _squared,
            Text(
                zh="用 Adam 时太多了：它的步子不看梯度的大小，平方里有一份来自梯度。",
                en="For Adam this is too much: one factor of the square comes from the gradient's size, which Adam does not heed.",
            ),
        ),
        Mistake(
            _the_other_way,
            Text(
                zh="反了：滤波器越短转得越快，学习率要调小才对。",
                en="It is the other way round: a shorter filter turns faster, and so needs a smaller rate.",
            ),
        ),
        Mistake(
            _exchanged,
            Text(
                zh="两种优化器对调了：有效学习率里，SGD 除以长度的平方，Adam 只除以长度。",
                en="The two optimisers are exchanged: SGD's effective rate has the square of the length, Adam's the length itself.",
            ),
        ),
        Mistake(
            _as_if_one_long,
            Text(
                zh="这是缩短之后的有效学习率。要的是新的学习率，它取决于缩短前后的比。",
                en="This is the effective rate after the shortening. Asked for is a rate, and it depends on the ratio of before and after.",
            ),
        ),
        Mistake(
            _sum_of_sizes,
            Text(
                zh="长度是平方和的平方根，不是绝对值的和。",
                en="A length is the root of the sum of squares, not the sum of absolute values.",
            ),
        ),
        Mistake(
            _one_for_all,
            Text(
                zh="你把所有滤波器合起来，只得到一个数。每个滤波器都要有自己的长度和学习率。",
                en="You take all filters together, which gives a single number. Every filter has a length of its own, and so a rate.",
            ),
        ),
        Mistake(
            _all_together,
            Text(
                zh="你求的是全部滤波器合起来的长度。批归一化逐个通道做，每个滤波器有自己的长度。",
                en="You take the length of all filters together. Batch normalisation works on each channel, so every filter has a length of its own.",
            ),
        ),
        Mistake(
            _wrong_axis,
            Text(
                zh="你是按输入通道求的长度。滤波器是第 0 维的一块。",
                en="Your lengths are those of the input channels. A filter is a block along axis 0.",
            ),
        ),
    ),
    reference=_by_squares,
)

EXERCISES = (STRENGTH, ADAM, TURN)
