"""Exercises of 5.17.3: from a tensor back to a picture, mean and deviation of a set, normalising in the first layer."""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnbook.domains.images import normalise
from cnnbook.evidence.text import Text
from cnnbook.exercises.drawing import small_numbers
from cnnbook.exercises.exercise import Case, Exercise, Mistake, given

# --- images-1 ---


def to_pixels(x: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    planes = x[0] * std[:, None, None] + mean[:, None, None]
    whole = (255 * planes).round().clamp(0, 255)
    return whole.to(torch.uint8).permute(1, 2, 0)


def _pixel_by_pixel(x: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    _, c, h, w = x.shape
    pixels = torch.empty(h, w, c, dtype=torch.uint8)
    for i in range(h):
        for j in range(w):
            for channel in range(c):
                value = (x[0, channel, i, j] * std[channel] + mean[channel]) * 255
                pixels[i, j, channel] = int(min(max(value.round().item(), 0), 255))
    return pixels


def _planes(x: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    return x[0] * std[:, None, None] + mean[:, None, None]


def _reshaped(x: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    pixels = to_pixels(x, mean, std).permute(2, 0, 1).contiguous()
    return pixels.reshape(*x.shape[2:], x.shape[1])


def _cut_off(x: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    return (255 * _planes(x, mean, std)).clamp(0, 255).to(torch.uint8).permute(1, 2, 0)


def _wrapped(x: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    return (255 * _planes(x, mean, std)).round().to(torch.int64).to(torch.uint8).permute(1, 2, 0)


def _mean_first(x: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    planes = (x[0] + mean[:, None, None]) * std[:, None, None]
    return (255 * planes).round().clamp(0, 255).to(torch.uint8).permute(1, 2, 0)


def _normalised_again(x: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    planes = (x[0] - mean[:, None, None]) / std[:, None, None]
    return (255 * planes).round().clamp(0, 255).to(torch.uint8).permute(1, 2, 0)


def _planes_kept(x: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    return (255 * _planes(x, mean, std)).round().clamp(0, 255).to(torch.uint8)


def _normal_images() -> Iterator[Case]:
    yield given(torch.tensor([[[[2.0]], [[-0.4]], [[-2.0]]]]), torch.full((3,), 0.5), torch.full((3,), 0.25))
    yield given(torch.tensor([[[[1.0, -1.0]], [[0.5, 0.0]]]]), torch.tensor([0.5, 0.4]), torch.tensor([0.25, 0.2]))
    yield given(torch.tensor([[[[9.0, -9.0]]]]), torch.tensor([0.5]), torch.tensor([0.25]))  # brighter than white
    generator = torch.Generator().manual_seed(0)
    mean, std = torch.tensor([0.5, 0.4, 0.3]), torch.tensor([0.25, 0.2, 0.2])
    for h, w in ((2, 3), (4, 2), (3, 5)):
        yield given(torch.randn(1, 3, h, w, generator=generator), mean, std)
    pixels = torch.randint(256, (1, 3, 4, 3), generator=generator) / 255  # comes back exactly
    yield given((pixels - mean[:, None, None]) / std[:, None, None], mean, std)


BACK = Exercise(
    name="images-1",
    title=Text(zh="从张量回到像素", en="From the tensor back to pixels"),
    statement=Text(
        zh="想看看网络拿到的到底是什么，就得把路倒着走一遍：从归一化之后的一张图像 `x`，回到文件里的样子，整数 0 到 255，每个像素的各个通道挨在一起。四舍五入取整；比黑更黑的算 0，比白更白的算 255。",
        en="To see what a network is given, walk the way back: from one normalised image, `x`, to what a file holds, whole numbers from 0 to 255 with the channels of each pixel side by side. Round to the nearest; what is darker than black becomes 0, and what is brighter than white 255.",
    ),
    takes=Text(
        zh="x：(1, C, H, W)；mean、std：(C,)，图像除以 255 之后的均值和标准差。返回 uint8 (H, W, C)。",
        en="x: (1, C, H, W); mean, std: (C,), of images divided by 255. Returns uint8 (H, W, C).",
    ),
    hints=(
        Text(
            zh="来的时候依次是：挪动通道，除以 255，减均值，除以标准差。回去该先做哪一步？",
            en="The way there was: move the channels, divide by 255, subtract the mean, divide by the deviation. Which comes first on the way back?",
        ),
        Text(
            zh="每个通道有自己的均值和标准差；`(C,)` 怎样才能与 `(C, H, W)` 对上？",
            en="Each channel has its own mean and deviation. How does `(C,)` meet `(C, H, W)` in the right place?",
        ),
        Text(
            zh="变成 `uint8` 的时候，300 会变成什么？−5 呢？",
            en="What becomes of 300 as a `uint8`, and of −5?",
        ),
    ),
    solution=to_pixels,
    explanation=Text(
        zh="倒着走，次序也倒过来：先乘标准差，再加均值，再乘 255，最后挪动通道。变成 `uint8` 会直接舍去小数，超出范围的还会绕回来，所以先取整、截断，再变类型。挪动轴要用 `permute`，`reshape` 只会把数打乱。",
        en="Backwards the order turns round: times the deviation, plus the mean, times 255, and last the channels. `uint8` drops what is behind the point and wraps what is out of range, so round and clamp come before it. Axes are moved by `permute`; `reshape` would scramble the numbers.",
    ),
    cases=_normal_images,
    tried=Text(
        zh="书里的橙色像素、一个到三个通道、长宽不等的图像、比黑更黑和比白更白的值，都与一个像素一个像素算出来的一致；真正的像素一去一回，分毫不差。",
        en="the orange pixel of the section, one to three channels, images whose sides differ and values beyond black and white all agree with what comes out pixel by pixel; real pixels come back as they were.",
    ),
    mistakes=(
        Mistake(
            _reshaped,
            Text(
                zh="形状对了，像素却乱了：`reshape` 只是按原来的次序重新分行。",
                en="The shape is right and the picture scrambled: `reshape` merely cuts the same row of numbers elsewhere.",
            ),
        ),
        Mistake(
            _cut_off,
            Text(
                zh="变成 `uint8` 时小数直接舍去了：101.9 成了 101。",
                en="Made a `uint8`, your numbers lose what is behind the point: 101.9 becomes 101.",
            ),
        ),
        Mistake(
            _wrapped,
            Text(
                zh="超出 0 到 255 的值绕了回来，最亮的地方成了暗的。",
                en="What is beyond 0 and 255 wraps around, and the brightest places come out dark.",
            ),
        ),
        Mistake(
            _mean_first,
            Text(
                zh="次序没有倒过来：最后做的是除以标准差，所以先要撤销的是它。",
                en="You undo the two in the order in which they were done. The division by the deviation came last, and is undone first.",
            ),
        ),
        Mistake(
            _normalised_again,
            Text(
                zh="你又归一化了一次。这里要的是反过来的那一步。",
                en="You normalise a second time. It is the opposite that is wanted.",
            ),
        ),
        Mistake(
            _planes_kept,
            Text(
                zh="数都对了，但通道还各自是一个平面。文件里，每个像素的通道挨在一起。",
                en="The numbers are right, but each channel is still a plane of its own. In a file the channels of a pixel stand side by side.",
            ),
        ),
    ),
    reference=_pixel_by_pixel,
    tolerance=0.0,
)

# --- images-2 ---


def statistics(batches: list[Tensor]) -> tuple[Tensor, Tensor]:
    count, total, squares = 0, torch.zeros(1).double(), torch.zeros(1).double()
    for batch in batches:
        x = batch.double() / 255
        count += x[:, 0].numel()
        total = total + x.sum((0, 2, 3))
        squares = squares + (x**2).sum((0, 2, 3))
    mean = total / count
    return mean, (squares / count - mean**2).clamp(min=0).sqrt()


def _all_at_once(batches: list[Tensor]) -> tuple[Tensor, Tensor]:
    x = torch.cat(batches).double() / 255
    return x.mean((0, 2, 3)), x.std((0, 2, 3), correction=0)


def _per_batch(batches: list[Tensor]) -> tuple[Tensor, Tensor]:
    pairs = [_all_at_once([batch]) for batch in batches]
    return torch.stack([mean for mean, _ in pairs]).mean(0), torch.stack([std for _, std in pairs]).mean(0)


def _deviation_within(batches: list[Tensor]) -> tuple[Tensor, Tensor]:
    counts = torch.tensor([float(batch[:, 0].numel()) for batch in batches]).double()
    inside = torch.stack([_all_at_once([batch])[1] ** 2 for batch in batches])
    return _all_at_once(batches)[0], ((counts[:, None] * inside).sum(0) / counts.sum()).sqrt()


def _channels_together(batches: list[Tensor]) -> tuple[Tensor, Tensor]:
    x = torch.cat(batches).double() / 255
    return x.mean().expand(x.shape[1]), x.std(correction=0).expand(x.shape[1])


def _not_divided(batches: list[Tensor]) -> tuple[Tensor, Tensor]:
    mean, std = _all_at_once(batches)
    return 255 * mean, 255 * std


def _variance(batches: list[Tensor]) -> tuple[Tensor, Tensor]:
    mean, std = _all_at_once(batches)
    return mean, std**2


def _number_less_one(batches: list[Tensor]) -> tuple[Tensor, Tensor]:
    x = torch.cat(batches).double() / 255
    return x.mean((0, 2, 3)), x.std((0, 2, 3))


def _sets() -> Iterator[Case]:
    def filled(*values: int) -> Tensor:
        return torch.tensor(values, dtype=torch.uint8).reshape(-1, 1, 1, 1)

    yield given([filled(0, 255)])
    yield given([filled(0, 0), filled(255, 255)])  # all the deviation is between the batches
    yield given([filled(51, 102, 204), filled(255)])  # the last batch is small
    yield given([filled(209, 209, 209)])  # all of one grey: the difference of the squares is -3e-16
    generator = torch.Generator().manual_seed(0)
    for sizes, c, h, w in (((2, 1), 2, 2, 3), ((3, 3, 1), 3, 4, 2), ((4, 2), 3, 3, 3)):
        top = torch.tensor([60, 160, 256])[:c]
        yield given([(torch.rand(n, c, h, w, generator=generator) * top[:, None, None]).to(torch.uint8) for n in sizes])


STATISTICS = Exercise(
    name="images-2",
    title=Text(zh="一批一批地求均值和标准差", en="Mean and deviation, batch by batch"),
    statement=Text(
        zh="训练图像多得装不进内存，只能一批一批地读，最后一批往往不满。求归一化要用的均值和标准差：每个通道一个，对全部图像的全部像素，像素先除以 255。方差除以像素的个数，不必减 1。",
        en="There are more training images than fit into memory, so they are read batch by batch, and the last batch is often not full. Find the mean and the standard deviation for normalising: one for each channel, over all pixels of all images, divided by 255 first. Divide the variance by the number of pixels, not by 1 less.",
    ),
    takes=Text(
        zh="batches：若干个 uint8 张量 (n, C, H, W)，n 可以不同。返回 (mean, std)，都是 (C,)，float64。",
        en="batches: some uint8 tensors (n, C, H, W), where n may differ. Returns (mean, std), each (C,), float64.",
    ),
    hints=(
        Text(
            zh="不满的一批，说话的分量该和满的一批一样吗？",
            en="Should a batch that is not full have as much of a say as a full one?",
        ),
        Text(
            zh="一批全黑，一批全白：每一批里的标准差都是 0，全部图像的呢？",
            en="One batch is all black and one all white: within each the deviation is 0. What is it over all the images?",
        ),
        Text(
            zh="方差等于平方的均值减去均值的平方。哪几个和可以边读边加？",
            en="A variance is the mean of the squares less the square of the mean. Which sums can be added up while reading?",
        ),
    ),
    solution=statistics,
    explanation=Text(
        zh="边读边加三样东西：像素的个数、和、平方和，最后才相除。各批的标准差再平均是不对的，它看不见批与批之间的差别。平方和与均值的平方可能很接近，相减会丢掉精度，所以用 float64；图像只有一种灰时，差还会略小于 0，所以开方之前垫到 0。",
        en="Three things are added up while reading, the number of pixels, their sum and the sum of their squares, and divided only at the end. The mean of the batches' deviations will not do: it misses how the batches differ from each other. The two that are subtracted may be nearly equal, which costs digits, hence float64; where all is one grey, the difference may even fall just below 0, and is raised to it before the root.",
    ),
    cases=_sets,
    tried=Text(
        zh="一批到三批、大小不等的批、一批全黑一批全白、一个到三个通道，都与一次装进内存算出来的一致。",
        en="one to three batches, batches of unequal size, one all black and one all white, and one to three channels all agree with what comes out when everything is in memory at once.",
    ),
    mistakes=(
        Mistake(
            _per_batch,
            Text(
                zh="你对各批的结果求了平均。不满的一批占了和满的一样的分量，批与批之间的差别也没有算进标准差。",
                en="You take the mean of what the batches gave. A small batch then counts like a full one, and how the batches differ from each other is missing in the deviation.",
            ),
        ),
        Mistake(
            _deviation_within,
            Text(
                zh="均值对了。标准差量的是离各批自己的均值有多远；应当离全部图像的均值有多远。",
                en="The mean is right. Your deviation measures how far pixels are from the mean of their own batch; it should be from the mean of all.",
            ),
        ),
        Mistake(
            _channels_together,
            Text(
                zh="所有通道只有一个数。红、绿、蓝各有各的均值和标准差。",
                en="You give one number for all channels. Red, green and blue have a mean and a deviation each.",
            ),
        ),
        Mistake(
            _not_divided,
            Text(
                zh="这是像素 0 到 255 的均值和标准差。归一化在除以 255 之后。",
                en="These are of the pixels from 0 to 255. Normalising comes after the division by 255.",
            ),
        ),
        Mistake(
            _variance,
            Text(
                zh="这是方差，还没有开方。",
                en="This is the variance; its root is still to be taken.",
            ),
        ),
        Mistake(
            _number_less_one,
            Text(
                zh="`std` 默认除以个数减 1。这里除以像素的个数：`correction=0`。",
                en="`std` divides by the number less 1 unless told otherwise. Here it is the number of pixels: `correction=0`.",
            ),
        ),
    ),
    reference=_all_at_once,
    tolerance=1e-6,
)

# --- images-3 ---


def absorb(w: Tensor, b: Tensor, mean: Tensor, std: Tensor) -> tuple[Tensor, Tensor]:
    scaled = w / std[:, None, None]
    return scaled, b - (scaled * mean[:, None, None]).sum((1, 2, 3))


def _measured(w: Tensor, b: Tensor, mean: Tensor, std: Tensor) -> tuple[Tensor, Tensor]:
    """What convolution after normalising makes of nothing, and of one pixel more than nothing."""
    shape, count = w.shape[1:], w[0].numel()
    ones = torch.eye(count, dtype=w.dtype).reshape(count, *shape)
    means, stds = mean.tolist(), std.tolist()
    nothing = F.conv2d(normalise(torch.zeros_like(ones[:1]), means, stds), w, b).flatten()
    each = F.conv2d(normalise(ones, means, stds), w, b).flatten(1) - nothing
    return each.T.reshape(w.shape), nothing


def _bias_kept(w: Tensor, b: Tensor, mean: Tensor, std: Tensor) -> tuple[Tensor, Tensor]:
    return absorb(w, b, mean, std)[0], b


def _added(w: Tensor, b: Tensor, mean: Tensor, std: Tensor) -> tuple[Tensor, Tensor]:
    scaled, shifted = absorb(w, b, mean, std)
    return scaled, 2 * b - shifted


def _mean_not_divided(w: Tensor, b: Tensor, mean: Tensor, std: Tensor) -> tuple[Tensor, Tensor]:
    return w / std[:, None, None], b - (w * mean[:, None, None]).sum((1, 2, 3))


def _multiplied(w: Tensor, b: Tensor, mean: Tensor, std: Tensor) -> tuple[Tensor, Tensor]:
    return absorb(w, b, mean, 1 / std)


def _outputs_scaled(w: Tensor, b: Tensor, mean: Tensor, std: Tensor) -> tuple[Tensor, Tensor]:
    if len(w) != len(std):
        return w / std.mean(), b - (w / std.mean() * mean.mean()).sum((1, 2, 3))
    return w / std[:, None, None, None], b - (w * (mean / std)[:, None, None, None]).sum((1, 2, 3))


def _mean_of_the_kernel(w: Tensor, b: Tensor, mean: Tensor, std: Tensor) -> tuple[Tensor, Tensor]:
    scaled = w / std[:, None, None]
    return scaled, b - (scaled * mean[:, None, None]).mean((2, 3)).sum(1)


def _layers() -> Iterator[Case]:
    def t(*numbers: float) -> Tensor:
        return torch.tensor(numbers)

    yield given(torch.tensor([[[[2.0]]]]), t(1.0), t(0.5), t(0.25))
    yield given(torch.tensor([[[[1.0, 3.0]]]]), t(1.0), t(0.5), t(0.25))
    yield given(torch.tensor([[[[1.0]], [[2.0]]]]), t(0.0), t(0.5, 0.25), t(0.25, 0.5))
    generator = torch.Generator().manual_seed(0)
    for o, c, h, w in ((2, 2, 2, 3), (4, 3, 3, 3), (3, 3, 1, 2)):
        kernel = small_numbers(o, c, h, w, generator=generator)
        yield given(kernel, t(1.0, 0.0, -2.0, 3.0)[:o], t(0.5, 0.4, 0.3)[:c], t(0.25, 0.2, 0.5)[:c])
    weights = (torch.randn(*s, generator=generator, dtype=torch.float64) for s in ((5, 3, 5, 5), (5,)))
    yield given(*weights, t(0.485, 0.456, 0.406).double(), t(0.229, 0.224, 0.225).double())


ABSORB = Exercise(
    name="images-3",
    title=Text(zh="让第一层吸收归一化", en="Normalising within the first layer"),
    statement=Text(
        zh="一个网络训练时用的是归一化的图像，第一层卷积的权重是 `w`，偏置是 `b`，没有填充。求新的权重和偏置，让这一层直接吃除以 255 的图像，输出却一个也不变。",
        en="A network was trained on normalised images; its first convolution has the weights `w` and the bias `b`, and no padding. Find new weights and a new bias with which the layer takes images that are only divided by 255, and not one output changes.",
    ),
    takes=Text(
        zh="w：(O, C, kH, kW)；b：(O,)；mean、std：(C,)。返回 (w', b')，形状和 dtype 与 w、b 相同。",
        en="w: (O, C, kH, kW); b: (O,); mean, std: (C,). Returns (w', b'), of the shapes and dtypes of w and b.",
    ),
    hints=(
        Text(
            zh="只看一个像素、1×1 的核：w · (x − μ) / σ + b。把它写成 w' · x + b'。",
            en="For one pixel and a kernel of 1×1 it is w · (x − μ) / σ + b. Write it as w' · x + b'.",
        ),
        Text(
            zh="每个输入通道有自己的 μ 和 σ。输入通道是 `w` 的哪一根轴？",
            en="Each input channel has its own μ and σ. Which axis of `w` are the input channels?",
        ),
        Text(
            zh="b' 里的那个和，要对一个输出的哪些权重求？",
            en="Over which weights of an output does the sum in b' run?",
        ),
    ),
    solution=absorb,
    explanation=Text(
        zh="权重除以自己那个输入通道的 σ；偏置减去 μ/σ 乘以权重，对输入通道和核里的全部位置求和。有了填充就不成：补在边缘的 0，归一化之前和之后不是同一种灰。",
        en="A weight is divided by the σ of its input channel; from the bias goes μ/σ times the weights, summed over the input channels and all places of the kernel. With padding it fails: the 0 at the border is one grey before normalising and another after it.",
    ),
    cases=_layers,
    tried=Text(
        zh="1 到 5 个输出、一个到三个通道、1×1 到 5×5 的核、两种浮点类型：新的一层与先归一化的旧的一层，输出处处相同。",
        en="with 1 to 5 outputs, one to three channels, kernels from 1×1 to 5×5 and two floating dtypes, the new layer gives what normalising and the old one did.",
    ),
    mistakes=(
        Mistake(
            _bias_kept,
            Text(
                zh="权重对了，偏置没有动。减去的均值，经过权重之后成了一个常数，它到哪里去了？",
                en="The weights are right, and the bias is what it was. The mean that was subtracted becomes a constant behind the weights: where has it gone?",
            ),
        ),
        Mistake(
            _added,
            Text(
                zh="偏置的符号反了：归一化是减去均值。",
                en="The sign in your bias is wrong: normalising subtracts the mean.",
            ),
        ),
        Mistake(
            _mean_not_divided,
            Text(
                zh="偏置里的均值还没有除以标准差。归一化除的是 x − μ 整个。",
                en="In your bias the mean is not divided by the deviation. Normalising divides all of x − μ.",
            ),
        ),
        Mistake(
            _multiplied,
            Text(
                zh="你乘了标准差。x 不再除以它，就得由权重来除。",
                en="You multiply by the deviation. If x is no longer divided by it, the weights have to be.",
            ),
        ),
        Mistake(
            _outputs_scaled,
            Text(
                zh="均值和标准差属于输入通道，是 `w` 的第二根轴。",
                en="Mean and deviation belong to the input channels, the second axis of `w`.",
            ),
        ),
        Mistake(
            _mean_of_the_kernel,
            Text(
                zh="你对核里的位置求了平均。每个位置都减去一次均值，所以要加起来。",
                en="You take the mean over the places of the kernel. The mean is subtracted at each of them, so add them up.",
            ),
        ),
    ),
    reference=_measured,
)

EXERCISES = (BACK, STATISTICS, ABSORB)
