"""The loops that ``trainers.py`` measures: each trains one network, by the book's batches and the book's optimiser.

fastai and d2l are no part of the book's environment, and so are imported where they are used.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import itertools
import sys
import tempfile
import types
from collections.abc import Callable
from typing import NamedTuple

import pytorch_lightning as pl
import torch
from torch import nn
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, TensorDataset

from cnnbook.data import SeededData
from cnnbook.training import Classifier, Optimizer, trainer
from cnnbook.training.optimizers import configure
from cnnbook.training.trainers import quiet

BATCH = 32


def adam(parameters) -> torch.optim.Optimizer:
    """The book's optimiser, which all use."""
    return configure(parameters, Optimizer(), 1)["optimizer"]


def book_batches(steps: int):
    """The first batches of the book's sequence."""
    data = SeededData(batch_size=BATCH)
    data.setup()
    return itertools.islice(data.train_dataloader(), steps)


@functools.cache
def loader(steps: int) -> DataLoader:
    """The same batches from a DataLoader over examples that lie in memory in another order, as after shuffling."""
    inputs, targets = (
        torch.cat(part) for part in zip(*((b.inputs, b.targets) for b in book_batches(steps)), strict=True)
    )
    places = torch.randperm(len(inputs), generator=torch.Generator().manual_seed(0))
    return DataLoader(TensorDataset(inputs[places], targets[places]), BATCH, sampler=places.argsort().tolist())


def steps_of(network: nn.Module, batches) -> None:
    """A loop of five lines."""
    optimizer = adam(network.parameters())
    for inputs, targets, *_ in batches:
        optimizer.zero_grad()
        cross_entropy(network(inputs), targets).backward()
        optimizer.step()


def plain(network: nn.Module, steps: int) -> None:
    """The loop over the book's batches."""
    steps_of(network, book_batches(steps))


def cnnbook(network: nn.Module, steps: int) -> None:
    """The book's module, data and trainer."""
    made = trainer(accelerator="cpu", devices=1, max_steps=steps, limit_val_batches=0)
    with quiet():
        made.fit(Classifier(network), SeededData(batch_size=BATCH))


def dataloader(network: nn.Module, steps: int) -> None:
    """The loop over the DataLoader."""
    steps_of(network, loader(steps))


class Stock(pl.LightningModule):
    """A module as Lightning's documentation begins."""

    def __init__(self, network: nn.Module):
        super().__init__()
        self.network = network

    def training_step(self, batch, batch_idx):
        inputs, targets = batch
        loss = cross_entropy(self.network(inputs), targets)
        self.log("train_loss", loss)
        return loss

    def configure_optimizers(self):
        return adam(self.parameters())


def lightning(network: nn.Module, steps: int, **flags) -> None:
    """Lightning's Trainer with its logger, progress bar, checkpoint and summary."""
    with quiet(), tempfile.TemporaryDirectory() as folder:
        made = pl.Trainer(max_epochs=1, accelerator="cpu", devices=1, default_root_dir=folder, **flags)
        made.fit(Stock(network), loader(steps))


def lightning_bare(network: nn.Module, steps: int) -> None:
    """Lightning's Trainer without all these."""
    off = ("enable_progress_bar", "enable_checkpointing", "enable_model_summary", "logger")
    lightning(network, steps, **dict.fromkeys(off, False))


def fastai(network: nn.Module, steps: int, bare: bool = False) -> None:
    """fastai's Learner with PyTorch's optimiser."""
    import fastai.callback.progress  # noqa: F401 — without it a Learner has no progress bar
    from fastai.data.core import DataLoaders
    from fastai.learner import Learner
    from fastai.optimizer import OptimWrapper

    opt_func = functools.partial(OptimWrapper, opt=torch.optim.Adam, fused=True)
    learner = Learner(DataLoaders(loader(steps), loader(1)), network, cross_entropy, opt_func, lr=Optimizer().lr)
    with contextlib.ExitStack() as stack:
        if bare:
            stack.enter_context(learner.no_bar())
            stack.enter_context(learner.no_logging())
        learner.fit(1)


@functools.cache
def torchvision() -> None:
    """Answer imports of torchvision by an empty module where it is not installed."""
    if importlib.util.find_spec("torchvision") is None:
        sys.modules["torchvision"] = types.ModuleType("torchvision")
        sys.modules["torchvision"].transforms = sys.modules["torchvision.transforms"] = types.ModuleType("transforms")


def d2l(network: nn.Module, steps: int) -> None:
    """d2l's Trainer and Classifier, without the plot."""
    torchvision()
    from d2l import torch as d2l

    class Data(d2l.DataModule):
        def get_dataloader(self, train):
            return loader(steps) if train else None

    class Model(d2l.Classifier):
        def configure_optimizers(self):
            return adam(self.parameters())

    model = Model()
    model.net, model.board.display = network, False
    d2l.Trainer(max_epochs=1).fit(model, Data())


class Way(NamedTuple):
    """One of the loops, and the distribution and the module of the library that runs it."""

    library: str
    module: str
    train: Callable[[nn.Module, int], None]


WAYS = {
    "plain": Way("torch", "torch", plain),
    "cnnbook": Way("pytorch-lightning", "pytorch_lightning", cnnbook),
    "dataloader": Way("torch", "torch", dataloader),
    "lightning_bare": Way("pytorch-lightning", "pytorch_lightning", lightning_bare),
    "lightning": Way("pytorch-lightning", "pytorch_lightning", lightning),
    "fastai_bare": Way("fastai", "fastai", functools.partial(fastai, bare=True)),
    "fastai": Way("fastai", "fastai", fastai),
    "d2l": Way("d2l", "d2l", d2l),
}
