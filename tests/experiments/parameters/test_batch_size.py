"""The experiments on the noise of the gradient: drawn batches agree with the formula, arms with their names."""

import pytest
import torch

from cnnbook.evidence import registry
from cnnbook.evidence.runner import RunOptions, run
from cnnbook.experiments.parameters import batch_size
from cnnbook.generalisation.batch_size import gradient_noise


def test_drawn_batches_have_the_noise_of_the_formula():
    gradients = torch.randn(40, 3, generator=torch.Generator().manual_seed(0))
    centred = gradients - gradients.mean(0)
    for batch in (2, 10, 40):
        drawn = batch_size.drawn_noise(centred @ centred.T, batch, seed=1)
        assert drawn == pytest.approx(gradient_noise(gradients, batch, replacement=False), rel=0.2, abs=1e-7)


def test_the_gradients_are_those_of_the_network_after_so_many_steps():
    before, after = (batch_size.gradients_after(batch_size.Noise(steps), 100).mean(0).norm() for steps in (0, 3))
    assert before != after
    assert batch_size.gradients_after(batch_size.Noise(0), 101).shape == (512, 52266)


def test_arms_hold_fixed_what_their_names_say():
    for name, arm in batch_size.BUDGETS.arms.items():
        size = int(name.split("_")[0].removeprefix("b"))
        assert arm.batch_size == size
        assert arm.total_steps == (240 if not name.endswith(("epochs", "scaled")) else 240 * 32 // size)
        assert arm.optimizer.lr == pytest.approx(0.4 if name.endswith("scaled") else 0.1)


def test_a_quick_try_runs(tmp_path):
    options = RunOptions(accelerator="cpu", quick=True)
    assert run(registry.load("parameters/batch_size"), seeds=2, options=options, cache=tmp_path).quick
