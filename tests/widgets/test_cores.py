"""The numerics of the interactive figures, in Node: tests/widgets/*.test.mjs."""

import contextlib
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
from effort import thorough

from manuscript import ROOT

sys.path.insert(0, str(ROOT / "hooks"))
import charts
import scripts

WIDGETS = ROOT / "docs/assets/widgets"
GOLDEN = ROOT / "tests/widgets/golden"


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


@pytest.fixture(scope="module", params=thorough(["source", "served"], ["served"]))
def environment(request, served):
    """For Node: the modules as they are written, and as they are sent."""
    return {**os.environ} if request.param == "source" else {**os.environ, "CNNBOOK_WIDGETS": str(served)}


def test_the_numerics_of_the_figures(program, environment, tmp_path):
    (tmp_path / "grid.json").write_text(json.dumps(grid()))
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests/widgets").glob("*.test.mjs"))
    done = subprocess.run(
        [program, "--test", "--test-reporter=tap", *files],
        cwd=ROOT,
        env={**environment, "CNNBOOK_GRID": str(tmp_path / "grid.json")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    counts = {word: int(count) for word, count in re.findall(r"^# (pass|skipped) (\d+)$", done.stdout, re.M)}
    assert counts["pass"] >= 45 and counts["skipped"] == 0  # a run of no tests passes as well


@pytest.mark.parametrize(
    "code, rule",
    [
        ("const a = 1;\nconst b = `x${a ? `y  ${a}` : 0}`;", ":2: a template literal within another"),
        ("const f = `${[a].map(({ b }) => `${b}  c`)}`;", ":1: a template literal within another"),
        ("const f = (t) => /a  b/.test(t);", ":1: a regular expression right after an arrow"),
    ],
)
def test_what_the_minifier_would_misread_is_refused(tmp_path, code, rule):
    (tmp_path / "widget.mjs").write_text(code)
    with pytest.raises(scripts.PluginError, match=re.escape(f"widget.mjs{rule}")):
        scripts.served(tmp_path / "widget.mjs")


def test_a_module_is_sent_without_comments_and_otherwise_as_it_is(tmp_path):
    source = """// gone
/** gone */
class Widget { #x = 1; has(o) { return #x in o; } }  // gone
const r = /[/"'`]  \\/ /, s = `kept  // kept ${"kept  too"}`, t = "/* kept */"; // gone
"""
    (tmp_path / "widget.mjs").write_text(source)
    served = scripts.served(tmp_path / "widget.mjs")
    assert "gone" not in served and len(served) < len(source) - 30
    for kept in ("#x=1", "#x in o", "/[/\"'`]  \\/ /", '`kept  // kept ${"kept  too"}`', '"/* kept */"'):
        assert kept in served


@pytest.mark.parametrize("path", sorted(WIDGETS.rglob("words.zh.mjs")), ids=lambda path: path.parent.name)
def test_the_words_of_a_figure_are_there_in_both_languages(path):
    names = [
        re.findall(r"(?:(?<=[ {])|^)(\w+):\s+(?:\"|\{\s)", one.read_text(), re.M)
        for one in (path, path.with_name("words.en.mjs"))
    ]
    assert names[0] == names[1] and len(names[0]) >= 9


def test_the_learned_kernels_are_those_of_the_experiment_as_it_is_today():
    tool = runpy.run_path(str(ROOT / "tools/widget_data.py"))
    written = (WIDGETS / "checkerboard/learned.mjs").read_text()
    assert f"from its code {tool['today']()}." in written, "run: python tools/widget_data.py"
    assert (WIDGETS / "photograph.bin").read_bytes() == tool["photograph"]()


def test_the_golden_files_are_what_torch_says_today():
    tool = runpy.run_path(str(ROOT / "tools/golden.py"))
    cases = tool["cases"]()
    assert (GOLDEN / "checkerboard.json").read_text() == tool["render"](cases["checkerboard"]), "run: make golden"
    assert sum(map(len, cases.values())) >= 150


def test_the_golden_file_of_the_network_is_what_torch_says_today():
    tool = runpy.run_path(str(ROOT / "tools/golden_network.py"))
    steady = tool["render"](tool["steady"]()).removesuffix("\n]\n")
    assert (GOLDEN / "network.json").read_text().startswith(steady), "run: python tools/golden_network.py"


def test_the_golden_file_of_the_upsamplers_is_what_torch_says_today():
    tool = runpy.run_path(str(ROOT / "tools/golden_upsampling.py"))
    steady = tool["render"](tool["steady"]()).removesuffix("\n]\n")
    assert (GOLDEN / "upsampling.json").read_text().startswith(steady), "run: python tools/golden_upsampling.py"


def run_snippet(code: str) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "snippet", "exec"), {})
    return printed.getvalue()


def test_every_snippet_that_a_reader_copies_runs_and_asserts_what_was_shown(program, environment):
    command = [program, "tests/widgets/snippets.mjs"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    snippets = json.loads(done.stdout)
    counts = {kind: len(programs) for kind, programs in snippets.items()}
    assert counts["computed"] >= 98 and counts["refused"] >= 4 and counts["plain"] >= 20 and counts["boards"] >= 10
    assert all(run_snippet(code) for programs in snippets.values() for code in programs)
    for kind, number in (
        ("computed", r"(assert y.tolist\(\) == \[\n    \[+)"),
        ("boards", r"(shown = torch.tensor\(\[\n    \[+)"),
    ):
        wrong = re.sub(number + r"[-\d.]+", r"\g<1>77.0", snippets[kind][0])
        with pytest.raises(AssertionError):
            run_snippet(wrong)
    with pytest.raises(AssertionError):
        run_snippet(snippets["plain"][1].replace("w.flip(-2, -1)", "w"))
    with pytest.raises(AssertionError, match="PyTorch takes it"):
        run_snippet(re.sub(r"output_padding=\S+?([,)])", r"output_padding=0\1", snippets["refused"][0]))


def test_an_interactive_figure_is_numbered_among_the_others():
    widget = '[= widget("transposed-widget", "Two.", "alt", instead="a") =]'
    page = f'[= figure("a", "One.") =] {widget} [= figure("c", "Three.") =]'
    assert list(charts.names_in(page)) == ["a", "transposed-widget", "c"]
