"""Run by two_processes: the balanced sampler in Lightning's DDP, on two CPU processes."""

from pathlib import Path

import pytorch_lightning as pl
import torch
from torch.utils.data import DataLoader, TensorDataset

from cnnbook.generalisation.data_distribution import BalancedBatchSampler

LABELS = [0] * 30 + [1] * 8 + [2] * 4


def loader(**options):
    """Batches of (place, label)."""
    data = TensorDataset(torch.arange(len(LABELS)), torch.tensor(LABELS))
    return DataLoader(data, batch_sampler=BalancedBatchSampler(LABELS, 6, **options))


class Noting(pl.LightningModule):
    """Learns nothing, and notes which examples came in which epoch."""

    def __init__(self):
        super().__init__()
        self.weight, self.seen = torch.nn.Parameter(torch.zeros(1)), {}
        self.automatic_optimization = False

    def training_step(self, batch, batch_idx):
        self.seen.setdefault(self.current_epoch, []).append(batch[0].tolist())

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)


class Inside(Noting):
    """Makes its loader in the hook, where Lightning puts in a sampler of its own."""

    def train_dataloader(self):
        return loader()


def outcome(module, data=None, **options):
    """The places of each epoch, or the error."""
    trainer = pl.Trainer(
        accelerator="cpu", devices=2, strategy="ddp", max_epochs=2, logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False, **options,
    )  # fmt: skip
    try:
        trainer.fit(module, data)
    except TypeError as error:
        return str(error), trainer
    return module.seen, trainer


def write(out: Path) -> None:
    """What each process saw, in a file of its rank's name."""
    torch.manual_seed(0)  # the same in both, as in most people's scripts
    found = {
        "inside": outcome(Inside())[0],
        "outside": outcome(Noting(), loader(), use_distributed_sampler=False)[0],
        "seeded": outcome(Noting(), loader(seed=7), use_distributed_sampler=False)[0],
    }
    found["refused"], trainer = outcome(Noting(), loader())
    torch.save(found, out / f"{trainer.global_rank}.pt")
