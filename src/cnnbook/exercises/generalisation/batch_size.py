"""Exercises of 5.16.2: what two comparisons of batch sizes hold fixed, and the batch that is quiet enough.

References:
    W. G. Cochran, "Sampling techniques", Wiley 1977 (the correction for a finite population).
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.exercise import Case, Exercise, Mistake, given
from cnnbook.generalisation.batch_size import gradient_noise

# --- larger_batch-1 ---


def compared(n: int, batch: int, larger: int, epochs: int) -> tuple[int, int]:
    steps, per_epoch = epochs * math.ceil(n / batch), math.ceil(n / larger)
    whole, rest = divmod(steps, per_epoch)
    return epochs * per_epoch, whole * n + rest * larger


def _one_by_one(n: int, batch: int, larger: int, epochs: int) -> tuple[int, int]:
    """By going through the batches."""
    sizes = {size: [len(range(n)[i : i + size]) for i in range(0, n, size)] for size in (batch, larger)}
    steps = epochs * len(sizes[batch])
    return epochs * len(sizes[larger]), sum(sizes[larger][i % len(sizes[larger])] for i in range(steps))


def _dropped(n: int, batch: int, larger: int, epochs: int) -> tuple[int, int]:
    return epochs * (n // larger), epochs * (n // batch) * larger


def _all_full(n: int, batch: int, larger: int, epochs: int) -> tuple[int, int]:
    return compared(n, batch, larger, epochs)[0], epochs * math.ceil(n / batch) * larger


def _rounded_late(n: int, batch: int, larger: int, epochs: int) -> tuple[int, int]:
    return math.ceil(epochs * n / larger), compared(n, batch, larger, epochs)[1]


def _as_many_as_before(n: int, batch: int, larger: int, epochs: int) -> tuple[int, int]:
    return compared(n, batch, larger, epochs)[0], epochs * n


def _swapped(n: int, batch: int, larger: int, epochs: int) -> tuple[int, int]:
    steps, images = compared(n, batch, larger, epochs)
    return images, steps


def _runs() -> Iterator[Case]:
    for numbers in (
        (8, 2, 4, 1),
        (512, 32, 128, 25),
        (512, 32, 8, 25),
        (10, 2, 4, 2),
        (1000, 32, 128, 3),
        (7, 3, 10, 4),
    ):
        yield given(*numbers)


COMPARED = Exercise(
    name="larger_batch-1",
    title=Text(zh="轮次相同，步数相同", en="At equal epochs, at equal steps"),
    statement=Text(
        zh="有 `n` 张训练图像，原来每批 `batch` 张，训练 `epochs` 轮。每轮最后不满的一批也算一步。批次改成 `larger`：轮次与原来相同，要走多少步？步数与原来相同，一共看多少张图像（同一张看两次，算两张）？",
        en="There are `n` training images, so far in batches of `batch`, for `epochs` epochs. The last batch of an epoch is a step even where it is not full. Now the batches are of `larger`: how many steps are taken at equal epochs? And how many images are seen at equal steps, where an image that is seen twice counts as two?",
    ),
    takes=Text(
        zh="都是 ≥ 1 的整数。返回步数和张数，两个整数。", en="All are ints ≥ 1. Returns steps and images, two ints."
    ),
    hints=(
        Text(
            zh="先算每轮走几步：不满的一批怎样算？", en="How many steps has one epoch? Mind the batch that is not full."
        ),
        Text(
            zh="步数相同时，先看够走几个整轮。整轮里看到几张，与批次无关。",
            en="At equal steps, see how many whole epochs there are. How many images a whole epoch shows does not depend on the batch.",
        ),
        Text(
            zh="剩下的几步都在一轮的开头，那里的批是满的。",
            en="The steps that remain are at the beginning of an epoch, where batches are full.",
        ),
    ),
    solution=compared,
    explanation=Text(
        zh="每轮的步数向上取整，轮次相同就是它的 `epochs` 倍。步数相同，就把步数分成整轮和剩下的几步：一个整轮看 `n` 张，剩下的每步看 `larger` 张，因为不满的那一批总在一轮的末尾。",
        en="Steps per epoch are rounded up, and equal epochs take `epochs` times as many. Equal steps fall into whole epochs and a rest: a whole epoch shows `n` images, and each step of the rest shows `larger`, since the batch that is not full comes at the end.",
    ),
    cases=_runs,
    tried=Text(
        zh="除得尽的和除不尽的、变大的和变小的、比训练集还大的批次，都与一批一批数出来的一样。",
        en="batches that divide the images and that do not, larger and smaller ones, and one larger than the training set: all agree with counting batch by batch.",
    ),
    mistakes=(
        Mistake(
            _dropped,
            Text(
                zh="不满的那一批，你丢掉了。它也是一步。",
                en="You drop the batch that is not full. It is a step as well.",
            ),
        ),
        Mistake(
            _all_full,
            Text(
                zh="你把每一批都当成满的。每轮最后一批可能只有几张。",
                en="You take every batch to be full. The last of an epoch may hold only a few images.",
            ),
        ),
        Mistake(
            _rounded_late,
            Text(
                zh="你先乘轮数再取整，不满的一批就跨到了下一轮。每一轮都要各自取整。",
                en="You round after multiplying, so that a batch reaches into the next epoch. Round for each epoch.",
            ),
        ),
        Mistake(
            _as_many_as_before,
            Text(
                zh="这是轮次相同时的张数。步数相同，批次大了，看到的也多了。",
                en="This is the number of images at equal epochs. At equal steps a larger batch sees more.",
            ),
        ),
        Mistake(
            _swapped,
            Text(
                zh="两个数的次序反了：先步数，后张数。", en="The two are in the wrong order: first steps, then images."
            ),
        ),
    ),
    reference=_one_by_one,
)

# --- larger_batch-2 ---


def quiet_batch(gradients: Tensor, most: float, replacement: bool) -> int:
    n = len(gradients)
    trace = (gradients - gradients.mean(0)).square().sum().item() / n
    if replacement:
        return max(1, math.ceil(trace / most))
    return max(1, math.ceil(n * trace / (trace + most * (n - 1))))


def _first_that_is(gradients: Tensor, most: float, replacement: bool) -> int:
    size = 1
    while gradient_noise(gradients, size, replacement) > most:
        size += 1
    return size


def _any_way(gradients: Tensor, most: float, replacement: bool) -> int:
    return quiet_batch(gradients, most, True)


def _not_rounded(gradients: Tensor, most: float, replacement: bool) -> float:
    n = len(gradients)
    trace = (gradients - gradients.mean(0)).square().sum().item() / n
    return trace / most if replacement else n * trace / (trace + most * (n - 1))


def _rounded_down(gradients: Tensor, most: float, replacement: bool) -> int:
    return max(1, math.floor(_not_rounded(gradients, most, replacement)))


def _one_more(gradients: Tensor, most: float, replacement: bool) -> int:
    return max(1, math.floor(_not_rounded(gradients, most, replacement)) + 1)


def _unbiased(gradients: Tensor, most: float, replacement: bool) -> int:
    n = len(gradients)
    return quiet_batch(gradients * (n / (n - 1)) ** 0.5, most, replacement)


def _lengths(gradients: Tensor, most: float, replacement: bool) -> int:
    return quiet_batch(gradients, most**2, replacement)


def _per_parameter(gradients: Tensor, most: float, replacement: bool) -> int:
    return quiet_batch(gradients, most * gradients.shape[1], replacement)


def _not_from_the_mean(gradients: Tensor, most: float, replacement: bool) -> int:
    n, trace = len(gradients), gradients.square().sum().item() / len(gradients)
    return max(1, math.ceil(trace / most if replacement else n * trace / (trace + most * (n - 1))))


def _gradients() -> Iterator[Case]:
    four = torch.tensor([[0.0], [1.0], [2.0], [9.0]])
    for most, replacement in (
        (6.25, True),
        (6.25, False),
        (3.0, True),
        (3.0, False),
        (20.0, True),
        (0.2, True),
        (0.2, False),
    ):
        yield given(four, most, replacement)
    yield given(torch.tensor([[1.0, 2.0], [1.0, 2.0]]), 0.5, False)
    generator = torch.Generator().manual_seed(0)
    for n, p, most in ((30, 4, 0.5), (200, 10, 0.123)):
        gradients = torch.randn(n, p, generator=generator, dtype=torch.float64) + 1
        yield from (given(gradients, most, replacement) for replacement in (True, False))


QUIET = Exercise(
    name="larger_batch-2",
    title=Text(zh="噪声够小的批次", en="A batch that is quiet enough"),
    statement=Text(
        zh="`gradients` 的每一行是一个样本的梯度。批次最小取多大，这一批梯度的噪声（与全体梯度之差的长度，平方后取平均）才不超过 `most`？`replacement` 为真时有放回，批次可以比样本还多；为假时不放回。",
        en="Every row of `gradients` is the gradient of one example. What is the smallest batch whose gradient has a noise, that is the mean squared length of its distance from the gradient of all, of no more than `most`? Examples are drawn with replacement where `replacement` is true, and then a batch may be larger than the data; without where it is false.",
    ),
    takes=Text(
        zh="gradients：(N, P)，N ≥ 2；most > 0；replacement：布尔值。返回批次大小，≥ 1 的整数。",
        en="gradients: (N, P), N ≥ 2; most > 0; replacement: a bool. Returns the batch size, an int ≥ 1.",
    ),
    hints=(
        Text(
            zh="先求 tr Σ：每个梯度与平均之差，长度的平方，再取平均。",
            en="Find tr Σ first: the distance of every gradient from the mean, squared, on average.",
        ),
        Text(
            zh="有放回时噪声是 tr Σ / B。写成不等式，解出 B。",
            en="With replacement the noise is tr Σ / B. Write down the inequality and solve it for B.",
        ),
        Text(
            zh="不放回时多一个因子，里面也有 B；把含 B 的都移到一边。",
            en="Without replacement there is another factor, with a B of its own. Bring all B to one side.",
        ),
    ),
    solution=quiet_batch,
    explanation=Text(
        zh="有放回：tr Σ / B ≤ `most`，B 至少是 tr Σ / `most`，向上取整。不放回时，tr Σ (N − B) ≤ `most` (N − 1) B，所以 B 至少是 N tr Σ / (tr Σ + `most` (N − 1))，它从不超过 N：取了全体，就一点噪声也没有。",
        en="With replacement tr Σ / B ≤ `most`, so B is at least tr Σ / `most`, rounded up. Without, tr Σ (N − B) ≤ `most` (N − 1) B, so B is at least N tr Σ / (tr Σ + `most` (N − 1)). That never exceeds N: with all examples in the batch no noise is left.",
    ),
    cases=_gradients,
    tried=Text(
        zh="本节的四个梯度、全都相同的梯度、随机的梯度，有放回和不放回，都与 `gradient_noise` 一个一个试出来的一样。",
        en="the four gradients of the section, gradients that are all the same, and random gradients, with replacement and without: all agree with trying one size after the other in `gradient_noise`.",
    ),
    mistakes=(
        Mistake(
            _any_way,
            Text(
                zh="不放回时，你还在用有放回的公式。抽掉一个少一个，噪声降得更快。",
                en="You use the formula with replacement for both. Without it, the noise falls faster, as there is less and less left to draw.",
            ),
        ),
        Mistake(
            _rounded_down,
            Text(
                zh="取整的方向反了：这个批次的噪声还大了一点。",
                en="You round the wrong way: at this size there is still a little too much noise.",
            ),
        ),
        Mistake(
            _one_more,
            Text(
                zh="正好除尽的时候，你多取了一个：向上取整不是向下取整再加 1。",
                en="Where the division leaves no remainder you take one too many: rounding up is not rounding down and adding 1.",
            ),
        ),
        Mistake(
            _unbiased,
            Text(
                zh="求 tr Σ 时你除以了 N − 1。这里的 N 个梯度就是全体，除以 N。",
                en="You divide by N − 1 in tr Σ. These N gradients are all there are: divide by N.",
            ),
        ),
        Mistake(
            _lengths,
            Text(
                zh="`most` 已经是平方了，你又平方了一次。噪声是方差，不是标准差。",
                en="`most` is a square already, and you square it again. The noise is a variance, not a standard deviation.",
            ),
        ),
        Mistake(
            _per_parameter,
            Text(
                zh="你对参数取了平均。长度的平方是各分量平方之和。",
                en="You take the mean over the parameters. A squared length is the sum over them.",
            ),
        ),
        Mistake(
            _not_from_the_mean,
            Text(
                zh="这是梯度自己的长度，不是它与平均之差。先减去平均。",
                en="This is the length of the gradients themselves and not of what they miss the mean by. Subtract the mean first.",
            ),
        ),
    ),
    reference=_first_that_is,
)

EXERCISES = (COMPARED, QUIET)
