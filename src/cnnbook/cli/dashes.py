"""A review or a file name that begins with a dash, which the command line would take for an option."""

from __future__ import annotations

import os
import shlex
from typing import Any

import typer
from typer.core import TyperCommand


class FileCommand(TyperCommand):
    """A command that says what to do where a file looks like an option."""

    kind = "file name"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Options as they are declared are options."""
        options = {name for one in self.get_params(ctx) for name in (*one.opts, *one.secondary_opts)}
        for word in args[: args.index("--")] if "--" in args else args:
            if len(word) > 1 and word[0] == "-" and word.partition("=")[0] not in options and self.meant(word):
                line = f"{ctx.command_path} -- {shlex.quote(word)}"
                typer.echo(f"cnnbook: a {self.kind} that begins with a dash needs -- before it: {line}", err=True)
                ctx.exit(2)
        return super().parse_args(ctx, args)

    def meant(self, word: str) -> bool:
        """Whether a word with a dash before it is meant; else it is an option that there is not."""
        return os.path.exists(word)


class ReviewCommand(FileCommand):
    """The same for a text, which any word with a dash before it may be."""

    kind = "text"

    def meant(self, word: str) -> bool:
        """See above."""
        return True
