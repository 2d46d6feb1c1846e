"""5.15.5 From symptom to cause: what the reader is asked beside the text."""

from math import log

from cnnbook.evidence.text import Text
from cnnbook.parameters.recipe import Curves, diagnose
from cnnbook.questions.question import Choice, Number, Option, Question

STEPS = (9, 19, 29, 49, 99, 199, 299)
LOG = (1.58, 0.61, 0.27, 0.07, 0.005, 0.0009, 0.0004), (1.74, 1.17, 1.16, 1.40, 1.80, 2.04, 2.18)
SLOW = (2.2, 1.9, 1.7, 1.55, 1.45, 1.4, 1.38), (2.2, 1.95, 1.75, 1.6, 1.52, 1.48, 1.47)


def _says(branch: str, losses: tuple[tuple[float, ...], tuple[float, ...]]) -> bool:
    """Whether ten classes and these training and validation losses are diagnosed so."""
    train, val = (tuple(zip(STEPS, values, strict=True)) for values in losses)
    return diagnose(Curves(train, val, classes=10)).branch == branch


QUESTIONS: tuple[Question, ...] = (
    Choice(
        "recipe-q1",
        Text(
            "先自己看看上面两行数。这次训练怎么了？",
            "Look at the two rows for yourself first. What happened in this run?",
        ),
        (
            Option(
                Text("欠拟合：还没学够", "It underfits: it has not learned enough"),
                lambda: _says("underfit", LOG),
                Text(
                    "训练损失几乎是 0：看过的都学会了。",
                    "The training loss is nearly 0: what it was shown, it has learned.",
                ),
            ),
            Option(
                Text("过拟合：验证先降后升", "It overfits: validation fell and then rose"),
                lambda: _says("overfit", LOG),
                Text("是这样。", "So it is."),
            ),
            Option(
                Text("发散：损失失控了", "It diverged: the loss ran away"),
                lambda: _says("diverged", LOG),
                Text("训练损失一路往下，没有失控。", "The training loss goes down all the way."),
            ),
        ),
        Text(
            "训练损失到了 0，验证损失从第 29 步起往上走。",
            "The training loss comes to 0, while the validation loss climbs from step 29 on.",
        ),
    ),
    Number(
        "recipe-q2",
        Text(
            "十个类别，训练损失最后是 1.15。它是一无所知的网络的损失的几分之几？（写成小数。）",
            "Ten classes, and the training loss ends at 1.15. Which share is that of the loss of a network that knows"
            " nothing? (As a decimal.)",
        ),
        lambda: round(1.15 / log(10), 2),
        Text(
            "1.15/ln 10 = 1.15/2.30，约为 {answer}：学了一半。",
            "1.15/ln 10 = 1.15/2.30, about {answer}: half of it is learned.",
        ),
        (
            (
                lambda: 1.15 / 10,
                Text("要除以的是 ln 10，不是类别数。", "Divide by ln 10, not by the number of classes."),
            ),
            (lambda: 1.15, Text("这是损失本身；要除以 2.30。", "That is the loss itself; divide it by 2.30.")),
        ),
        tolerance=0.011,
    ),
    Choice(
        "recipe-q3",
        Text(
            "十个类别。训练损失从 2.2 慢慢降到 1.38，验证损失跟着降到 1.47，还在降。六个问题会说是什么？",
            "Ten classes. The training loss falls slowly from 2.2 to 1.38, the validation loss with it to 1.47, and"
            " both are still falling. What do the six questions say?",
        ),
        (
            Option(
                Text("停滞", "A plateau"),
                lambda: _says("plateau", SLOW),
                Text("停滞要高于 0.9；1.38 是 2.30 的 0.6。", "A plateau is above 0.9; 1.38 is 0.6 of 2.30."),
            ),
            Option(
                Text("过拟合", "Overfit"),
                lambda: _says("overfit", SLOW),
                Text(
                    "验证损失没有回升，与训练损失只差一点。", "Validation has not risen, and is hardly above training."
                ),
            ),
            Option(
                Text("欠拟合", "Underfit"),
                lambda: _says("underfit", SLOW),
                Text("是这样。", "So it is."),
            ),
        ),
        Text(
            "训练损失末尾是 0.6，高于 0.5，验证损失离它不远：第 6 个问题答“是”。",
            "Training ends at 0.6, above 0.5, with validation close to it: question 6 is the first yes.",
        ),
    ),
)
