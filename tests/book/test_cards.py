"""What cards say: every look of every claim in both languages, in words and not in identifiers."""

import re
import sys

import msgspec
import pytest

from cnnbook.evidence import registry
from cnnbook.evidence.claims import read_claims
from looked import report_of
from manuscript import ROOT

sys.path.insert(0, str(ROOT / "hooks"))
from cards import WORDS, card, look

CLAIMS = {claim.id: claim for claim in read_claims().values() if claim.experiment}
LINE = re.compile(r'<p class="book-claim__effect">(.*?)<b>')
HAN = re.compile("[\u4e00-\u9fff]")


def headlines(claim) -> list[tuple[object, dict[str, str]]]:
    """Each look of a claim and what its card calls it, by language."""
    report = report_of(claim.id)
    return [
        (one, {lang: LINE.search(look(one, None, lang, alone=False))[1] for lang in ("zh", "en")})
        for one in report.effects
    ]


@pytest.mark.parametrize("name", CLAIMS)
def test_a_card_calls_what_it_compares_by_its_name(name):
    experiment = registry.load(CLAIMS[name].experiment)
    names = {metric for metric in experiment.measured if "_" in metric or len(metric) > 3}
    for one, said in headlines(CLAIMS[name]):
        metric = experiment.measured[one.metric]
        for lang, words in said.items():
            assert "_" not in words and "@" not in words and metric.label[lang] in words, words
            assert words.endswith(WORDS[lang]["colon"])
        raw = {metric.replace("_", " ") for metric in names} | names
        assert HAN.search(metric.label.zh) and not any(re.search(rf"\b{word}\b", said["zh"]) for word in raw), said[
            "zh"
        ]
        axis = next((curve.axis.name for curve in experiment.curves if curve.metric == metric), "")
        if one.at is None or axis != "step":
            assert "step" not in said["en"].replace(metric.label.en, "") and "步" not in said["zh"].replace(
                metric.label.zh, ""
            )
        if one.at:
            assert f"{one.at:g}" in said["en"] and (f"{one.at:g}" in said["zh"] or one.at == 1)


def test_a_grey_level_is_no_step():
    (said,) = [said for _, said in headlines(CLAIMS["small-changes-are-small"])]
    assert said == {
        "zh": "加噪声后判断不变的比例（每个像素至多变 16 级灰度）（越高越好）：",
        "en": "share of decisions unchanged by noise of up to 16 grey levels (higher is better): ",
    }


def one_look(**changed):
    (effect,) = report_of("small-changes-are-small").effects
    return msgspec.structs.replace(effect, **changed)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "<code>b</code>: 10 runs, of which 2 diverged; 95% interval of their share 6 to 51%"),
        ("zh", "<code>b</code> 10 次训练有 2 次发散，发散率的 95% 区间是 6–51%"),
    ],
)
def test_a_card_gives_the_share_of_runs_that_diverged_with_its_interval(lang, said):
    lost = look(one_look(treatment="b", baseline="a", seeds=10, diverged=(2, 0)), None, lang, alone=True)
    assert f"<li>{said}</li>" in lost and lost.count("95%") == 2, "and that of the difference"
    none = look(one_look(diverged=(0, 0)), None, lang, alone=True)
    assert "diverged" not in none and "发散" not in none


@pytest.mark.parametrize(("lang", "words"), [("en", "near the border"), ("zh", "在边缘上")])
def test_a_card_says_that_a_verdict_is_near_the_border(lang, words):
    report = report_of("small-changes-are-small")
    assert words not in card(msgspec.structs.replace(report, near=False), None, "", lang)
    assert f'</b> <em class="book-near">{words}</em>' in card(
        msgspec.structs.replace(report, near=True), None, "", lang
    )
    assert words in look(one_look(near=True), None, lang, alone=False)


@pytest.mark.parametrize(("lang", "said"), [("zh", "范围：512 张"), ("en", "Scope: 512 images")])
def test_a_card_says_what_was_run(lang, said):
    report = report_of("flip-accuracy")
    shown = card(report, registry.load(report.experiment), "", lang)
    assert said in shown and shown.index(said) > shown.index("</summary>")
