"""Exercises of 5.16.6: a whole batch shifted at once, and CutMix with labels that tell the truth.

References:
    S. Yun et al., "CutMix: regularization strategy to train strong classifiers with localizable features",
    arXiv:1905.04899.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.exercise import Case, Exercise, Mistake, given
from cnnbook.generalisation import augmentation

# --- augmentation-1 ---


def shift(x: Tensor, down: Tensor, right: Tensor) -> Tensor:
    h, w = x.shape[2:]
    rows = torch.arange(h)[:, None] - torch.arange(h) == down[:, None, None]
    columns = torch.arange(w)[:, None] - torch.arange(w) == right[:, None, None]
    rows, columns = rows[:, None].to(x.dtype), columns[:, None].to(x.dtype)
    return rows @ x @ columns.transpose(2, 3)


def _library(x: Tensor, down: Tensor, right: Tensor) -> Tensor:
    return augmentation.shift(x, down, right, padding="zeros")


def _round_and_round(x: Tensor, down: Tensor, right: Tensor) -> Tensor:
    return augmentation.shift(x, down, right, padding="circular")


def _backwards(x: Tensor, down: Tensor, right: Tensor) -> Tensor:
    return _library(x, -down, -right)


def _swapped(x: Tensor, down: Tensor, right: Tensor) -> Tensor:
    return _library(x, right, down)


def _all_alike(x: Tensor, down: Tensor, right: Tensor) -> Tensor:
    return _library(x, down[:1].expand(len(x)), right[:1].expand(len(x)))


def _edge_again(x: Tensor, down: Tensor, right: Tensor) -> Tensor:
    rows = (torch.arange(x.shape[2]) - down[:, None]).clamp(0, x.shape[2] - 1)
    columns = (torch.arange(x.shape[3]) - right[:, None]).clamp(0, x.shape[3] - 1)
    batch, channels = torch.arange(len(x))[:, None, None, None], torch.arange(x.shape[1])[:, None, None]
    return x[batch, channels, rows[:, None, :, None], columns[:, None, None, :]]


def _images() -> Iterator[Case]:
    yield given(torch.arange(1.0, 10).reshape(1, 1, 3, 3), torch.tensor([1]), torch.tensor([0]))
    yield given(torch.arange(1.0, 10).reshape(1, 1, 3, 3), torch.tensor([1]), torch.tensor([-1]))
    yield given(torch.arange(1.0, 13).reshape(2, 1, 2, 3), torch.tensor([0, 1]), torch.tensor([1, 0]))
    generator = torch.Generator().manual_seed(0)
    for n, c, h, w, dtype in ((5, 3, 4, 6, torch.float32), (4, 2, 5, 3, torch.float64)):
        x = torch.rand(n, c, h, w, generator=generator, dtype=dtype)
        yield given(x, *(torch.randint(-3, 4, (n,), generator=generator) for _ in range(2)))
    yield given(torch.ones(1, 1, 2, 2), torch.tensor([5]), torch.tensor([0]))  # out of sight


SHIFT = Exercise(
    name="augmentation-1",
    title=Text(zh="一次平移整批", en="A whole batch, shifted at once"),
    statement=Text(
        zh="平移一批图像，每张各有各的位移：第 n 张向下 `down[n]` 行、向右 `right[n]` 列，负数就向上、向左。移出去的丢掉，新进来的填 0。试试不写循环。",
        en="Shift a batch of images, each by its own way: image n moves down by `down[n]` rows and right by `right[n]` columns; negative numbers move it up and left. What leaves is lost, and what comes in is 0. Try to do it without a loop.",
    ),
    takes=Text(
        zh="x：(N, C, H, W)；down、right：int64 (N,)，可以超出图像。返回 (N, C, H, W)，dtype 与 x 相同。",
        en="x: (N, C, H, W); down, right: int64 (N,), which may exceed the image. Returns (N, C, H, W), of the dtype of x.",
    ),
    hints=(
        Text(
            zh="输出的每个像素，取的是输入的哪一个？行和列可以分开来想。",
            en="Which pixel of the input does each pixel of the output take? Rows and columns may be thought of apart.",
        ),
        Text(
            zh="没有循环的一种办法：给每张图像做一个矩阵，从左边乘上去，行就挪了位置。",
            en="One way without a loop: a matrix for each image which, multiplied from the left, moves the rows.",
        ),
        Text(
            zh="矩阵的第 i 行，只有一列是 1。是哪一列？要取的行不在图像里时呢？",
            en="In row i of that matrix a single column holds a 1. Which? And where the row to take is outside of the image?",
        ),
    ),
    solution=shift,
    explanation=Text(
        zh="输出的第 i 行取输入的第 i − d 行，所以矩阵里满足 i − j = d 的地方是 1，其余是 0；要取的行在图像外面，那一行就全是 0，正好填了零。列也一样，从右边乘转置。循环着切片也对，只是慢。",
        en="Row i of the output takes row i − d of the input, so the matrix is 1 where i − j = d, and 0 elsewhere. Where the row to take is outside, its row is all zeros, which is just the filling. Columns are done alike, by the transpose from the right. Slices in a loop are right as well, only slower.",
    ),
    cases=_images,
    tried=Text(
        zh="四个方向、各图不同的位移、移到看不见的、几个通道、两种浮点类型，都与 `shift` 一致。",
        en="all four directions, a shift for each image, one that moves it out of sight, several channels and two floating dtypes: all agree with the package's `shift`.",
    ),
    mistakes=(
        Mistake(
            _round_and_round,
            Text(
                zh="移出去的从另一边回来了，`torch.roll` 就是这样。应当丢掉，补上 0。",
                en="What leaves comes back on the other side, as with `torch.roll`. It should be lost, and 0 comes in.",
            ),
        ),
        Mistake(
            _backwards,
            Text(
                zh="方向反了。输出的第 i 行，取的是上面的行还是下面的行？",
                en="You move the other way. Does row i of the output take a row from above it or from below?",
            ),
        ),
        Mistake(
            _swapped,
            Text(
                zh="`down` 和 `right` 用反了：行在倒数第二维。",
                en="You have `down` and `right` exchanged: rows are the last axis but one.",
            ),
        ),
        Mistake(
            _all_alike,
            Text(
                zh="整批都用了第一张的位移。每张有自己的。",
                en="All images move as the first does. Each has a shift of its own.",
            ),
        ),
        Mistake(
            _edge_again,
            Text(
                zh="新进来的地方，你重复了边上的像素。那里应当是 0。",
                en="Where something comes in, you repeat the pixels of the edge. It should be 0 there.",
            ),
        ),
    ),
    reference=_library,
)

# --- augmentation-2 ---


def cutmix(x: Tensor, y: Tensor, lam: Tensor, row: Tensor, column: Tensor, order: Tensor) -> tuple[Tensor, Tensor]:
    inside = []
    for size, middle in ((x.shape[2], row), (x.shape[3], column)):
        side = (size * (1 - lam).sqrt()).long()
        start = middle - side // 2
        place = torch.arange(size)
        inside.append((place >= start[:, None]) & (place < (start + side)[:, None]))
    cut = inside[0][:, :, None] & inside[1][:, None, :]
    kept = 1 - cut.to(y.dtype).mean((1, 2))[:, None]
    return torch.where(cut[:, None], x[order], x), kept * y + (1 - kept) * y[order]


Both = tuple[Tensor, Tensor]


def _planned(x: Tensor, y: Tensor, lam: Tensor, row: Tensor, column: Tensor, order: Tensor) -> Both:
    share = lam[:, None].to(y.dtype)
    return cutmix(x, y, lam, row, column, order)[0], share * y + (1 - share) * y[order]


def _label_kept(x: Tensor, y: Tensor, lam: Tensor, row: Tensor, column: Tensor, order: Tensor) -> Both:
    return cutmix(x, y, lam, row, column, order)[0], y


def _shares_exchanged(x: Tensor, y: Tensor, lam: Tensor, row: Tensor, column: Tensor, order: Tensor) -> Both:
    images, labels = cutmix(x, y, lam, row, column, order)
    return images, y + y[order] - labels


def _no_root(x: Tensor, y: Tensor, lam: Tensor, row: Tensor, column: Tensor, order: Tensor) -> Both:
    return cutmix(x, y, 1 - (1 - lam) ** 2, row, column, order)


def _from_the_centre(x: Tensor, y: Tensor, lam: Tensor, row: Tensor, column: Tensor, order: Tensor) -> Both:
    halves = [(size * (1 - lam).sqrt()).long() // 2 for size in x.shape[2:]]
    return cutmix(x, y, lam, row + halves[0], column + halves[1], order)


def _other_partner(x: Tensor, y: Tensor, lam: Tensor, row: Tensor, column: Tensor, order: Tensor) -> Both:
    return cutmix(x, y, lam, row, column, order.argsort())


def _area_kept(x: Tensor, y: Tensor, lam: Tensor, row: Tensor, column: Tensor, order: Tensor) -> Both:
    return cutmix(x, y, 1 - lam, row, column, order)


def _pairs() -> Iterator[Case]:
    x, y, swap = torch.stack([torch.zeros(1, 4, 4), torch.ones(1, 4, 4)]), torch.eye(2), torch.tensor([1, 0])
    two, zero, share = torch.tensor([2, 2]), torch.tensor([0, 0]), torch.tensor([0.75, 0.75])
    yield given(x, y, share, two, two, swap)
    yield given(x, y, share, zero, zero, swap)
    yield given(x, y, torch.tensor([1.0, 0.0]), two, two, swap)
    generator = torch.Generator().manual_seed(0)
    for n, c, h, w in ((3, 1, 5, 5), (6, 3, 8, 6)):
        x = torch.rand(n, c, h, w, generator=generator)
        labels = torch.eye(4)[torch.randint(4, (n,), generator=generator)]
        places = (torch.randint(size, (n,), generator=generator) for size in (h, w))
        yield given(x, labels, torch.rand(n, generator=generator), *places, torch.arange(n).roll(1))


CUTMIX = Exercise(
    name="augmentation-2",
    title=Text(zh="CutMix，标签说真话", en="CutMix with an honest label"),
    statement=Text(
        zh="写出 CutMix：第 n 张图像里的一块矩形，换成第 `order[n]` 张的同一块。矩形的两边是 H 和 W 各乘以 √(1 − λ)，向下取整；它从中心往回半条边（向下取整）处开始，中心在 `row[n]` 行、`column[n]` 列，伸到图像外面的部分不算。标签按真正换掉的像素混合。",
        en="Write CutMix: a rectangle of image n is replaced by the same rectangle of image `order[n]`. Its sides are H√(1 − λ) and W√(1 − λ), rounded down. It begins half a side, rounded down, before its centre, which is in row `row[n]` and column `column[n]`, and what sticks out of the image is lost. Mix the labels by the pixels that really were replaced.",
    ),
    takes=Text(
        zh="x：(N, C, H, W)；y：(N, K)，每行是各类的份额；lam：(N,)，0 到 1；row、column、order：int64 (N,)。返回混合后的图像和标签。",
        en="x: (N, C, H, W); y: (N, K), shares of the classes in each row; lam: (N,), from 0 to 1; row, column, order: int64 (N,). Returns the mixed images and labels.",
    ),
    hints=(
        Text(
            zh="矩形是行的一段乘以列的一段。各用一个布尔张量表示在不在里面，形状是 (N, H)、(N, W)。",
            en="A rectangle is a stretch of rows and a stretch of columns. Say with booleans, (N, H) and (N, W), what is inside.",
        ),
        Text(zh="两个布尔张量怎样合成 (N, H, W)？", en="How do the two make one of (N, H, W)?"),
        Text(
            zh="矩形伸到外面时，换掉的就比 1 − λ 少。份额去数，不要抄。",
            en="Where the rectangle sticks out, less than 1 − λ is replaced. Count the share instead of copying it.",
        ),
    ),
    solution=cutmix,
    explanation=Text(
        zh="行和列各判断一次，再用广播取“且”，就是整批的矩形；超出图像的部分没有对应的像素，自然不算。`kept` 是没有被换掉的比例，数像素得来，所以矩形被裁、边长取整，标签都还是真话。",
        en="Rows and columns are tested apart, and broadcasting them together gives the rectangles of the whole batch; what is outside has no pixels and drops out by itself. `kept` is the share that was not replaced, by counting, so that the label stays true for rectangles that are clipped and sides that are rounded.",
    ),
    cases=_pairs,
    tried=Text(
        zh="整个在图像里的矩形、伸到角外的矩形、什么也不换和全部换掉、随机的一批，都与 `cutmix` 一致。",
        en="rectangles within the image and across its corner, nothing replaced and everything, and random batches: all agree with the package's `cutmix`.",
    ),
    mistakes=(
        Mistake(
            _planned,
            Text(
                zh="标签你直接用了 λ。矩形伸到图像外面时，换掉的没有那么多。",
                en="Your label takes λ as it is. Where the rectangle sticks out of the image, less was replaced.",
            ),
        ),
        Mistake(
            _label_kept,
            Text(zh="图像混了，标签还是原来的。", en="The images are mixed, and the labels are still the old ones."),
        ),
        Mistake(
            _shares_exchanged,
            Text(
                zh="两个份额用反了：没有换掉的那一份，才属于原来的标签。",
                en="The two shares are exchanged: what was not replaced belongs to the image's own label.",
            ),
        ),
        Mistake(
            _no_root,
            Text(
                zh="边长少开了一次方：两边各占 1 − λ，面积就只有它的平方了。",
                en="A root is missing: with sides of 1 − λ each, the area is only the square of that.",
            ),
        ),
        Mistake(
            _from_the_centre,
            Text(
                zh="你的矩形从中心开始。中心应当在它的中间。",
                en="Your rectangle begins at its centre. The centre should be in the middle.",
            ),
        ),
        Mistake(
            _other_partner,
            Text(
                zh="取错了那一张：第 n 张要混进的是 `order[n]`，不是反过来。",
                en="That is the wrong partner: into image n goes image `order[n]`, not the other way round.",
            ),
        ),
        Mistake(
            _area_kept,
            Text(
                zh="面积反了：λ 是留下的那一份，换掉的是 1 − λ。",
                en="The area is the wrong one: λ is what stays, and 1 − λ is replaced.",
            ),
        ),
    ),
    reference=augmentation.cutmix,
)

EXERCISES = (SHIFT, CUTMIX)
