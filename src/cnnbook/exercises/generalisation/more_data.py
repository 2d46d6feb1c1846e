"""Exercises of 5.16.1: how much data a smaller error takes, and training sets that lie within each other.

References:
    C. Cortes et al., "Learning curves: asymptotic values and rate of convergence", NIPS 1993.
"""

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.exercise import Case, Exercise, Fault, Mistake, given
from cnnbook.generalisation.more_data import fit_power_law

# --- more_data-1 ---

Point = tuple[float, float]


def images_for(first: tuple[float, float], second: tuple[float, float], goal: float, floor: float) -> float:
    if goal <= floor:
        raise ValueError("no amount of data reaches this error")
    (n, before), (m, after) = first, second
    b = math.log((before - floor) / (after - floor)) / math.log(m / n)
    return n * ((before - floor) / (goal - floor)) ** (1 / b)


def _fitted(first: Point, second: Point, goal: float, floor: float) -> float:
    """By the package's least squares, which of two points is the line through them."""
    return fit_power_law([first[0], second[0]], [first[1], second[1]], floor).examples(goal)


def _straight(first: Point, second: Point, goal: float, floor: float) -> float:
    (n, before), (m, after) = first, second
    return n + (before - goal) / (before - after) * (m - n)


def _one_axis(first: Point, second: Point, goal: float, floor: float) -> float:
    (n, before), (m, after) = first, second
    return n * (m / n) ** ((before - goal) / (before - after))


def _no_floor(first: Point, second: Point, goal: float, floor: float) -> float:
    return images_for(first, second, goal, 0.0)


def _goal_whole(first: Point, second: Point, goal: float, floor: float) -> float:
    (n, before), (m, after) = first, second
    return images_for((n, before - floor), (m, after - floor), goal, 0.0)


def _not_turned_round(first: Point, second: Point, goal: float, floor: float) -> float:
    if goal <= floor:
        raise ValueError
    (n, before), (m, after) = first, second
    b = math.log((before - floor) / (after - floor)) / math.log(m / n)
    return n * ((before - floor) / (goal - floor)) ** b


def _never_refused(first: Point, second: Point, goal: float, floor: float) -> float:
    (n, before), (m, after) = first, second
    b = math.log((before - floor) / (after - floor)) / math.log(m / n)
    return n * ((before - floor) / (goal - floor)) ** (1 / b)  # a complex number where the floor is above the goal


def _curves() -> Iterator[Case]:
    yield given((100, 0.4), (400, 0.2), 0.1, 0.0)
    yield given((100, 0.4), (1600, 0.2), 0.1, 0.0)
    yield given((100, 0.5), (400, 0.3), 0.2, 0.1)
    yield given((100, 0.5), (400, 0.3), 0.05, 0.1)
    yield given((100, 0.5), (400, 0.3), 0.1, 0.1)  # the floor itself is never reached
    for first, second, goal, floor in (
        ((50, 0.35), (5000, 0.12), 0.1, 0.02),
        ((2000, 0.18), (500, 0.25), 0.2, 0.05),
        ((10, 0.9), (20, 0.8), 0.7, 0.0),
    ):
        yield given(first, second, goal, floor)


IMAGES = Exercise(
    name="more_data-1",
    title=Text(zh="误差要到这里，得有多少图像", en="How many images this error takes"),
    statement=Text(
        zh="一条学习曲线上量了两点：`first` 和 `second`，各是图像的张数和测试误差。假定误差服从幂律，底线 c 已知，是 `floor`。要让误差降到 `goal`，需要多少张图像？若多少数据都到不了，就 `raise ValueError`。",
        en="Two points of a learning curve were measured, `first` and `second`, each a number of images and a test error. Assume a power law whose floor c is known to be `floor`. How many images does it take to bring the error down to `goal`? Where no amount of data would do, `raise ValueError`.",
    ),
    takes=Text(
        zh="first、second：张数和误差两个数，误差都高于 floor；goal > 0；floor ≥ 0。返回张数，不必取整。",
        en="first, second: images and error, two numbers, errors above floor; goal > 0; floor ≥ 0. Returns a number, not rounded.",
    ),
    hints=(
        Text(zh="在哪两根轴上，这条曲线是直线？", en="On which two axes is the curve a straight line?"),
        Text(
            zh="先从两点求出指数 b：误差减去底线之后，缩小到几分之一；数据增加到几倍？",
            en="Find the exponent b first: by which factor does the error above the floor fall, and by which do the data grow?",
        ),
        Text(
            zh="再从第一点出发，走到 `goal`。底线要减三次。",
            en="Then go from the first point to `goal`. The floor has to be taken away three times.",
        ),
    ),
    solution=images_for,
    explanation=Text(
        zh="减去底线，误差就与 n⁻ᵇ 成正比。两点之比给出 b；误差再缩小到几分之一，张数就要乘以这个倍数的 1/b 次方。`goal` 不高于底线时，没有这样的张数。",
        en="Above the floor the error is in proportion to n⁻ᵇ. The ratio of the two points gives b; for the error to shrink by some factor, the number of images must grow by that factor to the power of 1/b. Where `goal` is not above the floor, there is no such number.",
    ),
    cases=_curves,
    tried=Text(
        zh="有底线和没有底线的曲线、次序颠倒的两点、内插和外推，都与 `fit_power_law` 一致；到不了的误差，你也拒绝了。",
        en="curves with a floor and without, points in either order, goals between them and beyond: all agree with `fit_power_law`, and an error out of reach was refused.",
    ),
    mistakes=(
        Mistake(
            _straight,
            Text(
                zh="你在普通的两根轴上连了直线。误差不会按同样的步子降下去，很快就要降到负数了。",
                en="You draw a straight line on ordinary axes. Errors do not fall at a steady pace; on that line they would soon be negative.",
            ),
        ),
        Mistake(
            _one_axis,
            Text(
                zh="张数取了对数，误差没有取。幂律的两根轴都是对数轴。",
                en="You take the logarithm of the number of images and not of the error. A power law wants both axes logarithmic.",
            ),
        ),
        Mistake(
            _no_floor,
            Text(
                zh="你没有用 `floor`。会缩小的只是高出底线的那一部分。",
                en="You leave `floor` out. Only what lies above the floor shrinks.",
            ),
        ),
        Mistake(
            _goal_whole,
            Text(
                zh="两个量到的误差减去了底线，`goal` 却没有减。",
                en="You take the floor away from the two measured errors, and not from `goal`.",
            ),
        ),
        Mistake(
            _not_turned_round,
            Text(
                zh="这里要反过来：由误差求张数。从张数到误差是 b 次方，回去呢？",
                en="This is the other direction, from errors to images. One way the power is b; what is it on the way back?",
            ),
        ),
        Mistake(
            _never_refused,
            Text(
                zh="低于底线的误差，不是要无穷多的图像，而是根本没有这样的张数：请拒绝。",
                en="Below the floor there is no number of images at all, not even an infinite one: refuse.",
            ),
        ),
    ),
    reference=_fitted,
)

# --- more_data-2 ---


def nested_order(labels: Tensor) -> Tensor:
    rank = torch.empty_like(labels)
    for c in labels.unique():
        members = (labels == c).nonzero()[:, 0]
        rank[members] = torch.arange(len(members))
    return rank.argsort(stable=True)


def _sorted(labels: Tensor) -> Tensor:
    return labels.argsort(stable=True)


def _shuffled(labels: Tensor) -> Tensor:
    return torch.randperm(len(labels))


def _stopped(labels: Tensor) -> Tensor:
    least = int(labels.unique(return_counts=True)[1].min())
    return nested_order(labels)[: least * len(labels.unique())]


def _labels(labels: Tensor) -> Tensor:
    return labels[nested_order(labels)]


def _in_proportion(labels: Tensor) -> Tensor:
    share = torch.empty(len(labels), dtype=torch.float64)
    for c in labels.unique():
        members = (labels == c).nonzero()[:, 0]
        share[members] = (torch.arange(len(members)).double() + 0.5) / len(members)
    return share.argsort(stable=True)


def _label_lists() -> Iterator[Case]:
    for labels in ([0, 0, 1, 1], [0, 0, 0, 1], [2, 2, 0, 0, 0, 0, 1, 1], [0] * 8 + [1] * 6 + [2] * 4):
        yield given(torch.tensor(labels))
    generator = torch.Generator().manual_seed(0)
    yield given(torch.randint(0, 3, (40,), generator=generator).square())  # no class 2 or 3
    yield given(torch.multinomial(torch.tensor([8.0, 4, 2, 1]), 100, replacement=True, generator=generator))


def _is_nested(answer: Callable[..., object], case: Case) -> Fault | None:
    (labels,) = case.arguments
    value, total = answer(labels), len(labels)
    if not isinstance(value, Tensor) or value.dtype != torch.int64 or value.ndim != 1:
        return Fault(
            Text(
                zh="应当返回一个 int64 的一维张量：各样本的位置",
                en="return a tensor of one axis, int64: positions of examples",
            ),
            came=value,
        )
    if value.sort().values.tolist() != list(range(total)):
        rule = Text(
            zh=f"0 到 {total - 1} 的每个位置都应当出现一次，不多不少",
            en=f"every position from 0 to {total - 1} must come exactly once",
        )
        return Fault(rule, came=value)
    classes, counts = labels.unique(return_counts=True)
    taken = (labels[value][:, None] == classes).cumsum(0)  # of each class, among the first 1, 2, …
    short = taken < torch.minimum(counts, taken.max(1, keepdim=True).values - 1)
    if short.any():
        n, c = (int(i) for i in short.nonzero()[0])
        rule = Text(
            zh=f"前 {n + 1} 个里，第 {int(classes[c])} 类太少：各类是 {taken[n].tolist()} 个，它还没有用完",
            en=f"class {int(classes[c])} is too rare among the first {n + 1}, which hold {taken[n].tolist()} of the classes: it has not run out",
        )
        return Fault(rule, came=value)
    return None


NESTED = Exercise(
    name="more_data-2",
    title=Text(zh="从头取几个都均匀", en="Balanced wherever you stop"),
    statement=Text(
        zh="把样本排成一队，使得从队头取任意多个，各类都尽量一样多：一个类只要还没有用完，它的个数比任何一类（用完的也算）至多少 1 个；用完的类不再出场，其余的接着排。返回排好的位置。次序不止一种，哪一种都行。",
        en="Put the examples in an order in which every beginning is as balanced as can be: a class that has examples left is never behind any class, one that has run out included, by more than 1; where a class has run out, the others go on. Return the positions in that order. There is more than one such order, and any will do.",
    ),
    takes=Text(
        zh="labels：int64 (N,)，各样本的类别，N ≥ 1；有的类别可以缺席。返回 int64 (N,)，每个位置一次。",
        en="labels: int64 (N,), the classes of the examples, N ≥ 1; some classes may be absent. Returns int64 (N,), each position once.",
    ),
    hints=(
        Text(
            zh="让各类轮流出场：先是每类的第一个，再是每类的第二个……",
            en="Let the classes take turns: the first of each, then the second of each, and so on.",
        ),
        Text(
            zh="给每个样本写上它在自己那一类里是第几个，剩下的就是排序。",
            en="Write down for every example which of its class it is, the first, the second …; then it is a matter of sorting.",
        ),
    ),
    solution=nested_order,
    explanation=Text(
        zh="`rank` 是样本在自己那一类里的名次。按名次排，排到第 r 名时，前 r − 1 名都已出齐；人数不够的类自然不再出现。取 n 个的训练集包含在取更多个的里面，因为都从同一队的队头取起。",
        en="`rank` is an example's place within its own class. In the order of ranks, all of rank r − 1 have come before any of rank r does, and a class that is too small simply does not come again. Smaller sets are part of larger ones, since all are taken from the front of one list.",
    ),
    cases=_label_lists,
    tried=Text(
        zh="排好序的和打乱的类别、一样多的和相差很多的、中间缺了几类的，取到每一个长度都均匀。",
        en="labels in order and shuffled, classes of one size and of very different ones, and with classes missing: balanced at every length.",
    ),
    mistakes=(
        Mistake(
            _sorted,
            Text(
                zh="你按类别排了序，队头全是同一类。应当让各类轮流。",
                en="You sort by class, so that the front is all of one class. Let the classes take turns.",
            ),
        ),
        Mistake(
            _shuffled,
            Text(
                zh="随机打乱，平均而言是均匀的，每一次却不一定。这里一点也不能靠运气。",
                en="A random order is balanced on average, and not each time. Here nothing may be left to luck.",
            ),
        ),
        Mistake(
            _stopped,
            Text(
                zh="最小的一类用完，你就停了。其余的样本还要接着排。",
                en="You stop when the smallest class has run out. The others must go on.",
            ),
        ),
        Mistake(
            _labels,
            Text(zh="你返回的是类别，要的是位置。", en="You return the labels in order; positions were asked for."),
        ),
        Mistake(
            _in_proportion,
            Text(
                zh="每一段里，各类的比例都与全体相同，也就一样不均。要的是个数相等。",
                en="Every beginning has the proportions of the whole, and so is as uneven. Equal numbers were asked for.",
            ),
        ),
    ),
    judge=_is_nested,
)

EXERCISES = (IMAGES, NESTED)
