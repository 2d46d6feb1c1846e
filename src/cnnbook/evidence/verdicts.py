"""The verdicts there are, and that of one interval; nobody writes one by hand.

A comparison's claim is a region of differences: "better" is everything from the smallest effect of interest δ
upwards, "same" everything between −δ and δ, and so on. It *holds* where the whole interval lies in the region, is
*refuted* where the whole interval lies outside, and is *inconclusive* where the interval crosses the border.
"""

from __future__ import annotations

from enum import StrEnum

from cnnbook.evidence.rules import Expect
from cnnbook.evidence.text import Text


class Verdict(StrEnum):
    """What the evidence says of a claim; the middle three, of a claim that is looked at in several cases.

    Attributes:
        HOLDS: in all cases.
        REFUTED: in all cases.
        CONDITIONAL: it holds in one case and is refuted in another.
        HOLDS_IN_PART: it holds in one case and is refuted in none; the rest is open.
        REFUTED_IN_PART: it is refuted in one case and holds in none; the rest is open.
        INCONCLUSIVE: all is open.
    """

    HOLDS = "holds"
    REFUTED = "refuted"
    CONDITIONAL = "conditional"
    HOLDS_IN_PART = "holds-in-part"
    REFUTED_IN_PART = "refuted-in-part"
    INCONCLUSIVE = "inconclusive"

    @property
    def words(self) -> Text:
        """The verdict as a page prints it.

        Examples:
            >>> Verdict.HOLDS.words.zh
            '成立'
        """
        return {
            "holds": Text("成立", "holds"),
            "refuted": Text("不成立", "refuted"),
            "conditional": Text("有条件成立", "holds on a condition"),
            "holds-in-part": Text("部分成立", "holds in part"),
            "refuted-in-part": Text("部分不成立", "refuted in part"),
            "inconclusive": Text("尚无定论", "inconclusive"),
        }[self.value]


NEAR = Text("在边缘上", "near the border")  # of a verdict that other methods do not share


def decide(expect: Expect, low: float, high: float, smallest_effect: float) -> Verdict:
    """The verdict of an interval.

    Args:
        expect: the region that the claim names.
        low: lower end of the interval of the *improvement* (the difference, its sign such that positive is better).
        high: upper end.
        smallest_effect: δ, above zero.

    Examples:
        >>> for interval in [(0.6, 1.4), (-0.1, 0.4), (0.1, 1.0)]:
        ...     print(decide(Expect.BETTER, *interval, smallest_effect=0.5))
        holds
        refuted
        inconclusive
    """
    inside, outside = {
        Expect.BETTER: (low >= smallest_effect, high < smallest_effect),
        Expect.NOT_BETTER: (high < smallest_effect, low >= smallest_effect),
        Expect.WORSE: (high <= -smallest_effect, low > -smallest_effect),
        Expect.NOT_WORSE: (low > -smallest_effect, high <= -smallest_effect),
        Expect.SAME: (
            -smallest_effect < low and high < smallest_effect,
            low >= smallest_effect or high <= -smallest_effect,
        ),
        Expect.DIFFERENT: (
            low >= smallest_effect or high <= -smallest_effect,
            -smallest_effect < low and high < smallest_effect,
        ),
    }[expect]
    return Verdict.HOLDS if inside else Verdict.REFUTED if outside else Verdict.INCONCLUSIVE
