"""A review that begins with a dash, which the command line would take for an option."""

from __future__ import annotations

import shlex
from typing import Any

import typer
from typer.core import TyperCommand


class ReviewCommand(TyperCommand):
    """A command that says what to do where a text looks like an option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Options as they are declared are options; any other word with a dash before it is meant as the text."""
        options = {name for one in self.get_params(ctx) for name in (*one.opts, *one.secondary_opts)}
        for word in args[: args.index("--")] if "--" in args else args:
            if len(word) > 1 and word[0] == "-" and word.partition("=")[0] not in options:
                line = f"{ctx.command_path} -- {shlex.quote(word)}"
                typer.echo(f"cnnbook: a text that begins with a dash needs -- before it: {line}", err=True)
                ctx.exit(2)
        return super().parse_args(ctx, args)
