"""benchmarks/trainers.py: what it measured is told apart, trains alike, and what is missing is named."""

import json
import os
import re
import sys
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
import trainers  # noqa: E402
import ways  # noqa: E402

MEASURED = json.loads((ROOT / "benchmarks/trainers.json").read_text("utf-8"))


def test_every_way_was_measured_with_the_versions_that_are_listed_and_ends_at_the_same_loss():
    rows = {row["way"]: row for row in MEASURED["rows"]}
    assert list(rows) == list(ways.WAYS)
    pinned = dict(re.findall(r"^([\w-]+)==(.+)$", (ROOT / "benchmarks/trainers.txt").read_text("utf-8"), re.M))
    assert all(row["version"] == pinned[row["library"]] for row in rows.values() if row["library"] in pinned)
    assert {"fastai", "d2l"} <= pinned.keys()
    assert max(abs(row["loss"] - rows["plain"]["loss"]) for row in rows.values()) < MEASURED["settings"]["alike"]


unix = pytest.mark.skipif(not hasattr(os, "openpty"), reason="progress bars draw in a terminal of Unix")


def run(monkeypatch, tmp_path, **found):
    """What the command says of these ways beside the plain loop, and whether it wrote its table."""
    monkeypatch.setattr(trainers, "WAYS", {"plain": ways.WAYS["plain"], **found})
    monkeypatch.setattr(sys, "argv", ["trainers.py", "--steps=1", "--rounds=1", f"--out={tmp_path / 'out.json'}"])
    monkeypatch.setenv("TERM", "dumb")  # which main sets
    threads = torch.get_num_threads()
    try:
        with pytest.raises(SystemExit) as said:
            trainers.main()
    finally:
        torch.set_num_threads(threads)
    return str(said.value), (tmp_path / "out.json").exists()


@unix
def test_a_library_that_is_not_installed_is_named_with_what_to_do(monkeypatch, tmp_path):
    said, written = run(monkeypatch, tmp_path, other=ways.Way("other", "no_such_module", ways.plain))
    assert "other" in said and "pip install --no-deps -r benchmarks/trainers.txt" in said and not written


@unix
def test_a_way_that_trains_otherwise_is_refused(monkeypatch, tmp_path):
    def twice(network, steps):
        ways.plain(network, steps)
        ways.plain(network, steps)

    said, written = run(monkeypatch, tmp_path, twice=ways.Way("torch", "torch", twice))
    assert said.startswith("twice must end at the loss of the plain loop") and not written
