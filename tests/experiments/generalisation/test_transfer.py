"""Does it transfer?: the arms are what their names say, and a quick try runs."""

from cnnbook.evidence.claims import read_claims
from cnnbook.experiments.generalisation import transfer


def test_there_is_an_experiment():
    assert transfer.EXPERIMENTS, f"write the experiment in {transfer.__name__}, and its tests here"


def test_there_is_a_claim():
    topics, here = {claim.topic for claim in read_claims().values()}, "generalisation/transfer"
    assert here in topics, f"write the topic's claims in src/cnnbook/evidence/claims/{here}.toml"
