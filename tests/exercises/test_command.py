"""Answers in files: one, and a folder of them; whatever is in a file is one report and never a traceback."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from existence import runs
from typer.testing import CliRunner

from cnnbook.cli import app, check
from cnnbook.exercises import loading, progress, sandbox
from cnnbook.exercises.exercise import Fault
from cnnbook.exercises.registry import everything

EXACT = "def exact(k, s):\n    p = max(0, (k - s + 1) // 2)\n    return p, s + 2 * p - k\n"


def call(*arguments):
    environment = {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb", "LANG": "en"}
    return CliRunner().invoke(app, [*map(str, arguments)], env=environment)


def written(folder: Path, text: str, name: str = "my.py") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_a_right_answer_in_a_file_is_remembered(tmp_path, capfd):
    file = written(
        tmp_path, f"from cnnbook.exercises import check\n{EXACT}print('mine')\ncheck('transposed-3', exact)\n"
    )
    assert "0 of " in call("exercises").stdout
    done = call("check", "transposed-3", file, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("transposed-3 Exactly s times as large: passed\nTried: ")
    assert done.stdout.count("cnnbook:transposed-3:") == 1
    assert capfd.readouterr().out == "mine\n", "what the file prints is seen; its own check says nothing again"
    assert progress.done() == {"transposed-3"}
    listed = call("exercises").stdout
    assert f"1 of {len(everything())} done." in listed and listed.count("✓") == 1


def test_a_wrong_answer_is_exit_code_1_and_is_not_remembered(tmp_path):
    done = call("check", "transposed-3", written(tmp_path, EXACT.replace("s + 2 * p - k", "0")), "--lang", "zh")
    assert done.exit_code == 1 and "还不对" in done.stdout and "提示：填充是对的" in done.stdout
    assert progress.done() == set()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["transposed-3", "nowhere.py"], "there must be a Python file to check, and there is none: nowhere.py"),
        (["transpose-3", __file__], "there is no exercise 'transpose-3'; did you mean transposed-3?"),
        (["--all", "nowhere"], "there must be a folder of answers, and there is none: nowhere"),
        (["transposed-3", "nowhere.py", "--lang", "zh"], "没有这个 Python 文件：nowhere.py"),
        (["transpose-3", __file__, "--lang", "zh"], "没有练习 'transpose-3'；是不是 transposed-3？"),
        (["卷积", __file__, "--lang", "zh"], "没有练习 '卷积'；`cnnbook exercises` 列出全部练习"),
        (["transposed-3", __file__, "--lang", "fr"], "lang must be one of zh, en, got 'fr'"),
    ],
)
def test_what_cannot_be_checked_is_one_line_and_exit_code_2(arguments, said):
    done = call("check", *arguments)
    assert (done.exit_code, done.stderr, done.stdout) == (2, f"cnnbook: {said}\n", "")


@pytest.mark.parametrize("arguments", [[], ["transposed-3"], ["transposed-3", "a.py", "--all", "b"], ["--csv"]])
def test_the_command_says_what_it_takes(arguments):
    done = call("check", *arguments)
    assert done.exit_code == 2 and "give an exercise and a file, or --all FOLDER" in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("def exact(k, s:\n    pass\n", "the file is no valid Python: ", ":1: def exact(k, s:"),
        (
            "x = 1\nimport nowhere\n",
            "running the file raises ModuleNotFoundError: No module named",
            ":2: import nowhere",
        ),
        ("exit()\n", "running the file raises SystemExit", ":1: exit()"),
        ("while True: pass\n", "the file itself was not done after 1.2 s", ":1: while True: pass"),
        ("def exakt(k, s): pass\nfrom math import floor\n", "the file has no function `exact`, it has `exakt`", ""),
        ("", "the file has no function `exact`", ""),
    ],
)
def test_a_file_without_an_answer(tmp_path, text, rule, line):
    fault = loading.load(written(tmp_path, text), "exact", seconds=1.2)  # less may pass before a busy machine begins it
    assert isinstance(fault, Fault) and fault.rule.en.startswith(rule) and fault.line.endswith(line)
    assert fault.line.startswith(str(tmp_path)) == bool(line)


def test_a_file_that_is_no_python_and_one_that_is_not_text(tmp_path):
    assert "must be a .py file" in loading.load(written(tmp_path, "{}", "my.ipynb"), "exact").rule.en
    (tmp_path / "my.py").write_bytes(b"x = '\xff\xfe'\n")
    assert "no valid Python" in loading.load(tmp_path / "my.py", "exact").rule.en


def test_a_module_beside_the_file_can_be_imported(tmp_path):
    written(tmp_path, EXACT, "beside_it.py")
    assert loading.load(written(tmp_path, "from beside_it import exact\n"), "exact")(3, 2) == (1, 1)


HEAD = "import torch\ndef exact(k, s):\n    "
WHOLE = (
    "import torch\ndef convolve(x, k, s):\n"
    "    return torch.nn.functional.conv2d(x[None, None], k.flip(0, 1)[None, None], stride=s)[0, 0]"
)
ODD = {  # whatever an answer returns or raises: file, exercise, what is said of it
    "sparse": (
        f"{WHOLE}.to_sparse()",
        "standard-1",
        "must be strided on cpu, and is sparse_coo on",
    ),
    "meta": (f"{WHOLE}.to('meta')", "standard-1", "must be strided on cpu, and is strided on meta"),
    "itself": (f"{HEAD}one = []; one.append(one); return one", "transposed-3", "it gave: [[[[[[[[…]]]]]]]]"),
    "repr": (
        f"class A:\n    def __repr__(self): raise ValueError\n{HEAD}return A()",
        "transposed-3",
        "<A whose repr raises ValueError>",
    ),
    "str": (
        f"class E(Exception):\n    def __str__(self): raise ValueError\n{HEAD}raise E",
        "transposed-3",
        "your code raises E",
    ),
    "key": (f"{HEAD}raise KeyboardInterrupt", "transposed-3", "stopped, the code raises KeyboardInterrupt"),
    "long": (f"{HEAD}return list(range(300_000))", "transposed-3", "0, 1, 2, 3, 4, 5, … 300000 items"),
}


@pytest.mark.parametrize("odd", ODD)
def test_whatever_an_answer_returns_or_raises_is_a_short_report(tmp_path, odd):
    text, exercise, said = ODD[odd]
    found = sandbox._child(exercise, str(written(tmp_path, text)), "en")
    assert found["outcome"] == ("ended" if odd == "key" else "failed"), found
    assert said.lower() in found["report"].lower() and len(found["report"]) < 2000


def test_an_answer_may_leave_a_thread_and_lie_beside_files_that_are_called_as_pythons_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("random", "json", "copy", "torch"):
        written(tmp_path, "raise RuntimeError('not this one')\n", f"{name}.py")
    thread = "import random, threading, time\nthreading.Thread(target=time.sleep, args=(300,)).start()\n"
    found = sandbox.run("transposed-3", written(tmp_path, thread + EXACT), "en", seconds=30)
    assert found["outcome"] == "passed", found


def test_what_takes_too_long_is_ended(tmp_path):
    found = sandbox.run("transposed-3", written(tmp_path, EXACT), "en", silent=True, seconds=0.01)
    assert found["outcome"] == "ended" and found["report"] == "my.py: stopped, there was no result after 0.01 s"


@pytest.mark.skipif(os.name == "nt", reason="signals as on POSIX")
def test_a_process_is_ended_with_all_that_it_started(tmp_path):
    inner = "import time; time.sleep(60)"
    code = f"import subprocess, sys, time; print(subprocess.Popen([sys.executable, '-c', {inner!r}]).pid, flush=True)"
    command = [sys.executable, "-c", f"{code}; time.sleep(60)"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    grandchild = int(child.stdout.readline())
    assert runs(grandchild)
    sandbox._end(child)
    child.stdout.close()
    end = time.monotonic() + 20  # whoever adopts it may take a moment; by itself it would live for a minute
    while runs(grandchild):
        assert time.monotonic() < end, "it still runs"
        time.sleep(0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux")
def test_a_list_that_fills_the_memory_is_stopped(tmp_path):
    file = written(tmp_path, "def exact(k, s):\n    return len(bytearray(1 << 31))\n")
    found = sandbox.run("transposed-3", file, "en", silent=True, memory=1 << 30)
    assert found["outcome"] == "failed" and "MemoryError" in found["rule"]


def test_a_process_that_goes_away_is_said(tmp_path):
    file = written(tmp_path, "import os\nos._exit(3)\n")
    found = sandbox.run("transposed-3", file, "en", silent=True)
    assert found == {
        "outcome": "ended",
        "report": "my.py: the process ended by itself, without a result (exit code 3)",
        "rule": "my.py: the process ended by itself, without a result (exit code 3)",
        "hint": "",
    }


def test_a_folder_of_answers_as_a_table(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "run", lambda name, file, lang, silent: sandbox._child(name, str(file), lang))
    folder = tmp_path / "answers"
    written(folder, EXACT, "ann/transposed-3.py")
    written(folder, EXACT.replace("s + 2 * p - k", "0"), "bob/transposed_3.py")
    written(folder, "raise ValueError('=1+1')", "cat/standard-3.py")
    written(folder, "", "cat/notes.py")
    written(folder, "", "cat/_private/transposed-3.py")
    done = call("check", "--all", folder, "--csv", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "in a container" in done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["file"], row["exercise"], row["outcome"]) for row in rows] == [
        ("ann/transposed-3.py", "transposed-3", "passed"),
        ("bob/transposed_3.py", "transposed-3", "failed"),
        ("cat/standard-3.py", "standard-3", "failed"),
    ]
    assert rows[1]["hint"].startswith("The padding is right") and "ValueError: =1+1" in rows[2]["rule"]
    assert progress.done() == set(), "others' answers are not the reader's"
    plain = call("check", "transposed-3", "--all", folder / "ann", "--lang", "en")
    assert plain.stdout == "transposed-3.py  transposed-3  passed\n"
    empty = call("check", "--all", written(tmp_path / "empty", "").parent)
    assert empty.exit_code == 2 and "the folder must have a .py file named after an exercise" in empty.stderr


def test_what_is_not_checked_is_said_and_hidden_is_what_lies_below_the_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "run", lambda name, file, lang, silent: sandbox._child(name, str(file), lang))
    folder = tmp_path / "_class"
    written(folder, EXACT, "ann/transposed-3.py")
    written(folder, EXACT, "ann/transposed-3 (1).py")
    done = call("check", "--all", folder, "--csv", "--lang", "en")
    assert done.exit_code == 0 and "ann/transposed-3.py,transposed-3,passed" in done.stdout
    assert "not checked, named after no exercise: ann/transposed-3 (1).py" in done.stderr


def test_the_words_of_an_error_stay_on_their_line_and_steer_no_terminal(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "run", lambda name, file, lang, silent: sandbox._child(name, str(file), lang))
    written(tmp_path, "raise ValueError('a\\nb\\x1b[31mc')", "transposed-3.py")
    done = call("check", "--all", tmp_path, "--lang", "en")
    assert done.stdout.count("\n") == 1 and "\x1b" not in done.stdout and "a b [31mc" in done.stdout


def test_a_cell_is_no_formula():
    assert (check._cell("=1+1"), check._cell("@a"), check._cell("a=1")) == ("'=1+1", "'@a", "a=1")


@pytest.mark.alone
def test_a_check_takes_little_more_than_to_import_torch(tmp_path):
    def seconds(*command):
        start = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, capture_output=True, env=os.environ)
        return time.perf_counter() - start

    file = written(tmp_path, EXACT)
    torch = min(seconds("-c", "import torch") for _ in range(2))
    code = "import sys; from cnnbook.cli import main; sys.argv[1:] = ['check', 'transposed-3', sys.argv[1]]; main()"
    assert min(seconds("-c", code, str(file)) for _ in range(2)) < 1.5 * torch


def test_what_is_remembered_survives_a_broken_file(data_folder, monkeypatch):
    assert progress.done() == set()
    progress.mark("b-1"), progress.mark("a-1"), progress.mark("b-1")
    assert progress.done() == {"a-1", "b-1"}
    for broken in ("{", "[]", '{"passed": 3}', '{"passed": {"a": 1}}'):
        progress.place().write_text(broken, "utf-8")
        assert progress.done() == set()
    progress.mark("a-1")
    assert progress.done() == {"a-1"}
    monkeypatch.setenv("CNNBOOK_DATA", str(progress.place()))  # a file in the place of the folder
    progress.mark("a-1")
    assert progress.done() == set()


@pytest.mark.skipif(os.name == "nt", reason="signals as on POSIX")
def test_a_folder_whose_check_is_stopped_leaves_no_answer_running(tmp_path):
    begun = tmp_path / "begun"
    written(
        tmp_path, f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\ntime.sleep(25)\n", "transposed-3.py"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "cnnbook.cli", "check", "--all", str(tmp_path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # not ignored, as in the background
    )  # fmt: skip
    while not begun.exists():
        assert process.poll() is None and time.sleep(0.05) is None
    stopped = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130 and time.monotonic() - stopped < 8
    assert err.splitlines()[-1] == "cnnbook: stopped."
