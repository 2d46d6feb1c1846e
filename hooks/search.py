"""Keep the search index small: every visit fetches it.

Code and outputs are left out, as prose names what they show; so are formulas, whose TeX nobody asks for, claim cards,
and all but the names of the API reference. Of a section its beginning is searched, where it says what it is about; of a
lab the headings; of the glossary all names.
"""

import json
import re
from pathlib import Path

from mkdocs.plugins import CombinedEvent, event_priority

from cnnbook.files import write_whole

BEGINNING = {"zh": 210, "en": 400}  # characters, of which Chinese needs fewer
LEFT_OUT = re.compile(r'<(pre|article class="book-claim[^"]*")(?=[ >])')
REFERENCE = re.compile(r"<(pre|p|ul|details|table)(?=[ >])")
# What holds no other of its kind, and most of a page's tags: taking it out spares the plugin to read it.
UNREAD = re.compile(
    r"<(svg)\b.*?</svg>|<(pre|article) (?=[^>]*data-search-exclude).*?</\2>"
    r'|<(span|div) class="arithmatex">[^<]*</\3>',  # not yet rendered: hooks/maths.py
    re.S,
)


@event_priority(-100)
def on_page_content(html, page, config, files):
    left_out = REFERENCE if page.file.src_uri.startswith("reference") else LEFT_OUT
    return left_out.sub(r"<\1 data-search-exclude", html)


@event_priority(100)  # before the search reads the page
def without(context, page, config, nav):
    page.meta["whole"], page.content = page.content, UNREAD.sub("", page.content)


@event_priority(-100)  # after it
def whole(context, page, config, nav):
    page.content = page.meta.pop("whole")


on_page_context = CombinedEvent(without, whole)


@event_priority(-100)  # when the search has written its index
def on_post_build(config):
    path = Path(config.site_dir, "search/search_index.json")
    index, beginning = json.loads(path.read_text("utf-8")), BEGINNING[config.theme["language"]]
    for section in index["docs"]:
        words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", section["text"])).strip()
        long = section["location"].startswith("glossary/")  # all names of all terms
        section["text"] = "" if section["location"].startswith("labs/") else words if long else words[:beginning]
    write_whole(path, json.dumps(index, ensure_ascii=False, separators=(",", ":")))
