"""5.16.10 Does it hold elsewhere: what the reader is asked beside the text."""

import torch

from cnnbook.evidence.text import Text
from cnnbook.generalisation.transfer import heterogeneity, new_setting, random_effects
from cnnbook.questions.question import Choice, Number, Option, Question

EFFECTS = torch.tensor([4.0, 1.0, -2.0])
SURE = torch.full((3,), 0.01)
SIX = torch.tensor([2.4, 1.1, 0.2, 1.9, 0.4, 1.6]), torch.full((6,), 0.2)
T = 2.571  # Student's t for six settings, 95%


def _width() -> float:
    """How many times as wide as the mean's interval that of a new setting is."""
    low, high = new_setting(*SIX)
    return (high - low) / (2 * T * random_effects(*SIX)[1])


def _shrink() -> tuple[bool, bool]:
    """Whether error and spread are clearly smaller with a hundred times the seeds, that is with a tenth of the errors."""
    errors = torch.full((3,), 0.1)
    spreads = heterogeneity(EFFECTS, errors), heterogeneity(EFFECTS, errors / 10)
    return bool((errors / 10 < 0.9 * errors).all()), spreads[1] < 0.9 * spreads[0]


QUESTIONS: tuple[Question, ...] = (
    Number(
        "transfer-q1",
        Text(
            zh="三个场景的效果是 4、1、−2，各自都量得极准。平均是 1；这个平均的误差大约是多少？（估到一位小数。）",
            en="The effects in three settings are 4, 1 and −2, each known almost exactly. The mean is 1. What, roughly, is the error of that mean? (To one decimal.)",
        ),
        lambda: round(random_effects(EFFECTS, SURE)[1], 2),
        Text(
            zh="标准差是 3，除以 $\\sqrt3$，约 {answer}。每个场景量得再准，也不会更小。",
            en="Their standard deviation is 3; over $\\sqrt3$ that is about {answer}. However well each is known, it does not get smaller.",
        ),
        (
            (
                lambda: EFFECTS.std().item(),
                Text(
                    zh="这是场景之间的标准差；平均的误差还要除以 $\\sqrt3$。",
                    en="That is the standard deviation of the settings; for the mean, divide by $\\sqrt3$.",
                ),
            ),
            (
                lambda: 0.01 / 3**0.5,
                Text(
                    zh="量得准的是各个场景，不是它们的平均：场景之间相差很远。",
                    en="The single settings are known so well, and not their mean: they are far apart.",
                ),
            ),
        ),
        tolerance=0.06,
    ),
    Choice(
        "transfer-q2",
        Text(
            zh="六个场景，效果从 0.2 到 2.4，各自的误差约 0.2。下一个场景的区间，与平均值的区间相比，有多宽？",
            en="Six settings, with effects from 0.2 to 2.4, each known to about 0.2. How wide is the interval for the next setting, compared with that of the mean?",
        ),
        (
            Option(
                Text(zh="窄一些", en="Narrower"),
                lambda: _width() < 0.9,
                Text(
                    zh="新场景比平均值更难说准，它自己也会偏开。",
                    en="A new setting is harder to predict than the mean, since it strays from the mean as well.",
                ),
            ),
            Option(
                Text(zh="一样宽", en="As wide"),
                lambda: 0.9 < _width() < 1.2,
                Text(
                    zh="平均值的误差之外，新场景自己还会偏开。",
                    en="On top of the error of the mean, the new setting strays from it.",
                ),
            ),
            Option(
                Text(zh="宽得多，两倍以上", en="Much wider, more than twice"),
                lambda: _width() > 2,
                Text(zh="是这样。", en="So it is."),
            ),
        ),
        Text(
            zh="平均值随场景增多而越来越准；一个新场景却总要偏开 $\\tau$ 上下。",
            en="The more settings, the better is their mean known. A single new one still strays by about $\\tau$.",
        ),
    ),
    Choice(
        "transfer-q3",
        Text(
            zh="每个场景的种子加到一百倍。哪一个明显变小？",
            en="Take a hundred times the seeds in every setting. What becomes clearly smaller?",
        ),
        (
            Option(
                Text(zh="误差 $s_i$ 和离散程度 $\\tau$", en="The errors $s_i$ and the spread $\\tau$"),
                lambda: _shrink() == (True, True),
                Text(
                    zh="$\\tau$ 是场景之间真正的差别，量得再准，差别还在。",
                    en="$\\tau$ is how far the settings really differ, and they still do, however well they are known.",
                ),
            ),
            Option(
                Text(zh="只有误差 $s_i$", en="The errors $s_i$ alone"),
                lambda: _shrink() == (True, False),
                Text(zh="是这样。", en="So it is."),
            ),
            Option(
                Text(zh="只有离散程度 $\\tau$", en="The spread $\\tau$ alone"),
                lambda: _shrink() == (False, True),
                Text(zh="正好反过来。", en="It is just the other way."),
            ),
        ),
        Text(
            zh="种子只让每个场景量得更准。想更了解一个新场景，只有多量几个场景。",
            en="Seeds make each setting better known. To know more of a new one takes more settings.",
        ),
    ),
)
