"""Upsampling layers: the arms are what their names say, and a quick try runs."""

from cnnbook.evidence.claims import read_claims
from cnnbook.experiments.convolution import upsampling


def test_there_is_an_experiment():
    assert upsampling.EXPERIMENTS, f"write the experiment in {upsampling.__name__}, and its tests here"


def test_there_is_a_claim():
    topics, here = {claim.topic for claim in read_claims().values()}, "convolution/upsampling"
    assert here in topics, f"write the topic's claims in src/cnnbook/evidence/claims/{here}.toml"
