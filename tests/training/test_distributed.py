"""Two CPU processes (gloo) on the halves of each batch are one process on the whole: same losses, same weights."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import two_processes
import two_samplers
from cnnbook.generalisation.data_distribution import BalancedBatchSampler

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """What two processes wrote, which another one starts, so that this one survives them; both scripts in one start:
    to import torch and Lightning costs more than what they do."""
    out = tmp_path_factory.mktemp("ddp")
    environment = os.environ | {"MASTER_ADDR": "127.0.0.1", "GLOO_SOCKET_IFNAME": "lo", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, two_processes.__file__, str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment, cwd=Path.cwd())
    assert done.returncode == 0, done.stderr[-3000:]
    return out


@pytest.fixture(scope="module")
def runs(two):
    """Of one process, and of two."""
    return two_processes.outcome(1)[0], torch.load(two / "two.pt", weights_only=True)


@pytest.mark.parametrize("kind", ["single", "ensemble"])
def test_two_processes_are_one(runs, kind):
    one, two = (run[kind] for run in runs)
    assert (one["world"], two["world"]) == (1, 2)
    assert len(one["losses"]) == 12 and one["losses"] == pytest.approx(two["losses"], abs=1e-10)
    assert one["weights"].keys() == two["weights"].keys()
    for name, value in one["weights"].items():
        assert torch.allclose(value, two["weights"][name], rtol=0, atol=1e-10), name


def test_two_processes_share_balanced_batches(two):
    """In a loader made in Lightning's hook, and in one made outside of it; each epoch has an order of its own."""
    ranks = [torch.load(two / f"{rank}.pt", weights_only=True) for rank in range(2)]
    labels = torch.tensor(two_samplers.LABELS)
    for way in ("inside", "outside", "seeded"):
        for epoch in range(2):
            first, second = (rank[way][epoch] for rank in ranks)
            assert len(first) == len(second) == 3  # 42 examples, two processes, six a batch
            assert all(labels[batch].bincount().tolist() == [2, 2, 2] for batch in first + second)
            assert not {tuple(batch) for batch in first} & {tuple(batch) for batch in second}
            seed = 7 if way == "seeded" else 0
            expected = list(BalancedBatchSampler(two_samplers.LABELS, 6, seed=seed + epoch))
            assert [batch for pair in zip(first, second, strict=True) for batch in pair] == expected[:6]
        assert ranks[0][way][0] != ranks[0][way][1]
    for rank in ranks:
        assert "Trainer(use_distributed_sampler=False)" in rank["refused"]
