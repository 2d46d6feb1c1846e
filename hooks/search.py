"""Keep the search index small: every visit fetches it.

Code and outputs are left out, as prose names what they show; so are the small print of claim cards, and all but the
names of the API reference.
"""

import re

from mkdocs.plugins import event_priority

CARDS = "|".join(
    f'{tag} class="book-claim__{part}"'
    for tag, part in (("dl", "links"), ("ul", "notes"), ("p", "source"), ("p", "verdict"))
)
LEFT_OUT = re.compile(rf"<(pre|{CARDS})(?=[ >])")
REFERENCE = re.compile(r"<(pre|p|ul|details|table)(?=[ >])")


@event_priority(-100)
def on_page_content(html, page, config, files):
    left_out = REFERENCE if page.file.src_uri == "reference.md" else LEFT_OUT
    return left_out.sub(r"<\1 data-search-exclude", html)
