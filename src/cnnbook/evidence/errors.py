"""The errors of the evidence: every one says the rule that was broken, the value that broke it, and what to do."""

from cnnbook.errors import CnnbookError


class EvidenceError(CnnbookError, ValueError):
    """Something about claims, experiments or results is not as it must be.

    Examples:
        >>> issubclass(StaleResult, EvidenceError)
        True
    """


class ClaimError(EvidenceError):
    """A file of claims breaks a rule; the message names file, claim, key and value."""


class UnknownExperiment(EvidenceError):
    """No experiment has this name; the message suggests the nearest."""


class OptionError(EvidenceError):
    """An option asks for something that cannot be: too few seeds, an accelerator that is absent."""


class RunError(EvidenceError):
    """A run could not be finished; what was measured so far is kept."""


class ResultError(EvidenceError):
    """A result file is broken, foreign, or could not be written."""


class MissingResult(ResultError):
    """An experiment has no result yet; the message names the command that makes it."""


class StaleResult(ResultError):
    """A result was made by other code than today's; the message names the command that refreshes it."""
