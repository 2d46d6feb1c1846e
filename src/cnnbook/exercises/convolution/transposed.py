"""Exercises of 5.14.2: a transposed convolution as stamps, as a matrix, and its settings.

References:
    Dumoulin & Visin, *A guide to convolution arithmetic for deep learning*, arXiv:1603.07285, chapter 4.
"""

from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnbook.convolution.transposed import output_size
from cnnbook.evidence.text import Text
from cnnbook.exercises.drawing import small_numbers
from cnnbook.exercises.exercise import Case, Exercise, Fault, Mistake, given

# --- transposed-1 ---


def scatter(x: Tensor, k: Tensor, s: int, p: int) -> Tensor:
    (n, m), (h, w) = x.shape, k.shape
    y = torch.zeros((n - 1) * s + h, (m - 1) * s + w, dtype=x.dtype)
    for i in range(n):
        for j in range(m):
            y[i * s : i * s + h, j * s : j * s + w] += x[i, j] * k
    return y[p : y.shape[0] - p, p : y.shape[1] - p]


def _library(x: Tensor, k: Tensor, s: int, p: int) -> Tensor:
    return F.conv_transpose2d(x[None, None], k[None, None], stride=s, padding=p)[0, 0]


def _padded(x: Tensor, k: Tensor, s: int, p: int) -> Tensor:
    return F.pad(scatter(x, k, s, 0), (p, p, p, p))


def _not_cropped(x: Tensor, k: Tensor, s: int, p: int) -> Tensor:
    return scatter(x, k, s, 0)


def _cropped_at_one_end(x: Tensor, k: Tensor, s: int, p: int) -> Tensor:
    return scatter(x, k, s, 0)[p:, p:]


def _cropped_from_minus_zero(x: Tensor, k: Tensor, s: int, p: int) -> Tensor:
    return scatter(x, k, s, 0)[p:-p, p:-p]


def _overwritten(x: Tensor, k: Tensor, s: int, p: int) -> Tensor:
    y = scatter(torch.zeros_like(x), k, s, 0)
    for i, j in torch.cartesian_prod(*map(torch.arange, x.shape)).tolist():
        y[i * s : i * s + k.shape[0], j * s : j * s + k.shape[1]] = x[i, j] * k
    return y[p : y.shape[0] - p, p : y.shape[1] - p]


def _rotated(x: Tensor, k: Tensor, s: int, p: int) -> Tensor:
    return scatter(x, k.flip(0, 1), s, p)


def _side_by_side(x: Tensor, k: Tensor, s: int, p: int) -> Tensor:
    y = torch.kron(x, k)
    return y[p : y.shape[0] - p, p : y.shape[1] - p]


def _input_padded(x: Tensor, k: Tensor, s: int, p: int) -> Tensor:
    return scatter(F.pad(x, (p, p, p, p)), k, s, 0)


def _one_step_too_long(x: Tensor, k: Tensor, s: int, p: int) -> Tensor:
    y = F.pad(scatter(x, k, s, 0), (0, s, 0, s))
    return y[p : y.shape[0] - p, p : y.shape[1] - p]


def _images() -> Iterator[Case]:
    kernel = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    yield given(torch.tensor([[1.0]]), kernel, 1, 0)
    yield given(torch.tensor([[1.0, 2.0]]), kernel, 1, 0)
    yield given(torch.tensor([[1.0, 2.0]]), kernel, 3, 0)  # a gap between the stamps
    yield given(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.arange(1.0, 10.0).reshape(3, 3), 2, 1)
    generator = torch.Generator().manual_seed(0)
    for n, m, h, w, s, p in ((2, 3, 2, 3, 2, 0), (3, 2, 4, 4, 3, 1), (4, 5, 3, 5, 2, 1), (5, 4, 5, 4, 1, 2)):
        yield given(small_numbers(n, m, generator=generator), small_numbers(h, w, generator=generator), s, p)
    yield given(*(torch.randn(4, 4, generator=generator, dtype=torch.float64) for _ in range(2)), 2, 1)


STAMPS = Exercise(
    name="transposed-1",
    title=Text(zh="盖章、相加、裁边", en="Stamp, add, crop"),
    statement=Text(
        zh="用盖章的办法写出转置卷积，只有一个通道，但有步长和填充。图像 `x` 的每个像素把核 `k` 乘以自己的值，盖到输出上；"
        "相邻两枚印章错开 `s` 格，重叠处相加。最后让填充 `p` 起它在转置卷积里的作用。",
        en="Write a transposed convolution as stamp and add, for one channel, with a stride and with padding. Every pixel "
        "of the image `x` stamps the kernel `k`, times its own value, onto the output; neighbouring stamps lie `s` cells "
        "apart, and overlaps are added. Last, let the padding `p` do what it does in a transposed convolution.",
    ),
    takes=Text(
        zh="x：(H, W)；k：(kH, kW)；s ≥ 1，p ≥ 0。返回输出，dtype 与 x 相同。",
        en="x: (H, W); k: (kH, kW); s ≥ 1, p ≥ 0. Returns the output, of the dtype of x.",
    ),
    hints=(
        Text(
            zh="先不管 `p`：没有裁剪的输出有多高、多宽？",
            en="Leave `p` aside at first: how high and wide is the output before it?",
        ),
        Text(
            zh="像素 `(i, j)` 的印章，左上角落在输出的哪一格？",
            en="On which cell of the output does the top left of the stamp of pixel `(i, j)` fall?",
        ),
        Text(
            zh="普通卷积的 `p` 让输入变大；反过来走的时候，输出该变大还是变小？",
            en="In an ordinary convolution `p` enlarges the input. Walked backwards, does it make the output larger or smaller?",
        ),
    ),
    solution=scatter,
    explanation=Text(
        zh="第 i 行的印章从第 `i * s` 行开始，最后一枚到第 `(n - 1) * s + h - 1` 行为止，所以画布高 `(n - 1) * s + h`。"
        "`+=` 让重叠处相加。填充从每一端裁去 `p` 格；末端写成 `y.shape[0] - p`，`p` 为 0 时也对。",
        en="The stamps of row i begin in row `i * s`, and the last ends with row `(n - 1) * s + h - 1`, so the canvas is "
        "`(n - 1) * s + h` high. "
        "`+=` adds where stamps overlap. The padding cuts `p` cells off each end; with `y.shape[0] - p` for the far end "
        "this is right for `p` = 0 as well.",
    ),
    cases=_images,
    tried=Text(
        zh="单个像素、错开的印章、留有空隙的印章、各种大小的图像和核、步长 1 到 3、填充 0 到 2、两种浮点类型，都与 PyTorch 一致。",
        en="one pixel, overlapping stamps, stamps with a gap between them, images and kernels of several sizes, strides 1 "
        "to 3, paddings 0 to 2 and two floating dtypes all agree with PyTorch.",
    ),
    mistakes=(
        Mistake(
            _padded,
            Text(
                zh="你把填充加在了输出四周。普通卷积在输入四周补 `p` 圈，转置卷积反着走：它对输出做的事也是反的。",
                en="You put the padding around the output. An ordinary convolution puts `p` rings around its input; a "
                "transposed one walks backwards, and what it does to its output is the opposite.",
            ),
        ),
        Mistake(
            _input_padded,
            Text(
                zh="你在输入四周补了 `p` 圈，那是普通卷积的做法。转置卷积的填充作用在输出上，方向也反了。",
                en="You put `p` rings around the input, as an ordinary convolution does. In a transposed one the padding acts "
                "on the output, and the other way round.",
            ),
        ),
        Mistake(
            _one_step_too_long,
            Text(
                zh="画布长了一步：`n` 枚印章之间只有 `n - 1` 个间隔。最后一枚从哪一格开始？",
                en="Your canvas is one step too long: between `n` stamps there are `n - 1` steps. Where does the last begin?",
            ),
        ),
        Mistake(
            _not_cropped,
            Text(
                zh="步长和印章都对，`p` 却没有用上。画两枚印章，看看 `p` = 1 时输出少了哪些格。",
                en="Stride and stamps are right, but `p` does nothing. Draw two stamps: which cells are missing for `p` = 1?",
            ),
        ),
        Mistake(
            _cropped_at_one_end,
            Text(
                zh="只裁了一端。输出尺寸公式里是 2p，不是 p。",
                en="You cut one end alone. The formula of the output size has 2p, not p.",
            ),
        ),
        Mistake(
            _cropped_from_minus_zero,
            Text(
                zh="`p` 为 0 时，`-p` 也是 0，切片 `[0:-0]` 什么也不剩。",
                en="Where `p` is 0, so is `-p`, and the slice `[0:-0]` leaves nothing.",
            ),
        ),
        Mistake(
            _overwritten,
            Text(
                zh="后盖的印章把先盖的抹掉了。两枚印章都盖到的那一格，应当是多少？",
                en="A later stamp wipes out an earlier one. What should a cell hold that two stamps cover?",
            ),
        ),
        Mistake(
            _rotated,
            Text(
                zh="你旋转了核。旋转是“收集”那种看法才要的；盖章时，核原样盖下去。",
                en="You rotate the kernel. The gather view needs that; a stamp goes down as it is.",
            ),
        ),
        Mistake(
            _side_by_side,
            Text(
                zh="你的印章一枚挨着一枚，相隔一个核的边长。应当相隔 `s` 格，不论核多大。",
                en="Your stamps lie side by side, one kernel apart. They should lie `s` cells apart, however large the kernel is.",
            ),
        ),
    ),
    reference=_library,
)

# --- transposed-2 ---


def matrix(k: Tensor, n: int, s: int) -> Tensor:
    rows = (n - len(k)) // s + 1
    c = torch.zeros(rows, n, dtype=k.dtype)
    for i in range(rows):
        c[i, i * s : i * s + len(k)] = k
    return c


def _columns(k: Tensor, n: int, s: int) -> Tensor:
    """Column j is what the convolution makes of a one at place j."""
    return F.conv1d(torch.eye(n, dtype=k.dtype)[:, None], k[None, None], stride=s)[:, 0].T


def _the_other_way(k: Tensor, n: int, s: int) -> Tensor:
    return matrix(k, n, s).T


def _turned(k: Tensor, n: int, s: int) -> Tensor:
    return matrix(k.flip(0), n, s)


def _one_apart(k: Tensor, n: int, s: int) -> Tensor:
    return matrix(k, n, 1)[: (n - len(k)) // s + 1]


def _every_row(k: Tensor, n: int, s: int) -> Tensor:
    return matrix(k, n, 1)


def _rounded_up(k: Tensor, n: int, s: int) -> Tensor:
    rows = -(-(n - len(k)) // s) + 1
    return matrix(k, (rows - 1) * s + len(k), s)[:, :n]


def _lines() -> Iterator[Case]:
    yield given(torch.tensor([1.0, 2.0]), 3, 1)
    yield given(torch.tensor([1.0, 2.0, 3.0]), 7, 2)
    yield given(torch.tensor([1.0, 2.0]), 5, 2)  # the last cell is reached by no position
    generator = torch.Generator().manual_seed(0)
    for k, n, s in ((1, 4, 3), (4, 4, 2), (3, 8, 3), (2, 9, 4), (5, 11, 1)):
        yield given(small_numbers(k, generator=generator), n, s)
    yield given(torch.randn(3, generator=generator, dtype=torch.float64), 8, 2)


MATRIX = Exercise(
    name="transposed-2",
    title=Text(zh="写出矩阵 C", en="The matrix C"),
    statement=Text(
        zh="把一维卷积写成矩阵：输入有 `n` 个数，核是 `k`，步长是 `s`，没有填充。返回的 `C` 要使 `C @ x` 等于 PyTorch 的 `conv1d`。"
        "这样一来，`C.T @ y` 就是 `conv_transpose1d`（除不尽时，末端还要用 `output_padding` 补上余数）。",
        en="Write a one-dimensional convolution as a matrix: the input has `n` numbers, the kernel is `k`, the stride `s`, "
        "and there is no padding. Return the `C` for which `C @ x` is PyTorch's `conv1d`. Then `C.T @ y` is its "
        "`conv_transpose1d`, where a remainder takes `output_padding` at the far end.",
    ),
    takes=Text(
        zh="k：(K,)；n ≥ K；s ≥ 1。返回 (n', n)，n' 是卷积输出的长度，dtype 与 k 相同。",
        en="k: (K,); n ≥ K; s ≥ 1. Returns (n', n), where n' is the length of the convolution's output, of the dtype of k.",
    ),
    hints=(
        Text(zh="`C` 的一行乘以 `x`，得到输出的一个数。", en="One row of `C`, times `x`, is one number of the output."),
        Text(
            zh="第一行里，`k` 的几个数在哪几列？第二行的要往右挪几格？",
            en="In which columns of the first row do the numbers of `k` stand? How far to the right in the second?",
        ),
        Text(
            zh="核放得下几次，就有几行；放不下的余数不算。",
            en="There are as many rows as the kernel fits places; what is left over does not count.",
        ),
    ),
    solution=matrix,
    explanation=Text(
        zh="输出的第 i 个数，是 `x` 从第 `i * s` 个起的一段与 `k` 的乘积之和，所以第 i 行就是挪了 `i * s` 格的 `k`。"
        "PyTorch 的卷积是互相关，核不旋转。行数是 ⌊(n − K) / s⌋ + 1。",
        en="Output i is the sum of products of `k` with the stretch of `x` that begins at `i * s`, so row i is `k`, moved by "
        "`i * s`. PyTorch's convolution is a cross-correlation: nothing is rotated. There are ⌊(n − K) / s⌋ + 1 rows.",
    ),
    cases=_lines,
    tried=Text(
        zh="一个到五个数的核、长度 3 到 11、步长 1 到 4、除得尽的和除不尽的、两种浮点类型，都与 PyTorch 的 `conv1d` 一致。",
        en="kernels of one to five numbers, lengths 3 to 11, strides 1 to 4, with and without a remainder, and two floating "
        "dtypes all agree with PyTorch's `conv1d`.",
    ),
    mistakes=(
        Mistake(
            _the_other_way,
            Text(
                zh="这是 C 的转置，它从小变大。卷积从 `n` 个数变成较少的数：哪一维是行？",
                en="This is the transpose of C, which leads from small to large. A convolution makes fewer numbers of `n`: "
                "which axis are the rows?",
            ),
        ),
        Mistake(
            _turned,
            Text(
                zh="你把核反了过来。PyTorch 的 `conv1d` 是卷积还是互相关？",
                en="You turned the kernel round. Is PyTorch's `conv1d` a convolution or a cross-correlation?",
            ),
        ),
        Mistake(
            _one_apart,
            Text(
                zh="行数对了，可每一行只往右挪了一格。步长是核一次挪几格。",
                en="The number of rows is right, but each is moved by one cell. The stride is how far the kernel moves at a time.",
            ),
        ),
        Mistake(
            _every_row,
            Text(
                zh="步长没有用上：核停在了每一格。它一次该挪 `s` 格。",
                en="The stride does nothing: your kernel stops at every cell. It moves by `s` at a time.",
            ),
        ),
        Mistake(
            _rounded_up,
            Text(
                zh="最后多了一行，那里的核已经伸到输入外面去了。没有填充时，放不下就不算。",
                en="There is one row too many, in which the kernel reaches beyond the input. Without padding, what does not "
                "fit does not count.",
            ),
        ),
    ),
    reference=_columns,
)

# --- transposed-3 ---


def exact(k: int, s: int) -> tuple[int, int]:
    p = max(0, (k - s + 1) // 2)
    return p, s + 2 * p - k


def _half(k: int, s: int) -> tuple[int, int]:
    return (k - s) // 2, 0


def _remainder(k: int, s: int) -> tuple[int, int]:
    return (k - s) // 2, (k - s) % 2


def _below_zero(k: int, s: int) -> tuple[int, int]:
    p = (k - s + 1) // 2
    return p, s + 2 * p - k


def _divided(k: int, s: int) -> tuple[float, int]:
    return (k - s) / 2, 0


def _rounded_half(k: int, s: int) -> tuple[int, int]:
    return max(0, (k - s + 1) // 2), 0


def _by_habit(k: int, s: int) -> tuple[int, int]:
    return k // 2, s - 1


def _swapped(k: int, s: int) -> tuple[int, int]:
    p, extra = exact(k, s)
    return extra, p


def _settings() -> Iterator[Case]:
    for s in (2, 3, 4):
        for k in (2, 3, 4, 5, 6, 7, 1):
            yield given(k, s)


def _is_exact(answer: Callable[..., object], case: Case) -> Fault | None:
    k, s = case.arguments
    value = answer(k, s)
    if not (isinstance(value, tuple | list) and len(value) == 2 and all(type(one) is int for one in value)):
        return Fault(
            Text(
                zh="应当返回两个整数 (padding, output_padding)",
                en="two ints must be returned, (padding, output_padding)",
            ),
            came=value,
        )
    p, extra = value
    if p < 0:
        return Fault(Text(zh="填充不能是负数", en="the padding must not be negative"), came=value)
    if not 0 <= extra < s:
        rule = Text(
            zh=f"`output_padding` 至少是 0，并且要小于步长 {s}",
            en=f"`output_padding` must be at least 0 and smaller than the stride, {s}",
        )
        return Fault(rule, came=value)
    for n in range(1, 7):
        length = (n - 1) * s - 2 * p + k + extra
        if length < 1 or output_size(n, k, s, p, extra) != s * n:
            rule = Text(
                zh=f"n = {n} 时，输出长度应当是 {s * n}，得到的是 {length}",
                en=f"for n = {n} the output must be {s * n} long, and is {length}",
            )
            return Fault(rule, came=value)
    return None


SETTINGS = Exercise(
    name="transposed-3",
    title=Text(zh="恰好放大 s 倍", en="Exactly s times as large"),
    statement=Text(
        zh="给定核的大小 `k` 和步长 `s`，求 `padding` 和 `output_padding`，使转置卷积把任何长度 `n` 都变成 `s * n`。"
        "膨胀率是 1，`output_padding` 要小于步长；答案不止一个时，给出哪一个都行。",
        en="For a kernel of size `k` and a stride `s`, find the `padding` and the `output_padding` with which a transposed "
        "convolution turns every length `n` into `s * n`. The dilation is 1, and `output_padding` must be smaller than the "
        "stride. Where several answers are right, any of them will do.",
    ),
    takes=Text(
        zh="k ≥ 1，s ≥ 2，都是整数。返回 (padding, output_padding)，两个整数。",
        en="k ≥ 1 and s ≥ 2 are ints. Returns (padding, output_padding), two ints.",
    ),
    hints=(
        Text(
            zh="写出输出长度的公式，令它等于 `s * n`：`n` 消掉了，还剩什么？",
            en="Write down the output's length and set it equal to `s * n`: `n` drops out, and what is left?",
        ),
        Text(
            zh="剩下的等式里，`k − s` 是偶数和是奇数时有什么不同？",
            en="In the equation that is left, what differs between an even and an odd `k − s`?",
        ),
        Text(
            zh="核比步长还小时，填充会怎样？那时谁来补足长度？",
            en="What would the padding be where the kernel is smaller than the stride? What makes up the length then?",
        ),
    ),
    solution=exact,
    explanation=Text(
        zh="由 `(n − 1) s − 2p + k + output_padding = s n` 得 `output_padding = s + 2p − k`。它不能是负数，所以 `p` 至少是 "
        "(k − s) / 2，向上取整；取最小的那个 `p`，余下的 0 或 1（核小于步长时是 s − k）就是 `output_padding`。",
        en="From `(n − 1) s − 2p + k + output_padding = s n` follows `output_padding = s + 2p − k`. It must not be negative, so "
        "`p` is at least half of k − s, rounded up. Take the smallest such `p`; what remains, 0 or 1 (or s − k where the "
        "kernel is smaller than the stride), is `output_padding`.",
    ),
    cases=_settings,
    tried=Text(
        zh="核的大小 1 到 7、步长 2 到 4，长度 1 到 6 都恰好变成 s 倍。",
        en="for kernel sizes 1 to 7 and strides 2 to 4, lengths 1 to 6 become exactly s times as long.",
    ),
    mistakes=(
        Mistake(
            _half,
            Text(
                zh="试试 k = 3、s = 2：`k − s` 的一半不是整数。舍掉的那一半，靠哪个设置补回来？",
                en="Try k = 3 and s = 2: half of `k − s` is no whole number. Which setting makes up for what is lost?",
            ),
        ),
        Mistake(
            _remainder,
            Text(
                zh="余数加错了方向：`padding` 往下取整，裁得少了，输出已经偏长，`output_padding` 又添一格。",
                en="The remainder goes the wrong way: with `padding` rounded down too little is cropped, the output is too "
                "long already, and `output_padding` makes it longer.",
            ),
        ),
        Mistake(
            _below_zero,
            Text(
                zh="核比步长小时，一半成了负数。那时不用裁剪，短了的由谁来补？",
                en="Where the kernel is smaller than the stride, the half is negative. Then nothing need be cropped; what "
                "makes up for the length?",
            ),
        ),
        Mistake(
            _divided,
            Text(
                zh="`/` 给出浮点数。先想好该往哪边取整，再用 `//`。",
                en="`/` gives a float. Think which way to round, and use `//`.",
            ),
        ),
        Mistake(
            _rounded_half,
            Text(
                zh="填充是对的，可有时短了几格。`output_padding` 就是用来在撞到一起的尺寸里选一个的。",
                en="The padding is right, but some outputs are short of a few cells. `output_padding` chooses among the sizes "
                "that collide.",
            ),
        ),
        Mistake(
            _by_habit,
            Text(
                zh="这组设置在 k = 3、s = 2 时很常见，却不是一般的规则。`k // 2` 保持的是普通卷积的尺寸；代入 k = 4 看看。",
                en="These settings are common for k = 3 and s = 2, but they are no rule. `k // 2` keeps the size of an ordinary "
                "convolution; put k = 4 into the formula.",
            ),
        ),
        Mistake(
            _swapped,
            Text(
                zh="两个数的次序反了：先是 `padding`，再是 `output_padding`。",
                en="The two are in the wrong order: first `padding`, then `output_padding`.",
            ),
        ),
    ),
    judge=_is_exact,
)

EXERCISES = (STAMPS, MATRIX, SETTINGS)
