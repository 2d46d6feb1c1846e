"""5.16.9 Overview: what the reader is asked beside the text."""

import torch

from cnnbook.evidence.text import Text
from cnnbook.generalisation.overview import additive, interaction
from cnnbook.questions.question import Number, Question

RUNS = tuple(torch.tensor([[80.0], [82.0], [85.0], [86.0]]))  # neither, A, B, both
ERRORS = tuple(torch.tensor([0.4, 0.2, 0.1]).double())  # neither, A, B


def _together() -> float:
    """The error with both, if effects add up in logarithms."""
    return additive(*(error.log() for error in ERRORS)).exp().item()


QUESTIONS: tuple[Question, ...] = (
    Number(
        "overview-q1",
        Text(
            zh="基线 80%，只用甲 82%，只用乙 85%，两种都用 86%。交互作用是几个百分点？",
            en="The baseline has 80%, A alone 82%, B alone 85%, and both 86%. How many points is the interaction?",
        ),
        lambda: interaction(*RUNS).item(),
        Text(
            zh="用乙时甲只添 1 个百分点，不用时添 2 个：1 − 2 = {answer}。两份好处有一部分重叠。",
            en="With B, A adds only 1 point, and without B it adds 2: 1 − 2 = {answer}. The two gains overlap in part.",
        ),
        (
            (
                lambda: -interaction(*RUNS).item(),
                Text(zh="正负号反了：用乙时的减去不用时的。", en="The sign is wrong: with B, minus without B."),
            ),
            (lambda: (RUNS[3] - RUNS[0]).item(), Text(zh="这是两种并用的效果。", en="That is the effect of both.")),
            (
                lambda: additive(*RUNS[:3]).item(),
                Text(
                    zh="这是假如相加，会得到的准确率。",
                    en="That is the accuracy that both would have if effects added up.",
                ),
            ),
        ),
        unit=Text(zh="个百分点", en="points"),
    ),
    Number(
        "overview-q2",
        Text(
            zh="错误率原来是 0.4，甲使它减半，成为 0.2；乙使它只剩四分之一，成为 0.1。效果若在对数上相加，两种都用，错误率是多少？",
            en="An error of 0.4 is halved by A, to 0.2, and quartered by B, to 0.1. If the effects add up in logarithms, what is the error with both?",
        ),
        lambda: _together(),
        Text(
            zh="0.4 先减半，再剩四分之一：{answer}。对数相加，就是倍数相乘。",
            en="Halve 0.4 and leave a quarter of that: {answer}. To add logarithms is to multiply factors.",
        ),
        (
            (
                lambda: additive(*ERRORS).item(),
                Text(
                    zh="这是按百分点相加，错误率成了负数。", en="That adds up in points, and makes the error negative."
                ),
            ),
            (lambda: ERRORS[2].item(), Text(zh="这样甲就一点用也没有了。", en="Then A would be of no use at all.")),
            (lambda: 0, Text(zh="减半再减半，总还剩一点。", en="Halving and halving again always leaves something.")),
        ),
        tolerance=0.001,
    ),
    Number(
        "overview-q3",
        Text(
            zh="28 对都没有交互作用，一对一对单独检验，每对有 5% 的机会误判。至少误判一对的机会，是百分之几？（当作各对互不相干，估到整数。）",
            en="None of 28 pairs interacts. Each is tested alone, with a chance of 5% to be taken for one that does. What is the chance, in per cent, that at least one is? (Take them to be independent; a whole number will do.)",
        ),
        lambda: round(100 * (1 - 0.95**28)),
        Text(
            zh="一对也不误判的机会是 $0.95^{28}$，约 24%；所以至少一对，约 {answer}%。",
            en="The chance of no error at all is $0.95^{28}$, about 24%, so that of at least one is about {answer}%.",
        ),
        (
            (
                lambda: 5,
                Text(zh="这是一对的机会；一共有 28 对。", en="That is the chance for one pair, and there are 28."),
            ),
            (
                lambda: 28 * 5,
                Text(
                    zh="机会不会超过 100%：误判可能同时发生在好几对上。",
                    en="A chance is no more than 100%: several errors may happen at once.",
                ),
            ),
            (
                lambda: round(100 * 0.95**28),
                Text(zh="这是一对也不误判的机会。", en="That is the chance of no error at all."),
            ),
        ),
        unit=Text(zh="%", en="%"),
        tolerance=2.0,
    ),
)
