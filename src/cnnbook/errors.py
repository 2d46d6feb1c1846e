"""The root of the errors that the book raises on purpose.

Whoever calls the package may catch this one: its message is one line that says the rule that was broken and the value
that broke it. Each room has errors of its own below it (`cnnbook.data.DataError`, `cnnbook.evidence.errors`, …). What
is wrong with the arguments of a function is a plain ``ValueError`` or ``TypeError``, as everywhere in Python.
"""


class CnnbookError(Exception):
    """Something that the user can mend: an option, a file, a download, a claim.

    Examples:
        >>> from cnnbook.devices import DeviceError
        >>> issubclass(DeviceError, CnnbookError)
        True
    """
