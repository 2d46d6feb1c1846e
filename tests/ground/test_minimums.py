"""The oldest releases that are promised: each is written down, and each is read."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import minimums

ROOT = Path(__file__).resolve().parents[2]
PROJECT = """
[build-system]
requires = ["setuptools>=77"]
[project]
dependencies = [{}]
[project.optional-dependencies]
more = ["Some_Thing[extra]>=1.2,<3", "other~=4.5; python_version > '3'"]
"""


def written(folder, *dependencies):
    path = folder / "pyproject.toml"
    path.write_text(PROJECT.format(", ".join(f'"{one}"' for one in dependencies)), encoding="utf-8")
    return path


def test_every_dependency_has_a_line():
    done = subprocess.run([sys.executable, ROOT / "tools/minimums.py"], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9.]+", line) for line in lines), lines
    text = (ROOT / "pyproject.toml").read_text("utf-8").partition("[project.scripts]")
    told = re.findall(r'"([A-Za-z0-9_-]+)[^"]*[>=~]=', text[0] + text[2].partition("[tool.")[0])
    assert {line.partition("==")[0] for line in lines} == {name.lower().replace("_", "-") for name in told}
    assert len(lines) >= 38


def test_floors_of_all_kinds_are_read(tmp_path):
    found = minimums.minimums(written(tmp_path, "numpy>=1.26,!=2.0"))
    assert found == {"numpy": "1.26", "other": "4.5", "setuptools": "77", "some-thing": "1.2"}


@pytest.mark.parametrize(
    ("dependency", "message"),
    [
        ("numpy", "each dependency must have a floor, as numpy>=1.0, got 'numpy'"),
        ("numpy<3", "each dependency must have a floor, as numpy>=1.0, got 'numpy<3'"),
        ("other>=4", "other must have the same floor everywhere, got 4 and 4.5"),
    ],
)
def test_a_dependency_without_a_floor_is_named(tmp_path, dependency, message):
    with pytest.raises(ValueError, match=message):
        minimums.minimums(written(tmp_path, dependency))


def test_a_job_of_continuous_integration_installs_them():
    job = (ROOT / ".github/workflows/test.yml").read_text("utf-8")
    assert "tools/minimums.py > .cache/minimums.txt" in job and "-c .cache/minimums.txt" in job
