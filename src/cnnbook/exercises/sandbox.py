"""A file with an answer, run in a process of its own with limits on time and memory.

The limits stop an endless loop and a list that fills the machine. They are no fence: the code may read and write what
its user may. Run files that you do not trust in a container.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from cnnbook.exercises.registry import ExerciseError, find, unknown

SECONDS = 60.0  # all of it, on a busy machine; the file and the answer have ten each, for which a signal ends them
MEMORY = 2 << 30  # bytes, of which torch takes a quarter of one as it comes
_running: set[subprocess.Popen[bytes]] = set()  # answers that threads wait for


def run(
    name: str, file: Path, lang: str, *, silent: bool = False, seconds: float = SECONDS, memory: int = MEMORY
) -> dict[str, str]:
    """Check the answer in a file, in another process, which alone imports torch.

    Args:
        name: The exercise.
        file: A Python file that defines the exercise's function.
        lang: The language of the report, ``zh`` or ``en``.
        silent: What the file prints is dropped.
        seconds: After how long the process is ended, and all that it started in its own session.
        memory: How many bytes it may take; kept on Linux alone.

    Returns:
        ``outcome``: passed, failed (or the file cannot be run), or ended (by a limit, or by itself); ``report``; and of
        what failed ``rule`` and ``hint``, which may be empty.

    Raises:
        ExerciseError: There is no such exercise, or no such file.
    """
    if not file.is_file():
        raise ExerciseError(_WORDS[lang]["none"].format(file=file))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "result.json"
        command = [
            sys.executable,
            "-P",  # no module is taken from the folder in which this runs
            "-m",
            "cnnbook.exercises.sandbox",
            name,
            str(file.resolve()),
            lang,
            str(out),
            str(memory),
        ]
        to = subprocess.DEVNULL if silent else None
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=to, stderr=to, start_new_session=os.name == "posix"
        )
        _running.add(child)
        try:
            code = child.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            _end(child)
            _running.discard(child)
        if code is None:
            return _ended(_WORDS[lang]["late"].format(file=file.name, seconds=seconds))
        try:
            found = json.loads(out.read_text("utf-8"))
        except (OSError, ValueError):
            return _ended(_WORDS[lang]["gone"].format(file=file.name, code=code))
    if found["outcome"] == "unknown":
        raise ExerciseError(found["report"])
    return found


_WORDS = {
    "zh": {
        "none": "没有这个 Python 文件：{file}",
        "late": "{file}：{seconds:g} 秒还没有结果，已中止",
        "gone": "{file}：进程自己结束了，没有结果（退出码 {code}）",
        "raises": "{file}：代码引发 KeyboardInterrupt，已中止",
    },
    "en": {
        "none": "there must be a Python file to check, and there is none: {file}",
        "late": "{file}: stopped, there was no result after {seconds:g} s",
        "gone": "{file}: the process ended by itself, without a result (exit code {code})",
        "raises": "{file}: stopped, the code raises KeyboardInterrupt",
    },
}


def end_all() -> None:
    """End every answer that a thread of this process waits for, and what it has started."""
    for child in list(_running):
        _end(child)


def _ended(report: str) -> dict[str, str]:
    return {"outcome": "ended", "report": report, "rule": report, "hint": ""}


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a process and what it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
    child.wait()


def _limit_memory(memory: int) -> None:
    """Where the system can: what a process takes for itself, not what it maps of files, of which torch maps much."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        most = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _child(name: str, file: str, lang: str) -> dict[str, str]:
    """What the other process finds."""
    from cnnbook.exercises.checking import Result, examine
    from cnnbook.exercises.exercise import Fault
    from cnnbook.exercises.loading import load
    from cnnbook.exercises.report import report

    try:
        exercise = find(name)
    except ExerciseError:
        return {"outcome": "unknown", "report": unknown(name)[lang]}
    try:
        answer = load(Path(file), exercise.function)
        result = Result(exercise, answer) if isinstance(answer, Fault) else examine(exercise, answer)
    except KeyboardInterrupt:  # no key reaches this process: the code itself raises it
        return _ended(_WORDS[lang]["raises"].format(file=Path(file).name))
    fault = result.fault
    return {
        "outcome": "passed" if fault is None else "failed",
        "report": report(result, lang),
        "rule": fault.rule[lang] if fault else "",
        "hint": fault.hint[lang] if fault and fault.hint else "",
    }


if __name__ == "__main__":
    _limit_memory(int(sys.argv[5]))
    found = _child(*sys.argv[1:4])
    Path(sys.argv[4]).write_text(json.dumps(found), "utf-8")
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(0)  # without waiting for threads that the answer has started
