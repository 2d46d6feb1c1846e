"""Which of the book's languages a command speaks."""

from __future__ import annotations

import os
from collections.abc import Mapping

from cnnbook.evidence.errors import OptionError

LANGUAGES = ("zh", "en")


def chosen_language(asked: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """The language asked for, else that of the locale, else English.

    Raises:
        OptionError: it is none of the book's.

    Examples:
        >>> chosen_language(None, {"LANG": "zh_CN.UTF-8"}), chosen_language(None, {"LANG": "C"})
        ('zh', 'en')
        >>> chosen_language("zh", {})
        'zh'
    """
    if asked is not None:
        if asked not in LANGUAGES:
            raise OptionError(f"lang must be one of {', '.join(LANGUAGES)}, got {asked!r}")
        return asked
    said = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))  # the first that is set decides
    return "zh" if next(filter(None, said), "").startswith("zh") else "en"
