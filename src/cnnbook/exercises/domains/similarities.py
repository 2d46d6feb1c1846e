"""Exercises of 5.17.1: a video frame by frame, look-up and convolution in one, a kernel that sees one motion.

References:
    D. Tran et al., "Learning spatiotemporal features with 3D convolutional networks", arXiv:1412.0767.
"""

from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnbook.domains.similarities import moving
from cnnbook.evidence.text import Text
from cnnbook.exercises.drawing import small_numbers
from cnnbook.exercises.exercise import Case, Exercise, Fault, Mistake, given

# --- similarities-1 ---


def frame_by_frame(x: Tensor, w: Tensor) -> Tensor:
    n, t = x.shape[0], x.shape[2]
    frames = x.transpose(1, 2).flatten(0, 1)
    y = F.conv2d(frames, w)
    return y.unflatten(0, (n, t)).transpose(1, 2)


def _library(x: Tensor, w: Tensor) -> Tensor:
    return F.conv3d(x, w[:, :, None])


def _not_moved(x: Tensor, w: Tensor) -> Tensor:
    n, c, t, h, width = x.shape
    y = F.conv2d(x.reshape(n * t, c, h, width), w)
    return y.reshape(n, t, *y.shape[1:]).transpose(1, 2)


def _not_moved_back(x: Tensor, w: Tensor) -> Tensor:
    return frame_by_frame(x, w).transpose(1, 2)


def _read_back_otherwise(x: Tensor, w: Tensor) -> Tensor:
    y = frame_by_frame(x, w).transpose(1, 2)
    n, t, c, h, width = y.shape
    return y.reshape(n, c, t, h, width)


def _left_in_the_batch(x: Tensor, w: Tensor) -> Tensor:
    return F.conv2d(x.transpose(1, 2).flatten(0, 1), w)


def _films() -> Iterator[Case]:
    yield given(torch.arange(1.0, 5.0).reshape(1, 2, 2, 1, 1), torch.tensor([[[[1.0]], [[10.0]]]]))
    yield given(torch.arange(1.0, 7.0).reshape(1, 1, 3, 1, 2), torch.tensor([[[[1.0, -1.0]]], [[[1.0, 1.0]]]]))
    generator = torch.Generator().manual_seed(0)
    for n, c, t, size, o, k in (
        (2, 1, 3, (3, 4), 1, (2, 2)),
        (1, 3, 2, (4, 3), 2, (1, 3)),
        (2, 3, 4, (5, 4), 5, (3, 2)),
    ):
        yield given(small_numbers(n, c, t, *size, generator=generator), small_numbers(o, c, *k, generator=generator))
    yield given(*(torch.randn(2, 2, *s, generator=generator, dtype=torch.float64) for s in ((3, 4, 4), (2, 2))))


FRAMES = Exercise(
    name="similarities-1",
    title=Text(zh="逐帧卷积", en="Frame by frame"),
    statement=Text(
        zh="只用 `F.conv2d`，不用循环，写出核在时间轴上只占一帧的三维卷积：视频 `x` 的每一帧各自用 `w` 卷积，结果还是一段视频。步长 1，没有填充。",
        en="With `F.conv2d` alone and without a loop, write the three-dimensional convolution whose kernel is one frame long: every frame of the video `x` is convolved with `w` by itself, and the result is a video again. Stride 1, no padding.",
    ),
    takes=Text(
        zh="x：(N, C, T, H, W)；w：(O, C, kH, kW)。返回 (N, O, T, H', W')，dtype 与 x 相同。",
        en="x: (N, C, T, H, W); w: (O, C, kH, kW). Returns (N, O, T, H', W'), of the dtype of x.",
    ),
    hints=(
        Text(
            zh="二维卷积不在乎一批里有几张图像。哪两根轴可以合成一根批次轴？",
            en="A two-dimensional convolution does not mind how many images a batch has. Which two axes may become one of those?",
        ),
        Text(
            zh="`flatten` 和 `reshape` 只能合并相邻的轴。这两根轴现在相邻吗？",
            en="`flatten` and `reshape` merge axes that stand side by side. Do these two?",
        ),
        Text(
            zh="卷完之后，按合并时相反的次序，一步一步拆回去。",
            en="Afterwards undo what you did, the last step first.",
        ),
    ),
    solution=frame_by_frame,
    explanation=Text(
        zh="时间先挪到通道前面，才能与批次合并，这样每张“图像”才是同一帧的全部通道。卷完先拆开批次和时间，再把时间挪回通道后面。",
        en="Time is moved in front of the channels first, so that it can be merged with the batch and each “image” is one frame with all of its channels. Afterwards batch and time are parted, and time goes back behind the channels.",
    ),
    cases=_films,
    tried=Text(
        zh="一段和两段视频、一个到三个通道、两帧到四帧、长宽不等的帧和核、两种浮点类型，都与 PyTorch 的 `conv3d` 一致。",
        en="one and two videos, one to three channels, two to four frames, frames and kernels whose sides differ and two floating dtypes all agree with PyTorch's `conv3d`.",
    ),
    mistakes=(
        Mistake(
            _not_moved,
            Text(
                zh="`reshape` 合得上形状，却把通道和时间混在了一起：合并之前，时间还在通道后面。",
                en="With `reshape` the shape is right, and channels and frames are mixed: time still stood behind the channels when you merged.",
            ),
        ),
        Mistake(
            _not_moved_back,
            Text(
                zh="每一帧都卷对了，但次序还是批次、时间、通道。还差一步。",
                en="Each frame is right, but the axes are still batch, time, channels. One step is missing.",
            ),
        ),
        Mistake(
            _read_back_otherwise,
            Text(
                zh="卷完之后，批次轴里的每一项是一帧，里面是它的全部通道；你却照通道在前的次序去拆。",
                en="After the convolution each item of the batch is a frame with all of its channels, but you part it as if the channels came first.",
            ),
        ),
        Mistake(
            _left_in_the_batch,
            Text(
                zh="帧还留在批次里。要返回的是视频，时间得重新成为一根轴。",
                en="The frames are still in the batch. A video is asked for, in which time is an axis again.",
            ),
        ),
    ),
    reference=_library,
)

# --- similarities-2 ---


def in_one(table: Tensor, w: Tensor) -> Tensor:
    return torch.einsum("vd,cdk->cvk", table, w)


def _word_by_word(table: Tensor, w: Tensor) -> Tensor:
    """What each word alone makes of the kernel: its vector stands at one place, and the response says the weight."""
    c, _, k = w.shape
    kernel = torch.empty(c, len(table), k, dtype=w.dtype)
    for v, vector in enumerate(table):
        alone = F.pad(vector[None, :, None], (k - 1, k - 1))
        kernel[:, v] = F.conv1d(alone, w)[0].flip(1)
    return kernel


def _look_up_alone(table: Tensor, w: Tensor) -> Tensor:
    return table.T[:, :, None]


def _backwards(table: Tensor, w: Tensor) -> Tensor:
    return in_one(table, w).flip(2)


def _summed_over_places(table: Tensor, w: Tensor) -> Tensor:
    return torch.einsum("vd,cdk->cv", table, w)[..., None].expand(-1, -1, w.shape[2]).contiguous()


def _words_first(table: Tensor, w: Tensor) -> Tensor:
    return in_one(table, w).transpose(0, 1).contiguous()


def _tables() -> Iterator[Case]:
    yield given(torch.tensor([[1.0, 2.0], [0.0, 5.0], [3.0, 0.0]]), torch.tensor([[[1.0, 0.0], [0.0, 10.0]]]))
    generator = torch.Generator().manual_seed(0)
    for v, d, c, k in ((3, 1, 1, 2), (4, 3, 2, 1), (5, 4, 5, 3), (6, 2, 3, 4)):
        yield given(small_numbers(v, d, generator=generator), small_numbers(c, d, k, generator=generator))
    yield given(*(torch.randn(*s, generator=generator, dtype=torch.float64) for s in ((7, 3), (4, 3, 2))))


IN_ONE = Exercise(
    name="similarities-2",
    title=Text(zh="查表和卷积，合成一次", en="Look-up and convolution in one"),
    statement=Text(
        zh="词先从表 `table` 里查出词向量，再用核 `w` 做一维卷积。查表也是卷积，所以这两步可以合成一步：求一个核，让它直接卷 one-hot 的词，结果和原来的两步一样。",
        en="Words are looked up in `table`, and their vectors convolved with the kernel `w` along one axis. Since looking up is a convolution too, the two can be one: find the kernel that convolves the one-hot words themselves, with the same result.",
    ),
    takes=Text(
        zh="table：(V, D)，每个词一行；w：(C, D, K)。返回合成的核 (C, V, K)，dtype 与 w 相同。",
        en="table: (V, D), a row for each word; w: (C, D, K). Returns the one kernel, (C, V, K), of the dtype of w.",
    ),
    hints=(
        Text(
            zh="新的核，输入通道是词典里的词：每个词一个通道。",
            en="The input channels of the new kernel are the words of the dictionary, one for each.",
        ),
        Text(
            zh="窗口里第 k 个词是 v 时，它对第 c 个输出贡献多少？先按原来的两步写出来。",
            en="If the word at place k of a window is v, how much does it add to output c? Write that down for the two steps first.",
        ),
        Text(
            zh="这是一个对 D 个分量的求和，`torch.einsum` 一行就能写完。",
            en="It is a sum over the D numbers of the vector, one line of `torch.einsum`.",
        ),
    ),
    solution=in_one,
    explanation=Text(
        zh="位置 k 上的词 v 贡献的是它的词向量与 `w` 在这个位置的一列的内积：对 d 求和，`table[v, d] * w[c, d, k]`。两次线性运算接在一起还是线性运算，中间没有激活函数才合得起来。",
        en="The word v at place k adds the inner product of its vector with what `w` has at that place: the sum over d of `table[v, d] * w[c, d, k]`. One linear operation after another is linear again, as long as no activation stands between them.",
    ),
    cases=_tables,
    tried=Text(
        zh="词典、词向量、输出和核各有大小，两种浮点类型：每个词在每个位置上，都和先查表再卷积的一样。",
        en="for dictionaries, vectors, outputs and kernels of several sizes and in two floating dtypes, each word at each place adds what it does when looked up and then convolved.",
    ),
    mistakes=(
        Mistake(
            _look_up_alone,
            Text(
                zh="这个核只查了表。后面用 `w` 做的卷积也要合进去。",
                en="This kernel does no more than look up. The convolution with `w` belongs in it as well.",
            ),
        ),
        Mistake(
            _backwards,
            Text(
                zh="各个位置的次序反了。PyTorch 的卷积不旋转核，合成之后也不用。",
                en="Its places are in the opposite order. PyTorch's convolution rotates no kernel, and this one needs no rotating either.",
            ),
        ),
        Mistake(
            _summed_over_places,
            Text(
                zh="你把各个位置加到了一起。同一个词在窗口的第一格和第二格，权重并不相同；只对词向量的分量求和。",
                en="You add up the places. A word at the first place of the window has another weight than at the second: sum over the numbers of the vector only.",
            ),
        ),
        Mistake(
            _words_first,
            Text(
                zh="数都对了，轴的次序不对：PyTorch 的核，输出通道在前，输入通道在后。输入通道是词。",
                en="The numbers are right and the axes are not: in PyTorch a kernel has its output channels first and its input channels second. The input channels are the words.",
            ),
        ),
    ),
    reference=_word_by_word,
)

# --- similarities-3 ---


def motion(u: int, v: int) -> Tensor:
    w = torch.zeros(1, 1, 2, 3, 3)
    w[0, 0, 0, 1, 1] = 1
    w[0, 0, 1, 1 + u, 1 + v] = 1
    return w


def _the_other_way(u: int, v: int) -> Tensor:
    return motion(-u, -v)


def _time_turned(u: int, v: int) -> Tensor:
    return motion(u, v).flip(2)


def _columns_first(u: int, v: int) -> Tensor:
    return motion(v, u)


def _one_frame(u: int, v: int) -> Tensor:
    w = motion(u, v)
    w[0, 0, 0] = 0
    return w


def _all_in_one(u: int, v: int) -> Tensor:
    w = motion(u, v)
    w[0, 0, 0] = w[0, 0].amax(0)
    w[0, 0, 1] = w[0, 0, 0]
    return w


WAYS = [(u, v) for u in (-1, 0, 1) for v in (-1, 0, 1)]


def _directions() -> Iterator[Case]:
    for u, v in ((0, 1), (1, 0), (1, 1), (-1, 1), (0, -1), (-1, 0), (1, -1), (-1, -1), (0, 0)):
        yield given(u, v)


def _films_of_a_point() -> Tensor:
    """A point that moves in each of the nine ways over a square of nine."""
    point, start = torch.ones(len(WAYS), 1, 1), torch.full((len(WAYS), 2), 4)
    return moving(point, start, torch.tensor(WAYS), frames=3, size=9)


def _sees(answer: Callable[..., object], case: Case) -> Fault | None:
    w = answer(*case.arguments)
    if not (isinstance(w, Tensor) and w.is_floating_point() and w.shape == (1, 1, 2, 3, 3)):
        rule = Text(
            zh="应当返回浮点张量，形状是 (1, 1, 2, 3, 3)", en="a float tensor of shape (1, 1, 2, 3, 3) is wanted"
        )
        return Fault(rule, came=w)
    responses = F.conv3d(_films_of_a_point(), w.detach().float()).amax((1, 2, 3, 4)).tolist()
    own = responses[WAYS.index(case.arguments)]
    others = {way: largest for way, largest in zip(WAYS, responses, strict=True) if way != case.arguments}
    for way in sorted(others, key=lambda way: (-others[way], WAYS.index(way))):
        if not own > others[way] + 1e-6:
            rule = Text(
                zh=f"速度为 {way} 的点，最大响应是 {others[way]:g}；速度为 {case.arguments} 的是 {own:g}，应当更大",
                en=f"the largest response to a point with the velocity {way} is {others[way]:g}, and to one with "
                f"{case.arguments} it is {own:g}, which must be larger",
            )
            return Fault(rule, came=w)
    return None


MOTION = Exercise(
    name="similarities-3",
    title=Text(zh="只认一个方向的核", en="A kernel for one direction"),
    statement=Text(
        zh="一段视频里，只有一个亮点，每帧往下走 `u` 个像素，往右走 `v` 个像素，`u` 和 `v` 都是 −1、0 或 1，所以连静止在内，共有 9 种走法。"
        "亲手写一个两帧的核，让 `F.conv3d` 的最大响应在你的走法下比在其余 8 种走法下都大。答案不止一个，哪一个都行。",
        en="In a video a single bright point moves `u` pixels down and `v` to the right from frame to frame; `u` and `v` are −1, 0 or 1, so that with standing still there are 9 ways to move. "
        "Write a kernel of two frames by hand with which the largest response of `F.conv3d` is larger for your way than for each of the other 8. There are several, and any of them will do.",
    ),
    takes=Text(
        zh="u、v：−1、0 或 1。返回核 (1, 1, 2, 3, 3)：输出、输入、时间、行、列。",
        en="u and v: −1, 0 or 1. Returns a kernel (1, 1, 2, 3, 3): output, input, time, rows, columns.",
    ),
    hints=(
        Text(
            zh="响应是对应格子的乘积之和。要让它大，亮点在前一帧、后一帧里各该碰上什么？",
            en="The response is a sum of products, cell by cell. To make it large, what should the point meet in the first frame, and what in the second?",
        ),
        Text(
            zh="窗口在两帧里停在同一处。前一帧里亮点在窗口正中，后一帧里它在窗口的哪一格？",
            en="The window covers the same place in both frames. If the point is in its middle in the first, where is it in the second?",
        ),
        Text(
            zh="`F.conv3d` 是互相关，核不旋转。",
            en="`F.conv3d` is a cross-correlation: the kernel is not rotated.",
        ),
    ),
    solution=motion,
    explanation=Text(
        zh="前一帧正中放 1，后一帧在正中往下 `u` 行、往右 `v` 列处放 1。走法对的亮点，两个 1 都碰得上，响应是 2；走法不对，至多碰上一个。只看一帧的核，九种走法的响应全都一样。",
        en="A 1 in the middle of the first frame and a 1 in the second, `u` rows down and `v` columns to the right of the middle. A point that goes this way meets both, and the response is 2; any other meets one at most. To a kernel that looks at one frame, the nine ways are all the same.",
    ),
    cases=_directions,
    tried=Text(
        zh="9 种走法，每一种都压过其余 8 种。",
        en="for each of the 9 ways, the response is larger than for the other 8.",
    ),
    mistakes=(
        Mistake(
            _the_other_way,
            Text(
                zh="你的核认的是正好相反的方向。是不是把它像数学里的卷积那样旋转了？",
                en="Your kernel sees the opposite direction. Did you rotate it, as the convolution of mathematics does?",
            ),
        ),
        Mistake(
            _time_turned,
            Text(
                zh="两帧的次序反了：时间轴上先来的是前一帧。倒着放，往右就成了往左。",
                en="Your two frames are in the wrong order: the earlier one comes first along time. Played backwards, right becomes left.",
            ),
        ),
        Mistake(
            _columns_first,
            Text(
                zh="行和列换了位：`u` 是行，`v` 是列，核的轴也是行在前、列在后。",
                en="Rows and columns have changed places: `u` goes with the rows and `v` with the columns, and a kernel has its rows first.",
            ),
        ),
        Mistake(
            _one_frame,
            Text(
                zh="你的核只看后一帧。单看一帧，亮点往哪边走都一样。",
                en="Your kernel looks at the second frame alone, and in a single frame no direction differs from any other.",
            ),
        ),
        Mistake(
            _all_in_one,
            Text(
                zh="两帧用的是同一个图案，所以它分不清先后，停在原地的亮点响应也一样大。",
                en="Both frames have the same pattern, so that it does not know which came first, and responds as much to a point that stands still.",
            ),
        ),
    ),
    judge=_sees,
)

EXERCISES = (FRAMES, IN_ONE, MOTION)
