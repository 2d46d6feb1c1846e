"""The types of the interactive figures, which stand in their comments: TypeScript reads them, and writes nothing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

import node
from manuscript import ROOT

TYPESCRIPT = "typescript@5.9.3"
# What has been fetched once serves again; and without a network npm would wait a minute before it says so.
OPTIONS = ["--yes", "--prefer-offline", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"]
MISSING = f"TypeScript was not found: install npm, which fetches it, or tsc (npm install --global {TYPESCRIPT})"


def compiler() -> list[str] | None:
    """The machine's tsc, or the npm that fetches one: that beside our Node, or the machine's."""
    if tsc := shutil.which("tsc"):
        return [tsc]
    own = node.find()
    script = Path(own or ".").parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    npm = [own, str(script)] if own and script.is_file() else [shutil.which("npm")]
    return [*npm, "exec", *OPTIONS, f"--package={TYPESCRIPT}", "--", "tsc"] if npm[0] else None


def test_the_types_of_the_figures_agree():
    command = compiler()
    if not command:
        pytest.fail(MISSING, pytrace=False)
    beside = str(Path(node.find() or ".").parent)  # tsc is a script that looks for node on the path
    done = subprocess.run(
        [*command, "-p", "tests/widgets/tsconfig.json"],
        cwd=ROOT,
        env={**os.environ, "PATH": os.pathsep.join([beside, os.environ["PATH"]])},
        capture_output=True,
        text=True,
    )
    if "error TS" in done.stdout:
        pytest.fail(done.stdout, pytrace=False)
    if done.returncode:
        pytest.fail(f"{MISSING}; the npm here could not fetch it", pytrace=False)
