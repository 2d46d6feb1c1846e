"""What the tests of the figures' numerics share: a Node, and the modules as they are sent."""

import sys

import pytest

import node
from manuscript import ROOT

sys.path.insert(0, str(ROOT / "hooks"))
import scripts

WIDGETS = ROOT / "docs/assets/widgets"


@pytest.fixture(scope="session")
def program():
    """The path of a Node."""
    return node.find() or pytest.fail(node.MISSING, pytrace=False)


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """A folder of the modules as they are sent; CNNBOOK_WIDGETS names it to load.mjs."""
    folder = tmp_path_factory.mktemp("served")
    for path in WIDGETS.rglob("*.mjs"):
        (folder / path.relative_to(WIDGETS)).parent.mkdir(parents=True, exist_ok=True)
        (folder / path.relative_to(WIDGETS)).write_text(scripts.served(path), "utf-8")
    return folder
