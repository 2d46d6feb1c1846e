"""Weights come back as they were put in, in half precision, with their facts; a file is whole or not there."""

import functools
import os
import shutil
import wave

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn
from typer.testing import CliRunner

from cnnbook import weights
from cnnbook.cli import app


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
    with pytest.raises(weights.WeightsError, match="no weights are called 'large'; there are: small"):
        weights.read("large", tmp_path)


@pytest.mark.parametrize("name", ["image-classes", "speech", "text-en"])
def test_damaged_weights_are_named_and_never_taken(name, tmp_path):
    """Cut off, or a bit changed anywhere: a checksum in the archive tells, and the message is one line."""
    whole = (weights.FOLDER / f"{name}.pt").read_bytes()
    state, facts = weights.read(name)
    broken = [b"", b"no archive", whole[:1000], whole[:-100]]
    for number in range(60):
        flipped = bytearray(whole)
        flipped[len(whole) * number // 60] ^= 0x40
        broken.append(bytes(flipped))
    told = 0
    for content in broken:
        (tmp_path / "broken.pt").write_bytes(content)
        try:
            read, said = weights.read("broken", tmp_path)
        except weights.WeightsError as error:
            assert str(error).startswith("the weights are damaged, install the package again: "), error
            assert "\n" not in str(error)
            told += 1
        else:  # a bit that means nothing: between the parts of the archive
            assert said == facts and all(torch.equal(read[key], state[key]) for key in state)
    assert told > 40


def test_weights_of_another_network_are_refused(tmp_path):
    weights.save("other", nn.Linear(2, 3).state_dict(), tmp_path)
    with pytest.raises(weights.WeightsError, match=r"the weights are damaged.*other\.pt \(Error\(s\) in loading"):
        weights.network("other", lambda facts: nn.Linear(3, 3), tmp_path)
    with pytest.raises(weights.WeightsError, match=r"other\.pt \('classes'\)"):
        weights.network("other", lambda facts: nn.Linear(2, facts["classes"]), tmp_path)


@pytest.mark.parametrize("cut", [0, 100, -100])
@pytest.mark.parametrize("command", ["image", "speech", "text"])
def test_a_command_whose_weights_are_damaged_says_so_in_a_line(command, cut, tmp_path, monkeypatch):
    asked = {"image": tmp_path / "grey.png", "speech": tmp_path / "tone.wav", "text": "not bad"}[command]
    Image.fromarray(np.arange(784, dtype=np.uint16).reshape(28, 28).astype(np.uint8)).save(tmp_path / "grey.png")
    with wave.open(str(tmp_path / "tone.wav"), "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes((9000 * np.sin(np.arange(4000) / 3)).astype("<i2").tobytes())
    folder = shutil.copytree(weights.FOLDER, tmp_path / "weights")
    monkeypatch.setattr(weights, "network", functools.partial(weights.network, folder=folder))
    assert CliRunner().invoke(app, ["predict", command, str(asked)]).exit_code == 0
    for path in folder.glob("*.pt"):
        path.write_bytes(path.read_bytes()[:cut])
    done = CliRunner().invoke(app, ["predict", command, str(asked)])
    (line,) = done.stderr.splitlines()
    assert (done.exit_code, done.stdout) == (2, "")
    assert line.startswith("cnnbook: the weights are damaged, install the package again: ")
