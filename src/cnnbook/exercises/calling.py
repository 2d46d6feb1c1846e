"""A reader's function, called with care: on copies, with what it raises and changes said in its own terms."""

from __future__ import annotations

import copy
import inspect
import linecache
import traceback
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from cnnbook.evidence.text import Text
from cnnbook.exercises.comparing import difference
from cnnbook.exercises.exercise import Answer, Fault
from cnnbook.exercises.gradients import leaves
from cnnbook.exercises.limits import TimeUp
from cnnbook.exercises.showing import DEEPEST, kept, words

DENSE = "strided on cpu"  # as `kept` says it


class Stopped(BaseException):
    """The way out of a judge: ``fault`` says what a call broke, ``error`` is what the reader's code raised.

    No ``Exception``, so that no ``except`` of a judge takes it for one of its own.
    """

    def __init__(self, fault: Fault, error: BaseException | None = None) -> None:
        super().__init__(fault.rule.en)
        self.fault, self.error = fault, error


class Called:
    """An answer as a judge calls it.

    Attributes:
        outcomes: what each call so far returned, or the error that it raised.
        leaves: of the last call, the tensors handed over that require a gradient, by name.

    Args:
        answer: The function.
        like: The solution, which says how the arguments are called.
    """

    def __init__(self, answer: Answer, like: Answer) -> None:
        self._answer, self._like = answer, like
        self.outcomes: list[Any] = []
        self.leaves: dict[str, Tensor] = {}

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """What the answer returns.

        Raises:
            Stopped: It raised, returned nothing, changed an argument, or cannot be called like this.
        """
        self._check_signature(arguments, keywords)
        mine, theirs = (copied((arguments, keywords)) for _ in range(2))
        self.leaves = leaves(named(self._like, *theirs))
        try:
            value = self._answer(*theirs[0], **theirs[1])
        except (KeyboardInterrupt, TimeUp):
            raise
        except BaseException as error:  # exit() too
            self.outcomes.append(error)
            raise Stopped(self._raised(error), error) from None
        self.outcomes.append(value)
        if (rule := _no_result(value) or _strange(value)) is not None:
            raise Stopped(Fault(rule))
        self._check_unchanged(named(self._like, *mine), named(self._like, *theirs))
        return value

    def _check_signature(self, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> None:
        try:
            signature = inspect.signature(self._answer)
            signature.bind(*arguments, **keywords)
        except TypeError:
            wanted = ", ".join(inspect.signature(self._like).parameters)
            raise Stopped(
                Fault(Text(zh=f"函数的参数应当是（{wanted}）", en=f"the function must take ({wanted})"))
            ) from None
        except ValueError:  # a builtin that does not say
            return

    def _check_unchanged(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        for name, value in before.items():
            if not isinstance(value, torch.Generator) and difference(after[name], value, 0) is not None:
                raise Stopped(
                    Fault(
                        Text(
                            zh=f"函数把参数 {name} 改掉了；请在副本上改，例如先写 `{name} = {name}.clone()`",
                            en=f"the function changes its argument {name}: change a copy, as `{name} = {name}.clone()`",
                        )
                    )
                )

    def _raised(self, error: BaseException) -> Fault:
        said = words(error)
        return Fault(Text(zh=f"你的代码报错：{said}", en=f"your code raises {said}"), line=line_of(error, self._answer))


def _no_result(value: Any) -> Text | None:
    """What is wrong with a call that gave no result at all."""
    if value is None:
        return Text(
            zh="函数返回了 None：是还没有写，还是漏了 `return`？",
            en="it returns None: is it still to be written, or is a `return` missing?",
        )
    if inspect.isgenerator(value):
        return Text(
            zh="函数里有 `yield`，返回的是生成器；请用 `return` 返回结果",
            en="it has a `yield`, and so returns a generator: hand the result over with `return`",
        )
    if inspect.iscoroutine(value):
        value.close()
        return Text(
            zh="函数写成了 `async def`，返回的是协程；请用普通的 `def`",
            en="it is an `async def`, and so returns a coroutine: write a plain `def`",
        )
    return None


def _strange(value: Any, depth: int = 0) -> Text | None:
    """What is wrong with the first tensor, in a value, whose numbers cannot simply be read: no judge has to ask."""
    if isinstance(value, Tensor):
        if (came := kept(value)) == DENSE:
            return None
        return Text(zh=f"张量应当是 {DENSE}，得到的是 {came}", en=f"the tensor must be {DENSE}, and is {came}")
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else ()
    return next(filter(None, (_strange(one, depth + 1) for one in parts)), None) if depth < DEEPEST else None


def line_of(error: BaseException, answer: Answer) -> str:
    """The line of the reader's own file at which an error came up: ``file:number: text``; empty where it has none."""
    code = getattr(inspect.unwrap(answer), "__code__", None)
    frames = [one for one in traceback.extract_tb(error.__traceback__) if code and one.filename == code.co_filename]
    if not frames:
        return ""
    last = frames[-1]
    text = linecache.getline(last.filename, last.lineno or 0).strip()
    return f"{last.filename}:{last.lineno}" + (f": {text}" if text else "")


def named(like: Callable[..., Any], arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments by the names that a function has for them."""
    return dict(inspect.signature(like).bind(*arguments, **keywords).arguments)


def copied(value: Any) -> Any:
    """The value again, so that nobody's changes are seen by another."""
    if isinstance(value, Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, torch.Generator):
        return torch.Generator(value.device).set_state(value.get_state())
    if isinstance(value, tuple | list):
        return type(value)(map(copied, value))
    if isinstance(value, dict):
        return {key: copied(one) for key, one in value.items()}
    return value if callable(value) else copy.deepcopy(value)
