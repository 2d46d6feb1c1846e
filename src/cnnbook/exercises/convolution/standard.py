"""Exercises of 5.14.1: convolution with a stride, what tells it from cross-correlation, the output's length.

References:
    Goodfellow, Bengio & Courville, *Deep Learning*, MIT Press 2016, section 9.1.
    Dumoulin & Visin, *A guide to convolution arithmetic for deep learning*, arXiv:1603.07285, chapter 2.
"""

from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnbook.convolution.standard import convolve2d, cross_correlate2d
from cnnbook.evidence.text import Text
from cnnbook.exercises.drawing import small_numbers
from cnnbook.exercises.exercise import Case, Exercise, Fault, Mistake, given

# --- standard-1 ---


def convolve(x: Tensor, k: Tensor, s: int) -> Tensor:
    k = k.flip(0, 1)
    (n, m), (h, w) = x.shape, k.shape
    y = torch.empty((n - h) // s + 1, (m - w) // s + 1, dtype=x.dtype)
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = (k * x[i * s : i * s + h, j * s : j * s + w]).sum()
    return y


def _library(x: Tensor, k: Tensor, s: int) -> Tensor:
    return F.conv2d(x[None, None], k.flip(0, 1)[None, None], stride=s)[0, 0]


def _not_rotated(x: Tensor, k: Tensor, s: int) -> Tensor:
    return convolve(x, k.flip(0, 1), s)


def _transposed(x: Tensor, k: Tensor, s: int) -> Tensor:
    return convolve(x, k.flip(0, 1).T, s)


def _one_axis(x: Tensor, k: Tensor, s: int) -> Tensor:
    return convolve(x, k.flip(0), s)


def _other_axis(x: Tensor, k: Tensor, s: int) -> Tensor:
    return convolve(x, k.flip(1), s)


def _every_place(x: Tensor, k: Tensor, s: int) -> Tensor:
    return convolve(x, k, 1)


def _first_places(x: Tensor, k: Tensor, s: int) -> Tensor:
    return convolve(x, k, 1)[: (x.shape[0] - k.shape[0]) // s + 1, : (x.shape[1] - k.shape[1]) // s + 1]


def _images() -> Iterator[Case]:
    kernel = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    yield given(torch.tensor([[1.0, 0.0], [0.0, 0.0]]), kernel, 1)
    yield given(torch.arange(1.0, 13.0).reshape(3, 4), kernel, 1)
    yield given(torch.arange(1.0, 21.0).reshape(4, 5), kernel, 2)
    generator = torch.Generator().manual_seed(0)
    for n, m, h, w, s in ((3, 3, 3, 3, 1), (5, 6, 3, 2, 1), (6, 5, 2, 3, 3), (7, 8, 1, 4, 2), (8, 8, 5, 5, 3)):
        x, k = (small_numbers(*shape, generator=generator) for shape in ((n, m), (h, w)))
        yield given(x, k, s)
    yield given(*(torch.randn(n, n, generator=generator, dtype=torch.float64) for n in (6, 3)), 2)


CONVOLUTION = Exercise(
    name="standard-1",
    title=Text(zh="带步长的卷积", en="Convolution with a stride"),
    statement=Text(
        zh="不调用现成的卷积函数，写出真正的卷积：图像 `x`、核 `k`，没有填充，核每次挪 `s` 格。核放不满的位置不算。",
        en="Without calling any convolution, write convolution proper: an image `x`, a kernel `k`, no padding, and a kernel that moves `s` cells at a time. Places where it does not fit in full do not count.",
    ),
    takes=Text(
        zh="x：(H, W)；k：(kH, kW)，不比 x 大；s ≥ 1。返回输出，dtype 与 x 相同。",
        en="x: (H, W); k: (kH, kW), no larger than x; s ≥ 1. Returns the output, of the dtype of x.",
    ),
    hints=(
        Text(zh="卷积比互相关多哪一步？", en="Which step does convolution have that cross-correlation lacks?"),
        Text(
            zh="输出的 `(i, j)` 这一格，窗口的左上角在输入的哪一格？",
            en="For output `(i, j)`, on which cell of the input is the top left of the window?",
        ),
        Text(
            zh="一行里放得下几个窗口？先数步长为 1 的，再看每 `s` 个留下哪些。",
            en="How many windows fit along a row? Count them for a stride of 1, then see which of every `s` remain.",
        ),
    ),
    solution=convolve,
    explanation=Text(
        zh="先旋转核，两维都要翻；剩下的就是带步长的互相关。窗口从第 `i * s` 行、第 `j * s` 列开始，一共放得下 `(n - h) // s + 1` 行。",
        en="Rotate the kernel first, along both axes; what remains is cross-correlation with a stride. The window begins in row `i * s` and column `j * s`, and there are `(n - h) // s + 1` rows of them.",
    ),
    cases=_images,
    tried=Text(
        zh="只有一个位置的、大小和形状各异的图像和核、步长 1 到 3、除不尽的余数、两种浮点类型，都与旋转了核的 PyTorch `conv2d` 一致。",
        en="a single position, images and kernels of several sizes and shapes, strides 1 to 3, remainders, and two floating dtypes all agree with PyTorch's `conv2d` on the rotated kernel.",
    ),
    mistakes=(
        Mistake(
            _not_rotated,
            Text(
                zh="你算的是互相关，与 PyTorch 的 `conv2d` 一样。卷积要先对核做一件事。",
                en="This is cross-correlation, as PyTorch's `conv2d` computes it. Convolution does something to the kernel first.",
            ),
        ),
        Mistake(
            _transposed,
            Text(
                zh="你把核转置了。旋转 180° 不是转置：左上角应当去哪里？",
                en="You transposed the kernel. A rotation by 180° is something else: where does the top left go?",
            ),
        ),
        Mistake(
            _one_axis,
            Text(
                zh="你只翻了左右。旋转 180° 时，上下呢？",
                en="You turned the kernel left to right alone. In a rotation by 180°, what becomes of top and bottom?",
            ),
        ),
        Mistake(
            _other_axis,
            Text(
                zh="你只翻了上下。旋转 180° 时，左右呢？",
                en="You turned the kernel upside down alone. In a rotation by 180°, what becomes of left and right?",
            ),
        ),
        Mistake(
            _every_place,
            Text(
                zh="核走遍了每一个位置，步长没有用上。",
                en="The kernel stops at every place: the stride does nothing.",
            ),
        ),
        Mistake(
            _first_places,
            Text(
                zh="输出的大小对了，可窗口每次只挪了一格。",
                en="The output has the right size, but the window moves by one cell at a time.",
            ),
        ),
    ),
    reference=_library,
)

# --- standard-2 ---


def kernels() -> tuple[Tensor, Tensor]:
    different = torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    alike = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 4.0], [3.0, 2.0, 1.0]])
    return different, alike


DISTINCT = 5  # as many numbers as a 3×3 kernel that the rotation leaves alone may hold
_SOBEL = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])


def _mirrored() -> tuple[Tensor, Tensor]:
    return _SOBEL, torch.tensor([[1.0, 2.0, 1.0], [3.0, 4.0, 3.0], [5.0, 6.0, 5.0]])


def _symmetric() -> tuple[Tensor, Tensor]:
    return _SOBEL, torch.tensor([[1.0, 2.0, 3.0], [2.0, 4.0, 5.0], [3.0, 5.0, 6.0]])


def _blurred() -> tuple[Tensor, Tensor]:
    return _SOBEL, torch.tensor([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]])


def _both_alike() -> tuple[Tensor, Tensor]:
    return torch.ones(3, 3), kernels()[1]


def _swapped() -> tuple[Tensor, Tensor]:
    different, alike = kernels()
    return alike, different


def _pair() -> Iterator[Case]:
    yield given()


_TURNED_OVER = Text(
    zh="第二个核左右对称，可旋转 180° 还会上下颠倒。",
    en="Your second kernel is symmetric left to right. A rotation by 180° also turns it upside down.",
)
_DIAGONAL = Text(
    zh="第二个核沿对角线对称，也就是转置之后不变。旋转不是转置。",
    en="Your second kernel is symmetric about its diagonal: transposing leaves it as it is. A rotation is no transposition.",
)
_TOO_FEW = Text(
    zh="只要旋转之后不变就够，不必左右、上下都对称。哪几格可以放开？",
    en="The rotation alone must leave it as it is; it need not be symmetric left to right and top to bottom. Which cells may differ after all?",
)
_NO_DIFFERENCE = Text(
    zh="第一个核转过之后还是原样，分不清两种运算。把中心以外的一格改掉就行。",
    en="Your first kernel looks the same after the rotation, and so cannot tell the two apart. Changing one cell other than the centre is enough.",
)
_ORDER = Text(
    zh="两个核的次序反了：先是结果不同的那个。",
    en="The two are in the wrong order: the one with different results comes first.",
)


def _tell_apart(answer: Callable[..., object], case: Case) -> Fault | None:
    """The judge; which mistake it is does not show in the numbers that a reader happens to choose, so it says."""
    value = answer()
    pair = value if isinstance(value, tuple | list) else ()
    if len(pair) != 2 or not all(isinstance(k, Tensor) and k.shape == (3, 3) and k.is_floating_point() for k in pair):
        rule = Text(zh="应当返回两个 3×3 的浮点张量", en="two tensors must be returned, each 3×3 and floating")
        return Fault(rule, came=value)
    different, alike = pair
    if not all(bool(k.isfinite().all()) for k in pair):
        return Fault(Text(zh="核里应当都是有限的数", en="the numbers must be finite"), came=value)
    if _same(different):
        rule = Text(
            zh="第一个核应当使卷积与互相关不同，可它们给出一样的结果",
            en="with the first kernel the two operations must differ, and they give the same",
        )
        exchanged = not _same(alike) and len(different.unique()) >= DISTINCT
        return Fault(rule, came=different, hint=_ORDER if exchanged else _NO_DIFFERENCE)
    if not _same(alike):
        rule = Text(
            zh="第二个核应当使卷积与互相关相同，可它们给出不同的结果",
            en="with the second kernel the two operations must give the same, and they differ",
        )
        known = ((alike.flip(1), _TURNED_OVER), (alike.T, _DIAGONAL))
        return Fault(rule, came=alike, hint=next((hint for turned, hint in known if torch.equal(alike, turned)), None))
    if (count := len(alike.unique())) < DISTINCT:
        rule = Text(
            zh=f"第二个核至少要有 {DISTINCT} 个不同的数，现在只有 {count} 个",
            en=f"the second kernel must hold at least {DISTINCT} different numbers, and holds {count}",
        )
        return Fault(rule, came=alike, hint=_TOO_FEW)
    return None


def _same(kernel: Tensor) -> bool:
    """Whether the two operations give the same; on a random image they do so only where they do on all."""
    image, kernel = torch.randn(5, 5, dtype=torch.float64), kernel.double()
    return torch.allclose(convolve2d(image, kernel), cross_correlate2d(image, kernel))


KERNELS = Exercise(
    name="standard-2",
    title=Text(zh="什么样的核分得清", en="Kernels that tell, and kernels that do not"),
    statement=Text(
        zh="给出两个 3×3 的核。用第一个核时，卷积和互相关的结果不同；用第二个核时，不论图像是什么，两者都相同，而这个核至少有 5 个不同的数。",
        en="Give two 3×3 kernels. With the first, convolution and cross-correlation differ; with the second they give the same on every image, and yet it holds at least 5 different numbers.",
    ),
    takes=Text(
        zh="没有参数。返回两个核 (different, alike)，都是浮点张量，形状 (3, 3)。",
        en="No arguments. Returns two kernels, (different, alike), each a floating tensor of shape (3, 3).",
    ),
    hints=(
        Text(
            zh="两种运算只差一步，这一步对核做了什么？", en="The two differ in one step. What does it do to the kernel?"
        ),
        Text(
            zh="旋转之后每一格去了哪里？在 3×3 里，哪几格必须两两相等？",
            en="Where does every cell go in the rotation? Which cells of a 3×3 kernel must then be equal, two by two?",
        ),
        Text(
            zh="九格里成对的有几对，剩下几格？这样最多能有几个不同的数？",
            en="How many such pairs are there among nine cells, and what remains? So how many numbers may differ?",
        ),
    ),
    solution=kernels,
    explanation=Text(
        zh="旋转 180° 不改变的核，两种运算分不出来。这样的核关于中心对称：四对相对的格各自相等，加上中心，正好 5 个数可以不同。左右对称或沿对角线对称都不够。",
        en="A kernel that a rotation by 180° leaves as it is cannot tell the two apart. It is symmetric about its centre: four pairs of opposite cells, each with one number, and the centre make 5 that may differ. Left–right symmetry is not enough, nor is symmetry about the diagonal.",
    ),
    cases=_pair,
    tried=Text(
        zh="在随机的图像上，第一个核的两种结果不同，第二个的相同。",
        en="on a random image the first kernel gives two results, the second one and the same.",
    ),
    mistakes=(
        Mistake(_mirrored, _TURNED_OVER),
        Mistake(_symmetric, _DIAGONAL),
        Mistake(_blurred, _TOO_FEW),
        Mistake(_both_alike, _NO_DIFFERENCE),
        Mistake(_swapped, _ORDER),
    ),
    judge=_tell_apart,
)

# --- standard-3 ---


def out_size(n: int, k: int, s: int, p: int, d: int) -> int:
    free = n + 2 * p - d * (k - 1) - 1
    if free < 0:
        raise ValueError("the kernel does not fit into the padded input")
    return free // s + 1


def _of_conv1d(n: int, k: int, s: int, p: int, d: int) -> int:
    try:
        return F.conv1d(torch.zeros(1, n), torch.zeros(1, 1, k), stride=s, padding=p, dilation=d).shape[-1]
    except RuntimeError as error:
        raise ValueError(str(error)) from None


def _no_dilation(n: int, k: int, s: int, p: int, d: int) -> int:
    return out_size(n, k, s, p, 1)


def _gaps_too_many(n: int, k: int, s: int, p: int, d: int) -> int:
    return out_size(n, d * k, s, p, 1)


def _padded_once(n: int, k: int, s: int, p: int, d: int) -> int:
    return out_size(n + p, k, s, 0, d)


def _rounded_up(n: int, k: int, s: int, p: int, d: int) -> int:
    out_size(n, k, s, p, d)
    return -(-(n + 2 * p - d * (k - 1) - 1) // s) + 1


def _not_refused(n: int, k: int, s: int, p: int, d: int) -> int:
    return (n + 2 * p - d * (k - 1) - 1) // s + 1


def _divided_first(n: int, k: int, s: int, p: int, d: int) -> int:
    return (out_size(n, k, 1, p, d)) // s


def _lengths() -> Iterator[Case]:
    yield given(5, 3, 1, 0, 1)
    yield given(5, 3, 2, 1, 1)
    yield given(6, 3, 2, 0, 1)  # a remainder
    yield given(7, 3, 1, 0, 2)
    yield given(3, 3, 2, 0, 1)  # exactly one place
    yield given(2, 3, 1, 0, 1)  # none
    yield given(5, 3, 4, 0, 3)  # none, though a stride rounds it to one
    for n in range(1, 9):
        for k in range(1, 5):
            for s, p, d in ((1, 0, 1), (2, 0, 1), (3, 1, 1), (2, 2, 2), (1, 1, 3), (3, 0, 2)):
                yield given(n, k, s, p, d)


SIZE = Exercise(
    name="standard-3",
    title=Text(zh="输出有多长", en="How long the output is"),
    statement=Text(
        zh="写出卷积输出的长度：输入 `n`、核 `k`、步长 `s`、填充 `p`、膨胀率 `d`。核（连同中间的空格）在补过零的输入里放不下时，用 `raise ValueError` 拒绝。",
        en="Write down how long a convolution's output is: input `n`, kernel `k`, stride `s`, padding `p`, dilation `d`. Where the kernel, gaps included, does not fit into the padded input, refuse with `raise ValueError`.",
    ),
    takes=Text(
        zh="n、k、s、d ≥ 1，p ≥ 0，都是整数。返回输出的长度，一个整数；放不下时 raise ValueError。",
        en="n, k, s, d ≥ 1 and p ≥ 0 are ints. Returns the output's length, an int; raises ValueError where nothing fits.",
    ),
    hints=(
        Text(
            zh="核连同空格一共跨过几格？k 个权重之间有几个间隔？",
            en="How many cells does the kernel span? How many gaps are there between k weights?",
        ),
        Text(
            zh="补过零的输入多长？填充加在几端？",
            en="How long is the padded input? At how many ends is the padding?",
        ),
        Text(
            zh="核从最左边开始，还能往右挪几格？每次挪 `s` 格，能停几次？",
            en="From the far left, by how many cells can the kernel still move? Moving `s` at a time, how often does it stop?",
        ),
    ),
    solution=out_size,
    explanation=Text(
        zh="核跨过 `d * (k - 1) + 1` 格，补过零的输入长 `n + 2 * p`，两者之差就是核还能挪动的格数。每 `s` 格停一次，加上起点那一次。差是负数就放不下；要在整除之前看，因为 `-1 // 2` 是 -1，加 1 得 0。",
        en="The kernel spans `d * (k - 1) + 1` cells and the padded input `n + 2 * p`; their difference is how far the kernel can move. It stops every `s` cells, and once at the start. A negative difference means that it does not fit; look before dividing, since `-1 // 2` is -1, and plus 1 gives 0.",
    ),
    cases=_lengths,
    tried=Text(
        zh="输入 1 到 8、核 1 到 4、步长 1 到 4、填充 0 到 2、膨胀率 1 到 3，都与 PyTorch 的 `conv1d` 一致，放不下的都拒绝了。",
        en="inputs 1 to 8, kernels 1 to 4, strides 1 to 4, paddings 0 to 2 and dilations 1 to 3 agree with PyTorch's `conv1d`, and what does not fit is refused.",
    ),
    mistakes=(
        Mistake(
            _no_dilation,
            Text(
                zh="膨胀率没有用上。膨胀之后，核跨过的格数比 k 多。",
                en="The dilation does nothing. A dilated kernel spans more than k cells.",
            ),
        ),
        Mistake(
            _gaps_too_many,
            Text(
                zh="核跨过的格数不是 d·k：k 个权重之间只有 k − 1 个间隔。",
                en="The kernel does not span d·k cells: between k weights there are k − 1 gaps.",
            ),
        ),
        Mistake(
            _padded_once,
            Text(zh="填充在两端都有，你只算了一端。", en="There is padding at both ends; you counted it once."),
        ),
        Mistake(
            _rounded_up,
            Text(
                zh="除不尽时你往上取整了：最后那个位置，核已经伸到外面去了。",
                en="You round up where the division leaves a remainder: in that last place the kernel reaches outside.",
            ),
        ),
        Mistake(
            _not_refused,
            Text(
                zh="放得下的都对，放不下的却没有拒绝。核比补过零的输入还长时，什么也放不下。",
                en="What fits is right, but what does not fit is not refused. Where the kernel is longer than the padded input there is no place for it.",
            ),
        ),
        Mistake(
            _divided_first,
            Text(
                zh="不能拿步长为 1 的长度除以 `s`：起点那一次总是算数的。试试核正好放得下一次的情形。",
                en="The length for a stride of 1, divided by `s`, is not it: the start always counts. Try an input in which the kernel fits exactly once.",
            ),
        ),
    ),
    reference=_of_conv1d,
)

EXERCISES = (CONVOLUTION, KERNELS, SIZE)
