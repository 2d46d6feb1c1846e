"""The types of the interactive figures, which stand in their comments: TypeScript reads them, and writes nothing."""

import pytest

import node
from manuscript import ROOT


def test_the_types_of_the_figures_agree():
    try:
        done = node.run("tsc", ["-p", "tests/widgets/tsconfig.json"], ROOT)
    except node.NodeError as error:
        pytest.fail(str(error), pytrace=False)
    assert done.returncode == 0, done.stdout + done.stderr
