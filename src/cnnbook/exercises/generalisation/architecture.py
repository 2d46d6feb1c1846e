"""Exercises of 5.16.5: the receptive field, and a skip connection where the shape changes.

References:
    K. He et al., "Deep residual learning for image recognition", arXiv:1512.03385 (option A).
"""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.exercise import Case, Exercise, Mistake, given
from cnnbook.generalisation.architecture import receptive_field

Layers = list[tuple[int, int, int]]

# --- architecture-1 ---


def field(layers: list[tuple[int, int, int]]) -> int:
    side, step = 1, 1
    for k, s, d in layers:
        side += d * (k - 1) * step
        step *= s
    return side


def _own_stride_too(layers: Layers) -> int:
    side, step = 1, 1
    for k, s, d in layers:
        step *= s
        side += d * (k - 1) * step
    return side


def _no_dilation(layers: Layers) -> int:
    return field([(k, s, 1) for k, s, _ in layers])


def _no_stride(layers: Layers) -> int:
    return field([(k, 1, d) for k, _, d in layers])


def _whole_kernels(layers: Layers) -> int:
    side, step = 1, 1
    for k, s, d in layers:
        side += d * k * step
        step *= s
    return side


def _from_the_end(layers: Layers) -> int:
    return field(layers[::-1])


def _last_stride_only(layers: Layers) -> int:
    side, before = 1, 1
    for k, s, d in layers:
        side += d * (k - 1) * before
        before = s
    return side


def _stacks() -> Iterator[Case]:
    for layers in (
        [(5, 1, 1)],
        [(3, 1, 1), (3, 1, 1)],
        [(3, 2, 1)],
        [(3, 1, 2)],
        [(3, 2, 1), (5, 1, 1)],
        [(5, 2, 1), (3, 2, 1), (3, 1, 1)],
        [(1, 3, 1), (2, 2, 3), (4, 1, 2)],
        [],
    ):
        yield given(layers)


FIELD = Exercise(
    name="architecture-1",
    title=Text(zh="感受野", en="The receptive field"),
    statement=Text(
        zh="`layers` 从输入一侧数起，每层给出核大小 k、步长 s、膨胀率 d。算出最后一层的一个输出看得到输入的多少格（边长）。",
        en="`layers` gives the kernel size k, the stride s and the dilation d of every layer, from the input on. Find how many cells of the input, across, one output of the last layer sees.",
    ),
    takes=Text(
        zh="layers：列表，每项是 (k, s, d)，都 ≥ 1；可以为空。返回整数。",
        en="layers: a list of (k, s, d), all ≥ 1; it may be empty. Returns an int.",
    ),
    hints=(
        Text(
            zh="没有层时，一个输出就是一个输入。每加一层，边长增加多少？",
            en="Without layers an output is an input. How much does every layer add to the side?",
        ),
        Text(
            zh="一层的核跨过 `d * (k - 1)` 格，是它自己的输入的格。这样的一格，在最初的输入上有多宽？",
            en="The kernel of a layer spans `d * (k - 1)` cells of its own input. How wide is such a cell on the first input?",
        ),
    ),
    solution=field,
    explanation=Text(
        zh="`step` 是当前这一层输入的一格在最初输入上的宽度，也就是前面各层步长之积。先按它加宽，再乘上这一层自己的步长，留给后面的层用。",
        en="`step` is how far apart, on the first input, the cells are that the layer sees: the product of the strides before it. Widen by it first, then multiply by the layer's own stride, which counts for the layers behind it.",
    ),
    cases=_stacks,
    tried=Text(
        zh="一层到三层、各种步长和膨胀率、没有层，都与 `receptive_field` 一致。",
        en="one to three layers, several strides and dilations, and no layer at all: all agree with `receptive_field`.",
    ),
    mistakes=(
        Mistake(
            _own_stride_too,
            Text(
                zh="一层自己的步长，只影响它后面的层。单独一层看多宽，与步长无关。",
                en="A layer's own stride matters to the layers behind it. How much a single layer sees does not depend on it.",
            ),
        ),
        Mistake(
            _no_dilation,
            Text(
                zh="你没有用膨胀率：核的各格隔开了，跨得更宽。",
                en="You leave the dilation out: it moves a kernel's cells apart, so that it spans more.",
            ),
        ),
        Mistake(
            _no_stride,
            Text(
                zh="你没有用步长：前面的层跳着走，后面的一格就更宽。",
                en="You leave the strides out: where a layer moves in leaps, the cells behind it are wider apart.",
            ),
        ),
        Mistake(
            _whole_kernels,
            Text(
                zh="每层你都多加了一格。核大小为 k，从第一格到最后一格只隔 k − 1 步。",
                en="You add one cell too many for each layer. From the first cell of a kernel to the last there are k − 1 steps.",
            ),
        ),
        Mistake(
            _from_the_end,
            Text(
                zh="次序反了：列表是从输入一侧数起的。", en="You go from the wrong end: the list begins at the input."
            ),
        ),
        Mistake(
            _last_stride_only,
            Text(
                zh="前面不止一层时，步长要全部乘起来，你只用了紧挨着的那一个。",
                en="Where there are several layers before, all their strides are multiplied. You use that of the nearest.",
            ),
        ),
    ),
    reference=receptive_field,
)

# --- architecture-2 ---


def block(x: Tensor, w1: Tensor, w2: Tensor, s: int) -> Tensor:
    f = F.conv2d(x, w1, stride=s, padding=1).relu()
    f = F.conv2d(f, w2, padding=1)
    skip = x[:, :, ::s, ::s]
    skip = F.pad(skip, (0, 0, 0, 0, 0, f.shape[1] - x.shape[1]))
    return (skip + f).relu()


def _f(x: Tensor, w1: Tensor, w2: Tensor, s: int) -> Tensor:
    return F.conv2d(F.conv2d(x, w1, stride=s, padding=1).relu(), w2, padding=1)


def _filled(skip: Tensor, channels: int) -> Tensor:
    return F.pad(skip, (0, 0, 0, 0, 0, channels - skip.shape[1]))


def _by_a_convolution(x: Tensor, w1: Tensor, w2: Tensor, s: int) -> Tensor:
    """The skip as a 1×1 convolution whose weights are zeros and ones."""
    ones = torch.eye(len(w2), x.shape[1], dtype=x.dtype)[:, :, None, None]
    return (F.conv2d(x, ones, stride=s) + _f(x, w1, w2, s)).relu()


def _added_after(x: Tensor, w1: Tensor, w2: Tensor, s: int) -> Tensor:
    return _filled(x[:, :, ::s, ::s], len(w2)) + _f(x, w1, w2, s).relu()


def _not_rectified(x: Tensor, w1: Tensor, w2: Tensor, s: int) -> Tensor:
    return _filled(x[:, :, ::s, ::s], len(w2)) + _f(x, w1, w2, s)


def _averaged(x: Tensor, w1: Tensor, w2: Tensor, s: int) -> Tensor:
    return (_filled(F.avg_pool2d(x, s, ceil_mode=True), len(w2)) + _f(x, w1, w2, s)).relu()


def _corner(x: Tensor, w1: Tensor, w2: Tensor, s: int) -> Tensor:
    f = _f(x, w1, w2, s)
    return (_filled(x[:, :, : f.shape[2], : f.shape[3]], len(w2)) + f).relu()


def _in_front(x: Tensor, w1: Tensor, w2: Tensor, s: int) -> Tensor:
    return (F.pad(x[:, :, ::s, ::s], (0, 0, 0, 0, len(w2) - x.shape[1], 0)) + _f(x, w1, w2, s)).relu()


def _repeated(x: Tensor, w1: Tensor, w2: Tensor, s: int) -> Tensor:
    channels = torch.arange(len(w2)) % x.shape[1]
    return (x[:, channels, ::s, ::s] + _f(x, w1, w2, s)).relu()


def _no_skip(x: Tensor, w1: Tensor, w2: Tensor, s: int) -> Tensor:
    return _f(x, w1, w2, s).relu()


def _blocks() -> Iterator[Case]:
    x = torch.arange(1.0, 17).reshape(1, 1, 4, 4)
    yield given(x[:, :, :2, :2].clone(), torch.zeros(1, 1, 3, 3), torch.zeros(1, 1, 3, 3), 1)
    yield given(x, torch.zeros(1, 1, 3, 3), torch.zeros(1, 1, 3, 3), 2)
    yield given(x, torch.zeros(2, 1, 3, 3), torch.zeros(2, 2, 3, 3), 2)
    generator = torch.Generator().manual_seed(0)
    for n, before, after, side, s in ((2, 2, 2, 5, 1), (1, 2, 5, 7, 2), (2, 3, 6, 8, 3)):
        x = torch.rand(n, before, side, side + 1, generator=generator, dtype=torch.float64)
        weights = (torch.randn(after, c, 3, 3, generator=generator, dtype=torch.float64) / 3 for c in (before, after))
        yield given(x, *weights, s)


BLOCK = Exercise(
    name="architecture-2",
    title=Text(zh="形状变了，怎么跳", en="A skip across a change of shape"),
    statement=Text(
        zh="写出带跳跃连接的块 ReLU(x + f(x))。f 是两个 3×3 卷积，边上填充 1，中间一个 ReLU；第一个的步长是 `s`，通道也可能变多。所以跳过去的 `x` 要跟着变：行和列都每 `s` 格取一格，从第 0 格取起；缺的通道在后面用零补足。不另加参数。",
        en="Write the block with a skip connection, ReLU(x + f(x)). Its f is two 3×3 convolutions, padded by 1, with a ReLU between them; the first has the stride `s`, and there may be more channels after it. So the `x` that is skipped must change as well: take every `s`-th row and column, from row and column 0 on, and add zeros behind for the channels that are missing. No other parameters.",
    ),
    takes=Text(
        zh="x：(N, C, H, W)；w1：(C', C, 3, 3)；w2：(C', C', 3, 3)，C' ≥ C；s ≥ 1。返回 (N, C', ⌈H/s⌉, ⌈W/s⌉)，dtype 与 x 相同。",
        en="x: (N, C, H, W); w1: (C', C, 3, 3); w2: (C', C', 3, 3), C' ≥ C; s ≥ 1. Returns (N, C', ⌈H/s⌉, ⌈W/s⌉), of the dtype of x.",
    ),
    hints=(
        Text(zh="先写 f，看它的输出是什么形状。", en="Write f first, and look at the shape of its output."),
        Text(
            zh="切片可以带步长；`F.pad` 也能补通道那一维。",
            en="A slice may have a step, and `F.pad` can pad the axis of the channels, too.",
        ),
        Text(zh="最后一个 ReLU 在相加之前，还是之后？", en="Does the last ReLU come before the addition, or after it?"),
    ),
    solution=block,
    explanation=Text(
        zh="步长 `s` 的卷积，第 i 个输出的中心在第 `s` i 格，所以跳过去的也取这些格，两边才对得上。权重为零时，前 C 个通道就是缩小的 `x`，原样通过。`F.pad` 从最后一维数起，每维两个数，第三对就是通道。",
        en="Output i of a convolution with the stride `s` has its centre at cell `s` i, so the skip takes these cells, and the two match. With weights of zero the first C channels are `x`, made smaller, and pass as they are. `F.pad` counts from the last axis, two numbers for each, so that the third pair is for the channels.",
    ),
    cases=_blocks,
    tried=Text(
        zh="权重为零和随机的块、步长 1 到 3、除不尽的边长、通道不变和变多，都与用零一权重的 1×1 卷积做的跳跃连接一致。",
        en="blocks with weights of zero and at random, strides 1 to 3, sides that do not divide, as many channels and more: all agree with a skip that is a 1×1 convolution with weights of zero and one.",
    ),
    mistakes=(
        Mistake(
            _added_after,
            Text(
                zh="你先做了 ReLU 再相加。ReLU 在最外面：先加，后取。",
                en="You take the ReLU and then add. It is the outermost: add first.",
            ),
        ),
        Mistake(_not_rectified, Text(zh="相加之后，还少一个 ReLU。", en="After the addition a ReLU is missing.")),
        Mistake(
            _averaged,
            Text(
                zh="你对每一小块取了平均。这里要的是每 `s` 格取一格。",
                en="You take the mean of every patch. What was asked for is every `s`-th cell.",
            ),
        ),
        Mistake(
            _corner,
            Text(
                zh="大小对了，可你取的是左上角的一块。应当每 `s` 格取一格。",
                en="The size is right, but you cut out the upper left corner. Take every `s`-th cell.",
            ),
        ),
        Mistake(
            _in_front,
            Text(
                zh="零补在了通道的前面，`x` 的通道因此挪了位置。补在后面。",
                en="Your zeros come before the channels of `x`, and move them. Add them behind.",
            ),
        ),
        Mistake(
            _repeated,
            Text(
                zh="缺的通道，你用 `x` 的通道重复填上了（只有一个通道时，广播也会这样）。应当补零。",
                en="You fill the missing channels by repeating those of `x`, as broadcasting does where there is one. Fill them with zeros.",
            ),
        ),
        Mistake(
            _no_skip,
            Text(
                zh="这是没有跳跃连接的块：`x` 没有加上去。", en="This is the block without its skip: `x` is not added."
            ),
        ),
    ),
    reference=_by_a_convolution,
)

EXERCISES = (FIELD, BLOCK)
