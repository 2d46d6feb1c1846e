"""What holds of every experiment of the book: its arms have names to be shown, its claims fresh evidence."""

import pytest

from cnnbook.evidence import registry
from cnnbook.evidence.claims import read_claims
from cnnbook.evidence.lookup import check_rule, evidence_for

CLAIMS = [claim for claim in read_claims().values() if claim.experiment]


@pytest.mark.parametrize("name", registry.names())
def test_every_arm_has_a_label(name):
    experiment = registry.load(name)
    assert set(experiment.labels) == set(experiment.arms)


@pytest.mark.parametrize("claim", CLAIMS, ids=[claim.id for claim in CLAIMS])
def test_every_claim_has_a_verdict_from_a_fresh_result(claim):
    check_rule(claim, registry.load(claim.experiment))
    evidence = evidence_for(claim.id)
    assert not evidence.stale, f"make it again with: cnnbook run {claim.experiment}"
    assert all(effect.seeds >= 10 for effect in evidence.effects)
