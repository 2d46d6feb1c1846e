"""What the points of curves are, where several experiments mean the same."""

from __future__ import annotations

from cnnbook.evidence.metrics import Axis
from cnnbook.evidence.text import Text

STEPS = Axis(
    "step",
    "steps",
    words=Text("第 {at} 步的{metric}", "{metric} after {at} steps"),
    zero=Text("{metric}（训练前）", "{metric} before training"),
    one=Text("第 1 步的{metric}", "{metric} after 1 step"),
)
SHARE = Axis(
    "share",
    "",
    words=Text("{metric}（完成 {at} 时）", "{metric} after {at} of the run"),
    zero=Text("{metric}（训练前）", "{metric} before training"),
    fractions=True,
)
