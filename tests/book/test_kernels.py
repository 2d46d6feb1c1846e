"""A kernel that is a copy of a process which has imported much already is as one that was started."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from existence import runs
from nbclient import NotebookClient
from nbformat import v4

from manuscript import ROOT

WHERE = "import os, sys\nprint(os.getcwd(), os.environ['OF_THE_LAB'], sys.argv[1:2], __name__)"
DRAWN = "from matplotlib import pyplot as plt\nplt.plot([1, 2])\nprint(plt.get_backend(), plt.rcParams['text.color'])"
LEFT = "import torch\nprint('other' in globals(), hasattr(torch, 'other'))\nother = torch.other = torch.manual_seed(1)"
RANDOM = "import random, numpy, torch\nprint(random.random())\nprint(numpy.random.rand())\nprint(torch.rand(1))"


@pytest.fixture
def managers(monkeypatch):
    """Jupyter's own, and the one of the labs."""
    monkeypatch.setattr(sys, "path", [str(ROOT / "hooks"), *sys.path])
    from jupyter_client import AsyncKernelManager

    from kernels import Manager

    return AsyncKernelManager, Manager


def outputs(manager: type, folder: Path, cells: list[str]) -> list:
    notebook = v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(notebook, kernel_name="python3", kernel_manager_class=manager, timeout=60)
    style = {"MATPLOTLIBRC": str(ROOT / "hooks/labs.matplotlibrc"), "OF_THE_LAB": "its own"}
    client.execute(cwd=str(folder), env={**os.environ, **style})
    return [cell.outputs for cell in notebook.cells]


def test_what_labs_ask_of_a_kernel_is_answered_alike(managers, tmp_path):
    started, copied = (outputs(manager, tmp_path, [WHERE, DRAWN, LEFT]) for manager in managers)
    assert copied == started
    printed, picture = copied[1]
    assert printed.text.endswith(" #7b7c7e\n") and "image/png" in picture.data


def test_what_no_seed_decides_differs_from_copy_to_copy(managers, tmp_path):
    first, second = (outputs(managers[1], tmp_path, [RANDOM])[0][0].text.splitlines() for _ in range(2))
    assert all(one != other for one, other in zip(first, second, strict=True))


def test_no_copy_sees_what_another_has_done(managers, tmp_path):
    first, second = (outputs(managers[1], tmp_path, [LEFT]) for _ in range(2))
    assert first == second and first[0][0].text == "False False\n"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere kernels are started")
def test_a_copy_is_one_and_ends(managers, tmp_path):
    asked = "import os, sys\nprint(os.getpid(), 'cnnbook.training' in sys.modules)"
    (printed,) = outputs(managers[1], tmp_path, [asked])[0]
    number, before = printed.text.split()
    assert before == "True"
    with pytest.raises(ProcessLookupError):
        os.kill(int(number), 0)


SLEEPING = """
import sys
sys.path.insert(0, sys.argv[1])
if __name__ == "__main__":
    from nbclient import NotebookClient
    from nbformat import v4
    from kernels import Manager

    cell = "import os, pathlib, time; pathlib.Path('draft').write_text(str(os.getpid()))\\n"
    cell += "os.replace('draft', 'number'); time.sleep(97)"
    notebook = v4.new_notebook(cells=[v4.new_code_cell(cell)])
    NotebookClient(notebook, kernel_name="python3", kernel_manager_class=Manager).execute(cwd=sys.argv[2])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere kernels are started")
def test_no_copy_outlives_a_killed_build(tmp_path):
    (tmp_path / "build.py").write_text(SLEEPING, "utf-8")
    number = tmp_path / "number"
    command = [sys.executable, str(tmp_path / "build.py"), str(ROOT / "hooks"), str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as build:
        while not number.exists():
            assert build.poll() is None and time.sleep(0.05) is None
        kernel = psutil.Process(int(number.read_text()))
        server = kernel.parent()
        build.kill()
    end = time.monotonic() + 30
    while runs(kernel.pid) or runs(server.pid):
        assert time.monotonic() < end and time.sleep(0.1) is None, "a process is left"
