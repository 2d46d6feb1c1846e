"""5.15.3 Epochs: what the reader is asked beside the text."""

import torch
from torch.nn.functional import cross_entropy

from cnnbook.evidence.text import Text
from cnnbook.parameters.epochs import early_stopping, steps_of
from cnnbook.questions.question import Choice, Number, Option, Question

CURVE = {10: 0.9, 20: 0.7, 30: 0.75, 40: 0.72, 50: 0.6}


def _scores(factor: float) -> tuple[float, float]:
    """Accuracy and loss of four examples, one of them wrong, with their logits so many times as large."""
    logits, labels = factor * torch.tensor([[1.0, 0.0]]).repeat(4, 1), torch.tensor([0, 0, 0, 1])
    return (logits.argmax(1) == labels).float().mean().item(), cross_entropy(logits, labels).item()


def _change() -> tuple[bool, bool]:
    """Whether accuracy stays, and whether the loss rises, from the logits to eight times the logits."""
    (before, low), (after, high) = _scores(1), _scores(8)
    return before == after, high > low


QUESTIONS: tuple[Question, ...] = (
    Number(
        "epochs-q1",
        Text(
            "1000 张图像，每批 32 张，训练 8 轮；最后不满的一批也用。一共走几步？",
            "1,000 images in batches of 32, for 8 epochs; the last batch is used even though it is not full. How many"
            " steps are that?",
        ),
        lambda: steps_of(8, 1000, batch_size=32),
        Text(
            "1000/32 = 31.25，一轮走 32 步，8 轮就是 {answer} 步。",
            "1,000/32 = 31.25, so an epoch has 32 steps, and 8 epochs have {answer}.",
        ),
        (
            (
                lambda: 8 * 1000 / 32,
                Text(
                    "每一轮都有一批不满，也算一步：先向上取整，再乘。",
                    "Each epoch ends with a batch that is not full, and is a step: round up first.",
                ),
            ),
            (
                lambda: steps_of(8, 1000, batch_size=32, drop_last=True),
                Text("这样就丢掉了不满的那一批。", "That leaves out the batch that is not full."),
            ),
        ),
    ),
    Number(
        "epochs-q2",
        Text(
            "每 10 步检查一次，验证损失依次是 0.9、0.7、0.75、0.72、0.6，耐心为 2。最后留下第几步的权重？",
            "A check every 10 steps finds 0.9, 0.7, 0.75, 0.72 and 0.6; the patience is 2. The weights of which step"
            " are kept?",
        ),
        lambda: early_stopping(CURVE, patience=2).best,
        Text(
            "第 30、40 步都没有超过第 {answer} 步，训练在第 40 步停下，0.6 永远看不到。",
            "Steps 30 and 40 do not beat step {answer}, so training ends at 40, and the 0.6 is never seen.",
        ),
        (
            (
                lambda: early_stopping(CURVE, patience=2).last,
                Text(
                    "训练在这一步停下，留下的却是最好的一步。",
                    "That is where training ends; what is kept is the best step.",
                ),
            ),
            (
                lambda: early_stopping(CURVE, patience=3).best,
                Text("耐心为 3 才等得到它。", "Only a patience of 3 lives to see it."),
            ),
        ),
    ),
    Choice(
        "epochs-q3",
        Text(
            "四个样本的 logit 都是 (1, 0)，三个判对，一个判错。把所有 logit 乘以 8，准确率和损失会怎样？",
            "Four examples have the logits (1, 0); three are right and one is wrong. Multiply all logits by 8. What"
            " becomes of the accuracy and of the loss?",
        ),
        (
            Option(
                Text("两者都不变", "Both stay as they are"),
                lambda: _change() == (True, False) and _scores(1)[1] == _scores(8)[1],
                Text(
                    "判断没有变，把握却变了，损失会计较把握。",
                    "The answers stay, but they are surer, and the loss minds that.",
                ),
            ),
            Option(
                Text("准确率不变，损失变小", "The accuracy stays, the loss falls"),
                lambda: _change() == (True, False) and _scores(1)[1] > _scores(8)[1],
                Text(
                    "三个对的少付一点，错的那一个要付得多。",
                    "The three right ones pay a little less, the wrong one far more.",
                ),
            ),
            Option(
                Text("准确率不变，损失变大", "The accuracy stays, the loss rises"),
                lambda: _change() == (True, True),
                Text("是这样。", "So it is."),
            ),
        ),
        Text(
            "错的那一个更有把握地错，代价没有上限。",
            "The wrong one is wrong with more confidence, and there is no limit to what that costs.",
        ),
    ),
)
