"""What goes wrong with what a reader hands to a command."""

from cnnbook.errors import CnnbookError


class PredictError(CnnbookError):
    """What a reader asks about, a text or a file, cannot be answered; the message says why."""


class LogError(CnnbookError):
    """A log is not there, is broken, or has no curve that could be read; the message says which and what to do."""
