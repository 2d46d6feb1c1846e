"""Exercises of 5.15.1: where descent is after so many steps, the bound and the best rate, a schedule with warm-up.

References:
    Y. LeCun, P. Simard, B. Pearlmutter, "Automatic learning rate maximization by on-line estimation of the Hessian's
    eigenvectors", NIPS 1992.
    I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with warm restarts", arXiv:1608.03983.
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.exercise import Case, Exercise, Mistake, given

# --- learning_rate-1 ---


def after(w: Tensor, curvatures: Tensor, rate: float, t: int) -> Tensor:
    return (1 - rate * curvatures) ** t * w


def _descended(w: Tensor, curvatures: Tensor, rate: float, t: int) -> Tensor:
    for _ in range(t):
        w = w - rate * curvatures * w
    return w


def _straight(w: Tensor, curvatures: Tensor, rate: float, t: int) -> Tensor:
    return (1 - t * rate * curvatures) * w


def _without_the_half(w: Tensor, curvatures: Tensor, rate: float, t: int) -> Tensor:
    return after(w, 2 * curvatures, rate, t)


def _flowing(w: Tensor, curvatures: Tensor, rate: float, t: int) -> Tensor:
    return torch.exp(-rate * curvatures * t) * w


def _alike(w: Tensor, curvatures: Tensor, rate: float, t: int) -> Tensor:
    return after(w, curvatures.max(), rate, t)


def _never_past(w: Tensor, curvatures: Tensor, rate: float, t: int) -> Tensor:
    return (1 - rate * curvatures).abs() ** t * w


def _valleys() -> Iterator[Case]:
    yield given(torch.tensor([1.0, 1.0]), torch.tensor([1.0, 4.0]), 0.375, 3)
    yield given(torch.tensor([1.0]), torch.tensor([4.0]), 0.5, 1)
    yield given(torch.tensor([3.0, -2.0]), torch.tensor([2.0, 1.0]), 0.25, 0)
    yield given(torch.tensor([1.0, -1.0, 2.0]), torch.tensor([12.0, 1.0, 0.0]), 0.125, 4)
    generator = torch.Generator().manual_seed(0)
    for points, rate, t in ((3, 0.3, 5), (5, 0.7, 8), (8, 0.05, 40)):
        w, curvatures = (torch.rand(points, generator=generator, dtype=torch.float64) * 4 for _ in range(2))
        yield given(w - 2, curvatures, rate, t)


AFTER = Exercise(
    name="learning_rate-1",
    title=Text(zh="走 t 步之后在哪里", en="Where you are after t steps"),
    statement=Text(
        zh="损失是 L(w) = ½ Σ λᵢ wᵢ²，每个方向有自己的曲率。从 `w` 出发，以学习率 `rate` 做 `t` 步梯度下降，到了哪里？不用循环，也不用自动求导。",
        en="The loss is L(w) = ½ Σ λᵢ wᵢ², with a curvature of its own in every direction. Where are you after `t` steps of gradient descent from `w`, at the learning rate `rate`? Use no loop and no automatic differentiation.",
    ),
    takes=Text(
        zh="w：(P,)；curvatures：(P,)，即各个 λᵢ ≥ 0；rate > 0；t ≥ 0。返回 t 步之后的点 (P,)，dtype 与 w 相同。",
        en="w: (P,); curvatures: (P,), the λᵢ ≥ 0; rate > 0; t ≥ 0. Returns the point (P,) after t steps, of the dtype of w.",
    ),
    hints=(
        Text(
            zh="先只看一个方向：走一步，距离乘以几？",
            en="Take one direction first: what does one step multiply the distance by?",
        ),
        Text(zh="再走一步，又乘以几？`t` 步呢？", en="And the next step? And all `t` of them?"),
    ),
    solution=after,
    explanation=Text(
        zh="方向 i 上的梯度是 λᵢwᵢ，一步把 wᵢ 乘以 1 − ηλᵢ，`t` 步就乘以它的 `t` 次方。各个方向互不相干，所以逐个元素算就行。底数可以是负的，那就是来回摆。",
        en="The gradient along direction i is λᵢwᵢ, so one step multiplies wᵢ by 1 − ηλᵢ, and `t` steps by its `t`-th power. The directions do not touch each other, so it is all done element by element. The base may be negative: that is the swinging.",
    ),
    cases=_valleys,
    tried=Text(
        zh="一到八个方向、零步到 40 步、直奔最小点的、来回摆的和飞走的学习率，都与一步一步走出来的相同。",
        en="in one to eight directions, over zero to 40 steps, at rates that go straight, swing or fly off, you end where going step by step ends.",
    ),
    mistakes=(
        Mistake(
            _straight,
            Text(
                zh="你让每一步都一样长。可是离最小点越近，梯度越小：每一步乘的是同一个数，减的不是同一个数。",
                en="All your steps are equally long. But the gradient shrinks on the way to the minimum: what stays the same is the factor, not the difference.",
            ),
        ),
        Mistake(
            _without_the_half,
            Text(
                zh="梯度多了一倍。½λw² 求导之后，½ 到哪里去了？",
                en="Your gradient is twice too large. Differentiate ½λw²: what becomes of the ½?",
            ),
        ),
        Mistake(
            _flowing,
            Text(
                zh="指数衰减是步子无限小时的极限。这里的步子有长短，一步就可能越过最小点；指数函数却从不变号。",
                en="The exponential is the limit of infinitely small steps. Real ones can overshoot the minimum, and an exponential never changes its sign.",
            ),
        ),
        Mistake(
            _alike,
            Text(
                zh="你对所有方向用了最大的曲率。它定的是上限；平坦的方向还是按自己的曲率走。",
                en="You use the largest curvature in all directions. It sets the bound, but a flat direction still moves by its own.",
            ),
        ),
        Mistake(
            _never_past,
            Text(
                zh="大小对了，正负号错了。学习率大于 1/λ 时，一步会迈到最小点的另一边。",
                en="The sizes are right and some signs are wrong. Above 1/λ a step lands on the other side of the minimum.",
            ),
        ),
    ),
    reference=_descended,
)

# --- learning_rate-2 ---


def two_rates(curvatures: Tensor) -> tuple[float, float]:
    low, high = curvatures.min().item(), curvatures.max().item()
    return 2 / high, 2 / (low + high)


def _searched(curvatures: Tensor) -> tuple[float, float]:
    """The bound, and by ternary search the rate with the smallest of the slowest factors, which has no other dip."""

    def slowest(rate: float) -> float:
        return max(abs(1 - rate * curvature) for curvature in curvatures.tolist())

    bound = 2 / max(curvatures.tolist())
    left, right = 0.0, bound
    for _ in range(100):
        third = (right - left) / 3
        left, right = (left, right - third) if slowest(left + third) < slowest(right - third) else (left + third, right)
    return bound, left


def _swings_no_more(curvatures: Tensor) -> tuple[float, float]:
    return 1 / curvatures.max().item(), two_rates(curvatures)[1]


def _flattest(curvatures: Tensor) -> tuple[float, float]:
    return 2 / curvatures.min().item(), two_rates(curvatures)[1]


def _steep_alone(curvatures: Tensor) -> tuple[float, float]:
    return two_rates(curvatures)[0], 1 / curvatures.max().item()


def _averaged(curvatures: Tensor) -> tuple[float, float]:
    return two_rates(curvatures)[0], 1 / curvatures.mean().item()


def _swapped(curvatures: Tensor) -> tuple[float, float]:
    bound, best = two_rates(curvatures)
    return best, bound


def _curvatures() -> Iterator[Case]:
    yield given(torch.tensor([1.0, 12.0]))
    yield given(torch.tensor([4.0, 1.0, 1.0]))
    yield given(torch.tensor([4.0]))
    generator = torch.Generator().manual_seed(0)
    for directions in (2, 3, 6, 20):
        yield given(torch.rand(directions, generator=generator, dtype=torch.float64) * 9 + 0.5)


RATES = Exercise(
    name="learning_rate-2",
    title=Text(zh="上限，和最好的学习率", en="The bound, and the best rate"),
    statement=Text(
        zh="一个二次的损失，各个方向的曲率已知。求两个学习率：一个是上限，超过它就有方向会发散；另一个是最好的，取它时，走得最慢的那个方向，每一步也缩小得尽可能多。",
        en="The curvatures of a quadratic loss are known, one for each direction. Find two learning rates: the bound, beyond which some direction diverges; and the best, at which even the slowest direction comes nearer to the minimum by as large a factor per step as can be.",
    ),
    takes=Text(
        zh="curvatures：(P,)，都大于 0。返回上限和最好的学习率 (bound, best)，两个浮点数。",
        en="curvatures: (P,), all above 0. Returns (bound, best), two floats.",
    ),
    hints=(
        Text(
            zh="一个方向一步乘以 1 − ηλ。它多大时会发散？",
            en="A direction is multiplied by 1 − ηλ per step. When does that diverge?",
        ),
        Text(
            zh="画出 |1 − ηλ| 随 η 的变化：最平坦的方向一条，最弯的方向一条。两条里较高的那条，最低处在哪里？",
            en="Draw |1 − ηλ| against η, one curve for the flattest direction and one for the most curved. Where is the higher of the two lowest?",
        ),
        Text(
            zh="在那里，一个方向直奔最小点，另一个来回摆，两者谁也不比谁慢。",
            en="There, one direction goes straight and the other swings, and neither is slower than the other.",
        ),
    ),
    solution=two_rates,
    explanation=Text(
        zh="最弯的方向定上限，2/λmax。学习率从小调大，平坦的方向越来越快；最弯的方向先变快，过了 1/λmax 就摆起来，越摆越慢。一样慢的时候最好：1 − ηλmin = ηλmax − 1，所以 η = 2/(λmin + λmax)。中间的方向总比这两个快，不用管。",
        en="The most curved direction sets the bound, 2/λmax. As the rate grows, the flat direction gets faster all along; the most curved one does so up to 1/λmax, and then swings and gets slower. Best is where both are equally slow: 1 − ηλmin = ηλmax − 1, so η = 2/(λmin + λmax). The directions between are faster than these two, and do not matter.",
    ),
    cases=_curvatures,
    tried=Text(
        zh="一个到 20 个方向，上限都是对的，最好的学习率也与逐个去试找到的相同。",
        en="for one to 20 directions the bound is right, and the best rate is the one that a search finds.",
    ),
    mistakes=(
        Mistake(
            _swings_no_more,
            Text(
                zh="最好的对了。你的上限却是开始来回摆的地方；摆，不等于发散。",
                en="The best rate is right. But your bound is where the swinging begins, and swinging is not diverging.",
            ),
        ),
        Mistake(
            _flattest,
            Text(
                zh="最好的对了。上限由哪个方向定？取你给的上限，算一算最弯的方向一步乘以几。",
                en="The best rate is right. Which direction sets the bound? At yours, what is the most curved one multiplied by in a step?",
            ),
        ),
        Mistake(
            _steep_alone,
            Text(
                zh="取 1/λmax，最弯的方向一步就到了底，慢的是平坦的方向。让最弯的摆一摆，平坦的就能快些。",
                en="At 1/λmax the most curved direction is there in one step, and the flat one lags behind. Let the curved one swing a little, and the flat one gets on faster.",
            ),
        ),
        Mistake(
            _averaged,
            Text(
                zh="你对曲率求了平均。走得最慢的不是最平坦的就是最弯的，中间的方向不该有发言权。",
                en="You average the curvatures. The slowest is either the flattest direction or the most curved; those between should have no say.",
            ),
        ),
        Mistake(
            _swapped,
            Text(zh="两个学习率的次序反了：先是上限。", en="The two are in the wrong order: the bound comes first."),
        ),
    ),
    reference=_searched,
)

# --- learning_rate-3 ---


def shares(T: int, warm: int, last: float) -> Tensor:
    t = torch.arange(T)
    up = (t + 1) / (warm + 1)
    done = (t - warm) / (T - 1 - warm)
    down = last + (1 - last) * (1 + torch.cos(torch.pi * done)) / 2
    return torch.where(t < warm, up, down)


def _one_by_one(T: int, warm: int, last: float) -> Tensor:
    up = [(t + 1) / (warm + 1) for t in range(warm)]
    fall = T - 1 - warm
    down = [last + (1 - last) * (0.5 + math.cos(math.pi * t / fall) / 2) for t in range(fall + 1)]
    return torch.tensor(up + down)


def _joined(up: Tensor, down: Tensor, warm: int) -> Tensor:
    return torch.cat([up[:warm], down[warm:]])


def _from_zero(T: int, warm: int, last: float) -> Tensor:
    return _joined(torch.arange(T) / max(1, warm), shares(T, warm, last), warm)


def _too_early(T: int, warm: int, last: float) -> Tensor:
    return _joined((torch.arange(T) + 1) / max(1, warm), shares(T, warm, last), warm)


def _not_shifted(T: int, warm: int, last: float) -> Tensor:
    return _joined(shares(T, warm, last), shares(T, 0, last), warm)


def _never_there(T: int, warm: int, last: float) -> Tensor:
    return shares(T + 1, warm, last)[:T]


def _on_top(T: int, warm: int, last: float) -> Tensor:
    return _joined(shares(T, warm, last), shares(T, warm, 0.0) + last, warm)


def _floored(T: int, warm: int, last: float) -> Tensor:
    return _joined(shares(T, warm, last), shares(T, warm, 0.0).clamp(min=last), warm)


def _quarter(T: int, warm: int, last: float) -> Tensor:
    wave = torch.cos(torch.pi / 2 * (torch.arange(T) - warm) / (T - 1 - warm))
    return _joined(shares(T, warm, last), last + (1 - last) * wave, warm)


def _runs() -> Iterator[Case]:
    yield given(6, 2, 0.1)
    yield given(5, 0, 0.0)
    yield given(5, 3, 0.25)
    yield given(2, 0, 0.5)
    for T, warm, last in ((9, 1, 0.0), (12, 5, 0.01), (100, 10, 0.05), (300, 150, 0.0)):
        yield given(T, warm, last)


SHARES = Exercise(
    name="learning_rate-3",
    title=Text(zh="先预热，再走余弦", en="Warm-up, then a cosine"),
    statement=Text(
        zh="写一个带预热的调度，一次给出全部 `T` 步各用学习率的几成。第一步就大于 0，以后每一步再加上同样多，第 `warm` 步（从 0 数起）是第一个用足的，取 1。从那里起，沿半个余弦波下降，最后一步正好取 `last`。",
        en="Write a schedule with warm-up, as the shares of the learning rate that all `T` steps take. The first share is above 0, every further step adds as much again, and step `warm`, counted from 0, is the first to take 1. From there the share falls along half a wave of the cosine, and the last step takes `last` exactly.",
    ),
    takes=Text(
        zh="T：步数；0 ≤ warm ≤ T − 2；0 ≤ last < 1。返回 (T,)，float32。",
        en="T: the number of steps; 0 ≤ warm ≤ T − 2; 0 ≤ last < 1. Returns (T,), float32.",
    ),
    hints=(
        Text(zh="`T` 步从 0 数起，最后一步是第几步？", en="With `T` steps counted from 0, which is the last?"),
        Text(
            zh="预热分成几等份，第 `warm` 步才正好是 1，第一步又不是 0？",
            en="In how many equal parts must the warm-up rise, so that step `warm` takes 1 and the first does not take 0?",
        ),
        Text(
            zh="下降那一段，先算已经走完的比例：从 0 到 1，两头都要取到。然后放进余弦。",
            en="For the fall, first work out the share of it that is done: from 0 to 1, both included. Then put that into the cosine.",
        ),
    ),
    solution=shares,
    explanation=Text(
        zh="从 0 到 1 分成 `warm + 1` 份，第 t 步是 t + 1 份。下降从第 `warm` 步到第 `T - 1` 步，走完的比例是 `(t - warm) / (T - 1 - warm)`；半个余弦波从 1 降到 0，再缩放到从 1 到 `last`。没有预热时，第一步就取 1。",
        en="The way from 0 to 1 has `warm + 1` parts, and step t takes t + 1 of them. The fall goes from step `warm` to step `T - 1`, so the share done is `(t - warm) / (T - 1 - warm)`; half a wave of the cosine falls from 1 to 0, and is then scaled to fall from 1 to `last`. Without warm-up the first step takes 1.",
    ),
    cases=_runs,
    tried=Text(
        zh="2 到 300 步，有预热的和没有的，末尾降到零的和不到零的，每一步都对。",
        en="over 2 to 300 steps, with and without warm-up, down to zero and to a share above it, every step is right.",
    ),
    mistakes=(
        Mistake(
            _from_zero,
            Text(
                zh="第一步的学习率是 0，这一步等于白走。",
                en="Your first step has a rate of 0, and so is wasted.",
            ),
        ),
        Mistake(
            _too_early,
            Text(
                zh="预热早完了一步：在第 `warm` 步之前就已经到 1 了。",
                en="Your warm-up ends a step too soon: the share is 1 before step `warm`.",
            ),
        ),
        Mistake(
            _not_shifted,
            Text(
                zh="余弦是从第 0 步算起的，所以预热一完就往下跌了一截。它应当从预热结束的地方起步。",
                en="Your cosine counts from step 0, so the share drops at once where the warm-up ends. It should set out from there.",
            ),
        ),
        Mistake(
            _never_there,
            Text(
                zh="最后一步没有降到 `last`。`T` 步从 0 数起，最后一步是第几步？",
                en="The last step does not reach `last`. With `T` steps counted from 0, which is the last?",
            ),
        ),
        Mistake(
            _on_top,
            Text(
                zh="你把 `last` 整个加了上去，最高处就超过了 1。余弦那一份要先缩小。",
                en="You add `last` on top, and so the highest share is above 1. The cosine's part has to shrink first.",
            ),
        ),
        Mistake(
            _floored,
            Text(
                zh="你让余弦降到 0，再把低于 `last` 的截平，末尾就成了一段平地。应当整个波都缩放到从 1 到 `last`。",
                en="Your cosine falls to 0 and is cut off below `last`, which leaves a flat end. Scale the whole wave, from 1 to `last`.",
            ),
        ),
        Mistake(
            _quarter,
            Text(
                zh="这是四分之一个波：收尾时还在直往下冲。半个波两头都是平的。",
                en="This is a quarter of a wave, which still plunges at the end. Half a wave is level at both ends.",
            ),
        ),
    ),
    reference=_one_by_one,
)

EXERCISES = (AFTER, RATES, SHARES)
