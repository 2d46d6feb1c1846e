"""5.16.2 A larger batch: what the reader is asked beside the text."""

import torch

from cnnbook.evidence.text import Text
from cnnbook.generalisation.batch_size import gradient_noise, steps_per_epoch
from cnnbook.questions.question import Choice, Number, Option, Question

GRADIENTS = torch.tensor([[0.0], [1.0], [2.0], [9.0]])


def _halves(factor: int) -> bool:
    """Whether a batch so many times as large leaves half the standard deviation."""
    return abs(gradient_noise(GRADIENTS, factor) / gradient_noise(GRADIENTS, 1) - 0.25) < 1e-9


QUESTIONS: tuple[Question, ...] = (
    Number(
        "larger_batch-q1",
        Text(
            zh="还是这四个梯度，不放回地抽两个。噪声是多少？",
            en="The same four gradients, and two are drawn without replacement. What is the noise?",
        ),
        lambda: gradient_noise(GRADIENTS, 2, replacement=False),
        Text(
            zh="有放回时是 12.5/2 = 6.25；不放回再乘 (4 − 2)/(4 − 1)，得 {answer}。",
            en="With replacement it is 12.5/2 = 6.25; without, that times (4 − 2)/(4 − 1), which makes {answer}.",
        ),
        (
            (
                lambda: gradient_noise(GRADIENTS, 2),
                Text(
                    zh="这是有放回的；不放回还有第二个因子。",
                    en="That is with replacement; without it there is the second factor.",
                ),
            ),
            (
                lambda: gradient_noise(GRADIENTS, 2) * (4 - 2) / 4,
                Text(
                    zh="第二个因子的分母是 N − 1，不是 N。",
                    en="The denominator of the second factor is N − 1 and not N.",
                ),
            ),
            (
                lambda: gradient_noise(GRADIENTS, 4, replacement=False),
                Text(zh="四个全取了才没有噪声。", en="Only all four together have no noise."),
            ),
        ),
        tolerance=0.01,
    ),
    Choice(
        "larger_batch-q2",
        Text(
            zh="要让梯度的标准差减半，批次得扩大到几倍（有放回）？",
            en="The gradient's standard deviation is to be halved. How many times as large must the batch be, with replacement?",
        ),
        (
            Option(
                Text(zh="两倍", en="Twice"),
                lambda: _halves(2),
                Text(
                    zh="两倍使方差减半，标准差只降到约十分之七。",
                    en="Twice the batch halves the variance; the standard deviation falls to some seven tenths.",
                ),
            ),
            Option(Text(zh="四倍", en="Four times"), lambda: _halves(4), Text(zh="是这样。", en="So it is.")),
            Option(
                Text(zh="十六倍", en="Sixteen times"),
                lambda: _halves(16),
                Text(zh="那样标准差只剩四分之一。", en="That would leave a quarter of it."),
            ),
        ),
        Text(
            zh="噪声 $\\operatorname{tr}\\Sigma/B$ 是方差；标准差是它的平方根，减半就要 $B$ 增加到四倍。",
            en="The noise, $\\operatorname{tr}\\Sigma/B$, is a variance; the standard deviation is its root, and to halve it $B$ must grow fourfold.",
        ),
    ),
    Number(
        "larger_batch-q3",
        Text(
            zh="512 张图像，批次 32，训练 25 轮，一共 400 步。批次改成 128，还是 25 轮，走几步？",
            en="512 images in batches of 32, for 25 epochs, make 400 steps. With batches of 128, and 25 epochs still, how many steps are there?",
        ),
        lambda: 25 * steps_per_epoch(512, 128),
        Text(
            zh="一轮只剩 4 步，25 轮是 {answer} 步：图像看得一样多，步数只有四分之一。",
            en="An epoch has 4 steps now, and 25 epochs have {answer}: as many images, and a quarter of the steps.",
        ),
        (
            (
                lambda: 25 * steps_per_epoch(512, 32),
                Text(zh="步数要这样才相同，轮次就不同了。", en="Then the steps would be equal, and the epochs not."),
            ),
            (
                lambda: 25 * steps_per_epoch(512, 8),
                Text(zh="批次变大，步数是变少，不是变多。", en="A larger batch makes fewer steps, not more."),
            ),
            (lambda: steps_per_epoch(512, 128), Text(zh="这是一轮。", en="That is one epoch.")),
        ),
        unit=Text(zh="步", en="steps"),
    ),
)
