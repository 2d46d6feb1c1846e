"""What pages take for granted of the evidence, checked without building them: verdicts, badges and sides.

The build stops at the first; this names them all.
"""

import re
import sys

import pytest

from cnnbook.evidence.claims import read_claims
from cnnbook.evidence.report import ClaimReport
from looked import report_of
from manuscript import LANGUAGES, ROOT, pages

sys.path.insert(0, str(ROOT / "hooks"))
from badges import side_of

MACRO = re.compile(r'\[= *(evidence|by)\("([\w-]+)", *"([\w-]+)"(?:, *(?:look *= *)?(\d+))?\) *=\]')


def reports() -> dict[str, ClaimReport]:
    """Every claim of the book; a stale result counts, for it is for others to say that it is."""
    return {name: report_of(name) for name in read_claims()}


def taken_for_granted(text: str) -> list[tuple[int, str, str, str, int]]:
    """Line, macro, claim, what is said of it and of which look (0: of the claim)."""
    return [
        (text.count("\n", 0, hit.start()) + 1, hit[1], hit[2], hit[3], int(hit[4] or (hit[1] == "by")))
        for hit in MACRO.finditer(text)
    ]


def found(report: ClaimReport | None, macro: str, look: int) -> str:
    """What the evidence says."""
    if report is None or look > len(report.effects):
        return "nothing"
    if macro == "by":
        return side_of(report.effects[look - 1])
    return str(report.effects[look - 1].verdict if look else report.verdict)


def mismatches(text: str, known: dict[str, ClaimReport]) -> list[str]:
    """Where a page and the evidence disagree."""
    return [
        f"line {line}: {macro}({name!r}, look={look}): the text says {said!r}, the evidence says {truth!r}"
        for line, macro, name, said, look in taken_for_granted(text)
        if (truth := found(known.get(name), macro, look)) != said
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_pages_say_of_a_verdict_is_what_the_evidence_says(lang):
    texts = {name: (ROOT / f"docs/{lang}/{name}.md").read_text("utf-8") for name in pages(lang)}
    assert sum(len(taken_for_granted(text)) for text in texts.values()) > 100
    wrong = {name: found for name, text in texts.items() if (found := mismatches(text, reports()))}
    assert not wrong, "\n".join(f"docs/{lang}/{name}.md: {one}" for name, group in wrong.items() for one in group)


def test_a_verdict_that_the_evidence_does_not_have_is_named():
    (wrong,) = mismatches('One.\n[= evidence("deconvolution", "holds") =]', reports())
    assert wrong.startswith("line 2: evidence('deconvolution'") and wrong.endswith("the evidence says 'refuted'")
    assert not mismatches('[= evidence("deconvolution", "refuted") =]', reports())
