"""Ctrl-C in a real process: the old result stays whole, one line is said, and the same command goes on."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TOYS = Path(__file__).parents[1] / "evidence"


def command(folder, changes, *arguments):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(TOYS), *sys.path]), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "toy_experiments", str(folder), json.dumps(changes), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # not ignored, as in the background
    )  # fmt: skip


def finish(process):
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def full(log):
    """How many seeds were measured in full."""
    return log.read_text(encoding="utf-8").count("full")


@pytest.mark.skipif(os.name == "nt", reason="signals as on POSIX")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_keeps_the_old_result_and_what_is_finished(tmp_path, jobs):
    log = tmp_path / "log"
    code, _, err = finish(command(tmp_path, {"seeds": 2}, "run", "parameters/toy"))
    assert code == 0, err
    result = tmp_path / "results" / "parameters" / "toy.json"
    before = result.read_bytes()
    slow = {"seeds": 2, "common": {"log": str(log), "sleep": 0.5}}  # the probes sleep as well
    process = command(tmp_path, slow, "run", "parameters/toy", "--jobs", jobs)
    while not (log.exists() and len(log.read_text(encoding="utf-8").splitlines()) >= 5):
        assert process.poll() is None and time.sleep(0.05) is None
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the group
    code, out, err = finish(process)
    assert code == 130, (out, err)
    said = [line for line in err.strip().splitlines() if line.startswith("cnnbook: ")]
    assert said == ["cnnbook: stopped. What was finished is kept; the same command goes on from there."]
    assert "Traceback" not in err + out
    assert result.read_bytes() == before
    measured = full(log)
    code, out, err = finish(command(tmp_path, slow, "run", "parameters/toy"))
    assert code == 0, err
    again = full(log) - measured
    assert 0 < again <= 4, f"at least one arm of two seeds was kept, {again} of 6 were measured"
    figures, old = (json.loads(text)["figures"] for text in (result.read_bytes(), before))
    assert figures == old
