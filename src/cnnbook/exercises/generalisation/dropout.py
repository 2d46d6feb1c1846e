"""Exercises of 5.16.8: dropout of whole channels, and DropBlock with the scale that is really left.

References:
    G. Ghiasi, T.-Y. Lin, Q. V. Le, "DropBlock: a regularization method for convolutional networks", arXiv:1810.12890.
"""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.exercise import Case, Exercise, Fault, Mistake, given
from cnnbook.generalisation.dropout import block_mask, drop_block

# --- dropout-1 ---


def drop_channels(x: Tensor, p: float, training: bool) -> Tensor:
    if not training:
        return x
    keep = torch.rand(x.shape[0], x.shape[1], 1, 1) >= p
    return keep.to(x.dtype) * x / (1 - p)


ELEMENTS = Text(
    zh="你逐个元素地屏蔽。一个通道的元素要同进同退：掩码在后两维上只有一格。",
    en="You mask single elements. Those of a channel fall together: the mask has one cell along the last two axes.",
)
NOT_SCALED = Text(
    zh="屏蔽了，却没有放大。评估时每个通道都在，下一层收到的就比训练时多。",
    en="You mask and do not rescale. In evaluation all channels are there, and the next layer gets more than it was trained on.",
)
SCALED_LATER = Text(
    zh="你让评估时缩小。那也说得通，但这里的规矩是训练时放大，评估时什么也不做。",
    en="You shrink in evaluation. That would do as well, but the rule here is to rescale in training and do nothing in evaluation.",
)
SHARED = Text(
    zh="整批用了同一副掩码。每张图像要各抛各的硬币。",
    en="The whole batch has one mask. Toss coins for every image by itself.",
)
TOGETHER = Text(
    zh="你每张图像只抛了一枚硬币。每个通道要各抛一枚：掩码的第 1 维是通道。",
    en="You toss one coin for an image. Every channel has its own: axis 1 of the mask is the channels.",
)
EXCHANGED = Text(
    zh="`p` 用反了：它是屏蔽的概率，不是保留的。",
    en="`p` is exchanged: it is the probability of a zero, not of being kept.",
)
ALWAYS = Text(zh="评估时你还在屏蔽。", en="You still mask in evaluation.")
SAME_COINS = Text(
    zh="每次调用抛出的硬币都一样：不要在函数里固定随机种子。",
    en="Every call tosses the same coins: do not set the seed within the function.",
)
MANY = 1000  # coins, with which chance decides nothing


def _elements(x: Tensor, p: float, training: bool) -> Tensor:
    return (torch.rand(x.shape) >= p).to(x.dtype) * x / (1 - p) if training else x


def _not_scaled(x: Tensor, p: float, training: bool) -> Tensor:
    return drop_channels(x, p, training) * (1 - p) if training else x


def _scaled_later(x: Tensor, p: float, training: bool) -> Tensor:
    return drop_channels(x, p, True) * (1 - p) if training else x * (1 - p)


def _shared(x: Tensor, p: float, training: bool) -> Tensor:
    return (torch.rand(1, x.shape[1], 1, 1) >= p).to(x.dtype) * x / (1 - p) if training else x


def _whole_images(x: Tensor, p: float, training: bool) -> Tensor:
    return (torch.rand(x.shape[0], 1, 1, 1) >= p).to(x.dtype) * x / (1 - p) if training else x


def _exchanged(x: Tensor, p: float, training: bool) -> Tensor:
    return (torch.rand(x.shape[0], x.shape[1], 1, 1) < p).to(x.dtype) * x / p if training else x


def _always(x: Tensor, p: float, training: bool) -> Tensor:
    return drop_channels(x, p, True)


def _seeded(x: Tensor, p: float, training: bool) -> Tensor:
    torch.manual_seed(0)
    return drop_channels(x, p, training)


def _maps() -> Iterator[Case]:
    generator = torch.Generator().manual_seed(0)
    for n, c, h, w, p in ((1, 2, 2, 2, 0.5), (200, 20, 2, 3, 0.25), (100, 30, 3, 2, 0.8)):
        x = torch.rand(n, c, h, w, generator=generator) + 1
        yield from (given(x, p, training) for training in (False, True))
    yield given(torch.rand(2, 3, 2, 2, generator=generator, dtype=torch.float64) + 1, 0.0, True)


def _drops_channels(answer: Callable[..., object], case: Case) -> Fault | None:
    x, p, training = case.arguments
    value = answer(x, p, training)
    if not isinstance(value, Tensor) or value.shape != x.shape or value.dtype != x.dtype:
        rule = Text(
            zh=f"应当返回 {x.dtype} 的张量，形状 {tuple(x.shape)}",
            en=f"return a tensor of {x.dtype} and of shape {tuple(x.shape)}",
        )
        return Fault(rule, came=value)
    if not training:
        if torch.equal(value, x):
            return None
        hint = SCALED_LATER if torch.allclose(value, x * (1 - p)) else ALWAYS if (value == 0).any() else None
        return Fault(
            Text(zh="评估时应当原样返回", en="in evaluation the input must come back as it is"), value, x, hint
        )
    if p == 0 and not torch.equal(value, x):
        rule = Text(zh="`p` 等于 0 时应当原样返回", en="with a `p` of 0 the input must come back as it is")
        return Fault(rule, value, x)
    fallen = (value == 0).flatten(2)
    if bool((fallen.any(2) != fallen.all(2)).any()):
        return Fault(
            Text(zh="有的通道只屏蔽了一部分", en="of some channel only a part is masked"), value, hint=ELEMENTS
        )
    again = answer(x, p, training) if x.shape[0] * x.shape[1] >= MANY else None
    if isinstance(again, Tensor) and torch.equal(value, again):
        return Fault(
            Text(zh="再调用一次，屏蔽的还是同样的通道", en="a second call masks the same channels"), hint=SAME_COINS
        )
    return _by_the_numbers(value, x, p, fallen.all(2))


def _by_the_numbers(value: Tensor, x: Tensor, p: float, fallen: Tensor) -> Fault | None:
    """How much is left, how often, and whether images differ; with many channels, so that chance decides nothing."""
    left = ~fallen[:, :, None, None].expand(x.shape)
    if not torch.allclose(value[left], (x / (1 - p))[left]):
        hint = NOT_SCALED if torch.equal(value[left], x[left]) else None
        hint = EXCHANGED if torch.allclose(value[left], (x / max(p, 1e-9))[left]) else hint
        return Fault(Text(zh="留下来的放大得不对", en="what is left is not rescaled as it should be"), value, hint=hint)
    if fallen.numel() < MANY:
        return None
    share = fallen.double().mean().item()
    if len(fallen.unique(dim=0)) == 1:
        return Fault(
            Text(zh="每张图像屏蔽的都是同样的通道", en="all images have the same channels masked"), value, hint=SHARED
        )
    if (fallen.all(1) | ~fallen.any(1)).double().mean() > 0.5:
        rule = Text(zh="有的图像，通道全部同进同退", en="in most images the channels fall or stay all together")
        return Fault(rule, value, hint=TOGETHER)
    if abs(share - p) > 5 * (p * (1 - p) / fallen.numel()) ** 0.5:
        rule = Text(
            zh=f"应当有大约 {p:g} 的通道被屏蔽，你的是 {share:.2f}",
            en=f"about {p:g} of the channels must be masked; of yours it is {share:.2f}",
        )
        return Fault(rule, hint=EXCHANGED if abs(share - (1 - p)) < 0.1 else None)
    return None


CHANNELS = Exercise(
    name="dropout-1",
    title=Text(zh="整个通道一起闭嘴", en="Whole channels fall silent"),
    statement=Text(
        zh="写出屏蔽整个通道的 dropout（Dropout2d）。训练时，每张图像的每个通道各抛一次硬币，以概率 `p` 整个变成 0，留下来的除以 1 − p；评估时原样返回。硬币用 `torch.rand` 抛。",
        en="Write dropout of whole channels (Dropout2d). In training, toss a coin for every channel of every image: with probability `p` all of it becomes 0, and what is left is divided by 1 − p. In evaluation hand the input back as it is. Toss the coins with `torch.rand`.",
    ),
    takes=Text(
        zh="x：(N, C, H, W)，浮点数；0 ≤ p < 1；training：布尔值。返回形状和 dtype 都相同的张量。",
        en="x: (N, C, H, W), of floats; 0 ≤ p < 1; training: a bool. Returns a tensor of the same shape and dtype.",
    ),
    hints=(
        Text(zh="一共要抛几枚硬币？", en="How many coins are there to toss?"),
        Text(
            zh="掩码是什么形状，乘上去才会让一个通道的每个像素同进同退？",
            en="Which shape must the mask have, so that all pixels of a channel fall together when it is multiplied?",
        ),
    ),
    solution=drop_channels,
    explanation=Text(
        zh="硬币有 N·C 枚，形状 (N, C, 1, 1)，广播到整个通道。`torch.rand` 在 0 与 1 之间，大于或等于 p 的概率是 1 − p，也就是保留的概率。除以 1 − p 之后，训练和评估平均起来一样大。",
        en="There are N·C coins, of shape (N, C, 1, 1), which broadcast over their channels. `torch.rand` lies between 0 and 1 and is at least p with probability 1 − p, that of being kept. After the division by 1 − p, training and evaluation are alike on average.",
    ),
    cases=_maps,
    tried=Text(
        zh="评估时原样；训练时整个通道同进同退，放大得对，屏蔽的比例对，每张图像不同，每次调用也不同；概率为零时什么也不屏蔽。",
        en="unchanged in evaluation; in training whole channels fall, what is left has the right size, the share is right, and images and calls differ; a probability of zero masks nothing.",
    ),
    mistakes=(
        Mistake(_elements, ELEMENTS),
        Mistake(_not_scaled, NOT_SCALED),
        Mistake(_scaled_later, SCALED_LATER),
        Mistake(_shared, SHARED),
        Mistake(_whole_images, TOGETHER),
        Mistake(_exchanged, EXCHANGED),
        Mistake(_always, ALWAYS),
        Mistake(_seeded, SAME_COINS),
    ),
    judge=_drops_channels,
)

# --- dropout-2 ---


def blocks(x: Tensor, corners: Tensor, b: int) -> Tensor:
    keep = torch.ones_like(x)
    for n, c, i, j in corners.nonzero().tolist():
        keep[n, c, i : i + b, j : j + b] = 0
    left = keep.mean((1, 2, 3), keepdim=True)
    return x * keep / left


def _library(x: Tensor, corners: Tensor, b: int) -> Tensor:
    return drop_block(x, 0.1, b, block_mask(corners, b))


def _kept(x: Tensor, corners: Tensor, b: int) -> Tensor:
    return block_mask(corners, b).to(x.dtype)


def _not_rescaled(x: Tensor, corners: Tensor, b: int) -> Tensor:
    return x * _kept(x, corners, b)


def _over_the_batch(x: Tensor, corners: Tensor, b: int) -> Tensor:
    keep = _kept(x, corners, b)
    return x * keep / keep.mean()


def _over_the_channel(x: Tensor, corners: Tensor, b: int) -> Tensor:
    keep = _kept(x, corners, b)
    return x * keep / keep.mean((2, 3), keepdim=True)


def _overlaps_counted_twice(x: Tensor, corners: Tensor, b: int) -> Tensor:
    gone = corners.sum((1, 2, 3), keepdim=True) * b * b / x[0].numel()
    return x * _kept(x, corners, b) / (1 - gone).to(x.dtype)


def _corners_alone(x: Tensor, corners: Tensor, b: int) -> Tensor:
    keep = torch.ones_like(x)
    keep[:, :, : corners.shape[2], : corners.shape[3]] -= corners.to(x.dtype)
    return x * keep / keep.mean((1, 2, 3), keepdim=True)


def _centred(x: Tensor, corners: Tensor, b: int) -> Tensor:
    keep = torch.ones_like(x)
    for n, c, i, j in corners.nonzero().tolist():
        keep[n, c, max(i - b // 2, 0) : i + b - b // 2, max(j - b // 2, 0) : j + b - b // 2] = 0
    return x * keep / keep.mean((1, 2, 3), keepdim=True)


def _corners() -> Iterator[Case]:
    one = torch.zeros(1, 1, 2, 3, dtype=torch.bool)
    one[0, 0, 1, 0] = True
    yield given(torch.ones(1, 1, 3, 4), one, 2)
    two = one.clone()
    two[0, 0, 0, 1] = True
    yield given(torch.arange(1.0, 13).reshape(1, 1, 3, 4), two, 2)
    generator = torch.Generator().manual_seed(0)
    whole = torch.zeros(2, 2, 1, 1, dtype=torch.bool)
    whole[1, 0] = True
    yield given(torch.rand(2, 2, 4, 4, generator=generator, dtype=torch.float64) + 1, whole, 4)
    for n, c, h, w, b in ((2, 2, 5, 6, 3), (3, 4, 7, 7, 2), (2, 3, 3, 5, 1)):
        x = torch.rand(n, c, h, w, generator=generator, dtype=torch.float64) + 1
        begins = torch.rand(n, c, h - b + 1, w - b + 1, generator=generator) < 0.3 / b**2
        begins[0] = False  # an image of which nothing falls
        yield given(x, begins, b)


BLOCKS = Exercise(
    name="dropout-2",
    title=Text(zh="成块屏蔽，按剩下的放大", en="Blocks, and the scale of what is left"),
    statement=Text(
        zh="写出 DropBlock 抽签之后的部分。`corners` 为真的地方，是一块的左上角：那里向下 `b` 行、向右 `b` 列，全部变成 0；块可以重叠。然后放大，让每张图像各自的倍数等于元素总数除以剩下的个数。",
        en="Write what DropBlock does once the lots are drawn. Where `corners` is true a block has its upper left corner: `b` rows down and `b` columns to the right from there, all becomes 0, and blocks may overlap. Then rescale every image by a factor of its own, the number of its elements over the number that is left.",
    ),
    takes=Text(
        zh="x：(N, C, H, W)；corners：布尔值，(N, C, H − b + 1, W − b + 1)；b ≥ 1。每张图像都有剩下的。返回 (N, C, H, W)，dtype 与 x 相同。",
        en="x: (N, C, H, W); corners: booleans, (N, C, H − b + 1, W − b + 1); b ≥ 1. Something is left of every image. Returns (N, C, H, W), of the dtype of x.",
    ),
    hints=(
        Text(
            zh="先做一张全是 1 的掩码，把块的地方改成 0，重叠也不要紧。",
            en="Begin with a mask of 1 everywhere and put 0 where the blocks are; overlaps do no harm.",
        ),
        Text(
            zh="剩下多少，去数掩码，不要用块的个数来算。",
            en="Count what is left in the mask; do not work it out from the number of blocks.",
        ),
        Text(zh="数的时候，哪几维一起数？", en="Over which axes do you count together?"),
    ),
    solution=blocks,
    explanation=Text(
        zh="掩码的平均就是剩下的比例；对后三维取平均，每张图像就各有一个。块会重叠，零所占的份额不是事先定的那么多，所以要按实际剩下的放大。真正的实现用最大池化代替循环。",
        en="The mean of the mask is the share that is left, and over the last three axes there is one for each image. Blocks overlap, so that the share of zeros is not what was asked for: rescale by what is really left. A real implementation has a max pooling in the place of the loop.",
    ),
    cases=_corners,
    tried=Text(
        zh="单独的块、重叠的块、与特征图一样大的块、一格的块、什么也没有屏蔽的图像，都与 `drop_block` 一致。",
        en="a block alone, blocks that overlap, as large as the map, of a single cell, and an image of which nothing falls: all agree with `drop_block`.",
    ),
    mistakes=(
        Mistake(_not_rescaled, Text(zh="屏蔽了，却没有放大。", en="You mask and do not rescale.")),
        Mistake(
            _over_the_batch,
            Text(
                zh="你对整批数了一次。这样一张图像的输出就取决于同批的别的图像。",
                en="You count over the whole batch, so that an image depends on the others in it.",
            ),
        ),
        Mistake(
            _over_the_channel,
            Text(
                zh="你每个通道数了一次。一张图像的各个通道要合起来数。",
                en="You count for every channel. The channels of an image are counted together.",
            ),
        ),
        Mistake(
            _overlaps_counted_twice,
            Text(
                zh="重叠的地方你算了两次。去数掩码里的零。", en="You count overlaps twice. Count the zeros of the mask."
            ),
        ),
        Mistake(
            _corners_alone,
            Text(
                zh="你只抹掉了左上角那一格。一块有 `b` 行 `b` 列。",
                en="You zero the corner alone. A block has `b` rows and `b` columns.",
            ),
        ),
        Mistake(
            _centred,
            Text(
                zh="你把它当成块的中心了。它是左上角，块往右下方伸。",
                en="You take it for the centre of the block. It is the upper left corner, and the block extends down and to the right.",
            ),
        ),
    ),
    reference=_library,
)

EXERCISES = (CHANNELS, BLOCKS)
