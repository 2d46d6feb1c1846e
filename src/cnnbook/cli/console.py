"""The one console."""

from __future__ import annotations

from rich.console import Console

from cnnbook.evidence.environment import is_first_process


def console(first_alone: bool = False) -> Console:
    """A console on standard output; wide where the output is no terminal.

    Args:
        first_alone: Only the first of the processes that train one network together prints.
    """
    quiet = first_alone and not is_first_process()
    plain = Console(quiet=quiet)
    return plain if plain.is_terminal else Console(width=max(plain.width, 160), quiet=quiet)
