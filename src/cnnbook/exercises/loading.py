"""An answer in a file."""

from __future__ import annotations

import importlib.util
import inspect
import sys
import traceback
from pathlib import Path
from typing import Any

from cnnbook.evidence.text import Text
from cnnbook.exercises.exercise import Fault
from cnnbook.exercises.limits import TimeUp, limited
from cnnbook.exercises.showing import words

at_work = False  # while a file is run, in which a call of `check` would say the same again


def load(file: Path, function: str, seconds: float = 10.0) -> Any:
    """The function of that name in a Python file, which is run; or the `Fault` that was in the way.

    Args:
        file: The file; modules that lie beside it can be imported by it, unless they are called as others that are.
        function: The name of the function that is asked for.
        seconds: How long the file may run.
    """
    spec = importlib.util.spec_from_file_location("answer", file)
    if spec is None or spec.loader is None:
        return Fault(Text(zh=f"应当是 .py 文件：{file.name}", en=f"it must be a .py file, got {file.name}"))
    module = importlib.util.module_from_spec(spec)
    sys.path.append(str(file.resolve().parent))  # last: a random.py of the reader's is nobody else's random
    sys.modules["answer"] = module  # where dataclasses and pickles look
    global at_work
    at_work = True
    try:
        with limited(seconds):
            spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # exit() and TimeUp too
        return _cannot_run(error, file, seconds)
    finally:
        at_work = False
    answer = getattr(module, function, None)
    return answer if answer is not None else _not_there(module, function)


def _cannot_run(error: BaseException, file: Path, seconds: float) -> Fault:
    if isinstance(error, SyntaxError) and error.filename == str(file):
        line = f"{file}:{error.lineno}" + (f": {error.text.strip()}" if error.text else "")
        return Fault(Text(zh=f"文件有语法错误：{error.msg}", en=f"the file is no valid Python: {error.msg}"), line=line)
    frames = [one for one in traceback.extract_tb(error.__traceback__) if one.filename == str(file)]
    line = f"{file}:{frames[-1].lineno}: {frames[-1].line}" if frames else ""
    if isinstance(error, TimeUp):
        late = Text(zh=f"{seconds:g} 秒还没有运行完文件", en=f"the file itself was not done after {seconds:g} s")
        return Fault(late, line=line)
    said = words(error)
    return Fault(Text(zh=f"运行文件时报错：{said}", en=f"running the file raises {said}"), line=line)


def _not_there(module: Any, function: str) -> Fault:
    names = [name for name, value in vars(module).items() if inspect.isfunction(value) and value.__module__ == "answer"]
    there = ", ".join(f"`{name}`" for name in names)
    return Fault(
        Text(
            zh=f"文件里没有函数 `{function}`" + (f"，只有 {there}" if there else ""),
            en=f"the file has no function `{function}`" + (f", it has {there}" if there else ""),
        )
    )
