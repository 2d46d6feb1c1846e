"""What holds of every experiment of the book: its arms have names to be shown, its claims fresh evidence."""

import re

import pytest

from cnnbook.evidence import registry
from cnnbook.evidence.claims import read_claims
from cnnbook.evidence.lookup import check_rule, evidence_for

CLAIMS = [claim for claim in read_claims().values() if claim.experiment]


@pytest.mark.parametrize("name", registry.names())
def test_every_arm_has_a_label(name):
    experiment = registry.load(name)
    assert set(experiment.labels) == set(experiment.arms)


PROPER = {"PSNR", "SSIM"}  # names that are the same in Chinese


@pytest.mark.parametrize("name", registry.names())
def test_every_metric_and_every_point_of_a_curve_has_a_name_for_readers(name):
    experiment = registry.load(name)
    for metric in experiment.measured.values():
        texts = [metric.label, *([metric.short] if metric.short else [])]
        texts += [curve.axis.called(metric.label, at) for curve in experiment.curves if curve.metric == metric
                  for at in curve.points]  # fmt: skip
        for text in texts:
            assert re.search("[\u4e00-\u9fff]", text.zh) or text.zh in PROPER, f"{metric.name}: {text.zh}"
            for words in (text.zh, text.en):
                assert "_" not in words and words != metric.name, f"{metric.name}: {words}"
        assert texts[0].en.lower() not in (metric.name, metric.name.replace("_", " ")) or " " in texts[0].en


@pytest.mark.parametrize("claim", CLAIMS, ids=[claim.id for claim in CLAIMS])
def test_every_claim_has_a_verdict_from_a_fresh_result(claim):
    check_rule(claim, registry.load(claim.experiment))
    evidence = evidence_for(claim.id)
    assert not evidence.stale, f"make it again with: cnnbook run {claim.experiment}"
    assert all(effect.seeds >= 10 for effect in evidence.effects)
