"""Exercises of 5.16.9: the interaction of two methods and how sure it is, and many comparisons tested together.

References:
    D. C. Montgomery, *Design and Analysis of Experiments*, ch. 5–6 (factorial designs).
    Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995).
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.exercise import Case, Exercise, Mistake, given

# --- overview-1 ---


def interaction(neither: Tensor, a: Tensor, b: Tensor, both: Tensor, logs: bool) -> tuple[float, float]:
    y = torch.stack([neither, a, b, both])
    if logs:
        y = y.log()
    each = (y[3] - y[2]) - (y[1] - y[0])
    return each.mean().item(), (each.std() / len(each) ** 0.5).item()


Numbers = tuple[float, float]


def _least_squares(neither: Tensor, a: Tensor, b: Tensor, both: Tensor, logs: bool) -> Numbers:
    """The weight of the column A·B, seed by seed."""
    y = torch.stack([neither, a, b, both]).double()
    columns = torch.tensor([[1.0, 0, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [1, 1, 1, 1]], dtype=y.dtype)
    each = torch.linalg.lstsq(columns, y.log() if logs else y).solution[3]
    variance = (each - each.mean()).square().sum() / (len(each) - 1)
    return each.mean().item(), (variance / len(each)).sqrt().item()


def _unpaired(neither: Tensor, a: Tensor, b: Tensor, both: Tensor, logs: bool) -> Numbers:
    y = torch.stack([neither, a, b, both])
    y = y.log() if logs else y
    return interaction(neither, a, b, both, logs)[0], (y.var(1).sum() / y.shape[1]).sqrt().item()


def _mean_first(neither: Tensor, a: Tensor, b: Tensor, both: Tensor, logs: bool) -> Numbers:
    means = [y.mean().expand(2) for y in (neither, a, b, both)]
    return interaction(*means, logs)[0], interaction(neither, a, b, both, logs)[1]


def _halved(neither: Tensor, a: Tensor, b: Tensor, both: Tensor, logs: bool) -> Numbers:
    mean, error = interaction(neither, a, b, both, logs)
    return mean / 2, error / 2


def _spread(neither: Tensor, a: Tensor, b: Tensor, both: Tensor, logs: bool) -> Numbers:
    mean, error = interaction(neither, a, b, both, logs)
    return mean, error * len(a) ** 0.5


def _by_n(neither: Tensor, a: Tensor, b: Tensor, both: Tensor, logs: bool) -> Numbers:
    mean, error = interaction(neither, a, b, both, logs)
    return mean, error * ((len(a) - 1) / len(a)) ** 0.5


def _in_points(neither: Tensor, a: Tensor, b: Tensor, both: Tensor, logs: bool) -> Numbers:
    return interaction(neither, a, b, both, False)


def _runs() -> Iterator[Case]:
    four = torch.tensor([[70.0, 70.0], [73.0, 73.0], [71.0, 71.0], [76.0, 76.0]])
    yield given(*four, False)
    yield given(*torch.tensor([[0.4, 0.5], [0.2, 0.25], [0.2, 0.25], [0.1, 0.125]]), True)
    yield given(*torch.tensor([[0.4, 0.8], [0.2, 0.4], [0.3, 0.4], [0.1, 0.3]]), True)
    generator = torch.Generator().manual_seed(0)
    for seeds, logs in ((3, False), (10, False), (10, True)):
        easy = 3 * torch.randn(
            seeds, generator=generator, dtype=torch.float64
        )  # some seeds are easier, for all methods
        yield given(*(20 + easy + torch.randn(4, seeds, generator=generator, dtype=torch.float64)), logs)


INTERACTION = Exercise(
    name="overview-1",
    title=Text(zh="加得起来吗，有多大把握", en="Does it add up, and how surely"),
    statement=Text(
        zh="四组训练，都不用、只用甲、只用乙、都用，每组的种子依次相同。求交互作用的平均和它的标准误差（样本标准差除以种子数的平方根）。`logs` 为假时按数值本身算，为真时按自然对数算。",
        en="There are four groups of runs, with neither method, with A, with B and with both, on the same seeds in the same order. Find the mean of the interaction and its standard error, the sample's standard deviation over the root of the number of seeds. Take the figures as they are where `logs` is false, and their natural logarithms where it is true.",
    ),
    takes=Text(
        zh="neither、a、b、both：(S,)，都是正数，S ≥ 2；logs：布尔值。返回平均和标准误差，两个浮点数。",
        en="neither, a, b, both: (S,), positive, S ≥ 2; logs: a bool. Returns mean and standard error, two floats.",
    ),
    hints=(
        Text(zh="先对一个种子算差之差。", en="Work out the difference of differences for a single seed first."),
        Text(
            zh="种子有难有易，四组一起高、一起低。逐个种子相减，这一份就消掉了。",
            en="Some seeds are easier, for all four groups alike. Subtract seed by seed, and that part is gone.",
        ),
        Text(zh="取对数，是在平均之前还是之后？", en="Do you take logarithms before the mean or after it?"),
    ),
    solution=interaction,
    explanation=Text(
        zh="每个种子一个差之差，再求它们的平均和标准误差。这样各组共有的难易不会算进误差里。对数要先取：对数的平均不是平均的对数。",
        en="There is one difference of differences for each seed, and the mean and the standard error are theirs. What is easy or hard for all groups alike stays out of the error. Logarithms come first, as the mean of logarithms is not the logarithm of the mean.",
    ),
    cases=_runs,
    tried=Text(
        zh="本节手算的例子、各减半的错误率、难易不一的种子，按数值和按对数，都与最小二乘一致。",
        en="the section's example, errors that each method halves, seeds that are easier or harder, as they are and in logarithms: all agree with least squares.",
    ),
    mistakes=(
        Mistake(
            _unpaired,
            Text(
                zh="你把四组当成互不相干的。种子相同，要逐个种子相减，再看差之差散得多开。",
                en="You treat the four groups as unrelated. The seeds are the same: subtract seed by seed, and see how those differences spread.",
            ),
        ),
        Mistake(
            _mean_first,
            Text(
                zh="你先取了平均，再取对数。逐个种子取对数。",
                en="You take the mean and then the logarithm. Take the logarithm of each seed's figure.",
            ),
        ),
        Mistake(
            _halved,
            Text(
                zh="你减了半。有的书这样定义，本书的差之差不除以二。",
                en="You halve it. Some books define it so; the difference of differences here is not divided by two.",
            ),
        ),
        Mistake(
            _spread,
            Text(
                zh="这是各种子的标准差。平均的标准误差还要除以种子数的平方根。",
                en="This is the standard deviation over seeds. The standard error of their mean is that over the root of their number.",
            ),
        ),
        Mistake(
            _by_n,
            Text(
                zh="样本的标准差，平方和要除以 S − 1。",
                en="For the standard deviation of a sample, divide the sum of squares by S − 1.",
            ),
        ),
        Mistake(_in_points, Text(zh="`logs` 没有起作用。", en="`logs` does nothing here.")),
    ),
    reference=_least_squares,
)

# --- overview-2 ---


def told(p: Tensor, share: float) -> Tensor:
    m = len(p)
    ordered, order = p.sort()
    below = ordered <= share * torch.arange(1, m + 1, dtype=p.dtype) / m
    count = max((i + 1 for i in range(m) if below[i]), default=0)
    found = torch.zeros(m, dtype=torch.bool)
    found[order[:count]] = True
    return found


def _from_the_top(p: Tensor, share: float) -> Tensor:
    """The most values of which so many lie below their common bound."""
    for count in range(len(p), 0, -1):
        below = p <= share * count / len(p)
        if int(below.sum()) >= count:
            return below
    return torch.zeros(len(p), dtype=torch.bool)


def _alone(p: Tensor, share: float) -> Tensor:
    return p <= share


def _never_once(p: Tensor, share: float) -> Tensor:
    return p <= share / len(p)


def _up_to_the_first(p: Tensor, share: float) -> Tensor:
    ordered, order = p.sort()
    below = ordered <= share * torch.arange(1, len(p) + 1, dtype=p.dtype) / len(p)
    return below.cummin(0).values[order.argsort()]


def _one_by_one(p: Tensor, share: float) -> Tensor:
    ordered, order = p.sort()
    return (ordered <= share * torch.arange(1, len(p) + 1, dtype=p.dtype) / len(p))[order.argsort()]


def _holm(p: Tensor, share: float) -> Tensor:
    ordered, order = p.sort()
    below = ordered <= share / torch.arange(len(p), 0, -1, dtype=p.dtype)
    return below.cummin(0).values[order.argsort()]


def _in_order(p: Tensor, share: float) -> Tensor:
    return told(p, share)[p.argsort()]


def _values() -> Iterator[Case]:
    for p in (
        [0.05],  # at most: the bound itself is within
        [0.04],
        [0.5, 0.01],
        [0.03, 0.2, 0.01],
        [0.04, 0.03],
        [0.2, 0.035, 0.03, 0.03],
        [0.9, 0.8],
        [0.04, 0.01, 0.045, 0.02],
        [0.03, 0.045, 0.016, 0.01],
    ):
        yield given(torch.tensor(p, dtype=torch.float64), 0.05)
    generator = torch.Generator().manual_seed(0)
    for power, share in ((1, 0.05), (3, 0.05), (4, 0.2)):
        yield given(torch.rand(28, generator=generator, dtype=torch.float64) ** power, share)


TOLD = Exercise(
    name="overview-2",
    title=Text(zh="28 对一起检验", en="28 pairs, tested together"),
    statement=Text(
        zh="许多比较各有一个 p 值，要控制错误发现率不超过 `share`。Benjamini 与 Hochberg 的规则是：m 个 p 值从小到大排好，找出最大的 i，使第 i 个（从 1 数起）不超过 `share` 的 i/m；这一个和排在它前面的全部算作发现。一个也找不到，就没有发现。按原来的次序，返回哪些是发现。",
        en="Many comparisons have a p-value each, and the false discovery rate is to be kept to `share`. The rule of Benjamini and Hochberg: sort the m p-values from small to large, and find the largest i for which the i-th, counted from 1, is at most i/m of `share`; that one and all before it are discoveries. Where there is no such i, nothing is. Return which ones are, in the order in which they came.",
    ),
    takes=Text(
        zh="p：(m,)，0 到 1，m ≥ 1；0 < share < 1。返回布尔张量 (m,)。",
        en="p: (m,), from 0 to 1, m ≥ 1; 0 < share < 1. Returns booleans (m,).",
    ),
    hints=(
        Text(
            zh="`sort` 也给出次序，用它可以回到原来的位置。",
            en="`sort` gives the order as well, and with it you get back to the old places.",
        ),
        Text(
            zh="前面有一个超过了自己的界限，后面的还可能没有超过。要的是最大的 i。",
            en="One may be above its bound and a later one below. It is the largest i that counts.",
        ),
    ),
    solution=told,
    explanation=Text(
        zh="从最后一个没有超过界限的往前，全部算作发现，哪怕其中有的超过了自己的界限：后面那么多个都小，前面的更不必怀疑。只有一个比较时，就是普通的检验。",
        en="From the last that is within its bound, all those before it count, even where one is above its own: if so many are small, the smaller ones are not to be doubted. With a single comparison this is an ordinary test.",
    ),
    cases=_values,
    tried=Text(
        zh="一个到 28 个 p 值、次序打乱的、先超过后又不超过的、一个发现也没有的，都对。",
        en="one p-value to 28, in any order, above their bounds and below them again, and without any discovery: all right.",
    ),
    mistakes=(
        Mistake(
            _alone,
            Text(
                zh="这是一对一对单独检验。比较多了，总有碰巧的。",
                en="This tests them one by one. Among many comparisons some are small by chance.",
            ),
        ),
        Mistake(
            _never_once,
            Text(
                zh="所有的 p 值你都用最严的界限。那是 Bonferroni 的办法，控制的是一次也不看错。",
                en="You hold all to the strictest bound. That is Bonferroni's method, which guards against even one error.",
            ),
        ),
        Mistake(
            _up_to_the_first,
            Text(
                zh="碰到第一个超过的，你就停了。后面可能还有没有超过的，要找最大的 i。",
                en="You stop at the first that is above its bound. Later ones may be below: find the largest i.",
            ),
        ),
        Mistake(
            _one_by_one,
            Text(
                zh="你让每个 p 值只看自己的界限。最大的 i 之前的，全部算数。",
                en="You let every p-value answer to its own bound alone. All before the largest i count.",
            ),
        ),
        Mistake(
            _holm,
            Text(
                zh="这是 Holm 的界限，控制的是至少看错一次的风险，更严。",
                en="These are Holm's bounds, which limit the risk of even one error and are stricter.",
            ),
        ),
        Mistake(
            _in_order,
            Text(
                zh="结果还是排好序的。放回原来的位置。",
                en="The result is still in sorted order. Put it back into the old places.",
            ),
        ),
    ),
    reference=_from_the_top,
)

EXERCISES = (INTERACTION, TOLD)
