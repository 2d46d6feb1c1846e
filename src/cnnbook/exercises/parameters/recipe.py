"""Exercises of 5.15.5: what two curves measure, and the six questions in their order."""

import math
from collections.abc import Iterator

from cnnbook.evidence.text import Text
from cnnbook.exercises.exercise import Case, Exercise, Mistake, given
from cnnbook.parameters.recipe import Curves, diagnose

TABLE = (
    [1.58, 0.61, 0.27, 0.07, 0.005, 0.0009, 0.0004],
    [1.74, 1.17, 1.16, 1.40, 1.80, 2.04, 2.18],
)  # the page's log

# --- recipe-1 ---


def three_numbers(train: list[float], val: list[float], classes: int) -> tuple[float, float, float]:
    u = math.log(classes)
    t, v = train[-1] / u, val[-1] / u
    return 1 - t, v - min(val) / u, v - t


def _varied(
    train: list[float], val: list[float], unit: float, low: float | None = None, end: float | None = None
) -> tuple[float, float, float]:
    """The three numbers, measured by another unit, or the rise between other points."""
    low, end = min(val) if low is None else low, val[-1] if end is None else end
    return 1 - train[-1] / unit, (end - low) / unit, (val[-1] - train[-1]) / unit


def _by_the_first(train: list[float], val: list[float], classes: int) -> tuple[float, float, float]:
    return _varied(train, val, train[0])


def _in_nats(train: list[float], val: list[float], classes: int) -> tuple[float, float, float]:
    return _varied(train, val, 1.0)


def _in_digits(train: list[float], val: list[float], classes: int) -> tuple[float, float, float]:
    return _varied(train, val, math.log10(classes))


def _from_the_start(train: list[float], val: list[float], classes: int) -> tuple[float, float, float]:
    return _varied(train, val, math.log(classes), low=val[0])


def _to_the_top(train: list[float], val: list[float], classes: int) -> tuple[float, float, float]:
    return _varied(train, val, math.log(classes), end=max(val))


def _other_side(train: list[float], val: list[float], classes: int) -> tuple[float, float, float]:
    learned, rise, gap = three_numbers(train, val, classes)
    return learned, rise, -gap


def _left_over(train: list[float], val: list[float], classes: int) -> tuple[float, float, float]:
    learned, rise, gap = three_numbers(train, val, classes)
    return 1 - learned, rise, gap


def _logs() -> Iterator[Case]:
    yield given([2.0, 1.0, 0.5], [2.1, 1.2, 1.5], 10)
    yield given(*TABLE, 10)
    yield given([1.1, 0.9, 0.8], [1.1, 1.0, 0.9], 3)
    yield given([0.7, 0.5, 0.2], [0.7, 0.75, 0.4], 2)  # up, and down again
    yield given([2.3, 1.2, 0.5], [2.3, 0.7, 1.2, 0.75], 10)  # up from the lowest point, and nearly back
    yield given([4.6, 4.5, 4.7], [4.6, 4.4, 4.5], 100)


NUMBERS = Exercise(
    name="recipe-1",
    title=Text(zh="两条曲线，三个数", en="Three numbers of two curves"),
    statement=Text(
        zh="一次训练的训练损失和验证损失，都已经平滑过了。求三个数：学到了多少，验证损失末尾比最低点高出多少，末尾验证比训练高出多少。损失都先除以一无所知的网络的损失。",
        en="Given are the training and the validation loss of a run, smooth as they are. Find three numbers: how much was learned, how far validation ends above its lowest point, and how far it ends above training. Losses are shares of what a network loses that knows nothing.",
    ),
    takes=Text(
        zh="train、val：列表，单位是奈特，按步数的次序；classes ≥ 2。返回 (learned, rise, gap)，三个浮点数。",
        en="train, val: lists, in nats, in the order of the steps; classes ≥ 2. Returns (learned, rise, gap), three floats.",
    ),
    hints=(
        Text(
            zh="一无所知的网络给每一类多大的概率？损失是多少？",
            en="Which probability does a network that knows nothing give to each class? What is its loss?",
        ),
        Text(
            zh="三个数里，哪些只看末尾，哪些还要看中间？",
            en="Which of the three look at the ends alone, and which at the middle, too?",
        ),
    ),
    solution=three_numbers,
    explanation=Text(
        zh="尺子是 ln C。1 − t 是学到的，v 减去 v 的最低值是回升的，v − t 是差距。最低点可能就是末尾，那就没有回升，是 0。",
        en="The yardstick is ln C. What was learned is 1 − t, the rise is v less its lowest value, and the gap is v − t. The lowest point may be the last, and then the rise is 0.",
    ),
    cases=_logs,
    tried=Text(
        zh="书里的那份日志、2 类到 100 类、一直在降的、先升后降的和什么也没学到的，三个数都对。",
        en="the page's log, 2 to 100 classes, curves that fall all along, that rise and fall, and that learn nothing all have the right three numbers.",
    ),
    mistakes=(
        Mistake(
            _by_the_first,
            Text(
                zh="你拿第一个损失当尺子。记第一笔的时候，网络也许已经学了不少；类别数是知道的，用它。",
                en="Your yardstick is the first loss that was logged. By then the network may have learned a lot; the number of classes is known, so use it.",
            ),
        ),
        Mistake(
            _in_nats,
            Text(
                zh="你没有除以尺子。同样是 1 奈特，两类时很糟，一百类时已经学到了许多。",
                en="You do not divide by the yardstick. A loss of 1 nat is bad with two classes, and with a hundred much has been learned.",
            ),
        ),
        Mistake(
            _in_digits,
            Text(
                zh="对数的底不对：交叉熵以奈特计，用的是自然对数。",
                en="The base of your logarithm is wrong: cross-entropy is in nats, by natural logarithms.",
            ),
        ),
        Mistake(
            _from_the_start,
            Text(
                zh="你的回升是从开头量的。过拟合要从最低点量起。",
                en="Your rise is measured from the beginning. For overfitting it is measured from the lowest point.",
            ),
        ),
        Mistake(
            _to_the_top,
            Text(
                zh="你量到了最高点，而最高点往往在开头。要量到末尾。",
                en="You measure up to the highest point, which is often the first. Measure up to the end.",
            ),
        ),
        Mistake(
            _other_side,
            Text(
                zh="差距的正负号反了：验证比训练高，差距是正的。",
                en="The sign of your gap is wrong: it is positive where validation lies above training.",
            ),
        ),
        Mistake(
            _left_over,
            Text(
                zh="第一个数是没学到的。学到的是它与 1 之差。",
                en="Your first number is what was not learned. What was is the rest of 1.",
            ),
        ),
    ),
)

# --- recipe-2 ---


def diagnosis(train: list[float], val: list[float], classes: int) -> str:
    u = math.log(classes)
    t, v = [loss / u for loss in train], [loss / u for loss in val]
    if not all(map(math.isfinite, t[-1:] + v[-1:])) or t[-1] > 1.2:
        return "diverged"
    if t[-1] > 0.9:
        return "plateau"
    if len(v) < 3:
        return "cannot tell"
    if min(v) >= 0.9:
        return "wrong data"
    if v[-1] - min(v) > 0.05 or v[-1] - t[-1] > 0.25:
        return "overfit"
    return "underfit" if t[-1] > 0.5 else "healthy"


def _by_the_package(train: list[float], val: list[float], classes: int) -> str:
    return str(diagnose(Curves(list(enumerate(train)), list(enumerate(val)), classes=classes)).branch)


def _asked(
    train: list[float],
    val: list[float],
    classes: float,
    order: tuple[str, ...] = ("diverged", "plateau", "cannot tell", "wrong data", "overfit", "underfit"),
    **other: bool,
) -> str:
    """The questions in an order; `other` says for which of them a yes is something else."""
    u = math.log(classes)
    t, v = [loss / u for loss in train], [loss / u for loss in val]
    low = min(v, default=math.inf)
    ends = t[-1:] + v[-1:]
    yes = {
        "diverged": not all(map(math.isfinite, ends)) or t[-1] > 1.2,
        "plateau": t[-1] > 0.9,
        "cannot tell": len(v) < 3,
        "wrong data": low >= 0.9,
        "overfit": bool(v) and (v[-1] - low > 0.05 or v[-1] - t[-1] > 0.25),
        "underfit": t[-1] > 0.5,
    } | other
    return next((name for name in order if yes[name]), "healthy")


def _not_a_number(train: list[float], val: list[float], classes: int) -> str:
    return _asked(train, val, classes, diverged=train[-1] / math.log(classes) > 1.2)


def _validation_first(train: list[float], val: list[float], classes: int) -> str:
    order = ("cannot tell", "wrong data", "overfit", "diverged", "plateau", "underfit")
    return _asked(train, val, classes, order)


def _overfit_before(train: list[float], val: list[float], classes: int) -> str:
    order = ("diverged", "plateau", "cannot tell", "overfit", "wrong data", "underfit")
    return _asked(train, val, classes, order)


def _in_nats_too(train: list[float], val: list[float], classes: int) -> str:
    return _asked(train, val, math.e)


def _rise_alone(train: list[float], val: list[float], classes: int) -> str:
    u = math.log(classes)
    return _asked(train, val, classes, overfit=bool(val) and (val[-1] - min(val)) / u > 0.05)


def _gap_alone(train: list[float], val: list[float], classes: int) -> str:
    return _asked(train, val, classes, overfit=bool(val) and (val[-1] - train[-1]) / math.log(classes) > 0.25)


def _ends_above(train: list[float], val: list[float], classes: int) -> str:
    return _asked(train, val, classes, **{"wrong data": bool(val) and val[-1] / math.log(classes) >= 0.9})


def _never_empty(train: list[float], val: list[float], classes: int) -> str:
    return _asked(
        train, val, classes, diverged=not math.isfinite(val[-1]) or diagnosis(train, val, classes) == "diverged"
    )


def _runs() -> Iterator[Case]:
    yield given([2.3, 1.2, 0.6], [2.3, 1.3, 0.9], 10)  # healthy
    yield given([2.3, 2.29, 2.28], [2.3, 2.3, 2.29], 10)  # plateau
    yield given([2.3, 1.2, 0.4], [2.3, 1.3], 10)  # cannot tell
    yield given([2.3, 1.2, 0.4], [], 10)
    yield given([2.3, 1.0, 0.2], [2.4, 2.5, 3.0], 10)  # wrong data
    yield given(*TABLE, 10)  # overfit
    yield given([2.3, 1.0, 0.1], [2.3, 1.6, 1.3], 10)  # overfit: no rise, but a gap
    yield given([2.3, 1.2, 0.5], [2.3, 0.7, 1.0], 10)  # overfit: a rise, but a narrow gap
    yield given([2.3, 1.8, 1.5], [2.3, 1.9, 1.6], 10)  # underfit
    yield given([2.3, 2.4, 3.5], [2.3, 2.5, 3.6], 10)  # diverged
    yield given([2.3, 1.5, math.nan], [2.3, 1.6, 1.7], 10)
    yield given([1.4, 0.8, 0.3], [1.4, 0.9, math.inf], 4)
    yield given([1.4, 1.36, 1.34], [1.4, 1.2, 1.4], 4)  # plateau, although validation rose
    yield given([1.6, 1.1, 0.6], [1.6, 1.1, 0.8], 5)  # healthy
    yield given([2.3, 1.2, 0.5], [2.3, 0.7, 1.2, 0.75], 10)  # healthy: up from the lowest point, and nearly back
    yield given([1.4, 0.7, 0.3], [1.4, 0.8, 1.3], 4)  # overfit, though validation ends where it began
    # near each threshold, on both sides of it
    yield given([2.3, 3.5, 0.6], [2.3, 1.3, 0.9], 10)  # healthy: high on the way, not at the end
    yield given([2.3, 2.4, 2.9], [2.3, 2.4, 2.9], 10)  # diverged
    yield given([2.3, 2.2, 2.5], [2.3, 2.2, 2.5], 10)  # plateau: at a guess, and above, but below 1.2
    yield given([2.3, 2.1, 2.15], [2.3, 2.1, 2.15], 10)  # plateau
    yield given([2.3, 1.6, 1.5], [2.3, 1.5, 1.9], 10)  # overfit: training ends above 0.5, but validation rose
    yield given([2.3, 0.5, 0.5], [2.2, 2.15, 2.2], 10)  # wrong data
    yield given([2.3, 1.2, 0.5], [2.3, 0.7, 0.9], 10)  # overfit: a rise of 0.09
    yield given([2.3, 1.0, 0.5], [2.3, 1.25, 1.25], 10)  # overfit: a gap of 0.33
    yield given([2.3, 1.5, 1.25], [2.3, 1.5, 1.3], 10)  # underfit
    yield given([2.3, 1.0, 1.4], [2.3, 1.5, 1.5], 10)  # underfit: what counts is where training ends
    yield given([2.3, 1.5, 1.1], [2.3, 1.5, 1.2], 10)  # healthy
    yield given([2.3, 2.1, 1.96], [2.3, 2.1, 1.98], 10)  # underfit: 0.85 is no plateau, and 0.86 no wrong data
    yield given([2.3, 1.2, 0.6], [2.3, 0.9, 0.97], 10)  # healthy: a rise of 0.03
    yield given([2.3, 1.0, 0.5], [2.3, 1.05, 1.0], 10)  # healthy: a gap of 0.22
    yield given([2.3, 1.0, 0.5], [2.3, 1.15, 1.14], 10)  # overfit: a gap of 0.28


DIAGNOSIS = Exercise(
    name="recipe-2",
    title=Text(zh="按次序问六个问题", en="Six questions in order"),
    statement=Text(
        zh="写出诊断。六个问题照本节的次序，只看损失，而且只问主要的一半。损失都先除以 ln C：末尾有 NaN 或无穷大，或者训练末尾高于 1.2，是 `diverged`；训练末尾高于 0.9，是 `plateau`；验证不足三个点，是 `cannot tell`；验证从未低于 0.9，是 `wrong data`；验证末尾比最低点高出 0.05 以上，或者比训练末尾高出 0.25 以上，是 `overfit`；训练末尾高于 0.5，是 `underfit`；都不是，就是 `healthy`。曲线已经平滑过了。",
        en="Write the diagnosis. Ask the section's six questions in their order, of the losses alone, and only the main half of each. With losses as shares of ln C: a curve that ends as NaN or infinity, or training that ends above 1.2, is `diverged`; training that ends above 0.9 is `plateau`; fewer than three points of validation, `cannot tell`; validation that was never below 0.9, `wrong data`; validation that ends more than 0.05 above its lowest point, or more than 0.25 above training, `overfit`; training that ends above 0.5, `underfit`; all else is `healthy`. The curves are smooth already.",
    ),
    takes=Text(
        zh="train：至少 3 个损失，单位是奈特；val：同样，但可能很短，甚至是空的；classes ≥ 4。返回上面七个词里的一个，字符串。",
        en="train: at least 3 losses, in nats; val: the same, but perhaps few or none; classes ≥ 4. Returns one of the seven words, a string.",
    ),
    hints=(
        Text(
            zh="NaN 和任何数相比，结果是真还是假？",
            en="Compare NaN with any number: is the answer true or false?",
        ),
        Text(
            zh="验证曲线可能是空的。哪几个问题要用到它的末尾？",
            en="There may be no validation at all. Which questions look at its end?",
        ),
        Text(
            zh="第一个答“是”的问题就是诊断，所以问到了就返回。",
            en="The first yes is the diagnosis: return as soon as you have it.",
        ),
    ),
    solution=diagnosis,
    explanation=Text(
        zh="每问一句，答“是”就返回，次序就在代码里。NaN 与任何数比较都不成立，所以要单独问 `math.isfinite`。`v[-1:]` 在 `v` 为空时也是空的，不会出错。",
        en="Every question returns at a yes, and so the order of the lines is that of the questions. NaN compares false with every number, and so `math.isfinite` has to be asked. `v[-1:]` is empty where `v` is, and raises nothing.",
    ),
    cases=_runs,
    tried=Text(
        zh="七种诊断的曲线，有 NaN 的、没有验证的、只有回升的和只有差距的，都与 `diagnose` 说的一样。",
        en="runs of all seven kinds, with NaN, without validation, with a rise alone and with a gap alone, are called what `diagnose` calls them.",
    ),
    mistakes=(
        Mistake(
            _not_a_number,
            Text(
                zh="NaN 或无穷大漏过去了。NaN > 1.2 不成立；验证的末尾也要看。",
                en="NaN or infinity slips through. NaN > 1.2 is false; and validation has an end as well.",
            ),
        ),
        Mistake(
            _validation_first,
            Text(
                zh="你先问了验证。什么都没学到的网络谈不上泛化：先问发散和停滞。",
                en="You ask about validation first. A run that never learned says nothing about generalisation: ask whether it diverged or stands still.",
            ),
        ),
        Mistake(
            _overfit_before,
            Text(
                zh="标签错了，验证损失也会升上去。哪一问要在过拟合之前？",
                en="With wrong labels the validation loss rises as well. Which question has to come before overfitting?",
            ),
        ),
        Mistake(
            _in_nats_too,
            Text(
                zh="门槛是给除以 ln C 之后的损失定的，你拿奈特去比了。",
                en="The thresholds are for shares of ln C, and you compare them with nats.",
            ),
        ),
        Mistake(
            _rise_alone,
            Text(
                zh="验证没有回升，却一直远在训练之上，也是过拟合。",
                en="Validation that does not rise, but stays far above training, is overfitting as well.",
            ),
        ),
        Mistake(
            _gap_alone,
            Text(
                zh="差距不大，可验证已经从最低点回升了，也是过拟合。",
                en="A narrow gap, but validation has risen from its lowest point: that is overfitting as well.",
            ),
        ),
        Mistake(
            _ends_above,
            Text(
                zh="验证损失是末尾高，还是从来没有低过？先降后升的，不是数据有错。",
                en="Does validation end high, or was it never low? One that fell and rose again does not point at the data.",
            ),
        ),
        Mistake(
            _never_empty,
            Text(
                zh="没有验证曲线时，`val[-1]` 会出错。",
                en="Where there is no validation, `val[-1]` raises an error.",
            ),
        ),
    ),
    reference=_by_the_package,
)

EXERCISES = (NUMBERS, DIAGNOSIS)
