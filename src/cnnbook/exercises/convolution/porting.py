"""Exercises of 5.14.4: weights from Keras and JAX, SAME in a transposed convolution, the shift of a whole network."""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnbook.convolution.porting import centre_shift, transposed_padding, weight_to_torch
from cnnbook.evidence.text import Text
from cnnbook.exercises.drawing import small_numbers
from cnnbook.exercises.exercise import Case, Exercise, Mistake, given

# --- porting-1 ---


def to_torch(weight: Tensor, framework: str) -> Tensor:
    if framework == "jax":
        return weight.permute(2, 3, 0, 1).flip(2, 3)
    return weight.permute(3, 2, 0, 1)


def _by_the_package(weight: Tensor, framework: str) -> Tensor:
    return weight_to_torch(framework, weight, transposed=True)


def _not_rotated(weight: Tensor, framework: str) -> Tensor:
    turned = to_torch(weight, framework)
    return turned.flip(2, 3) if framework == "jax" else turned


def _always_rotated(weight: Tensor, framework: str) -> Tensor:
    return weight.permute(*((2, 3, 0, 1) if framework == "jax" else (3, 2, 0, 1))).flip(2, 3)


def _stored_alike(weight: Tensor, framework: str) -> Tensor:
    turned = weight.permute(3, 2, 0, 1)
    return turned.flip(2, 3) if framework == "jax" else turned


def _as_a_convolution(weight: Tensor, framework: str) -> Tensor:
    """Output channels first, as a convolution has them."""
    return to_torch(weight, framework).transpose(0, 1)


def _one_axis(weight: Tensor, framework: str) -> Tensor:
    return to_torch(weight, framework).flip(2) if framework == "jax" else to_torch(weight, framework)


def _reshaped(weight: Tensor, framework: str) -> Tensor:
    return weight.reshape(to_torch(weight, framework).shape)


def _sides_exchanged(weight: Tensor, framework: str) -> Tensor:
    return to_torch(weight, framework).transpose(2, 3)


def _numbered(*shape: int) -> Tensor:
    return torch.arange(float(torch.Size(shape).numel())).reshape(shape)


def _stored() -> Iterator[Case]:
    yield given(_numbered(2, 2, 1, 1), "keras")
    yield given(_numbered(2, 2, 1, 1), "jax")
    yield given(_numbered(1, 1, 2, 3), "keras")
    yield given(_numbered(1, 1, 2, 3), "jax")
    yield given(_numbered(2, 3, 2, 2), "keras")
    yield given(_numbered(2, 3, 2, 2), "jax")
    generator = torch.Generator().manual_seed(0)
    for shape in ((3, 3, 4, 2), (4, 2, 1, 5)):
        for framework in ("keras", "jax"):
            yield given(torch.randn(shape, generator=generator), framework)
    yield given(torch.randn(3, 3, 2, 2, generator=generator, dtype=torch.float64), "jax")


WEIGHTS = Exercise(
    name="porting-1",
    title=Text(zh="把权重搬过来", en="Bring the weights over"),
    statement=Text(
        zh="一层转置卷积从 Keras 或 JAX 搬来，`framework` 是 `keras` 或 `jax`，JAX 没有设 `transpose_kernel`。把它的权重换成 PyTorch 的 `ConvTranspose2d` 要的样子，使两边算出同样的结果。",
        en="A transposed convolution comes from Keras or from JAX, as `framework` says: `keras` or `jax`, the latter without `transpose_kernel`. Turn its weight into what PyTorch's `ConvTranspose2d` wants, so that both compute the same.",
    ),
    takes=Text(
        zh="weight：Keras 的是 (kH, kW, C_out, C_in)，JAX 的是 (kH, kW, C_in, C_out)。返回 PyTorch 的权重 (C_in, C_out, kH, kW)，dtype 不变。",
        en="weight: (kH, kW, C_out, C_in) from Keras, (kH, kW, C_in, C_out) from JAX. Returns PyTorch's, (C_in, C_out, kH, kW), of the same dtype.",
    ),
    hints=(
        Text(
            zh="PyTorch 的第 0 维，在 Keras 的权重里是第几维？在 JAX 的里呢？",
            en="Where in the weight from Keras is PyTorch's axis 0? And in the one from JAX?",
        ),
        Text(
            zh="JAX 的转置卷积省掉了哪一步？补上它，要动哪两维？",
            en="Which step does JAX's transposed convolution leave out? To make up for it, which two axes change?",
        ),
    ),
    solution=to_torch,
    explanation=Text(
        zh="`permute` 写的是新的各维从旧的哪一维来。JAX 不旋转核，所以读进来时要转一次，两条边都翻；Keras 的不用。",
        en="`permute` says from which old axis each new one comes. JAX does not rotate the kernel, so rotate it once on loading, along both sides; the one from Keras stays as it is.",
    ),
    cases=_stored,
    tried=Text(
        zh="一个和几个通道、正方和长方的核、Keras 和 JAX、两种浮点类型，都与 `weight_to_torch` 一致。",
        en="one channel and several, square kernels and oblong ones, Keras and JAX, and two floating dtypes agree with `weight_to_torch`.",
    ),
    mistakes=(
        Mistake(
            _not_rotated,
            Text(
                zh="维的次序对了，可从 JAX 来的印章上下左右全反了。",
                en="The axes are in order, but the stamps from JAX are upside down and left to right.",
            ),
        ),
        Mistake(
            _always_rotated,
            Text(
                zh="从 Keras 来的不该旋转：它的转置卷积和 PyTorch 的一样。",
                en="The kernel from Keras should not be rotated: its transposed convolution is PyTorch's.",
            ),
        ),
        Mistake(
            _stored_alike,
            Text(
                zh="你把 JAX 的权重当成和 Keras 的摆法一样了。它的两个通道维，次序正好相反。",
                en="You read the weight from JAX as if it were stored like that from Keras. Its two channel axes are the other way round.",
            ),
        ),
        Mistake(
            _as_a_convolution,
            Text(
                zh="输出通道在前，是普通卷积的摆法。PyTorch 的转置卷积，输入通道在前。",
                en="Output channels first is for ordinary convolutions. PyTorch's transposed ones have the input channels first.",
            ),
        ),
        Mistake(
            _one_axis,
            Text(
                zh="从 JAX 来的核只翻了一条边。旋转 180° 要翻两条。",
                en="The kernel from JAX is turned along one side alone. A rotation by 180° turns both.",
            ),
        ),
        Mistake(
            _reshaped,
            Text(
                zh="形状对了，数却乱了：`reshape` 只是按原来的次序重新断行，不会调换各维。",
                en="The shape is right and the numbers are jumbled: `reshape` breaks the same sequence into other rows, and exchanges no axes.",
            ),
        ),
        Mistake(
            _sides_exchanged,
            Text(
                zh="核的高和宽对调了，每枚印章都沿对角线翻了过来。",
                en="Height and width of the kernel are exchanged, and every stamp is turned over its diagonal.",
            ),
        ),
    ),
    reference=_by_the_package,
)

# --- porting-2 ---


def same(x: Tensor, k: Tensor, s: int) -> Tensor:
    full = F.conv_transpose1d(x[None, None], k[None, None], stride=s)[0, 0]
    extra = len(full) - len(x) * s
    before = max(extra, 0) // 2
    return F.pad(full, (-before, before - extra))


def _kerass(x: Tensor, k: Tensor, s: int) -> Tensor:
    answer = transposed_padding("keras-same", len(x), len(k), s)
    p, extra = answer.padding, answer.output_padding
    assert isinstance(p, int) and isinstance(extra, int)
    return answer.cropped(F.conv_transpose1d(x[None, None], k[None, None], None, s, p, extra))[0, 0]


def _cropped(x: Tensor, k: Tensor, s: int, before: int) -> Tensor:
    """The full output with so many cells left out before, and the rest after."""
    full = F.conv_transpose1d(x[None, None], k[None, None], stride=s)[0, 0]
    return F.pad(full, (-before, before + len(x) * s - len(full)))


def _odd_one_before(x: Tensor, k: Tensor, s: int) -> Tensor:
    return _cropped(x, k, s, (max(len(k) - s, 0) + 1) // 2)


def _by_output_padding(x: Tensor, k: Tensor, s: int) -> Tensor:
    p = max(0, (len(k) - s + 1) // 2)
    return F.conv_transpose1d(x[None, None], k[None, None], None, s, p, s + 2 * p - len(k))[0, 0]


def _all_after(x: Tensor, k: Tensor, s: int) -> Tensor:
    return _cropped(x, k, s, 0)


def _rotated(x: Tensor, k: Tensor, s: int) -> Tensor:
    return same(x, k.flip(0), s)


def _full(x: Tensor, k: Tensor, s: int) -> Tensor:
    return F.conv_transpose1d(x[None, None], k[None, None], stride=s)[0, 0]


def _never_filled(x: Tensor, k: Tensor, s: int) -> Tensor:
    return same(x, k, s)[: (len(x) - 1) * s + len(k)]


def _filled_evenly(x: Tensor, k: Tensor, s: int) -> Tensor:
    return _cropped(x, k, s, (len(k) - s) // 2)


def _lines() -> Iterator[Case]:
    yield given(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 10.0, 100.0]), 2)
    yield given(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 10.0, 100.0, 1000.0]), 2)
    yield given(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0]), 2)
    yield given(torch.tensor([1.0, 2.0]), torch.tensor([5.0]), 3)  # shorter than the stride
    yield given(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 2.0, 3.0, 4.0]), 1)
    generator = torch.Generator().manual_seed(0)
    for n, k, s in ((4, 2, 2), (5, 7, 3), (1, 6, 4), (6, 2, 4), (3, 9, 2)):
        x, kernel = (small_numbers(size, generator=generator) for size in (n, k))
        yield given(x, kernel, s)
    yield given(*(torch.randn(size, generator=generator, dtype=torch.float64) for size in (7, 3)), 2)


_ONE_PIXEL = Text(
    zh="形状对，数值差一个像素：你把多出来的一格裁在了首端，那是 PyTorch 里习惯的写法。",
    en="The shape is right and the values are one pixel off: you leave out the odd cell before, which is PyTorch's usual setting.",
)

SAME = Exercise(
    name="porting-2",
    title=Text(zh="Keras 的 SAME", en="SAME as Keras means it"),
    statement=Text(
        zh="照 Keras 的 `padding='same'` 做一维的转置卷积：输入 `x`，核 `k`，步长 `s`，只有一个通道，输出长 n·s。可以用 PyTorch 的 `conv_transpose1d`。",
        en="Compute a transposed convolution in one dimension as Keras does with `padding='same'`: input `x`, kernel `k`, stride `s`, one channel, and an output of length n·s. You may use PyTorch's `conv_transpose1d`.",
    ),
    takes=Text(
        zh="x：(n,)；k：(K,)；s ≥ 1，核可能比步长短。返回 (n·s,)，dtype 与 x 相同。",
        en="x: (n,); k: (K,); s ≥ 1; the kernel may be shorter than the stride. Returns (n·s,), of the dtype of x.",
    ),
    hints=(
        Text(
            zh="先算完整输出。它比 n·s 长几格？",
            en="Compute the full output first. By how many cells is it longer than n·s?",
        ),
        Text(
            zh="多出来的分到两端裁。分不匀的那一格，Keras 裁在哪一端？",
            en="Share what is too much between the ends. If it is odd, at which end does Keras leave out one more?",
        ),
        Text(
            zh="核比步长短时，完整输出反而不够长。缺的格子补什么，补在哪里？",
            en="With a kernel shorter than the stride the full output is too short. What fills it up, and where?",
        ),
    ),
    solution=same,
    explanation=Text(
        zh="完整输出长 (n − 1)s + K，比 n·s 多 K − s 格。首端裁一半，向下取整，其余在末端裁；`F.pad` 里的负数就是裁。K < s 时 `extra` 是负的，首端不动，末端补零。",
        en="The full output has (n − 1)s + K cells, K − s more than n·s. Half of these go before, rounded down, the rest after; a negative number in `F.pad` crops. Where K < s, `extra` is negative: nothing changes before, and zeros are added after.",
    ),
    cases=_lines,
    tried=Text(
        zh="书里的那一例、1 到 9 个权重的核、步长 1 到 4、裁得匀的和不匀的、核比步长短的、两种浮点类型，都与 Keras 的规则一致。",
        en="the page's example, kernels of 1 to 9 weights, strides 1 to 4, even crops and odd ones, kernels shorter than the stride and two floating dtypes follow the rule of Keras.",
    ),
    mistakes=(
        Mistake(_odd_one_before, _ONE_PIXEL),
        Mistake(_by_output_padding, _ONE_PIXEL),  # the same, but PyTorch refuses it where K = 4 and s = 1
        Mistake(
            _all_after,
            Text(
                zh="你全裁在了末端。多出两格以上时，首端也要裁。",
                en="You crop at the end alone. Where two cells or more are too many, some go before.",
            ),
        ),
        Mistake(
            _rotated,
            Text(
                zh="核反了。PyTorch 的转置卷积，核的方向已经和 Keras 一样。",
                en="The kernel is turned round. In PyTorch's transposed convolution it already lies as in Keras.",
            ),
        ),
        Mistake(
            _never_filled,
            Text(
                zh="核不比步长短时都对。核更短时，输出也要有 n·s 格：末尾补零。",
                en="All is right where the kernel is as long as the stride. Where it is shorter there must be n·s cells all the same: fill up with zeros at the end.",
            ),
        ),
        Mistake(
            _full,
            Text(
                zh="这是完整输出，还没有裁。输出应当长 n·s。",
                en="This is the full output, uncropped. The output should be n·s long.",
            ),
        ),
        Mistake(
            _filled_evenly,
            Text(
                zh="核比步长短时，你在首端也补了零，图像就挪了位。补的都在末端。",
                en="Where the kernel is shorter than the stride you add zeros before as well, and so move the image. They all go after.",
            ),
        ),
    ),
    reference=_kerass,
)

# --- porting-3 ---


def total_shift(layers: list[tuple[int, int, int, int]]) -> float:
    total, step = 0.0, 1
    for k, s, p, d in layers:
        total += step * ((d * (k - 1) + 1 - s) / 2 - p)
        step *= s
    return total


def _by_centres(layers: list[tuple[int, int, int, int]]) -> float:
    total, step = 0.0, 1
    for k, s, p, d in layers:
        shift = centre_shift(k, s, p, d)
        assert isinstance(shift, float)
        total, step = total + step * shift, step * s
    return total


def _own_pixels(layers: list[tuple[int, int, int, int]]) -> float:
    return sum(total_shift([layer]) for layer in layers)


def _step_too_soon(layers: list[tuple[int, int, int, int]]) -> float:
    total, step = 0.0, 1
    for k, s, p, d in layers:
        step *= s
        total += step * total_shift([(k, s, p, d)])
    return total


def _last_first(layers: list[tuple[int, int, int, int]]) -> float:
    return total_shift(layers[::-1])


def _not_dilated(layers: list[tuple[int, int, int, int]]) -> float:
    return total_shift([(k, s, p, 1) for k, s, p, _ in layers])


def _other_sign(layers: list[tuple[int, int, int, int]]) -> float:
    return -total_shift(layers)


def _no_stride(layers: list[tuple[int, int, int, int]]) -> float:
    """The middle of the kernel against the first pixel that the cell stands for, and not against their middle."""
    total, step = 0.0, 1
    for k, s, p, d in layers:
        total += step * (d * (k - 1) / 2 - p)
        step *= s
    return total


def _whole(layers: list[tuple[int, int, int, int]]) -> float:
    total, step = 0.0, 1
    for k, s, p, d in layers:
        total += step * ((d * (k - 1) + 1 - s) // 2 - p)
        step *= s
    return total


def _networks() -> Iterator[Case]:
    yield given([(3, 2, 1, 1)])
    yield given([(4, 2, 1, 1)])
    yield given([(3, 2, 1, 1), (3, 2, 1, 1)])
    yield given([(2, 2, 0, 1), (3, 1, 0, 1)])
    yield given([(3, 1, 0, 2), (3, 3, 1, 3)])
    yield given([])
    yield given([(3, 2, 1, 1)] * 5)
    yield given([(7, 2, 3, 1), (3, 2, 1, 1), (3, 1, 1, 1), (3, 2, 1, 1), (3, 1, 2, 2)])
    yield given([(5, 4, 0, 1), (2, 1, 1, 3), (3, 3, 0, 1), (6, 2, 2, 1)])


SHIFT = Exercise(
    name="porting-3",
    title=Text(zh="整个网络偏了多少", en="The shift of a whole network"),
    statement=Text(
        zh="一个网络由几层卷积接成，第一层最先作用在图像上。每一层的核、步长、填充、膨胀率都已知，求最后的特征图的每一格，读图像的位置比它应在的位置偏了多少个图像像素。读的位置偏右、偏下为正。",
        en="A network is a chain of convolutions, the first of which sees the image. Kernel, stride, padding and dilation of every layer are known: by how many pixels of the image does a cell of the last feature map read beside the place that it stands for? Positive is where it reads too far to the right and below.",
    ),
    takes=Text(
        zh="layers：列表，每层是 (k, s, p, d)，可能是空的。返回偏移，一个浮点数，单位是图像的像素。",
        en="layers: a list with (k, s, p, d) for each layer, perhaps empty. Returns the shift, a float, in pixels of the image.",
    ),
    hints=(
        Text(
            zh="一层偏多少，有现成的公式。它的单位是谁的像素？",
            en="There is a formula for the shift of one layer. Of which picture are its pixels?",
        ),
        Text(
            zh="第二层的一个输入像素，相当于图像上几个像素？",
            en="One pixel of the second layer's input is how many pixels of the image?",
        ),
    ),
    solution=total_shift,
    explanation=Text(
        zh="一层的偏移以它自己输入的像素计，而那样一个像素，长度是它下面所有步长的乘积。所以先用 `step` 加上这一层的偏移，再乘上它的步长，留给下一层。",
        en="The shift of a layer is in pixels of its own input, each of which is as long as the product of all strides below. So add the layer's shift times `step` first, and only then multiply `step` by its stride, for the next layer.",
    ),
    cases=_networks,
    tried=Text(
        zh="没有层的、一层到五层的、书里那五层、带膨胀的、往左偏和往右偏的，都对。",
        en="no layer, one to five, the page's five, dilated ones, shifts to the left and to the right are all as they should be.",
    ),
    mistakes=(
        Mistake(
            _own_pixels,
            Text(
                zh="你把各层的偏移直接相加了。后面的层，像素比图像的大。",
                en="You add the layers' shifts as they are. The pixels of a later layer are larger than those of the image.",
            ),
        ),
        Mistake(
            _step_too_soon,
            Text(
                zh="你先乘了这一层自己的步长。卷积的偏移，以它输入的像素计。",
                en="You multiply by the layer's own stride too soon. A convolution's shift is in pixels of its input.",
            ),
        ),
        Mistake(
            _last_first,
            Text(
                zh="你是从最后一层算起的。图像先遇到的是第一层。",
                en="You begin with the last layer. It is the first that sees the image.",
            ),
        ),
        Mistake(
            _not_dilated,
            Text(
                zh="膨胀率没有用上。膨胀之后，核跨的格数更多。",
                en="The dilation does nothing. A dilated kernel spans more cells.",
            ),
        ),
        Mistake(
            _other_sign,
            Text(
                zh="正负号反了：问的是从哪里读。填充越大，读的位置越往左。",
                en="The sign is wrong. Asked for is where it reads: the larger the padding, the further to the left.",
            ),
        ),
        Mistake(
            _no_stride,
            Text(
                zh="你拿核的正中和它对应的头一个像素比。粗图的一格对应 s 个像素，要和它们的正中比。",
                en="You compare the middle of the kernel with the first pixel that a cell stands for. It stands for s of them: compare with their middle.",
            ),
        ),
        Mistake(
            _whole,
            Text(
                zh="半个像素被取整取掉了，而要紧的正是它。",
                en="Half pixels are rounded away, and they are what matters here.",
            ),
        ),
    ),
    reference=_by_centres,
)

EXERCISES = (WEIGHTS, SAME, SHIFT)
