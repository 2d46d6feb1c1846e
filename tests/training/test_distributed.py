"""Two CPU processes (gloo) on the halves of each batch are one process on the whole: same losses, same weights."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import two_processes

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Of one process, and of two: the latter are started by another process, so that this one survives them."""
    out = tmp_path_factory.mktemp("ddp") / "two.pt"
    environment = os.environ | {"MASTER_ADDR": "127.0.0.1", "GLOO_SOCKET_IFNAME": "lo", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, two_processes.__file__, str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment, cwd=Path.cwd())
    assert done.returncode == 0, done.stderr[-3000:]
    return two_processes.outcome(1)[0], torch.load(out, weights_only=True)


@pytest.mark.parametrize("kind", ["single", "ensemble"])
def test_two_processes_are_one(runs, kind):
    one, two = (run[kind] for run in runs)
    assert (one["world"], two["world"]) == (1, 2)
    assert len(one["losses"]) == 12 and one["losses"] == pytest.approx(two["losses"], abs=1e-10)
    assert one["weights"].keys() == two["weights"].keys()
    for name, value in one["weights"].items():
        assert torch.allclose(value, two["weights"][name], rtol=0, atol=1e-10), name
