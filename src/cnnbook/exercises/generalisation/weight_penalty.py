"""Exercises of 5.16.7: the elastic net as a term of the loss and as a step, and max-norm.

References:
    H. Zou, T. Hastie, "Regularization and variable selection via the elastic net", JRSS B 67 (2005).
    N. Parikh, S. Boyd, "Proximal algorithms", Foundations and Trends in Optimization 1 (2014).
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.exercise import Case, Exercise, Mistake, given
from cnnbook.exercises.gradients import CUT_OFF
from cnnbook.generalisation.weight_penalty import elastic_penalty
from cnnbook.generalisation.weight_penalty import max_norm as bounded

Table = dict[str, Tensor]

# --- weight_penalty-1 ---


def elastic(parameters: dict[str, Tensor], l1: float, l2: float) -> Tensor:
    weights = [w for w in parameters.values() if w.ndim >= 2]
    return torch.stack([l1 * w.abs().sum() + l2 / 2 * w.square().sum() for w in weights]).sum()


def _twice_as_strong(parameters: Table, l1: float, l2: float) -> Tensor:
    return elastic(parameters, l1, 2 * l2)


def _biases_too(parameters: Table, l1: float, l2: float) -> Tensor:
    return elastic({name: value.reshape(1, -1) for name, value in parameters.items()}, l1, l2)


def _signs_kept(parameters: Table, l1: float, l2: float) -> Tensor:
    return elastic(parameters, 0.0, l2) + l1 * sum(w.sum() for w in parameters.values() if w.ndim >= 2)


def _averaged(parameters: Table, l1: float, l2: float) -> Tensor:
    return torch.stack([elastic({name: w}, l1, l2) / w.numel() for name, w in parameters.items() if w.ndim >= 2]).sum()


def _length(parameters: Table, l1: float, l2: float) -> Tensor:
    return elastic(parameters, l1, 0.0) + sum(l2 / 2 * w.norm() for w in parameters.values() if w.ndim >= 2)


def _by_name(parameters: Table, l1: float, l2: float) -> Tensor:
    return elastic({name: w[None] for name, w in parameters.items() if name.endswith("weight")}, l1, l2)


def _cut_off(parameters: Table, l1: float, l2: float) -> Tensor:
    return elastic(parameters, l1, l2).detach()


def _tables() -> Iterator[Case]:
    yield given({"weight": torch.tensor([[3.0, -4.0]])}, 0.1, 0.0)
    yield given({"weight": torch.tensor([[3.0, -4.0]])}, 0.0, 0.1)
    yield given({"weight": torch.tensor([[3.0, -4.0]]), "bias": torch.tensor([9.0])}, 0.1, 0.2)
    generator = torch.Generator().manual_seed(0)
    sizes = {"0.weight": (4, 1, 3, 3), "0.bias": (4,), "1.weight": (4,), "1.bias": (4,), "2.weight": (5, 4)}
    for trained in (False, True):
        table = {name: torch.randn(size, generator=generator) for name, size in sizes.items()}
        yield given({name: value.requires_grad_(trained) for name, value in table.items()}, 0.01, 0.3)


ELASTIC = Exercise(
    name="weight_penalty-1",
    title=Text(zh="弹性网", en="The elastic net"),
    statement=Text(
        zh="写出弹性网的惩罚：强度为 `l1` 的 L1 惩罚加上强度为 `l2` 的 L2 惩罚，与本节的公式一样，梯度分别是 `l1` 乘以正负号和 `l2` 乘以权重。参数按名字给出；偏置和批归一化的参数都只有一维，不受惩罚。",
        en="Write the penalty of the elastic net: an L1 penalty of strength `l1` plus an L2 penalty of strength `l2`, as in the section's formulas, so that their gradients are `l1` times the sign and `l2` times the weight. Parameters are given by name. Biases and the parameters of batch normalisation, of a single axis, are not penalised.",
    ),
    takes=Text(
        zh="parameters：名字到张量的字典，至少有一个权重；l1、l2 ≥ 0。返回零维张量（一个数，形状是 `()`），要加在平均损失上。结果要能求导：训练时梯度从这里往回传。",
        en="parameters: a dict from names to tensors, with one weight at least; l1, l2 ≥ 0. Returns a tensor of one number, of shape `()`, to be added to the mean loss. It must be differentiable: in training, the gradient goes back through it.",
    ),
    hints=(
        Text(
            zh="先挑出权重：看维数，不要看名字。",
            en="Pick the weights first: go by the number of axes, not by the name.",
        ),
        Text(
            zh="L2 的梯度是 `l2` 乘以权重。那么公式里 `l2` 前面的系数是多少？",
            en="The gradient of the L2 penalty is `l2` times the weight. So what stands in front of `l2` in the formula?",
        ),
    ),
    solution=elastic,
    explanation=Text(
        zh="平方的导数带出一个 2，由二分之一抵消，这样 `l2` 才与优化器的 `weight_decay` 是一回事。批归一化的参数也叫 weight，却只有一维，所以看维数。",
        en="The derivative of a square brings a 2, which the half takes back, so that `l2` means what `weight_decay` means to an optimiser. A parameter of batch normalisation is called weight as well and has one axis, so the number of axes decides.",
    ),
    cases=_tables,
    tried=Text(
        zh="只有 L1、只有 L2、两者都有，带偏置和批归一化的一小张网络，都与 `elastic_penalty` 一致，梯度也是。",
        en="L1 alone, L2 alone, both, and a small network with biases and batch normalisation: all agree with `elastic_penalty`, and so do their gradients.",
    ),
    mistakes=(
        Mistake(
            _twice_as_strong,
            Text(
                zh="L2 强了一倍：它的梯度成了 `l2` 乘以权重的两倍。",
                en="Your L2 penalty is twice as strong: its gradient is twice `l2` times the weight.",
            ),
        ),
        Mistake(
            _biases_too,
            Text(
                zh="偏置你也惩罚了。只要两维及以上的。",
                en="You penalise the biases as well. Take only what has two axes or more.",
            ),
        ),
        Mistake(
            _signs_kept,
            Text(
                zh="L1 用的是绝对值。带着正负号相加，正负权重就抵消了。",
                en="L1 is about absolute values. With their signs, positive and negative weights cancel.",
            ),
        ),
        Mistake(
            _averaged,
            Text(
                zh="你对权重取了平均。公式里是求和。", en="You take the mean over the weights; the formula has a sum."
            ),
        ),
        Mistake(
            _length,
            Text(
                zh="你用了范数，也就是平方和的平方根。公式里没有开方。",
                en="You take the norm, the root of the sum of squares. The formula has no root.",
            ),
        ),
        Mistake(
            _by_name,
            Text(
                zh="批归一化的参数也叫 weight，你把它也惩罚了。看维数，不要看名字。",
                en="A parameter of batch normalisation is called weight, too, and you penalise it. Go by the number of axes, not by the name.",
            ),
        ),
        Mistake(_cut_off, CUT_OFF),
    ),
    reference=elastic_penalty,
)

# --- weight_penalty-2 ---


def max_norm(w: Tensor, c: float) -> Tensor:
    norm = w.flatten(1).norm(dim=1)
    factor = c / norm.clamp(min=c)
    return w * factor.reshape(-1, *[1] * (w.ndim - 1))


def _library(w: Tensor, c: float) -> Tensor:
    return bounded({"weight": w}, c)["weight"]


def _all_to_the_bound(w: Tensor, c: float) -> Tensor:
    norm = w.flatten(1).norm(dim=1)
    return w * (c / norm).reshape(-1, *[1] * (w.ndim - 1))


def _as_a_whole(w: Tensor, c: float) -> Tensor:
    return w * (c / w.norm().clamp(min=c))


def _columns(w: Tensor, c: float) -> Tensor:
    return max_norm(w.transpose(0, 1), c).transpose(0, 1)


def _each_weight(w: Tensor, c: float) -> Tensor:
    return w.clamp(-c, c)


def _last_axis(w: Tensor, c: float) -> Tensor:
    return w * (c / w.norm(dim=-1, keepdim=True).clamp(min=c))


def _absolute(w: Tensor, c: float) -> Tensor:
    norm = w.flatten(1).abs().sum(1)
    return w * (c / norm.clamp(min=c)).reshape(-1, *[1] * (w.ndim - 1))


def _weights() -> Iterator[Case]:
    yield given(torch.tensor([[6.0, 8.0]]), 5.0)
    yield given(torch.tensor([[6.0, 8.0], [0.0, 2.0]]), 5.0)
    yield given(torch.tensor([[3.0, 4.0], [0.0, 0.0]]), 5.0)
    yield given(torch.tensor([[[[3.0, 0.0], [0.0, 4.0]]], [[[1.0, 0.0], [0.0, 0.0]]]]), 2.5)
    generator = torch.Generator().manual_seed(0)
    for size, c in (((4, 3), 1.5), ((5, 2, 3, 3), 1.5), ((3, 2, 4), 1.2)):
        yield given(torch.randn(size, generator=generator, dtype=torch.float64), c)


MAX_NORM = Exercise(
    name="weight_penalty-2",
    title=Text(zh="最大范数", en="Max-norm"),
    statement=Text(
        zh="写出最大范数。`w` 的第 0 维是输出：全连接层是矩阵的一行，卷积层是一个滤波器。范数超过上限 `c` 的，缩到 `c`，方向不变；没有超过的一概不动，全是零的也不动。",
        en="Write max-norm. Axis 0 of `w` is the outputs: a row of a matrix, or a filter of a convolution. What has a norm above the bound `c` is scaled down to `c` and keeps its direction; what is within the bound stays as it is, and so does what is all zeros.",
    ),
    takes=Text(
        zh="w：(C_out, …)，两维及以上；c > 0。返回的张量，形状和 dtype 都与 w 相同。",
        en="w: (C_out, …), of two axes or more; c > 0. Returns a tensor of the shape and dtype of w.",
    ),
    hints=(
        Text(
            zh="不论后面有几维，先把每个输出的权重摊平成一行，再求范数。",
            en="However many axes follow, flatten the weights of each output into a row, and take the norm.",
        ),
        Text(
            zh="缩放的倍数最大是几？范数为零时，不要除以零。",
            en="What is the largest factor that there may be? And do not divide by zero where the norm is zero.",
        ),
    ),
    solution=max_norm,
    explanation=Text(
        zh="倍数是 `c` 除以范数，范数不到 `c` 的当作 `c`，倍数就正好是 1，零也不会出现在分母里。最后给倍数补上几个长度为 1 的维，好让它乘到整个滤波器上。",
        en="The factor is `c` over the norm, where a norm below `c` counts as `c`: then the factor is just 1, and no zero gets into the denominator. Axes of length 1 are added to it, so that it multiplies the whole filter.",
    ),
    cases=_weights,
    tried=Text(
        zh="矩阵、一维和二维卷积的滤波器，超过的、没有超过的、正好到上限的、全是零的，都与 `max_norm` 一致。",
        en="matrices, filters of one and two dimensions, above the bound, below, just at it, and all zeros: all agree with the package's `max_norm`.",
    ),
    mistakes=(
        Mistake(
            _all_to_the_bound,
            Text(
                zh="短的你也拉长到了上限（全零的还成了 NaN）。没有超过的不要动。",
                en="You stretch the short ones to the bound as well, and make NaN of zeros. What is within the bound stays.",
            ),
        ),
        Mistake(
            _as_a_whole,
            Text(
                zh="你求的是整个张量的范数。每个输出各有各的。",
                en="You take the norm of the whole tensor. Each output has one of its own.",
            ),
        ),
        Mistake(
            _columns,
            Text(
                zh="你限制的是输入那一维。流入一个神经元的权重，在第 0 维的同一行里。",
                en="You bound the axis of the inputs. What flows into one unit is in one row along axis 0.",
            ),
        ),
        Mistake(
            _each_weight,
            Text(
                zh="你把一个个权重截断了，方向就变了。要一起缩小。",
                en="You cut the single weights off, which changes the direction. Scale them together.",
            ),
        ),
        Mistake(
            _last_axis,
            Text(
                zh="卷积的滤波器有好几维，你只沿最后一维求了范数。",
                en="A filter of a convolution has several axes, and you take the norm along the last alone.",
            ),
        ),
        Mistake(
            _absolute,
            Text(
                zh="这是绝对值之和。范数是平方和的平方根。",
                en="This is the sum of absolute values. The norm is the root of the sum of squares.",
            ),
        ),
    ),
    reference=_library,
)

# --- weight_penalty-3 ---


def elastic_step(w: Tensor, t: float, u: float) -> Tensor:
    size = (w.abs() - t).clamp(min=0) / (1 + u)
    return w.sign() * size


def _searched(w: Tensor, t: float, u: float) -> Tensor:
    """By halving the interval in which the sum changes from falling to rising; the answer has the sign of w."""
    low, high = torch.zeros_like(w), w.abs()
    for _ in range(60):
        v = (low + high) / 2
        falling = (v - w.abs()) + t + u * v < 0
        low, high = torch.where(falling, v, low), torch.where(falling, high, v)
    return w.sign() * low


def _shrunk_first(w: Tensor, t: float, u: float) -> Tensor:
    return elastic_step(w / (1 + u), t, 0.0)


def _gradient(w: Tensor, t: float, u: float) -> Tensor:
    return w - t * w.sign() - u * w


def _threshold_alone(w: Tensor, t: float, u: float) -> Tensor:
    return elastic_step(w, t, 0.0)


def _decayed(w: Tensor, t: float, u: float) -> Tensor:
    return elastic_step(w, t, 0.0) * (1 - u)


def _across(w: Tensor, t: float, u: float) -> Tensor:
    return (w - t * w.sign()) / (1 + u)


def _unsigned(w: Tensor, t: float, u: float) -> Tensor:
    return (w - t).clamp(min=0) / (1 + u)


def _steps() -> Iterator[Case]:
    yield given(torch.tensor([3.0]), 1.0, 0.0)
    yield given(torch.tensor([3.0]), 1.0, 1.0)
    yield given(torch.tensor([-3.0, 0.5, 1.5, 0.0]), 1.0, 1.0)
    generator = torch.Generator().manual_seed(0)
    for t, u in ((0.5, 0.2), (0.0, 3.0), (0.1, 0.7)):
        yield given(torch.randn(4, 3, generator=generator, dtype=torch.float64), t, u)


STEP = Exercise(
    name="weight_penalty-3",
    title=Text(zh="弹性网的软阈值", en="A soft threshold for the elastic net"),
    statement=Text(
        zh="软阈值走到的地方，是 ½(v − w)² + t|v| 对 v 的最小点。再添上 L2 惩罚：对 `w` 的每个数，求使 ½(v − w)² + t|v| + (u/2)v² 最小的 v，要正好是最小点。",
        en="A soft threshold ends at the v that makes ½(v − w)² + t|v| smallest. Add an L2 penalty: for every number of `w`, find the v that makes ½(v − w)² + t|v| + (u/2)v² smallest, exactly.",
    ),
    takes=Text(
        zh="w：任意形状；t ≥ 0；u ≥ 0。返回的张量，形状和 dtype 都与 w 相同。",
        en="w: of any shape; t ≥ 0; u ≥ 0. Returns a tensor of the shape and dtype of w.",
    ),
    hints=(
        Text(
            zh="先设 v 是正的，令导数为零，解出 v。",
            en="Take v to be positive first, set the derivative to zero and solve for v.",
        ),
        Text(
            zh="什么时候解出来的 v 不是正的？那时最小点在哪里？",
            en="When is that v not positive after all? Where is the minimum then?",
        ),
        Text(zh="负的一边是它的镜像。", en="The negative side is its mirror image."),
    ),
    solution=elastic_step,
    explanation=Text(
        zh="v > 0 时，导数 (v − w) + t + u v 为零，得 v = (w − t) / (1 + u)；它不是正的，最小点就在零。所以先用软阈值，再除以 1 + u：阈值还是 t，与 u 无关。",
        en="For v > 0 the derivative (v − w) + t + u v is zero at v = (w − t) / (1 + u); where that is not positive, the minimum is at zero. So it is a soft threshold first, then a division by 1 + u: the threshold is still t, whatever u is.",
    ),
    cases=_steps,
    tried=Text(
        zh="正的、负的、落在阈值里的、为零的，只有 L1 和只有 L2，都与逐步折半找到的最小点一致。",
        en="positive and negative numbers, within the threshold and zero, with L1 alone and with L2 alone: all agree with the minimum that halving an interval finds.",
    ),
    mistakes=(
        Mistake(
            _shrunk_first,
            Text(
                zh="次序反了：先缩小再减，阈值就等于变大了。令导数为零，重新解一次。",
                en="The order is wrong: shrinking before the threshold makes the threshold larger. Solve for a derivative of zero again.",
            ),
        ),
        Mistake(
            _gradient,
            Text(
                zh="这是梯度下降的一步，会跨过零。要的是直接走到最小点。",
                en="This is a step of gradient descent, which jumps across zero. Go straight to the minimum.",
            ),
        ),
        Mistake(
            _threshold_alone,
            Text(
                zh="`u` 没有起作用，这还是单独的软阈值。", en="`u` does nothing here: this is the soft threshold alone."
            ),
        ),
        Mistake(
            _decayed,
            Text(
                zh="你乘以 1 − u，那是梯度下降的做法，u 大了还会变号。最小点处应当除以什么？",
                en="You multiply by 1 − u, as gradient descent would, and for a large u the sign turns. What does the minimum divide by?",
            ),
        ),
        Mistake(
            _across,
            Text(
                zh="比阈值小的跨过了零。它们应当停在零。",
                en="What is smaller than the threshold goes across zero. It should stop there.",
            ),
        ),
        Mistake(
            _unsigned,
            Text(
                zh="负的权重都成了零。两边应当对称。",
                en="All negative weights become zero. The two sides should mirror each other.",
            ),
        ),
    ),
    reference=_searched,
)

EXERCISES = (ELASTIC, MAX_NORM, STEP)
