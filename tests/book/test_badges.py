"""Evidence beside sentences: magnitudes on the side that the sentence says, badges with the verdict that it takes."""

import sys

import pytest

from cnnbook.evidence.report import ClaimReport, EffectReport
from cnnbook.evidence.text import Text
from cnnbook.evidence.verdicts import Verdict
from manuscript import ROOT

sys.path.insert(0, str(ROOT / "hooks"))
import badges
import evidence as evidence_macros
from context import Book, Page


def effect(difference, low, high, unit="%", digits=1, verdict=Verdict.HOLDS, confidence=0.95, near=False):
    return EffectReport(
        metric="m", at=None, label=Text("甲", "m"), unit=unit, direction="higher", digits=digits, treatment="b",
        baseline="a", treatment_mean=1.0, baseline_mean=0.0, difference=difference, low=low, high=high,
        confidence=confidence, seeds=10, diverged=(0, 0), expect="better", smallest_effect=0.1, verdict=verdict,
        near=near, condition=None,
    )  # fmt: skip


def claim(*effects, verdict=Verdict.HOLDS, topic="part/here", near=False):
    return ClaimReport(
        id="it", topic=topic, kind="experiment" if effects else "proof", statement=Text("确实", "it <is>"), scope=None,
        source=None, verdict=verdict, near=near, condition=None, tests=(), experiment=None, effects=effects, seeds=None,
        device=None, stale=None, citations=(),
    )  # fmt: skip


@pytest.fixture
def on_page(monkeypatch, tmp_path):
    def at(report, lang="en"):
        monkeypatch.setattr(badges, "claim_of", lambda *asked: report)
        book = Book(lang, tmp_path, [])
        (tmp_path / "part").mkdir(exist_ok=True)
        (tmp_path / "part/here.md").write_text('One line.\nBy [= by("it", "lower") =].\n', "utf-8")
        return Page(book, "part/here.md", "part/here/")

    return at


@pytest.mark.parametrize(
    ("size", "unit", "digits", "en", "zh"),
    [
        (-54.23, "%", 1, "54\xa0points", "54\xa0个百分点"),
        (0.331, "dB", 2, "0.33\xa0dB", "0.33\xa0dB"),
        (5.62, "%", 1, "5.6\xa0points", "5.6\xa0个百分点"),
        (0.0432, "%", 1, "0.0\xa0points", "0.0\xa0个百分点"),
        (16.4, "grey levels", 2, "16\xa0grey levels", "16\xa0灰度级"),
    ],
)
def test_a_magnitude_has_two_digits_or_as_many_as_its_metric_and_no_sign(on_page, size, unit, digits, en, zh):
    one = effect(size, size - 1e-3, size + 1e-3, unit, digits)
    for lang, said in (("en", en), ("zh", zh)):
        shown = badges.by(on_page(claim(one), lang), "it", "higher" if size > 0 else "lower")
        assert shown == f'<span class="book-number">{said}</span>'


@pytest.mark.parametrize(
    ("low", "high", "side"), [(0.1, 0.3, "higher"), (-0.3, -0.1, "lower"), (-0.1, 0.3, "none"), (0.0, 0.3, "none")]
)
def test_the_sentence_must_be_on_the_side_of_the_interval(on_page, low, high, side):
    here = on_page(claim(effect((low + high) / 2, low, high)))
    assert badges.by(here, "it", side)
    for other in {"higher", "lower", "none"} - {side}:
        with pytest.raises(Exception, match=rf"part/here.md:2: the text says '{other}', the interval .* says '{side}'"):
            badges.by(here, "it", other)


def test_a_badge_takes_the_verdict_that_the_evidence_has(on_page):
    here = on_page(claim(effect(0.2, 0.1, 0.3)))
    badge = badges.evidence(here, "it", "holds")
    assert 'href="#claim-it"' in badge and "+0.2 &#91;0.1, 0.3]\xa0points" in badge and "it &lt;is&gt;" in badge
    with pytest.raises(Exception, match="the text says 'refuted', the evidence says 'holds'"):
        badges.evidence(here, "it", "refuted")


def test_a_badge_of_one_look_has_its_verdict_and_a_level_that_is_not_the_usual_is_said(on_page):
    looks = effect(0.2, 0.1, 0.3), effect(-0.2, -0.3, 0.1, verdict=Verdict.INCONCLUSIVE, confidence=0.975)
    here = on_page(claim(*looks, verdict=Verdict.CONDITIONAL))
    assert "2 comparisons" in badges.evidence(here, "it", "conditional")
    assert "−0.2 &#91;−0.3, 0.1; 97.5% interval]" in badges.evidence(here, "it", "inconclusive", look=2)
    with pytest.raises(Exception, match="2 looks at a result, got look=3"):
        badges.evidence(here, "it", "holds", look=3)


@pytest.mark.parametrize(("lang", "words"), [("en", "it &lt;is&gt; (near the border)"), ("zh", "确实（在边缘上）")])
def test_a_badge_near_the_border_says_so_in_its_title(on_page, lang, words):
    close = effect(0.2, 0.1, 0.3, near=True)
    assert f'title="{words}"' in badges.evidence(on_page(claim(close, near=True), lang), "it", "holds")
    clear = on_page(claim(close, effect(0.2, 0.1, 0.3), near=False), lang)
    assert f'title="{words}"' in badges.evidence(clear, "it", "holds", look=1)
    assert "border" not in badges.evidence(clear, "it", "holds") and "边缘" not in badges.evidence(clear, "it", "holds")


def test_a_badge_of_tests_and_one_of_another_page(on_page):
    assert "by tests" in badges.evidence(on_page(claim()), "it", "holds")
    assert 'href="../../part/there/#claim-it"' in badges.evidence(on_page(claim(topic="part/there")), "it", "holds")


def test_a_side_that_is_none_is_refused(on_page):
    with pytest.raises(Exception, match="a side is one of lower, higher, none, got 'down'"):
        badges.by(on_page(claim(effect(0.2, 0.1, 0.3))), "it", "down")


def test_an_interval_in_the_middle_of_a_sentence_stops_the_build(on_page, monkeypatch):
    here = on_page(claim(effect(0.2, 0.1, 0.3)))
    monkeypatch.setattr(evidence_macros, "claim_of", badges.claim_of)
    here.file.write_text('| a |\n|---|\n| [= effect("it") =] |\n', "utf-8")
    assert evidence_macros.effect(here, "it") == '<span class="book-number">+0.2 &#91;0.1, 0.3]\xa0points</span>'
    here = on_page(claim(effect(0.2, 0.1, 0.3)))
    here.file.write_text('| a |\n|---|\n| [= effect("it") =] |\n\nUp by [= effect("it") =].\n', "utf-8")
    with pytest.raises(ValueError, match=r"docs/en/part/here\.md:5: effect\(\) stands in a cell of a table"):
        evidence_macros.effect(here, "it")
