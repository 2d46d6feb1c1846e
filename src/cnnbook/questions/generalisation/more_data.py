"""5.16.1 More data: what the reader is asked beside the text."""

import torch

from cnnbook.batching import steps_per_epoch
from cnnbook.evidence.text import Text
from cnnbook.generalisation.more_data import PowerLaw, nested_order
from cnnbook.questions.question import Number, Paint, Question

LAW = PowerLaw(scale=0.4 * 100**0.25, exponent=0.25)  # 40% with 100 images


def _second_class() -> set[tuple[int, int]]:
    """Where the two of class B stand in nested order, five of class A coming first."""
    labels = torch.tensor([0] * 5 + [1] * 2)
    return {(0, place) for place, one in enumerate(labels[nested_order(labels)].tolist()) if one}


QUESTIONS: tuple[Question, ...] = (
    Number(
        "more_data-q1",
        Text(
            zh="指数是 0.25 的那条线，从 100 张图像、40% 的误差出发。误差降到 10%，要多少张图像？",
            en="The line with the exponent 0.25 begins at 100 images and an error of 40%. How many images bring the error down to 10%?",
        ),
        lambda: round(LAW.examples(0.1)),
        Text(
            zh="误差要缩小到四分之一，也就是减半两次。每减半一次，数据要增加到 16 倍，一共 256 倍：{answer} 张。",
            en="The error has to fall to a quarter, which is two halvings. Each takes sixteen times the data, both together 256 times: {answer}.",
        ),
        (
            (
                lambda: 4 * 100,
                Text(
                    zh="这样数据和误差成了反比，指数要是 1 才行。",
                    en="That has the error fall in proportion to the data, as with an exponent of 1.",
                ),
            ),
            (
                lambda: 16 * 100,
                Text(
                    zh="16 倍只够减半一次（指数是 0.5 时才够两次）。",
                    en="Sixteen times is enough for one halving only (for two, if the exponent were 0.5).",
                ),
            ),
        ),
        unit=Text(zh="张", en="images"),
    ),
    Paint(
        "more_data-q2",
        Text(
            zh="A 类 5 个，B 类 2 个，按嵌套的次序排成一队，A 先出场。B 站在哪几个位置？给它们上色。",
            en="Five examples of class A and two of class B, in nested order, A first. In which places do the B stand? Paint them.",
        ),
        (1, 7),
        lambda: _second_class(),
        Text(
            zh="前两个、前四个里，A 和 B 都一样多；第四个之后，B 用完了，A 接着排。",
            en="Of the first two, and of the first four, as many are A as B. After the fourth place B has run out, and A goes on.",
        ),
        (
            (
                lambda: {(0, 5), (0, 6)},
                Text(zh="这是按类别排好的队，队头全是 A。", en="That is sorted by class, with nothing but A in front."),
            ),
            (
                lambda: {(0, 1), (0, 5)},
                Text(
                    zh="这样每一段都是同样的比例，也就同样不均；要的是个数尽量相等。",
                    en="So every beginning has the same proportions, and is as uneven as the whole; the counts should be equal.",
                ),
            ),
            (
                lambda: {(0, 0), (0, 2)},
                Text(zh="轮流是对的，可先出场的是 A。", en="They do take turns, but A comes first."),
            ),
        ),
    ),
    Number(
        "more_data-q3",
        Text(
            zh="5000 张图像，每批 32 张，最后不满的一批也算一步。训练 10 轮，走几步？",
            en="5,000 images in batches of 32, where the last batch of an epoch is a step even if it is not full. How many steps are 10 epochs?",
        ),
        lambda: 10 * steps_per_epoch(5000, batch_size=32),
        Text(
            zh="5000/32 = 156.25，一轮走 157 步，10 轮就是 {answer} 步。",
            en="5,000/32 = 156.25, so an epoch has 157 steps, and 10 epochs have {answer}.",
        ),
        (
            (lambda: steps_per_epoch(5000, batch_size=32), Text(zh="这是一轮。", en="That is one epoch.")),
            (
                lambda: 10 * 5000 / 32,
                Text(
                    zh="每一轮都有一批不满：先取整，再乘。",
                    en="Every epoch has a batch that is not full: round up first, then multiply.",
                ),
            ),
            (
                lambda: 10 * steps_per_epoch(5000, batch_size=32, drop_last=True),
                Text(zh="这样就丢掉了不满的那一批。", en="That drops the batch that is not full."),
            ),
        ),
        unit=Text(zh="步", en="steps"),
    ),
)
