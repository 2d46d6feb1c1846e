"""Epochs and steps against PyTorch's DataLoader, early stopping against Lightning's."""

import logging
import math
import warnings

import pytest
import pytorch_lightning as pl
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pytorch_lightning.callbacks import EarlyStopping
from torch.utils.data import DataLoader

from cnnbook.parameters.epochs import Stop, accuracy_error, early_stopping, epochs_of, steps_of

properly = settings(derandomize=True)
sizes = st.integers(1, 200)
losses = st.lists(st.floats(0.0, 4.0, width=16), min_size=1, max_size=30)


@properly
@given(st.integers(0, 5), sizes, sizes, st.booleans())
def test_steps_are_those_of_a_dataloader(epochs, examples, batch_size, drop_last):
    loader = DataLoader(range(examples), batch_size=batch_size, drop_last=drop_last)
    assert steps_of(epochs, examples, batch_size, drop_last) == epochs * len(loader) == epochs * len(list(loader))


@properly
@given(st.integers(1, 20), sizes, sizes)
def test_ten_times_the_data_is_ten_times_the_steps(epochs, batches, batch_size):
    examples = batches * batch_size
    steps = steps_of(epochs, examples, batch_size)
    assert steps_of(epochs, 10 * examples, batch_size) == 10 * steps
    assert epochs_of(steps, examples, batch_size) == epochs == 10 * epochs_of(steps, 10 * examples, batch_size)


def test_by_hand():
    assert steps_of(3, 100, 32) == 12 and steps_of(3, 100, 32, drop_last=True) == 9
    assert epochs_of(12, 96, 32) == 4.0
    curve = {5: 1.0, 10: 0.8, 15: 0.9, 20: 0.7, 25: 0.71, 30: 0.72}
    assert early_stopping(curve, patience=1) == Stop(best=10, last=15, stopped=True)
    assert early_stopping(curve, patience=2) == Stop(best=20, last=30, stopped=True)
    assert early_stopping(curve, patience=3) == Stop(best=20, last=30, stopped=False)
    assert early_stopping(curve, patience=2, min_delta=0.15) == Stop(best=10, last=20, stopped=True)


def test_a_loss_that_is_no_number_ends_training_at_the_best_so_far():
    for bad in (math.nan, math.inf):
        assert early_stopping({1: 2.0, 2: 1.0, 3: bad, 4: 0.5}, patience=9) == Stop(2, 3, True)
        assert early_stopping({1: bad, 2: 1.0}) == Stop(1, 1, True)


@properly
@given(losses, st.integers(1, 6), st.sampled_from([0.0, 0.125, 0.5]))
def test_it_stops_where_lightnings_rule_stops(curve, patience, min_delta):
    """Losses of 16 bits and differences that they hold exactly: no rounding stands between the two."""
    theirs = EarlyStopping("loss", patience=patience, min_delta=min_delta, verbose=False)
    last, stopped = len(curve), False
    for number, loss in enumerate(curve, 1):
        stopped, _ = theirs._evaluate_stopping_criteria(torch.tensor(loss))
        if stopped:
            last = number
            break
    found = early_stopping(dict(enumerate(curve, 1)), patience, min_delta)
    assert (found.last, found.stopped) == (last, stopped)
    assert curve[found.best - 1] == float(theirs.best_score)


class Told(pl.LightningModule):
    """Learns nothing: its validation losses are given beforehand."""

    def __init__(self, curve):
        super().__init__()
        self.curve, self.checks = list(curve), []
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def training_step(self, batch, batch_idx):
        return self.weight.sum()

    def validation_step(self, batch, batch_idx):
        self.log("loss", torch.tensor(self.curve[len(self.checks)]))

    def on_validation_epoch_end(self):
        self.checks.append(self.global_step)

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)

    def train_dataloader(self):
        return DataLoader(range(8), batch_size=2)  # four steps an epoch

    def val_dataloader(self):
        return DataLoader(range(1))


CURVE = [1.0, 0.75, 0.875, 0.5, 0.625, 0.5, 0.75, 0.875]  # numbers that float32 holds exactly


@pytest.mark.parametrize("every", [1, 3])
@pytest.mark.parametrize("patience", [1, 2, 3])
def test_a_run_of_lightning_ends_at_the_same_check_however_many_epochs_lie_between(patience, every, tmp_path):
    logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)
    module, stopping = Told(CURVE), EarlyStopping("loss", patience=patience, min_delta=0.0)
    trainer = pl.Trainer(
        max_epochs=every * len(CURVE),
        check_val_every_n_epoch=every,
        callbacks=[stopping],
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        accelerator="cpu",
        default_root_dir=tmp_path,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trainer.fit(module)
    step = 4 * every
    found = early_stopping({step * number: loss for number, loss in enumerate(CURVE, 1)}, patience)
    assert found.stopped and module.checks[-1] == trainer.global_step == found.last
    assert found.best == step * (1 + CURVE.index(float(stopping.best_score)))
    assert found.last - found.best == patience * step  # patience counts checks, whatever an epoch is


def test_the_error_of_an_accuracy_is_that_of_a_share():
    right = torch.rand(20_000, 100, generator=torch.Generator().manual_seed(0)) < 0.8
    assert right.float().mean(1).std().item() == pytest.approx(accuracy_error(0.8, 100), rel=0.03)
    assert accuracy_error(1.0, 5) == accuracy_error(0.0, 5) == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: steps_of(-1, 10, 2), "at least 0, got epochs=-1"),
        (lambda: steps_of(1, 0, 2), "at least 1, got examples=0"),
        (lambda: epochs_of(-3, 10, 2), "at least 0, got steps=-3"),
        (lambda: epochs_of(3, 10, 0), "at least 1, got batch_size=0"),
        (lambda: early_stopping({}), r"steps that rise, one at least, got \[\]"),
        (lambda: early_stopping({2: 1.0, 1: 1.0}), r"steps that rise, one at least, got \[2, 1\]"),
        (lambda: early_stopping({1: 1.0}, patience=0), "at least 1, got patience=0"),
        (lambda: early_stopping({1: 1.0}, min_delta=-0.1), "at least 0 and finite, got min_delta=-0.1"),
        (lambda: accuracy_error(1.2, 10), r"in \[0, 1\], got accuracy=1.2"),
        (lambda: accuracy_error(0.5, 0), "at least 1, got examples=0"),
    ],
)
def test_what_cannot_be_is_refused_with_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()
