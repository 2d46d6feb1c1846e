"""Ctrl-C and SIGTERM in a real process: the old result stays whole, one line is said, the same command goes on."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from effort import thorough

from cnnbook.parallel import cores

TOYS = Path(__file__).parents[1] / "evidence"


def python(*arguments, cwd=None):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(TOYS), *sys.path]), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True, cwd=cwd,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # not ignored, as in the background
    )  # fmt: skip


def command(folder, changes, *arguments):
    return python("-m", "toy_experiments", str(folder), json.dumps(changes), *arguments)


def finish(process):
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def full(log):
    """How many seeds were measured in full."""
    return log.read_text(encoding="utf-8").count("full")


def kept(folder):
    """The files of what was finished: a worker says that it is done before that is written."""
    return folder.rglob("partial/parameters/toy/*.json")


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The folder of a book whose toy has a result."""
    folder = tmp_path_factory.mktemp("finished")
    code, _, err = finish(command(folder, {"seeds": 2}, "run", "parameters/toy"))
    assert code == 0, err
    return folder


@pytest.mark.skipif(os.name == "nt", reason="signals as on POSIX")
@pytest.mark.parametrize("jobs", thorough(["1", "2"], ["2"]))
@pytest.mark.parametrize(("sent", "expected"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_keeps_the_old_result_and_what_is_finished(tmp_path, finished, jobs, sent, expected):
    log = tmp_path / "log"
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    result = tmp_path / "results" / "parameters" / "toy.json"
    before = result.read_bytes()
    slow = {"seeds": 2, "common": {"log": str(log), "sleep": 0.5}}  # the probes sleep as well
    process = command(tmp_path, slow, "run", "parameters/toy", "--jobs", jobs)
    while not (log.exists() and len(log.read_text(encoding="utf-8").splitlines()) >= 5 and any(kept(tmp_path))):
        assert process.poll() is None and time.sleep(0.05) is None
    if sent == signal.SIGINT:
        os.killpg(process.pid, sent)  # as a terminal does: to every process of the group
    else:
        os.kill(process.pid, sent)  # as a scheduler does
    code, out, err = finish(process)  # which waits for whoever holds the output open
    assert code == expected, (out, err)
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


def alive(group):
    """The processes of a group that still run; one that has ended and was not asked how is none."""
    found = []
    for process in psutil.process_iter(["status"]):
        with contextlib.suppress(OSError):
            if os.getpgid(process.pid) == group and process.info["status"] != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def left_over(process):
    """What of a process's group still runs 15 seconds after it was killed."""
    process.kill()
    process.wait()
    deadline = time.monotonic() + 15
    while (left := alive(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.2)
    return left


@pytest.mark.skipif(os.name == "nt", reason="signals as on POSIX")
def test_no_worker_outlives_a_killed_run(tmp_path):
    log = tmp_path / "log"
    slow = {"seeds": 4, "common": {"log": str(log), "sleep": 0.5}}
    process = command(tmp_path, slow, "run", "parameters/toy", "--jobs", "2")
    while not log.exists():
        assert process.poll() is None and time.sleep(0.05) is None
    assert not left_over(process)


@pytest.mark.skipif(os.name == "nt", reason="signals as on POSIX")
def test_a_worker_that_starts_when_its_process_is_gone_ends_as_well():
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    code = f"import time; from cnnbook.stopping import die_with; die_with({gone.pid}); time.sleep(60)"
    assert subprocess.run([sys.executable, "-c", code], timeout=30).returncode == -signal.SIGTERM


@pytest.mark.skipif(os.name == "nt", reason="signals as on POSIX")
def test_a_worker_leaves_ctrl_c_to_the_process_that_started_it():
    code = "import os, signal; from cnnbook.stopping import die_with; die_with(os.getppid()); "
    code += "os.kill(os.getpid(), signal.SIGINT); print('works on')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (0, "works on\n", "")


@pytest.mark.skipif(os.name == "nt" or cores() < 2, reason="signals as on POSIX, and more than one core")
def test_no_worker_of_a_training_outlives_a_killed_process(tmp_path):
    code = """
import pathlib, sys, time
from cnnbook.parallel import over_cores

def work(number):
    pathlib.Path(sys.argv[1], str(number)).touch()
    time.sleep(60)

list(over_cores(work, [0, 1]))
"""
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], start_new_session=True)
    while len(list(tmp_path.iterdir())) < 2:  # both workers have begun
        assert process.poll() is None and time.sleep(0.05) is None
    assert not left_over(process)


FIT = ["fit", "--data.n_train", "200", "--trainer.max_steps", "100000", "--trainer.accelerator", "cpu"]
FIT += ["--trainer.enable_progress_bar", "false"]


@pytest.mark.skipif(os.name == "nt", reason="signals as on POSIX")
@pytest.mark.parametrize(("sent", "expected"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_training_that_is_stopped_says_so(tmp_path, sent, expected):
    """Lightning alone ends with 0 after SIGTERM, and with 1 and without a word after Ctrl-C."""
    process = python("-m", "cnnbook.training.cli", *FIT, cwd=tmp_path)
    while not list(tmp_path.rglob("*.ckpt")):
        assert process.poll() is None and time.sleep(0.05) is None
    process.send_signal(sent)
    code, out, err = finish(process)
    assert code == expected, (out, err)
    assert "cnnbook-train: stopped. The last checkpoint is kept; --ckpt_path goes on from it." in err
    assert "Traceback" not in err


RACE = """
import queue, signal, sys, threading
from cnnbook import stopping

class Racing(threading.Condition):
    entered = 0

    def __enter__(self):
        held = super().__enter__()
        if sys._getframe(1).f_code is queue.Queue.put.__code__:
            Racing.entered += 1
            if Racing.entered == {entered}:
                signal.raise_signal(signal.{sent})
        return held

if __name__ == "__main__":
    threading.Condition, stopping.GRACE = Racing, 1.0
    {run}
"""
BOTH = [("SIGINT", 130), ("SIGTERM", 143)]
SENT = pytest.mark.parametrize(("sent", "expected"), thorough(BOTH, BOTH[:1]))


@pytest.mark.skipif(os.name == "nt", reason="signals as on POSIX")
@SENT
def test_a_training_that_is_stopped_where_it_holds_a_lock_is_ended(tmp_path, sent, expected):
    """An exception after ``Condition.__enter__`` and before its ``with`` block leaves TensorBoard's queue locked."""
    run = "from cnnbook.training.cli import main; main()"
    code, out, err = finish(python("-c", RACE.format(entered=8, sent=sent, run=run), *FIT, cwd=tmp_path))
    assert code == expected, (out, err)
    assert err.endswith("cnnbook-train: stopped. The last checkpoint is kept; --ckpt_path goes on from it.\n")


@pytest.mark.skipif(os.name == "nt", reason="signals as on POSIX")
@SENT
def test_a_run_that_is_stopped_where_it_holds_a_lock_is_ended(tmp_path, sent, expected):
    """As above, in the queue from which joblib's processes get their work."""
    script = tmp_path / "race.py"  # a file, from which the workers can start
    run = "import runpy; sys.argv[0] = 'toy'; runpy.run_module('toy_experiments', run_name='__main__')"
    script.write_text(RACE.format(entered=4, sent=sent, run=run), encoding="utf-8")
    started = python(str(script), str(tmp_path), json.dumps({"seeds": 2}), "run", "parameters/toy", "--jobs", "2")
    code, out, err = finish(started)
    assert code == expected, (out, err)
    assert err.startswith("cnnbook: stopped. What was finished is kept; the same command goes on from there.\n")
    assert "Traceback" not in err  # joblib's own process that tidies up may say what it found


@pytest.mark.skipif(os.name == "nt", reason="streams are closed as on POSIX")
@pytest.mark.parametrize("closed", [">&-", "<&- >&- 2>&-"])
def test_a_run_shared_between_processes_bears_closed_streams(tmp_path, closed):
    said = [sys.executable, "-m", "toy_experiments", str(tmp_path), "{}", "run", "toy", "--quick", "--jobs", "2"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(TOYS), *sys.path]), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(["sh", "-c", f'"$@" {closed}', "sh", *said], capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / ".cache/cnnbook/quick/parameters/toy.json").is_file()
