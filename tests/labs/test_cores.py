"""The numerics of the interactive figures, in Node: tests/labs/*.test.mjs."""

import contextlib
import gzip
import io
import json
import os
import re
import runpy
import subprocess
import sys
from itertools import product

import pytest
import torch
import torch.nn.functional as F

import node
from manuscript import ROOT

sys.path.insert(0, str(ROOT / "hooks"))
import charts

LABS = ROOT / "docs/assets/labs"
GOLDEN = LABS / "golden"
HEAVIEST = 25 * 1024  # bytes of all code of the figures, compressed together


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
    assert counts["pass"] >= 16 and counts["skipped"] == 0  # a run of no tests passes as well


def test_the_golden_files_are_what_torch_says_today():
    tool = runpy.run_path(str(ROOT / "tools/golden.py"))
    cases = tool["cases"]()
    assert (GOLDEN / "checkerboard.json").read_text() == tool["render"](cases["checkerboard"]), "run: make golden"
    assert sum(map(len, cases.values())) >= 150


def run_snippet(code: str) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "snippet", "exec"), {})
    return printed.getvalue()


def test_every_snippet_that_a_reader_copies_runs_and_asserts_what_was_shown(program):
    done = subprocess.run([program, "tests/labs/snippets.mjs"], cwd=ROOT, capture_output=True, text=True, check=True)
    snippets = json.loads(done.stdout)
    assert len(snippets) >= 100 and sum("except RuntimeError" in code for code in snippets) >= 4
    assert all(run_snippet(code) for code in snippets)
    wrong = re.sub(r"(assert y.tolist\(\) == \[\n    \[+)", r"\g<1>77.0, ", snippets[0])
    with pytest.raises(AssertionError):
        run_snippet(wrong)
    with pytest.raises(AssertionError, match="PyTorch takes it"):
        run_snippet(re.sub(r"output_padding=\S+?([,)])", r"output_padding=0\1", snippets[-5]))


def test_an_interactive_figure_is_numbered_among_the_others():
    page = (
        '[= figure("a", "One.") =] [= lab("transposed-lab", "Two.", "alt", instead="a") =] [= figure("c", "Three.") =]'
    )
    assert list(charts.names_in(page)) == ["a", "transposed-lab", "c"]


def test_the_code_of_all_figures_is_small():
    code = b"".join(path.read_bytes() for path in sorted(LABS.rglob("*.mjs")))
    assert 5_000 < len(gzip.compress(code, 9)) <= HEAVIEST
