"""What a diagnosis may be, how sure it is, and what is tried first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Branch(StrEnum):
    """Where the questions lead."""

    DIVERGED = "diverged"
    PLATEAU = "plateau"
    CANNOT_TELL = "cannot tell"
    DATA = "wrong data"
    OVERFIT = "overfit"
    UNDERFIT = "underfit"
    HEALTHY = "healthy"


class Sure(StrEnum):
    """How sure a diagnosis is."""

    SURE = "sure"
    FAIRLY = "fairly sure"
    UNSURE = "unsure"


FIRST = {  # what to try first
    Branch.DIVERGED: "a learning rate ten times smaller; then warm-up or clipped gradients",
    Branch.PLATEAU: "learn ten examples by heart; then a rate ten times larger, and one ten times smaller",
    Branch.CANNOT_TELL: "log a validation loss; nothing can be said of generalisation without one",
    Branch.DATA: "look at twenty training examples with their labels as they reach the network, then at validation's",
    Branch.OVERFIT: "more data or augmentation; then dropout or weight decay; or stop at the lowest loss",
    Branch.UNDERFIT: "a larger network or a higher rate; less dropout, weight decay and augmentation",
    Branch.HEALTHY: "nothing: change one parameter at a time from here, over several seeds",
}
MORE = "more steps: it was stopped while it still learned"
COLLAPSED = "the weights from before the collapse; then a smaller rate from there on, or clipped gradients"
ONE_ANSWER = "weights for the classes or balanced batches; look at a measure for each class, such as recall"
CHOOSE = "more data or augmentation; then choose: for probabilities stop at the lowest loss, for answers train on"
CLASSES = "give the number of classes (--classes), or the log from its beginning"


@dataclass(frozen=True)
class Diagnosis:
    """What the questions came to.

    Attributes:
        branch: Where they led.
        sure: How sure that is.
        reasons: Why, in words with the numbers.
        remarks: What else the curves show, and what makes the answer less sure.
        first: What to try first.
    """

    branch: Branch
    sure: Sure
    reasons: tuple[str, ...]
    remarks: tuple[str, ...]
    first: str
