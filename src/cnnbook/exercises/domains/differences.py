"""Exercises of 5.17.2: the consistency under shifts, a function made invariant, blurring before a stride.

References:
    R. Zhang, "Making convolutional networks shift-invariant again", arXiv:1904.11486.
"""

from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnbook.domains.differences import BlurPool2d
from cnnbook.evidence.text import Text
from cnnbook.exercises.drawing import small_numbers
from cnnbook.exercises.exercise import Case, Exercise, Mistake, given

# --- differences-1 ---


def consistency(before: Tensor, after: Tensor) -> Tensor:
    same = after.argmax(2) == before.argmax(1)
    return same.float().mean(1)


def _counted(before: Tensor, after: Tensor) -> Tensor:
    """Image by image."""
    decisions = before.max(1).indices.tolist()
    shares = [sum(a == b for a, b in zip(row.max(1).indices.tolist(), decisions, strict=True)) for row in after]
    return torch.tensor(shares) / len(decisions)


def _scores_alike(before: Tensor, after: Tensor) -> Tensor:
    return (after == before).all(2).float().mean(1)


def _over_the_offsets(before: Tensor, after: Tensor) -> Tensor:
    return (after.argmax(2) == before.argmax(1)).float().mean(0)


def _along_the_images(before: Tensor, after: Tensor) -> Tensor:
    return (after.argmax(1) == before.argmax(0)).float().mean(1)


def _one_to_the_next(before: Tensor, after: Tensor) -> Tensor:
    decisions = torch.cat([before[None], after]).argmax(2)
    return (decisions[1:] == decisions[:-1]).float().mean(1)


def _scores() -> Iterator[Case]:
    before = torch.tensor([[2.0, 1.0], [0.0, 3.0], [5.0, 4.0]])
    yield given(before, torch.tensor([[[9.0, 0.0], [1.0, 2.0], [0.0, 1.0]]]))
    yield given(before, torch.stack([before.flip(1), before]))
    generator = torch.Generator().manual_seed(0)
    for n, r, classes in ((1, 3, 2), (4, 2, 4), (5, 5, 3), (20, 6, 10)):
        before = torch.randn(n, classes, generator=generator)
        yield given(before, before + torch.randn(r, n, classes, generator=generator))


CONSISTENCY = Exercise(
    name="differences-1",
    title=Text(zh="平移一致率", en="Shift consistency"),
    statement=Text(
        zh="一个网络给 N 张图像打了分，得到 `before`；把图像平移 R 个不同的距离，又各打一次分，得到 `after`。对每个距离，求平移一致率：判断与平移前相同的图像占多少。",
        en="A network has scored N images, which gives `before`; moved by R different distances, the same images were scored again, which gives `after`. For each distance find the shift consistency: on which share of the images is the decision what it was before?",
    ),
    takes=Text(
        zh="before：(N, C)；after：(R, N, C)，都是各类的得分。返回 (R,)，float32。",
        en="before: (N, C); after: (R, N, C), both of them scores of the classes. Returns (R,), float32.",
    ),
    hints=(
        Text(
            zh="得分变了，判断不一定变。判断是哪一类？",
            en="Scores may change where the decision does not. Which class is the decision?",
        ),
        Text(
            zh="判断之后，`before` 剩下 `(N,)`，`after` 剩下 `(R, N)`，可以直接比较。接着对哪根轴求平均？",
            en="As decisions, `before` is `(N,)` and `after` is `(R, N)`, which may be compared as they are. Over which axis goes the mean?",
        ),
    ),
    solution=consistency,
    explanation=Text(
        zh="最后一根轴上最大的那一类就是判断；`(R, N)` 与 `(N,)` 比较时，后者对每个距离都用一遍。布尔值不能求平均，先变成浮点数。答案对不对没有人问：一直判成“鞋”的网络，一致率是 100%。",
        en="The decision is the largest along the last axis; where `(R, N)` meets `(N,)`, the latter serves every distance. A mean wants floats rather than bools. Nobody asks whether the decision is right: a network that always says “shoe” has a consistency of 100%.",
    ),
    cases=_scores,
    tried=Text(
        zh="1 到 20 张图像、1 到 6 个距离、2 到 10 类，都与一张一张数出来的一致。",
        en="for 1 to 20 images, 1 to 6 distances and 2 to 10 classes it is what counting image by image gives.",
    ),
    mistakes=(
        Mistake(
            _scores_alike,
            Text(
                zh="你比的是得分。得分一点不变才算相同，就没有几张了；一致率比的是判断。",
                en="You compare the scores, and hardly any stay just as they were. Consistency compares the decisions.",
            ),
        ),
        Mistake(
            _over_the_offsets,
            Text(
                zh="你对距离求了平均，得到的是每张图像有多稳；要的是每个距离的一个数。",
                en="Your mean is over the distances, and says how steady each image is. One number for each distance is wanted.",
            ),
        ),
        Mistake(
            _along_the_images,
            Text(
                zh="最大值取错了轴：你在图像之间挑了最大的，应当在类之间挑。",
                en="You take the largest along the wrong axis: among the images, where it should be among the classes.",
            ),
        ),
        Mistake(
            _one_to_the_next,
            Text(
                zh="你拿每个距离与上一个距离比。每个距离都要与平移之前比。",
                en="You compare each distance with the one before it. Each is to be compared with the images that were not moved.",
            ),
        ),
    ),
    reference=_counted,
)

# --- differences-2 ---


def averaged(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    h, w = x.shape[2:]
    moved = [torch.roll(x, (i, j), (2, 3)) for i in range(h) for j in range(w)]
    return torch.stack([f(one) for one in moved]).mean(0)


def _by_sums(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Shifted by indexing, and added up one by one."""
    h, w = x.shape[2:]
    total = torch.zeros_like(f(x))
    for i in range(h):
        for j in range(w):
            rows, columns = (torch.arange(h) + i) % h, (torch.arange(w) + j) % w
            total = total + f(x[:, :, rows][..., columns])
    return total / (h * w)


def _mean_first(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    h, w = x.shape[2:]
    return f(torch.stack([torch.roll(x, (i, j), (2, 3)) for i in range(h) for j in range(w)]).mean(0))


def _sideways(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    return torch.stack([f(torch.roll(x, j, 3)) for j in range(x.shape[3])]).mean(0)


def _both_at_once(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    return torch.stack([f(torch.roll(x, (i, i), (2, 3))) for i in range(max(x.shape[2:]))]).mean(0)


def _zeros_come_in(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    h, w = x.shape[2:]
    moved = [F.pad(x, (j, 0, i, 0))[..., :h, :w] for i in range(h) for j in range(w)]
    return torch.stack([f(one) for one in moved]).mean(0)


def _added_up(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    return averaged(f, x) * x.shape[2] * x.shape[3]


def corner(x: Tensor) -> Tensor:
    """The square of what stands in the upper left corner."""
    return x[:, :, 0, 0] ** 2


def strided(x: Tensor) -> Tensor:
    """Every second pixel, flattened, and a weighted sum of what is above 0."""
    seen = x[:, :, ::2, ::2].relu().flatten(1)
    return seen @ torch.arange(1.0, 3.0 * seen.shape[1] + 1).reshape(-1, 3).to(x)


def _images() -> Iterator[Case]:
    yield given(corner, torch.tensor([[[[1.0, 2.0]]]]))
    yield given(corner, torch.tensor([[[[1.0], [3.0]]]]))
    yield given(corner, torch.arange(1.0, 7.0).reshape(1, 1, 2, 3))
    generator = torch.Generator().manual_seed(0)
    for shape in ((2, 1, 3, 4), (3, 2, 4, 3)):
        yield given(strided, small_numbers(*shape, generator=generator))
    yield given(strided, torch.randn(1, 2, 3, 5, generator=generator, dtype=torch.float64))


INVARIANT = Exercise(
    name="differences-2",
    title=Text(zh="什么函数都变得不变", en="Any function made invariant"),
    statement=Text(
        zh="`f` 是随便一个函数，从图像算出几个数，可能带步长，可能展平，一平移就改主意。用它造一个对循环平移不变的函数：所有平移（上下、左右，从一边出去的从另一边进来）都算上，对 `f` 的输出取平均。",
        en="`f` is any function from images to some numbers; it may have strides or flatten, and change its mind when the image moves. Make of it one that is invariant to circular shifts: take the mean of its outputs over all of them, up and down as well as sideways, where what leaves on one side comes in on the other.",
    ),
    takes=Text(
        zh="f：函数，(N, C, H, W) → (N, K)；x：(N, C, H, W)。返回 (N, K)，dtype 与 f 的输出相同。",
        en="f: a function, (N, C, H, W) → (N, K); x: (N, C, H, W). Returns (N, K), of the dtype of what f returns.",
    ),
    hints=(
        Text(
            zh="高 H、宽 W 的图像，有几种不同的循环平移？",
            en="How many circular shifts has an image of height H and width W?",
        ),
        Text(
            zh="`torch.roll` 能沿两根轴一起平移。",
            en="`torch.roll` shifts along two axes at once.",
        ),
        Text(
            zh="先平均再用 `f`，与先用 `f` 再平均，是一回事吗？",
            en="Is it the same to take the mean first and then `f`, and the other way round?",
        ),
    ),
    solution=averaged,
    explanation=Text(
        zh="一共 H·W 种平移。输入再平移一次，不过是把这些平移换个次序，而平均不管次序，所以结果不变。全局池化做的正是这件事，只是它在等变的层之后，每个位置本来就是一种平移，不必一一重算。",
        en="There are H·W shifts. Move the input once more, and they merely come in another order, which a mean does not see. Global pooling does just that; standing behind equivariant layers, it has the shifts at hand as places, and need not compute them one by one.",
    ),
    cases=_images,
    tried=Text(
        zh="取一角的函数和带步长、展平的函数，一行、一列和长宽不等的图像，两种浮点类型，都是全部平移的平均。",
        en="for a function that reads a corner and one with a stride, flattened, for images of one row, of one column and with sides that differ, and in two floating dtypes, it is the mean over all shifts.",
    ),
    mistakes=(
        Mistake(
            _mean_first,
            Text(
                zh="你先把平移后的图像平均了。这样每个像素都成了同一个数，图像里的东西全没了。平均的应当是 `f` 的输出。",
                en="You take the mean of the shifted images. Every pixel of it is the same, and whatever was in the image is gone: the mean should be of the outputs of `f`.",
            ),
        ),
        Mistake(
            _sideways,
            Text(
                zh="你只左右平移了。上下移一格，结果还是会变。",
                en="You shift sideways only. Move the image up by a pixel, and the result changes still.",
            ),
        ),
        Mistake(
            _both_at_once,
            Text(
                zh="你只沿对角线平移了。上下和左右要各移各的，每一种搭配都算上。",
                en="You shift along the diagonal only. Up and sideways are independent of each other: take every combination.",
            ),
        ),
        Mistake(
            _zeros_come_in,
            Text(
                zh="移出去的像素丢了，补进来的是零。循环平移里，从一边出去的要从另一边进来。",
                en="What you move out of the image is lost, and zeros come in. In a circular shift it comes back on the other side.",
            ),
        ),
        Mistake(
            _added_up,
            Text(
                zh="你只加了起来，没有除。和也不变，但题目要的是平均。",
                en="You add up without dividing. A sum is invariant too, but the mean was asked for.",
            ),
        ),
    ),
    reference=_by_sums,
)

# --- differences-3 ---


def blur(x: Tensor, k: int, s: int) -> Tensor:
    row = torch.ones(1, dtype=x.dtype)
    for _ in range(k - 1):
        row = F.pad(row, (1, 0)) + F.pad(row, (0, 1))
    row = row / row.sum()
    kernel = row.outer(row).expand(x.shape[1], 1, k, k)
    before, after = (k - 1) // 2, k // 2
    padded = F.pad(x, (before, after, before, after), mode="circular")
    return F.conv2d(padded, kernel, stride=s, groups=x.shape[1])


def _library(x: Tensor, k: int, s: int) -> Tensor:
    return BlurPool2d(k, s, padding_mode="circular").to(x.dtype)(x)


def _smoothed(x: Tensor, row: Tensor, s: int, mode: str = "circular") -> Tensor:
    """Blurred with a row of weights along both axes."""
    k, c = len(row), x.shape[1]
    sides = ((k - 1) // 2, k // 2) * 2
    return F.conv2d(F.pad(x, sides, mode), row.outer(row).to(x.dtype).expand(c, 1, k, k), stride=s, groups=c)


def _pascal(k: int) -> Tensor:
    row = torch.ones(1, dtype=torch.float64)
    for _ in range(k - 1):
        row = F.pad(row, (1, 0)) + F.pad(row, (0, 1))
    return row


def _box(x: Tensor, k: int, s: int) -> Tensor:
    return _smoothed(x, torch.full((k,), 1 / k), s)


def _not_divided(x: Tensor, k: int, s: int) -> Tensor:
    return _smoothed(x, _pascal(k), s)


def _stride_first(x: Tensor, k: int, s: int) -> Tensor:
    return _smoothed(x[:, :, ::s, ::s], _pascal(k) / 2 ** (k - 1), 1)


def _zeros(x: Tensor, k: int, s: int) -> Tensor:
    return _smoothed(x, _pascal(k) / 2 ** (k - 1), s, "constant")


def _channels_mixed(x: Tensor, k: int, s: int) -> Tensor:
    return blur(x, k, s).sum(1, keepdim=True).expand(-1, x.shape[1], -1, -1).contiguous()


def _not_shrunk(x: Tensor, k: int, s: int) -> Tensor:
    return blur(x, k, 1)


def _stripes() -> Iterator[Case]:
    yield given(torch.tensor([0.0, 4.0]).repeat(2).expand(1, 1, 4, 4).contiguous(), 3, 2)
    yield given(torch.tensor([0.0, 4.0]).repeat(2).expand(1, 1, 4, 4).roll(1, 3).contiguous(), 3, 2)
    yield given(torch.arange(16.0).reshape(1, 1, 4, 4), 1, 2)  # nothing is blurred
    yield given(torch.arange(32.0).reshape(1, 2, 4, 4), 3, 2)
    generator = torch.Generator().manual_seed(0)
    for shape, k, s in (((2, 3, 6, 5), 2, 2), ((1, 2, 5, 7), 4, 3), ((3, 1, 8, 6), 5, 2), ((2, 2, 6, 6), 3, 1)):
        yield given(small_numbers(*shape, generator=generator), k, s)
    yield given(torch.randn(2, 3, 7, 6, generator=generator, dtype=torch.float64), 5, 3)


BLUR = Exercise(
    name="differences-3",
    title=Text(zh="先模糊，再缩小", en="Blur, then shrink"),
    statement=Text(
        zh="书里的代码只管核 (1, 2, 1) / 4。请写出任何宽度 `k` 和步长 `s` 的：一行权重是杨辉三角的第 `k` 行，除以它们的和，横竖各用一次；循环填充，两端一共补 `k − 1` 个像素，补成单数时末端多一个；每个通道各抹各的。",
        en="The code of the section knows the kernel (1, 2, 1) / 4 alone. Write it for every width `k` and stride `s`: a row of weights is row `k` of Pascal's triangle divided by its sum, and serves across and down; the padding is circular, `k − 1` pixels in all on each axis, the odd one at the far end; each channel is blurred by itself.",
    ),
    takes=Text(
        zh="x：(N, C, H, W)，H、W ≥ k；k、s ≥ 1。返回 (N, C, ⌈H/s⌉, ⌈W/s⌉)，dtype 与 x 相同。",
        en="x: (N, C, H, W) with H, W ≥ k; k, s ≥ 1. Returns (N, C, ⌈H/s⌉, ⌈W/s⌉), of the dtype of x.",
    ),
    hints=(
        Text(
            zh="三角的下一行，是上一行与挪了一格的自己相加；第 1 行只有一个 1。",
            en="The next row of the triangle is the last one plus itself, moved by one; row 1 is a single 1.",
        ),
        Text(
            zh="k = 3 时两端各补 1 个；k = 4 时前端补 1 个，末端补 2 个。",
            en="For k = 3 each end gets 1 pixel; for k = 4 the near end gets 1 and the far end 2.",
        ),
        Text(
            zh="每个通道各自卷积，`F.conv2d` 里靠哪个参数？",
            en="Which argument of `F.conv2d` convolves each channel by itself?",
        ),
    ),
    solution=blur,
    explanation=Text(
        zh="竖的一行乘横的一行得到核，总和是 1，所以一片均匀的灰抹过还是原来的灰。`groups` 等于通道数，通道就各抹各的。模糊必须在步长之前：像素一旦跳过，再抹也抹不回来。`k` 为 1 时什么也没抹，只剩步长。",
        en="The row, down times across, is the kernel; it sums to 1, so that an even grey stays what it was. With as many `groups` as channels each is blurred by itself. The blur has to come before the stride: no blurring brings back pixels that were skipped. With `k` = 1 nothing is blurred, and the stride alone is left.",
    ),
    cases=_stripes,
    tried=Text(
        zh="条纹和平移一个像素的条纹、宽度 1 到 5、步长 1 到 3、一个到三个通道、长宽不等的图像、两种浮点类型，都与 `BlurPool2d` 一致。",
        en="stripes and stripes moved by one pixel, widths 1 to 5, strides 1 to 3, one to three channels, images whose sides differ and two floating dtypes all agree with `BlurPool2d`.",
    ),
    mistakes=(
        Mistake(
            _box,
            Text(
                zh="你的权重处处一样。杨辉三角的行中间大、两头小。",
                en="Your weights are all the same. A row of Pascal's triangle is large in the middle and small at its ends.",
            ),
        ),
        Mistake(
            _not_divided,
            Text(
                zh="权重没有除以它们的和：抹过的图像变亮了。",
                en="You do not divide the weights by their sum, and the image comes out brighter.",
            ),
        ),
        Mistake(
            _stride_first,
            Text(
                zh="你先跳过了像素，再去模糊。混叠在跳过的那一刻就发生了。",
                en="You skip pixels first and blur afterwards. By then the aliasing has happened.",
            ),
        ),
        Mistake(
            _zeros,
            Text(
                zh="边缘补进了零。循环填充里，从一边出去的从另一边进来。",
                en="Zeros come in at the border. With circular padding what leaves at one edge comes in at the other.",
            ),
        ),
        Mistake(
            _channels_mixed,
            Text(
                zh="各个通道加到了一起。抹的时候，红归红，绿归绿。",
                en="You add up the channels. Red should be blurred with red and green with green.",
            ),
        ),
        Mistake(
            _not_shrunk,
            Text(
                zh="模糊对了，步长没有用上：输出应当缩小 `s` 倍。",
                en="The blur is right, but the stride does nothing: the output should be smaller by the factor `s`.",
            ),
        ),
    ),
    reference=_library,
)

EXERCISES = (CONSISTENCY, INVARIANT, BLUR)
