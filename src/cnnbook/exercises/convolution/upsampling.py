"""Exercises of 5.14.5: the one kernel of a resize and a convolution, of a sub-pixel convolution, and a clean one.

References:
    W. Shi et al., "Is the deconvolution layer the same as a convolutional layer?", arXiv:1609.07009.
    A. Aitken et al., "Checkerboard artifact free sub-pixel convolution", arXiv:1707.02937.
"""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnbook.convolution.checkerboard import balance_phases
from cnnbook.evidence.text import Text
from cnnbook.exercises.drawing import small_numbers
from cnnbook.exercises.exercise import Case, Exercise, Mistake, given

# --- upsampling-1 ---


def one_kernel(w: Tensor, s: int) -> Tensor:
    kernel = torch.zeros(len(w) + s - 1, dtype=w.dtype)
    for u, weight in enumerate(w.flip(0)):
        kernel[u : u + s] += weight
    return kernel


def _one_bright_pixel(w: Tensor, s: int) -> Tensor:
    """What the two layers make of one pixel: zeros around it let the convolution write down all that it can."""
    bright = torch.ones(1, 1, 1, dtype=w.dtype).repeat_interleave(s, dim=2)
    return F.conv1d(bright, w[None, None], padding=len(w) - 1)[0, 0]


def _not_turned(w: Tensor, s: int) -> Tensor:
    return one_kernel(w.flip(0), s)


def _always_two(w: Tensor, s: int) -> Tensor:
    return one_kernel(w, 2)


def _each_repeated(w: Tensor, s: int) -> Tensor:
    return w.flip(0).repeat_interleave(s)


def _averaged(w: Tensor, s: int) -> Tensor:
    return one_kernel(w, s) / s


def _zeros_between(w: Tensor, s: int) -> Tensor:
    return F.pad(w.flip(0), (0, s - 1))


def _resizes() -> Iterator[Case]:
    yield given(torch.tensor([1.0, 2.0, 4.0]), 2)
    yield given(torch.tensor([1.0, 2.0, 4.0]), 3)
    yield given(torch.tensor([5.0]), 4)
    yield given(torch.tensor([1.0, 3.0]), 1)
    generator = torch.Generator().manual_seed(0)
    for k, s in ((5, 2), (3, 4), (4, 3), (7, 3)):
        yield given(small_numbers(k, generator=generator), s)
    yield given(torch.randn(5, generator=generator, dtype=torch.float64), 2)


RESIZE = Exercise(
    name="upsampling-1",
    title=Text(zh="先放大再卷积，是哪个核", en="The kernel of “resize, then convolve”"),
    statement=Text(
        zh="在一维里，先把每个像素重复 `s` 遍，再用权重 `w` 做卷积（PyTorch 的，也就是互相关）。这两步合起来是步长 `s` 的转置卷积，求它的核。",
        en="In one dimension, every pixel is repeated `s` times and the result convolved with the weights `w` (as PyTorch does it, by cross-correlation). Together that is a transposed convolution of stride `s`: find its kernel.",
    ),
    takes=Text(
        zh="w：(k,)；s ≥ 1。返回核 (k + s − 1,)，dtype 与 w 相同。",
        en="w: (k,); s ≥ 1. Returns the kernel (k + s − 1,), of the dtype of w.",
    ),
    hints=(
        Text(
            zh="让一个像素是 1，其余是 0。重复之后是什么样？",
            en="Let one pixel be 1 and all others 0. What is it after the repetition?",
        ),
        Text(
            zh="卷积从左边滑过来，最先碰到那几格的，是 `w` 的哪一头？",
            en="As the convolution slides over these cells from the left, which end of `w` meets them first?",
        ),
    ),
    solution=one_kernel,
    explanation=Text(
        zh="一个亮像素变成 `s` 个 1。窗口从左边滑来，先碰到它们的是最后一个权重，所以次序是反的；每个权重都经过全部 `s` 格，在核里也就占连着的 `s` 格，重叠处相加。",
        en="One bright pixel becomes `s` ones. The window comes from the left and touches them with its last weight first, hence the reversed order; every weight passes all `s` cells, and so fills `s` cells of the kernel in a row, and overlaps add up.",
    ),
    cases=_resizes,
    tried=Text(
        zh="1 到 7 个权重、放大 1 到 4 倍、两种浮点类型，都与真的让一个亮像素走一遍的结果相同。",
        en="1 to 7 weights, enlarged 1 to 4 times, in two floating dtypes, give what one bright pixel does on its way through the layers.",
    ),
    mistakes=(
        Mistake(
            _not_turned,
            Text(
                zh="次序反了。窗口从左边滑来，先碰到亮像素的是它右边的那个权重。",
                en="The order is wrong. The window comes from the left, and its rightmost weight meets the bright pixel first.",
            ),
        ),
        Mistake(
            _always_two,
            Text(
                zh="这是放大到两倍时的核。`s` 没有用上。",
                en="This is the kernel for an enlargement by two: `s` does nothing.",
            ),
        ),
        Mistake(
            _each_repeated,
            Text(
                zh="你把每个权重重复了 `s` 遍，一个挨一个。相邻的权重在卷积里只错开一格，所以会重叠。",
                en="You repeat every weight `s` times, side by side. In the convolution neighbouring weights lie one cell apart, and so overlap.",
            ),
        ),
        Mistake(
            _averaged,
            Text(
                zh="你多除了一个 `s`。重复像素并不会把它变暗。",
                en="You divide by `s`. Repeating a pixel does not make it darker.",
            ),
        ),
        Mistake(
            _zeros_between,
            Text(
                zh="你的像素后面跟的是零。最近邻放大跟的是同样的值。",
                en="Your pixel is followed by zeros. Nearest-neighbour enlargement follows it with copies.",
            ),
        ),
    ),
    reference=_one_bright_pixel,
)

# --- upsampling-2 ---


def shuffled(w: Tensor, s: int) -> Tensor:
    k = w.shape[-1]
    kernel = torch.zeros(k * s, k * s, dtype=w.dtype)
    for c, phase in enumerate(w):
        kernel[c // s :: s, c % s :: s] = phase.flip(0, 1)
    return kernel


def _probed(w: Tensor, s: int) -> Tensor:
    """What the layer makes of one bright pixel."""
    bright = torch.ones(1, 1, 1, 1, dtype=w.dtype)
    return F.pixel_shuffle(F.conv2d(bright, w[:, None], padding=w.shape[-1] - 1), s)[0, 0]


def _not_rotated(w: Tensor, s: int) -> Tensor:
    return shuffled(w.flip(1, 2), s)


def _rotated_last(w: Tensor, s: int) -> Tensor:
    return shuffled(w.flip(1, 2), s).flip(0, 1)


def _columns_first(w: Tensor, s: int) -> Tensor:
    return shuffled(w.unflatten(0, (s, s)).transpose(0, 1).flatten(0, 1), s)


def _in_blocks(w: Tensor, s: int) -> Tensor:
    rows = w.flip(1, 2).unflatten(0, (s, s))
    return torch.cat([torch.cat(list(row), dim=1) for row in rows])


def _one_axis(w: Tensor, s: int) -> Tensor:
    return shuffled(w.flip(1), s)


def _subpixels() -> Iterator[Case]:
    yield given(torch.tensor([1.0, 2.0, 3.0, 4.0]).reshape(4, 1, 1), 2)
    yield given(torch.arange(16.0).reshape(4, 2, 2), 2)
    yield given(torch.arange(9.0).reshape(1, 3, 3), 1)
    generator = torch.Generator().manual_seed(0)
    for k, s in ((3, 2), (2, 3), (3, 4), (5, 2)):
        yield given(small_numbers(s * s, k, k, generator=generator), s)
    yield given(torch.randn(9, 3, 3, generator=generator, dtype=torch.float64), 3)


SUBPIXEL = Exercise(
    name="upsampling-2",
    title=Text(zh="亚像素卷积的核", en="The kernel of a sub-pixel convolution"),
    statement=Text(
        zh="亚像素卷积：一个通道的图像，先卷积成 `s * s` 个通道，再由 `PixelShuffle(s)` 拼成一个通道。求与它等价的转置卷积（步长 `s`）的核，不要用 `pixel_shuffle`。",
        en="A sub-pixel convolution turns an image of one channel into `s * s` channels, which `PixelShuffle(s)` deals out to one. Find the kernel of the transposed convolution of stride `s` that it is, without `pixel_shuffle`.",
    ),
    takes=Text(
        zh="w：(s·s, k, k)，卷积的权重，输入通道那一维省掉了。返回核 (k·s, k·s)，dtype 与 w 相同。",
        en="w: (s·s, k, k), the weights of the convolution without the axis of its one input channel. Returns the kernel (k·s, k·s), of the dtype of w.",
    ),
    hints=(
        Text(
            zh="让一个像素是 1。卷积之后，第 c 个通道里是什么？",
            en="Let one pixel be 1. What is in channel c after the convolution?",
        ),
        Text(
            zh="`PixelShuffle` 把第 c 个通道放到每个 s×s 小块的哪一格？",
            en="On which cell of every s×s block does `PixelShuffle` put channel c?",
        ),
        Text(
            zh="所以第 c 个通道的核，落在整个核里相隔 `s` 的那些格上，从第几行第几列起？",
            en="So the kernel of channel c falls on cells of the whole that lie `s` apart. Beginning in which row and column?",
        ),
    ),
    solution=shuffled,
    explanation=Text(
        zh="一个亮像素经过卷积，每个通道里出现的是旋转 180° 的核。第 c 个通道归 s×s 小块的第 `c // s` 行、第 `c % s` 列，所以它的核占着从那里起、彼此相差 `s` 格的格子。这些格子正是一个相位：亚像素卷积就是把转置卷积的核按相位分着存。",
        en="A bright pixel leaves the kernel of every channel, rotated by 180°. Channel c belongs to row `c // s` and column `c % s` of each s×s block, so its kernel takes every `s`-th cell from there on. Those cells are a phase: a sub-pixel convolution stores the kernel of a transposed one by its phases.",
    ),
    cases=_subpixels,
    tried=Text(
        zh="1×1 到 5×5 的核、放大 1 到 4 倍、两种浮点类型，都与真的让一个亮像素走一遍的结果相同。",
        en="kernels of 1×1 to 5×5, enlarged 1 to 4 times, in two floating dtypes, give what one bright pixel does on its way through the layer.",
    ),
    mistakes=(
        Mistake(
            _not_rotated,
            Text(
                zh="格子放对了，每个通道的核却没有转。亮像素留下的是旋转 180° 的核。",
                en="The cells are right, but the channels' kernels are not rotated. A bright pixel leaves a kernel rotated by 180°.",
            ),
        ),
        Mistake(
            _rotated_last,
            Text(
                zh="你先拼好，再整个旋转，相位也跟着转了。要转的只是每个通道自己的核。",
                en="You put it together and then rotate the whole, phases included. Only the kernel of each channel is to be rotated.",
            ),
        ),
        Mistake(
            _columns_first,
            Text(
                zh="`PixelShuffle` 在小块里先排满一行，再排下一行；你先排的是列。",
                en="`PixelShuffle` fills a block row by row; yours is filled by columns.",
            ),
        ),
        Mistake(
            _in_blocks,
            Text(
                zh="你把各通道的核整块地拼在一起。它们应当交错：同一个通道的权重相隔 `s` 格。",
                en="You put the channels' kernels side by side as blocks. They interleave: weights of one channel lie `s` cells apart.",
            ),
        ),
        Mistake(
            _one_axis,
            Text(
                zh="每个核只翻了一个方向。旋转 180° 要翻两个。",
                en="Every kernel is turned along one axis alone. A rotation by 180° turns both.",
            ),
        ),
    ),
    reference=_probed,
)

# --- upsampling-3 ---


def clean(weight: Tensor, bias: Tensor, s: int) -> tuple[Tensor, Tensor]:
    w = weight.unflatten(0, (-1, s * s))
    b = bias.unflatten(0, (-1, s * s))
    means = w.mean((3, 4), keepdim=True)
    w = w - means + means.mean(1, keepdim=True)
    b = b.mean(1, keepdim=True).expand_as(b)
    return w.flatten(0, 1), b.flatten()


def _as_one_kernel(weight: Tensor, bias: Tensor, s: int) -> tuple[Tensor, Tensor]:
    """By way of the transposed convolution that the layer is."""
    kernel = F.pixel_shuffle(weight.flip(2, 3).transpose(0, 1), s)
    back = F.pixel_unshuffle(balance_phases(kernel, s), s).transpose(0, 1).flip(2, 3)
    return back, F.avg_pool1d(bias[None], s * s)[0].repeat_interleave(s * s)


def _turns(weight: Tensor, s: int) -> Tensor:
    """The channels in the order in which `repeat` would have them, for a mistake to group."""
    return weight.unflatten(0, (s * s, -1)).transpose(0, 1).flatten(0, 1)


def _grouped_by_turns(weight: Tensor, bias: Tensor, s: int) -> tuple[Tensor, Tensor]:
    w, b = clean(_turns(weight, s), _turns(bias, s), s)
    back = [one.unflatten(0, (-1, s * s)).transpose(0, 1).flatten(0, 1) for one in (w, b)]
    return back[0], back[1]


def _weight_alone(weight: Tensor, bias: Tensor, s: int) -> tuple[Tensor, Tensor]:
    return clean(weight, bias, s)[0], bias


def _all_equal(weight: Tensor, bias: Tensor, s: int) -> tuple[Tensor, Tensor]:
    w = weight.unflatten(0, (-1, s * s))
    return w.mean(1, keepdim=True).expand_as(w).flatten(0, 1), clean(weight, bias, s)[1]


def _first_copied(weight: Tensor, bias: Tensor, s: int) -> tuple[Tensor, Tensor]:
    w, b = weight[:: s * s], bias[:: s * s]
    return w.repeat_interleave(s * s, dim=0), b.repeat_interleave(s * s)


def _inputs_together(weight: Tensor, bias: Tensor, s: int) -> tuple[Tensor, Tensor]:
    w = weight.unflatten(0, (-1, s * s))
    means = w.mean((2, 3, 4), keepdim=True)
    return (w - means + means.mean(1, keepdim=True)).flatten(0, 1), clean(weight, bias, s)[1]


def _to_zero(weight: Tensor, bias: Tensor, s: int) -> tuple[Tensor, Tensor]:
    return weight - weight.mean((2, 3), keepdim=True), torch.zeros_like(bias)


def _undivided(weight: Tensor, bias: Tensor, s: int) -> tuple[Tensor, Tensor]:
    w = weight.unflatten(0, (-1, s * s))
    sums = w.sum((3, 4), keepdim=True)
    return (w - sums + sums.mean(1, keepdim=True)).flatten(0, 1), clean(weight, bias, s)[1]


def _layers() -> Iterator[Case]:
    generator = torch.Generator().manual_seed(0)
    yield given(torch.tensor([1.0, 2.0, 3.0, 6.0]).reshape(4, 1, 1, 1), torch.tensor([0.0, 4.0, 0.0, 0.0]), 2)
    yield given(torch.arange(8.0).square().reshape(8, 1, 1, 1), torch.arange(8.0), 2)
    yield given(small_numbers(4, 2, 1, 2, generator=generator), torch.zeros(4), 2)
    yield given(small_numbers(2, 1, 3, 3, generator=generator), torch.tensor([1.0, 2.0]), 1)
    for out, inside, k, s in ((2, 3, 3, 2), (3, 2, 3, 3), (1, 4, 5, 2)):
        channels = out * s * s
        weight, bias = (
            torch.randn(channels, inside, k, k, generator=generator),
            torch.randn(channels, generator=generator),
        )
        yield given(weight.double(), bias.double(), s)


CLEAN = Exercise(
    name="upsampling-3",
    title=Text(zh="让亚像素卷积干净", en="A clean sub-pixel convolution"),
    statement=Text(
        zh="一个亚像素卷积，先卷积再 `PixelShuffle(s)`，有几个输入和输出通道。改动它的权重和偏置，使得不论输入是哪些常数（每个输入通道一个），输出都是平的，而改动的平方和最小。",
        en="A sub-pixel convolution, a convolution and `PixelShuffle(s)`, has several input and output channels. Change its weight and its bias so that any constants, one in each input channel, come out flat, with the smallest sum of squared changes.",
    ),
    takes=Text(
        zh="weight：(C_out·s·s, C_in, kH, kW)；bias：(C_out·s·s,)。返回 (weight, bias)，形状和 dtype 不变。",
        en="weight: (C_out·s·s, C_in, kH, kW); bias: (C_out·s·s,). Returns (weight, bias), of the same shapes and dtypes.",
    ),
    hints=(
        Text(
            zh="一个输出通道由哪 `s * s` 个卷积通道拼成？",
            en="Of which `s * s` channels of the convolution is one output channel made?",
        ),
        Text(
            zh="输入是常数时，每个相位只看得见核的和。哪些和必须相等？",
            en="On a constant a phase sees the sum of its kernel alone. Which sums must be equal?",
        ),
        Text(
            zh="核的和要变动多少，由核里的权重平摊。偏置呢？",
            en="What the sum of a kernel has to change by, its weights share alike. And the bias?",
        ),
    ),
    solution=clean,
    explanation=Text(
        zh="挨着的 `s * s` 个通道拼成一个输出通道。对每个输入通道，它们的核的和要相等；各个核的权重一样多，所以最省的办法是都移到平均数。减去自己的平均、加上共同的平均，和就相等了，每个权重改的也一样多。偏置同样移到平均数。ICNR 让各个核完全相同，也是干净的，但改得多得多。",
        en="`s * s` channels next to each other make one output channel. For each input channel the sums of their kernels must be equal; all have as many weights, so it is cheapest to move all to the mean. Take away a kernel's own mean and add the common one, and the sums are equal, with all weights of a kernel changed alike. The bias moves to its mean as well. ICNR makes the kernels the same, which is clean, too, but a much larger change.",
    ),
    cases=_layers,
    tried=Text(
        zh="1 到 3 个输出通道、1 到 4 个输入通道、放大 1 到 3 倍、两种浮点类型，都与把这一层当作转置卷积、用 `balance_phases` 平衡的结果相同。",
        en="1 to 3 output channels, 1 to 4 input channels, enlarged 1 to 3 times, in two floating dtypes, give what `balance_phases` makes of the layer as a transposed convolution.",
    ),
    mistakes=(
        Mistake(
            _grouped_by_turns,
            Text(
                zh="你把相隔着的通道归成一组，那是 `repeat` 的次序。`PixelShuffle` 用的是挨在一起的。",
                en="You group channels that lie apart, as `repeat` orders them. `PixelShuffle` takes those next to each other.",
            ),
        ),
        Mistake(
            _weight_alone,
            Text(
                zh="权重对了。偏置也有相位，不处理，它自己就会画出格纹。",
                en="The weight is right. The bias has phases, too, and draws a lattice of its own.",
            ),
        ),
        Mistake(
            _all_equal,
            Text(
                zh="是干净的，可改得太多：你让各个核完全相同，其实只要它们的和相等。",
                en="It is clean, but by too large a change: you made the kernels equal, where equal sums are enough.",
            ),
        ),
        Mistake(
            _first_copied,
            Text(
                zh="这是 ICNR，当作起点很好。可题目要改动最小，你却扔掉了多数的核。",
                en="This is ICNR, and a good start. But the change was to be the smallest, and you throw most of the kernels away.",
            ),
        ),
        Mistake(
            _inputs_together,
            Text(
                zh="你把各输入通道加在一起算，只有它们的常数相等时才平。每个输入通道都要单独满足。",
                en="You treat the input channels together, which is flat only where all carry the same constant. Each must meet the condition by itself.",
            ),
        ),
        Mistake(
            _to_zero,
            Text(
                zh="你把和都变成了 0。它们只要相等，移到平均数就够了。",
                en="You brought all sums to 0. They need only be equal, and the mean is nearer.",
            ),
        ),
        Mistake(
            _undivided,
            Text(
                zh="和差多少，你给每个权重都加了多少，一共加了好几倍。要平摊。",
                en="Every weight takes the whole difference of the sums, several times too much. They are to share it.",
            ),
        ),
    ),
    reference=_as_one_kernel,
)

EXERCISES = (RESIZE, SUBPIXEL, CLEAN)
