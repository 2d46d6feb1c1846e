"""Exercises of 5.15.3: epochs for so many steps, accuracy against likelihood, early stopping that keeps the weights.

References:
    L. Prechelt, "Early stopping: but when?", in Neural Networks: Tricks of the Trade, Springer 1998.
    C. Guo et al., "On calibration of modern neural networks", arXiv:1706.04599.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.exercise import Case, Exercise, Fault, Mistake, given
from cnnbook.parameters.epochs import steps_of

# --- epochs-1 ---


def epochs_for(steps: int, examples: int, batch_size: int) -> int:
    per_epoch = -(-examples // batch_size)
    return -(-steps // per_epoch)


def _counted(steps: int, examples: int, batch_size: int) -> int:
    epochs = 0
    while steps_of(epochs, examples, batch_size) < steps:
        epochs += 1
    return epochs


def _by_examples(steps: int, examples: int, batch_size: int) -> int:
    return -(-steps * batch_size // examples)


def _full_batches(steps: int, examples: int, batch_size: int) -> int:
    return -(-steps // (examples // batch_size))


def _one_more_batch(steps: int, examples: int, batch_size: int) -> int:
    return -(-steps // (examples // batch_size + 1))


def _rounded_down(steps: int, examples: int, batch_size: int) -> int:
    return steps // -(-examples // batch_size)


def _one_more_epoch(steps: int, examples: int, batch_size: int) -> int:
    return _rounded_down(steps, examples, batch_size) + 1


def _counts() -> Iterator[Case]:
    yield given(9, 5, 2)
    yield given(10, 5, 2)
    yield given(6, 4, 2)
    yield given(512, 128, 32)
    yield given(0, 10, 4)
    yield given(3, 2, 8)  # not one full batch
    for examples, batch_size in ((1, 1), (7, 3), (100, 32), (130, 32), (1000, 64)):
        for steps in (1, 2, 13, 100):
            yield given(steps, examples, batch_size)


EPOCHS = Exercise(
    name="epochs-1",
    title=Text(zh="要走够这些步，训练几轮", en="Epochs for so many steps"),
    statement=Text(
        zh="要让网络至少更新 `steps` 次，最少要训练几个整轮？每轮最后一批不满也照样算一步。",
        en="What is the smallest number of whole epochs in which the network is updated at least `steps` times? A last batch that is not full is a step as well.",
    ),
    takes=Text(
        zh="steps ≥ 0；examples、batch_size ≥ 1，都是整数。返回轮数，一个整数。",
        en="steps ≥ 0 and examples, batch_size ≥ 1 are ints. Returns the number of epochs, an int.",
    ),
    hints=(
        Text(zh="先算一轮有几步。", en="First, how many steps are there in an epoch?"),
        Text(
            zh="两处都要取整。每一处该往上还是往下？",
            en="There are two divisions to round. Up or down, in either of them?",
        ),
    ),
    solution=epochs_for,
    explanation=Text(
        zh="一轮有 ⌈N/B⌉ 步，往上取整，因为不满的一批也更新一次权重。轮数是 `steps` 除以它，也往上取整，不然步数不够。整数里，`-(-a // b)` 就是往上取整，不会受浮点误差的影响。",
        en="An epoch has ⌈N/B⌉ steps, rounded up because a batch that is not full updates the weights, too. Divide `steps` by that, and round up again, or there are too few. With ints `-(-a // b)` rounds up, without any floating-point error.",
    ),
    cases=_counts,
    tried=Text(
        zh="除得尽的和除不尽的、一步也不走的、样本凑不满一批的，都是刚好够的轮数。",
        en="with and without remainders, for no step at all and with fewer examples than a batch, the epochs are just enough.",
    ),
    mistakes=(
        Mistake(
            _by_examples,
            Text(
                zh="你数的是样本，`steps` 批各 `batch_size` 个。可每轮最后那批不满，一步用掉的样本要少些。",
                en="You count examples, `batch_size` for each of `steps`. But the last batch of an epoch may hold fewer, and is a step all the same.",
            ),
        ),
        Mistake(
            _full_batches,
            Text(
                zh="你只数了满的批次。不满的一批也更新一次权重，除非特地丢掉它。",
                en="You count full batches alone. The last one updates the weights as well, unless it is dropped on purpose.",
            ),
        ),
        Mistake(
            _one_more_batch,
            Text(
                zh="正好除得尽的时候，一轮里没有多出来的那一批。",
                en="Where the division leaves no remainder there is no extra batch in an epoch.",
            ),
        ),
        Mistake(
            _rounded_down,
            Text(
                zh="轮数往下取整了，步数就不够。",
                en="You round the epochs down, and so there are too few steps.",
            ),
        ),
        Mistake(
            _one_more_epoch,
            Text(
                zh="正好整除时，你多训练了一轮。",
                en="Where the steps fill whole epochs exactly, yours is one epoch too many.",
            ),
        ),
    ),
    reference=_counted,
)

# --- epochs-2 ---


def before_and_after(labels: Tensor) -> tuple[Tensor, Tensor]:
    right = F.one_hot(labels, 2).float()
    before, after = right.clone(), right.clone()
    before[:2] *= -0.1
    after[0] *= -10 * len(labels)
    return before, after


def _louder(labels: Tensor) -> tuple[Tensor, Tensor]:
    before = before_and_after(labels)[0]
    return before, 8 * before


def _better(labels: Tensor) -> tuple[Tensor, Tensor]:
    return before_and_after(labels)[0], 3 * F.one_hot(labels, 2).float()


def _swapped(labels: Tensor) -> tuple[Tensor, Tensor]:
    before, after = before_and_after(labels)
    return after, before


def _worse(labels: Tensor) -> tuple[Tensor, Tensor]:
    right = F.one_hot(labels, 2).float()
    return right, -right


def _labels() -> Iterator[Case]:
    yield given(torch.tensor([0, 1]))
    yield given(torch.tensor([0, 0, 0, 1]))
    yield given(torch.ones(5, dtype=torch.int64))
    yield given(torch.randint(0, 2, (40,), generator=torch.Generator().manual_seed(0)))


_SAME_ANSWERS = Text(
    zh="答对的个数没有变。光是放大 logit，答案不会变；要让从错变对的比从对变错的多。",
    en="As many answers are right as before. Larger logits alone change no answer: more must go from wrong to right than back.",
)
_CHEAP_MISTAKES = Text(
    zh="答对的多了，错的却还不够贵。留一个错的，让网络对它很有把握：代价没有上限。",
    en="More answers are right, but the mistakes that are left do not cost enough. Leave one wrong and let the network be sure of it: there is no limit to what that costs.",
)
_ORDER = Text(
    zh="两组的次序反了：先是训练前段的，再是后段的。", en="The two are in the wrong order: the earlier one comes first."
)
_WORSE = Text(
    zh="负对数似然升了，可是答对的也少了，这没有什么好奇怪的。",
    en="The NLL rises, but fewer answers are right as well, and there is nothing strange in that.",
)


def _both_rise(answer: Callable[..., object], case: Case) -> Fault | None:
    """The judge; what a reader chose says which mistake it is."""
    labels = case.arguments[0]
    value = answer(labels)
    pair = value if isinstance(value, tuple | list) else ()
    if len(pair) != 2 or not all(isinstance(one, Tensor) and one.shape == (len(labels), 2) for one in pair):
        rule = Text(
            zh=f"应当返回两个张量，形状都是 ({len(labels)}, 2)",
            en=f"two tensors must be returned, each of shape ({len(labels)}, 2)",
        )
        return Fault(rule, came=value)
    if not all(one.is_floating_point() and bool(one.isfinite().all()) for one in pair):
        rule = Text(zh="logit 应当是有限的浮点数", en="the logits must be finite floating numbers")
        return Fault(rule, came=value)
    right = [int((one.argmax(1) == labels).sum()) for one in pair]
    nll = [F.cross_entropy(one.double(), labels).item() for one in pair]
    if right[1] <= right[0]:
        rule = Text(
            zh=f"答对的应当变多，可之前答对 {right[0]} 个，之后 {right[1]} 个",
            en=f"more answers must be right afterwards, and there were {right[0]} before and {right[1]} after",
        )
        fewer = _ORDER if nll[1] < nll[0] else _WORSE
        return Fault(rule, came=value, hint=_SAME_ANSWERS if right[0] == right[1] else fewer)
    if nll[1] <= nll[0]:
        rule = Text(
            zh=f"负对数似然应当升高，可之前是 {nll[0]:.3f}，之后是 {nll[1]:.3f}",
            en=f"the NLL must be higher afterwards, and it was {nll[0]:.3f} before and {nll[1]:.3f} after",
        )
        return Fault(rule, came=value, hint=_CHEAP_MISTAKES)
    return None


BOTH = Exercise(
    name="epochs-2",
    title=Text(zh="准确率升，负对数似然也升", en="More accurate, and less likely"),
    statement=Text(
        zh="造两组 logit，一组是训练前段的，一组是后段的，样本相同，标签是 `labels`，一共两类。后一组答对的要多些，可是平均的负对数似然也要高些。",
        en="Make up the logits of one network early and late in training, for the same examples, whose labels, of two classes, are `labels`. The later ones must give more right answers, and yet have the higher mean negative log-likelihood.",
    ),
    takes=Text(
        zh="labels：(N,)，N ≥ 2，每个是 0 或 1。返回 (before, after)，两个浮点张量，形状都是 (N, 2)。",
        en="labels: (N,), N ≥ 2, each 0 or 1. Returns (before, after), each a floating tensor (N, 2).",
    ),
    hints=(
        Text(
            zh="准确率只看哪个 logit 大，不看大多少。负对数似然看大多少。",
            en="Accuracy asks which logit is larger and not by how much. The NLL asks by how much.",
        ),
        Text(
            zh="一个样本从错到对，最少要改多少？负对数似然因此最多降多少？",
            en="How little must change to turn one wrong answer right? By how much can the NLL fall through that?",
        ),
        Text(
            zh="另一个样本一直答错。怎样让它贵起来？",
            en="Another example stays wrong. How do you make it expensive?",
        ),
    ),
    solution=before_and_after,
    explanation=Text(
        zh="前一组有两个样本错得不多；后一组里，第二个对了，第一个还是错，而且错得很有把握。准确率只数个数，多了一个；负对数似然里，这一个错误就压过了其余的全部。",
        en="Early on, two examples are wrong, but barely. Later the second is right, and the first is still wrong and very sure of it. Accuracy counts answers, and there is one more; in the NLL that one mistake outweighs all the rest.",
    ),
    cases=_labels,
    tried=Text(
        zh="2 到 40 个样本、只有一类的和两类都有的，答对的都变多，负对数似然都变高。",
        en="for 2 to 40 examples, of one class or both, more answers are right and the NLL is higher.",
    ),
    mistakes=(
        Mistake(_louder, _SAME_ANSWERS),
        Mistake(_better, _CHEAP_MISTAKES),
        Mistake(_swapped, _ORDER),
        Mistake(_worse, _WORSE),
    ),
    judge=_both_rise,
)

# --- epochs-3 ---


@dataclass(frozen=True)
class _Validation:
    """A validation loss that knows from the weights how often they were trained: training adds 1 to each."""

    losses: tuple[float, ...]
    start: float = 0.0

    def __call__(self, w: Tensor) -> float:
        return self.losses[round(w[0].item() - self.start) - 1]

    def __repr__(self) -> str:
        return f"the losses {', '.join(f'{loss:g}' for loss in self.losses)} after one training, two, …"


def add_one(w: Tensor) -> None:
    """An epoch of training, as far as this exercise is concerned."""
    w += 1


def fit(w: Tensor, train: Callable, loss: Callable, patience: int, most: int) -> tuple[Tensor, int]:
    w, lowest, done, waited = w.clone(), float("inf"), 0, 0
    best = w.clone()
    while done < most and waited < patience:
        train(w)
        done, waited = done + 1, waited + 1
        if (now := loss(w)) < lowest:
            best, lowest, waited = w.clone(), now, 0
    return best, done


def _with(
    w: Tensor,
    train: Callable,
    loss: Callable,
    most: int,
    goes_on: Callable[[int], bool],
    better: Callable[[float, float, float], bool],
    reset: bool = True,
) -> tuple[Tensor, Tensor, int]:
    """Early stopping by other rules; the best weights and the last."""
    w, lowest, last, done, waited = w.clone(), float("inf"), float("inf"), 0, 0
    best = w.clone()
    while done < most and goes_on(waited):
        train(w)
        now, done, waited = loss(w), done + 1, waited + 1
        if better(now, lowest, last):
            best, lowest, waited = w.clone(), now, 0 if reset else waited - 1
        last = now
    return best, w, done


def _lower(now: float, lowest: float, last: float) -> bool:
    return now < lowest


def _last_weights(w: Tensor, train: Callable, loss: Callable, patience: int, most: int) -> tuple[Tensor, int]:
    _, end, done = _with(w, train, loss, most, lambda waited: waited < patience, _lower)
    return end, done


def _not_in_a_row(w: Tensor, train: Callable, loss: Callable, patience: int, most: int) -> tuple[Tensor, int]:
    best, _, done = _with(w, train, loss, most, lambda waited: waited < patience, _lower, reset=False)
    return best, done


def _one_more(w: Tensor, train: Callable, loss: Callable, patience: int, most: int) -> tuple[Tensor, int]:
    best, _, done = _with(w, train, loss, most, lambda waited: waited <= patience, _lower)
    return best, done


def _ties(w: Tensor, train: Callable, loss: Callable, patience: int, most: int) -> tuple[Tensor, int]:
    best, _, done = _with(w, train, loss, most, lambda waited: waited < patience, lambda now, low, _: now <= low)
    return best, done


def _than_the_last(w: Tensor, train: Callable, loss: Callable, patience: int, most: int) -> tuple[Tensor, int]:
    best, _, done = _with(w, train, loss, most, lambda waited: waited < patience, lambda now, _, last: now < last)
    return best, done


def _to_the_end(w: Tensor, train: Callable, loss: Callable, patience: int, most: int) -> tuple[Tensor, int]:
    best, _, done = _with(w, train, loss, most, lambda waited: True, _lower)
    return best, done


def _curves() -> Iterator[Case]:
    w = torch.zeros(1)
    yield given(w, add_one, _Validation((0.9, 0.5, 0.7, 0.8, 0.4)), 2, 5)
    yield given(w, add_one, _Validation((1.0, 0.8, 0.9, 0.7, 0.71, 0.72, 0.1)), 2, 7)
    yield given(w, add_one, _Validation((1.0, 0.8, 0.9, 0.7, 0.71, 0.72)), 1, 6)
    yield given(w, add_one, _Validation((0.5, 0.5, 0.5, 0.4)), 2, 4)  # a tie is no improvement
    yield given(w, add_one, _Validation((0.5, 0.9, 0.8, 0.7, 0.6)), 2, 5)  # falling, yet no better than the best
    yield given(w, add_one, _Validation((3.0, 2.0, 1.0)), 1, 3)  # it ends while it still gets better
    yield given(torch.tensor([2.0, -1.0], dtype=torch.float64), add_one, _Validation((0.3, 0.6, 0.2), 2.0), 3, 3)
    generator = torch.Generator().manual_seed(0)
    for patience in (1, 2, 3, 5):
        losses = torch.randint(0, 12, (25,), generator=generator).tolist()
        yield given(w, add_one, _Validation(tuple(losses)), patience, 25)


STOPPING = Exercise(
    name="epochs-3",
    title=Text(zh="早停，并取回最好的权重", en="Early stopping that keeps the best weights"),
    statement=Text(
        zh="写出带早停的训练。`train(w)` 训练一轮，就地改动 `w`；`loss(w)` 给出验证损失。每轮之后检查一次，连续 `patience` 次没有刷新最好成绩就停，最多 `most` 轮。返回最好那一轮之后的权重，以及一共训练了几轮。传进来的 `w` 不要改动。",
        en="Write a training with early stopping. `train(w)` trains for one epoch and changes `w` in place; `loss(w)` gives the validation loss. Check after every epoch; stop once `patience` checks in a row have failed to beat the best so far, or after `most` epochs. Return the weights after the best epoch, and how many epochs were trained. Leave the `w` that you are given as it is.",
    ),
    takes=Text(
        zh="w：(P,)；train、loss：函数；patience、most ≥ 1。返回 (best, done)：权重 (P,)，dtype 与 w 相同；和一个整数。",
        en="w: (P,); train, loss: functions; patience, most ≥ 1. Returns (best, done): weights (P,), of the dtype of w, and an int.",
    ),
    hints=(
        Text(
            zh="`train` 改的就是你手里的那个张量。存下来的最好权重，下一轮之后还是原来的样子吗？",
            en="`train` changes the very tensor that you hold. Will the weights that you put aside be the same after the next epoch?",
        ),
        Text(
            zh="没有变好的次数，什么时候加一，什么时候清零？",
            en="When does the count of checks without improvement go up, and when back to zero?",
        ),
        Text(zh="和谁比：上一次，还是最好的一次？", en="Compare with what: the check before, or the best so far?"),
    ),
    solution=fit,
    explanation=Text(
        zh="开头的 `clone` 保住传进来的 `w`，后来的 `clone` 保住最好的权重：不复制，存下的就只是同一个张量的又一个名字，训练一轮就变了。损失要比最低的还低才算变好，持平不算；变好就清零，所以数的是连续的次数。",
        en="The first `clone` protects the `w` that was given, the later one the best weights: without a copy you merely have a second name for the same tensor, which changes with the next epoch. A loss must be below the lowest, a tie does not count; and the count goes back to zero, since it is of checks in a row.",
    ),
    cases=_curves,
    tried=Text(
        zh="书里的那条曲线、有持平的、在降却没有刷新最好成绩的、到头还没有停的，还有四条随机的，耐心 1 到 5，轮数和权重都对。",
        en="the page's curve, one with ties, one that falls without beating the best, one that ends before it is stopped and four random ones, with a patience of 1 to 5, end in the right epoch with the right weights.",
    ),
    mistakes=(
        Mistake(
            _last_weights,
            Text(
                zh="停对了地方，交出的却是最后一轮的权重。你要是存过最好的，存的是副本，还是同一个张量？",
                en="You stop in the right epoch, and hand over the weights of the last. If you did put the best aside: is it a copy, or the same tensor?",
            ),
        ),
        Mistake(
            _not_in_a_row,
            Text(
                zh="你把没有变好的次数一直累加。耐心数的是连续的次数：一变好，就从零数起。",
                en="Your count of checks without improvement only grows. Patience counts them in a row, and starts again after each improvement.",
            ),
        ),
        Mistake(
            _one_more,
            Text(
                zh="你多等了一次：第 `patience` 次没有变好，就该停了。",
                en="You wait for one check too many: the one that makes it `patience` in a row ends the training.",
            ),
        ),
        Mistake(
            _ties,
            Text(
                zh="持平不算变好：损失要真的更低。",
                en="A tie is no improvement: the loss must really be lower.",
            ),
        ),
        Mistake(
            _than_the_last,
            Text(
                zh="你是和上一次比的。损失冲高之后再往下降，每次都比上一次好，却没有一次刷新最好成绩。",
                en="You compare with the check before. After a peak every check is better than the one before it, and none beats the best.",
            ),
        ),
        Mistake(
            _to_the_end,
            Text(
                zh="训练没有停下来，一直走到了 `most` 轮。",
                en="Your training is never stopped, and goes on for `most` epochs.",
            ),
        ),
    ),
)

EXERCISES = (EPOCHS, BOTH, STOPPING)
