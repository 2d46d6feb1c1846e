"""Seeds measured one by one: the same figures on one core and on two, in order, one thread each."""

import os

import pytest
import torch

from cnnbook import parallel
from cnnbook.evidence.experiment import RunOptions
from cnnbook.experiments import _seeds
from cnnbook.figures import Figures

FULL = RunOptions(accelerator="cpu")


def figures(seed: int) -> Figures:
    generator = torch.Generator().manual_seed(seed)
    product = torch.randn(64, 64, generator=generator) @ torch.randn(64, 64, generator=generator)
    return Figures({"product": [float(product.sum())], "threads": [torch.get_num_threads()], "process": [os.getpid()]})


@pytest.fixture(autouse=True)
def two_threads(monkeypatch):
    """Else there is one everywhere already: conftest.py asks for it."""
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    with parallel.threads(2):
        yield


def test_two_cores_give_what_one_gives_in_order(monkeypatch):
    monkeypatch.setattr(parallel, "cores", lambda: 2)
    told = []
    two = _seeds.each_seed(figures, [5, 3, 9], FULL, lambda *done: told.append(done))
    monkeypatch.setattr(parallel, "cores", lambda: 1)
    one = _seeds.each_seed(figures, [5, 3, 9], FULL)
    assert two["product"] == one["product"] and len(set(one["product"])) == 3
    assert two["threads"] == one["threads"] == [1, 1, 1]
    assert os.getpid() not in two["process"] and one["process"] == [os.getpid()] * 3
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("options", [RunOptions(accelerator="cuda"), RunOptions(accelerator="cpu", quick=True)])
def test_an_accelerator_is_shared_by_turns_and_a_quick_try_starts_no_process(monkeypatch, options):
    monkeypatch.setattr(parallel, "cores", lambda: 2)
    monkeypatch.setattr(_seeds, "chosen", lambda accelerator: accelerator)
    assert _seeds.each_seed(figures, [1, 2], options)["process"] == [os.getpid()] * 2


def test_what_goes_wrong_in_a_seed_is_said(monkeypatch):
    monkeypatch.setattr(parallel, "cores", lambda: 2)
    with pytest.raises(ZeroDivisionError):
        _seeds.each_seed(lambda seed: {"x": 1 / seed}, [1, 0], FULL)
