"""What goes wrong with what a reader hands to a command."""

from cnnbook.errors import CnnbookError


def one_line(text: object) -> str:
    """A text as it may stand in a message: runs of spaces and line ends are one space, what cannot be printed is ``?``.

    Examples:
        >>> one_line("two\\nlines \\x1b[2J")
        'two lines ?[2J'
    """
    return "".join(letter if letter.isprintable() else "?" for letter in " ".join(str(text).split()))


class PredictError(CnnbookError):
    """What a reader asks about, a text or a file, cannot be answered; the message says why."""


class LogError(CnnbookError):
    """A log is not there, is broken, or has no curve that could be read; the message says which and what to do.

    The message is one line that can be printed, whatever the names of files in it.
    """

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))
