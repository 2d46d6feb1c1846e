"""Figures of 5.16.4."""

import torch
from draw import Drawing, number
from torch.nn import functional as F

from cnnbook.generalisation.objective import absolute_error, brier_loss, focal_loss, gradient_size

WORDS = {
    "zh": {
        "p": "给正确类别的概率 p", "pull": "梯度的大小", "error": "误差 y − y′", "hopeless": "错得离谱", "safe": "已经答对",
        "cross": "交叉熵", "focal": "焦点损失", "squared": "平方误差", "absolute": "绝对误差", "huber": "Huber 损失",
    },
    "en": {
        "p": "probability p of the right class", "pull": "size of the gradient", "error": "error y − y′",
        "hopeless": "far off", "safe": "right already",
        "cross": "cross-entropy", "focal": "focal loss", "squared": "squared error", "absolute": "absolute error",
        "huber": "Huber loss",
    },
}  # fmt: skip


def plot(d: Drawing, left: float, x, curves: dict, top: float, ticks, x_name: str, y_name: str, legend_at) -> None:
    """Lines over x in a box of 230 by 180, from 0 to ``top``."""
    width, height = 230, 180
    lowest, highest = float(x[0]), float(x[-1])

    def across(value: float) -> float:
        return left + (value - lowest) / (highest - lowest) * width

    d.line(left, height, left + width, height)
    d.line(left, 0, left, height)
    for tick in ticks:
        d.line(across(tick), height, across(tick), height + 5)
        d.text(across(tick), height + 16, number(tick), "f-soft", 12)
    for tick in (0.0, top / 2, top):
        d.line(left - 5, height - tick / top * height, left, height - tick / top * height)
        d.text(left - 9, height - tick / top * height, number(tick), "f-soft", 12, "end")
    d.text(left + width / 2, height + 36, x_name, "f-soft", 12)
    d.text(left - 20, -20, y_name, "f-soft", 12, "start")
    for (name, values), tone, dash, (lx, ly) in zip(
        curves.items(), "bacd", ("", "6 3", "2 3", "9 3 2 3"), legend_at, strict=False
    ):
        points = [(across(float(a)), height - float(b) / top * height) for a, b in zip(x, values, strict=True)]
        path = "L".join(f"{one:.1f} {other:.1f}" for one, other in points)
        d.add(f'<path d="M{path}" class="f-none s-{tone}" stroke-width="2" stroke-dasharray="{dash}"/>', *points)
        d.text(left + lx * width, height - ly * height, name, f"f-{tone}", 12, "start")


def pull(lang: str) -> str:
    """How strongly each loss pulls: a regression's output by its error, a classifier's by p (two classes)."""
    d, words = Drawing(), WORDS[lang]
    errors = torch.linspace(-2, 2, 161, dtype=torch.float64)[:, None]
    zero = torch.zeros_like(errors)
    losses = {
        "squared": F.mse_loss, "absolute": F.l1_loss, "huber": lambda y, t: F.huber_loss(y, t, delta=0.5),
    }  # fmt: skip
    regression = {words[name]: gradient_size(loss, errors, zero) for name, loss in losses.items()}
    plot(
        d,
        0,
        errors[:, 0],
        regression,
        4.0,
        (-2, -1, 0, 1, 2),
        words["error"],
        words["pull"],
        [(0.28, 0.75), (0.03, 0.31), (0.03, 0.06)],
    )
    p = torch.linspace(0.002, 0.998, 250, dtype=torch.float64)
    outputs = torch.stack([(p / (1 - p)).log(), torch.zeros_like(p)], 1)
    right = torch.zeros(len(p), dtype=torch.int64)
    losses = {"cross": F.cross_entropy, "squared": brier_loss, "absolute": absolute_error, "focal": focal_loss}
    classes = {words[name]: gradient_size(loss, outputs, right) for name, loss in losses.items()}
    plot(
        d,
        310,
        p,
        classes,
        2.0,
        (0, 0.5, 1),
        words["p"],
        words["pull"],
        [(0.34, 0.57), (0.5, 0.46), (0.68, 0.36), (0.17, 0.83)],
    )
    return d.svg()
