"""What continuous integration runs is there: commands, options, targets, files; and it may do no more than it must."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer
import yaml

from cnnbook.cli import app

ROOT = Path(__file__).parents[2]
WORKFLOWS = {path.name: yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / ".github/workflows").glob("*.yml")}
STEPS = [
    (f"{name}: {job}: {place}", step)
    for name, workflow in WORKFLOWS.items()
    for job, content in workflow["jobs"].items()
    for place, step in enumerate(content["steps"], 1)
]
COMMANDS = {
    f"{where}: {command.strip()}": shlex.split(re.sub(r"[<>].*|\d>&\d", "", command))
    for where, step in STEPS
    for command in re.split(r"&&|\|\||\||\n", step.get("run", ""))
    if command.strip()
}
MACHINE = ("sudo", "mkdir", "tee")  # what every runner has


def complaint(words: list[str]) -> str:
    """What is wrong with a command; empty where it can be run."""
    program, *arguments = words
    if program == "cnnbook":
        cli = typer.main.get_command(app)
        name, *options = arguments
        if name not in cli.commands:
            return f"cnnbook has no command {name}"
        try:
            cli.commands[name].make_context(name, options)
        except Exception as error:
            return f"cnnbook {name}: {error}"
    elif program == "make":
        targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
        return "" if set(arguments) <= set(targets) else f"make has no target {' '.join(arguments)}"
    elif program in ("python", ".venv/bin/python") and arguments[:2] == ["-m", "pip"]:
        extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
        asked = {extra for one in re.findall(r"\.\[(.*)\]", " ".join(arguments)) for extra in one.split(",")}
        return "" if asked <= set(extras) else f"the package has no extra {asked - set(extras)}"
    elif program in ("python", ".venv/bin/python"):
        files = [one for one in arguments if "/" in one]
        return "; ".join(f"there is no {one}" for one in files if not (ROOT / one).exists())
    elif "/" in program:
        return "" if os.access(ROOT / program, os.X_OK) else f"{program} cannot be run"
    elif program not in MACHINE:
        return f"nothing is known of {program}"
    return ""


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_a_workflow_is_there(command):
    assert complaint(COMMANDS[command]) == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("cnnbook verfy", "cnnbook has no command verfy"),
        ("cnnbook verify --job 2", "cnnbook verify: No such option: --job"),
        ("make sites", "make has no target sites"),
        ("python -m pip install -e .[doc,test]", "the package has no extra {'doc'}"),
        ("python -m pytest tests/grounds", "there is no tests/grounds"),
        (".venv/bin/python tools/place.py", "there is no tools/place.py"),
        ("tools/gpu_runs.sh --dry", "tools/gpu_runs.sh cannot be run"),
        ("curl x", "nothing is known of curl"),
    ],
)
def test_a_command_that_is_not_there_is_named(words, message):
    assert complaint(shlex.split(words)).startswith(message)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_says_what_it_may_do_and_no_more_than_read_by_default(name):
    asked = WORKFLOWS[name]["permissions"]
    assert asked["contents"] == "read" and (name == "pages.yml" or len(asked) == 1)
    for job in WORKFLOWS[name]["jobs"].values():
        assert {"contents": "read"}.items() <= job.get("permissions", {"contents": "read"}).items()


def test_every_action_is_of_a_release():
    used = [step["uses"] for _, step in STEPS if "uses" in step]
    assert used and all(re.fullmatch(r"actions/[\w-]+@v\d+", one) for one in used), used


def test_only_a_person_starts_what_runs_on_a_machine_of_ones_own():
    for name, workflow in WORKFLOWS.items():
        if "self-hosted" in str([job["runs-on"] for job in workflow["jobs"].values()]):
            assert list(workflow[True]) == ["workflow_dispatch"], name  # YAML 1.1 reads `on` as true


@pytest.fixture
def github(tmp_path):
    """A gh that notes how it is called and what the issue is to say; OPEN is the number of an open one."""
    gh = tmp_path / "gh"
    gh.write_text(
        '#!/usr/bin/env bash\nif [ "$2" = list ]; then echo "$OPEN"; exit; fi\n'
        f'echo "${{@:1:3}}" >{tmp_path}/called\ncat "${{@: -1}}" >{tmp_path}/body\n'
    )
    gh.chmod(0o755)

    def call(report: str, number: str = "") -> tuple[str, str]:
        (tmp_path / "report").write_text(report, "utf-8")
        environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "OPEN": number}
        environment = {name: value for name, value in environment.items() if not name.startswith("GITHUB_")}
        command = [ROOT / ".ci/issue", "They disagree", tmp_path / "report"]
        subprocess.run(command, env=environment, check=True)
        return (tmp_path / "called").read_text("utf-8").strip(), (tmp_path / "body").read_text("utf-8")

    return call


@pytest.mark.skipif(sys.platform != "linux", reason="runs on the runners of nightly.yml")
def test_a_report_becomes_an_issue_or_a_comment_on_the_open_one(github):
    assert github("much − none\n") == ("issue create --title", "```text\nmuch − none\n```\n")
    assert github("much − none\n", "17") == ("issue comment 17", "```text\nmuch − none\n```\n")


@pytest.mark.skipif(sys.platform != "linux", reason="runs on the runners of nightly.yml")
def test_a_report_too_long_for_an_issue_keeps_its_end(github):
    _, body = github("−" * 50_000 + "\nthe end\n")
    assert len(body.encode()) < 65_536 and body.endswith("the end\n```\n") and body.startswith("```text\n−")
