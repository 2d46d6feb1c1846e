"""Exercises of 5.14.3: phase sums, a flat kernel of any length, the nearest kernel that is flat.

References:
    Y. Sugawara, S. Shiota, H. Kiya, "Super-Resolution using Convolutional Neural Networks without Any Checkerboard
    Artifacts", arXiv:1806.02658.
"""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from cnnbook.convolution import checkerboard
from cnnbook.evidence.text import Text
from cnnbook.exercises.drawing import small_numbers
from cnnbook.exercises.exercise import Case, Exercise, Fault, Mistake, given

# --- checkerboard-1 ---


def phase_sums(w: Tensor, s: int, d: int) -> Tensor:
    sums = torch.zeros(s, s, dtype=w.dtype)
    for u, row in enumerate(w):
        for v, weight in enumerate(row):
            sums[u * d % s, v * d % s] += weight
    return sums


def _library(w: Tensor, s: int, d: int) -> Tensor:
    return checkerboard.phase_sums(w, s, d)


def _not_dilated(w: Tensor, s: int, d: int) -> Tensor:
    return phase_sums(w, s, 1)


def _neighbours(w: Tensor, s: int, d: int) -> Tensor:
    """Weights that lie side by side, as many to a phase as go around."""
    sums = torch.zeros(s, s, dtype=w.dtype)
    sizes = [-(-n // s) for n in w.shape]
    for u, row in enumerate(w):
        for v, weight in enumerate(row):
            sums[u // sizes[0], v // sizes[1]] += weight
    return sums


def _other_axis(w: Tensor, s: int, d: int) -> Tensor:
    return phase_sums(w, s, d).T


def _averaged(w: Tensor, s: int, d: int) -> Tensor:
    return phase_sums(w, s, d) / phase_sums(torch.ones_like(w), s, d).clamp(min=1)


def _counted(w: Tensor, s: int, d: int) -> Tensor:
    return phase_sums(torch.ones_like(w), s, d)


def _overwritten(w: Tensor, s: int, d: int) -> Tensor:
    sums = torch.zeros(s, s, dtype=w.dtype)
    for u, row in enumerate(w):
        for v, weight in enumerate(row):
            sums[u * d % s, v * d % s] = weight
    return sums


def _kernels() -> Iterator[Case]:
    yield given(torch.tensor([[3.0, 1.0, 2.0, 5.0], [1.0, 0.0, 2.0, 1.0]]), 2, 1)
    yield given(torch.arange(1.0, 10.0).reshape(3, 3), 2, 1)
    yield given(torch.arange(1.0, 10.0).reshape(3, 3), 3, 2)  # the phases change places
    yield given(torch.arange(1.0, 10.0).reshape(3, 3), 2, 2)  # some phases have no weight
    yield given(torch.tensor([[7.0]]), 1, 1)
    generator = torch.Generator().manual_seed(0)
    for h, w, s, d in ((4, 4, 3, 1), (5, 3, 2, 3), (7, 6, 4, 2), (3, 5, 1, 1), (6, 6, 6, 5)):
        yield given(small_numbers(h, w, generator=generator), s, d)
    yield given(torch.randn(5, 5, generator=generator, dtype=torch.float64), 3, 1)


SUMS = Exercise(
    name="checkerboard-1",
    title=Text(zh="二维的相位之和", en="Phase sums in two dimensions"),
    statement=Text(
        zh="求二维核 `w` 在步长 `s`、膨胀率 `d` 下的相位之和，一共 s×s 个。没有权重的相位，和是 0。",
        en="Find the phase sums of a two-dimensional kernel `w` at stride `s` and dilation `d`, s×s in all. A phase without any weight sums to 0.",
    ),
    takes=Text(
        zh="w：(kH, kW)，kH、kW ≥ s ≥ 1；d ≥ 1。返回 (s, s)，第 r 行第 q 列是余数为 r 和 q 的那个相位的和，dtype 与 w 相同。",
        en="w: (kH, kW), with kH, kW ≥ s ≥ 1; d ≥ 1. Returns (s, s), with the sum of the phase of remainders r and q in row r and column q, of the dtype of w.",
    ),
    hints=(
        Text(
            zh="一维时，第 u 个权重盖在离印章起点几格的地方？膨胀之后呢？",
            en="In one dimension, how far from the beginning of its stamp does weight u fall? And dilated?",
        ),
        Text(
            zh="印章每 `s` 格一枚，所以只有余数要紧。二维时有几个余数？",
            en="Stamps begin every `s` cells, so only the remainder matters. How many remainders are there in two dimensions?",
        ),
    ),
    solution=phase_sums,
    explanation=Text(
        zh="第 u 行第 v 列的权重落在离起点 `u * d` 行、`v * d` 列的地方，除以 `s` 的余数就是它的相位。相隔 `s` 的权重同属一个相位，挨着的反而不是。",
        en="Weight (u, v) falls `u * d` rows and `v * d` columns from the beginning of its stamp, and the remainders of these by `s` are its phase. Weights that lie `s` apart share a phase; neighbours do not.",
    ),
    cases=_kernels,
    tried=Text(
        zh="一格到 7×6 的核、步长 1 到 6、膨胀率 1 到 5、有空相位的、两种浮点类型，都与本书的 `phase_sums` 一致。",
        en="kernels of one weight to 7×6, strides 1 to 6, dilations 1 to 5, empty phases and two floating dtypes agree with the book's `phase_sums`.",
    ),
    mistakes=(
        Mistake(
            _not_dilated,
            Text(
                zh="膨胀率没有用上。膨胀之后，第 u 个权重落在第 ud 格。",
                en="The dilation does nothing. Dilated, weight u falls ud cells from the beginning.",
            ),
        ),
        Mistake(
            _neighbours,
            Text(
                zh="你把挨着的权重归在一起。落在同一格上的，是相隔一个步长的权重。",
                en="You put neighbouring weights together. Those that fall on one cell lie a stride apart.",
            ),
        ),
        Mistake(
            _other_axis,
            Text(
                zh="行和列对调了：第一个余数来自核的行。",
                en="Rows and columns are exchanged: the first remainder is that of the kernel's row.",
            ),
        ),
        Mistake(
            _averaged,
            Text(
                zh="这是各相位的平均。要紧的是加起来多少；个数不同时，平均相等，和并不相等。",
                en="These are means. What counts is what the weights add up to: where their numbers differ, equal means are no equal sums.",
            ),
        ),
        Mistake(
            _counted,
            Text(
                zh="你数的是一个相位有几个权重，那是重叠次数。要的是它们的和。",
                en="You count the weights of a phase, which is the overlap count. Asked for is what they add up to.",
            ),
        ),
        Mistake(
            _overwritten,
            Text(
                zh="同一个相位的权重，后来的把先来的盖掉了。",
                en="Of the weights of a phase, a later one replaces those before it.",
            ),
        ),
    ),
    reference=_library,
)

# --- checkerboard-2 ---


def flat(k: int, s: int) -> Tensor:
    phase = torch.arange(k) % s
    return 1 / torch.bincount(phase, minlength=s)[phase]


def _ones(k: int, s: int) -> Tensor:
    return torch.ones(k)


def _tent(k: int, s: int) -> Tensor:
    taps = torch.arange(k) - (k - 1) / 2
    return (1 - taps.abs() / s).clamp(min=0.01)


def _zeros_at_the_end(k: int, s: int) -> Tensor:
    return (torch.arange(k) < k // s * s).float()


def _in_blocks(k: int, s: int) -> Tensor:
    block = torch.arange(k) // -(-k // s)
    return 1 / torch.bincount(block, minlength=s)[block]


def _upside_down(k: int, s: int) -> Tensor:
    phase = torch.arange(k) % s
    return torch.bincount(phase, minlength=s)[phase].float()


def _lengths() -> Iterator[Case]:
    for k, s in ((3, 2), (4, 2), (4, 3), (5, 3), (2, 2), (5, 1), (7, 4), (9, 4), (11, 3), (16, 5)):
        yield given(k, s)


_NOT_ZERO = Text(
    zh="有权重是 0，核其实就短了。题目要的是每个权重都出力。",
    en="Some weights are 0, and so the kernel is shorter than it seems. Every weight is to do its part.",
)


def _is_flat(answer: Callable[..., object], case: Case) -> Fault | None:
    k, s = case.arguments
    w = answer(k, s)
    if not isinstance(w, Tensor) or w.shape != (k,) or not w.is_floating_point():
        rule = Text(zh=f"应当返回浮点张量，形状是 ({k},)", en=f"a floating tensor of shape ({k},) must be returned")
        return Fault(rule, came=w)
    if not bool((w > 0).all() and w.isfinite().all()):
        rule = Text(zh="每个权重都要大于 0", en="every weight must be above 0")
        return Fault(rule, came=w, hint=_NOT_ZERO if bool((w == 0).any()) else None)
    sums = checkerboard.phase_sums(w.double(), s)
    if float(sums.max() - sums.min()) > 1e-5 * float(sums.max()):
        shown = ", ".join(f"{value:.4g}" for value in sums.tolist())
        rule = Text(zh=f"各相位之和应当相等，得到的是 {shown}", en=f"the phase sums must be equal, and are {shown}")
        return Fault(rule, came=w)
    return None


FLAT = Exercise(
    name="checkerboard-2",
    title=Text(zh="多长的核都能平", en="Flat at any length"),
    statement=Text(
        zh="给出一个一维的核，一共 `k` 个权重，全都大于 0；步长为 `s` 时，输入常数，输出在离边缘够远的地方是平的。`s` 不一定整除 `k`。答案不止一个，给出哪一个都行。",
        en="Give a one-dimensional kernel of `k` weights, all above 0, which at stride `s` turns a constant into a flat output, away from the border. `s` need not divide `k`. There is more than one answer, and any will do.",
    ),
    takes=Text(
        zh="k ≥ s ≥ 1，都是整数。返回 (k,)，浮点张量。",
        en="k ≥ s ≥ 1 are ints. Returns (k,), a floating tensor.",
    ),
    hints=(
        Text(zh="平不平，由什么决定？", en="What decides whether the output is flat?"),
        Text(
            zh="`k` 不是 `s` 的倍数时，各个相位的权重个数不同。怎样让它们的和仍然相等？",
            en="Where `k` is no multiple of `s`, the phases have different numbers of weights. How can their sums be equal all the same?",
        ),
    ),
    solution=flat,
    explanation=Text(
        zh="让每个相位的和都是 1：一个相位有几个权重，就由它们平分。k = 3、s = 2 时得到 ½、1、½，正是 [1, 2, 1] 的一半。能不能平，与整除无关。",
        en="Let every phase sum to 1, shared alike by its weights. For k = 3 and s = 2 that is ½, 1, ½, half of [1, 2, 1]. Whether a kernel can be flat has nothing to do with divisibility.",
    ),
    cases=_lengths,
    tried=Text(
        zh="2 到 16 个权重、步长 1 到 5，整除的和不整除的，各相位之和都相等。",
        en="for 2 to 16 weights and strides 1 to 5, divisible or not, all phases have the same sum.",
    ),
    mistakes=(
        Mistake(
            _ones,
            Text(
                zh="全是 1，一格的值就是重叠次数，只有整除时才平。权重可以不一样大。",
                en="With every weight 1 a cell is its overlap count, which is even only where the stride divides the kernel. Weights may differ.",
            ),
        ),
        Mistake(
            _tent,
            Text(
                zh="双线性的核要够长才平。短了，两头被截掉的那一点就让相位不再相等。",
                en="The kernel of bilinear interpolation is flat only if it is long enough. Cut short, what its ends lose makes the phases unequal.",
            ),
        ),
        Mistake(_zeros_at_the_end, _NOT_ZERO),
        Mistake(
            _in_blocks,
            Text(
                zh="你让挨着的权重平分。同一个相位的权重不是挨着的，而是相隔一个步长。",
                en="You share among neighbours. The weights of a phase do not lie side by side, but a stride apart.",
            ),
        ),
        Mistake(
            _upside_down,
            Text(
                zh="反了：权重多的相位，每个权重应当小些。",
                en="It is the other way round: in a phase with more weights, each should be smaller.",
            ),
        ),
    ),
    judge=_is_flat,
)

# --- checkerboard-3 ---


def balance(w: Tensor, s: int) -> Tensor:
    rows, columns = (torch.arange(n) % s for n in w.shape[2:])
    phase = rows[:, None] * s + columns
    n = torch.bincount(phase.flatten(), minlength=s * s).to(w.dtype)
    sums = torch.zeros(*w.shape[:2], s * s, dtype=w.dtype)
    sums.index_add_(2, phase.flatten(), w.flatten(2))
    c = (sums / n).sum(2, keepdim=True) / (1 / n).sum()
    return w + ((c - sums) / n)[..., phase]


def _nearest(w: Tensor, s: int) -> Tensor:
    return checkerboard.balance_phases(w, s)


def _phases(w: Tensor, s: int) -> tuple[Tensor, Tensor, Tensor]:
    """The phase of each weight, how many each phase has, and the sums."""
    rows, columns = (torch.arange(n) % s for n in w.shape[2:])
    phase = rows[:, None] * s + columns
    n = torch.bincount(phase.flatten(), minlength=s * s).to(w.dtype)
    sums = torch.zeros(*w.shape[:2], s * s, dtype=w.dtype).index_add(2, phase.flatten(), w.flatten(2))
    return phase, n, sums


def _to_the_mean(w: Tensor, s: int) -> Tensor:
    phase, n, sums = _phases(w, s)
    return w + ((sums.mean(2, keepdim=True) - sums) / n)[..., phase]


def _undivided(w: Tensor, s: int) -> Tensor:
    phase, n, sums = _phases(w, s)
    c = (sums / n).sum(2, keepdim=True) / (1 / n).sum()
    return w + (c - sums)[..., phase]


def _equal_means(w: Tensor, s: int) -> Tensor:
    phase, n, sums = _phases(w, s)
    return w + (w.mean((2, 3)).unsqueeze(2) - sums / n)[..., phase]


def _stretched(w: Tensor, s: int) -> Tensor:
    phase, n, sums = _phases(w, s)
    c = (sums / n).sum(2, keepdim=True) / (1 / n).sum()
    return w * (c / sums)[..., phase]


def _channels_together(w: Tensor, s: int) -> Tensor:
    return w + (balance(w, s) - w).mean((0, 1))


def _one_for_all_channels(w: Tensor, s: int) -> Tensor:
    phase, n, sums = _phases(w, s)
    c = ((sums / n).sum(2) / (1 / n).sum()).mean()
    return w + ((c - sums) / n)[..., phase]


def _weights() -> Iterator[Case]:
    yield given(torch.tensor([[[[3.0, 1.0, 2.0, 5.0], [3.0, 2.0, 2.0, 6.0]]]]), 2)
    yield given(torch.tensor([[[[1.0, 2.0, 3.0], [1.0, 1.0, 1.0], [4.0, 0.0, 1.0]]]]), 2)
    yield given(torch.tensor([[[[2.0]]], [[[3.0]]]]), 1)
    generator = torch.Generator().manual_seed(0)
    for shape, s in (((2, 1, 3, 3), 2), ((1, 2, 4, 4), 3), ((3, 2, 5, 4), 2), ((2, 3, 7, 7), 4)):
        yield given(torch.randn(shape, generator=generator, dtype=torch.float64), s)
    yield given(torch.randn(2, 2, 4, 4, generator=generator), 2)


BALANCE = Exercise(
    name="checkerboard-3",
    title=Text(zh="改得最少，让它变平", en="Flat by the smallest change"),
    statement=Text(
        zh="`w` 是一个 `ConvTranspose2d` 的权重，步长 `s`。改动权重，使每一对输入、输出通道的各相位之和都相等，而改动的平方和最小。",
        en="`w` is the weight of a `ConvTranspose2d` of stride `s`. Change it so that the phase sums are equal for every pair of an input and an output channel, with the smallest sum of squared changes.",
    ),
    takes=Text(
        zh="w：(C_in, C_out, kH, kW)，kH、kW ≥ s；没有膨胀。返回形状和 dtype 都与 w 相同的权重。",
        en="w: (C_in, C_out, kH, kW), with kH, kW ≥ s and no dilation. Returns a weight of the shape and dtype of w.",
    ),
    hints=(
        Text(
            zh="一个相位的和要变动多少，由它的权重平摊最省。平摊之后，代价是多少？",
            en="A phase's sum is changed most cheaply if its weights share alike. What does that cost?",
        ),
        Text(
            zh="各相位要取的那个共同的和 c，使总代价最小。权重个数不同时，它还是各个和的平均吗？",
            en="The common sum c is the one of least total cost. Where the phases have different numbers of weights, is it still the mean of their sums?",
        ),
        Text(
            zh="c 是每一对通道各有一个，还是大家共用一个？",
            en="Has every pair of channels a c of its own, or do all share one?",
        ),
    ),
    solution=balance,
    explanation=Text(
        zh="`phase` 记下每个权重属于哪个相位，`n` 是各相位的权重个数。要把和从 S 改到 c，`n` 个权重各加 (c − S)/`n`，代价是 (c − S)²/`n`；使总代价最小的 c 是 Σ(S/`n`) / Σ(1/`n`)。每一对通道各算各的。",
        en="`phase` says to which phase each weight belongs, and `n` how many each phase has. To bring a sum from S to c, `n` weights take (c − S)/`n` each, at a cost of (c − S)²/`n`; the total is smallest at c = Σ(S/`n`) / Σ(1/`n`). Every pair of channels is treated by itself.",
    ),
    cases=_weights,
    tried=Text(
        zh="1 到 3 个通道、3×3 到 7×7 的核和长方形的核、步长 1 到 4、整除的和不整除的、两种浮点类型，都与 `balance_phases` 一致：是平的，改动也最小。",
        en="1 to 3 channels, kernels from 3×3 to 7×7 and oblong ones, strides 1 to 4, divisible or not, and two floating dtypes agree with `balance_phases`: flat, and by the smallest change.",
    ),
    mistakes=(
        Mistake(
            _to_the_mean,
            Text(
                zh="是平的，可改得太多。整除时共同的和取平均没错；个数不同时，权重多的相位改起来便宜，该由它多让一些。",
                en="It is flat, but by too much change. The mean is the right sum where the stride divides the kernel; otherwise the phases with more weights change more cheaply, and should give way more.",
            ),
        ),
        Mistake(
            _undivided,
            Text(
                zh="相位差多少，你给它的每个权重都加了多少，一共就加了好几倍。要平摊。",
                en="Every weight takes all that its phase is short of, several times too much in sum. They are to share it.",
            ),
        ),
        Mistake(
            _equal_means,
            Text(
                zh="各相位的平均相等了，和却不相等：权重的个数不一样。",
                en="The phases now have equal means, and not equal sums: they have different numbers of weights.",
            ),
        ),
        Mistake(
            _stretched,
            Text(
                zh="是平的，可不是改得最少的。按比例放大，大的权重改得多；加上同一个数，改动才最小。",
                en="It is flat, but not by the smallest change. Scaled, large weights change a lot; adding the same to each changes them least.",
            ),
        ),
        Mistake(
            _channels_together,
            Text(
                zh="你让所有通道都改动同样多。每一对通道差多少各不相同，要分别算。",
                en="You change all channels alike. Every pair of channels is short of something else, and is treated by itself.",
            ),
        ),
        Mistake(
            _one_for_all_channels,
            Text(
                zh="每一对通道内部是平的，可你让所有通道共用一个和，改动就多了。各对通道可以有自己的和。",
                en="Every pair of channels is flat, but all were brought to one sum, by more change than it takes. Each pair may have its own.",
            ),
        ),
    ),
    reference=_nearest,
)

EXERCISES = (SUMS, FLAT, BALANCE)
