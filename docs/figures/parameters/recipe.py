"""Figures of 5.15.5."""

from statistics import median

from draw import Drawing

from cnnbook.evidence.results import load_result
from cnnbook.experiments.parameters.recipe import ARMS, CALLED, EXPERIMENT, MADE, SHARES
from cnnbook.parameters.recipe import DIVERGED, GAP, LEARNED, RISE, SPIKE, UNDERFIT, Branch

NAMES = {
    "zh": {
        Branch.DIVERGED: "发散", Branch.PLATEAU: "停滞", Branch.CANNOT_TELL: "无法判断", Branch.DATA: "数据有错",
        Branch.OVERFIT: "过拟合", Branch.UNDERFIT: "欠拟合", Branch.HEALTHY: "正常",
    },
    "en": {branch: branch.value for branch in Branch},
}  # fmt: skip
QUESTIONS = {
    "zh": {
        Branch.DIVERGED: (f"训练损失末尾是 NaN、超过 {DIVERGED:g}、", f"突然崩掉，或冲过 {SPIKE:g} 没回来？"),
        Branch.PLATEAU: (f"训练损失末尾仍高于 {1 - LEARNED:g}，", "或准确率从头到尾不动？"),
        Branch.CANNOT_TELL: ("验证曲线不足三个点，", "或损失的单位靠不住？"),
        Branch.DATA: (f"验证损失从未低于 {1 - LEARNED:g}，", "末尾准确率近乎随机猜测？"),
        Branch.OVERFIT: (f"验证损失从最低点回升超过 {RISE:g}，", f"或末尾比训练高出 {GAP:g} 以上？"),
        Branch.UNDERFIT: (f"训练损失末尾仍高于 {UNDERFIT:g}？",),
    },
    "en": {
        Branch.DIVERGED: (f"Training ends not finite, over {DIVERGED:g},", f"collapsed, or was once over {SPIKE:g}?"),
        Branch.PLATEAU: (f"Training ends above {1 - LEARNED:g},", "or the accuracy never moves?"),
        Branch.CANNOT_TELL: ("No validation curve of three points,", "or all hangs on a doubtful unit?"),
        Branch.DATA: (f"Validation loss never below {1 - LEARNED:g},", "and accuracy next to chance?"),
        Branch.OVERFIT: (f"Validation loss risen by over {RISE:g}", f"from its lowest, or {GAP:g} over training?"),
        Branch.UNDERFIT: (f"Training loss still above {UNDERFIT:g}?",),
    },
}  # fmt: skip
WORDS = {
    "zh": {"yes": "是", "no": "否", "train": "训练", "val": "验证", "unit": "损失以“一无所知”的网络为 1", "called": "{n}/{all} 判为{name}"},
    "en": {"yes": "yes", "no": "no", "train": "training", "val": "validation", "unit": "1 is the loss of a network that knows nothing", "called": "{n} of {all}: {name}"},
}  # fmt: skip
TONES = {
    Branch.DIVERGED: "a", Branch.PLATEAU: "a", Branch.CANNOT_TELL: "soft", Branch.DATA: "a", Branch.OVERFIT: "a",
    Branch.UNDERFIT: "a", Branch.HEALTHY: "b",
}  # fmt: skip


def diagram(lang: str) -> str:
    """The questions in their order; narrow enough for a telephone."""
    d, words, wide, tall, every = Drawing(2), WORDS[lang], 222, 44, 66
    d.text(wide / 2, -16, words["unit"], "f-soft", 11)
    for row, (branch, lines) in enumerate(QUESTIONS[lang].items()):
        top, middle = row * every, row * every + tall / 2
        d.rect(0, top, wide, tall, "f-cell s-rule", 'rx="6"')
        for number, line in enumerate(lines):
            d.text(wide / 2, middle + (number - (len(lines) - 1) / 2) * 16, line, "f-ink", 11.5)
        d.arrow(wide, middle, wide + 30, middle)
        d.text(wide + 14, middle - 9, words["yes"], "f-soft", 11)
        answer(d, wide + 32, middle, NAMES[lang][branch], TONES[branch])
        d.arrow(wide / 2, top + tall, wide / 2, top + every)
        d.text(wide / 2 + 14, top + tall + (every - tall) / 2, words["no"], "f-soft", 11)
    answer(d, wide / 2 - 44, (row + 1) * every + 16, NAMES[lang][Branch.HEALTHY], TONES[Branch.HEALTHY])
    return d.svg()


def answer(d: Drawing, left: float, middle: float, name: str, tone: str) -> None:
    """A branch."""
    d.rect(left, middle - 15, 88, 30, f"f-none s-{tone}", 'rx="15" stroke-width="2"')
    d.text(left + 44, middle, name, "f-ink", 12.5)


def failures(lang: str) -> str:
    """The measured curves of every arm: ten seeds and their median, and what the recipe says of them."""
    d, words, result = Drawing(), WORDS[lang], load_result(EXPERIMENT.name)
    wide, tall, top = 150, 84, 4.0
    for place, arm in enumerate(ARMS):
        left, above = place % 3 * 184, place // 3 * 156
        label, branch = EXPERIMENT.labels[arm], MADE[arm]
        found = {b: round(sum(result.figures[arm][name]) / 100) for b, name in CALLED.items()}
        most = max(found, key=found.__getitem__)
        said = words["called"].format(n=found[most], all=len(result.seeds), name=NAMES[lang][most])
        d.text(left, above - 30, getattr(label, lang), "f-ink", 12.5, "start")
        d.text(left, above - 13, said, "f-b" if most is branch else "f-a", 11.5, "start")
        d.line(left, above, left, above + tall)
        d.line(left, above + tall, left + wide, above + tall)
        for tick in (0, 2, 4):
            d.line(left - 4, above + tall - tick / top * tall, left, above + tall - tick / top * tall)
            if place % 3 == 0:
                d.text(left - 9, above + tall - tick / top * tall, str(tick), "f-soft", 11, "end")
        for tone, dash, part in (("b", "", "train"), ("a", "5 3", "val")):
            seeds = list(zip(*(result.of(arm, f"{part}_nll", share) for share in SHARES), strict=True))
            middle = [median(values) for values in zip(*seeds, strict=True)]
            for values, more in [
                *((seed, 'stroke-width="1" opacity="0.25"') for seed in seeds),
                (middle, 'stroke-width="2"'),
            ]:
                points = [
                    (left + share / 100 * wide, above + tall - min(value, top) / top * tall)
                    for share, value in zip(SHARES, values, strict=True)
                ]
                path = "L".join(f"{x:.0f} {y:.0f}" for x, y in points)
                d.add(f'<path d="M{path}" class="f-none s-{tone}" stroke-dasharray="{dash}" {more}/>', *points)
    for number, (tone, dash, part) in enumerate((("b", "", "train"), ("a", "5 3", "val"))):
        d.line(number * 110, -62, number * 110 + 24, -62, f"s-{tone}", f'stroke-width="2" stroke-dasharray="{dash}"')
        d.text(number * 110 + 30, -62, words[part], f"f-{tone}", 12, "start")
    return d.svg()
