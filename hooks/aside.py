"""Spare Markdown the drawings: they are put aside, and back when the page is HTML.

A chart has hundreds of tags, which four passes of Markdown would each read.
"""

import re
import sys
from pathlib import Path

from mkdocs.plugins import event_priority

sys.path.insert(0, str(Path(__file__).parent))  # MkDocs loads this file by its path alone
from keeping import digest

SVG = re.compile(r"<svg\b.*?</svg>", re.S)
PLACE = re.compile(r'<svg data-aside="(\w+)"></svg>')
drawings: dict[str, str] = {}


def put_aside(html: str) -> str:
    """The HTML with an empty drawing in the place of each.

    >>> held = put_aside('<b><svg width="1"><path/></svg></b>')
    >>> held == '<b><svg width="1"><path/></svg></b>', put_back(held)
    (False, '<b><svg width="1"><path/></svg></b>')
    """

    def place(found: re.Match) -> str:
        drawings[key := digest(found[0])] = found[0]  # a page's Markdown is the same in every build
        return f'<svg data-aside="{key}"></svg>'

    return SVG.sub(place, html)


def put_back(html: str) -> str:
    return PLACE.sub(lambda found: drawings[found[1]], html)


def on_config(config):
    drawings.clear()  # those of the last build
    return config


def on_page_markdown(markdown, page, config, files):
    return put_aside(markdown)


@event_priority(100)  # before anyone looks at the page
def on_page_content(html, page, config, files):
    return put_back(html)
