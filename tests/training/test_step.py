"""A step of the book's trainer: the bits of a plain loop, and little beside it."""

import sys
from collections import Counter

import pytest
import torch
from pytorch_lightning.profilers import PassThroughProfiler, SimpleProfiler
from torch.nn import functional as F

from cnnbook.data import SeededData
from cnnbook.training import Classifier, Optimizer, trainer
from cnnbook.training.optimizers import configure
from cnnbook.training.trainers import NoProfiler, quiet

STEPS = 4
CALLS = 640  # more calls of functions than this, a step need not make beside those of the plain loop


def fitted(count=None, **flags):
    """A classifier after STEPS steps by the trainer."""
    module = Classifier("mlp")
    made = trainer(accelerator="cpu", devices=1, max_steps=STEPS, limit_val_batches=0, **flags)
    module.network.register_forward_pre_hook(lambda *_: count and count())
    with quiet():
        made.fit(module, SeededData(batch_size=16))
    return module.network


def looped(count=None, clip=None):
    """The same network after as many steps of a plain loop."""
    data = SeededData(batch_size=16)
    data.setup()
    network = Classifier("mlp").network
    network.register_forward_pre_hook(lambda *_: count and count())
    optimizer = configure(network.parameters(), Optimizer(), 1, fused=not clip)["optimizer"]
    for batch, _ in zip(data.train_dataloader(), range(STEPS), strict=False):
        optimizer.zero_grad()
        F.cross_entropy(network(batch.inputs), batch.targets).backward()
        if clip:
            torch.nn.utils.clip_grad_norm_(network.parameters(), clip)
        optimizer.step()
    return network


@pytest.mark.parametrize("clip", [None, 0.01])
def test_the_weights_are_those_of_a_plain_loop_bit_for_bit(clip):
    ours, plain = fitted(gradient_clip_val=clip).state_dict(), looped(clip=clip).state_dict()
    assert all(torch.equal(ours[name], value) for name, value in plain.items())


class Calls:
    """Counts the calls of functions between the second use of the network and the third."""

    def __init__(self):
        self.uses, self.names = 0, Counter()

    def __call__(self):
        self.uses += 1
        sys.setprofile(self.note if self.uses == 2 else None)

    def note(self, frame, event, _):
        if event == "call":
            self.names[frame.f_code.co_qualname] += 1


def test_a_step_calls_few_functions_beside_those_of_a_plain_loop():
    """A count does not depend on the machine, as a time does; benchmarks/step_time.py measures that."""
    ours, plain = Calls(), Calls()
    fitted(ours), looped(plain)
    more = ours.names - plain.names
    assert 0 < sum(more.values()) < CALLS, more.most_common(20)


def test_no_profiler_costs_nothing_and_a_given_one_stays():
    assert type(trainer(accelerator="cpu").profiler) is NoProfiler
    assert isinstance(trainer(accelerator="cpu", profiler="simple").profiler, SimpleProfiler)
    assert isinstance(trainer(accelerator="cpu", barebones=True).profiler, PassThroughProfiler)
