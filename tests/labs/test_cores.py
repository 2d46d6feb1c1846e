"""The numerics of the interactive figures, in Node: tests/labs/*.test.mjs."""

import json
import os
import re
import runpy
import subprocess
from itertools import product

import pytest
import torch
import torch.nn.functional as F

import node
from manuscript import ROOT

GOLDEN = ROOT / "docs/assets/labs/golden"


@pytest.fixture(scope="module")
def program():
    found = node.find()
    if not found:
        pytest.fail(node.MISSING, pytrace=False)
    return found


def whole(*shape: int) -> torch.Tensor:
    return torch.randint(-5, 6, shape, dtype=torch.float64)


def ints(tensor: torch.Tensor) -> list:
    return tensor.to(torch.int64).tolist()


def grid() -> list[dict]:
    """Settings of transposed convolutions along one axis and two, with what torch makes of them or says to them."""
    torch.manual_seed(0)
    cases = []
    names = ("stride", "padding", "output_padding", "dilation", "groups")
    axes_1 = product((1, 3), (1, 2, 4), (1, 2, 3), (0, 1, 3), (0, 1, 2), (1, 2, 3), (1, 2))
    axes_2 = product(((1, 2), (3, 2)), ((2, 2), (3, 1)), (1, 2, [3, 2]), (0, [1, 2]), (0, [0, 1]), (1, [2, 1]), (1, 2))
    for size, kernel, *values in (*axes_1, *axes_2):
        size, kernel = ([one] if isinstance(one, int) else list(one) for one in (size, kernel))
        settings = dict(zip(names, values, strict=True))
        x, w = whole(settings["groups"], *size), whole(settings["groups"], 2, *kernel)
        try:
            output = (F.conv_transpose1d, F.conv_transpose2d)[len(size) - 1](x, w, **settings)
        except RuntimeError as error:
            cases.append({"size": size, "kernel_size": kernel, **settings, "refused": str(error)})
        else:
            cases.append({"input": ints(x), "weight": ints(w), **settings, "output": ints(output)})
    return cases


def test_the_numerics_of_the_figures(program, tmp_path):
    (tmp_path / "grid.json").write_text(json.dumps(grid()))
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests/labs").glob("*.test.mjs"))
    done = subprocess.run(
        [program, "--test", "--test-reporter=tap", *files],
        cwd=ROOT,
        env={**os.environ, "CNNBOOK_GRID": str(tmp_path / "grid.json")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    counts = {word: int(count) for word, count in re.findall(r"^# (pass|skipped) (\d+)$", done.stdout, re.M)}
    assert counts["pass"] >= 13 and counts["skipped"] == 0  # a run of no tests passes as well


def test_the_golden_files_are_what_torch_says_today():
    tool = runpy.run_path(str(ROOT / "tools/golden.py"))
    cases = tool["cases"]()
    assert (GOLDEN / "checkerboard.json").read_text() == tool["render"](cases["checkerboard"]), "run: make golden"
    assert sum(map(len, cases.values())) >= 150
