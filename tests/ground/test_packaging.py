"""What is handed on: an sdist of the whole book, and the wheel that is made from it, used where there is no clone."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from cnnbook import __version__
from cnnbook.cli import app
from cnnbook.data import names
from cnnbook.evidence.verdicts import Verdict

ROOT = Path(__file__).resolve().parents[2]
LEFT_BEHIND = (".git", ".venv", ".*cache", ".hypothesis", "site", "dist", "__pycache__", "*.egg-info", "test-results")
BUILD = "import sys; from setuptools import build_meta; getattr(build_meta, f'build_{sys.argv[1]}')(sys.argv[2])"


def build(kind, tree, out):
    """Made by the backend itself, without a network."""
    done = subprocess.run([sys.executable, "-c", BUILD, kind, out], cwd=tree, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    """The folder that an sdist of this tree unpacks to."""
    place = tmp_path_factory.mktemp("sdist")
    shutil.copytree(ROOT, place / "tree", ignore=shutil.ignore_patterns(*LEFT_BEHIND), symlinks=True)
    build("sdist", place / "tree", place)
    with tarfile.open(place / f"cnnbook-{__version__}.tar.gz") as file:
        file.extractall(place, filter="data")
    return place / f"cnnbook-{__version__}"


@pytest.fixture(scope="module")
def wheel(sdist, tmp_path_factory):
    """The folder that the wheel made from the sdist unpacks to."""
    place = tmp_path_factory.mktemp("wheel")
    build("wheel", sdist, place)
    with zipfile.ZipFile(place / f"cnnbook-{__version__}-py3-none-any.whl") as file:
        file.extractall(place / "installed")
    return place / "installed"


def files(folder, pattern="*"):
    """The files below a folder, by their paths in it."""
    skip = {"__pycache__", ".cache", "cnnbook.egg-info"}
    found = (path.relative_to(folder) for path in folder.rglob(pattern) if path.is_file())
    return {path.as_posix() for path in found if not skip & set(path.parts)}


def elsewhere(wheel, tmp_path, *command):
    """What a command prints in an empty folder, with the wheel in the place of the clone."""
    environment = os.environ | {"PYTHONPATH": str(wheel), "COLUMNS": "200", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, *command], cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("room", ["benchmarks", "docs", "hooks", "results", "src", "tests", "theme", "tools"])
def test_the_sdist_has_the_whole_book(sdist, room):
    assert files(ROOT / room) == files(sdist / room)


def test_the_sdist_has_what_lies_at_the_root(sdist):
    """What begins with a dot is of the repository alone, but for the layout of JavaScript, which `make lint` reads."""
    there = {path.name for path in ROOT.iterdir() if path.is_file() and not path.name.startswith(".")}
    assert there | {".prettierrc.json"} <= {path.name for path in sdist.iterdir()}


def test_the_wheel_has_code_types_data_weights_claims_and_results(wheel):
    inside = files(wheel / "cnnbook")
    assert files(ROOT / "src/cnnbook") <= inside and "py.typed" in inside
    assert {f"evidence/results/{name}" for name in files(ROOT / "results", "*.json")} == {
        name for name in inside if name.startswith("evidence/results/")
    }
    assert {f"data/cards/{name}.toml" for name in names()} <= inside


def test_every_licence_goes_along(wheel):
    licences = {path.name for path in ROOT.glob("LICENSE*")} | {path.name for path in (ROOT / "src").rglob("LICENSE-*")}
    (told,) = wheel.glob("*.dist-info/METADATA")
    listed = re.findall(r"^License-File: (.*)$", told.read_text("utf-8"), re.M)
    assert {Path(name).name for name in listed} == licences and len(licences) == 7
    assert all((told.parent / "licenses" / name).is_file() for name in listed)


def test_the_readme_of_an_index_links_to_nothing_in_the_repository(wheel):
    (told,) = wheel.glob("*.dist-info/METADATA")
    _, readme = told.read_text("utf-8").split("\n\n", 1)
    assert readme.startswith("# cnnbook\n\nA textbook chapter") and "Running the experiments" in readme
    assert re.findall(r"\]\((?!https?://)[^)]*\)", readme) == []


def test_where_there_is_no_clone_the_results_of_the_book_are_there(wheel, tmp_path):
    """Also in a folder with tests of its own, which are not those that the claims name."""
    (tmp_path / "tests").mkdir()
    script = (
        "import json\n"
        "from cnnbook.evidence import claims, lookup, paths, results\n"
        "told = claims.read_claims().values()\n"
        "experiments = {claim.experiment for claim in told} - {None}\n"
        "found = [results.load_result(name).experiment for name in experiments]\n"
        "proved = next(claim for claim in told if claim.tests)\n"
        "tried = next(claim for claim in told if claim.experiment == 'generalisation/dropout')\n"
        "verdicts = [str(lookup.evidence_of(claim).verdict) for claim in (proved, tried)]\n"  # raises where it is stale
        "print(json.dumps([sorted(found) == sorted(experiments), verdicts, str(paths.results_dir())]))\n"
    )
    complete, verdicts, folder = json.loads(elsewhere(wheel, tmp_path, "-c", script))
    assert complete and set(verdicts) <= {str(verdict) for verdict in Verdict}
    assert Path(folder) == tmp_path / "results" and not Path(folder).exists(), "what is installed is only read"


def test_a_result_of_ones_own_comes_before_that_of_the_book(wheel, tmp_path):
    mine = tmp_path / "results/generalisation/dropout.json"
    mine.parent.mkdir(parents=True)
    mine.write_text("{}", encoding="utf-8")
    script = (
        "from cnnbook.evidence.paths import found_result, shown\n"
        "print(shown(found_result('generalisation/dropout')), found_result('parameters/epochs').exists())"
    )
    assert elsewhere(wheel, tmp_path, "-c", script).split() == ["results/generalisation/dropout.json", "True"]


def test_both_commands_say_their_version(capsys):
    from typer.testing import CliRunner

    from cnnbook.training.cli import main

    assert CliRunner().invoke(app, ["--version"]).stdout == f"cnnbook {__version__}\n"
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0 and capsys.readouterr().out == f"cnnbook-train {__version__}\n"
    assert f"version: {__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
