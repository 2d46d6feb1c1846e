"""Run by test_distributed: a single network and an ensemble on one process, or as two with the halves of each batch;
as a script, into a folder, and then what two_samplers does."""

import sys
from pathlib import Path

import pytorch_lightning as pl
import torch

import two_samplers
from cnnbook.training import Optimizer, TrainConfig, trainer
from cnnbook.training.runs import data_of, module_of

CONFIG = TrainConfig(
    n_train=60,
    batch_size=16,
    steps=12,
    network_options={"dropout": 0.5, "channel_dropout": 0.2},
    label_noise=0.1,
    optimizer=Optimizer("adamw", weight_decay=0.1, schedule="cosine"),
)


class Losses(pl.Callback):
    """Mean over the processes of the loss of each step."""

    def __init__(self):
        self.seen = []

    def on_train_batch_end(self, trainer, module, outputs, batch, batch_idx):
        loss = outputs["loss"].detach().clone()
        self.seen.append(float(trainer.strategy.reduce(loss, reduce_op="mean")))


def outcome(devices):
    """Losses and weights of both kinds of run, after 12 steps in float64."""
    found = {}
    for kind, seeds in (("single", [5]), ("ensemble", [5, 6])):
        losses, stacked = Losses(), kind == "ensemble"
        module = module_of(CONFIG, seeds, stacked=stacked)
        made = trainer(
            accelerator="cpu",
            devices=devices,
            strategy="ddp" if devices > 1 else "auto",
            precision="64-true",
            max_steps=12,
            limit_val_batches=0,
            callbacks=[losses],
        )
        made.fit(module, data_of(CONFIG, seeds, stacked=stacked))
        weights = {name: value.detach() for name, value in module.named_parameters()}
        found[kind] = {"losses": losses.seen, "world": made.world_size, "weights": weights}
    return found, made.is_global_zero


if __name__ == "__main__":
    out = Path(sys.argv[1])
    found, first = outcome(2)
    if first:
        torch.save(found, out / "two.pt")
    two_samplers.write(out)
