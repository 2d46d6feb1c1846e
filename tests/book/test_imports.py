"""A part costs a reader's own project next to nothing: torch, and a few milliseconds."""

import json
import subprocess
import sys

import pytest

from manuscript import ROOT

MODULES = sorted(
    ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
    for part in ("convolution", "parameters", "generalisation", "domains")
    for path in (ROOT / "src/cnnbook" / part).glob("[!_]*.py")
)
MEASURE = """
import importlib, json, sys, time
import torch
report = {}
for name in sys.argv[1:]:
    before, times = set(sys.modules), []
    for _ in range(5):
        for module in [module for module in sys.modules if module.split(".")[0] == "cnnbook"]:
            del sys.modules[module]
        start = time.perf_counter()
        importlib.import_module(name)
        times.append(time.perf_counter() - start)
    report[name] = [min(times), sorted(set(sys.modules) - before)]
print(json.dumps(report))
"""


@pytest.fixture(scope="module")
def report() -> dict:
    """Each module, imported after torch: the seconds it adds, and the modules."""
    done = subprocess.run([sys.executable, "-c", MEASURE, *MODULES], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", MODULES)
def test_a_topic_adds_under_50_ms_to_torch(report, name):
    assert report[name][0] < 0.05


@pytest.mark.parametrize("name", MODULES)
def test_a_topic_brings_neither_lightning_nor_anything_else(report, name):
    brought = {module.split(".")[0] for module in report[name][1]} - sys.stdlib_module_names
    assert brought == {"cnnbook"}, f"import {name} also imports {sorted(brought - {'cnnbook'})}"


def test_cnnbook_itself_imports_nothing():
    code = "import sys; before = set(sys.modules); import cnnbook; print(sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['cnnbook']"
