"""Two CPU processes (gloo) on the halves of each batch are one process on the whole: same losses, same weights."""

import os
import subprocess
import sys

import pytest
import torch

SCRIPT = '''
import sys
import pytorch_lightning as pl
import torch
from cnnbook.training import Optimizer, TrainConfig, trainer
from cnnbook.training.runs import data_of, module_of

class Losses(pl.Callback):
    """Mean over the processes of the loss of each step."""
    def __init__(self):
        self.seen = []
    def on_train_batch_end(self, trainer, module, outputs, batch, batch_idx):
        self.seen.append(float(trainer.strategy.reduce(outputs["loss"].detach().clone(), reduce_op="mean")))

if __name__ == "__main__":
    kind, devices, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    config = TrainConfig(n_train=60, batch_size=16, steps=12, network_options={"dropout": 0.5, "channel_dropout": 0.2},
                         label_noise=0.1, optimizer=Optimizer("adamw", weight_decay=0.1, schedule="cosine"))
    stacked, seeds = kind == "ensemble", [5, 6] if kind == "ensemble" else [5]
    losses = Losses()
    module = module_of(config, seeds, stacked=stacked)
    made = trainer(accelerator="cpu", devices=devices, strategy="ddp" if devices > 1 else "auto",
                   precision="64-true", max_steps=12, callbacks=[losses], limit_val_batches=0)
    made.fit(module, data_of(config, seeds, stacked=stacked))
    if made.is_global_zero:
        torch.save({"losses": losses.seen, "world": made.world_size, "weights": dict(module.named_parameters())}, out)
'''


def outcome(tmp_path, kind, devices):
    script, out = tmp_path / "run.py", tmp_path / f"{kind}{devices}.pt"
    script.write_text(SCRIPT)
    # The address is named so that no name has to be looked up.
    environment = os.environ | {"MASTER_ADDR": "127.0.0.1", "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}
    done = subprocess.run(
        [sys.executable, str(script), kind, str(devices), str(out)],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return torch.load(out, weights_only=True)


@pytest.mark.parametrize("kind", ["single", "ensemble"])
def test_two_processes_are_one(tmp_path, kind):
    one, two = (outcome(tmp_path, kind, devices) for devices in (1, 2))
    assert (one["world"], two["world"]) == (1, 2)
    assert len(one["losses"]) == 12 and one["losses"] == pytest.approx(two["losses"], abs=1e-10)
    for name, value in one["weights"].items():
        assert torch.allclose(value, two["weights"][name], rtol=0, atol=1e-10), name
