"""``cnnbook-train``: YAML in and out, logs, and a killed run that goes on as if nothing had happened."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import torch
import yaml

from cnnbook.training.checkpoints import CheckpointError, read_checkpoint
from cnnbook.training.cli import main
from cnnbook.training.whole import WholeCheckpoints

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
STEPS = 300
CONFIG = {
    "model": {
        "class_path": "cnnbook.training.Classifier",
        "init_args": {
            "network": "small-cnn",
            "network_options": {"channels": [2, 2], "hidden": 8, "dropout": 0.5, "batch_norm": True},
            "optimizer": {"name": "adamw", "lr": 0.01, "weight_decay": 0.1, "schedule": "cosine", "warmup": 10},
        },
    },
    "data": {"n_train": 50, "n_val": 20, "batch_size": 8, "label_noise": 0.2, "seed": 7},
    "trainer": {
        "max_steps": STEPS,
        "accelerator": "cpu",
        "devices": 1,
        "enable_progress_bar": False,
        "check_val_every_n_epoch": 20,
        "num_sanity_val_steps": 0,
        "log_every_n_steps": 10,
        "enable_model_summary": False,
    },
    "checkpoint": {"every_n_train_steps": 10},
}


def written(folder: Path, **changes) -> list[str]:
    """The command line for a run in a folder; ``changes`` replace whole sections of the configuration."""
    config = {**CONFIG, **changes}
    config["trainer"] = config["trainer"] | {
        "default_root_dir": str(folder),
        "logger": {"class_path": "CSVLogger", "init_args": {"save_dir": str(folder), "name": "", "version": "log"}},
    }
    config["checkpoint"] = config["checkpoint"] | {"dirpath": str(folder / "kept")}
    folder.mkdir(exist_ok=True)
    (folder / "run.yaml").write_text(yaml.safe_dump(config))
    return ["fit", "--config", str(folder / "run.yaml")]


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    main(written(folder))
    return folder


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A run in another process, killed in the middle; with as many threads as here: others add up in another order."""
    folder = tmp_path_factory.mktemp("killed")
    environment = os.environ | {"OMP_NUM_THREADS": str(torch.get_num_threads())}
    command = [sys.executable, "-m", "cnnbook.training.cli", *written(folder)]
    with (folder / "errors").open("w") as errors:
        process = subprocess.Popen(command, env=environment, stderr=errors)
    last, until = folder / "kept" / "last.ckpt", time.monotonic() + 60
    while not last.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.002)
    time.sleep(0.2)
    assert process.poll() is None, (folder / "errors").read_text()
    process.kill()
    process.wait()
    return folder


def test_a_killed_run_goes_on_as_if_nothing_had_happened(uninterrupted, killed):
    last = killed / "kept" / "last.ckpt"
    done = read_checkpoint(last)["global_step"]
    assert 0 < done < STEPS
    how = f"killed after {done} of {STEPS} steps"
    main([*written(killed), "--ckpt_path", str(last)])
    whole, resumed = (read_checkpoint(f / "kept" / "last.ckpt") for f in (uninterrupted, killed))
    assert whole["global_step"] == resumed["global_step"] == STEPS
    assert whole["state_dict"].keys() == resumed["state_dict"].keys()
    for name, value in whole["state_dict"].items():
        other = resumed["state_dict"][name]
        assert torch.equal(value, other), f"{how}: {name} is {(value - other).abs().max():.3g} away"
    for mine, theirs in zip(*(c["optimizer_states"][0]["state"].values() for c in (whole, resumed)), strict=True):
        assert all(torch.equal(mine[k], theirs[k]) for k in mine), how


def test_the_configuration_comes_back_as_yaml(uninterrupted):
    saved = yaml.safe_load((uninterrupted / "log" / "config.yaml").read_text())
    assert saved["model"]["init_args"]["optimizer"]["lr"] == 0.01 and saved["trainer"]["max_steps"] == STEPS
    assert saved["data"]["n_train"] == 50


def test_logs_hold_loss_and_validation(uninterrupted):
    header, *rows = (uninterrupted / "log" / "metrics.csv").read_text().splitlines()
    assert {"train_loss", "val_accuracy", "val_nll", "val_ece"} <= set(header.split(",")) and len(rows) > 10


def test_tensorboard_and_the_test_command(tmp_path, uninterrupted, capsys):
    arguments = ["--config", str(uninterrupted / "run.yaml"), "--trainer.logger", "TensorBoardLogger"]
    arguments += ["--trainer.logger.save_dir", str(tmp_path)]
    main(["test", *arguments, "--ckpt_path", str(uninterrupted / "kept" / "last.ckpt")])
    printed = capsys.readouterr().out
    assert "test_accuracy" in printed and "accuracy_gap" in printed
    assert list(tmp_path.rglob("events.out.tfevents*"))


def foreign(path: Path, kind: str) -> Path:
    if kind == "broken":
        path.write_bytes(b"PK\x03\x04 and no more")
    elif kind == "noise":
        path.write_bytes(b"broken\n")
    elif kind == "other code":
        torch.save({"state_dict": {}, "epoch": 3}, path)
    elif kind == "objects":
        torch.save({"cnnbook": {"format": 1}, "thing": Path("x")}, path)
    elif kind == "tensor":
        torch.save(torch.zeros(3), path)
    return path


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("broken", "is broken or no checkpoint"),
        ("noise", "is broken or no checkpoint"),
        ("other code", "not a checkpoint of cnnbook .* it has epoch, state_dict"),
        ("objects", "holds more than tensors and plain values"),
        ("tensor", "it holds a Tensor"),
        ("missing", "there is no checkpoint"),
    ],
)
def test_a_bad_checkpoint_is_a_clear_error(tmp_path, kind, message, capsys):
    path = foreign(tmp_path / "some.ckpt", kind)
    with pytest.raises(CheckpointError, match=message):
        read_checkpoint(path)
    with pytest.raises(SystemExit):
        main([*written(tmp_path), "--ckpt_path", str(path)])
    assert message.split(" .*")[0] in capsys.readouterr().err


def test_a_checkpoint_is_written_beside_its_place_and_not_by_way_of_another_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))  # another file system, as good as none
    main([*written(tmp_path), "--trainer.max_steps", "20"])
    assert sorted(file.suffix for file in (tmp_path / "kept").iterdir()) == [".ckpt", ".ckpt"]
    before = (last := tmp_path / "kept" / "last.ckpt").read_bytes()

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        WholeCheckpoints().save_checkpoint({"step": 1}, last)
    assert last.read_bytes() == before and len(list((tmp_path / "kept").iterdir())) == 2


@pytest.mark.parametrize("asked", ["last", "kept/last.ckpt"])
def test_a_torn_checkpoint_is_named_with_what_to_do(tmp_path, uninterrupted, asked, capsys, monkeypatch):
    whole = (uninterrupted / "kept" / "last.ckpt").read_bytes()
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "last.ckpt").write_bytes(whole[: len(whole) // 2])
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="2"):
        main([*written(tmp_path), "--ckpt_path", asked])
    said = capsys.readouterr().err
    assert "kept/last.ckpt is broken or no checkpoint (" in said
    assert "): go on from an older one, if its folder has one, or start again without --ckpt_path" in said


@pytest.mark.parametrize(
    ("section", "place", "value", "message"),
    [
        ("model", "loss", "mse", "loss is 'cross_entropy' there and 'mse' here"),
        ("data", "n_train", 60, "n_train was 50 and is 60"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused(tmp_path, uninterrupted, section, place, value, message, capsys):
    changed = CONFIG[section]
    if section == "model":
        changed = changed | {"init_args": changed["init_args"] | {place: value}}
    else:
        changed = changed | {place: value}
    with pytest.raises(SystemExit, match="2"):
        main([*written(tmp_path, **{section: changed}), "--ckpt_path", str(uninterrupted / "kept" / "last.ckpt")])
    assert message in capsys.readouterr().err


def test_an_accelerator_that_is_not_there_is_a_clear_error(tmp_path, capsys):
    missing = "mps" if torch.cuda.is_available() else "cuda"
    with pytest.raises(SystemExit):
        main([*written(tmp_path), "--trainer.accelerator", missing])
    assert f"accelerator must be one that this machine has, got '{missing}'" in capsys.readouterr().err
