"""Exercises of 5.16.3: balanced accuracy, and an order in which the classes take turns."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.exercise import Case, Exercise, Fault, Mistake, given

# --- data_distribution-1 ---


def balanced_accuracy(outputs: Tensor, targets: Tensor) -> float:
    answers = outputs.argmax(1)
    recalls = [(answers[targets == c] == c).double().mean() for c in targets.unique()]
    return torch.stack(recalls).mean().item()


def _counted(outputs: Tensor, targets: Tensor) -> float:
    """By counts of all classes, of which those without an example are left out."""
    classes = outputs.shape[1]
    counts = targets.bincount(minlength=classes)
    hits = targets[outputs.argmax(1) == targets].bincount(minlength=classes)
    return (hits[counts > 0].double() / counts[counts > 0]).mean().item()


def _accuracy(outputs: Tensor, targets: Tensor) -> float:
    return (outputs.argmax(1) == targets).double().mean().item()


def _precision(outputs: Tensor, targets: Tensor) -> float:
    answers = outputs.argmax(1)
    shares = [(targets[answers == c] == c).double().mean() for c in targets.unique()]
    return torch.stack(shares).nan_to_num(0).mean().item()


def _absent_as_zero(outputs: Tensor, targets: Tensor) -> float:
    return balanced_accuracy(outputs, targets) * len(targets.unique()) / outputs.shape[1]


def _absent_as_nan(outputs: Tensor, targets: Tensor) -> float:
    every = range(outputs.shape[1])
    return torch.stack([(outputs.argmax(1)[targets == c] == c).double().mean() for c in every]).mean().item()


def _answers() -> Iterator[Case]:
    one = torch.tensor([[1.0, 0.0]])
    yield given(one.expand(4, 2).clone(), torch.tensor([0, 0, 0, 1]))
    yield given(torch.eye(3)[[0, 1, 1, 1]], torch.tensor([0, 0, 1, 1]))
    yield given(torch.eye(4)[[0, 0, 3, 2]], torch.tensor([0, 0, 0, 2]))
    generator = torch.Generator().manual_seed(0)
    for n, classes in ((20, 3), (200, 10)):
        outputs = torch.randn(n, classes, generator=generator, dtype=torch.float64)
        targets = torch.multinomial(0.5 ** torch.arange(classes), n, replacement=True, generator=generator)
        outputs[torch.arange(n), targets] += 1.5
        yield given(outputs, targets)


BALANCED = Exercise(
    name="data_distribution-1",
    title=Text(zh="均衡准确率", en="Balanced accuracy"),
    statement=Text(
        zh="求均衡准确率：各类召回率的平均。网络的回答是 `outputs` 每一行里最大的那一类。`targets` 里一个样本也没有的类，没有召回率可言，不算在平均里。",
        en="Find the balanced accuracy, the mean of the recalls of the classes. The network's answer is the largest of each row of `outputs`. A class without an example in `targets` has no recall, and takes no part in the mean.",
    ),
    takes=Text(
        zh="outputs：(N, C)，logit；targets：int64 (N,)，N ≥ 1。返回 0 到 1 之间的浮点数。",
        en="outputs: (N, C), logits; targets: int64 (N,), N ≥ 1. Returns a float from 0 to 1.",
    ),
    hints=(
        Text(
            zh="一类一类地问：这一类的样本，认出了几成？",
            en="Ask class by class: of its examples, which share is recognised?",
        ),
        Text(
            zh="召回率的分母，是真正属于这一类的个数。",
            en="The denominator of a recall is the number of examples that really are of the class.",
        ),
    ),
    solution=balanced_accuracy,
    explanation=Text(
        zh="只看真正属于 c 类的样本，其中回答 c 的比例就是召回率；`targets.unique()` 里只有出现过的类。样本多的类和样本少的类，在平均里分量一样。",
        en="Among the examples that really are of class c, the share with the answer c is its recall; `targets.unique()` holds the classes that are present. In the mean, a class counts as much as any other, however many examples it has.",
    ),
    cases=_answers,
    tried=Text(
        zh="永远答一类的网络、缺席的类、从不被回答的类，以及随机的输出，都对。",
        en="a network with one answer for all, classes that are absent, classes that are never the answer, and random outputs: all right.",
    ),
    mistakes=(
        Mistake(
            _accuracy,
            Text(
                zh="这是普通的准确率，样本多的类说了算。一类一类地算，再平均。",
                en="This is plain accuracy, in which the frequent classes decide. Go class by class, and then take the mean.",
            ),
        ),
        Mistake(
            _precision,
            Text(
                zh="你的分母是回答这一类的次数，算出来的叫精确率。召回率问的是这一类的样本认出了多少。",
                en="Your denominator is how often the class was the answer, which gives the precision. Recall asks how many of the class's own examples are recognised.",
            ),
        ),
        Mistake(
            _absent_as_zero,
            Text(
                zh="缺席的类，你当成召回率是零了。它不算在内。",
                en="You count an absent class as a recall of zero. It takes no part.",
            ),
        ),
        Mistake(
            _absent_as_nan,
            Text(
                zh="缺席的类成了零除以零，结果是 NaN。先看哪些类出现过。",
                en="An absent class becomes zero by zero, and all of it NaN. See first which classes are present.",
            ),
        ),
    ),
    reference=_counted,
)

# --- data_distribution-2 ---


def taking_turns(labels: Tensor) -> Tensor:
    classes, order = labels.unique(), torch.empty_like(labels)
    for place, c in enumerate(classes):
        members = (labels == c).nonzero()[:, 0]
        turns = torch.arange(len(order[place :: len(classes)]))
        order[place :: len(classes)] = members[turns % len(members)]
    return order


def _drawn(labels: Tensor) -> Tensor:
    return torch.multinomial(1 / labels.bincount()[labels], len(labels), replacement=True)


def _each_once(labels: Tensor) -> Tensor:
    rank = (labels[:, None] == labels).tril().sum(1)
    return rank.argsort(stable=True)


def _last_again(labels: Tensor) -> Tensor:
    classes, order = labels.unique(), torch.empty_like(labels)
    for place, c in enumerate(classes):
        members = (labels == c).nonzero()[:, 0]
        turns = torch.arange(len(order[place :: len(classes)]))
        order[place :: len(classes)] = members[turns.clamp(max=len(members) - 1)]
    return order


def _drawn_within(labels: Tensor) -> Tensor:
    classes, order = labels.unique(), torch.empty_like(labels)
    for place, c in enumerate(classes):
        members = (labels == c).nonzero()[:, 0]
        turns = len(order[place :: len(classes)])
        order[place :: len(classes)] = members[torch.randint(len(members), (turns,))]
    return order


def _labels(labels: Tensor) -> Tensor:
    return labels[taking_turns(labels)]


def _label_lists() -> Iterator[Case]:
    for labels in ([0, 0, 0, 0, 1, 1], [1, 0, 0, 0, 0], [0] * 6 + [1] * 2 + [2], [0] * 24 + [1] * 6 + [2] * 2 + [3]):
        yield given(torch.tensor(labels))
    generator = torch.Generator().manual_seed(0)
    yield given(torch.multinomial(torch.tensor([8.0, 4, 2, 1]), 100, replacement=True, generator=generator))


def _takes_turns(answer: Callable[..., object], case: Case) -> Fault | None:
    (labels,) = case.arguments
    value, total, classes = answer(labels), len(labels), len(labels.unique())
    if not isinstance(value, Tensor) or value.dtype != torch.int64 or value.shape != labels.shape:
        rule = Text(
            zh=f"应当返回 int64 的张量，形状 ({total},)：样本的位置",
            en=f"return a tensor, int64, of shape ({total},): positions of examples",
        )
        return Fault(rule, came=value)
    if value.min() < 0 or value.max() >= total:
        return Fault(
            Text(zh=f"位置应当在 0 到 {total - 1} 之间", en=f"positions must be from 0 to {total - 1}"), came=value
        )
    drawn = labels[value]
    if len(drawn[:classes].unique()) < classes or bool((drawn[classes:] != drawn[:-classes]).any()):
        rule = Text(
            zh=f"各类应当按同一次序轮流出场；你的次序里，类别依次是 {drawn.tolist()}",
            en=f"the classes must take turns, always in one order; in yours they come as {drawn.tolist()}",
        )
        return Fault(rule, came=value)
    for c in labels.unique().tolist():
        own = value[drawn == c].tolist()
        passes = [own[i : i + int((labels == c).sum())] for i in range(0, len(own), int((labels == c).sum()))]
        if any(len(set(one)) < len(one) for one in passes):
            rule = Text(
                zh=f"第 {c} 类有样本还没有出场，别的已经出了第二遍：位置依次是 {own}",
                en=f"in class {c} an example comes again before all have come: its positions come as {own}",
            )
            return Fault(rule, came=value)
    return None


TURNS = Exercise(
    name="data_distribution-2",
    title=Text(zh="各类轮流出场", en="The classes take turns"),
    statement=Text(
        zh="排出一轮的次序：从头到尾，各类按同一个次序轮流出场，一共出场 N 次。同一类里，每个样本都出过一遍，才轮到第二遍。这样无论切成多大的批，每一批里各类的个数最多相差 1。返回样本的位置；次序不止一种，哪一种都行。",
        en="Put together the order of an epoch: from beginning to end the classes take turns, always in one and the same order, for N places in all. Within a class no example comes a second time before all have come once. Cut this into batches of any size, and in each the counts of the classes differ by 1 at most. Return positions of examples. There is more than one such order, and any will do.",
    ),
    takes=Text(
        zh="labels：int64 (N,)，类别从 0 数起，每一类至少一个。返回 int64 (N,)：稀少类的样本出场多次，常见类的有些不出场。",
        en="labels: int64 (N,), classes from 0, at least one example of each. Returns int64 (N,): examples of rare classes several times, some of frequent ones not at all.",
    ),
    hints=(
        Text(
            zh="共有 C 类，第一类占哪些位置？第二类呢？切片的步长能直接取到它们。",
            en="Which places belong to the first of C classes, and which to the second? A slice with a step gets at them.",
        ),
        Text(
            zh="这一类要出场几次？样本不够时，从头再来。",
            en="How often is a class's turn? Where its examples do not suffice, begin again from the first.",
        ),
    ),
    solution=taking_turns,
    explanation=Text(
        zh="第 `place` 类占第 `place`、`place` + C、`place` + 2C……个位置。它的第 t 次出场，取第 t mod n 个样本，n 是这一类的个数，于是一遍一遍地来。真正训练时，每一遍还要把类内的次序打乱。",
        en="Class number `place` has the places `place`, `place` + C, `place` + 2C and so on. At its turn t it sends example t mod n, where n is the size of the class, and so goes round and round. In real training, each of its rounds is shuffled as well.",
    ),
    cases=_label_lists,
    tried=Text(
        zh="两类到四类、只有一个样本的类、除不尽的长度、打乱的类别，都轮流得很整齐。",
        en="two to four classes, a class of a single example, lengths that do not divide, and shuffled labels: all take turns as they should.",
    ),
    mistakes=(
        Mistake(
            _drawn,
            Text(
                zh="这是过采样：各类的机会相等，却要靠运气。均衡批次的类别是排好的。",
                en="This is oversampling: classes are equally likely and come by luck. In balanced batches their order is fixed.",
            ),
        ),
        Mistake(
            _each_once,
            Text(
                zh="每个样本只出场一次，稀少的类用完之后，就只剩常见的类了。",
                en="Every example comes just once, so that when the rare classes have run out only the frequent ones are left.",
            ),
        ),
        Mistake(
            _last_again,
            Text(
                zh="一类用完之后，你总是重复它最后的那个样本。应当从头再来一遍。",
                en="When a class has run out, you repeat its last example. Go round all of them again.",
            ),
        ),
        Mistake(
            _drawn_within,
            Text(
                zh="类别轮得对，类内却是随机抽的：有的样本出场两次，有的一次也没有。",
                en="The classes take turns, but within a class you draw at random: some examples come twice while others have not come.",
            ),
        ),
        Mistake(_labels, Text(zh="你返回的是类别，要的是位置。", en="You return labels; positions were asked for.")),
    ),
    judge=_takes_turns,
)

EXERCISES = (BALANCED, TURNS)
