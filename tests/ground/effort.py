"""How much a test tries: a little at every change, everything at night (`CNNBOOK_THOROUGH=1`, nightly.yml)."""

import os
from typing import TypeVar

T = TypeVar("T")

THOROUGH = bool(os.environ.get("CNNBOOK_THOROUGH"))


def thorough(everything: T, enough: T) -> T:
    """All examples, seeds or steps where they are asked for, else as many as show the mistakes that have been seen."""
    return everything if THOROUGH else enough
