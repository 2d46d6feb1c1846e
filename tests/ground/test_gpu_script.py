"""tools/gpu.sh, as far as a CPU can tell: its parts run briefly, stay within their limits, and stop no other."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from existence import runs

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import gpu_runs  # noqa: E402

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script, which ends groups of processes")


def test_without_a_gpu_it_is_one_line_and_exit_code_2():
    done = subprocess.run(
        [ROOT / "tools/gpu.sh"],
        env={**os.environ, "CUDA_VISIBLE_DEVICES": "", "PYTHON": sys.executable},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2 and done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("gpu: accelerator must be one that this machine has, got 'cuda'")


def test_all_parts_together_stay_below_eight_minutes():
    assert sum(gpu_runs.LIMITS.values()) + gpu_runs.GRACE * len(gpu_runs.LIMITS) < 480


KEYS = {
    "steps": {"batch", "plain_ms", "lightning_ms", "ratio"},
    "seeds": {"batch", "plain_s", "ensemble_s", "ratio"},
    "precision": {"precision", "batch", "step_ms", "accuracy", "low", "high"},
    "together": {"how", "seconds", "steps_a_second"},
}


@pytest.mark.parametrize("part", [part for part in KEYS if part != "together"])
def test_a_part_measures(part):
    import gpu_parts
    from cnnbook.parallel import threads

    with threads(1):
        rows = gpu_parts.MEASURED[part](gpu_parts.DRY)
    assert rows and all(KEYS[part] <= set(row) for row in rows)
    assert all(value > 0 for row in rows for key, value in row.items() if key in ("plain_ms", "seconds", "ratio"))
    if part == "precision":
        assert {"difference", "difference_low", "difference_high"} <= set(rows[1])


def test_a_part_writes_what_it_found_and_on_what(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # as tools/gpu.sh does
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))  # where nothing else is to be left
    out = tmp_path / "out"
    assert gpu_runs.main(["--dry", "--only", "together", "--out", str(out)]) == 0, capfd.readouterr()
    assert [file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*")] == ["out", "out/together.json"]
    result = json.loads((out / "together.json").read_text("utf-8"))
    assert result["machine"]["gpu"] == "none (a dry run)" and result["date"] and result["versions"]["torch"]
    assert [row["how"] for row in result["rows"]] == ["after", "at once"]
    assert all(KEYS["together"] == set(row) and row["seconds"] > 0 for row in result["rows"])


@pytest.fixture
def python(tmp_path):
    """A Python that at `steps` starts a process and waits for it, at `seeds` fails, and else does nothing."""
    file = tmp_path / "python"
    noted = f"echo $! >{tmp_path}/draft; mv {tmp_path}/draft {tmp_path}/sleeping"
    file.write_text(f"#!/bin/sh\ncase $2 in steps) sleep 97 & {noted}; wait;; seeds) exit 3;; esac\n")
    file.chmod(0o755)
    return str(file)


def sleeps(folder, seconds=0.0):
    """Whether the process that `steps` started is there, and stays so: a busy machine takes a while to end one."""
    end = time.monotonic() + seconds
    while there := runs(int((folder / "sleeping").read_text())):
        if time.monotonic() >= end:
            break
        time.sleep(0.05)
    return there


def test_a_part_that_fails_or_is_stopped_stops_no_other(python, tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(sys, "executable", python)
    monkeypatch.setitem(gpu_runs.LIMITS, "steps", 2)
    monkeypatch.setattr(gpu_runs, "PATIENCE", 1)
    assert gpu_runs.main(["--dry", "--only", "steps", "seeds", "together", "--out", str(tmp_path)]) == 1
    assert re.sub(r"after \d+ s", "after n s", capfd.readouterr().out).splitlines() == [
        "gpu: steps: stopped at its limit of 2 s after n s",
        "gpu: seeds: failed with exit code 3 after n s",
        "gpu: together: done after n s",
        f"gpu: results are in {tmp_path}; failed: steps, seeds",
    ]
    assert not sleeps(tmp_path, seconds=20)


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
@pytest.mark.parametrize("starting", [True, False], ids=["as it starts a part", "as the part runs"])
def test_told_to_end_it_takes_the_part_along(python, tmp_path, sent, code, starting):
    script = f"import sys; sys.path.insert(0, {str(ROOT / 'tools')!r}); import gpu_runs; sys.executable = {python!r}"
    if starting:  # the part is there, and whoever started it does not know it yet
        script += "\nimport subprocess, time\nclass Slow(subprocess.Popen):\n    def __init__(self, *a, **k):\n"
        script += "        super().__init__(*a, **k)\n        time.sleep(2)\nsubprocess.Popen = Slow\n"
    command = [sys.executable, "-c", f"{script}\ngpu_runs.run()", "--dry", "--only", "steps", "--out", str(tmp_path)]
    with subprocess.Popen(command) as process:
        while not (tmp_path / "sleeping").exists():
            assert process.poll() is None
            time.sleep(0.05)
        assert sleeps(tmp_path)
        process.send_signal(sent)
        assert process.wait(30) == code
    assert not sleeps(tmp_path, seconds=20)


def test_the_files_with_tests_for_a_gpu_are_found():
    import gpu_parts

    names = {Path(path).name for path in gpu_parts.marked()}
    assert {"test_ensemble.py", "test_modules.py", "test_randomness.py"} <= names and "test_devices.py" not in names


def test_the_largest_cells_are_left_out_where_the_experiment_is_not_declared(tmp_path, monkeypatch, capfd):
    import gpu_parts

    monkeypatch.setattr(gpu_parts.registry, "everything", dict)
    assert gpu_parts.transfer(gpu_parts.DRY, tmp_path) == 0
    assert capfd.readouterr().out == "gpu: generalisation/transfer/larger is left out: it is not declared\n"


def test_where_it_is_declared_the_experiment_runs_on_the_gpu_beside_the_results_of_a_cpu(tmp_path, monkeypatch):
    import gpu_parts

    asked = []
    declared = SimpleNamespace(lacks=str)
    monkeypatch.setattr(gpu_parts.registry, "everything", lambda: {"generalisation/transfer/larger": declared})
    monkeypatch.setattr(
        gpu_parts.subprocess, "run", lambda command: asked.append(command) or SimpleNamespace(returncode=0)
    )
    assert gpu_parts.transfer(gpu_parts.FULL, tmp_path) == 0
    flags = "run generalisation/transfer/larger --accelerator cuda --devices 1 --out"
    assert " ".join(asked[0][1:]) == f"-m cnnbook.cli {flags} {tmp_path}"
