"""5.16.3 Data distribution: what the reader is asked beside the text."""

import torch

from cnnbook.evidence.text import Text
from cnnbook.generalisation.data_distribution import balanced_order, class_weights, recall_by_class
from cnnbook.questions.question import Number, Paint, Question

TARGETS = torch.tensor([0] * 90 + [1] * 10)
ANSWERS = torch.tensor([0] * 98 + [1] * 2)  # all of A are right, and two of B
RECALLS = recall_by_class(torch.eye(2)[ANSWERS], TARGETS)


def _turns_of(wanted: int) -> set[tuple[int, int]]:
    """Where a class comes among eight places, the classes taking turns in the order A, B, C; C has a single example."""
    labels = torch.tensor([0] * 5 + [1] * 2 + [2])
    orders = (labels[balanced_order(labels, torch.Generator().manual_seed(seed))].tolist() for seed in range(100))
    order = next(order for order in orders if order[:3] == [0, 1, 2])
    return {(0, place) for place, one in enumerate(order) if one == wanted}


QUESTIONS: tuple[Question, ...] = (
    Number(
        "data_distribution-q1",
        Text(
            zh="90 个 A 全认对了，10 个 B 认对 2 个。均衡准确率是多少？",
            en="All of 90 A are right, and 2 of 10 B. What is the balanced accuracy?",
        ),
        lambda: RECALLS.mean().item(),
        Text(zh="召回率是 1 和 0.2，平均 {answer}。", en="The recalls are 1 and 0.2, and their mean is {answer}."),
        (
            (
                lambda: (ANSWERS == TARGETS).double().mean().item(),
                Text(
                    zh="这是普通的准确率，B 在里面几乎没有分量。",
                    en="That is plain accuracy, in which B hardly counts.",
                ),
            ),
            (
                lambda: RECALLS[1].item(),
                Text(
                    zh="这是 B 的召回率；还要与 A 的平均。", en="That is the recall of B; take the mean with that of A."
                ),
            ),
            (
                lambda: RECALLS[0].item(),
                Text(zh="这是 A 的召回率；B 认得可不好。", en="That is the recall of A; B does not do so well."),
            ),
        ),
        tolerance=0.001,
    ),
    Number(
        "data_distribution-q2",
        Text(
            zh="A 类 6 个，B 类 2 个，$\\beta=1$。B 的每个样本权重是多少？",
            en="Class A has 6 examples and B has 2; $\\beta=1$. What is the weight of each example of B?",
        ),
        lambda: class_weights([6, 2])[1].item(),
        Text(
            zh="一共 8 个，两类各分 4 份；B 的 4 份分给 2 个样本，每个 {answer}。",
            en="There are 8 in all, so each class gets 4; shared between 2 examples of B, that is {answer} for each.",
        ),
        (
            (lambda: class_weights([6, 2])[0].item(), Text(zh="这是 A 的权重。", en="That is the weight of A.")),
            (
                lambda: 6 / 2,
                Text(
                    zh="这是 B 与 A 的权重之比；还要让平均权重是 1。",
                    en="That is the ratio of the two weights; the average weight must be 1 as well.",
                ),
            ),
            (
                lambda: 8 / 2,
                Text(
                    zh="还要除以类别数 2，不然平均权重就不是 1 了。",
                    en="Divide by the number of classes, too, or the average weight is not 1.",
                ),
            ),
        ),
        tolerance=0.01,
    ),
    Paint(
        "data_distribution-q3",
        Text(
            zh="A 有 5 个样本，B 有 2 个，C 只有 1 个；均衡批次按 A、B、C 轮流，一轮共 8 个位置。C 的那个样本出现在哪里？给它上色。",
            en="A has 5 examples, B has 2, and C only 1. In balanced batches they take turns as A, B, C, for 8 places in an epoch. Where does the one example of C come? Paint it.",
        ),
        (1, 8),
        lambda: _turns_of(2),
        Text(
            zh="每三个位置轮到 C 一次，C 只有一个样本，次次都是它。",
            en="Every third place is a turn of C, and as C has only the one example, it comes each time.",
        ),
        (
            (
                lambda: {(0, 2)},
                Text(
                    zh="轮到 C 第二次时，没有别的样本可出，还是它。",
                    en="At C's second turn there is no other example: it comes again.",
                ),
            ),
            (lambda: {(0, 7)}, Text(zh="这是照数据原样排的。", en="That is the order of the data as they are.")),
            (lambda: _turns_of(0), Text(zh="这是轮到 A 的位置。", en="Those are the turns of A.")),
            (lambda: _turns_of(1), Text(zh="这是轮到 B 的位置。", en="Those are the turns of B.")),
        ),
    ),
)
