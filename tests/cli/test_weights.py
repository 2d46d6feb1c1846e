"""Weights come back as they were put in, in half precision, with their facts; a file is whole or not there."""

import os

import pytest
import torch
from torch import nn

from cnnbook import weights


def test_weights_come_back_with_their_facts(tmp_path):
    network = nn.Sequential(nn.Conv1d(2, 3, 3), nn.BatchNorm1d(3))
    path = weights.save("small", network.state_dict(), tmp_path, classes=["no", "yes"], rate=8000)
    state, facts = weights.read("small", tmp_path)
    assert facts == {"classes": ["no", "yes"], "rate": 8000}
    network.load_state_dict(state)
    assert all(value.dtype != torch.half for value in state.values())
    torch.testing.assert_close(state["0.weight"], network[0].weight.data, atol=1e-3, rtol=1e-3)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = weights.save("small", {"w": torch.ones(2)}, tmp_path)
    before = path.read_bytes()

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        weights.save("small", {"w": torch.zeros(2)}, tmp_path)
    assert path.read_bytes() == before


def test_weights_that_are_not_there_are_named(tmp_path):
    weights.save("small", {}, tmp_path)
    with pytest.raises(FileNotFoundError, match="no weights are called 'large'; there are: small"):
        weights.read("large", tmp_path)
