"""The command line answers at once: nothing heavy is imported for help, and every help shows an example."""

import os
import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from cnnbook.cli import app

HEAVY = [
    "torch",
    "lightning",
    "pytorch_lightning",
    "numpy",
    "pandas",
    "scipy",
    "joblib",
    "distributed",
    "jsonschema",
    "msgspec",
    "cnnbook.evidence",
]
COMMANDS = ["list", "run", "claims", "verify", "diagnose", "check", "exercises", "doctor"]


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"]], ids=" ".join)
def test_help_imports_nothing_heavy(arguments):
    code = (
        "import sys; from cnnbook.cli import main; sys.argv[1:] = " + repr(arguments) + "\n"
        "try: main()\nexcept SystemExit as end: assert not end.code\n"
        f"print('heavy:', [name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ)
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().endswith("heavy: []"), done.stdout.splitlines()[-1]


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_every_help_shows_an_example(command):
    done = CliRunner().invoke(
        app, [command, "--help"] if command else ["--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}
    )
    assert done.exit_code == 0
    text = re.sub(r"\x1b\[[0-9;]*m", "", done.output)
    assert re.search(rf"Example: cnnbook {command or 'run'}\b", text)


def test_the_commands_are_all_there():
    assert sorted(command.name or command.callback.__name__ for command in app.registered_commands) == sorted(COMMANDS)


def test_no_command_shows_the_help():
    done = CliRunner().invoke(app, [])
    assert "claims" in done.output and done.exit_code in (0, 2)
