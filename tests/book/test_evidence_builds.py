"""A page that says what the evidence does not say stops the build: a verdict in prose, a missing or stale result."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

import toy_experiments
from manuscript import LANGUAGES, ROOT

PAGE = "---\ndescription: d\n---\n\n# 5.15.1 T { #t }\n\n"
TOY = """
from cnnbook.evidence.text import Text
from toy_experiments import measure as measured, toy


def measure(config, seeds, options, progress):
    return measured(config, seeds, options, progress)


EXPERIMENT = toy(labels={"much": Text("多", "a lot")}, measure=measure)
"""
RUN = """
from cnnbook.evidence import registry
from cnnbook.evidence.paths import result_path
from cnnbook.evidence.runner import run
experiment = registry.load("parameters/toy")
run(experiment, out=result_path(experiment.name))
"""
EVERYTHING = """
[= claim("much-helps") =]

one [= mean("parameters/toy", "none", "accuracy") =]

It helps. [= evidence("much-helps", "holds") =]

| two | three |
|---|---|
| a | [= effect("much-helps") =] |

[= chart("parameters/toy", metric="accuracy") =]

[= chart("parameters/toy", metric="nll", kind="means", caption="The loss. ") =] [= fig("toy-nll-means") =]

[= chart("parameters/toy", metric="accuracy", at=20) =] [= fig("toy-accuracy-20-effects") =]

early [= mean("parameters/toy", "none", "accuracy", at=0) =]

[= claims("parameters/toy") =]
"""


def python(folder: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess:
    path = os.pathsep.join([str(folder / "src"), str(folder / "tests/support")])
    environment = {**os.environ, "PYTHONPATH": path, "NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def toybook(tmp_path_factory) -> Path:
    """A book in a folder: the package, the hooks, one experiment with its result, two claims."""
    folder = tmp_path_factory.mktemp("book")
    for name in ("hooks", "theme", "src/cnnbook"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.npz"))
    shutil.rmtree(folder / "src/cnnbook/experiments")
    shutil.rmtree(folder / "src/cnnbook/evidence/claims")
    texts = {
        "pyproject.toml": "",
        "small.yml": "INHERIT: mkdocs.en.yml\nnav: [{T: index.md}]\n",
        "src/cnnbook/experiments/__init__.py": "",
        "src/cnnbook/experiments/parameters/__init__.py": "",
        "src/cnnbook/experiments/parameters/toy.py": TOY,
        "src/cnnbook/evidence/claims/parameters/toy.toml": toy_experiments.TOY_CLAIMS,
        "src/cnnbook/evidence/claims/references.toml": toy_experiments.TOY_REFERENCES,
        "tests/support/toy_experiments.py": Path(toy_experiments.__file__).read_text("utf-8"),
        "tests/parameters/test_toy.py": "def test_proof():\n    pass\n",
    }
    names = (
        "mkdocs.yml",
        "mkdocs.en.yml",
        "docs/glossary.toml",
        "docs/synonyms.toml",
        "docs/figures/draw.py",
        "docs/figures/parts.py",
    )
    for name in (*names, "tools/node.py"):
        texts[name] = (ROOT / name).read_text("utf-8")
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    done = python(folder, "-c", RUN)
    assert done.returncode == 0, done.stderr
    return folder


# One process builds all that a test asks for, as tools/book.py does: MkDocs takes longer to import than to build.
BUILD = """
import json, pathlib, sys
from mkdocs.__main__ import cli

for pages in json.load(sys.stdin):
    for name, text in pages.items():
        path = pathlib.Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    try:
        code = cli(["build", "--strict", "-f", "small.yml"], standalone_mode=False) or 0
    except SystemExit as stop:
        code = stop.code
    print("built", code, file=sys.stderr, flush=True)
"""


@dataclass(frozen=True)
class Built:
    """A build as it ended, and what it said."""

    returncode: int
    stderr: str


@pytest.fixture
def builds(toybook):
    """Build the toy book with one page after another; what a test changes in the book is put back."""
    kept = {
        path: path.read_bytes()
        for part in ("src", "results")
        for path in (toybook / part).rglob("*.*")
        if path.is_file()
    }

    def builds(*bodies: str) -> list[Built]:
        pages = [{f"docs/{lang}/index.md": PAGE + body for lang in LANGUAGES} for body in bodies]
        done = python(toybook, "-c", BUILD, given=json.dumps(pages))
        assert done.returncode == 0, done.stderr
        said = re.split(r"^built (\d+)\n", done.stderr, flags=re.M)
        return [Built(int(code), text) for text, code in zip(said[:-1:2], said[1::2], strict=True)]

    yield builds
    for path, data in kept.items():
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)


@pytest.fixture
def build(builds):
    """Build the toy book with one page."""
    return lambda body: builds(body)[0]


RESULT = "results/parameters/toy.json"


def test_a_page_prints_the_numbers_of_the_result_file(toybook, build):
    done = build(EVERYTHING)
    assert done.returncode == 0, done.stderr
    page = unescape((toybook / "site/en/index.html").read_text("utf-8"))
    figures = json.loads((toybook / RESULT).read_text("utf-8"))["figures"]
    pairs = zip(figures["much"]["accuracy"], figures["none"]["accuracy"], strict=True)
    difference = sum(a - b for a, b in pairs) / 10
    mean = sum(figures["none"]["accuracy"]) / 10
    assert re.search(rf'<span class="book-number">\+{difference:.1f} \[\d\.\d, \d\.\d\]\xa0points</span>', page)
    assert f'<span class="book-number">{mean:.1f}%</span>' in page and "Evidence: holds" in page
    assert page.count('class="book-figure"') == 3 and "toy-nll-means" in page
    assert '<p>early <span class="book-number">100.0%</span></p>' in page
    assert "Accuracy after 20 steps: each arm minus “none”." in page
    assert "<b>Figure 5.15.1-2</b>.  The loss. " in page and "a lot" in page
    assert page.count('data-verdict="holds"') == 2 and page.count('data-verdict="refuted"') == 1


def test_a_verdict_that_is_planted_in_prose_stops_the_build(build):
    done = build('words\n\nIt helps. [= evidence("much-helps", "refuted") =]\n')
    assert done.returncode
    said = "docs/en/index.md:9: claim 'much-helps': the text says 'refuted', the evidence says 'holds'"
    assert said in done.stderr


MACROS = ['claims("parameters/toy")', 'chart("parameters/toy", "accuracy")']


@pytest.mark.parametrize("macro", MACROS)
def test_a_deleted_result_stops_the_build_and_names_the_command(toybook, build, macro):
    (toybook / RESULT).unlink()
    done = build(f"[= {macro} =]\n")
    assert done.returncode
    said = f"docs/en/index.md:7: {RESULT} is missing. Make it with: cnnbook run parameters/toy"
    assert said in done.stderr


def test_a_stale_result_stops_the_build_and_names_the_command(toybook, build):
    code = toybook / "src/cnnbook/experiments/parameters/toy.py"
    code.write_text(code.read_text("utf-8").replace("    return", "    assert seeds\n    return"), "utf-8")
    done = build('It helps. [= evidence("much-helps", "holds") =]\n')
    assert done.returncode
    assert f"docs/en/index.md:7: {RESULT} is stale: it was made by other code" in done.stderr
    assert "cnnbook.experiments.parameters.toy" in done.stderr
    assert "Refresh it with: cnnbook run parameters/toy" in done.stderr


def test_a_number_that_was_edited_by_hand_stops_the_build(toybook, build):
    result = json.loads((toybook / RESULT).read_text("utf-8"))
    result["figures"]["much"]["accuracy"][0] += 1
    (toybook / RESULT).write_text(json.dumps(result), "utf-8")
    done = build('| a |\n|---|\n| [= effect("much-helps") =] |\n')
    assert done.returncode and "docs/en/index.md:9: " in done.stderr and "edited by hand" in done.stderr


def test_names_that_are_not_there_stop_the_build(builds):
    expected = {
        'claim("much")': "there is no claim 'much'; there are much-helps, proved",
        'mean("parameters/toy", "lots", "nll")': "parameters/toy has none, some, much, got 'lots'",
        'mean("parameters/toy", "none", "accuracy", at=7)': "accuracy of parameters/toy has points 0, 20, got at=7",
        'mean("parameters/toy", "none", "nll", at=0)': "nll of parameters/toy has no curve, got at=0",
        'chart("parameters/toy", "accuracy", at=7)': "there is no row for any arm against 'none'",
        'mean("parameters/b", "none", "nll")': "there is no experiment 'parameters/b'; there are parameters/toy",
        'chart("parameters/toy", "f1")': "kind must be effects or means or curve or panels or pairs and "
        "metric one of accuracy, nll, got",
    }
    for done, (macro, said) in zip(builds(*(f"[= {macro} =]\n" for macro in expected)), expected.items(), strict=True):
        assert done.returncode and f"docs/en/index.md:7: {said}" in done.stderr, macro


def site_of(toybook: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (toybook / "site/en").rglob("index.html")}


def test_a_page_that_is_kept_is_the_page_that_was_rendered(toybook, builds):
    body = EVERYTHING + "\n## Names { #names }\n\n[back](#names)\n\n::: cnnbook.errors\n"
    first, second = [], []
    for found in (first, second):
        (done,) = builds(body)
        assert done.returncode == 0, done.stderr
        found.append(site_of(toybook))
    assert first == second
    (kept,) = (toybook / ".cache/rendered/en").iterdir()
    text = kept.read_bytes().replace(b">Names<", b">Taken<")  # what is found there is what is shown …
    content = text.partition(b"\n")[2]
    kept.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
    builds(body)
    assert b">Taken<" not in first[0]["index.html"] and b">Taken<" in site_of(toybook)["index.html"]
    builds(body.replace("Names {", "Words {"))  # … and what has changed is rendered
    assert b">Words<" in site_of(toybook)["index.html"]
    assert len(list((toybook / ".cache/rendered/en").iterdir())) == 1


def test_a_warning_comes_again_until_its_cause_is_gone(builds):
    wrong, again, right = builds(*["[there](nowhere.md)\n"] * 2, "there\n")
    assert wrong.returncode and again.returncode and not right.returncode
    assert all("'nowhere.md', but the target is not found" in done.stderr for done in (wrong, again))


def test_an_anchor_that_is_gone_is_missed_where_it_is_linked(builds):
    wrong, right = builds("[there](#nowhere)\n", "[there](#nowhere)\n\n## There { #nowhere }\n")
    assert wrong.returncode and "there is no such anchor on this page" in wrong.stderr and not right.returncode
