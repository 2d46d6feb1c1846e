"""Exercises of 5.15.2: another batch size, the noise scale from measured gradients, gradients added up.

References:
    S. McCandlish et al., "An empirical model of large-batch training", arXiv:1812.06162 (appendix A.1 and section 2).
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.exercise import Case, Exercise, Mistake, given
from cnnbook.parameters.batch_size import best_rate, noise_and_signal, price

# --- batch_size-1 ---


def changed(steps: float, rate: float, b: int, B: int, noise_scale: float) -> tuple[float, float]:
    factor = (1 + noise_scale / B) / (1 + noise_scale / b)
    return steps * factor, rate / factor


def _by_the_package(steps: float, rate: float, b: int, B: int, noise_scale: float) -> tuple[float, float]:
    fewer = price(B, noise_scale)[0] / price(b, noise_scale)[0]
    return steps * fewer, rate * best_rate(1.0, B, noise_scale) / best_rate(1.0, b, noise_scale)


def _in_proportion(steps: float, rate: float, b: int, B: int, noise_scale: float) -> tuple[float, float]:
    return steps * b / B, rate * B / b


def _linear_rate(steps: float, rate: float, b: int, B: int, noise_scale: float) -> tuple[float, float]:
    return changed(steps, rate, b, B, noise_scale)[0], rate * B / b


def _root(steps: float, rate: float, b: int, B: int, noise_scale: float) -> tuple[float, float]:
    return changed(steps, rate, b, B, noise_scale)[0], rate * math.sqrt(B / b)


def _from_the_minimum(steps: float, rate: float, b: int, B: int, noise_scale: float) -> tuple[float, float]:
    return steps * (1 + noise_scale / B), rate / (1 + noise_scale / B)


def _turned_over(steps: float, rate: float, b: int, B: int, noise_scale: float) -> tuple[float, float]:
    return changed(steps, rate, B, b, noise_scale)


def _by_examples(steps: float, rate: float, b: int, B: int, noise_scale: float) -> tuple[float, float]:
    return steps * (1 + B / noise_scale) / (1 + b / noise_scale), changed(steps, rate, b, B, noise_scale)[1]


def _sizes() -> Iterator[Case]:
    yield given(200, 0.1, 32, 64, 32)
    yield given(100, 0.1, 8, 32, 64)
    yield given(300, 1.0, 16, 16, 50)
    yield given(120, 0.5, 128, 32, 40)  # back to a smaller batch
    yield given(1000, 0.02, 2, 4, 10_000)
    yield given(1000, 0.02, 512, 2048, 4)
    yield given(480, 0.3, 3, 100, 7.5)


CHANGED = Exercise(
    name="batch_size-1",
    title=Text(zh="换一种批次大小", en="Another batch size"),
    statement=Text(
        zh="批次大小是 `b` 时，用它最好的学习率 `rate`，训练要走 `steps` 步。换成 `B`，其余不变：要走到同样远，需要几步？最好的学习率是多少？噪声尺度是 `noise_scale`，损失是二次的，各方向曲率相同。",
        en="With batches of `b`, at the best rate for them, `rate`, training takes `steps` steps. Now the batch size is `B` and all else is as before: how many steps does it take to come equally far, and what is the best rate? The noise scale is `noise_scale`, and the loss is quadratic, with the same curvature everywhere.",
    ),
    takes=Text(
        zh="steps、rate、noise_scale > 0；b、B ≥ 1。返回步数和学习率 (steps, rate)，两个浮点数，不取整。",
        en="steps, rate, noise_scale > 0; b, B ≥ 1. Returns (steps, rate), two floats, not rounded.",
    ),
    hints=(
        Text(
            zh="公式里的步数都以最少步数 S_min 为单位。由 `steps` 能求出 S_min 吗？",
            en="The formula counts steps in units of the fewest, S_min. Can you find S_min from `steps`?",
        ),
        Text(
            zh="学习率也一样：先求没有噪声时最好的学习率。",
            en="The same for the rate: what would be the best one without noise?",
        ),
    ),
    solution=changed,
    explanation=Text(
        zh="S = S_min (1 + 𝓑/B)，两种批次各写一遍，相除，S_min 就消掉了。学习率是 η∞ / (1 + 𝓑/B)，比值正好倒过来：步数少到几分之一，学习率就大到几倍。远小于噪声尺度时，比值接近 b / B，这才是“成正比”。",
        en="S = S_min (1 + 𝓑/B): write it for both sizes and divide, and S_min drops out. The rate is η∞ / (1 + 𝓑/B), with the ratio upside down: the rate grows as the steps shrink. Far below the noise scale the ratio is close to b / B, and only there is it “in proportion”.",
    ),
    cases=_sizes,
    tried=Text(
        zh="批次加大的、不变的和减小的，远小于、等于和远大于噪声尺度的，都与 `price` 和 `best_rate` 一致。",
        en="batches that grow, stay and shrink, far below, at and far above the noise scale, all agree with `price` and `best_rate`.",
    ),
    mistakes=(
        Mistake(
            _in_proportion,
            Text(
                zh="“批次加倍，步数减半，学习率加倍”只在批次远小于噪声尺度时才对。你没有用到噪声尺度。",
                en="“Twice the batch, half the steps, twice the rate” is right only far below the noise scale, which you do not use at all.",
            ),
        ),
        Mistake(
            _linear_rate,
            Text(
                zh="步数对了。学习率过了噪声尺度就趋于一个上限，你的却一直按比例涨。",
                en="The steps are right. Beyond the noise scale the best rate levels off, and yours goes on growing in proportion.",
            ),
        ),
        Mistake(
            _root,
            Text(
                zh="步数对了。学习率按平方根放大是另一条经验；这里有公式，用它。",
                en="The steps are right. The square root is another rule of thumb for the rate; here you have a formula.",
            ),
        ),
        Mistake(
            _from_the_minimum,
            Text(
                zh="你把 `steps` 当成了最少步数，把 `rate` 当成了没有噪声时的学习率。它们是批次大小为 `b` 时的。",
                en="You take `steps` for the fewest possible and `rate` for the rate without noise. They belong to batches of `b`.",
            ),
        ),
        Mistake(
            _turned_over,
            Text(
                zh="比值倒过来了：批次加大，步数应当变少。",
                en="Your ratio is upside down: a larger batch takes fewer steps.",
            ),
        ),
        Mistake(
            _by_examples,
            Text(
                zh="你的步数用了样本数的公式，批次加大反而变多。",
                en="Your steps follow the formula for examples, and grow with the batch.",
            ),
        ),
    ),
    reference=_by_the_package,
)

# --- batch_size-2 ---


def noise_scale(small: Tensor, large: Tensor, b: int, B: int) -> float:
    few, many = (g.square().sum(1).mean() for g in (small, large))
    noise = (few - many) / (1 / b - 1 / B)
    signal = (B * many - b * few) / (B - b)
    return (noise / signal).item()


def _from_lengths(small: Tensor, large: Tensor, b: int, B: int) -> float:
    lengths = [float(g.double().norm(dim=1).square().mean()) for g in (small, large)]
    noise, signal = noise_and_signal(*lengths, b, B)
    return noise / signal


def _averaged_first(small: Tensor, large: Tensor, b: int, B: int) -> float:
    return noise_scale(small.mean(0, keepdim=True), large.mean(0, keepdim=True), b, B)


def _each_row(small: Tensor, large: Tensor, b: int, B: int) -> float:
    rows = [noise_scale(s[None], t[None], b, B) for s, t in zip(small, large, strict=True)]
    return sum(rows) / len(rows)


def _not_squared(small: Tensor, large: Tensor, b: int, B: int) -> float:
    lengths = (g.norm(dim=1).mean().reshape(1, 1).sqrt() for g in (small, large))
    return noise_scale(*lengths, b, B)


def _mean_squared(small: Tensor, large: Tensor, b: int, B: int) -> float:
    lengths = (g.norm(dim=1).mean().reshape(1, 1) for g in (small, large))
    return noise_scale(*lengths, b, B)


def _of_one_batch(small: Tensor, large: Tensor, b: int, B: int) -> float:
    return noise_scale(small, large, b, B) / b


def _upside_down(small: Tensor, large: Tensor, b: int, B: int) -> float:
    return 1 / noise_scale(small, large, b, B)


def _gradients() -> Iterator[Case]:
    yield given(torch.tensor([[1.0], [3.0]]), torch.tensor([[2.0], [2.0]]), 1, 2)
    yield given(torch.tensor([[3.0, 0.0], [0.0, 5.0]]), torch.tensor([[3.0, 1.0], [1.0, 3.0]]), 2, 4)
    four = torch.tensor([0.0, 1.0, 2.0, 9.0])
    yield given(four.repeat(4)[:, None], torch.cartesian_prod(four, four).mean(1)[:, None], 1, 2)
    generator = torch.Generator().manual_seed(0)
    for b, B, weights, draws in ((2, 8, 3, 20), (8, 128, 10, 50), (16, 24, 5, 200)):
        noise = [torch.randn(draws, weights, generator=generator, dtype=torch.float64) for _ in range(2)]
        yield given(1 + 3 * noise[0] / b**0.5, 1 + 3 * noise[1] / B**0.5, b, B)


SCALE = Exercise(
    name="batch_size-2",
    title=Text(zh="量出噪声尺度", en="Measure the noise scale"),
    statement=Text(
        zh="训练时量了两种批次的梯度：`small` 的每一行是一批 `b` 个样本的梯度，`large` 的每一行是一批 `B` 个样本的。求噪声尺度。",
        en="Gradients were measured at two batch sizes: every row of `small` is the gradient of a batch of `b` examples, every row of `large` that of a batch of `B`. What is the noise scale?",
    ),
    takes=Text(
        zh="small、large：(n, P)，n 批的梯度，P 个权重；b < B。返回噪声尺度，一个浮点数，以样本数计。",
        en="small, large: (n, P), the gradients of n batches by P weights; b < B. Returns the noise scale, a float, in examples.",
    ),
    hints=(
        Text(
            zh="一批的梯度有多长？公式要的是长度的几次方？",
            en="How long is the gradient of one batch? Which power of the length do the formulas want?",
        ),
        Text(
            zh="公式里的 𝔼 是对许多批求平均。先平均什么，后算什么？",
            en="The 𝔼 in the formula is an average over many batches. What is averaged, and before which step?",
        ),
        Text(
            zh="单独一对梯度算出的信号可能是负的。什么时候才能相除？",
            en="The signal from a single pair may come out negative. When is it safe to divide?",
        ),
    ),
    solution=noise_scale,
    explanation=Text(
        zh="先求每一行长度的平方，再对各行求平均；次序反过来，噪声在平均时就抵消了，量不到。两个平均代入公式，得噪声 tr Σ 和信号 ‖g‖²，最后只除一次。",
        en="Square the length of every row, then average over the rows. In the other order the noise cancels in the average, and there is none left to measure. The two averages give the noise tr Σ and the signal ‖g‖², which are divided once, at the end.",
    ),
    cases=_gradients,
    tried=Text(
        zh="书中四个样本的例子、一个到 10 个权重、2 到 200 批、几对批次大小，都与 `noise_and_signal` 一致。",
        en="the page's example of four, one to 10 weights, 2 to 200 batches and several pairs of batch sizes agree with `noise_and_signal`.",
    ),
    mistakes=(
        Mistake(
            _averaged_first,
            Text(
                zh="你先把梯度平均了，再求长度。噪声在平均时互相抵消，而要量的正是它。",
                en="You average the gradients and then take the length. The noise cancels in that average, and the noise is what you are after.",
            ),
        ),
        Mistake(
            _each_row,
            Text(
                zh="你对每一对分别求噪声尺度，再平均。单独一对的信号可能接近零，甚至是负的；比值的平均，不是平均的比值。",
                en="You take the noise scale of every pair, and average those. A single pair's signal may be near zero or negative; a mean of ratios is no ratio of means.",
            ),
        ),
        Mistake(
            _not_squared,
            Text(
                zh="公式要的是长度的平方，你用的是长度。",
                en="The formulas want the squared length, and you use the length.",
            ),
        ),
        Mistake(
            _mean_squared,
            Text(
                zh="你先平均长度，再平方。平方的平均比平均的平方大，多出来的那份就是噪声。",
                en="You average the lengths and then square. The mean of squares is larger than the square of the mean, and the surplus belongs to the noise.",
            ),
        ),
        Mistake(
            _of_one_batch,
            Text(
                zh="你用的是一批 `b` 个样本的噪声。噪声尺度用的是单个样本的，tr Σ。",
                en="You use the noise of a batch of `b`. The noise scale takes that of a single example, tr Σ.",
            ),
        ),
        Mistake(
            _upside_down,
            Text(zh="倒过来了：是噪声除以信号。", en="It is upside down: noise over signal."),
        ),
    ),
    reference=_from_lengths,
)

# --- batch_size-3 ---


@dataclass(frozen=True)
class _Loss:
    """The mean error of a linear model, squared or absolute, on a machine that holds only so many examples."""

    most: int
    squared: bool = True

    def __call__(self, w: Tensor, x: Tensor, y: Tensor) -> Tensor:
        if len(x) > self.most:
            raise RuntimeError(f"out of memory: {len(x)} examples at once, where {self.most} fit")
        return self.of_all(w, x, y)

    def of_all(self, w: Tensor, x: Tensor, y: Tensor) -> Tensor:
        """The loss on a larger machine."""
        off = x @ w - y
        return (off.square() if self.squared else off.abs()).mean()

    def __repr__(self) -> str:
        kind = "squared" if self.squared else "absolute"
        return f"mean {kind} error of x @ w, at most {self.most} examples at once"


def accumulate(loss: Callable, w: Tensor, x: Tensor, y: Tensor, size: int) -> Tensor:
    w, g = w.clone().requires_grad_(), torch.zeros_like(w)
    for part, target in zip(x.split(size), y.split(size), strict=True):
        g += torch.autograd.grad(loss(w, part, target), w)[0] * len(part) / len(x)
    return g


def _at_once(loss: _Loss, w: Tensor, x: Tensor, y: Tensor, size: int) -> Tensor:
    w = w.clone().requires_grad_()
    return torch.autograd.grad(loss.of_all(w, x, y), w)[0]


def _parts(loss: Callable, w: Tensor, x: Tensor, y: Tensor, size: int) -> list[Tensor]:
    """The gradient of every part."""
    pairs = zip(x.split(size), y.split(size), strict=True)
    return [accumulate(loss, w, part, target, size) for part, target in pairs]


def _undivided(loss: Callable, w: Tensor, x: Tensor, y: Tensor, size: int) -> Tensor:
    return torch.stack(_parts(loss, w, x, y, size)).sum(0)


def _by_the_parts(loss: Callable, w: Tensor, x: Tensor, y: Tensor, size: int) -> Tensor:
    return torch.stack(_parts(loss, w, x, y, size)).mean(0)


def _all_alike(loss: Callable, w: Tensor, x: Tensor, y: Tensor, size: int) -> Tensor:
    return _undivided(loss, w, x, y, size) * min(size, len(x)) / len(x)


def _full_ones(loss: Callable, w: Tensor, x: Tensor, y: Tensor, size: int) -> Tensor:
    full = max(1, len(x) // size)
    return torch.stack(_parts(loss, w, x, y, size)[:full]).mean(0)


def _last(loss: Callable, w: Tensor, x: Tensor, y: Tensor, size: int) -> Tensor:
    return _parts(loss, w, x, y, size)[-1]


def _whole(loss: Callable, w: Tensor, x: Tensor, y: Tensor, size: int) -> Tensor:
    return accumulate(loss, w, x, y, len(x))


def _stacked(loss: Callable, w: Tensor, x: Tensor, y: Tensor, size: int) -> Tensor:
    return accumulate(loss, w, torch.stack(x.split(size)).flatten(0, 1), y, size)


def _built_in(loss: Callable, w: Tensor, x: Tensor, y: Tensor, size: int) -> Tensor:
    return 2 * x.T @ (x @ w - y) / len(x)


def _batches() -> Iterator[Case]:
    yield given(_Loss(2), torch.tensor([1.0]), torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([0.0, 0.0, 0.0]), 2)
    yield given(_Loss(4), torch.tensor([1.0]), torch.tensor([[1.0], [2.0]]), torch.tensor([0.0, 3.0]), 4)
    generator = torch.Generator().manual_seed(0)
    for n, weights, size in ((4, 2, 2), (5, 2, 3), (7, 3, 1), (13, 4, 6)):
        w, x, y = (torch.randint(-3, 4, s, generator=generator).float() for s in ((weights,), (n, weights), (n,)))
        yield given(_Loss(size), w, x, y, size)
    w, x, y = (torch.randn(s, generator=generator, dtype=torch.float64) for s in ((3,), (100, 3), (100,)))
    yield given(_Loss(32), w, x, y, 32)
    yield given(_Loss(32, squared=False), w, x, y, 32)


ACCUMULATE = Exercise(
    name="batch_size-3",
    title=Text(zh="累积梯度，最后一份不满", en="Gradients added up, the last part not full"),
    statement=Text(
        zh="一批样本放不下：`loss(w, x, y)` 给出交给它的那些样本的平均损失，一次最多 `size` 个。分成几份来算，求整批平均损失对 `w` 的梯度。样本数不一定是 `size` 的倍数。",
        en="The batch does not fit: `loss(w, x, y)` gives the mean loss of the examples that it is handed, `size` of them at most. Work in parts, and return the gradient of the whole batch's mean loss with respect to `w`. The number of examples need not be a multiple of `size`.",
    ),
    takes=Text(
        zh="loss：函数，返回一个数；w：(P,)；x：(N, P)；y：(N,)；size ≥ 1。返回梯度 (P,)，dtype 与 w 相同。",
        en="loss: a function that returns one number; w: (P,); x: (N, P); y: (N,); size ≥ 1. Returns the gradient (P,), of the dtype of w.",
    ),
    hints=(
        Text(
            zh="一份的梯度，用 `backward` 或 `torch.autograd.grad` 来求。哪个张量要 `requires_grad`？",
            en="For the gradient of one part, take `backward` or `torch.autograd.grad`. Which tensor needs `requires_grad`?",
        ),
        Text(
            zh="三个数的平均，能由前两个的平均和第三个算出来吗？各占多少？",
            en="Can you work out the mean of three numbers from the mean of the first two, and the third? How much does each count?",
        ),
    ),
    solution=accumulate,
    explanation=Text(
        zh="每份的平均损失按它的样本数加权，加起来才是整批的平均。份数除得尽时，权重就是 1 / 份数；最后一份不满时，它的权重要小一些。一份的中间结果用完就扔，内存只要放得下一份。",
        en="The parts' mean losses, each weighted by how many examples it has, add up to the mean of the whole. With parts of one size the weight is 1 over their number; a last part that is not full weighs less. What a part needed is thrown away after it, so memory has to hold one part alone.",
    ),
    cases=_batches,
    tried=Text(
        zh="除得尽的和除不尽的、一份就放得下的、一次一个的、两种浮点类型、两种损失，都与整批的梯度相同，一次也没有超过 `size` 个。",
        en="with and without a last part that is not full, in one part, in parts of one, in two floating dtypes and of two losses, the gradient is that of the whole batch, and never were there more than `size` at once.",
    ),
    mistakes=(
        Mistake(
            _undivided,
            Text(
                zh="你把各份平均损失的梯度直接加了起来，结果就大了好几倍。",
                en="You add up gradients of mean losses as they are, and so the sum is several times too large.",
            ),
        ),
        Mistake(
            _by_the_parts,
            Text(
                zh="除以份数，各份就一样重了。最后一份样本少，里面的每个样本却算得比别人重。",
                en="Divided by their number, all parts count alike. The last has fewer examples, and each of those counts more than the others.",
            ),
        ),
        Mistake(
            _all_alike,
            Text(
                zh="你给每一份的权重都是 `size` 除以样本总数，可最后一份不满 `size` 个。",
                en="You weight every part by `size` over the number of examples, but the last may have fewer.",
            ),
        ),
        Mistake(
            _full_ones,
            Text(
                zh="最后不满的一份被丢掉了，那几个样本没有算进去。",
                en="The last part, which is not full, is left out, and its examples with it.",
            ),
        ),
        Mistake(
            _last,
            Text(
                zh="这只是最后一份的梯度：前面的被清零，或者被覆盖了。",
                en="This is the gradient of the last part alone: those before were set to zero, or overwritten.",
            ),
        ),
        Mistake(
            _whole,
            Text(
                zh="你把整批一次交给了 `loss`，放不下。`x.split` 能把它分开。",
                en="You hand the whole batch to `loss` at once, and it does not fit. `x.split` takes it apart.",
            ),
        ),
        Mistake(
            _stacked,
            Text(
                zh="最后一份不满，各份不一样长，`stack` 摞不起来：一份一份地算。",
                en="The last part is shorter, and parts of different lengths do not `stack`: go through them one by one.",
            ),
        ),
        Mistake(
            _built_in,
            Text(
                zh="你写死了一种损失。梯度要由交给你的 `loss` 求。",
                en="You built one particular loss in. Take the gradient of the `loss` that you are given.",
            ),
        ),
    ),
    reference=_at_once,
)

EXERCISES = (CHANGED, SCALE, ACCUMULATE)
