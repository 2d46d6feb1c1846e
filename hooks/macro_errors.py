"""Errors of macros, which name the line of the page on which the macro stands."""

import re

from context import Page


def misused(page: Page, macro: str, name: str, rule: str) -> ValueError:
    """An error for the call of ``macro`` on ``page``, with ``name`` as its first argument where it has one."""
    call = re.compile(rf"\b{macro}\(\s*" + (rf"[\"']{re.escape(name)}[\"']" if name else ""))
    line = next((i for i, text in enumerate(page.text.splitlines(), 1) if call.search(text)), 1)
    return ValueError(f"docs/{page.lang}/{page.uri}:{line}: {rule}")
