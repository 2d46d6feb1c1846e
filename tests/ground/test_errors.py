"""One family of errors: whatever the book raises of its own has one root, and every command catches that."""

import importlib
import inspect
import pkgutil
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

import cnnbook
from cnnbook.cli import app, clear_errors
from cnnbook.errors import CnnbookError
from cnnbook.training.cli import main as train

MODULES = [name for _, name, _ in pkgutil.walk_packages(cnnbook.__path__, "cnnbook.") if "__main__" not in name]


def errors_of(module) -> list[type]:
    return [
        value
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Exception) and value.__module__ == module.__name__
    ]


def test_every_error_of_the_book_is_of_one_family():
    found = [error for name in MODULES for error in errors_of(importlib.import_module(name))]
    assert {"DataError", "CheckpointError", "PredictError", "LogError", "DeviceError", "ClaimError"} <= {
        error.__name__ for error in found
    }
    assert not [error for error in found if not issubclass(error, CnnbookError)]


def test_a_command_catches_the_family_and_nothing_else():
    own = typer.Typer()

    @own.command()
    @clear_errors
    def fail(kind: str) -> None:
        raise {"own": CnnbookError("the rule, got 3"), "bug": ValueError("a bug")}[kind]

    done = CliRunner().invoke(own, ["own"])
    assert (done.exit_code, done.stderr) == (2, "cnnbook: the rule, got 3\n")
    assert isinstance(CliRunner().invoke(own, ["bug"]).exception, ValueError)


def test_every_command_is_guarded():
    commands = [
        *app.registered_commands,
        *(c for group in app.registered_groups for c in group.typer_instance.registered_commands),
    ]
    assert len(commands) >= 9 and all(hasattr(command.callback, "__wrapped__") for command in commands)


def test_the_program_for_data_says_it_in_a_line_too(tmp_path):
    command = [sys.executable, "-m", "cnnbook.data", "fashion-mnst"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 2 and "Traceback" not in done.stderr, done.stderr
    assert "no data set is called 'fashion-mnst'; did you mean 'fashion-mnist'?" in done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--trainer.accelerator=abacus"], "accelerator must be one of auto, cpu, "),
        (["--trainer.accelerator=cpu", "--trainer.precision=16-mixed"], "half precision"),
        (["--ckpt_path", "nowhere.ckpt"], "there is no checkpoint nowhere.ckpt"),
    ],
    ids=["accelerator", "precision", "checkpoint"],
)
def test_whatever_keeps_a_training_from_beginning_is_a_line_too(arguments, message, tmp_path, monkeypatch, capsys):
    """In this process: a fresh one imports torch and Lightning first."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="2"):
        train(["fit", *arguments])
    assert message in capsys.readouterr().err.strip().splitlines()[-1]
