"""What Lightning would refuse, or silently change, is refused beforehand, whatever the machine of the test has."""

import pytest
import torch

from cnnbook import devices
from cnnbook.devices import DeviceError, available, check_devices, check_precision, check_strategy, chosen


@pytest.fixture
def two_gpus(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)


@pytest.fixture
def no_gpu(monkeypatch):
    monkeypatch.setattr(devices, "count", lambda accelerator: 0)


def test_auto_is_the_best_there_is(two_gpus):
    assert available()[0] == "cuda" and available()[-1] == "cpu"
    assert chosen("auto") == chosen("gpu") == chosen("cuda") == "cuda" and chosen("cpu") == "cpu"


def test_without_a_gpu_auto_is_the_cpu(no_gpu):
    assert available() == ["cpu"] and chosen("auto") == "cpu"
    for name in ("gpu", "cuda", "mps", "tpu"):
        with pytest.raises(DeviceError, match=f"one that this machine has, got '{name}'.*; it has: cpu$"):
            chosen(name)


@pytest.mark.parametrize("given", ["auto", 1, "2", 2, -1, "-1", "0,1", [0], (1, 0)])
def test_devices_of_two(two_gpus, given):
    check_devices(given, "cuda")
    check_devices(given)


@pytest.mark.parametrize("given", [0, "0", -2, "nonsense", "", "1.5", "0,x", [-1], []])
@pytest.mark.parametrize("accelerator", [None, "cpu", "cuda"])
def test_devices_that_are_none(two_gpus, given, accelerator):
    rule = r"devices must be auto, a number of at least 1, -1 for all, or which, as 0,2; got "
    with pytest.raises(DeviceError, match=rule):
        check_devices(given, accelerator)


@pytest.mark.parametrize("given", [3, "3", "0,2", [2]])
def test_more_devices_than_there_are(two_gpus, given):
    with pytest.raises(DeviceError, match="devices must be at most the 2 that this machine has, got"):
        check_devices(given, "cuda")
    check_devices(given)  # another machine may have them


@pytest.mark.parametrize("given", ["-1", "0,1", [0]])
def test_processes_of_the_cpu_are_counted_not_named(given):
    check_devices(3, "cpu")
    with pytest.raises(DeviceError, match="of the CPU must be auto or a number of at least 1, got"):
        check_devices(given, "cpu")


def test_precisions():
    check_precision("bf16-mixed", "cpu")
    check_precision("16-mixed", "cuda")
    with pytest.raises(DeviceError, match=r"precision must be one of 32-true, .*, got 'nonsense'"):
        check_precision("nonsense")
    with pytest.raises(DeviceError, match="half precision needs a GPU"):
        check_precision(16, "cpu")


def test_lightning_knows_every_precision_that_is_let_pass():
    import pytorch_lightning as pl

    for name in devices.PRECISIONS:
        if "engine" not in name:  # needs NVIDIA's library
            assert pl.Trainer(accelerator="cpu", precision=name, logger=False, enable_checkpointing=False).precision
    with pytest.raises(ValueError, match="nonsense"):
        pl.Trainer(accelerator="cpu", precision="nonsense", logger=False)


def test_strategies():
    for name in ("auto", "ddp", object()):
        check_strategy(name)
    with pytest.raises(DeviceError, match=r"strategy must be one of auto, .*ddp, .*, got 'nonsense'"):
        check_strategy("nonsense")
