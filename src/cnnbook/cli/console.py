"""The one console."""

from __future__ import annotations

from rich.console import Console

from cnnbook.evidence.environment import is_first_process


def console() -> Console:
    """A console on standard output; wide where the output is no terminal."""
    quiet = not is_first_process()
    plain = Console(quiet=quiet)
    return plain if plain.is_terminal else Console(width=max(plain.width, 160), quiet=quiet)
